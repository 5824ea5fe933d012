//! What a variable is, and its other name: the form that declares it, the box that renames it everywhere.

use std::sync::Arc;

use super::{draft as on_draft, intake, sets};
use crate::error::Error;
use crate::library::{Seen, ValueSet};
use crate::prompt::{Declarations, Freshness, Privacy};
use crate::tui::draft::{Draft, PaneId};
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::{Level, Model, Weight};
use crate::tui::msg::Refreshed;
use crate::tui::overlay::Overlay;
use crate::tui::variables::{Asked, Plan, Planned, PropertiesForm, PropertyField, Renamed, Renaming, VariableBox};
use crate::vars::Property;
use crate::vars::declare::check_variable;
use crate::vars::rename;

/// The name of the selected variable; says why when there is none.
fn selected(model: &mut Model) -> Option<String> {
    let name = model.draft.as_ref().and_then(|draft| Some(draft.rows.get(draft.values.selected)?.name.clone()));
    if name.is_none() {
        model.say(Weight::Note, "no variables yet: write {{name}} in a section");
    }
    name
}

/// Opens the form that says what the selected variable is.
pub fn open_properties(model: &mut Model) {
    let Some(name) = selected(model) else { return };
    let Some(draft) = &model.draft else { return };
    let before = draft.values.declarations.get(&name).cloned();
    let form = PropertiesForm::new(&name, before, draft.values.hidden(&name));
    model.overlay = Some(Overlay::Variable(VariableBox::Properties(Box::new(form))));
}

/// Opens that form at the example of the selected variable.
pub fn open_example(model: &mut Model) {
    open_properties(model);
    if let Some(Overlay::Variable(VariableBox::Properties(form))) = &mut model.overlay {
        form.field = PropertyField::Example;
    }
}

/// Opens the box that renames the selected variable.
pub fn open_rename(model: &mut Model) {
    let Some(old) = selected(model) else { return };
    let renaming = Renaming { line: Input::chosen(&old), old, plan: Plan::None, scroll: 0 };
    model.overlay = Some(Overlay::Variable(VariableBox::Renaming(Box::new(renaming))));
}

/// The selected value over the whole screen.
pub fn edit_in_full(model: &mut Model) {
    let zoomed = model.zoomed;
    on_draft::edit_value(model);
    if let Some(editing) = model.draft.as_mut().and_then(|draft| draft.values.editing.as_mut()) {
        editing.full = Some(zoomed);
        model.zoomed = true;
    }
}

/// What an action does in the open box.
pub fn act(model: &mut Model, open: VariableBox, action: Action, effects: &mut Vec<Effect>) {
    match open {
        VariableBox::Properties(form) => properties(model, form, action, effects),
        VariableBox::Intake(open) => intake::act(model, open, action, effects),
        VariableBox::Renaming(renaming) => renaming_act(model, renaming, action, effects),
    }
}

fn show(model: &mut Model, open: VariableBox) {
    model.overlay = Some(Overlay::Variable(open));
}

fn properties(model: &mut Model, mut form: Box<PropertiesForm>, action: Action, effects: &mut Vec<Effect>) {
    form.problem = None;
    match (action, form.field) {
        (Action::FormAccept, PropertyField::Accept) if !form.waiting => declare(model, &mut form, effects),
        (Action::FormLeft, _) => choose(&mut form, -1),
        (Action::FormRight, _) => choose(&mut form, 1),
        (Action::DialogNext | Action::FormAccept, _) => form.field = form.field.step(1),
        (Action::DialogPrevious, _) => form.field = form.field.step(-1),
        _ => {}
    }
    show(model, VariableBox::Properties(form));
}

