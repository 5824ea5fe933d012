//! The same act under CAN and under CANNOT.

use crate::lint::claims::{Pair, Side, claims, contradictions};
use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "can-and-cannot",
    group: Group::Meaning,
    severity: Severity::Warning,
    summary: "the same thing stands under CAN and under CANNOT",
    help: "decide, or say which case is which",
    fixes: false,
    page: Page {
        what: "An act stands in a list of what the model can do, or in a sentence with `you can`, and again among what it \
               cannot do.",
        why: "The model follows one of the two, and which one differs from call to call.",
        before: "You can:\n- Process refunds\n- Track orders\n\nYou cannot:\n- Process refunds\n- Change prices\n",
        after: "You can:\n- Explain refunds\n- Track orders\n\nYou cannot:\n- Process refunds\n- Change prices\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for (claim, other) in contradictions(&claims(view, Pair::CanCannot)) {
        let line = view.line_at(other.range.start) + 1;
        let (here, there) = if claim.side == Side::No { ("cannot", "can") } else { ("can", "cannot") };
        let act = &view.text[claim.range.clone()];
        let act: String = act.chars().take(60).collect();
        out.at(claim.range.clone(), format!("\"{act}\" stands here under {here}, and on line {line} under {there}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn an_act_in_both_lists_is_found() {
        let one = one_at(&RULE, RULE.page.before, "6:3");
        assert!(one.message.contains("line 2"), "{}", one.message);
        one_at(&RULE, "You can change the delivery date. You cannot change delivery dates.", "1:35");
        one_at(&RULE, "## What you CAN do\n- refund an order\n\n## What you CANNOT do\n- Refund orders.\n", "5:3");
    }

    #[test]
    fn acts_that_differ_or_depend_are_left_alone() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "You can:\n- Explain an invoice\n\nYou cannot:\n- Explain a contract\n");
        nothing(&RULE, "You can refund an order if it was never sent. You cannot refund an order otherwise.");
    }
}
