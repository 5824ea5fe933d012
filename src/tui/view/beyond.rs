//! What differs beside the text of a comparison: below its rows, and on a page in their place.

use ratatui::layout::Rect;

use super::paint::{Border, Painter, row as row_of};
use crate::tui::beyond::{Detail, PageRow};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// What differs beside the text, in the place of the rows.
pub fn page(model: &Model, top: usize, area: Rect, painter: &mut Painter<'_>) {
    let inner = layout::text(area);
    let all = &model.diffing.beyond;
    let top = top.min(all.len().saturating_sub(usize::from(inner.height)));
    let left = all.len().saturating_sub(top + usize::from(inner.height));
    let state = if left > 0 { format!("{left} more") } else { String::new() };
    let foot = format!("{} back to the text", model.keymap.shown(Action::DiffPage));
    painter.border(
        area,
        &Border { title: "Beside the text", state: &state, foot: &foot, focused: true, ..Border::default() },
    );
    for (index, line) in (0..inner.height).zip(all.iter().skip(top)) {
        let place = row_of(inner, index);
        match line {
            PageRow::Head(title, words) => {
                let used = painter.text(place, title, Role::Heading) + 2;
                let rest =
                    Rect { x: place.x + used.min(place.width), width: place.width.saturating_sub(used), ..place };
                painter.text(rest, words, Role::Dim);
            }
            PageRow::Line(line) => {
                detail(line, role_of(line.changed), place, painter);
            }
        }
    }
}

fn role_of(changed: bool) -> Role {
    if changed { Role::Change } else { Role::Dim }
}

pub fn details(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    if area.height == 0 {
        return;
    }
    let all = &model.diffing.details;
    let inner = layout::text(area);
    let key = model.keymap.shown(Action::DiffPage);
    let foot = if all.len() > usize::from(inner.height) { format!("{key} all of it") } else { String::new() };
    painter.border(area, &Border { title: "Beside the text", foot: &foot, ..Border::default() });
    if inner.height == 1 {
        let role = role_of(all.iter().any(|line| line.changed));
        let mut rest = inner;
        for line in all {
            let used = detail(line, role, rest, painter) + 3;
            rest = Rect { x: rest.x + used.min(rest.width), width: rest.width.saturating_sub(used), ..rest };
        }
        return;
    }
    for (index, line) in all.iter().enumerate() {
        let place = row_of(inner, u16::try_from(index).unwrap_or(u16::MAX));
        if usize::from(inner.height) == index + 1 && index + 1 < all.len() {
            painter.text(place, &format!("… and {} more", all.len() - index), Role::Dim);
            break;
        }
        detail(line, role_of(line.changed), place, painter);
    }
}

/// One line of it; values look as they are. Gives the columns used.
fn detail(line: &Detail, role: Role, place: Rect, painter: &mut Painter<'_>) -> u16 {
    let mut used = painter.cut_content(place, &line.text, role);
    if let Some(then) = &line.then {
        let rest = |used: u16| Rect { x: place.x + used, width: place.width.saturating_sub(used), ..place };
        used += painter.text(rest(used), " → ", role);
        used += painter.cut_content(rest(used), then, role);
    }
    used
}
