//! Deploying and rolling back: the box, what is asked of the runner, and what comes back.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{diff, drill, keys, save};
use crate::error::Error;
use crate::library::{PromptEntry, ReleaseKind};
use crate::release::{Done, Plan};
use crate::tui::diffing::Chosen;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, ScreenId, Weight};
use crate::tui::overlay::{Answer, Confirm, Hand, Overlay, Pick, PickRow, Picker};
use crate::tui::release::{Asked, ReleaseForm, Releasing, Told, Wish};

/// Where a version goes when nobody says anything else.
const USUAL: &str = "production";

/// The open prompt as it is listed.
pub fn entry(model: &Model) -> Option<&PromptEntry> {
    let open = &model.draft.as_ref()?.entry;
    Some(model.prompts.iter().find(|entry| entry.name == open.name).unwrap_or(open))
}

/// What runs where, of the open prompt.
pub fn running(model: &Model) -> &[(String, semver::Version)] {
    entry(model).map_or(&[], |entry| &entry.environments)
}

/// What runs where in a few words, `production 1.1.0`; empty where nothing does. What is not certain is said to be so.
pub fn running_words(model: &Model) -> String {
    let Some(entry) = entry(model) else { return String::new() };
    let running = &entry.environments;
    let known = running.iter().map(|(place, version)| format!("{place} {version}{}", entry.doubt(place)));
    let unknown = entry.doubtful.iter().filter(|place| running.iter().all(|(known, _)| known != *place));
    known.chain(unknown.map(|place| format!("{place}{}", entry.doubt(place)))).collect::<Vec<_>>().join(", ")
}

/// Asks which version is deployed.
pub fn choose_version(model: &mut Model) {
    let Some(draft) = &model.draft else { return model.say(Weight::Note, "no prompt is open") };
    if draft.entry.versions.is_empty() {
        let key = model.keymap.shown(Action::Freeze);
        return model.say(Weight::Note, format!("there is no version yet: {key} freezes the draft as one"));
    }
    let row = |entry: &crate::library::VersionEntry| PickRow {
        value: entry.version.to_string(),
        label: format!("v{}  {}", entry.version, entry.date),
        detail: runs_in(model, &entry.version),
        disabled: None,
    };
    let rows = draft.entry.versions.iter().rev().map(row).collect();
    model.overlay = Some(Overlay::Pick(Pick::Deploy, Picker::new("Deploy which version?", rows)));
}

/// Where this version of the open prompt runs, in words.
pub fn runs_in(model: &Model, version: &semver::Version) -> String {
    entry(model).map(|entry| entry.runs_in(version)).unwrap_or_default()
}

/// Opens the box that deploys this version.
pub fn deploy(model: &mut Model, version: &str, effects: &mut Vec<Effect>) {
    let Ok(version) = version.parse() else { return };
    let mut places: Vec<String> = running(model).iter().map(|(place, _)| place.clone()).collect();
    places.extend(model.settings.environments.keys().cloned());
    places.push(USUAL.to_owned());
    open(model, ReleaseKind::Deploy, Some(version), places, effects);
}

/// Opens the box that goes back.
pub fn roll_back(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.draft.is_none() {
        return model.say(Weight::Note, "no prompt is open");
    }
    let mut places: Vec<String> = running(model).iter().map(|(place, _)| place.clone()).collect();
    if places.is_empty() {
        // somebody else may have released since the library was listed: the plan is made from the files
        places.extend(model.settings.environments.keys().cloned());
        places.push(USUAL.to_owned());
    }
    effects.push(Effect::List);
    open(model, ReleaseKind::Rollback, None, places, effects);
}

