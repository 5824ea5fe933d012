//! The variables of the open prompt and the values they have at the moment.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::library::ValueSet;
use crate::prompt::{Declarations, Estimate, Privacy, TokenCounter, Values};
use crate::tui::writing::Writing;
pub use crate::vars::State as RowState;

/// The variables pane.
#[derive(Debug)]
pub struct ValuesPane {
    /// The sets on disk.
    pub sets: Vec<ValueSet>,
    /// What `prompt.toml` declares.
    pub declarations: Declarations,
    /// The set the values came from.
    pub set: Option<String>,
    /// The values.
    pub values: Values,
    /// Whether they differ from the set.
    pub changed: bool,
    /// The selected row.
    pub selected: usize,
    /// Grows with every change of a value.
    pub revision: u64,
    /// Whether personal values are shown.
    pub reveal: bool,
    /// Whether declared examples go to who answers, in place of personal values.
    pub examples_go: bool,
    /// The values before the last that were taken away or taken in at once; undo gives them back.
    pub before: Option<Values>,
    /// The days on which the sets' files were written last.
    pub written: BTreeMap<String, Date>,
    /// The value that is being written.
    pub editing: Option<Editing>,
}

/// A value while it is written.
#[derive(Debug)]
pub struct Editing {
    /// Whose value.
    pub name: String,
    /// The value; `None` before there was one.
    pub before: Option<String>,
    /// Its text.
    pub writing: Writing,
    /// The value that was there is hidden, and stays until something is typed.
    pub blind: bool,
    /// It has the whole screen; whether the pane had it before.
    pub full: Option<bool>,
}

/// One variable as the pane shows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Where its value comes from.
    pub state: RowState,
    /// Who may see it.
    pub privacy: Privacy,
    /// How often the text uses it.
    pub uses: usize,
    /// About how many tokens its value costs, once.
    pub tokens: usize,
    /// The thousandths of the filled prompt that its values are.
    pub share: u16,
    /// The bytes of the filled prompt that its values are.
    pub bytes: usize,
}

/// Says of the rows what part of the filled prompt each is; `template` are the bytes of the text with its placeholders.
pub fn weigh(rows: &mut [Row], template: usize) {
    let filled = template + rows.iter().map(|row| row.bytes).sum::<usize>();
    for row in rows {
        row.share = u16::try_from((row.bytes * 1000).checked_div(filled).unwrap_or(0)).unwrap_or(1000);
    }
}

/// What the playtest fills by itself.
const PLAYTEST: [&str; 2] = ["message", "conversation_history"];

impl ValuesPane {
    /// With the first of `sets` chosen.
    pub fn new(sets: Vec<ValueSet>, declarations: Declarations) -> Self {
        let first = sets.first().cloned();
        Self {
            set: first.as_ref().map(|set| set.name.clone()),
            values: first.map(|set| set.values).unwrap_or_default(),
            sets,
            declarations,
            changed: false,
            selected: 0,
            revision: 0,
            reveal: false,
            examples_go: false,
            before: None,
            written: BTreeMap::new(),
            editing: None,
        }
    }

    /// Takes the values of the set `name`.
    pub fn choose(&mut self, name: &str) {
        if let Some(set) = self.sets.iter().find(|set| set.name == name) {
            self.set = Some(set.name.clone());
            self.values = set.values.clone();
            self.changed = false;
            self.revision += 1;
            self.before = None;
            self.editing = None;
        }
    }

    /// Takes values that were kept, whatever set they came from.
    pub fn take(&mut self, set: Option<String>, values: Values) {
        self.set = set.filter(|name| self.sets.iter().any(|set| set.name == *name));
        self.values = values;
        self.compare();
    }

    /// Gives `name` a value, or takes it away.
    pub fn give(&mut self, name: &str, value: Option<String>) {
        match value {
            Some(value) => self.values.0.insert(name.to_owned(), value),
            None => self.values.0.remove(name),
        };
        self.revision += 1;
        self.compare();
    }

    /// Takes other values all at once; [`ValuesPane::give_back`] gives back those that were there.
    pub fn take_all(&mut self, values: Values) {
        self.before = Some(std::mem::replace(&mut self.values, values));
        self.revision += 1;
        self.compare();
    }

    /// The values as they were before the last that were taken all at once; `false` when there are none.
    pub fn give_back(&mut self) -> bool {
        let Some(before) = self.before.take() else { return false };
        self.values = before;
        self.revision += 1;
        self.compare();
        true
    }

