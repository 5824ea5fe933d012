//! What the user has agreed to: which hosts may get a prompt, and what of its personal variables goes there.
//!
//! Says what was agreed to, and asks nobody: that is `update`'s business.

use serde::{Deserialize, Serialize};

use crate::model::{ModelName, Personal};

/// What a host gets in place of personal variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Their declared examples.
    Examples,
    /// Their values.
    RealValues,
}

impl Sharing {
    /// In two words, for lists and the side of the screen.
    pub fn words(self) -> &'static str {
        match self {
            Self::Examples => "examples go",
            Self::RealValues => "real values go",
        }
    }
}

/// A host that messages of a prompt may go to without a question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Agreement {
    /// The prompt.
    pub prompt: String,
    /// The host with its port; its whole address where nothing goes there encrypted.
    pub host: String,
    /// What it gets of personal variables.
    pub sharing: Sharing,
}

/// Real values that may go to a host this once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The host.
    pub host: String,
    /// The variables that were named when it was asked; no others.
    pub named: Vec<String>,
}

impl Once {
    /// Whether it was agreed that the values of all these go to `host`.
    pub fn covers(&self, host: &str, personal: &[Personal]) -> bool {
        self.host == host && personal.iter().all(|one| self.named.contains(&one.name))
    }
}

/// How the question before the first message was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Declared examples go, now and from now on.
    Examples,
    /// The real values go, this once.
    RealOnce,
    /// The real values go, now and from now on.
    RealAlways,
}

/// An answer to that question, for everything it has named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The hosts.
    pub hosts: Vec<String>,
    /// The personal variables.
    pub named: Vec<String>,
    /// What goes there.
    pub choice: Choice,
}

/// What would go to a host, and has to be asked for first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The host; its whole address where nothing goes there encrypted.
    pub host: String,
    /// Who would answer, or count.
    pub model: ModelName,
    /// The personal variables that would be seen there.
    pub personal: Vec<Personal>,
    /// The names of those whose values the conversation so far repeats.
    pub repeated: Vec<String>,
    /// Secret variables whose declared examples go, whatever is answered.
    pub secret: Vec<String>,
    /// Bytes of the prompt, filled.
    pub prompt: usize,
    /// Bytes of the conversation.
    pub talk: usize,
    /// Whether the prompt is the draft's, whose tokens are counted.
    pub is_draft: bool,
    /// The most tokens of a reply; `None` where that is not limited.
    pub reply: Option<u64>,
}

impl Wish {
    /// Whether examples can go in place of everything personal.
    pub fn has_examples(&self) -> bool {
        self.repeated.is_empty() && self.personal.iter().all(|one| one.example.is_some())
    }

    /// Whether it is about anybody at all.
    pub fn is_personal(&self) -> bool {
        !self.personal.is_empty() || !self.repeated.is_empty()
    }
}
