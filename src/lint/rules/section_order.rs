//! Sections in another order than everyone expects.

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "section-order",
    group: Group::Structure,
    severity: Severity::Note,
    summary: "the sections stand in another order",
    help: "the order is Identity & Role, Behavioral Guidelines, Capabilities & Limitations, Output Format, Safety Rails",
    fixes: false,
    page: Page {
        what: "A section stands before one that usually comes earlier.",
        why: "Reviewers compare prompts side by side, and rules that stand last are followed best: Safety Rails belong \
              at the end, who the assistant is at the beginning.",
        before: "# Safety Rails\n\nNever give out an address.\n\n# Role\n\nYou answer questions about parcels.\n",
        after: "# Role\n\nYou answer questions about parcels.\n\n# Safety Rails\n\nNever give out an address.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let pairs = view.headings.windows(2).find(|pair| pair[0].id > pair[1].id);
    if let Some([before, after]) = pairs {
        let message = format!("{} stands after {}", after.id.title(), before.id.title());
        out.at(view.heading_range(after.id), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn the_first_section_that_comes_too_late_is_named() {
        let one = one_at(&RULE, RULE.page.before, "5:1");
        assert_eq!(one.message, "Identity & Role stands after Safety Rails");
    }

    #[test]
    fn a_section_that_is_missing_changes_no_order() {
        nothing(&RULE, "# Role\nx\n# Format\ny\n# Safety\nz\n");
    }
}
