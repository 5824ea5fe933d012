//! The form of a column's parameters.

use ratatui::layout::{Position, Rect};

use super::overlay::input;
use super::paint::{Border, Painter, row};
use crate::tui::boxes;
use crate::tui::boxes::forms::{self, PARAM_LABEL, THINKING};
use crate::tui::model::Model;
use crate::tui::params::{Note, ParamField, ParamsForm};
use crate::tui::play::letter;
use crate::tui::theme::Role;
use crate::tui::update::model_of_column;

/// Columns of a number that is written.
const NUMBER: u16 = 12;

/// Draws it; gives the place of the cursor.
pub fn draw(model: &Model, form: &ParamsForm, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let subject = model.play.columns.get(form.column).map(|column| column.subject.to_string()).unwrap_or_default();
    let title = format!("Parameters of column {}: {subject}", letter(form.column));
    let who = model_of_column(model, form.column).map_or("no model chosen".to_owned(), |name| name.to_string());
    let foot = "Tab next field  Enter accepts  Esc cancels";
    painter.border(area, &Border { title: &title, state: &who, foot, focused: true, ..Border::default() });
    let mut cursor = None;
    for field in ParamField::ALL {
        let place = forms::param(field, area);
        let focused = form.field == field;
        let (mark, role) = if focused { ("▸ ", Role::Accent) } else { ("  ", Role::Overlay) };
        let Some(key) = field.key() else {
            let word = match field {
                ParamField::Use => "Use in this column",
                _ => "Save in the draft's config.json",
            };
            let (text, role) = if focused {
                (format!("[▸ {word} ]"), Role::OverlaySelected)
            } else {
                (format!("[  {word} ]"), Role::Overlay)
            };
            painter.text(forms::beside(place, 2), &text, role);
            continue;
        };
        painter.text(place, &format!("{mark}{key}"), role);
        let beside = forms::beside(place, PARAM_LABEL);
        // a text has the whole row, and what has to be known about it stands below
        let (line, note) = match field {
            ParamField::Stop | ParamField::Template => (beside, Rect { y: beside.y + beside.height, ..beside }),
            ParamField::Thinking => (beside, forms::beside(beside, 26)),
            _ => (Rect { width: NUMBER.min(beside.width), ..beside }, forms::beside(beside, NUMBER + 2)),
        };
        match form.line(field) {
            Some(written) => {
                let position = input(written, line, painter);
                if focused {
                    cursor = Some(position);
                } else if written.is_empty() {
                    painter.cut(line, field.hint(), Role::Dim);
                }
            }
            None => thinking(form, line, painter),
        }
        if note.y < boxes::inner(area).bottom() {
            match form.note(field) {
                Note::Plain(text) => painter.cut(note, &text, Role::Dim),
                Note::Unsent(why) => painter.cut(note, &format!("! not sent: {why}"), Role::Warning),
            };
        }
    }
    if let Some(problem) = &form.problem {
        painter.cut(row(boxes::inner(area), 12), &format!("! {problem}"), Role::Error);
    } else if form.rules.as_ref().is_some_and(|rules| !rules.listed) {
        let told = "greenroom has no rules for this model: what is set is sent, and the server says what it refuses";
        painter.cut(row(boxes::inner(area), 12), told, Role::Dim);
    }
    cursor
}

fn thinking(form: &ParamsForm, place: Rect, painter: &mut Painter<'_>) {
    let chosen = [None, Some(true), Some(false)].iter().position(|one| *one == form.thinking).unwrap_or(0);
    for ((index, word), at) in THINKING.iter().enumerate().zip(forms::choices(THINKING, place)) {
        let (text, role) = if index == chosen {
            (format!("[{word}]"), Role::OverlaySelected)
        } else {
            (format!(" {word} "), Role::Overlay)
        };
        painter.text(at, &text, role);
    }
}
