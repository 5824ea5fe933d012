//! What is searched for in the prompt, over all its sections, and what is put in its place.
//!
//! The search itself runs on a thread of its own, on a copy of the text that costs nothing. What it finds belongs to the
//! revisions of that text: it is used as long as they stay, else it is searched for again.

mod form;
mod seek;

use std::ops::Range;
use std::sync::Arc;

use ropey::Rope;

use crate::tui::draft::Draft;
use crate::tui::editor::{Case, Needle, Reading};

pub use form::{Field, SearchForm, Task};
pub use seek::{Edit, replace_all, replacement, seek};

/// How letters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Letters {
    /// Capitals count when there is one in what is searched for.
    #[default]
    Smart,
    /// Capitals count.
    Exact,
    /// Capitals do not count.
    Any,
}

/// What is searched for, and where.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Query {
    /// What was written.
    pub text: String,
    /// How letters are compared.
    pub letters: Letters,
    /// How it is read.
    pub reading: Reading,
    /// The one text pane to search; `None` searches all.
    pub only: Option<usize>,
}

impl Query {
    /// What to look for; `None` when nothing was written.
    ///
    /// # Errors
    /// What is wrong with a pattern.
    pub fn needle(&self) -> Result<Option<Needle>, String> {
        Needle::read(&self.text, self.case(), self.reading)
    }

    fn case(&self) -> Case {
        match self.letters {
            Letters::Exact => Case::Exact,
            Letters::Any => Case::Ignore,
            Letters::Smart => {
                let mut escaped = false;
                // `\S` is no capital of somebody's text
                let has_capital = self.text.chars().any(|c| {
                    let counts = !(escaped && self.reading.pattern);
                    escaped = c == '\\' && !escaped;
                    counts && c.is_uppercase()
                });
                if has_capital { Case::Exact } else { Case::Ignore }
            }
        }
    }
}

/// One search that is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Only the result of the last one counts.
    pub number: u64,
    /// What is searched for.
    pub query: Query,
    /// What would be put in its place.
    pub with: Option<String>,
    /// The text panes with their revisions.
    pub texts: [(u64, Rope); 6],
    /// The file's line ending.
    pub eol: &'static str,
}

impl Search {
    /// What `finding` is after, in the texts of `draft` as they are now.
    pub fn new(number: u64, finding: &Finding, draft: &Draft) -> Self {
        let texts = draft.panes.each_ref().map(|pane| (pane.revision(), pane.rope().clone()));
        let (query, with) = (finding.query.clone(), finding.with.clone());
        Self { number, query, with, texts, eol: draft.panes[0].eol() }
    }
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The text pane.
    pub pane: usize,
    /// Its chars there.
    pub chars: Range<usize>,
}

/// A match as it is shown in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its line in the section, from 1.
    pub line: usize,
    /// What stands before it in the line; the end of it.
    pub before: String,
    /// The match.
    pub old: String,
    /// What takes its place; `None` when nothing is replaced.
    pub new: Option<String>,
    /// What stands after it in the line; the start of it.
    pub after: String,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The texts that it was found in.
    pub revisions: [u64; 6],
    /// All of it, in the order of the sections.
    pub places: Vec<Place>,
    /// The first of them, to be shown.
    pub samples: Vec<Sample>,
}

impl Found {
    /// How many sections it is in.
    pub fn sections(&self) -> usize {
        let mut panes: Vec<usize> = self.places.iter().map(|place| place.pane).collect();
        panes.dedup();
        panes.len()
    }

    /// The first place at or after a char of a pane; the first of all when there is none.
    pub fn at_or_after(&self, pane: usize, at: usize) -> usize {
        let next = self.places.partition_point(|place| (place.pane, place.chars.start) < (pane, at));
        if next == self.places.len() { 0 } else { next }
    }

    /// The last place before a char of a pane; the last of all when there is none.
    pub fn before(&self, pane: usize, at: usize) -> usize {
        let next = self.places.partition_point(|place| (place.pane, place.chars.start) < (pane, at));
        next.checked_sub(1).unwrap_or(self.places.len().saturating_sub(1))
    }
}

/// What is done as soon as a search has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Go to the match at or after the cursor.
    Here,
    /// Go to the next match.
    Next,
    /// Go to the match before.
    Previous,
    /// Replace the chosen match.
    Replace,
}

/// The search that `n` goes on with.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What is searched for.
    pub query: Query,
    /// What would be put in its place, while that is asked for.
    pub with: Option<String>,
    /// The same, to mark its matches where they are seen.
    pub needle: Option<Needle>,
    /// Whether they are marked.
    pub marked: bool,
    /// What was found.
    pub found: Option<Arc<Found>>,
    /// What is wrong with what is searched for.
    pub problem: Option<String>,
    /// What follows when it is found.
    pub then: Option<Then>,
    /// The revisions that were searched last.
    pub asked: Option<[u64; 6]>,
}

impl Finding {
    /// A search that has not begun.
    pub fn new(query: Query, with: Option<String>) -> Self {
        let (needle, problem) = match query.needle() {
            Ok(needle) => (needle, None),
            Err(problem) => (None, Some(problem)),
        };
        Self { query, with, needle, marked: true, found: None, problem, then: None, asked: None }
    }

    /// What was found, if it was found in the texts as they are.
    pub fn fresh(&self, draft: &Draft) -> Option<&Arc<Found>> {
        self.found.as_ref().filter(|found| found.revisions == revisions(draft))
    }

    /// The needle to mark in a text pane.
    pub fn marks(&self, pane: usize) -> Option<&Needle> {
        self.needle.as_ref().filter(|_| self.marked && self.query.only.is_none_or(|only| only == pane))
    }
}

/// The revisions of the text panes.
pub fn revisions(draft: &Draft) -> [u64; 6] {
    draft.panes.each_ref().map(crate::tui::editor::Buffer::revision)
}
