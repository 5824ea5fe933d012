//! How a text wants answers to be: short or long, formal or casual. Only sentences that hold always are heard.

use std::ops::Range;

use super::view::{View, Word};
use super::words::{CONDITION, NEGATION, OUTPUT, word};

/// The first sentence that asks for answers of this class, with the bytes of the word that does.
pub fn asked(view: &View<'_>, class: u16) -> Option<(usize, Range<usize>)> {
    let mut of_class = view.sentences.iter().enumerate().filter(|(_, sentence)| sentence.prose && sentence.has(class));
    of_class.find_map(|(number, sentence)| {
        let words = &view.words[sentence.words.clone()];
        if !holds_always(words) {
            return None;
        }
        let at = (0..words.len()).find(|&at| words[at].is(class) && !words[at].literal && asks(words, at))?;
        Some((number, words[at].start..words[at].end))
    })
}

/// Whether nothing in these words makes them hold only sometimes.
pub fn holds_always(words: &[Word]) -> bool {
    !words.iter().any(|word| word.is(CONDITION) && !word.literal)
}

/// Whether the quality at `at` is asked of the answers, not said of something else: `be concise`, `concise answers`.
fn asks(words: &[Word], at: usize) -> bool {
    const BEING: [u64; 5] = [word("be"), word("stay"), word("remain"), word("being"), word("keep")];
    const VOICE: [u64; 6] =
        [word("tone"), word("style"), word("language"), word("voice"), word("manner"), word("register")];
    let negated = words[at.saturating_sub(4)..at].iter().any(|word| word.is(NEGATION));
    if negated {
        return false;
    }
    let being = words[at.saturating_sub(4)..at].iter().any(|word| BEING.contains(&word.hash));
    let of_output = words[at + 1..].iter().take(3).any(|word| word.is(OUTPUT) || VOICE.contains(&word.hash));
    let adverb = at > 0 && words[at - 1].is(super::words::MAKING);
    being || of_output || adverb
}
