//! The box with the exact request and the raw answer: opening it, moving and searching in it, and giving the request as
//! a command. Nothing is sent here.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Position;

use super::{copying, draft, play};
use crate::error::Error;
use crate::model::{Envelope, Failure, Wire};
use crate::tui::editor::{Case, Needle};
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::instead::in_keys;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, ScreenId, Weight};
use crate::tui::overlay::{Ask, Overlay};
use crate::tui::wire::{Find, Half, Showing, WireBox};
use crate::tui::{boxes, longtext};

/// Opens the box for the turn of the focused column; where nothing was sent yet, with what would be.
pub fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.draft.is_none() {
        return model.say(Weight::Note, "no prompt is open");
    }
    model.screen = ScreenId::Play;
    let number = model.play.next_run() << 20;
    let column = model.play.column();
    let run = column.turn().and_then(|turn| column.talk.at(turn)).map(|exchange| exchange.run);
    let mut open = WireBox {
        column: model.play.focused,
        run,
        showing: Showing::Sent,
        half: Half::Request,
        as_sent: false,
        request: String::new(),
        masked: false,
        // those of one box are apart from those of the next
        number,
        making: false,
        wanted: None,
        at: [0, 0],
        find: Find::default(),
        asked_first: None,
    };
    if run.is_none() {
        foresee(model, &mut open, effects);
    }
    open.refresh(model);
    model.overlay = Some(Overlay::Wire(Box::new(open)));
}

/// Asks for what would be sent next in the box's column.
fn foresee(model: &mut Model, open: &mut WireBox, effects: &mut Vec<Effect>) {
    open.half = Half::Request;
    open.at[0] = 0;
    open.showing = match play::foreseen(model, open.column) {
        Ok((request, told)) => {
            open.asked_first = told;
            let run = model.play.next_run();
            effects.push(Effect::Foresee { run, request });
            Showing::Asked(run)
        }
        Err(why) => Showing::Nothing(format!("Nothing would be sent: {why}.")),
    };
}

/// It is known what would be sent.
pub fn foreseen(model: &mut Model, run: u64, result: Result<Arc<Envelope>, Failure>) {
    change(model, |model, open| {
        if open.showing != Showing::Asked(run) {
            return;
        }
        open.showing = match result {
            Ok(envelope) => Showing::Next(envelope),
            Err(failure) => {
                let hint = failure.hint.map(|hint| format!("\n{}", in_keys(&hint, &model.keymap))).unwrap_or_default();
                Showing::Nothing(format!("Nothing would be sent: {}.{hint}", failure.message))
            }
        };
        open.refresh(model);
    });
}

/// A long request that is wanted is laid out elsewhere.
pub fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(Overlay::Wire(open)) = &mut model.overlay {
        effects.extend(open.wanted.take().map(Effect::LayOut));
    }
}

/// A long request was laid out.
pub fn laid_out(model: &mut Model, number: u64, (text, masked): (String, bool)) {
    if let Some(Overlay::Wire(open)) = &mut model.overlay
        && open.making
        && open.number == number
    {
        (open.request, open.masked, open.making) = (text, masked, false);
    }
}

/// Something was seen on the wire of a run.
pub fn seen(model: &mut Model, run: u64, wire: Wire) {
    let Some(at) = model.play.column_of(run) else { return };
    let is_request = matches!(wire, Wire::Request(_));
    if let Some(exchange) = model.play.columns[at].talk.of_run_mut(run) {
        exchange.wire.take(wire);
    }
    if is_request {
        model.play.forget_wires();
        change(model, |model, open| {
            if open.run == Some(run) {
                open.refresh(model);
            }
        });
    }
}

/// Works on the open box, if it is open.
fn change(model: &mut Model, work: impl FnOnce(&mut Model, &mut WireBox)) {
    match model.overlay.take() {
        Some(Overlay::Wire(mut open)) => {
            work(model, &mut open);
            model.overlay = Some(Overlay::Wire(open));
        }
        other => model.overlay = other,
    }
}

