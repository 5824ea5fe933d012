//! One run as it is kept: what was asked, of whom, what came, what it took.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::mask::{Mask, Private};
use crate::model::{Failure, Finish, Params, Request, Role, Turn, Usage};

/// The most bytes of a reply that are kept; no model says more in earnest, and what is kept is searched for every word.
pub const MOST_KEPT: usize = 4 << 20;
/// So much more is looked at, so that what must not be kept is known also where the end cuts it in two.
const BEYOND: usize = 64 << 10;

/// What a run is about: which text of which prompt, and what of it must not be kept in the clear.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The library's folder.
    pub library: String,
    /// The prompt.
    pub prompt: String,
    /// `draft`, or a version as `1.2.0`.
    pub version: String,
    /// The system prompt with its placeholders, whose hash is kept.
    pub text: String,
    /// Values that are personal or secret.
    pub private: Vec<Private>,
}

/// What the user thinks of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rating {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
}

impl Rating {
    /// The word in files and documents.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }

    /// The rating of this word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Good, Self::Bad].into_iter().find(|rating| rating.word() == word)
    }
}

/// One message of a conversation, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// `user` or `assistant`.
    pub role: String,
    /// What was said.
    pub content: String,
}

impl From<&Turn> for Said {
    fn from(turn: &Turn) -> Self {
        Self { role: turn.role.id().to_owned(), content: turn.text.clone() }
    }
}

/// One run. Before it is kept its texts are as they were sent; what comes out of the history is masked.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its number, never used twice; 0 before it is kept.
    pub id: i64,
    /// When it was sent: milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// The library's folder.
    pub library: String,
    /// The prompt.
    pub prompt: String,
    /// `draft`, or a version as `1.2.0`.
    pub version: String,
    /// SHA-256 of the system prompt with its placeholders, in hexadecimal.
    pub sha256: String,
    /// `PROVIDER:MODEL`, or `offline`.
    pub model: String,
    /// The parameters that were set.
    pub params: Value,
    /// The filled system prompt.
    pub system: String,
    /// The conversation up to the message that was answered.
    pub turns: Vec<Said>,
    /// What came, as far as it came and is kept.
    pub reply: String,
    /// Bytes of the reply that came and are not in it.
    pub left_out: usize,
    /// How it ended, in the words of `play --json`.
    pub finish: String,
    /// Why it failed: `kind`, `message`, `status`; null when it did not.
    pub failure: Value,
    /// Tokens, as the server counted them.
    pub usage: Usage,
    /// Dollars, where a price is known.
    pub cost: Option<f64>,
    /// Milliseconds to the first text.
    pub first_ms: Option<u64>,
    /// Milliseconds to the end.
    pub total_ms: u64,
    /// What the user thinks of it.
    pub rating: Option<Rating>,
    /// Values that are masked, and were kept because the user has opted in; none otherwise.
    pub private: Vec<Private>,
}

impl Run {
    /// A run that begins now, with nothing of a reply: cancelled, if it stays so.
    pub fn begin(about: About, request: &Request, at_ms: i64) -> Self {
        Self {
            id: 0,
            at_ms,
            library: about.library,
            prompt: about.prompt,
            version: about.version,
            sha256: fingerprint(&about.text),
            model: request.model.to_string(),
            params: params(&request.params),
            system: request.system.clone(),
            turns: request.turns.iter().map(Said::from).collect(),
            reply: String::new(),
            left_out: 0,
            finish: Finish::Cancelled.id().to_owned(),
            failure: Value::Null,
            usage: Usage::default(),
            cost: None,
            first_ms: None,
            total_ms: 0,
            rating: None,
            private: about.private,
        }
    }

    /// The next piece of the reply.
    pub fn says(&mut self, piece: &str) {
        let room = if self.left_out > 0 { 0 } else { (MOST_KEPT + BEYOND).saturating_sub(self.reply.len()) };
        let (kept, rest) = piece.split_at(piece.floor_char_boundary(room));
        self.reply.push_str(kept);
        self.left_out += rest.len();
    }

    /// Leaves out what is too much to keep, and says so in its place.
    pub(super) fn shorten(&mut self) {
        if self.reply.len() > MOST_KEPT {
            let end = self.reply.floor_char_boundary(MOST_KEPT);
            self.left_out += self.reply.len() - end;
            self.reply.truncate(end);
        }
        if self.left_out > 0 {
            use std::fmt::Write as _;
            let _ = write!(self.reply, "\n[{} bytes more came and are not kept]", self.left_out);
        }
    }

    /// How it ended.
    pub fn end(&mut self, finish: Finish, failure: Option<&Failure>) {
        finish.id().clone_into(&mut self.finish);
        self.failure = failure.map_or(
            Value::Null,
            |failure| json!({"kind": failure.kind.id(), "message": failure.message, "status": failure.status}),
        );
    }

    /// The message that was answered; a given beginning of the reply may stand after it.
    pub fn message(&self) -> &str {
        self.turns.iter().rfind(|turn| turn.role == Role::User.id()).map_or("", |turn| &turn.content)
    }

    /// Puts masks in place of these values and of what has the form of a key, in every text of the run.
    pub(super) fn hide(&mut self, private: &[Private]) {
        let mask = Mask::new(private);
        let hide = |text: &mut String| *text = mask.over(text);
        hide(&mut self.system);
        self.turns.iter_mut().for_each(|turn| hide(&mut turn.content));
        hide(&mut self.reply);
        if let Some(Value::String(message)) = self.failure.get_mut("message") {
            hide(message);
        }
    }

    /// As it is shown: with a mask in place of every private value that was kept.
    #[must_use]
    pub fn masked(mut self) -> Self {
        let private = std::mem::take(&mut self.private);
        self.hide(&private);
        self
    }

    /// As a JSON document, for `history`.
    pub fn document(&self) -> Value {
        json!({
            "id": self.id,
            "at": moment(self.at_ms),
            "library": self.library,
            "prompt": self.prompt,
            "version": self.version,
            "sha256": self.sha256,
            "model": self.model,
            "params": self.params,
            "system": self.system,
            "messages": self.turns,
            "message": self.message(),
            "reply": self.reply,
            "finish": self.finish,
            "error": self.failure,
            "usage": {
                "input": self.usage.input,
                "output": self.usage.output,
                "cache_read": self.usage.cache_read,
                "cache_write": self.usage.cache_write,
            },
            "cost": self.cost,
            "first_token_ms": self.first_ms,
            "latency_ms": self.total_ms,
            "rating": self.rating,
        })
    }
}

/// A moment as RFC 3339 has it, in UTC.
fn moment(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).map(|at| at.to_string()).unwrap_or_default()
}

/// The parameters that are set, by the names of `config.json`.
fn params(params: &Params) -> Value {
    let mut set = serde_json::Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            set.insert(name.to_owned(), value);
        }
    };
    put("max_tokens", params.max_tokens.map(Value::from));
    put("temperature", params.temperature.map(Value::from));
    put("top_p", params.top_p.map(Value::from));
    put("stop", (!params.stop.is_empty()).then(|| json!(params.stop)));
    put("thinking", params.thinking.map(Value::from));
    Value::Object(set)
}

/// By what a text is known again: its SHA-256 in hexadecimal.
pub fn fingerprint(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
