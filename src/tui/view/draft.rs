//! The Draft screen: the text panes, the variables, the preview.

use std::hash::Hash;

use ratatui::layout::{Position, Rect};

use super::areas;
use super::paint::{Border, Painter, columns};
use crate::lint::Severity;
use crate::tui::canvas::{RowKind, Stamps, stamp};
use crate::tui::counting::Count;
use crate::tui::draft::{Draft, DraftView, PaneId, RowState, section_of};
use crate::tui::editor::{Beside, Drawn, EditorView, Focus};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::linting::sign;
use crate::tui::margins;
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
        let must_draw = stamps.must_draw(*pane, *area, depends_on(model, draft, *pane));
        if must_draw && !stamps.is_whole() {
            painter.fill(*area, Role::Text);
        }
        match pane {
            PaneId::Text(index) if focused => {
                if must_draw {
                    stamps.forget_rows(RowKind::Text);
                    stamps.forget_rows(RowKind::Edge);
                    stamps.forget_rows(RowKind::LowerEdge);
                }
                cursor = text(model, draft, (*index, *area), &missing, painter, Some((must_draw, &mut *stamps)));
            }
            PaneId::Variables => {
                let counts = (draft.counts.of_variables(), draft.counts.total().map(|count| count.tokens));
                // a row of no height: it names what is known, and is nothing to draw
                let counts = stamps.must_draw_row(RowKind::VariableCounts, Rect { height: 0, ..*area }, stamp(counts));
                let place = match (must_draw, counts) {
                    (true, _) => super::variables::draw(model, draft, &view, *area, painter, stamps),
                    (false, true) => super::variables::costs(model, draft, &view, painter, stamps),
                    (false, false) => None,
                };
                cursor = place.or(cursor);
            }
            PaneId::Preview => {
                if must_draw {
                    super::preview::frame(draft, *area, painter, stamps);
                }
                super::preview::edges(model, draft, &view, *area, painter, stamps);
            }
            _ if !must_draw => {}
            PaneId::Text(index) => _ = text(model, draft, (*index, *area), &missing, painter, None),
        }
        if view.panes.len() == 1 {
            others(draft, *pane, *area, painter);
        }
    }
    if let Some(area) = view.area(PaneId::Preview) {
        super::preview::rows(model, draft, area, painter, stamps);
    }
    if let Some(area) = view.cost {
        super::cost_pane::draw(model, draft, area, painter, stamps);
    }
    // a cursor is a promise that letters are text
    cursor.filter(|_| model.level == Level::Edit)
}

/// A text pane; gives the place of the cursor. With `stamps`, only what has changed in the pane that has the focus, and
/// its sides only when it is drawn from nothing.
fn text(
    model: &Model,
    draft: &Draft,
    (index, area): (usize, Rect),
    missing: &dyn Fn(&str) -> Role,
    painter: &mut Painter<'_>,
    stamps: Option<(bool, &mut Stamps)>,
) -> Option<Position> {
    let buffer = &draft.panes[index];
    let focused = draft.focus == PaneId::Text(index);
    let inner = layout::text(area);
    let side = painter.side(focused);
    let signs = model.theme.signs();
    let margin = |line: Option<usize>| {
        let worst = line.and_then(|line| model.linting.worst(index, line));
        let note = line.and_then(|line| model.margins.mark(index, line));
        Beside {
            side: worst.map_or(side, |worst| (sign(worst), margin_role(worst))),
            note: note.map(|mark| (margins::sign(mark.sign, signs), margins::role(mark.sign))),
        }
    };
    let editor = EditorView::new(buffer, &model.theme)
        .focus(if focused { Focus::Here } else { Focus::Elsewhere })
        .variables(missing)
        .needle(model.finding.as_ref().and_then(|finding| finding.marks(index)));
    // signs stand on the border, where a blank stands between it and the text
    let editor = if inner.x > area.x + 1 { editor.margin(&margin) } else { editor };
    let count = draft.counts.pane(index).filter(|_| !buffer.is_empty());
    let upper = |painter: &mut Painter<'_>| {
        let (title, state) = upper_texts(draft, index, missing);
        let count = count.map(Count::words).unwrap_or_default();
        painter.upper_edge(area, &Border { title: &title, count: &count, state: &state, focused, ..Border::default() });
    };
    let lower = |foot| Border { foot, focused, ..Border::default() };
    let drawn;
    if let Some((anew, stamps)) = stamps {
        if anew {
            painter.sides(area, focused);
        }
        let with = stamp((values(draft), model.finding.as_ref().map(|finding| (&finding.query, finding.marked))));
        drawn = editor.draw_changed(inner, painter.cells, stamps, with);
        let foot = foot(model, draft, index, drawn);
        // what is missing follows from the variables in use and their values
        let with = stamp((index, count, buffer.variables(), values(draft)));
        if stamps.must_draw_row(RowKind::Edge, Rect { height: 1, ..area }, with) {
            upper(painter);
        }
        lower_edge(area, &lower(&foot), painter, stamps);
    } else {
        painter.sides(area, focused);
        drawn = editor.draw(inner, painter.cells);
        let foot = foot(model, draft, index, drawn);
        upper(painter);
        painter.lower_edge(area, &lower(&foot));
    }
    if buffer.is_empty() {
        hint_empty(model, index, inner, focused, painter);
    }
    drawn.cursor.filter(|_| focused && (model.level == Level::Edit || buffer.selection().is_none()))
}

