//! `greenroom new`: a prompt from the five-section outline, or from a file.

use std::fs;
use std::io::Read;
use std::path::Path;

use serde_json::json;

use crate::cli::args::{Common, New};
use crate::cli::commits;
use crate::cli::output::Output;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::library::{Library, check_name, outline};
use crate::source;

/// Runs the command.
pub fn run(args: &New, common: &Common, output: &Output) -> Result<u8> {
    check_name("prompt", &args.name)?;
    let text = args.from.as_deref().map_or_else(|| Ok(outline()), text_of)?;
    let library = Library::discover_to_begin(common.library.as_deref())?;
    library.create(&args.name, &text)?;

    let file = library.root().join("prompts").join(&args.name).join("draft/system_prompt.txt");
    if output.json {
        output.document(&json!({ "prompt": args.name, "file": file.to_string_lossy() }))?;
    } else {
        output.content(&format!("{}\n", file.display()))?;
        output.note(&format!("`greenroom {}` opens it", args.name));
    }
    let (settings, _) = Settings::of_process(Some(&library));
    commits::offer(&library, &settings, &[file], &format!("{}: a new prompt", args.name), output);
    Ok(0)
}

/// The bytes of any file, also of a pipe, or of standard input for `-`, as text.
fn text_of(file: &Path) -> Result<String> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(file)
    };
    source::decode(file, bytes.map_err(|error| Error::io("read", file, &error).hint("--from takes a text file"))?)
}
