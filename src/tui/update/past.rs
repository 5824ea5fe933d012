//! The history: its list follows what is searched for, a run opens beside the prompt as it is now, and what is done with
//! it: rated, sent again, exported, deleted for good.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::play::again;
use crate::error::Error;
use crate::history::{Filter, Rating};
use crate::tui::boxes;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Answer, Ask, Confirm, Overlay};
use crate::tui::past::{self, AHEAD, Now, OpenRun, PAGE, Past, Recall, Recalled, Side};

/// Opens the box, where it was left, with what is in the history now.
pub fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.draft.is_none() {
        model.past.everything = true;
    }
    model.past.open = None;
    (model.past.typing, model.past.eager) = (false, false);
    model.overlay = Some(Overlay::Past);
    list(model, effects);
}

/// Another prompt was opened: what was listed was about the one before.
pub fn forget(model: &mut Model, effects: &mut Vec<Effect>) {
    model.past = Past { number: model.past.number + 1, ..Past::default() };
    if matches!(model.overlay, Some(Overlay::Past)) {
        list(model, effects);
    }
}

/// Which runs are listed.
fn filter(model: &Model) -> Filter {
    let prompt = model.draft.as_ref().filter(|_| !model.past.everything).map(|draft| draft.entry.name.clone());
    Filter { prompt, words: model.past.filter.text(), most: Some(PAGE), ..Filter::default() }
}

/// Asks for the list from its beginning.
fn list(model: &mut Model, effects: &mut Vec<Effect>) {
    model.past.number += 1;
    model.past.waiting = true;
    effects.push(Effect::Recall(Recall::List { number: model.past.number, filter: filter(model), after: None }));
}

/// Asks for the next page when the end of what is known comes near.
fn go_on(model: &mut Model, effects: &mut Vec<Effect>) {
    let past = &model.past;
    if past.waiting || !past.has_more() || past.selected + AHEAD < past.entries.len() {
        return;
    }
    let after = past.entries.last().map(|entry| (entry.brief.at_ms, entry.brief.id));
    let filter = filter(model);
    model.past.number += 1;
    model.past.waiting = true;
    effects.push(Effect::Recall(Recall::List { number: model.past.number, filter, after }));
}

/// A key that goes into the filter; `false` when it does not.
pub fn typed(model: &mut Model, key: KeyEvent, effects: &mut Vec<Effect>) -> bool {
    let past = &mut model.past;
    if !matches!(model.overlay, Some(Overlay::Past)) || !past.typing || past.open.is_some() {
        return false;
    }
    let moves = matches!(key.code, KeyCode::Home | KeyCode::End)
        || matches!(key.code, KeyCode::Char('p')) && key.modifiers.contains(KeyModifiers::CONTROL);
    let before = past.filter.text();
    if moves || !past.filter.key(key) {
        return false;
    }
    searched(model, &before, effects);
    true
}

/// Pasted text goes into the filter; `false` when the box is not open.
pub fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) -> bool {
    if !matches!(model.overlay, Some(Overlay::Past)) {
        return false;
    }
    if model.past.open.is_none() && model.past.typing {
        let before = model.past.filter.text();
        model.past.filter.paste(text);
        searched(model, &before, effects);
    }
    true
}

fn searched(model: &mut Model, before: &str, effects: &mut Vec<Effect>) {
    if model.past.filter.text() != before {
        model.past.eager = false;
        model.past.selected = 0;
        list(model, effects);
    }
}

/// What an action does in the box.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    use Action as A;
    match action {
        A::RowClose => close(model),
        // what is chosen now is not what is searched for
        A::RowOpen if model.past.waiting && model.past.typing => {
            (model.past.eager, model.past.typing) = (true, false);
        }
        A::RowOpen => read(model, effects),
        A::ShowFilter if model.past.open.is_none() => model.past.typing = true,
        A::ListUp => step(model, -1, effects),
        A::ListDown => step(model, 1, effects),
        A::ListPageUp => step(model, -10, effects),
        A::ListPageDown => step(model, 10, effects),
        A::ListTop => step(model, isize::MIN, effects),
        A::ListBottom => step(model, isize::MAX, effects),
        A::ListDelete => ask_to_delete(model),
        A::PastSide => {
            if let Some(open) = &mut model.past.open {
                open.side = if open.side == Side::Talk { Side::Prompt } else { Side::Talk };
            }
        }
        A::PastEverything if model.past.open.is_none() => {
            model.past.everything = !model.past.everything || model.draft.is_none();
            model.past.selected = 0;
            list(model, effects);
        }
        A::PastGood => rate(model, Rating::Good, effects),
        A::PastBad => rate(model, Rating::Bad, effects),
        A::PastExport => ask_where_to(model),
        A::PastAgain => {
            read(model, effects);
            if let Some(open) = &mut model.past.open {
                open.again = true;
            }
            send_again(model, effects);
        }
        _ => {}
    }
}

