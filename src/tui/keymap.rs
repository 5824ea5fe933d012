//! The one table of actions. Keys, hints, help, the palette and the key page of the docs are all made from it.
//!
//! A key is looked up in the contexts that apply, the most specific first. The table says nothing about what an action
//! does: that is `update`'s business.

mod chord;
mod context;
mod keys;
mod table;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::LazyLock;

pub use chord::Chord;
pub use context::Context;
pub use keys::{Keys, shown as shown_keys};
pub use table::{Action, Entry, TABLE};

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
    bindings: Vec<(Context, Keys, Action)>,
}

/// What keys that were pressed one after the other are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// All the keys of this action.
    Action(Action),
    /// The first keys of something.
    Beginning,
    /// Nothing.
    Nothing,
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
        let mut bindings: Vec<(Context, Keys, Action)> = Vec::new();
        let mut shadowed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
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
                let Some(keys) = Keys::parse(name) else {
                    let said = format!("{key:?} is not a key (one is ctrl-s, alt-1, f9 or G; several are space p)");
                    problems.push(problem(entry.id, said));
                    continue;
                };
                let in_place = || bindings.iter().filter(|(at, ..)| *at == context);
                if let Some((_, _, other)) = in_place().find(|(_, bound, _)| *bound == keys) {
                    let other = other.entry().id;
                    // it is the user's own line that is to be changed, even when the built-in key gives way
                    let id = if own.contains_key(entry.id) { entry.id } else { other };
                    let said = format!("{key} is claimed by {other}, which has it, and by {}", entry.id);
                    problems.push(problem(id, said));
                    continue;
                }
                if let Some((_, _, other)) = in_place().find(|(_, bound, _)| keys.after(bound.chords()).is_some()) {
                    shadowed.entry(other.entry().id).or_default().push(keys.to_string());
                    continue;
                }
                if let Some((_, longer, _)) = in_place().find(|(_, bound, _)| bound.after(keys.chords()).is_some()) {
                    let said = format!("{key} is also how {longer} begins, and does nothing alone");
                    problems.push(problem(entry.id, said));
                    continue;
                }
                bindings.push((context, keys, entry.action));
            }
        }
        for (id, keys) in shadowed {
            let rest = if keys.len() > 1 { format!(" and {} more", keys.len() - 1) } else { String::new() };
            let said = format!("its key is also how {}{rest} begin: those can no longer be pressed", keys[0]);
            problems.push(problem(id, said));
        }
        (Self { bindings }, problems)
    }

    /// What these keys are where `contexts` apply, the most specific first. They are in order; there is at least one.
    pub fn find(&self, contexts: &[Context], pressed: &[Chord]) -> Found {
        for context in contexts {
            let mut bound = self.bindings.iter().filter(|(at, ..)| at == context);
            if let Some((.., action)) = bound.clone().find(|(_, keys, _)| keys.chords() == pressed) {
                return Found::Action(*action);
            }
            if bound.any(|(_, keys, _)| keys.after(pressed).is_some()) {
                return Found::Beginning;
            }
        }
        Found::Nothing
    }

    /// The action of these keys where `contexts` apply.
    pub fn action(&self, contexts: &[Context], pressed: &[Chord]) -> Option<Action> {
        match self.find(contexts, pressed) {
            Found::Action(action) => Some(action),
            Found::Beginning | Found::Nothing => None,
        }
    }

    /// What may follow these keys where `contexts` apply: the keys that are left, and the action.
    pub fn followers(&self, contexts: &[Context], pressed: &[Chord]) -> Vec<(String, Action)> {
        let mut found = Vec::new();
        for context in contexts {
            for (_, keys, action) in self.bindings.iter().filter(|(at, ..)| at == context) {
                if let Some(rest) = keys.after(pressed)
                    && self.action(contexts, keys.chords()) == Some(*action)
                {
                    found.push((shown_keys(rest), *action));
                }
            }
        }
        found
    }

    /// The keys of `action`, first the one that is shown.
    pub fn keys(&self, action: Action) -> impl Iterator<Item = &Keys> {
        self.bindings.iter().filter(move |(_, _, bound)| *bound == action).map(|(_, keys, _)| keys)
    }

    /// The key of `action` that hints show; empty when it has none.
    pub fn shown(&self, action: Action) -> String {
        self.keys(action).next().map(ToString::to_string).unwrap_or_default()
    }

    /// The hints where `contexts` apply: key and short label, most useful first, at most seven, of the actions that
    /// `works` says lead to something.
    pub fn hints(&self, contexts: &[Context], works: impl Fn(Action) -> bool) -> Vec<(String, &'static str)> {
        let shown = offered(contexts).filter(|entry| works(entry.action)).filter_map(|entry| {
            // the key of the most specific place, and none that a more specific action has taken; rather one key than
            // a sequence
            let of_place = |context: &Context| self.keys_in(*context, entry.action);
            let taken = |keys: &&Keys| self.action(contexts, keys.chords()) != Some(entry.action);
            let keys = contexts.iter().flat_map(of_place).filter(|keys| !taken(keys));
            let key = keys.min_by_key(|keys| keys.chords().len())?;
            Some((key.to_string(), entry.short))
        });
        shown.take(7).collect()
    }
}

