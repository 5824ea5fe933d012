//! What was said, beside the lines of Draft and Diff: asked for in the background, gone to, shown in a box.

use std::sync::Arc;

use super::{diff, saying};
use crate::diff::Which as Half;
use crate::library::Which;
use crate::review::{Notes, Sign};
use crate::tui::boxes;
use crate::tui::diffing::{Chosen, DiffRow};
use crate::tui::draft::PaneId;
use crate::tui::editor::{Motion, Select};
use crate::tui::effect::Effect;
use crate::tui::margins::{self, Known, MARGIN_MS, Moment, Noted, ToNote, here, known, meant, moment, side, subject};
use crate::tui::model::{Level, Model, ScreenId, Weight};
use crate::tui::msg::Timer;
use crate::tui::overlay::Overlay;
use crate::tui::threads::ThreadBox;

/// After every message: comments are looked for again when the text has changed, as soon as it rests; while nobody has
/// said anything, only when something may have been said.
pub fn follow(model: &mut Model, effects: &mut Vec<Effect>) {
    let margins = &model.margins;
    if margins.under_way.is_some() || !margins.touched && (margins.due || margins.draft.is_empty()) {
        return;
    }
    let now = moment(model);
    if now.is_none() || !margins.touched && margins.of == now {
        return;
    }
    if margins.touched {
        return look(model, effects);
    }
    model.margins.due = true;
    effects.push(Effect::After(Timer::Margin, MARGIN_MS));
}

/// The text rests.
pub fn due(model: &mut Model, effects: &mut Vec<Effect>) {
    model.margins.due = false;
    if model.margins.under_way.is_none() {
        look(model, effects);
    }
}

/// Asks for the margin of the draft.
fn look(model: &mut Model, effects: &mut Vec<Effect>) {
    model.margins.touched = false;
    let (Some(now), Some(which)) = (moment(model), subject(model)) else { return };
    let Some(draft) = &model.draft else { return };
    model.margins.under_way = Some(now);
    effects.push(Effect::Note(Box::new(ToNote {
        prompt: draft.entry.name.clone(),
        which: super::reviewing::which(&which),
        beside: margins::Beside::Draft(now, draft.text()),
        known: model.margins.draft.before(),
    })));
}

/// Somebody may have said something: every margin is looked at again.
pub fn touched(model: &mut Model, effects: &mut Vec<Effect>) {
    model.margins.touched = true;
    look_at_sides(model, effects);
}

/// A comparison is there: what was said about its sides is looked for.
pub fn compared(model: &mut Model, effects: &mut Vec<Effect>) {
    model.margins.compared += 1;
    look_at_sides(model, effects);
}

fn look_at_sides(model: &mut Model, effects: &mut Vec<Effect>) {
    let (Some(compared), Some(draft)) = (&model.diffing.compared, &model.draft) else { return };
    for half in [Half::From, Half::To] {
        let Some(which) = side(model, half) else {
            model.margins.sides[usize::from(half == Half::To)] = Known::default();
            continue;
        };
        effects.push(Effect::Note(Box::new(ToNote {
            prompt: draft.entry.name.clone(),
            which: super::reviewing::which(&which),
            beside: margins::Beside::Side(model.margins.compared, half, Arc::clone(compared)),
            known: model.margins.side(half).before(),
        })));
    }
}

/// What was found. A result for another prompt or an older comparison is dropped; one for an older text of the draft is
/// shown until the next one comes.
pub fn noted(model: &mut Model, noted: Noted, effects: &mut Vec<Effect>) {
    let margins = &mut model.margins;
    match noted.beside {
        margins::Place::Draft(of) => {
            margins.under_way = None;
            if of.0 != model.openings {
                return;
            }
            if margins.draft != noted.known || margins.panes != noted.panes {
                margins.revision += 1;
            }
            (margins.of, margins.draft, margins.panes) = (Some(of), noted.known, noted.panes);
            if let Some(id) = model.margins.taking.take_if(|_| moment_is(of, model.draft.as_ref())) {
                saying::take(model, &id, effects);
            }
        }
        margins::Place::Side(number, half) => {
            if number == margins.compared {
                margins.sides[usize::from(half == Half::To)] = noted.known;
            }
        }
    }
    refresh(model);
}

