//! Prose that is the same for every run and another in every line: words at random from a fixed beginning.

const WORDS: [&str; 24] = [
    "answer", "the", "user", "about", "boards", "and", "tasks", "in", "plain", "words", "never", "promise", "a",
    "refund", "that", "billing", "has", "not", "approved", "hand", "over", "to", "person", "when",
];

/// Numbers that look like chance.
pub struct Chance(pub usize);

impl Chance {
    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) % limit
    }

    /// That many words with a blank between them.
    pub fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }
}
