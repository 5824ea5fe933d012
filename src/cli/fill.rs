//! `greenroom fill`: the filled system prompt, byte for byte what a model receives.

use serde_json::json;

use crate::cli::args::{Common, Fill};
use crate::cli::given;
use crate::cli::output::Output;
use crate::cli::show::snapshot;
use crate::error::{Error, Result};
use crate::library::{Library, Snapshot};
use crate::prompt::{Filled, Resolver};

/// Runs the command.
pub fn run(args: &Fill, common: &Common, output: &Output) -> Result<u8> {
    let given = given::values(&args.filling.set)?;
    let message = args.message.as_deref().map(given::message).transpose()?;
    let library = Library::discover(common.library.as_deref())?;
    let snapshot = snapshot(&library, &args.reference)?;
    let set = args.filling.values.as_deref().map(|set| library.value_set(&snapshot.prompt, set)).transpose()?;
    let resolver = Resolver {
        given: &given,
        set: set.as_ref().map(|set| &set.values),
        message: message.as_deref(),
        conversation_history: Some(""),
        declarations: &snapshot.variables,
    };
    let user = snapshot.config.user_template().unwrap_or("{{message}}");
    let template = if args.user { user } else { &snapshot.text };
    let filled = resolver.fill(template);
    let unused = resolver.unused(&[&snapshot.text, user]);
    let missing = missing(args, &snapshot, template, &filled);
    if output.json {
        let spans = filled.values().map(|(name, span)| json!({"variable": name, "start": span.start, "end": span.end}));
        output.document(&json!({
            "prompt": snapshot.prompt,
            "version": snapshot.which.to_string(),
            "text": filled.text,
            "missing": filled.missing().collect::<Vec<_>>(),
            "unused": unused,
            "spans": spans.collect::<Vec<_>>(),
        }))?;
        return missing.map_or(Ok(0), Err);
    }
    if let Some(missing) = missing {
        return Err(missing);
    }
    for name in given.0.keys().filter(|name| unused.contains(name)) {
        output.note(&format!("`{name}` was set, and nothing in {} asks for it", args.reference));
    }
    output.content(&filled.text)?;
    Ok(0)
}

/// The error that names every variable without a value, at the first place that asks for one.
fn missing(args: &Fill, snapshot: &Snapshot, template: &str, filled: &Filled) -> Option<Error> {
    if args.allow_missing {
        return None;
    }
    let names: Vec<&str> = filled.missing().collect();
    let first = names.first()?;
    let way = if *first == "message" { "-m MESSAGE" } else { "--values SET" };
    let error = given::without_value(&names, snapshot, (!args.user).then_some(template));
    Some(error.hint(format!("give it with --set {first}=VALUE or {way}, or keep the placeholder with --allow-missing")))
}
