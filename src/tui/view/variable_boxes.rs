//! The boxes of the variables pane: what a variable is, values from elsewhere, another name.

use ratatui::layout::{Position, Rect};

use super::overlay::input;
use super::paint::{Border, Painter, columns, row};
use super::variables::one_line;
use crate::prompt::{Freshness, Privacy};
use crate::tui::boxes;
use crate::tui::boxes::forms::{self, LABEL};
use crate::tui::draft::section_of;
use crate::tui::input::Input;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::update::picked_words;
use crate::tui::variables::{
    Intake, IntakeField, Plan, Planned, PropertiesForm, PropertyField, Renaming, Source, VariableBox,
};
use crate::vars::import::Format;
use crate::vars::review::{Change, Row};
use crate::vars::survey::Place;

/// Draws the open one; gives the place of the cursor when a line is written.
pub fn draw(model: &Model, open: &VariableBox, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    match open {
        VariableBox::Properties(form) => properties(form, area, painter),
        VariableBox::Intake(intake) => match &intake.picking {
            Some(picking) => super::picking::draw(intake, picking, area, painter),
            None => values(model, intake, area, painter),
        },
        VariableBox::Renaming(renaming) => Some(rename(renaming, area, painter)),
    }
}

pub(super) fn frame(title: &str, state: &str, foot: &str, area: Rect, painter: &mut Painter<'_>) -> Rect {
    painter.border(area, &Border { title, state, foot, focused: true, ..Border::default() });
    boxes::inner(area)
}

/// The name of a field, and where its content stands.
fn field(place: Rect, name: &str, focused: bool, painter: &mut Painter<'_>) -> Rect {
    let role = if focused { Role::Accent } else { Role::Overlay };
    painter.text(place, &format!("{}{name}", if focused { "▸ " } else { "  " }), role);
    forms::beside(place, LABEL)
}

/// Words side by side, the chosen one in brackets.
fn choices(place: Rect, words: &[&str], chosen: usize, painter: &mut Painter<'_>) {
    for ((index, word), at) in words.iter().enumerate().zip(forms::choices(words.iter().copied(), place)) {
        let (text, role) = if index == chosen {
            (format!("[{word}]"), Role::OverlaySelected)
        } else {
            (format!(" {word} "), Role::Overlay)
        };
        painter.text(at, &text, role);
    }
}

fn button(place: Rect, word: &str, focused: bool, painter: &mut Painter<'_>) {
    let (text, role) = if focused {
        (format!("[▸ {word} ]"), Role::OverlaySelected)
    } else {
        (format!("[  {word} ]"), Role::Overlay)
    };
    painter.text(Rect { x: place.x + 2, width: place.width.saturating_sub(2), ..place }, &text, role);
}

