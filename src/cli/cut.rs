//! `greenroom cut`: freezes the draft as a version; the draft stays.

use jiff::Zoned;
use serde_json::json;

use crate::cli::args::{Common, Cut};
use crate::cli::commits;
use crate::cli::output::Output;
use crate::config::Settings;
use crate::diff::Bump;
use crate::error::{Error, Result};
use crate::library::{self, Library, Proposal, Step};
use crate::release;

/// Runs the command.
pub fn run(args: &Cut, common: &Common, output: &Output) -> Result<u8> {
    let date = match &args.date {
        Some(text) => library::date(text)
            .ok_or_else(|| Error::input(format!("`{text}` is not a day")).hint("--date takes YYYY-MM-DD"))?,
        None => Zoned::now().date(),
    };
    let library = Library::discover(common.library.as_deref())?;
    let step = step(args)?.map_or_else(|| Err(unsaid(&library, &args.name)?), Ok)?;
    let cut = library::Cut { step, what: args.what.clone(), why: args.why.clone(), date };
    // what is wrong with other settings is no reason not to freeze
    let (settings, _) = Settings::of_process(Some(&library));
    let frozen = if args.dry_run { library.plan_cut(&args.name, &cut)? } else { library.cut(&args.name, &cut)? };
    let (entry, proposal) = (&frozen.entry, &frozen.proposal);
    if output.json {
        output.document(&json!({
            "prompt": args.name,
            "version": entry.version.to_string(),
            "date": entry.date.to_string(),
            "folder": entry.folder.to_string_lossy(),
            "suggested_bump": proposal.bump.map(Bump::id),
            "done": !args.dry_run,
        }))?;
    } else if args.dry_run {
        output.content(&format!("{}\n\n{}", entry.folder.display(), frozen.changelog))?;
        output.note("nothing was written");
    } else {
        output.content(&format!("{}\n", entry.folder.display()))?;
        output.note(&format!("{} {} is frozen; the draft stays", args.name, entry.version));
    }
    if let Some(remark) = remark(&cut.step, proposal)? {
        output.note(&remark);
    }
    if !args.dry_run {
        let what = format!("{} {}: {}", args.name, entry.version, args.what);
        let mut files = frozen.written;
        files.extend(release::handed_over(&library, &args.name));
        commits::offer(&library, &settings, &files, &what, output);
    }
    Ok(0)
}

/// The step that was asked for; the arguments allow at most one.
fn step(args: &Cut) -> Result<Option<Step>> {
    let said = [(args.major, Step::Major), (args.minor, Step::Minor), (args.patch, Step::Patch)];
    match &args.version {
        Some(version) => Step::exactly(version).map(Some),
        None => Ok(said.into_iter().find_map(|(given, step)| given.then_some(step))),
    }
}

/// The error when no step was asked for: it names the one that fits, and takes none by itself.
fn unsaid(library: &Library, name: &str) -> Result<Error> {
    let proposal = library.propose(name)?;
    let step = proposal.step();
    let next = library::next_version(proposal.last.as_ref(), &step)?;
    let option = match step {
        Step::Major => "--major",
        Step::Minor => "--minor",
        Step::Patch | Step::Exactly(_) => "--patch",
    };
    let why = match (&proposal.rollback, proposal.bump) {
        (Some(rollback), Some(Bump::None)) => format!("nothing differs from {}", rollback.to),
        (Some(rollback), _) => format!("what changed since {} calls for it", rollback.to),
        (None, _) => "it is the first version".to_owned(),
    };
    Ok(Error::input(format!("`{name}` is not frozen yet: no step was given"))
        .hint(format!("add {option} for {next}, because {why}; --major, --minor, --patch and --version V decide")))
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
