//! What lies over a screen.

mod list;

use ratatui::layout::{Position, Rect};

use super::decision;
use super::paint::{Border, Painter, columns, row};
use crate::diff::Bump;
use crate::library::{Step, next_version};
use crate::prompt::wrap;
use crate::tui::boxes;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::overlay::{Ask, Confirm, FreezeField, FreezeForm, Overlay};
use crate::tui::theme::Role;

/// Draws it; gives the place of the cursor when a line is written.
pub fn draw(model: &Model, overlay: &Overlay, painter: &mut Painter<'_>) -> Option<Position> {
    let area = boxes::area(model, overlay);
    painter.fill(area, Role::Overlay);
    match overlay {
        Overlay::Welcome => {
            super::tour::welcome(model, area, painter);
            None
        }
        Overlay::Jump => {
            super::keys::letters(model, painter);
            None
        }
        Overlay::Help(picker, _) => list::help(model, picker, area, painter),
        Overlay::Palette(picker) => list::palette(model, picker, area, painter),
        Overlay::Pick(pick, picker) => list::pick(model, *pick, picker, area, painter),
        Overlay::Ask(ask, input) => Some(line(*ask, input, area, painter)),
        Overlay::Freeze(form) => freeze(model, form, area, painter),
        Overlay::Costs(open) => super::costs::draw(model, open, area, painter),
        Overlay::Variable(open) => super::variable_boxes::draw(model, open, area, painter),
        Overlay::Confirm(confirm) => question(confirm, area, painter),
        Overlay::Decide(open) => decision::draw(open, area, painter),
        Overlay::Search(form) => super::search::draw(model, form, area, painter),
    }
}

/// A line that is written; gives the place of its cursor.
pub(super) fn input(input: &Input, area: Rect, painter: &mut Painter<'_>) -> Position {
    let text = input.text();
    let before: String = text.chars().take(input.cursor()).collect();
    let cursor = columns(&before);
    // a long line is shown around its cursor
    let skip = (cursor + 1).saturating_sub(area.width);
    let mut hidden = 0;
    let start = text.char_indices().find(|(at, _)| {
        hidden = columns(&text[..*at]);
        hidden >= skip
    });
    let start = start.map_or(text.len(), |(at, _)| at);
    let (plain, chosen) = (painter.style(Role::Text), painter.style(Role::Selection));
    let byte = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(at, _)| at);
    let selected = input.selection().map(|range| byte(range.start)..byte(range.end));
    let is_selected = |at: usize| selected.as_ref().is_some_and(|range| range.contains(&(start + at)));
    painter.styled(area, &text[start..], |at| if is_selected(at) { chosen } else { plain });
    Position { x: area.x + cursor.saturating_sub(hidden).min(area.width.saturating_sub(1)), y: area.y }
}

fn line(ask: Ask, written: &Input, area: Rect, painter: &mut Painter<'_>) -> Position {
    let (title, hint) = match ask {
        Ask::AllowReason => {
            ("Why is this all right?", "it goes into prompt.toml as [[lint.allow]] with this line of the text")
        }
        Ask::CopyTo => (
            "Save a copy of the draft",
            "a file that is not there yet; ~ is your home folder. The draft stays where it is",
        ),
        Ask::Model => ("Model", "PROVIDER:MODEL, for example anthropic:claude-haiku-4-5 or ollama:llama3.2"),
        Ask::SetName => ("Save the values as a set", "a name of a-z, 0-9, - and _; it becomes values/NAME.json"),
        Ask::PromptName => ("New prompt", "a name of a-z, 0-9, - and _; it becomes prompts/NAME"),
    };
    painter.border(area, &Border { title, foot: "Enter accepts  Esc cancels", focused: true, ..Border::default() });
    let inner = boxes::inner(area);
    painter.paragraph(Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner }, hint, Role::Dim);
    painter.text(row(inner, 0), "▸", Role::Accent);
    input(written, Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: 1, y: inner.y }, painter)
}

fn question(confirm: &Confirm, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    painter.border(
        area,
        &Border {
            title: "Please decide",
            foot: "←→ choose  Enter accepts  Esc cancels",
            focused: true,
            ..Border::default()
        },
    );
    let inner = boxes::inner(area);
    let mut y = painter.paragraph(inner, &confirm.question, Role::Title) + 1;
    for line in &confirm.consequence {
        let rest = Rect { y: inner.y + y, height: inner.height.saturating_sub(y), ..inner };
        y += painter.paragraph(rest, line, Role::Overlay);
    }
    let last = row(inner, inner.height.saturating_sub(1));
    let mut x = last.x;
    for (index, (label, _)) in confirm.answers.iter().enumerate() {
        let chosen = index == confirm.selected;
        let text = if chosen { format!("[▸ {label} ]") } else { format!("[  {label} ]") };
        let role = if chosen { Role::OverlaySelected } else { Role::Overlay };
        x += painter.text(Rect { x, width: last.right().saturating_sub(x), ..last }, &text, role) + 2;
    }
    None
}

