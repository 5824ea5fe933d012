//! The exact count by the model's own server: what has to hold before the text leaves, the question whether it may, and
//! the answer.

use super::elsewhere::{self, Destination, Leaving, Nowhere};
use super::{consent, counting};
use crate::model::tokens::counter_for;
use crate::model::{Audience, Failure, ModelName, Playtest, Prepared, can_count};
use crate::prompt::{TokenCounter, Values};
use crate::tui::consent::{Consent, Wish};
use crate::tui::effect::Effect;
use crate::tui::exactly::Asking;
use crate::tui::instead::in_keys;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::Overlay;

/// Why the chosen model's server is not asked for exact counts; `None` when it can be.
pub fn why_not(model: &Model) -> Option<String> {
    let Some(name) = super::model_of(model) else { return Some("no model is chosen".to_owned()) };
    if counter_for(&name).exact() {
        return Some(format!("{name} is counted exactly on this machine"));
    }
    (!can_count(&model.settings, &name)).then(|| format!("the server of {name} does not count tokens"))
}

/// Who would see a text that the server of `name` counts; `None` when it counts none, or need not.
pub fn audience(model: &Model, name: &ModelName) -> Option<Audience> {
    if counter_for(name).exact() || !can_count(&model.settings, name) {
        return None;
    }
    let provider = model.settings.providers.get(&name.provider)?;
    // who has no key yet is not asked, and would be told the same
    let to = Destination::with(model, Some(name.clone())).map(|to| to.audience());
    Some(to.unwrap_or(if provider.is_local() { Audience::ThisMachine } else { Audience::Elsewhere }))
}

/// Asks for the exact count, in the box with what the prompt costs; the user is asked first whether the text may leave.
pub fn count(model: &mut Model, effects: &mut Vec<Effect>) {
    if !matches!(model.overlay, Some(Overlay::Costs(_))) {
        counting::open(model);
    }
    model.play.once.clear();
    count_as_agreed(model, effects);
}

fn count_as_agreed(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.draft.is_none() || model.exactly.running.is_some() {
        return;
    }
    model.exactly.problem = None;
    match leaving(model) {
        Err(problem) => model.exactly.problem = Some(format!("not counted: {problem}")),
        Ok((_, Leaving::Asks(wish))) => ask(model, *wish),
        Ok((to, Leaving::Now { prepared, .. })) => send(model, to, prepared, effects),
    }
    model.play.once.clear();
}

/// Who counts, and what becomes of the text; or why it cannot be sent.
fn leaving(model: &Model) -> Result<(Destination, Leaving), String> {
    if let Some(why) = why_not(model) {
        return Err(why);
    }
    let to = Destination::of(model).map_err(|nowhere| match nowhere {
        Nowhere::Unchosen => "no model is chosen".to_owned(),
        Nowhere::Unknown(said) => said,
        Nowhere::Keyless(said) => format!("{said}; set it and start again"),
    })?;
    let Some(draft) = &model.draft else { return Err("no prompt is open".to_owned()) };
    let (text, none) = (draft.text().to_text(), Values::default());
    let playtest = Playtest {
        system: &text,
        user_template: None,
        given: &none,
        set: Some(&draft.values.values),
        declarations: &draft.values.declarations,
        audience: to.audience(),
    };
    let leaving = elsewhere::leaving(model, &to, playtest, (&[], ""), &[]);
    let leaving = leaving.map_err(|obstacle| elsewhere::words(&obstacle, &text))?;
    Ok((to, leaving))
}

/// Before the first text of this prompt that leaves for a host. What is written in the box of the costs is kept.
fn ask(model: &mut Model, wish: Wish) {
    if let Some(Overlay::Costs(open)) = model.overlay.take() {
        model.exactly.aside = Some(open);
    }
    consent::ask_to_count(model, wish);
}

/// The box of the costs as it was before it was asked.
pub fn back(model: &mut Model) {
    if let Some(open) = model.exactly.aside.take() {
        model.overlay = Some(Overlay::Costs(open));
    }
}

/// The user agreed that the prompt goes there.
pub fn agreed(model: &mut Model, consent: Consent, effects: &mut Vec<Effect>) {
    consent::give(model, consent, effects);
    back(model);
    if !matches!(model.overlay, Some(Overlay::Costs(_))) {
        counting::open(model);
    }
    count_as_agreed(model, effects);
}

fn send(model: &mut Model, to: Destination, prepared: Prepared, effects: &mut Vec<Effect>) {
    let Some(state) = model.draft.as_ref().map(|draft| draft.state) else { return };
    model.exactly.runs += 1;
    let run = model.exactly.runs;
    let whom = to.host.unwrap_or_else(|| "this machine".to_owned());
    model.exactly.running = Some(Asking { run, whom, opening: model.openings, state, replaced: prepared.replaced });
    effects.push(Effect::CountExactly { run, model: to.name, system: prepared.system });
}

/// Stops asking; `false` when nothing is asked.
pub fn stop(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    if model.exactly.running.take().is_none() {
        return false;
    }
    effects.push(Effect::CancelCount);
    model.exactly.problem = Some("stopped: not counted".to_owned());
    model.say(Weight::Note, "the exact count was stopped");
    true
}

/// The server has answered. What it says is shown by the next count, which knows it.
pub fn counted(model: &mut Model, run: u64, result: Result<u64, Failure>) {
    let Some(asking) = model.exactly.running.take_if(|asking| asking.run == run) else { return };
    let in_sight = matches!(model.overlay, Some(Overlay::Costs(_))) && asking.opening == model.openings;
    match result {
        Ok(tokens) => {
            let Some(draft) = model.draft.as_mut().filter(|_| asking.opening == model.openings) else { return };
            draft.counts.again();
            let tokens = crate::model::bill::number(usize::try_from(tokens).unwrap_or(usize::MAX));
            let of = if draft.state == asking.state { "the prompt has" } else { "before the last change it had" };
            let with = match asking.replaced.as_slice() {
                [] => String::new(),
                names => format!(", with the declared examples of {}", names.join(", ")),
            };
            model.say(Weight::Done, format!("{of} exactly {tokens} tokens, says {}{with}", asking.whom));
        }
        Err(failure) => {
            let hint = failure.hint.clone().map(|hint| format!(" ({hint})")).unwrap_or_default();
            let words = in_keys(&format!("{}: {}{hint}", kind(&failure), failure.message), &model.keymap);
            if !in_sight {
                let key = model.keymap.shown(Action::Costs);
                model.say(Weight::Failed, format!("not counted exactly: {}; {key} tells more", failure.message));
            }
            model.exactly.problem = Some(format!("not counted, {words}"));
        }
    }
}

/// The kind of a failure for a person.
fn kind(failure: &Failure) -> String {
    failure.kind.id().replace('_', " ")
}
