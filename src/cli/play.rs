//! `greenroom play`: sends messages to a model under a prompt and streams the replies to standard output.

mod conversation;
mod document;
mod keep;

use std::cell::Cell;
use std::sync::Arc;

use conversation::{Conversation, Outcome};

use crate::cli::args::{Common, Play};
use crate::cli::given;
use crate::cli::output::Output;
use crate::config::{Settings, params, state_folder};
use crate::error::{Error, Kind, Result};
use crate::library::{Library, Reference, Snapshot};
use crate::model::cassette::{Player, Recorder};
use crate::model::{
    Audience, Failure, Finish, Model, ModelName, Models, Obstacle, Offline, Playtest, Remembered, Request, Role, Turn,
    Usage, cost, tokens::counter_for,
};
use crate::prompt::TokenCounter;

/// Runs the command. The document of `--json` is printed whatever becomes of the run.
pub fn run(args: &Play, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(common.library.as_deref())?;
    let settings = Settings::for_command(Some(&library))?;
    settings.warnings.iter().for_each(|warning| Output::warn(&warning.to_string()));
    let (name, which) = library.resolve(&Reference::parse(&args.reference)?)?;
    let snapshot = library.read(&name, &which)?;
    let model = model(args, &snapshot, &settings)?;
    if args.replay.is_none() {
        settings.provider(&model.provider)?;
    }
    let set = args.filling.values.as_deref().map(|set| library.value_set(&name, set)).transpose()?;
    let given = given::values(&args.filling.set)?;
    let messages = messages(&args.message)?;

    let paced = output.terminal && !output.json && !args.no_stream;
    let models = Models::new(&settings, if paced { Offline::paced() } else { Offline::instant() });
    let remote = models.is_remote(&model);
    let playtest = Playtest {
        system: &snapshot.text,
        user_template: snapshot.config.user_template(),
        given: &given,
        set: set.as_ref().map(|set| &set.values),
        declarations: &snapshot.variables,
        audience: match (remote, args.real_values) {
            (false, _) => Audience::ThisMachine,
            (true, false) => Audience::Elsewhere,
            (true, true) => Audience::ElsewhereWithRealValues,
        },
    };
    let request = Request {
        model: model.clone(),
        system: String::new(),
        turns: Vec::new(),
        params: params(&snapshot.config),
        stream: !args.no_stream,
    };
    let replayed = args.replay.is_some();
    let prices = |usage: Usage| if replayed { Some(0.0) } else { cost(&settings, &model, usage, remote) };
    let remembered = Remembered::in_state(state_folder());
    // what the server has counted makes the next estimate for its model a better one
    let learn = |request: &Request, billed: u64| {
        let counter = counter_for(&request.model);
        if !replayed && !counter.exact() && remembered.learns(&request.model) {
            let texts = request.turns.iter().map(|turn| turn.text.as_str()).chain([request.system.as_str()]);
            let here: usize = texts.map(|text| counter.vocabulary.count(text)).sum();
            let _ = remembered.learn(&request.model, here as u64, billed);
        }
    };
    let keeping = keep::Keep::new(&settings, &library, &snapshot, &playtest);
    // a cassette asks nobody and costs nothing: that is no run
    let keep = |request: &Request, at, outcome: &Outcome| {
        if !replayed {
            keeping.keep(request, at, outcome);
        }
    };
    let recorder = args.record.as_deref().map(Recorder::open).transpose()?;
    let player = args.replay.as_deref().map(|file| Player::open(file, paced)).transpose()?.map(Arc::new);
    let answering = |name: &ModelName| -> Result<Arc<dyn Model>, Failure> {
        if let Some(player) = &player {
            return Ok(Arc::clone(player) as Arc<dyn Model>);
        }
        let beyond = if remote { keep::beyond_cap(&settings) } else { None };
        let model = beyond.map_or_else(|| models.get(name), Err)?;
        Ok(match &recorder {
            Some(recorder) => recorder.listen(model, |text| !crate::lint::secrets(text).is_empty()),
            None => model,
        })
    };
    let why = |obstacle: &Obstacle| unsendable(obstacle, &snapshot);
    let conversation = Conversation {
        answering: &answering,
        playtest: &playtest,
        unsendable: &why,
        request,
        output,
        cost: &prices,
        learn: &learn,
        keep: &keep,
        told_unsent: Cell::default(),
    };
    let outcomes = conversation.run(&messages)?;
    if let Some(why) = recorder.and_then(|recorder| recorder.trouble()) {
        Output::warn(&format!("not recorded: {why}"));
    }
    if output.json {
        output.document(&document::of(&model, &outcomes, messages.len()))?;
    }
    finish(outcomes)
}

