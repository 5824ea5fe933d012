//! Token counts of a model: exact where its vocabulary is public, else the nearest vocabulary's count times a ratio.
//!
//! Which model is counted how is data (`tokenizers.toml`); ratios are replaced by what servers report. A vocabulary is
//! unpacked the first time it is used (about 0.1 s), never at start-up; whoever counts first should do it off the
//! thread that draws.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::ModelName;
use crate::prompt::TokenCounter;
use crate::prompt::pieces::pieces;

/// A built-in vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Vocabulary {
    /// Of gpt-4o and everything after it.
    #[serde(rename = "o200k_base")]
    O200k,
    /// Of gpt-4 and gpt-3.5.
    #[serde(rename = "cl100k_base")]
    Cl100k,
}

/// Counts the tokens of one model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelTokens {
    /// The vocabulary that counts.
    pub vocabulary: Vocabulary,
    /// Tokens of the model for each token of the vocabulary.
    pub ratio: f64,
    exact: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Table {
    family: Vec<Family>,
}

/// Models whose names begin alike.
#[derive(Debug, Deserialize)]
struct Family {
    names: Vec<String>,
    vocabulary: Vocabulary,
    #[serde(default = "one")]
    ratio: f64,
    exact: Option<Where>,
}

/// On which servers a name stands for the model whose vocabulary is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Where {
    OpenAi,
    Anywhere,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("tokenizers.toml")).unwrap_or_default());

fn one() -> f64 {
    1.0
}

/// The counter for this model. Making it loads nothing.
///
/// OpenAI's models have public vocabularies and the offline stand-in counts with one of them. Everyone else's counts
/// are estimates: Anthropic publishes none, and a local server's model can be any.
pub fn counter_for(model: &ModelName) -> ModelTokens {
    if *model == ModelName::offline() {
        return ModelTokens { vocabulary: Vocabulary::O200k, ratio: 1.0, exact: true };
    }
    let name = model.model.to_ascii_lowercase();
    let fits = TABLE.family.iter().flat_map(|family| family.names.iter().map(move |start| (start, family)));
    let family = fits.filter(|(start, _)| name.starts_with(*start)).max_by_key(|(start, _)| start.len());
    let Some((_, family)) = family else { return ModelTokens::UNKNOWN };
    let exact = match family.exact {
        Some(Where::OpenAi) => model.provider == "openai",
        Some(Where::Anywhere) => true,
        None => false,
    };
    ModelTokens { vocabulary: family.vocabulary, ratio: family.ratio, exact }
}

impl ModelTokens {
    /// For a model that nothing is known of, or when none is chosen.
    pub const UNKNOWN: Self = Self { vocabulary: Vocabulary::O200k, ratio: 1.0, exact: false };

    /// With a ratio that was measured, where the count is not exact anyway.
    #[must_use]
    pub fn measured(self, ratio: Option<f64>) -> Self {
        match ratio {
            Some(ratio) if !self.exact => Self { ratio, ..self },
            _ => self,
        }
    }

    /// What counts, for a person and for `tokens --json`: `o200k_base`, or `o200k_base × 1.12`.
    pub fn label(&self) -> String {
        let name = self.vocabulary.name();
        if (self.ratio - 1.0).abs() < 0.005 { name.to_owned() } else { format!("{name} × {:.2}", self.ratio) }
    }

    /// A count of the vocabulary as a count of the model.
    pub fn scaled(&self, tokens: usize) -> usize {
        if self.exact { tokens } else { (tokens as f64 * self.ratio).round() as usize }
    }
}

impl Vocabulary {
    /// The name that tokenizer libraries know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::O200k => "o200k_base",
            Self::Cl100k => "cl100k_base",
        }
    }

    /// How many tokens `text` is, counted piece by piece; text that looks like a special token is counted as text.
    pub fn count(self, text: &str) -> usize {
        tiktoken::get_encoding(self.name())
            .map_or(0, |encoding| pieces(text).map(|piece| encoding.count(piece.text)).sum())
    }
}

impl TokenCounter for ModelTokens {
    fn count(&self, text: &str) -> usize {
        self.scaled(self.vocabulary.count(text))
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
        assert_eq!(counter("ollama:gpt-4"), (Vocabulary::Cl100k, false));
        assert_eq!(counter("ollama:gpt-oss:20b"), (Vocabulary::O200k, true));
        assert_eq!(counter("openai:gpt-6-sol"), (Vocabulary::O200k, false));
        assert_eq!(counter("nobody:nothing"), (Vocabulary::O200k, false));
    }

    #[test]
    fn the_longest_beginning_of_a_name_decides_and_the_ratio_is_said() {
        let label = |model: &str| counter_for(&ModelName::parse(model).unwrap()).label();
        assert_eq!(label("anthropic:claude-haiku-4-5"), "o200k_base × 1.12");
        assert_eq!(label("anthropic:claude-opus-4-8"), "o200k_base × 1.50");
        assert_eq!(label("openai:gpt-4o"), "o200k_base");
        let claude = counter_for(&ModelName::parse("anthropic:claude-haiku-4-5").unwrap());
        assert_eq!(claude.measured(Some(1.2)).scaled(1000), 1200);
        let exact = counter_for(&ModelName::parse("openai:gpt-4o").unwrap());
        assert_eq!(exact.measured(Some(1.2)), exact, "what is exact is not measured");
    }

    #[test]
    fn the_table_can_be_read_and_no_beginning_stands_in_it_twice() {
        let table: Table = toml::from_str(include_str!("tokenizers.toml")).unwrap();
        let mut names: Vec<_> = table.family.iter().flat_map(|family| &family.names).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(table.family.iter().all(|family| (0.5..3.0).contains(&family.ratio)));
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

    #[test]
    fn the_pieces_of_a_text_add_up_to_its_count_by_the_reference_implementation() {
        let o200k = tiktoken_rs::o200k_base_singleton();
        let cl100k = tiktoken_rs::cl100k_base_singleton();
        let texts: Vec<String> = nasty_texts().collect();
        for joint in ["\n", "\n\n", "\r\n", " \n ", ".\n/", "\n \n", "word word "] {
            for lines in texts.chunks(25) {
                let text = lines.join(joint);
                assert_eq!(Vocabulary::O200k.count(&text), o200k.encode_ordinary(&text).len(), "{text:?}");
                assert_eq!(Vocabulary::Cl100k.count(&text), cl100k.encode_ordinary(&text).len(), "{text:?}");
            }
        }
        let long = "some words of a line without an end ".repeat(2000);
        assert_eq!(Vocabulary::O200k.count(&long), o200k.encode_ordinary(&long).len());
    }
}
