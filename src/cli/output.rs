//! Where a command's words go: content to standard output, everything else to standard error.
//!
//! A closed pipe is success: whoever reads has enough. On a terminal, control bytes in content are made visible; in a
//! pipe the bytes are exact.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::cli::args::{Color, Common};
use crate::config::process_environment;
use crate::error::{Error, Result};
use crate::sanitize;
use crate::tui::theme::Signs;

/// Standard output and standard error as one command uses them.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts about this call; each is asked for by its name"
)]
pub struct Output {
    /// Whether standard output is a terminal.
    pub terminal: bool,
    /// Whether standard output gets colour.
    pub color: bool,
    /// Whether standard output is one JSON document.
    pub json: bool,
    /// What rules and marks are drawn with.
    pub signs: Signs,
    quiet: bool,
}

impl Output {
    /// As the common options and the environment say.
    pub fn new(common: &Common) -> Self {
        let terminal = io::stdout().is_terminal();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = match common.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !dumb && !set("NO_COLOR"),
        };
        let signs = Signs::detect(common.ascii.then_some(true), process_environment);
        Self { terminal, color, json: common.json, signs, quiet: common.quiet }
    }

    /// Content, exactly in a pipe, with control bytes made visible on a terminal. Adds nothing at the end.
    pub fn content(&self, text: &str) -> Result<()> {
        self.flows(text).map(|_| ())
    }

    /// The same; `false` when whoever read it has gone, so that no more of it need be made.
    pub fn flows(&self, text: &str) -> Result<bool> {
        if self.terminal { written(&sanitize::for_terminal(text)) } else { written(text) }
    }

    /// One JSON document on a line of its own; `false` when whoever read has gone.
    pub fn line(&self, value: &impl Serialize) -> Result<bool> {
        let text = serde_json::to_string(value).map_err(|error| unwritable(&error))?;
        self.lines(&(text + "\n"))
    }

    /// JSON documents, each on a line of its own that has its line feed; `false` when whoever read has gone.
    pub fn lines(&self, documents: &str) -> Result<bool> {
        if self.terminal { written(&escaped(documents)) } else { written(documents) }
    }

    /// Text of greenroom's own making (it may hold colour codes), as it is.
    pub fn raw(text: &str) -> Result<()> {
        written(text).map(|_| ())
    }

    /// A rule or a mark of greenroom's own, as this terminal can show it.
    pub fn sign<'t>(&self, sign: &'t str) -> Cow<'t, str> {
        self.signs.of(sign).map_or(Cow::Borrowed(sign), Cow::Owned)
    }

    /// `text` so that it stands out, where there is colour.
    pub fn strong(&self, text: &str) -> String {
        self.styled("1", text)
    }

    /// `text` as something that is wrong, where there is colour; the words say it without.
    pub fn alarm(&self, text: &str) -> String {
        self.styled("1;31", text)
    }

    fn styled(&self, codes: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{codes}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// The one JSON document of a command, with a line feed. On a terminal, what must not reach it is written as the
    /// escape that JSON has for it, so that the document stays the same.
    pub fn document(&self, value: &impl Serialize) -> Result<()> {
        if self.terminal {
            let text = serde_json::to_string_pretty(value).map_err(|error| unwritable(&error))?;
            return Self::raw(&(escaped(&text) + "\n"));
        }
        // as it is made, because it may be larger than one wants to hold once more
        let mut out = io::BufWriter::new(io::stdout().lock());
        match serde_json::to_writer(&mut out, value) {
            Err(error) if error.is_io() => finish(Err(error.into())).map(|_| ()),
            Err(error) => Err(unwritable(&error)),
            Ok(()) => finish(out.write_all(b"\n").and_then(|()| out.flush())).map(|_| ()),
        }
    }

    /// A remark for the person, on standard error; nothing with `-q`.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{}", sanitize::for_terminal(text));
        }
    }

    /// A warning, on standard error, also with `-q`.
    pub fn warn(text: &str) {
        let _ = writeln!(io::stderr(), "warning: {}", sanitize::for_terminal(text));
    }

    /// An error, on standard error.
    pub fn error(error: &Error) {
        let _ = writeln!(io::stderr(), "error: {}", sanitize::one_line(&error.to_string()));
    }
}

/// A JSON document in which no character drives a terminal; the line feeds of its layout stay.
fn escaped(document: &str) -> String {
    let mut text = String::with_capacity(document.len());
    for c in document.chars() {
        if c == '\n' || sanitize::visible(c).is_none() {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

/// Writes it at once; `false` when whoever read has gone.
fn written(text: &str) -> Result<bool> {
    let mut out = io::stdout().lock();
    finish(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

fn finish(written: io::Result<()>) -> Result<bool> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::input(format!("cannot write to standard output: {error}"))),
        Ok(()) => Ok(true),
    }
}

fn unwritable(error: &serde_json::Error) -> Error {
    Error::input(format!("the document cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_for_a_terminal_holds_no_control_character_and_says_the_same() {
        let value = serde_json::json!({ "a": "x\u{9b}2J\u{7f}\u{202e}\u{e0041}\n\u{1b}é👨‍👩‍👧" });
        let text = escaped(&serde_json::to_string_pretty(&value).unwrap());
        assert!(text.chars().all(|c| c == '\n' || sanitize::visible(c).is_none()), "{text:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
