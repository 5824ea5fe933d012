//! A line that nobody can review.

use crate::lint::view::{Kind, View};
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "long-line",
    group: Group::Hygiene,
    severity: Severity::Note,
    summary: "a very long line",
    help: "break it where a new thought begins: one rule a line is what a review can point to",
    fixes: false,
    page: Page {
        what: "A line of more than 1,000 characters. One finding a section.",
        why: "Comments, comparisons and blame work by line. Several rules in one line are changed, reviewed and taken back \
              together.",
        before: "(a line of 1,400 characters with nine rules in it)\n",
        after: "(nine lines with one rule each)\n",
    },
    phrases: &[],
    check,
};

/// Characters of a line that are still one thought.
const LONGEST: usize = 1000;

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let long = |line: &&crate::lint::view::Line| {
        line.kind != Kind::Code
            && line.end - line.start > LONGEST
            && view.text[line.start..line.end].chars().count() > LONGEST
    };
    let found: Vec<_> = view.lines.iter().filter(long).collect();
    for same in found.chunk_by(|a, b| a.section == b.section) {
        let line = same[0];
        let length = view.text[line.start..line.end].chars().count();
        let more = match same.len() {
            1 => String::new(),
            n => format!(", and {} more lines of this section are too long", n - 1),
        };
        out.at(line.start..line.end, format!("this line has {length} characters{more}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn long_lines_of_a_section_are_one_finding() {
        let one = one_at(&RULE, &format!("a\n{}\n{0}\n", "word ".repeat(210)), "2:1");
        assert!(one.message.ends_with("1 more lines of this section are too long"), "{}", one.message);
    }

    #[test]
    fn paragraphs_and_code_are_left_alone() {
        nothing(&RULE, &"word ".repeat(150));
        nothing(&RULE, &format!("```\n{}\n```\n", "x".repeat(3000)));
    }
}
