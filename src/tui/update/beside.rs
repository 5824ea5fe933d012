//! `prompt.toml` and `config.json` of the open prompt, changed by somebody else: they hold nothing that is typed and not
//! saved, so that they are taken as they are. A box that is open keeps what was written in it.

use crate::error::Error;
use crate::library::LintTable;
use crate::tui::draft::Draft;
use crate::tui::model::{Model, Weight};
use crate::tui::msg::Beside;

/// They were looked at.
pub fn looked(model: &mut Model, found: Result<Beside, Error>) {
    let Some(draft) = &mut model.draft else { return };
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            // said once: whoever writes the file is not done yet, perhaps
            let said = format!("{error}; what it said before still counts");
            if draft.beside.as_ref() != Some(&said) {
                draft.beside = Some(said.clone());
                model.say(Weight::Warning, said);
            }
            return;
        }
    };
    let changed = changed(draft, &model.linting.table, &found);
    take(model, found);
    if changed.is_empty() {
        return;
    }
    let (files, what) = (changed.join(" and "), if changed.len() == 1 { "was" } else { "were" });
    model.say(Weight::Note, format!("{files} {what} changed by somebody else and counts as it is now"));
}

/// The files that say something else than what counts.
fn changed(draft: &Draft, table: &LintTable, found: &Beside) -> Vec<&'static str> {
    let mut changed = Vec::new();
    if draft.values.declarations != found.declarations || draft.assumptions != found.assumptions || *table != found.lint
    {
        changed.push("prompt.toml");
    }
    if draft.config != found.config {
        changed.push("config.json");
    }
    changed
}

/// What they say counts from now on.
pub fn take(model: &mut Model, found: Beside) {
    let Some(draft) = &mut model.draft else { return };
    draft.beside = None;
    if draft.values.declarations != found.declarations {
        draft.values.declare(found.declarations);
    }
    draft.assumptions = found.assumptions;
    draft.config = found.config;
    if model.linting.table != found.lint {
        model.linting.table = found.lint;
        model.linting.changes += 1;
    }
}
