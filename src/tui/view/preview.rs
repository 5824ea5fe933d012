//! The filled prompt, as far as it is in sight.

use ratatui::layout::Rect;

use super::paint::{Border, Painter, row};
use crate::model::Change;
use crate::model::bill::{dollars, number};
use crate::model::costing::{Fill, bar};
use crate::prompt::wrap;
use crate::tui::canvas::{LineRows, RowKind, Stamps, stamp};
use crate::tui::costs::fill_role;
use crate::tui::counting::Count;
use crate::tui::draft::{Draft, DraftView, PaneId, PreviewAnchor, PreviewKind, PreviewSource};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::update::costing;

/// Draws the sides of the border, and forgets what stood in it.
pub fn frame(draft: &Draft, area: Rect, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    stamps.forget_rows(RowKind::Preview);
    stamps.forget_rows(RowKind::PreviewEdge);
    painter.sides(area, draft.focus == PaneId::Preview);
}

/// Draws the upper and the lower edge, which say what the prompt costs: they change with every count, and what stands
/// between them does not.
pub fn edges(
    model: &Model,
    draft: &Draft,
    view: &DraftView,
    area: Rect,
    painter: &mut Painter<'_>,
    stamps: &mut Stamps,
) {
    let total = draft.counts.total();
    let (looks, narrow) = ((draft.raw, draft.examples_go(), draft.values.reveal), area.width < 60);
    let upper = Rect { height: 1.min(area.height), ..area };
    let lower = Rect { y: area.bottom().saturating_sub(1), ..upper };
    // the words are only put together when something has changed that they are made of
    let with = (looks, total, draft.counts.revision(), draft.assumptions, view.cost.is_none());
    let above = stamps.must_draw_row(RowKind::PreviewEdge, upper, stamp(with));
    let below = stamps.must_draw_row(RowKind::PreviewEdge, lower, stamp(with));
    if !above && !below {
        return;
    }
    let (title, reveal) = match looks {
        (true, _, false) => ("Preview, as stored", "show personal"),
        (true, _, true) => ("Preview, as stored", "hide personal"),
        (false, false, false) => ("Preview", "show personal"),
        (false, false, true) => ("Preview", "hide personal"),
        // the count beside the title is worth more than these words
        (false, true, false) if narrow => ("Preview", "real values"),
        (false, true, true) if narrow => ("Preview", "examples, as sent"),
        (false, true, false) => ("Preview with examples", "real values"),
        (false, true, true) => ("Preview with real values", "examples, as sent"),
    };
    let keys = &model.keymap;
    let foot = format!("{} raw/filled  {} {reveal}", keys.shown(Action::RawToggle), keys.shown(Action::Reveal));
    let count = total.map(Count::words).unwrap_or_default();
    let budget = total.zip(draft.assumptions.budget).map(|(total, budget)| budget_of(total.tokens, budget, area));
    let (state, role) = budget.map_or((String::new(), None), |(state, role)| (state, Some(role)));
    // a pane that stands alone says there which one it is, and where the costs are shown they are not said twice
    let sum = if area.width < model.size.0 && view.cost.is_none() {
        sum(model, draft).unwrap_or_default()
    } else {
        String::new()
    };
    let focused = draft.focus == PaneId::Preview;
    let border = Border { title, count: &count, state: &state, state_role: role, foot: &foot, sum: &sum, focused };
    if above {
        painter.upper_edge(area, &border);
    }
    if below {
        painter.lower_edge(area, &border);
    }
}

/// How full the budget is: a bar and a word, so that no colour is needed.
fn budget_of(tokens: usize, budget: u64, area: Rect) -> (String, Role) {
    let fill = Fill::of(tokens, budget);
    let (signs, percent) = bar(tokens, budget, 8);
    let words = match fill {
        Fill::Within if area.width < 60 => format!("[{signs}] {percent} %"),
        Fill::Near if area.width < 60 => format!("! {percent} % of budget"),
        Fill::Over if area.width < 60 => "!! over budget".to_owned(),
        Fill::Within => format!("[{signs}] {percent} % of {}", number(usize::try_from(budget).unwrap_or(usize::MAX))),
        Fill::Near | Fill::Over => format!("[{signs}] {percent} % {}", fill.word()),
    };
    (words, if fill == Fill::Within { Role::Dim } else { fill_role(fill) })
}

/// What has changed since the last version, and what a call costs.
fn sum(model: &Model, draft: &Draft) -> Option<String> {
    let costing = costing(model, draft.assumptions)?;
    let change = costing.change.as_ref().map(Change::short);
    let call = costing.bill.filter(|bill| bill.call() > 0.0).map(|bill| format!("{} a call", dollars(bill.call())));
    let parts: Vec<String> = call.into_iter().chain(change).collect();
    // the money of a text that stands there no more has the mark of its count
    let current = draft.counts.total()?.current;
    (!parts.is_empty()).then(|| format!("{}{}", parts.join(" · "), Count::mark(current)))
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
        let place = row(text, y);
        // no line stands there any more, whatever comes back to this row
        stamps.put_line(RowKind::Preview, place.y, 1, None);
        if stamps.must_draw_row(RowKind::Preview, place, 0) {
            painter.fill(place, Role::Text);
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
        PreviewKind::Hidden | PreviewKind::Example => Role::Personal,
    })
}
