//! Which row of the wrapped text a place is on, and which place a row and a column are.
//!
//! Nothing is remembered between two questions: a row is found from its own line alone. A line longer than two blocks
//! is laid out block by block, each wrapped as if it stood alone and starting after a blank near a multiple of
//! [`BLOCK`]. One row in about thirty is then shorter than it could be, and in return a line of a megabyte costs no more
//! for a frame or a key than a line of a page.

use std::borrow::Cow;
use std::ops::Range;

use ropey::Rope;

use super::{graphemes, reader};
use crate::prompt::wrap;

/// Characters laid out at once; lines of less than twice as many are one block.
const BLOCK: usize = 2048;

/// How far from a multiple of [`BLOCK`] a blank to start after is looked for, in characters.
const SEARCH: usize = 128;

/// A row of the wrapped text. The order is that of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct RowId {
    /// Line, from 0.
    pub line: usize,
    /// Block of that line, from 0; nearly always 0.
    pub(super) block: usize,
    /// Row of that block, from 0.
    pub(super) row: usize,
}

/// One block of a line, wrapped.
#[derive(Debug, Clone)]
pub(super) struct Block<'a> {
    rope: &'a Rope,
    width: usize,
    pub(super) line: usize,
    /// Which of its line's blocks it is.
    index: usize,
    /// Blocks of its line.
    blocks: usize,
    /// First char, and the byte it begins at.
    start: usize,
    start_byte: usize,
    pub(super) text: Cow<'a, str>,
    /// Byte ranges in `text`; at least one.
    pub(super) rows: Vec<Range<usize>>,
}

/// The chars of a line without its ending, which is LF or CR LF.
pub(super) fn line_chars(rope: &Rope, line: usize) -> Range<usize> {
    let start = rope.line_to_char(line);
    let mut end = rope.line_to_char(line + 1);
    if line + 1 < rope.len_lines() {
        end -= 1;
        if end > start && rope.char(end - 1) == '\r' {
            end -= 1;
        }
    }
    start..end
}

impl<'a> Block<'a> {
    /// A block of a line; the last one that exists when there is no such.
    pub(super) fn new(rope: &'a Rope, line: usize, block: usize, width: usize) -> Self {
        let line = line.min(rope.len_lines() - 1);
        let chars = line_chars(rope, line);
        let blocks = block_count(&chars);
        let block = block.min(blocks - 1);
        let start = block_start(rope, &chars, block);
        let end = if block + 1 == blocks { chars.end } else { block_start(rope, &chars, block + 1) };
        let text = reader::text(rope, start..end);
        let rows = wrap::rows(&text, width);
        Self { rope, width, line, index: block, blocks, start, start_byte: rope.char_to_byte(start), text, rows }
    }

    /// The block that `at` (a char index) is in, and the row of it.
    pub(super) fn holding(rope: &'a Rope, at: usize, width: usize) -> (Self, usize) {
        let line = rope.char_to_line(at);
        let chars = line_chars(rope, line);
        let at = at.min(chars.end);
        let mut block = ((at - chars.start) / BLOCK).min(block_count(&chars) - 1);
        if at < block_start(rope, &chars, block) {
            block -= 1;
        }
        let found = Self::new(rope, line, block, width);
        let row = found.row_of(found.byte_of(at));
        (found, row)
    }

    /// The name of one of its rows.
    pub(super) fn id(&self, row: usize) -> RowId {
        RowId { line: self.line, block: self.index, row }
    }

    /// The block after this one, in this line or the next.
    pub(super) fn below(&self) -> Option<Self> {
        if self.is_last() {
            (self.line + 1 < self.rope.len_lines()).then(|| Self::new(self.rope, self.line + 1, 0, self.width))
        } else {
            Some(Self::new(self.rope, self.line, self.index + 1, self.width))
        }
    }

    /// The block before this one, in this line or the one before.
    pub(super) fn above(&self) -> Option<Self> {
        if self.index > 0 {
            Some(Self::new(self.rope, self.line, self.index - 1, self.width))
        } else {
            (self.line > 0).then(|| Self::new(self.rope, self.line - 1, usize::MAX, self.width))
        }
    }

