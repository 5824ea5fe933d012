//! Git, as far as greenroom uses it: who the user is, which branch this is, and a commit of exactly the files that
//! greenroom wrote. It runs the `git` that is installed; without one, or outside of a repository, there is nothing to say.
//!
//! What somebody else has staged is never part of a commit made here.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Result};

/// A folder that git keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    folder: PathBuf,
}

/// Who has committed something. A `.mailmap` counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Committer {
    /// Their name.
    pub name: String,
    /// Their e-mail addresses, as they stand in the commit and as a `.mailmap` has them; an empty one is left out.
    pub addresses: BTreeSet<String>,
}

/// Where a repository stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The branch; where there is none, the commit in short.
    pub branch: String,
    /// Files under the folder that differ from what is committed, or that git does not know yet.
    pub uncommitted: usize,
}

impl Repository {
    /// The repository that `folder` is in; `None` outside of one, and where git is not installed.
    pub fn of(folder: &Path) -> Option<Self> {
        // looking is cheaper than asking, and most of the time it is enough
        folder.ancestors().find(|parent| parent.join(".git").exists())?;
        let repository = Self { folder: folder.to_owned() };
        repository
            .asked(&["rev-parse", "--is-inside-work-tree"])
            .is_some_and(|said| said == "true")
            .then_some(repository)
    }

    /// The branch and how much is not committed under this folder; `None` when git cannot say.
    pub fn standing(&self) -> Option<Standing> {
        let said = self.asked(&["status", "--porcelain=v1", "--branch", "--untracked-files=all", "--", "."])?;
        let mut lines = said.lines();
        let head = lines.next()?.strip_prefix("## ")?;
        let branch = match head.strip_prefix("No commits yet on ") {
            Some(branch) => branch.to_owned(),
            None if head.starts_with("HEAD (") => self.asked(&["rev-parse", "--short", "HEAD"])?,
            None => head.split("...").next().unwrap_or(head).split(' ').next().unwrap_or(head).to_owned(),
        };
        Some(Standing { branch, uncommitted: lines.filter(|line| !line.is_empty()).count() })
    }

    /// Which of these files, and of the files in these folders, differ from what is committed, or are not known to git yet;
    /// as whole paths, in git's order. Nothing where git cannot say.
    pub fn uncommitted(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let paths: Vec<&str> = paths.iter().filter_map(|path| path.to_str()).collect();
        let words = ["status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--"];
        let Some(prefix) = self.asked(&["rev-parse", "--show-prefix"]).filter(|_| !paths.is_empty()) else {
            return Vec::new();
        };
        let said = self.asked(&[&words, &paths[..]].concat()).unwrap_or_default();
        // two letters and a blank stand before each path, which begins at the top of the repository
        let files = said.split('\0').filter_map(|entry| entry.get(3..)?.strip_prefix(&prefix));
        // a path that is no text cannot be given to git again
        files.filter(|path| !path.contains('\u{fffd}')).map(|path| self.folder.join(path)).collect()
    }

    /// Commits these files as they are now, and nothing else, whatever is staged. Gives the commit's short name; `None`
    /// when nothing of them differs from what is committed.
    ///
    /// # Errors
    /// When git refuses, in its own words.
    pub fn commit(&self, files: &[PathBuf], message: &str) -> Result<Option<String>> {
        // what was taken away is part of it where git knows it
        let known = |file: &str| self.asked(&["ls-files", "--", file]).is_some_and(|said| !said.is_empty());
        let (there, gone): (Vec<&str>, Vec<&str>) =
            files.iter().filter_map(|file| file.to_str()).partition(|file| Path::new(file).exists());
        let files: Vec<&str> = there.iter().copied().chain(gone.into_iter().filter(|file| known(file))).collect();
        if files.is_empty() {
            return Ok(None);
        }
        let with = |words: &[&'static str]| {
            run(&self.folder, words.iter().copied().chain(["--"]).chain(files.iter().copied()))
        };
        if with(&["status", "--porcelain=v1", "--untracked-files=all"])?.is_empty() {
            return Ok(None);
        }
        // a file that git does not know cannot be committed by its name; this makes it known and stages nothing of it
        if !there.is_empty() {
            run(&self.folder, ["add", "--intent-to-add", "--"].into_iter().chain(there))?;
        }
        let words = ["commit", "--quiet", "--only", "--message", message, "--"];
        run(&self.folder, words.into_iter().chain(files.iter().copied()))?;
        self.run(&["rev-parse", "--short", "HEAD"]).map(Some)
    }

