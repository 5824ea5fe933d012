//! Deleting a prompt or a value set, which moves it to the library's trash, and bringing it back.

use super::list;
use crate::error::Error;
use crate::library::{Deleted, Thing, ValueSet};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Answer, Confirm, Overlay, Pick, PickRow};

/// What stands before the row of something deleted; no name begins with it.
const MARK: char = '!';
/// So many things of the trash are listed.
const MOST: usize = 20;

/// The rows of what can be brought back: prompts in the library's list, sets of the open prompt in theirs.
pub fn rows(model: &Model, pick: Pick) -> Vec<PickRow<String>> {
    let open = model.draft.as_ref().map(|draft| draft.entry.name.as_str());
    let row = |(index, deleted): (usize, &Deleted)| {
        let name = match (&deleted.thing, pick) {
            (Thing::Prompt(name), Pick::Library) => name,
            (Thing::ValueSet { prompt, set }, Pick::Set) if Some(prompt.as_str()) == open => set,
            _ => return None,
        };
        Some(PickRow {
            value: format!("{MARK}{index}"),
            label: format!("deleted: {name}"),
            detail: format!("{}, Enter brings it back", deleted.day()),
            disabled: None,
        })
    };
    model.trash.iter().enumerate().filter_map(row).take(MOST).collect()
}

/// What is in the trash.
pub fn listed(model: &mut Model, trash: Vec<Deleted>) {
    if model.trash != trash {
        model.trash = trash;
        list::refresh(model);
    }
}

/// Brings back what a row of a list stands for; `false` when it is no such row.
pub fn chosen(model: &mut Model, value: &str, effects: &mut Vec<Effect>) -> bool {
    let Some(index) = value.strip_prefix(MARK) else { return false };
    let deleted = index.parse::<usize>().ok().and_then(|index| model.trash.get(index)).cloned();
    effects.extend(deleted.map(Effect::BringBack));
    true
}

/// The thing that the chosen row stands for, or why it cannot be deleted.
fn meant(model: &Model) -> Result<Thing, &'static str> {
    let Some(Overlay::Pick(pick @ (Pick::Library | Pick::Set), picker)) = &model.overlay else {
        return Err("prompts and value sets can be deleted, in their lists");
    };
    let value = &picker.chosen().ok_or("nothing is chosen")?.value;
    if value.starts_with(MARK) {
        return Err("it is in the trash already");
    }
    if *pick == Pick::Library {
        return if value.contains(list::AT) {
            Err("a frozen version is never deleted alone")
        } else {
            Ok(Thing::Prompt(value.clone()))
        };
    }
    let prompt = model.draft.as_ref().map(|draft| draft.entry.name.clone()).ok_or("no prompt is open")?;
    Ok(Thing::ValueSet { prompt, set: value.clone() })
}

/// Why nothing can be deleted now; `None` when it can.
pub fn why_not(model: &Model) -> Option<&'static str> {
    meant(model).err()
}

/// Asks before it is done.
pub fn ask(model: &mut Model) {
    let thing = match meant(model) {
        Ok(thing) => thing,
        Err(why) => return model.say(Weight::Note, why),
    };
    let mut consequence = vec![format!("{} moves into .trash in the library.", thing.path().display())];
    match &thing {
        Thing::Prompt(name) => {
            let is_open = model.draft.as_ref().is_some_and(|draft| draft.entry.name == *name);
            if is_open && model.draft.as_ref().is_some_and(|draft| draft.changed() || draft.is_saving()) {
                let key = model.keymap.shown(Action::Save);
                return model.say(Weight::Note, format!("{name} has changes that are not saved yet: {key} saves them"));
            }
            if let Some(entry) = model.prompts.iter().find(|entry| entry.name == *name) {
                let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
                let (versions, sets) = (entry.versions.len(), entry.value_sets.len());
                let parts = [count(versions, "version"), count(sets, "value set")].join(" and ");
                consequence.push(format!("With it go {parts}."));
                for (environment, version) in &entry.environments {
                    consequence.push(format!("! v{version} of it runs in {environment}."));
                }
            }
        }
        Thing::ValueSet { .. } => {
            consequence.push("The values that are shown now stay until another set is chosen.".into());
        }
    }
    consequence.push("It stands at the end of this list then, and Enter brings it back.".into());
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("Delete {}?", thing.words()),
        consequence,
        answers: vec![("Cancel", Answer::Cancel), ("Move it to the trash", Answer::Delete(thing))],
        selected: 0,
    }));
}

/// It is in the trash, or stayed where it was.
pub fn deleted(model: &mut Model, result: Result<Deleted, Error>, effects: &mut Vec<Effect>) {
    let deleted = match result {
        Ok(deleted) => deleted,
        Err(error) => return model.say(Weight::Failed, error.to_string()),
    };
    effects.extend([Effect::List, Effect::ListTrash]);
    let key = match &deleted.thing {
        Thing::Prompt(_) => model.keymap.shown(Action::LibraryOpen),
        Thing::ValueSet { .. } => model.keymap.shown(Action::ChooseSet),
    };
    model.say(Weight::Done, format!("{} is in the trash; {key} lists it, Enter brings it back", deleted.thing.words()));
    match &deleted.thing {
        Thing::Prompt(name) => close(model, name, effects),
        Thing::ValueSet { prompt, set } => {
            let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == *prompt) else { return };
            draft.values.sets.retain(|one| one.name != *set);
            draft.entry.value_sets.retain(|one| one != set);
            if draft.values.set.as_ref() == Some(set) {
                draft.values.set = None;
                draft.values.changed = true;
                draft.values.revision += 1;
            }
        }
    }
}

/// The open prompt is gone: the next one opens, if there is one.
fn close(model: &mut Model, name: &str, effects: &mut Vec<Effect>) {
    // what was typed meanwhile stays on the screen: saving it says that its place is gone
    let is_open = model.draft.as_ref().is_some_and(|draft| draft.entry.name == name && !draft.changed());
    if !is_open {
        return;
    }
    super::play::stop(model, effects);
    effects.push(Effect::Close(name.to_owned()));
    model.draft = None;
    model.openings += 1;
    model.play = std::mem::take(&mut model.play).next(None, None);
    model.diffing = model.diffing.anew();
    super::reviewing::forget(model);
    model.finding = None;
    model.trouble = None;
    model.kept = crate::tui::msg::Kept::default();
    effects.extend(model.prompts.iter().find(|entry| entry.name != name).map(|entry| Effect::Open(entry.name.clone())));
}

/// It is back, or stayed in the trash.
pub fn brought_back(
    model: &mut Model,
    deleted: &Deleted,
    result: Result<Option<ValueSet>, Error>,
    effects: &mut Vec<Effect>,
) {
    effects.extend([Effect::List, Effect::ListTrash]);
    let set = match result {
        Ok(set) => set,
        Err(error) => return model.say(Weight::Failed, error.to_string()),
    };
    model.say(Weight::Done, format!("{} is back", deleted.thing.words()));
    match &deleted.thing {
        Thing::Prompt(name) if model.draft.is_none() => effects.push(Effect::Open(name.clone())),
        Thing::Prompt(_) => {}
        Thing::ValueSet { prompt, .. } => {
            let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == *prompt) else { return };
            let Some(set) = set else { return };
            draft.values.sets.retain(|one| one.name != set.name);
            draft.values.sets.push(set);
            draft.values.sets.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }
}
