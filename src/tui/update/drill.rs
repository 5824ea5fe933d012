//! Trying the way back: one environment after the other, and what came of each.

use crate::error::Error;
use crate::release::Drilling;
use crate::tui::drilling::DrillBox;
use crate::tui::effect::Effect;
use crate::tui::instead::in_keys;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::Overlay;
use crate::tui::release::Asked;

/// Tries it wherever something of the open prompt runs.
pub fn begin(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return model.say(Weight::Note, "no prompt is open") };
    let prompt = draft.entry.name.clone();
    let places: Vec<_> = super::release::running(model).iter().map(|(place, _)| (place.clone(), None)).collect();
    if places.is_empty() {
        return model.say(Weight::Note, format!("nothing of {prompt} runs anywhere, so there is no way back to try"));
    }
    model.releases_asked += 1;
    let number = model.releases_asked;
    let by = model.settings.author.clone();
    effects.extend(places.iter().map(|(place, _)| {
        Effect::Release(Asked::Drill {
            number,
            prompt: prompt.clone(),
            environment: place.clone(),
            by: by.clone(),
            demo: model.demo,
        })
    }));
    model.overlay = Some(Overlay::Drill(Box::new(DrillBox { number, prompt, places, top: 0 })));
}

/// One environment was tried. Where the box is closed only what does not work is told.
pub fn tried(model: &mut Model, number: u64, environment: &str, mut result: Result<Drilling, Error>) {
    if let Err(Error { hint: Some(hint), .. }) = &mut result {
        *hint = in_keys(hint, &model.keymap);
    }
    let Some(Overlay::Drill(open)) =
        model.overlay.as_mut().filter(|open| matches!(open, Overlay::Drill(open) if open.number == number))
    else {
        let fails = match &result {
            Ok(drilling) => drilling.tried.iter().find_map(|one| one.problems.first().cloned()),
            Err(error) => Some(error.to_string()),
        };
        if let Ok(Drilling { unrecorded: Some(error), .. }) = &result {
            model.say(Weight::Warning, format!("what was tried in {environment} is not recorded: {error}"));
        }
        if let Some(why) = fails {
            model.say(Weight::Failed, format!("the way back in {environment} does not work: {why}"));
        }
        return;
    };
    if let Some((_, outcome)) = open.places.iter_mut().find(|(place, _)| place == environment) {
        *outcome = Some(result);
    }
    if let Some((weight, said)) = open.verdict() {
        model.say(weight, said);
    }
}