    /// The values that may stand in a file.
    pub fn without_secrets(&self) -> Values {
        let mut values = self.values.clone();
        values.0.retain(|name, _| self.declarations.privacy(name) != Privacy::Secret);
        values
    }

    /// Takes what `prompt.toml` declares now.
    pub fn declare(&mut self, declarations: Declarations) {
        self.declarations = declarations;
        self.revision += 1;
    }

    /// The variable `old` is called `new`, in the sets and in the values.
    pub fn rename(&mut self, old: &str, new: &str, sets: Vec<ValueSet>) {
        self.sets = sets;
        if let Some(value) = self.values.0.remove(old) {
            self.values.0.insert(new.to_owned(), value);
        }
        self.before = None;
        self.revision += 1;
        self.compare();
    }

    /// How many days ago the chosen set's file was written.
    pub fn days_old(&self, today: Date) -> Option<i64> {
        let written = *self.written.get(self.set.as_ref()?)?;
        Some(i64::from((today - written).get_days()).max(0))
    }

    /// How old the values are that are those of the chosen set, in seconds, by name: as old as the set's file.
    pub fn ages(&self, today: Date) -> BTreeMap<String, u64> {
        const DAY: u64 = 24 * 60 * 60;
        let set = self.sets.iter().find(|set| Some(&set.name) == self.set.as_ref());
        let days = self.days_old(today).and_then(|days| u64::try_from(days).ok());
        let Some((set, days)) = set.zip(days) else { return BTreeMap::new() };
        let same = self.values.0.iter().filter(|(name, value)| set.values.get(name) == Some(value.as_str()));
        same.map(|(name, _)| (name.clone(), days * DAY)).collect()
    }

    /// The sets are others now: whether the values differ from theirs is looked at again.
    pub fn look_again(&mut self) {
        self.revision += 1;
        self.compare();
    }

    fn compare(&mut self) {
        let stored = self.set.as_ref().and_then(|chosen| self.sets.iter().find(|set| set.name == *chosen));
        self.changed = stored.is_none_or(|set| set.values != self.values);
    }

    /// Where the value of a used variable comes from.
    pub fn state(&self, name: &str) -> RowState {
        if self.values.get(name).is_some() {
            return RowState::Given;
        }
        if PLAYTEST.contains(&name) {
            return RowState::Playtest;
        }
        match self.declarations.get(name) {
            Some(declared) if declared.default.is_some() => RowState::Default,
            Some(declared) if !declared.required => RowState::Empty,
            _ => RowState::Missing,
        }
    }

    /// The value that would be filled in; `None` when it is missing. What the playtest fills is empty here.
    pub fn value(&self, name: &str) -> Option<&str> {
        match self.state(name) {
            RowState::Given => self.values.get(name),
            RowState::Default => self.declarations.get(name).and_then(|declared| declared.default.as_deref()),
            RowState::Empty | RowState::Playtest => Some(""),
            RowState::Missing | RowState::Unused => None,
        }
    }

    /// Whether the value of `name` must not be shown at the moment.
    pub fn hidden(&self, name: &str) -> bool {
        match self.declarations.privacy(name) {
            Privacy::Secret => true,
            Privacy::Personal => !self.reveal,
            Privacy::Public | Privacy::Internal => false,
        }
    }

    /// The declared example that is sent in place of the value of `name`: of a secret always, of what is personal where
    /// examples go; `None` where the value itself is sent. Revealed, a personal value is shown although its example goes.
    pub fn stand_in(&self, name: &str) -> Option<&str> {
        let goes = match self.declarations.privacy(name) {
            Privacy::Secret => true,
            Privacy::Personal => self.examples_go && !self.reveal,
            Privacy::Public | Privacy::Internal => false,
        };
        let given = goes && self.values.get(name).is_some();
        self.declarations.get(name).filter(|_| given)?.example.as_deref()
    }

