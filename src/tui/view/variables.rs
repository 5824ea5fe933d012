//! The variables pane: every variable with its value, or why it has none; the selected one explained, or its value written.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, columns, row};
use crate::prompt::Privacy;
use crate::tui::boxes::forms::{freshness_word, privacy_word};
use crate::tui::canvas::{RowKind, Stamps, stamp};
use crate::tui::draft::{Draft, DraftView, Editing, PaneId, Row, RowState, section_of};
use crate::tui::editor::{EditorView, Focus};
use crate::tui::keymap::Action;
use crate::tui::model::{Level, Model};
use crate::tui::theme::Role;
use crate::vars::check::is_too_old;
use crate::vars::survey::Place;

/// Draws the pane from nothing; gives the place of the cursor while a value is written.
pub fn draw(
    model: &Model,
    draft: &Draft,
    view: &DraftView,
    area: Rect,
    painter: &mut Painter<'_>,
    stamps: &mut Stamps,
) -> Option<Position> {
    stamps.forget_rows(RowKind::Variables);
    let values = &draft.values;
    let used = draft.rows.iter().filter(|row| row.state != RowState::Unused).count();
    let missing = draft.rows.iter().filter(|row| row.state == RowState::Missing).count();
    let narrow = area.width < 42;
    let title = match &values.editing {
        Some(editing) if editing.full.is_some() => format!("Value of {}", editing.name),
        _ => format!("{} {}/{used}", if narrow { "Vars" } else { "Variables" }, used - missing),
    };
    let state = match (&values.set, values.changed) {
        (Some(set), false) if narrow => set.clone(),
        (Some(set), true) if narrow => format!("{set} ●"),
        (Some(set), false) => format!("set: {set}"),
        (Some(set), true) => format!("{set} ● changed"),
        (None, _) => "no set".to_owned(),
    };
    let focused = draft.focus == PaneId::Variables;
    let keys = &model.keymap;
    let full = values.editing.as_ref().is_some_and(|editing| editing.full.is_some());
    let foot = format!("{} set  {} save as set", keys.shown(Action::ChooseSet), keys.shown(Action::SaveSet));
    let foot = if full { format!("{} goes back", keys.shown(Action::Back)) } else { foot };
    painter.border(area, &Border { title: &title, state: &state, foot: &foot, focused, ..Border::default() });
    if let (Some(list), true) = (view.list, draft.rows.is_empty()) {
        painter.paragraph(list, "No variables yet. Write {{name}} in a section.", Role::Dim);
        return None;
    }
    costs(model, draft, view, painter, stamps)
}

/// Draws the rows, and what stands below them, where something of it has changed: what a variable costs does with every
/// count, and on the screen it mostly looks the same.
pub fn costs(
    model: &Model,
    draft: &Draft,
    view: &DraftView,
    painter: &mut Painter<'_>,
    stamps: &mut Stamps,
) -> Option<Position> {
    let (Some(list), Some(value)) = (view.list, view.value) else { return None };
    let values = &draft.values;
    let selected_at = values.selected;
    let focused = draft.focus == PaneId::Variables;
    let first = view.first_row(selected_at);
    let names = draft.rows.iter().map(|row| columns(&row.name)).max().unwrap_or(0).min(list.width * 2 / 5);
    let most = draft.rows.iter().filter(|row| row.uses > 0).map(|row| columns(&cost(draft, row).0)).max().unwrap_or(0);
    let table = Columns::of(list, names, most);
    if let Some(head) = view.head.filter(|head| stamps.must_draw_row(RowKind::Variables, *head, u64::from(most))) {
        painter.fill(head, Role::Text);
        let titles = ["variable", "value", "used", "tokens", "share", "privacy", "freshness"];
        for (place, title) in table.places(head).into_iter().zip(titles) {
            painter.cut(place, title, Role::Heading);
        }
    }
    for (index, shown) in draft.rows.iter().enumerate().skip(first).take(usize::from(list.height)) {
        let place = row(list, u16::try_from(index - first).unwrap_or(0));
        let (figure, part) = cost(draft, shown);
        // where there is no room for it, nobody sees the share
        let part = view.head.and(Some(&part));
        if !stamps.must_draw_row(RowKind::Variables, place, stamp((&figure, part, most))) {
            continue;
        }
        let selected = focused && index == selected_at;
        draw_row(draft, shown, (place, &table), selected, painter);
        if view.head.is_some() {
            more_columns(model, draft, shown, (place, &table), selected, painter);
        }
    }
    let below = match draft.rows.get(selected_at) {
        Some(selected) if values.editing.is_none() => stamp((cost(draft, selected), stale(draft, selected, focused))),
        _ => 0,
    };
    // while a value is written the whole pane is drawn with every key
    if value.height == 0 || !stamps.must_draw_row(RowKind::Variables, value, below) {
        return None;
    }
    painter.fill(value, Role::Text);
    explain(model, draft, value, focused, painter)
}

/// Whether it is said that the cost of a variable is one of an older text.
fn stale(draft: &Draft, shown: &Row, focused: bool) -> bool {
    focused && draft.counts.variable(&shown.name).is_some_and(|count| !count.current)
}

