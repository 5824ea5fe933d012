//! Saving values as a set, and what to do when somebody else has changed its file since it was read.

use crate::error::Error;
use crate::library::{Expected, ValueSet};
use crate::prompt::{Privacy, Values};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Answer, Confirm, Overlay};
use crate::tui::variables::Asked;

/// Saves the values as the set `name`. Another set than the one they came from is not written over without a yes.
pub fn save(model: &mut Model, name: &str, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    let set = ValueSet { name: name.to_owned(), values: draft.values.values.clone() };
    let own = draft.values.set.as_deref() == Some(name);
    // these are the values that are open, whatever else was asked about before
    model.play.keeping = None;
    if own {
        return write(model, set, effects);
    }
    store(model, set, effects);
}

/// Writes a set of values, after a question where a set of other values has its name.
pub fn store(model: &mut Model, set: ValueSet, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    let name = set.name.as_str();
    let known = draft.values.sets.iter().find(|known| known.name == name);
    if let Some(known) = known.filter(|known| known.values != set.values) {
        let differ = differing(&set.values, &known.values).join(", ");
        model.overlay = Some(Overlay::Confirm(Confirm {
            question: format!("There is a value set {name} already. Write these values over it?"),
            consequence: vec![
                format!("They differ in {differ}."),
                format!("What values/{name}.json says of them now is gone then."),
            ],
            answers: vec![("Cancel", Answer::Cancel), ("Write over it", Answer::WriteOverSet(set))],
            selected: 0,
        }));
        return;
    }
    write(model, set, effects);
}

/// Writes a set, unless somebody else has changed its file since it was read.
pub fn write(model: &Model, set: ValueSet, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    let known = draft.values.sets.iter().find(|known| known.name == set.name);
    let expected = known.map_or(Expected::Nothing, |known| Expected::This(known.values.clone()));
    effects.push(Effect::SaveSet { prompt: draft.entry.name.clone(), set, expected });
}

/// Values of secrets stand in sets, which are files: asks whether they are taken out. `false` when there are none.
pub fn ask_about_secrets(model: &mut Model) -> bool {
    let Some(draft) = &model.draft else { return false };
    let secret = |name: &&String| draft.values.declarations.privacy(name) == Privacy::Secret;
    let holds = draft.values.sets.iter().filter(|set| set.values.0.keys().any(|name| secret(&name)));
    let sets: Vec<&str> = holds.clone().map(|set| set.name.as_str()).collect();
    if sets.is_empty() {
        return false;
    }
    let names: std::collections::BTreeSet<&String> = holds.flat_map(|set| set.values.0.keys()).filter(secret).collect();
    let names = names.into_iter().cloned().collect::<Vec<_>>().join(", ");
    let files = sets.iter().map(|set| format!("values/{set}.json")).collect::<Vec<_>>().join(", ");
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("{names} is secret, and its value stands in files. Take it out of them?"),
        consequence: vec![
            format!("It stands in {files}."),
            "The value stays here until greenroom is left, unseen; in the files it is gone.".to_owned(),
            "Who could read them knows it, and git keeps what was committed: change the secret too.".to_owned(),
        ],
        answers: vec![("Leave it there", Answer::LeaveSecrets), ("Take it out", Answer::TakeSecretsOut)],
        selected: 0,
    }));
    true
}

/// The user wants the values of secrets out of the files.
pub fn take_secrets_out(model: &Model, effects: &mut Vec<Effect>) {
    if let Some(draft) = &model.draft {
        effects.push(Effect::Variables(Asked::TakeSecretsOut(draft.entry.name.clone())));
    }
}

/// The values of secrets stay where they are.
pub fn leave_secrets(model: &mut Model) {
    model.say(Weight::Warning, "a secret still stands in a value set, which is a file; lint and vars check say so");
}

