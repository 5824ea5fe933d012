//! A variable that `prompt.toml` does not know.

use std::collections::HashSet;

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::fill::{CONVERSATION_HISTORY, MESSAGE};
use crate::source::nearest;

/// The rule.
pub const RULE: Rule = Rule {
    id: "undeclared-variable",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "a variable is used and not declared",
    help: "declare it in prompt.toml: who may see it, how often it changes, who writes it",
    fixes: false,
    page: Page {
        what: "A placeholder has a name that `prompt.toml` does not declare. Where nothing is declared at all, one finding \
               names all of them. `message` and `conversation_history` need no declaration.",
        why: "A name with a slip in it is never filled, and the model reads the braces. An undeclared value is taken to be \
              internal, to change with every request, and to be written by someone you trust: each may be wrong.",
        before: "Greet {{user_nmae}}.\n\nprompt.toml:\n[variables.user_name]\nprivacy = \"personal\"\n",
        after: "Greet {{user_name}}.\n\nprompt.toml:\n[variables.user_name]\nprivacy = \"personal\"\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, input: &Input<'_>, out: &mut Out) {
    let declared: HashSet<&str> = input.declarations.0.iter().map(|(name, _)| name.as_str()).collect();
    let mut seen = HashSet::new();
    let unknown: Vec<_> = view
        .placeholders
        .iter()
        .map(|(range, name)| (range, &view.text[name.clone()]))
        .filter(|(_, name)| ![MESSAGE, CONVERSATION_HISTORY].contains(name))
        .filter(|(_, name)| !declared.contains(name) && seen.insert(*name))
        .collect();
    if declared.is_empty() {
        if let Some((range, name)) = unknown.first() {
            let others = unknown.len() - 1;
            let message = if others == 0 {
                format!("`{name}` is not declared")
            } else {
                let names: Vec<&str> = unknown.iter().map(|(_, name)| *name).take(8).collect();
                let more = if unknown.len() > 8 { ", …" } else { "" };
                format!("{} variables are used and none is declared: {}{more}", unknown.len(), names.join(", "))
            };
            out.at((*range).clone(), message);
        }
        return;
    }
    for (range, name) in unknown {
        let found = out.at(range.clone(), format!("`{name}` is not declared"));
        if let Some(near) = nearest(name, declared.iter().copied()) {
            found.help(format!("did you mean `{near}`? Otherwise declare it in prompt.toml"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{declared, said, said_of};
    use crate::prompt::Declaration;

    #[test]
    fn each_unknown_name_is_found_once_and_without_declarations_all_together() {
        let declarations = declared([("user_name", Declaration::default())]);
        let input =
            Input { declarations: &declarations, ..Input::of("{{user_nmae}} {{user_nmae}}\n{{x}} {{user_name}}") };
        assert_eq!(said_of(&RULE, &input), ["1:1 `user_nmae` is not declared", "2:1 `x` is not declared"]);
        assert_eq!(said(&RULE, "a {{b}} {{c}}"), ["1:3 2 variables are used and none is declared: b, c"]);
    }

    #[test]
    fn declared_names_and_those_of_the_playtest_are_known() {
        let declarations = declared([("a.b", Declaration::default())]);
        let input = Input {
            declarations: &declarations,
            ..Input::of("{{ a.b }} {{message}} {{conversation_history}} \\{{x}}")
        };
        assert!(said_of(&RULE, &input).is_empty());
    }
}
