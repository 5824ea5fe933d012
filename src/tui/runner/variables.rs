//! What the variables pane asks of the disk: declaring, renaming, reading values from elsewhere.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::gathered;
use crate::error::{Error, Result};
use crate::library::{Library, Rename, Seen};
use crate::prompt::Declarations;
use crate::source;
use crate::tui::draft::DraftText;
use crate::tui::msg::{Msg, Refreshed};
use crate::tui::variables::{Asked, Planned, Source, Taken};
use crate::vars::Property;
use crate::vars::import::{Format, Pick, read};
use crate::vars::rename;

/// Does what was asked.
pub fn perform(library: &Library, asked: Asked) -> Msg {
    match asked {
        Asked::Declare { prompt, variable, properties, seen } => {
            let result = library.declare(&prompt, &variable, &properties, &seen);
            let files = result.as_ref().ok().and_then(|_| library.about_file(&prompt).ok());
            declared(files, &prompt.clone(), Msg::Declared { prompt, variable, result })
        }
        Asked::TakeSecretsOut(prompt) => {
            let result = library.take_secrets_out(&prompt);
            let sets = result.iter().flatten().filter_map(|set| library.set_file(&prompt, &set.name).ok());
            let (files, what) = (sets.collect(), format!("{prompt}: values"));
            gathered(files, what, Msg::SecretsOut { prompt, result })
        }
        Asked::ReadValues { prompt, source, picks } => {
            let result = values(library, &prompt, &source, picks).map(Arc::new);
            Msg::ValuesRead { source, result }
        }
        Asked::RememberFields { prompt, picks } => {
            let result = remember(library, &prompt, &picks);
            let files = result.as_ref().ok().and_then(|_| library.about_file(&prompt).ok());
            declared(files, &prompt.clone(), Msg::FieldsRemembered { prompt, result })
        }
        Asked::PlanRename { prompt, old, new, text } => {
            let result = plan(library, &prompt, (&old, &new), &text).map(Arc::new);
            Msg::RenamePlanned { old, new, result }
        }
        Asked::Rename { prompt, plan } => {
            let (old, new) = (plan.files.old.clone(), plan.files.new.clone());
            let result = library.rename(&plan.files).and_then(|()| refreshed(library, &prompt));
            renamed(&plan.files, result, |result| Msg::Renamed { prompt, old, new, result })
        }
        Asked::FollowRename { prompt, old, new, text } => match follow(library, &prompt, (&old, &new), &text) {
            Ok((plan, files)) => renamed(&plan, Ok(files), |result| Msg::RenameFollowed { prompt, old, new, result }),
            Err(error) => Msg::RenameFollowed { prompt, old, new, result: Err(error) },
        },
    }
}

fn declared(file: Option<PathBuf>, prompt: &str, msg: Msg) -> Msg {
    gathered(file.into_iter().collect(), format!("{prompt}: what is declared of variables"), msg)
}

fn renamed(plan: &Rename, result: Result<Refreshed>, msg: impl FnOnce(Result<Refreshed>) -> Msg) -> Msg {
    let files = if result.is_ok() { plan.files.iter().map(|file| file.file.clone()).collect() } else { Vec::new() };
    gathered(files, format!("{}: {} is called {} now", plan.prompt, plan.old, plan.new), msg(result))
}

/// The text in the panes has the new name already: the files are asked about the old one without it.
fn follow(library: &Library, prompt: &str, (old, new): (&str, &str), text: &DraftText) -> Result<(Rename, Refreshed)> {
    let text = text.to_text();
    let as_before = rename::apply(&text, &rename::in_text(&text, new, old));
    let plan = library.plan_rename(prompt, old, new, Some(&as_before))?;
    library.rename(&plan)?;
    let files = refreshed(library, prompt)?;
    Ok((plan, files))
}

fn plan(library: &Library, prompt: &str, (old, new): (&str, &str), text: &DraftText) -> Result<Planned> {
    let files = library.plan_rename(prompt, old, new, Some(&text.to_text()))?;
    Ok(Planned { draft: text.places_of(old), files })
}

/// What the workbench holds of the files, read again.
fn refreshed(library: &Library, prompt: &str) -> Result<Refreshed> {
    let declarations = library.declarations(prompt)?;
    let sets = library.value_sets(prompt)?;
    let sets = sets.iter().map(|set| library.value_set(prompt, set)).collect::<Result<_>>()?;
    Ok(Refreshed { declarations, sets, config: library.draft_config(prompt)? })
}

/// Where the variables stand in a log; those that are not picked any more are forgotten.
fn remember(library: &Library, prompt: &str, picks: &[Pick]) -> Result<Declarations> {
    let before = library.import_fields(prompt)?;
    let gone = before.iter().filter(|(variable, _)| picks.iter().all(|pick| pick.variable != *variable));
    let gone = gone.map(|(variable, _)| (variable, None));
    let same = |pick: &&Pick| before.iter().any(|(variable, path)| *variable == pick.variable && *path == pick.path);
    let new = picks.iter().filter(|pick| !same(pick)).map(|pick| (&pick.variable, Some(pick.path.clone())));
    for (variable, path) in gone.chain(new) {
        library.declare(prompt, variable, &[Property::ImportFrom(path)], &Seen::Anything)?;
    }
    library.declarations(prompt)
}

fn values(library: &Library, prompt: &str, source: &Source, picked: Option<Vec<Pick>>) -> Result<Taken> {
    let pasted = Path::new("pasted text");
    let (file, text) = match source {
        Source::Text(text) => (pasted.to_owned(), text.clone()),
        Source::File(path) => {
            let path = at_home(path);
            let text = source::read_text(&path)?;
            (path, text)
        }
    };
    let format = Format::recognise(matches!(source, Source::File(_)).then_some(&*file), &text);
    let picked_here = picked.is_some();
    let remembered = || -> Result<Vec<Pick>> {
        let fields = library.import_fields(prompt)?.into_iter();
        Ok(fields.map(|(variable, path)| Pick { variable, path }).collect())
    };
    let picks = picked.map_or_else(remembered, Ok)?;
    let records = read(&file, &text, format, &picks)
        .map_err(|error| Error { message: format!("{} (read as {})", error.message, format.title()), ..error })?;
    let remarks = records.remarks.iter().map(ToString::to_string).collect();
    Ok(Taken { format, records: records.all, remarks, picks, picked_here })
}

/// The path with `~` as the shell has it.
fn at_home(path: &Path) -> PathBuf {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path.to_owned(),
    }
}