fn freeze(model: &Model, form: &FreezeForm, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let name = model.draft.as_ref().map_or("", |draft| draft.entry.name.as_str());
    let title = format!("Freeze a version of {name}");
    painter.border(
        area,
        &Border {
            title: &title,
            foot: "Tab next field  Enter accepts  Esc cancels",
            focused: true,
            ..Border::default()
        },
    );
    let inner = boxes::inner(area);
    let label = |field: FreezeField| if form.field == field { Role::Accent } else { Role::Overlay };
    let marked = |field: FreezeField| if form.field == field { "▸ " } else { "  " };
    let mut cursor = None;

    let mut pieces: Vec<(String, Role)> =
        vec![(format!("{}step   ", marked(FreezeField::Step)), label(FreezeField::Step))];
    for (step, word) in [(Step::Major, "major"), (Step::Minor, "minor"), (Step::Patch, "patch")] {
        let version = next_version(form.last.as_ref(), &step).map(|version| version.to_string()).unwrap_or_default();
        let chosen = form.step == step;
        let role = if chosen { Role::OverlaySelected } else { Role::Overlay };
        let (open, close) = if chosen { ("[", "]") } else { (" ", " ") };
        pieces.push((format!("{open}{word} {version}{close}"), role));
        pieces.push((" ".into(), Role::Overlay));
    }
    let pieces: Vec<(&str, Role)> = pieces.iter().map(|(text, role)| (text.as_str(), *role)).collect();
    painter.pieces(row(inner, 0), &pieces);
    painter.text(row(inner, 1), &format!("         {}", proposal(form)), Role::Dim);

    for (index, (field, name, line)) in
        [(FreezeField::What, "what  ", &form.what), (FreezeField::Why, "why   ", &form.why)].into_iter().enumerate()
    {
        let place = row(inner, 3 + 2 * u16::try_from(index).unwrap_or(0));
        painter.text(place, &format!("{}{name} ", marked(field)), label(field));
        let at = Rect { x: place.x + 9, width: place.width.saturating_sub(9), ..place };
        let position = input(line, at, painter);
        if form.field == field {
            cursor = Some(position);
        } else if line.is_empty() {
            let hint =
                if field == FreezeField::What { "what changed, for whoever is on call" } else { "why it changed" };
            painter.text(at, hint, Role::Dim);
        }
    }
    let (button, role) = match form.field {
        FreezeField::Accept => ("[▸ Freeze this version ]", Role::OverlaySelected),
        _ => ("[  Freeze this version ]", Role::Overlay),
    };
    painter.text(Rect { x: inner.x + 2, ..row(inner, 7) }, button, role);
    if let Some(problem) = &form.problem {
        painter.paragraph(
            Rect {
                x: inner.x + 2,
                width: inner.width.saturating_sub(2),
                height: 2.min(inner.height.saturating_sub(8)),
                y: inner.y + 8,
            },
            &format!("! {problem}"),
            Role::Error,
        );
    }
    changelog(model, form, area, painter);
    cursor
}

/// The changelog as it will be written, from the row it was scrolled to, and how much more of it there is.
fn changelog(model: &Model, form: &FreezeForm, area: Rect, painter: &mut Painter<'_>) {
    let preview = boxes::changelog_area(area);
    let (most, width) = (boxes::changelog_most(model, form), usize::from(preview.width));
    let first = form.scrolled.min(most);
    let line = row(boxes::inner(area), 10);
    painter.text(line, &"─".repeat(width), Role::Border);
    painter.text(Rect { x: line.x + 1, width: line.width.saturating_sub(1), ..line }, " changelog.md ", Role::Dim);
    if most > 0 {
        let (up, down) = (model.keymap.shown(Action::FormPageUp), model.keymap.shown(Action::FormPageDown));
        let state = match (first, most - first) {
            (0, below) => format!(" {down}: {below} more "),
            (above, 0) => format!(" {up}: {above} above "),
            (above, below) => format!(" {up}: {above} above, {down}: {below} more "),
        };
        painter.right(Rect { width: line.width.saturating_sub(1), ..line }, &state, Role::Dim);
    }
    let text = boxes::changelog(model, form);
    let rows =
        text.trim_end().split('\n').flat_map(|line| wrap::rows(line, width).into_iter().map(move |at| &line[at]));
    for (index, shown) in (0..preview.height).zip(rows.skip(first)) {
        painter.text(row(preview, index), shown, Role::Text);
    }
}

fn proposal(form: &FreezeForm) -> &'static str {
    match (form.suggested, &form.last) {
        (_, None) => "the first version",
        (None, _) => "comparing with the last version…",
        (Some(Bump::Major), _) => "proposed: major, because variables or the output format changed",
        (Some(Bump::Minor), _) => "proposed: minor, because what the assistant does changed",
        (Some(Bump::Patch), _) => "proposed: patch, because only wording or settings changed",
        (Some(Bump::None), _) => "nothing differs from the last version",
    }
}
