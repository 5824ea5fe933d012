//! The Play screen: the columns, the message, and at the side the model, the values and how the run went.

mod column;
mod facts;

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter};
use crate::tui::canvas::Stamps;
use crate::tui::editor::{EditorView, Focus};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Level, Model};
use crate::tui::play::letter;
use crate::tui::theme::Role;
use crate::tui::update::columns;

/// Draws what has changed of it; gives the place of the cursor.
pub fn draw(model: &Model, painter: &mut Painter<'_>, stamps: &mut Stamps) -> Option<Position> {
    let areas = layout::play(model.size, model.play.message_rows(model.size), model.zoomed);
    for (index, area) in columns::places(model) {
        column::draw(model, index, area, painter, stamps);
    }
    // what is written and what is counted is little, and drawn with every frame
    for area in std::iter::once(areas.message).chain(areas.side) {
        if !stamps.is_whole() {
            painter.fill(area, Role::Text);
        }
        stamps.drew(area);
    }
    if let Some(side) = areas.side {
        facts::draw(model, side, painter);
    }
    message(model, areas.message, painter)
}

fn message(model: &Model, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let play = &model.play;
    let editing = play.in_message && model.level == Level::Edit;
    let keys = &model.keymap;
    let foot = if editing {
        format!("{} sends  {} new line", keys.shown(Action::SendMessage), keys.shown(Action::MessageNewLine))
    } else {
        format!("{} writes", keys.shown(Action::Edit))
    };
    let set = model.draft.as_ref().and_then(|draft| draft.values.set.clone());
    let mut state = set.map(|set| format!("values: {set}")).unwrap_or_default();
    if let Some(words) = crate::tui::update::sharing(model).filter(|_| play.blind.is_none()) {
        state = format!("personal: {words}  {state}");
    }
    if !play.prefill.is_empty() {
        state = format!("replies begin with {:?}  {state}", play.prefill);
    }
    painter.border(
        area,
        &Border { title: &title(model), state: &state, foot: &foot, focused: play.in_message, ..Border::default() },
    );
    let text = layout::text(area);
    if play.message.buffer.is_empty() && !editing {
        painter.text(text, "write what a user would say", Role::Dim);
        return None;
    }
    let focus = if editing { Focus::Here } else { Focus::Elsewhere };
    EditorView::new(&play.message.buffer, &model.theme)
        .focus(focus)
        .draw(text, painter.cells)
        .cursor
        .filter(|_| editing)
}

/// To whom the message goes.
fn title(model: &Model) -> String {
    if let Some(turn) = model.play.editing {
        return format!("Message: turn {} said differently", turn + 1);
    }
    let live: Vec<usize> = (0..model.play.columns.len()).filter(|at| model.play.columns[*at].answers()).collect();
    if let ([only], true) = (live.as_slice(), model.play.columns.len() > 1) {
        return format!("Message to {}", letter(*only));
    }
    if live.len() < model.play.columns.len() {
        let letters: Vec<String> = live.iter().map(|at| letter(*at).to_string()).collect();
        return format!("Message to {}", letters.join(" "));
    }
    match model.play.columns.len() {
        1 => "Message".to_owned(),
        2 => "Message to both".to_owned(),
        count => format!("Message to A–{}", letter(count - 1)),
    }
}
