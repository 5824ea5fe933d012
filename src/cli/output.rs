//! Where a command's words go: content to standard output, everything else to standard error.
//!
//! A closed pipe is success: whoever reads has enough. On a terminal, control bytes in content are made visible; in a
//! pipe the bytes are exact.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::cli::args::{Color, Common};
use crate::error::{Error, Result};
use crate::sanitize;

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
        Self { terminal, color, json: common.json, quiet: common.quiet }
    }

    /// Content, exactly in a pipe, with control bytes made visible on a terminal. Adds nothing at the end.
    pub fn content(&self, text: &str) -> Result<()> {
        if self.terminal { Self::raw(&sanitize::for_terminal(text)) } else { Self::raw(text) }
    }

    /// Text of greenroom's own making (it may hold colour codes), as it is.
    pub fn raw(text: &str) -> Result<()> {
        let mut out = io::stdout().lock();
        finish(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
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

    /// The one JSON document of a command, with a line feed.
    pub fn document(&self, value: &impl Serialize) -> Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = if self.terminal {
            serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from)
        } else {
            serde_json::to_writer(&mut out, value).map_err(io::Error::from)
        };
        finish(written.and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()))
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
        let _ = writeln!(io::stderr(), "error: {}", sanitize::for_terminal(&error.to_string()));
    }
}

fn finish(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Error::input(format!("cannot write to standard output: {error}"))),
        Ok(()) => Ok(()),
    }
}
