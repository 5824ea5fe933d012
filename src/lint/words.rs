//! The vocabulary that rules look for: words by class, and the phrases of every rule in one table, so that a text is
//! looked through once for all of them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::rules;

/// Words that carry no content of their own.
pub const STOP: u16 = 1;
/// What a model puts out: an answer, a reply, a summary.
pub const OUTPUT: u16 = 1 << 1;
/// A word that makes a sentence hold only sometimes.
pub const CONDITION: u16 = 1 << 2;
/// A word that turns a sentence round.
pub const NEGATION: u16 = 1 << 3;
/// A word that says what to do instead.
pub const ALTERNATIVE: u16 = 1 << 4;
/// What one does with a thing that a user asks for.
pub const GRANTING: u16 = 1 << 5;
/// Words that ask for short answers.
pub const SHORT: u16 = 1 << 6;
/// Words that ask for long answers.
pub const LONG: u16 = 1 << 7;
/// Words for a formal voice.
pub const FORMAL: u16 = 1 << 8;
/// Words for a casual voice.
pub const CASUAL: u16 = 1 << 9;
/// Verbs that ask for a form of the output.
pub const MAKING: u16 = 1 << 10;

const CLASSES: &[(u16, &str)] = &[
    (
        STOP,
        "a an the and or of to in on at by for from with as is are be been it its this that these those they them their \
         you your we our us i me my he she his her any all every each some such so very just also then than there here \
         will would should must may might can do does did have has had who whom which what's into about over please \
         always never not no don't cannot can't without avoid ever under",
    ),
    (
        OUTPUT,
        "answer answers response responses reply replies explanation explanations output outputs summary summaries \
         message messages sentence sentences paragraph paragraphs",
    ),
    (
        CONDITION,
        "if when whenever unless except only but while until before after though although where wherever than otherwise \
         instead asked requested asks requests needed necessary appropriate needs need possible case",
    ),
    (NEGATION, "not no never don't cannot can't won't without avoid nor doesn't isn't neither refrain"),
    (
        ALTERNATIVE,
        "instead but rather only say says tell write reply respond refer redirect direct point explain ask offer hand \
         suggest use unless except until before without transfer escalate route send keep leave name acknowledge \
         apologize apologise encourage recommend then when if otherwise always decline refuse continue stop",
    ),
    (
        GRANTING,
        "answer discuss provide help share reveal disclose talk recommend advise assist promise speculate give \
         process offer engage respond",
    ),
    (SHORT, "concise concisely brief briefly short succinct succinctly terse"),
    (LONG, "comprehensive comprehensively detailed thorough thoroughly exhaustive exhaustively lengthy elaborate long"),
    (FORMAL, "formal formally solemn"),
    (CASUAL, "casual casually informal informally playful slang humorous witty funny jokes chatty cheeky"),
    (
        MAKING,
        "use write format return output respond reply answer include add give produce provide render present begin start",
    ),
];

/// A word's number: the same for every spelling in upper and lower case, another for every other word.
pub const fn word(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut hash = SEED;
    let mut at = 0;
    while at < bytes.len() {
        hash = step(hash, bytes[at]);
        at += 1;
    }
    hash
}

/// The number of the word that no text has.
pub const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The number of a word with one more byte.
pub const fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ byte.to_ascii_lowercase() as u64).wrapping_mul(0x0000_0100_0000_01b3)
}

/// The number of a word without the ending that a plural or a third person has, so that `refunds` is `refund`.
pub fn stem(text: &str) -> u64 {
    let cut = if text.len() > 4 && text.ends_with("sses") {
        &text[..text.len() - 2]
    } else if text.len() > 3 && text.ends_with('s') && !text.ends_with("ss") {
        &text[..text.len() - 1]
    } else {
        text
    };
    word(cut)
}

/// Which classes a word is of, and which phrases begin with it.
#[derive(Debug, Default)]
pub struct Entry {
    /// Its classes, one bit each.
    pub classes: u16,
    /// The phrases that begin with it.
    pub phrases: Vec<Phrase>,
}

/// The rest of a phrase, and whose it is.
#[derive(Debug)]
pub struct Phrase {
    /// An index into [`rules::ALL`].
    pub rule: usize,
    /// An index into the rule's phrases.
    pub which: usize,
    /// The words after the first.
    pub rest: Vec<u64>,
}

/// Words are numbers already: what spreads them is done.
#[derive(Debug, Default, Clone, Copy)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = step(self.0, *byte);
        }
    }
    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// A map by words.
pub type ByWord<T> = HashMap<u64, T, BuildHasherDefault<AsItIs>>;

static TABLE: LazyLock<ByWord<Entry>> = LazyLock::new(|| {
    let mut table: ByWord<Entry> = ByWord::default();
    for (class, words) in CLASSES {
        for text in words.split_whitespace() {
            table.entry(word(text)).or_default().classes |= class;
        }
    }
    for (rule, known) in rules::ALL.iter().enumerate() {
        for (phrase, text) in known.phrases.iter().enumerate() {
            let mut words = text.split([' ', '-']).map(word);
            let Some(first) = words.next() else { continue };
            table.entry(first).or_default().phrases.push(Phrase { rule, which: phrase, rest: words.collect() });
        }
    }
    table
});

/// What is known of every word that rules look for.
pub fn table() -> &'static ByWord<Entry> {
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_in_any_letter_case_and_without_a_plural_s() {
        assert_eq!(word("Refund"), word("refund"));
        assert_eq!(stem("refunds"), stem("refund"));
        assert_eq!(stem("processes"), stem("process"));
        assert_ne!(stem("process"), word("proces"));
        assert_ne!(word("ab"), word("ba"));
    }

    #[test]
    fn the_table_knows_classes_and_phrases() {
        assert_ne!(table()[&word("concise")].classes & SHORT, 0);
        assert!(table().values().any(|entry| !entry.phrases.is_empty()));
    }
}