/// A key while something to look for is written; `false` when nothing is.
pub fn typed(model: &mut Model, key: KeyEvent) -> bool {
    let Some(Overlay::Wire(open)) = &mut model.overlay else { return false };
    if !open.find.typing {
        return false;
    }
    match key.code {
        KeyCode::Enter => {
            open.find.typing = false;
            let text = open.find.line.text();
            let case = if text.chars().any(char::is_uppercase) { Case::Exact } else { Case::Ignore };
            open.find.needle = Needle::new(&text, case);
            open.find.found = None;
            change(model, |model, open| step(model, open, true));
        }
        KeyCode::Esc => open.find = Find::default(),
        _ => return open.find.line.key(key),
    }
    true
}

/// What an action does in the box.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    use Action as A;
    match action {
        A::WireClose => {
            model.close_box();
        }
        A::WireHalf => change(model, |_, open| {
            open.half = if open.half == Half::Request { Half::Answer } else { Half::Request };
            open.find.found = None;
        }),
        A::WireUp => scroll(model, -1),
        A::WireDown => scroll(model, 1),
        A::WirePageUp => page(model, -1),
        A::WirePageDown => page(model, 1),
        // a row has at least one byte, so that no text has more rows
        A::WireTop => change(model, |_, open| open.at[open.half as usize] = 0),
        A::WireBottom => change(model, |model, open| {
            let (width, height) = room(model, open);
            let text = open.text(model, open.half);
            open.at[open.half as usize] = longtext::moved(&text, text.len(), 0, width, height);
        }),
        A::WireFind => change(model, |_, open| {
            open.find.line = Input::chosen(&open.find.line.text());
            open.find.typing = true;
        }),
        A::WireNext => change(model, |model, open| step(model, open, true)),
        A::WirePrevious => change(model, |model, open| step(model, open, false)),
        A::WireForm => change(model, |model, open| {
            open.as_sent = !open.as_sent;
            (open.at[0], open.find.found) = (0, None);
            open.refresh(model);
        }),
        A::WireReveal => {
            draft::reveal(model);
            change(model, |model, open| open.refresh(model));
        }
        A::WireSent => change(model, |model, open| {
            if open.showing == Showing::Sent {
                foresee(model, open, effects);
            } else if open.run.is_some() {
                (open.showing, open.at[0]) = (Showing::Sent, 0);
            } else {
                model.say(Weight::Note, "nothing was sent in this column yet");
            }
            open.find.found = None;
            open.refresh(model);
        }),
        A::WireCopy | A::WireCurl if is_making(model) => {
            model.say(Weight::Note, "the request is still being laid out; in a moment it can be copied");
        }
        A::WireCopy => change(model, |model, open| {
            let text = open.copied(model, open.half);
            let what = if open.half == Half::Request { "request" } else { "answer" };
            copying::copy(model, text, what, effects);
        }),
        A::WireCurl => copy_curl(model, effects),
        A::WireFile => match model.overlay.take() {
            Some(Overlay::Wire(open)) if open.envelope(model).is_some() => {
                model.play.aside = Some(open);
                model.overlay = Some(Overlay::Ask(Ask::CurlTo, Input::chosen("~/request.sh")));
            }
            other => {
                model.overlay = other;
                model.say(Weight::Note, NOTHING);
            }
        },
        _ => {}
    }
}

/// Whether the text of the open box is still being made.
fn is_making(model: &Model) -> bool {
    matches!(&model.overlay, Some(Overlay::Wire(open)) if open.making)
}

/// Said where there is no request to give as a command.
const NOTHING: &str = "there is no request here to give as a command";

/// The request as a command on the clipboard, and what has to be known about it.
fn copy_curl(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(Overlay::Wire(open)) = &model.overlay else { return };
    let Some(envelope) = open.envelope(model) else { return model.say(Weight::Note, NOTHING) };
    let (command, needs, masked) = (envelope.curl(), needs(envelope), open.masked);
    copying::copy(model, command, "request as curl", effects);
    let said = model.status.take().map(|status| status.text).unwrap_or_default();
    let personal = if masked { "; it holds the values that are hidden here" } else { "" };
    model.say(Weight::Done, format!("{said}{needs}{personal}"));
}

