//! The variables pane: every variable with its value, or why it has none; the selected one explained, or its value written.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, columns, row};
use crate::prompt::{Freshness, Privacy};
use crate::tui::draft::{Draft, DraftView, PaneId, Row, RowState};
use crate::tui::editor::{EditorView, Focus};
use crate::tui::keymap::Action;
use crate::tui::model::{Level, Model};
use crate::tui::theme::Role;

/// Draws the pane; gives the place of the cursor while a value is written.
pub fn draw(model: &Model, draft: &Draft, view: &DraftView, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let values = &draft.values;
    let used = draft.rows.iter().filter(|row| row.state != RowState::Unused).count();
    let missing = draft.rows.iter().filter(|row| row.state == RowState::Missing).count();
    let narrow = area.width < 42;
    let title = format!("{} {}/{used}", if narrow { "Vars" } else { "Variables" }, used - missing);
    let state = match (&values.set, values.changed) {
        (Some(set), false) if narrow => set.clone(),
        (Some(set), true) if narrow => format!("{set} ●"),
        (Some(set), false) => format!("set: {set}"),
        (Some(set), true) => format!("{set} ● changed"),
        (None, _) => "no set".to_owned(),
    };
    let focused = draft.focus == PaneId::Variables;
    let keys = &model.keymap;
    let foot = format!("{} set  {} save as set", keys.shown(Action::ChooseSet), keys.shown(Action::SaveSet));
    painter.border(area, &Border { title: &title, state: &state, foot: &foot, focused, ..Border::default() });
    let (Some(list), Some(value)) = (view.list, view.value) else { return None };
    if draft.rows.is_empty() {
        painter.paragraph(list, "No variables yet. Write {{name}} in a section.", Role::Dim);
        return None;
    }
    let first = view.first_row(values.selected);
    let names = draft.rows.iter().map(|row| columns(&row.name)).max().unwrap_or(0).min(list.width * 2 / 5);
    for (index, shown) in draft.rows.iter().enumerate().skip(first).take(usize::from(list.height)) {
        let place = row(list, u16::try_from(index - first).unwrap_or(0));
        draw_row(draft, shown, place, names, focused && index == values.selected, painter);
    }
    explain(model, draft, value, painter)
}

fn draw_row(draft: &Draft, shown: &Row, place: Rect, names: u16, selected: bool, painter: &mut Painter<'_>) {
    let base = if selected { Role::OverlaySelected } else { Role::Text };
    painter.fill(place, base);
    let name_role = match (selected, shown.state) {
        (true, _) => Role::OverlaySelected,
        (false, RowState::Missing) => Role::VariableMissing,
        (false, RowState::Unused) => Role::Dim,
        (false, _) => Role::VariableKnown,
    };
    if selected {
        painter.text(place, &painter.sign("▸"), base);
    }
    let name = Rect { x: place.x + 1, width: names, ..place };
    painter.cut(name, &shown.name, name_role);
    let rest = Rect { x: name.right() + 1, width: place.width.saturating_sub(names + 2), ..place };
    let given = draft.values.values.get(&shown.name);
    let hidden = draft.values.hidden(&shown.name);
    let (text, role) = match shown.state {
        RowState::Missing => ("? missing".to_owned(), Role::Error),
        RowState::Playtest => ("filled by the playtest".to_owned(), Role::Dim),
        RowState::Empty => ("may be empty".to_owned(), Role::Dim),
        RowState::Unused => ("- not used in the text".to_owned(), Role::Dim),
        RowState::Given | RowState::Default if hidden => {
            let word = if shown.privacy == Privacy::Secret { "secret" } else { "personal" };
            (format!("{} {word}, hidden", painter.sign("▪")), Role::Personal)
        }
        RowState::Given => (one_line(given.unwrap_or_default(), painter), Role::Value),
        RowState::Default => {
            let value = draft.values.value(&shown.name).unwrap_or_default();
            (format!("{} (default)", one_line(value, painter)), Role::Value)
        }
    };
    painter.cut_content(rest, &text, if selected { base } else { role });
}

/// What stands below the list: the value while it is written, else what is known about the selected variable.
fn explain(model: &Model, draft: &Draft, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    if area.height == 0 {
        return None;
    }
    if let Some(editing) = &draft.values.editing {
        let editor = EditorView::new(&editing.writing.buffer, &model.theme).focus(Focus::Here);
        let place = editor.draw(area, painter.cells).cursor;
        if editing.writing.buffer.is_empty() {
            painter.text(area, &format!("  value of {}", editing.name), Role::Dim);
        }
        return place.filter(|_| model.level == Level::Edit);
    }
    let selected = draft.rows.get(draft.values.selected)?;
    let declared = draft.values.declarations.get(&selected.name);
    let uses = match selected.uses {
        1 => "used once".to_owned(),
        uses => format!("used {uses} times"),
    };
    let facts = match declared {
        Some(declared) => {
            let (privacy, freshness) = (privacy_word(declared.privacy), freshness_word(declared.freshness));
            format!("{privacy} · {freshness} · {uses}{}", if declared.untrusted { " · written by others" } else { "" })
        }
        None => format!("not declared in prompt.toml · {uses}"),
    };
    painter.text(row(area, 0), &"─".repeat(usize::from(area.width)), Role::Border);
    painter.cut(row(area, 1), &facts, Role::Dim);
    let below = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if let Some(description) = declared.and_then(|declared| declared.description.as_deref()) {
        painter.paragraph(below, description, Role::Text);
    }
    None
}

/// Symbol and word.
pub(super) fn privacy_word(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Public => "○ public",
        Privacy::Internal => "◦ internal",
        Privacy::Personal => "▪ personal",
        Privacy::Secret => "■ secret",
    }
}

fn freshness_word(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Static => "static",
        Freshness::Daily => "daily",
        Freshness::Session => "per session",
        Freshness::Request => "per request",
    }
}

/// The first line of a value, with a mark when there is more.
fn one_line(value: &str, painter: &Painter<'_>) -> String {
    let mut lines = value.lines();
    let first = lines.next().unwrap_or_default();
    let cut: String = first.chars().take(200).collect();
    match lines.count() {
        0 if value.is_empty() => "(empty)".to_owned(),
        0 => cut,
        more => format!("{cut} {} +{more} lines", painter.sign("…")),
    }
}
