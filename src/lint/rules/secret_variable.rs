//! A secret in a prompt.

use std::collections::HashSet;

use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};
use crate::prompt::Privacy;

/// The rule.
pub const RULE: Rule = Rule {
    id: "secret-variable",
    group: Group::Variables,
    severity: Severity::Warning,
    summary: "a secret value is part of the prompt",
    help: "keep secrets in the application, which uses them in its tools; a model cannot keep one",
    fixes: false,
    page: Page {
        what: "The text uses a variable that is declared `privacy = \"secret\"`.",
        why: "A model repeats what it was told when somebody asks for it cleverly enough. A secret value is never sent from \
              here, so the prompt cannot be tried either.",
        before: "Your key is {{api_key}}.\n\n[variables.api_key]\nprivacy = \"secret\"\n",
        after: "Call the tool `lookup`; it has its own key.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, input: &Input<'_>, out: &mut Out) {
    let mut seen = HashSet::new();
    for (range, name) in &view.placeholders {
        let name = &view.text[name.clone()];
        if input.declarations.privacy(name) == Privacy::Secret && seen.insert(name) {
            out.at(range.clone(), format!("`{name}` is declared secret, and the prompt gives it to the model"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{declared, said_of};
    use crate::prompt::Declaration;

    fn said(privacy: Privacy) -> Vec<String> {
        let declarations = declared([("key", Declaration { privacy, ..Declaration::default() })]);
        said_of(&RULE, &Input { declarations: &declarations, ..Input::of("x {{key}} {{key}}") })
    }

    #[test]
    fn a_secret_in_the_text_is_found_once() {
        assert_eq!(said(Privacy::Secret).len(), 1);
    }

    #[test]
    fn personal_values_are_no_secrets() {
        assert!(said(Privacy::Personal).is_empty());
    }
}
