//! Text that belongs to no section.

use crate::lint::view::{Kind, closes_section};
use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::Style;

/// The rule.
pub const RULE: Rule = Rule {
    id: "unsorted-text",
    group: Group::Structure,
    severity: Severity::Note,
    summary: "text stands before the first section or between two tags",
    help: "move it into the section it belongs to",
    fixes: false,
    page: Page {
        what: "Text before the first heading, or, where sections are tags, after a closing tag: the first such line. Texts with \
               fewer than two sections are left alone.",
        why: "It is sent like everything else, but it has no owner: a review by section passes over it, and so do counts \
              and comparisons by section.",
        before: "Always answer in French.\n\n# Role\n\nYou answer questions about parcels.\n\n# Tone\n\nBe kind.\n",
        after: "# Role\n\nYou answer questions about parcels.\n\n# Tone\n\nBe kind. Always answer in French.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    // one word that is also a title makes no text of sections
    if view.headings.len() < 2 {
        return;
    }
    let texts = |line: &&crate::lint::view::Line| matches!(line.kind, Kind::Text | Kind::Code);
    if let Some(line) = view.lines.iter().take_while(|line| line.section.is_none()).find(texts) {
        out.at(line.start..line.end, "this text stands before the first section");
        return;
    }
    if view.style != Style::Xml {
        return;
    }
    let mut section = None;
    let mut closed = false;
    for line in &view.lines {
        if line.section != section {
            (section, closed) = (line.section, false);
        } else if line.kind == Kind::Tag && closes_section(&view.text[line.start..line.end]) {
            closed = true;
        } else if closed && texts(&line) {
            out.at(line.start..line.end, "this text stands between two sections");
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at, said};

    #[test]
    fn text_before_the_first_heading_and_after_a_closing_tag_is_found() {
        one_at(&RULE, RULE.page.before, "1:1");
        assert_eq!(said(&RULE, "<role>\nx\n</role>\nloose\n<tone>\ny\n</tone>\n").len(), 1);
    }

    #[test]
    fn blank_lines_and_texts_without_sections_are_left_alone() {
        nothing(&RULE, "\n\n# Role\n\nx\n");
        nothing(&RULE, "just text\n");
        nothing(&RULE, "Scope of work:\n\nRole:\nyou help\n");
    }
}
