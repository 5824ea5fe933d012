//! Committing what greenroom has written: asked, done at once, or left, as the library says.

use std::path::{Path, PathBuf};

use crate::config::Commit;
use crate::error::Error;
use crate::tui::committing::{When, Written, files};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Level, Model, Weight};
use crate::tui::overlay::{Answer, Confirm, Overlay};

/// So many commits are named in a question; of more it is said how many.
const NAMED: usize = 4;

/// Files were written. Outside of git there is nothing to commit.
pub fn wrote(model: &mut Model, written: Written, effects: &mut Vec<Effect>) {
    if model.git.is_none() || written.files.is_empty() {
        return;
    }
    match model.settings.commit {
        Commit::Never => effects.push(Effect::AskGit),
        Commit::Always => effects.push(Effect::Commit(vec![model.committing.with_its_own(written)])),
        Commit::Ask if written.when != When::AtOnce => {
            let is_first = model.committing.gather(written);
            effects.push(Effect::AskGit);
            if is_first {
                let key = model.keymap.shown(Action::Commit);
                let said = model.status.take().map_or_else(String::new, |status| format!("{}; ", status.text));
                model.say(Weight::Note, format!("{said}not committed yet: {key} commits it"));
            }
        }
        Commit::Ask => {
            model.committing.step(written);
            effects.push(Effect::AskGit);
            if let Some(Overlay::Confirm(Confirm { answers, selected, .. })) = &model.overlay
                && answers.iter().any(|(_, answer)| *answer == Answer::Commit)
            {
                // the question that is open says what a yes would do
                let chosen = *selected;
                return ask(model, chosen);
            }
            if model.overlay.is_none() && model.level == Level::Nav {
                return ask(model, 0);
            }
            // whoever writes is not interrupted
            let key = model.keymap.shown(Action::Commit);
            let way = if model.level == Level::Edit { "Esc and then " } else { "" };
            let said = model.status.take().map_or_else(String::new, |status| format!("{}; ", status.text));
            model.say(Weight::Note, format!("{said}not committed yet: {way}{key} asks"));
        }
    }
}

/// Asks about what has not been asked about, when nothing else is open and nobody writes: a box that was in the way is
/// closed.
pub fn ask_if_quiet(model: &mut Model) {
    if !model.committing.asking.is_empty() && model.overlay.is_none() && model.level == Level::Nav {
        ask(model, 0);
    }
}

/// The draft was written, by itself or because it was asked for. Nobody is asked about it; it goes with the next step that
/// is about it.
pub fn draft_is_saved(model: &mut Model, prompt: &str, file: PathBuf, effects: &mut Vec<Effect>) {
    if model.git.is_none() || model.settings.commit == Commit::Never {
        return;
    }
    let known = model.committing.drafts.iter().any(|written| written.files.contains(&file));
    model.committing.gather(Written::draft(prompt, file));
    if !known {
        effects.push(Effect::AskGit);
    }
}

/// The user asked for the draft to be saved, and it is: it is committed where the library always does that, else the key is
/// named that does.
pub fn draft_was_to_be_saved(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.git.is_none() || (model.settings.commit != Commit::Never && model.committing.drafts.is_empty()) {
        return;
    }
    match model.settings.commit {
        Commit::Never => effects.push(Effect::AskGit),
        Commit::Always => before_leaving(model, effects),
        Commit::Ask => {
            let key = model.keymap.shown(Action::Commit);
            let said = model.status.take().map_or_else(String::new, |status| format!("{}; ", status.text));
            model.say(Weight::Done, format!("{said}{key} commits it"));
        }
    }
}

/// A library that always commits gets the drafts that were saved by themselves.
pub fn before_leaving(model: &mut Model, effects: &mut Vec<Effect>) {
    let drafts = std::mem::take(&mut model.committing.drafts);
    if model.settings.commit == Commit::Always && !drafts.is_empty() {
        effects.push(Effect::Commit(drafts));
    }
}

/// The user wants to commit. What of the open prompt is not committed is looked up first: a draft of yesterday is as much
/// theirs as what was written since the start.
pub fn wanted(model: &mut Model, effects: &mut Vec<Effect>) {
    match &model.draft {
        _ if model.settings.commit == Commit::Never && model.git.is_some() => {
            let uncommitted = model.git.as_ref().map_or(0, |standing| standing.uncommitted);
            let words = format!(
                "this library is not committed from here ([git] commit = \"never\"); {} not committed",
                files(uncommitted)
            );
            model.say(Weight::Note, words);
        }
        Some(draft) if model.git.is_some() => effects.push(Effect::Uncommitted(draft.entry.name.clone())),
        _ => ask_about_all(model, None),
    }
}

/// Asks about everything that is not committed yet, also about what was left before and what was `found` of a prompt.
pub fn ask_about_all(model: &mut Model, found: Option<(&str, &Path, Vec<PathBuf>)>) {
    model.committing.everything();
    if let Some((prompt, folder, files)) = found {
        model.committing.found(prompt, folder, files);
    }
    if !model.committing.asking.is_empty() {
        // what was opened meanwhile is not covered; the question comes when it is closed
        if model.overlay.is_none() {
            ask(model, 0);
        }
        return;
    }
    let uncommitted = match &model.git {
        None => return model.say(Weight::Note, "git does not keep this library, so there is nothing to commit"),
        Some(standing) => standing.uncommitted,
    };
    model.say(
        Weight::Note,
        match uncommitted {
            0 => "everything is committed".to_owned(),
            more => format!("nothing of this prompt waits; {} elsewhere in this library not committed", files(more)),
        },
    );
}

/// The question, with the answer `chosen`.
fn ask(model: &mut Model, chosen: usize) {
    let asking = &model.committing.asking;
    let mut consequence: Vec<String> = asking.iter().take(NAMED).map(Written::subject).collect();
    if let Some(more @ 1..) = asking.len().checked_sub(NAMED) {
        consequence.push(format!("and {more} more"));
    }
    let count: usize = asking.iter().map(|written| written.files.len()).sum();
    let branch = model.git.as_ref().map_or("", |standing| standing.branch.as_str());
    let key = model.keymap.shown(Action::Commit);
    consequence.push(format!("{} on {branch}; nothing else goes in, whatever is staged.", files(count)));
    consequence.push(format!("Not now: {key} asks again."));
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: "Commit what was written?".into(),
        consequence,
        answers: vec![("Not now", Answer::LeaveUncommitted), ("Commit", Answer::Commit)],
        selected: chosen,
    }));
}

/// The answer was yes.
pub fn agreed(model: &mut Model, effects: &mut Vec<Effect>) {
    effects.push(Effect::Commit(std::mem::take(&mut model.committing.asking)));
}

/// The answer was not now.
pub fn left(model: &mut Model) {
    let asked = std::mem::take(&mut model.committing.asking);
    model.committing.left.extend(asked);
}

/// What git made of it: the commits in short. What was written stays, also where git refuses.
pub fn committed(model: &mut Model, result: Result<Vec<String>, Error>, effects: &mut Vec<Effect>) {
    match result {
        Ok(commits) if commits.is_empty() => model.say(Weight::Note, "it was committed already"),
        Ok(commits) => model.say(Weight::Done, format!("committed as {}", commits.join(", "))),
        Err(error) => model.say(Weight::Failed, format!("not committed: {error}")),
    }
    effects.push(Effect::AskGit);
}
