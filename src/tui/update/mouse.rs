//! The mouse: a click gives the focus and places the cursor, the wheel scrolls what is under the pointer, a drag selects.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::{diff, draft, form, keys, leave_edit, list, play, text};
use crate::tui::complete;
use crate::tui::draft::{DraftView, PaneId};
use crate::tui::editor::Select;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Level, Model, ScreenId};
use crate::tui::overlay::Overlay;
use crate::tui::rowlayout;

/// Rows the wheel moves.
const WHEEL: isize = 3;

/// One event of the mouse.
pub fn act(model: &mut Model, mouse: MouseEvent, effects: &mut Vec<Effect>) {
    let at = Position { x: mouse.column, y: mouse.row };
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => click(model, at, effects),
        MouseEventKind::Drag(MouseButton::Left) => drag(model, at),
        MouseEventKind::ScrollUp => wheel(model, at, -WHEEL),
        MouseEventKind::ScrollDown => wheel(model, at, WHEEL),
        _ => {}
    }
}

fn click(model: &mut Model, at: Position, effects: &mut Vec<Effect>) {
    if model.overlay.is_some() {
        return click_overlay(model, at, effects);
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
        ScreenId::Draft => click_draft(model, at),
        ScreenId::Play => {
            let areas = layout::play(model.size, model.play.message_rows(model.size), model.zoomed);
            model.play.in_message = areas.message.contains(at);
            let text = layout::text(areas.message);
            if model.play.in_message {
                model.level = Level::Edit;
                if let Some((column, row)) = inside(text, at) {
                    model.play.message.buffer.click(column, row, Select::Move);
                }
            } else if model.level == Level::Edit {
                leave_edit(model);
            }
        }
        ScreenId::Diff => {
            let areas = layout::diff(model.size, rowlayout::detail_rows(model), model.zoomed);
            if areas.listed && layout::inside(areas.sections).contains(at) {
                diff::go_to_section(model, usize::from(at.y - areas.sections.y - 1));
            }
        }
    }
}

fn click_draft(model: &mut Model, at: Position) {
    let Some(view) = DraftView::of(model) else { return };
    let Some((pane, area)) = view.panes.iter().find(|(_, area)| area.contains(at)).copied() else { return };
    let same = model.draft.as_ref().is_some_and(|draft| draft.focus == pane);
    if model.level == Level::Edit && !same {
        leave_edit(model);
    }
    let Some(draft) = &mut model.draft else { return };
    draft.focus = pane;
    match pane {
        PaneId::Text(index) => {
            if let Some((column, row)) = inside(layout::text(area), at) {
                draft.history.end_group();
                draft.panes[index].click(column, row, Select::Move);
            }
            model.level = Level::Edit;
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

fn drag(model: &mut Model, at: Position) {
    if model.level != Level::Edit || model.overlay.is_some() {
        return;
    }
    let area = match model.screen {
        ScreenId::Draft => DraftView::of(model)
            .and_then(|view| model.draft.as_ref().and_then(|draft| view.area(draft.focus)))
            .map(layout::text),
        ScreenId::Play => {
            let areas = layout::play(model.size, model.play.message_rows(model.size), model.zoomed);
            Some(layout::text(areas.message))
        }
        ScreenId::Diff => None,
    };
    let Some(area) = area else { return };
    let nearest = Position {
        x: at.x.clamp(area.x, area.right().saturating_sub(1).max(area.x)),
        y: at.y.clamp(area.y, area.bottom().saturating_sub(1).max(area.y)),
    };
    if let (Some(buffer), Some((column, row))) = (model.buffer_mut(), inside(area, nearest)) {
        buffer.click(column, row, Select::Extend);
    }
}

fn wheel(model: &mut Model, at: Position, by: isize) {
    if let Some(Overlay::Freeze(_)) = &model.overlay {
        return form::scroll_changelog(model, by);
    }
    if complete::area(model).is_some_and(|area| area.contains(at)) {
        return model.completing.step(by.signum());
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
        ScreenId::Play => {
            for _ in 0..by.unsigned_abs() {
                play::navigate(model, if by < 0 { Action::Up } else { Action::Down });
            }
        }
        ScreenId::Diff => diff::scroll(model, by),
    }
}

fn click_overlay(model: &mut Model, at: Position, effects: &mut Vec<Effect>) {
    let (area, rows) = crate::tui::boxes::list_area(model);
    let Some(area) = area else { return };
    if !area.contains(at) {
        // a click beside a list closes it; a form stays, so that nothing written is lost
        if matches!(model.overlay, Some(Overlay::Help(_) | Overlay::Palette(_) | Overlay::Pick(..)))
            && !rows.contains(at)
        {
            model.overlay = None;
        }
        return;
    }
    let clicked = crate::tui::boxes::first_row(model, area.height) + usize::from(at.y - area.y);
    let chosen = match &mut model.overlay {
        Some(Overlay::Palette(picker)) if clicked < picker.shown().len() => {
            picker.selected = clicked;
            true
        }
        Some(Overlay::Pick(_, picker)) if clicked < picker.shown().len() => {
            picker.selected = clicked;
            true
        }
        _ => false,
    };
    if chosen {
        list::choose(model, effects);
    }
}

/// Column and row of `at` inside `area`.
fn inside(area: Rect, at: Position) -> Option<(u16, u16)> {
    area.contains(at).then(|| (at.x - area.x, at.y - area.y))
}
