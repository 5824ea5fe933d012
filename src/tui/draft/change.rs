//! What changes the text of an open prompt: typing, undo and redo, another text in its place, a heading that was typed.

use std::sync::Arc;

use ropey::Rope;

use super::text::{hollow, split};
use super::{Draft, EditKind, PaneId, history, section_of};
use crate::library::journal::Edit;
use crate::prompt::Document;
use crate::tui::editor::Buffer;

impl Draft {
    /// Before a change of the text: remembers the state, unless the change belongs to the same group as the last one.
    pub fn remember(&mut self, kind: EditKind) {
        let pane = match self.focus {
            PaneId::Text(index) => index,
            _ => 0,
        };
        if self.history.starts_group(pane, kind) {
            let past = self.past();
            self.history.push(past);
        }
    }

    /// A change that changed nothing leaves no undo step.
    pub fn forget_if_unchanged(&mut self) {
        self.history.forget(self.state);
    }

    /// After a change of the text. A section that had no heading gets one with its first text.
    pub fn touched(&mut self) {
        self.state = self.next_state;
        self.next_state += 1;
        self.moment += 1;
        let headless = |index: &usize| {
            self.panes[*index].rope().len_bytes() > 0 && self.skeleton.part(section_of(*index)).is_none()
        };
        if (1..6).any(|index| headless(&index)) {
            let mut document = (*self.skeleton).clone();
            self.text().fill(&mut document);
            self.skeleton = Arc::new(hollow(document));
        }
    }

    /// One step back; `false` when there is none.
    pub fn undo(&mut self) -> bool {
        let back = self.history.undo(self.past());
        self.go_back(back)
    }

    /// One step forward again; `false` when there is none.
    pub fn redo(&mut self) -> bool {
        let next = self.history.redo(self.past());
        self.go_back(next)
    }

    fn go_back(&mut self, to: Option<history::Back>) -> bool {
        match to {
            None => return false,
            Some(history::Back::State(past)) => {
                self.become_past(*past);
                self.moment += 1;
            }
            Some(history::Back::Text(text)) => {
                self.become_text(&text);
                self.touched();
            }
        }
        true
    }

    /// Puts `text` in place of whole lines of a pane, from 0, as one undoable step: they get the line endings of the
    /// prompt, and the last one keeps its own; no text takes the lines out. The cursor goes there. Costs what the lines
    /// cost, whatever the length of the prompt.
    pub fn replace_lines(&mut self, pane: usize, lines: std::ops::Range<usize>, text: &str) {
        let past = self.past();
        self.history.push(past);
        self.history.end_group();
        let buffer = &mut self.panes[pane];
        let rope = buffer.rope();
        let start = rope.line_to_char(lines.start.min(rope.len_lines()));
        let end = rope.line_to_char(lines.end.min(rope.len_lines()));
        let place = if !text.is_empty() {
            let last = rope.line_to_char(lines.end.saturating_sub(1).min(rope.len_lines()));
            start..end - ending(rope, last..end)
        } else if lines.end >= rope.len_lines() && start > 0 {
            // the ending of the body's last line is not in the pane: that of the line before goes instead
            let before = rope.line_to_char(lines.start.saturating_sub(1));
            start - ending(rope, before..start)..end
        } else {
            start..end
        };
        let new = text.lines().collect::<Vec<_>>().join(buffer.eol());
        buffer.replace(place, &new);
        self.focus = PaneId::Text(pane);
        self.touched();
        // a heading in it begins a section
        if Document::parse(text).parts().len() > 1 {
            self.resplit();
        }
        self.keep_focus_shown();
    }

    /// Takes `text` as the whole text, as one undoable step; the cursor goes to what differs.
    pub fn replace_text(&mut self, text: &str) {
        self.take_text(text, false);
    }

    /// Takes a text that was taken apart already as the whole text, as one undoable step; the cursor goes to what differs.
    pub fn replace_document(&mut self, document: Document) {
        let past = self.past();
        self.history.push(past);
        self.history.end_group();
        self.become_document(document);
        self.touched();
    }

