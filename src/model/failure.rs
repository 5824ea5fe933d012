//! Why a run failed: the kinds that a person and a script tell apart, with the server's own words.

use crate::error::{Error, Kind};

/// How much of the server's words an error line repeats, in characters.
const REPEATED: usize = 300;

/// The kinds a failure is sorted into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// No key is set up.
    NoKey,
    /// The server does not take the key.
    RejectedKey,
    /// The server does not know the model.
    NoSuchModel,
    /// Too many requests, or no credit.
    RateLimited,
    /// The server is overloaded.
    Overloaded,
    /// The prompt does not fit.
    ContextTooLong,
    /// The provider refused the request.
    Refused,
    /// The cassette that answers does not have it.
    NotOnCassette,
    /// The user's own cap on what is spent is reached.
    SpendCap,
    /// The server could not be reached, or went silent.
    Network,
    /// The server failed.
    Server,
    /// It would go over the network so that others can read it, and nobody has allowed that.
    InTheOpen,
    /// The request was not accepted.
    BadRequest,
    /// The answer could not be understood.
    BadAnswer,
}

impl FailureKind {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::RejectedKey => "rejected_key",
            Self::NoSuchModel => "no_such_model",
            Self::RateLimited => "rate_limited",
            Self::Overloaded => "overloaded",
            Self::ContextTooLong => "context_too_long",
            Self::Refused => "refused",
            Self::NotOnCassette => "not_on_cassette",
            Self::SpendCap => "spend_cap",
            Self::Network => "network",
            Self::Server => "server",
            Self::InTheOpen => "in_the_open",
            Self::BadRequest => "bad_request",
            Self::BadAnswer => "bad_answer",
        }
    }
}

/// Why a run failed, with the server's own words, keys redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its kind.
    pub kind: FailureKind,
    /// One sentence for a person.
    pub message: String,
    /// The server's own words, where it had some.
    pub detail: Option<String>,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Failure {
    /// One of this kind, with nothing known but the sentence.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), detail: None, status: None, hint: None }
    }
}

impl From<Failure> for Error {
    /// The error line of a command: the sentence, the server's words, the way on.
    fn from(failure: Failure) -> Self {
        let words = failure.detail.map(|words| {
            let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
            match one_line.char_indices().nth(REPEATED) {
                Some((end, _)) => format!(": {}…", &one_line[..end]),
                None => format!(": {one_line}"),
            }
        });
        let mut error = Self::new(Kind::Model, failure.message + &words.unwrap_or_default());
        error.hint = failure.hint;
        error
    }
}
