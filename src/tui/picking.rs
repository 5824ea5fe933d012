//! Which field of a log of requests is the value of which variable: chosen once for a prompt, and then remembered.

use crossterm::event::{KeyCode, KeyEvent};

use crate::prompt::Privacy;
use crate::tui::input::Input;
use crate::tui::variables::Taken;
use crate::vars::import::Pick;

/// So many records are looked at for the fields that there are.
const LOOKED_AT: usize = 100;

/// The fields of a log, and the variables they may be for.
#[derive(Debug)]
pub struct Picking {
    /// The variables, in the order they are shown.
    pub rows: Vec<PickedRow>,
    /// The focused one.
    pub selected: usize,
    /// The fields of the log, by name, with a value of each.
    pub fields: Vec<(String, String)>,
    /// What was typed for the focused variable: the fields that are offered have it in their names.
    pub typed: String,
    /// What is wrong with what is picked.
    pub problem: Option<String>,
}

/// A variable, and where its value stands.
#[derive(Debug)]
pub struct PickedRow {
    /// The variable.
    pub variable: String,
    /// Who may see its value.
    pub privacy: Privacy,
    /// The path of its field; empty when the log does not have it.
    pub line: Input,
}

impl Picking {
    /// What is remembered for the variables, else the field that is called like each of them.
    pub fn new(taken: &Taken, variables: Vec<(String, Privacy)>) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for record in taken.records.iter().take(LOOKED_AT) {
            for field in &record.fields {
                // what was picked stands in the records under the variable's name
                let picked = taken.picks.iter().any(|pick| pick.variable == field.name && pick.path != field.name);
                if !picked && fields.iter().all(|(name, _)| *name != field.name) {
                    fields.push((field.name.clone(), field.value.clone()));
                }
            }
        }
        let path = |variable: &str| {
            let known = taken.picks.iter().find(|pick| pick.variable == variable);
            known.map(|pick| pick.path.clone()).or_else(|| proposal(&fields, variable)).unwrap_or_default()
        };
        let rows = variables.into_iter().map(|(variable, privacy)| {
            let line = Input::chosen(&path(&variable));
            PickedRow { variable, privacy, line }
        });
        Self { rows: rows.collect(), selected: 0, typed: String::new(), problem: None, fields }
    }

    /// A key that writes a path; `false` for one that does not.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        // they go through the fields
        if matches!(key.code, KeyCode::Left | KeyCode::Right) {
            return false;
        }
        let Some(row) = self.rows.get_mut(self.selected) else { return false };
        let taken = row.line.key(key);
        if taken {
            self.typed = row.line.text();
            self.problem = None;
        }
        taken
    }

    /// Pasted text goes into the path.
    pub fn paste(&mut self, text: &str) {
        if let Some(row) = self.rows.get_mut(self.selected) {
            row.line.paste(text.trim());
            self.typed = row.line.text();
        }
    }

    /// The variable before or after the focused one, around the ends.
    pub fn step(&mut self, by: isize) {
        let count = self.rows.len().max(1).cast_signed();
        self.selected = (self.selected.cast_signed() + by).rem_euclid(count).unsigned_abs();
        self.typed.clear();
    }

    /// The field before or after the one that is chosen for the focused variable, of those that are offered; no field
    /// stands between the last and the first.
    pub fn turn(&mut self, by: isize) {
        let names: Vec<String> = self.offered().map(|(name, _)| name.clone()).collect();
        let Some(row) = self.rows.get_mut(self.selected) else { return };
        let count = names.len().cast_signed() + 1;
        let now = names.iter().position(|name| *name == normal(&row.line.text()));
        let at = now.map_or(0, |at| at.cast_signed() + 1) + by;
        let next = at.rem_euclid(count).unsigned_abs();
        row.line = Input::chosen(next.checked_sub(1).map_or("", |at| &names[at]));
        self.problem = None;
    }

    /// The first variable that is shown in a box with so many rows inside, below its first row, and how many are: half
    /// of the box at least is for the fields.
    pub fn shown(&self, height: u16) -> (usize, u16) {
        let shown = u16::try_from(self.rows.len()).unwrap_or(u16::MAX).min(height.saturating_sub(3) / 2);
        ((self.selected + 1).saturating_sub(usize::from(shown.max(1))), shown)
    }

    /// A click on this row of the inside of its box: the variable there gets the focus.
    pub fn click(&mut self, row: u16, height: u16) {
        let (first, shown) = self.shown(height);
        if let Some(at) = row.checked_sub(1).filter(|at| *at < shown) {
            self.selected = (first + usize::from(at)).min(self.rows.len().saturating_sub(1));
            self.typed.clear();
        }
    }

    /// The fields that are offered for the focused variable.
    pub fn offered(&self) -> impl Iterator<Item = &(String, String)> {
        let wanted = normal(&self.typed).to_ascii_lowercase();
        self.fields.iter().filter(move |(name, _)| name.to_ascii_lowercase().contains(&wanted))
    }

    /// A value at a path, when it is one of the fields that were seen.
    pub fn sample(&self, path: &str) -> Option<&str> {
        let name = normal(path);
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// What is picked.
    pub fn picks(&self) -> Vec<Pick> {
        let picked = |row: &PickedRow| {
            let path = row.line.text().trim().to_owned();
            (!path.is_empty()).then(|| Pick { variable: row.variable.clone(), path })
        };
        self.rows.iter().filter_map(picked).collect()
    }
}

