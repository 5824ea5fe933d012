//! Freezing the draft as a version. The folder of the version appears whole or not at all, and the draft stays.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use semver::{Prerelease, Version};

use crate::diff::{Bump, compare};
use crate::error::{Error, Result};
use crate::library::names::folder_name;
use crate::library::read::highest;
use crate::library::review::REVIEW;
use crate::library::{Cut, Library, PromptConfig, Rollback, Snapshot, Step, VersionEntry, Which, changelog, seal};
use crate::prompt::Document;

/// Everything a cut will write, before anything is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Frozen {
    /// The version and where it will be.
    pub entry: VersionEntry,
    /// The step that would fit, and what going back means.
    pub proposal: Proposal,
    /// The text of its changelog.
    pub changelog: String,
    /// Every file that was written or taken away; empty before the cut is made.
    pub written: Vec<PathBuf>,
    text: String,
    config: String,
}

/// What a freeze of the draft, as it is now, should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The highest version there is.
    pub last: Option<Version>,
    /// How far the draft is from the version that one would return to; none for the first version.
    pub bump: Option<Bump>,
    /// What going back to that version means; none for the first version.
    pub rollback: Option<Rollback>,
}

impl Proposal {
    /// The step that fits what changed. The first version is 1.0.0: what is frozen is meant for production.
    pub fn step(&self) -> Step {
        match self.bump {
            None | Some(Bump::Major) => Step::Major,
            Some(Bump::Minor) => Step::Minor,
            Some(Bump::Patch | Bump::None) => Step::Patch,
        }
    }
}

/// The version that `step` leads to from the highest one, `last`. A pre-release leads to its own release: 1.3.0-rc.1
/// becomes 1.3.0 by any step that 1.3.0 itself would have been.
pub fn next_version(last: Option<&Version>, step: &Step) -> Result<Version> {
    let next = |number: u64| {
        number.checked_add(1).ok_or_else(|| Error::input(format!("a version cannot have a number above {number}")))
    };
    let Some(last) = last else {
        return Ok(match step {
            Step::Major => Version::new(1, 0, 0),
            Step::Minor => Version::new(0, 1, 0),
            Step::Patch => Version::new(0, 0, 1),
            Step::Exactly(version) => version.clone(),
        });
    };
    let early = !last.pre.is_empty();
    let release = Version { pre: Prerelease::EMPTY, ..last.clone() };
    Ok(match step {
        Step::Exactly(version) => version.clone(),
        Step::Patch if early => release,
        Step::Minor if early && last.patch == 0 => release,
        Step::Major if early && last.patch == 0 && last.minor == 0 => release,
        Step::Patch => Version::new(last.major, last.minor, next(last.patch)?),
        Step::Minor => Version::new(last.major, next(last.minor)?, 0),
        Step::Major => Version::new(next(last.major)?, 0, 0),
    })
}

/// The pre-release before the version that `step` leads to: the next one of the same name where the highest version is
/// one, else `rc.1`.
pub fn next_early(last: Option<&Version>, step: &Step) -> Result<Version> {
    let release = next_version(last, step)?;
    if !release.pre.is_empty() {
        return Ok(release);
    }
    let same =
        |last: &&Version| !last.pre.is_empty() && Version { pre: Prerelease::EMPTY, ..(*last).clone() } == release;
    let pre = last.filter(same).map_or_else(|| "rc.1".to_owned(), |last| after(last.pre.as_str()));
    let pre = Prerelease::new(&pre).map_err(|error| Error::input(format!("`{pre}` is no pre-release: {error}")))?;
    Ok(Version { pre, ..release })
}

/// The pre-release after this one: its last number is one higher; where there is none, it gets one.
fn after(pre: &str) -> String {
    let (lead, last) = pre.rsplit_once('.').map_or(("", pre), |(lead, last)| (lead, last));
    match last.parse::<u64>().ok().and_then(|number| number.checked_add(1)) {
        Some(next) if lead.is_empty() => next.to_string(),
        Some(next) => format!("{lead}.{next}"),
        None => format!("{pre}.1"),
    }
}

