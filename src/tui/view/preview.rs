//! The filled prompt, as far as it is in sight.

use ratatui::layout::Rect;

use super::paint::{Border, Painter, row};
use crate::prompt::wrap;
use crate::tui::canvas::{Stamps, stamp};
use crate::tui::draft::{Draft, PaneId, PreviewKind, PreviewSource};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// Draws the border, and forgets the rows that stood in it.
pub fn frame(model: &Model, draft: &Draft, area: Rect, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    stamps.forget_rows();
    let focused = draft.focus == PaneId::Preview;
    let title = if draft.raw { "Preview, as stored" } else { "Preview, filled" };
    let keys = &model.keymap;
    let reveal = if draft.values.reveal { "hide" } else { "show" };
    let foot =
        format!("{} raw/filled  {} {reveal} personal", keys.shown(Action::RawToggle), keys.shown(Action::Reveal));
    painter.border(area, &Border { title, state: "", foot: &foot, focused });
}

/// Draws the rows that differ from those of the last frame.
pub fn rows(model: &Model, draft: &Draft, area: Rect, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    let text = layout::text(area);
    let history = model.play.history();
    let source = PreviewSource::new(draft, history);
    let mut at = Some(source.nearest(draft.preview));
    let mut skip = draft.preview.row;
    let mut y = 0;
    while let Some(here) = at.filter(|_| y < text.height) {
        let line = source.line(here);
        let plain = if source.is_heading(here) { Role::Heading } else { Role::Text };
        let mut start = 0;
        for piece in line.text.split('\n') {
            for bytes in wrap::rows(piece, usize::from(text.width)) {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let from = start + bytes.start;
                let place = row(text, y);
                y += 1;
                let runs = style_runs(&line.pieces, from, bytes.len(), |byte| {
                    let kind = line.pieces.iter().find(|(end, _)| from + byte < *end).map(|(_, kind)| *kind);
                    kind.unwrap_or(PreviewKind::Plain)
                });
                if !stamps.must_draw_row(place, stamp((&piece[bytes.clone()], &runs, plain))) {
                    if y == text.height {
                        return;
                    }
                    continue;
                }
                painter.fill(place, Role::Text);
                let styles: Vec<_> =
                    runs.iter().map(|(at, kind)| (*at, painter_style(painter, *kind, plain))).collect();
                painter.styled(place, &piece[bytes], |byte| {
                    styles.iter().rev().find(|(at, _)| *at <= byte).map_or_else(Default::default, |(_, style)| *style)
                });
                if y == text.height {
                    return;
                }
            }
            start += piece.len() + 1;
        }
        at = source.after(here);
    }
    // below the end of the prompt
    for y in y..text.height {
        if stamps.must_draw_row(row(text, y), 0) {
            painter.fill(row(text, y), Role::Text);
        }
    }
}

/// Where the style changes in the row of `len` bytes that begins at byte `from` of the line.
fn style_runs<S>(
    pieces: &[(usize, PreviewKind)],
    from: usize,
    len: usize,
    style: impl Fn(usize) -> S,
) -> Vec<(usize, S)> {
    let mut runs = vec![(0, style(0))];
    for (end, _) in pieces {
        if *end > from && *end < from + len {
            runs.push((*end - from, style(*end - from)));
        }
    }
    runs
}

fn painter_style(painter: &Painter<'_>, kind: PreviewKind, plain: Role) -> ratatui::style::Style {
    painter.style(match kind {
        PreviewKind::Plain => plain,
        PreviewKind::Value => Role::Value,
        PreviewKind::Missing => Role::VariableMissing,
        PreviewKind::Hidden => Role::Personal,
    })
}
