//! What is asked of a model: which one, under which prompt, after which turns, with which parameters.

use std::fmt;

/// `PROVIDER:MODEL`, or `offline` alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModelName {
    /// The provider's name: `anthropic`, `openai`, `ollama`, `offline`, or an entry of the config.
    pub provider: String,
    /// The model as the server calls it; empty for `offline`.
    pub model: String,
}

impl ModelName {
    /// The built-in model that is none.
    pub fn offline() -> Self {
        Self { provider: "offline".into(), model: String::new() }
    }

    /// Reads `PROVIDER:MODEL` or `offline`; `None` when it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text == "offline" {
            return Some(Self::offline());
        }
        let (provider, model) = text.split_once(':')?;
        (!provider.is_empty() && !model.is_empty())
            .then(|| Self { provider: provider.to_owned(), model: model.to_owned() })
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.provider)?;
        if !self.model.is_empty() {
            write!(f, ":{}", self.model)?;
        }
        Ok(())
    }
}

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The person.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// The word both protocols use.
    pub fn id(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who said it.
    pub role: Role,
    /// What was said.
    pub text: String,
}

/// Sampling parameters; one that is `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params {
    /// The most tokens of a reply.
    pub max_tokens: Option<u64>,
    /// 0 to 2, by model.
    pub temperature: Option<f64>,
    /// 0 to 1.
    pub top_p: Option<f64>,
    /// Strings that end the reply.
    pub stop: Vec<String>,
    /// Whether the model is to think before it answers, and to show it.
    pub thinking: Option<bool>,
}

/// What is asked of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Which model.
    pub model: ModelName,
    /// The filled system prompt, byte for byte.
    pub system: String,
    /// The conversation; the last turn is the user's.
    pub turns: Vec<Turn>,
    /// What was set.
    pub params: Params,
    /// Whether the reply streams in.
    pub stream: bool,
}
