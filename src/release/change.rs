//! What an application notices when another version runs, in words that fit a terminal and a dialog.

use semver::Version;
use serde_json::{Value, json};

use crate::library::{Rollback, Which};
use crate::prompt::template;
use crate::release::Desk;

/// What changes for the application, and what of the work on the prompt goes or comes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What differs, where both versions can be read.
    pub differs: Option<Rollback>,
    /// Why that cannot be told.
    pub unknown: Option<String>,
    /// The variables that the version asks for, where it can be read.
    pub asks_for: Vec<String>,
    /// The versions whose work is taken back, newest first, with their day and what their changelog says.
    pub reverts: Vec<(Version, String, String)>,
}

impl Desk<'_> {
    /// What changes when `to` runs in place of `from`.
    pub(super) fn change(&self, prompt: &str, from: Option<&Version>, to: &Version) -> Change {
        let read = |version: &Version| self.library.read(prompt, &Which::Version(version.clone()));
        let mut change = Change { differs: None, unknown: None, asks_for: Vec::new(), reverts: Vec::new() };
        let target = match read(to) {
            Ok(target) => target,
            Err(error) => {
                change.unknown = Some(format!("{to} cannot be read: {error}"));
                return change;
            }
        };
        change.asks_for = template::names(&target.text).into_iter().map(str::to_owned).collect();
        let Some(from) = from else { return change };
        match read(from) {
            Ok(now) => {
                let now = (now.text.as_str(), &now.config);
                change.differs = Some(Rollback::new(to.clone(), (&target.text, &target.config), now));
            }
            // the newest version may be the one that is damaged: that must not stop the way back
            Err(error) => change.unknown = Some(format!("{from} cannot be read: {error}")),
        }
        if to < from {
            let entries = self.library.entry(prompt).map(|entry| entry.versions).unwrap_or_default();
            let taken_back = entries.iter().rev().filter(|entry| entry.version > *to && entry.version <= *from);
            change.reverts = taken_back
                .map(|entry| {
                    let what = self.library.what_changed(entry).unwrap_or_default();
                    (entry.version.clone(), entry.date.to_string(), what)
                })
                .collect();
        }
        change
    }
}

impl Change {
    /// One line for each thing to know, the most urgent first.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(unknown) = &self.unknown {
            lines.push(format!("what changes cannot be told: {unknown}"));
            if !self.asks_for.is_empty() {
                lines.push(format!("the application must supply {}", names(&self.asks_for)));
            }
        }
        if let Some(differs) = &self.differs {
            let to = &differs.to;
            for name in &differs.needed_again {
                lines.push(format!("`{name}` appears: the application must supply it"));
            }
            for name in &differs.not_needed {
                lines.push(format!("`{name}` disappears: {to} does not ask for it"));
            }
            for (key, now, then) in &differs.config {
                let set = |value: &Option<Value>| value.as_ref().map_or("not set".to_owned(), Value::to_string);
                lines.push(format!("config `{key}`: {} becomes {}", set(now), set(then)));
            }
            if differs.output_format {
                lines.push("Output Format differs: look first whether answers can still be read".into());
            }
            if lines.is_empty() {
                lines.push("the application sees the same variables, config and form of answers".into());
            }
        } else if self.unknown.is_none() && !self.asks_for.is_empty() {
            lines.push(format!("the application must supply {}", names(&self.asks_for)));
        }
        for (version, date, what) in &self.reverts {
            let what = if what.is_empty() { String::new() } else { format!(": {}", first(what)) };
            lines.push(format!("takes back {version} ({date}){what}"));
        }
        lines
    }

    /// The same for a script.
    pub fn document(&self) -> Value {
        let none = Vec::new();
        let differs = self.differs.as_ref();
        json!({
            "known": self.unknown.is_none(),
            "variables": {
                "appear": differs.map_or(&none, |differs| &differs.needed_again),
                "disappear": differs.map_or(&none, |differs| &differs.not_needed),
            },
            "config": differs.map_or(&[][..], |differs| &differs.config[..]).iter().map(|(key, from, to)| {
                json!({ "key": key, "from": from, "to": to })
            }).collect::<Vec<_>>(),
            "output_format": differs.is_some_and(|differs| differs.output_format),
            "reverts": self.reverts.iter().map(|(version, date, what)| {
                json!({ "version": version, "date": date, "what": what })
            }).collect::<Vec<_>>(),
        })
    }
}

/// The beginning of a changelog, for one line.
fn first(what: &str) -> String {
    const MOST: usize = 90;
    let what = what.trim_start_matches(['-', '*', ' ']);
    if what.chars().count() <= MOST {
        return what.to_owned();
    }
    let short: String = what.chars().take(MOST).collect();
    let words = short.rsplit_once(' ').map_or(short.as_str(), |(words, _)| words);
    format!("{} …", words.trim_end_matches([' ', '-', '*']))
}

fn names(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
