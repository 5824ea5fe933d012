//! The Review screen: which state is reviewed, where the screen stands in it, and what is said there.

use std::sync::Arc;

use ratatui::layout::Position;
use regex::RegexBuilder;

use super::{margins, saying};
use crate::error::Error;
use crate::library::Which;
use crate::tui::diffing::Chosen;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::margins::Known;
use crate::tui::model::{Model, ScreenId, Weight};
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
        margins::watch(model, effects);
    }
    let area = layout::text(layout::review(model.size, model.zoomed).rows);
    let (width, height) = (usize::from(area.width), usize::from(area.height).max(1));
    let reviewing = &mut model.reviewing;
    let Some(board) = &reviewing.board else { return };
    reviewing.selected = reviewing.selected.min(reviewing.rows.len().saturating_sub(1));
    // from the selected row upwards, as far as there is room: a jump over a long text measures a screen of it. What is
    // said about the selected line is to be seen below it
    let own = reviewing.rows.get(reviewing.selected).map_or(0, |row| board.words(*row, width, height).len());
    let said = reviewing.rows.iter().skip(reviewing.selected + 1).take_while(|row| matches!(row, BoardRow::Thread(_)));
    let said = said.take(height).map(|row| board.words(*row, width, height).len()).sum::<usize>();
    let (mut first, mut used) = (reviewing.selected, said.min(height.saturating_sub(own)));
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
    super::saying::came(model, result);
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
    reviewing.other_end = None;
}

/// Selects one line more, upwards or downwards.
pub fn extend(model: &mut Model, action: Action) {
    let reviewing = &mut model.reviewing;
    let last = reviewing.rows.len().saturating_sub(1);
    if reviewing.lines().is_none() {
        return model.say(Weight::Note, "lines can be selected: go to one first");
    }
    reviewing.other_end = reviewing.other_end.or(Some(reviewing.selected));
    let down = action == Action::ExtendDown;
    let next = |at: usize| if down { (at + 1).min(last) } else { at.saturating_sub(1) };
    // comments between the lines are passed over
    let mut at = next(reviewing.selected);
    while matches!(reviewing.rows.get(at), Some(BoardRow::Thread(_))) && next(at) != at {
        at = next(at);
    }
    if matches!(reviewing.rows.get(at), Some(BoardRow::Line(_))) {
        reviewing.selected = at;
    }
}

/// What an action of a review does, on this screen or beside the lines of another.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    if matches!(model.overlay, Some(Overlay::Say(_))) {
        // one thing after the other
        return;
    }
    if let Some(why) = why_not(model, action) {
        return model.say(Weight::Note, why);
    }
    let on_review = model.screen == ScreenId::Review;
    match action {
        Action::NextComment | Action::PreviousComment if !on_review => {
            margins::step(model, action == Action::NextComment);
        }
        Action::NextComment | Action::PreviousComment => {
            match model.reviewing.open_comment(action == Action::NextComment) {
                Some(row) => (model.reviewing.selected, model.reviewing.other_end) = (row, None),
                None => model.say(Weight::Note, "there is no other open comment that way"),
            }
        }
        Action::ReviewFind => model.overlay = Some(Overlay::Ask(Ask::ReviewFind, Input::default())),
        Action::ReviewFindNext => find(model, true),
        Action::ReviewFindPrevious => find(model, false),
        Action::OnlyOpen => {
            model.reviewing.only_open = !model.reviewing.only_open;
            if let Some(board) = model.reviewing.board.clone() {
                model.reviewing.take(board);
            }
            let told =
                if model.reviewing.only_open { "only open comments are shown" } else { "all comments are shown" };
            model.say(Weight::Note, told);
        }
        Action::OpenThread => margins::open(model),
        Action::CommentAcross if on_review => margins::from_review(model, ScreenId::Draft),
        Action::CommentAcross => margins::to_review(model),
        Action::CommentDiff => margins::from_review(model, ScreenId::Diff),
        _ => saying::act(model, action, effects),
    }
}