fn properties(form: &PropertiesForm, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let title = format!("What {} is", form.name);
    let state = if form.before.is_some() { "declared in prompt.toml" } else { "not declared yet" };
    let inner = frame(&title, state, "Tab next field  ←→ choose  Enter goes on  Esc leaves", area, painter);
    let mut cursor = None;
    for now in PropertyField::ALL {
        let focused = form.field == now;
        let place = forms::property(now, area);
        let mut line = |name: &str, line: &Input, hint: &str, painter: &mut Painter<'_>| {
            let at = field(place, name, focused, painter);
            let position = input(line, at, painter);
            if focused {
                cursor = Some(position);
            }
            if line.is_empty() {
                let beside = Rect { x: at.x + u16::from(focused) * 2, width: at.width.saturating_sub(2), ..at };
                painter.cut(beside, hint, Role::Dim);
            }
        };
        match now {
            PropertyField::Privacy => {
                let chosen = Privacy::ALL.iter().position(|privacy| *privacy == form.privacy).unwrap_or(0);
                choices(field(place, "privacy", focused, painter), &forms::property_words(now), chosen, painter);
            }
            PropertyField::Freshness => {
                let chosen = Freshness::ALL.iter().position(|freshness| *freshness == form.freshness).unwrap_or(0);
                choices(field(place, "changes", focused, painter), &forms::property_words(now), chosen, painter);
            }
            PropertyField::Required => {
                let at = field(place, "required", focused, painter);
                choices(at, &forms::property_words(now), usize::from(!form.required), painter);
            }
            PropertyField::Untrusted => {
                let at = field(place, "written by", focused, painter);
                choices(at, &forms::property_words(now), usize::from(form.untrusted), painter);
            }
            PropertyField::MaxTokens => line("max tokens", &form.max_tokens, "any number", painter),
            PropertyField::Description => {
                line("description", &form.description, "what it is, in a sentence", painter);
            }
            PropertyField::Example => {
                line("example", &form.example, "made up; may be shown and sent anywhere", painter);
            }
            PropertyField::Default => {
                let hint = match (form.hides_default, form.privacy) {
                    (true, _) => "there is one, hidden; what is typed takes its place",
                    (false, Privacy::Secret) => "none: a secret stands in no file",
                    (false, _) => "none: a set has to give a value",
                };
                line("default", &form.default, hint, painter);
            }
            PropertyField::Accept => button(place, "Write it into prompt.toml", focused, painter),
        }
    }
    let below = Rect { y: inner.y + 11.min(inner.height), height: inner.height.saturating_sub(11), ..inner };
    let (said, role) = match (&form.problem, form.waiting) {
        (Some(problem), _) => (format!("! {problem}"), Role::Error),
        (None, true) => ("writing…".to_owned(), Role::Dim),
        (None, false) => (meaning(form).to_owned(), Role::Dim),
    };
    painter.paragraph(Rect { x: below.x + 2, width: below.width.saturating_sub(2), ..below }, &said, role);
    cursor
}

/// What the chosen answer of the focused field means.
fn meaning(form: &PropertiesForm) -> &'static str {
    match (form.field, form.privacy, form.freshness) {
        (PropertyField::Privacy, Privacy::Public, _) => "anyone may see the value",
        (PropertyField::Privacy, Privacy::Internal, _) => "people of your organisation may see the value",
        (PropertyField::Privacy, Privacy::Personal, _) => {
            "about a person: masked on screens, its example is sent to hosts that are not this machine"
        }
        (PropertyField::Privacy, Privacy::Secret, _) => "never shown, never sent, never written to a file",
        (PropertyField::Freshness, _, Freshness::Static) => "the same for every call: cheap at the start of the prompt",
        (PropertyField::Freshness, _, Freshness::Daily) => "a set is too old for it after a day",
        (PropertyField::Freshness, _, Freshness::Session) => "the same for one session; a set is too old after a day",
        (PropertyField::Freshness, _, Freshness::Request) => "new with each request: dear before text that stays",
        (PropertyField::Untrusted, ..) => "what others write can hold instructions: fence it in the prompt",
        (PropertyField::MaxTokens, ..) => "vars check and lint warn about longer values",
        _ => "comments and other keys of prompt.toml stay as they are",
    }
}