/// The actions that the hint row may offer where `contexts` apply, most useful first.
pub fn offered(contexts: &[Context]) -> impl Iterator<Item = &'static Entry> {
    static OFFERED: LazyLock<Vec<(u8, Context, &'static Entry)>> = LazyLock::new(|| {
        let own = TABLE.iter().filter(|entry| entry.hint > 0).map(|entry| (entry.hint, entry.context, entry));
        let guests = GUESTS.iter().map(|(hint, context, action)| (*hint, *context, action.entry()));
        let mut entries: Vec<_> = own.chain(guests).collect();
        entries.sort_by_key(|(hint, ..)| *hint);
        entries
    });
    OFFERED.iter().filter(|(_, context, _)| contexts.contains(context)).map(|(_, _, entry)| *entry)
}

/// Actions that the hint row offers in another place than their own, and where in the row: what was said about a line comes
/// first, because it is only offered where something was.
const GUESTS: [(u8, Context, Action); 5] = [
    (2, Context::Play, Action::Edit),
    (1, Context::Draft, Action::OpenThread),
    (1, Context::Diff, Action::OpenThread),
    (25, Context::Draft, Action::Comment),
    (4, Context::Diff, Action::Comment),
];

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
    pub fn keys_in(&self, context: Context, action: Action) -> impl Iterator<Item = &Keys> {
        self.bindings.iter().filter(move |(at, _, bound)| *at == context && *bound == action).map(|(_, keys, _)| keys)
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
        let own = BTreeMap::from([("draft.save".to_owned(), vec!["f11".to_owned()])]);
        let (keymap, problems) = Keymap::with(&own);
        assert!(problems.is_empty());
        assert_eq!(keymap.shown(Action::Save), "F11");
    }

    #[test]
    fn a_key_that_the_user_names_wins_over_the_built_in_one() {
        let own = BTreeMap::from([("quit".to_owned(), vec!["ctrl-s".to_owned()])]);
        let (keymap, problems) = Keymap::with(&own);
        assert_eq!(keymap.action(&[Context::Everywhere], &chords("ctrl-s")), Some(Action::Quit));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].to_string().contains("claimed by quit, which has it, and by draft.save"), "{problems:?}");
    }

    fn chords(text: &str) -> Vec<Chord> {
        Keys::parse(text).unwrap().chords().to_vec()
    }

    fn own(lines: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
        lines.iter().map(|(id, key)| ((*id).to_owned(), vec![(*key).to_owned()])).collect()
    }

    #[test]
    fn a_sequence_is_a_beginning_until_its_last_key() {
        let (keymap, problems) = Keymap::with(&own(&[("draft.save", "nav , w w")]));
        assert_eq!(problems, Vec::new());
        let contexts = [Context::Draft, Context::Nav, Context::Everywhere];
        assert_eq!(keymap.find(&contexts, &chords(",")), Found::Beginning);
        assert_eq!(keymap.find(&contexts, &chords(", w")), Found::Beginning);
        assert_eq!(keymap.find(&contexts, &chords(", w w")), Found::Action(Action::Save));
        assert_eq!(keymap.find(&contexts, &chords(", x")), Found::Nothing);
        assert_eq!(keymap.followers(&contexts, &chords(",")), [("w w".to_owned(), Action::Save)]);
        assert_eq!(keymap.shown(Action::Save), ", w w");
    }

    #[test]
    fn a_key_with_which_others_begin_is_reported_once_and_by_the_users_own_line() {
        let (keymap, problems) = Keymap::with(&own(&[("nav.zoom", "space")]));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].id, "nav.zoom");
        assert!(problems[0].said.contains("can no longer be pressed"), "{problems:?}");
        assert_eq!(keymap.find(&[Context::Nav], &chords("space")), Found::Action(Action::Zoom));
        let (_, problems) = Keymap::with(&own(&[("draft.save", "nav x y"), ("nav.zoom", "x")]));
        assert!(problems.iter().any(|problem| problem.id == "nav.zoom"), "{problems:?}");
    }

    #[test]
    fn the_leader_key_leads_to_actions_of_every_screen_and_each_has_another_key() {
        let keymap = Keymap::default();
        for screen in [Context::Draft, Context::Play, Context::Diff] {
            let followers = keymap.followers(&[screen, Context::Nav, Context::Everywhere], &chords("space"));
            assert!(followers.len() >= 8, "{followers:?}");
            for (key, action) in &followers {
                assert_eq!(followers.iter().filter(|(other, _)| other == key).count(), 1, "{key} twice");
                assert!(action.in_palette() || *action == Action::Palette, "{action:?}");
            }
        }
    }

    #[test]
    fn an_unknown_action_names_the_nearest() {
        let own = BTreeMap::from([("draft.sav".to_owned(), vec!["f11".to_owned()])]);
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
