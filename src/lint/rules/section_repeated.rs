//! A second heading of the same section.

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "section-repeated",
    group: Group::Structure,
    severity: Severity::Warning,
    summary: "a section has two headings",
    help: "put both parts under one heading, or give the second one a title that no section has",
    fixes: false,
    page: Page {
        what: "A title or an alias of a section stands a second time. Only the first one opens the section; the second is \
               text of the section above it.",
        why: "Who edits the second part believes it to be the section. Two places for one matter drift apart, and the \
              model reads both.",
        before: "# Tone\n\nBe kind.\n\n# Output Format\n\nPlain text.\n\n# Tone\n\nNo jokes.\n",
        after: "# Tone\n\nBe kind. No jokes.\n\n# Output Format\n\nPlain text.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for (line, id) in &view.repeated {
        let line = &view.lines[*line];
        let first = view.heading(*id).map_or(0, |heading| heading.line);
        let message =
            format!("a second heading of {}: the first is on line {first}, and this one is only text", id.title());
        out.at(line.start..line.end, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_second_heading_is_found_also_by_an_alias() {
        let one = one_at(&RULE, "# Tone\n\nBe kind.\n\n# Format\nx\n\n## Style\n\nNo jokes.\n", "8:1");
        assert!(one.message.contains("line 1"), "{}", one.message);
    }

    #[test]
    fn headings_in_code_and_of_another_style_are_text() {
        nothing(&RULE, "# Tone\n\n```\n# Tone\n```\n\nTone:\n- kind\n");
    }
}
