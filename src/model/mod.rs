//! What a model is: a request, the events of its reply, and the adapters that speak to one.
//!
//! An adapter turns a [`Request`] into the bytes one kind of server takes and that server's answer into [`Event`]s. It
//! never reads the library and never draws. A key is held in a `SecretString` and is put into a header, nowhere else.

use std::fmt;
use std::time::Duration;

use futures::stream::BoxStream;

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

/// Tokens of a run, as the server counted them; `None` where it did not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the whole input, cached ones included.
    pub input: Option<u64>,
    /// Tokens of the reply.
    pub output: Option<u64>,
    /// Input tokens that came from a cache.
    pub cache_read: Option<u64>,
    /// Input tokens that were written to a cache.
    pub cache_write: Option<u64>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finish {
    /// The model was done.
    End,
    /// `max_tokens` was reached, or the context was full.
    Length,
    /// A stop string was met.
    Stop,
    /// The model or its provider refused.
    Refusal,
    /// The model wants a tool.
    Tool,
    /// The stream ended without its end.
    Incomplete,
    /// The user stopped it.
    Cancelled,
    /// It failed.
    Error,
}

impl Finish {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::Length => "length",
            Self::Stop => "stop",
            Self::Refusal => "refusal",
            Self::Tool => "tool",
            Self::Incomplete => "incomplete",
            Self::Cancelled => "cancelled",
            Self::Error => "error",
        }
    }
}

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
    /// The server could not be reached, or went silent.
    Network,
    /// The server failed.
    Server,
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
            Self::Network => "network",
            Self::Server => "server",
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

/// What happens while a run is under way. A stream ends with exactly one [`Event::Done`].
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The body that is sent, as JSON, without any key.
    Sent(serde_json::Value),
    /// The server has answered and a reply begins.
    Started,
    /// The next piece of the reply.
    Text(String),
    /// The next piece of the model's thinking, where it is shown.
    Thinking(String),
    /// Tokens so far; a later one replaces an earlier one field by field.
    Usage(Usage),
    /// The end. A failure comes with `Finish::Error` or `Finish::Incomplete`.
    Done {
        /// How it ended.
        finish: Finish,
        /// Why, when it failed.
        failure: Option<Failure>,
    },
}

/// The events of one run. Dropping it cancels the request and closes the socket.
pub type Reply = BoxStream<'static, Event>;

/// Something that answers: a server, or the offline stand-in.
pub trait Model: Send + Sync {
    /// Starts a run; errors come as the last event.
    fn run(&self, request: Request) -> Reply;
}

/// Time limits of a connection; there is no total limit, because a healthy reply may take minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the first byte of the answer.
    pub first_byte: Duration,
    /// Between two pieces of it.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), first_byte: Duration::from_secs(120), idle: Duration::from_secs(60) }
    }
}
