//! What is known of words, by their numbers: their classes, and the phrases that begin with them.
//!
//! The table is made by the compiler: the first look at a text is as fast as every other one.

use super::{CLASSES, PHRASE, SECOND, SEED, number};
use crate::lint::rules;

/// Which classes a word is of, and which phrases begin with it.
#[derive(Debug, Clone, Copy)]
struct Entry {
    hash: u64,
    /// Its classes, one bit each.
    classes: u16,
    /// The first phrase that begins with it, for [`phrase`].
    phrase: u16,
}

/// The rest of a phrase, and whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Phrase {
    /// An index into [`rules::ALL`].
    pub rule: u16,
    /// An index into the rule's phrases.
    pub which: u16,
    /// The next phrase that begins with the same word.
    pub next: u16,
    from: u16,
    to: u16,
}

impl Phrase {
    /// The words after the first.
    pub fn rest(&self) -> &'static [u64] {
        &TABLE.rests[usize::from(self.from)..usize::from(self.to)]
    }
}

/// What is known of the word with this number: its classes, and the first phrase that begins with it. Both are 0 for a
/// word that nobody looks for.
///
/// A word is at one of two places, and both are read: there is no branch to be guessed wrong.
pub fn known(hash: u64) -> (u16, u16) {
    let [one, two] = places(hash).map(|place| {
        let entry = &TABLE.entries[place];
        let is_it = u16::from(entry.hash == hash).wrapping_neg();
        (entry.classes & is_it, entry.phrase & is_it)
    });
    (one.0 | two.0, one.1 | two.1)
}

/// The phrase of this number; `None` is behind the last one.
pub fn phrase(number: u16) -> Option<&'static Phrase> {
    TABLE.phrases.get(usize::from(number.checked_sub(1)?))
}

/// Four times as many as there are words, so that each finds a place.
const PLACES: usize = 2048;

/// The two places at which a word can be. No word with a place has the number of none, [`SEED`].
const fn places(hash: u64) -> [usize; 2] {
    [(hash % PLACES as u64) as usize, ((hash >> 40) % PLACES as u64) as usize]
}

/// Words by their numbers. Numbers of phrases count from 1: 0 is none.
struct Table<const PHRASES: usize, const RESTS: usize> {
    entries: [Entry; PLACES],
    phrases: [Phrase; PHRASES],
    rests: [u64; RESTS],
}

static TABLE: Table<{ COUNTS.0 }, { COUNTS.1 }> = table();

/// How many phrases there are, and how many words behind their first ones.
const COUNTS: (usize, usize) = {
    let (mut phrases, mut words) = (0, 0);
    let mut rule = 0;
    while rule < rules::ALL.len() {
        let all = rules::ALL[rule].phrases;
        let mut which = 0;
        while which < all.len() {
            phrases += 1;
            let mut left = cut(all[which].as_bytes(), 0);
            while let Some((_, end)) = left {
                words += 1;
                left = cut(all[which].as_bytes(), end);
            }
            which += 1;
        }
        rule += 1;
    }
    (phrases, words - phrases)
};

#[expect(clippy::large_stack_arrays, reason = "the compiler calls it, no program does")]
const fn table() -> Table<{ COUNTS.0 }, { COUNTS.1 }> {
    let mut table = Table {
        entries: [Entry { hash: SEED, classes: 0, phrase: 0 }; PLACES],
        phrases: [Phrase { rule: 0, which: 0, next: 0, from: 0, to: 0 }; COUNTS.0],
        rests: [0; COUNTS.1],
    };
    let mut at = 0;
    while at < CLASSES.len() {
        let (class, text) = (CLASSES[at].0, CLASSES[at].1.as_bytes());
        let mut left = cut(text, 0);
        while let Some((start, end)) = left {
            classify(&mut table.entries, number(text, start, end), class);
            left = cut(text, end);
        }
        at += 1;
    }
    let (mut phrases, mut rests) = (0, 0);
    let mut rule = 0;
    while rule < rules::ALL.len() {
        let all = rules::ALL[rule].phrases;
        let mut which = 0;
        while which < all.len() {
            let text = all[which].as_bytes();
            let Some((start, end)) = cut(text, 0) else { panic!("a phrase has a word") };
            let from = rests;
            let mut left = cut(text, end);
            while let Some((start, end)) = left {
                table.rests[rests] = number(text, start, end);
                rests += 1;
                left = cut(text, end);
            }
            if from < rests {
                classify(&mut table.entries, table.rests[from], SECOND);
            }
            let entry = classify(&mut table.entries, number(text, start, end), if from < rests { 0 } else { PHRASE });
            table.phrases[phrases] =
                Phrase { rule: rule as u16, which: which as u16, next: 0, from: from as u16, to: rests as u16 };
            phrases += 1;
            // behind the phrases that begin with the same word: hits come in the order of the rule's phrases
            let mut last = table.entries[entry].phrase as usize;
            if last == 0 {
                table.entries[entry].phrase = phrases as u16;
            } else {
                while table.phrases[last - 1].next != 0 {
                    last = table.phrases[last - 1].next as usize;
                }
                table.phrases[last - 1].next = phrases as u16;
            }
            which += 1;
        }
        rule += 1;
    }
    table
}

/// Adds classes to a word, and says where it is.
const fn classify(entries: &mut [Entry; PLACES], hash: u64, classes: u16) -> usize {
    if place_of(entries, hash).is_none() {
        put(entries, Entry { hash, classes: 0, phrase: 0 });
    }
    let Some(at) = place_of(entries, hash) else { panic!("the word has been put there") };
    entries[at].classes |= classes;
    at
}

const fn place_of(entries: &[Entry; PLACES], hash: u64) -> Option<usize> {
    let [one, two] = places(hash);
    if entries[one].hash == hash {
        Some(one)
    } else if entries[two].hash == hash {
        Some(two)
    } else {
        None
    }
}

/// Puts a word at one of its two places; the word that was there goes to its other place, and so on.
const fn put(entries: &mut [Entry; PLACES], mut entry: Entry) {
    let mut at = places(entry.hash)[0];
    let mut moves = 0;
    while moves < 100 {
        let before = entries[at];
        entries[at] = entry;
        if before.hash == SEED {
            return;
        }
        let [one, two] = places(before.hash);
        at = if at == one { two } else { one };
        entry = before;
        moves += 1;
    }
    panic!("there are too many words for so few places");
}

/// The first word at or behind `from`: words of lists and phrases have blanks or hyphens between them.
const fn cut(text: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut start = from;
    while start < text.len() && is_gap(text[start]) {
        start += 1;
    }
    let mut end = start;
    while end < text.len() && !is_gap(text[end]) {
        end += 1;
    }
    if end > start { Some((start, end)) } else { None }
}

const fn is_gap(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'\n')
}