fn values(model: &Model, intake: &Intake, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let Some(taken) = &intake.taken else {
        let inner = frame("Values from elsewhere", "", "Enter reads  Esc leaves", area, painter);
        painter.text(row(inner, 0), "▸", Role::Accent);
        let line = Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: 1.min(inner.height), ..inner };
        let place = input(&intake.line, line, painter);
        let rest = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2), ..inner };
        let (said, role) = match (&intake.problem, &intake.content) {
            (Some(problem), _) => (format!("! {problem}"), Role::Error),
            (None, Some(Source::File(file))) => (format!("reading {}…", file.display()), Role::Dim),
            (None, Some(Source::Text(_))) => ("reading…".to_owned(), Role::Dim),
            (None, None) => (HELP.to_owned(), Role::Dim),
        };
        painter.paragraph(rest, &said, role);
        return intake.content.is_none().then_some(place);
    };
    let set = model.draft.as_ref().and_then(|draft| draft.values.set.clone());
    let state = format!("{}, {}", taken.format.title(), lines(intake));
    let inner = frame("Values from elsewhere", &state, "Enter takes  Tab, ←→ change  PgDn  Esc leaves", area, painter);
    let into = set.map_or("into no set yet".to_owned(), |set| format!("against {set}"));
    painter
        .pieces(row(inner, 0), &[(&intake.review.summary(), Role::Title), ("  ", Role::Overlay), (&into, Role::Dim)]);
    let log = taken.format == Format::Jsonl;
    let below = inner.height.saturating_sub(6 + u16::from(!taken.remarks.is_empty()) + u16::from(log));
    let list = Rect { y: inner.y + 1, height: below, ..inner };
    let names = intake.review.rows.iter().map(|row| columns(&row.name)).max().unwrap_or(0).min(list.width / 3);
    let first = intake.scroll.min(intake.review.rows.len().saturating_sub(usize::from(list.height.max(1))));
    for (index, shown) in intake.review.rows.iter().skip(first).take(usize::from(list.height)).enumerate() {
        reviewed(shown, intake, (row(list, u16::try_from(index).unwrap_or(0)), names), painter);
    }
    let foot = Rect { y: list.bottom(), height: inner.bottom().saturating_sub(list.bottom()), ..inner };
    let mut y = 0;
    if let Some(remark) = taken.remarks.first() {
        let more = if taken.remarks.len() > 1 { format!(" (+{})", taken.remarks.len() - 1) } else { String::new() };
        painter.cut_content(row(foot, 0), &format!("! {remark}{more}"), Role::Warning);
        y = 1;
    }
    let at = |field: IntakeField| intake.field == field;
    if log {
        y += 1;
        let place = field(row(foot, y), "fields", at(IntakeField::Fields), painter);
        painter.text(place, &format!("{}; Enter changes it", picked_words(&taken.picks)), Role::Overlay);
    }
    let place = field(row(foot, y + 1), "record", at(IntakeField::Record), painter);
    let record = taken.records.get(intake.record).map_or(1, |record| record.line);
    painter.text(place, &format!("◂ {} of {} ▸  line {record}", intake.record + 1, taken.records.len()), Role::Overlay);
    let place = field(row(foot, y + 2), "personal", at(IntakeField::Personal), painter);
    choices(place, &forms::PERSONAL, usize::from(intake.real), painter);
    let place = field(row(foot, y + 3), "unknown", at(IntakeField::Extra), painter);
    choices(place, &forms::EXTRA, usize::from(intake.extra), painter);
    button(row(foot, y + 4), "Take them", at(IntakeField::Accept), painter);
    None
}

const HELP: &str = "Paste JSON, YAML, CSV or .env, or type the path of a file; a log with one JSON object a line is read too. \
    You see what is new, changed, missing and unknown before anything is taken.\n\n\
    Personal values are masked unless you choose otherwise, secret ones are never taken.\n\
    Of a log you pick once which field is whose; prompt.toml remembers it.";

/// How much was read.
pub(super) fn lines(intake: &Intake) -> String {
    match &intake.content {
        Some(Source::Text(text)) => match text.lines().count() {
            1 => "1 line".to_owned(),
            lines => format!("{lines} lines"),
        },
        Some(Source::File(file)) => file.display().to_string(),
        None => String::new(),
    }
}

