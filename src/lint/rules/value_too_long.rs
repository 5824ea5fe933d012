//! A value that costs more than was declared.

use std::collections::HashSet;

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "value-too-long",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "a value is longer than declared",
    help: "shorten the value, or raise `max_tokens` in prompt.toml",
    fixes: false,
    page: Page {
        what: "The value of a variable has more tokens than its `max_tokens`. Looked at when a value set is given.",
        why: "A long value pushes the rules out of the model's attention and costs money with every call; and a limit \
              that nobody keeps is no limit.",
        before: "{{name}}\n\nvalues: name = \"Maria Aurelia Constanza de la Torre y Vega\"\n\n[variables.name]\nmax_tokens = 4\n",
        after: "{{name}}\n\nvalues: name = \"Maria\"\n\n[variables.name]\nmax_tokens = 4\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, input: &Input<'_>, out: &mut Out) {
    let Some(values) = input.values else { return };
    let mut seen = HashSet::new();
    for (range, name) in &view.placeholders {
        let name = &view.text[name.clone()];
        if !seen.insert(name) {
            continue;
        }
        let Some(most) = input.declarations.get(name).and_then(|declared| declared.max_tokens) else { continue };
        let Some(value) = values.get(name) else { continue };
        let tokens = input.tokens.count(value) as u64;
        if tokens > most {
            let about = if input.tokens.exact() { "" } else { "about " };
            out.at(range.clone(), format!("the value of `{name}` has {about}{tokens} tokens, {most} are declared"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::lint::trial::{declared, said_of};
    use crate::prompt::{Declaration, Values};

    fn said(value: &str) -> Vec<String> {
        let declarations = declared([("x", Declaration { max_tokens: Some(3), ..Declaration::default() })]);
        let values = Values(BTreeMap::from([("x".to_owned(), value.to_owned())]));
        said_of(&RULE, &Input { declarations: &declarations, values: Some(&values), ..Input::of("a {{x}} {{x}}") })
    }

    #[test]
    fn a_long_value_is_found_at_its_first_placeholder() {
        assert_eq!(said(&"word ".repeat(12)), ["1:3 the value of `x` has about 13 tokens, 3 are declared"]);
    }

    #[test]
    fn a_short_value_and_no_value_are_left_alone() {
        assert!(said("Ana").is_empty());
        assert!(crate::lint::trial::said(&RULE, "{{x}}").is_empty());
    }
}