fn open(
    model: &mut Model,
    kind: ReleaseKind,
    version: Option<semver::Version>,
    mut places: Vec<String>,
    effects: &mut Vec<Effect>,
) {
    let Some(draft) = &model.draft else { return };
    places.sort();
    places.dedup();
    let usual = places.iter().find(|place| *place == USUAL).or(places.first()).cloned();
    let wish = Wish {
        number: model.releases_asked,
        kind,
        prompt: draft.entry.name.clone(),
        version,
        environment: usual.unwrap_or_else(|| USUAL.to_owned()),
        demo: model.demo,
    };
    // whoever is in a hurry may leave it as it is; the first letter replaces it
    let why = match kind {
        ReleaseKind::Rollback => Input::chosen("taken back from the workbench"),
        ReleaseKind::Deploy => Input::default(),
    };
    let mut form = Box::new(ReleaseForm { wish, places, plan: None, why, agreed: false, busy: false, problem: None });
    ask(model, &mut form, effects);
    model.overlay = Some(Overlay::Release(form));
}

fn ask(model: &mut Model, form: &mut ReleaseForm, effects: &mut Vec<Effect>) {
    model.releases_asked += 1;
    form.wish.number = model.releases_asked;
    form.plan = None;
    form.agreed = false;
    form.problem = None;
    effects.push(Effect::Release(Asked::Plan(form.wish.clone())));
}

/// A key that goes into the words; `false` when it does not.
pub fn typed(form: &mut ReleaseForm, key: KeyEvent) -> bool {
    let chooses = matches!(key.code, KeyCode::Left | KeyCode::Right) && key.modifiers == KeyModifiers::NONE;
    if chooses || form.busy {
        return false;
    }
    form.problem = None;
    form.why.key(key)
}

/// What an action does in the open box.
pub fn act(model: &mut Model, mut form: Box<ReleaseForm>, action: Action, effects: &mut Vec<Effect>) {
    let can = form.answers().len() > 1;
    match action {
        Action::FormLeft => form.agreed = false,
        Action::FormRight => form.agreed = can,
        Action::DialogNext | Action::DialogPrevious if form.places.len() > 1 && !form.busy => {
            let at = form.places.iter().position(|place| *place == form.wish.environment).unwrap_or(0);
            let step = if action == Action::DialogNext { 1 } else { form.places.len() - 1 };
            form.wish.environment.clone_from(&form.places[(at + step) % form.places.len()]);
            ask(model, &mut form, effects);
        }
        Action::FormAccept if !(form.agreed && can) => return,
        Action::FormAccept => {
            if form.why.text().trim().is_empty() {
                form.problem = Some("say why: whoever is on call reads it".into());
            } else if let Some(Ok(plan)) = &form.plan {
                effects.push(Effect::Release(Asked::Make {
                    wish: form.wish.clone(),
                    plan: plan.clone(),
                    why: form.why.text(),
                    forced: form.is_refused(),
                    by: model.settings.author.clone(),
                }));
                model.releasing = Some(Releasing { wish: form.wish.clone(), then_leave: false });
                form.busy = true;
                form.agreed = false;
            }
        }
        _ => {}
    }
    model.overlay = Some(Overlay::Release(form));
}

/// What came of something about releases.
pub fn told(model: &mut Model, told: Told, effects: &mut Vec<Effect>) {
    match told {
        Told::Planned { number, plan } => planned(model, number, plan),
        Told::Made { wish, result } => released(model, &wish, result, effects),
        Told::Drilled { number, environment, result } => drill::tried(model, number, &environment, result),
        Told::Log { prompt, rows } => log_read(model, &prompt, rows),
    }
}

/// What a release would mean; an answer to an earlier question is dropped.
fn planned(model: &mut Model, number: u64, plan: Result<Box<Plan>, Error>) {
    if let Some(Overlay::Release(form)) = &mut model.overlay
        && form.wish.number == number
    {
        form.plan = Some(plan);
    }
}