/// The choice beside the chosen one.
fn choose(form: &mut PropertiesForm, by: isize) {
    fn beside<T: Copy + PartialEq>(all: &[T], now: T, by: isize) -> T {
        let at = all.iter().position(|one| *one == now).unwrap_or(0);
        all[at.saturating_add_signed(by).min(all.len() - 1)]
    }
    match form.field {
        PropertyField::Privacy => form.privacy = beside(&Privacy::ALL, form.privacy, by),
        PropertyField::Freshness => form.freshness = beside(&Freshness::ALL, form.freshness, by),
        PropertyField::Required => form.required = beside(&[true, false], form.required, by),
        PropertyField::Untrusted => form.untrusted = beside(&[false, true], form.untrusted, by),
        _ => {}
    }
}

fn declare(model: &mut Model, form: &mut PropertiesForm, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    match form.declaration() {
        Err(problem) => form.problem = Some(problem),
        Ok(after) => {
            form.waiting = true;
            effects.push(Effect::Variables(Asked::Declare {
                prompt: draft.entry.name.clone(),
                variable: form.name.clone(),
                properties: Property::between(&form.before.clone().unwrap_or_default(), &after),
                seen: Seen::This(form.before.clone()),
            }));
        }
    }
}

/// `prompt.toml` was written, or not: then the form says why.
pub fn declared(model: &mut Model, variable: &str, result: Result<Declarations, Error>) {
    let form = match &mut model.overlay {
        Some(Overlay::Variable(open)) => match open {
            VariableBox::Properties(form) if form.name == variable => Some(&mut **form),
            _ => None,
        },
        _ => None,
    };
    match (result, form) {
        (Ok(declarations), form) => {
            if form.is_some() {
                model.overlay = None;
            }
            let Some(draft) = &mut model.draft else { return };
            let secret = declarations.privacy(variable) == Privacy::Secret;
            draft.values.declare(declarations);
            let said = format!("prompt.toml says what {variable} is");
            let free = model.overlay.is_none() && model.level == Level::Nav;
            if !secret {
                model.say(Weight::Done, said);
            } else if !free {
                // nobody is asked in the middle of something else
                let key = model.keymap.shown(Action::Properties);
                model.say(Weight::Warning, format!("{said}; {key} and Enter ask whether its value leaves the sets"));
            } else if !sets::ask_about_secrets(model) {
                model.say(Weight::Done, said);
            }
        }
        (Err(error), Some(form)) => {
            form.waiting = false;
            form.problem = Some(error.to_string());
        }
        (Err(error), None) => model.say(Weight::Failed, error.to_string()),
    }
}

fn renaming_act(model: &mut Model, mut renaming: Box<Renaming>, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::FormAccept => accept_rename(model, &mut renaming, effects),
        Action::DialogPrevious | Action::FormPageUp => renaming.scroll = renaming.scroll.saturating_sub(1),
        Action::DialogNext | Action::FormPageDown => renaming.scroll += 1,
        _ => {}
    }
    if let Plan::Ready(plan) = &renaming.plan {
        renaming.scroll = renaming.scroll.min(plan.draft.len() + plan.files.places());
    }
    show(model, VariableBox::Renaming(renaming));
}

/// Enter looks at the files first, and renames when the places are shown.
fn accept_rename(model: &mut Model, renaming: &mut Renaming, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    let new = renaming.line.text().trim().to_owned();
    let prompt = draft.entry.name.clone();
    match &renaming.plan {
        Plan::Waiting(_) => {}
        Plan::Ready(plan) => {
            effects.push(Effect::Variables(Asked::Rename { prompt, plan: Arc::clone(plan) }));
            renaming.plan = Plan::Waiting(new);
        }
        Plan::None | Plan::Refused(_) => {
            if let Err(error) = check_variable(&new) {
                renaming.plan = Plan::Refused(error);
                return;
            }
            effects.push(Effect::Variables(Asked::PlanRename {
                prompt,
                old: renaming.old.clone(),
                new: new.clone(),
                text: draft.text(),
            }));
            renaming.plan = Plan::Waiting(new);
            renaming.scroll = 0;
        }
    }
}

/// The box that renames `old`, when it waits.
fn waiting<'m>(model: &'m mut Model, old: &str) -> Option<&'m mut Renaming> {
    match &mut model.overlay {
        Some(Overlay::Variable(open)) => match open {
            VariableBox::Renaming(renaming) if renaming.old == old && matches!(renaming.plan, Plan::Waiting(_)) => {
                Some(&mut **renaming)
            }
            _ => None,
        },
        _ => None,
    }
}

