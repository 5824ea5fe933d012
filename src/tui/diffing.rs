//! The Diff screen: which two sides, what came out, where the screen stands.

use std::sync::Arc;

use regex::Regex;
use semver::Version;

use crate::config::Settings;
use crate::diff::{RowKind, SectionDiff};
use crate::library::SideName;
use crate::tui::beyond::{self, Detail, PageRow};
use crate::tui::compare::Compared;

/// One side of the comparison as it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// The draft.
    Draft,
    /// A frozen version.
    Version(Version),
    /// What an environment runs, a git revision, another prompt, a file.
    Named(SideName),
}

/// Equal rows that stay around a change when the others are folded.
const CONTEXT: usize = 3;

/// The Diff screen.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the screen, or a state of its own")]
pub struct Diffing {
    /// The left side; `None` until something can be compared.
    pub from: Option<Chosen>,
    /// The right side.
    pub to: Option<Chosen>,
    /// What came out.
    pub compared: Option<Arc<Compared>>,
    /// Why nothing came out.
    pub problem: Option<String>,
    /// The number of the comparison that was asked for last.
    pub generation: u64,
    /// Whether a comparison is under way.
    pub waiting: bool,
    /// The state of the draft that was compared.
    pub of_state: Option<u64>,
    /// Index of the first shown row, over all sections.
    pub top: usize,
    /// Shown rows of the first line that are scrolled away.
    pub skip: usize,
    /// One column instead of two.
    pub inline: bool,
    /// Only the changes with some rows around them.
    pub folded: bool,
    /// Long lines are cut instead of wrapped.
    pub cut: bool,
    /// Blanks and tabs are visible.
    pub blanks: bool,
    /// What differs beside the text is shown in the place of the rows, from this line on.
    pub page: Option<usize>,
    /// What is searched for in both texts.
    pub needle: Option<Regex>,
    /// The row of the match that was found last.
    pub found: Option<usize>,
    /// The line of the right side, from 1, to go to as soon as what is chosen is compared.
    pub wanted: Option<usize>,
    /// The number of the question about a line that was asked last.
    pub asked: u64,
    /// The change the screen stands at, counted over all sections.
    pub change: usize,
    /// What differs beside the text, a line each.
    pub details: Vec<Detail>,
    /// The page of it while it is shown, laid out for a width.
    pub beyond: Vec<PageRow>,
    /// For which width it was laid out; `None` where it has to be laid out anew.
    beyond_width: Option<u16>,
    rows: Vec<DiffRow>,
    changes: Vec<usize>,
}

/// A row of the comparison over all sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffRow {
    /// The title of the section with this index.
    Head(usize),
    /// Row of a section.
    Row(usize, usize),
    /// So many equal rows of a section, from this one on, that are folded.
    Fold(usize, usize, usize),
}

impl Diffing {
    /// For another prompt: nothing is chosen yet, what one likes to see stays, and answers to old questions are dropped.
    #[must_use]
    pub fn anew(&self) -> Self {
        let Self { generation, inline, folded, cut, blanks, asked, .. } = *self;
        Self { generation, inline, folded, cut, blanks, asked, ..Self::default() }
    }

    /// What came out takes the place of what was there.
    pub fn put(&mut self, compared: Option<Arc<Compared>>) {
        self.compared = compared;
        self.arrange();
    }

    /// Lays the rows out anew, folded or not.
    pub fn arrange(&mut self) {
        (self.rows, self.changes) = (Vec::new(), Vec::new());
        self.beyond_width = None;
        self.details = self.compared.as_deref().map(beyond::details).unwrap_or_default();
        let Some(compared) = self.compared.clone() else { return };
        for (number, section) in compared.comparison.sections.iter().enumerate() {
            self.rows.push(DiffRow::Head(number));
            let mut inside = false;
            let mut folded = if self.folded { folds(section) } else { Vec::new() }.into_iter().peekable();
            let mut row = 0;
            while row < section.rows.len() {
                if let Some((start, count)) = folded.next_if(|(start, _)| *start == row) {
                    self.rows.push(DiffRow::Fold(number, start, count));
                    (row, inside) = (start + count, false);
                    continue;
                }
                let changed = section.rows[row].changed();
                if changed && !inside {
                    self.changes.push(self.rows.len());
                }
                inside = changed;
                self.rows.push(DiffRow::Row(number, row));
                row += 1;
            }
        }
        self.found = None;
        self.change = self.change.min(self.changes.len().saturating_sub(1));
        self.top = self.top.min(self.rows.len().saturating_sub(1));
    }

