//! What must not be kept in the clear, and texts without it.
//!
//! A personal value comes back in a reply, in parts too: "Hello Ada" for `Ada Lovelace`. So the values are looked for in
//! every text of a run, and not only where they were filled in.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::prompt::{Declarations, Origin, Privacy, Resolver};

/// A value that is personal or secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    /// Its variable.
    pub name: String,
    /// What it is.
    pub value: String,
    /// Whether it is secret: then it is kept nowhere, whatever the user has opted in to.
    pub secret: bool,
}

/// The private values among those of `resolver`. A default was written by the prompt's author and is about nobody, unless
/// it is declared secret.
pub fn private(resolver: &Resolver<'_>, declarations: &Declarations) -> Vec<Private> {
    let private = declarations.0.iter().filter(|(_, declared)| declared.privacy >= Privacy::Personal);
    private
        .filter_map(|(name, declared)| {
            let (value, origin) = resolver.resolve(name)?;
            let secret = declared.privacy == Privacy::Secret;
            let counts = !value.trim().is_empty() && (secret || origin != Origin::Default);
            counts.then(|| Private { name: name.clone(), value: value.to_owned(), secret })
        })
        .collect()
}

/// Puts `[name]` where a private value stands, and `[key]` where something has the form of a key.
#[derive(Debug, Clone)]
pub struct Mask {
    /// What is looked for and what is put there, by how it begins: its first four bytes, or all of a shorter one. The
    /// longest first among those that begin alike. A value may be a page of prose with thousands of names in it.
    needles: HashMap<Box<[u8]>, Vec<(String, String)>>,
    /// Whether something begins with a byte.
    first: [bool; 256],
}

/// Bytes of its beginning by which something is found.
const BEGINNING: usize = 4;

/// A shorter piece is masked only where it stands as a word of its own.
const WITHIN_WORDS: usize = 4;
/// A part of a value that is shorter says nothing about a person.
const SHORTEST_PART: usize = 3;

/// A value of more words is prose.
const WORDS_OF_A_NAME: usize = 4;
/// Words that begin a sentence and name nobody. Masked wherever they stand they would leave no reply that can be read,
/// where a value is prose.
const OPENERS: [&str; 60] = [
    "About", "After", "All", "Also", "And", "Any", "Are", "Before", "But", "Can", "Could", "Did", "Does", "Don't",
    "Each", "Every", "For", "From", "Has", "Have", "Hello", "Here", "How", "I'd", "I'll", "I'm", "I've", "It's", "Its",
    "Let", "Not", "Now", "One", "Only", "Our", "Please", "She", "Since", "Some", "Thank", "Thanks", "That", "The",
    "Their", "Then", "There", "These", "They", "This", "Those", "Was", "What", "When", "Where", "Which", "Who", "Why",
    "With", "You", "Your",
];

impl Default for Mask {
    fn default() -> Self {
        Self { needles: HashMap::new(), first: [false; 256] }
    }
}

impl Mask {
    /// Of these values, and of the parts of them that read like names or numbers.
    pub fn new(private: &[Private]) -> Self {
        Self::beside(private, "")
    }

    /// The same where the prompt's own text is read, as `written` by its author with its placeholders: a word of it names
    /// nobody, although it may stand in a value too. Whole values are masked all the same.
    pub fn beside(private: &[Private], written: &str) -> Self {
        let written: HashSet<&str> = words(written).collect();
        let common: HashSet<String> = written.iter().map(|word| word.to_lowercase()).collect();
        let mut needles = Vec::new();
        for one in private {
            let shown = format!("[{}]", one.name);
            needles.push((one.value.clone(), shown.clone()));
            needles.push((one.value.trim().to_owned(), shown.clone()));
            let parts = words(&one.value);
            let is_prose = !one.secret && one.value.split_whitespace().count() > WORDS_OF_A_NAME;
            // in prose a word with a capital that also stands without one begins a sentence or a label: "Board", "Plan"
            let plain: HashSet<&str> = if is_prose { words(&one.value).collect() } else { HashSet::new() };
            let ordinary = |part: &str| {
                let small = part.to_lowercase();
                small != part && (plain.contains(small.as_str()) || common.contains(&small))
            };
            let telling = |part: &&str| {
                let first = part.chars().next();
                part.chars().count() >= SHORTEST_PART
                    && (one.secret || !written.contains(part))
                    && !(is_prose && (OPENERS.contains(part) || ordinary(part)))
                    && (one.secret || first.is_some_and(char::is_uppercase) || part.contains(|c: char| c.is_numeric()))
            };
            needles.extend(parts.filter(telling).map(|part| (part.to_owned(), shown.clone())));
        }
        needles.retain(|(needle, _)| !needle.is_empty());
        needles.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        needles.dedup_by(|a, b| a.0 == b.0);
        let mut by_beginning: HashMap<Box<[u8]>, Vec<(String, String)>> = HashMap::new();
        for (needle, shown) in needles {
            let beginning = &needle.as_bytes()[..needle.len().min(BEGINNING)];
            by_beginning.entry(beginning.into()).or_default().push((needle, shown));
        }
        let mut first = [false; 256];
        for beginning in by_beginning.keys() {
            first[usize::from(beginning[0])] = true;
        }
        Self { needles: by_beginning, first }
    }

