//! Saving: on Ctrl-S, after a pause, and before leaving. Nothing that was typed is ever dropped.

use std::path::PathBuf;

use crate::error::Error;
use crate::library::{Expected, Stamp};
use crate::tui::draft::{Draft, Saving};
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Pending, Weight};
use crate::tui::msg::{Kept, Timer};
use crate::tui::overlay::{Answer, Ask, Confirm, Overlay};

/// How long after a save that failed it is tried again: the first time, the second, and so on.
const RETRY_MS: [u64; 4] = [2_000, 5_000, 15_000, 60_000];

/// Saves because it was asked for: says so when there is nothing to save.
pub fn save(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else {
        return model.say(Weight::Note, "no prompt is open");
    };
    draft.history.end_group();
    if draft.changed() || draft.stamp.is_none() {
        push_save(model, effects, true);
    } else {
        model.say(Weight::Done, "saved; nothing has changed since");
        super::committing::draft_was_to_be_saved(model, effects);
    }
}

/// Saves when something has changed.
pub fn save_quietly(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.draft.as_ref().is_some_and(|draft| draft.changed() && draft.saving != Saving::Conflict) {
        push_save(model, effects, false);
    }
}

/// Saves before a version is frozen, also when the draft has no file yet.
pub fn save_quietly_or_first(model: &mut Model, effects: &mut Vec<Effect>) {
    push_save(model, effects, false);
}

/// What is to be kept for the next start, when it is not what was kept last.
pub fn keep(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    let values = &draft.values;
    let kept = Kept {
        // a secret is in no file, not even in one that only the user can read
        values: values.changed.then(|| (values.set.clone(), values.without_secrets())),
        message: model.play.message.buffer.text(),
    };
    if model.kept != kept {
        effects.push(Effect::Keep { prompt: draft.entry.name.clone(), kept: kept.clone() });
        model.kept = kept;
    }
}

/// Writes the text over what was seen in the file and decided about.
pub fn write_over(model: &mut Model, expected: Expected, effects: &mut Vec<Effect>) {
    super::journal::write(model, effects);
    let Some(draft) = &mut model.draft else { return };
    // what was decided is told already
    draft.saving = Saving::UnderWay { asked: false, again: false };
    effects.push(writing(draft, expected));
}

fn push_save(model: &mut Model, effects: &mut Vec<Effect>, asked: bool) {
    let Some(draft) = &mut model.draft else { return };
    if let Saving::UnderWay { asked: before, again } = &mut draft.saving {
        *before |= asked;
        *again = true;
        return;
    }
    draft.saving = Saving::UnderWay { asked, again: false };
    let expected = draft.expected();
    super::journal::write(model, effects);
    effects.extend(model.draft.as_mut().map(|draft| writing(draft, expected)));
}

/// The effect that writes the text as it is now, if what is expected stands on disk.
fn writing(draft: &mut Draft, expected: Expected) -> Effect {
    let (prompt, text) = (draft.entry.name.clone(), draft.text());
    draft.offered = Some(text.clone());
    Effect::Save { prompt, text, state: draft.state, moment: draft.moment, expected }
}

/// The file was written.
pub fn saved(
    model: &mut Model,
    prompt: &str,
    (state, stamp): (u64, Stamp),
    file: Option<PathBuf>,
    effects: &mut Vec<Effect>,
) {
    let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == prompt) else { return };
    let before = std::mem::replace(&mut draft.saving, Saving::Resting);
    draft.saved = state;
    draft.stamp = Some(stamp);
    draft.entry.draft = true;
    draft.gone = false;
    draft.failures = 0;
    draft.theirs = None;
    if let Some(text) = draft.offered.take() {
        draft.base = text;
    }
    // what leaves this text behind waits until all of it is saved
    let leaves = matches!(model.pending, Some(Pending::Leave | Pending::Open(_)));
    let (asked, again) = match before {
        Saving::UnderWay { asked, again } => (asked, (again || leaves) && draft.changed()),
        _ => (false, false),
    };
    model.trouble = None;
    if again {
        return push_save(model, effects, asked);
    }
    if let Some(file) = file {
        super::committing::draft_is_saved(model, prompt, file, effects);
    }
    if asked {
        model.say(Weight::Done, "saved");
        super::committing::draft_was_to_be_saved(model, effects);
    }
    match model.pending.take() {
        Some(Pending::Leave) => leave(model, effects),
        Some(Pending::Open(name)) => effects.push(Effect::Open(name)),
        Some(Pending::Freeze(cut)) => effects.push(Effect::Freeze { prompt: prompt.to_owned(), cut }),
        Some(Pending::Begin(version, sure)) => super::begin::from(model, version, sure, effects),
        None => {}
    }
}

