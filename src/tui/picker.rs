//! A list to choose from, with a filter: its rows and the selected one. What is chosen for is not known here.

use crate::tui::input::Input;

/// A list with a filter.
#[derive(Debug)]
pub struct Picker<T> {
    /// What it is called.
    pub title: &'static str,
    /// All rows.
    pub rows: Vec<PickRow<T>>,
    /// What the rows are filtered by.
    pub filter: Input,
    /// Whether letters go into the filter.
    pub typing: bool,
    /// The selected one of the shown rows.
    pub selected: usize,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickRow<T> {
    /// What it stands for.
    pub value: T,
    /// What it says.
    pub label: String,
    /// What stands at its right: a key, a date, a state.
    pub detail: String,
    /// Why it cannot be chosen; `None` when it can.
    pub disabled: Option<String>,
}

impl<T> Picker<T> {
    /// A list; letters are commands until `/`.
    pub fn new(title: &'static str, rows: Vec<PickRow<T>>) -> Self {
        Self { title, rows, filter: Input::default(), typing: false, selected: 0 }
    }

    /// A list whose filter takes letters at once.
    pub fn searching(title: &'static str, rows: Vec<PickRow<T>>) -> Self {
        Self { typing: true, ..Self::new(title, rows) }
    }

    /// With the row that stands for `value` selected.
    #[must_use]
    pub fn at(mut self, value: &T) -> Self
    where
        T: PartialEq,
    {
        self.selected = self.rows.iter().position(|row| row.value == *value).unwrap_or(0);
        self
    }

    /// The rows the filter lets through, best first.
    pub fn shown(&self) -> Vec<&PickRow<T>> {
        let wanted = self.filter.text();
        if wanted.is_empty() {
            return self.rows.iter().collect();
        }
        crate::tui::fuzzy::rank(&wanted, &self.rows, |row| format!("{} {}", row.label, row.detail))
    }

    /// The selected row.
    pub fn chosen(&self) -> Option<&PickRow<T>> {
        self.shown().get(self.selected).copied()
    }

    /// Moves the selection, and stays in the list.
    pub fn step(&mut self, by: isize) {
        let last = self.shown().len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }
}
