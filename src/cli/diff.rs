//! `greenroom diff`: what differs between two states, as columns, as a patch, as JSON, or as a page for a browser.

mod beyond;
mod columns;
mod document;
mod page;
mod sides;
mod tables;

use crate::cli::args::{Common, Diff};
use crate::cli::output::Output;
use crate::diff::{Comparison, compare, unified};
use crate::error::{Error, Result};
use crate::library::{Library, Side, write_page};
use crate::sanitize::one_line;
use beyond::Beyond;
pub use page::{Around, Marks, escaped};

/// Runs the command.
pub fn run(args: &Diff, common: &Common, output: &Output) -> Result<u8> {
    let Some(sides::Sides { library, pair: [from, to], by_git }) = sides::read(&args.refs, common)? else {
        // git asks about a file that is in the middle of a merge by its name alone
        output.content(&format!("{} is not merged yet\n", args.refs.join(" ")))?;
        return Ok(0);
    };
    let (old, new) = (&from.snapshot, &to.snapshot);
    let differs = || old.text != new.text || old.config != new.config;
    if let Some(file) = &args.html {
        let comparison = compare(old.state(), new.state());
        let beyond = Beyond::of(library.as_ref(), [&from, &to], beyond::Effort::All)?;
        let page = page::draw(&comparison, [&from, &to], &beyond, &Around::default());
        if file.as_os_str() == "-" {
            Output::raw(&page)?;
        } else {
            write_page(file, page.as_bytes())?;
            output.note(&format!("written to {}", file.display()));
        }
        return Ok(exit(args, !comparison.same()));
    }
    if output.json {
        let comparison = compare(old.state(), new.state());
        let beyond = Beyond::of(library.as_ref(), [&from, &to], beyond::Effort::Usual)?;
        output.document(&document::Document::new(&comparison, [&from, &to], &beyond))?;
        return Ok(exit(args, !comparison.same()));
    }
    if args.side_by_side || ((output.terminal || by_git) && !args.unified) {
        let comparison = compare(old.state(), new.state());
        let columns = args.width.map_or_else(width, usize::from);
        let beyond = Beyond::of(library.as_ref(), [&from, &to], beyond::Effort::Usual)?;
        // git's own pager shows colours, and says that it is there
        let paged = by_git && std::env::var_os("GIT_PAGER_IN_USE").is_some() && std::env::var_os("NO_COLOR").is_none();
        let mut output = output.clone();
        output.color |= paged;
        Output::raw(&columns::draw(&comparison, [&from, &to], &beyond, columns, &output))?;
        return Ok(exit(args, !comparison.same()));
    }
    patch([&from, &to], output)?;
    Ok(exit(args, differs()))
}

/// Two sides as a page, with what stands around their comparison.
///
/// # Errors
/// When the settings cannot be read.
pub fn comparison_page(library: &Library, sides: [&Side; 2], around: &Around) -> Result<String> {
    let comparison = compare(sides[0].snapshot.state(), sides[1].snapshot.state());
    let beyond = Beyond::of(Some(library), sides, beyond::Effort::All)?;
    Ok(page::draw(&comparison, sides, &beyond, around))
}

fn exit(args: &Diff, differs: bool) -> u8 {
    u8::from(args.exit_code && differs)
}

/// The patch of the text, for `patch` and `git apply`; what else differs goes to standard error, because a patch of one
/// file has no place for it.
fn patch([from, to]: [&Side; 2], output: &Output) -> Result<()> {
    // both names are those of the first text: applied, the patch makes the second of it
    let file = from.file.to_string_lossy();
    let file = file.trim_start_matches('/');
    let name = |side: &str, state: &Side| format!("{side}/{file}\t{}", one_line(&state.label));
    let patch = unified(&from.snapshot.text, &to.snapshot.text, &name("a", from), &name("b", to));
    if output.color {
        Output::raw(&colored(&patch))?;
    } else {
        output.content(&patch)?;
    }
    let (old, new) = (&from.snapshot.config, &to.snapshot.config);
    for change in old.differing_keys(new) {
        output.note(&format!(
            "config.json: {change} {} -> {}",
            setting(old.0.get(&change)),
            setting(new.0.get(&change))
        ));
    }
    Ok(())
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

/// That what was typed names no two states.
fn not_two() -> Error {
    Error::input("two states are compared").hint(
        "name them as NAME FROM TO, for example `customer_support 1.0.0 draft`, as two references, or as two files",
    )
}

/// The library, when there is one to be found and something asks for it.
fn found(common: &Common) -> Result<Library> {
    Library::discover(common.library.as_deref())
}
