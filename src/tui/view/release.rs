//! The box in which something is deployed or rolled back.

use ratatui::layout::{Position, Rect};

use super::overlay::{answers, input};
use super::paint::{Border, Painter, row};
use crate::tui::boxes::{self, forms};
use crate::tui::keymap::Keymap;
use crate::tui::release::ReleaseForm;
use crate::tui::theme::Role;

/// Columns of the word before the reason.
const LABEL: u16 = 5;

/// Draws it; gives the place of the cursor.
pub fn draw(form: &ReleaseForm, keymap: &Keymap, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let title = form.title();
    let state =
        if form.places.len() > 1 { format!("Tab: other than {}", form.wish.environment) } else { String::new() };
    let can = form.answers().len() > 1;
    let foot = match (form.busy, can) {
        (true, _) => "^C ends it  Esc closes; it goes on",
        (false, true) => "type why  ←→ choose  Enter accepts  Esc cancels",
        (false, false) => "Esc closes",
    };
    painter.border(area, &Border { title: &title, state: &state, foot, focused: true, ..Border::default() });
    let inner = boxes::inner(area);
    let below = inner.height.saturating_sub(4);
    let mut y = 0;
    for (line, role) in form.lines(keymap) {
        if y >= below {
            break;
        }
        y += painter.paragraph(Rect { y: inner.y + y, height: below - y, ..inner }, &line, role);
    }
    let place = row(inner, below + 1);
    let mut cursor = None;
    if can {
        painter.text(place, "Why", Role::Accent);
        cursor = Some(input(&form.why, forms::beside(place, LABEL), painter));
    }
    answers(form.answers().into_iter(), usize::from(form.agreed), forms::answers_row(area), painter);
    cursor
}
