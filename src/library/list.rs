//! All prompts of a library, with what is damaged in them. A damaged prompt stops no other.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Result};
use crate::library::read::{has_draft, missing_text, names_in, two_folders};
use crate::library::review::{REVIEW, understood};
use crate::library::values::{self, set_name};
use crate::library::{Damage, Library, PromptConfig, PromptEntry, Releases, Which, about, check_name, names};

/// How far a look at a prompt goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// What versions and value sets are called.
    Names,
    /// What is in them, too.
    Whole,
}

impl Library {
    /// Every prompt, by name: what there is of it, and what is damaged.
    ///
    /// # Errors
    /// Only when `prompts/` itself cannot be read.
    pub fn list(&self) -> Result<Vec<PromptEntry>> {
        Ok(self.folders()?.into_iter().map(|name| self.look_at(&name, Depth::Whole)).collect())
    }

    /// The name of everything in `prompts/` that is meant to be a prompt, sorted; nothing of it is opened.
    ///
    /// # Errors
    /// When `prompts/` itself cannot be read.
    pub fn folders(&self) -> Result<Vec<String>> {
        let folder = self.prompts();
        if fs::symlink_metadata(&folder).is_err() {
            return Ok(Vec::new());
        }
        self.inside(&folder)?;
        fs::read_dir(&folder).map_err(|error| Error::io("read", &folder, &error))?;
        // hidden folders belong to other tools, and a file beside the prompts is no prompt
        let prompt = |name: &String| {
            !name.starts_with('.') && !fs::symlink_metadata(folder.join(name)).is_ok_and(|found| found.is_file())
        };
        Ok(names_in(&folder).into_iter().filter(prompt).collect())
    }

    /// What there is of the prompt `name`, told by names alone: neither versions nor value sets are opened, however many
    /// they are, so that damage inside them is not seen.
    pub fn glance(&self, name: &str) -> PromptEntry {
        self.look_at(name, Depth::Names)
    }

    /// What there is in the folder `name` of `prompts/`, whatever state it is in.
    pub(super) fn look_at(&self, name: &str, depth: Depth) -> PromptEntry {
        let folder = self.prompts().join(name);
        let mut entry = PromptEntry {
            name: name.to_owned(),
            title: names::title_of(name),
            owner: None,
            description: None,
            draft: false,
            versions: Vec::new(),
            value_sets: Vec::new(),
            environments: Vec::new(),
            doubtful: Vec::new(),
            variables: crate::prompt::Declarations::default(),
            damaged: Vec::new(),
        };
        if let Err(error) =
            check_name("prompt", name).map_err(|error| error.at(&folder)).and_then(|()| self.inside(&folder))
        {
            entry.damaged.push(self.damage(error, &folder));
            return entry;
        }
        if let Err(error) = fs::read_dir(&folder) {
            entry.damaged.push(self.damage(Error::io("read", &folder, &error), &folder));
            return entry;
        }
        let errors = self.fill_in(&mut entry, &folder, depth);
        entry.damaged = errors.into_iter().map(|error| self.damage(error, &folder)).collect();
        entry
    }

