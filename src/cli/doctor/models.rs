//! Who can be asked: keys by the place where they are, servers of this machine, and the tokeniser.

use std::fs;

use super::files::open_to_others;
use super::{Line, Lines, State, program};
use crate::cli::wait_for;
use crate::config::{Api, KeySource, Provider, Settings, process_environment};
use crate::error::Result;
use crate::model::discover::{Source, discover_here};
use crate::model::tokens::Vocabulary;
use crate::model::{FailureKind, Models, Offline};

/// The lines about keys, servers and tokens. Only this machine is asked.
pub fn lines(settings: &Settings) -> Result<Vec<Line>> {
    let mut lines = Lines::of("models");
    for provider in settings.providers.values() {
        key(&mut lines, provider);
    }
    let models = Models::new(settings, Offline::instant());
    for source in wait_for(discover_here(&models))? {
        server(&mut lines, &source);
    }
    if let Some(model) = &settings.default_model {
        match settings.provider(&model.provider) {
            Ok(_) => lines.ok("default", model.to_string()),
            Err(error) => lines.add("default", State::Warning, error.message, error.hint),
        }
    }
    // the words of the sample have one token each
    let counted =
        [Vocabulary::O200k, Vocabulary::Cl100k].map(|vocabulary| (vocabulary, vocabulary.count("hello world")));
    match counted.iter().find(|(_, tokens)| *tokens != 2) {
        None => lines.ok("tokens", "both built-in vocabularies count"),
        Some((vocabulary, _)) => {
            let said = format!("the vocabulary {} does not count as it should", vocabulary.name());
            lines.add("tokens", State::Broken, said, Some("build greenroom anew".into()));
        }
    }
    Ok(lines.lines)
}

/// Whether a key is where its provider says. It is neither fetched nor shown, and no command is run.
fn key(lines: &mut Lines, provider: &Provider) {
    let what = format!("{} key", provider.name);
    match &provider.key {
        KeySource::None => {}
        KeySource::Env(name) if provider.key.is_set(&process_environment) => lines.ok(&what, format!("in ${name}")),
        KeySource::Env(name) => lines.note(&what, format!("${name} is not set: {} cannot be asked", provider.name)),
        KeySource::Command(words) => {
            let first = words.first().map_or("", String::as_str);
            match program(first) {
                Some(_) => lines.ok(&what, format!("printed by {first}, when it is needed")),
                None => lines.warn(&what, format!("{first}, which prints it, is not found"), "correct api_key_command"),
            }
        }
        KeySource::File(path) => match fs::metadata(path) {
            Err(_) => lines.warn(&what, format!("{} cannot be read", path.display()), "correct api_key_file"),
            Ok(found) => match open_to_others(&found) {
                Some(mode) => {
                    let help = format!("chmod 600 {}", path.display());
                    lines.warn(&what, format!("not used: others may read {} (mode {mode:o})", path.display()), &help);
                }
                None => lines.ok(&what, format!("in {}", path.display())),
            },
        },
    }
    if provider.api == Api::Offline {
        lines.ok("offline", "built in: no key, no network");
    }
}

fn server(lines: &mut Lines, source: &Source) {
    let name = source.provider.as_deref().or(source.program).unwrap_or_default();
    let program =
        source.program.filter(|program| *program != name).map(|program| format!("{program} ")).unwrap_or_default();
    match &source.models {
        Ok(models) => {
            let count = if models.len() == 1 { "1 model".to_owned() } else { format!("{} models", models.len()) };
            let said = format!("{program}at {}: {count}", source.base_url);
            if source.provider.is_some() {
                lines.ok(name, said);
            } else {
                let help = format!("to use it: [providers.NAME] api = \"openai\", base_url = \"{}\"", source.base_url);
                lines.add(name, State::Note, format!("runs {said}, and is not set up"), Some(help));
            }
        }
        Err(failure) if failure.kind == FailureKind::Network => {
            lines.note(name, format!("not running at {}", source.base_url));
        }
        Err(failure) => lines.add(name, State::Warning, failure.message.clone(), failure.hint.clone()),
    }
}
