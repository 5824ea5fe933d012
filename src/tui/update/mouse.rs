//! The mouse: a click gives the focus and places the cursor, the wheel scrolls what is under the pointer, a drag selects.

mod over;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::{
    CLICKS_MS, HELD_MS, counting, diff, draft, form, keys, leave_edit, list, past, play, reviewing, search, text, tour,
    wire,
};
use crate::tui::complete;
use crate::tui::draft::{DraftView, PaneId};
use crate::tui::editor::{Grain, Select};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Level, Model, ScreenId};
use crate::tui::msg::Timer;
use crate::tui::overlay::Overlay;
use crate::tui::rowlayout;

/// Rows the wheel moves.
const WHEEL: isize = 3;
/// Rows that a text scrolls at most at once while the pointer is held beside it.
const FASTEST: u16 = 5;

/// One event of the mouse.
pub fn act(model: &mut Model, mouse: MouseEvent, effects: &mut Vec<Effect>) {
    let at = Position { x: mouse.column, y: mouse.row };
    if at.y >= model.size.1 && matches!(mouse.kind, MouseEventKind::Down(_)) {
        // the strip of the tour is for reading
        return;
    }
    match mouse.kind {
        MouseEventKind::Down(_) if tour::dismissed(model, effects) => {}
        MouseEventKind::Down(MouseButton::Left) => {
            model.pointer.release();
            effects.push(Effect::After(Timer::Clicks, CLICKS_MS));
            let count = model.pointer.count(at);
            if count > 1 && select(model, count) {
                return;
            }
            let select = if mouse.modifiers.contains(KeyModifiers::SHIFT) { Select::Extend } else { Select::Move };
            click(model, at, select, effects);
        }
        MouseEventKind::Drag(MouseButton::Left) => drag(model, at, effects),
        MouseEventKind::Up(_) => model.pointer.release(),
        MouseEventKind::ScrollUp => wheel(model, at, -WHEEL, effects),
        MouseEventKind::ScrollDown => wheel(model, at, WHEEL, effects),
        _ => {}
    }
}

/// The second and the third click at one place: the word and the line there. `false` where there is no text.
fn select(model: &mut Model, count: u8) -> bool {
    if model.level != Level::Edit || model.overlay.is_some() || !model.pointer.in_text {
        return false;
    }
    let Some(buffer) = model.buffer_mut() else { return false };
    let grain = if count == 2 { buffer.select_word() } else { buffer.select_line() };
    model.pointer.drag = Some(grain);
    true
}

/// A click into a text: the cursor goes there, and what is dragged from here is selected.
fn click_text(model: &mut Model, area: Rect, at: Position, select: Select) {
    let Some((column, row)) = inside(area, at) else { return };
    text::end_group(model);
    if let Some(buffer) = model.buffer_mut() {
        buffer.click(column, row, select);
        model.pointer.drag = Some(Grain::Letters);
        model.pointer.in_text = true;
    }
}

fn click(model: &mut Model, at: Position, select: Select, effects: &mut Vec<Effect>) {
    if model.overlay.is_some() {
        return over::click(model, at, effects);
    }
    if let Some(index) = complete::at(model, at) {
        if let Some(now) = &mut model.completing.now {
            now.selected = index;
        }
        return text::complete(model);
    }
    if at.y == 0 {
        if let Some(screen) = crate::tui::tabs::at(model, at.x) {
            keys::show(model, screen);
        }
        return;
    }
    match model.screen {
        ScreenId::Draft => click_draft(model, at, select),
        ScreenId::Play => {
            let areas = play_areas(model);
            model.play.in_message = areas.message.contains(at);
            let text = layout::text(areas.message);
            if let Some(at) = play::columns::at(model, at) {
                play::columns::focus(model, at);
            }
            if model.play.in_message {
                model.level = Level::Edit;
                click_text(model, text, at, select);
            } else if model.level == Level::Edit {
                leave_edit(model);
            }
        }
        ScreenId::Review => reviewing::click(model, at),
        ScreenId::Diff => {
            let areas = rowlayout::areas(model);
            if areas.listed && layout::inside(areas.sections).contains(at) {
                diff::go_to_section(model, usize::from(at.y - areas.sections.y - 1));
            }
        }
    }
}

fn click_draft(model: &mut Model, at: Position, select: Select) {
    let Some(view) = DraftView::of(model) else { return };
    if view.cost.is_some_and(|cost| cost.contains(at)) {
        return counting::open(model);
    }
    let Some((pane, area)) = view.panes.iter().find(|(_, area)| area.contains(at)).copied() else { return };
    let same = model.draft.as_ref().is_some_and(|draft| draft.focus == pane);
    if model.level == Level::Edit && !same {
        leave_edit(model);
    }
    let Some(draft) = &mut model.draft else { return };
    model.pointer.room = Some(draft.focus).filter(|_| !same);
    draft.focus = pane;
    match pane {
        PaneId::Text(_) => {
            model.level = Level::Edit;
            click_text(model, layout::text(area), at, select);
        }
        PaneId::Variables if draft.values.editing.is_some() && view.value.is_some_and(|value| value.contains(at)) => {
            click_text(model, view.value.unwrap_or_default(), at, select);
        }
        PaneId::Variables => {
            if let Some(list) = view.list.filter(|list| list.contains(at)) {
                let clicked = usize::from(at.y - list.y) + view.first_row(draft.values.selected);
                if clicked < draft.rows.len() {
                    // a second click on the same row goes in
                    let again = draft.values.selected == clicked && same;
                    draft.values.selected = clicked;
                    if again {
                        draft::edit_value(model);
                    }
                }
            }
        }
        PaneId::Preview => {}
    }
}