    /// The byte of `text` at a char index of the rope.
    pub(super) fn byte_of(&self, at: usize) -> usize {
        self.rope.char_to_byte(at).saturating_sub(self.start_byte).min(self.text.len())
    }

    /// The char index of the rope at a byte of `text`.
    pub(super) fn char_of(&self, byte: usize) -> usize {
        self.rope.byte_to_char(self.start_byte + byte)
    }

    /// The byte of the rope that `text` begins at.
    pub(super) fn start_byte(&self) -> usize {
        self.start_byte
    }

    /// Its characters and so many more of its line on both sides, as char indexes of the rope.
    pub(super) fn with_neighbours(&self, more: usize) -> Range<usize> {
        let mut chars = self.chars();
        if self.index > 0 {
            chars.start -= more;
        }
        if !self.is_last() {
            chars.end += more;
        }
        chars
    }

    /// Whether its line ends with it.
    pub(super) fn is_last(&self) -> bool {
        self.index + 1 == self.blocks
    }

    /// Whether its line has no other one.
    pub(super) fn is_whole(&self) -> bool {
        self.blocks == 1
    }

    /// All its characters, as char indexes of the rope.
    pub(super) fn chars(&self) -> Range<usize> {
        self.start..self.char_of(self.text.len())
    }

    fn row_of(&self, byte: usize) -> usize {
        self.rows.partition_point(|row| row.start <= byte).saturating_sub(1)
    }

    /// The column of a byte of `text` on `row`; at most the width, where a blank that hangs stands.
    pub(super) fn column_of(&self, row: usize, byte: usize) -> usize {
        let Range { start, end } = self.rows[row].clone();
        let before = &self.text[start..byte.clamp(start, end)];
        wrap::width(before).min(self.width)
    }

    /// The row and column of a char of the rope, if it is in this block.
    pub(super) fn place_of(&self, at: usize) -> Option<(usize, usize)> {
        let chars = self.chars();
        let within = chars.contains(&at) || (at == chars.end && self.is_last());
        within.then(|| {
            let byte = self.byte_of(at);
            let row = self.row_of(byte);
            (row, self.column_of(row, byte))
        })
    }

    /// The place of a column on `row`, as a char index where a cursor may stand.
    pub(super) fn char_at(&self, row: usize, column: usize) -> usize {
        let Range { start, end } = self.rows[row].clone();
        let mut at = 0;
        for glyph in wrap::glyphs(&self.text[start..end]) {
            at += glyph.width(at);
            if at > column {
                return graphemes::floor(self.rope, self.char_of(start + glyph.start));
            }
        }
        self.row_end(row)
    }

    /// The first place of `row`, as a char index. A row may begin within a grapheme that holds hidden characters, which
    /// are drawn one by one; the place is then before that grapheme.
    pub(super) fn row_start(&self, row: usize) -> usize {
        graphemes::floor(self.rope, self.char_of(self.rows[row].start))
    }

    /// The last place on `row` that is not already the next row's first: the end of the line, or before the blank or
    /// letter at which the row was wrapped.
    pub(super) fn row_end(&self, row: usize) -> usize {
        let end = self.char_of(self.rows[row].end);
        if row + 1 == self.rows.len() && self.is_last() {
            return end;
        }
        graphemes::previous(self.rope, end)
    }
}

/// A walk over rows that wraps each block once.
#[derive(Debug, Clone)]
pub(super) struct Walk<'a> {
    pub(super) block: Block<'a>,
    pub(super) row: usize,
}

impl<'a> Walk<'a> {
    /// From a row; from the nearest one when the text has no such row any more.
    pub(super) fn from_row(rope: &'a Rope, id: RowId, width: usize) -> Self {
        let block = Block::new(rope, id.line, id.block, width);
        let row = if id.line > block.line { usize::MAX } else { id.row };
        let row = row.min(block.rows.len() - 1);
        Self { block, row }
    }

