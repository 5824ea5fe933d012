//! What a rule found: its place in the text, what is wrong, what to do, and sometimes the edits that do it.

use std::ops::Range;

use super::rule::{Rule, Severity};
use super::view::View;
use crate::prompt::SectionId;

/// A place in a text: line and column, both 1-based, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Point {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// One thing that a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Who found it.
    pub rule: &'static Rule,
    /// How bad it is, as the library sets it.
    pub severity: Severity,
    /// The section it is about; `None` for the unsorted text.
    pub section: Option<SectionId>,
    /// Its line in the whole text, 1-based.
    pub line: usize,
    /// Its column in that line, in characters, 1-based.
    pub column: usize,
    /// Where it ends, after the last character.
    pub end: Point,
    /// Its bytes in the whole text; empty where something is missing.
    pub range: Range<usize>,
    /// What is wrong, in one sentence without a full stop. A secret is never repeated in it.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// What would set it right, where that is safe.
    pub fix: Option<Fix>,
    /// The place in `prompt.toml`, for what stands there and not in the text.
    pub settings: Option<Point>,
}

impl Finding {
    /// The id of its section as JSON has it: `unsorted` for the text before the first heading.
    pub fn section_id(&self) -> &'static str {
        self.section.map_or("unsorted", SectionId::id)
    }
}

/// What sets a finding right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a label: "remove it".
    pub label: String,
    /// The edits, by rising place, none over another.
    pub edits: Vec<Edit>,
}

/// Bytes of the text, and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which bytes.
    pub range: Range<usize>,
    /// What replaces them.
    pub text: String,
}

impl Edit {
    /// Takes these bytes out.
    pub fn remove(range: Range<usize>) -> Self {
        Self { range, text: String::new() }
    }

    /// Puts `text` before the byte `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { range: at..at, text: text.into() }
    }
}

/// `text` after `edits`, which may be in any order; of two that overlap the first one counts.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut done = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits.into_iter().filter(|edit| edit.range.end <= text.len()) {
        if edit.range.start >= at {
            done.push_str(&text[at..edit.range.start]);
            done.push_str(&edit.text);
            at = edit.range.end;
        }
    }
    done.push_str(&text[at..]);
    done
}

/// Sorts findings by their place and gives each its line, column and section, in one walk over the text.
pub(super) fn place(view: &View<'_>, found: &mut [Finding]) {
    found.sort_by_key(|one| (one.range.start, std::cmp::Reverse(one.severity)));
    let mut walk = Walk::default();
    for one in &mut *found {
        let (line, column) = walk.to(view, one.range.start);
        (one.line, one.column) = (line, column);
        if one.section.is_none() {
            one.section = view.lines.get(line - 1).and_then(|line| line.section);
        }
    }
    // ends come in another order than starts
    let mut ends: Vec<&mut Finding> = found.iter_mut().collect();
    ends.sort_by_key(|one| one.range.end);
    let mut walk = Walk::default();
    for one in ends {
        let (line, column) = walk.to(view, one.range.end);
        one.end = Point { line, column };
    }
}

/// How far a walk over the text has come.
#[derive(Default)]
struct Walk {
    line: usize,
    at: usize,
    column: usize,
}

impl Walk {
    /// The line and column of a byte that is not before the last one asked for.
    fn to(&mut self, view: &View<'_>, offset: usize) -> (usize, usize) {
        let line = view.line_at(offset);
        let start = view.lines.get(line).map_or(0, |line| line.start);
        if line != self.line || self.at < start {
            (self.line, self.at, self.column) = (line, start, 0);
        }
        // the end of a line is the last place in it, whatever ending it has
        let offset = offset.min(view.lines.get(line).map_or(0, |line| line.end)).max(self.at);
        let offset = view.text.floor_char_boundary(offset).max(self.at);
        self.column += view.text[self.at..offset].chars().count();
        self.at = offset;
        (line + 1, self.column + 1)
    }
}
