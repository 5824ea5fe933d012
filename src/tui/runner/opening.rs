//! What is read when a prompt is opened: the draft, what stands beside it, its value sets, and what the journal knows.

use std::sync::Arc;

use super::kept::Keeper;
use super::local;
use super::saving::now_ms;
use crate::error::{Error, Result};
use crate::library::{Library, PromptEntry, Snapshot, Which};
use crate::tui::changes::Changes;
use crate::tui::msg::{Beside, Left, Opened, Unsaved};

/// Everything the workbench shows of a prompt.
pub fn open(library: &Library, keeper: &Keeper, name: &str) -> Result<Opened> {
    open_entry(library, keeper, library.entry(name)?)
}

/// The same for one that was just looked at.
pub fn open_entry(library: &Library, keeper: &Keeper, entry: PromptEntry) -> Result<Opened> {
    let name = entry.name.clone();
    let name = name.as_str();
    let mut problems = Vec::new();
    let which = match (entry.draft, entry.versions.last()) {
        (false, Some(last)) => Which::Version(last.version.clone()),
        (true, _) | (false, None) => Which::Draft,
    };
    let snapshot = library.read(name, &which)?;
    let stamp = if which == Which::Draft { library.draft_stamp(name)? } else { None };
    let mut sets = Vec::new();
    let mut written = std::collections::BTreeMap::new();
    for set in &entry.value_sets {
        if let Some(at) = library.value_set_written(name, set).and_then(|at| jiff::Timestamp::try_from(at).ok()) {
            written.insert(set.clone(), local::at(at).date());
        }
        match library.value_set(name, set) {
            Ok(set) => sets.push(set),
            Err(error) => problems.push(error),
        }
    }
    let left = left(keeper, name, &snapshot.text).unwrap_or_else(|error| {
        problems.push(Error::input(format!("there is no journal: {error}; what is typed is safe once it is saved")));
        Left::default()
    });
    for copy in keeper.journals().copied_aside() {
        let said = Error::input("the journal was damaged, or of a newer greenroom: what could be read of it counts");
        problems.push(said.at(&copy).hint("this is a copy of it; delete it when nothing is missing"));
    }
    let kept = keeper.load(name).unwrap_or_else(|error| {
        problems.push(error);
        None
    });
    Ok(Opened {
        entry,
        snapshot,
        stamp,
        sets,
        written,
        kept,
        agreed: keeper.agreed(name).into_iter().collect(),
        left,
        problems,
    })
}

/// What the journal says about the text that is shown.
fn left(keeper: &Keeper, name: &str, shown: &str) -> std::io::Result<Left> {
    let found = keeper.journals().open(name, shown, now_ms())?;
    let unsaved = found.unsaved.map(|unsaved| Unsaved {
        when: in_words(unsaved.at_ms),
        changes: Arc::new(Changes::between(shown, &unsaved.text)),
        text: unsaved.text,
        base: unsaved.base,
    });
    Ok(Left { steps: found.steps, unsaved, dropped: found.dropped })
}

/// What stands beside the draft's text; `None` when it is the text that cannot be read, which is told elsewhere.
pub fn beside(library: &Library, prompt: &str) -> Option<Result<Box<Beside>>> {
    match library.read(prompt, &Which::Draft) {
        Ok(Snapshot { variables, assumptions, lint, config, .. }) => {
            Some(Ok(Box::new(Beside { declarations: variables, assumptions, lint, config })))
        }
        Err(error) => {
            let file = error.place.as_ref().and_then(|place| place.file.file_name());
            file.is_some_and(|file| file == "prompt.toml" || file == "config.json").then_some(Err(error))
        }
    }
}

/// A moment as a person says it: the time of today, else the day too.
pub fn in_words(at_ms: u64) -> String {
    let at = i64::try_from(at_ms).ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    let Some(at) = at.map(local::at) else { return "some time ago".to_owned() };
    if at.date() == local::today() {
        at.strftime("today at %H:%M").to_string()
    } else {
        at.strftime("%Y-%m-%d at %H:%M").to_string()
    }
}
