//! Cassettes: one is put in to record or to replay, what was recorded is set up again, and it is taken out.

use super::list;
use crate::error::Error;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Ask, Overlay, Pick, PickRow, Picker};
use crate::tui::play::Subject;
use crate::tui::tape::{Fit, Insertion, Tape, Use};

/// The row that takes a cassette out.
const EJECT: &str = "eject";
/// The row that asks for a file to record to.
const RECORD: &str = "record";
/// The row that asks for a file to replay.
const REPLAY: &str = "replay";
/// What stands before the file in the row of a cassette.
const FILE: &str = "file:";

/// The rows of the list.
pub fn rows(model: &Model) -> Picker<String> {
    let row = |value: &str, label: String, detail: &str| PickRow {
        value: value.to_owned(),
        label,
        detail: detail.to_owned(),
        disabled: None,
    };
    let mut rows = Vec::new();
    if let Some(tape) = &model.deck.tape {
        let (label, detail) = match tape.what {
            Use::Record => (format!("stop recording on {}", tape.name()), "what is on it stays"),
            Use::Replay => (format!("stop replaying {}", tape.name()), "models answer again"),
        };
        rows.push(row(EJECT, label, detail));
    }
    for file in &model.deck.found {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        rows.push(row(&format!("{FILE}{}", file.display()), format!("replay {name}"), "of this library"));
    }
    rows.push(row(REPLAY, "replay another file".into(), "no key, no network"));
    rows.push(row(RECORD, "record the conversation to a file".into(), "every whole reply"));
    Picker::new("Cassette", rows)
}

/// What was chosen of the list.
pub fn chosen(model: &mut Model, value: &str, effects: &mut Vec<Effect>) {
    match value {
        EJECT => put(model, None, effects),
        RECORD => {
            let name = model.draft.as_ref().map_or("conversation", |draft| draft.entry.name.as_str());
            let file = format!("{}/cassettes/{name}.jsonl", model.library);
            model.overlay = Some(Overlay::Ask(Ask::RecordTo, Input::chosen(&file)));
        }
        REPLAY => model.overlay = Some(Overlay::Ask(Ask::ReplayFrom, Input::default())),
        _ => {
            if let Some(file) = value.strip_prefix(FILE) {
                insert(model, Use::Replay, file, effects);
            }
        }
    }
}

/// Has the cassette in `file` put in.
pub fn insert(model: &mut Model, what: Use, file: &str, effects: &mut Vec<Effect>) {
    let file = file.trim().to_owned();
    if file.is_empty() {
        return model.say(Weight::Note, "no file was named");
    }
    let prompt = model.draft.as_ref().map(|draft| draft.entry.name.clone());
    put(model, Some(Insertion { what, file, prompt }), effects);
}

fn put(model: &mut Model, insertion: Option<Insertion>, effects: &mut Vec<Effect>) {
    if model.play.is_running() {
        return model.say(Weight::Note, "a reply is coming in; Esc stops it, then the cassette can be changed");
    }
    model.deck.number += 1;
    model.deck.waiting = true;
    effects.push(Effect::Insert { number: model.deck.number, insertion });
}

/// The cassette is in, or out, or why not.
pub fn inserted(model: &mut Model, number: u64, result: Result<Option<Tape>, Error>) {
    if number != model.deck.number {
        return;
    }
    model.deck.waiting = false;
    // whatever came of it, what was in before is out
    let before = model.deck.tape.take();
    model.play.columns.iter_mut().for_each(crate::tui::play::Column::touch);
    let key = model.keymap.shown(Action::Cassette);
    match result {
        Ok(None) => {
            let said = match before.map(|tape| tape.what) {
                Some(Use::Record) => "nothing is recorded any more; what is on the cassette stays",
                _ => "the cassette is out: models answer again",
            };
            model.say(Weight::Done, said);
        }
        Ok(Some(tape)) => {
            let name = tape.name();
            let said = match tape.what {
                Use::Record => format!("every whole reply is recorded on {name}; {key} stops it"),
                Use::Replay => {
                    let set_up = tape.fit.clone().is_some_and(|fit| set_up(model, fit));
                    offer(model, &tape);
                    let how = if set_up { ", set up as it was recorded" } else { "" };
                    format!("{name} answers{how}; nobody is asked, {key} takes it out")
                }
            };
            let (weight, said) = match tape.damaged.as_slice() {
                [] => (Weight::Done, said),
                [one] => (Weight::Warning, format!("{said}. One line of it cannot be read: {one}")),
                [first, others @ ..] => {
                    let more = others.len();
                    (
                        Weight::Warning,
                        format!("{said}. {} lines of it cannot be read: {first}, and {more} more", more + 1),
                    )
                }
            };
            model.deck.tape = Some(tape);
            model.say(weight, said);
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}

/// Has the focused column run what was recorded, where nothing is lost by it. `true` when it does.
fn set_up(model: &mut Model, fit: Fit) -> bool {
    let Some(draft) = &mut model.draft else { return false };
    let values = &mut draft.values;
    let other_set = values.set != fit.set;
    if !model.play.column().talk.is_empty() || other_set && values.changed || model.play.blind.is_some() {
        return false;
    }
    if let Some(set) = fit.set.as_ref().filter(|_| other_set) {
        values.choose(set);
    }
    let subject = match fit.version {
        Some((version, snapshot)) => {
            model.play.versions.insert(version.clone(), Ok(snapshot));
            Subject::Version(version)
        }
        None => Subject::Draft,
    };
    let column = model.play.column_mut();
    (column.subject, column.chosen) = (subject, Some(fit.model));
    column.touch();
    true
}

/// Puts the first recorded message where it can be sent, when nothing is written there.
fn offer(model: &mut Model, tape: &Tape) {
    let first = tape.messages.first().cloned().unwrap_or_default();
    super::play::offer(model, &first);
    model.play.in_message = true;
}

/// A replayed reply is whole: what was said next is offered.
pub fn replied(model: &mut Model, message: &str) {
    let next = model.deck.tape.as_ref().and_then(|tape| tape.after(message)).map(str::to_owned);
    if let Some(next) = next.filter(|_| model.deck.replays()) {
        super::play::offer(model, &next);
    }
}

/// Opens the list.
pub fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    effects.push(Effect::FindCassettes);
    list::open(model, Pick::Cassette, effects);
}
