//! How the draft is written: the journal says so before and after, and what cannot be written goes where it can.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use super::kept::Keeper;
use crate::config::process_environment;
use crate::error::{Error, Result};
use crate::library::{Expected, Library, Saved};
use crate::tui::model::Model;
use crate::tui::msg::Msg;

/// Writes the draft. The journal says with what before it is done, and that it was done.
pub fn save(
    library: &Library,
    keeper: &Keeper,
    prompt: &str,
    (text, moment): (&str, u64),
    expected: Expected,
) -> Result<Saved> {
    // where the journal fails it says so with its next note; the file is written all the same
    let _ = keeper.journals().saving(prompt, text, (moment, now_ms()));
    let saved = library.save_draft_text(prompt, text, expected)?;
    if matches!(saved, Saved::Done(_)) {
        let _ = keeper.journals().saved(prompt);
    }
    Ok(saved)
}

/// A text that was found and nobody has decided about goes into a file of its own.
pub fn aside(keeper: &Keeper, prompt: &str) -> Option<Msg> {
    let file = keeper.put_aside(prompt)?.map_err(|error| {
        Error::input(format!(
            "the unsaved text of {prompt} could not be put aside: {error}; it is still in the journal"
        ))
    });
    Some(Msg::PutAside { prompt: prompt.to_owned(), file })
}

/// When the workbench is left and the draft still differs from what was saved: it goes to the draft, else into a file
/// of its own; says which.
pub fn rescue(library: &Library, keeper: &Keeper, model: &Model) -> Option<Error> {
    let draft = model.draft.as_ref().filter(|draft| draft.changed())?;
    let name = &draft.entry.name;
    let Ok(text) = catch_unwind(AssertUnwindSafe(|| draft.text().to_text())) else {
        return Some(Error::input("what was typed since the last save could not be read any more"));
    };
    let why = match save(library, keeper, name, (&text, draft.moment), draft.expected()) {
        Ok(Saved::Done(_)) => return None,
        Ok(Saved::Changed(_)) => "somebody else has changed the file".to_owned(),
        Err(error) => error.to_string(),
    };
    Some(match keeper.rescue(name, &text) {
        Ok(file) => Error::input(format!("the draft of {name} could not be saved: {why}"))
            .hint(format!("what you typed is in {}", file.display())),
        Err(error) => {
            Error::input(format!("the draft of {name} could not be saved: {why}; nor anywhere else: {error}"))
        }
    })
}

/// The file that a user means: `~/` is the home folder.
pub fn place_of(typed: &str) -> PathBuf {
    let home = process_environment("HOME").map(PathBuf::from);
    let path = match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    };
    std::path::absolute(&path).unwrap_or(path)
}

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0)
}
