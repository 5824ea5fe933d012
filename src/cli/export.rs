//! `greenroom export`: exactly what an application needs of a version, in a folder.

use serde_json::json;

use crate::cli::args::{Common, Export};
use crate::cli::output::Output;
use crate::cli::show::snapshot;
use crate::error::{Error, Kind, Result};
use crate::library::{Library, Which};
use crate::release;

/// Runs the command: 1 when the version is not as it was frozen.
pub fn run(args: &Export, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(common.library.as_deref())?;
    let snapshot = snapshot(&library, &args.reference)?;
    if let Which::Version(version) = &snapshot.which {
        let verdict = library.verify_version(&snapshot.prompt, &library.version_entry(&snapshot.prompt, version)?);
        if let Some(problem) = verdict.problems.first() {
            return Err(Error::new(Kind::Finding, format!("{} was not exported: {problem}", args.reference))
                .hint("an application gets frozen bytes or none"));
        }
    }
    let files = release::export(&library, &snapshot, &args.to)?;
    let files: Vec<_> = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    if output.json {
        output.document(&json!({
            "prompt": snapshot.prompt,
            "version": snapshot.which.to_string(),
            "files": files,
        }))?;
    } else {
        output.content(&(files.join("\n") + "\n"))?;
    }
    Ok(0)
}
