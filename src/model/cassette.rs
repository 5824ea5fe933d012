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
    /// Its line in the file, from 1.
    #[serde(skip)]
    line: usize,
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

/// What is on a cassette.
#[derive(Debug, Default)]
struct Tape {
    takes: Vec<Take>,
    damaged: Vec<Damaged>,
}

/// A line that cannot be read. The lines around it can be: each stands for itself.
#[derive(Debug)]
struct Damaged {
    /// Where it is, and what is wrong with it.
    error: Error,
    /// As much of it as is text: the hash of its request may still be in it.
    rest: String,
}

/// Reads a cassette, as far as it makes sense.
///
/// # Errors
/// When the file cannot be read, or when no line of it is a recording: then it is something else.
fn read(file: &Path) -> Result<Tape> {
    let bytes = fs::read(file).map_err(|error| Error::io("read the cassette", file, &error))?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let mut read = Tape::default();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let wrong = |what: String, column: Option<usize>| Damaged {
            error: Error::input(what).at_line(file, index + 1, column).hint(WRITTEN_BY),
            rest: String::from_utf8_lossy(line).into_owned(),
        };
        match std::str::from_utf8(line).map(serde_json::from_str::<Take>) {
            Ok(Ok(take)) => read.takes.push(Take { line: index + 1, ..take }),
            Ok(Err(error)) => {
                read.damaged.push(wrong(format!("this line is no recording: {error}"), Some(error.column())));
            }
            Err(_) => read.damaged.push(wrong("this line is not UTF-8".to_owned(), None)),
        }
    }
    match read.damaged.first() {
        Some(damaged) if read.takes.is_empty() => Err(damaged.error.clone()),
        _ => Ok(read),
    }
}

#[cfg(test)]
mod tests;
