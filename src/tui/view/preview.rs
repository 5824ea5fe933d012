//! The filled prompt, as far as it is in sight.

use ratatui::layout::Rect;

use super::paint::{Border, Painter, row};
use crate::prompt::wrap;
use crate::tui::canvas::{LineRows, RowKind, Stamps, stamp};
use crate::tui::draft::{Draft, PaneId, PreviewAnchor, PreviewKind, PreviewSource};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// Draws the border, and forgets the rows that stood in it.
pub fn frame(model: &Model, draft: &Draft, area: Rect, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    stamps.forget_rows(RowKind::Preview);
    let focused = draft.focus == PaneId::Preview;
    let title = if draft.raw { "Preview, as stored" } else { "Preview, filled" };
    let keys = &model.keymap;
    let reveal = if draft.values.reveal { "hide" } else { "show" };
    let foot =
        format!("{} raw/filled  {} {reveal} personal", keys.shown(Action::RawToggle), keys.shown(Action::Reveal));
    painter.border(area, &Border { title, state: "", foot: &foot, focused });
}

/// Draws the rows that differ from those of the last frame. Most lines are the same, and for most of these it is enough
/// to know which they are: neither are they filled nor is their text looked at.
pub fn rows(model: &Model, draft: &Draft, area: Rect, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    let text = layout::text(area);
    let history = model.play.history();
    let source = PreviewSource::new(draft, history);
    let with = stamp((text.width, history));
    let mut at = Some(source.nearest(draft.preview));
    let mut skip = draft.preview.row;
    let mut y = 0;
    let mut reader = None;
    while let Some(here) = at.filter(|_| y < text.height) {
        let first = row(text, y);
        let named = stamp((source.revision(here), skip, with));
        let known = stamps.line_at(RowKind::Preview, first.y);
        if let Some(known) = known.filter(|known| known.source == named) {
            y += known.rows;
        } else {
            let stored = stamp((&*source.read(here, &mut reader), source.is_heading(here), skip, with));
            let rows = match known {
                Some(known) if known.text == stored => known.rows,
                _ => line_rows(&source, here, skip, Rect { height: text.height - y, ..first }, painter, stamps),
            };
            let line = LineRows { source: named, text: stored, rows };
            stamps.put_line(RowKind::Preview, first.y, rows, Some(line));
            y += rows;
        }
        skip = 0;
        at = source.after(here);
    }
    // below the end of the prompt
    for y in y..text.height {
        if stamps.must_draw_row(RowKind::Preview, row(text, y), 0) {
            painter.fill(row(text, y), Role::Text);
        }
    }
}

/// Draws a line without its first `skip` rows from the first row of `area` on; gives the rows it takes there.
fn line_rows(
    source: &PreviewSource<'_>,
    here: PreviewAnchor,
    mut skip: usize,
    area: Rect,
    painter: &mut Painter<'_>,
    stamps: &mut Stamps,
) -> u16 {
    let line = source.line(here);
    let plain = if source.is_heading(here) { Role::Heading } else { Role::Text };
    let mut start = 0;
    let mut used = 0;
    for piece in line.text.split('\n') {
        for bytes in wrap::rows(piece, usize::from(area.width)) {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            if used == area.height {
                return used;
            }
            let from = start + bytes.start;
            let place = row(area, used);
            used += 1;
            let runs = style_runs(&line.pieces, from, bytes.len(), |byte| {
                let kind = line.pieces.iter().find(|(end, _)| from + byte < *end).map(|(_, kind)| *kind);
                kind.unwrap_or(PreviewKind::Plain)
            });
            if !stamps.must_draw_row(RowKind::Preview, place, stamp((&piece[bytes.clone()], &runs, plain))) {
                continue;
            }
            painter.fill(place, Role::Text);
            let styles: Vec<_> = runs.iter().map(|(at, kind)| (*at, painter_style(painter, *kind, plain))).collect();
            painter.styled(place, &piece[bytes], |byte| {
                styles.iter().rev().find(|(at, _)| *at <= byte).map_or_else(Default::default, |(_, style)| *style)
            });
        }
        start += piece.len() + 1;
    }
    used
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
