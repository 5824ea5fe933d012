//! Who has written a draft or version: whose approval of it does not count.

use std::collections::BTreeSet;

use crate::config::ReviewRules;
use crate::git::Repository;
use crate::library::{Library, Snapshot, VersionEntry, Which};
use crate::review::{Person, Review, under_all_names};

/// The files of a draft that somebody writes.
const WRITTEN: [&str; 2] = ["system_prompt.txt", "config.json"];

/// The authors of this state: who has said to have written it, and whom git names for the commits to the draft since the
/// version before; where something is not committed yet, also the user of this repository. Each under all names that
/// `reviews` and `me` tell of them. Nobody where the library lets authors approve.
pub fn authors(
    library: &Library,
    rules: &ReviewRules,
    snapshot: &Snapshot,
    reviews: &[&Review],
    me: &Person,
) -> BTreeSet<String> {
    if rules.authors_may_approve {
        return BTreeSet::new();
    }
    let mut authors: BTreeSet<String> = reviews.iter().flat_map(|review| review.authors()).collect();
    if let Some(repository) = Repository::of(library.root()) {
        authors.extend(committed(library, &repository, snapshot).unwrap_or_default());
    }
    under_all_names(authors, reviews, me)
}

fn committed(library: &Library, repository: &Repository, snapshot: &Snapshot) -> Option<BTreeSet<String>> {
    let versions = library.glance(&snapshot.prompt).versions;
    // a version's text never changes, while what is said about the version goes on: its text tells when it was cut
    let commit_of = |entry: &VersionEntry| repository.last_commit(&[&entry.folder.join(WRITTEN[0]).to_string_lossy()]);
    let (before, until) = match &snapshot.which {
        Which::Draft => (versions.last(), None),
        Which::Version(version) => {
            let at = versions.iter().position(|entry| entry.version == *version)?;
            (at.checked_sub(1).map(|before| &versions[before]), commit_of(&versions[at]))
        }
    };
    let since = before.and_then(commit_of);
    let draft = match snapshot.which {
        Which::Draft => snapshot.folder.clone(),
        Which::Version(_) => snapshot.folder.with_file_name("draft"),
    };
    let files = WRITTEN.map(|file| draft.join(file).to_string_lossy().into_owned());
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let mut authors = repository.authors(since.as_deref(), until.as_deref(), &files);
    if snapshot.which == Which::Draft && repository.differs(&files) {
        authors.extend(crate::git::user_name(library.root()));
    }
    Some(authors)
}