/// A path as the records name their fields: `/a/b` and `$.a.b` are `a.b`.
fn normal(path: &str) -> String {
    match path.strip_prefix('/') {
        Some(rest) => rest.replace('/', "."),
        None => path.strip_prefix("$.").unwrap_or(path).to_owned(),
    }
}

/// The field that is called like a variable: by its whole name, by its last part, by its last two.
fn proposal(fields: &[(String, String)], variable: &str) -> Option<String> {
    let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let wanted = plain(variable);
    let last = |name: &str, parts: usize| {
        let all: Vec<&str> = name.rsplit('.').take(parts).collect();
        plain(&all.into_iter().rev().collect::<Vec<_>>().concat())
    };
    let find = |fits: &dyn Fn(&str) -> bool| fields.iter().map(|(name, _)| name).find(|name| fits(name)).cloned();
    find(&|name| name == variable)
        .or_else(|| find(&|name| last(name, 1) == wanted))
        .or_else(|| find(&|name| last(name, 2) == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vars::import::{Format, read};

    fn picking(log: &str, variables: &[&str]) -> Picking {
        let records = read(std::path::Path::new("log"), log, Format::Jsonl, &[]).unwrap();
        let taken = Taken {
            format: Format::Jsonl,
            records: records.all,
            remarks: Vec::new(),
            picks: Vec::new(),
            picked_here: false,
        };
        Picking::new(&taken, variables.iter().map(|name| ((*name).to_owned(), Privacy::Internal)).collect())
    }

    const LOG: &str = "{\"input\": {\"user\": {\"name\": \"Ada\"}, \"plan\": \"free\"}, \"n\": 1}\n{\"input\": {\"seats\": 3}, \"n\": 2}\n";

    #[test]
    fn fields_that_are_called_like_a_variable_are_proposed() {
        let picking = picking(LOG, &["user_name", "plan", "seats", "company"]);
        let paths: Vec<String> = picking.rows.iter().map(|row| row.line.text()).collect();
        assert_eq!(paths, ["input.user.name", "input.plan", "input.seats", ""]);
        assert_eq!(picking.picks().len(), 3);
        assert_eq!(picking.sample("/input/user/name"), Some("Ada"));
    }

    #[test]
    fn one_goes_through_the_fields_that_have_what_is_typed_and_through_none() {
        let mut picking = picking(LOG, &["company"]);
        let names = |picking: &Picking| picking.offered().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&picking), ["input.user.name", "input.plan", "n", "input.seats"]);
        picking.turn(1);
        assert_eq!(picking.rows[0].line.text(), "input.user.name");
        picking.turn(-1);
        assert_eq!(picking.rows[0].line.text(), "");
        picking.turn(-1);
        assert_eq!(picking.rows[0].line.text(), "input.seats");
        picking.typed = "PLAN".into();
        assert_eq!(names(&picking), ["input.plan"]);
        picking.turn(1);
        assert_eq!(picking.rows[0].line.text(), "input.plan");
    }
}