    /// Takes `text` as the whole text, as one undoable step. The cursor stays where it is while somebody types there.
    pub fn take_text(&mut self, text: &str, typing: bool) {
        let past = self.past();
        self.history.push(past);
        self.history.end_group();
        let (focus, cursors) = (self.focus, self.panes.each_ref().map(Buffer::cursor));
        let before = typing.then(|| self.panes.each_ref().map(|pane| pane.rope().clone()));
        self.become_text(text);
        for (index, before) in before.into_iter().flatten().enumerate() {
            let pane = &mut self.panes[index];
            let after = moved(cursors[index], &before, pane.rope());
            pane.select(after..after);
            pane.deselect();
        }
        if typing {
            self.focus = focus;
            self.keep_focus_shown();
        }
        self.touched();
    }

    /// Shows `text`; the cursor goes to what differs, and panes that do not differ stay as they are.
    fn become_text(&mut self, text: &str) {
        self.become_document(Document::parse(text));
    }

    fn become_document(&mut self, document: Document) {
        let same_endings = document.eol == self.skeleton.eol;
        let mut changed = None;
        for (index, pane) in self.panes.iter_mut().enumerate() {
            let body = document.body(section_of(index));
            if *pane.rope() == body {
                continue;
            }
            let edit = Edit::between(pane.rope(), body);
            let (start, end) = (edit.at, edit.at + edit.removed.len());
            let chars = pane.rope().byte_to_char(start)..pane.rope().byte_to_char(end);
            if same_endings {
                pane.replace(chars, &edit.inserted);
            } else {
                *pane = Buffer::new(body, document.eol.as_str());
            }
            changed = changed.or(Some(index));
        }
        self.skeleton = Arc::new(hollow(document));
        if let (Some(index), PaneId::Text(_)) = (changed, self.focus) {
            self.focus = PaneId::Text(index);
        }
        self.keep_focus_shown();
    }

    /// Splits the text anew when what was typed changed the sections, for example a heading. The bytes stay the same.
    /// `true` when the panes changed.
    pub fn resplit(&mut self) -> bool {
        let text = self.text().to_text();
        let document = Document::parse(&text);
        let same = (0..6).all(|index| *self.panes[index].rope() == document.body(section_of(index)));
        if same {
            // headings of absent sections may have appeared
            self.skeleton = Arc::new(hollow(document));
            return false;
        }
        // empty lines around a text are the file's when it is read; while it is written in they stay where they were typed
        let ends = |text: &str| text.trim_matches(['\r', '\n']).to_owned();
        if (0..6).all(|index| ends(&self.panes[index].text()) == ends(document.body(section_of(index)))) {
            return false;
        }
        let (skeleton, panes) = split(&text);
        self.skeleton = skeleton;
        let before = std::mem::replace(&mut self.panes, panes);
        for (pane, before) in self.panes.iter_mut().zip(&before) {
            let (line, column) = before.line_and_column();
            pane.go_to(line, column);
        }
        self.keep_focus_shown();
        true
    }

    fn keep_focus_shown(&mut self) {
        if self.focus == PaneId::Text(0) && self.panes[0].rope().len_bytes() == 0 {
            self.focus = PaneId::Text(1);
        }
    }

    fn past(&self) -> history::Past {
        history::Past {
            state: self.state,
            skeleton: Arc::clone(&self.skeleton),
            panes: self.panes.each_ref().map(Buffer::snapshot),
            focus: self.focus,
        }
    }

    fn become_past(&mut self, past: history::Past) {
        self.skeleton = past.skeleton;
        for (pane, snapshot) in self.panes.iter_mut().zip(&past.panes) {
            pane.restore(snapshot);
        }
        self.state = past.state;
        if matches!(past.focus, PaneId::Text(_)) {
            self.focus = past.focus;
        }
    }
}

/// How many characters the line ending at the end of `chars` has.
fn ending(rope: &Rope, chars: std::ops::Range<usize>) -> usize {
    let at = |back: usize| chars.end.checked_sub(back).filter(|at| *at >= chars.start).map(|at| rope.char(at));
    match (at(2), at(1)) {
        (Some('\r'), Some('\n')) => 2,
        (_, Some('\n')) => 1,
        _ => 0,
    }
}

/// Where a cursor stands after a text has changed around it.
fn moved(cursor: usize, before: &Rope, after: &Rope) -> usize {
    let edit = Edit::between(before, &after.to_string());
    let start = before.byte_to_char(edit.at);
    let end = before.byte_to_char(edit.at + edit.removed.len());
    let inserted = edit.inserted.chars().count();
    if cursor <= start {
        cursor
    } else if cursor >= end {
        cursor - (end - start) + inserted
    } else {
        start + inserted
    }
}