/// One step back: out of the run, then out of the box.
fn close(model: &mut Model) {
    if model.past.open.take().is_none() {
        model.overlay = None;
    }
}

/// Moves the choice in the list, or what is shown of the opened run, by so many rows.
pub fn step(model: &mut Model, by: isize, effects: &mut Vec<Effect>) {
    if model.past.open.is_some() {
        return scroll(model, by);
    }
    let last = model.past.entries.len().saturating_sub(1);
    model.past.selected = model.past.selected.saturating_add_signed(by).min(last);
    go_on(model, effects);
}

/// Scrolls the focused side of the opened run, and stays in it.
fn scroll(model: &mut Model, by: isize) {
    let Some(whole) = model.past.open.as_ref().and_then(|open| open.whole.clone()) else { return };
    let Some(side) = model.past.open.as_ref().map(|open| open.side) else { return };
    let Some(area) = boxes::past_side(model, side) else { return };
    let rows = past::rows(&whole, side, usize::from(area.width)).len();
    let most = rows.saturating_sub(usize::from(area.height));
    if let Some(open) = &mut model.past.open {
        let scrolled = &mut open.scrolled[side as usize];
        *scrolled = (*scrolled).min(most).saturating_add_signed(by).min(most);
    }
}

/// A click on a row of the list opens it; one on a side of an opened run gives it the focus.
pub fn click(model: &mut Model, at: ratatui::layout::Position, effects: &mut Vec<Effect>) {
    if !boxes::past(model).contains(at) {
        return close(model);
    }
    if model.past.open.is_some() {
        let side = [Side::Talk, Side::Prompt]
            .into_iter()
            .find(|side| boxes::past_side(model, *side).is_some_and(|area| area.contains(at)));
        if let (Some(open), Some(side)) = (&mut model.past.open, side) {
            open.side = side;
        }
        return;
    }
    let rows = boxes::past_rows(model);
    if rows.contains(at) {
        let index = model.past.first_row(rows.height) + usize::from(at.y - rows.y);
        if index < model.past.entries.len() {
            model.past.selected = index;
            read(model, effects);
        }
    }
}

/// Opens the chosen run.
fn read(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.past.open.is_some() {
        return;
    }
    let Some(id) = model.past.chosen().map(|entry| entry.brief.id) else { return };
    model.past.open = Some(OpenRun::new(id));
    model.past.typing = false;
    let now = model.draft.as_ref().map(|draft| {
        Box::new(Now {
            prompt: draft.entry.name.clone(),
            text: draft.text(),
            values: draft.values.values.clone(),
            declarations: draft.values.declarations.clone(),
        })
    });
    effects.push(Effect::Recall(Recall::Read { id, now }));
}

/// Sends the opened run again, when that is wanted and it is read.
fn send_again(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(open) = model.past.open.as_mut().filter(|open| open.again) else { return };
    let Some(whole) = open.whole.clone() else { return };
    open.again = false;
    let masks = again::masks(model, &whole.run);
    if masks.is_empty() {
        return again::send(model, &whole.run, effects);
    }
    let masks = masks.join(", ");
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("Send {masks} as it stands?"),
        consequence: vec![
            format!("The history keeps masks in place of what is private, and {masks} stands in this conversation."),
            "The model would read the masks, so its reply may differ for that alone.".into(),
        ],
        answers: vec![("Cancel", Answer::KeepRun), ("Send with masks", Answer::SendMasked)],
        selected: 0,
    }));
}

/// The user sends the opened run again although masks stand in its messages.
pub fn send_masked(model: &mut Model, effects: &mut Vec<Effect>) {
    model.overlay = Some(Overlay::Past);
    let whole = model.past.open.as_ref().and_then(|open| open.whole.clone());
    if let Some(whole) = whole {
        again::send(model, &whole.run, effects);
    }
}

/// Says what the user thinks of the run; the same once more takes it back.
fn rate(model: &mut Model, rating: Rating, effects: &mut Vec<Effect>) {
    let Some(id) = model.past.run() else { return };
    let rating = (model.past.rating() != Some(rating)).then_some(rating);
    effects.push(Effect::Recall(Recall::Rate { id, rating }));
}

fn ask_to_delete(model: &mut Model) {
    let Some(id) = model.past.run() else { return };
    let said = model.past.entries.iter().find(|entry| entry.brief.id == id);
    let said = said.map(|entry| format!("{}: {}", entry.when, entry.brief.said)).unwrap_or_default();
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("Delete run {id} for good?"),
        consequence: vec![said, "It goes out of the history's file, and there is no way back.".into()],
        answers: vec![("Cancel", Answer::KeepRun), ("Delete", Answer::DeleteRun(id))],
        selected: 0,
    }));
}