/// Where the columns of the rows begin, and how wide they are.
struct Columns {
    names: u16,
    /// Used, tokens, share, privacy, freshness: nothing of it where there is no room.
    widths: [u16; 5],
    /// About the tokens of a value, at the right of a narrow row.
    tokens: u16,
}

impl Columns {
    fn of(list: Rect, names: u16, most: u16) -> Self {
        let wide = list.width >= 76;
        let widths = match list.width {
            ..76 => [0; 5],
            76..110 => [14, 6, 0, 10, 0],
            110.. => [30, 6, 6, 10, 20],
        };
        Self { names, widths, tokens: if !wide && list.width >= 40 { most + 1 } else { 0 } }
    }

    /// The places of the seven columns in a row; the last five are empty where there is no room.
    fn places(&self, row: Rect) -> [Rect; 7] {
        let name = Rect { x: row.x + 1, width: self.names.min(row.width.saturating_sub(1)), ..row };
        let beside: u16 =
            self.widths.iter().filter(|width| **width > 0).map(|width| width + 1).sum::<u16>() + self.tokens;
        let start = name.right() + 1;
        let value = Rect { x: start, width: row.right().saturating_sub(start).saturating_sub(beside), ..row };
        let mut x = value.right() + 1;
        let mut places = [name, value, value, value, value, value, value];
        for (place, width) in places[2..].iter_mut().zip(self.widths) {
            *place = Rect { x, width: width.min(row.right().saturating_sub(x)), ..row };
            x += if width > 0 { width + 1 } else { 0 };
        }
        places
    }
}

fn draw_row(draft: &Draft, shown: &Row, (place, table): (Rect, &Columns), selected: bool, painter: &mut Painter<'_>) {
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
    let [name, rest, ..] = table.places(place);
    painter.cut(name, &shown.name, name_role);
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
    if table.tokens > 0 && shown.uses > 0 {
        let place = Rect { x: place.right() - table.tokens, width: table.tokens, ..place };
        painter.right(place, &cost(draft, shown).0, if selected { base } else { Role::Dim });
    }
}

/// The columns that a narrow pane has no room for.
fn more_columns(
    model: &Model,
    draft: &Draft,
    shown: &Row,
    (place, table): (Rect, &Columns),
    selected: bool,
    painter: &mut Painter<'_>,
) {
    let role = |role: Role| if selected { Role::OverlaySelected } else { role };
    let [_, _, used, tokens, share, privacy, freshness] = table.places(place);
    painter.cut(used, &places(draft, shown), role(Role::Text));
    let (cost, part) = cost(draft, shown);
    painter.right(tokens, &cost, role(Role::Dim));
    painter.right(share, &part, role(Role::Dim));
    let personal = if shown.privacy >= Privacy::Personal { Role::Personal } else { Role::Text };
    painter.cut(privacy, privacy_word(shown.privacy), role(personal));
    let declared = draft.values.declarations.get(&shown.name);
    let word = declared.map_or("not declared", |declared| freshness_word(declared.freshness));
    let text = match age(model, draft, shown) {
        Some((age, true)) => format!("{word} !{age}"),
        Some((age, false)) if freshness.width >= 16 => format!("{word} {age}"),
        _ => word.to_owned(),
    };
    painter.cut(freshness, &text, role(Role::Dim));
}

/// Where a variable stands: `Identity 3, 12, Safety 40`; how often, when that was not looked up.
fn places(draft: &Draft, shown: &Row) -> String {
    // only who looks at the variables looks the places up
    let found = draft.places.of(&shown.name, draft.moment).filter(|_| draft.focus == PaneId::Variables);
    let Some(found) = found else {
        return match shown.uses {
            0 => "not used".to_owned(),
            1 => "used once".to_owned(),
            uses => format!("used {uses} times"),
        };
    };
    let mut text = String::new();
    let mut pane = None;
    for (index, (at, line)) in found.iter().enumerate() {
        let title = section_of(*at).map_or(Place::Unsorted, Place::Section).short();
        text += if index == 0 { "" } else { ", " };
        if pane.replace(*at) != Some(*at) {
            text += title;
            text.push(' ');
        }
        text += &line.to_string();
    }
    // headings and the template of the message have no lines here
    match (text.is_empty(), shown.uses) {
        (true, 0) => "not used".to_owned(),
        (true, _) => "the user's message".to_owned(),
        (false, _) => text,
    }
}

/// What a variable's values add to the prompt, over all of its places, and the thousandths of it that they are: as they
/// were counted last, else as they are estimated.
fn cost(draft: &Draft, shown: &Row) -> (String, String) {
    if shown.state == RowState::Missing {
        // what a value will cost is not known, which is not nothing
        return ("-".to_owned(), "-".to_owned());
    }
    let (figure, part) = match (draft.counts.variable(&shown.name), draft.counts.total()) {
        (Some(count), Some(total)) => {
            let part = (count.tokens * 1000).checked_div(total.tokens).unwrap_or(0);
            (count.figure(), u16::try_from(part).unwrap_or(1000))
        }
        _ => (format!("~{}", shown.tokens * shown.uses), shown.share),
    };
    (figure, percent(part))
}

