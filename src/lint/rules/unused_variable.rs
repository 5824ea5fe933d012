//! A declaration that nothing uses.

use std::collections::HashSet;

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::fill::{CONVERSATION_HISTORY, MESSAGE};
use crate::prompt::template;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unused-variable",
    group: Group::Variables,
    severity: Severity::Note,
    summary: "a variable is declared and not used",
    help: "use it, or take its declaration out of prompt.toml",
    fixes: false,
    page: Page {
        what: "`prompt.toml` declares a variable that neither the text nor the template of the user's message asks for.",
        why: "The application goes on computing and sending a value that nobody reads; or the placeholder was lost in an \
              edit, and the model misses what it needs.",
        before: "Greet the user.\n\nprompt.toml:\n[variables.user_name]\n",
        after: "Greet {{user_name}}.\n\nprompt.toml:\n[variables.user_name]\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, input: &Input<'_>, out: &mut Out) {
    let mut used: HashSet<&str> = view.placeholders.iter().map(|(_, name)| &view.text[name.clone()]).collect();
    used.extend(template::names(input.user_template));
    used.extend([MESSAGE, CONVERSATION_HISTORY]);
    for (name, _) in &input.declarations.0 {
        if !used.contains(name.as_str()) {
            out.at(0..0, format!("`{name}` is declared, and nothing uses it"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{declared, said_of};
    use crate::prompt::Declaration;

    #[test]
    fn a_declaration_without_a_placeholder_is_found() {
        let declarations = declared([("gone", Declaration::default()), ("here", Declaration::default())]);
        let input = Input { declarations: &declarations, ..Input::of("{{here}}") };
        assert_eq!(said_of(&RULE, &input), ["1:1 `gone` is declared, and nothing uses it"]);
    }

    #[test]
    fn the_template_of_the_message_uses_variables_too() {
        let declarations = declared([("locale", Declaration::default()), ("message", Declaration::default())]);
        let input = Input { declarations: &declarations, user_template: "{{locale}}: {{message}}", ..Input::of("x") };
        assert!(said_of(&RULE, &input).is_empty());
    }
}
