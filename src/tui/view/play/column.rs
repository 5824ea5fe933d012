//! A column: whose text it runs and who answers, and its conversation.

use std::fmt::Write as _;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::super::paint::{Border, Painter, row};
use crate::tui::canvas::{Place, Stamps, stamp};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::play::transcript::{self, Drawing, LineKind};
use crate::tui::play::{Emphasis, Subject, letter};
use crate::tui::theme::Role;
use crate::tui::update::model_of_column;

/// Draws it, unless it is as it was.
pub fn draw(model: &Model, index: usize, area: Rect, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    let column = &model.play.columns[index];
    let (title, state) = (title(model, index), state(model, index));
    let foot = foot(model, index);
    let focused = index == model.play.focused && !model.play.in_message;
    // whoever waits for nothing has no spinner that turns
    let spin = column.talk.running().next().map_or(0, |_| model.play.spin);
    let welcomed = if column.talk.is_empty() { welcome(model, index) } else { String::new() };
    let blind = model.play.blind.is_some();
    let held = model.play.held();
    let reading = model.play.reading;
    let looks = stamp((blind, held, reading, &title, &state, &foot, &welcomed, focused, spin, column.revision));
    if !stamps.must_draw(Place::Column(index), area, Some(looks)) {
        return;
    }
    if !stamps.is_whole() {
        painter.fill(area, Role::Text);
    }
    painter.border(area, &Border { title: &title, state: &state, foot: &foot, focused, ..Border::default() });
    let text = layout::text(area);
    if column.talk.is_empty() {
        painter.paragraph(text, &welcomed, Role::Dim);
        return;
    }
    let height = usize::from(text.height);
    let rows = transcript::places_from_end(column, Drawing { width: text.width, spin, blind, held, reading });
    let shown: Vec<_> = rows.skip(column.scrolled).take(height).map(|place| place.row()).collect();
    // a short conversation begins at the top
    for (row_above, drawn) in shown.iter().rev().enumerate() {
        let place = row(text, u16::try_from(row_above).unwrap_or(0));
        if !drawn.styles.is_empty() {
            let plain = painter.style(role(drawn.kind));
            let (code, aside) = (painter.style(Role::Code), painter.style(Role::Dim));
            let with = |style: Style, emphasis: Emphasis| match emphasis {
                Emphasis::Bold => style.add_modifier(Modifier::BOLD),
                Emphasis::Italic => style.add_modifier(Modifier::ITALIC),
                Emphasis::Struck => style.add_modifier(Modifier::CROSSED_OUT),
                Emphasis::Code => style.patch(code),
                Emphasis::Aside => style.patch(aside),
            };
            let here = |byte: usize| drawn.styles.iter().filter(move |(at, _)| at.contains(&byte));
            painter.styled(place, &drawn.text, |byte| here(byte).fold(plain, |style, (_, one)| with(style, *one)));
        } else if drawn.marks.is_empty() {
            painter.text(place, &drawn.text, role(drawn.kind));
        } else {
            let (plain, marked) = (painter.style(role(drawn.kind)), painter.style(mark(index, model)));
            let marks = |byte: usize| drawn.marks.iter().any(|mark| mark.contains(&byte));
            painter.styled(place, &drawn.text, |byte| if marks(byte) { marked } else { plain });
        }
    }
}

/// The left one of two replies is what was, the right one what is.
fn mark(index: usize, model: &Model) -> Role {
    let other = model.play.other().map_or(index, |other| if index == other { model.play.focused } else { other });
    if index < other { Role::DeleteEmphasis } else { Role::InsertEmphasis }
}

fn role(kind: LineKind) -> Role {
    match kind {
        LineKind::User => Role::UserMessage,
        LineKind::Reply => Role::ModelReply,
        LineKind::Heading => Role::Heading,
        LineKind::Code => Role::Code,
        LineKind::Thinking => Role::Thinking,
        LineKind::Facts | LineKind::Gap => Role::Dim,
        LineKind::Failure => Role::Error,
    }
}

