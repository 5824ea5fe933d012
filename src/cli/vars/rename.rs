//! `greenroom vars NAME rename OLD NEW`: in every file of the prompt, or in none.

use std::fmt::Write as _;

use serde_json::json;

use super::args::Rename;
use crate::cli::output::Output;
use crate::error::Result;
use crate::library::{Library, Rename as Plan};

/// Runs it.
pub fn run(library: &Library, name: &str, args: &Rename, output: &Output) -> Result<u8> {
    let plan = library.plan_rename(name, &args.old, &args.new, None)?;
    if !args.dry_run {
        library.rename(&plan)?;
    }
    print(&plan, args, output)?;
    if !args.dry_run {
        let files: Vec<_> = plan.files.iter().map(|file| file.file.clone()).collect();
        super::offer(library, &files, &format!("{name}: {} is called {} now", plan.old, plan.new), output);
    }
    Ok(0)
}

fn print(plan: &Plan, args: &Rename, output: &Output) -> Result<()> {
    if output.json {
        let files = plan.files.iter().map(|file| {
            let places = file.places.iter();
            let places = places.map(|it| json!({"line": it.line, "column": it.column, "what": it.what.word()}));
            json!({"file": file.shown, "places": places.collect::<Vec<_>>()})
        });
        output.document(&json!({
            "prompt": plan.prompt,
            "from": plan.old,
            "to": plan.new,
            "dry_run": args.dry_run,
            "files": files.collect::<Vec<_>>(),
            "notes": plan.notes,
        }))?;
        return Ok(());
    }
    let mut text = String::new();
    for file in &plan.files {
        for place in &file.places {
            let _ = writeln!(text, "{}:{}:{}: {}", file.shown, place.line, place.column, place.what.word());
        }
    }
    let done = if args.dry_run { "would rename" } else { "renamed" };
    let (places, files) = (plan.places(), plan.files.len());
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (old, new) = (&plan.old, &plan.new);
    let _ = writeln!(text, "{done} {old} to {new}: {places} place{} in {files} file{}", plural(places), plural(files));
    Output::raw(&text)?;
    for note in &plan.notes {
        output.note(&format!("note: {note}"));
    }
    Ok(())
}
