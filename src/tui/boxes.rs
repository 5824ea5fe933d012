//! Where the boxes over a screen stand, for drawing and clicks alike; and the changelog that the freeze form previews.

pub mod forms;
mod lists;
mod past;

use ratatui::layout::Rect;

use crate::library::{Cut, Rollback, changelog as changelog_of, next_version};
use crate::prompt::wrap;
use crate::tui::costs::{self, CostBox};
use crate::tui::decision::Decision;
use crate::tui::find::{SearchForm, Task};
use crate::tui::layout;
use crate::tui::margins;
use crate::tui::model::Model;
use crate::tui::overlay::{FreezeForm, Overlay, Pick};
use crate::tui::saying::SayBox;
use crate::tui::spending;
use crate::tui::threads;
use crate::tui::variables::VariableBox;
use crate::tui::wire::Half;

pub use lists::{ListAreas, first_row, list, list_area};
pub use past::{past, past_facts, past_pane, past_rows, past_side, past_whole};

/// The box of an overlay, its border included.
pub fn area(model: &Model, overlay: &Overlay) -> Rect {
    let (width, height) = model.size;
    let (wide, high) = (width.saturating_sub(4), most_rows(height));
    match overlay {
        Overlay::Help(..) | Overlay::Palette(_) => layout::centered(model.size, wide.min(100), high.min(36)),
        Overlay::Pick(pick, picker) => {
            let most = if matches!(pick, Pick::Findings) { 140 } else { 84 };
            let wide = wide.min(most);
            let inside = layout::text(Rect { width: wide, height: high, ..Rect::default() });
            let rows = u16::try_from(picker.rows.len()).unwrap_or(u16::MAX).saturating_add(4);
            let rows = rows.saturating_add(lists::whole_rows(*pick == Pick::Findings, picker, inside));
            layout::centered(model.size, wide, rows.clamp(8, high.clamp(8, 30)))
        }
        // its letters stand on the panes
        Overlay::Jump => Rect::default(),
        Overlay::Search(_) => layout::centered(model.size, wide.min(116), high.min(32)),
        Overlay::Welcome => layout::centered(model.size, wide.min(78), 7),
        Overlay::Ask(..) => layout::centered(model.size, wide.min(76), 6),
        Overlay::Freeze(_) => freeze_area(model),
        Overlay::Variable(open) => {
            let rows = match open {
                VariableBox::Properties(_) => 17,
                VariableBox::Intake(_) => 26,
                VariableBox::Renaming(_) => 20,
            };
            layout::centered(model.size, wide.min(96), high.min(rows))
        }
        Overlay::Decide(open) => {
            let wide = wide.min(110);
            let rows = notes_rows(open, wide.saturating_sub(4)) + open.changes.rows.len() + 5;
            layout::centered(model.size, wide, u16::try_from(rows).unwrap_or(u16::MAX).min(high))
        }
        Overlay::Costs(_) => costs_box(model),
        Overlay::Past => past::past(model),
        Overlay::Wire(_) => wire_box(model),
        Overlay::Spend(_) => {
            let rows = u16::try_from(spending::lines(model).len()).unwrap_or(u16::MAX).saturating_add(2);
            layout::centered(model.size, wide.min(90), rows.min(high))
        }
        Overlay::Release(form) => {
            let inside = usize::from(wide.min(96).saturating_sub(4));
            let rows: usize = form.lines(&model.keymap).iter().map(|(line, _)| wrap::rows(line, inside).len()).sum();
            layout::centered(
                model.size,
                wide.min(96),
                u16::try_from(rows + 6).unwrap_or(u16::MAX).clamp(8, high.max(8)),
            )
        }
        Overlay::Drill(open) => {
            let wide = wide.min(100);
            let inside = usize::from(wide.saturating_sub(4));
            let rows: usize = open.lines().iter().map(|(line, _)| wrap::rows(line, inside).len().max(1)).sum();
            layout::centered(model.size, wide, u16::try_from(rows + 2).unwrap_or(u16::MAX).clamp(5, high.max(5)))
        }
        Overlay::Story(open) => {
            let wide = wide.min(120);
            let rows = open.rows(wide.saturating_sub(4)).saturating_add(2);
            layout::centered(model.size, wide, rows.clamp(6, high.clamp(6, 36)))
        }
        Overlay::Say(open) => say_box(model, open),
        Overlay::Thread(_) => thread_box(model),
        Overlay::Params(_) => layout::centered(model.size, wide.min(96), high.min(15)),
        Overlay::Confirm(confirm) => {
            let inside = usize::from(wide.min(78).saturating_sub(4));
            let lines = std::iter::once(&confirm.question).chain(&confirm.consequence);
            let rows: usize = lines.flat_map(|line| line.split('\n')).map(|line| wrap::rows(line, inside).len()).sum();
            layout::centered(
                model.size,
                wide.min(78),
                u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(6).min(high),
            )
        }
    }
}

