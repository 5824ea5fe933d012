//! A text as lines: LF, CRLF and a lone CR end one, and every byte belongs to exactly one line.

use std::ops::Range;

/// What Enter types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Eol {
    /// `\n`
    #[default]
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`
    Cr,
}

impl Eol {
    /// The bytes of it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }

    /// The ending `line` has; `None` when it has none.
    pub fn of(line: &str) -> Option<Self> {
        match line.as_bytes() {
            [.., b'\r', b'\n'] => Some(Self::CrLf),
            [.., b'\n'] => Some(Self::Lf),
            [.., b'\r'] => Some(Self::Cr),
            _ => None,
        }
    }
}

/// The lines of a text as byte ranges that include their endings; an empty text has none.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The lines of `text`.
pub fn lines(text: &str) -> Lines<'_> {
    Lines { bytes: text.as_bytes(), at: 0 }
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let length = match memchr::memchr2(b'\n', b'\r', rest) {
            None => rest.len(),
            Some(found) if rest[found] == b'\r' && rest.get(found + 1) == Some(&b'\n') => found + 2,
            Some(found) => found + 1,
        };
        self.at = start + length;
        Some(start..self.at)
    }
}

/// `line` without its ending.
pub fn without_ending(line: &str) -> &str {
    let line = line.strip_suffix('\n').map_or(line, |cut| cut);
    line.strip_suffix('\r').unwrap_or(line)
}

/// How many line endings `text` has.
pub(crate) fn endings(text: &str) -> usize {
    let bytes = text.as_bytes();
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let lone = memchr::memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) != Some(&b'\n')).count();
    feeds + lone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_ending_ends_a_line_and_stays_with_it() {
        let text = "a\nb\r\nc\rd";
        let found: Vec<&str> = lines(text).map(|range| &text[range]).collect();
        assert_eq!(found, ["a\n", "b\r\n", "c\r", "d"]);
        assert_eq!(endings(text), 3);
    }

    #[test]
    fn a_feed_before_a_return_is_two_endings() {
        let text = "\n\r";
        assert_eq!(lines(text).collect::<Vec<_>>(), [0..1, 1..2]);
        assert_eq!(endings(text), 2);
    }

    #[test]
    fn only_the_ending_is_cut_off() {
        assert_eq!(without_ending("a \r\n"), "a ");
        assert_eq!(without_ending("a\r"), "a");
        assert_eq!(without_ending("a"), "a");
        assert_eq!(without_ending("\r\r\n"), "\r");
    }
}
