//! The mouse: from a cell of the pane to a place in the text.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::layout::Walk;
use super::{Buffer, Select, graphemes};

/// How far to both sides of a click a word is looked for, in characters.
const WORD: usize = 1024;

/// What a drag selects by: what the click before it has chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grain {
    /// By characters, after one click.
    Letters,
    /// By words, after two; the word that was clicked stays selected.
    Words(Range<usize>),
    /// By lines, after three; the line that was clicked stays selected.
    Lines(Range<usize>),
}

impl Buffer {
    /// Puts the cursor where the pane was clicked, or extends the selection to there. Columns and rows count from the
    /// top left cell of the area the buffer is drawn in.
    pub fn click(&mut self, column: u16, row: u16, select: Select) {
        let at = self.place_at(column, row);
        match select {
            Select::Extend => self.anchor = self.anchor.or(Some(self.cursor)),
            Select::Move => self.anchor = None,
        }
        self.put_cursor(at);
    }

    /// Selects the word, the blanks or the other character at the cursor: the second click.
    pub fn select_word(&mut self) -> Grain {
        let word = self.word_around(self.cursor);
        self.select(word.clone());
        Grain::Words(word)
    }

    /// Selects the cursor's line with its ending: the third click.
    pub fn select_line(&mut self) -> Grain {
        let line = self.line_around(self.cursor);
        self.select(line.clone());
        Grain::Lines(line)
    }

    /// Extends the selection to a place of the pane, by what the clicks before have chosen.
    pub fn drag(&mut self, column: u16, row: u16, grain: &Grain) {
        let at = self.place_at(column, row);
        let (first, here) = match grain {
            Grain::Letters => return self.click(column, row, Select::Extend),
            Grain::Words(first) => (first, self.word_around(at)),
            Grain::Lines(first) => (first, self.line_around(at)),
        };
        let (anchor, cursor) =
            if here.start < first.start { (first.end, here.start) } else { (first.start, here.end.max(first.end)) };
        self.anchor = Some(graphemes::floor(&self.rope, anchor));
        self.put_cursor(graphemes::ceil(&self.rope, cursor));
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

    fn line_around(&self, at: usize) -> Range<usize> {
        let line = self.rope.char_to_line(at.min(self.rope.len_chars()));
        self.rope.line_to_char(line)..self.rope.line_to_char(line + 1)
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
