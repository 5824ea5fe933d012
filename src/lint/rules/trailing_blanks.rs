//! Blanks at the end of lines.

use crate::lint::view::View;
use crate::lint::{Edit, Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "trailing-blanks",
    group: Group::Hygiene,
    severity: Severity::Note,
    summary: "blanks at the end of lines",
    help: "remove them",
    fixes: true,
    page: Page {
        what: "Blanks or tabs before the end of a line. One finding a text, whose fix cleans all lines. Two blanks at the end \
               of a line of text, which break the line in Markdown, are left alone.",
        why: "They are sent and paid for, and each editor that removes them by itself makes a change that nobody meant.",
        before: "Be kind. \nBe brief.\n",
        after: "Be kind.\nBe brief.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let mut edits: Vec<Edit> = Vec::new();
    for line in &view.lines {
        let text = &view.text[line.start..line.end];
        let kept = text.trim_end_matches([' ', '\t']).len();
        let breaks = kept > 0 && &text[kept..] == "  ";
        if kept < text.len() && !breaks {
            edits.push(Edit::remove(line.start + kept..line.end));
        }
    }
    let Some(first) = edits.first() else { return };
    let message = match edits.len() {
        1 => "this line ends in blanks".to_owned(),
        n => format!("{n} lines end in blanks; this is the first"),
    };
    out.at(first.range.clone(), message).fix("remove them everywhere", edits);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{fixed, nothing, one_at};

    #[test]
    fn all_lines_are_one_finding_and_one_fix() {
        one_at(&RULE, "a\nb \n\t\nc", "2:2");
        assert_eq!(fixed(&RULE, "a\nb \r\n\t\nc   "), "a\nb\r\n\nc");
    }

    #[test]
    fn a_line_break_of_markdown_is_left_alone() {
        nothing(&RULE, "a  \nb\n");
    }
}
