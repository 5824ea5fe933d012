//! What each character of a line looks like and how wide it is.

use std::iter::FusedIterator;

use unicode_segmentation::{Graphemes, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

use crate::sanitize;

/// Columns between two tab stops, counted from the start of the row.
const TAB: usize = 4;

/// Bytes of one grapheme that are drawn. The longest real emoji need 35; a cluster of thousands of accents would
/// otherwise send all of them to the terminal with every frame.
const LONGEST: usize = 48;

/// What stands for a grapheme that has no width of its own, such as an accent without its letter.
const NO_WIDTH: char = '\u{b7}';
/// What is drawn for a glyph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown<'a> {
    /// The text itself: one grapheme, safe to draw.
    Text(&'a str),
    /// A mark of one column in the place of a character that must not reach the terminal or would not be seen.
    Mark(char),
    /// Blanks up to the next tab stop.
    Tab,
}

/// The smallest piece of a line that is drawn as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph<'a> {
    /// First byte in the line.
    pub start: usize,
    /// Bytes it covers.
    pub len: usize,
    /// What is drawn.
    pub shown: Shown<'a>,
    /// Columns of a text; marks have one, and those of a tab depend on where it stands.
    columns: u8,
}

impl Glyph<'_> {
    /// Columns it takes when it begins at `column` of its row.
    pub fn width(&self, column: usize) -> usize {
        if self.shown == Shown::Tab { TAB - column % TAB } else { usize::from(self.columns) }
    }

    /// First byte after it.
    pub fn end(&self) -> usize {
        self.start + self.len
    }

    /// Whether a row may end after it.
    pub(super) fn is_blank(&self) -> bool {
        match self.shown {
            Shown::Text(" ") | Shown::Tab => true,
            Shown::Text(text) if text.len() > 2 => {
                text.chars().all(|c| c.is_whitespace() && !matches!(c, '\u{2007}' | '\u{202f}'))
            }
            Shown::Text(_) | Shown::Mark(_) => false,
        }
    }

    pub(super) fn is_wide(&self) -> bool {
        self.columns > 1
    }

    pub(super) fn is_one_of(&self, set: &str) -> bool {
        matches!(self.shown, Shown::Text(text) if set.contains(text))
    }
}

/// The glyphs of a line, in order; together they cover every byte of it.
pub fn glyphs(line: &str) -> Glyphs<'_> {
    Glyphs { line, at: 0, run: "".graphemes(true), cluster: "" }
}

/// The columns that a line takes on one row.
pub fn width(line: &str) -> usize {
    if is_plain(line) {
        return line.len();
    }
    glyphs(line).fold(0, |column, glyph| column + glyph.width(column))
}

/// Whether a text is printable ASCII throughout, so that a column is a byte.
pub fn is_plain(text: &str) -> bool {
    // by stretches, without a branch for each byte, because every line that is drawn comes through here
    let plain = |stretch: &[u8]| stretch.iter().fold(true, |plain, byte| plain & (byte.wrapping_sub(b' ') < 95));
    text.as_bytes().chunks(64).all(plain)
}

/// See [`glyphs`].
#[derive(Debug, Clone)]
pub struct Glyphs<'a> {
    line: &'a str,
    at: usize,
    /// The graphemes of a stretch that had to be segmented.
    run: Graphemes<'a>,
    /// What is left of a grapheme that holds characters to be marked.
    cluster: &'a str,
}

impl<'a> Iterator for Glyphs<'a> {
    type Item = Glyph<'a>;

    fn next(&mut self) -> Option<Glyph<'a>> {
        if self.cluster.is_empty() {
            self.cluster = self.run.next().unwrap_or_default();
        }
        if self.cluster.is_empty() {
            let rest = &self.line[self.at..];
            let mut chars = rest.chars();
            let first = chars.next()?;
            if simple(first).is_some() && chars.next().is_none_or(|second| simple(second).is_some()) {
                return Some(self.take(first, &rest[..first.len_utf8()]));
            }
            self.run = rest[..certain_boundary(rest)].graphemes(true);
            self.cluster = self.run.next()?;
        }
        let first = self.cluster.chars().next()?;
        let hidden = |c: char| sanitize::visible(c).is_some();
        let len =
            if hidden(first) { first.len_utf8() } else { self.cluster.find(hidden).unwrap_or(self.cluster.len()) };
        let (piece, rest) = self.cluster.split_at(len);
        self.cluster = rest;
        Some(self.take(first, piece))
    }
}

impl FusedIterator for Glyphs<'_> {}

impl<'a> Glyphs<'a> {
    /// The glyph for the next piece of the line, whose first character is `first`.
    fn take(&mut self, first: char, piece: &'a str) -> Glyph<'a> {
        let start = self.at;
        self.at += piece.len();
        let (shown, columns) = match (first, sanitize::visible(first)) {
            (' '..='~', _) if piece.len() == 1 => (Shown::Text(piece), 1),
            ('\t', _) => (Shown::Tab, 0),
            (_, Some(mark)) => (Shown::Mark(mark), 1),
            (..) => {
                let text = &piece[..piece.floor_char_boundary(LONGEST)];
                let columns = simple(first).filter(|_| text.len() == first.len_utf8());
                match columns.unwrap_or_else(|| text.width().min(255) as u8) {
                    0 => (Shown::Mark(NO_WIDTH), 1),
                    columns => (Shown::Text(text), columns),
                }
            }
        };
        Glyph { start, len: piece.len(), shown, columns }
    }
}

/// The columns of characters that begin and end a grapheme whenever another such character follows or precedes them:
/// most letters of most texts, which therefore need no segmentation.
pub(super) fn simple(c: char) -> Option<u8> {
    match c {
        '\0'..='\u{7f}'
        | '\u{c0}'..='\u{24f}'
        | '\u{391}'..='\u{3a1}'
        | '\u{3a3}'..='\u{482}'
        | '\u{48a}'..='\u{52f}' => Some(1),
        '\u{3001}'..='\u{3002}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff01}'..='\u{ff5e}' => Some(2),
        _ => None,
    }
}

/// Where in a text the first grapheme boundary is that needs no segmentation to be known.
fn certain_boundary(text: &str) -> usize {
    let mut after_simple = false;
    let boundary = text.char_indices().find(|&(_, c)| {
        let simple = simple(c).is_some();
        std::mem::replace(&mut after_simple, simple) && simple
    });
    boundary.map_or(text.len(), |(at, _)| at)
}