fn title(model: &Model, index: usize) -> String {
    if model.play.blind.is_some() {
        return if index == 0 { "Left".to_owned() } else { "Right".to_owned() };
    }
    let subject = &model.play.columns[index].subject;
    let who = model_of_column(model, index).map_or("no model chosen".to_owned(), |name| name.to_string());
    let who = if model.deck.replays() { format!("{who}, replayed") } else { who };
    if model.play.columns.len() == 1 {
        let what = model.draft.as_ref().map_or("no prompt", |draft| draft.entry.name.as_str());
        return format!("Conversation: {what} ({subject}) with {who}");
    }
    let changed = *subject == Subject::Draft && model.draft.as_ref().is_some_and(crate::tui::draft::Draft::changed);
    let changed = if changed { " ●" } else { "" };
    format!("{}  {subject}{changed}  {who}", letter(index))
}

fn state(model: &Model, index: usize) -> String {
    match model.play.columns[index].talk.shown().count() {
        0 => String::new(),
        1 => "1 turn".into(),
        turns => format!("{turns} turns"),
    }
}

fn foot(model: &Model, index: usize) -> String {
    let column = &model.play.columns[index];
    let mut parts = Vec::new();
    if let Some(turn) = column.turn {
        parts.push(format!("at turn {}", turn + 1));
    }
    if !column.changes.0.is_empty() && model.play.blind.is_none() {
        parts.push(crate::tui::params::words(&column.changes));
    }
    // marks are about the words as they came
    if model.play.reading.raw || column.marks.as_ref().is_some_and(|marks| !marks.words.is_empty()) {
        parts.push("as it came".to_owned());
    }
    if column.scrolled > 0 {
        parts.push(format!("{} rows below; G follows", column.scrolled));
    }
    let fit = layout::columns_that_fit(model.size, model.zoomed);
    let hidden = model.play.columns.len().saturating_sub(fit);
    if hidden > 0 && index + 1 == model.play.in_sight(fit).end {
        let others: Vec<String> = (0..model.play.columns.len())
            .filter(|other| !model.play.in_sight(fit).contains(other))
            .map(|other| letter(other).to_string())
            .collect();
        parts.push(format!("{} not in sight", others.join(" ")));
    }
    parts.join("  ")
}

fn welcome(model: &Model, index: usize) -> String {
    let keys = &model.keymap;
    if model.play.blind.is_some() {
        let (send, vote, end) =
            (keys.shown(Action::SendMessage), keys.shown(Action::CastVote), keys.shown(Action::ToggleBlind));
        return format!(
            "Nobody sees who answers here.\n\n{send} sends a message to both\n{vote} votes, {end} shows who was who"
        );
    }
    let who = match model_of_column(model, index) {
        Some(name) if model.deck.replays() => {
            format!("A cassette answers for {name}: what was recorded, and nothing else. Nobody is asked.")
        }
        Some(name) if name.provider == "offline" => {
            "The offline stand-in answers: it is no language model. It shows which lines of the prompt bear on a message."
                .to_owned()
        }
        Some(name) => match &model.play.columns[index].subject {
            Subject::Draft => format!("{name} answers under the draft as it is now."),
            Subject::Version(version) => format!("{name} answers under v{version}."),
            Subject::Kept { run, .. } => format!("Run {run} of the history stood here."),
        },
        None => "No model is set for this prompt yet.".to_owned(),
    };
    let mut text = format!(
        "{who}\n\n{} goes into the message, {} sends it\n{} chooses the model, {} the values",
        keys.shown(Action::Edit),
        keys.shown(Action::SendMessage),
        keys.shown(Action::ChooseModel),
        keys.shown(Action::ChooseSet),
    );
    if model.play.columns.len() == 1 {
        let _ = write!(text, "\n{} puts a version or another model beside it", keys.shown(Action::AddColumn));
    } else if model.play.columns.iter().any(|column| !column.talk.is_empty()) {
        let _ = write!(text, "\n{} asks it the last message", keys.shown(Action::Regenerate));
    }
    text
}
