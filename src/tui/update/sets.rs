//! Saving values as a set, and what to do when somebody else has changed its file since it was read.

use crate::error::Error;
use crate::library::{Expected, ValueSet};
use crate::prompt::Values;
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Answer, Confirm, Overlay};

/// Saves the values as the set `name`.
pub fn save(model: &mut Model, name: &str, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    let known = draft.values.sets.iter().find(|set| set.name == name);
    let expected = known.map_or(Expected::Nothing, |set| Expected::This(set.values.clone()));
    let set = ValueSet { name: name.to_owned(), values: draft.values.values.clone() };
    effects.push(Effect::SaveSet { prompt: draft.entry.name.clone(), set, expected });
}

/// The values were saved as a set, or not.
pub fn saved(model: &mut Model, saved: Result<ValueSet, Error>) {
    match saved {
        Ok(set) => {
            let text = format!("saved the values as the set {}", set.name);
            let Some(draft) = &mut model.draft else { return };
            draft.values.set = Some(set.name.clone());
            draft.values.changed = draft.values.values != set.values;
            super::variables::set_written(draft, &set, model.today);
            know(model, set);
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