/// How the sign of a finding looks in the margin.
fn margin_role(severity: Severity) -> Role {
    match severity {
        Severity::Error => Role::Error,
        Severity::Warning => Role::Warning,
        Severity::Note => Role::Accent,
    }
}

/// What a pane depends on, besides its place and what the whole frame depends on; `None` for one that is drawn every time.
/// The text pane that has the focus says so row by row.
fn depends_on(model: &Model, draft: &Draft, pane: PaneId) -> Option<u64> {
    if draft.focus == pane {
        // the hint of an empty pane is drawn over its rows
        let by_row = matches!(pane, PaneId::Text(index) if !draft.panes[index].is_empty());
        return by_row.then_some(stamp("focus"));
    }
    let values = values(draft);
    match pane {
        PaneId::Text(index) => {
            let buffer = &draft.panes[index];
            let needle = model.finding.as_ref().map(|finding| (&finding.query, finding.marked));
            // two numbers that only grow, of which one is drawn with the other
            let margin = model.linting.revision ^ model.margins.revision.rotate_left(32);
            let told = (draft.counts.pane(index), margin);
            Some(stamp((values, buffer.revision(), buffer.top(), buffer.selection(), needle, told)))
        }
        PaneId::Variables => {
            let days = draft.values.days_old(model.today);
            let pane = (&draft.rows, draft.values.selected, draft.values.editing.is_some(), days);
            Some(stamp((values, pane)))
        }
        PaneId::Preview => Some(stamp((values, draft.raw))),
    }
}

/// What the looks of a placeholder depend on.
fn values(draft: &Draft) -> impl Hash {
    let shown = (draft.values.reveal, draft.values.examples_go);
    (draft.values.revision, shown, draft.values.changed, &draft.values.set)
}

/// The lower edge of the pane that has the focus. What is written on it changes with every key, but only at its end.
fn lower_edge(area: Rect, border: &Border<'_>, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    const END: u16 = 32;
    let edge = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
    let fits = area.width > END && columns(border.foot) + 4 < END;
    let end = if fits { Rect { x: area.right() - END, width: END, ..edge } } else { edge };
    let whole = stamps.must_draw_row(RowKind::LowerEdge, edge, u64::from(fits));
    let foot = stamps.must_draw_row(RowKind::Edge, end, stamp(border.foot));
    if whole || (foot && !fits) {
        painter.lower_edge(area, border);
    } else if foot {
        painter.end_of_lower_edge(end, border);
    }
}

/// What stands on the upper edge of a text pane: its title, and what is missing in it.
fn upper_texts(draft: &Draft, index: usize, missing: &dyn Fn(&str) -> Role) -> (String, String) {
    let title = match section_of(index) {
        Some(section) => format!("{index} {}", section.title()),
        None => "Unsorted: text before the first heading".to_owned(),
    };
    let mut unfilled = draft.panes[index].variables().iter().filter(|(name, _)| missing(name) == Role::VariableMissing);
    let state = match (unfilled.next(), unfilled.count()) {
        (None, _) => String::new(),
        (Some((one, _)), 0) => format!("? {one}"),
        (Some(_), others) => format!("? {} without a value", others + 1),
    };
    (title, state)
}

/// What stands on the lower edge: which way there is more text, and the place of the cursor.
fn foot(model: &Model, draft: &Draft, index: usize, drawn: Drawn) -> String {
    let more = match (drawn.above, drawn.below) {
        (true, true) => "↑↓ more",
        (true, false) => "↑ more",
        (false, true) => "↓ more",
        (false, false) => "",
    };
    match (draft.focus == PaneId::Text(index), index) {
        (true, 0) => format!("{} moves lines into a section  {more}", model.keymap.shown(Action::MoveToSection))
            .trim()
            .to_owned(),
        (true, _) => {
            let (line, column) = draft.panes[index].line_and_column();
            let gap = if more.is_empty() { "" } else { "  " };
            format!("{more}{gap}{line}:{column}")
        }
        (false, _) => more.to_owned(),
    }
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