    /// From the row that a char stands on.
    pub(super) fn from_char(rope: &'a Rope, at: usize, width: usize) -> Self {
        let (block, row) = Block::holding(rope, at, width);
        Self { block, row }
    }

    /// Where it is.
    pub(super) fn id(&self) -> RowId {
        self.block.id(self.row)
    }

    /// One row up; `false` when there is none.
    pub(super) fn up(&mut self) -> bool {
        if self.row > 0 {
            self.row -= 1;
            return true;
        }
        let Some(above) = self.block.above() else { return false };
        self.row = above.rows.len() - 1;
        self.block = above;
        true
    }

    /// One row down; `false` when there is none.
    pub(super) fn down(&mut self) -> bool {
        if self.row + 1 < self.block.rows.len() {
            self.row += 1;
            return true;
        }
        let Some(below) = self.block.below() else { return false };
        self.row = 0;
        self.block = below;
        true
    }
}

fn block_count(line: &Range<usize>) -> usize {
    (line.len() / BLOCK).max(1)
}

/// Where a block starts: just after a blank near its multiple of [`BLOCK`], else at a grapheme there.
fn block_start(rope: &Rope, line: &Range<usize>, block: usize) -> usize {
    if block == 0 {
        return line.start;
    }
    let nominal = line.start + block * BLOCK;
    let mut blank = false;
    for (i, c) in rope.chars_at(nominal).take(SEARCH).enumerate() {
        if blank && c != ' ' && graphemes::is_boundary(rope, nominal + i) {
            return nominal + i;
        }
        blank = c == ' ';
    }
    let next = graphemes::ceil(rope, nominal);
    // A cluster of thousands of marks is cut rather than laid out whole; only its drawing is affected.
    if next < nominal + SEARCH { next } else { nominal }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_line_feeds_end_a_line() {
        let rope = Rope::from_str("a\u{2028}b\u{85}c\u{b}d\u{c}e\rf\r\ng\nh\r");
        assert_eq!(rope.len_lines(), 3);
        let texts: Vec<_> = (0..3).map(|line| rope.slice(line_chars(&rope, line)).to_string()).collect();
        assert_eq!(texts, ["a\u{2028}b\u{85}c\u{b}d\u{c}e\rf", "g", "h\r"]);
    }

    #[test]
    fn blocks_of_a_long_line_cover_it_once() {
        for text in ["word ".repeat(10_000), "x".repeat(30_000), "👨\u{200d}👩".repeat(9_000), "\u{301}".repeat(20_000)]
        {
            let rope = Rope::from_str(&format!("first\n{text}\nlast"));
            let mut block = Block::new(&rope, 1, 0, 60);
            let mut all = String::new();
            while block.line == 1 {
                all.push_str(&block.text);
                assert!(block.text.chars().count() < 2 * BLOCK + SEARCH);
                block = block.below().expect("there is a last line");
            }
            assert_eq!(all, text);
        }
    }

    #[test]
    fn walking_down_and_up_visits_the_same_rows() {
        let rope = Rope::from_str(&format!("{}\n\n{}\nend", "some words here ".repeat(1500), "你好".repeat(6000)));
        let mut walk = Walk::from_row(&rope, RowId::default(), 37);
        let mut rows = vec![walk.id()];
        while walk.down() {
            rows.push(walk.id());
        }
        assert!(rows.is_sorted());
        for id in rows.iter().rev().skip(1) {
            assert!(walk.up());
            assert_eq!(walk.id(), *id);
        }
        assert!(!walk.up());
    }

    #[test]
    fn a_place_and_its_row_and_column_find_each_other() {
        let rope = Rope::from_str("one two three\n\tfour 你好 five\r\n\n👨\u{200d}👩 end");
        let mut at = 0;
        loop {
            let (block, row) = Block::holding(&rope, at, 9);
            let column = block.column_of(row, block.byte_of(at));
            assert_eq!(block.char_at(row, column), at, "at {at}, row {row}, column {column}");
            if at == rope.len_chars() {
                break;
            }
            at = graphemes::next(&rope, at);
        }
    }
}