/// Which variables a command needs.
fn needs(envelope: &Envelope) -> String {
    match envelope.variables().as_slice() {
        [] => String::new(),
        names => format!("; needs ${}", names.join(" and $")),
    }
}

/// Writes the command to the file that was typed.
pub fn save(model: &mut Model, typed: &str, effects: &mut Vec<Effect>) {
    let command = model.play.aside.as_ref().and_then(|open| open.envelope(model)).map(|envelope| envelope.curl());
    let (Some(command), file) = (command, typed.trim().to_owned()) else { return back(model) };
    if file.is_empty() {
        model.say(Weight::Warning, "name a file that is not there yet");
        model.overlay = Some(Overlay::Ask(Ask::CurlTo, Input::default()));
        return;
    }
    effects.push(Effect::SaveCurl { command, file });
    back(model);
}

/// The box comes back after the question for a file.
pub fn back(model: &mut Model) {
    if let Some(open) = model.play.aside.take() {
        model.overlay = Some(Overlay::Wire(open));
    }
}

/// The command is there, or why not.
pub fn saved(model: &mut Model, typed: &str, result: Result<PathBuf, Error>) {
    match result {
        Ok(file) => model.say(Weight::Done, format!("the command is in {}; run it with sh", file.display())),
        Err(error) => {
            model.say(Weight::Failed, error.to_string());
            match model.overlay.take() {
                Some(Overlay::Wire(open)) => {
                    model.play.aside = Some(open);
                    model.overlay = Some(Overlay::Ask(Ask::CurlTo, Input::with(typed)));
                }
                other => model.overlay = other,
            }
        }
    }
}

/// Columns and rows that the half with the focus has.
fn room(model: &Model, open: &WireBox) -> (usize, usize) {
    let areas = boxes::wire(open.half, boxes::wire_box(model));
    let text = areas.texts[open.half as usize];
    (usize::from(text.width), usize::from(text.height))
}

/// Scrolls the half with the focus by rows.
pub fn scroll(model: &mut Model, by: isize) {
    change(model, |model, open| {
        let (width, height) = room(model, open);
        let now = open.at[open.half as usize];
        let to = longtext::moved(&open.text(model, open.half), now, by, width, height);
        open.at[open.half as usize] = to;
    });
}

/// The half under the pointer gets the focus.
pub fn point(model: &mut Model, at: Position) {
    change(model, |model, open| {
        let places = boxes::wire(open.half, boxes::wire_box(model));
        for half in [Half::Request, Half::Answer] {
            if places.heads[half as usize].contains(at) || places.texts[half as usize].contains(at) {
                open.half = half;
            }
        }
    });
}

/// The wheel scrolls the half under the pointer.
pub fn wheel(model: &mut Model, at: Position, by: isize) {
    point(model, at);
    scroll(model, by);
}

fn page(model: &mut Model, by: isize) {
    if let Some(Overlay::Wire(open)) = &model.overlay {
        let (_, height) = room(model, open);
        scroll(model, by * (height.max(2) - 1).cast_signed());
    }
}

/// Goes to the next match, or to the one before.
fn step(model: &mut Model, open: &mut WireBox, ahead: bool) {
    let Some(needle) = &open.find.needle else {
        return model.say(Weight::Note, "nothing is searched for; / writes what");
    };
    let text = open.text(model, open.half);
    let all = longtext::matches(&text, needle);
    if all.is_empty() {
        let what = if open.half == Half::Request { "request" } else { "answer" };
        open.find.found = None;
        return model.say(Weight::Note, format!("{:?} is not in the {what}", open.find.line.text()));
    }
    let next = match &open.find.found {
        // the answer may have grown meanwhile
        Some((last, ..)) if ahead => all.iter().position(|found| found.start > last.start).unwrap_or(0),
        Some((last, ..)) => all.iter().rposition(|found| found.start < last.start).unwrap_or(all.len() - 1),
        None => all.iter().position(|found| found.start >= open.at[open.half as usize]).unwrap_or(0),
    };
    let (width, height) = room(model, open);
    let at = longtext::around(&text, all[next].start, width, height);
    drop(text);
    open.at[open.half as usize] = at;
    open.find.found = Some((all[next].clone(), next + 1, all.len()));
}