/// They are out of the files, or why not. The sets are as the files say them now.
pub fn secrets_are_out(model: &mut Model, result: Result<Vec<ValueSet>, Error>) {
    match result {
        Ok(changed) => {
            let names = changed.iter().map(|set| set.name.clone()).collect::<Vec<_>>().join(", ");
            for set in changed {
                if let Some(draft) = &mut model.draft {
                    super::variables::set_written(draft, &set, model.today);
                }
                know(model, set);
            }
            if let Some(draft) = &mut model.draft {
                draft.values.look_again();
            }
            model
                .say(Weight::Done, format!("the secrets are out of the sets {names}; change them, they were in files"));
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}

/// The values were saved as a set, or not.
pub fn saved(model: &mut Model, saved: Result<ValueSet, Error>) {
    let keeping = model.play.keeping.take();
    match saved {
        // whoever keeps a turn goes on with the values that are open
        Ok(set) if keeping.as_ref() == Some(&set.name) => {
            let Some(draft) = &mut model.draft else { return };
            if draft.values.set.as_ref() == Some(&set.name) {
                draft.values.changed = draft.values.values != set.values;
            }
            let key = model.keymap.shown(Action::ChooseSet);
            let text = format!("the turn is kept as the value set {}; {key} chooses it", set.name);
            know(model, set);
            model.linting.changes += 1;
            model.say(Weight::Done, text);
        }
        Ok(set) => {
            let text = format!("saved the values as the set {}", set.name);
            let Some(draft) = &mut model.draft else { return };
            draft.values.set = Some(set.name.clone());
            draft.values.changed = draft.values.values != set.values;
            super::variables::set_written(draft, &set, model.today);
            know(model, set);
            // how old the values are has changed
            model.linting.changes += 1;
            model.say(Weight::Done, text);
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}

/// Somebody else has changed the set: ask, and write nothing until there is an answer.
pub fn conflict(model: &mut Model, prompt: &str, mine: ValueSet, theirs: Values) {
    let Some(draft) = model.draft.as_ref().filter(|draft| draft.entry.name == prompt) else { return };
    let known = draft.values.sets.iter().any(|set| set.name == mine.name);
    let differ = differing(&mine.values, &theirs).join(", ");
    let name = mine.name.clone();
    let question = if known {
        format!("The value set {name} was changed by somebody else since it was read.")
    } else {
        format!("There is a value set {name} already: somebody else has made it.")
    };
    model.overlay = Some(Overlay::Confirm(Confirm {
        question,
        consequence: vec![
            format!("They differ in {differ}."),
            "Take theirs: the values here become those of the file.".to_owned(),
            "Keep mine: the file gets the values here.".to_owned(),
        ],
        answers: vec![
            ("Decide later", Answer::Cancel),
            ("Take theirs", Answer::TakeTheirSet(ValueSet { name, values: theirs })),
            ("Keep mine", Answer::KeepMySet(mine)),
        ],
        selected: 0,
    }));
}

/// Names whose values differ, sorted; never the values, which may be personal.
fn differing(mine: &Values, theirs: &Values) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = mine.0.keys().chain(theirs.0.keys()).collect();
    names.into_iter().filter(|name| mine.get(name) != theirs.get(name)).cloned().collect()
}

/// The set as the file says it.
pub fn take_theirs(model: &mut Model, set: ValueSet) {
    let name = set.name.clone();
    know(model, set);
    if let Some(draft) = &mut model.draft {
        draft.values.choose(&name);
        model.say(Weight::Done, format!("the values of {name} are those of the file"));
    }
}

/// Our values over those of the file.
pub fn keep_mine(model: &Model, set: ValueSet, effects: &mut Vec<Effect>) {
    if let Some(draft) = &model.draft {
        effects.push(Effect::SaveSet { prompt: draft.entry.name.clone(), set, expected: Expected::Anything });
    }
}

/// The set is known as it stands on disk.
fn know(model: &mut Model, set: ValueSet) {
    let Some(draft) = &mut model.draft else { return };
    let sets = &mut draft.values.sets;
    sets.retain(|other| other.name != set.name);
    sets.push(set);
    sets.sort_by(|a, b| a.name.cmp(&b.name));
}
