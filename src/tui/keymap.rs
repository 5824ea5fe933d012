//! The one table of actions. Keys, hints, help, the palette and the key page of the docs are all made from it.
//!
//! A key is looked up in the contexts that apply, the most specific first. The table says nothing about what an action
//! does: that is `update`'s business.

mod chord;
mod table;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::LazyLock;

pub use chord::Chord;
pub use table::{Action, Context, Entry, TABLE};

use crate::source::nearest;

/// What cannot be used of the user's own keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyProblem {
    /// The action it is about, as the user wrote it.
    pub id: String,
    /// What is wrong, in words that name it.
    pub said: String,
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[keys] {}: {}", self.id, self.said)
    }
}

/// The table with the user's own keys in it.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<(Context, Chord, Action)>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::with(&BTreeMap::new()).0
    }
}

impl Keymap {
    /// The built-in keys, with those of `own` (action id → keys) in place of an action's. A key that two actions of one
    /// context claim goes to the one that the user named. What cannot be used is told in words: an unknown action, an
    /// unreadable key, a key that is claimed twice.
    pub fn with(own: &BTreeMap<String, Vec<String>>) -> (Self, Vec<KeyProblem>) {
        let mut problems = Vec::new();
        let problem = |id: &str, said: String| KeyProblem { id: id.to_owned(), said };
        let mut bindings: Vec<(Context, Chord, Action)> = Vec::new();
        for id in own.keys() {
            if !TABLE.iter().any(|entry| entry.id == id) {
                let near = nearest(id, TABLE.iter().map(|entry| entry.id));
                let near = near.map(|near| format!(" (did you mean {near}?)")).unwrap_or_default();
                problems.push(problem(id, format!("there is no such action{near}")));
            }
        }
        let (named, built_in): (Vec<&Entry>, Vec<&Entry>) = TABLE.iter().partition(|entry| own.contains_key(entry.id));
        for entry in named.into_iter().chain(built_in) {
            let chosen: Vec<&str> = match own.get(entry.id) {
                Some(keys) => keys.iter().map(String::as_str).collect(),
                None => entry.keys.to_vec(),
            };
            for key in chosen {
                // `nav x` is `x` in NAV, whatever the action's own context; so for every context
                let named = key.split_once(' ').and_then(|(place, name)| Some((Context::by_word(place)?, name)));
                let (context, name) = named.unwrap_or((entry.context, key));
                let Some(chord) = Chord::parse(name) else {
                    problems.push(problem(entry.id, format!("{key:?} is not a key (one is ctrl-s, alt-1, f9 or G)")));
                    continue;
                };
                if let Some((_, _, other)) = bindings.iter().find(|(at, bound, _)| *at == context && *bound == chord) {
                    let other = other.entry().id;
                    // it is the user's own line that is to be changed, even when the built-in key gives way
                    let id = if own.contains_key(entry.id) { entry.id } else { other };
                    let said = format!("{key} is claimed by {other}, which has it, and by {}", entry.id);
                    problems.push(problem(id, said));
                    continue;
                }
                bindings.push((context, chord, entry.action));
            }
        }
        (Self { bindings }, problems)
    }

    /// The action of `chord` where `contexts` apply, the most specific first.
    pub fn action(&self, contexts: &[Context], chord: Chord) -> Option<Action> {
        contexts.iter().find_map(|context| {
            let bound = self.bindings.iter().find(|(at, key, _)| at == context && *key == chord);
            bound.map(|(_, _, action)| *action)
        })
    }

    /// The keys of `action`, first the one that is shown.
    pub fn keys(&self, action: Action) -> impl Iterator<Item = Chord> {
        self.bindings.iter().filter(move |(_, _, bound)| *bound == action).map(|(_, key, _)| *key)
    }

    /// The key of `action` that hints show; empty when it has none.
    pub fn shown(&self, action: Action) -> String {
        self.keys(action).next().map(|key| key.to_string()).unwrap_or_default()
    }

    /// The hints where `contexts` apply: key and short label, most useful first, at most seven, of the actions that
    /// `works` says lead to something.
    pub fn hints(&self, contexts: &[Context], works: impl Fn(Action) -> bool) -> Vec<(String, &'static str)> {
        let shown = offered(contexts).filter(|entry| works(entry.action)).filter_map(|entry| {
            // the key of the most specific place, and none that a more specific action has taken
            let key = contexts.iter().find_map(|context| {
                self.keys_in(*context, entry.action).find(|key| self.action(contexts, *key) == Some(entry.action))
            })?;
            Some((key.to_string(), entry.short))
        });
        shown.take(7).collect()
    }
}

