//! Lines cut into words. What both lines begin and end with is left out, so that few words are left to compare.

use std::hash::{Hash, Hasher};
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::diff::likeness::{shared_end, shared_start};

/// The stretch of a line that differs from the other line's, and the words in it, as bytes of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Without blanks.
    pub(super) words: Vec<Range<usize>>,
}

/// A word that is compared often. Its print tells most words apart, and is the whole of a short one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    print: u64,
    text: &'a [u8],
}

/// Words of at most so many bytes are their print.
const PRINTED: usize = 7;

impl<'a> Word<'a> {
    fn new(text: &'a [u8]) -> Self {
        let mut print = [0; 8];
        print[7] = text.len().min(255) as u8;
        if text.len() <= PRINTED {
            print[..text.len()].copy_from_slice(text);
        } else {
            // words that begin alike often end apart
            print[..3].copy_from_slice(&text[..3]);
            print[3..7].copy_from_slice(&text[text.len() - 4..]);
        }
        Self { print: u64::from_le_bytes(print), text }
    }
}

impl PartialEq for Word<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.print == other.print && (self.text.len() <= PRINTED || self.text == other.text)
    }
}

impl Eq for Word<'_> {}

impl Hash for Word<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.print.hash(state);
    }
}

impl Stretch {
    pub(super) fn words<'a>(&self, line: &'a str) -> Vec<Word<'a>> {
        texts(line, &self.words)
    }
}

/// Words as something that is compared.
pub(super) fn texts<'a>(text: &'a str, words: &[Range<usize>]) -> Vec<Word<'a>> {
    words.iter().map(|word| Word::new(&text.as_bytes()[word.clone()])).collect()
}

/// All words of a text, without blanks and line breaks.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    if text.is_ascii() {
        return ascii_words(text.as_bytes(), 0..text.len());
    }
    let words = text.split_word_bound_indices().filter(|(_, word)| !word.trim().is_empty());
    words.map(|(at, word)| at..at + word.len()).collect()
}

/// The number that a line of a list begins with, behind its blanks and before its dot or bracket: its bytes. At most
/// three digits: a year at the beginning of a sentence is no such number.
pub(super) fn number(line: &str) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let start = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = &bytes[start + digits..];
    let item = matches!(rest, [b'.' | b')', b' ' | b'\t', ..]) && (1..=3).contains(&digits);
    item.then(|| start..start + digits)
}

/// Where two lines differ, in whole words.
pub(super) fn differing(a: &str, b: &str) -> [Stretch; 2] {
    if a.is_ascii() && b.is_ascii() {
        let (start, end) = shared_ascii(a.as_bytes(), b.as_bytes());
        return [a, b].map(|line| Stretch {
            start,
            end: line.len() - end,
            words: ascii_words(line.as_bytes(), start..line.len() - end),
        });
    }
    // cutting into words is slow where there are other letters than ASCII, so what is surely shared is left out first
    let (before, after) = shared_at_blanks(a, b);
    let cut = |line: &'_ str| before..line.len() - after;
    let words = |text: &'_ str| text.split_word_bound_indices().map(|(at, word)| at..at + word.len()).collect();
    let (in_a, in_b) = (&a[cut(a)], &b[cut(b)]);
    let (old, new): (Vec<Range<usize>>, Vec<Range<usize>>) = (words(in_a), words(in_b));
    let same = |(old, new): &(&Range<usize>, &Range<usize>)| in_a[(*old).clone()] == in_b[(*new).clone()];
    let start = old.iter().zip(&new).take_while(same).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(same).count();
    [(in_a, old), (in_b, new)].map(|(text, words)| {
        let last = words.len() - end;
        let at = |index: usize| before + words.get(index).map_or(text.len(), |word| word.start);
        let full = words[start..last].iter().filter(|word| !text[(*word).clone()].trim().is_empty());
        Stretch {
            start: at(start),
            end: at(last),
            words: full.map(|word| before + word.start..before + word.end).collect(),
        }
    })
}

/// How many bytes both begin with and end with, up to blanks behind a letter or mark: words end there, whatever stands
/// before and behind.
fn shared_at_blanks(a: &str, b: &str) -> (usize, usize) {
    let blank = |text: &str, at: usize| {
        text.as_bytes()[at] == b' ' && text[..at].chars().next_back().is_some_and(|before| !before.is_whitespace())
    };
    let start = shared_start(a.as_bytes(), b.as_bytes());
    let start = (1..start).rev().find(|&at| blank(a, at)).unwrap_or(0);
    let end = shared_end(&a.as_bytes()[start..], &b.as_bytes()[start..]);
    let first = a.len() - end;
    // what stands before the blank has to be shared too
    let whole =
        |at: &usize| blank(a, *at) && a[..*at].char_indices().next_back().is_some_and(|(before, _)| before >= first);
    let end = (first + 1..a.len()).find(whole).map_or(0, |at| a.len() - at);
    (start, end)
}

