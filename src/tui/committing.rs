//! What greenroom has written into a library that git keeps, until it is committed or left as it is.
//!
//! Whoever writes such files tells it with [`Msg::Wrote`](crate::tui::msg::Msg::Wrote); whether it is asked about, done at
//! once or left is `[git] commit` of the library, and is decided in one place.

use std::path::PathBuf;

use crate::git::subject;

/// Files that were written together, and what a commit of them says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The files, as paths that can be opened.
    pub files: Vec<PathBuf>,
    /// What was done, in words; its first line is the commit's.
    pub what: String,
    /// When it is asked about.
    pub when: When,
}

/// When it is asked whether something is committed, where the library wants to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// As soon as nobody writes: it is a step of its own.
    AtOnce,
    /// With the next step, or when the user says so: there are many of them, and a question after each would be in the way.
    Gathered,
}

/// What is not committed yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committing {
    /// What the next question is about.
    pub asking: Vec<Written>,
    /// What comes along with it; what was done of one kind is one commit.
    pub gathered: Vec<Written>,
    /// What was left for later: the action that commits takes it along.
    pub left: Vec<Written>,
}

impl Committing {
    /// Keeps something for the next question: more of the same goes into the same commit.
    pub fn gather(&mut self, written: Written) {
        match self.gathered.iter_mut().find(|known| known.what == written.what) {
            Some(known) => {
                known.files.extend(written.files);
                known.files.sort();
                known.files.dedup();
            }
            None => self.gathered.push(written),
        }
    }

    /// Asks about a step next, and about what was gathered. What stands in the step's own files cannot be a commit of its
    /// own any more: it is part of the step.
    pub fn step(&mut self, mut step: Written) {
        let is_of_it = |known: &Written| known.files.iter().any(|file| step.files.contains(file));
        let (of_it, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.gathered).into_iter().partition(is_of_it);
        step.files.extend(of_it.into_iter().flat_map(|written| written.files));
        step.files.sort();
        step.files.dedup();
        self.asking.extend(others);
        self.asking.push(step);
    }
}

impl Written {
    /// The line of the commit.
    pub fn subject(&self) -> String {
        subject(&self.what)
    }
}

/// `1 file` or `5 files`.
pub fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}
