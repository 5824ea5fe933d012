//! `greenroom vars`: the variables of a prompt listed, checked, declared, renamed and given values.
//!
//! Personal values are never shown here, secret ones neither shown nor written: `fill` gives real values.

pub mod args;
mod check;
mod declare;
mod import;
mod list;
mod rename;
mod set;

use std::path::PathBuf;

use crate::cli::args::{Common, Vars};
use crate::cli::commits;
use crate::cli::counter::{Counted, Counter};
use crate::cli::output::Output;
use crate::cli::play::chosen_model;
use crate::config::Settings;
use crate::error::Result;
use crate::library::{Library, Snapshot};
use crate::prompt::{Privacy, Values, template};
use args::VarsAction;

/// Runs the command.
pub fn run(args: &Vars, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(common.library.as_deref())?;
    match &args.action {
        None => list::run(&library, &args.name, args.values.as_deref(), output),
        Some(VarsAction::Check(check)) => check::run(&library, &args.name, check, output),
        Some(VarsAction::Declare(declare)) => declare::run(&library, &args.name, declare, output),
        Some(VarsAction::Rename(rename)) => rename::run(&library, &args.name, rename, output),
        Some(VarsAction::Import(import)) => import::run(&library, &args.name, import, output),
        Some(VarsAction::Set(set)) => set::run(&library, &args.name, set, output),
    }
}

/// Commits what a command wrote, as the library says. Settings that cannot be read are told by every other command, and are
/// no reason to take back what is done.
fn offer(library: &Library, files: &[PathBuf], what: &str, output: &Output) {
    match Settings::for_command(Some(library)) {
        Ok(settings) => commits::offer(library, &settings, files, what, output),
        Err(error) => Output::warn(&format!("not committed: {error}")),
    }
}

/// Who counts the tokens of a prompt with these values: who counts them for `tokens` and in the workbench.
fn counter(library: &Library, snapshot: &Snapshot, set: Option<&Values>) -> Result<Counter> {
    let settings = Settings::for_command(Some(library))?;
    let model = chosen_model(None, snapshot, &settings)?;
    let given = Values::default();
    Ok(Counter::of(Counted { snapshot, given: &given, set, model: model.as_ref() }, &settings))
}

/// The names that a prompt asks for, in its text and in the user's message.
fn used(snapshot: &Snapshot) -> Vec<String> {
    let user = snapshot.config.user_template().unwrap_or("{{message}}");
    let mut names: Vec<String> = template::names(&snapshot.text).into_iter().map(str::to_owned).collect();
    for name in template::names(user) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// How many whole days ago the file of a set was written; none when it lies in the future.
fn days_old(library: &Library, prompt: &str, set: &str) -> Option<i64> {
    let age = library.value_set_written(prompt, set)?.elapsed().ok()?;
    i64::try_from(age.as_secs() / 86_400).ok()
}

/// What stands for a value that is not shown; nothing for one that is.
fn hidden(privacy: Privacy, value: &str) -> Option<String> {
    match privacy {
        Privacy::Public | Privacy::Internal => None,
        Privacy::Secret => Some("(secret, never shown)".to_owned()),
        Privacy::Personal => Some(match value.split_whitespace().count() {
            1 => "(personal, 1 word)".to_owned(),
            words => format!("(personal, {words} words)"),
        }),
    }
}

/// The first line of a value, cut, with a mark when there is more.
fn one_line(value: &str, most: usize) -> String {
    let line = value.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(most).collect();
    let more = cut.len() < line.len() || value.lines().nth(1).is_some();
    let text = if value.is_empty() {
        "(empty)".to_owned()
    } else if more {
        format!("{cut}…")
    } else {
        cut
    };
    crate::sanitize::one_line(&text).into_owned()
}
