//! What the prompt costs, at a glance, below the preview of a large screen: each section with its share, a call, a
//! month, the change since the last version. Nothing is written here; the box of the costs is one key away.

use ratatui::layout::Rect;

use super::paint::{Border, Painter, row};
use crate::model::bill::dollars;
use crate::model::costing::bar;
use crate::model::{Change, Costing};
use crate::prompt::{Counts, SectionId};
use crate::tui::canvas::{RowKind, Stamps, stamp};
use crate::tui::counting::Count;
use crate::tui::draft::Draft;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::update::costing;
use crate::vars::survey::Place;

/// Columns of the names of sections and of what is said below them.
const NAME: u16 = 13;
/// Columns of a number of tokens.
const TOKENS: u16 = 8;
/// Columns of a share.
const SHARE: u16 = 7;

/// Draws of it what has changed: a count comes in every few keys, and mostly few of its figures are others.
pub fn draw(model: &Model, draft: &Draft, area: Rect, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    let current = draft.counts.total().is_some_and(|total| total.current);
    let upper = Rect { height: 1.min(area.height), ..area };
    let lower = Rect { y: area.bottom().saturating_sub(1), ..upper };
    if stamps.must_draw_row(RowKind::CostEdge, lower, stamp(area)) {
        stamps.forget_rows(RowKind::Cost);
        painter.fill(area, Role::Text);
        painter.sides(area, false);
        let foot = format!("{} assumptions", model.keymap.shown(Action::Costs));
        painter.lower_edge(area, &Border { foot: &foot, ..Border::default() });
        stamps.drew(area);
    }
    if stamps.must_draw_row(RowKind::Cost, upper, u64::from(current)) {
        let count = if current { "" } else { "counting…" };
        painter.upper_edge(area, &Border { title: "Cost", count, ..Border::default() });
    }
    let inner = layout::text(area);
    let head = row(inner, 0);
    // nothing of the rows changes but with a count
    if !stamps.must_draw_row(RowKind::Cost, head, stamp((draft.counts.revision(), draft.assumptions))) {
        return;
    }
    let (Some(tally), Some(costing)) = (&draft.counts.tally, costing(model, draft.assumptions)) else { return };
    painter.text(head, "section", Role::Dim);
    painter.right(Rect { width: NAME + TOKENS, ..head }, "tokens", Role::Dim);
    painter.right(Rect { width: NAME + TOKENS + SHARE, ..head }, "share", Role::Dim);
    let counts = &tally.counts;
    let mut lines = (1..inner.height).map(|index| row(inner, index));
    for ((place, tokens), line) in parts(counts).zip(lines.by_ref()) {
        if stamps.must_draw_row(RowKind::Cost, line, stamp((place, tokens, counts.total, counts.exact))) {
            painter.fill(line, Role::Text);
            section(place, tokens, counts, line, painter);
        }
    }
    for ((name, said, role), line) in facts(counts, &costing).into_iter().zip(lines.by_ref()) {
        if stamps.must_draw_row(RowKind::Cost, line, stamp((&name, &said, role))) {
            painter.fill(line, Role::Text);
            painter.text(line, &name, Role::Dim);
            let rest = Rect { x: line.x + NAME, width: line.width.saturating_sub(NAME), ..line };
            painter.cut(rest, &said, role);
        }
    }
    for line in lines {
        if stamps.must_draw_row(RowKind::Cost, line, 0) {
            painter.fill(line, Role::Text);
        }
    }
}

/// The parts of the prompt with their tokens.
fn parts(counts: &Counts) -> impl Iterator<Item = (Place, usize)> {
    let unsorted = (counts.unsorted > 0).then_some((Place::Unsorted, counts.unsorted));
    let section = |id| (Place::Section(id), counts.section(Some(id)));
    unsorted.into_iter().chain(SectionId::ALL.map(section))
}

/// One part: its tokens, its share in percent and as a bar.
fn section(place: Place, tokens: usize, counts: &Counts, line: Rect, painter: &mut Painter<'_>) {
    painter.text(line, place.short(), Role::Text);
    let figure = Count { tokens, exact: counts.exact, current: true }.figure();
    painter.right(Rect { width: NAME + TOKENS, ..line }, &figure, Role::Text);
    let left = NAME + TOKENS + SHARE;
    let signs = usize::from(line.width.saturating_sub(left + 1));
    let (bar, percent) = bar(tokens, counts.total.max(1) as u64, signs);
    painter.right(Rect { width: left, ..line }, &format!("{percent} %"), Role::Text);
    let rest = Rect { x: line.x + left + 1, width: line.width.saturating_sub(left + 1), ..line };
    painter.text(rest, bar.trim_end_matches('.'), Role::Accent);
}

/// What follows from the tokens: the name of each fact, the fact, and how it looks.
fn facts(counts: &Counts, costing: &Costing) -> Vec<(String, String, Role)> {
    let prefix = Count { tokens: counts.prefix.tokens, exact: counts.exact, current: true }.figure();
    let end = counts.prefix.ended_by.as_ref().map(|name| format!(", up to {{{{{name}}}}}")).unwrap_or_default();
    let call = match (&costing.bill, costing.assumptions.reply_tokens) {
        (None, _) => "unknown: no price is known".to_owned(),
        (Some(bill), Some(_)) if bill.call() > 0.0 => {
            format!("{} ({} reply)", dollars(bill.call()), dollars(bill.output))
        }
        (Some(_), _) => costing.call(),
    };
    let mut facts = vec![
        ("cacheable".to_owned(), format!("{prefix}{end}"), Role::Text),
        ("a call".to_owned(), call, Role::Text),
        ("a month".to_owned(), costing.month(), Role::Text),
    ];
    if let Some(change) = &costing.change {
        facts.push((format!("since {}", change.from), Change::short(change), Role::Text));
    }
    facts
}
