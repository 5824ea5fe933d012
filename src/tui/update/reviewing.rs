//! The Review screen: which state is reviewed, where the screen stands in it, and what is said there.

use std::sync::Arc;

use ratatui::layout::Position;

use crate::error::Error;
use crate::library::Which;
use crate::review::{Anchor, Decision, Place, Reading, Said, Stage, replaced};
use crate::tui::diffing::Chosen;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Ask, Overlay};
use crate::tui::reviewing::{Board, BoardRow, Reviewing};

/// The screen was come to: what is reviewed is chosen if it is not yet, and looked at again.
pub fn shown(model: &mut Model) {
    let Some(draft) = &model.draft else { return };
    if model.reviewing.subject.is_none() {
        let latest = || draft.entry.versions.last().map(|entry| Chosen::Version(entry.version.clone()));
        model.reviewing.subject = if draft.stamp.is_some() { Some(Chosen::Draft) } else { latest() };
    }
    model.reviewing.stale = true;
}

/// Another prompt was opened, or other files are there.
pub fn forget(model: &mut Model) {
    model.reviewing = Reviewing { generation: model.reviewing.generation + 1, stale: true, ..Reviewing::default() };
}

/// Another state is to be reviewed.
pub fn choose(model: &mut Model, chosen: Chosen) {
    let only_open = model.reviewing.only_open;
    forget(model);
    model.reviewing.only_open = only_open;
    model.reviewing.subject = Some(chosen);
}

/// Asks for a board when there is none of now, and keeps the selected row in sight.
pub fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.draft.is_some() && model.reviewing.subject.is_none() {
        shown(model);
    }
    if let (true, Some(draft), Some(subject)) = (model.reviewing.stale, &model.draft, &model.reviewing.subject) {
        model.reviewing.stale = false;
        model.reviewing.generation += 1;
        effects.push(Effect::Review {
            generation: model.reviewing.generation,
            prompt: draft.entry.name.clone(),
            which: which(subject),
            author: model.settings.author.clone(),
            rules: model.settings.review.clone(),
        });
    }
    let area = layout::text(layout::review(model.size, model.zoomed).rows);
    let (width, height) = (usize::from(area.width), usize::from(area.height).max(1));
    let reviewing = &mut model.reviewing;
    let Some(board) = &reviewing.board else { return };
    reviewing.selected = reviewing.selected.min(reviewing.rows.len().saturating_sub(1));
    // from the selected row upwards, as far as there is room: a jump over a long text measures a screen of it
    let (mut first, mut used) = (reviewing.selected, 0);
    while let Some(row) = reviewing.rows.get(first) {
        used += board.words(*row, width, height).len();
        if used > height && first < reviewing.selected {
            first += 1;
            break;
        }
        if first == 0 || used >= height {
            break;
        }
        first -= 1;
    }
    reviewing.top = reviewing.top.clamp(first.min(reviewing.selected), reviewing.selected);
}

/// The state of a prompt that this is.
pub fn which(chosen: &Chosen) -> Which {
    match chosen {
        // only the draft and versions are chosen for a review
        Chosen::Draft | Chosen::Named(_) => Which::Draft,
        Chosen::Version(version) => Which::Version(version.clone()),
    }
}

/// A board has come; one that is no longer wanted is dropped.
pub fn looked(model: &mut Model, generation: u64, result: Result<Arc<Board>, Error>) {
    if generation != model.reviewing.generation {
        return;
    }
    match result {
        Ok(board) => model.reviewing.take(board),
        Err(error) => {
            model.reviewing.board = None;
            model.reviewing.problem = Some(error.to_string());
        }
    }
}

