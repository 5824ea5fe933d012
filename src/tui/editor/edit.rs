//! Typing, pasting and deleting at the cursor. Each edit is one [`Change`], however much it replaces.

use std::borrow::Cow;
use std::ops::Range;

use super::{Buffer, Change, Motion};

impl Buffer {
    /// Types `text` as it is, in the place of the selection if there is one.
    pub fn insert(&mut self, text: &str) -> Option<Change> {
        self.replace(self.place_to_type(), text)
    }

    /// What typing replaces: the selection, or nothing at the cursor. A sign that joined with what follows it is gone on
    /// from behind it.
    pub(super) fn place_to_type(&self) -> Range<usize> {
        let unfinished = self.unfinished.map(|at| at..at).filter(|_| self.selection().is_none());
        unfinished.unwrap_or_else(|| self.selection_or_cursor())
    }

    /// Like [`Buffer::insert`], with every line ending of `text` turned into the buffer's own. Terminals send a lone CR
    /// for a line break in pasted text, so that counts as one too.
    pub fn paste(&mut self, text: &str) -> Option<Change> {
        self.insert(&with_line_endings(text, self.eol))
    }

    /// Deletes the selection, or the grapheme before the cursor.
    pub fn backspace(&mut self) -> Option<Change> {
        self.delete_to(Motion::Left)
    }

    /// Deletes the selection, or the grapheme after the cursor.
    pub fn delete(&mut self) -> Option<Change> {
        self.delete_to(Motion::Right)
    }

    /// Deletes the selection, or back to the start of the word.
    pub fn delete_word_back(&mut self) -> Option<Change> {
        self.delete_to(Motion::WordLeft)
    }

    /// Deletes the selection, or on to the end of the word.
    pub fn delete_word_forward(&mut self) -> Option<Change> {
        self.delete_to(Motion::WordRight)
    }

    /// Deletes the selection, or on to the end of the row and then of the line.
    pub fn delete_to_line_end(&mut self) -> Option<Change> {
        self.delete_to(Motion::LineEnd)
    }

    /// Takes the selected text out; `None` when nothing is selected.
    pub fn cut(&mut self) -> Option<(String, Change)> {
        let text = self.selected_text()?;
        self.delete_to(Motion::Left).map(|change| (text, change))
    }

    /// Replaces the whole text, as after another program has edited it; the cursor stays at the same line.
    pub fn set_text(&mut self, text: &str) -> Option<Change> {
        if self.rope == text {
            return None;
        }
        let (line, column) = self.line_and_column();
        let top = self.top;
        let change = self.replace(0..self.rope.len_chars(), text);
        self.top = top;
        self.go_to(line, column);
        change
    }

    /// Puts the cursor on a line and a character of it, both from 1, or as near as there is text.
    pub fn go_to(&mut self, line: usize, column: usize) {
        let line = self.line_chars(line.clamp(1, self.rope.len_lines()) - 1);
        let at = (line.start + column.max(1) - 1).min(line.end);
        self.select(at..at);
        self.deselect();
    }

    fn delete_to(&mut self, motion: Motion) -> Option<Change> {
        let range = self.selection().unwrap_or_else(|| {
            let target = self.target(motion);
            target.min(self.cursor)..target.max(self.cursor)
        });
        self.replace(range, "")
    }

    pub(super) fn selection_or_cursor(&self) -> Range<usize> {
        self.selection().unwrap_or(self.cursor..self.cursor)
    }
}

fn with_line_endings<'a>(text: &'a str, eol: &str) -> Cow<'a, str> {
    if !text.contains('\r') && (eol == "\n" || !text.contains('\n')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'\r', b'\n', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(eol);
        rest = rest[at..].strip_prefix("\r\n").unwrap_or(&rest[at + 1..]);
    }
    out.push_str(rest);
    Cow::Owned(out)
}
