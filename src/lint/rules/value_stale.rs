//! Values that have outlived their freshness.

use std::collections::HashSet;

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::Freshness;

/// The rule.
pub const RULE: Rule = Rule {
    id: "value-stale",
    group: Group::Variables,
    severity: Severity::Note,
    summary: "a value is older than its freshness",
    help: "get a new value, or declare how often it really changes",
    fixes: false,
    page: Page {
        what: "A value that is declared to change daily or with each session is more than a day old; one that changes with \
               each request is a sample from the first day on, and one that never changes does not age. \
               Looked at when a value set is given; a set is as old as its file. One finding names all such values.",
        why: "A playtest with last month's values tests last month's prompt: dates, plans and open tickets in it are wrong.",
        before: "{{open_tickets}}\n\nvalues/maria.json, changed 41 days ago\n\n[variables.open_tickets]\nfreshness = \"session\"\n",
        after: "{{open_tickets}}\n\nvalues/maria.json, changed today\n\n[variables.open_tickets]\nfreshness = \"session\"\n",
    },
    phrases: &[],
    check,
};

/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;

fn check(view: &View<'_>, input: &Input<'_>, out: &mut Out) {
    if input.ages.is_empty() {
        return;
    }
    let mut seen = HashSet::new();
    let mut stale = Vec::new();
    let mut first = None;
    for (range, name) in &view.placeholders {
        let name = &view.text[name.clone()];
        let changes = input
            .declarations
            .get(name)
            .is_some_and(|declared| matches!(declared.freshness, Freshness::Daily | Freshness::Session));
        if let Some(age) = input.ages.get(name)
            && changes
            && *age > DAY
            && seen.insert(name)
        {
            first.get_or_insert((range.clone(), *age));
            stale.push(format!("`{name}`"));
        }
    }
    if let Some((range, age)) = first {
        let days = age / DAY;
        let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
        let (verb, freshness) =
            if stale.len() == 1 { ("is", "its freshness allows") } else { ("are", "their freshness allows") };
        out.at(range, format!("{} {verb} {days} old, more than {freshness}", stale.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::lint::trial::{declared, said_of};
    use crate::prompt::Declaration;

    fn said(age: u64, freshness: Freshness) -> Vec<String> {
        let declarations = declared([("x", Declaration { freshness, ..Declaration::default() })]);
        let ages = BTreeMap::from([("x".to_owned(), age)]);
        said_of(&RULE, &Input { declarations: &declarations, ages: &ages, ..Input::of("a {{x}}") })
    }

    #[test]
    fn a_value_of_last_month_is_found() {
        assert_eq!(said(41 * DAY + 5, Freshness::Session), ["1:3 `x` is 41 days old, more than its freshness allows"]);
    }

    #[test]
    fn fresh_values_and_those_that_never_change_are_left_alone() {
        assert!(said(60, Freshness::Session).is_empty());
        assert!(said(400 * DAY, Freshness::Static).is_empty());
        assert!(said(400 * DAY, Freshness::Request).is_empty(), "a sample of what each request brings");
    }
}
