//! Exact token counts, with the vocabularies that are built in.
//!
//! A vocabulary is unpacked the first time it is used (about 0.1 s), never at start-up; whoever counts first should do
//! it off the thread that draws.

use crate::model::ModelName;
use crate::prompt::TokenCounter;

/// A built-in vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// Of gpt-4o and everything after it.
    O200k,
    /// Of gpt-4 and gpt-3.5.
    Cl100k,
}

/// Counts the tokens of one model: exactly where its vocabulary is built in, else with the nearest one, as an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelTokens {
    vocabulary: Vocabulary,
    exact: bool,
}

/// The counter for this model. Making it loads nothing.
///
/// OpenAI's models have public vocabularies and the offline stand-in counts with one of them. Everyone else's counts
/// are estimates: Anthropic publishes none, and a local server's model can be any.
pub fn counter_for(model: &ModelName) -> ModelTokens {
    let known = match model.provider.as_str() {
        "offline" => Some(Vocabulary::O200k),
        "openai" => tiktoken::model_to_encoding(&model.model).and_then(|name| match name {
            "o200k_base" | "o200k_harmony" => Some(Vocabulary::O200k),
            "cl100k_base" => Some(Vocabulary::Cl100k),
            _ => None,
        }),
        _ => None,
    };
    ModelTokens { vocabulary: known.unwrap_or(Vocabulary::O200k), exact: known.is_some() }
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

impl TokenCounter for ModelTokens {
    fn count(&self, text: &str) -> usize {
        self.vocabulary.count(text)
    }

    fn name(&self) -> &str {
        self.vocabulary.name()
    }

    fn exact(&self) -> bool {
        self.exact
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(model: &str) -> (Vocabulary, bool) {
        let counter = counter_for(&ModelName::parse(model).unwrap());
        (counter.vocabulary, counter.exact)
    }

    #[test]
    fn only_models_with_a_public_vocabulary_are_counted_exactly() {
        assert_eq!(counter("openai:gpt-4o-mini"), (Vocabulary::O200k, true));
        assert_eq!(counter("openai:gpt-4"), (Vocabulary::Cl100k, true));
        assert_eq!(counter("offline"), (Vocabulary::O200k, true));
        assert_eq!(counter("anthropic:claude-haiku-4-5"), (Vocabulary::O200k, false));
        assert_eq!(counter("ollama:gpt-4"), (Vocabulary::O200k, false));
    }

    /// Texts that tokenizers get wrong, out of a small generator with a fixed seed.
    fn nasty_texts() -> impl Iterator<Item = String> {
        const PIECES: &[&str] = &[
            "a",
            "The",
            "'ll",
            "'S",
            "\u{2019}re",
            "123",
            "4567",
            " ",
            "  ",
            "\t",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "\u{85}",
            "\u{2028}",
            "é",
            "e\u{301}",
            "ß",
            "日本",
            "ไทย",
            "👩\u{200d}👧",
            "🇩🇪",
            "\0",
            "<|endoftext|>",
            "{{x}}",
            "...",
            "!?",
            "_",
            "-",
            "ДА",
            "ǅ",
            "Iñ",
            "\u{a0}",
            "\u{3000}",
        ];
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut below = move |limit: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % limit as u64) as usize
        };
        (0..1500).map(move |_| (0..below(24)).map(|_| PIECES[below(PIECES.len())]).collect())
    }

    #[test]
    fn counts_are_those_of_the_reference_implementation() {
        let o200k = tiktoken_rs::o200k_base_singleton();
        let cl100k = tiktoken_rs::cl100k_base_singleton();
        for text in nasty_texts() {
            assert_eq!(Vocabulary::O200k.count(&text), o200k.encode_ordinary(&text).len(), "{text:?}");
            assert_eq!(Vocabulary::Cl100k.count(&text), cl100k.encode_ordinary(&text).len(), "{text:?}");
        }
    }
}
