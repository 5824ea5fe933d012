//! A text in pieces that can be counted one by one: their tokens add up to the tokens of the whole.
//!
//! Vocabularies of the kind that is built in cut a text into words before they count, and no word goes on from a line
//! into the text of the next one. So a text is counted line by line, a line that has not changed is not counted again,
//! and a count can be given up between two pieces. Only a piece that is longer than [`LONGEST`] and has no blank to cut
//! at makes the sum inexact, and says so.

use memchr::memchr;

/// The most bytes of a piece. Counting takes longer than in proportion where there are no words, as in a million blanks.
pub const LONGEST: usize = 16 * 1024;

/// How far back from [`LONGEST`] a blank between two words is looked for.
const SEARCHED: usize = 4 * 1024;

/// One piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Its text; all pieces one after the other are the whole.
    pub text: &'a str,
    /// Whether no token can cross from it into the next piece.
    pub clean: bool,
}

/// The pieces of `text`, in order; none is empty.
pub fn pieces(text: &str) -> Pieces<'_> {
    Pieces { rest: text }
}

/// Whether the counts of the pieces add up to the count of the whole.
pub fn add_up(text: &str) -> bool {
    text.len() <= LONGEST || pieces(text).all(|piece| piece.clean)
}

/// An iterator over the pieces of a text.
#[derive(Debug, Clone)]
pub struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let limit = self.rest.len().min(LONGEST);
        let mut end = 0;
        let (at, clean) = loop {
            match memchr(b'\n', &self.rest.as_bytes()[end..limit]) {
                Some(feed) => {
                    end += feed + 1;
                    if begins_a_word(&self.rest[end..]) {
                        break (end, true);
                    }
                }
                None if limit == self.rest.len() => break (limit, true),
                None => break cut(self.rest),
            }
        };
        let (text, rest) = self.rest.split_at(at);
        self.rest = rest;
        Some(Piece { text, clean })
    }
}

/// Whether nothing of the line ending before `rest` can belong to a token that goes on in `rest`: blank lines belong to
/// the line ending before them, and so does a slash.
fn begins_a_word(rest: &str) -> bool {
    match rest.as_bytes().first() {
        Some(b'/') | None => false,
        Some(0x21..=0x7e) => true,
        Some(_) => rest.chars().find(|c| !c.is_whitespace() || matches!(c, '\n' | '\r')).is_some_and(|c| c > ' '),
    }
}

/// Where a piece without a line ending is cut: between two words if there are any, else anywhere.
fn cut(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    let between_words =
        |at: &usize| bytes[*at] == b' ' && bytes[at - 1].is_ascii_alphabetic() && bytes[at + 1].is_ascii_alphabetic();
    match (LONGEST - SEARCHED..LONGEST - 1).rev().find(between_words) {
        Some(at) => (at, true),
        None => (text.floor_char_boundary(LONGEST), false),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_pieces_and_blank_lines_belong_to_the_one_before() {
        let texts: Vec<_> = pieces("# A\n\n- x\n  - y\n \t\n\r\n/z\n\u{3000}é\nend").map(|piece| piece.text).collect();
        assert_eq!(texts, ["# A\n\n", "- x\n", "  - y\n \t\n\r\n/z\n", "\u{3000}é\n", "end"]);
    }

    #[test]
    fn a_long_line_is_cut_between_words_and_else_the_sum_is_not_exact() {
        let words = "word ".repeat(10_000);
        assert!(add_up(&words));
        assert!(pieces(&words).all(|piece| piece.text.len() <= LONGEST));
        for hostile in ["a".repeat(100_000), " ".repeat(100_000), "👩".repeat(20_000), "\n".repeat(100_000)] {
            assert!(!add_up(&hostile));
            assert!(pieces(&hostile).all(|piece| piece.text.len() <= LONGEST));
        }
        assert!(add_up(&"a".repeat(LONGEST)));
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "([a-z /{}\t\r\n\u{3000}é👩]|\n|\n\n){0,60}") {
            let together: String = pieces(&text).map(|piece| piece.text).collect();
            prop_assert_eq!(together, text);
        }
    }
}