/// One row of the review.
fn reviewed(shown: &Row, intake: &Intake, (place, names): (Rect, u16), painter: &mut Painter<'_>) {
    let (sign, role) = match shown.change {
        Change::New => ("+", Role::Insert),
        Change::Changed => ("~", Role::Warning),
        Change::Same => ("=", Role::Dim),
        Change::Missing => ("?", Role::Error),
        Change::Extra if intake.extra => ("+", Role::Insert),
        Change::Extra | Change::Unnamed => ("-", Role::Dim),
        Change::Secret => ("■", Role::Personal),
    };
    let sign = painter.sign(sign);
    painter.text(place, &format!("{sign} {}", shown.change.word()), role);
    let name = Rect { x: place.x + 10, width: names, ..place };
    painter.cut(name, &shown.name, Role::VariableKnown);
    let hidden = shown.privacy >= Privacy::Personal && !shown.masked;
    let text = match (&shown.value, shown.change) {
        (_, Change::Secret) => "secret: not taken, a set is a file".to_owned(),
        (_, Change::Missing) => "the prompt asks for it, and nothing gives it".to_owned(),
        (_, Change::Unnamed) => "cannot be the name of a variable".to_owned(),
        (_, Change::Extra) if !intake.extra => "the prompt does not know it".to_owned(),
        (Some(_), _) if hidden => format!("{} personal, as it is", painter.sign("▪")),
        (Some(value), _) if shown.masked => format!("{value}  (masked)"),
        (Some(value), _) => one_line(value, painter),
        (None, _) => String::new(),
    };
    let rest = Rect { x: name.right() + 1, width: place.right().saturating_sub(name.right() + 1), ..place };
    painter.cut_content(rest, &text, if hidden { Role::Personal } else { Role::Text });
}

fn rename(renaming: &Renaming, area: Rect, painter: &mut Painter<'_>) -> Position {
    let title = format!("Rename {} everywhere", renaming.old);
    let foot = match renaming.plan {
        Plan::Ready(_) => "Enter renames  ↑↓ scroll  Esc leaves",
        _ => "Enter shows the places  Esc leaves",
    };
    let inner = frame(&title, "", foot, area, painter);
    painter.text(row(inner, 0), "▸", Role::Accent);
    let line = Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: 1.min(inner.height), ..inner };
    let cursor = input(&renaming.line, line, painter);
    let rest = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2), ..inner };
    match &renaming.plan {
        Plan::None => {
            let help = "The placeholders of all sections, the user's message, the value sets, the declaration and the \
                eval cases get the new name, or nothing does. Frozen versions keep the old one. Undo takes it back.";
            painter.paragraph(rest, help, Role::Dim);
        }
        Plan::Waiting(_) => _ = painter.text(row(rest, 0), "looking at the files…", Role::Dim),
        Plan::Refused(error) => _ = painter.paragraph(rest, &format!("! {error}"), Role::Error),
        Plan::Ready(plan) => planned(plan, renaming.scroll, rest, painter),
    }
    cursor
}

/// The places that would change: in the text first, then in each file.
fn planned(plan: &Planned, scroll: usize, area: Rect, painter: &mut Painter<'_>) {
    let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let summary = format!(
        "{} in the draft, {} in {}",
        count(plan.draft.len(), "place"),
        count(plan.files.places(), "place"),
        count(plan.files.files.len(), "file")
    );
    painter.text(row(area, 0), &summary, Role::Title);
    let draft = plan.draft.iter().map(|(pane, line)| {
        let title = section_of(*pane).map_or(Place::Unsorted, Place::Section).short();
        format!("{title} {line}")
    });
    let mut rows: Vec<(String, Role)> = draft.map(|text| (text, Role::Text)).collect();
    for file in &plan.files.files {
        let places = file.places.iter().map(|place| format!("{}:{}  {}", file.shown, place.line, place.what.word()));
        rows.extend(places.map(|text| (text, Role::Text)));
    }
    rows.extend(plan.files.notes.iter().map(|note| (format!("! {note}"), Role::Warning)));
    let below = Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
    let mut y = 0;
    for (text, role) in rows.iter().skip(scroll.min(rows.len().saturating_sub(1))) {
        let rest = Rect { y: below.y + y, height: below.height.saturating_sub(y), ..below };
        if rest.height == 0 {
            break;
        }
        y += painter.paragraph(rest, text, *role).max(1);
    }
}
