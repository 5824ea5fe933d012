//! Moving the cursor: by character, word, row, paragraph and page, and selecting on the way.

use unicode_segmentation::UnicodeSegmentation;

use super::layout::Walk;
use super::{Buffer, Select, graphemes};

/// How much of a line is looked at for the end of a word, in characters. Longer words end there.
const WORD: usize = 2048;

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One grapheme back, over line endings.
    Left,
    /// One grapheme on, over line endings.
    Right,
    /// To the start of this or the previous word.
    WordLeft,
    /// To the end of this or the next word.
    WordRight,
    /// One wrapped row up, in the same column; to the start on the first row.
    Up,
    /// One wrapped row down, in the same column; to the end on the last row.
    Down,
    /// To the start of the row; from there to the first letter of the line, and to and fro between that and its start.
    LineStart,
    /// To the end of the row; from there to the end of the line.
    LineEnd,
    /// To the blank line above this paragraph.
    ParagraphUp,
    /// To the blank line below this paragraph.
    ParagraphDown,
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// To the start of the text.
    Start,
    /// To the end of the text.
    End,
}

impl Buffer {
    /// Moves the cursor. Without extending, left and right go to the ends of a selection rather than beyond.
    pub fn move_to(&mut self, motion: Motion, select: Select) {
        let selection = self.selection();
        match select {
            Select::Extend => self.anchor = self.anchor.or(Some(self.cursor)),
            Select::Move => self.anchor = None,
        }
        let target = match (motion, selection, select) {
            (Motion::Left, Some(selected), Select::Move) => selected.start,
            (Motion::Right, Some(selected), Select::Move) => selected.end,
            (Motion::Up, ..) => return self.move_rows(-1),
            (Motion::Down, ..) => return self.move_rows(1),
            (Motion::PageUp, ..) => return self.move_page(-1),
            (Motion::PageDown, ..) => return self.move_page(1),
            _ => self.target(motion),
        };
        self.put_cursor(target);
    }

    /// Where a motion that needs no goal column leads.
    pub(super) fn target(&self, motion: Motion) -> usize {
        match motion {
            Motion::Left => graphemes::previous(&self.rope, self.cursor),
            Motion::Right => graphemes::next(&self.rope, self.cursor),
            Motion::WordLeft => self.word_left(),
            Motion::WordRight => self.word_right(),
            Motion::LineStart => self.line_start(),
            Motion::LineEnd => self.line_end(),
            Motion::ParagraphUp => self.paragraph_up(),
            Motion::ParagraphDown => self.paragraph_down(),
            Motion::Start => 0,
            Motion::End => self.rope.len_chars(),
            Motion::Up | Motion::Down | Motion::PageUp | Motion::PageDown => self.cursor,
        }
    }

    fn move_page(&mut self, pages: isize) {
        let rows = isize::try_from(self.viewport.height.saturating_sub(1).max(1)).unwrap_or(1) * pages;
        self.scroll(rows);
        self.move_rows(rows);
    }

    fn move_rows(&mut self, rows: isize) {
        let mut walk = self.walk();
        let column = walk.block.column_of(walk.row, walk.block.byte_of(self.cursor));
        let goal = self.goal.unwrap_or(column);
        let mut moved = false;
        for _ in 0..rows.unsigned_abs() {
            if !(if rows > 0 { walk.down() } else { walk.up() }) {
                break;
            }
            moved = true;
        }
        let target = match (moved, rows > 0) {
            // A grapheme with hidden characters may cover rows of its own; going down must get past it.
            (true, true) => walk.block.char_at(walk.row, goal).max(graphemes::next(&self.rope, self.cursor)),
            (true, false) => walk.block.char_at(walk.row, goal),
            (false, true) => self.rope.len_chars(),
            (false, false) => 0,
        };
        self.put_cursor(target);
        self.goal = Some(goal);
    }

    fn walk(&self) -> Walk<'_> {
        Walk::from_char(&self.rope, self.cursor, self.viewport.text_width())
    }

    fn line_start(&self) -> usize {
        let walk = self.walk();
        let row = walk.block.row_start(walk.row);
        let line = self.line_chars(walk.block.line);
        let indent = self.rope.chars_at(line.start).take(line.len()).take_while(|c| matches!(c, ' ' | '\t')).count();
        let text = graphemes::floor(&self.rope, line.start + indent);
        if row > text && row != self.cursor {
            row
        } else if self.cursor == text {
            line.start
        } else {
            text
        }
    }

    fn line_end(&self) -> usize {
        let walk = self.walk();
        let row = walk.block.row_end(walk.row);
        if row > self.cursor { row } else { self.line_chars(walk.block.line).end }
    }

    fn word_left(&self) -> usize {
        let line = self.line_chars(self.rope.char_to_line(self.cursor));
        if self.cursor == line.start {
            return graphemes::previous(&self.rope, self.cursor);
        }
        let from = line.start.max(self.cursor.saturating_sub(WORD));
        let text = self.slice(from..self.cursor);
        let word = text.split_word_bound_indices().rfind(|(_, piece)| is_word(piece));
        let target = from + word.map_or(0, |(at, _)| text[..at].chars().count());
        graphemes::floor(&self.rope, target)
    }

    fn word_right(&self) -> usize {
        let line = self.line_chars(self.rope.char_to_line(self.cursor));
        if self.cursor >= line.end {
            return graphemes::next(&self.rope, self.cursor);
        }
        let to = line.end.min(self.cursor + WORD);
        let text = self.slice(self.cursor..to);
        let word = text.split_word_bound_indices().find(|(_, piece)| is_word(piece));
        let target = word.map_or(to, |(at, piece)| self.cursor + text[..at + piece.len()].chars().count());
        graphemes::ceil(&self.rope, target)
    }

    fn paragraph_up(&self) -> usize {
        let line = self.rope.char_to_line(self.cursor);
        let text = (0..line).rev().find(|&line| !self.is_blank_line(line));
        let above = text.and_then(|text| (0..text).rev().find(|&line| self.is_blank_line(line)));
        above.map_or(0, |line| self.rope.line_to_char(line))
    }

    fn paragraph_down(&self) -> usize {
        let line = self.rope.char_to_line(self.cursor);
        let all = self.rope.len_lines();
        let text = (line..all).find(|&line| !self.is_blank_line(line));
        let below = text.and_then(|text| (text..all).find(|&line| self.is_blank_line(line)));
        below.map_or(self.rope.len_chars(), |line| self.rope.line_to_char(line))
    }

    fn is_blank_line(&self, line: usize) -> bool {
        self.rope.line(line).chars().all(char::is_whitespace)
    }
}

/// Whether a piece between two word boundaries is a word and not punctuation or blanks.
fn is_word(piece: &str) -> bool {
    piece.chars().any(|c| c.is_alphanumeric() || c == '_')
}
