//! The parts of a list's box: the filter, the rows, and the chosen row in whole where a row does not fit.

use ratatui::layout::Rect;

use super::{area, inner};
use crate::prompt::wrap;
use crate::tui::model::Model;
use crate::tui::overlay::{Overlay, Pick, PickRow, Picker};

/// Rows that the chosen row takes in whole, with the line above it.
const WHOLE: u16 = 3;
/// The same for a finding: what is wrong and what to do about it.
const WHOLE_FINDING: u16 = 6;
/// The fewest rows that stay for the list itself.
const FEWEST: u16 = 4;

/// Where everything below the filter stands in a list's box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListAreas {
    /// The rows.
    pub rows: Rect,
    /// The chosen row in whole, below a line; empty where every row fits, or where there is no room.
    pub whole: Rect,
}

/// The parts of the list `picker`, whose box is `area`.
pub fn list<T>(findings: bool, picker: &Picker<T>, area: Rect) -> ListAreas {
    let inner = inner(area);
    let whole = whole_rows(findings, picker, inner);
    let rows = inner.height.saturating_sub(1 + whole);
    let rows = Rect { y: inner.y + 1.min(inner.height), height: rows, ..inner };
    ListAreas { rows, whole: Rect { y: rows.bottom(), height: whole.min(inner.height.saturating_sub(1)), ..inner } }
}

/// Rows for the chosen row in whole inside `inner`, with the line above it; none where all rows fit.
pub(super) fn whole_rows<T>(findings: bool, picker: &Picker<T>, inner: Rect) -> u16 {
    let wanted = if findings {
        WHOLE_FINDING
    } else if picker.rows.iter().any(|row| !fits(row, inner.width)) {
        WHOLE
    } else {
        0
    };
    let fewest = FEWEST.min(u16::try_from(picker.rows.len()).unwrap_or(FEWEST));
    wanted.min(inner.height.saturating_sub(1 + fewest))
}

/// Whether a row is shown in whole.
fn fits<T>(row: &PickRow<T>, width: u16) -> bool {
    let detail = row.disabled.as_ref().map_or(wrap::width(&row.detail), |why| wrap::width(why) + 2);
    // the mark before it, and a blank on both sides of what stands at the right
    wrap::width(&row.label) + detail + if detail == 0 { 3 } else { 4 } <= usize::from(width)
}

/// The rows of the open list, and its whole box.
pub fn list_area(model: &Model) -> (Option<Rect>, Rect) {
    let Some(overlay) = &model.overlay else { return (None, Rect::default()) };
    let area = area(model, overlay);
    let parts = match overlay {
        Overlay::Help(picker, _) => list(false, picker, area),
        Overlay::Palette(picker) => list(false, picker, area),
        Overlay::Pick(pick, picker) => list(*pick == Pick::Findings, picker, area),
        _ => return (None, Rect::default()),
    };
    (Some(parts.rows), area)
}

/// The first shown row of the open list, so that the selected one is in sight.
pub fn first_row(model: &Model, height: u16) -> usize {
    let selected = match &model.overlay {
        Some(Overlay::Help(picker, _)) => picker.selected,
        Some(Overlay::Palette(picker)) => picker.selected,
        Some(Overlay::Pick(_, picker)) => picker.selected,
        _ => 0,
    };
    (selected + 1).saturating_sub(usize::from(height.max(1)))
}
