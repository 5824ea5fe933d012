//! Looking for text, word for word or by a pattern.

use std::borrow::Cow;
use std::ops::Range;

use regex::{Regex, RegexBuilder};
use ropey::Rope;
use unicode_segmentation::GraphemeCursor;

use super::layout::line_chars;

/// A pattern may take so much memory, in bytes: more would make marking its matches slow.
const LARGEST: usize = 1 << 20;

/// Whether capitals and small letters are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// `Refund` is not `refund`.
    Exact,
    /// `Refund` is `refund`.
    Ignore,
}

/// How what is written is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Reading {
    /// As a pattern, not word for word.
    pub pattern: bool,
    /// A match must not begin or end within a word.
    pub words: bool,
}

/// Something to look for. It is found within lines only, and never begins or ends within a character as readers count
/// them: `e` is not in `é`, however that is written.
#[derive(Debug, Clone)]
pub struct Needle(Regex);

impl Needle {
    /// Word for word. `None` for an empty text, which is nowhere, and for one too long to look for.
    pub fn new(text: &str, case: Case) -> Option<Self> {
        Self::read(text, case, Reading::default()).ok().flatten()
    }

    /// `None` for an empty text, which is nowhere.
    ///
    /// # Errors
    /// What is wrong with a pattern and where, in a few words.
    pub fn read(text: &str, case: Case, reading: Reading) -> Result<Option<Self>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        let build = |pattern: &str| {
            RegexBuilder::new(pattern).case_insensitive(case == Case::Ignore).size_limit(LARGEST).build()
        };
        let pattern = if reading.pattern { Cow::Borrowed(text) } else { Cow::Owned(regex::escape(text)) };
        // by itself first: put between other signs, a wrong pattern could become a right one
        let compiled = build(&pattern).map_err(|error| complaint(&error))?;
        if !reading.words {
            return Ok(Some(Self(compiled)));
        }
        let whole = format!(r"\b{{start-half}}(?:{pattern})\b{{end-half}}");
        build(&whole).map(|compiled| Some(Self(compiled))).map_err(|error| complaint(&error))
    }

    /// The byte ranges of a line where it is. Matches of nothing are none.
    pub fn matches<'t>(&self, line: &'t str) -> impl Iterator<Item = Range<usize>> + use<'_, 't> {
        let found = self.0.find_iter(line).map(|found| found.range());
        found.filter(|range| !range.is_empty() && is_boundary(line, range.start) && is_boundary(line, range.end))
    }

    /// What takes the place of the match at `range` of a line, its groups put in. `with` is as [`Regex::replace`] has it.
    pub fn expanded(&self, line: &str, range: &Range<usize>, with: &str) -> String {
        let mut out = String::new();
        if let Some(groups) = self.0.captures_at(line, range.start) {
            groups.expand(with, &mut out);
        }
        out
    }

    /// The first group that `with` names and the pattern does not have.
    pub fn unknown_group<'w>(&self, with: &'w str) -> Option<&'w str> {
        let mut rest = with;
        while let Some(at) = rest.find('$') {
            let after = &rest[at + 1..];
            if let Some(left) = after.strip_prefix('$') {
                rest = left;
                continue;
            }
            let name = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
                Some((name, _)) => name,
                None => &after[..after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len())],
            };
            let number = name.parse::<usize>().ok();
            let known = number.is_some_and(|number| number < self.0.captures_len())
                || self.0.capture_names().flatten().any(|known| known == name);
            if !name.is_empty() && !known {
                return Some(name);
            }
            rest = after;
        }
        None
    }
}

/// The char ranges of a line's matches with their byte ranges in the line, and the line itself.
pub fn matches_in_line<'r>(rope: &'r Rope, needle: &Needle, line: usize) -> (Cow<'r, str>, Vec<Match>) {
    let chars = line_chars(rope, line);
    let text = Cow::from(rope.slice(chars.clone()));
    let (mut byte, mut char) = (0, chars.start);
    // counted on from match to match: a line may be a megabyte with a match in every word
    let mut on_to = |to: usize| {
        char += text[byte..to].chars().count();
        byte = to;
        char
    };
    let found = needle.matches(&text).map(|bytes| Match { chars: on_to(bytes.start)..on_to(bytes.end), bytes });
    let found = found.collect();
    (text, found)
}

/// One match in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Its chars in the rope.
    pub chars: Range<usize>,
    /// Its bytes in the line.
    pub bytes: Range<usize>,
}

