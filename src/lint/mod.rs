//! What is wrong with a prompt's text, by rule, with a place and, where it is safe, a fix.
//!
//! Pure: a rule sees the text and what [`Input`] says of it, never a file, a clock or a network. The same input gives the
//! same findings, in time that is linear in the text. Every rule is a file of [`rules`], with its own page; the pages of
//! the documentation are written from them.

mod claims;
mod finding;
mod forms;
mod levels;
mod mask;
pub mod page;
mod rule;
pub mod rules;
mod traits;
mod view;
mod words;

use std::collections::BTreeMap;
use std::fmt;

use crate::prompt::{Declarations, Estimate, TokenCounter, Values};

pub use finding::{Edit, Finding, Fix, Point, apply};
pub use levels::{Allow, Level, Levels};
pub use page::page;
pub use rule::{Group, Page, Rule, Severity};
pub use rules::secret::found as secrets;
pub use view::View;

/// Everything that rules may know. A rule that needs a fact which is not given says nothing.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The text of `system_prompt.txt`, as it is stored.
    pub text: &'a str,
    /// The variables that `prompt.toml` declares.
    pub declarations: &'a Declarations,
    /// Keys of `prompt.toml` that nobody knows.
    pub unknown_keys: &'a [UnknownKey],
    /// The values that the text would be filled with.
    pub values: Option<&'a Values>,
    /// How old a value is, in seconds, by variable.
    pub ages: &'a BTreeMap<String, u64>,
    /// What the user's message is put into.
    pub user_template: &'a str,
    /// `PROVIDER:MODEL` of `config.json`.
    pub model: Option<&'a str>,
    /// Counts the tokens of values.
    pub tokens: &'a dyn TokenCounter,
    /// What `prompt.toml` says about rules.
    pub levels: &'a Levels,
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("bytes", &self.text.len()).field("model", &self.model).finish_non_exhaustive()
    }
}

/// A key that stands in `prompt.toml` and does nothing there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// Its line in `prompt.toml`, 1-based.
    pub line: usize,
    /// Its column, in characters, 1-based.
    pub column: usize,
    /// What is said about it, without the place.
    pub message: String,
    /// What to do: the nearest known key, or all of them.
    pub help: String,
}

impl<'a> Input<'a> {
    /// Only a text: nothing is declared, nothing has a value, the levels are the rules' own.
    pub fn of(text: &'a str) -> Self {
        const NO_DECLARATIONS: &Declarations = &Declarations(Vec::new());
        const NO_AGES: &BTreeMap<String, u64> = &BTreeMap::new();
        const NO_LEVELS: &Levels = &Levels::NONE;
        Self {
            text,
            declarations: NO_DECLARATIONS,
            unknown_keys: &[],
            values: None,
            ages: NO_AGES,
            user_template: "{{message}}",
            model: None,
            tokens: &Estimate,
            levels: NO_LEVELS,
        }
    }
}

/// The findings of every rule that is not off and not allowed, in the order of the text.
pub fn lint(input: &Input<'_>) -> Vec<Finding> {
    check(input, rules::ALL)
}

fn check(input: &Input<'_>, rules: &[&'static Rule]) -> Vec<Finding> {
    let view = View::of(input.text);
    let mut found = Vec::new();
    for rule in rules {
        let Some(severity) = input.levels.severity(rule) else { continue };
        let mut out = rule::Out::new(rule, severity);
        (rule.check)(&view, input, &mut out);
        found.extend(out.into_findings());
    }
    finding::place(&view, &mut found);
    found.retain(|finding| input.levels.allowance(finding, &view).is_none());
    found
}

#[cfg(test)]
pub(crate) mod trial {
    //! How the rules' own tests ask: one rule alone on one text.

    use super::*;

    /// The rule's findings in `text`, as "line:column message".
    pub fn said(rule: &'static Rule, text: &str) -> Vec<String> {
        said_of(rule, &Input::of(text))
    }

    /// The rule's findings for `input`.
    pub fn said_of(rule: &'static Rule, input: &Input<'_>) -> Vec<String> {
        found(rule, input).into_iter().map(|one| format!("{}:{} {}", one.line, one.column, one.message)).collect()
    }

    /// The rule's findings for `input`, as they are.
    pub fn found(rule: &'static Rule, input: &Input<'_>) -> Vec<Finding> {
        check(input, &[rule])
    }

    /// Fails unless the rule finds something at this place of `text` (line and column), and nothing else.
    #[track_caller]
    pub fn one_at(rule: &'static Rule, text: &str, place: &str) -> Finding {
        let mut all = found(rule, &Input::of(text));
        assert_eq!(all.len(), 1, "{all:#?}");
        let one = all.remove(0);
        assert_eq!(format!("{}:{}", one.line, one.column), place, "{one:#?}");
        one
    }

    /// Fails when the rule finds anything in `text`.
    #[track_caller]
    pub fn nothing(rule: &'static Rule, text: &str) {
        let all = said(rule, text);
        assert!(all.is_empty(), "{all:#?} in {text:?}");
    }

    /// `text` after the fixes of all of the rule's findings.
    pub fn fixed(rule: &'static Rule, text: &str) -> String {
        let all = found(rule, &Input::of(text));
        let edits: Vec<_> = all.into_iter().filter_map(|one| one.fix).flat_map(|fix| fix.edits).collect();
        apply(text, &edits)
    }

    /// Declarations of these names, each as the function makes it.
    pub fn declared<const N: usize>(all: [(&str, crate::prompt::Declaration); N]) -> Declarations {
        Declarations(all.into_iter().map(|(name, one)| (name.to_owned(), one)).collect())
    }
}

#[cfg(test)]
mod tests;
