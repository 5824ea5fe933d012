//! What stands at the side: model, parameters, values, how the last run of the focused column went.

use ratatui::layout::Rect;

use super::super::paint::{self, Border, Painter};
use crate::config::params;
use crate::model::rules;
use crate::tui::draft::RowState;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::play::{letter, transcript};
use crate::tui::theme::Role;
use crate::tui::update::columns;

/// Model, parameters, values, how the last run went.
pub fn draw(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    painter.border(area, &Border { title: "Run", ..Border::default() });
    let text = layout::text(area);
    if let Some(blind) = &model.play.blind {
        let key = model.keymap.shown(Action::ToggleBlind);
        let votes = blind.votes.len();
        let told = format!(
            "blind comparison\nvotes: {votes}\n\nWho is who, and how each run went, is shown when {key} ends it."
        );
        painter.paragraph(text, &told, Role::Text);
        return;
    }
    // how far a value stands to the right, which its further rows do too; label and value; what they are
    let mut lines: Vec<(u16, String, Role)> = Vec::new();
    let keys = &model.keymap;
    let mut pair = |name: &str, value: String, role: Role| lines.push((12, format!("{name:<12}{value}"), role));
    let (column, play) = (model.play.column(), &model.play);
    if play.columns.len() > 1 {
        pair("column", format!("{} of {}: {}", letter(play.focused), play.columns.len(), column.subject), Role::Accent);
    }
    let who = crate::tui::update::model_of(model);
    pair("model", who.as_ref().map_or("none".into(), ToString::to_string), Role::Accent);
    if let Some(provider) = who.as_ref().and_then(|name| model.settings.providers.get(&name.provider)) {
        let host = if model.deck.replays() {
            "nowhere, a cassette answers".to_owned()
        } else if provider.base_url.is_empty() {
            "nowhere, it is built in".to_owned()
        } else {
            crate::tui::play::host(&provider.base_url)
        };
        pair("goes to", host, Role::Text);
        if let Some(words) = crate::tui::update::sharing(model) {
            pair("personal", words.to_owned(), Role::Personal);
        }
    }
    if let Some(config) = columns::settings_of(model, play.focused) {
        let rules = crate::tui::update::model_of(model).and_then(|name| rules(&model.settings, &name));
        let unsent = rules.map(|rules| rules.sent(&params(&config)).1).unwrap_or_default();
        for key in ["temperature", "top_p", "max_tokens", "thinking", "stop"] {
            let changed = column.changes.0.contains_key(key);
            let (here, role) = if changed { (", only here", Role::Accent) } else { ("", Role::Text) };
            match config.0.get(key) {
                Some(_) if unsent.iter().any(|one| one.parameter == key) => {
                    pair(key, "! not sent".into(), Role::Warning);
                }
                Some(value) => pair(key, format!("{value}{here}"), role),
                None if changed => pair(key, format!("not set{here}"), role),
                None => {}
            }
        }
        pair("", format!("{} changes them", keys.shown(Action::Params)), Role::Dim);
    }
    lines.push((0, String::new(), Role::Text));
    if let Some(last) = column.talk.last() {
        let mut pair = |name: &str, value: String, role: Role| lines.push((12, format!("{name:<12}{value}"), role));
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
        lines.push((0, String::new(), Role::Text));
    }
    if let Some(shown) = who.as_ref().and_then(|name| model.paces.of(&name.to_string())) {
        let mut pair = |name: &str, value: String| lines.push((13, format!("{name:<13}{value}"), Role::Text));
        let signs = painter.theme.signs();
        pair("first lately", shown.first.told(signs));
        if let Some(speed) = &shown.speed {
            pair("speed lately", speed.told(signs));
        }
        lines.push((0, String::new(), Role::Text));
    }
    if let Some(draft) = &model.draft {
        let set = draft.values.set.as_deref().unwrap_or("none");
        let changed = if draft.values.changed { ", changed" } else { "" };
        lines.push((12, format!("{:<12}{set}{changed}", "values"), Role::Accent));
        for set in &draft.values.sets {
            let mark = if draft.values.set.as_ref() == Some(&set.name) { painter.sign("▸") } else { " ".into() };
            lines.push((3, format!(" {mark} {}", set.name), Role::Text));
        }
        lines.push((0, format!("{} chooses", keys.shown(Action::ChooseSet)), Role::Dim));
        for missing in draft.rows.iter().filter(|row| row.state == RowState::Missing) {
            lines.push((2, format!("? {} missing", missing.name), Role::Error));
        }
    }
    let mut y = 0;
    for (hang, line, role) in lines {
        if y >= text.height {
            break;
        }
        let mut rest = Rect { y: text.y + y, height: text.height - y, ..text };
        let start = line.char_indices().nth(usize::from(hang)).map_or(line.len(), |(at, _)| at);
        let mut value = line.as_str();
        // a name that is too long for that has the whole width of the next row
        if line[start..].split(' ').all(|word| hang + paint::columns(word) <= text.width) {
            painter.text(Rect { height: 1, ..rest }, &line[..start], role);
            rest = Rect { x: rest.x + hang, width: rest.width - hang, ..rest };
            value = &line[start..];
        }
        y += painter.paragraph(rest, value, role).max(1);
    }
}
