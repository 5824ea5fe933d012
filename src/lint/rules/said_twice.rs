//! A rule that stands in the text twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;

use crate::lint::view::View;
use crate::lint::words::{NEGATION, STOP};
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "said-twice",
    group: Group::Meaning,
    severity: Severity::Note,
    summary: "a rule stands in the text twice",
    help: "keep the one that stands in the right section",
    fixes: false,
    page: Page {
        what: "Two sentences have the same words, whatever their case, marks and small words.",
        why: "It costs tokens with every call, and the next editor changes one of the two.",
        before: "- Answer in the customer's language.\n- Be brief.\n- Answer in the customer's language!\n",
        after: "- Answer in the customer's language.\n- Be brief.\n",
    },
    phrases: &[],
    check,
};

/// Fewer words with content than this are a phrase, not a rule.
const LEAST: usize = 3;

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let mut seen: HashMap<u64, usize, RandomState> =
        HashMap::with_capacity_and_hasher(view.sentences.len(), RandomState::default());
    for sentence in view.sentences.iter().filter(|sentence| sentence.prose) {
        let words = &view.words[sentence.words.clone()];
        let mut key = 0_u64;
        let mut count = 0;
        for word in words {
            // an order that differs is another sentence; `not` is a small word that turns it round
            if !word.is(STOP) || word.is(NEGATION) {
                key = key.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(word.hash);
                count += 1;
            }
        }
        if count < LEAST || words.iter().all(|word| word.literal) {
            continue;
        }
        match seen.entry(key) {
            Entry::Vacant(place) => {
                place.insert(sentence.line);
            }
            Entry::Occupied(first) => {
                let message = format!("the same is said on line {}", first.get() + 1);
                out.at(view.range(&sentence.words), message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_sentence_that_comes_again_is_found() {
        let one = one_at(&RULE, RULE.page.before, "3:3");
        assert_eq!(one.message, "the same is said on line 1");
    }

    #[test]
    fn short_phrases_examples_and_opposites_are_left_alone() {
        nothing(&RULE, "- Be brief.\n- Be brief.\n");
        nothing(&RULE, "```\nParcel 7 is in Lyon now.\nParcel 7 is in Lyon now.\n```\n");
        nothing(&RULE, "Ask for the order number. Do not ask for the order number.");
    }
}
