//! Somebody else has changed the file of the open draft: nothing of theirs is written over and nothing of ours is lost.
//!
//! Without unsaved changes their text comes in, as a step that undo takes back. With unsaved changes nothing is written
//! until somebody has decided. The question opens by itself only while nobody types.

use std::sync::Arc;

use crate::diff::Choice;
use crate::library::{Expected, Stamp};
use crate::tui::decision::{Decision, Verdict};
use crate::tui::draft::{DraftText, Saving, Theirs};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Level, Model, Pending, Weight};
use crate::tui::msg::{OnDisk, Other, Reconciled};
use crate::tui::overlay::Overlay;

/// The file was looked at, because something has happened near it.
pub fn looked(model: &mut Model, prompt: &str, found: OnDisk, effects: &mut Vec<Effect>) {
    let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == prompt) else { return };
    if draft.is_saving() {
        // the save itself sees what stands there
        return;
    }
    match found {
        OnDisk::Text { stamp, .. } if draft.stamp == Some(stamp) => {
            if std::mem::take(&mut draft.gone) {
                model.trouble = None;
                model.say(Weight::Done, "the file is there again, as it was");
            }
        }
        OnDisk::Text { stamp, .. } if draft.theirs.as_ref().is_some_and(|theirs| theirs.stamp == stamp) => {}
        OnDisk::Text { text, stamp } if draft.state != draft.saved => {
            draft.gone = false;
            differs(model, Theirs { text, stamp, reconciled: None, asked: false }, effects);
        }
        OnDisk::Text { text, stamp } => {
            let undone = model.keymap.shown(Action::Undo);
            take(model, &text, stamp);
            model.say(Weight::Warning, format!("somebody else has changed the file: it is shown as it is now; undo ({undone}) brings back what was here"));
        }
        OnDisk::Missing if draft.stamp.is_some() && !draft.gone => {
            draft.gone = true;
            let key = model.keymap.shown(Action::Save);
            model.trouble = Some(format!(
                "the file of this draft is gone: somebody has deleted or moved it; {key} writes it again"
            ));
        }
        OnDisk::NoText { stamp } if draft.stamp != Some(stamp) => {
            model.trouble = Some(format!("not saved: {NO_TEXT}"));
        }
        OnDisk::Missing | OnDisk::NoText { .. } => {}
    }
}

/// Other greenrooms have the draft open: it is said at once when that changes, and then as long as it is so.
pub fn met(model: &mut Model, others: Vec<Other>) {
    if model.others == others {
        return;
    }
    model.others = others;
    match model.meeting() {
        Some(told) => model.say(Weight::Warning, format!("{told}; neither writes over what the other saved")),
        None => model.say(Weight::Note, "no other greenroom is on this draft any more"),
    }
}

/// What is said of a file that is no text.
const NO_TEXT: &str = "the file on disk was replaced by one that is no text; move it away, then save";

/// A save found another text in the file than the one that was read or written last.
pub fn conflict(model: &mut Model, prompt: &str, bytes: Vec<u8>, effects: &mut Vec<Effect>) {
    let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == prompt) else { return };
    let asked = matches!(draft.saving, Saving::UnderWay { asked: true, .. });
    draft.saving = Saving::Conflict;
    let stamp = Stamp::of(&bytes);
    let Ok(text) = String::from_utf8(bytes) else {
        model.trouble = Some(format!("not saved: {NO_TEXT}"));
        model.status = None;
        if model.pending.take() == Some(Pending::Leave) {
            super::save::ask_to_leave(model, prompt, NO_TEXT.to_owned());
        }
        return;
    };
    differs(model, Theirs { text: text.into(), stamp, reconciled: None, asked }, effects);
}

/// Remembers their text, says so, and asks for what differs to be found out.
pub fn differs(model: &mut Model, theirs: Theirs, effects: &mut Vec<Effect>) {
    let key = model.keymap.shown(Action::Save);
    model.trouble = Some(format!("not saved: somebody else has changed the file ({key} decides)"));
    model.status = None;
    let Some(draft) = &mut model.draft else { return };
    draft.saving = Saving::Conflict;
    let effect = Effect::Reconcile {
        prompt: draft.entry.name.clone(),
        base: draft.base.clone(),
        mine: draft.text(),
        moment: draft.moment,
        theirs: Arc::clone(&theirs.text),
        stamp: theirs.stamp,
    };
    draft.theirs = Some(theirs);
    effects.push(effect);
}

/// It is known what differs: the question opens, unless somebody types and has not asked for it.
pub fn reconciled(model: &mut Model, prompt: &str, found: Arc<Reconciled>, effects: &mut Vec<Effect>) {
    let leaves = model.pending == Some(Pending::Leave);
    let typing = model.level == Level::Edit || model.overlay.is_some();
    let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == prompt) else { return };
    let moment = draft.moment;
    let Some(theirs) = draft.theirs.as_mut().filter(|theirs| theirs.stamp == found.stamp) else { return };
    let wanted = theirs.asked || leaves || !typing;
    if found.moment != moment {
        // typed meanwhile: what differs is something else now
        if wanted && let Some(theirs) = draft.theirs.take() {
            differs(model, theirs, effects);
        }
        return;
    }
    theirs.reconciled = Some(found);
    if wanted {
        theirs.asked = false;
        ask(model);
    }
}

