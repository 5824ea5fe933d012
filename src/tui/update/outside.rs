//! A text goes to the user's own editor and comes back as one undo step.

use std::path::PathBuf;

use super::{draft as on_draft, save};
use crate::error::Error;
use crate::prompt::Privacy;
use crate::tui::draft::{EditKind, PaneId, section_of};
use crate::tui::effect::Effect;
use crate::tui::model::{Focus, Model, Weight};
use crate::tui::outside::{Came, Outside, What};
use crate::tui::overlay::{Answer, Confirm, FreezeField, Overlay};

/// The text that has the focus, in the editor.
pub fn edit(model: &mut Model, effects: &mut Vec<Effect>) {
    let what = match (&model.overlay, model.focus()) {
        (Some(Overlay::Freeze(form)), _) => What::Changelog(match form.field {
            FreezeField::Why => FreezeField::Why,
            _ => FreezeField::What,
        }),
        (Some(_), _) => return,
        (None, Focus::Draft(PaneId::Text(index))) => What::Section(index),
        (None, Focus::Draft(PaneId::Preview)) => What::Prompt,
        (None, Focus::Draft(PaneId::Variables)) => {
            let Some(draft) = &model.draft else { return };
            let editing = draft.values.editing.as_ref().map(|editing| editing.name.clone());
            match editing.or_else(|| draft.rows.get(draft.values.selected).map(|row| row.name.clone())) {
                Some(name) => What::Value(name),
                None => return model.say(Weight::Note, "no variables yet: write {{name}} in a section"),
            }
        }
        (None, Focus::Message | Focus::Transcript) => What::Message,
        (None, Focus::Rows | Focus::Comments | Focus::Said) => {
            return model.say(Weight::Note, "nothing is edited here; 1 goes to the draft");
        }
    };
    start(model, what, effects);
}

/// All of the prompt, in the editor.
pub fn edit_prompt(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.overlay.is_none() {
        start(model, What::Prompt, effects);
    }
}

fn start(model: &mut Model, what: What, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return model.say(Weight::Note, "no prompt is open") };
    let prompt = &draft.entry.name;
    let (name, text) = match &what {
        What::Section(index) => {
            let section = section_of(*index).map_or("unsorted", |section| section.id());
            (format!("{prompt}-{section}"), draft.panes[*index].text())
        }
        What::Prompt => (prompt.clone(), draft.text().to_text()),
        What::Value(name) => {
            if draft.values.declarations.privacy(name) == Privacy::Secret {
                let words = format!("{name} is secret: it is not written into a file for an editor");
                return model.say(Weight::Warning, words);
            }
            let value = draft.values.editing.as_ref().filter(|editing| editing.name == *name);
            let value = value.map(|editing| editing.writing.buffer.text());
            let value = value.or_else(|| draft.values.value(name).map(str::to_owned)).unwrap_or_default();
            (format!("{prompt}-{name}"), value)
        }
        What::Changelog(field) => {
            let Some(Overlay::Freeze(form)) = &model.overlay else { return };
            let why = *field == FreezeField::Why;
            let words = if why { &form.why } else { &form.what };
            (format!("{prompt}-{}", if why { "why" } else { "what" }), words.text())
        }
        What::Message => (format!("{prompt}-message"), model.play.message.buffer.text()),
    };
    let outside = Outside { opening: model.openings, what, name, text };
    // whatever becomes of the terminal meanwhile, what was typed here is on disk
    save::save_quietly(model, effects);
    model.outside = Some(outside.clone());
    effects.push(Effect::EditOutside(Box::new(outside)));
}