/// The exit code of a conversation, by its last turn: the ones before it went well.
fn finish(outcomes: Vec<Outcome>) -> Result<u8> {
    let Some(last) = outcomes.into_iter().next_back() else { return Ok(0) };
    match (last.finish, last.failure) {
        (Finish::Cancelled, _) => Ok(Kind::Interrupted.exit_code()),
        (_, Some(failure)) => Err(failure.into()),
        (Finish::Error | Finish::Incomplete, None) => Ok(Kind::Model.exit_code()),
        _ => Ok(0),
    }
}

/// The model that was asked for, and no other.
fn model(args: &Play, snapshot: &Snapshot, settings: &Settings) -> Result<ModelName> {
    chosen_model(args.model.as_deref(), snapshot, settings)?.ok_or_else(|| {
        Error::input(format!("no model is named for {}", args.reference))
            .hint("add --model PROVIDER:MODEL, or try --model offline, which needs no key and no network")
    })
}

/// The model of `--model`, else of the prompt's config.json, else the user's default; `None` when nobody names one.
pub(super) fn chosen_model(
    wanted: Option<&str>,
    snapshot: &Snapshot,
    settings: &Settings,
) -> Result<Option<ModelName>> {
    let (said, place) = match (wanted, snapshot.config.model()) {
        (Some(said), _) => (said, "--model"),
        (None, Some(said)) => (said, "`model` of its config.json"),
        (None, None) => return Ok(settings.default_model.clone()),
    };
    ModelName::parse(said).map(Some).ok_or_else(|| {
        let error = Error::input(format!("{place} is `{said}`, which is not PROVIDER:MODEL"))
            .hint("as anthropic:claude-haiku-4-5, or offline");
        if wanted.is_none() { error.at(snapshot.folder.join("config.json")) } else { error }
    })
}

fn messages(given: &[String]) -> Result<Vec<String>> {
    if given.iter().filter(|message| *message == "-").count() > 1 {
        return Err(Error::input("standard input can be only one message").hint("give `-m -` once"));
    }
    given.iter().map(|message| given::message(message)).collect()
}

/// Why a turn is not sent, as an error of usage.
pub(super) fn unsendable(obstacle: &Obstacle, snapshot: &Snapshot) -> Error {
    let (names, what, hint) = match obstacle {
        Obstacle::Missing(names) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            return given::without_value(&names, snapshot, Some(&snapshot.text))
                .hint(format!("give it with --set {}=VALUE or --values SET", names.first().unwrap_or(&"NAME")));
        }
        Obstacle::Leak(what) => {
            return Error::input(format!("not sent: {what}")).hint("take it out; a key belongs into no prompt");
        }
        Obstacle::Secret(names) => (
            names,
            "secret values are never sent, and there is no example to send for",
            "declare an example in prompt.toml",
        ),
        Obstacle::Personal(names) => (
            names,
            "personal values stay on this machine, and there is no example to send for",
            "declare an example in prompt.toml, or send the real ones with --real-values",
        ),
    };
    let names: Vec<_> = names.iter().map(|name| format!("{{{{{name}}}}}")).collect();
    Error::input(format!("{what} {}", names.join(", "))).hint(hint)
}
