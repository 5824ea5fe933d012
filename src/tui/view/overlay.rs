//! What lies over a screen.

mod list;

use ratatui::layout::{Position, Rect};

use super::decision;
use super::paint::{Border, Painter, columns, row};
use crate::diff::Bump;
use crate::prompt::wrap;
use crate::tui::boxes;
use crate::tui::boxes::forms::{self, FREEZE_LABEL};
use crate::tui::evidence::Kind;
use crate::tui::freezing::Covering;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::overlay::{Answer, Ask, Confirm, FreezeField, FreezeForm, Overlay};
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
        Overlay::Drill(open) => super::drill::draw(open, area, painter),
        Overlay::Story(open) => super::story::draw(open, area, painter),
        Overlay::Say(open) => super::saying::draw(model, open, area, painter),
        Overlay::Thread(open) => super::threads::draw(model, open, area, painter),
        Overlay::Spend(first) => spent(model, *first, area, painter),
        Overlay::Past => super::past::draw(model, area, painter),
        Overlay::Search(form) => super::search::draw(model, form, area, painter),
        Overlay::Release(form) => super::release::draw(form, &model.keymap, area, painter),
        Overlay::Params(form) => super::params::draw(model, form, area, painter),
        Overlay::Wire(open) => super::wire::draw(model, open, area, painter),
    }
}

