//! The Diff screen: which two sides, what came out, where the screen stands.

use std::sync::Arc;

use semver::Version;

use crate::diff::RowKind;
use crate::tui::compare::Compared;

/// One side of the comparison as it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// The draft.
    Draft,
    /// A frozen version.
    Version(Version),
}

/// The Diff screen.
#[derive(Debug, Default)]
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
    /// The change the screen stands at, counted over all sections.
    pub change: usize,
}

/// A row of the comparison over all sections: which section, which row of it; or the head of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffRow {
    /// The title of the section with this index.
    Head(usize),
    /// Row of a section.
    Row(usize, usize),
}

impl Diffing {
    /// How many rows there are, heads included.
    pub fn row_count(&self) -> usize {
        self.compared
            .as_ref()
            .map_or(0, |compared| compared.comparison.sections.iter().map(|section| section.rows.len() + 1).sum())
    }

    /// The row with this index.
    pub fn row(&self, index: usize) -> Option<DiffRow> {
        let compared = self.compared.as_ref()?;
        let mut left = index;
        for (number, section) in compared.comparison.sections.iter().enumerate() {
            if left == 0 {
                return Some(DiffRow::Head(number));
            }
            if left <= section.rows.len() {
                return Some(DiffRow::Row(number, left - 1));
            }
            left -= section.rows.len() + 1;
        }
        None
    }

    /// The index of the first row of each group of changed rows.
    pub fn changes(&self) -> Vec<usize> {
        let Some(compared) = &self.compared else { return Vec::new() };
        let mut starts = Vec::new();
        let mut index = 0;
        for section in &compared.comparison.sections {
            index += 1;
            let mut inside = false;
            for row in &section.rows {
                let changed = row.changed();
                if changed && !inside {
                    starts.push(index);
                }
                inside = changed;
                index += 1;
            }
        }
        starts
    }

    /// The index of each section's head.
    pub fn heads(&self) -> Vec<usize> {
        let Some(compared) = &self.compared else { return Vec::new() };
        let mut index = 0;
        let sections = compared.comparison.sections.iter();
        sections
            .map(|section| {
                let head = index;
                index += section.rows.len() + 1;
                head
            })
            .collect()
    }
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
            let wrapped: usize = sections.iter().map(crate::diff::SectionDiff::wrapped).sum();
            return match wrapped {
                0 => "the texts are the same".to_owned(),
                lines => format!("the texts have the same words; {lines} lines are wrapped anew"),
            };
        }
        format!("{changed} sections differ: ~{both} changed  -{removed} removed  +{added} added  <>{moved} moved")
    }
}