/// Rows that a box takes at most: what an action says stands below it.
fn most_rows(height: u16) -> u16 {
    height.saturating_sub(3)
}

/// Rows of the words that something is said about, in its box.
pub const QUOTED: usize = 6;

/// The box in which something is said: the words it is about, a line between, the text that is written.
fn say_box(model: &Model, open: &SayBox) -> Rect {
    let (width, height) = model.size;
    let wide = width.saturating_sub(4).min(92);
    let inside = usize::from(wide.saturating_sub(4)).max(1);
    let quoted = open.quoted(inside, QUOTED).len();
    let written = open.writing.buffer.rope().len_lines().clamp(4, 14);
    let rows = quoted + usize::from(quoted > 0) + written + 2;
    layout::centered(model.size, wide, u16::try_from(rows).unwrap_or(u16::MAX).min(most_rows(height)))
}

/// Rows that the box with a thread takes at most, its border included.
const MOST_THREAD: u16 = 24;

/// The box with what was said about a line: as high as the words are long.
fn thread_box(model: &Model) -> Rect {
    let (width, height) = model.size;
    let (wide, most) = (width.saturating_sub(4).min(100), most_rows(height).min(MOST_THREAD));
    let inside = usize::from(wide.saturating_sub(4)).max(1);
    let words = margins::meant(model)
        .map_or(0, |meant| threads::words(meant.thread, meant.place, inside, usize::from(most)).len());
    let rows = u16::try_from(words).unwrap_or(most).saturating_add(2);
    layout::centered(model.size, wide, rows.min(most).max(4))
}

/// Where the quote and the text that is written stand in that box.
pub fn say_parts(open: &SayBox, area: Rect) -> (Rect, Rect) {
    let inner = inner(area);
    let quoted = open.quoted(usize::from(inner.width).max(1), QUOTED).len();
    let above = u16::try_from(quoted).unwrap_or(0).min(inner.height.saturating_sub(2));
    let start = if above == 0 { 0 } else { above + 1 };
    let written = Rect { y: inner.y + start, height: inner.height.saturating_sub(start), ..inner };
    (Rect { height: above, ..inner }, written)
}

/// The parts of a question about two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecisionAreas {
    /// What has happened.
    pub notes: Rect,
    /// What differs.
    pub rows: Rect,
    /// The answers.
    pub answers: Rect,
}

/// Where the parts of a question about two texts stand in its box.
pub fn decision(open: &Decision, area: Rect) -> DecisionAreas {
    let inner = inner(area);
    let answers = Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner };
    let above = inner.height.saturating_sub(2);
    let notes = u16::try_from(notes_rows(open, inner.width)).unwrap_or(u16::MAX).min(above);
    let start = (notes + 1).min(above);
    DecisionAreas {
        notes: Rect { height: notes, ..inner },
        rows: Rect { y: inner.y + start, height: above - start, ..inner },
        answers,
    }
}

fn notes_rows(open: &Decision, width: u16) -> usize {
    open.notes.iter().map(|note| wrap::rows(note, usize::from(width)).len()).sum()
}

/// The box of the costs.
pub fn costs_box(model: &Model) -> Rect {
    let (width, height) = model.size;
    layout::centered(model.size, width.saturating_sub(4).min(100), most_rows(height).min(40))
}

/// Where the box of the costs shows what follows from the assumptions: below its fields.
pub fn costs_area(area: Rect) -> Rect {
    let inner = inner(area);
    let above = 5.min(inner.height);
    Rect { y: inner.y + above, height: inner.height - above, ..inner }
}

/// How far that can be scrolled.
pub fn costs_most(model: &Model, open: &CostBox, area: Rect) -> usize {
    let below = costs_area(area);
    let rows: usize =
        costs::lines(model, open).iter().map(|(line, _)| wrap::rows(line, usize::from(below.width)).len()).sum();
    rows.saturating_sub(usize::from(below.height))
}

/// The box of a request and its answer.
pub fn wire_box(model: &Model) -> Rect {
    let (width, height) = model.size;
    layout::centered(model.size, width.saturating_sub(4).min(240), most_rows(height).min(80))
}

/// The parts of the box of a request and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WireAreas {
    /// The names of the halves.
    pub heads: [Rect; 2],
    /// Their texts; that of the other half is empty where there is room for one only.
    pub texts: [Rect; 2],
    /// The line between them.
    pub between: Option<Rect>,
    /// What is searched for, or has to be known.
    pub line: Rect,
}

/// From so many columns on both halves stand side by side.
const SIDE_BY_SIDE: u16 = 110;