/// A line that is written; gives the place of its cursor.
pub(super) fn input(input: &Input, area: Rect, painter: &mut Painter<'_>) -> Position {
    let text = input.text();
    let before: String = text.chars().take(input.cursor()).collect();
    let cursor = columns(&before);
    let (start, hidden) = input.shown_from(area.width);
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
        Ask::KeepTurn(Kind::Case) => {
            ("The case is about", "its description in evals/cases.yaml, at whose end it is added")
        }
        Ask::KeepTurn(Kind::Set) => {
            ("Keep as the value set", "a name of a-z, 0-9, - and _; the message is a value of it")
        }
        Ask::KeepTurn(Kind::Incident) => ("What happened", "the title of the incident, which is a file of its own"),
        Ask::RecordTo => (
            "Record the conversation to",
            "a file; what is on it stays. The filled prompt stands on it as it is sent, personal values too",
        ),
        Ask::ReplayFrom => ("Replay the cassette", "a file that was recorded; it answers, and nobody is asked"),
        Ask::ExportRuns => (
            "Export runs to a file",
            "a file that is not there yet, one JSON object a line; personal values stay masked",
        ),
        Ask::CurlTo => ("Write the request as a curl command", "a file that is not there yet; ~ is your home folder"),
        Ask::Revision(_) => {
            ("Compare with a git revision", "a commit, a branch or a tag; it is read from git, not from the folder")
        }
        Ask::SideFile(_) => ("Compare with a file", "its path, from where greenroom was started or from the root"),
        Ask::VersionsFind => {
            ("Search all versions", "a phrase, in any letter case; the draft is searched as it is typed")
        }
        Ask::ReviewFind => {
            ("Find in the review", "words of a line or a comment, in any letter case; > and < go through the matches")
        }
        Ask::DiffFind => ("Find in both texts", "words of a line, in any letter case; > and < go through the matches"),
        Ask::VoteNote => ("A note to the vote", "why, in a few words; it may be empty. Enter casts the vote"),
        Ask::Prefill => ("Begin replies with", "goes along with every message; empty, and replies begin by themselves"),
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

/// What was spent, from the row it was scrolled to.
fn spent(model: &Model, first: usize, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let border = Border { title: "What was spent", foot: "Esc closes", focused: true, ..Border::default() };
    let (lines, inner) = (crate::tui::spending::lines(model), boxes::inner(area));
    let most = lines.len().saturating_sub(usize::from(inner.height));
    let state = if most > 0 { format!("{} more", most - first.min(most)) } else { String::new() };
    painter.border(area, &Border { state: &state, ..border });
    for (index, (line, role)) in (0..inner.height).zip(lines.iter().skip(first.min(most))) {
        painter.cut(row(inner, index), line, *role);
    }
    None
}

fn question(confirm: &Confirm, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let (title, foot) = match confirm.answers.as_slice() {
        [(_, Answer::Close)] => ("The comparison is over", "Enter closes"),
        _ => ("Please decide", "←→ choose  Enter accepts  Esc cancels"),
    };
    painter.border(area, &Border { title, foot, focused: true, ..Border::default() });
    let inner = boxes::inner(area);
    let mut y = painter.paragraph(inner, &confirm.question, Role::Title) + 1;
    for line in &confirm.consequence {
        let rest = Rect { y: inner.y + y, height: inner.height.saturating_sub(y), ..inner };
        y += painter.paragraph(rest, line, Role::Overlay);
    }
    answers(confirm.answers.iter().map(|(label, _)| *label), confirm.selected, forms::answers_row(area), painter);
    None
}

/// The answers of a question side by side, the chosen one with a mark.
pub(super) fn answers<'l>(
    labels: impl Iterator<Item = &'l str> + Clone,
    chosen: usize,
    place: Rect,
    painter: &mut Painter<'_>,
) {
    for ((index, label), at) in labels.clone().enumerate().zip(forms::answers(labels, place)) {
        let (text, role) = if index == chosen {
            (format!("[▸ {label} ]"), Role::OverlaySelected)
        } else {
            (format!("[  {label} ]"), Role::Overlay)
        };
        painter.text(at, &text, role);
    }
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

    let place = forms::freeze(FreezeField::Step, area);
    painter.text(place, &format!("{}step", marked(FreezeField::Step)), label(FreezeField::Step));
    let steps = forms::steps(form);
    let words = steps.iter().map(|(_, word)| word.as_str());
    for ((step, word), at) in steps.iter().zip(forms::choices(words, forms::beside(place, FREEZE_LABEL))) {
        let chosen = form.step == *step;
        let role = if chosen { Role::OverlaySelected } else { Role::Overlay };
        let (open, close) = if chosen { ("[", "]") } else { (" ", " ") };
        painter.text(at, &format!("{open}{word}{close}"), role);
    }
    painter.cut(row(inner, 1), &format!("         {}", proposal(form)), Role::Dim);
    let place = forms::freeze(FreezeField::Early, area);
    painter.text(place, &format!("{}as", marked(FreezeField::Early)), label(FreezeField::Early));
    let words = forms::early(form);
    let places = forms::choices(words.iter().map(String::as_str), forms::beside(place, FREEZE_LABEL));
    for (index, (word, at)) in words.iter().zip(places).enumerate() {
        let chosen = form.early == (index == 1);
        let role = if chosen { Role::OverlaySelected } else { Role::Overlay };
        let (open, close) = if chosen { ("[", "]") } else { (" ", " ") };
        painter.text(at, &format!("{open}{word}{close}"), role);
    }
    if let Some((met, words)) = form.covering.as_ref().map(Covering::in_words) {
        let (sign, role) = if met { ("ok", Role::Ok) } else { ("!", Role::Warning) };
        let place = forms::beside(row(inner, 6), 2);
        let used = painter.text(place, sign, role) + 1;
        painter.cut_content(forms::beside(place, used), &words, role);
    }

    for (field, name, words) in [(FreezeField::What, "what  ", &form.what), (FreezeField::Why, "why   ", &form.why)] {
        let place = forms::freeze(field, area);
        painter.text(place, &format!("{}{name} ", marked(field)), label(field));
        let at = forms::beside(place, FREEZE_LABEL);
        if let Some((first, more)) = words.first_line() {
            let said = format!("{first} {} +{more} line{}", painter.sign("…"), if more == 1 { "" } else { "s" });
            painter.cut_content(at, &said, Role::Text);
            continue;
        }
        let position = words.line().map(|line| input(line, at, painter));
        if form.field == field {
            cursor = position;
        } else if words.is_empty() {
            let hint =
                if field == FreezeField::What { "what changed, for whoever is on call" } else { "why it changed" };
            painter.text(at, hint, Role::Dim);
        }
    }
    let (button, role) = match form.field {
        FreezeField::Accept => ("[▸ Freeze this version ]", Role::OverlaySelected),
        _ => ("[  Freeze this version ]", Role::Overlay),
    };
    painter.text(forms::beside(forms::freeze(FreezeField::Accept, area), 2), button, role);
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
