//! The messages of a conversation: words, files and standard input.

use std::path::Path;

use crate::cli::args::{Message, Messages};
use crate::cli::given;
use crate::error::{Error, Result};
use crate::prompt::decode;

/// What is said, turn by turn. The last line ending of a file or of standard input is left out, as a shell does it.
pub(super) fn messages(given: &Messages) -> Result<Vec<String>> {
    let is_input = |message: &&Message| match message {
        Message::Words(words) => words == "-",
        Message::File(file) => file.as_os_str() == "-",
    };
    if given.0.iter().filter(is_input).count() > 1 {
        return Err(Error::input("standard input can be only one message").hint("give `-m -` once"));
    }
    let text = |message: &Message| match message {
        Message::Words(words) => given::message(words),
        Message::File(file) if file.as_os_str() == "-" => given::message("-"),
        Message::File(file) => from_file(file),
    };
    given.0.iter().map(text).collect()
}

fn from_file(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).map_err(|error| Error::io("read the message", file, &error))?;
    let mut text = decode(bytes).map_err(|invalid| {
        Error::input(format!("the message is not UTF-8 at byte {}", invalid.offset)).at(file).hint("save it as UTF-8")
    })?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}
