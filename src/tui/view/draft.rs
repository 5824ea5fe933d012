//! The Draft screen: the text panes, the variables, the preview.

use ratatui::layout::{Position, Rect};

use super::areas;
use super::paint::{Border, Painter};
use crate::tui::canvas::{Stamps, stamp};
use crate::tui::draft::{Draft, DraftView, PaneId, RowState, section_of};
use crate::tui::editor::{EditorView, Focus};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Level, Model};
use crate::tui::theme::Role;

/// Draws it; gives the place of the cursor.
pub fn draw(model: &Model, painter: &mut Painter<'_>, stamps: &mut Stamps) -> Option<Position> {
    let (Some(draft), Some(view)) = (&model.draft, DraftView::of(model)) else {
        painter.fill(areas(model).body, Role::Text);
        stamps.drew(areas(model).body);
        empty(model, painter);
        return None;
    };
    let mut cursor = None;
    let missing = |name: &str| match draft.values.state(name) {
        RowState::Missing | RowState::Unused => Role::VariableMissing,
        _ => Role::VariableKnown,
    };
    for (pane, area) in &view.panes {
        let focused = draft.focus == *pane;
        if !stamps.must_draw(*pane, *area, depends_on(model, draft, *pane)) {
            continue;
        }
        if !stamps.is_whole() {
            painter.fill(*area, Role::Text);
        }
        match pane {
            PaneId::Text(index) => {
                let unfilled =
                    draft.panes[*index].variables().iter().filter(|(name, _)| missing(name) == Role::VariableMissing);
                let unfilled: Vec<&str> = unfilled.map(|(name, _)| name).collect();
                text_border(model, draft, (*index, *area), focused, &unfilled, painter);
                let focus = if focused { Focus::Here } else { Focus::Elsewhere };
                let editor = EditorView::new(&draft.panes[*index], &model.theme)
                    .focus(focus)
                    .variables(&missing)
                    .needle(model.finding.as_ref().map(|finding| &finding.needle));
                let place = editor.draw(layout::text(*area), painter.cells);
                if focused && (model.level == Level::Edit || draft.panes[*index].selection().is_none()) {
                    cursor = place;
                }
                if draft.panes[*index].is_empty() {
                    hint_empty(model, *index, layout::text(*area), focused, painter);
                }
            }
            PaneId::Variables => {
                if let Some(place) = super::variables::draw(model, draft, &view, *area, painter) {
                    cursor = Some(place);
                }
            }
            PaneId::Preview => super::preview::frame(model, draft, *area, painter, stamps),
        }
        if view.panes.len() == 1 {
            others(draft, *pane, *area, painter);
        }
    }
    if let Some(area) = view.area(PaneId::Preview) {
        super::preview::rows(model, draft, area, painter, stamps);
    }
    // a cursor is a promise that letters are text
    cursor.filter(|_| model.level == Level::Edit)
}

/// What a pane that has not the focus depends on, besides its place and what the whole frame depends on; `None` for one
/// that is drawn every time.
fn depends_on(model: &Model, draft: &Draft, pane: PaneId) -> Option<u64> {
    if draft.focus == pane {
        return None;
    }
    let values = (draft.values.revision, draft.values.reveal, draft.values.changed, &draft.values.set);
    match pane {
        PaneId::Text(index) => {
            let buffer = &draft.panes[index];
            let needle = model.finding.as_ref().map(|finding| &finding.text);
            Some(stamp((values, buffer.revision(), buffer.top(), buffer.selection(), needle)))
        }
        PaneId::Variables => Some(stamp((values, &draft.rows, draft.values.selected, draft.values.editing.is_some()))),
        PaneId::Preview => Some(stamp((values, draft.raw))),
    }
}

fn text_border(
    model: &Model,
    draft: &Draft,
    (index, area): (usize, Rect),
    focused: bool,
    unfilled: &[&str],
    painter: &mut Painter<'_>,
) {
    let title = match section_of(index) {
        Some(section) => format!("{index} {}", section.title()),
        None => "Unsorted: text before the first heading".to_owned(),
    };
    let buffer = &draft.panes[index];
    let (line, column) = buffer.line_and_column();
    let state = match unfilled {
        [] => String::new(),
        [one] => format!("? {one}"),
        [_, ..] => format!("? {} without a value", unfilled.len()),
    };
    let (above, below) = buffer.hidden_rows();
    let more = match (above, below) {
        (true, true) => "↑↓ more",
        (true, false) => "↑ more",
        (false, true) => "↓ more",
        (false, false) => "",
    };
    let foot = match (focused, index) {
        (true, 0) => format!("{} moves lines into a section  {more}", model.keymap.shown(Action::MoveToSection)),
        (true, _) => format!("{more}  {line}:{column}"),
        (false, _) => more.to_owned(),
    };
    painter.border(area, &Border { title: &title, state: &state, foot: foot.trim(), focused });
}

/// Where only one pane is shown, its border says that there are others.
fn others(draft: &Draft, shown: PaneId, area: Rect, painter: &mut Painter<'_>) {
    let order = draft.order();
    let Some(at) = order.iter().position(|pane| *pane == shown) else { return };
    let place = Rect {
        x: area.x + 2.min(area.width),
        y: area.bottom().saturating_sub(1),
        width: area.width.saturating_sub(4),
        height: 1.min(area.height),
    };
    painter.text(place, &format!(" pane {} of {} ", at + 1, order.len()), Role::Dim);
}

fn hint_empty(model: &Model, index: usize, area: Rect, focused: bool, painter: &mut Painter<'_>) {
    let key = model.keymap.shown(Action::Edit);
    let text = match (index, focused && model.level == Level::Edit) {
        (_, true) => return,
        (0, _) => "no unsorted text".to_owned(),
        (_, _) if focused => format!("empty: {key} begins to write; the heading comes by itself"),
        (_, _) => "empty".to_owned(),
    };
    painter.paragraph(area, &text, Role::Dim);
}

/// No prompt is open.
fn empty(model: &Model, painter: &mut Painter<'_>) {
    let area = layout::text(areas(model).body);
    let keys = &model.keymap;
    let text = if model.prompts.is_empty() {
        format!(
            "This library has no prompts yet.\n\n{}  then n   makes the first one\ngreenroom demo   shows what it can look like",
            keys.shown(Action::LibraryOpen)
        )
    } else {
        format!("No prompt is open.\n\n{}   opens the library", keys.shown(Action::LibraryOpen))
    };
    painter.paragraph(area, &text, Role::Text);
}
