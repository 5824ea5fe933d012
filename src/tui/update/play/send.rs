//! Sending: one message to all columns, or one column asked once more. Everything that has to hold is looked at in every
//! column before a byte goes out of any.

use super::super::elsewhere::{self, Nowhere};
use super::super::{consent, draft as on_draft, keys, list};
use super::pack::{Lack, Packed, Parcel, beginning, last_said, pack};
use super::{STILL_COMING, columns, spinner_ms};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::Obstacle;
use crate::tui::consent::Consent;
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Level, Model, ScreenId, Weight};
use crate::tui::msg::Timer;
use crate::tui::overlay::Pick;
use crate::tui::play::{Asked, Column, Exchange, Subject, letter};
use crate::tui::writing::Writing;

/// Ctrl-R, from any screen: what is written is sent; with nothing written, the last message is sent again.
pub fn send(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.screen != ScreenId::Play {
        keys::show(model, ScreenId::Play);
    }
    if model.play.is_running() {
        return model.say(Weight::Note, STILL_COMING);
    }
    if !model.play.message.buffer.is_empty() {
        return send_message(model, effects);
    }
    if last_message(model).is_none() {
        model.play.in_message = true;
        model.level = Level::Edit;
        return model.say(Weight::Note, "write a message, Enter sends it");
    }
    begin(model, Asked::Again, effects);
}

/// Sends what is written.
pub fn send_message(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.play.is_running() {
        return model.say(Weight::Note, STILL_COMING);
    }
    if model.play.message.buffer.text().trim().is_empty() {
        return model.say(Weight::Note, "write a message, Enter sends it");
    }
    begin(model, Asked::Written, effects);
}

/// The focused column answers the message of its turn once more; an empty one takes the last message of any other.
pub fn regenerate(model: &mut Model, effects: &mut Vec<Effect>) {
    let column = model.play.column();
    if column.talk.running().next().is_some() {
        return model.say(Weight::Note, STILL_COMING);
    }
    if let Subject::Kept { run, .. } = column.subject {
        let key = model.keymap.shown(Action::ColumnSubject);
        return model.say(Weight::Note, format!("this column shows run {run} of the history; {key} has it answer"));
    }
    if last_message(model).is_none() {
        return model.say(Weight::Note, "nothing was said yet: write a message, Enter sends it");
    }
    begin(model, Asked::Regenerate(column.turn().unwrap_or(0)), effects);
}

/// What one column was told last goes to another one as it was sent.
pub fn like(model: &mut Model, (from, to): (usize, usize), effects: &mut Vec<Effect>) {
    begin(model, Asked::Like { from, to }, effects);
}

/// What was agreed to for an earlier message, and was not sent after all, is no answer to this one.
fn begin(model: &mut Model, asked: Asked, effects: &mut Vec<Effect>) {
    model.play.once.clear();
    ask(model, asked, effects);
}

/// The user agreed to what was asked before the message.
pub fn agreed(model: &mut Model, consent: Consent, effects: &mut Vec<Effect>) {
    consent::give(model, consent, effects);
    ask(model, model.play.asked, effects);
}

/// The user sends although the cap is reached: this once.
pub fn overspend(model: &mut Model, effects: &mut Vec<Effect>) {
    model.play.overspend = true;
    ask(model, model.play.asked, effects);
}

/// The last message that was said: in the focused column, else in any.
fn last_message(model: &Model) -> Option<String> {
    last_said(model).map(|exchange| exchange.message.clone())
}

