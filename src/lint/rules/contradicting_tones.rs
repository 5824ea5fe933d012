//! Formal here, casual there.

use crate::lint::traits::asked;
use crate::lint::view::View;
use crate::lint::words::{CASUAL, FORMAL};
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "contradicting-tones",
    group: Group::Meaning,
    severity: Severity::Warning,
    summary: "the voice shall be formal here and casual there",
    help: "keep one of the two, or say which situation gets which voice",
    fixes: false,
    page: Page {
        what: "One sentence asks for a formal voice, another for a casual, playful or humorous one, and neither depends \
               on anything.",
        why: "A voice that changes from answer to answer is the first thing that customers report as broken.",
        before: "Use a formal tone.\n\nBe playful.\n",
        after: "Use a formal tone. When the user jokes, one light sentence is welcome.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    if let (Some((one, formal)), Some((two, casual))) = (asked(view, FORMAL), asked(view, CASUAL))
        && one != two
    {
        let (first, second) = if formal.start < casual.start { (formal, casual) } else { (casual, formal) };
        let line = view.line_at(first.start) + 1;
        let (here, there) = (view.text[second.clone()].to_lowercase(), view.text[first.clone()].to_lowercase());
        out.at(second, format!("the voice shall be {here} here and {there} on line {line}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn two_voices_are_found_at_the_second_one() {
        let one = one_at(&RULE, RULE.page.before, "3:4");
        assert_eq!(one.message, "the voice shall be playful here and formal on line 1");
    }

    #[test]
    fn a_voice_that_depends_or_is_excluded_is_left_alone() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "Use a formal tone. Avoid slang. Never be humorous.");
        nothing(&RULE, "Use a formal tone. You help with casual clothes.");
    }
}
