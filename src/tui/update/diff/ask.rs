//! Sides that are named in words, and the history of a line.

use std::path::{Path, PathBuf};

use super::choose;
use crate::diff::Which;
use crate::error::Error;
use crate::library::SideName;
use crate::tui::diffing::{Chosen, DiffRow};
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Ask, Hand, Overlay};
use crate::tui::rowlayout;
use crate::tui::telling::{StoryBox, StoryLine};

/// The side that a row of the list stands for: `draft`, a version, or a reference.
pub fn named(value: &str) -> Chosen {
    if let Ok(version) = value.parse() {
        return Chosen::Version(version);
    }
    match SideName::parse(value) {
        Ok(name) if value != "draft" => Chosen::Named(name),
        _ => Chosen::Draft,
    }
}

/// A git revision was written.
pub fn choose_revision(model: &mut Model, hand: Hand, written: &str) {
    let Some(name) = model.draft.as_ref().map(|draft| draft.entry.name.clone()) else { return };
    match SideName::parse(&format!("{name}@git:{}", written.trim())) {
        Ok(side) => choose(model, hand, Chosen::Named(side)),
        Err(error) => {
            model.say(Weight::Warning, error.to_string());
            model.overlay = Some(Overlay::Ask(Ask::Revision(hand), Input::with(written)));
        }
    }
}

/// A file was written; whether it is there is seen when it is read.
pub fn choose_file(model: &mut Model, hand: Hand, written: &str) {
    let written = written.trim();
    if !written.is_empty() {
        choose(model, hand, Chosen::Named(SideName::File(PathBuf::from(Path::new(written)))));
    }
}

/// `L`: what became of the line the screen stands at, or of the section at its heading.
pub fn tell(model: &mut Model, effects: &mut Vec<Effect>) {
    let (Some(compared), Some(draft)) = (model.diffing.compared.clone(), &model.draft) else { return };
    let at = model.diffing.here();
    let sections = &compared.comparison.sections;
    let (title, words, section) = match model.diffing.row(at) {
        Some(DiffRow::Row(section, row)) => {
            let row = &sections[section].rows[row];
            let text = [Which::To, Which::From].into_iter().find_map(|which| rowlayout::line(&compared, row, which));
            let words = text.unwrap_or_default().trim();
            if words.is_empty() {
                return model.say(Weight::Note, "an empty line has no history: n goes to a change");
            }
            (words.to_owned(), Some(words.to_owned()), sections[section].id)
        }
        Some(DiffRow::Head(section) | DiffRow::Fold(section, ..)) => {
            let id = sections[section].id;
            (id.map_or("Unsorted text", |id| id.title()).to_owned(), None, id)
        }
        None => return,
    };
    model.diffing.asked += 1;
    let asked = model.diffing.asked;
    effects.push(Effect::Tell { asked, prompt: draft.entry.name.clone(), draft: draft.text(), words, section });
    model.overlay = Some(Overlay::Story(StoryBox { title, asked, lines: None, top: 0 }));
}

/// Asks for a phrase that is looked for in all versions.
pub fn ask_for_phrase(model: &mut Model) {
    if model.draft.is_none() {
        return model.say(Weight::Note, "no prompt is open");
    }
    model.overlay = Some(Overlay::Ask(Ask::VersionsFind, Input::default()));
}

/// Looks for it.
pub fn search_versions(model: &mut Model, phrase: &str, effects: &mut Vec<Effect>) {
    let phrase = phrase.trim();
    let Some(draft) = model.draft.as_ref().filter(|_| !phrase.is_empty()) else { return };
    model.diffing.asked += 1;
    let asked = model.diffing.asked;
    let (prompt, text) = (draft.entry.name.clone(), draft.text());
    effects.push(Effect::SearchVersions { asked, prompt, draft: text, phrase: phrase.to_owned() });
    let title = format!("who holds {phrase}");
    model.overlay = Some(Overlay::Story(StoryBox { title, asked, lines: None, top: 0 }));
}

/// The answer came; one to an older question, or to a box that is closed, is dropped.
pub fn told(model: &mut Model, asked: u64, result: Result<Vec<StoryLine>, Error>) {
    let Some(Overlay::Story(open)) = model.overlay.as_mut().filter(|_| model.diffing.asked == asked) else { return };
    match result {
        Ok(lines) => open.lines = Some(lines),
        Err(error) => {
            model.overlay = None;
            model.say(Weight::Failed, error.to_string());
        }
    }
}
