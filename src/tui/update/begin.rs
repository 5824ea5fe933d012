//! The draft begun anew from a version: what is typed is saved first, what no version has goes to the trash as a copy, and
//! the new text comes in as one step, so that undo brings the old one back.

use semver::Version;

use super::list::AT;
use super::{beside, save, theirs};
use crate::error::Error;
use crate::library::VersionEntry;
use crate::tui::diffing::Chosen;
use crate::tui::draft::{Saving, Theirs};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Pending, Weight};
use crate::tui::msg::Began;
use crate::tui::overlay::{Answer, Confirm, Overlay, Pick, PickRow, Picker};

/// Asks which version the draft is to begin from.
pub fn choose_version(model: &mut Model) {
    let Some(draft) = &model.draft else { return model.say(Weight::Note, "no prompt is open") };
    if draft.entry.versions.is_empty() {
        let key = model.keymap.shown(Action::Freeze);
        return model.say(Weight::Note, format!("there is no version yet: {key} freezes the draft as one"));
    }
    let row = |entry: &VersionEntry| PickRow {
        value: entry.version.to_string(),
        label: format!("v{}  {}", entry.version, entry.date),
        detail: super::release::runs_in(model, &entry.version),
        disabled: None,
    };
    let rows = draft.entry.versions.iter().rev().map(row).collect();
    model.overlay = Some(Overlay::Pick(Pick::Begin, Picker::new("Begin the draft anew from which version?", rows)));
}

/// The version of the open prompt that is chosen in an open list.
pub fn chosen(model: &Model) -> Option<Version> {
    let Some(Overlay::Pick(pick @ (Pick::Library | Pick::Releases), picker)) = &model.overlay else {
        return None;
    };
    let value = &picker.chosen()?.value;
    let entry = &model.draft.as_ref()?.entry;
    let version = match pick {
        Pick::Library => value.split_once(AT).filter(|(name, _)| *name == entry.name)?.1,
        _ => value,
    };
    let version = version.parse().ok()?;
    entry.versions.iter().any(|entry| entry.version == version).then_some(version)
}

/// The version on the left side of the comparison.
pub fn left(model: &Model) -> Option<Version> {
    match &model.diffing.from {
        Some(Chosen::Version(version)) => Some(version.clone()),
        _ => None,
    }
}

/// Begins it from the left side of the comparison.
pub fn from_left_side(model: &mut Model, effects: &mut Vec<Effect>) {
    match left(model) {
        Some(version) => from(model, version, false, effects),
        None => model.say(Weight::Note, "the left side is no version: a chooses one"),
    }
}

/// Begins it from `version`; `sure` when somebody has agreed that it replaces what no version has.
pub fn from(model: &mut Model, version: Version, sure: bool, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return model.say(Weight::Note, "no prompt is open") };
    if !draft.entry.versions.iter().any(|entry| entry.version == version) {
        let said = format!("there is no version {version} of {}", draft.entry.name);
        return model.say(Weight::Warning, said);
    }
    if draft.changed() || draft.is_saving() {
        model.pending = Some(Pending::Begin(version, sure));
        return save::save_quietly_or_first(model, effects);
    }
    // what is typed from now on is saved after it, and a look at the file meanwhile finds nobody else's change
    draft.saving = Saving::UnderWay { asked: false, again: false };
    effects.push(Effect::BeginDraft { prompt: draft.entry.name.clone(), version, sure });
}

/// What came of it.
pub fn begun(
    model: &mut Model,
    prompt: &str,
    version: Version,
    result: Result<Box<Began>, Error>,
    effects: &mut Vec<Effect>,
) {
    effects.push(Effect::List);
    let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == prompt) else {
        return match result {
            Ok(began) if matches!(*began, Began::Done { .. }) => {
                model.say(Weight::Done, format!("the draft of {prompt} is v{version} now"));
            }
            Ok(_) => {}
            Err(error) => model.say(Weight::Failed, error.to_string()),
        };
    };
    let before = std::mem::replace(&mut draft.saving, Saving::Resting);
    match result.map(|began| *began) {
        Err(error) => model.say(Weight::Failed, format!("the draft stays as it is: {error}")),
        Ok(Began::Asks) => {
            let question =
                format!("The draft of {prompt} holds changes that no version has. Begin it anew from v{version}?");
            model.overlay = Some(Overlay::Confirm(Confirm {
                question,
                consequence: vec![
                    format!("Its text and its config become those of v{version}."),
                    "A copy of what it holds now goes to the folder .trash of the library; undo brings its text back."
                        .into(),
                ],
                answers: vec![("Cancel", Answer::Cancel), ("Begin anew", Answer::BeginDraft(version))],
                selected: 0,
            }));
        }
        Ok(Began::Done { text, stamp, beside, kept }) => {
            if draft.changed() {
                // typed while it was being written: both texts are looked at
                let theirs = Theirs { text, stamp, reconciled: None, asked: false };
                return theirs::differs(model, theirs, effects);
            }
            theirs::take(model, &text, stamp);
            beside::take(model, *beside);
            let undo = model.keymap.shown(Action::Undo);
            let kept = kept.map(|folder| format!("; what it held is in {folder} too")).unwrap_or_default();
            model.say(Weight::Done, format!("the draft is v{version} now; undo ({undo}) brings its text back{kept}"));
            return;
        }
    }
    if matches!(before, Saving::UnderWay { again: true, .. }) {
        save::save_quietly(model, effects);
    }
}
