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
}

/// What is not committed yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committing {
    /// What the next question is about.
    pub asking: Vec<Written>,
    /// What was left for later: the action that commits takes it along.
    pub left: Vec<Written>,
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