fn moment_is(of: Moment, draft: Option<&crate::tui::draft::Draft>) -> bool {
    draft.is_some_and(|draft| draft.moment == of.1)
}

/// The next line of Draft or Diff with something open beside it, or the one before. In the box it is the next thread of
/// the line first.
pub fn step(model: &mut Model, forward: bool) {
    if let Some(Overlay::Thread(open)) = &mut model.overlay {
        let next = if forward { open.at + 1 } else { open.at.wrapping_sub(1) };
        if next < open.threads.len() {
            (open.at, open.top) = (next, 0);
            return;
        }
    }
    let moved = match model.screen {
        ScreenId::Draft => step_draft(model, forward),
        ScreenId::Diff => step_diff(model, forward),
        ScreenId::Play | ScreenId::Review => false,
    };
    if !moved {
        return model.say(Weight::Note, "there is no open comment here");
    }
    if let Some(Overlay::Thread(before)) = model.overlay.take() {
        model.overlay = boxed(model, forward).or(Some(Overlay::Thread(before)));
    }
}

fn step_draft(model: &mut Model, forward: bool) -> bool {
    let at = here(model).map_or(if forward { 0 } else { usize::MAX }, |(_, line)| line);
    let Some(stop) = model.margins.draft.notes.as_ref().and_then(|notes| notes.stop(at, forward)) else { return false };
    let Some((pane, line)) = model.margins.panes.place(stop) else { return false };
    go_to_pane(model, pane, line);
    true
}

/// The cursor goes to a line of a pane, from 0.
fn go_to_pane(model: &mut Model, pane: usize, line: usize) {
    if model.level == Level::Edit {
        super::leave_edit(model);
    }
    let Some(draft) = &mut model.draft else { return };
    draft.focus = PaneId::Text(pane);
    let buffer = &mut draft.panes[pane];
    buffer.go_to(line + 1, 1);
    buffer.move_to(Motion::LineStart, Select::Move);
}

fn step_diff(model: &mut Model, forward: bool) -> bool {
    let Some(compared) = model.diffing.compared.clone() else { return false };
    let open =
        |half: Half, line: usize| model.margins.side(half).mark(line).is_some_and(|mark| mark.sign != Sign::Settled);
    let noted = |(section, row): (usize, usize)| {
        let row = &compared.comparison.sections[section].rows[row];
        let mut halves = [Half::From, Half::To].into_iter();
        halves.any(|half| compared.comparison.line(row, half).is_some_and(|line| open(half, line.number)))
    };
    // of lines that are folded, the first one that is come to
    let noted_in = |index: usize| match model.diffing.row(index)? {
        DiffRow::Head(_) => None,
        DiffRow::Row(section, row) => noted((section, row)).then_some((section, row)),
        DiffRow::Fold(section, first, count) => {
            let mut rows = (first..first + count).map(|row| (section, row));
            if forward { rows.find(|row| noted(*row)) } else { rows.rfind(|row| noted(*row)) }
        }
    };
    let (here, count) = (model.diffing.here(), model.diffing.row_count());
    let found = if forward {
        (here + 1..count).chain(0..=here.min(count.saturating_sub(1))).find_map(noted_in)
    } else {
        (0..here.min(count)).rev().chain((here..count).rev()).find_map(noted_in)
    };
    let Some((section, row)) = found else { return false };
    let place = |model: &Model| {
        (0..model.diffing.row_count()).find(|index| model.diffing.row(*index) == Some(DiffRow::Row(section, row)))
    };
    if place(model).is_none() {
        model.diffing.folded = false;
        model.diffing.arrange();
        model.say(Weight::Note, "unfolded: nothing changed in the line of this comment");
    }
    let Some(row) = place(model) else { return false };
    diff::go_to(model, row);
    true
}

/// Whether one stands on a comparison of two sides none of which has a review here.
pub fn names_no_state(model: &Model) -> bool {
    model.screen == ScreenId::Diff
        && model.diffing.compared.is_some()
        && [Half::From, Half::To].into_iter().all(|half| side(model, half).is_none())
}

/// Opens the box with what was said about the line where one stands.
pub fn open(model: &mut Model) {
    let Some(open) = boxed(model, true) else { return };
    if model.level == Level::Edit {
        super::leave_edit(model);
    }
    model.overlay = Some(open);
}

