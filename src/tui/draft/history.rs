//! Undo and redo over the whole draft, in groups that a person would call one change.

use std::sync::Arc;

use ropey::Rope;

use crate::library::journal::{Edit, Steps};
use crate::prompt::document::Document;
use crate::tui::draft::{DraftText, PaneId, StateId};
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

/// Something that undo and redo do, for the journal: each with the text as it was just before.
#[derive(Debug, Clone, PartialEq)]
pub enum Passed {
    /// A new step begins.
    Step(DraftText),
    /// A step is undone.
    Undone(DraftText),
    /// A step is done again.
    Redone(DraftText),
}

/// A state that can be had back.
#[derive(Debug)]
enum Entry {
    /// One of this session.
    State(Box<Past>),
    /// One of an earlier session: how it differs from the state that is nearer to the one that is shown.
    Kept(Edit),
}

/// What undo and redo lead to.
#[derive(Debug)]
pub enum Back {
    /// A state of this session.
    State(Box<Past>),
    /// The text of an earlier session's state.
    Text(String),
}

/// Past and undone states.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<Entry>,
    undone: Vec<Entry>,
    group: Option<(usize, EditKind)>,
    passed: Vec<Passed>,
}

impl History {
    /// With the steps of an earlier session around the text that is shown.
    pub fn with(steps: Steps) -> Self {
        let kept = |edits: Vec<Edit>| edits.into_iter().map(Entry::Kept).collect();
        Self { past: kept(steps.past), undone: kept(steps.undone), ..Self::default() }
    }

    /// Whether something that was undone can be done again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Whether there is anything to undo.
    pub fn is_empty(&self) -> bool {
        self.past.is_empty()
    }

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
        self.passed.push(Passed::Step(DraftText::of(&past)));
        self.past.push(Entry::State(Box::new(past)));
    }

    /// Drops the newest state when it is the one that is shown: nothing has changed since.
    pub fn forget(&mut self, state: StateId) {
        if matches!(self.past.last(), Some(Entry::State(past)) if past.state == state) {
            self.past.pop();
            if matches!(self.passed.last(), Some(Passed::Step(_))) {
                self.passed.pop();
            }
            self.group = None;
        }
    }

    /// The state before; `now` can be had back with [`History::redo`].
    pub fn undo(&mut self, now: Past) -> Option<Back> {
        let back = match self.past.pop()? {
            Entry::State(past) => Back::State(past),
            Entry::Kept(edit) => Back::Text(applied(&edit.reversed(), &now)?),
        };
        self.group = None;
        self.passed.push(Passed::Undone(DraftText::of(&now)));
        self.undone.push(Entry::State(Box::new(now)));
        Some(back)
    }

    /// The state that was undone last.
    pub fn redo(&mut self, now: Past) -> Option<Back> {
        let next = match self.undone.pop()? {
            Entry::State(next) => Back::State(next),
            Entry::Kept(edit) => Back::Text(applied(&edit, &now)?),
        };
        self.group = None;
        self.passed.push(Passed::Redone(DraftText::of(&now)));
        self.past.push(Entry::State(Box::new(now)));
        Some(next)
    }

    /// What has happened since the last time, for the journal.
    pub fn take_passed(&mut self) -> Vec<Passed> {
        std::mem::take(&mut self.passed)
    }
}

/// The text after an edit. An edit that does not fit was made for another text: it leads nowhere.
fn applied(edit: &Edit, now: &Past) -> Option<String> {
    let mut text = Rope::from_str(&DraftText::of(now).to_text());
    edit.apply(&mut text).then(|| text.to_string())
}
