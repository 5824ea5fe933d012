//! The rows that every screen has: the tabs at the top, the message and the hints at the bottom.

use ratatui::layout::{Position, Rect};

use super::areas;
use super::paint::{Painter, columns};
use crate::model::bill::number;
use crate::model::costing::Fill;
use crate::prompt::wrap;
use crate::tui::canvas::{RowKind, Stamps, stamp};
use crate::tui::instead::in_keys;
use crate::tui::keymap::{Action, Context, offered, shown_keys};
use crate::tui::margins;
use crate::tui::model::{Level, Model, ScreenId, Weight};
use crate::tui::overlay::Overlay;
use crate::tui::possible::why_not;
use crate::tui::tabs;
use crate::tui::theme::Role;
use crate::tui::update::model_of;
use crate::tui::update::release::entry;

/// So many rows a message may take; a server's own words can be a page.
const MOST_MESSAGE_ROWS: u16 = 4;

/// Row 0.
pub fn top(model: &Model, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    let area = areas(model).top;
    if !stamps.must_draw_row(RowKind::Chrome, area, of_top(model)) {
        return;
    }
    let name = model.draft.as_ref().map_or("greenroom", |draft| draft.entry.name.as_str());
    let changed = model.draft.as_ref().is_some_and(crate::tui::draft::Draft::changed);
    let last = tabs::places(model).last().map_or(0, |(.., to)| *to);
    // one column stays free at the right, and one between
    let room = area.width.saturating_sub(last + 2);
    let tape = model.deck.sign();
    let short = tape.as_ref().map(|tape| tape.split(' ').take(2).collect::<Vec<_>>().join(" "));
    let sign = tape.filter(|tape| columns(tape) <= room).or(short);
    let taken = sign.as_ref().map_or(0, |sign| columns(sign) + 3);
    let state = state(model, room.saturating_sub(taken));
    painter.fill(area, Role::Tab);
    let start = tabs::start(model);
    let place = Rect { x: 1, width: start.saturating_sub(4), ..area };
    let used = painter.text(place, name, Role::Title);
    if changed {
        painter.text(Rect { x: 2 + used, width: 1, ..area }, "●", Role::Accent);
    }
    for (screen, from, to) in tabs::places(model) {
        let place = Rect { x: from, width: to.saturating_sub(from), ..area };
        let label = tabs::label(screen);
        if screen == model.screen {
            painter.text(place, &format!("[{}]", label.trim()), Role::TabActive);
        } else {
            painter.text(place, &label, Role::Tab);
        }
    }
    let right = Rect { width: area.width.saturating_sub(1), ..area };
    let Some(sign) = sign else { return painter.right(right, &state, Role::Dim) };
    // nobody must take a recording for an answer of now: the sign comes before everything else at the right
    let width = columns(&sign).min(right.width);
    painter.text(Rect { x: right.right() - width, width, ..right }, &sign, Role::Warning);
    painter.right(Rect { width: right.width.saturating_sub(taken), ..right }, &state, Role::Dim);
}

/// Everything that row 0 is made of: its words are only put together when something of it has changed.
fn of_top(model: &Model) -> u64 {
    let entry = entry(model).map(|entry| (&entry.environments, &entry.doubtful));
    let draft = model.draft.as_ref().map(|draft| {
        let name = &draft.entry.name;
        (name, draft.changed(), draft.stamp.is_some(), draft.base())
    });
    let git = model.git.as_ref().map(|standing| (&standing.branch, standing.uncommitted));
    let library = (&model.library, git, model.spent.today.to_bits());
    let answers = (model_of(model), model.play.blind.is_some(), model.deck.sign());
    stamp((draft, entry, library, answers, model.screen, model.size))
}

/// What is open, what runs and who would answer, as much of it as there is room for: what runs is left out last.
fn state(model: &Model, room: u16) -> String {
    let mut parts = Vec::new();
    let wide = model.size.0 >= 100;
    let blind = model.play.blind.is_some();
    if blind && wide {
        // the draft's model and the version before it may be those that are compared
        parts.push((2, "blind, names are hidden".to_owned()));
    } else if wide && let Some(name) = model_of(model) {
        parts.push((2, name.to_string()));
    }
    if let Some(draft) = model.draft.as_ref().filter(|_| !blind) {
        let base = match (draft.stamp.is_some(), draft.base()) {
            (true, Some(base)) => format!("draft, after v{base}"),
            (true, None) => "draft, no version yet".into(),
            (false, Some(base)) => format!("v{base}, no draft yet"),
            (false, None) => "new".into(),
        };
        parts.extend(wide.then_some((3, base)));
        let runs = crate::tui::update::release::running_words(model);
        if !runs.is_empty() {
            parts.push((4, runs));
        }
    }
    if model.size.0 >= 150 {
        if model.spent.today > 0.0 {
            parts.push((1, format!("{} today", crate::model::bill::dollars(model.spent.today))));
        }
        let branch = model.git.as_ref().map(|standing| format!(" ({standing})")).unwrap_or_default();
        parts.push((0, format!("{}{branch}", model.library)));
    }
    loop {
        let words = parts.iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>().join(" │ ");
        let least = parts.iter().enumerate().min_by_key(|(_, (weight, _))| *weight).map(|(at, _)| at);
        match least {
            Some(least) if columns(&words) > room => drop(parts.remove(least)),
            _ => return words,
        }
    }
}