impl Library {
    /// What a freeze of the draft as it is now should be, and what going back from it would mean.
    pub fn propose(&self, name: &str) -> Result<Proposal> {
        let draft = self.read(name, &Which::Draft)?;
        self.proposal(name, &draft)
    }

    fn proposal(&self, name: &str, draft: &Snapshot) -> Result<Proposal> {
        let versions = self.versions_in(&self.prompt_folder(name)?).found;
        let last = versions.last().map(|entry| entry.version.clone());
        let Some(to) = highest(&versions) else { return Ok(Proposal { last, bump: None, rollback: None }) };
        let before = self.read(name, &Which::Version(to.clone())).map_err(|error| Error {
            message: format!(
                "{}; the changelog says what going back to {to} means, and {to} is damaged",
                error.message
            ),
            ..error
        })?;
        let bump = compare(before.state(), draft.state()).bump;
        let rollback = Rollback::new(to, (&before.text, &before.config), (&draft.text, &draft.config));
        Ok(Proposal { last, bump: Some(bump), rollback: Some(rollback) })
    }

    /// What [`Library::cut`] would write, for a preview. Refuses everything that would be a lie: a version that exists
    /// or is not above the last one, a draft without words, no words about what changed or why.
    pub fn plan_cut(&self, name: &str, cut: &Cut) -> Result<Frozen> {
        let prompt = self.prompt_folder(name)?;
        let draft = self.read(name, &Which::Draft)?;
        if is_wordless(&draft.text) {
            return Err(Error::input("the draft is empty, and an empty version says nothing")
                .at(draft.folder.join("system_prompt.txt"))
                .hint("write the prompt first"));
        }
        for (words, option, about) in [(&cut.what, "-m", "what changed"), (&cut.why, "--why", "why")] {
            if words.trim().is_empty() {
                return Err(Error::input(format!("a version needs words about {about}"))
                    .hint(format!("say it with {option} \"…\": the changelog tells whoever is on call")));
            }
        }
        let versions = self.versions_in(&prompt).found;
        let last = versions.last().map(|entry| entry.version.clone());
        let version = next_version(last.as_ref(), &cut.step)?;
        if let Some(same) = versions.iter().find(|entry| entry.version == version) {
            return Err(Error::input(format!("version {version} of `{name}` exists already and never changes"))
                .at(&same.folder)
                .hint("choose a higher one"));
        }
        if let Some(last) = last.filter(|last| *last > version) {
            return Err(Error::input(format!("version {version} is not above {last}, the last one of `{name}`"))
                .hint("choose a higher one"));
        }
        let proposal = self.proposal(name, &draft)?;
        let config_file = draft.folder.join("config.json");
        let config = match self.text_if_there(&config_file)? {
            Some(text) => text,
            None => PromptConfig::default().write(&config_file, None)?,
        };
        Ok(Frozen {
            changelog: changelog(name, &version, cut, proposal.rollback.as_ref()),
            entry: VersionEntry { folder: prompt.join(folder_name(&version, cut.date)), version, date: cut.date },
            proposal,
            written: Vec::new(),
            text: draft.text,
            config,
        })
    }

    /// Freezes the draft as a version; the draft stays, and what was said about it goes with the version.
    pub fn cut(&self, name: &str, cut: &Cut) -> Result<Frozen> {
        let prompt = self.prompt_folder(name)?;
        let _turn = self.one_at_a_time(&prompt)?;
        let mut frozen = self.plan_cut(name, cut)?;
        if fs::symlink_metadata(&frozen.entry.folder).is_ok() {
            return Err(Error::input("something of this name exists already").at(&frozen.entry.folder));
        }
        let files = [
            ("system_prompt.txt", frozen.text.as_bytes()),
            ("config.json", frozen.config.as_bytes()),
            ("changelog.md", frozen.changelog.as_bytes()),
        ];
        let sums = seal::sums(&files);
        let review = self.said_of_draft(&prompt)?;
        self.new_folder(&prompt, &frozen.entry.folder, |building| {
            let said = review.iter().map(|review| (REVIEW, review.as_slice()));
            for (file, bytes) in files.iter().copied().chain([(seal::SUMS, sums.as_bytes())]) {
                write_new(&building.join(file), bytes)?;
                no_longer_written(&building.join(file))?;
            }
            for (file, bytes) in said {
                write_new(&building.join(file), bytes)?;
            }
            Ok(())
        })?;
        frozen.written = self.files_of_version(&frozen.entry);
        if review.is_some() {
            // what was said about the draft is with the version now; where it stays, it is read there and not here
            let said = prompt.join("draft").join(REVIEW);
            let _ = fs::remove_file(&said);
            frozen.written.push(said);
        }
        frozen.written.extend(self.tell_git()?);
        Ok(frozen)
    }

