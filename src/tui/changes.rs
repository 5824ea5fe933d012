//! What differs between two texts, in few rows: for the boxes that ask which of them is wanted.
//!
//! Made where there is time for it, drawn as it is.

use std::ops::Range;

use serde_json::Map;

use crate::diff::{self, State, Which};

/// So many lines are shown; the rest is counted.
const MOST_LINES: usize = 400;
/// So many bytes of a line are kept, around what differs in it.
const MOST_BYTES: usize = 2_000;

/// Rows that say what becomes of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The rows, section by section.
    pub rows: Vec<ChangeRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeRow {
    /// A section, with how many lines come and go in it.
    Section {
        /// What it is called.
        title: &'static str,
        /// Lines that come.
        added: usize,
        /// Lines that go.
        removed: usize,
    },
    /// A line that comes or goes.
    Line {
        /// Whether it comes.
        comes: bool,
        /// Its text without its ending.
        text: String,
        /// Its words that differ, in bytes.
        marks: Vec<Range<usize>>,
    },
    /// So many lines more are not shown.
    More(usize),
}

impl Changes {
    /// What makes `from` into `to`. Takes time in proportion to the texts.
    pub fn between(from: &str, to: &str) -> Self {
        let config = Map::new();
        let comparison = diff::compare(State { text: from, config: &config }, State { text: to, config: &config });
        let mut rows = Vec::new();
        let (mut shown, mut hidden) = (0, 0);
        for section in comparison.sections.iter().filter(|section| section.changes > 0) {
            let head = rows.len();
            let (mut added, mut removed) = (0, 0);
            rows.push(ChangeRow::More(0));
            for row in section.rows.iter().filter(|row| row.changed()) {
                for (which, text) in [(Which::From, from), (Which::To, to)] {
                    let Some(line) = comparison.line(row, which) else { continue };
                    let comes = which == Which::To;
                    *(if comes { &mut added } else { &mut removed }) += 1;
                    if shown == MOST_LINES {
                        hidden += 1;
                        continue;
                    }
                    shown += 1;
                    rows.push(kept(comes, &text[line.range], line.emphasis));
                }
            }
            let title = section.id.map_or("Unsorted", |id| id.title());
            rows[head] = ChangeRow::Section { title, added, removed };
        }
        if hidden > 0 {
            rows.push(ChangeRow::More(hidden));
        }
        Self { rows }
    }

    /// What differs in a part of a text, which is in the section `title`.
    pub fn within(title: &'static str, from: &str, to: &str) -> Self {
        let mut changes = Self::between(from, to);
        if let [ChangeRow::Section { title: named, .. }, rest @ ..] = &mut *changes.rows
            && !rest.iter().any(|row| matches!(row, ChangeRow::Section { .. }))
        {
            *named = title;
        }
        changes
    }

    /// In one line: how much comes and goes, and where.
    pub fn summary(&self) -> String {
        let sections: Vec<String> = self
            .rows
            .iter()
            .filter_map(|row| match row {
                ChangeRow::Section { title, added, removed } => Some(format!("{title} +{added} −{removed}")),
                _ => None,
            })
            .collect();
        if sections.is_empty() { "nothing that can be seen".to_owned() } else { sections.join(", ") }
    }
}

fn kept(comes: bool, line: &str, marks: &[Range<usize>]) -> ChangeRow {
    let line = line.trim_end_matches(['\r', '\n']);
    let mut start = marks.first().map_or(0, |mark| mark.start.saturating_sub(MOST_BYTES / 2)).min(line.len());
    start = line.floor_char_boundary(start);
    let end = line.floor_char_boundary(line.len().min(start + MOST_BYTES));
    let within = |mark: &Range<usize>| mark.start.clamp(start, end) - start..mark.end.clamp(start, end) - start;
    let marks = marks.iter().map(within).filter(|mark| !mark.is_empty()).collect();
    ChangeRow::Line { comes, text: line[start..end].to_owned(), marks }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_goes_and_comes_under_its_section_with_its_words_marked() {
        let from = "# Identity\nI am Wren.\nStays.\n# Safety Rails\nNever.\n";
        let to = "# Identity\nI am Robin.\nStays.\n# Safety Rails\nNever.\nEver.\n";
        let changes = Changes::between(from, to);
        assert_eq!(changes.summary(), "Identity & Role +1 −1, Safety Rails +1 −0");
        let ChangeRow::Line { comes: false, text, marks } = &changes.rows[1] else { panic!("{:?}", changes.rows) };
        assert_eq!((text.as_str(), &text[marks[0].clone()]), ("I am Wren.", "Wren"));
    }

    #[test]
    fn many_lines_are_counted_and_a_long_line_is_cut_around_its_change() {
        let long = "words ".repeat(10_000);
        let changes = Changes::between(&format!("{long}one {long}"), &format!("{long}two {long}"));
        let ChangeRow::Line { text, .. } = &changes.rows[1] else { panic!("{:?}", changes.rows) };
        assert!(text.len() <= MOST_BYTES, "{}", text.len());
        let many: String = (0..1_000).map(|number| number.to_string() + "\n").collect();
        let changes = Changes::between("", &many);
        assert_eq!(changes.rows.last(), Some(&ChangeRow::More(1_000 - MOST_LINES)));
        assert_eq!(Changes::between("a", "a").rows, []);
    }
}
