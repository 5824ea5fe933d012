//! `greenroom cut`: freezes the draft as a version; the draft stays.

use jiff::Zoned;
use serde_json::json;

use crate::cli::args::{Common, Cut};
use crate::cli::output::Output;
use crate::diff::Bump;
use crate::error::{Error, Result};
use crate::library::{self, Library, Proposal, Step};

/// Runs the command.
pub fn run(args: &Cut, common: &Common, output: &Output) -> Result<u8> {
    let date = match &args.date {
        Some(text) => library::date(text)
            .ok_or_else(|| Error::input(format!("`{text}` is not a day")).hint("--date takes YYYY-MM-DD"))?,
        None => Zoned::now().date(),
    };
    let cut = library::Cut { step: step(args)?, what: args.what.clone(), why: args.why.clone(), date };
    let library = Library::discover(common.library.as_deref())?;
    let frozen = library.cut(&args.name, &cut)?;
    let (entry, proposal) = (&frozen.entry, &frozen.proposal);
    if output.json {
        output.document(&json!({
            "prompt": args.name,
            "version": entry.version.to_string(),
            "date": entry.date.to_string(),
            "folder": entry.folder.to_string_lossy(),
            "suggested_bump": proposal.bump.map(Bump::id),
        }))?;
    } else {
        output.content(&format!("{}\n", entry.folder.display()))?;
        output.note(&format!("{} {} is frozen; the draft stays", args.name, entry.version));
    }
    if let Some(remark) = remark(&cut.step, proposal)? {
        output.note(&remark);
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

/// What to say about a step that is another one than the changes call for.
fn remark(step: &Step, proposal: &Proposal) -> Result<Option<String>> {
    let (Some(bump), Some(rollback)) = (proposal.bump, &proposal.rollback) else { return Ok(None) };
    let fitting = library::next_version(proposal.last.as_ref(), &proposal.step())?;
    let chosen = library::next_version(proposal.last.as_ref(), step)?;
    Ok(match bump {
        Bump::None => Some(format!("note: nothing differs from {}", rollback.to)),
        _ if fitting == chosen => None,
        _ => Some(format!("note: what changed since {} looks like a {} step, to {fitting}", rollback.to, bump.id())),
    })
}
