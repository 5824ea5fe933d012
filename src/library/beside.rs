//! What differs between two sides beside their text and config: declarations, value sets, findings of the linter.

use std::collections::HashMap;

use crate::library::{Side, tried};
use crate::lint::{Finding, lint};
use crate::prompt::{Declaration, Declarations, Estimate, Privacy};

/// What differs beside the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// What is declared of variables.
    pub declared: Vec<Changed>,
    /// Value sets: their names, then the variables in them. Personal and secret values are never told.
    pub values: Vec<Changed>,
    /// Cases of the eval suite: their names, then what differs in them. Personal and secret values are never told.
    pub cases: Vec<Changed>,
    /// What the last run of the suite came to.
    pub results: Vec<Changed>,
    /// Findings that only the first side has.
    pub gone: Vec<Finding>,
    /// Findings that only the second side has.
    pub appeared: Vec<Finding>,
}

/// Something that differs: what, what it was, what it is; `None` where it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// What it is called: `user_name`, `user_name privacy`, `angry_customer user_name`.
    pub what: String,
    /// What the first side says.
    pub from: Option<String>,
    /// What the second says.
    pub to: Option<String>,
}

impl Beside {
    /// Compares two sides. Takes as long as looking for findings in both texts.
    pub fn between(from: &Side, to: &Side) -> Self {
        let [gone, appeared] = findings(from, to);
        Self { gone, appeared, ..Self::without_findings(from, to) }
    }

    /// The same without looking for findings, which takes longest.
    pub fn without_findings(from: &Side, to: &Side) -> Self {
        let hidden = |name: &str| hidden([from, to], name);
        Self {
            declared: declared(from, to),
            values: values(from, to),
            cases: tried::cases(&from.tried.suite, &to.tried.suite, hidden),
            results: tried::results(&from.tried.outcome, &to.tried.outcome),
            ..Self::default()
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.tables().iter().all(|(_, changes)| changes.is_empty()) && self.gone.is_empty() && self.appeared.is_empty()
    }

    /// Everything but the findings: what it is called, and what changed.
    pub fn tables(&self) -> [(&'static str, &[Changed]); 4] {
        [
            ("declared variables", &self.declared),
            ("value sets", &self.values),
            ("eval cases", &self.cases),
            ("eval results", &self.results),
        ]
    }
}

/// The names of both lists in the order of the first, then those that only the second has.
fn all<'a>(from: impl Iterator<Item = &'a str>, to: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = from.collect();
    for name in to {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What can be said about a variable, in the order in which it is shown. The default of a personal one is not told.
fn properties(declaration: &Declaration) -> Vec<(&'static str, Option<String>)> {
    let hidden = declaration.privacy >= Privacy::Personal;
    let default = declaration.default.clone().map(|value| if hidden { HIDDEN.to_owned() } else { value });
    vec![
        ("privacy", Some(declaration.privacy.word().to_owned())),
        ("freshness", Some(declaration.freshness.word().to_owned())),
        ("required", Some(declaration.required.to_string())),
        ("default", default),
        ("example", declaration.example.clone()),
        ("max_tokens", declaration.max_tokens.map(|tokens| tokens.to_string())),
        ("untrusted", Some(declaration.untrusted.to_string())),
        ("description", declaration.description.clone()),
    ]
}

/// What stands in the place of a value that is not told.
pub(super) const HIDDEN: &str = "••••";

/// Whether values of this variable are told of neither side.
fn hidden(sides: [&Side; 2], name: &str) -> bool {
    sides.iter().any(|side| side.snapshot.variables.privacy(name) >= Privacy::Personal)
}

fn declared(from: &Side, to: &Side) -> Vec<Changed> {
    let (old, new): (&Declarations, &Declarations) = (&from.snapshot.variables, &to.snapshot.variables);
    let names =
        |declarations: &'_ Declarations| declarations.0.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let (olds, news) = (names(old), names(new));
    let mut found = Vec::new();
    for name in all(olds.iter().map(String::as_str), news.iter().map(String::as_str)) {
        let said = |declaration: &Declaration| {
            let Declaration { privacy, freshness, .. } = declaration;
            format!("declared, {}, {}", privacy.word(), freshness.word())
        };
        match (old.get(name), new.get(name)) {
            (Some(before), Some(after)) => {
                let pairs = properties(before).into_iter().zip(properties(after));
                found.extend(pairs.filter(|((_, from), (_, to))| from != to).map(|((what, from), (_, to))| Changed {
                    what: format!("{name} {what}"),
                    from,
                    to,
                }));
            }
            (before, after) => {
                found.push(Changed { what: name.to_owned(), from: before.map(said), to: after.map(said) });
            }
        }
    }
    found
}

fn values(from: &Side, to: &Side) -> Vec<Changed> {
    let set = |side: &'_ Side, name: &str| side.sets.iter().position(|set| set.name == name);
    let hidden = |name: &str| hidden([from, to], name);
    let mut found = Vec::new();
    let names = |side: &'_ Side| side.sets.iter().map(|set| set.name.clone()).collect::<Vec<_>>();
    let (olds, news) = (names(from), names(to));
    for name in all(olds.iter().map(String::as_str), news.iter().map(String::as_str)) {
        let (before, after) = (set(from, name).map(|at| &from.sets[at]), set(to, name).map(|at| &to.sets[at]));
        let (Some(before), Some(after)) = (before, after) else {
            let count = |set: &crate::library::ValueSet| format!("{} values", set.values.0.len());
            found.push(Changed { what: name.to_owned(), from: before.map(count), to: after.map(count) });
            continue;
        };
        let (old, new) = (&before.values.0, &after.values.0);
        for variable in all(old.keys().map(String::as_str), new.keys().map(String::as_str)) {
            let (was, is) = (old.get(variable), new.get(variable));
            if was != is {
                let shown = |value: Option<&String>| {
                    value.map(|value| if hidden(variable) { HIDDEN.to_owned() } else { value.clone() })
                };
                found.push(Changed { what: format!("{name} {variable}"), from: shown(was), to: shown(is) });
            }
        }
    }
    found
}

/// The findings of each side that the other does not have. A finding is the same wherever its line stands,
/// and whatever it counts.
fn findings(from: &Side, to: &Side) -> [Vec<Finding>; 2] {
    let find = |side: &Side| lint(&side.snapshot.lint_input(None, &Estimate));
    let (old, new) = (find(from), find(to));
    // a count in a message is not what the finding is about
    let key = |found: &Finding| (found.rule.id, found.message.replace(|c: char| c.is_ascii_digit(), ""));
    let mut counts: HashMap<_, i64> = HashMap::new();
    for found in &old {
        *counts.entry(key(found)).or_default() += 1;
    }
    for found in &new {
        *counts.entry(key(found)).or_default() -= 1;
    }
    let mut only = |all: Vec<Finding>, sign: i64| -> Vec<Finding> {
        let take = |found: &Finding| {
            let left = counts.entry(key(found)).or_default();
            let is = *left * sign > 0;
            *left -= if is { sign } else { 0 };
            is
        };
        // of several that are alike, the last ones are what is more
        let mut found: Vec<Finding> = all.into_iter().rev().filter(take).collect();
        found.reverse();
        found
    };
    let gone = only(old, 1);
    [gone, only(new, -1)]
}
