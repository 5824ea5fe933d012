//! The Play screen: the conversation, the message, and at the side the model, the values and how the run went.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, row};
use crate::tui::draft::RowState;
use crate::tui::editor::{EditorView, Focus};
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Level, Model};
use crate::tui::theme::Role;
use crate::tui::transcript::{self, LineKind};

/// Draws it; gives the place of the cursor.
pub fn draw(model: &Model, painter: &mut Painter<'_>) -> Option<Position> {
    let areas = layout::play(model.size, model.play.message_rows(model.size), model.zoomed);
    conversation(model, areas.transcript, painter);
    let cursor = message(model, areas.message, painter);
    if let Some(side) = areas.side {
        facts(model, side, painter);
    }
    cursor
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

fn conversation(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    let play = &model.play;
    let who = crate::tui::update::model_of(model).map_or("no model chosen".to_owned(), |name| name.to_string());
    let what = model.draft.as_ref().map_or("no prompt", |draft| draft.entry.name.as_str());
    let title = format!("Conversation: {what} (draft) with {who}");
    let state = match play.exchanges.len() {
        0 => String::new(),
        1 => "1 turn".into(),
        turns => format!("{turns} turns"),
    };
    let foot = if play.scrolled > 0 { format!("{} rows below; G follows", play.scrolled) } else { String::new() };
    painter.border(
        area,
        &Border { title: &title, state: &state, foot: &foot, focused: !play.in_message, ..Border::default() },
    );
    let text = layout::text(area);
    if play.exchanges.is_empty() {
        welcome(model, text, painter);
        return;
    }
    let height = usize::from(text.height);
    let shown: Vec<(String, LineKind)> =
        transcript::rows_from_end(model, text.width).skip(play.scrolled).take(height).collect();
    // a short conversation begins at the top
    let count = shown.len();
    for (index, (line, kind)) in shown.iter().enumerate() {
        let y = u16::try_from(count - 1 - index).unwrap_or(0);
        painter.text(row(text, y), line, role(*kind));
    }
}

fn welcome(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    let keys = &model.keymap;
    let who = match crate::tui::update::model_of(model) {
        Some(name) if name.provider == "offline" => {
            "The offline stand-in answers: it is no language model. It shows which lines of the prompt bear on a message."
                .to_owned()
        }
        Some(name) => format!("{name} answers under the draft as it is now."),
        None => "No model is set for this prompt yet.".to_owned(),
    };
    let text = format!(
        "{who}\n\n{} goes into the message, {} sends it\n{} chooses the model, {} the values",
        keys.shown(Action::Edit),
        keys.shown(Action::SendMessage),
        keys.shown(Action::ChooseModel),
        keys.shown(Action::ChooseSet),
    );
    painter.paragraph(area, &text, Role::Dim);
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
    let state = set.map(|set| format!("values: {set}")).unwrap_or_default();
    painter.border(
        area,
        &Border { title: "Message", state: &state, foot: &foot, focused: play.in_message, ..Border::default() },
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

/// Model, parameters, values, how the last run went.
fn facts(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    painter.border(area, &Border { title: "Run", ..Border::default() });
    let text = layout::text(area);
    let mut lines: Vec<(String, Role)> = Vec::new();
    let keys = &model.keymap;
    let mut pair = |name: &str, value: String, role: Role| lines.push((format!("{name:<12}{value}"), role));
    let who = crate::tui::update::model_of(model);
    pair("model", who.as_ref().map_or("none".into(), ToString::to_string), Role::Accent);
    if let Some(provider) = who.and_then(|name| model.settings.providers.get(&name.provider)) {
        let host = if provider.base_url.is_empty() {
            "nowhere, it is built in".to_owned()
        } else {
            crate::tui::play::host(&provider.base_url)
        };
        pair("goes to", host, Role::Text);
    }
    if let Some(draft) = &model.draft {
        for key in ["temperature", "top_p", "max_tokens"] {
            if let Some(value) = draft.config.0.get(key) {
                pair(key, value.to_string(), Role::Text);
            }
        }
    }
    lines.push((String::new(), Role::Text));
    if let Some(last) = model.play.exchanges.last() {
        let mut pair = |name: &str, value: String, role: Role| lines.push((format!("{name:<12}{value}"), role));
        let ended = last.finish.map_or("under way", transcript::finish_words);
        pair("ended", ended.to_owned(), Role::Text);
        let seconds = |ms: u64| format!("{:.2} s", ms as f64 / 1000.0);
        pair("first", last.first_ms.map_or("-".into(), seconds), Role::Text);
        pair("total", seconds(last.elapsed_ms), Role::Text);
        let count = |tokens: Option<u64>| tokens.map_or("?".to_owned(), |tokens| tokens.to_string());
        let tokens = match (last.usage.input, last.usage.output) {
            (None, None) if last.finish.is_none() => "-".to_owned(),
            (None, None) => "not told".to_owned(),
            (input, output) => format!("{} in, {} out", count(input), count(output)),
        };
        pair("tokens", tokens, Role::Text);
        if let Some(cached) = last.usage.cache_read.filter(|cached| *cached > 0) {
            pair("cached", cached.to_string(), Role::Text);
        }
        let remote = model.settings.provider(&last.model.provider).is_ok_and(|provider| !provider.is_local());
        let cost = crate::model::cost(&model.settings, &last.model, last.usage, remote);
        pair("cost", cost.map_or("unknown".to_owned(), |dollars| format!("${dollars:.4}")), Role::Text);
        pair("speed", last.speed().map_or("-".into(), |speed| format!("{speed:.0} tokens/s")), Role::Text);
        lines.push((String::new(), Role::Text));
    }
    if let Some(draft) = &model.draft {
        let set = draft.values.set.as_deref().unwrap_or("none");
        let changed = if draft.values.changed { ", changed" } else { "" };
        lines.push((format!("{:<12}{set}{changed}", "values"), Role::Accent));
        for set in &draft.values.sets {
            let mark = if draft.values.set.as_ref() == Some(&set.name) { painter.sign("▸") } else { " ".into() };
            lines.push((format!(" {mark} {}", set.name), Role::Text));
        }
        lines.push((format!("{} chooses", keys.shown(Action::ChooseSet)), Role::Dim));
        for missing in draft.rows.iter().filter(|row| row.state == RowState::Missing) {
            lines.push((format!("? {} missing", missing.name), Role::Error));
        }
    }
    let mut y = 0;
    for (line, role) in lines {
        if y >= text.height {
            break;
        }
        let rest = Rect { y: text.y + y, height: text.height - y, ..text };
        y += painter.paragraph(rest, &line, role).max(1);
    }
}
