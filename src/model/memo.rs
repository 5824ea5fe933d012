//! Counts that are not made twice: what a text's pieces cost is remembered, so that after an edit only the line that
//! changed is counted, and a count can be given up between two pieces.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::quality::RandomState;

use super::tokens::{ModelTokens, Vocabulary};
use crate::prompt::TokenCounter;
use crate::prompt::pieces::pieces;

/// So many pieces are remembered; a prompt of 20,000 lines has a fifth of them.
const MOST: usize = 100_000;

/// What pieces of text cost, by their hash. The hashes are seeded anew for each memory, so that nobody can write a text
/// that is taken for another one.
#[derive(Debug, Default)]
pub struct Memory {
    known: RefCell<HashMap<(Vocabulary, u64), u32, RandomState>>,
    hasher: RandomState,
}

/// Counts for one model with the help of a memory.
pub struct Remembering<'a> {
    tokens: ModelTokens,
    memory: &'a Memory,
    /// Says whether nobody waits for the count any more.
    give_up: &'a dyn Fn() -> bool,
    given_up: Cell<bool>,
}

impl<'a> Remembering<'a> {
    /// A counter; `give_up` is asked before each piece that is not known yet.
    pub fn new(tokens: ModelTokens, memory: &'a Memory, give_up: &'a dyn Fn() -> bool) -> Self {
        Self { tokens, memory, give_up, given_up: Cell::new(false) }
    }

    /// Whether a count was given up, so that none of them can be used. What was counted until then stays known.
    pub fn given_up(&self) -> bool {
        self.given_up.get()
    }
}

impl TokenCounter for Remembering<'_> {
    fn count(&self, text: &str) -> usize {
        let vocabulary = self.tokens.vocabulary;
        let mut sum = 0;
        for piece in pieces(text) {
            if self.given_up.get() {
                return 0;
            }
            let key = (vocabulary, self.memory.hasher.hash_one(piece.text));
            let known = self.memory.known.borrow().get(&key).copied();
            sum += match known {
                Some(tokens) => tokens as usize,
                None if (self.give_up)() => {
                    self.given_up.set(true);
                    return 0;
                }
                None => {
                    let tokens = vocabulary.count(piece.text);
                    let mut known = self.memory.known.borrow_mut();
                    if known.len() >= MOST {
                        known.clear();
                    }
                    known.insert(key, u32::try_from(tokens).unwrap_or(u32::MAX));
                    tokens
                }
            };
        }
        self.tokens.scaled(sum)
    }

    fn name(&self) -> &str {
        self.tokens.name()
    }

    fn exact(&self) -> bool {
        self.tokens.exact()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ModelName;
    use crate::model::tokens::counter_for;

    fn counted(memory: &Memory, model: &str, text: &str) -> (usize, usize) {
        let asked = Cell::new(0);
        let give_up = || {
            asked.set(asked.get() + 1);
            false
        };
        let tokens = counter_for(&ModelName::parse(model).unwrap());
        let counter = Remembering::new(tokens, memory, &give_up);
        let sum = counter.count(text);
        assert_eq!(sum, tokens.count(text));
        (sum, asked.get())
    }

    #[test]
    fn after_an_edit_only_the_line_that_changed_is_counted() {
        let memory = Memory::default();
        let lines: Vec<String> = (0..100).map(|line| format!("- line {line} of a prompt\n")).collect();
        let text = lines.concat();
        assert_eq!(counted(&memory, "openai:gpt-4o", &text).1, 100);
        assert_eq!(counted(&memory, "openai:gpt-4o", &text).1, 0);
        assert_eq!(counted(&memory, "openai:gpt-4o", &text.replace("line 7 ", "line seven ")).1, 1);
        assert_eq!(counted(&memory, "openai:gpt-4", &text).1, 100, "another vocabulary");
        assert_eq!(counted(&memory, "anthropic:claude-haiku-4-5", &text).1, 0, "the same one with a ratio");
    }

    #[test]
    fn a_count_that_nobody_waits_for_is_given_up_between_two_pieces_and_goes_on_later() {
        let memory = Memory::default();
        let text = (0..60).map(|line| format!("{line}{}\n", "a".repeat(10_000))).collect::<Vec<_>>().concat();
        let asked = Cell::new(0);
        let give_up = || {
            asked.set(asked.get() + 1);
            asked.get() > 5
        };
        let tokens = counter_for(&ModelName::offline());
        let counter = Remembering::new(tokens, &memory, &give_up);
        counter.count(&text);
        assert!(counter.given_up());
        let patient = || false;
        let counter = Remembering::new(tokens, &memory, &patient);
        assert_eq!(counter.count(&text), tokens.count(&text));
        assert!(!counter.given_up());
    }
}