/// Everything that has to hold before a byte is sent; then it is sent.
fn ask(model: &mut Model, asked: Asked, effects: &mut Vec<Effect>) {
    model.play.asked = asked;
    if model.draft.is_none() {
        return model.say(Weight::Note, "no prompt is open; <library.open> opens one");
    }
    if model.deck.waiting {
        return model.say(Weight::Note, "the cassette is still being put in; send again in a moment");
    }
    let to = addressed(model, asked);
    if to.is_empty() {
        let key = model.keymap.shown(Action::AddColumn);
        return model.say(Weight::Note, format!("no column answers: what is shown is history; {key} adds one"));
    }
    let (mut parcels, mut wishes) = (Vec::with_capacity(to.len()), Vec::new());
    for (column, kept, message) in to {
        match pack(model, column, kept, &message) {
            Ok(Packed::Ready(parcel)) => parcels.push(*parcel),
            Ok(Packed::Asks(wish)) => wishes.push(*wish),
            Err(lack) => return lacking(model, column, lack, effects),
        }
    }
    if !wishes.is_empty() {
        if let (true, Asked::Regenerate(turn)) = (model.play.blind.is_some(), asked) {
            // a question about one side would tell who it is
            let others = (0..model.play.columns.len()).filter(|at| *at != model.play.focused);
            let message = last_message(model).unwrap_or_default();
            let asks = |at| match pack(model, at, turn, &message) {
                Ok(Packed::Asks(wish)) => Some(*wish),
                _ => None,
            };
            wishes.extend(others.filter_map(asks).collect::<Vec<_>>());
        }
        return consent::ask(model, &wishes);
    }
    let overspend = std::mem::take(&mut model.play.overspend);
    let costs = !model.deck.replays() && parcels.iter().any(|parcel| parcel.to.host.is_some());
    let reached = model.settings.spend.reached(model.spent.today, model.spent.month);
    if let Some(reached) = reached.filter(|_| costs && !overspend) {
        return consent::ask_to_overspend(model, &reached);
    }
    go(model, asked, parcels, effects);
}

/// The columns that are asked, each with how many of its exchanges come before the message, and the message.
fn addressed(model: &Model, asked: Asked) -> Vec<(usize, usize, String)> {
    let last = last_message(model).unwrap_or_default();
    let live = || (0..model.play.columns.len()).filter(|at| model.play.columns[*at].answers());
    match asked {
        Asked::Written => {
            let message = model.play.message.buffer.text();
            let kept = |at: usize| length(&model.play.columns[at]).min(model.play.editing.unwrap_or(usize::MAX));
            live().map(|at| (at, kept(at), message.clone())).collect()
        }
        Asked::Again => {
            let kept = |at: usize| length(&model.play.columns[at]).saturating_sub(1);
            live().map(|at| (at, kept(at), last.clone())).collect()
        }
        Asked::Regenerate(turn) => {
            let said = model.play.column().talk.at(turn).map_or(last, |exchange| exchange.message.clone());
            vec![(model.play.focused, turn, said)]
        }
        Asked::Like { from, to } => {
            let said = model.play.columns.get(from).and_then(|column| column.talk.last());
            let kept = model.play.columns.get(to).map(length);
            said.zip(kept).map(|(said, kept)| (to, kept, said.message.clone())).into_iter().collect()
        }
    }
}

fn length(column: &Column) -> usize {
    column.talk.shown().count()
}