    /// `text` with masks. One pass from left to right: a mask is never looked into.
    pub fn over(&self, text: &str) -> String {
        let keys = crate::lint::secrets(text);
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        let mut keys = keys.into_iter().peekable();
        while at < text.len() {
            while keys.next_if(|key| key.start < at).is_some() {}
            if let Some(key) = keys.next_if(|key| key.start == at) {
                masked.push_str("[key]");
                at = key.end;
                continue;
            }
            if let Some((needle, shown)) = self.at(text, at) {
                masked.push_str(shown);
                at += needle.len();
                continue;
            }
            // on to the next byte with which something begins; none of them is within a character
            let here = at + text[at..].chars().next().map_or(1, char::len_utf8);
            let next = text.as_bytes()[here..].iter().position(|byte| self.first[usize::from(*byte)]);
            let next = next.map_or(text.len(), |ahead| here + ahead);
            let next = keys.peek().map_or(next, |key| next.min(key.start.max(here)));
            masked.push_str(&text[at..next]);
            at = next;
        }
        masked
    }
}

impl Mask {
    /// The longest of what is looked for that stands in `text` at this byte.
    fn at(&self, text: &str, at: usize) -> Option<&(String, String)> {
        if !self.first[usize::from(text.as_bytes()[at])] {
            return None;
        }
        // what has more bytes in its beginning is longer
        (1..=BEGINNING.min(text.len() - at)).rev().find_map(|bytes| {
            let alike = self.needles.get(&text.as_bytes()[at..at + bytes])?;
            alike.iter().find(|(needle, _)| stands(text, at, needle))
        })
    }
}

/// The words of a text, each without the marks around it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"')).map(bare)
}

/// A word without the marks around it and without the genitive: "Grace's." names Grace, who is then masked in any sentence.
fn bare(word: &str) -> &str {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// Whether `needle` stands in `text` at this byte; a short one only as a word of its own.
fn stands(text: &str, at: usize, needle: &str) -> bool {
    if !text[at..].starts_with(needle) {
        return false;
    }
    let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    needle.chars().count() >= WITHIN_WORDS
        || (!in_word(text[..at].chars().next_back()) && !in_word(text[at + needle.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(values: &[(&str, &str)]) -> Mask {
        let private: Vec<_> = values
            .iter()
            .map(|(name, value)| Private { name: (*name).into(), value: (*value).into(), secret: false })
            .collect();
        Mask::new(&private)
    }

    #[test]
    fn a_value_is_masked_wherever_it_stands_and_in_the_parts_that_name_somebody() {
        let mask = mask(&[("user_name", "Ada Lovelace of the team")]);
        assert_eq!(
            mask.over("for Ada Lovelace of the team: Hi Ada! The team of Lovelace's."),
            "for [user_name]: Hi [user_name]! The team of [user_name]'s."
        );
    }

    #[test]
    fn a_short_value_is_masked_as_a_word_of_its_own() {
        assert_eq!(mask(&[("age", "4")]).over("4 of 14, born in 2004: 4."), "[age] of 14, born in 2004: [age].");
    }

    #[test]
    fn the_first_words_of_sentences_name_nobody_and_a_name_in_prose_does() {
        let mask = mask(&[("talk", "This board is gone. I'm Ada, and the Owner is This Grace's.")]);
        assert_eq!(mask.over("This is for Ada and Grace. I'm here."), "This is for [talk] and [talk]. I'm here.");
    }

    #[test]
    fn a_value_that_is_pages_long_is_masked_name_by_name_and_the_longest_one_first() {
        let names: Vec<String> = (0..5_000).map(|number| format!("Name{number}")).collect();
        let mask = mask(&[("talk", &names.join(" ")), ("x", "é"), ("y", "Name4999 and more")]);
        assert_eq!(mask.over("Name4999 and more, Name4999, Name12x, é"), "[y], [talk], [talk]x, [x]");
    }

    #[test]
    fn a_word_of_the_prompts_own_text_names_nobody_and_the_whole_value_is_masked_all_the_same() {
        let private = [Private { name: "x".into(), value: "Role: Admin Ada".into(), secret: false }];
        let mask = Mask::beside(&private, "# Identity & Role\nHelp {{x}}.");
        assert_eq!(mask.over("# Identity & Role\nHelp Role: Admin Ada. Ada?"), "# Identity & Role\nHelp [x]. [x]?");
    }

    #[test]
    fn a_long_value_does_not_take_ordinary_words_out_of_what_was_said() {
        let value = "Plan: Team, 12 seats. Board \"Launch\" was deleted by Grace Hopper; her board had 40 tasks.";
        let private = [Private { name: "account".into(), value: value.into(), secret: false }];
        let mask = Mask::beside(&private, "The plan decides what the team can do: {{account}}");
        assert_eq!(
            mask.over("Your Team plan keeps a deleted Board for 30 days, Grace. Launch is back, and so are 40 tasks."),
            "Your Team plan keeps a deleted Board for 30 days, [account]. [account] is back, and so are 40 tasks."
        );
        assert_eq!(mask.over(&format!("You said: {value}")), "You said: [account]", "where it stands as a value");
        // a name is one, also where its word stands in the prompt in small letters
        let private = [Private { name: "user".into(), value: "Rose Will".into(), secret: false }];
        assert_eq!(Mask::beside(&private, "a rose will do").over("Hi Rose"), "Hi [user]");
    }

    #[test]
    fn a_mask_is_never_looked_into() {
        assert_eq!(mask(&[("a", "name"), ("name", "Xavier")]).over("Xavier name"), "[name] [a]");
    }

    #[test]
    fn a_key_that_somebody_typed_is_masked_too() {
        let key = ["sk-ant-", "api03-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"].concat();
        assert_eq!(Mask::default().over(&format!("é use {key} now")), "é use [key] now");
    }
}