/// The message and the hints. A long message covers the last rows of the panes, but never the row of the `cursor`.
pub fn bottom(model: &Model, cursor: Option<Position>, painter: &mut Painter<'_>, stamps: &mut Stamps) {
    let frame = areas(model);
    let most = cursor.map_or(MOST_MESSAGE_ROWS, |cursor| frame.status.y.saturating_sub(cursor.y));
    let (text, role) = status(model);
    if spills(model) {
        stamps.drew(frame.status);
        message(&text, role, frame.status, most, painter);
    } else if stamps.must_draw_row(RowKind::Chrome, frame.status, stamp((&text, role))) {
        painter.fill(frame.status, Role::Status);
        painter.cut(within(frame.status), &text, role);
    }
    let contexts = model.contexts();
    // what the hints would be is only worked out when it may have changed
    let works =
        offered(&contexts).fold(1_u64, |bits, entry| bits << 1 | u64::from(why_not(model, entry.action).is_none()));
    if stamps.must_draw_row(RowKind::Chrome, frame.hints, stamp((&contexts, works, &model.unfinished))) {
        painter.fill(frame.hints, Role::Text);
        hints(model, contexts, frame.hints, painter);
    }
}

/// What the status row says, and how.
fn status(model: &Model) -> (String, Role) {
    let Some(status) = &model.status else {
        let trouble = model.trouble.as_ref().map(|trouble| (format!("error {trouble}"), Role::Error));
        let unkept = || model.unjournaled.as_ref().map(|why| (format!("! {why}"), Role::Warning));
        let met = || model.meeting().map(|told| (format!("! {told}"), Role::Warning));
        return trouble.or_else(unkept).or_else(met).unwrap_or_else(|| (resting(model), Role::Status));
    };
    let (mark, role) = match status.weight {
        Weight::Done => ("ok ", Role::Ok),
        Weight::Note => ("", Role::Status),
        Weight::Warning => ("! ", Role::Warning),
        Weight::Failed => ("error ", Role::Error),
    };
    (format!("{mark}{}", status.text), role)
}

/// Whether the message may need more than its row, and with it a part of the panes.
pub fn spills(model: &Model) -> bool {
    let said = model.status.as_ref().map(|status| &status.text).or(model.trouble.as_ref());
    let text = said.or(model.unjournaled.as_ref()).cloned().or_else(|| model.meeting());
    // what stands before it takes at most eight columns
    text.is_some_and(|text| text.contains('\n') || columns(&text) + 10 > model.size.0)
}

/// A message in whole: what does not fit the row goes on over the last rows of the panes, because what to do about an
/// error stands at its end.
fn message(text: &str, role: Role, status: Rect, most: u16, painter: &mut Painter<'_>) {
    let width = usize::from(within(status).width);
    let rows: usize = text.split('\n').map(|line| wrap::rows(line, width).len()).sum();
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(MOST_MESSAGE_ROWS).min(most).clamp(1, status.y.max(1));
    let area = Rect { y: status.y + 1 - rows, height: rows, ..status };
    painter.fill(area, Role::Status);
    painter.paragraph(within(area), text, role);
}

/// Without the first and the last column.
fn within(row: Rect) -> Rect {
    Rect { x: 1, width: row.width.saturating_sub(2), ..row }
}

