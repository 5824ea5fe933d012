//! Who has written a draft or version: whose approval of it does not count.

use std::collections::BTreeSet;
use std::path::Path;

use crate::config::ReviewRules;
use crate::git::{Committer, Repository};
use crate::library::{Library, Snapshot, VersionEntry, Which};
use crate::review::{Person, Review, under_all_names};

/// The files of a draft that somebody writes.
const WRITTEN: [&str; 2] = ["system_prompt.txt", "config.json"];

/// The authors of this state: who has said to have written it, and whom git names for the commits to the draft since the
/// version before; where something is not committed yet, also the user of this repository. Each under all names that
/// `reviews`, `me` and the e-mail addresses of commits tell of them. Nobody where the library lets authors approve.
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
    let said = reviews.iter().flat_map(|review| review.authors()).collect();
    let committed = Committed::of(library, snapshot, me).unwrap_or_default();
    under_all_names(&said | &committed.authors, reviews, me, &committed.addresses)
}

/// The name under which `me` has committed what is looked at, where git now calls them otherwise: what they have in common
/// is an e-mail address.
pub fn committed_as(library: &Library, snapshot: &Snapshot, me: &Person) -> Option<String> {
    let Committed { authors, addresses } = Committed::of(library, snapshot, me)?;
    let is_mine =
        |address: &str| addresses.iter().any(|(name, other)| me.is_called(name) && other.eq_ignore_ascii_case(address));
    let mut others = addresses.iter().filter(|(name, _)| authors.contains(name) && !me.is_called(name));
    others.find(|(_, address)| is_mine(address)).map(|(name, _)| name.clone())
}

/// What git tells of who has written something.
#[derive(Debug, Default)]
struct Committed {
    /// By name.
    authors: BTreeSet<String>,
    /// Names and the e-mail addresses they go with: of the authors, of who else has committed to this prompt since, and of
    /// the user.
    addresses: BTreeSet<(String, String)>,
}

impl Committed {
    fn of(library: &Library, snapshot: &Snapshot, me: &Person) -> Option<Self> {
        let repository = Repository::of(library.root())?;
        let versions = library.glance(&snapshot.prompt).versions;
        // a version's text never changes, while what is said about the version goes on: its text tells when it was cut
        let commit_of =
            |entry: &VersionEntry| repository.last_commit(&[&entry.folder.join(WRITTEN[0]).to_string_lossy()]);
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
        let mut writers = repository.authors(since.as_deref(), until.as_deref(), &files);
        if let Some((before, since)) = before.zip(since.as_deref()) {
            // a draft that came into git together with the version before it, and is not what that was cut of
            let bytes = |folder: &Path, file: &str| repository.bytes_in(since, &folder.join(file));
            let differs =
                |file: &&str| bytes(&draft, file).is_some_and(|there| Some(there) != bytes(&before.folder, file));
            if WRITTEN.iter().any(differs) {
                writers.extend(repository.last_author(since, &files));
            }
        }
        let mut authors: BTreeSet<String> = writers.iter().map(|writer| writer.name.clone()).collect();
        if snapshot.which == Which::Draft && repository.differs(&files) {
            authors.extend(me.git.clone());
        }
        let others = repository.committers(since.as_deref(), &draft.with_file_name("").to_string_lossy());
        let mine = repository.address().map(|address| (me.name.clone(), address));
        let of = |one: Committer| one.addresses.into_iter().map(move |address| (one.name.clone(), address));
        let addresses = writers.into_iter().chain(others).flat_map(of).chain(mine).collect();
        Some(Self { authors, addresses })
    }
}
