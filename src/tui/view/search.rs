//! The box of a search: what is looked for, every match with its line, and what would become of it.

use ratatui::layout::{Position, Rect};

use super::overlay::input;
use super::paint::{Border, Painter, columns, row};
use crate::tui::boxes;
use crate::tui::draft::section_of;
use crate::tui::find::{Field, Found, Letters, Place, Sample, SearchForm, Task};
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// Draws it; gives the place of the cursor while a line is written.
pub fn draw(model: &Model, form: &SearchForm, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let places = boxes::search(form, area);
    let finding = model.finding.as_ref();
    let fresh = finding.zip(model.draft.as_ref()).and_then(|(finding, draft)| finding.fresh(draft));
    let state = match (finding, fresh) {
        (Some(finding), _) if finding.needle.is_none() && finding.problem.is_none() => String::new(),
        (Some(finding), _) if finding.problem.is_some() => "! cannot be searched".to_owned(),
        (_, Some(found)) if found.places.is_empty() => "found nowhere".to_owned(),
        (_, Some(found)) => {
            let sections = match found.sections() {
                1 => "1 section".to_owned(),
                sections => format!("{sections} sections"),
            };
            format!("{} of {} in {sections}", form.selected + 1, found.places.len())
        }
        (_, None) => "searching…".to_owned(),
    };
    let (title, foot) = match (form.task, form.field) {
        (Task::Find, _) => ("Find", "Enter goes there  Esc closes"),
        (Task::Replace, Field::List) => {
            ("Find and replace", "Enter replaces it  s skips it  a all  u undo  Esc closes")
        }
        (Task::Replace, _) => ("Find and replace", "Enter next field  Esc closes"),
    };
    painter.border(area, &Border { title, state: &state, foot, focused: true, ..Border::default() });
    let mut cursor = None;
    let lines = [(Field::Find, "find", &form.find, places.find), (Field::With, "with", &form.with, places.with)];
    for (field, name, line, place) in lines {
        if place.is_empty() {
            continue;
        }
        let focused = form.field == field;
        let role = if focused { Role::Accent } else { Role::Overlay };
        painter.text(place, &format!("{}{name}", if focused { "▸ " } else { "  " }), role);
        let at = Rect { x: place.x + 8, width: place.width.saturating_sub(8), ..place };
        let position = input(line, at, painter);
        if focused {
            cursor = Some(position);
        } else if line.is_empty() {
            let hint = if field == Field::Find { "what to look for" } else { "nothing: matches are deleted" };
            painter.text(at, hint, Role::Dim);
        }
    }
    options(model, form, places.options, painter);
    if let Some(problem) = finding.and_then(|finding| finding.problem.as_deref()) {
        painter.paragraph(places.list, &format!("! {problem}"), Role::Error);
        return cursor;
    }
    let Some(found) = fresh else { return cursor };
    list(form, found, places.list, painter);
    if let (Some(sample), false) = (found.samples.get(form.selected), places.detail.is_empty()) {
        detail(sample, places.detail, painter);
    }
    cursor
}

/// Which way it is searched, each with the key that changes it.
fn options(model: &Model, form: &SearchForm, place: Rect, painter: &mut Painter<'_>) {
    let key = |action: Action| model.keymap.shown(action);
    let letters = match form.letters {
        Letters::Smart => "capitals count if there are any",
        Letters::Exact => "capitals count",
        Letters::Any => "capitals do not count",
    };
    let words = if form.reading.words { "whole words" } else { "parts of words too" };
    let pattern = if form.reading.pattern { "a pattern" } else { "word for word" };
    let place_of = |pane: usize| section_of(pane).map_or("Unsorted", |section| section.title());
    let only = if form.alone { format!("in {}", place_of(form.pane)) } else { "in all sections".to_owned() };
    let parts = [
        (key(Action::SearchLetters), letters.to_owned()),
        (key(Action::SearchWords), words.to_owned()),
        (key(Action::SearchPattern), pattern.to_owned()),
        (key(Action::SearchWhere), only),
    ];
    let mut rows = (0..place.height).map(|index| row(place, index));
    let Some(mut line) = rows.next() else { return };
    for (key, text) in parts {
        let width = columns(&key) + columns(&text) + 4;
        if width > line.width
            && line.x > place.x
            && let Some(next) = rows.next()
        {
            line = next;
        }
        let used = painter
            .pieces(line, &[("  ", Role::Overlay), (&key, Role::HintKey), (" ", Role::Overlay), (&text, Role::Dim)]);
        line = Rect { x: line.x + used, width: line.width.saturating_sub(used), ..line };
    }
}

