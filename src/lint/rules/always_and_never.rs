//! Always and never about the same act.

use crate::lint::claims::{Pair, Side, claims, contradictions};
use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "always-and-never",
    group: Group::Meaning,
    severity: Severity::Warning,
    summary: "one act is asked for always and forbidden",
    help: "keep one of the two, or say in which case each holds",
    fixes: false,
    page: Page {
        what: "A sentence or list says `always` of an act, and another says `never` or `do not` of the same one.",
        why: "Both look like firm rules. The model breaks one of them in every answer, and no test can say which is right.",
        before: "Always ask for the order number.\n\nNever ask for an order number.\n",
        after: "Always ask for the order number, but never for a card number.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for (claim, other) in contradictions(&claims(view, Pair::AlwaysNever)) {
        let line = view.line_at(other.range.start) + 1;
        let (here, there) =
            if claim.side == Side::No { ("forbidden", "asked for always") } else { ("asked for always", "forbidden") };
        out.at(claim.range.clone(), format!("this is {here} here, and {there} on line {line}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn the_same_act_on_both_sides_is_found() {
        let one = one_at(&RULE, RULE.page.before, "3:1");
        assert!(one.message.contains("line 1"), "{}", one.message);
        one_at(&RULE, "Always:\n- apologise first\n\nNever:\n- apologise first\n", "5:3");
        one_at(&RULE, "- You must always cite sources.\n- Do not cite sources.\n", "2:3");
    }

    #[test]
    fn other_acts_and_conditions_are_left_alone() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "Always greet the user. Never greet the user twice if they are in a hurry.");
        nothing(&RULE, "Always ask for the order number.\nNever ask for a password.\n");
    }
}