/// Something was said, or could not be.
pub fn said(model: &mut Model, result: Result<&'static str, Error>) {
    match result {
        Ok(words) => model.say(Weight::Done, words),
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
    model.reviewing.stale = true;
}

/// Arrows, pages and ends.
pub fn navigate(model: &mut Model, action: Action) {
    let page = usize::from(layout::text(layout::review(model.size, model.zoomed).rows).height) / 2;
    let reviewing = &mut model.reviewing;
    let last = reviewing.rows.len().saturating_sub(1);
    reviewing.selected = match action {
        Action::Up => reviewing.selected.saturating_sub(1),
        Action::Down => reviewing.selected + 1,
        Action::PageUp => reviewing.selected.saturating_sub(page),
        Action::PageDown => reviewing.selected + page,
        Action::TopOf => 0,
        Action::BottomOf => last,
        _ => return,
    }
    .min(last);
}

/// What an action does on this screen.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    if let Some(why) = why_not(model, action) {
        return model.say(Weight::Note, why);
    }
    match action {
        Action::NextComment | Action::PreviousComment => {
            match model.reviewing.open_comment(action == Action::NextComment) {
                Some(row) => model.reviewing.selected = row,
                None => model.say(Weight::Note, "there is no other open comment that way"),
            }
        }
        Action::OnlyOpen => {
            model.reviewing.only_open = !model.reviewing.only_open;
            if let Some(board) = model.reviewing.board.clone() {
                model.reviewing.take(board);
            }
            let told =
                if model.reviewing.only_open { "only open comments are shown" } else { "all comments are shown" };
            model.say(Weight::Note, told);
        }
        Action::Comment => model.overlay = Some(Overlay::Ask(Ask::Comment, Input::default())),
        Action::Suggest => {
            let words =
                selected_line(model).and_then(|line| Some(model.reviewing.board.as_ref()?.line(line).to_owned()));
            match words {
                Some(words) => model.overlay = Some(Overlay::Ask(Ask::Suggestion, Input::with(&words))),
                None => model.say(Weight::Note, "a suggestion is about a line: go to it first"),
            }
        }
        Action::Reply => model.overlay = Some(Overlay::Ask(Ask::Reply, Input::default())),
        Action::Resolve => {
            let Some(thread) = selected(model) else { return };
            let (id, said, words) = match &thread.outcome {
                None => (thread.id.clone(), Said::Resolve { taken: false }, "settled"),
                Some(_) => (thread.id.clone(), Said::Reopen, "open again"),
            };
            say(model, said, Some(id), words, effects);
        }
        Action::TakeSuggestion => take(model, effects),
        Action::Approve => model.overlay = Some(Overlay::Ask(Ask::Approval, Input::default())),
        Action::RequestChanges => model.overlay = Some(Overlay::Ask(Ask::Changes, Input::default())),
        Action::HandOver => {
            let sha256 = model.reviewing.board.as_ref().map(|board| board.sha256.clone());
            let said = Said::Done { stage: Stage::Draft, sha256, text: String::new() };
            say(model, said, None, "handed over for review; you are its author now", effects);
        }
        _ => {}
    }
}

/// Why an action of this screen cannot be done now.
pub fn why_not(model: &Model, action: Action) -> Option<&'static str> {
    let Some(board) = &model.reviewing.board else { return Some("nothing is reviewed yet") };
    let thread = selected(model);
    match action {
        Action::Reply | Action::Resolve if thread.is_none() => Some("no comment is selected"),
        Action::Suggest if selected_line(model).is_none() => Some("no line is selected"),
        Action::TakeSuggestion => match thread {
            Some(thread) if thread.replacement.is_none() => Some("it is no suggestion"),
            Some(thread) if thread.outcome.is_some() => Some("it is settled"),
            Some(_) if board.subject != Chosen::Draft => Some("a version never changes"),
            Some(_) => None,
            None => Some("no suggestion is selected"),
        },
        Action::NextComment | Action::PreviousComment if board.review.open().next().is_none() => {
            Some("there is no open comment")
        }
        Action::Approve if board.mine => Some("authors do not approve their own work here"),
        Action::HandOver if board.subject != Chosen::Draft => Some("a version is handed over already"),
        _ => None,
    }
}

