//! Values from elsewhere: pasted or from a file, shown as what they would change, then taken or not.

use std::path::PathBuf;
use std::sync::Arc;

use super::picking;
use crate::error::Error;
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::Overlay;
use crate::tui::variables::{Asked, Intake, IntakeField, Source, Taken, VariableBox};
use crate::vars::import::Pick;
use crate::vars::review::{Against, Change, Review};

/// Opens the box.
pub fn open(model: &mut Model) {
    if model.draft.is_none() {
        return model.say(Weight::Note, "no prompt is open");
    }
    show(model, Box::default());
}

/// Shows it.
pub fn show(model: &mut Model, open: Box<Intake>) {
    model.overlay = Some(Overlay::Variable(VariableBox::Intake(open)));
}

/// The open box.
pub fn open_box(model: &mut Model) -> Option<&mut Intake> {
    match &mut model.overlay {
        Some(Overlay::Variable(VariableBox::Intake(intake))) => Some(intake),
        _ => None,
    }
}

/// Pasted text while the box is open: a path goes into the line, anything else is read; `false` when it is not open.
pub fn paste(model: &mut Model, text: &str, effects: &mut Vec<Effect>) -> bool {
    let Some(intake) = open_box(model) else { return false };
    if let Some(picking) = &mut intake.picking {
        picking.paste(text);
    } else if intake.content.is_none() && path_in(text).is_some() {
        intake.line.paste(text.trim());
    } else {
        // many terminals paste the ends of lines as the Enter key
        read(model, Source::Text(text.replace("\r\n", "\n").replace('\r', "\n")), effects);
    }
    true
}

/// The file that a line names; `None` when it is content itself.
fn path_in(line: &str) -> Option<PathBuf> {
    let line = line.trim();
    let content = line.is_empty() || line.contains(['\n', '=', '{', '}']) || line.contains(": ");
    let ending = line.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known = ending.is_some_and(|it| {
        ["json", "jsonl", "ndjson", "yaml", "yml", "csv", "tsv", "env", "txt"].contains(&it.as_str())
    });
    let looks_like_one = line.starts_with(['/', '~', '.']) || known || line.contains('/');
    (!content && looks_like_one).then(|| PathBuf::from(line))
}

/// Asks for `source` to be read, with the fields of a log that are remembered.
fn read(model: &mut Model, source: Source, effects: &mut Vec<Effect>) {
    read_with(model, source, None, effects);
}

/// Asks for `source` to be read, with these fields of a log.
pub fn read_with(model: &mut Model, source: Source, picks: Option<Vec<Pick>>, effects: &mut Vec<Effect>) {
    let Some(prompt) = model.draft.as_ref().map(|draft| draft.entry.name.clone()) else { return };
    let Some(intake) = open_box(model) else { return };
    intake.content = Some(source.clone());
    intake.taken = None;
    intake.problem = None;
    intake.review = Review::default();
    effects.push(Effect::Variables(Asked::ReadValues { prompt, source, picks }));
}

/// It was read, or not.
pub fn was_read(model: &mut Model, source: &Source, result: Result<Arc<Taken>, Error>) {
    let Some(intake) = open_box(model) else { return };
    if intake.content.as_ref() != Some(source) {
        return;
    }
    match result {
        Ok(taken) => {
            intake.taken = Some(Arc::clone(&taken));
            intake.record = 0;
            intake.scroll = 0;
            intake.field = IntakeField::Accept;
            review(model);
            if open_box(model).is_some_and(|intake| picking::is_wanted(intake, &taken)) {
                picking::begin(model);
            }
        }
        Err(error) => {
            intake.content = None;
            intake.problem = Some(error.to_string());
        }
    }
}

/// What the chosen record would change.
fn review(model: &mut Model) {
    let Some(draft) = &model.draft else { return };
    let used: Vec<String> = crate::tui::draft::used(draft).into_keys().collect();
    let Some(Overlay::Variable(open)) = &mut model.overlay else { return };
    let VariableBox::Intake(intake) = open else { return };
    let Some(taken) = &intake.taken else { return };
    let (declarations, set) = (&draft.values.declarations, &draft.values.values);
    let against = Against { used: &used, declarations, set, picked: taken.is_picked() };
    intake.review = Review::of(&taken.records, intake.record, against, intake.masking());
    intake.scroll = intake.scroll.min(intake.review.rows.len());
}

/// What an action does in the box.
pub fn act(model: &mut Model, mut intake: Box<Intake>, action: Action, effects: &mut Vec<Effect>) {
    let Some(taken) = intake.taken.clone() else {
        let written = intake.line.text();
        let source = path_in(&written).map_or_else(|| Source::Text(written.clone()), Source::File);
        let waits = intake.content.is_some();
        show(model, intake);
        if action == Action::FormAccept && !waits && !written.trim().is_empty() {
            read(model, source, effects);
        }
        return;
    };
    if intake.picking.is_some() {
        return picking::act(model, intake, action, effects);
    }
    match (action, intake.field) {
        (Action::FormAccept | Action::FormLeft | Action::FormRight, IntakeField::Fields) => {
            show(model, intake);
            return picking::begin(model);
        }
        (Action::FormAccept, _) => {
            picking::remember(model, &taken, effects);
            return take(model, &intake);
        }
        (Action::DialogNext, field) => intake.field = field.step(1, taken.format),
        (Action::DialogPrevious, field) => intake.field = field.step(-1, taken.format),
        (Action::FormPageDown, _) => intake.scroll += 5,
        (Action::FormPageUp, _) => intake.scroll = intake.scroll.saturating_sub(5),
        (Action::FormLeft, IntakeField::Record) => intake.record = intake.record.saturating_sub(1),
        (Action::FormRight, IntakeField::Record) => intake.record = (intake.record + 1).min(taken.records.len() - 1),
        (Action::FormLeft | Action::FormRight, IntakeField::Personal) => intake.real = !intake.real,
        (Action::FormLeft | Action::FormRight, IntakeField::Extra) => intake.extra = !intake.extra,
        _ => {}
    }
    show(model, intake);
    review(model);
}

/// Takes the values as they were shown; `u` in the variables gives back those that were there.
fn take(model: &mut Model, intake: &Intake) {
    let count = intake.review.values(intake.extra).count();
    if count == 0 {
        model.say(Weight::Note, format!("nothing was taken: {}", intake.review.summary()));
        return;
    }
    let Some(draft) = &mut model.draft else { return };
    let merged = intake.review.merged(&draft.values.values, intake.extra);
    draft.values.take_all(merged);
    draft.focus = PaneId::Variables;
    let save = model.keymap.shown(Action::SaveSet);
    let secret = intake.review.count(Change::Secret);
    let left = if secret == 0 { String::new() } else { format!(", {secret} secret left out") };
    let values = if count == 1 { "1 value".to_owned() } else { format!("{count} values") };
    model.say(Weight::Done, format!("took {values}{left}; {save} saves them as a set, u gives back the old ones"));
}