/// Where everything stands in the box of a request and its answer, whose box is `area`.
pub fn wire(half: Half, area: Rect) -> WireAreas {
    let inner = inner(area);
    let head = Rect { height: inner.height.min(1), ..inner };
    let text = Rect { y: inner.y + head.height, height: inner.height.saturating_sub(2), ..inner };
    let line = Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner };
    let left = inner.width.saturating_sub(3) / 2;
    let cut = |place: Rect| {
        let right = place.width.saturating_sub(left + 3);
        [Rect { width: left, ..place }, Rect { x: place.x + left + 3, width: right, ..place }]
    };
    let heads = cut(head);
    if inner.width >= SIDE_BY_SIDE {
        let between = Rect { x: inner.x + left + 1, width: 1, height: head.height + text.height, ..inner };
        return WireAreas { heads, texts: cut(text), between: Some(between), line };
    }
    let none = Rect { height: 0, ..text };
    let texts = if half == Half::Request { [text, none] } else { [none, text] };
    WireAreas { heads, texts, between: None, line }
}

/// The inside of a box.
pub fn inner(area: Rect) -> Rect {
    layout::text(area)
}

/// The places of everything in the box of a search.
#[derive(Debug)]
pub struct SearchPlaces {
    /// What is searched for.
    pub find: Rect,
    /// What is put in its place; empty when nothing is.
    pub with: Rect,
    /// Which way it is searched.
    pub options: Rect,
    /// The matches.
    pub list: Rect,
    /// The chosen match with more of its line; empty when there is no room.
    pub detail: Rect,
}

/// Where everything stands in the box of a search.
pub fn search(form: &SearchForm, area: Rect) -> SearchPlaces {
    let inner = inner(area);
    let mut y = inner.y;
    let mut next = |rows: u16| {
        let height = rows.min(inner.bottom().saturating_sub(y));
        let place = Rect { y, height, ..inner };
        y += height;
        place
    };
    let replaces = form.task == Task::Replace;
    let find = next(1);
    let with = next(u16::from(replaces));
    let options = next(if inner.width < 100 { 2 } else { 1 });
    let left = inner.height.saturating_sub(1 + options.height + u16::from(replaces));
    let detail = match left {
        _ if !replaces => 0,
        0..10 => 0,
        10..16 => 3,
        _ => 5,
    };
    let list = next(left.saturating_sub(detail));
    SearchPlaces { find, with, options, list, detail: next(detail) }
}

/// The first match that is listed, so that the chosen one is in sight.
pub fn first_match(selected: usize, height: u16) -> usize {
    (selected + 1).saturating_sub(usize::from(height.max(1)))
}

/// Where the freeze form, whose box is `area`, shows the changelog: below its fields and a row that names it.
pub fn changelog_area(area: Rect) -> Rect {
    let inner = inner(area);
    Rect { y: inner.y + 11.min(inner.height), height: inner.height.saturating_sub(11), ..inner }
}

/// Rows of the changelog that a page key moves by: one of the last page stays in sight.
pub fn changelog_page(model: &Model) -> usize {
    usize::from(changelog_area(freeze_area(model)).height.max(2)) - 1
}

/// The most rows of the changelog that can be above the first shown one.
pub fn changelog_most(model: &Model, form: &FreezeForm) -> usize {
    let area = changelog_area(freeze_area(model));
    let text = changelog(model, form);
    let rows: usize = text.trim_end().split('\n').map(|line| wrap::rows(line, usize::from(area.width)).len()).sum();
    rows.saturating_sub(usize::from(area.height))
}

fn freeze_area(model: &Model) -> Rect {
    let (width, height) = model.size;
    layout::centered(model.size, width.saturating_sub(4).min(96), most_rows(height).min(40))
}

/// The changelog as it will be written.
pub fn changelog(model: &Model, form: &FreezeForm) -> String {
    let Some(draft) = &model.draft else { return String::new() };
    let version = match next_version(form.last.as_ref(), &form.chosen()) {
        Ok(version) => version,
        Err(error) => return error.to_string(),
    };
    let words = |text: String, empty: &str| if text.trim().is_empty() { empty.to_owned() } else { text };
    let cut = Cut {
        step: form.chosen(),
        what: words(form.what.text(), "(what changed)"),
        why: words(form.why.text(), "(why)"),
        date: model.today,
    };
    let rollback: Option<Rollback> = match (&form.last, &form.compared) {
        (Some(last), Some(compared)) => Some(compared.rollback(last.clone())),
        _ => None,
    };
    changelog_of(&draft.entry.name, &version, &cut, rollback.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::overlay::{Answer, Confirm};
    use crate::tui::tests::prompt;

    #[test]
    fn a_question_about_a_long_line_of_wide_characters_has_room_for_its_answers() {
        let bench = prompt("# Identity\nHello").open();
        let confirm = Confirm {
            question: "Really?".into(),
            consequence: vec!["語".repeat(300)],
            answers: vec![("Cancel", Answer::Cancel)],
            selected: 0,
        };
        let text = inner(area(&bench.model, &Overlay::Confirm(confirm)));
        let rows = 300_usize.div_ceil(usize::from(text.width) / 2);
        // the question and a blank row stand above, a blank row and the answers below
        assert!(usize::from(text.height) >= rows + 4, "{text:?} for {rows} rows");
    }
}
