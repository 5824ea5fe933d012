//! What a text says that one can or cannot, always or never do: lists under such a word, and sentences with it.

use std::collections::HashMap;
use std::ops::Range;

use super::view::{Kind, View};
use super::words::{CONDITION, NEGATION, STOP, stem, word};

/// Whether something is said to be so, or not so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Can, always.
    Yes,
    /// Cannot, never.
    No,
}

/// Which pair of words is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    /// What one is able or allowed to do.
    CanCannot,
    /// What one does in every case.
    AlwaysNever,
}

/// One act, and what is said about it.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Whether it is affirmed.
    pub side: Side,
    /// Its bytes.
    pub range: Range<usize>,
    /// The stems of its words that have content, in their order, without those after a colon or a comma.
    stems: Vec<u64>,
    /// Whether it holds only sometimes.
    conditional: bool,
}

/// Stems that are compared: what comes later is detail.
const COMPARED: usize = 6;

/// Everything that `view` says about this pair.
pub fn claims(view: &View<'_>, pair: Pair) -> Vec<Claim> {
    let mut found = Vec::new();
    // what the list that is open is about
    let mut list: Option<Side> = None;
    for sentence in &view.sentences {
        let line = &view.lines[sentence.line];
        let words = &view.words[sentence.words.clone()];
        let heads = line.kind == Kind::Heading || (!line.item && ends_in_colon(view, sentence.words.end, line.end));
        if heads {
            list = list_of(view, words, pair);
            continue;
        }
        if !sentence.prose {
            continue;
        }
        if line.item {
            let first = view.words.get(sentence.words.start).is_some_and(|first| first.start <= line.content + 3);
            if let (Some(side), true) = (list, first) {
                found.extend(claim(view, sentence.words.clone(), 0, side));
                continue;
            }
        } else {
            list = None;
        }
        if let Some((side, from)) = said(words, pair) {
            found.extend(claim(view, sentence.words.clone(), from, side));
        }
    }
    found
}

/// Claims of both sides about the same act, the later one of each two first, in the order of the text.
pub fn contradictions(claims: &[Claim]) -> Vec<(&Claim, &Claim)> {
    let mut by_first: HashMap<u64, Vec<&Claim>> = HashMap::new();
    let mut found = Vec::new();
    for claim in claims {
        let Some(first) = claim.stems.first() else { continue };
        let same = by_first.entry(*first).or_default();
        // a text that says the same thing hundreds of times has been heard
        if let Some(other) = same.iter().rev().take(64).find(|other| other.side != claim.side && claim.is_about(other))
        {
            found.push((claim, *other));
        }
        same.push(claim);
    }
    found
}

impl Claim {
    /// Whether both are about the same act: one says all that the other says, and at most a little more.
    fn is_about(&self, other: &Self) -> bool {
        let (short, long) = if self.stems.len() <= other.stems.len() {
            (&self.stems, &other.stems)
        } else {
            (&other.stems, &self.stems)
        };
        let begins = long.starts_with(short);
        let close = if short.len() < 2 { short.len() == long.len() } else { long.len() <= short.len() + 2 };
        begins && close && !self.conditional && !other.conditional
    }
}

fn ends_in_colon(view: &View<'_>, end: usize, line_end: usize) -> bool {
    let after = view.words[..end].last().map_or(0, |last| last.end);
    let rest = view.text.get(after..line_end).unwrap_or_default();
    rest.trim_matches(['*', '_', ' ', '\t']) == ":"
}

/// What a list under these words is about.
fn list_of(view: &View<'_>, words: &[super::view::Word], pair: Pair) -> Option<Side> {
    if words.len() > 12 {
        return None;
    }
    let has = |text: &str| words.iter().any(|known| known.hash == word(text));
    let negated = words.iter().any(|word| word.is(NEGATION));
    let conditional = words.iter().any(|word| {
        let spelled = view.spelled(word);
        word.is(CONDITION) && !spelled.eq_ignore_ascii_case("instead")
    });
    match pair {
        Pair::CanCannot if has("cannot") || has("can't") || ((has("can") || has("may")) && negated) => Some(Side::No),
        Pair::CanCannot if (has("can") || has("may")) && !conditional => Some(Side::Yes),
        Pair::AlwaysNever if words.len() > 4 => None,
        Pair::AlwaysNever if has("never") || has("don't") || has("not") => Some(Side::No),
        Pair::AlwaysNever if has("always") || (has("do") && words.len() == 1) => Some(Side::Yes),
        Pair::CanCannot | Pair::AlwaysNever => None,
    }
}

/// What a sentence says, and where the act begins in it.
fn said(words: &[super::view::Word], pair: Pair) -> Option<(Side, usize)> {
    let is = |at: usize, text: &str| words.get(at).is_some_and(|known| known.hash == word(text) && !known.literal);
    let begin = usize::from(is(0, "you"));
    match pair {
        Pair::CanCannot => {
            if begin == 0 {
                return None;
            }
            if is(1, "cannot") || is(1, "can't") {
                return Some((Side::No, 2));
            }
            if (is(1, "can") || is(1, "may") || is(1, "must") || is(1, "should")) && is(2, "not") {
                return Some((Side::No, 3));
            }
            (is(1, "can") || is(1, "may")).then_some((Side::Yes, 2))
        }
        Pair::AlwaysNever => {
            let begin = if is(begin, "must") || is(begin, "should") { begin + 1 } else { begin };
            if is(begin, "always") {
                return Some((Side::Yes, begin + 1));
            }
            if is(begin, "never") || is(begin, "don't") || (begin > 0 && is(begin, "not")) {
                return Some((Side::No, begin + 1));
            }
            (is(begin, "do") && is(begin + 1, "not")).then_some((Side::No, begin + 2))
        }
    }
}

fn claim(view: &View<'_>, words: Range<usize>, from: usize, side: Side) -> Option<Claim> {
    let mut stems = Vec::new();
    let mut end = words.start;
    let mut cut = false;
    for at in words.start + from..words.end {
        let word = &view.words[at];
        if at > words.start + from {
            let gap = &view.text[view.words[at - 1].end..word.start];
            cut |= gap.contains([':', ';', ',', '(', '—', '–']) || gap.contains(" - ");
        }
        if cut {
            continue;
        }
        end = at + 1;
        if !word.is(STOP) && stems.len() < COMPARED {
            stems.push(stem(view.spelled(word)));
        }
    }
    let conditional = view.words[words.clone()].iter().any(|word| word.is(CONDITION));
    (!stems.is_empty()).then(|| Claim { side, range: view.range(&(words.start..end)), stems, conditional })
}
