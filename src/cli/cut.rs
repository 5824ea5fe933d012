//! `greenroom cut`: freezes the draft as a version; the draft stays.

use jiff::Zoned;
use serde_json::json;

use crate::cli::args::{Common, Cut};
use crate::cli::output::Output;
use crate::error::{Error, Result};
use crate::library::{self, Library, Step};

/// Runs the command.
pub fn run(args: &Cut, common: &Common, output: &Output) -> Result<u8> {
    let date = match &args.date {
        Some(text) => library::date(text)
            .ok_or_else(|| Error::input(format!("`{text}` is not a day")).hint("--date takes YYYY-MM-DD"))?,
        None => Zoned::now().date(),
    };
    let cut = library::Cut { step: step(args)?, what: args.what.clone(), why: args.why.clone(), date };
    let library = Library::discover(common.library.as_deref())?;
    let entry = library.cut(&args.name, &cut)?;
    if output.json {
        output.document(&json!({
            "prompt": args.name,
            "version": entry.version.to_string(),
            "date": entry.date.to_string(),
            "folder": entry.folder.to_string_lossy(),
        }))?;
    } else {
        output.content(&format!("{}\n", entry.folder.display()))?;
        output.note(&format!("{} {} is frozen; the draft stays", args.name, entry.version));
    }
    Ok(0)
}

/// The step that was asked for; the arguments allow exactly one.
fn step(args: &Cut) -> Result<Step> {
    match &args.version {
        Some(version) => Step::exactly(version),
        None if args.major => Ok(Step::Major),
        None if args.minor => Ok(Step::Minor),
        None => Ok(Step::Patch),
    }
}
