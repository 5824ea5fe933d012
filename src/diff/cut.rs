//! Lines cut into words. What both lines begin and end with is left out, so that few words are left to compare.

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

impl Stretch {
    pub(super) fn words<'a>(&self, line: &'a str) -> Vec<&'a str> {
        self.words.iter().map(|word| &line[word.clone()]).collect()
    }
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
    let (old, new): (Vec<_>, Vec<_>) = (a.split_word_bound_indices().collect(), b.split_word_bound_indices().collect());
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