    /// The last commit that touched these files, if one did.
    pub fn last_commit(&self, files: &[&str]) -> Option<String> {
        let words = [&["log", "-1", "--format=%H", "--"], files].concat();
        self.asked(&words).filter(|commit| !commit.is_empty())
    }

    /// Who has committed these files after `since` and up to `until`, or up to now. Who merges what others wrote is no
    /// author of it, unless the merge holds something that git would not have made by itself.
    pub fn authors(&self, since: Option<&str>, until: Option<&str>, files: &[&str]) -> BTreeSet<Committer> {
        let range = range(since, until);
        let asked = |merges: &str| {
            let words = ["log", merges, "--name-only", "--no-show-signature", COMMITTER, &range, "--"];
            self.asked(&[&words, files].concat())
        };
        // a git that cannot merge once more to compare counts every merge as written
        let said = asked("--diff-merges=remerge").or_else(|| asked("--diff-merges=separate")).unwrap_or_default();
        let commits = said.split('\u{1}').filter_map(|commit| commit.split_once('\n'));
        commits.filter(|(_, files)| !files.trim().is_empty()).filter_map(|(who, _)| Committer::read(who)).collect()
    }

    /// Who has committed one of these files last, in `commit` or before it.
    pub fn last_author(&self, commit: &str, files: &[&str]) -> Option<Committer> {
        let words = ["log", "-1", "--no-show-signature", COMMITTER, commit, "--"];
        Committer::read(&self.asked(&[&words, files].concat())?)
    }

    /// The name that git has in `commit` for the bytes of a file below this folder; `None` where it is not there.
    pub fn bytes_in(&self, commit: &str, file: &Path) -> Option<String> {
        let file = file.strip_prefix(&self.folder).ok()?.to_str()?;
        self.asked(&["rev-parse", "--verify", "--quiet", &format!("{commit}:./{file}")])
    }

    /// Everybody who has committed something in `folder` after `since`.
    pub fn committers(&self, since: Option<&str>, folder: &str) -> BTreeSet<Committer> {
        let words = ["log", "--no-show-signature", COMMITTER, &range(since, None), "--", folder];
        let said = self.asked(&words).unwrap_or_default();
        said.split('\u{1}').filter_map(Committer::read).collect()
    }

    /// The e-mail address that a commit of the user would have, by the `.mailmap` where there is one; `None` when git
    /// would refuse to commit.
    pub fn address(&self) -> Option<String> {
        // it ends with the moment and the time zone
        let said = self.asked(&["var", "GIT_AUTHOR_IDENT"])?;
        let ident = &said[..=said.rfind('>')?];
        let mapped = self.asked(&["check-mailmap", ident]).unwrap_or_else(|| ident.to_owned());
        let (_, address) = mapped.strip_suffix('>')?.rsplit_once('<')?;
        (!address.trim().is_empty()).then(|| address.to_owned())
    }

    /// Whether one of these files is not as it is committed.
    pub fn differs(&self, files: &[&str]) -> bool {
        let words = [&["status", "--porcelain=v1", "--untracked-files=all", "--"], files].concat();
        self.asked(&words).is_some_and(|said| !said.is_empty())
    }

    /// What git says to a question; `None` when it cannot answer.
    fn asked(&self, words: &[&str]) -> Option<String> {
        self.run(words).ok()
    }

    fn run(&self, words: &[&str]) -> Result<String> {
        run(&self.folder, words.iter().copied())
    }
}

impl Committer {
    /// Reads what [`COMMITTER`] writes.
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.trim_matches(['\u{1}', '\n']).split('\u{2}');
        let name = fields.next()?.to_owned();
        let addresses = fields.map(str::trim).filter(|address| !address.is_empty()).map(str::to_owned).collect();
        (!name.is_empty()).then_some(Self { name, addresses })
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.uncommitted {
            0 => write!(f, "{}", self.branch),
            several => write!(f, "{}, {several} not committed", self.branch),
        }
    }
}

