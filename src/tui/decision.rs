//! A question about two texts: what differs between them, and what is to become of it.

use std::sync::Arc;

use crate::diff::Choice;
use crate::tui::changes::Changes;

/// A question that shows what differs. Nothing is done until it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What it is about.
    pub title: String,
    /// What has happened.
    pub notes: Vec<String>,
    /// What differs.
    pub changes: Arc<Changes>,
    /// The first row of it that is shown.
    pub scroll: usize,
    /// The answers.
    pub answers: Vec<(&'static str, Verdict)>,
    /// The chosen answer.
    pub selected: usize,
    /// What the keys do.
    pub foot: &'static str,
    /// What Esc means.
    pub escape: Verdict,
}

/// What is to become of the two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The text that was found becomes the draft's.
    Restore,
    /// The file stays as it is, and the text that was found goes into a file of its own.
    KeepFile,
    /// Nothing yet.
    Later,
    /// The file's text comes in.
    TakeTheirs,
    /// Ours is written.
    KeepMine,
    /// Both are put together.
    Merge,
    /// One conflict of the merge is decided.
    Choose(Choice),
    /// The workbench is left; ours goes into a file of its own.
    LeaveAside,
}
