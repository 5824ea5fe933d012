//! Words that are looked for in both texts.

use regex::RegexBuilder;

use super::show;
use crate::diff::Which;
use crate::tui::diffing::DiffRow;
use crate::tui::input::Input;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Ask, Overlay};
use crate::tui::rowlayout;

/// Which way to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the end.
    Down,
    /// To the beginning.
    Up,
}

/// Asks for the words.
pub fn ask_to_find(model: &mut Model) {
    model.overlay = Some(Overlay::Ask(Ask::DiffFind, Input::default()));
}

/// The words were written: the first match from here on is shown. No words end the search.
pub fn look_for(model: &mut Model, words: &str) {
    let words = words.trim();
    if words.is_empty() {
        model.diffing.needle = None;
        return;
    }
    // what is escaped is always a pattern
    model.diffing.needle = RegexBuilder::new(&regex::escape(words)).case_insensitive(true).build().ok();
    model.diffing.page = None;
    find(model, Way::Down);
}

/// The next match, or the one before; around the end.
pub fn find(model: &mut Model, way: Way) {
    let Some(needle) = model.diffing.needle.clone() else { return };
    if model.diffing.folded {
        model.diffing.folded = false;
        super::stay(model);
    }
    let count = model.diffing.row_count();
    let here = model.diffing.found.unwrap_or(model.diffing.top);
    let steps = if model.diffing.found.is_some() { 1..=count } else { 0..=count };
    let found = steps.map(|step| match way {
        Way::Down => (here + step) % count.max(1),
        Way::Up => (here + count - step % count.max(1)) % count.max(1),
    });
    let holds = |index: usize| {
        let (Some(compared), Some(DiffRow::Row(section, row))) = (&model.diffing.compared, model.diffing.row(index))
        else {
            return false;
        };
        let row = &compared.comparison.sections[section].rows[row];
        [Which::From, Which::To]
            .into_iter()
            .any(|which| rowlayout::line(compared, row, which).is_some_and(|line| needle.is_match(line)))
    };
    match found.into_iter().find(|&index| holds(index)) {
        Some(row) => {
            model.diffing.found = Some(row);
            show(model, row);
        }
        None => model.say(Weight::Note, "neither text has these words"),
    }
}