/// The question what is to become of the two texts.
fn ask(model: &mut Model) {
    let leaves = model.pending.take() == Some(Pending::Leave);
    let Some(draft) = &model.draft else { return };
    let Some(found) = draft.theirs.as_ref().and_then(|theirs| theirs.reconciled.as_ref()) else { return };
    let conflicts = found.conflicts.len();
    let merge = match conflicts {
        0 => "Merge puts both together: no line was changed by both.".to_owned(),
        1 => "Merge puts both together and asks about 1 place that both have changed.".to_owned(),
        more => format!("Merge puts both together and asks about {more} places that both have changed."),
    };
    let mut answers = vec![
        ("Decide later", Verdict::Later),
        ("Take theirs", Verdict::TakeTheirs),
        ("Keep mine", Verdict::KeepMine),
        ("Merge", Verdict::Merge),
    ];
    let mut notes = vec![
        "Somebody else has changed the file while you have changes that are not saved.".to_owned(),
        format!("{merge} Whatever you choose, undo brings the other text back. − is yours, + is theirs:"),
    ];
    if leaves {
        notes.push(super::save::ASIDE.to_owned());
        answers.push(("Leave, put mine aside", Verdict::LeaveAside));
    }
    model.overlay = Some(Overlay::Decide(Box::new(Decision {
        title: format!("The draft of {} was changed by somebody else", draft.entry.name),
        notes,
        changes: Arc::clone(&found.changes),
        scroll: 0,
        answers,
        selected: 0,
        foot: "←→ choose  Enter accepts  Esc decides later  ↑↓ scroll",
        escape: Verdict::Later,
    })));
}

/// The text of the file becomes the draft's; it counts as saved.
pub fn take(model: &mut Model, text: &str, stamp: Stamp) {
    let typing = model.level == Level::Edit;
    let Some(draft) = &mut model.draft else { return };
    draft.take_text(text, typing);
    draft.saved = draft.state;
    settled(draft, stamp);
    draft.base = draft.text();
    draft.saving = Saving::Resting;
    model.trouble = None;
}

/// Nobody else's text is in question any more.
fn settled(draft: &mut crate::tui::draft::Draft, stamp: Stamp) {
    draft.stamp = Some(stamp);
    draft.entry.draft = true;
    draft.theirs = None;
    draft.gone = false;
    draft.chosen.clear();
}

/// Takes their text as one undoable step.
pub fn take_theirs(model: &mut Model) {
    let Some(theirs) = model.draft.as_mut().and_then(|draft| draft.theirs.take()) else { return };
    take(model, &theirs.text, theirs.stamp);
    model.say(Weight::Done, "their text is in; undo brings yours back");
}

/// Writes ours over the text that was seen; theirs can be had back with undo.
pub fn keep_mine(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return };
    let Some(theirs) = draft.theirs.take() else { return };
    let mine = draft.text().to_text();
    draft.replace_text(&theirs.text);
    draft.replace_text(&mine);
    write(model, &theirs, effects);
    model.say(Weight::Done, "yours is kept; undo brings theirs back");
}

/// Puts both together, and asks where both have changed the same.
pub fn merge(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return };
    let Some(found) = draft.theirs.as_ref().and_then(|theirs| theirs.reconciled.clone()) else { return };
    let at = draft.chosen.len();
    if let Some((conflict, changes)) = found.merge.conflicts().nth(at).zip(found.conflicts.get(at)) {
        let place = conflict.section.map_or("unsorted text", |section| section.title());
        let count = found.conflicts.len();
        model.overlay = Some(Overlay::Decide(Box::new(Decision {
            title: format!("Merge: {place}, {} of {count}", at + 1),
            notes: vec!["Both have changed these lines. Which are to stand? − is yours, + is theirs:".to_owned()],
            changes: Arc::clone(changes),
            scroll: 0,
            answers: vec![
                ("Mine", Verdict::Choose(Choice::Mine)),
                ("Theirs", Verdict::Choose(Choice::Theirs)),
                ("Both", Verdict::Choose(Choice::Both)),
            ],
            selected: 0,
            foot: "←→ choose  Enter accepts  Esc merges nothing  ↑↓ scroll",
            escape: Verdict::Later,
        })));
        return;
    }
    let merged = found.merge.text(&draft.chosen);
    let Some(theirs) = draft.theirs.take() else { return };
    draft.replace_text(&merged);
    write(model, &theirs, effects);
    model.say(Weight::Done, "both texts are put together, as one step; undo brings yours back");
}

/// One conflict is decided.
pub fn choose(model: &mut Model, choice: Choice, effects: &mut Vec<Effect>) {
    if let Some(draft) = &mut model.draft {
        draft.chosen.push(choice);
    }
    merge(model, effects);
}

/// Nothing is decided: nothing is written, and it is said.
pub fn later(model: &mut Model) {
    if let Some(draft) = &mut model.draft {
        draft.chosen.clear();
    }
}

/// Writes the text as it is now over theirs, which was seen; over a still newer one it is not written.
fn write(model: &mut Model, theirs: &Theirs, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return };
    settled(draft, theirs.stamp);
    draft.base = DraftText::new(&theirs.text);
    model.trouble = None;
    super::save::write_over(model, Expected::This(theirs.stamp), effects);
}
