//! `greenroom draft`: the draft anew, from any frozen version.

use serde_json::json;

use crate::cli::args::{BeginDraft, Common};
use crate::cli::commits;
use crate::cli::output::Output;
use crate::cli::show::resolve;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::library::{Library, Reference, Which};

/// Runs the command.
pub fn run(args: &BeginDraft, common: &Common, output: &Output) -> Result<u8> {
    let reference = Reference::parse(&args.reference)?;
    let library = Library::discover(common.library.as_deref())?;
    // what is wrong with other settings is no reason not to begin
    let (settings, _) = Settings::of_process(Some(&library));
    let (name, which) = resolve(&library, &reference)?;
    let Which::Version(version) = which else {
        return Err(Error::input(format!("`{}` is the draft itself", args.reference))
            .hint(format!("name a version, as in `greenroom draft {name}@latest`")));
    };
    let begun = library.begin_draft_from(&name, &version, args.replace, jiff::Timestamp::now())?;
    let kept = begun.kept.as_ref().map(|folder| folder.to_string_lossy().into_owned());
    if output.json {
        output.document(&json!({
            "prompt": name,
            "version": version,
            "files": begun.files.iter().map(|file| file.to_string_lossy()).collect::<Vec<_>>(),
            "kept": kept,
        }))?;
    } else {
        output.content(&format!("the draft of {name} is {version} now\n"))?;
        if let Some(kept) = kept {
            output.note(&format!("what it held before is in {kept}"));
        }
    }
    commits::offer(&library, &settings, &begun.files, &format!("draft of {name} from {version}"), output);
    Ok(0)
}