/// How many bytes both begin with and end with, in whole words.
fn shared_ascii(a: &[u8], b: &[u8]) -> (usize, usize) {
    let mut start = shared_start(a, b);
    while !(seam(a, start) && seam(b, start)) {
        start -= 1;
    }
    let mut end = shared_end(&a[start..], &b[start..]);
    while !(seam(a, a.len() - end) && seam(b, b.len() - end)) {
        end -= 1;
    }
    (start, end)
}

/// The words of a stretch, without blanks; a mark is a word of its own.
fn ascii_words(line: &[u8], stretch: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Vec::with_capacity(stretch.len() / 5 + 1);
    let mut start = stretch.start;
    let mut last = Class::Blank;
    for at in stretch.clone() {
        let class = class(line, at);
        if class == Class::Mark || class != last {
            if last != Class::Blank {
                words.push(start..at);
            }
            start = at;
        }
        last = class;
    }
    if last != Class::Blank {
        words.push(start..stretch.end);
    }
    words
}

/// Whether a byte is part of a word by itself.
pub(super) fn is_word(byte: u8) -> bool {
    CLASSES[byte as usize] == Class::Word
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Blank,
    Mark,
    /// A mark that belongs to the word around it: it's, 3.5, 1,000, user.name.
    Joint,
}

/// What each byte is by itself.
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Mark; 256];
    let mut byte = 0;
    while byte < 128 {
        let is = byte as u8;
        classes[byte] = match is {
            b'_' => Class::Word,
            b'\'' | b'.' | b',' => Class::Joint,
            _ if is.is_ascii_alphanumeric() => Class::Word,
            _ if is.is_ascii_whitespace() => Class::Blank,
            _ => Class::Mark,
        };
        byte += 1;
    }
    classes
};

/// Whether a word ends or begins at `at`.
fn seam(text: &[u8], at: usize) -> bool {
    if at == 0 || at == text.len() {
        return true;
    }
    let class = class(text, at);
    class == Class::Mark || class != self::class(text, at - 1)
}

fn class(text: &[u8], at: usize) -> Class {
    let class = CLASSES[text[at] as usize];
    if class != Class::Joint {
        return class;
    }
    let joins = at > 0
        && text.get(at + 1).is_some_and(|after| {
            let before = text[at - 1];
            (before.is_ascii_alphabetic() && after.is_ascii_alphabetic())
                || (before.is_ascii_digit() && after.is_ascii_digit())
        });
    if joins { Class::Word } else { Class::Mark }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same without leaving anything out first.
    fn plainly(a: &str, b: &str) -> [Stretch; 2] {
        let (old, new): (Vec<_>, Vec<_>) =
            (a.split_word_bound_indices().collect(), b.split_word_bound_indices().collect());
        let same = |((_, a), (_, b)): &(&(usize, &str), &(usize, &str))| a == b;
        let start = old.iter().zip(&new).take_while(same).count();
        let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(same).count();
        [(a, old), (b, new)].map(|(line, words)| {
            let last = words.len() - end;
            let at = |index: usize| words.get(index).map_or(line.len(), |(at, _)| *at);
            let full = words[start..last].iter().filter(|(_, word)| !word.trim().is_empty());
            Stretch { start: at(start), end: at(last), words: full.map(|(at, word)| *at..at + word.len()).collect() }
        })
    }

    const PIECES: [&str; 16] = [
        "a",
        "b",
        "é",
        " ",
        " ",
        "  ",
        "\u{3000}",
        "漢",
        "\u{301}",
        "\u{200d}",
        "👩",
        "\u{1f1e9}",
        "'",
        ".",
        "1",
        "\u{2009}",
    ];

    fn piece() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

        #[test]
        fn what_is_left_out_first_changes_no_word(start in piece(), a in piece(), b in piece(), end in piece()) {
            let (a, b) = (format!("{start}{a}{end}"), format!("{start}{b}{end}"));
            prop_assume!(!a.is_ascii() || !b.is_ascii());
            prop_assert_eq!(differing(&a, &b), plainly(&a, &b));
        }

        #[test]
        fn words_are_equal_when_their_letters_are(a in "[ab]{0,12}", b in "[ab]{0,12}") {
            prop_assert_eq!(Word::new(a.as_bytes()) == Word::new(b.as_bytes()), a == b);
        }
    }
}
