//! The box of a drill.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter};
use crate::tui::boxes;
use crate::tui::drilling::DrillBox;

/// Draws it; there is no cursor.
pub fn draw(open: &DrillBox, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let title = format!("Is there a way back of {}?", open.prompt);
    painter.border(area, &Border { title: &title, foot: "↑↓ scrolls  Esc closes", focused: true, ..Border::default() });
    let inner = boxes::inner(area);
    let mut y = 0;
    for (line, role) in open.lines().into_iter().skip(open.top) {
        if y >= inner.height {
            break;
        }
        let rest = Rect { y: inner.y + y, height: inner.height - y, ..inner };
        y += painter.paragraph(rest, &line, role).max(1);
    }
    None
}
