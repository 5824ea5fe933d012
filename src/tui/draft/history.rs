//! Undo and redo over the whole draft, in groups that a person would call one change.

use std::sync::Arc;

use crate::prompt::document::Document;
use crate::tui::draft::{PaneId, StateId};
use crate::tui::editor::Snapshot;

/// How many states are kept; a state shares nearly all of its memory with the next.
const LIMIT: usize = 10_000;

/// What kind of change is made: changes of one kind in a row are one undo step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditKind {
    /// Characters are typed.
    Typing,
    /// Characters are deleted one by one.
    Deleting,
    /// Anything else: a step of its own.
    Single,
}

/// One state of the draft.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its number.
    pub state: StateId,
    /// Its headings.
    pub skeleton: Arc<Document>,
    /// Its texts with their cursors.
    pub panes: [Snapshot; 6],
    /// The pane that had the focus.
    pub focus: PaneId,
}

/// Past and undone states.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<Past>,
    undone: Vec<Past>,
    group: Option<(usize, EditKind)>,
}

impl History {
    /// Whether a change of this kind in this pane begins a new undo step.
    pub fn starts_group(&mut self, pane: usize, kind: EditKind) -> bool {
        let group = Some((pane, kind));
        let starts = kind == EditKind::Single || self.group != group || self.past.is_empty();
        self.group = (kind != EditKind::Single).then_some((pane, kind));
        starts
    }

    /// The next change begins a new undo step, whatever it is.
    pub fn end_group(&mut self) {
        self.group = None;
    }

    /// Remembers a state before it changes.
    pub fn push(&mut self, past: Past) {
        self.undone.clear();
        if self.past.len() == LIMIT {
            self.past.remove(0);
        }
        self.past.push(past);
    }

    /// Drops the newest state when it is the one that is shown: nothing has changed since.
    pub fn forget(&mut self, state: StateId) {
        if self.past.last().is_some_and(|past| past.state == state) {
            self.past.pop();
            self.group = None;
        }
    }

    /// The state before; `now` can be had back with [`History::redo`].
    pub fn undo(&mut self, now: Past) -> Option<Past> {
        let past = self.past.pop()?;
        self.group = None;
        self.undone.push(now);
        Some(past)
    }

    /// The state that was undone last.
    pub fn redo(&mut self, now: Past) -> Option<Past> {
        let next = self.undone.pop()?;
        self.group = None;
        self.past.push(now);
        Some(next)
    }
}
