//! The strip of the tour below the screen, and the page of the first start.

use ratatui::layout::Rect;

use super::paint::{Border, Painter, columns, row};
use crate::tui::boxes;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::overlay::WELCOME;
use crate::tui::theme::Role;
use crate::tui::tour::{self, Tour};

/// Draws the strip into the rows below the screen.
pub fn strip(model: &Model, tour: Tour, area: Rect, painter: &mut Painter<'_>) {
    painter.fill(area, Role::Overlay);
    let first = row(area, 0);
    let rule = painter.sign("═").repeat(usize::from(area.width));
    painter.text(first, &rule, Role::BorderFocus);
    let (number, count) = tour.progress();
    let did = if tour.did() { "well done! " } else { "" };
    let title = format!(" {did}{number}/{count} {} ", tour.step().title);
    painter.text(Rect { x: area.x + 2, width: area.width.saturating_sub(2), ..first }, &title, Role::BorderFocus);
    let keys = &model.keymap;
    let ways = format!(" {} next  {} back ", keys.shown(Action::TourNext), keys.shown(Action::TourBack));
    if columns(&title) + columns(&ways) + 4 <= area.width {
        painter.right(Rect { width: area.width - 1, ..first }, &ways, Role::Dim);
    }
    let below = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(1),
    };
    painter.paragraph(below, &tour::words(model, tour.step().text), Role::Overlay);
}

/// Draws the page of the first start.
pub fn welcome(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    let border = Border { title: "Welcome to greenroom", foot: "any key begins", focused: true, ..Border::default() };
    painter.border(area, &border);
    let inner = boxes::inner(area);
    for (y, line) in (0..).zip(WELCOME) {
        painter.text(row(inner, y), &tour::words(model, line), Role::Overlay);
    }
}
