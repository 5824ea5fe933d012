//! The mouse: from a cell of the pane to a place in the text.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::layout::Walk;
use super::{Buffer, Select, graphemes};

/// How far to both sides of a click a word is looked for, in characters.
const WORD: usize = 1024;

impl Buffer {
    /// Puts the cursor where the pane was clicked, or extends the selection to there while dragging. Columns and rows
    /// count from the top left cell of the area the buffer is drawn in.
    pub fn click(&mut self, column: u16, row: u16, select: Select) {
        let at = self.place_at(column, row);
        match select {
            Select::Extend => self.anchor = self.anchor.or(Some(self.cursor)),
            Select::Move => self.anchor = None,
        }
        self.put_cursor(at);
    }

    /// Selects the word, the blanks or the other character that was clicked.
    pub fn select_word_at(&mut self, column: u16, row: u16) {
        let at = self.place_at(column, row);
        let word = self.word_around(at);
        self.select(word);
    }

    /// Selects the line that was clicked, with its ending.
    pub fn select_line_at(&mut self, column: u16, row: u16) {
        let line = self.rope.char_to_line(self.place_at(column, row));
        self.select(self.rope.line_to_char(line)..self.rope.line_to_char(line + 1));
    }

    fn place_at(&self, column: u16, row: u16) -> usize {
        let mut walk = Walk::from_row(&self.rope, self.top, self.viewport.text_width());
        for _ in 0..row {
            if !walk.down() {
                return self.rope.len_chars();
            }
        }
        walk.block.char_at(walk.row, usize::from(column))
    }

    fn word_around(&self, at: usize) -> Range<usize> {
        let line = self.line_chars(self.rope.char_to_line(at));
        let from = graphemes::floor(&self.rope, line.start.max(at.saturating_sub(WORD)));
        let text = self.slice(from..line.end.min(at + WORD));
        let mut start = from;
        for piece in text.split_word_bounds() {
            let end = start + piece.chars().count();
            if end > at {
                return start..end;
            }
            start = end;
        }
        at..at
    }
}
