//! `greenroom models`: providers that are set up or found running on this machine, and their models.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::args::Common;
use crate::cli::output::Output;
use crate::cli::wait_for;
use crate::config::Settings;
use crate::error::Result;
use crate::library::Library;
use crate::model::discover::{Source, discover};
use crate::model::{FailureKind, ModelName, Models, Offline};
use crate::sanitize::one_line;

/// Runs the command. A provider that does not answer is shown as one and is no failure.
pub fn run(common: &Common, output: &Output) -> Result<u8> {
    let library = Library::find(common.library.as_deref())?;
    let settings = Settings::for_command(library.as_ref())?;
    settings.warnings.iter().for_each(|warning| Output::warn(&warning.to_string()));
    let models = Models::new(&settings, Offline::instant());
    let sources = wait_for(discover(&models))?;
    if output.json {
        let offline = json!({
            "provider": "offline", "program": null, "base_url": null,
            "models": ["offline"], "names": [ModelName::offline().to_string()], "error": null,
        });
        let all: Vec<Value> = std::iter::once(offline).chain(sources.iter().map(document)).collect();
        output.document(&json!({ "providers": all }))?;
    } else {
        Output::raw(&text(&sources, output))?;
    }
    Ok(0)
}

fn document(source: &Source) -> Value {
    let error = source.models.as_ref().err().map(
        |failure| json!({"kind": failure.kind.id(), "message": failure.message, "status": failure.status, "hint": failure.hint}),
    );
    let models = source.models.as_deref().unwrap_or_default();
    // what `--model` takes: of a server that is not set up, nothing
    let name = |provider: &String| models.iter().map(|model| format!("{provider}:{model}")).collect();
    let names: Vec<String> = source.provider.as_ref().map(name).unwrap_or_default();
    json!({
        "provider": source.provider,
        "program": source.program,
        "base_url": source.base_url,
        "models": models,
        "names": names,
        "error": error,
    })
}

fn text(sources: &[Source], output: &Output) -> String {
    let mut text = format!("{}  built in: no language model, no key, no network\n", output.strong("offline"));
    for source in sources {
        let program = source.program.map(|program| format!("{program} at ")).unwrap_or_default();
        let name = source.provider.as_deref().or(source.program).unwrap_or_default();
        let state = match &source.models {
            Ok(models) => match models.len() {
                1 => "1 model".to_owned(),
                count => format!("{count} models"),
            },
            Err(failure) if failure.kind == FailureKind::Network => "not running, or not to be reached".to_owned(),
            Err(failure) => failure.message.clone(),
        };
        let _ = writeln!(
            text,
            "{}  {program}{}: {}",
            output.strong(&one_line(name)),
            one_line(&source.base_url),
            one_line(&state)
        );
        for model in source.models.as_deref().unwrap_or_default() {
            let prefix = source.provider.as_ref().map(|provider| format!("{provider}:")).unwrap_or_default();
            let _ = writeln!(text, "  {}", one_line(&format!("{prefix}{model}")));
        }
        if source.provider.is_none() {
            let _ = writeln!(
                text,
                "  it is running and not set up; in the config: [providers.NAME] api = \"openai\", base_url = \"{}\"",
                one_line(&source.base_url)
            );
        }
    }
    text
}
