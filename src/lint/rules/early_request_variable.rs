//! A value that changes with each request, before text that never does.

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::Freshness;
use crate::prompt::fill::{CONVERSATION_HISTORY, MESSAGE};

/// The rule.
pub const RULE: Rule = Rule {
    id: "early-request-variable",
    group: Group::Variables,
    severity: Severity::Note,
    summary: "a value of the request stands before static text",
    help: "move it behind the text that stays the same, to the end of the prompt or into the user's message",
    fixes: false,
    page: Page {
        what: "A variable that changes with every request (`freshness = \"request\"`, or `message` and \
               `conversation_history`) stands before a good part of the text that is the same for all requests.",
        why: "Providers charge a tenth for a beginning that they have seen before. Everything behind the first byte that \
              changes is paid in full, each time.",
        before: "Question: {{message}}\n\n# Role\n\n(two thousand tokens of rules)\n",
        after: "# Role\n\n(two thousand tokens of rules)\n\nQuestion: {{message}}\n",
    },
    phrases: &[],
    check,
};

/// Tokens behind the variable from which it is worth a word: below, no provider caches.
const WORTH: usize = 1000;

fn check(view: &View<'_>, input: &Input<'_>, out: &mut Out) {
    let per_request = |name: &str| match input.declarations.get(name) {
        Some(declared) => declared.freshness == Freshness::Request,
        None => matches!(name, MESSAGE | CONVERSATION_HISTORY),
    };
    let first = view.placeholders.iter().find(|(_, name)| per_request(&view.text[name.clone()]));
    let Some((range, name)) = first else { return };
    let behind = input.tokens.count(&view.text[range.end..]);
    if behind >= WORTH {
        let about = if input.tokens.exact() { "" } else { "about " };
        let name = &view.text[name.clone()];
        out.at(
            range.clone(),
            format!("`{name}` changes with each request, and {about}{behind} tokens behind it cannot be cached"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_message_before_the_rules_is_found() {
        let text = format!("Question: {{{{message}}}}\n\n{}", "A rule that stays the same.\n".repeat(250));
        assert!(one_at(&RULE, &text, "1:11").message.contains("cannot be cached"));
    }

    #[test]
    fn at_the_end_or_before_little_text_it_is_left_alone() {
        nothing(&RULE, &format!("{}\n{{{{message}}}}\n", "A rule that stays the same.\n".repeat(250)));
        nothing(&RULE, "{{message}}\n\nBe kind.\n");
    }
}
