//! `greenroom play`: sends messages to a model under a prompt and streams the replies to standard output.

mod compare;
mod conversation;
mod document;
mod interrupt;
mod keep;
mod parameters;
mod said;
mod samples;
mod setting;
mod voice;

use compare::{Compared, Side};
use conversation::Outcome;
use document::Document;
use samples::Sampled;
use setting::{Setting, Subject};
use voice::Voice;

use crate::cli::args::{Common, Play};
use crate::cli::output::Output;
use crate::cli::{given, wait_for};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::library::{Library, Snapshot};
use crate::model::{Audience, Failure, Finish, ModelName, Obstacle, Playtest, Request, Role, Turn, Usage};

/// Runs the command. The document of `--json` is printed whatever becomes of the run.
pub fn run(args: &Play, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(common.library.as_deref())?;
    let settings = Settings::for_command(Some(&library))?;
    settings.warnings.iter().for_each(|warning| Output::warn(&warning.to_string()));
    let messages = said::messages(&args.messages)?;
    let setting = Setting::new(args, &library, &settings, output)?;
    let subject = setting.subject(&args.reference)?;
    if let Some(other) = &args.compare {
        let other = setting.subject(other)?;
        return wait_for(compared(&setting, [subject, other], &messages, output))?;
    }
    wait_for(asked(&setting, &subject, &messages, output))?
}

/// One conversation, or the same one several times.
async fn asked(setting: &Setting<'_>, subject: &Subject, messages: &[String], output: &Output) -> Result<u8> {
    let voice = match setting.args {
        Play { json_lines: true, .. } => Voice::Lines,
        Play { raw: true, .. } => Voice::Raw,
        _ if output.json => Voice::Document,
        Play { no_stream: true, .. } => Voice::Whole,
        _ => Voice::Stream,
    };
    let times = setting.args.n.unwrap_or(1);
    let (mut held, mut interrupt) = (Vec::new(), None);
    for number in 1..=times {
        if times > 1 {
            if number > 1 {
                voice.between_turns(output)?;
            }
            output.note(&format!("reply {number} of {times}"));
        }
        let outcomes = setting.hold(subject, messages, voice, &mut interrupt).await?;
        let goes_on = outcomes.last().is_some_and(Outcome::is_whole);
        held.push(outcomes);
        if !goes_on {
            break;
        }
    }
    setting.report_recording();
    let document = |outcomes| Document::of(&subject.model, outcomes, messages.len());
    if setting.args.n.is_some() {
        let sampled = Sampled::of(&held, held.iter().map(|outcomes| document(outcomes)).collect());
        if output.json {
            output.document(&sampled)?;
        } else {
            output.note(&sampled.told());
        }
    } else if let Some(outcomes) = held.first() {
        match voice {
            Voice::Lines => _ = output.line(&document(outcomes))?,
            Voice::Document => output.document(&document(outcomes))?,
            Voice::Stream | Voice::Whole | Voice::Raw => {}
        }
    }
    finish(held.pop().unwrap_or_default())
}

/// The same conversation under two versions.
async fn compared(setting: &Setting<'_>, subjects: [Subject; 2], messages: &[String], output: &Output) -> Result<u8> {
    let (mut held, mut interrupt) = (Vec::new(), None);
    for subject in &subjects {
        output.note(&format!("asking {}", subject.label()));
        held.push(setting.hold(subject, messages, Voice::Document, &mut interrupt).await?);
        if !held.last().and_then(|outcomes| outcomes.last()).is_some_and(Outcome::is_whole) {
            break;
        }
    }
    setting.report_recording();
    let none = Vec::new();
    let side = |at: usize| {
        let outcomes = held.get(at).unwrap_or(&none);
        let document = Document::of(&subjects[at].model, outcomes, messages.len());
        Side { reference: subjects[at].reference(), label: subjects[at].label(), outcomes, document }
    };
    if output.json {
        output.document(&Compared::of([side(0), side(1)]))?;
    } else if held.len() == subjects.len() {
        compare::show(&[side(0), side(1)], output)?;
    } else if let Some(outcome) = held.last().and_then(|outcomes| outcomes.last()) {
        // what came of the first is not lost because the second was not asked
        Voice::Whole.ends(&outcome.reply, output)?;
    }
    finish(held.pop().unwrap_or_default())
}

/// The exit code of a conversation, by its last turn: the ones before it went well.
fn finish(outcomes: Vec<Outcome>) -> Result<u8> {
    let Some(last) = outcomes.into_iter().next_back() else { return Ok(0) };
    match (last.finish, last.failure) {
        // who reads no more has enough
        _ if last.unread => Ok(0),
        (Finish::Cancelled, _) => Ok(Kind::Interrupted.exit_code()),
        (_, Some(failure)) => Err(failure.into()),
        (Finish::Error | Finish::Incomplete, None) => Ok(Kind::Model.exit_code()),
        _ => Ok(0),
    }
}

/// The model that was asked for, and no other.
fn model(args: &Play, reference: &str, snapshot: &Snapshot, settings: &Settings) -> Result<ModelName> {
    chosen_model(args.model.as_deref(), snapshot, settings)?.ok_or_else(|| {
        Error::input(format!("no model is named for {reference}"))
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
