//! `greenroom doctor`: what works on this machine, line by line, and what to do where it does not.
//!
//! Nothing is changed, no key is read or shown, and nobody is asked but servers of this machine.

mod files;
mod models;
mod terminal;

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cli::args::Common;
use crate::cli::output::Output;
use crate::config::{Report, process_environment};
use crate::error::Result;
use crate::library::Library;
use crate::sanitize::one_line;
use crate::tui::theme::Signs;

/// How it stands with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// It works.
    Ok,
    /// It is as it is, and nothing needs to be done.
    Note,
    /// Something works less well than it could.
    Warning,
    /// Something does not work.
    Broken,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Broken => "broken",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Ok => "✓",
            Self::Note => "·",
            Self::Warning => "!",
            Self::Broken => "✗",
        }
    }
}

/// One line: a thing, how it stands with it, and what to do about it.
#[derive(Debug)]
struct Line {
    group: &'static str,
    what: String,
    state: State,
    said: String,
    help: Option<String>,
}

/// Lines of one group, in the order of the report.
struct Lines {
    group: &'static str,
    lines: Vec<Line>,
}

impl Lines {
    fn of(group: &'static str) -> Self {
        Self { group, lines: Vec::new() }
    }

    fn ok(&mut self, what: &str, said: impl Into<String>) {
        self.add(what, State::Ok, said, None);
    }

    fn note(&mut self, what: &str, said: impl Into<String>) {
        self.add(what, State::Note, said, None);
    }

    fn warn(&mut self, what: &str, said: impl Into<String>, help: &str) {
        self.add(what, State::Warning, said, Some(help.to_owned()));
    }

    fn add(&mut self, what: &str, state: State, said: impl Into<String>, help: Option<String>) {
        self.lines.push(Line { group: self.group, what: what.to_owned(), state, said: said.into(), help });
    }
}

/// Runs the command: 1 when something is broken.
pub fn run(common: &Common, output: &Output) -> Result<u8> {
    let library = Library::find(common.library.as_deref());
    let report = Report::of_process(library.as_ref().ok().and_then(Option::as_ref));
    let mut lines = terminal::lines(&process_environment);
    lines.extend(files::lines(&library, &report));
    lines.extend(models::lines(&report.settings)?);
    let broken = lines.iter().filter(|line| line.state == State::Broken).count();
    // the settings have a word here too, unlike for commands that do without them
    let signs = Signs::detect(common.ascii.then_some(true).or(report.settings.ascii), process_environment);
    if output.json {
        output.document(&json!({ "broken": broken, "checks": lines.iter().map(document).collect::<Vec<_>>() }))?;
    } else {
        let mut drawing = output.clone();
        drawing.signs = signs;
        Output::raw(&text(&lines, &drawing))?;
        match broken {
            0 => output.note("nothing is broken"),
            1 => output.note("1 thing is broken"),
            many => output.note(&format!("{many} things are broken")),
        }
    }
    Ok(u8::from(broken > 0))
}

fn document(line: &Line) -> Value {
    json!({ "group": line.group, "what": line.what, "state": line.state.word(), "said": line.said, "help": line.help })
}

fn text(lines: &[Line], output: &Output) -> String {
    let widest = lines.iter().map(|line| line.what.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    let mut group = "";
    for line in lines {
        if line.group != group {
            group = line.group;
            let _ = writeln!(text, "{}", output.strong(group));
        }
        let state = format!("{} {:<7}", output.sign(line.state.sign()), line.state.word());
        let state = if line.state >= State::Warning { output.alarm(&state) } else { state };
        let _ = writeln!(text, "  {state}  {:<widest$}  {}", line.what, one_line(&line.said));
        if let Some(help) = &line.help {
            let _ = writeln!(text, "  {:<9}  {:<widest$}  {} {}", "", "", output.sign("→"), one_line(help));
        }
    }
    text
}

/// Where the shell would find this program.
fn program(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The first line that a program prints, if it can be run.
fn first_line(name: &str, arguments: &[&str]) -> Option<String> {
    let mut command = std::process::Command::new(name);
    let ran = command.args(arguments).stdin(std::process::Stdio::null()).stderr(std::process::Stdio::null()).output();
    let output = ran.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_owned())
}
