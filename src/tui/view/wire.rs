//! The box with the exact request and the raw answer.

use ratatui::layout::{Position, Rect};

use super::overlay::input;
use super::paint::{Border, Painter, row};
use crate::model::bill::number;
use crate::tui::boxes;
use crate::tui::model::Model;
use crate::tui::play::letter;
use crate::tui::theme::Role;
use crate::tui::wire::{Half, Showing, WireBox};
use crate::tui::{keymap::Action, longtext};

/// Draws it; gives the place of the cursor while something to look for is written.
pub fn draw(model: &Model, open: &WireBox, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let keys = &model.keymap;
    let foot = format!("{} copies as curl  {} closes", keys.shown(Action::WireCurl), keys.shown(Action::WireClose));
    let state = state(model, open);
    let title = "The exact request and the raw answer";
    painter.border(area, &Border { title, state: &state, foot: &foot, focused: true, ..Border::default() });
    let places = boxes::wire(open.half, area);
    for half in [Half::Request, Half::Answer] {
        let (head, text) = (places.heads[half as usize], places.texts[half as usize]);
        let focused = open.half == half;
        let (mark, role) = if focused { ("▸ ", Role::Accent) } else { ("  ", Role::Dim) };
        painter.cut(head, &format!("{mark}{}", name(model, open, half)), role);
        if !text.is_empty() {
            part(model, open, half, text, painter);
        }
    }
    if let Some(line) = places.between {
        for y in 0..line.height {
            painter.text(row(line, y), "│", Role::Border);
        }
    }
    if open.find.typing {
        let used = painter.text(places.line, "find ▸ ", Role::Accent);
        let rest = places.line.width.saturating_sub(used);
        return Some(input(&open.find.line, Rect { x: places.line.x + used, width: rest, ..places.line }, painter));
    }
    let (told, role) = told(model, open);
    painter.cut(places.line, &told, role);
    None
}

/// Whose request it is.
fn state(model: &Model, open: &WireBox) -> String {
    let column = if model.play.columns.len() > 1 { format!("{}  ", letter(open.column)) } else { String::new() };
    match (&open.showing, open.exchange(model)) {
        (Showing::Sent, Some(exchange)) => {
            let talk = model.play.columns.get(open.column).map(|column| &column.talk);
            let turn = talk.and_then(|talk| talk.shown().position(|one| one.run == exchange.run));
            let turn = turn.map(|turn| format!("turn {}  ", turn + 1)).unwrap_or_default();
            format!("{column}{turn}{}", exchange.model)
        }
        _ => format!("{column}what would be sent next"),
    }
}

/// What a half is called, with how much stands in it.
fn name(model: &Model, open: &WireBox, half: Half) -> String {
    match half {
        Half::Request => {
            let bytes = open.envelope(model).map(|envelope| format!(", {} bytes", number(envelope.body.len())));
            format!("Request{}", bytes.unwrap_or_default())
        }
        Half::Answer => {
            let exchange = open.exchange(model).filter(|_| open.showing == Showing::Sent);
            let answer = exchange.map_or("", |exchange| exchange.wire.answer.as_str());
            let Some((head, body)) = answer.split_once("\n\n") else { return "Answer".to_owned() };
            let status = head.lines().next().unwrap_or_default();
            let cut = if exchange.is_some_and(|exchange| exchange.wire.cut) { ", cut there" } else { "" };
            format!("Answer: {status}, {} bytes{cut}", number(body.len()))
        }
    }
}

fn part(model: &Model, open: &WireBox, half: Half, area: Rect, painter: &mut Painter<'_>) {
    let text = open.text(model, half);
    let (plain, matched, chosen) =
        (painter.style(Role::Overlay), painter.style(Role::Match), painter.style(Role::Selection));
    let searched = open.find.needle.as_ref().filter(|_| open.half == half);
    let found = open.find.found.as_ref().filter(|_| open.half == half).map(|(found, ..)| found.clone());
    let rows = longtext::rows(&text, open.at[half as usize], usize::from(area.width), usize::from(area.height));
    for (index, at) in (0..area.height).zip(rows) {
        let shown = &text[at.clone()];
        let marks: Vec<_> = searched.map(|needle| needle.matches(shown).collect()).unwrap_or_default();
        let style = |byte: usize| match &found {
            Some(found) if found.contains(&(at.start + byte)) => chosen,
            _ if marks.iter().any(|mark| mark.contains(&byte)) => matched,
            _ => plain,
        };
        painter.styled(row(area, index), shown, style);
    }
}

/// What has to be known about it, in a line.
fn told(model: &Model, open: &WireBox) -> (String, Role) {
    if let Some((_, number, count)) = &open.find.found {
        return (format!("match {number} of {count}"), Role::Accent);
    }
    let mut parts = Vec::new();
    let envelope = open.envelope(model);
    if let Some(open) = envelope.and_then(|envelope| envelope.open.clone()) {
        parts.push(open);
    }
    if let Some(told) = open.asked_first.filter(|_| open.showing != Showing::Sent) {
        parts.push(told.to_owned());
    }
    for unsent in envelope.map(|envelope| envelope.unsent.as_slice()).unwrap_or_default() {
        parts.push(format!("{} is not sent: {}", unsent.parameter, unsent.why));
    }
    if open.masked {
        parts.push(format!("personal values are masked, {} shows them", model.keymap.shown(Action::WireReveal)));
    }
    if let Some(exchange) = open.exchange(model).filter(|_| open.showing == Showing::Sent) {
        if exchange.wire.attempts > 1 {
            parts.push(format!("sent {} times, this is the last one", exchange.wire.attempts));
        }
        if exchange.wire.cut {
            parts.push("the answer goes on, only its first megabyte is kept".to_owned());
        }
    } else if matches!(open.showing, Showing::Next(_)) && model.play.message.buffer.is_empty() && open.run.is_none() {
        parts.push("no message is written yet: it is empty here".to_owned());
    }
    (parts.join("; "), Role::Dim)
}
