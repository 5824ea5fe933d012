//! Exact token counts, with the vocabularies that are built in.
//!
//! A vocabulary is unpacked the first time it is used (about 0.1 s), never at start-up; whoever counts first should do
//! it off the thread that draws.

/// A built-in vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// Of gpt-4o and everything after it.
    O200k,
    /// Of gpt-4 and gpt-3.5.
    Cl100k,
}

impl Vocabulary {
    /// The name that tokenizer libraries know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::O200k => "o200k_base",
            Self::Cl100k => "cl100k_base",
        }
    }

    /// How many tokens `text` is; text that looks like a special token is counted as text.
    pub fn count(self, text: &str) -> usize {
        tiktoken::get_encoding(self.name()).map_or(0, |encoding| encoding.count(text))
    }
}
