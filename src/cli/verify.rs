//! `greenroom verify`: every SHA256SUMS of the library, or of one prompt.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::args::{Common, Verify};
use crate::cli::list::damage;
use crate::cli::output::Output;
use crate::error::Result;
use crate::library::{Library, Verdict};
use crate::sanitize::one_line;

/// Runs the command: 1 when a version is not what was frozen.
pub fn run(args: &Verify, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(common.library.as_deref())?;
    let verdicts = library.verify(args.name.as_deref())?;
    let broken = verdicts.iter().filter(|verdict| !verdict.problems.is_empty()).count();
    if output.json {
        let versions: Vec<_> = verdicts.iter().map(document).collect();
        output.document(&json!({ "library": library.root().to_string_lossy(), "versions": versions }))?;
    } else {
        Output::raw(&report(&verdicts, output))?;
        // counted by their words: a folder that cannot be looked at has neither sums nor a clean bill
        let count = |word: &str| verdicts.iter().filter(|verdict| status(verdict) == word).count();
        let (sound, unsealed) = (count("ok"), count("unsealed"));
        output.note(&format!("{sound} as frozen, {broken} changed, {unsealed} without SHA256SUMS"));
    }
    Ok(u8::from(broken > 0))
}

/// The word for one verdict.
fn status(verdict: &Verdict) -> &'static str {
    match (verdict.problems.is_empty(), verdict.sealed) {
        (false, _) => "changed",
        (true, true) => "ok",
        (true, false) => "unsealed",
    }
}

fn document(verdict: &Verdict) -> Value {
    json!({
        "prompt": verdict.prompt,
        "version": verdict.version.as_ref().map(ToString::to_string),
        "status": status(verdict),
        "problems": verdict.problems.iter().map(damage).collect::<Vec<_>>(),
        "remarks": verdict.remarks.iter().map(damage).collect::<Vec<_>>(),
    })
}

/// One line a version; under one that is not what was frozen, a line for each reason.
fn report(verdicts: &[Verdict], output: &Output) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        let word = format!("{:<8}", status(verdict));
        let word = if verdict.problems.is_empty() { word } else { output.alarm(&word) };
        let version = verdict.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        let _ = writeln!(text, "{word}  {}{version}", verdict.prompt);
        for problem in &verdict.problems {
            let _ = writeln!(text, "          {}", one_line(&problem.to_string()));
        }
        for remark in &verdict.remarks {
            let _ = writeln!(text, "          note: {}", one_line(&remark.to_string()));
        }
    }
    text
}
