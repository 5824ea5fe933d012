//! What runs where and which versions there are, of the open prompt, when somebody else has changed it: a colleague's
//! rollback that came with a pull, or another greenroom. It is shown as it is and told once; nothing is asked.

use std::collections::BTreeMap;

use semver::Version;

use crate::error::Error;
use crate::library::{PromptEntry, ReleaseKind, Shelf};
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Weight};
use crate::tui::msg::OnShelf;

/// It was looked at.
pub fn looked(model: &mut Model, shelf: Shelf, result: Result<OnShelf, Error>, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return };
    draft.shelf = Some(shelf);
    let found = match result {
        Ok(found) => found,
        Err(error) => {
            let said = format!("{error}; what was known of what runs where still stands here");
            return model.say(Weight::Warning, said);
        }
    };
    let entry = &mut draft.entry;
    let before: BTreeMap<String, Version> = entry.environments.iter().cloned().collect();
    let new_doubts = found.entry.doubtful.iter().any(|place| !entry.doubtful.contains(place));
    if !take(entry, &found.entry) {
        return;
    }
    if let Some(listed) = model.prompts.iter_mut().find(|listed| listed.name == found.entry.name) {
        take(listed, &found.entry);
    }
    effects.push(Effect::AskGit);
    // what is under way here is told when it is done
    let news = if model.releasing.is_some() { Vec::new() } else { news(&found, &before) };
    if new_doubts && let Some(doubt) = found.doubts.first() {
        model.say(Weight::Warning, doubt.clone());
    } else if !news.is_empty() {
        model.say(Weight::Note, news.join("; "));
    }
}

/// Takes what a folder shows now; `false` when that is what was known.
fn take(entry: &mut PromptEntry, now: &PromptEntry) -> bool {
    let same =
        entry.environments == now.environments && entry.versions == now.versions && entry.doubtful == now.doubtful;
    if !same {
        entry.environments.clone_from(&now.environments);
        entry.versions.clone_from(&now.versions);
        entry.doubtful.clone_from(&now.doubtful);
    }
    !same
}

/// One sentence for each place that runs something else than before.
fn news(found: &OnShelf, before: &BTreeMap<String, Version>) -> Vec<String> {
    let changed = found.running.iter().filter(|release| before.get(&release.environment) != Some(&release.version));
    let sentence = |release: &crate::library::Release| {
        let done = match release.kind {
            ReleaseKind::Deploy => "deployed",
            ReleaseKind::Rollback => "rolled back",
        };
        let why = if release.why.is_empty() { String::new() } else { format!(": {}", release.why) };
        format!("{} runs {} now, {done} by {}{why}", release.environment, release.version, release.by)
    };
    changed.map(sentence).collect()
}
