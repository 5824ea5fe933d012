//! The vocabulary that rules look for: words by class, and the phrases of every rule in one table, so that a text is
//! looked through once for all of them.
//!
//! The table is made by the compiler: the first look at a text is as fast as every other one.

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

/// A word that begins with a digit. Set by the reader of a text, as the classes below are; no list has such words.
pub const NUMBER: u16 = 1 << 11;
/// A word with a letter beyond ASCII.
pub const FOREIGN: u16 = 1 << 12;
/// At least two letters, all of them capital.
pub const CAPITALS: u16 = 1 << 13;
/// A phrase by itself.
pub const PHRASE: u16 = 1 << 14;
/// The second word of a phrase.
pub const SECOND: u16 = 1 << 15;

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
    number(text.as_bytes(), 0, text.len())
}

/// The number of the word that is these bytes of a text.
pub const fn number(bytes: &[u8], start: usize, end: usize) -> u64 {
    let mut hash = SEED;
    let mut at = start;
    while at < end {
        let (mut eight, mut taken) = (0, 0);
        while taken < 8 && at < end {
            eight |= (lower(bytes[at]) as u64) << (8 * taken);
            taken += 1;
            at += 1;
        }
        hash = step(hash, eight);
    }
    hash
}

/// The number of the word that no text has.
pub const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The number of a word with up to eight bytes more, the first one lowest, each as [`lower`] has it.
pub const fn step(hash: u64, eight: u64) -> u64 {
    let mixed = (hash.rotate_left(29) ^ eight).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 32)
}

/// The bit that small letters, digits and apostrophes have and capital letters have not. In a word it tells no other
/// two bytes of ASCII apart, so that eight of them are made small at once.
pub const SMALL: u8 = 0x20;

/// A byte of a word, the same for a capital letter of ASCII and its small one.
pub const fn lower(byte: u8) -> u8 {
    if byte < 0x80 { byte | SMALL } else { byte }
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
        assert_ne!(word("É"), word("é"));
        assert_eq!(word("RESPONSIBILITIES_OF"), word("responsibilities_of"));
    }

    #[test]
    fn every_word_of_every_class_is_known_and_has_a_number_of_its_own() {
        let mut seen = std::collections::HashMap::new();
        for (class, words) in CLASSES {
            for text in words.split_whitespace() {
                assert_ne!(known(word(text)).0 & class, 0, "{text}");
                assert_eq!(*seen.entry(word(text)).or_insert(text), text);
            }
        }
        assert_eq!((known(word("zzz")), known(SEED)), ((0, 0), (0, 0)));
    }

    #[test]
    fn every_phrase_of_every_rule_is_behind_its_first_word() {
        for (rule, known_rule) in rules::ALL.iter().enumerate() {
            for (which, text) in known_rule.phrases.iter().enumerate() {
                let mut words = text.split([' ', '-']).map(word);
                let (_, mut next) = known(words.next().unwrap());
                let found = std::iter::from_fn(|| {
                    let one = phrase(next)?;
                    next = one.next;
                    Some(one)
                })
                .find(|one| (usize::from(one.rule), usize::from(one.which)) == (rule, which));
                assert_eq!(found.map(Phrase::rest), Some(&*words.collect::<Vec<_>>()), "{text}");
            }
        }
    }
}
