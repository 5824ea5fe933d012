//! The text of a rope, read where it lies: on every key press lines are looked at, most of which lie in one piece, and a
//! slice of a rope costs more than that piece does.

use std::borrow::Cow;
use std::ops::Range;

use ropey::Rope;
use ropey::str_utils::{char_to_byte_idx, line_to_byte_idx};

/// The text between two char indexes, which is copied only where it lies in more than one piece.
pub(super) fn text(rope: &Rope, chars: Range<usize>) -> Cow<'_, str> {
    let (piece, _, first, _) = rope.chunk_at_char(chars.start);
    let piece = &piece[char_to_byte_idx(piece, chars.start - first)..];
    let end = char_to_byte_idx(piece, chars.len());
    if end < piece.len() || chars.end <= chars.start + piece.chars().count() {
        Cow::Borrowed(&piece[..end])
    } else {
        Cow::from(rope.slice(chars))
    }
}

/// Reads lines of a rope in rising order; what lies between two of them costs nothing but a search.
pub struct LineReader<'a> {
    rope: &'a Rope,
    /// The line that begins where `rest` does.
    next: usize,
    /// What was not read yet of a piece of the rope.
    rest: &'a str,
    /// The byte of the rope that `rest` ends at.
    end: usize,
}

impl<'a> LineReader<'a> {
    /// Has read nothing yet.
    pub fn new(rope: &'a Rope) -> Self {
        Self { rope, next: usize::MAX, rest: "", end: 0 }
    }

    /// A line with its ending; empty behind the last one.
    pub fn line(&mut self, index: usize) -> Cow<'a, str> {
        if self.next != index {
            self.seek(index);
        }
        self.next = index.saturating_add(1);
        let mut line = Cow::Borrowed("");
        loop {
            let ending = memchr::memchr(b'\n', self.rest.as_bytes());
            let (read, rest) = self.rest.split_at(ending.map_or(self.rest.len(), |at| at + 1));
            self.rest = rest;
            line += read;
            if ending.is_some() || self.end >= self.rope.len_bytes() {
                return line;
            }
            let (piece, start, ..) = self.rope.chunk_at_byte(self.end);
            (self.rest, self.end) = (piece, start + piece.len());
        }
    }

    fn seek(&mut self, line: usize) {
        (self.rest, self.end) = ("", self.rope.len_bytes());
        if line < self.rope.len_lines() {
            let (piece, start, _, first) = self.rope.chunk_at_line_break(line);
            self.rest = &piece[line_to_byte_idx(piece, line - first)..];
            self.end = start + piece.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text that is longer than one piece of a rope, edited so that its pieces are not of one size.
    fn rope(text: &str, times: usize, edits: &[usize]) -> Rope {
        let mut rope = Rope::from_str(&text.repeat(times));
        for &at in edits {
            let at = at % (rope.len_chars() + 1);
            rope.insert(at, "\nß");
            rope.remove(at / 2..(at / 2 + at % 7).min(rope.len_chars()));
        }
        rope
    }

    proptest! {
        #[test]
        fn reads_the_lines_that_a_rope_has(
            text in "[a\n\r漢 ]{0,200}",
            times in prop_oneof![Just(1_usize), Just(40)],
            edits in proptest::collection::vec(0_usize..9000, 0..6),
            order in proptest::collection::vec(0_usize..60, 0..40),
        ) {
            let rope = rope(&text, times, &edits);
            let mut reader = LineReader::new(&rope);
            for index in order.into_iter().chain(0..rope.len_lines() + 2) {
                let wanted = rope.get_line(index).map(String::from).unwrap_or_default();
                prop_assert_eq!(reader.line(index), wanted, "line {}", index);
            }
        }

        #[test]
        fn reads_the_chars_that_a_rope_has(
            text in "[ab\n\r漢é ]{0,200}",
            times in prop_oneof![Just(1_usize), Just(40)],
            edits in proptest::collection::vec(0_usize..9000, 0..6),
            places in proptest::collection::vec((0_usize..9000, 0_usize..2000), 1..40),
        ) {
            let rope = rope(&text, times, &edits);
            for (start, count) in places {
                let start = start % (rope.len_chars() + 1);
                let chars = start..(start + count).min(rope.len_chars());
                prop_assert_eq!(super::text(&rope, chars.clone()), String::from(rope.slice(chars)));
            }
        }
    }
}