/// The editor came back, or could not be started.
pub fn came(model: &mut Model, result: Result<Came, Error>) {
    let Some(outside) = model.outside.take() else { return };
    match result {
        Ok(Came::StillOpen(file)) => {
            if let Some(Overlay::Freeze(form)) = model.overlay.take() {
                model.frozen_form = Some(form);
            }
            model.overlay = Some(still_open(file));
            model.outside = Some(outside);
            return;
        }
        Ok(Came::Unchanged) => model.say(Weight::Note, "back from the editor; nothing was changed there"),
        Ok(Came::Text(text)) if model.openings == outside.opening => {
            bring_back_form(model, &outside.what);
            take(model, &outside.what, &text);
            return;
        }
        Ok(Came::Text(_)) => model.say(Weight::Warning, "another prompt is open now: nothing was changed"),
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
    bring_back_form(model, &outside.what);
}

/// The question that an editor with a window of its own leads to.
fn still_open(file: PathBuf) -> Overlay {
    Overlay::Confirm(Confirm {
        question: "The editor came back, and the file is as it was. Is it still open there?".into(),
        consequence: vec![
            "Save there and close it; then the text is read.".into(),
            "A command that waits asks nothing: EDITOR=\"code --wait\", for example.".into(),
        ],
        answers: vec![
            ("Leave it, change nothing", Answer::ForgetOutside { file: file.clone() }),
            ("Read it now", Answer::ReadOutside { file }),
        ],
        selected: 1,
    })
}

/// The question was answered with no, or closed: nothing changes.
pub fn forget(model: &mut Model, file: PathBuf, effects: &mut Vec<Effect>) {
    effects.push(Effect::ForgetOutside(file));
    if let Some(outside) = model.outside.take() {
        bring_back_form(model, &outside.what);
    }
    model.say(Weight::Note, "nothing was changed");
}

/// The file is read, whatever the editor is doing.
pub fn read(model: &Model, file: PathBuf, effects: &mut Vec<Effect>) {
    if let Some(outside) = &model.outside {
        effects.push(Effect::ReadOutside { file, outside: Box::new(outside.clone()) });
    }
}

/// The form that freezes comes back over the screen after the question about its text.
fn bring_back_form(model: &mut Model, what: &What) {
    if matches!(what, What::Changelog(_))
        && model.overlay.is_none()
        && let Some(form) = model.frozen_form.take()
    {
        model.overlay = Some(Overlay::Freeze(form));
    }
}

/// The text takes the place of the one that went out, as one undo step.
fn take(model: &mut Model, what: &What, text: &str) {
    let words = match what {
        What::Section(index) => {
            let Some(draft) = &mut model.draft else { return };
            draft.focus = PaneId::Text(*index);
            draft.remember(EditKind::Single);
            draft.panes[*index].set_text(text);
            draft.touched();
            if draft.resplit() {
                "back from the editor; the headings changed: the text is split into its sections anew"
            } else {
                "back from the editor; undo takes its changes back"
            }
        }
        What::Prompt => {
            let Some(draft) = &mut model.draft else { return };
            draft.replace_text(text);
            "the whole prompt is back from the editor; undo takes its changes back"
        }
        What::Value(name) => {
            let Some(draft) = &mut model.draft else { return };
            let is_open = draft.values.editing.as_ref().is_some_and(|editing| editing.name == *name);
            if !is_open {
                let Some(row) = draft.rows.iter().position(|row| row.name == *name) else { return };
                draft.values.selected = row;
                on_draft::edit_value(model);
            }
            let editing = model.draft.as_mut().and_then(|draft| draft.values.editing.as_mut());
            if let Some(editing) = editing {
                editing.writing.edit(EditKind::Single, |buffer| buffer.set_text(text));
            }
            on_draft::value_typed(model);
            "the value is back from the editor; undo takes its changes back"
        }
        What::Changelog(field) => {
            let Some(Overlay::Freeze(form)) = &mut model.overlay else { return };
            form.problem = None;
            let words = if *field == FreezeField::Why { &mut form.why } else { &mut form.what };
            words.set(text);
            "back from the editor"
        }
        What::Message => {
            model.play.message.edit(EditKind::Single, |buffer| buffer.set_text(text));
            model.play.recalled = None;
            "the message is back from the editor; undo takes its changes back"
        }
    };
    model.say(Weight::Done, words);
}
