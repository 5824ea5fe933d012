//! The question about two texts: what has happened, what differs, the answers.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, columns, row};
use crate::tui::boxes;
use crate::tui::changes::ChangeRow;
use crate::tui::decision::Decision;
use crate::tui::theme::Role;

/// So many columns stand before the words that differ, when a line is too long for its row.
const LEAD: usize = 16;

/// Draws it; there is no cursor.
pub fn draw(decision: &Decision, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let parts = boxes::decision(decision, area);
    let all = decision.changes.rows.len();
    let first = decision.scroll.min(all.saturating_sub(usize::from(parts.rows.height)));
    let last = (first + usize::from(parts.rows.height)).min(all);
    let state = if last - first < all { format!("{}-{last} of {all}", first + 1) } else { String::new() };
    let border =
        Border { title: &decision.title, state: &state, foot: decision.foot, focused: true, ..Border::default() };
    painter.border(area, &border);
    let mut y = 0;
    for note in &decision.notes {
        let rest = Rect { y: parts.notes.y + y, height: parts.notes.height.saturating_sub(y), ..parts.notes };
        y += painter.paragraph(rest, note, Role::Overlay);
    }
    for (index, change) in decision.changes.rows[first..last].iter().enumerate() {
        line(change, row(parts.rows, u16::try_from(index).unwrap_or(u16::MAX)), painter);
    }
    super::overlay::answers(
        decision.answers.iter().map(|(label, _)| *label),
        decision.selected,
        parts.answers,
        painter,
    );
    None
}

/// One row of what differs.
pub(super) fn line(change: &ChangeRow, place: Rect, painter: &mut Painter<'_>) {
    let (comes, text, marks) = match change {
        ChangeRow::Section { title, added, removed } => {
            let count = format!("  +{added} −{removed}");
            painter.pieces(place, &[(title, Role::Heading), (&count, Role::Dim)]);
            return;
        }
        ChangeRow::More(lines) => {
            painter.text(place, &format!("  and {lines} lines more"), Role::Dim);
            return;
        }
        ChangeRow::Line { comes, text, marks } => (*comes, text, marks),
    };
    let (sign, role, marked) =
        if comes { ("+ ", Role::Insert, Role::InsertEmphasis) } else { ("- ", Role::Delete, Role::DeleteEmphasis) };
    painter.text(place, sign, role);
    let room = Rect { x: place.x + 2, width: place.width.saturating_sub(2), ..place };
    let start = start_of(text, marks.first().map(|mark| mark.start), usize::from(room.width));
    let (plain, strong) = (painter.style(role), painter.style(marked));
    let is_marked = |at: usize| marks.iter().any(|mark| mark.contains(&(start + at)));
    painter.styled(room, &text[start..], |at| if is_marked(at) { strong } else { plain });
    if start > 0 {
        painter.text(Rect { width: 1, ..room }, "…", Role::Dim);
    }
    if columns(&text[start..]) > room.width {
        painter.text(Rect { x: room.right().saturating_sub(1), width: 1, ..room }, "…", Role::Dim);
    }
}

/// Where a line begins to be shown, so that its first words that differ are in sight.
fn start_of(text: &str, mark: Option<usize>, width: usize) -> usize {
    let Some(mark) = mark.filter(|mark| usize::from(columns(&text[..*mark])) + LEAD > width) else { return 0 };
    let before = text[..mark].char_indices().rev().nth(LEAD).map_or(0, |(at, _)| at);
    // a word is shown from its first letter
    text[before..mark].find(' ').map_or(before, |blank| before + blank)
}
