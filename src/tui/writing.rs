//! A text with an undo of its own: the message to a model, the value of a variable.

use crate::tui::draft::EditKind;
use crate::tui::editor::{Buffer, Change, Snapshot};

/// A small text that is written.
#[derive(Debug)]
pub struct Writing {
    /// The text.
    pub buffer: Buffer,
    past: Vec<Snapshot>,
    undone: Vec<Snapshot>,
    last: Option<EditKind>,
}

impl Writing {
    /// With `text` in it, the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut buffer = Buffer::new(text, "\n");
        buffer.move_to(crate::tui::editor::Motion::End, crate::tui::editor::Select::Move);
        Self { buffer, past: Vec::new(), undone: Vec::new(), last: None }
    }

    /// Changes the text; changes of one kind in a row are one undo step.
    pub fn edit(&mut self, kind: EditKind, change: impl FnOnce(&mut Buffer) -> Option<Change>) {
        let (before, revision) = (self.buffer.snapshot(), self.buffer.revision());
        change(&mut self.buffer);
        if self.buffer.revision() == revision {
            return;
        }
        if kind == EditKind::Single || self.last != Some(kind) {
            self.past.push(before);
        }
        self.last = Some(kind);
        self.undone.clear();
    }

    /// The next change begins a new undo step, whatever it is.
    pub fn end_group(&mut self) {
        self.last = None;
    }

    /// One step back; `false` when there is none.
    pub fn undo(&mut self) -> bool {
        let Some(snapshot) = self.past.pop() else { return false };
        self.undone.push(self.buffer.snapshot());
        self.buffer.restore(&snapshot);
        self.last = None;
        true
    }

    /// One step forward again; `false` when there is none.
    pub fn redo(&mut self) -> bool {
        let Some(snapshot) = self.undone.pop() else { return false };
        self.past.push(self.buffer.snapshot());
        self.buffer.restore(&snapshot);
        self.last = None;
        true
    }
}