/// What was written goes into the review.
pub fn written(model: &mut Model, ask: Ask, written: &str, effects: &mut Vec<Effect>) {
    let text = written.trim();
    let Some(board) = model.reviewing.board.clone() else { return };
    if text.is_empty() && matches!(ask, Ask::Comment | Ask::Reply | Ask::Changes) {
        return model.say(Weight::Note, "nothing was said");
    }
    let decide = |decision| Said::Decide { decision, sha256: board.sha256.clone(), text: text.to_owned() };
    match ask {
        Ask::Comment => {
            let anchor = match model.reviewing.row() {
                Some(BoardRow::Line(line)) => board.anchor(line).unwrap_or(Anchor::Whole),
                Some(BoardRow::Thread(index)) => board.review.threads[index].anchor.clone(),
                Some(BoardRow::Decision(_)) | None => Anchor::Whole,
            };
            let said = Said::Comment { anchor, text: text.to_owned(), replacement: None };
            say(model, said, None, "said", effects);
        }
        Ask::Suggestion => {
            let Some(anchor) = selected_line(model).and_then(|line| board.anchor(line)) else { return };
            let said = Said::Comment { anchor, text: String::new(), replacement: Some(written.trim_end().to_owned()) };
            say(model, said, None, "suggested", effects);
        }
        Ask::Reply => {
            let Some(thread) = selected(model) else { return };
            let id = thread.id.clone();
            say(model, Said::Reply(text.to_owned()), Some(id), "answered", effects);
        }
        Ask::Approval => say(model, decide(Decision::Approve), None, "approved: exactly these bytes", effects),
        Ask::Changes => say(model, decide(Decision::RequestChanges), None, "changes are requested", effects),
        _ => {}
    }
}

fn say(model: &mut Model, said: Said, id: Option<String>, done: &'static str, effects: &mut Vec<Effect>) {
    let (Some(draft), Some(subject)) = (&model.draft, &model.reviewing.subject) else { return };
    effects.push(Effect::Say {
        prompt: draft.entry.name.clone(),
        which: which(subject),
        said: Box::new(said),
        id,
        author: model.settings.author.clone(),
        done,
    });
}

fn selected(model: &Model) -> Option<&crate::review::Thread> {
    model.reviewing.board.as_ref()?.thread(model.reviewing.row()?)
}

fn selected_line(model: &Model) -> Option<usize> {
    match model.reviewing.row()? {
        BoardRow::Line(line) => Some(line),
        BoardRow::Thread(_) | BoardRow::Decision(_) => None,
    }
}

/// Puts a suggestion into the draft as it is on the screen, as one step that can be undone, and settles it.
fn take(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(thread) = selected(model) else { return };
    let (Some(replacement), id, anchor) = (thread.replacement.clone(), thread.id.clone(), thread.anchor.clone()) else {
        return;
    };
    let Some(draft) = &mut model.draft else { return };
    let text = draft.text().to_text();
    let Place::Lines { first, last } = Reading::of(&text).place(&anchor) else {
        return model
            .say(Weight::Warning, "the lines it is about have changed since, or are gone: edit the draft yourself");
    };
    draft.replace_text(&replaced(&text, first, last, &replacement));
    super::save::save(model, effects);
    say(model, Said::Resolve { taken: true }, Some(id), "taken into the draft; undo takes it out again", effects);
}

/// Tab: the next open comment, or the one before.
pub fn step(model: &mut Model, forward: bool) {
    act(model, if forward { Action::NextComment } else { Action::PreviousComment }, &mut Vec::new());
}

/// The wheel: rows up or down.
pub fn walk(model: &mut Model, by: isize) {
    let last = model.reviewing.rows.len().saturating_sub(1);
    model.reviewing.selected = model.reviewing.selected.saturating_add_signed(by).min(last);
}

/// A click selects the row under it.
pub fn click(model: &mut Model, at: Position) {
    let area = layout::text(layout::review(model.size, model.zoomed).rows);
    let Some(board) = model.reviewing.board.as_ref().filter(|_| area.contains(at)) else { return };
    let mut left = usize::from(at.y - area.y);
    for (index, row) in model.reviewing.rows.iter().enumerate().skip(model.reviewing.top) {
        let height = board.words(*row, usize::from(area.width), usize::from(area.height)).len();
        if left < height {
            model.reviewing.selected = index;
            return;
        }
        left -= height;
    }
}

/// The words of the selected row, to copy.
pub fn words(model: &Model) -> Option<String> {
    let board = model.reviewing.board.as_ref()?;
    Some(match model.reviewing.row()? {
        BoardRow::Line(line) => board.line(line).to_owned(),
        BoardRow::Thread(index) => board.review.threads.get(index)?.text.clone(),
        BoardRow::Decision(index) => board.decisions.get(index)?.1.text.clone(),
    })
}
