//! The commit after a command wrote something: of exactly those files, as `[git] commit` of the library says.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use crate::cli::output::Output;
use crate::config::{Commit, Settings};
use crate::git::{Repository, subject};
use crate::library::Library;

/// Commits `files`, after a question where the library wants one. Outside of git there is nothing to say. A commit that
/// git refuses is a warning: what was done is done.
pub fn offer(library: &Library, settings: &Settings, files: &[PathBuf], what: &str, output: &Output) {
    if settings.commit == Commit::Never || files.is_empty() {
        return;
    }
    let Some(repository) = Repository::of(library.root()) else { return };
    if settings.commit == Commit::Ask && !asked(files.len(), what, output) {
        return;
    }
    let subject = subject(what);
    match repository.commit(files, &subject) {
        Ok(Some(commit)) => output.note(&format!("committed as {commit}: {subject}")),
        Ok(None) => {}
        Err(error) => Output::warn(&format!("not committed: {error}")),
    }
}

/// Asks the person at the terminal; where nobody is, the answer is no.
fn asked(count: usize, what: &str, output: &Output) -> bool {
    if output.json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return false;
    }
    let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    let _ = write!(io::stderr(), "commit {files} as \"{}\"? [y/N] ", crate::sanitize::one_line(what));
    let _ = io::stderr().flush();
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}