/// The question whether to delete a run was answered.
pub fn answered(model: &mut Model, delete: Option<i64>, effects: &mut Vec<Effect>) {
    model.overlay = Some(Overlay::Past);
    effects.extend(delete.map(|id| Effect::Recall(Recall::Delete(id))));
}

fn ask_where_to(model: &mut Model) {
    if model.past.total.is_none_or(|total| total == 0) {
        return model.say(Weight::Note, "there is nothing to export");
    }
    let name = model.past.open.as_ref().map_or("runs.jsonl".to_owned(), |open| format!("run-{}.jsonl", open.id));
    model.overlay = Some(Overlay::Ask(Ask::ExportRuns, Input::chosen(&name)));
}

/// The file that runs are exported to was named.
pub fn export(model: &mut Model, file: &str, effects: &mut Vec<Effect>) {
    model.overlay = Some(Overlay::Past);
    let file = file.trim().to_owned();
    if file.is_empty() {
        return model.say(Weight::Note, "nothing was exported: no file was named");
    }
    let only = model.past.open.as_ref().map(|open| open.id);
    let filter = Filter { most: None, ..filter(model) };
    effects.push(Effect::Recall(Recall::Export { filter, only, file }));
}

/// The history answers.
pub fn recalled(model: &mut Model, answer: Recalled, effects: &mut Vec<Effect>) {
    match answer {
        Recalled::Listed { number, goes_on, result } if number == model.past.number => {
            listed(model, goes_on, result);
            if std::mem::take(&mut model.past.eager) && matches!(model.overlay, Some(Overlay::Past)) {
                read(model, effects);
            }
        }
        Recalled::Listed { .. } => {}
        Recalled::Read { id, result } => {
            let Some(open) = model.past.open.as_mut().filter(|open| open.id == id) else { return };
            match result {
                Ok(Some(whole)) => {
                    open.whole = Some(whole);
                    send_again(model, effects);
                }
                Ok(None) => {
                    model.past.open = None;
                    model.say(Weight::Note, format!("run {id} is gone: something else deleted it"));
                    list(model, effects);
                }
                Err(error) => {
                    model.past.open = None;
                    model.say(Weight::Failed, error.to_string());
                }
            }
        }
        Recalled::Rated { id, rating, result } => rated(model, id, rating, result),
        Recalled::Deleted { id, result } => match result {
            Ok(()) => {
                model.past.open = model.past.open.take().filter(|open| open.id != id);
                let before = model.past.entries.len();
                model.past.entries.retain(|entry| entry.brief.id != id);
                let gone = (before - model.past.entries.len()) as u64;
                model.past.total = model.past.total.map(|total| total.saturating_sub(gone));
                model.past.selected = model.past.selected.min(model.past.entries.len().saturating_sub(1));
                model.say(Weight::Done, format!("run {id} is deleted for good"));
                effects.push(Effect::LookAtSpend);
            }
            Err(error) => model.say(Weight::Failed, error.to_string()),
        },
        Recalled::Exported(result) => match result {
            Ok((file, 1)) => model.say(Weight::Done, format!("wrote one run to {}", file.display())),
            Ok((file, count)) => model.say(Weight::Done, format!("wrote {count} runs to {}", file.display())),
            Err(error) => model.say(Weight::Failed, error.to_string()),
        },
    }
}

fn listed(model: &mut Model, goes_on: bool, result: Result<(Vec<past::Entry>, u64), Error>) {
    let past = &mut model.past;
    past.waiting = false;
    match result {
        Ok((entries, total)) => {
            past.problem = None;
            past.total = Some(total);
            if goes_on {
                past.entries.extend(entries);
            } else {
                // the row that was chosen stays it, also when newer ones have come
                let chosen = past.chosen().map(|entry| entry.brief.id).filter(|_| past.selected > 0);
                past.entries = entries;
                let found = chosen.and_then(|id| past.entries.iter().position(|entry| entry.brief.id == id));
                past.selected = found.unwrap_or(past.selected).min(past.entries.len().saturating_sub(1));
            }
        }
        Err(error) => {
            past.entries.clear();
            (past.total, past.selected) = (None, 0);
            past.problem = Some(error.to_string());
        }
    }
}

fn rated(model: &mut Model, id: i64, rating: Option<Rating>, result: Result<bool, Error>) {
    match result {
        Ok(true) => {
            for entry in model.past.entries.iter_mut().filter(|entry| entry.brief.id == id) {
                entry.brief.rating = rating;
            }
            if let Some(whole) =
                model.past.open.as_mut().filter(|open| open.id == id).and_then(|open| open.whole.as_mut())
            {
                std::sync::Arc::make_mut(whole).run.rating = rating;
            }
            let said = rating.map_or("no longer rated".to_owned(), |rating| format!("rated {}", rating.word()));
            model.say(Weight::Done, format!("run {id} is {said}"));
        }
        Ok(false) => model.say(Weight::Note, format!("run {id} is gone: something else deleted it")),
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}
