//! The vocabulary that rules look for: words by class, and the phrases of every rule in one table, so that a text is
//! looked through once for all of them.

mod table;

pub use table::{known, phrase};

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

#[cfg(test)]
mod tests {
    use super::table::Phrase;
    use super::*;
    use crate::lint::rules;

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