/// The file could not be written: the text stays here and in the journal, it is tried again, now and then, and it is said
/// until it is solved.
pub fn failed(model: &mut Model, prompt: &str, error: &Error, effects: &mut Vec<Effect>) {
    let key = model.keymap.shown(Action::SaveCopy);
    let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == prompt) else { return };
    draft.saving = Saving::Resting;
    effects.push(Effect::After(Timer::Retry, RETRY_MS[draft.failures.min(RETRY_MS.len() - 1)]));
    draft.failures += 1;
    model.trouble = Some(format!("not saved: {error}; it is tried again, and {key} saves a copy in another place"));
    model.status = None;
    match model.pending.take() {
        Some(Pending::Leave) => ask_to_leave(model, prompt, error.to_string()),
        Some(Pending::Freeze(_)) => super::form::not_frozen(model, format!("not saved: {error}")),
        _ => {}
    }
}

/// The text that could not be written is taken back: what the file holds is what is shown.
pub fn solved_by_undo(model: &mut Model) {
    if let Some(draft) = model.draft.as_mut().filter(|draft| draft.failures > 0 && !draft.changed()) {
        draft.failures = 0;
        model.trouble = None;
    }
}

/// Asks where a copy of the draft is to go.
pub fn ask_for_copy(model: &mut Model) {
    let Some(draft) = &model.draft else {
        return model.say(Weight::Note, "no prompt is open");
    };
    let file = format!("~/{}.txt", draft.entry.name);
    model.overlay = Some(Overlay::Ask(Ask::CopyTo, Input::chosen(&file)));
}

/// Writes a copy of the draft to the file that was typed.
pub fn copy_to(model: &mut Model, typed: &str, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    let file = typed.trim();
    if file.is_empty() {
        model.say(Weight::Warning, "name a file that is not there yet");
        model.overlay = Some(Overlay::Ask(Ask::CopyTo, Input::default()));
        return;
    }
    effects.push(Effect::SaveCopy { text: draft.text(), file: file.to_owned() });
}

/// The copy is there, or why not: then it is asked again, unless something else is being done by now.
pub fn copied(model: &mut Model, typed: &str, result: Result<PathBuf, Error>) {
    match result {
        Ok(file) => model.say(Weight::Done, format!("a copy of the draft is in {}", file.display())),
        Err(error) => {
            model.say(Weight::Failed, error.to_string());
            if model.overlay.is_none() {
                model.overlay = Some(Overlay::Ask(Ask::CopyTo, Input::with(typed)));
            }
        }
    }
}

/// What becomes of a text that cannot be saved when the workbench is left.
pub const ASIDE: &str = "Leave: what you typed is put into a file of its own, and you are told which.";

/// Asks whether to leave although the text cannot be saved.
pub fn ask_to_leave(model: &mut Model, prompt: &str, why: String) {
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("The draft of {prompt} could not be saved. Leave all the same?"),
        consequence: vec![why, ASIDE.into()],
        answers: vec![("Stay", Answer::Cancel), ("Leave, put it aside", Answer::LeaveAside)],
        selected: 0,
    }));
}

/// Leaves, after the draft is saved.
pub fn quit(model: &mut Model, effects: &mut Vec<Effect>) {
    if super::release::ask_to_leave(model) {
        return;
    }
    keep(model, effects);
    super::journal::write(model, effects);
    if model.draft.as_ref().is_some_and(|draft| draft.changed() || draft.is_saving()) {
        model.pending = Some(Pending::Leave);
        push_save(model, effects, false);
    } else {
        leave(model, effects);
    }
}

/// Ends the workbench. A library that always commits gets what was saved on its own, too.
fn leave(model: &mut Model, effects: &mut Vec<Effect>) {
    super::committing::before_leaving(model, effects);
    effects.push(Effect::Quit);
}

/// Leaves because the process has to: what is not saved is written first.
pub fn leave_now(model: &mut Model, effects: &mut Vec<Effect>) {
    keep(model, effects);
    super::journal::write(model, effects);
    if let Some(draft) = model.draft.as_mut().filter(|draft| draft.changed()) {
        let expected = draft.expected();
        effects.push(writing(draft, expected));
    }
    effects.push(Effect::Quit);
}
