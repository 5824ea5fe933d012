//! `greenroom trust`: lets a library say where keys go and what is run for one, as it says it now.

use std::fmt::Write as _;

use serde_json::json;

use crate::cli::args::{Common, TrustArgs};
use crate::cli::output::Output;
use crate::config::{Trust, process_environment};
use crate::error::Result;
use crate::library::Library;
use crate::sanitize::one_line;

/// Runs the command. It asks nothing: who calls it has decided, and what was decided is printed.
pub fn run(args: &TrustArgs, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(args.dir.as_deref().or(common.library.as_deref()))?;
    let mut trust = Trust::of(&library, &process_environment)?;
    if let Some(trust) = &mut trust
        && (args.revoke || !trust.grants.is_empty())
    {
        trust.set(!args.revoke)?;
    }
    let grants = trust.as_ref().map(|trust| trust.grants.as_slice()).unwrap_or_default();
    let trusted = trust.as_ref().is_some_and(|trust| trust.trusted);
    if output.json {
        let file = trust.as_ref().map(|trust| trust.file.to_string_lossy());
        output.document(&json!({
            "library": library.root().to_string_lossy(), "file": file, "trusted": trusted, "grants": grants,
        }))?;
        return Ok(0);
    }
    let root = library.root().to_string_lossy();
    let library = one_line(&root);
    let mut text = match (args.revoke, grants.is_empty()) {
        (true, _) => format!("{library} is not trusted any more\n"),
        (false, true) => format!("{library} decides nothing about keys or commands: there is nothing to trust\n"),
        (false, false) => format!("{library} is trusted with this:\n"),
    };
    if trusted {
        for grant in grants {
            let _ = writeln!(text, "  {}", one_line(grant));
        }
    }
    Output::raw(&text)?;
    if trusted {
        output.note("when it says something else, it has to be trusted anew; --revoke takes it back");
    }
    Ok(0)
}