fn percent(thousandths: u16) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// How old the value is, and whether that is too old for how often it changes; `None` when it does not come from the
/// set.
fn age(model: &Model, draft: &Draft, shown: &Row) -> Option<(String, bool)> {
    let values = &draft.values;
    let set = values.sets.iter().find(|set| Some(&set.name) == values.set.as_ref())?;
    let given = values.values.get(&shown.name)?;
    if set.values.get(&shown.name) != Some(given) {
        return Some(("not saved".to_owned(), false));
    }
    let days = values.days_old(model.today)?;
    let freshness = values.declarations.get(&shown.name).map(|declared| declared.freshness).unwrap_or_default();
    let text = match days {
        0 => "today".to_owned(),
        days => format!("{days}d"),
    };
    Some((text, is_too_old(freshness, days)))
}

/// What stands below the list: the value while it is written, else what is known about the selected variable.
fn explain(model: &Model, draft: &Draft, area: Rect, focused: bool, painter: &mut Painter<'_>) -> Option<Position> {
    if area.height == 0 {
        return None;
    }
    if let Some(editing) = &draft.values.editing {
        return value(model, draft, editing, area, painter);
    }
    let selected = draft.rows.get(draft.values.selected)?;
    let declared = draft.values.declarations.get(&selected.name);
    let key = model.keymap.shown(Action::Properties);
    let mut facts = match declared {
        Some(declared) => format!("{} · {}", privacy_word(declared.privacy), freshness_word(declared.freshness)),
        None => format!("not declared; {key} declares it"),
    };
    if let Some((age, too_old)) = age(model, draft, selected) {
        facts.extend([" · ", &age, if too_old { ", too old" } else { "" }]);
    }
    if declared.is_some_and(|declared| declared.untrusted) {
        facts += " · written by others";
    }
    // the row may have had to cut the name
    let line = row(area, 0);
    painter.text(line, &"─".repeat(usize::from(area.width)), Role::Border);
    let beside = Rect { x: line.x + 1, width: line.width.saturating_sub(2), ..line };
    painter.cut(beside, &format!(" {} ", selected.name), Role::Dim);
    painter.cut(row(area, 1), &facts, Role::Dim);
    let most = declared.and_then(|declared| declared.max_tokens);
    let most = most.map_or_else(String::new, |most| format!(", at most {most} each"));
    let (tokens, part) = cost(draft, selected);
    let stale = stale(draft, selected, focused);
    let cost = match selected.state {
        RowState::Missing => format!("no value to count{most}"),
        _ => format!("{tokens}{} tokens, {part}{most}", if stale { "…" } else { "" }),
    };
    let mut y = 2;
    if focused && area.height >= 4 {
        y += painter.paragraph(
            Rect { y: area.y + y, height: 2, ..area },
            &format!("{} · {cost}", places(draft, selected)),
            Role::Dim,
        );
    } else if area.height >= 5 {
        painter.cut(row(area, 2), &format!("{} · {cost}", places(draft, selected)), Role::Dim);
        y += 1;
    }
    let below = |y: u16| Rect { y: area.y + y.min(area.height), height: area.height.saturating_sub(y), ..area };
    if let Some(description) = declared.and_then(|declared| declared.description.as_deref()) {
        y += painter.paragraph(below(y), description, Role::Text);
    }
    let example = declared.filter(|declared| declared.privacy != Privacy::Secret).and_then(|it| it.example.as_deref());
    if let Some(example) = example.filter(|_| y < area.height) {
        let example = one_line(example, painter);
        painter.cut_content(row(below(y), 0), &format!("e.g. {example}"), Role::Dim);
    }
    None
}

/// The value while it is written.
fn value(model: &Model, draft: &Draft, editing: &Editing, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let buffer = &editing.writing.buffer;
    if draft.values.declarations.privacy(&editing.name) == Privacy::Secret {
        let count = buffer.rope().len_chars();
        let said = match count {
            0 => format!("{}: type the secret; it is not shown, and stays in this session", editing.name),
            count => format!("{}: {count} characters, not shown", editing.name),
        };
        painter.paragraph(area, &said, Role::Personal);
        return None;
    }
    let editor = EditorView::new(buffer, &model.theme).focus(Focus::Here);
    let place = editor.draw(area, painter.cells).cursor;
    if buffer.is_empty() {
        painter.text(area, &format!("  value of {}", editing.name), Role::Dim);
    }
    place.filter(|_| model.level == Level::Edit)
}

/// The first line of a value, with a mark when there is more.
pub(super) fn one_line(value: &str, painter: &Painter<'_>) -> String {
    let mut lines = value.lines();
    let first = lines.next().unwrap_or_default();
    let cut: String = first.chars().take(200).collect();
    match lines.count() {
        0 if value.is_empty() => "(empty)".to_owned(),
        0 => cut,
        more => format!("{cut} {} +{more} lines", painter.sign("…")),
    }
}
