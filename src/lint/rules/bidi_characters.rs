//! Characters that change the direction in which a line is read.

use crate::lint::view::View;
use crate::lint::{Edit, Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "bidi-characters",
    group: Group::Hygiene,
    severity: Severity::Error,
    summary: "characters that turn the reading direction",
    help: "remove it: a reviewer sees another order of words than the model reads",
    fixes: true,
    page: Page {
        what: "Embeddings, overrides and isolates (U+202A–U+202E, U+2066–U+2069), and direction marks on lines without \
               letters of a script that is written from right to left.",
        why: "They make a line look like another one: a rule can be shown as its opposite, and the file looks reviewed.",
        before: "Never \u{202e}yas\u{202c} this.\n",
        after: "Never say this.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for &(at, c) in &view.odd {
        let mark = matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}');
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if !mark && !turns {
            continue;
        }
        let line = &view.lines[view.line_at(at)];
        let mixed = view.text[line.start..line.end].chars().any(is_right_to_left);
        if mark && mixed {
            continue;
        }
        let range = at..at + c.len_utf8();
        let found =
            out.at(range.clone(), format!("U+{:04X} turns the direction in which this line is read", u32::from(c)));
        if !mixed {
            found.fix("remove it", vec![Edit::remove(range)]);
        }
    }
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{61b}' | '\u{61d}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{fixed, nothing, one_at};

    #[test]
    fn an_override_is_found_and_removed_where_nothing_needs_it() {
        one_at(&RULE, "a\n b\u{202e}c", "2:3");
        assert_eq!(fixed(&RULE, RULE.page.before), "Never yas this.\n");
        let isolate = one_at(&RULE, "שלום \u{2067}a", "1:6");
        assert_eq!(isolate.fix, None);
    }

    #[test]
    fn a_direction_mark_in_hebrew_text_is_left_alone() {
        nothing(&RULE, "שלום\u{200f}!");
    }
}
