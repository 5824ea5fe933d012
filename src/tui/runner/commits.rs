//! What is asked of git: where the library stands, and commits of what greenroom has written.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::git::{Repository, Standing};
use crate::library::Library;
use crate::tui::committing::Written;

/// The branch and how much is not committed; `None` outside of git.
pub fn standing(library: &Library) -> Option<Standing> {
    Repository::of(library.root())?.standing()
}

/// The folder of a prompt, and what of it is not committed, with what makes git keep its lines.
pub fn uncommitted(library: &Library, prompt: &str) -> (PathBuf, Vec<PathBuf>) {
    let folder = library.root().join("prompts").join(prompt);
    let asked = [folder.clone(), library.root().join(".gitattributes")];
    let files = Repository::of(library.root()).map(|repository| repository.uncommitted(&asked)).unwrap_or_default();
    (folder, files)
}

/// One commit for each; those of which nothing differs any more are left out. What git refuses ends it.
pub fn commit(library: &Library, written: &[Written]) -> Result<Vec<String>> {
    let Some(repository) = Repository::of(library.root()) else {
        return Err(Error::input("git does not keep this library any more").at(library.root()));
    };
    let mut commits = Vec::new();
    for one in written {
        if let Some(commit) = repository.commit(&one.files, &one.subject())? {
            commits.push(format!("{commit}: {}", one.subject()));
        }
    }
    Ok(commits)
}
