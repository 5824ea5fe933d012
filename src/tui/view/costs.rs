//! The box with what the prompt costs.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, row};
use crate::prompt::wrap;
use crate::tui::boxes;
use crate::tui::costs::{CostBox, CostField, lines};
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::possible::why_not;
use crate::tui::theme::Role;

/// Columns of the labels.
const LABEL: u16 = 22;

/// Draws it; gives the place of the cursor.
pub fn draw(model: &Model, open: &CostBox, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let name = model.draft.as_ref().map_or("", |draft| draft.entry.name.as_str());
    let title = format!("What {name} costs");
    let mut foot = "Tab next field  Enter saves  Esc closes".to_owned();
    if why_not(model, Action::CountExactly).is_none() {
        foot = format!("{} counts exactly  {foot}", model.keymap.shown(Action::CountExactly));
    }
    painter.border(area, &Border { title: &title, foot: &foot, focused: true, ..Border::default() });
    let inner = boxes::inner(area);
    let mut cursor = None;
    for (index, field) in CostField::ALL.into_iter().enumerate() {
        let place = row(inner, u16::try_from(index).unwrap_or(0));
        let focused = open.field == field;
        let (mark, role) = if focused { ("▸", Role::Accent) } else { (" ", Role::Overlay) };
        painter.text(place, &format!("{mark} {}", field.label()), role);
        let at = Rect { x: place.x + LABEL, width: place.width.saturating_sub(LABEL), ..place };
        let line = &open.lines[index];
        let position = super::overlay::input(line, at, painter);
        if focused {
            cursor = Some(position);
        }
        if line.is_empty() {
            let after = u16::from(focused);
            painter.text(
                Rect { x: at.x + after, width: at.width.saturating_sub(after), ..at },
                field.hint(),
                Role::Dim,
            );
        }
    }
    let said = row(inner, 3);
    match &open.problem {
        Some(problem) => painter.text(said, &format!("! {problem}"), Role::Error),
        None => painter.text(said, "  Enter writes them into prompt.toml, where its comments stay", Role::Dim),
    };
    follows(model, open, area, painter);
    cursor
}

/// What follows from it, from the row it was scrolled to.
fn follows(model: &Model, open: &CostBox, area: Rect, painter: &mut Painter<'_>) {
    let below = boxes::costs_area(area);
    let width = usize::from(below.width);
    let most = boxes::costs_most(model, open, area);
    let first = open.scrolled.min(most);
    let line = row(boxes::inner(area), 4);
    painter.text(line, &"─".repeat(width), Role::Border);
    if most > 0 {
        let keys = [Action::FormPageUp, Action::FormPageDown].map(|action| model.keymap.shown(action));
        let state = match (first, most - first) {
            (0, below) => format!(" {}: {below} more ", keys[1]),
            (above, 0) => format!(" {}: {above} above ", keys[0]),
            (above, below) => format!(" {}: {above} above, {}: {below} more ", keys[0], keys[1]),
        };
        painter.right(Rect { width: line.width.saturating_sub(1), ..line }, &state, Role::Dim);
    }
    let all = lines(model, open);
    let rows =
        all.iter().flat_map(|(line, role)| wrap::rows(line, width).into_iter().map(move |at| (&line[at], *role)));
    for (index, (shown, role)) in (0..below.height).zip(rows.skip(first)) {
        painter.text(row(below, index), shown, role);
    }
}
