//! `greenroom vars NAME check SET`: a value set held against what the prompt asks for.

use std::fmt::Write as _;

use serde_json::json;

use super::args::Check;
use super::{days_old, used};
use crate::cli::output::Output;
use crate::cli::show::snapshot;
use crate::error::Result;
use crate::library::Library;
use crate::sanitize;
use crate::vars::check::check;

/// Runs it; 1 when the set cannot be used as it is.
pub fn run(library: &Library, reference: &str, args: &Check, output: &Output) -> Result<u8> {
    let snapshot = snapshot(library, reference)?;
    let set = library.value_set(&snapshot.prompt, &args.set)?;
    let days = days_old(library, &snapshot.prompt, &args.set);
    let counter = super::counter(library, &snapshot, Some(&set.values))?;
    let findings = check(&set.values, &used(&snapshot), &snapshot.variables, days, &counter.tokens);
    let errors = findings.iter().filter(|finding| finding.concern.is_error()).count();
    let severity = |error: bool| if error { "error" } else { "warning" };
    if output.json {
        let all = findings.iter().map(|finding| {
            json!({
                "concern": finding.concern.word(),
                "severity": severity(finding.concern.is_error()),
                "variable": finding.variable,
                "message": finding.message,
                "help": finding.help,
            })
        });
        output.document(&json!({
            "prompt": snapshot.prompt,
            "version": snapshot.which.to_string(),
            "set": set.name,
            "days": days,
            "findings": all.collect::<Vec<_>>(),
        }))?;
    } else {
        let mut text = String::new();
        for finding in &findings {
            let word = severity(finding.concern.is_error());
            let word = if finding.concern.is_error() { output.alarm(word) } else { output.strong(word) };
            // a name may come from somebody else's file
            let (message, help) = (sanitize::one_line(&finding.message), sanitize::one_line(&finding.help));
            let _ = writeln!(text, "{word}: {message} ({help})");
        }
        let warnings = findings.len() - errors;
        let _ = match (errors, warnings) {
            (0, 0) => writeln!(text, "{}: every variable has a value that fits", set.name),
            (errors, warnings) => writeln!(text, "{}: {errors} to correct, {warnings} to look at", set.name),
        };
        Output::raw(&text)?;
    }
    Ok(u8::from(errors > 0))
}
