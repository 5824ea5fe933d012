//! What happens while a run is under way, and the one trait of everything that answers.

use std::time::Duration;

use futures::stream::BoxStream;

use super::envelope::Wire;
use super::failure::Failure;
use super::request::Request;
use super::rules::Unsent;

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

/// A tool that the model wants to be called. A playtest has none, so that nobody answers it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// What the server calls this call; empty where it has no name for it.
    pub id: String,
    /// The tool.
    pub name: String,
    /// What it is called with, as JSON; cut off where the answer was.
    pub arguments: String,
}

/// How large the context is that a server was asked for, where it has to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// Tokens that prompt, conversation and reply may have together.
    pub tokens: u64,
    /// The most that the model has, where the server says it.
    pub most: Option<u64>,
    /// Tokens of the prompt and the conversation, about.
    pub prompt: u64,
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
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::End,
        Self::Length,
        Self::Stop,
        Self::Refusal,
        Self::Tool,
        Self::Incomplete,
        Self::Cancelled,
        Self::Error,
    ];

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

/// What happens while a run is under way. A stream ends with exactly one [`Event::Done`].
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// What was set and is not sent, because the model would refuse it; comes before [`Event::Sent`], if at all.
    Unsent(Vec<Unsent>),
    /// How much context is asked for; comes before [`Event::Sent`], if at all.
    Context(Context),
    /// The body that is sent, as JSON, without any key. When a server refuses one of its fields and the request is sent
    /// again without it, a second one replaces the first.
    Sent(serde_json::Value),
    /// What goes over the wire and comes back, without keys: for who wants to see it exactly. What is not sent over a
    /// wire has none.
    Wire(Wire),
    /// The server could not answer now and is asked again after a pause; nothing of a reply had come.
    Waiting {
        /// How long the pause is.
        pause: Duration,
        /// Why it is needed.
        failure: Failure,
    },
    /// The server has answered and a reply begins.
    Started,
    /// The next piece of the reply.
    Text(String),
    /// The next piece of the model's thinking, where it is shown.
    Thinking(String),
    /// A tool that the model wants to be called, once the call is whole or no more of it comes.
    Tool(ToolCall),
    /// The next piece of the words in which the model refuses. They are part of what it says.
    Refusal(String),
    /// The provider stopped the reply, and gives a reason.
    Refused {
        /// Its word for the kind of reason, such as `cyber`; may be empty.
        category: String,
        /// Its sentence; may be empty.
        explanation: String,
    },
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
