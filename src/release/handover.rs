//! What goes into git together with a step that is about the draft.

use std::path::PathBuf;

use crate::git::Repository;
use crate::library::Library;

/// The files of a draft that a decision about it covers, as far as git does not have them as they are: whoever takes the
/// commit of the decision has the bytes that it is about. Nothing outside of git.
pub fn handed_over(library: &Library, prompt: &str) -> Vec<PathBuf> {
    let mut covered = library.files_of_draft(prompt).unwrap_or_default();
    // what makes git keep the lines of both sides has to be there before somebody else adds one
    covered.push(library.root().join(".gitattributes"));
    Repository::of(library.root()).map(|repository| repository.uncommitted(&covered)).unwrap_or_default()
}
