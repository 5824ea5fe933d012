//! A value set held against what a prompt asks for: what is missing, secret, too long, extra or too old.

use crate::prompt::fill::{CONVERSATION_HISTORY, MESSAGE};
use crate::prompt::{Declarations, Freshness, Privacy, TokenCounter, Values};

/// What is the matter with one variable of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Concern {
    /// The prompt asks for it, and there is neither a value nor a default.
    Missing,
    /// It is secret, and its value stands in a file of the library.
    Secret,
    /// Its value costs more tokens than it may.
    TooLong,
    /// The prompt neither uses nor declares it.
    Extra,
    /// The set is older than the value may be.
    TooOld,
}

impl Concern {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Secret => "secret",
            Self::TooLong => "too_long",
            Self::Extra => "extra",
            Self::TooOld => "too_old",
        }
    }

    /// Whether the set cannot be used as it is; the others are worth a look.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Missing | Self::Secret | Self::TooLong)
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub concern: Concern,
    /// The variable.
    pub variable: String,
    /// What it is, in words; holds no value.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// How many days a value that changes so often may be old; `None` when age says nothing: what never changes does not
/// age, and what changes with each request is a sample from the first day on.
fn oldest(freshness: Freshness) -> Option<i64> {
    match freshness {
        Freshness::Daily | Freshness::Session => Some(1),
        Freshness::Static | Freshness::Request => None,
    }
}

/// Whether a value that changes so often is out of date after so many days.
pub fn is_too_old(freshness: Freshness, days: i64) -> bool {
    oldest(freshness).is_some_and(|oldest| days > oldest)
}

/// Checks a set. `used` are the names that the prompt asks for; `days` is the age of the set's file.
pub fn check(
    values: &Values,
    used: &[String],
    declarations: &Declarations,
    days: Option<i64>,
    counter: &dyn TokenCounter,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |concern, variable: &str, message: String, help: &str| {
        findings.push(Finding { concern, variable: variable.to_owned(), message, help: help.to_owned() });
    };
    for name in used.iter().filter(|name| values.get(name).is_none()) {
        let declared = declarations.get(name);
        let secret = declared.is_some_and(|declared| declared.privacy == Privacy::Secret);
        let filled = declared.is_some_and(|declared| declared.default.is_some() || !declared.required);
        // what the playtest fills, and what never stands in a file, is given when it is needed
        if !filled && !secret && ![MESSAGE, CONVERSATION_HISTORY].contains(&name.as_str()) {
            add(Concern::Missing, name, format!("`{name}` has no value"), "give it one, or declare a default");
        }
    }
    for (name, value) in &values.0 {
        let declared = declarations.get(name);
        if declarations.privacy(name) == Privacy::Secret {
            let message = format!("`{name}` is secret, and its value stands in a file of the library");
            add(
                Concern::Secret,
                name,
                message,
                "take it out and change the secret; `fill --set` gives it when it is needed",
            );
        }
        if let Some(most) = declared.and_then(|declared| declared.max_tokens) {
            let tokens = counter.count(value) as u64;
            if tokens > most {
                let about = if counter.exact() { "" } else { "~" };
                let message = format!("`{name}` is {about}{tokens} tokens and may be {most}");
                add(Concern::TooLong, name, message, "shorten the value, or declare a larger max_tokens");
            }
        }
        if declared.is_none() && !used.contains(name) {
            add(
                Concern::Extra,
                name,
                format!("`{name}` is neither used nor declared"),
                "take it out, or write {{it}} in the prompt",
            );
        }
        let freshness = declared.map(|declared| declared.freshness).unwrap_or_default();
        if let Some(days) = days.filter(|days| is_too_old(freshness, *days)) {
            let message = format!("`{name}` changes {}, and the set is {days} days old", rate(freshness));
            add(Concern::TooOld, name, message, "store the set again with today's value");
        }
    }
    findings.sort_by_key(|finding| finding.concern);
    findings
}

/// How often, in words.
pub fn rate(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Static => "never",
        Freshness::Daily => "daily",
        Freshness::Session => "with each session",
        Freshness::Request => "with each request",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::{Declaration, Estimate};

    fn declared(declare: impl FnOnce(&mut Declaration)) -> Declaration {
        let mut declaration = Declaration::default();
        declare(&mut declaration);
        declaration
    }

    #[test]
    fn a_set_is_held_against_what_the_prompt_asks_for() {
        let declarations = Declarations(vec![
            ("short".into(), declared(|it| it.max_tokens = Some(2))),
            ("key".into(), declared(|it| it.privacy = Privacy::Secret)),
            ("plan".into(), declared(|it| it.default = Some("free".into()))),
            ("day".into(), declared(|it| it.freshness = Freshness::Daily)),
        ]);
        let pairs = [("short", "a very long value indeed"), ("key", "k"), ("day", "1"), ("extra", "x")];
        let values = Values(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let used = ["short", "key", "plan", "day", "gone", "message"].map(str::to_owned);
        let found = check(&values, &used, &declarations, Some(2), &Estimate);
        let shown: Vec<_> = found.iter().map(|finding| (finding.concern, finding.variable.as_str())).collect();
        assert_eq!(
            shown,
            [
                (Concern::Missing, "gone"),
                (Concern::Secret, "key"),
                (Concern::TooLong, "short"),
                (Concern::Extra, "extra"),
                (Concern::TooOld, "day")
            ]
        );
        assert!(
            check(&values, &used, &declarations, Some(1), &Estimate).iter().all(|it| it.concern != Concern::TooOld)
        );
        assert!(!found.iter().any(|finding| finding.message.contains("very long")), "no value is told");
    }
}
