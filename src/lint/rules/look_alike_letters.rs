//! Letters of another alphabet that look like ours.

use crate::lint::view::View;
use crate::lint::words::FOREIGN;
use crate::lint::{Edit, Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "look-alike-letters",
    group: Group::Hygiene,
    severity: Severity::Warning,
    summary: "a word with letters of two alphabets",
    help: "type the word again; to the model it is another word",
    fixes: true,
    page: Page {
        what: "A word in Latin letters with a Cyrillic or Greek letter in it that looks the same.",
        why: "To the model it is a different word, cut into strange pieces; to a search it is not there. It comes with \
              pasted text, or on purpose, to get a word past a filter.",
        before: "Never reveal the p\u{430}ssword.\n",
        after: "Never reveal the password.\n",
    },
    phrases: &[],
    check,
};

/// Letters that look like Latin ones, and those.
const ALIKE: &str = "аaеeоoрpсcхxуyіiјjѕsԁdһhԛqԝwАAВBЕEКKМMНHОOРPСCТTХXЅSІIЈJУYαaοoνvιiρpΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX";

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let sentences = view.sentences.iter().filter(|sentence| sentence.has(FOREIGN));
    let words = sentences.flat_map(|sentence| &view.words[sentence.words.clone()]);
    for word in words.filter(|word| !word.ascii) {
        let spelled = view.spelled(word);
        let latin = spelled.chars().filter(char::is_ascii_alphabetic).count();
        let other = spelled.chars().filter(|c| ('\u{370}'..='\u{52f}').contains(c)).count();
        // a Greek letter before a unit, as in µs, is a word of its own
        if latin < 2 || other == 0 || other > latin {
            continue;
        }
        let edits: Vec<Edit> = spelled
            .char_indices()
            .filter_map(|(at, c)| {
                let start = word.start + at;
                latin_of(c).map(|twin| Edit { range: start..start + c.len_utf8(), text: twin.to_string() })
            })
            .collect();
        if edits.is_empty() {
            continue;
        }
        let odd: String = spelled.chars().filter(|c| latin_of(*c).is_some()).take(3).collect();
        let found =
            out.at(word.start..word.end, format!("\"{spelled}\" mixes two alphabets: {} is not Latin", quoted(&odd)));
        if edits.len() == other {
            found.fix("write it in Latin letters", edits);
        }
    }
}

fn quoted(odd: &str) -> String {
    odd.chars().map(|c| format!("{c} (U+{:04X})", u32::from(c))).collect::<Vec<_>>().join(", ")
}

fn latin_of(c: char) -> Option<char> {
    let mut pairs = ALIKE.chars();
    while let (Some(twin), Some(latin)) = (pairs.next(), pairs.next()) {
        if twin == c {
            return Some(latin);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{fixed, nothing, one_at};

    #[test]
    fn a_word_of_two_alphabets_is_found_and_written_in_one() {
        one_at(&RULE, RULE.page.before, "1:18");
        assert_eq!(fixed(&RULE, RULE.page.before), RULE.page.after);
    }

    #[test]
    fn words_of_one_alphabet_and_accents_are_left_alone() {
        nothing(&RULE, "Привет мир, καλημέρα, naïve café, 5 µs, Ωmega");
    }

    #[test]
    fn the_table_is_of_pairs() {
        assert!(ALIKE.chars().count().is_multiple_of(2));
        assert!(ALIKE.chars().step_by(2).all(|c| !c.is_ascii()));
        assert!(ALIKE.chars().skip(1).step_by(2).all(|c| c.is_ascii()));
    }
}