    /// Waits for another cut of the same prompt to end, so that two of them cannot make the same version on two days.
    fn one_at_a_time(&self, prompt: &Path) -> Result<Option<File>> {
        self.inside(prompt)?;
        // the lock is on the folder itself, so that no file is left behind; a file system without locks has none
        let Ok(folder) = File::open(prompt) else { return Ok(None) };
        Ok(folder.lock().is_ok().then_some(folder))
    }
}

/// Writes a file that is not there yet, down to the disk.
pub(super) fn write_new(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut new = File::create_new(file)?;
    new.write_all(bytes)?;
    new.sync_all()
}

/// Makes a file read-only, against an editor's mistake. The folder stays as it is: what is said about a version is added
/// beside its files, and git and `rm` replace and remove by the folder's mode.
#[cfg(unix)]
fn no_longer_written(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file)?.permissions().mode();
    match fs::set_permissions(file, fs::Permissions::from_mode(mode & !0o222)) {
        // a file system without modes keeps none
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::Unsupported | std::io::ErrorKind::PermissionDenied) =>
        {
            Ok(())
        }
        other => other,
    }
}

/// Elsewhere a read-only file could not be removed either.
#[cfg(not(unix))]
fn no_longer_written(_file: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Whether a text has no words: blanks, or headings with nothing under them, as a new prompt has them.
fn is_wordless(text: &str) -> bool {
    Document::parse(text).parts().iter().all(|part| part.body.trim().is_empty())
}

impl Step {
    /// The step that a version given as text means.
    pub fn exactly(text: &str) -> Result<Self> {
        super::names::version_of(text).map(Self::Exactly).ok_or_else(|| {
            Error::input(format!("`{text}` is not a version")).hint("one is 1.2.0 or 1.2.0-rc.1: three numbers")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(step: Step) -> Cut {
        Cut { step, what: "what".into(), why: "why".into(), date: jiff::civil::date(2024, 1, 15) }
    }

    fn library() -> (tempfile::TempDir, Library) {
        let (dir, library) = crate::library::trial::library_with(&["prompts"]);
        library.create("a", "hello {{x}}\r\n").unwrap();
        (dir, library)
    }

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn steps_lead_where_semantic_versions_say() {
        for (last, step, expected) in [
            (None, Step::Major, "1.0.0"),
            (None, Step::Minor, "0.1.0"),
            (None, Step::Patch, "0.0.1"),
            (Some("1.2.3"), Step::Major, "2.0.0"),
            (Some("1.2.3"), Step::Minor, "1.3.0"),
            (Some("1.2.3"), Step::Patch, "1.2.4"),
            (Some("1.3.0-rc.1"), Step::Patch, "1.3.0"),
            (Some("1.3.0-rc.1"), Step::Minor, "1.3.0"),
            (Some("1.3.0-rc.1"), Step::Major, "2.0.0"),
            (Some("2.0.0-rc.1"), Step::Major, "2.0.0"),
            (Some("1.3.1-rc.1"), Step::Minor, "1.4.0"),
        ] {
            assert_eq!(
                next_version(last.map(version).as_ref(), &step).unwrap(),
                version(expected),
                "{last:?} {step:?}"
            );
        }
        assert!(next_version(Some(&Version::new(u64::MAX, 0, 0)), &Step::Major).is_err());
    }

    #[test]
    fn a_version_is_the_exact_draft_and_the_draft_stays() {
        let (dir, library) = library();
        let entry = library.cut("a", &cut(Step::Major)).unwrap().entry;
        assert!(entry.folder.ends_with("prompts/a/v1.0.0_2024-01-15"));
        assert_eq!(fs::read(entry.folder.join("system_prompt.txt")).unwrap(), b"hello {{x}}\r\n");
        assert_eq!(fs::read_to_string(entry.folder.join("config.json")).unwrap(), "{}\n");
        assert!(!fs::read_to_string(entry.folder.join("changelog.md")).unwrap().contains("Rollback"));
        assert!(dir.path().join("prompts/a/draft/system_prompt.txt").is_file());
        assert_eq!(super::super::read::names_in(&dir.path().join("prompts/a")), ["draft", "v1.0.0_2024-01-15"]);
        let verdicts = library.verify(Some("a")).unwrap();
        assert_eq!((verdicts.len(), verdicts[0].sealed, verdicts[0].problems.len()), (1, true, 0));
    }

    #[test]
    fn the_second_version_tells_how_to_go_back() {
        let (_dir, library) = library();
        library.cut("a", &cut(Step::Major)).unwrap();
        let _ = library.save_draft_text("a", "hello {{y}}", super::super::Expected::Anything).unwrap();
        let entry = library.cut("a", &cut(Step::Major)).unwrap().entry;
        let text = fs::read_to_string(entry.folder.join("changelog.md")).unwrap();
        assert!(text.contains("greenroom rollback a --to 1.0.0 --why"), "{text}");
        assert!(text.contains("First make the application supply `x`."), "{text}");
    }

    #[test]
    fn what_would_be_a_lie_is_refused() {
        let (dir, library) = library();
        let first = Step::exactly("1.2.0").unwrap();
        library.cut("a", &cut(first.clone())).unwrap();
        let said = |cut: &Cut| library.cut("a", cut).unwrap_err().message;
        assert!(said(&cut(first)).contains("exists already"));
        assert!(said(&cut(Step::exactly("1.1.9").unwrap())).contains("not above 1.2.0"));
        assert!(said(&cut(Step::exactly("1.2.0-rc.1").unwrap())).contains("not above 1.2.0"));
        assert!(said(&Cut { what: " \n".into(), ..cut(Step::Minor) }).contains("what changed"));
        assert!(said(&Cut { why: String::new(), ..cut(Step::Minor) }).contains("about why"));
        fs::write(dir.path().join("prompts/a/draft/system_prompt.txt"), " \n\t").unwrap();
        assert!(said(&cut(Step::Minor)).contains("draft is empty"));
        fs::write(dir.path().join("prompts/a/draft/system_prompt.txt"), super::super::outline()).unwrap();
        assert!(said(&cut(Step::Minor)).contains("draft is empty"));
        fs::remove_dir_all(dir.path().join("prompts/a/draft")).unwrap();
        assert!(said(&cut(Step::Minor)).contains("no draft"));
        assert!(Step::exactly("1.2").is_err());
        assert!(Step::exactly("1.2.0+x").is_err());
        assert_eq!(library.verify(None).unwrap().len(), 1);
    }

    #[test]
    fn a_pre_release_is_not_what_one_returns_to() {
        let (_dir, library) = library();
        library.cut("a", &cut(Step::Major)).unwrap();
        library.cut("a", &cut(Step::exactly("1.1.0-rc.1").unwrap())).unwrap();
        let planned = library.plan_cut("a", &cut(Step::Minor)).unwrap();
        assert_eq!(planned.entry.version, Version::new(1, 1, 0));
        assert_eq!(planned.proposal.rollback.unwrap().to, Version::new(1, 0, 0));
    }

    #[test]
    fn the_proposed_step_fits_what_changed() {
        let (_dir, library) = library();
        assert_eq!(library.propose("a").unwrap().step(), Step::Major);
        library.cut("a", &cut(Step::Major)).unwrap();
        for (text, bump, step) in [
            ("hello {{x}}\r\n", Bump::None, Step::Patch),
            ("Hello {{x}}!\r\n", Bump::Patch, Step::Patch),
            ("goodbye {{x}}\r\n", Bump::Minor, Step::Minor),
            ("hello {{y}}\r\n", Bump::Major, Step::Major),
        ] {
            let _ = library.save_draft_text("a", text, super::super::Expected::Anything).unwrap();
            let proposal = library.propose("a").unwrap();
            assert_eq!((proposal.bump, proposal.step()), (Some(bump), step), "{text}");
        }
    }
}