/// How git is asked who has committed: name and address by the `.mailmap`, and the address as it stands in the commit.
const COMMITTER: &str = "--format=%x01%aN%x02%aE%x02%ae";

/// The commits after `since`, or all, up to `until`, or up to now.
fn range(since: Option<&str>, until: Option<&str>) -> String {
    let until = until.unwrap_or("HEAD");
    since.map_or_else(|| until.to_owned(), |since| format!("{since}..{until}"))
}

/// The one line of a commit about something that was done: git shows it in lists.
pub fn subject(what: &str) -> String {
    what.lines().next().unwrap_or_default().chars().take(200).collect()
}

/// The name that git has of the user, in `folder` or everywhere.
pub fn user_name(folder: &Path) -> Option<String> {
    run(folder, ["config", "--get", "user.name"]).ok().filter(|name| !name.trim().is_empty())
}

fn run<'w>(folder: &Path, words: impl IntoIterator<Item = &'w str>) -> Result<String> {
    let words: Vec<&str> = words.into_iter().collect();
    let failed = |said: &str| {
        let what = words.first().unwrap_or(&"");
        Error::input(format!("git {what} failed: {}", said.trim().replace('\n', ", "))).at(folder)
    };
    let run = Command::new("git")
        // a library is other people's data: a monitor that its settings name is not started for a look at it
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-optional-locks"])
        .args(&words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        // a file is named by its name: `notes[1].md` is no pattern
        .env("GIT_LITERAL_PATHSPECS", "1")
        .output()
        .map_err(|error| failed(&error.to_string()))?;
    if !run.status.success() {
        return Err(failed(&String::from_utf8_lossy(&run.stderr)));
    }
    Ok(String::from_utf8_lossy(&run.stdout).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn repository() -> (tempfile::TempDir, Repository) {
        let folder = tempfile::tempdir().unwrap();
        for words in [
            &["init", "-q", "-b", "main"][..],
            &["config", "user.name", "Ana Lima"],
            &["config", "user.email", "ana@example.org"],
        ] {
            run(folder.path(), words.iter().copied()).unwrap();
        }
        let repository = Repository::of(folder.path()).unwrap();
        (folder, repository)
    }

    #[test]
    fn a_commit_holds_what_was_named_and_leaves_what_others_staged() {
        let (folder, repository) = repository();
        let path = |name: &str| folder.path().join(name);
        for name in ["ours", "theirs", "loose"] {
            fs::write(path(name), "1").unwrap();
        }
        run(folder.path(), ["add", "theirs"]).unwrap();
        let commit = repository.commit(&[path("ours")], "a release").unwrap().unwrap();
        assert_eq!(
            run(folder.path(), ["show", "--format=%an: %s", "--name-only", &commit]).unwrap(),
            "Ana Lima: a release\n\nours"
        );
        assert_eq!(run(folder.path(), ["status", "--porcelain"]).unwrap(), "A  theirs\n?? loose");
        assert_eq!(repository.commit(&[path("ours")], "again").unwrap(), None);
        fs::write(path("ours"), "2").unwrap();
        assert!(repository.commit(&[path("ours")], "more").unwrap().is_some());
        fs::remove_file(path("ours")).unwrap();
        assert!(repository.commit(&[path("ours"), path("never")], "gone").unwrap().is_some());
    }

    #[test]
    fn the_branch_and_what_is_not_committed_are_told() {
        let (folder, repository) = repository();
        fs::write(folder.path().join("a b"), "1").unwrap();
        assert_eq!(repository.standing(), Some(Standing { branch: "main".into(), uncommitted: 1 }));
        repository.commit(&[folder.path().join("a b")], "first").unwrap();
        assert_eq!(repository.standing(), Some(Standing { branch: "main".into(), uncommitted: 0 }));
        run(folder.path(), ["checkout", "-q", "--detach"]).unwrap();
        assert_eq!(repository.standing().unwrap().branch.len(), 7);
        assert_eq!(user_name(folder.path()).as_deref(), Some("Ana Lima"));
    }

    #[test]
    fn outside_of_a_repository_there_is_nothing_to_say() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Repository::of(folder.path()), None);
        fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(Repository::of(folder.path()), None, "an empty .git is no repository");
    }
}
