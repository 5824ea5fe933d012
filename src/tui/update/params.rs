//! The form of a column's parameters: they count for the column, or go into the draft's configuration.

use super::play::{columns, model_of_column};
use crate::error::Error;
use crate::library::PromptConfig;
use crate::model::rules;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, ScreenId, Weight};
use crate::tui::overlay::Overlay;
use crate::tui::params::{ParamField, ParamsForm, changed, words};
use crate::tui::play::{Subject, letter};

/// Opens the form for the focused column.
pub fn open(model: &mut Model) {
    let at = model.play.focused;
    let subject = model.play.column().subject.clone();
    let (Some(base), Some(now)) = (columns::config_of(model, &subject).cloned(), columns::settings_of(model, at))
    else {
        let why = if model.draft.is_none() { "no prompt is open" } else { "this column has no parameters to change" };
        return model.say(Weight::Note, why);
    };
    let rules = model_of_column(model, at).and_then(|name| rules(&model.settings, &name));
    let form = ParamsForm::new(at, base, &now, rules);
    model.screen = ScreenId::Play;
    model.overlay = Some(Overlay::Params(Box::new(form)));
}

/// What an action does in the form.
pub fn act(model: &mut Model, mut form: Box<ParamsForm>, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::DialogNext => form.step(1),
        Action::DialogPrevious => form.step(-1),
        Action::FormLeft if form.field == ParamField::Thinking => form.choose(-1),
        Action::FormRight if form.field == ParamField::Thinking => form.choose(1),
        Action::FormAccept if form.field == ParamField::Save => return accept(model, form, effects),
        // Enter in any field is what one expects of a form this small
        Action::FormAccept => return accept(model, form, &mut Vec::new()),
        _ => {}
    }
    model.overlay = Some(Overlay::Params(form));
}

fn accept(model: &mut Model, mut form: Box<ParamsForm>, effects: &mut Vec<Effect>) {
    let changes = match form.changes() {
        Ok(changes) => changes,
        Err((field, why)) => {
            (form.field, form.problem) = (field, Some(why));
            model.overlay = Some(Overlay::Params(form));
            return;
        }
    };
    if form.field == ParamField::Save {
        return save(model, &form, effects);
    }
    let Some(column) = model.play.columns.get_mut(form.column) else { return };
    column.changes = changes;
    column.touch();
    let told = words(&column.changes);
    let here = letter(form.column);
    let text = match told.as_str() {
        "" => format!("column {here} runs with what its configuration says"),
        told => format!("column {here} runs with {told} from the next message on; the file stays as it is"),
    };
    model.say(Weight::Done, text);
}

/// Has what is written in the form written into the draft's file, whatever the column runs.
fn save(model: &mut Model, form: &ParamsForm, effects: &mut Vec<Effect>) {
    let (Some(draft), Ok(written)) = (&model.draft, form.written()) else { return };
    let config = changed(&draft.config, &PromptConfig(written));
    if config == draft.config {
        return model.say(Weight::Note, "the draft's config.json says that already");
    }
    let (prompt, expected) = (draft.entry.name.clone(), draft.config.clone());
    effects.push(Effect::SaveConfig { prompt, config, expected });
}

/// The draft's configuration was written, or not.
pub fn saved(model: &mut Model, result: Result<PromptConfig, Error>) {
    let config = match result {
        Ok(config) => config,
        Err(error) => return model.say(Weight::Failed, error.to_string()),
    };
    let Some(draft) = &mut model.draft else { return };
    draft.config = config;
    for column in model.play.columns.iter_mut().filter(|column| column.subject == Subject::Draft) {
        // what the file says now is no change any more
        let file = &draft.config.0;
        column.changes.0.retain(|key, value| file.get(key.as_str()).unwrap_or(&serde_json::Value::Null) != value);
        column.touch();
    }
    model.say(Weight::Done, "saved in draft/config.json");
}