    /// Fills `entry` from its folder and returns everything that is wrong there, in the order a reader meets it.
    fn fill_in(&self, entry: &mut PromptEntry, folder: &Path, depth: Depth) -> Vec<Error> {
        let mut errors = Vec::new();
        let file = folder.join("prompt.toml");
        if let Some(text) = noted(self.text_if_there(&file), &mut errors).flatten() {
            let (about, wrong) = about::read(&file, &text);
            errors.extend(wrong);
            errors.extend(about.lint.errors);
            entry.title = about.title.filter(|title| !title.trim().is_empty()).unwrap_or_else(|| entry.title.clone());
            entry.owner = about.owner;
            entry.description = about.description;
            entry.variables = about.variables;
        }

        let draft = folder.join("draft");
        entry.draft = has_draft(folder);
        if entry.draft {
            self.check_state(&draft, &mut errors);
            if depth == Depth::Whole {
                self.check_beside(&draft, &mut errors);
            }
        } else if draft.is_file() {
            errors.push(Error::input("is a file where the draft's folder is expected").at(&draft));
        }
        let versions = self.versions_in(folder);
        errors.extend(versions.damaged);
        for version in versions.found {
            if depth == Depth::Whole {
                self.check_state(&version.folder, &mut errors);
                self.check_beside(&version.folder, &mut errors);
            }
            match entry.versions.last() {
                Some(last) if last.version == version.version => errors.push(two_folders(last, &version)),
                _ => entry.versions.push(version),
            }
        }
        if !entry.draft && entry.versions.is_empty() && errors.is_empty() {
            errors.push(
                Error::input("has neither a draft nor a version")
                    .at(folder)
                    .hint("put its text in draft/system_prompt.txt"),
            );
        }

        let sets = folder.join("values");
        if let Err(error) = fs::read_dir(&sets)
            && error.kind() != ErrorKind::NotFound
        {
            errors.push(Error::io("read", &sets, &error));
        }
        for path in names_in(&sets).into_iter().map(|file| sets.join(file)) {
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
            match set_name(&file) {
                Some(name) => {
                    if depth == Depth::Whole
                        && let Some(text) = noted(self.text(&path), &mut errors)
                    {
                        noted(values::read(&path, &text), &mut errors);
                    }
                    entry.value_sets.push(name);
                }
                None => errors.extend(
                    check_name("value set", file.trim_end_matches(".json")).map_err(|error| error.at(&path)).err(),
                ),
            }
        }

        let file = folder.join("releases.jsonl");
        if let Some(bytes) = noted(self.bytes_if_there(&file), &mut errors).flatten() {
            let releases = Releases::read(&file, &bytes);
            for (environment, now) in releases.running() {
                let version = &now.version;
                if !entry.versions.iter().any(|known| known.version == *version) {
                    errors.push(Error::input(format!("{environment} runs {version}, which has no folder")).at(&file));
                }
                entry.environments.push((environment.to_owned(), version.clone()));
            }
            entry.doubtful = releases.doubtful_places();
            errors.extend(releases.damaged);
        }
        if depth == Depth::Whole {
            for ledger in ["judgements.jsonl", "maintenance.jsonl"] {
                let read = noted(self.ledger(&folder.join(ledger)), &mut errors);
                errors.extend(read.unwrap_or_default().damaged);
            }
            errors.extend(self.damaged_incidents(folder));
        }
        errors
    }

    /// Notes what is wrong with what was said about and found out about the draft or version in `folder`.
    fn check_beside(&self, folder: &Path, errors: &mut Vec<Error>) {
        let said = noted(self.ledger(&folder.join(REVIEW)), errors).unwrap_or_default();
        errors.extend(understood(&folder.join(REVIEW), said).0.problems);
        noted(self.eval_runs_in(folder), errors);
        noted(self.text_if_there(&folder.join("changelog.md")), errors);
    }

    /// Notes what is wrong with the draft or version in `folder`.
    fn check_state(&self, folder: &Path, errors: &mut Vec<Error>) {
        if let Err(error) = self.inside(folder) {
            errors.push(error);
            return;
        }
        let file = folder.join("system_prompt.txt");
        if let Some(None) = noted(self.text_if_there(&file), errors) {
            errors.push(missing_text(&file));
        }
        let file = folder.join("config.json");
        if let Some(Some(text)) = noted(self.text_if_there(&file), errors) {
            noted(PromptConfig::parse(&file, &text), errors);
        }
    }
}

impl PromptEntry {
    /// Whether nothing is wrong with its files.
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty()
    }

    /// Where `version` runs, `runs in production, staging`; empty where it runs nowhere.
    pub fn runs_in(&self, version: &semver::Version) -> String {
        let here = self.environments.iter().filter(|(_, runs)| runs == version);
        let places: Vec<_> = here.map(|(place, _)| format!("{place}{}", self.doubt(place))).collect();
        if places.is_empty() { String::new() } else { format!("runs in {}", places.join(", ")) }
    }

    /// What stands behind the name of an environment of which it is not certain what it runs.
    pub fn doubt(&self, environment: &str) -> &'static str {
        if self.doubtful.iter().any(|place| place == environment) { " (in doubt)" } else { "" }
    }

    /// The version below a state of the prompt: for the draft the last one.
    pub fn below(&self, which: &Which) -> Option<&super::VersionEntry> {
        match which {
            Which::Draft => self.versions.last(),
            Which::Version(version) => self.versions.iter().rev().find(|other| other.version < *version),
        }
    }

    /// The version that `@latest` means.
    pub fn latest(&self) -> Option<&super::VersionEntry> {
        let version = super::read::highest(&self.versions)?;
        self.versions.iter().find(|entry| entry.version == version)
    }
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