/// It was done, or why not. The box is told when it is still open; the words come in any case.
fn released(model: &mut Model, wish: &Wish, result: Result<Done, Error>, effects: &mut Vec<Effect>) {
    let is_open = matches!(&model.overlay, Some(Overlay::Release(form)) if form.wish.number == wish.number);
    let made = model.releasing.take_if(|releasing| releasing.wish.number == wish.number);
    match result {
        Ok(done) => {
            if is_open {
                model.overlay = None;
            }
            let version = &done.version;
            let hooked = if done.hooked { "on_deploy has run; " } else { "" };
            let verb = if wish.kind == ReleaseKind::Deploy { "runs" } else { "is back at" };
            model.say(Weight::Done, format!("{hooked}{} {verb} {version} of {}", wish.environment, wish.prompt));
            runs_now(model, wish, &done.version);
            effects.push(Effect::List);
        }
        Err(error) => {
            if let Some(Overlay::Release(form)) = &mut model.overlay
                && is_open
            {
                form.busy = false;
                form.problem = Some(error.to_string());
            } else {
                model.say(Weight::Failed, error.to_string());
            }
        }
    }
    if made.is_some_and(|made| made.then_leave) {
        if is_open {
            model.overlay = None;
        }
        save::quit(model, effects);
    }
}

/// What is known to run is shown at once, and is no news when the files are looked at.
fn runs_now(model: &mut Model, wish: &Wish, version: &semver::Version) {
    let open = model.draft.as_mut().map(|draft| &mut draft.entry).into_iter();
    for entry in open.chain(&mut model.prompts).filter(|entry| entry.name == wish.prompt) {
        entry.environments.retain(|(place, _)| *place != wish.environment);
        entry.environments.push((wish.environment.clone(), version.clone()));
        entry.environments.sort();
    }
}

/// Ends the program that runs for a release; `false` when nothing is being released.
pub fn stop(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let Some(releasing) = &model.releasing else { return false };
    let said = format!("{} is being ended; the log stays as it was", releasing.words());
    effects.push(Effect::StopRelease);
    model.say(Weight::Note, said);
    true
}

/// Asks whether to leave while something is being released; `false` when nothing is.
pub fn ask_to_leave(model: &mut Model) -> bool {
    let Some(releasing) = &model.releasing else { return false };
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("{} of {} is under way. Leave?", capital(&releasing.words()), releasing.wish.prompt),
        consequence: vec![
            "Stay: it goes on, and what came of it is told.".into(),
            "Stop it and leave: your program is ended, and the log stays as it was.".into(),
        ],
        answers: vec![("Stay", Answer::Cancel), ("Stop it and leave", Answer::StopAndLeave)],
        selected: 0,
    }));
    true
}

fn capital(words: &str) -> String {
    words.chars().take(1).flat_map(char::to_uppercase).chain(words.chars().skip(1)).collect()
}

/// The program that runs for a release is ended, and the workbench is left when it has.
pub fn stop_and_leave(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(releasing) = &mut model.releasing {
        releasing.then_leave = true;
        stop(model, effects);
    } else {
        // it has ended while the question was open
        save::quit(model, effects);
    }
}

/// Asks for what was released of the open prompt.
pub fn ask_log(model: &mut Model, effects: &mut Vec<Effect>) {
    match &model.draft {
        Some(draft) => effects.push(Effect::Release(Asked::Log(draft.entry.name.clone()))),
        None => model.say(Weight::Note, "no prompt is open"),
    }
}

/// Shows it, the last first.
fn log_read(model: &mut Model, prompt: &str, rows: Result<Vec<PickRow<String>>, Error>) {
    if model.overlay.is_some() || model.draft.as_ref().is_none_or(|draft| draft.entry.name != prompt) {
        return;
    }
    match rows {
        Ok(rows) if rows.is_empty() => {
            let key = model.keymap.shown(Action::Deploy);
            model.say(Weight::Note, format!("nothing of {prompt} was deployed yet: {key} deploys a version"));
        }
        Ok(rows) => {
            let picker = Picker::new("Releases, the last first; Enter compares with the draft", rows);
            model.overlay = Some(Overlay::Pick(Pick::Releases, picker));
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}

/// A release was chosen: its version beside the draft.
pub fn compare(model: &mut Model, version: &str) {
    let Ok(version) = version.parse() else { return };
    if model.draft.as_ref().is_some_and(|draft| draft.entry.versions.iter().any(|entry| entry.version == version)) {
        diff::choose(model, Hand::Left, Chosen::Version(version));
        diff::choose(model, Hand::Right, Chosen::Draft);
        keys::show(model, ScreenId::Diff);
    }
}