/// The button is held down and the pointer moves: what lies between is selected. Beside the text, the text scrolls.
fn drag(model: &mut Model, at: Position, effects: &mut Vec<Effect>) {
    model.pointer.held = None;
    let Some(grain) = model.pointer.drag.clone().filter(|_| model.level == Level::Edit && model.overlay.is_none())
    else {
        return;
    };
    let Some(area) = focused_text(model).filter(|area| !area.is_empty()) else { return };
    let Some(buffer) = model.buffer_mut() else { return };
    let (more_above, more_below) = buffer.hidden_rows();
    let (above, below) = (area.y.saturating_sub(at.y), (at.y + 1).saturating_sub(area.bottom()));
    // the further away, the faster
    let rows = if more_above && above > 0 {
        -isize::from(above.min(FASTEST).cast_signed())
    } else if more_below && below > 0 {
        isize::from(below.min(FASTEST).cast_signed())
    } else {
        0
    };
    buffer.scroll(rows);
    let x = at.x.clamp(area.x, area.right() - 1);
    let y = at.y.clamp(area.y, area.bottom() - 1);
    buffer.drag(x - area.x, y - area.y, &grain);
    if rows != 0 {
        model.pointer.held = Some(at);
        effects.push(Effect::After(Timer::Held, HELD_MS));
    }
}

/// The pointer rests beside the text, and the button is still down.
pub fn held(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(at) = model.pointer.held {
        drag(model, at, effects);
    }
}

/// Where the text that is written stands on the screen.
fn focused_text(model: &Model) -> Option<Rect> {
    match model.screen {
        ScreenId::Draft => {
            let view = DraftView::of(model)?;
            let focus = model.draft.as_ref()?.focus;
            if focus == PaneId::Variables { view.value } else { view.area(focus).map(layout::text) }
        }
        ScreenId::Play => Some(layout::text(play_areas(model).message)),
        ScreenId::Diff | ScreenId::Review => None,
    }
}

fn play_areas(model: &Model) -> layout::PlayAreas {
    layout::play(model.size, model.play.message_rows(model.size), model.zoomed)
}

fn wheel(model: &mut Model, at: Position, by: isize, effects: &mut Vec<Effect>) {
    if let Some(Overlay::Past) = &model.overlay {
        return past::step(model, by, effects);
    }
    if let Some(Overlay::Freeze(_)) = &model.overlay {
        return form::scroll_changelog(model, by);
    }
    if let Some(Overlay::Wire(_)) = &model.overlay {
        return wire::wheel(model, at, by);
    }
    match model.overlay.take() {
        Some(Overlay::Costs(open)) => return counting::scroll(model, open, by),
        other => model.overlay = other,
    }
    if complete::area(model).is_some_and(|area| area.contains(at)) {
        return model.completing.step(by.signum());
    }
    if let Some(Overlay::Search(_)) = &model.overlay {
        let action = if by < 0 { Action::SearchUp } else { Action::SearchDown };
        return search::act(model, action, &mut Vec::new());
    }
    if model.overlay.is_some() {
        let action = if by < 0 { Action::ListUp } else { Action::ListDown };
        return list::act(model, action, &mut Vec::new());
    }
    match model.screen {
        ScreenId::Draft => {
            let Some(view) = DraftView::of(model) else { return };
            let Some((pane, _)) = view.panes.iter().find(|(_, area)| area.contains(at)).copied() else { return };
            match pane {
                PaneId::Text(index) => {
                    if let Some(draft) = &mut model.draft {
                        draft.panes[index].scroll(by);
                    }
                }
                PaneId::Variables => {
                    draft::navigate_values(model, if by < 0 { Action::Up } else { Action::Down });
                }
                PaneId::Preview => draft::scroll_preview(model, by),
            }
        }
        ScreenId::Play if play_areas(model).message.contains(at) => model.play.message.buffer.scroll(by),
        ScreenId::Play => {
            let Some(column) = play::columns::at(model, at) else { return };
            for _ in 0..by.unsigned_abs() {
                play::scroll(model, column, if by < 0 { Action::Up } else { Action::Down });
            }
        }
        ScreenId::Diff => diff::scroll(model, by),
        ScreenId::Review => reviewing::walk(model, by),
    }
}

/// Column and row of `at` inside `area`.
fn inside(area: Rect, at: Position) -> Option<(u16, u16)> {
    area.contains(at).then(|| (at.x - area.x, at.y - area.y))
}
