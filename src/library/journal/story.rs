//! What a journal tells when it is read from its start: the text at its end, what stood in the file, and the steps that
//! undo and redo would take.
//!
//! Who writes a journal keeps the story of it and tells it each record too, so that both always say the same.

use std::collections::VecDeque;

use ropey::Rope;

use super::{Edit, Record};

/// So many undo steps are kept over a restart, undone ones included.
pub const MOST_STEPS: usize = 1_000;
/// And so many bytes of what they took and gave.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;

/// A text and how it came to be.
#[derive(Debug, Clone)]
pub struct Story {
    /// When the text changed last, in milliseconds since 1970.
    at_ms: u64,
    text: Rope,
    /// What the file holds as far as is known.
    file: Rope,
    /// How many past steps there were when the text was that.
    depth: usize,
    /// What was about to be written to the file, when it is not known whether it was.
    offered: Option<Rope>,
    /// Each leads from its text to the next; the last one to the text.
    past: VecDeque<Edit>,
    /// Each leads to the text that was undone; the last one from the text.
    undone: Vec<Edit>,
    weight: usize,
}

/// The steps around a text: what undo and redo take after a restart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Steps {
    /// The last one led to the text.
    pub past: Vec<Edit>,
    /// The last one leads from the text to what was undone last.
    pub undone: Vec<Edit>,
}

/// What a journal has to say about a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The steps around the text of the file.
    pub steps: Steps,
    /// A text that is not in the file.
    pub unsaved: Option<Unsaved>,
    /// Whether there were steps that no longer fit, because somebody else has changed the file.
    pub dropped: bool,
}

/// A text that did not get into its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    /// When it changed last, in milliseconds since 1970.
    pub at_ms: u64,
    /// The text.
    pub text: String,
    /// What the file held when it was typed, where somebody else has changed the file since.
    pub base: Option<String>,
}

impl Story {
    /// A text that stands in its file, without a past.
    pub fn new(text: &str, at_ms: u64) -> Self {
        Self::of(Rope::from_str(text), at_ms)
    }

    fn of(text: Rope, at_ms: u64) -> Self {
        Self {
            at_ms,
            file: text.clone(),
            text,
            depth: 0,
            offered: None,
            past: VecDeque::new(),
            undone: Vec::new(),
            weight: 0,
        }
    }

    /// A text that stands in its file, with the steps around it.
    pub fn with_steps(text: &str, steps: Steps, at_ms: u64) -> Self {
        let mut story = Self::new(text, at_ms);
        story.past = steps.past.into();
        story.undone = steps.undone;
        story.depth = story.past.len();
        story.weight = story.past.iter().chain(&story.undone).map(Edit::weight).sum();
        story.trim();
        story
    }

