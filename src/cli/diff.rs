//! `greenroom diff`: what differs between two states, as columns, as a patch, or as JSON.

mod columns;
mod document;

use crate::cli::args::{Common, Diff};
use crate::cli::output::Output;
use crate::cli::show::snapshot;
use crate::diff::{Comparison, State, compare, unified};
use crate::error::{Error, Result};
use crate::library::{Library, Snapshot};
use crate::sanitize::one_line;

/// Runs the command.
pub fn run(args: &Diff, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(common.library.as_deref())?;
    let [from, to] = references(&args.refs)?;
    let (from, to) = (snapshot(&library, &from)?, snapshot(&library, &to)?);
    if output.json {
        let comparison = compare(state(&from), state(&to));
        output.document(&document::Document::new(&comparison, [&from, &to]))?;
        return Ok(exit(args, !comparison.same()));
    }
    if args.side_by_side || (output.terminal && !args.unified) {
        let comparison = compare(state(&from), state(&to));
        let columns = args.width.map_or_else(width, usize::from);
        Output::raw(&columns::draw(&comparison, [&from, &to], columns, output))?;
        return Ok(exit(args, !comparison.same()));
    }
    patch(&library, [&from, &to], output)?;
    Ok(exit(args, from.text != to.text || from.config != to.config))
}

fn state(snapshot: &Snapshot) -> State<'_> {
    State { text: &snapshot.text, config: &snapshot.config.0 }
}

fn exit(args: &Diff, differs: bool) -> u8 {
    u8::from(args.exit_code && differs)
}

/// The two references: as they are, or made of a name and two versions.
fn references(refs: &[String]) -> Result<[String; 2]> {
    match refs {
        [name, from, to] if !name.contains('@') => Ok([from, to].map(|at| format!("{name}@{at}"))),
        [from, to] if !to.contains('@') && to.contains('.') => {
            Err(Error::input(format!("`{to}` is a version, and one more is needed to compare it with"))
                .hint(format!("`greenroom diff {from} {to} draft` compares it with the draft")))
        }
        [from, to] => Ok([from.clone(), to.clone()]),
        _ => Err(Error::input("two states are compared")
            .hint("name them as NAME FROM TO, for example `customer_support 1.0.0 draft`, or as two references")),
    }
}

/// The patch of the text, for `patch` and `git apply`; what else differs goes to standard error, because a patch of one
/// file has no place for it.
fn patch(library: &Library, [from, to]: [&Snapshot; 2], output: &Output) -> Result<()> {
    let folder = from.folder.strip_prefix(library.root()).unwrap_or(&from.folder);
    let file = folder.join("system_prompt.txt");
    // both names are those of the first text: applied, the patch makes the second of it
    let name = |side: &str, state: &Snapshot| format!("{side}/{}\t{}", file.display(), label(state));
    let patch = unified(&from.text, &to.text, &name("a", from), &name("b", to));
    if output.color {
        Output::raw(&colored(&patch))?;
    } else {
        output.content(&patch)?;
    }
    for change in from.config.differing_keys(&to.config) {
        let value = |state: &Snapshot| setting(state.config.0.get(&change));
        output.note(&format!("config.json: {change} {} -> {}", value(from), value(to)));
    }
    Ok(())
}

/// `customer_support@1.2.0`
fn label(state: &Snapshot) -> String {
    format!("{}@{}", state.prompt, state.which)
}

/// A setting as JSON on one line; a dash where it is not set.
fn setting(value: Option<&serde_json::Value>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| one_line(&value.to_string()).into_owned())
}

/// One line that says what a comparison comes to.
fn verdict(comparison: &Comparison) -> String {
    format!("suggested step: {}", comparison.bump.id())
}

fn colored(patch: &str) -> String {
    let mut text = String::with_capacity(patch.len() + patch.len() / 8);
    for line in patch.split_inclusive('\n') {
        let content = line.strip_suffix('\n').unwrap_or(line);
        let style = match content.as_bytes() {
            [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => "\x1b[1m",
            [b'@', ..] => "\x1b[36m",
            [b'-', ..] => "\x1b[31m",
            [b'+', ..] => "\x1b[32m",
            _ => "",
        };
        let shown = one_line(content);
        if style.is_empty() {
            text.push_str(&shown);
        } else {
            text.extend([style, &shown, "\x1b[0m"]);
        }
        text.push('\n');
    }
    text
}

/// The columns of the terminal; 100 where there is none.
fn width() -> usize {
    crossterm::terminal::size().map_or(100, |(columns, _)| usize::from(columns))
}
