//! The journal: what was typed goes into it soon after it was typed, and what it still had at the start is offered.

use std::path::PathBuf;

use crate::error::Error;
use crate::tui::decision::{Decision, Verdict};
use crate::tui::draft::{DraftText, Theirs};
use crate::tui::effect::Effect;
use crate::tui::model::{Level, Model, Weight};
use crate::tui::overlay::Overlay;

/// Asks for the journal to be written, when something is not in it.
pub fn write(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return };
    if draft.moment == draft.journaled {
        return;
    }
    draft.journaled = draft.moment;
    effects.push(Effect::Journal {
        prompt: draft.entry.name.clone(),
        passed: draft.history.take_passed(),
        text: draft.text(),
        moment: draft.moment,
    });
}

/// The journal could not be written, or can be again.
pub fn written(model: &mut Model, result: Result<(), Error>) {
    model.unjournaled = result.err().map(|error| format!("{error}; only what is saved is safe"));
}

/// Opens the question about a text that was found, unless something else is being done.
pub fn offer(model: &mut Model) {
    if model.overlay.is_some() || model.level == Level::Edit {
        return;
    }
    let Some(draft) = &model.draft else { return };
    let Some(found) = &draft.found else { return };
    let mut notes = vec![format!("Typed {}, and it did not get into the file before greenroom ended.", found.when)];
    if found.base.is_some() {
        notes.push(
            "Somebody else has changed the file since then. Once it is restored, you decide: theirs, yours, or both merged."
                .into(),
        );
    }
    model.overlay = Some(Overlay::Decide(Box::new(Decision {
        title: format!("Unsaved text of {}", draft.entry.name),
        notes,
        changes: found.changes.clone(),
        scroll: 0,
        answers: vec![("Restore it", Verdict::Restore), ("Keep the file", Verdict::KeepFile)],
        selected: 0,
        foot: "Enter restores  Esc keeps the file  ←→ choose  ↑↓ scroll",
        escape: Verdict::KeepFile,
    })));
}

/// The text that was found becomes the draft's, as one undo step.
pub fn restore(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return };
    let Some(found) = draft.found.take() else { return };
    let file = draft.text();
    draft.replace_text(&found.text);
    effects.push(Effect::Restored(draft.entry.name.clone()));
    if let (Some(base), Some(stamp)) = (&found.base, draft.stamp) {
        // the file went another way since: what becomes of both is the next question
        draft.base = DraftText::new(base);
        write(model, effects);
        let text = file.to_text().into();
        return super::theirs::differs(model, Theirs { text, stamp, reconciled: None, asked: true }, effects);
    }
    model.say(Weight::Done, format!("restored what was typed {}; undo goes back to the file", found.when));
    write(model, effects);
}

/// The file stays as it is; the text that was found goes into a file of its own.
pub fn keep_file(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return };
    if draft.found.take().is_some() {
        effects.push(Effect::PutAside(draft.entry.name.clone()));
    }
}

/// The text that was found lies in a file.
pub fn put_aside(model: &mut Model, prompt: &str, file: Result<PathBuf, Error>) {
    if let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == prompt) {
        draft.found = None;
    }
    match file {
        Ok(file) => {
            model.say(Weight::Done, format!("the file stays as it is; the unsaved text is in {}", file.display()));
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}
