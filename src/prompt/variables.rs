//! What is known about a prompt's variables: their declarations and one set of values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Who may see a variable's value; the later the fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Privacy {
    /// Anyone.
    Public,
    /// People of the organisation; what an undeclared variable is.
    #[default]
    Internal,
    /// About a person: masked on screens, replaced by its example for remote hosts.
    Personal,
    /// Never shown and never sent.
    Secret,
}

impl Privacy {
    /// All of them, from the most open.
    pub const ALL: [Self; 4] = [Self::Public, Self::Internal, Self::Personal, Self::Secret];

    /// The word that files and commands have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Secret => "secret",
        }
    }
}

/// How often a variable's value changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Freshness {
    /// The same for every call.
    Static,
    /// Once a day.
    Daily,
    /// Once a session.
    Session,
    /// With each request; what an undeclared variable is.
    #[default]
    Request,
}

impl Freshness {
    /// All of them, from the one that lasts longest.
    pub const ALL: [Self; 4] = [Self::Static, Self::Daily, Self::Session, Self::Request];

    /// The word that files and commands have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Daily => "daily",
            Self::Session => "session",
            Self::Request => "request",
        }
    }
}

/// What `prompt.toml` says about one variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Declaration {
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// A made-up value that may be shown and sent anywhere.
    pub example: Option<String>,
    /// The value when a set gives none.
    pub default: Option<String>,
    /// Whether a missing value is an error; `false` fills it with nothing.
    pub required: bool,
    /// Who may see it.
    pub privacy: Privacy,
    /// How often it changes.
    pub freshness: Freshness,
    /// The most tokens its value may cost.
    pub max_tokens: Option<u64>,
    /// Whether end users or third parties write the value.
    pub untrusted: bool,
}

impl Default for Declaration {
    fn default() -> Self {
        Self {
            description: None,
            example: None,
            default: None,
            required: true,
            privacy: Privacy::default(),
            freshness: Freshness::default(),
            max_tokens: None,
            untrusted: false,
        }
    }
}

/// The declared variables of a prompt, by name, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declarations(pub Vec<(String, Declaration)>);

impl Declarations {
    /// The declaration of `name`, if it has one.
    pub fn get(&self, name: &str) -> Option<&Declaration> {
        self.0.iter().find(|(declared, _)| declared == name).map(|(_, declaration)| declaration)
    }

    /// Who may see `name`; an undeclared variable is internal.
    pub fn privacy(&self, name: &str) -> Privacy {
        self.get(name).map_or_else(Privacy::default, |declaration| declaration.privacy)
    }
}

/// What is planned for a prompt, as `prompt.toml` says it: how much it may cost, and what its cost is reckoned with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Assumptions {
    /// `[budget] tokens`: the most tokens of the filled prompt.
    pub budget: Option<u64>,
    /// `[cost] calls_per_month`.
    pub calls_per_month: Option<u64>,
    /// `[cost] reply_tokens`: the tokens of a usual reply.
    pub reply_tokens: Option<u64>,
}

/// The values of one fill, by variable name. Numbers and booleans are kept as the text they were written as.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(pub BTreeMap<String, String>);

impl Values {
    /// The value of `name`, if there is one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}