/// What a rename would change, for the box that waits for it.
pub fn planned(model: &mut Model, old: &str, new: &str, result: Result<Arc<Planned>, Error>) {
    let Some(renaming) = waiting(model, old) else { return };
    if renaming.line.text().trim() == new {
        renaming.plan = result.map_or_else(Plan::Refused, Plan::Ready);
    }
}

/// The files have the other name, or none of them has: the text in the panes follows, as one undo step.
pub fn renamed(model: &mut Model, names: (&str, &str), result: Result<Refreshed, Error>) {
    let (old, new) = names;
    let fresh = match result {
        Ok(fresh) => fresh,
        Err(error) => {
            match waiting(model, old) {
                Some(renaming) => renaming.plan = Plan::Refused(error),
                None => model.say(Weight::Failed, error.to_string()),
            }
            return;
        }
    };
    if waiting(model, old).is_some() {
        model.overlay = None;
    }
    let Some(draft) = &mut model.draft else { return };
    let before = draft.state;
    let text = draft.text().to_text();
    let edits = rename::in_text(&text, old, new);
    draft.replace_text(&rename::apply(&text, &edits));
    draft.history.end_group();
    draft.renames.push(Renamed { before, after: draft.state, old: old.to_owned(), new: new.to_owned() });
    take_fresh(draft, names, fresh);
    draft.focus = PaneId::Variables;
    if let Some(at) = draft.rows.iter().position(|row| row.name == old) {
        draft.values.selected = at;
    }
    model.say(Weight::Done, format!("{old} is {new} now, everywhere; u takes it back, in the files too"));
}

fn take_fresh(draft: &mut Draft, (old, new): (&str, &str), fresh: Refreshed) {
    draft.values.declare(fresh.declarations);
    draft.config = fresh.config;
    draft.values.rename(old, new, fresh.sets);
}

/// After undo or redo: when it went over a rename, the files follow the text.
pub fn follow(model: &mut Model, before: u64, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    let now = draft.state;
    if now == before {
        return;
    }
    let step = draft.renames.iter().find_map(|step| match (step.before, step.after) {
        (was, is) if (is, was) == (before, now) => Some((&step.new, &step.old)),
        (was, is) if (was, is) == (before, now) => Some((&step.old, &step.new)),
        _ => None,
    });
    if let Some((old, new)) = step {
        let (old, new, text) = (old.clone(), new.clone(), draft.text());
        effects.push(Effect::Variables(Asked::FollowRename { prompt: draft.entry.name.clone(), old, new, text }));
    }
}

/// The files followed the text, or could not.
pub fn followed(model: &mut Model, names: (&str, &str), result: Result<Refreshed, Error>) {
    let Some(draft) = &mut model.draft else { return };
    match result {
        Ok(fresh) => {
            take_fresh(draft, names, fresh);
            model.say(Weight::Done, format!("{} is {} again, in the files too", names.0, names.1));
        }
        Err(error) => model.say(Weight::Failed, format!("the text is back, the files are not: {error}")),
    }
}

/// Refuses to save a secret as part of a set; `true` when there is one.
pub fn refuses_secrets(model: &mut Model) -> bool {
    let Some(draft) = &model.draft else { return false };
    let declarations = &draft.values.declarations;
    let secret = draft.values.values.0.keys().find(|name| declarations.privacy(name) == Privacy::Secret);
    let Some(name) = secret.cloned() else { return false };
    let clear = model.keymap.shown(Action::Clear);
    model.say(
        Weight::Warning,
        format!("{name} is secret and never saved in a set, which is a file: {clear} takes its value away first"),
    );
    true
}

/// A set that was written is younger than any other.
pub fn set_written(draft: &mut Draft, set: &ValueSet, today: jiff::civil::Date) {
    draft.values.written.insert(set.name.clone(), today);
}