    /// Lays out the page of what differs beside the text, where that has not been done for this width.
    pub fn lay_page(&mut self, width: u16, settings: &Settings) {
        let Some(compared) = self.compared.as_deref().filter(|_| self.page.is_some()) else { return };
        if self.beyond_width != Some(width) {
            self.beyond = beyond::lay(&beyond::page(compared, settings), width);
            self.beyond_width = Some(width);
        }
    }

    /// How many rows there are, heads included.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// The row with this index.
    pub fn row(&self, index: usize) -> Option<DiffRow> {
        self.rows.get(index).copied()
    }

    /// The index of the first row of each group of changed rows.
    pub fn changes(&self) -> &[usize] {
        &self.changes
    }

    /// The index of each section's head.
    pub fn heads(&self) -> Vec<usize> {
        let heads = self.rows.iter().enumerate().filter(|(_, row)| matches!(row, DiffRow::Head(_)));
        heads.map(|(index, _)| index).collect()
    }

    /// The row that is meant by what is asked about a line: the match, else the change, where they are in sight below the
    /// first shown row, else that.
    pub fn here(&self) -> usize {
        let change = self.changes.get(self.change).copied();
        let near = |row: &usize| (self.top..self.top + 40).contains(row);
        self.found.filter(near).or(change.filter(near)).unwrap_or(self.top)
    }

    /// The rows of the change the screen stands at: its section, and which rows of it.
    pub fn change_rows(&self) -> Option<(usize, std::ops::Range<usize>)> {
        let compared = self.compared.as_ref()?;
        let Some(DiffRow::Row(section, first)) = self.row(*self.changes.get(self.change)?) else { return None };
        let rows = &compared.comparison.sections.get(section)?.rows[first..];
        let count = rows.iter().take_while(|row| row.changed()).count();
        Some((section, first..first + count))
    }
}

/// Runs of rows with nothing to look at, without those beside a change: their first row and how many.
fn folds(section: &SectionDiff) -> Vec<(usize, usize)> {
    let mut folds = Vec::new();
    let mut start = 0;
    let (rows, last) = (&section.rows, section.rows.len());
    for run in rows.chunk_by(|a, b| a.changed() == b.changed()) {
        let end = start + run.len();
        if !run[0].changed() {
            let from = if start == 0 { 0 } else { start + CONTEXT };
            let to = if end == last { last } else { end.saturating_sub(CONTEXT) };
            // a line that says that one is hidden hides nothing
            if from + 1 < to {
                folds.push((from, to - from));
            }
        }
        start = end;
    }
    folds
}

impl Diffing {
    /// How much differs, in one line.
    pub fn summary(&self) -> String {
        let Some(compared) = &self.compared else { return String::new() };
        let sections = &compared.comparison.sections;
        let count = |wanted: &[RowKind]| {
            sections.iter().flat_map(|section| &section.rows).filter(|row| wanted.contains(&row.kind)).count()
        };
        let changed = sections.iter().filter(|section| section.changes > 0).count();
        let both = count(&[
            RowKind::Change,
            RowKind::Replace,
            RowKind::WrapChange,
            RowKind::Blanks,
            RowKind::Ending,
            RowKind::Renumber,
        ]);
        let (removed, added) = (count(&[RowKind::Delete]), count(&[RowKind::Insert]));
        let moved = count(&[RowKind::MoveTo]);
        if changed == 0 {
            let wrapped: usize = sections.iter().map(SectionDiff::wrapped).sum();
            return match wrapped {
                0 => "the texts are the same".to_owned(),
                lines => format!("the texts have the same words; {lines} lines are wrapped anew"),
            };
        }
        format!("{changed} sections differ: ~{both} changed  -{removed} removed  +{added} added  <>{moved} moved")
    }
}
