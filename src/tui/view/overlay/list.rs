//! Lists over the screen: the filter, the rows, and the chosen row in whole where a row does not fit.

use ratatui::layout::{Position, Rect};

use super::super::paint::{Border, Painter, columns, row};
use super::input;
use crate::model::ModelName;
use crate::tui::boxes;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::overlay::{HelpRow, Overlay, Pick, PickRow, Picker};
use crate::tui::theme::Role;

/// Whose words stand in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// greenroom's.
    Own,
    /// Names and titles of the user's, which look as they are.
    Theirs,
    /// What the linter says: it comes before the name of its rule, where there is no room for both.
    Findings,
}

/// The keys.
pub fn help(model: &Model, picker: &Picker<HelpRow>, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let is_heading = |row: &HelpRow| *row == HelpRow::Heading;
    let cursor = list(model, (picker, Words::Own), is_heading, area, painter);
    whole(picker, Words::Own, boxes::list(false, picker, area).whole, painter);
    cursor
}

/// Every action.
pub fn palette(model: &Model, picker: &Picker<Action>, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let cursor = list(model, (picker, Words::Own), |_| false, area, painter);
    whole(picker, Words::Own, boxes::list(false, picker, area).whole, painter);
    cursor
}

/// A list to choose from.
pub fn pick(
    model: &Model,
    pick: Pick,
    picker: &Picker<String>,
    area: Rect,
    painter: &mut Painter<'_>,
) -> Option<Position> {
    let findings = pick == Pick::Findings;
    let words = if findings { Words::Findings } else { Words::Theirs };
    let cursor = list(model, (picker, words), |_| false, area, painter);
    let place = boxes::list(findings, picker, area).whole;
    if findings {
        finding(model, picker, place, painter);
    } else {
        whole(picker, words, place, painter);
    }
    cursor
}

fn list<T>(
    model: &Model,
    (picker, words): (&Picker<T>, Words),
    is_heading: impl Fn(&T) -> bool,
    area: Rect,
    painter: &mut Painter<'_>,
) -> Option<Position> {
    let shown = picker.shown();
    let state = format!("{} of {}", if shown.is_empty() { 0 } else { picker.selected + 1 }, shown.len());
    let foot = if picker.typing { "Esc closes" } else { "/ filters  Esc closes" };
    painter.border(area, &Border { title: picker.title, state: &state, foot, focused: true, ..Border::default() });
    let inner = boxes::inner(area);
    let mut cursor = None;
    if picker.typing {
        let place = row(inner, 0);
        painter.text(place, "/ ", Role::Accent);
        cursor = Some(input(
            &picker.filter,
            Rect { x: place.x + 2, width: place.width.saturating_sub(2), ..place },
            painter,
        ));
    } else {
        painter.text(row(inner, 0), "type / to filter", Role::Dim);
    }
    let rows = boxes::list(words == Words::Findings, picker, area).rows;
    if shown.is_empty() {
        let said = match (picker.rows.is_empty(), &model.overlay) {
            (false, Some(Overlay::Pick(Pick::Model, _))) => match ModelName::parse(&picker.filter.text()) {
                Some(_) => "not in the list; Enter chooses it all the same".to_owned(),
                None => "nothing matches; PROVIDER:MODEL and Enter choose any model".to_owned(),
            },
            (false, _) => "nothing matches; Backspace takes letters away".to_owned(),
            (true, Some(Overlay::Pick(Pick::Library, _))) => {
                format!("no prompts yet: {} makes the first one", model.keymap.shown(Action::ListNew))
            }
            (true, _) => "there is nothing to choose from yet".to_owned(),
        };
        painter.cut(row(rows, 0), &said, Role::Dim);
    }
    let first = boxes::first_row(model, rows.height);
    for (index, entry) in shown.iter().enumerate().skip(first).take(usize::from(rows.height)) {
        let place = row(rows, u16::try_from(index - first).unwrap_or(0));
        entry_row(entry, (index == picker.selected, is_heading(&entry.value)), words, place, painter);
    }
    cursor
}

fn entry_row<T>(
    entry: &PickRow<T>,
    (selected, heading): (bool, bool),
    words: Words,
    place: Rect,
    painter: &mut Painter<'_>,
) {
    let role = match (selected, &entry.disabled) {
        (true, _) => Role::OverlaySelected,
        (false, Some(_)) => Role::Dim,
        (false, None) if heading => Role::Heading,
        (false, None) => Role::Overlay,
    };
    painter.fill(place, role);
    painter.text(place, if selected { "▸" } else { " " }, role);
    let detail = entry.disabled.as_deref().map_or(entry.detail.clone(), |why| format!("- {why}"));
    let left = place.width.saturating_sub(columns(&entry.label) + 5);
    let detail_width = match words {
        Words::Findings if columns(&detail) > left => 0,
        Words::Findings => columns(&detail),
        Words::Own | Words::Theirs => columns(&detail).min(left.max(place.width / 3)),
    };
    let between = if detail_width == 0 { 3 } else { 4 };
    let label = Rect { x: place.x + 2, width: place.width.saturating_sub(detail_width + between), ..place };
    let at = Rect { x: place.right().saturating_sub(detail_width + 1), width: detail_width, ..place };
    let faint = if selected {
        role
    } else if entry.detail.starts_with('!') {
        Role::Error
    } else {
        Role::Dim
    };
    for (place, text, role) in [(label, &entry.label, role), (at, &detail, faint)] {
        match words {
            Words::Own | Words::Findings => painter.cut(place, text, role),
            Words::Theirs => painter.cut_content(place, text, role),
        };
    }
}

/// The chosen row in whole, below a line.
fn whole<T>(picker: &Picker<T>, words: Words, place: Rect, painter: &mut Painter<'_>) {
    let Some(chosen) = picker.chosen().filter(|_| place.height > 1) else { return };
    let below = under(place, painter);
    let label = chosen.label.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = match (&chosen.disabled, chosen.detail.is_empty()) {
        (Some(why), _) => format!("{label}: {why}"),
        (None, true) => label,
        (None, false) => format!("{label}  {}", chosen.detail),
    };
    match words {
        Words::Own | Words::Findings => painter.paragraph(below, &said, Role::Dim),
        Words::Theirs => painter.paragraph_of_theirs(below, &said, Role::Dim),
    };
}

/// What is wrong and what to do about it, below a line.
fn finding(model: &Model, picker: &Picker<String>, place: Rect, painter: &mut Painter<'_>) {
    let Some(row) = picker.chosen().filter(|_| place.height > 1) else { return };
    let Some(mark) = row.value.parse::<usize>().ok().and_then(|index| model.linting.marks.get(index)) else { return };
    let below = under(place, painter);
    let used = painter.paragraph(below, &format!("{} [{}]", mark.finding.message, row.detail), Role::Overlay);
    let rest = Rect { y: below.y + used, height: below.height.saturating_sub(used), ..below };
    painter.paragraph(rest, &mark.finding.help, Role::Dim);
}

/// The line above; gives what is left below it.
fn under(place: Rect, painter: &mut Painter<'_>) -> Rect {
    painter.text(row(place, 0), &"─".repeat(usize::from(place.width)), Role::Border);
    Rect { y: place.y + 1, height: place.height - 1, ..place }
}