fn noted<T>(result: Result<T>, errors: &mut Vec<Error>) -> Option<T> {
    result.map_err(|error| errors.push(error)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, file: &str, bytes: impl AsRef<[u8]>) {
        let file = root.join("prompts").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    fn shown(entry: &PromptEntry) -> Vec<String> {
        entry.damaged.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_version_folder_with_a_text_is_all_a_prompt_needs() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "faq/v1.0.0_2024-01-15/system_prompt.txt", "hello");
        let list = Library::at(dir.path()).unwrap().list().unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].title.as_str(), list[0].draft, list[0].is_sound()), ("Faq", false, true));
        assert_eq!(list[0].latest().unwrap().version, semver::Version::new(1, 0, 0));
    }

    #[test]
    fn every_damage_has_its_file_its_line_and_its_reason() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        write(root, "good/draft/system_prompt.txt", "x");
        write(root, "a/draft/system_prompt.txt", b"ok\n\xff");
        write(root, "a/draft/config.json", "{\n\"model\": 3\n}");
        write(root, "a/prompt.toml", "title = \"T\"\nowner = 3\n");
        write(root, "a/values/one.json", "{\n\n\"a\": []}");
        write(root, "a/values/Big.json", "{}");
        write(root, "a/v1.0.0_2024-01-01/config.json", "{}");
        write(root, "a/v1.1.0_2024-01-01/system_prompt.txt", "x");
        write(root, "a/v1.1.0_2024-01-02/system_prompt.txt", "x");
        write(root, "a/v1.2_2024-01-02/system_prompt.txt", "x");
        write(root, "a/releases.jsonl", "\nno\n");
        write(root, "Bad Name/draft/system_prompt.txt", "x");
        write(root, "empty/notes.md", "x");
        write(root, "file/draft", "x");
        write(root, "file/values", "x");
        write(root, "README.md", "x");
        write(root, ".git/x", "x");
        let list = Library::at(root).unwrap().list().unwrap();
        let names: Vec<_> = list.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["Bad Name", "a", "empty", "file", "good"]);
        assert!(list[4].is_sound());
        assert!(shown(&list[0])[0].starts_with("prompts/Bad Name: `Bad Name` cannot be the name of a prompt"));
        assert!(shown(&list[2])[0].starts_with("prompts/empty: has neither"));
        assert!(shown(&list[3])[0].starts_with("prompts/file/draft: is a file where"));
        assert!(shown(&list[3])[1].starts_with("prompts/file/values: cannot read"));
        let damaged = shown(&list[1]);
        let expected = [
            "prompts/a/prompt.toml:2: `owner` must be a text",
            "prompts/a/draft/system_prompt.txt:2: is not UTF-8: the byte at offset 3 (0xFF)",
            "prompts/a/draft/config.json:2: `model` must be",
            "prompts/a/v1.2_2024-01-02: `1.2` is not a version",
            "prompts/a/v1.0.0_2024-01-01/system_prompt.txt: system_prompt.txt is missing",
            "prompts/a/v1.1.0_2024-01-02: version 1.1.0 has two folders, v1.1.0_2024-01-01 and v1.1.0_2024-01-02",
            "prompts/a/values/Big.json: `Big` cannot be the name",
            "prompts/a/values/one.json:3: the value of `a` is a list",
            "prompts/a/releases.jsonl:2: is not the JSON",
        ];
        assert_eq!(damaged.len(), expected.len(), "{damaged:#?}");
        for (found, expected) in damaged.iter().zip(expected) {
            assert!(found.starts_with(expected), "{found}\nis not\n{expected}");
        }
        let versions: Vec<_> = list[1].versions.iter().map(|entry| entry.version.to_string()).collect();
        assert_eq!(versions, ["1.0.0", "1.1.0"]);
        assert_eq!(list[1].title, "T");
    }

    #[cfg(unix)]
    #[test]
    fn a_prompt_that_is_a_link_out_of_the_library_is_damaged() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("library/prompts")).unwrap();
        fs::create_dir_all(dir.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink(dir.path().join("elsewhere"), dir.path().join("library/prompts/b")).unwrap();
        let list = Library::at(&dir.path().join("library")).unwrap().list().unwrap();
        assert!(shown(&list[0])[0].starts_with("prompts/b: a link leads out of the library"));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_refused_before_it_is_opened() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("prompts/a/draft")).unwrap();
        let socket = dir.path().join("prompts/a/draft/system_prompt.txt");
        std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let list = Library::at(dir.path()).unwrap().list().unwrap();
        assert!(shown(&list[0])[0].contains("is not a regular file"));
    }
}