/// What a pattern's mistake is and at which character.
fn complaint(error: &regex::Error) -> String {
    let regex::Error::Syntax(words) = error else {
        return "the pattern is too large".to_owned();
    };
    let what = words.lines().last().and_then(|line| line.strip_prefix("error: ")).unwrap_or("it cannot be read");
    // the pattern stands indented by four, and marks below what is meant
    let mark = words.lines().find(|line| line.trim_start().starts_with('^'));
    let place = mark.and_then(|line| line.find('^')).and_then(|at| at.checked_sub(4));
    match place {
        Some(place) => format!("{what}, at character {}", place + 1),
        None => what.to_owned(),
    }
}

/// Whether a cursor may stand at this byte of a line.
fn is_boundary(line: &str, at: usize) -> bool {
    let bytes = line.as_bytes();
    let ascii = |index: usize| bytes.get(index).is_none_or(u8::is_ascii);
    if at == 0 || (ascii(at - 1) && ascii(at)) {
        return true;
    }
    GraphemeCursor::new(at, line.len(), true).is_boundary(line, 0).unwrap_or(true)
}

/// The chars of the rope for a byte range of a text that begins at char `first`.
pub(super) fn chars_of(text: &str, first: usize, range: Range<usize>) -> Range<usize> {
    let start = first + text[..range.start].chars().count();
    start..start + text[range].chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, pattern: &str, reading: Reading) -> Vec<String> {
        let needle = Needle::read(pattern, Case::Ignore, reading).unwrap().unwrap();
        needle.matches(text).map(|range| text[range].to_owned()).collect()
    }

    const PATTERN: Reading = Reading { pattern: true, words: false };
    const WORDS: Reading = Reading { pattern: false, words: true };

    #[test]
    fn words_are_whole_also_when_what_is_looked_for_begins_with_a_brace() {
        assert_eq!(found("refund refunds Refund.", "refund", WORDS), ["refund", "Refund"]);
        assert_eq!(found("a {{name}} b", "{{name}}", WORDS), ["{{name}}"]);
    }

    #[test]
    fn a_pattern_and_whole_words_go_together() {
        let both = Reading { pattern: true, words: true };
        assert_eq!(found("cat cats bat", "cat|bat", both), ["cat", "bat"]);
    }

    #[test]
    fn a_part_of_a_character_is_no_match() {
        assert_eq!(found("e\u{301}e", "e", Reading::default()), ["e"]);
        assert_eq!(found("👨\u{200d}👩", "👨", Reading::default()), Vec::<String>::new());
    }

    #[test]
    fn a_pattern_that_matches_nothing_at_all_is_found_nowhere() {
        assert_eq!(found("abc", "x*", PATTERN), Vec::<String>::new());
        assert!(Needle::read("", Case::Exact, PATTERN).unwrap().is_none());
    }

    #[test]
    fn what_is_wrong_with_a_pattern_is_said_with_its_place() {
        let wrong = |text: &str| Needle::read(text, Case::Exact, PATTERN).unwrap_err();
        assert_eq!(wrong("a(b"), "unclosed group, at character 2");
        assert_eq!(wrong("a)(b"), "unopened group, at character 2");
        assert_eq!(wrong("x{9999}{9999}"), "the pattern is too large");
    }

    #[test]
    fn groups_are_put_in_and_one_that_is_not_there_is_named() {
        let needle = Needle::read(r"(\w+) (?<last>\w+)", Case::Exact, PATTERN).unwrap().unwrap();
        assert_eq!(needle.expanded("say: Ada Lovelace", &(5..17), "$last, $1 $$"), "Lovelace, Ada $");
        assert_eq!(needle.unknown_group("$1 ${2} $last $$9"), None);
        assert_eq!(needle.unknown_group("${1}a $1a"), Some("1a"));
        assert_eq!(needle.unknown_group("$3"), Some("3"));
    }

    #[test]
    fn matches_of_a_long_line_are_counted_in_characters() {
        let rope = Rope::from_str(&format!("x\n{}", "é ab ".repeat(3)));
        let needle = Needle::new("ab", Case::Exact).unwrap();
        let (_, found) = matches_in_line(&rope, &needle, 1);
        let chars: Vec<_> = found.iter().map(|found| found.chars.clone()).collect();
        assert_eq!(chars, [4..6, 9..11, 14..16]);
        assert_eq!(found[0].bytes, 3..5);
    }
}
