//! A cassette in the workbench: a conversation is recorded on it, or it answers in place of every model. While one is in,
//! the top row says so on every screen.

use crate::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use semver::Version;

use crate::library::Snapshot;
use crate::model::ModelName;

/// What a cassette is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Use {
    /// Replies are written on it.
    Record,
    /// It answers, and nobody is asked.
    Replay,
}

/// A cassette that is to be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insertion {
    /// What it is for.
    pub what: Use,
    /// The file, as it was typed or found.
    pub file: String,
    /// The prompt that is open: it is looked what of it was recorded.
    pub prompt: Option<String>,
}

/// A cassette that is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Tape {
    /// What it is for.
    pub what: Use,
    /// Its file.
    pub file: PathBuf,
    /// The last message of each recording, in their order.
    pub messages: Vec<String>,
    /// Its lines that cannot be read, and why: what is on them is not answered.
    pub damaged: Vec<Error>,
    /// What of the open prompt its first recording was made with, where that is still there.
    pub fit: Option<Fit>,
}

/// With what a recording was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The version, as it was read; `None` is the draft.
    pub version: Option<(Version, Arc<Snapshot>)>,
    /// The value set; `None` is no values.
    pub set: Option<String>,
    /// The model.
    pub model: ModelName,
}

/// The deck: what is in it, and what could be.
#[derive(Debug, Default)]
pub struct Deck {
    /// The cassette that is in.
    pub tape: Option<Tape>,
    /// Cassettes that stand in the library.
    pub found: Vec<PathBuf>,
    /// The number of what was asked for last.
    pub number: u64,
    /// Whether it is being done.
    pub waiting: bool,
}

impl Deck {
    /// Whether a cassette answers in place of models.
    pub fn replays(&self) -> bool {
        self.tape.as_ref().is_some_and(|tape| tape.what == Use::Replay)
    }

    /// What the top row says while a cassette is in.
    pub fn sign(&self) -> Option<String> {
        let tape = self.tape.as_ref()?;
        Some(match tape.what {
            Use::Record => format!("● REC {}", tape.name()),
            Use::Replay => format!("▶ REPLAY {}", tape.name()),
        })
    }
}

impl Tape {
    /// The name of its file.
    pub fn name(&self) -> String {
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// The message that was recorded after `message`.
    pub fn after(&self, message: &str) -> Option<&str> {
        let at = self.messages.iter().position(|known| known == message)?;
        self.messages.get(at + 1).map(String::as_str)
    }
}