/// What the status row says when nothing has happened.
fn resting(model: &Model) -> String {
    let Some(draft) = &model.draft else {
        return in_keys("no prompt is open: <library.open> opens the library", &model.keymap);
    };
    match model.screen {
        ScreenId::Draft => {
            if let Some(told) = margins::told(model) {
                return told;
            }
            if let Some(mark) = model.linting.under_cursor(draft) {
                let sign = crate::tui::linting::sign(mark.finding.severity);
                let key = model.keymap.shown(Action::Findings);
                let total = model.linting.summary();
                return format!("{sign} {} [{}]  ({key}: {total})", mark.finding.message, mark.finding.rule.id);
            }
            let missing: Vec<&str> = draft
                .rows
                .iter()
                .filter(|row| row.state == crate::tui::draft::RowState::Missing)
                .map(|row| row.name.as_str())
                .collect();
            match missing.as_slice() {
                [] if over_budget(draft).is_some() => over_budget(draft).unwrap_or_default(),
                [] if draft.values.reveal => "every variable has a value; personal values are shown".into(),
                [] => "every variable has a value".into(),
                [one] => format!("? {one} has no value"),
                [first, ..] => format!("? {first} and {} more have no value", missing.len() - 1),
            }
        }
        ScreenId::Play => match model.play.running().count() {
            0 if model.play.column().talk.is_empty() => "write a message; Enter sends it under the draft".into(),
            0 => String::new(),
            // how many are left would tell who was faster
            _ if model.play.blind.is_some() => "both are answering; Esc stops them and keeps what came".into(),
            1 => "a reply is coming in; Esc stops it and keeps what came".into(),
            more => format!("{more} replies are coming in; Esc stops them and keeps what came"),
        },
        ScreenId::Diff => margins::told(model).unwrap_or_else(|| model.diffing.summary()),
        ScreenId::Review => super::reviewing::resting(model),
    }
}

/// That the budget is crossed, or nearly, in whole words: the border of a narrow preview has no room for them.
fn over_budget(draft: &crate::tui::draft::Draft) -> Option<String> {
    let (total, budget) = draft.counts.total().zip(draft.assumptions.budget)?;
    let budget_of = number(usize::try_from(budget).unwrap_or(usize::MAX));
    match Fill::of(total.tokens, budget) {
        Fill::Within => None,
        fill => Some(format!("{}: {} tokens of {budget_of}", fill.word(), total.figure())),
    }
}

fn hints(model: &Model, mut contexts: Vec<Context>, area: Rect, painter: &mut Painter<'_>) {
    let level = match (&model.overlay, model.level) {
        (Some(Overlay::Jump), _) => " JUMP ",
        (Some(_), _) => " BOX ",
        (None, Level::Edit) => " EDIT ",
        (None, Level::Nav) => " NAV ",
    };
    let mut x = area.x + painter.text(area, level, Role::TabActive);
    let told = match (&model.overlay, &model.unfinished) {
        (Some(Overlay::Jump), _) => Some("a letter goes there  Esc stays here".to_owned()),
        (Some(Overlay::Welcome), _) => Some("any key begins".to_owned()),
        (_, Some(unfinished)) => Some(format!("{} and then?  Esc cancels", shown_keys(&unfinished.pressed))),
        _ => None,
    };
    if let Some(told) = told {
        let place = Rect { x: x + 2, width: area.right().saturating_sub(x + 2), ..area };
        painter.text(place, &told, Role::HintText);
        return;
    }
    let help = (model.keymap.shown(Action::Help), "help");
    match model.overlay {
        // a form with a key of its own
        Some(Overlay::Costs(_) | Overlay::Past) => contexts.truncate(2),
        Some(_) => contexts.truncate(1),
        None => {}
    }
    // a question about two texts says at its own foot what its keys do
    let told = matches!(model.overlay, Some(Overlay::Decide(_)));
    let mut hints = model.keymap.hints(&contexts, |action| !told && why_not(model, action).is_none());
    if model.overlay.is_none() && model.level == Level::Edit {
        let back = if model.completing.shown().is_some() { "close box" } else { "nav" };
        hints.insert(0, (model.keymap.shown(Action::Back), back));
        hints.truncate(7);
    }
    let last = columns(&help.0) + 1 + columns(help.1) + 2;
    let shows_help = !matches!(model.overlay, Some(Overlay::Help(..)));
    let room = area.right().saturating_sub(if shows_help { last } else { 0 });
    let mut draw = |key: &str, label: &str, x: u16| {
        let place = Rect { x, width: area.right().saturating_sub(x), ..area };
        painter.pieces(
            place,
            &[("  ", Role::HintText), (key, Role::HintKey), (" ", Role::HintText), (label, Role::HintText)],
        )
    };
    // dropped whole from the right when there is no room
    for (key, label) in &hints {
        if x + columns(key) + columns(label) + 3 > room {
            break;
        }
        x += draw(key, label, x);
    }
    if shows_help {
        draw(&help.0, help.1, x);
    }
}
