//! Where the parts of the history's box stand: the list, or an opened run with its two sides.

use ratatui::layout::Rect;

use super::inner;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::past::Side;

/// Rows of the chosen row in whole, with the line above them.
const WHOLE: u16 = 4;
/// From so many columns on both sides of an opened run fit beside each other.
const BOTH: u16 = 100;

/// The box, its border included: all of the screen but the message and the hints.
pub fn past(model: &Model) -> Rect {
    layout::frame(model.size).body
}

/// The rows of the list.
pub fn past_rows(model: &Model) -> Rect {
    let inner = inner(past(model));
    let above = 1.min(inner.height);
    let below = if inner.height > 12 { WHOLE } else { 0 };
    Rect { y: inner.y + above, height: inner.height.saturating_sub(above + below), ..inner }
}

/// The chosen row in whole, with the line above it; empty where there is no room.
pub fn past_whole(model: &Model) -> Rect {
    let (inner, rows) = (inner(past(model)), past_rows(model));
    Rect { y: rows.bottom(), height: inner.bottom().saturating_sub(rows.bottom()), ..inner }
}

/// How the opened run went: two rows above its sides.
pub fn past_facts(model: &Model) -> Rect {
    let inner = inner(past(model));
    Rect { height: 2.min(inner.height), ..inner }
}

/// The box of a side of the opened run, its border included; `None` where it has no room.
pub fn past_pane(model: &Model, side: Side) -> Option<Rect> {
    let open = model.past.open.as_ref()?;
    let (inner, facts) = (inner(past(model)), past_facts(model));
    let whole = Rect { y: facts.bottom(), height: inner.height - facts.height, ..inner };
    if whole.width < BOTH {
        return (open.side == side).then_some(whole);
    }
    let left = whole.width / 2;
    Some(match side {
        Side::Talk => Rect { width: left, ..whole },
        Side::Prompt => Rect { x: whole.x + left, width: whole.width - left, ..whole },
    })
}

/// The text of a side of the opened run.
pub fn past_side(model: &Model, side: Side) -> Option<Rect> {
    past_pane(model, side).map(layout::text)
}
