//! Which changed words a reader takes for one change, and where it begins.
//!
//! The shortest list of changed words is not the one that is easiest to read: it keeps an "of the" in the middle of a
//! phrase that was replaced, and it begins an added sentence behind the word with which the next one begins too.

use std::ops::Range;

use crate::diff::words::Edit;

/// Equal words of at most so many bytes between two longer changes belong to them, whatever they are.
const CRUMB: usize = 3;
/// So much of little words and punctuation is passed over between two replacements.
const LITTLE: usize = 16;
/// A word that stayed by chance is so many times smaller than the changes on both its sides.
const ISLAND: usize = 3;
/// How far a change is moved to begin where a sentence does.
const FAR: usize = 400;

/// Words that hold a sentence together and say little by themselves, sorted.
const FUNCTION_WORDS: [&str; 62] = [
    "a", "about", "all", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "do", "each",
    "every", "for", "from", "has", "have", "he", "if", "in", "into", "is", "it", "its", "may", "my", "of", "on", "or",
    "our", "over", "per", "she", "should", "so", "some", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "to", "up", "us", "was", "we", "when", "which", "will", "with", "you", "your",
];

/// Puts changes where a reader sees them: whole placeholders, whole phrases, whole sentences.
pub(super) fn tidy(edits: &mut Vec<Edit>, a: &str, b: &str) {
    for edit in &mut *edits {
        placeholder(edit, a, b);
    }
    edits.dedup_by(|next, last| {
        let join = next.0.start <= last.0.end || one_change(last, next, a);
        if join {
            *last = Edit(last.0.start..next.0.end, last.1.start..next.1.end);
        }
        join
    });
    let mut floor = [0, 0];
    for index in 0..edits.len() {
        let next = edits.get(index + 1).map_or([a.len(), b.len()], |next| [next.0.start, next.1.start]);
        slide(&mut edits[index], a, b, floor, next);
        floor = [edits[index].0.end, edits[index].1.end];
    }
}

/// Whether a reader takes two changes, one after the other in `a`, for one.
fn one_change(last: &Edit, next: &Edit, a: &str) -> bool {
    let between = &a[last.0.end..next.0.start];
    let weight = between.bytes().filter(|byte| !byte.is_ascii_whitespace()).count();
    if weight == 0 {
        return true;
    }
    if weight > LITTLE || ends_sentence(between) {
        return false;
    }
    let size = |edit: &Edit| edit.0.len().max(edit.1.len());
    let smaller = size(last).min(size(next));
    if weight <= CRUMB && weight < smaller {
        return true;
    }
    // where words only came, what stands between them stayed; two replacements with "of the" between them are one
    let replaced = |edit: &Edit| !edit.0.is_empty() && !edit.1.is_empty() && !stands_alone(&a[edit.0.clone()]);
    replaced(last) && replaced(next) && (says_little(between) || weight * ISLAND < smaller)
}

/// Whether it is a thing of its own, and no part of a phrase: a placeholder, a number.
fn stands_alone(text: &str) -> bool {
    text.starts_with("{{") || text.bytes().all(|byte| !byte.is_ascii_alphabetic() && byte.is_ascii())
}

/// Whether a sentence ends in it.
fn ends_sentence(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).any(|pair| matches!(pair[0], b'.' | b'!' | b'?') && pair[1].is_ascii_whitespace())
}

/// Whether there are only punctuation and words that say little by themselves.
fn says_little(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).all(|word| {
        let mut lower = [0; 6];
        let Some(lower) = lower.get_mut(..word.len()) else { return false };
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        std::str::from_utf8(lower).is_ok_and(|word| FUNCTION_WORDS.binary_search(&word).is_ok())
    })
}

/// A name inside of braces changes together with its braces.
fn placeholder(edit: &mut Edit, a: &str, b: &str) {
    let inside = |text: &str, range: &Range<usize>| {
        !range.is_empty() && text[..range.start].ends_with("{{") && text[range.end..].starts_with("}}")
    };
    if inside(a, &edit.0) && inside(b, &edit.1) {
        for range in [&mut edit.0, &mut edit.1] {
            *range = range.start - 2..range.end + 2;
        }
    }
}

/// Moves what only came or only went to where a sentence or a clause begins, as far as the same words are moved over.
fn slide(edit: &mut Edit, a: &str, b: &str, floor: [usize; 2], ceiling: [usize; 2]) {
    let (text, one, other, from, to) = match (edit.0.is_empty(), edit.1.is_empty()) {
        (true, false) => (b, edit.1.clone(), edit.0.clone(), [floor[1], floor[0]], [ceiling[1], ceiling[0]]),
        (false, true) => (a, edit.0.clone(), edit.1.clone(), floor, ceiling),
        _ => return,
    };
    let bytes = text.as_bytes();
    let mut best = (begins(text, &one), 0_isize);
    let mut consider = |by: isize| {
        let range = one.start.saturating_add_signed(by)..one.end.saturating_add_signed(by);
        if text.is_char_boundary(range.start) && text.is_char_boundary(range.end) {
            let score = begins(text, &range);
            if score > best.0 {
                best = (score, by);
            }
        }
    };
    let room = |step: usize| step <= FAR && one.start - from[0] >= step && other.start - from[1] >= step;
    let mut step = 1;
    while room(step) && bytes[one.start - step] == bytes[one.end - step] {
        consider(-step.cast_signed());
        step += 1;
    }
    let room = |step: usize| step <= FAR && one.end + step <= to[0] && other.end + step <= to[1];
    let mut step = 1;
    while room(step) && bytes[one.start + step - 1] == bytes[one.end + step - 1] {
        consider(step.cast_signed());
        step += 1;
    }
    let by = best.1;
    if by != 0 {
        for range in [&mut edit.0, &mut edit.1] {
            *range = range.start.saturating_add_signed(by)..range.end.saturating_add_signed(by);
        }
    }
}

/// How well a change begins and ends here: at a sentence, at a clause, at a word, in the middle of one.
fn begins(text: &str, range: &Range<usize>) -> u8 {
    let before = text[..range.start].chars().next_back();
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (first, last, after) =
        (text[range.clone()].chars().next(), text[range.clone()].chars().next_back(), text[range.end..].chars().next());
    if word(before) && word(first) || word(last) && word(after) {
        return 0;
    }
    let ends = |c: char| matches!(c, '.' | '!' | '?');
    if before.is_some_and(|c| !c.is_whitespace()) {
        return match first {
            // a sentence with the blank before it
            Some(' ') if before.is_some_and(ends) && last.is_some_and(ends) => 4,
            // a clause that begins with its comma
            Some(',') if after.is_none_or(|c| ends(c) || c == ',' || c == ';') => 2,
            _ => 1,
        };
    }
    match text[..range.start].trim_end().chars().next_back() {
        None | Some('.' | '!' | '?' | ':') => 4,
        Some(',' | ';' | ')') => 3,
        _ => 2,
    }
}
