//! A heading with nothing under it.

use crate::lint::view::Kind;
use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "section-empty",
    group: Group::Structure,
    severity: Severity::Warning,
    summary: "a section has a heading and no text",
    help: "write what belongs there, or take the heading out",
    fixes: false,
    page: Page {
        what: "The heading of a section is followed by nothing but blank lines, tags or other headings.",
        why: "A heading without rules is a promise that the model fills by itself, and the reviewer reads past it.",
        before: "# Role\n\nYou answer questions about parcels.\n\n# Safety Rails\n\n",
        after: "# Role\n\nYou answer questions about parcels.\n\n# Safety Rails\n\nNever give out an address.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let mut said = [false; 5];
    for line in &view.lines {
        if let Some(id) = line.section {
            said[id.index()] |= matches!(line.kind, Kind::Text | Kind::Code);
        }
    }
    for heading in view.headings.iter().filter(|heading| !said[heading.id.index()]) {
        let message = format!("the section {} has no text", heading.id.title());
        out.at(view.heading_range(heading.id), message).about(heading.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_heading_with_blank_lines_is_found_in_every_style() {
        one_at(&RULE, RULE.page.before, "5:1");
        one_at(&RULE, "<role>\n\n</role>\n<tone>\nWarm.\n</tone>\n", "1:1");
    }

    #[test]
    fn a_section_that_is_only_code_has_text() {
        nothing(&RULE, "# Role\n\nx\n\n# Output\n\n```\n{}\n```\n");
    }
}
