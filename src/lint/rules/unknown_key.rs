//! A key of `prompt.toml` that does nothing.

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "unknown-key",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "prompt.toml has a key that does nothing",
    help: "correct its name or take it out",
    fixes: false,
    page: Page {
        what: "A declaration or the table `[lint]` of `prompt.toml` has a key that is not known.",
        why: "`privcay = \"personal\"` looks like protection and is none: the value is shown and sent like any other.",
        before: "[variables.user_name]\nprivcay = \"personal\"\n",
        after: "[variables.user_name]\nprivacy = \"personal\"\n",
    },
    phrases: &[],
    check,
};

fn check(_: &View<'_>, input: &Input<'_>, out: &mut Out) {
    for key in input.unknown_keys {
        let message = format!("prompt.toml:{}:{}: {}", key.line, key.column, key.message);
        out.at(0..0, message).help(key.help.clone()).in_settings(key.line, key.column);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{found, nothing};
    use crate::lint::{Point, UnknownKey};

    #[test]
    fn a_key_is_reported_with_its_place_in_the_settings() {
        let key = UnknownKey { line: 3, column: 1, message: "x".into(), help: "did you mean `y`?".into() };
        let all = found(&RULE, &Input { unknown_keys: &[key], ..Input::of("text") });
        assert_eq!(all[0].settings, Some(Point { line: 3, column: 1 }));
        assert_eq!((all[0].message.as_str(), all[0].help.as_str()), ("prompt.toml:3:1: x", "did you mean `y`?"));
    }

    #[test]
    fn without_unknown_keys_there_is_nothing_to_say() {
        nothing(&RULE, "text");
    }
}