/// Why an action of a review cannot be done now.
pub fn why_not(model: &Model, action: Action) -> Option<&'static str> {
    let (on_review, board) = (model.screen == ScreenId::Review, model.reviewing.board.as_ref());
    match action {
        Action::NextComment
        | Action::PreviousComment
        | Action::OnlyOpen
        | Action::CommentAcross
        | Action::CommentDiff
            if on_review && board.is_none() =>
        {
            Some("nothing is reviewed yet")
        }
        Action::NextComment | Action::PreviousComment if on_review => {
            board.is_some_and(|board| board.open == 0).then_some("there is no open comment")
        }
        Action::NextComment | Action::PreviousComment if model.screen == ScreenId::Draft => {
            let open = model.margins.draft.notes.as_ref().map_or(0, |notes| notes.open());
            (open == 0).then_some("there is no open comment")
        }
        Action::NextComment | Action::PreviousComment if model.screen == ScreenId::Diff => {
            let open = |known: &Known| known.notes.as_ref().is_some_and(|notes| notes.open() > 0);
            (!model.margins.sides.iter().any(open)).then_some("there is no open comment")
        }
        Action::NextComment | Action::PreviousComment => Some("there are no comments on this screen"),
        Action::OnlyOpen | Action::CommentDiff if !on_review => Some("on the Review screen: <screen.review>"),
        Action::ReviewFind | Action::ReviewFindNext | Action::ReviewFindPrevious if !on_review => {
            Some("on the Review screen: <screen.review>")
        }
        Action::ReviewFind | Action::ReviewFindNext | Action::ReviewFindPrevious if board.is_none() => {
            Some("nothing is reviewed yet")
        }
        Action::ReviewFindNext | Action::ReviewFindPrevious if model.reviewing.needle.is_none() => {
            Some("nothing is searched for")
        }
        Action::OpenThread if on_review => Some("the comments are shown already"),
        Action::OpenThread if margins::names_no_state(model) => Some(saying::NO_STATE),
        Action::OpenThread if crate::tui::margins::meant(model).is_none() => {
            Some("nothing was said about this line; c says something")
        }
        Action::CommentAcross if on_review => match (&model.reviewing.subject, board) {
            (Some(Chosen::Draft), Some(_)) => None,
            _ => Some("a version is not edited: d shows it on the Diff screen"),
        },
        Action::CommentAcross if crate::tui::margins::meant(model).is_none() => {
            Some("nothing was said about this line")
        }
        Action::OpenThread
        | Action::CommentAcross
        | Action::CommentDiff
        | Action::ReviewFind
        | Action::ReviewFindNext
        | Action::ReviewFindPrevious => None,
        _ => saying::why_not(model, action),
    }
}

/// The words were written: the first match from here on is shown. No words end the search.
pub fn look_for(model: &mut Model, words: &str) {
    let words = words.trim();
    // what is escaped is always a pattern
    let needle = || RegexBuilder::new(&regex::escape(words)).case_insensitive(true).build().ok();
    model.reviewing.needle = if words.is_empty() { None } else { needle() };
    let (Some(needle), Some(board)) = (&model.reviewing.needle, &model.reviewing.board) else { return };
    let here = model.reviewing.row().is_some_and(|row| board.holds(row, needle));
    if !here {
        find(model, true);
    }
}

/// The next row with these words, or the one before; around the end.
fn find(model: &mut Model, forward: bool) {
    let (Some(needle), Some(board)) = (&model.reviewing.needle, &model.reviewing.board) else { return };
    let (rows, here) = (&model.reviewing.rows, model.reviewing.selected);
    let holds = |index: &usize| board.holds(rows[*index], needle);
    let found = if forward {
        (here + 1..rows.len()).chain(0..rows.len().min(here + 1)).find(holds)
    } else {
        (0..here.min(rows.len())).rev().chain((here..rows.len()).rev()).find(holds)
    };
    match found {
        Some(row) => (model.reviewing.selected, model.reviewing.other_end) = (row, None),
        None => model.say(Weight::Note, "neither the text nor what was said about it has these words"),
    }
}

/// Tab: the next open comment, or the one before.
pub fn step(model: &mut Model, forward: bool) {
    act(model, if forward { Action::NextComment } else { Action::PreviousComment }, &mut Vec::new());
}

/// The wheel: rows up or down.
pub fn walk(model: &mut Model, by: isize) {
    let last = model.reviewing.rows.len().saturating_sub(1);
    model.reviewing.selected = model.reviewing.selected.saturating_add_signed(by).min(last);
    model.reviewing.other_end = None;
}

/// A click selects the row under it.
pub fn click(model: &mut Model, at: Position) {
    let area = layout::text(layout::review(model.size, model.zoomed).rows);
    let Some(board) = model.reviewing.board.as_ref().filter(|_| area.contains(at)) else { return };
    let mut left = usize::from(at.y - area.y);
    for (index, row) in model.reviewing.rows.iter().enumerate().skip(model.reviewing.top) {
        let height = board.words(*row, usize::from(area.width), usize::from(area.height)).len();
        if left < height {
            (model.reviewing.selected, model.reviewing.other_end) = (index, None);
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