    /// What the records tell; `None` when they begin without a text. Ends where one does not fit the others.
    pub fn replay<'r>(records: impl IntoIterator<Item = &'r Record>) -> Option<Self> {
        let mut records = records.into_iter().skip_while(|record| matches!(record, Record::About { .. }));
        let Record::Text { at_ms, text } = records.next()? else { return None };
        let mut story = Self::new(text, *at_ms);
        for record in records {
            if !story.tell(record) {
                break;
            }
        }
        Some(story)
    }

    /// The text at its end.
    pub fn text(&self) -> &Rope {
        &self.text
    }

    /// Whether the text stands in the file, as far as is known.
    pub fn is_saved(&self) -> bool {
        self.offered.is_none() && self.text == self.file
    }

    /// Goes on by one record; `false`, and nothing is changed, when it does not fit.
    pub fn tell(&mut self, record: &Record) -> bool {
        match record {
            Record::About { .. } => {}
            Record::Text { at_ms, text } => *self = Self::new(text, *at_ms),
            Record::Now { at_ms, edit } => return self.change(*at_ms, edit),
            Record::Step => {
                self.weight -= self.undone.drain(..).map(|edit| edit.weight()).sum::<usize>();
                self.put(Edit::default(), true);
            }
            Record::Undo => {
                // a step from before the journal began: what it did follows
                let known = self.past.pop_back();
                let edit = known.clone().unwrap_or_default();
                if !edit.clone().reversed().apply(&mut self.text) {
                    self.past.extend(known);
                    return false;
                }
                self.weight -= known.map_or(0, |known| known.weight());
                self.put(edit, false);
            }
            Record::Redo => {
                let known = self.undone.pop();
                let edit = known.clone().unwrap_or_default();
                if !edit.apply(&mut self.text) {
                    self.undone.extend(known);
                    return false;
                }
                self.weight -= known.map_or(0, |known| known.weight());
                self.put(edit, true);
            }
            Record::Saving { edit } => {
                let mut offered = self.text.clone();
                if !edit.apply(&mut offered) {
                    return false;
                }
                self.offered = Some(offered);
            }
            Record::Saved => {
                if let Some(offered) = self.offered.take() {
                    self.file = offered;
                    self.depth = self.past.len();
                }
            }
        }
        true
    }

    /// The fewest records that tell the same.
    pub fn records(&self) -> Vec<Record> {
        let at_ms = self.at_ms;
        let mut text = self.text.clone();
        for edit in self.past.iter().rev() {
            edit.clone().reversed().apply(&mut text);
        }
        let mut records = vec![Record::Text { at_ms, text: text.to_string() }];
        let depth = self.depth.min(self.past.len());
        let file = self.file.to_string();
        let saved = |text: &Rope, records: &mut Vec<Record>| {
            records.extend([Record::Saving { edit: Edit::between(text, &file) }, Record::Saved]);
        };
        for (index, edit) in self.past.iter().enumerate() {
            if index == depth {
                saved(&text, &mut records);
            }
            edit.apply(&mut text);
            records.extend([Record::Step, Record::Now { at_ms, edit: edit.clone() }]);
        }
        if depth == self.past.len() {
            saved(&text, &mut records);
        }
        if let Some(offered) = &self.offered {
            records.push(Record::Saving { edit: Edit::between(&text, &offered.to_string()) });
        }
        for edit in self.undone.iter().rev() {
            records.extend([Record::Step, Record::Now { at_ms, edit: edit.clone() }]);
        }
        records.extend(self.undone.iter().map(|_| Record::Undo));
        records
    }

    /// What it says about a file that holds `file` now.
    pub fn compared_with(&self, file: &str) -> Found {
        if self.text == file {
            let steps = Steps { past: kept(self.past.iter()), undone: kept(self.undone.iter()) };
            return Found { steps, ..Found::default() };
        }
        // a save may have come to its end without a word about it
        let ours = self.file == file || self.offered.as_ref().is_some_and(|offered| offered == file);
        let unsaved = || Unsaved { at_ms: self.at_ms, text: self.text.to_string(), base: None };
        if ours {
            let steps = Steps { past: self.past_of(file), undone: Vec::new() };
            return Found { steps, unsaved: Some(unsaved()), dropped: false };
        }
        let typed = self.text != self.file;
        let base = Some(self.file.to_string());
        Found {
            steps: Steps::default(),
            unsaved: typed.then(|| Unsaved { base, ..unsaved() }),
            dropped: !self.past.is_empty() || !self.undone.is_empty(),
        }
    }

    /// The steps that lead to what the file holds.
    fn past_of(&self, file: &str) -> Vec<Edit> {
        let depth = self.depth.min(self.past.len());
        let mut text = self.text.clone();
        for edit in self.past.iter().skip(depth).rev() {
            edit.clone().reversed().apply(&mut text);
        }
        if text == file || depth == 0 {
            return kept(self.past.iter().take(depth));
        }
        // the file was written in the middle of a step: the part of it that was written is a step of its own
        let last = &self.past[depth - 1];
        last.clone().reversed().apply(&mut text);
        let part = Edit::between(&text, file);
        kept(self.past.iter().take(depth - 1).chain([&part]))
    }

    /// The text changes, within the last step.
    fn change(&mut self, at_ms: u64, edit: &Edit) -> bool {
        let before = self.text.clone();
        if !edit.apply(&mut self.text) {
            return false;
        }
        self.at_ms = at_ms;
        if let Some(last) = self.past.back_mut() {
            self.weight -= last.weight();
            last.absorb(edit, &before);
            self.weight += last.weight();
        }
        if let Some(next) = self.undone.last_mut() {
            // what was undone is reached from the new text by way of the old one
            self.weight -= next.weight();
            let mut way = edit.clone().reversed();
            way.absorb(next, &before);
            *next = way;
            self.weight += next.weight();
        }
        self.trim();
        true
    }

    fn put(&mut self, edit: Edit, past: bool) {
        self.weight += edit.weight();
        if past {
            self.past.push_back(edit);
        } else {
            self.undone.push(edit);
        }
        self.trim();
    }

    /// The oldest steps go when there are too many; what is left still leads to the text.
    fn trim(&mut self) {
        while self.past.len() + self.undone.len() > MOST_STEPS || self.weight > MOST_BYTES {
            let gone = match self.past.pop_front() {
                Some(gone) => {
                    self.depth = self.depth.saturating_sub(1);
                    gone
                }
                None if self.undone.is_empty() => break,
                None => self.undone.remove(0),
            };
            self.weight = self.weight.saturating_sub(gone.weight());
        }
    }
}

/// A step that changes nothing is none.
fn kept<'e>(edits: impl Iterator<Item = &'e Edit>) -> Vec<Edit> {
    edits.filter(|edit| !edit.is_empty()).cloned().collect()
}

#[cfg(test)]
mod tests;
