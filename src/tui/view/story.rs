//! The box that tells what became of a line or a section.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, row};
use crate::tui::boxes;
use crate::tui::telling::{StoryBox, StoryLine};
use crate::tui::theme::Role;

/// Draws it; there is no cursor.
pub fn draw(open: &StoryBox, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let inner = boxes::inner(area);
    let count = open.lines.as_ref().map_or(0, Vec::len);
    let fits = open.rows(inner.width) <= inner.height;
    let top = if fits { 0 } else { open.top.min(count.saturating_sub(1)) };
    let state = if fits { String::new() } else { "↑↓ goes on".to_owned() };
    let title = format!("History: {}", open.title);
    let border = Border { title: &title, foot: "Esc closes", focused: true, state: &state, ..Border::default() };
    painter.border(area, &border);
    let Some(lines) = &open.lines else {
        painter.text(row(inner, 0), "reading the versions…", Role::Dim);
        return None;
    };
    let mut y = 0;
    for line in lines.iter().skip(top) {
        let text = line.text();
        for (number, bytes) in line.rows(inner.width).into_iter().enumerate() {
            if y == inner.height {
                return None;
            }
            let place = row(inner, y);
            let indent = line.indent();
            let at = Rect { x: place.x + indent, width: place.width.saturating_sub(indent), ..place };
            let start = bytes.start;
            let plain = painter.style(if let StoryLine::Version(_) = line { Role::Heading } else { Role::Overlay });
            match line {
                StoryLine::Line { lead, was, marks, note, .. } => {
                    let (sign, strong) =
                        if *was { (Role::Delete, Role::DeleteEmphasis) } else { (Role::Insert, Role::InsertEmphasis) };
                    if number == 0 {
                        painter.text(
                            Rect { x: place.x + 2, width: place.width.saturating_sub(2), ..place },
                            lead,
                            sign,
                        );
                    }
                    let strong = painter.style(strong);
                    let marked = |byte: usize| marks.iter().any(|mark| mark.contains(&(start + byte)));
                    let (said, dim) = (text.len() - note, painter.style(Role::Dim));
                    painter.styled(at, &text[bytes], |byte| match start + byte {
                        at if at >= said => dim,
                        _ if marked(byte) => strong,
                        _ => plain,
                    });
                }
                _ => {
                    painter.styled(at, &text[bytes], |_| plain);
                }
            }
            y += 1;
        }
    }
    None
}