/// The actions that the hint row may offer where `contexts` apply, most useful first.
pub fn offered(contexts: &[Context]) -> impl Iterator<Item = &'static Entry> {
    static OFFERED: LazyLock<Vec<&'static Entry>> = LazyLock::new(|| {
        let mut entries: Vec<&Entry> = TABLE.iter().filter(|entry| entry.hint > 0).collect();
        entries.sort_by_key(|entry| entry.hint);
        entries
    });
    OFFERED.iter().copied().filter(|entry| contexts.contains(&entry.context))
}

/// The key page of the docs, made from the table.
pub fn markdown() -> String {
    let keymap = Keymap::default();
    let mut page = String::from(
        "# Keys\n\nMade from the table in `src/tui/keymap/table.rs`; a test keeps it true. Rebind by id in the config: \
         `[keys]` with `\"draft.save\" = [\"ctrl-s\"]`.\n",
    );
    for context in Context::ALL {
        let _ = write!(page, "\n## {}\n\n| key | does | id |\n| --- | --- | --- |\n", context.title());
        for entry in TABLE {
            let keys: Vec<String> = keymap.keys_in(context, entry.action).map(|key| format!("`{key}`")).collect();
            if keys.is_empty() && (entry.context != context || !entry.keys.is_empty()) {
                continue;
            }
            let keys = if keys.is_empty() { "palette".to_owned() } else { keys.join(" ") };
            let _ = writeln!(page, "| {} | {} | `{}` |", keys.replace('|', "\\|"), entry.label, entry.id);
        }
    }
    page
}

impl Keymap {
    /// The keys of `action` in one context.
    pub fn keys_in(&self, context: Context, action: Action) -> impl Iterator<Item = Chord> {
        self.bindings.iter().filter(move |(at, _, bound)| *at == context && *bound == action).map(|(_, key, _)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_can_be_read_and_none_is_claimed_twice() {
        let (_, problems) = Keymap::with(&BTreeMap::new());
        assert_eq!(problems, Vec::new());
    }

    #[test]
    fn every_id_is_used_once() {
        let mut ids: Vec<&str> = TABLE.iter().map(|entry| entry.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn every_action_stands_in_the_table() {
        for entry in TABLE {
            assert_eq!(entry.action.entry().action, entry.action);
        }
    }

    #[test]
    fn no_action_hangs_on_a_key_that_some_terminal_cannot_send() {
        for entry in TABLE {
            let risky = |key: &str| {
                matches!(
                    key,
                    "ctrl-enter"
                        | "shift-enter"
                        | "ctrl-i"
                        | "ctrl-m"
                        | "ctrl-j"
                        | "ctrl-h"
                        | "ctrl-["
                        | "ctrl-b"
                        | "ctrl-a"
                )
            };
            let all_risky = !entry.keys.is_empty() && entry.keys.iter().all(|key| risky(key));
            // Ctrl-A is what the key list promises; the palette is its second way
            assert!(!all_risky || entry.id == "edit.select_all", "{} has only keys that get lost", entry.id);
        }
    }

    #[test]
    fn a_users_key_takes_the_place_of_the_built_in_one() {
        let own = BTreeMap::from([("draft.save".to_owned(), vec!["f9".to_owned()])]);
        let (keymap, problems) = Keymap::with(&own);
        assert!(problems.is_empty());
        assert_eq!(keymap.shown(Action::Save), "F9");
    }

    #[test]
    fn a_key_that_the_user_names_wins_over_the_built_in_one() {
        let own = BTreeMap::from([("quit".to_owned(), vec!["ctrl-s".to_owned()])]);
        let (keymap, problems) = Keymap::with(&own);
        let chord = Chord::parse("ctrl-s").unwrap();
        assert_eq!(keymap.action(&[Context::Everywhere], chord), Some(Action::Quit));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].to_string().contains("claimed by quit, which has it, and by draft.save"), "{problems:?}");
    }

    #[test]
    fn an_unknown_action_names_the_nearest() {
        let own = BTreeMap::from([("draft.sav".to_owned(), vec!["f9".to_owned()])]);
        let (_, problems) = Keymap::with(&own);
        assert!(problems[0].said.contains("did you mean draft.save?"), "{problems:?}");
    }

    #[test]
    fn a_conflict_an_unknown_action_and_an_unreadable_key_are_reported() {
        let own = BTreeMap::from([
            ("draft.save".to_owned(), vec!["ctrl-q".to_owned()]),
            ("no.such".to_owned(), vec!["x".to_owned()]),
            ("help.open".to_owned(), vec!["hyper-x".to_owned()]),
        ]);
        let (_, problems) = Keymap::with(&own);
        assert_eq!(problems.len(), 3, "{problems:?}");
    }
}
