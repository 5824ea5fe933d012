//! The box of a search: what is written in it and what is chosen.

use std::collections::BTreeSet;

use super::{Letters, Query};
use crate::tui::editor::Reading;
use crate::tui::input::Input;

/// What the box is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Going to a match.
    Find,
    /// Putting something in the place of matches.
    Replace,
}

/// The fields of the box, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// What is searched for.
    Find,
    /// What is put in its place.
    With,
    /// The list of matches; letters are commands there.
    List,
}

/// The box.
#[derive(Debug)]
pub struct SearchForm {
    /// What it is for.
    pub task: Task,
    /// What is searched for.
    pub find: Input,
    /// What is put in its place.
    pub with: Input,
    /// The focused field.
    pub field: Field,
    /// How letters are compared.
    pub letters: Letters,
    /// How what is searched for is read.
    pub reading: Reading,
    /// Whether one section is searched alone.
    pub alone: bool,
    /// The section that would be.
    pub pane: usize,
    /// The chosen match.
    pub selected: usize,
    /// Where the next match is looked for when the list is new: pane and char.
    pub from: (usize, usize),
    /// Matches that are left as they are, by pane and first char.
    pub kept: BTreeSet<(usize, usize)>,
}

impl SearchForm {
    /// What the fields ask for.
    pub fn query(&self) -> Query {
        let only = Some(self.pane).filter(|_| self.alone);
        Query { text: self.find.text(), letters: self.letters, reading: self.reading, only }
    }

    /// What would be put in the place of matches, when that is asked.
    pub fn with(&self) -> Option<String> {
        (self.task == Task::Replace).then(|| self.with.text())
    }

    /// The line that is written at the moment.
    pub fn line(&mut self) -> Option<&mut Input> {
        match self.field {
            Field::Find => Some(&mut self.find),
            Field::With => Some(&mut self.with),
            Field::List => None,
        }
    }

    /// The next field, or the one before.
    pub fn step(&mut self, by: isize) {
        let order: &[Field] = match self.task {
            Task::Find => &[Field::Find, Field::List],
            Task::Replace => &[Field::Find, Field::With, Field::List],
        };
        let at = order.iter().position(|field| *field == self.field).unwrap_or(0).cast_signed();
        self.field = order[(at + by).rem_euclid(order.len().cast_signed()).unsigned_abs()];
    }
}
