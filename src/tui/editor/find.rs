//! Looking for text.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::{Buffer, Change, graphemes};

/// Whether capitals and small letters are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// `Refund` is not `refund`.
    Exact,
    /// `Refund` is `refund`.
    Ignore,
}

/// Which way to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Towards the end.
    Forward,
    /// Towards the start.
    Back,
}

/// A piece of text to look for. It is found within lines only.
#[derive(Debug, Clone)]
pub struct Needle(Regex);

impl Needle {
    /// `None` for an empty text, which is nowhere, and for one too long to look for.
    pub fn new(text: &str, case: Case) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let built = RegexBuilder::new(&regex::escape(text)).case_insensitive(case == Case::Ignore).build();
        built.ok().map(Self)
    }

    /// The byte ranges of a line where it is.
    pub fn matches<'t>(&self, line: &'t str) -> impl Iterator<Item = Range<usize>> + use<'_, 't> {
        self.0.find_iter(line).map(|found| found.range())
    }
}

impl Buffer {
    /// The first match that starts at or after `from`, or with [`Direction::Back`] the last that starts before it.
    /// At the end of the text it goes on from the other end.
    pub fn find(&self, needle: &Needle, from: usize, direction: Direction) -> Option<Range<usize>> {
        let from = from.min(self.rope.len_chars());
        let start = self.rope.char_to_line(from);
        let count = self.rope.len_lines();
        // The first line comes twice: the part on this side of `from`, and at last the rest of it.
        (0..=count).find_map(|step| {
            let line = match direction {
                Direction::Forward => (start + step) % count,
                Direction::Back => (start + count - step % count) % count,
            };
            let mut matches = self.matches_in_line(needle, line).into_iter();
            match direction {
                Direction::Forward => matches.find(|found| step > 0 || found.start >= from),
                Direction::Back => matches.rfind(|found| step > 0 || found.start < from),
            }
        })
    }

    /// All matches, in order.
    pub fn matches(&self, needle: &Needle) -> Vec<Range<usize>> {
        (0..self.rope.len_lines()).flat_map(|line| self.matches_in_line(needle, line)).collect()
    }

    /// Replaces every match at once; the number of them.
    pub fn replace_all(&mut self, needle: &Needle, with: &str) -> Option<(usize, Change)> {
        let matches = self.matches(needle);
        let region = matches.first()?.start..matches.last()?.end;
        let mut text = String::new();
        let mut at = region.start;
        for found in &matches {
            text.push_str(&self.slice(at..found.start));
            text.push_str(with);
            at = found.end;
        }
        self.replace(region, &text).map(|change| (matches.len(), change))
    }

    fn matches_in_line(&self, needle: &Needle, line: usize) -> Vec<Range<usize>> {
        let chars = self.line_chars(line);
        let text = std::borrow::Cow::from(self.rope.slice(chars.clone()));
        let whole = |range: Range<usize>| {
            // A match may begin or end within a grapheme, where no cursor can stand.
            graphemes::floor(&self.rope, range.start)..graphemes::ceil(&self.rope, range.end)
        };
        needle.matches(&text).map(|range| whole(chars_of(&text, chars.start, range))).collect()
    }
}

/// The chars of the rope for a byte range of a text that begins at char `first`.
pub(super) fn chars_of(text: &str, first: usize, range: Range<usize>) -> Range<usize> {
    let start = first + text[..range.start].chars().count();
    start..start + text[range].chars().count()
}