    /// The rows: what the text uses, declared ones first in the order of their declaration; then what it does not use.
    /// `used` gives how often the text uses a name; it is asked for declared and given names and lists all it uses.
    /// `template` are the bytes of the text with its placeholders.
    pub fn rows(&self, used: &BTreeMap<String, usize>, template: usize) -> Vec<Row> {
        let declared: Vec<&String> = self.declarations.0.iter().map(|(name, _)| name).collect();
        let row = |name: &String, state: RowState| {
            let value = self.value(name).unwrap_or_default();
            let times = used.get(name).copied().unwrap_or(0);
            Row {
                name: name.clone(),
                state,
                privacy: self.declarations.privacy(name),
                uses: times,
                tokens: Estimate.count(value),
                share: 0,
                bytes: value.len() * times,
            }
        };
        let mut rows: Vec<Row> = Vec::new();
        rows.extend(declared.iter().filter(|name| used.contains_key(**name)).map(|name| row(name, self.state(name))));
        rows.extend(used.keys().filter(|name| !declared.contains(name)).map(|name| row(name, self.state(name))));
        let unused = declared.iter().copied().chain(self.values.0.keys().filter(|name| !declared.contains(name)));
        rows.extend(unused.filter(|name| !used.contains_key(*name)).map(|name| row(name, RowState::Unused)));
        weigh(&mut rows, template);
        rows
    }
}

/// What stands in place of a value that must not be shown.
pub fn mask(name: &str, value: &str, privacy: Privacy) -> String {
    if privacy == Privacy::Secret {
        return format!("[{name}: secret, never shown]");
    }
    let words = value.split_whitespace().count();
    let amount = if words == 1 { "1 word".to_owned() } else { format!("{words} words") };
    format!("[{name}: {amount} hidden, v shows]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Declaration;

    fn pane() -> ValuesPane {
        let declarations = Declarations(vec![
            ("plan".into(), Declaration { default: Some("free".into()), ..Declaration::default() }),
            ("notes".into(), Declaration { required: false, ..Declaration::default() }),
            ("user".into(), Declaration { privacy: Privacy::Personal, ..Declaration::default() }),
        ]);
        let values = Values(BTreeMap::from([("user".into(), "Ada L".into()), ("extra".into(), "1".into())]));
        ValuesPane::new(vec![ValueSet { name: "a".into(), values }], declarations)
    }

    #[test]
    fn a_value_comes_from_the_set_then_the_default_then_nothing_when_it_may_be_empty() {
        let pane = pane();
        assert_eq!(pane.value("user"), Some("Ada L"));
        assert_eq!(pane.value("plan"), Some("free"));
        assert_eq!(pane.value("notes"), Some(""));
        assert_eq!(pane.value("message"), Some(""));
        assert_eq!(pane.value("other"), None);
    }

    #[test]
    fn rows_show_used_variables_first_and_name_the_unused_ones() {
        let used = BTreeMap::from([("user".to_owned(), 2), ("other".to_owned(), 1)]);
        let rows = pane().rows(&used, 100);
        let shown: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.state)).collect();
        assert_eq!(
            shown,
            [
                ("user", RowState::Given),
                ("other", RowState::Missing),
                ("plan", RowState::Unused),
                ("notes", RowState::Unused),
                ("extra", RowState::Unused)
            ]
        );
    }

    #[test]
    fn giving_a_value_marks_the_set_as_changed_until_it_is_as_it_was() {
        let mut pane = pane();
        pane.give("user", Some("Bo".into()));
        assert!(pane.changed);
        pane.give("user", Some("Ada L".into()));
        assert!(!pane.changed);
    }

    #[test]
    fn an_example_stands_in_for_what_does_not_leave() {
        let mut pane = pane();
        let with = |privacy| Declaration { privacy, example: Some("Robin".into()), ..Declaration::default() };
        pane.declarations = Declarations(vec![
            ("user".into(), with(Privacy::Personal)),
            ("key".into(), with(Privacy::Secret)),
            ("plan".into(), with(Privacy::Internal)),
        ]);
        pane.give("key", Some("k3y".into()));
        pane.give("plan", Some("Team".into()));
        assert_eq!([pane.stand_in("user"), pane.stand_in("key"), pane.stand_in("plan")], [None, Some("Robin"), None]);
        pane.examples_go = true;
        assert_eq!(pane.stand_in("user"), Some("Robin"));
        pane.reveal = true;
        assert_eq!([pane.stand_in("user"), pane.stand_in("key")], [None, Some("Robin")]);
        pane.reveal = false;
        pane.give("user", None);
        assert_eq!(pane.stand_in("user"), None, "where nothing is given nothing is hidden");
    }

    #[test]
    fn a_secret_is_hidden_even_when_personal_values_are_shown() {
        let mut pane = pane();
        pane.declarations.0.push(("key".into(), Declaration { privacy: Privacy::Secret, ..Declaration::default() }));
        assert!(pane.hidden("user"));
        pane.reveal = true;
        assert!(!pane.hidden("user"));
        assert!(pane.hidden("key"));
    }
}
