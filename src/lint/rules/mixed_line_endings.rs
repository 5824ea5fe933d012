//! Lines that end in different ways.

use crate::lint::view::View;
use crate::lint::{Edit, Group, Input, Page, Rule, Severity, rule::Out};
use crate::prompt::Eol;

/// The rule.
pub const RULE: Rule = Rule {
    id: "mixed-line-endings",
    group: Group::Hygiene,
    severity: Severity::Note,
    summary: "lines end in different ways",
    help: "let all lines end as most of them do",
    fixes: true,
    page: Page {
        what: "Some lines end with a line feed and others with a carriage return, or with both.",
        why: "Editors and git change such files silently, and a comparison shows lines that look the same as changed.",
        before: "Be kind.\r\nBe brief.\nBe exact.\n",
        after: "Be kind.\nBe brief.\nBe exact.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    if memchr::memchr(b'\r', view.text.as_bytes()).is_none() {
        return;
    }
    let ending = |at: usize| {
        let end = view.lines.get(at + 1).map_or(view.text.len(), |next| next.start);
        Eol::of(&view.text[view.lines[at].start..end])
    };
    let all: Vec<Option<Eol>> = (0..view.lines.len()).map(ending).collect();
    let count = |eol: Eol| all.iter().filter(|one| **one == Some(eol)).count();
    let kinds = [Eol::Lf, Eol::CrLf, Eol::Cr];
    let Some(most) = kinds.into_iter().rev().max_by_key(|eol| count(*eol)) else { return };
    let odd: Vec<usize> = (0..all.len()).filter(|&at| all[at].is_some_and(|eol| eol != most)).collect();
    let Some(first) = odd.first() else { return };
    let range = |at: usize| {
        let start = view.lines[at].end;
        start..view.lines.get(at + 1).map_or(view.text.len(), |next| next.start)
    };
    let edits = odd.iter().map(|&at| Edit { range: range(at), text: most.as_str().to_owned() }).collect();
    let message = format!("{} of {} lines end in another way than the rest", odd.len(), all.len());
    out.at(range(*first), message).fix("let all lines end alike", edits);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{fixed, nothing, one_at};

    #[test]
    fn the_rarer_endings_are_found_and_set_right() {
        one_at(&RULE, RULE.page.before, "1:9");
        assert_eq!(fixed(&RULE, "a\r\nb\r\nc\nd"), "a\r\nb\r\nc\r\nd");
    }

    #[test]
    fn endings_of_one_kind_are_left_alone() {
        nothing(&RULE, "a\r\nb\r\nc");
        nothing(&RULE, "a\nb\n");
    }
}