/// Says why nothing was sent, and leads to where that can be changed.
fn lacking(model: &mut Model, column: usize, lack: Lack, effects: &mut Vec<Effect>) {
    if model.play.blind.is_some() && !matches!(lack, Lack::Obstacle(_)) {
        return model.say(
            Weight::Warning,
            "not sent: a column cannot be asked; <play.blind> ends the blind comparison and then it is told why",
        );
    }
    let place = if model.play.blind.is_some() {
        String::new()
    } else if model.play.columns.len() > 1 {
        format!(" (column {})", letter(column))
    } else {
        String::new()
    };
    match lack {
        Lack::Nowhere(Nowhere::Unchosen) => {
            columns::focus(model, column);
            list::open(model, Pick::Model, effects);
            model.say(Weight::Warning, format!("no model is set for this prompt{place}: choose one"));
        }
        Lack::NotRead(why) => model.say(Weight::Warning, format!("not sent{place}: {why}")),
        Lack::Prefill(name) => {
            let key = model.keymap.shown(Action::Prefill);
            let text = format!(
                "not sent{place}: {name} begins its replies itself, and refuses a given beginning; {key} in NAV takes it away"
            );
            model.say(Weight::Warning, text);
        }
        Lack::Nowhere(Nowhere::Unknown(said)) => model.say(Weight::Failed, said),
        Lack::Nowhere(Nowhere::Keyless(said)) => {
            let key = model.keymap.shown(Action::ChooseModel);
            let text = format!("not sent{place}: {said}; set it and start again, or try offline ({key} in NAV)");
            model.say(Weight::Failed, text);
        }
        Lack::Obstacle(Obstacle::Missing(variables)) => {
            let variable = variables.into_iter().next().unwrap_or_default();
            take_to(model, &variable);
            let text = format!("not sent{place}: {variable} has no value; write one, then send again");
            model.say(Weight::Warning, text);
        }
        Lack::Obstacle(obstacle) => {
            let subject = model.play.columns.get(column).map(|column| column.subject.clone());
            let text = subject.and_then(|subject| columns::text_of(model, &subject).map(Cow::into_owned).ok());
            let words = elsewhere::words(&obstacle, &text.unwrap_or_default());
            model.say(Weight::Failed, format!("not sent{place}: {words}"));
        }
    }
}

/// Takes the user to a variable without a value.
fn take_to(model: &mut Model, variable: &str) {
    model.screen = ScreenId::Draft;
    let Some(draft) = &mut model.draft else { return };
    let rows = draft.values.rows(&crate::tui::draft::used(draft), 0);
    draft.values.selected = rows.iter().position(|row| row.name == variable).unwrap_or(0);
    draft.focus = PaneId::Variables;
    on_draft::edit_value(model);
}

fn go(model: &mut Model, asked: Asked, parcels: Vec<Parcel>, effects: &mut Vec<Effect>) {
    // what was said before the message went out is no longer of use
    model.status = None;
    if asked == Asked::Written
        && let Some(parcel) = parcels.first()
    {
        model.play.sent.push(parcel.message.clone());
        model.play.message = Writing::new("");
        (model.play.recalled, model.play.editing) = (None, None);
    }
    let (prefill, replayed) = (beginning(model).to_owned(), model.deck.replays());
    let (mut examples, mut real) = (BTreeSet::new(), BTreeSet::new());
    for Parcel { column, kept, message, as_sent, request, prepared, seen, filling, about, to } in parcels {
        let run = model.play.next_run();
        let column = &mut model.play.columns[column];
        let mut exchange = Exchange::new(run, request.model.clone(), message, prepared.message);
        if to.host.is_some() && !replayed {
            real.extend(seen.iter().map(|one| one.name.clone()));
        }
        (exchange.seen, exchange.replayed, exchange.as_sent) = (seen, replayed, as_sent);
        exchange.filling = Some(Arc::new(filling));
        column.talk.say(kept, exchange.beginning_with(&prefill));
        (column.scrolled, column.turn) = (0, None);
        column.touch();
        examples.extend(prepared.replaced);
        // a cassette asks nobody and costs nothing: that is no run
        if !replayed {
            effects.push(Effect::About { run, about: Box::new(about) });
        }
        effects.push(Effect::Send { run, request });
    }
    model.play.remember();
    model.play.once.clear();
    let names = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(", ");
    let with =
        (!examples.is_empty()).then(|| format!("declared examples in place of the values of {}", names(examples)));
    let told: Vec<String> =
        with.into_iter().chain((!real.is_empty()).then(|| format!("the real values of {}", names(real)))).collect();
    if !told.is_empty() {
        model.say(Weight::Note, format!("sent with {}", told.join(", and with ")));
    }
    effects.push(Effect::After(Timer::Spinner, spinner_ms(model)));
}
