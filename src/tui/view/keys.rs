//! What helps a hand on the keys: the letters of jump mode, and the box of what may follow the keys that were pressed.

use ratatui::layout::Rect;

use super::paint::{Border, Painter, columns, row};
use crate::tui::jump::targets;
use crate::tui::keymap::shown_keys;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::possible::why_not;
use crate::tui::theme::Role;

/// The letters that one can jump to.
pub fn letters(model: &Model, painter: &mut Painter<'_>) {
    for target in targets(model) {
        let place = Rect { x: target.at.x, y: target.at.y, width: 1, height: 1 };
        painter.fill(place, Role::CurrentMatch);
        painter.text(place, target.letter.encode_utf8(&mut [0; 4]), Role::CurrentMatch);
    }
}

/// The box of followers, above the last two rows; only when a sequence was begun a while ago.
pub fn followers(model: &Model, painter: &mut Painter<'_>) {
    let Some(unfinished) = model.unfinished.as_ref().filter(|unfinished| unfinished.shown) else { return };
    let found = model.keymap.followers(&model.contexts(), &unfinished.pressed);
    let body = layout::frame(model.size).body;
    let keys = found.iter().map(|(keys, _)| columns(keys)).max().unwrap_or(0);
    let wide = found.iter().map(|(_, action)| columns(action.entry().label)).max().unwrap_or(0) + keys + 4;
    let inner_width = body.width.saturating_sub(4);
    let count = u16::try_from(found.len()).unwrap_or(u16::MAX);
    // rather two columns of cut words than keys that are not shown
    let needed = count.div_ceil(body.height.saturating_sub(2).max(1));
    // two columns where there is room for keys and half a sentence each
    let fitting = (inner_width / wide.max(1)).max(inner_width / 36);
    let per_row = fitting.max(needed).max(1);
    let wide = wide.min(inner_width / per_row);
    let rows = count.div_ceil(per_row).max(1);
    let height = (rows + 2).min(body.height);
    let area = Rect { y: body.bottom() - height, height, ..body };
    painter.fill(area, Role::Overlay);
    let title = format!("{} and then", shown_keys(&unfinished.pressed));
    painter.border(area, &Border { title: &title, foot: "Esc cancels", focused: true, ..Border::default() });
    let inner = layout::text(area);
    for (index, (key, action)) in found.iter().enumerate() {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        // down first, as a list is read
        let line = row(inner, index % rows);
        let x = inner.x + (index / rows) * wide;
        let place = Rect { x, width: inner.right().saturating_sub(x).min(wide), ..line };
        painter.text(place, key, Role::HintKey);
        let label = Rect { x: place.x + keys + 1, width: place.width.saturating_sub(keys + 2), ..place };
        let role = if why_not(model, *action).is_none() { Role::Overlay } else { Role::Dim };
        painter.cut(label, action.entry().label, role);
    }
}
