//! The box that asks which field of a log is the value of which variable.

use ratatui::layout::{Position, Rect};

use super::overlay::input;
use super::paint::{Painter, columns, row};
use super::variable_boxes::{frame, lines};
use super::variables::one_line;
use crate::prompt::Privacy;
use crate::tui::picking::Picking;
use crate::tui::theme::Role;
use crate::tui::variables::Intake;

/// Draws it; gives the place of the cursor.
pub fn draw(intake: &Intake, picking: &Picking, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let state = format!("JSON lines, {}", lines(intake));
    let foot = "Tab next variable  ←→ field  Enter goes on  Esc leaves";
    let inner = frame("Which field of the log is whose?", &state, foot, area, painter);
    let (said, role) = match &picking.problem {
        Some(problem) => (format!("! {problem}"), Role::Error),
        None => ("Once for this prompt; empty for what the log does not have.".to_owned(), Role::Dim),
    };
    painter.cut(row(inner, 0), &said, role);
    let names = picking.rows.iter().map(|row| columns(&row.variable)).max().unwrap_or(0).min(inner.width / 3);
    let (first, shown) = picking.shown(inner.height);
    let mut cursor = None;
    for (y, (index, picked)) in (1..=shown).zip(picking.rows.iter().enumerate().skip(first)) {
        let place = row(inner, y);
        let focused = index == picking.selected;
        painter.text(place, if focused { "▸" } else { " " }, Role::Accent);
        let name = Rect { x: place.x + 2, width: names.min(place.width.saturating_sub(2)), ..place };
        painter.cut(name, &picked.variable, Role::VariableKnown);
        let rest = Rect { x: name.right() + 2, width: place.right().saturating_sub(name.right() + 2), ..place };
        let path = Rect { width: rest.width / 2, ..rest };
        let position = input(&picked.line, path, painter);
        if focused {
            cursor = Some(position);
        }
        let value = Rect { x: path.right() + 1, width: rest.right().saturating_sub(path.right() + 1), ..rest };
        let written = picked.line.text();
        match picking.sample(&written) {
            // what is about a person is not shown, not even from somebody's log
            Some(_) if picked.privacy >= Privacy::Personal => {
                let text = format!("{} personal, hidden", painter.sign("▪"));
                painter.cut(value, &text, Role::Personal);
            }
            Some(sample) => {
                let text = one_line(sample, painter);
                painter.cut_content(value, &text, Role::Value);
            }
            None if written.is_empty() => {}
            None => _ = painter.cut(value, "looked up when it is read", Role::Dim),
        }
    }
    let below = Rect { y: inner.y + shown + 2, height: inner.height.saturating_sub(shown + 2), ..inner };
    fields(picking, below, painter);
    cursor
}

/// The fields that are offered for the focused variable, the chosen one marked.
fn fields(picking: &Picking, area: Rect, painter: &mut Painter<'_>) {
    let offered: Vec<_> = picking.offered().collect();
    let Some(focused) = picking.rows.get(picking.selected) else { return };
    let head = match (offered.len(), picking.typed.is_empty()) {
        (0, _) => "no field has that in its name: it is taken as a path, as /turns/0/text".to_owned(),
        (count, true) => format!("{count} fields; what is typed narrows them"),
        (count, false) => format!("{count} of {} fields", picking.fields.len()),
    };
    painter.cut(row(area, 0), &head, Role::Dim);
    let chosen = focused.line.text();
    let at = offered.iter().position(|(name, _)| picking.sample(&chosen).is_some() && ends_alike(name, &chosen));
    let height = usize::from(area.height.saturating_sub(1));
    let first = at.map_or(0, |at| (at + 1).saturating_sub(height));
    for (y, (index, (name, _))) in (1..area.height).zip(offered.iter().enumerate().skip(first)) {
        let (mark, role) = if Some(index) == at { ("▸", Role::OverlaySelected) } else { (" ", Role::Overlay) };
        let text = format!("{} {name}", painter.sign(mark));
        painter.cut_content(row(area, y), &text, role);
    }
}

/// Whether a field's name and a path name the same field.
fn ends_alike(name: &str, path: &str) -> bool {
    name == path || path.strip_prefix('/').is_some_and(|path| path.replace('/', ".") == name)
}
