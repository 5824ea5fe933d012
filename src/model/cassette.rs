//! Cassettes: conversations with a model, recorded once and answered again without a key or a network.
//!
//! One JSON object a line: the request as it was asked (no key is part of a request), its hash, what answered, when, and
//! the pieces of the reply with their times. A request is found by its hash and answered by nothing else.

mod nearest;
mod record;
mod replay;

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::request::Request;
use crate::error::{Error, Result};

pub use record::Recorder;
pub use replay::Player;

/// What was asked, as it stands on a cassette. Whether the reply streamed in makes no difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Asked {
    model: String,
    system: String,
    messages: Vec<Message>,
    params: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Message {
    role: String,
    content: String,
}

/// A piece of a reply, and when it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Piece {
    /// Milliseconds since the request.
    at: u64,
    /// `text`, `thinking` or `refusal`.
    kind: String,
    text: String,
}

/// Tokens as the server counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    input: Option<u64>,
    output: Option<u64>,
    cache_read: Option<u64>,
    cache_write: Option<u64>,
}

/// One line of a cassette.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Take {
    hash: String,
    /// What answered, and what recorded it.
    recorded: String,
    at: String,
    request: Asked,
    reply: Vec<Piece>,
    usage: Counts,
    finish: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let params = &request.params;
        let mut set = Map::new();
        let all = [
            ("max_tokens", json!(params.max_tokens)),
            ("temperature", json!(params.temperature)),
            ("top_p", json!(params.top_p)),
            ("stop", if params.stop.is_empty() { Value::Null } else { json!(params.stop) }),
            ("thinking", json!(params.thinking)),
        ];
        set.extend(all.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)));
        let message = |turn: &super::Turn| Message { role: turn.role.id().to_owned(), content: turn.text.clone() };
        Self {
            model: request.model.to_string(),
            system: request.system.clone(),
            messages: request.turns.iter().map(message).collect(),
            params: set,
        }
    }

    /// The name of the request: the same for the same model, texts and parameters, in hexadecimal.
    fn hash(&self) -> String {
        use std::fmt::Write as _;
        let text = serde_json::to_string(self).unwrap_or_default();
        Sha256::digest(text).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// What to do about a damaged cassette.
const WRITTEN_BY: &str =
    "a cassette is written by `greenroom play --record FILE`: take the line out, or record it anew";

/// Reads a cassette; what is wrong with a line is said with its place.
fn read(file: &Path) -> Result<Vec<Take>> {
    let bytes = fs::read(file).map_err(|error| Error::io("read the cassette", file, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = String::from_utf8_lossy(before).matches('\n').count() + 1;
        Error::input("is not UTF-8").at_line(file, line, None).hint(WRITTEN_BY)
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let take: Result<Take, _> = serde_json::from_str(line);
            take.map_err(|error| {
                Error::input(format!("this line is no recording: {error}"))
                    .at_line(file, index + 1, Some(error.column()))
                    .hint(WRITTEN_BY)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