fn boxed(model: &Model, from_first: bool) -> Option<Overlay> {
    let (beside, line) = here(model)?;
    let notes = known(model, beside).notes.as_deref()?;
    let threads = names(notes, line);
    let at = if from_first { 0 } else { threads.len().checked_sub(1)? };
    (!threads.is_empty()).then_some(Overlay::Thread(ThreadBox { beside, threads, at, top: 0 }))
}

fn names(notes: &Notes, line: usize) -> Vec<String> {
    notes.threads_at(line).into_iter().map(|index| notes.review.threads[index].id.clone()).collect()
}

/// A thread of the box may have been answered, or more may stand there; one that is gone is not shown.
fn refresh(model: &mut Model) {
    let Some(Overlay::Thread(open)) = &model.overlay else { return };
    let there = |id: &String| {
        let notes = known(model, open.beside).notes.as_deref();
        notes.is_some_and(|notes| notes.review.threads.iter().any(|thread| thread.id == *id))
    };
    let threads: Vec<String> = open.threads.iter().filter(|id| there(id)).cloned().collect();
    let at = open.at.min(threads.len().saturating_sub(1));
    let (beside, top) = (open.beside, open.top);
    model.overlay = (!threads.is_empty()).then_some(Overlay::Thread(ThreadBox { beside, threads, at, top }));
}

/// Scrolls the box.
pub fn scroll(model: &mut Model, by: isize) {
    let Some(overlay @ Overlay::Thread(_)) = &model.overlay else { return };
    let inner = boxes::inner(boxes::area(model, overlay));
    let rows = margins::box_words(model).map_or(0, |words| words.len());
    let most = rows.saturating_sub(usize::from(inner.height));
    if let Some(Overlay::Thread(open)) = &mut model.overlay {
        open.top = open.top.saturating_add_signed(by).min(most);
    }
}

/// From Draft, Diff or the box to the thread on the Review screen, or to the line where nothing was said.
pub fn to_review(model: &mut Model) {
    let Some(meant) = meant(model) else { return };
    let (which, id) = (meant.which, meant.thread.id.clone());
    if model.reviewing.subject.as_ref() != Some(&which) {
        super::reviewing::choose(model, which);
    }
    model.reviewing.go_to(&id);
    super::keys::show(model, ScreenId::Review);
}

/// From the Review screen to the line in the draft, or in the comparison.
pub fn from_review(model: &mut Model, screen: ScreenId) {
    let Some((line, id)) = model.reviewing.line() else { return };
    if screen == ScreenId::Draft {
        let margins = &model.margins;
        let notes = margins.draft.notes.as_deref();
        let thread = id.and_then(|id| notes?.review.threads.iter().position(|thread| thread.id == id));
        let shown = thread.and_then(|thread| notes?.line_of(thread));
        let place = shown.and_then(|line| margins.panes.place(line));
        let place = place.or_else(|| model.draft.as_ref()?.place_of_line(line));
        super::keys::show(model, ScreenId::Draft);
        if let Some((pane, line)) = place {
            go_to_pane(model, pane, line);
        }
        return;
    }
    if model.diffing.to != model.reviewing.subject {
        let reviewed = model.reviewing.subject.clone().unwrap_or(Chosen::Draft);
        diff::choose(model, crate::tui::overlay::Hand::Right, reviewed);
    }
    super::keys::show(model, ScreenId::Diff);
    model.diffing.wanted = Some(line);
    diff::go_to_wanted(model);
}

/// Has the folders watched in which something can be said about what is shown: that of the draft, and those of versions.
pub fn watch(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(prompt) = model.draft.as_ref().map(|draft| draft.entry.name.clone()) else { return };
    let now = (model.openings, watched(model));
    if model.margins.watched.as_ref() != Some(&now) {
        effects.push(Effect::Watch(prompt, now.1.clone()));
        model.margins.watched = Some(now);
    }
}

/// The versions that are shown.
fn watched(model: &Model) -> Vec<Which> {
    let mut shown: Vec<Which> = Vec::new();
    let reviewed = model.reviewing.subject.clone();
    let sides = [Half::From, Half::To].map(|half| side(model, half));
    for chosen in sides.into_iter().chain([reviewed, subject(model)]).flatten() {
        let which = super::reviewing::which(&chosen);
        if which != Which::Draft && !shown.contains(&which) {
            shown.push(which);
        }
    }
    shown
}