fn list(form: &SearchForm, found: &Found, area: Rect, painter: &mut Painter<'_>) {
    let height = usize::from(area.height);
    let first = boxes::first_match(form.selected, area.height);
    let more = found.places.len() - found.samples.len();
    for (index, sample) in found.samples.iter().enumerate().skip(first).take(height) {
        let place = row(area, u16::try_from(index - first).unwrap_or(0));
        one(form, &found.places[index], sample, index == form.selected, place, painter);
    }
    let shown = found.samples.len().saturating_sub(first);
    if more > 0 && shown < height {
        let text = format!("  and {more} more, which are not listed");
        painter.text(row(area, u16::try_from(shown).unwrap_or(0)), &text, Role::Dim);
    }
}

/// One match: where it is, and the words around it with what is replaced marked.
fn one(form: &SearchForm, at: &Place, sample: &Sample, selected: bool, place: Rect, painter: &mut Painter<'_>) {
    let kept = form.kept.contains(&(at.pane, at.chars.start));
    let base = match (selected, kept) {
        (true, _) => Role::OverlaySelected,
        (false, true) => Role::Dim,
        (false, false) => Role::Overlay,
    };
    let look = |role: Role| if selected || kept { base } else { role };
    painter.fill(place, base);
    let section = section_of(at.pane).map_or("Unsorted", |section| section.title());
    let section: String = section.split(' ').next().unwrap_or_default().chars().take(12).collect();
    let mark = if selected { "▸" } else { " " };
    let skip = if kept { "skip" } else { "" };
    let head = format!("{mark}{section:<12} {:>5} {skip:<4} ", sample.line);
    let used = painter.text(place, &head, base);
    let rest = Rect { x: place.x + used, width: place.width.saturating_sub(used), ..place };
    let before = tail(&sample.before, usize::from(rest.width) / 3);
    // the match stands between brackets, so that it is seen without colour
    let (arrow, more) = (painter.sign(" → ").into_owned(), painter.sign("…").into_owned());
    let mut pieces = vec![(before, Role::Overlay), ("[", Role::Dim)];
    if before.len() < sample.before.len() {
        pieces.insert(0, (more.as_str(), Role::Dim));
    }
    match &sample.new {
        None => pieces.push((sample.old.as_str(), Role::Match)),
        Some(new) => pieces.extend([
            (sample.old.as_str(), Role::DeleteEmphasis),
            (arrow.as_str(), Role::Dim),
            (new.as_str(), Role::InsertEmphasis),
        ]),
    }
    pieces.extend([("]", Role::Dim), (sample.after.as_str(), Role::Overlay)]);
    let mut used = 0;
    for (text, role) in pieces {
        let left = Rect { x: rest.x + used, width: rest.width.saturating_sub(used), ..rest };
        used += painter.content(left, text, look(role));
    }
}

/// The chosen match with more of its line, before and after.
fn detail(sample: &Sample, area: Rect, painter: &mut Painter<'_>) {
    painter.text(row(area, 0), &"─".repeat(usize::from(area.width)), Role::Border);
    let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let Some(new) = &sample.new else { return };
    let half = rest.height / 2;
    let sides =
        [("- ", &sample.old, Role::Delete, Role::DeleteEmphasis), ("+ ", new, Role::Insert, Role::InsertEmphasis)];
    for (index, (sign, word, line, emphasis)) in sides.into_iter().enumerate() {
        let place = Rect { y: rest.y + half * u16::try_from(index).unwrap_or(0), height: half, ..rest };
        painter.text(place, sign, line);
        let place = Rect { x: place.x + 2, width: place.width.saturating_sub(2), ..place };
        // the match stands within the first two thirds of what there is room for
        let room = usize::from(place.width) * usize::from(place.height);
        let mut before = tail(&sample.before, (room * 2 / 3).saturating_sub(usize::from(columns(word)))).to_owned();
        if before.len() < sample.before.len() {
            before.insert_str(0, &painter.sign("…"));
        }
        let text = format!("{before}{word}{}", sample.after);
        let marked = before.len()..before.len() + word.len();
        painter.wrapped(place, &text, |byte| if marked.contains(&byte) { emphasis } else { line });
    }
}

/// The end of a text, as far as there is room; one column is left for a mark.
fn tail(text: &str, room: usize) -> &str {
    let mut width = 0;
    for (at, c) in text.char_indices().rev() {
        width += usize::from(columns(c.encode_utf8(&mut [0; 4])));
        if width >= room {
            return &text[at + c.len_utf8()..];
        }
    }
    text
}
