//! One prompt, and one state of it, from its folder.

use std::fs;
use std::path::{Path, PathBuf};

use semver::Version;

use crate::diff::State;
use crate::error::{Error, Result};
use crate::library::list::Depth;
use crate::library::names::{Folder, folder_of, version_of};
use crate::library::{
    Damage, Library, PromptConfig, PromptEntry, Reference, Releases, Snapshot, VersionEntry, Which, about, check_name,
};

/// The version folders of a prompt, in rising order, and the folders that look like one and are none.
#[derive(Debug, Default)]
pub(super) struct Versions {
    pub found: Vec<VersionEntry>,
    pub damaged: Vec<Error>,
}

/// The names in a folder, sorted; none when it cannot be read. A name that is not UTF-8 is shown with a mark.
pub(super) fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names
}

impl Library {
    /// The names of all prompts, sorted; nothing is opened for it.
    pub fn names(&self) -> Vec<String> {
        let folder = self.prompts();
        let prompt = |name: &String| check_name("prompt", name).is_ok() && folder.join(name).is_dir();
        names_in(&folder).into_iter().filter(prompt).collect()
    }

    /// What there is of the prompt `name`, and what of it is damaged.
    pub fn entry(&self, name: &str) -> Result<PromptEntry> {
        self.prompt_folder(name)?;
        Ok(self.look_at(name, Depth::Whole))
    }

    /// Which state of which prompt is meant.
    ///
    /// # Errors
    /// When there is no such prompt, version or environment, or the prompt has neither a draft nor a version.
    pub fn resolve(&self, reference: &Reference) -> Result<(String, Which)> {
        let name = reference.name.as_str();
        let folder = self.prompt_folder(name)?;
        let found = self.versions_in(&folder).found;
        let which = match reference.at.as_deref() {
            None | Some("draft") if has_draft(&folder) => Which::Draft,
            None => Which::Version(highest(&found).ok_or_else(|| nothing_there(name, &folder))?),
            Some("draft") => {
                return Err(Error::input(format!("`{name}` has no draft")).hint(known(name, &found, &[])));
            }
            Some("latest") => Which::Version(highest(&found).ok_or_else(|| {
                Error::input(format!("`{name}` has no version yet")).hint(format!("`greenroom cut {name}` freezes one"))
            })?),
            Some(at) => match version_of(at) {
                Some(version) if found.iter().any(|entry| entry.version == version) => Which::Version(version),
                Some(version) => {
                    return Err(Error::input(format!("`{name}` has no version {version}")).hint(known(
                        name,
                        &found,
                        &[],
                    )));
                }
                None => Which::Version(self.running(name, &folder, at, &found)?),
            },
        };
        Ok((name.to_owned(), which))
    }

    /// What the environment runs.
    fn running(&self, name: &str, folder: &Path, environment: &str, found: &[VersionEntry]) -> Result<Version> {
        let file = folder.join("releases.jsonl");
        let releases = Releases::read(&file, &self.bytes_if_there(&file)?.unwrap_or_default());
        let running: Vec<(&str, &Version)> =
            releases.all.iter().map(|release| (release.environment.as_str(), &release.version)).collect();
        match running.iter().rev().find(|(known, _)| *known == environment) {
            Some((_, version)) if found.iter().any(|entry| entry.version == **version) => Ok((*version).clone()),
            Some((_, version)) => {
                Err(Error::input(format!("{environment} runs {version} of `{name}`, which has no folder")).at(file))
            }
            None => {
                let mut environments: Vec<_> = running.iter().map(|(known, _)| *known).collect();
                environments.sort_unstable();
                environments.dedup();
                let error = Error::input(format!("`{name}` has no version or environment `{environment}`"));
                Err(match releases.doubts(environment).into_iter().next() {
                    Some(doubt) => error.hint(doubt),
                    None => error.hint(known(name, found, &environments)),
                })
            }
        }
    }

    /// One state of a prompt: its text, its config, its variables.
    pub fn read(&self, name: &str, which: &Which) -> Result<Snapshot> {
        let prompt = self.prompt_folder(name)?;
        let folder = self.state_folder(name, &prompt, which)?;
        self.inside(&folder)?;
        let file = folder.join("system_prompt.txt");
        let text = self.text_if_there(&file)?.ok_or_else(|| missing_text(&file))?;
        let about = match self.text_if_there(&prompt.join("prompt.toml"))? {
            Some(text) => {
                let (about, errors) = about::read(&prompt.join("prompt.toml"), &text);
                // who may see a variable's value stands there: with a guess in its place, it might be shown or sent
                if let Some(error) = errors.into_iter().next() {
                    return Err(error);
                }
                about
            }
            None => about::About::default(),
        };
        let config = self.config_in(&folder)?;
        let about::About { variables, assumptions, lint, .. } = about;
        let (prompt, which) = (name.to_owned(), which.clone());
        Ok(Snapshot { prompt, which, folder, text, config, variables, assumptions, lint })
    }

    /// `config.json` of one state, empty when there is none.
    pub(super) fn config_in(&self, folder: &Path) -> Result<PromptConfig> {
        let file = folder.join("config.json");
        match self.text_if_there(&file)? {
            Some(text) => PromptConfig::parse(&file, &text),
            None => Ok(PromptConfig::default()),
        }
    }

    /// The folder and the day of one version.
    ///
    /// # Errors
    /// When there is no such prompt or version, or it has two folders.
    pub fn version_entry(&self, name: &str, version: &Version) -> Result<VersionEntry> {
        let prompt = self.prompt_folder(name)?;
        let folder = self.state_folder(name, &prompt, &Which::Version(version.clone()))?;
        let found = self.versions_called(&prompt, version).found.into_iter().find(|entry| entry.folder == folder);
        found.ok_or_else(|| Error::input(format!("`{name}` has no version {version}")))
    }

    pub(super) fn state_folder(&self, name: &str, prompt: &Path, which: &Which) -> Result<PathBuf> {
        let version = match which {
            Which::Draft if has_draft(prompt) => return Ok(prompt.join("draft")),
            Which::Draft => {
                return Err(Error::input(format!("`{name}` has no draft"))
                    .at(prompt)
                    .hint("put its text in draft/system_prompt.txt there"));
            }
            Which::Version(version) => version,
        };
        match &*self.versions_called(prompt, version).found {
            [entry] => Ok(entry.folder.clone()),
            [one, two, ..] => Err(two_folders(one, two)),
            [] => {
                let known = known(name, &self.versions_in(prompt).found, &[]);
                Err(Error::input(format!("`{name}` has no version {version}")).hint(known))
            }
        }
    }

    /// The folders of one version of the prompt in `folder`: one, unless something is wrong. The others are not looked at,
    /// so that who asks about each of many versions looks at each once.
    fn versions_called(&self, folder: &Path, version: &Version) -> Versions {
        let beginning = format!("v{version}_");
        let called = names_in(folder).into_iter().filter(|name| name.starts_with(&beginning));
        self.versions_named(folder, called.collect())
    }

    /// The versions of the prompt in `folder`.
    pub(super) fn versions_in(&self, folder: &Path) -> Versions {
        self.versions_named(folder, names_in(folder))
    }

    fn versions_named(&self, folder: &Path, names: Vec<String>) -> Versions {
        let mut versions = Versions::default();
        for name in names {
            let path = folder.join(&name);
            match folder_of(&name) {
                Folder::Unknown => {}
                // a file may be called anything
                _ if fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) => {}
                Folder::Broken(reason) => versions.damaged.push(Error::input(reason).at(&path)),
                Folder::Version(version, date) => match self.inside(&path) {
                    Ok(()) => versions.found.push(VersionEntry { version, date, folder: path }),
                    Err(error) => versions.damaged.push(error),
                },
            }
        }
        versions.found.sort_by(|a, b| a.version.cmp(&b.version).then_with(|| a.folder.cmp(&b.folder)));
        versions
    }

    /// An error about a file of this library as damage.
    pub(super) fn damage(&self, error: Error, otherwise: &Path) -> Damage {
        Damage::of(&self.root, error, otherwise)
    }
}

impl Snapshot {
    /// This state as one side of a comparison.
    pub fn state(&self) -> State<'_> {
        State { text: &self.text, config: &self.config.0 }
    }
}

/// Whether the prompt in `folder` has a draft; one without its text is a damaged draft, not none.
pub(super) fn has_draft(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join("draft")).is_ok_and(|found| !found.is_file())
}

/// The highest version; a pre-release only when there is nothing else.
pub(super) fn highest(versions: &[VersionEntry]) -> Option<Version> {
    let release = versions.iter().rev().find(|entry| entry.version.pre.is_empty());
    release.or(versions.last()).map(|entry| entry.version.clone())
}

pub(super) fn missing_text(file: &Path) -> Error {
    Error::input("system_prompt.txt is missing").at(file).hint("it holds the prompt's text; put it back")
}

pub(super) fn two_folders(one: &VersionEntry, two: &VersionEntry) -> Error {
    let name = |entry: &VersionEntry| {
        entry.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    Error::input(format!("version {} has two folders, {} and {}", one.version, name(one), name(two)))
        .at(&two.folder)
        .hint("keep one of them")
}

fn nothing_there(name: &str, folder: &Path) -> Error {
    // a folder that may not be read is not an empty one
    if let Err(error) = fs::read_dir(folder) {
        return Error::io("read", folder, &error).hint("its owner can let you");
    }
    Error::input(format!("`{name}` has neither a draft nor a version"))
        .at(folder)
        .hint("put its text in draft/system_prompt.txt")
}

/// A hint that names what there is.
fn known(name: &str, versions: &[VersionEntry], environments: &[&str]) -> String {
    let mut words: Vec<String> = versions.iter().rev().take(8).map(|entry| entry.version.to_string()).collect();
    words.extend(environments.iter().map(|environment| (*environment).to_owned()));
    if words.is_empty() { format!("`{name}` has only a draft so far") } else { format!("it has {}", words.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(states: &[(&str, &str)]) -> (tempfile::TempDir, Library) {
        let dir = tempfile::tempdir().unwrap();
        for (folder, text) in states {
            let folder = dir.path().join("prompts/a").join(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("system_prompt.txt"), text).unwrap();
        }
        let library = Library::at(dir.path()).unwrap();
        (dir, library)
    }

    fn resolve(library: &Library, text: &str) -> Result<String> {
        library.resolve(&Reference::parse(text)?).map(|(_, which)| which.to_string())
    }

    #[test]
    fn references_find_what_they_name() {
        let (_dir, library) = library(&[
            ("draft", "d"),
            ("v1.9.0_2024-05-01", "9"),
            ("v1.10.0_2024-01-01", "10"),
            ("v2.0.0-rc.1_2024-06-01", "rc"),
        ]);
        for (text, expected) in [
            ("a", "draft"),
            ("a@draft", "draft"),
            ("a@latest", "1.10.0"),
            ("a@1.9.0", "1.9.0"),
            ("a@v2.0.0-rc.1", "2.0.0-rc.1"),
        ] {
            assert_eq!(resolve(&library, text).unwrap(), expected, "{text}");
        }
        let error = resolve(&library, "a@3.0.0").unwrap_err();
        assert_eq!(error.to_string(), "`a` has no version 3.0.0 (it has 2.0.0-rc.1, 1.10.0, 1.9.0)");
        assert!(resolve(&library, "a@production").is_err());
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_not_said_to_be_empty() {
        let dir = tempfile::tempdir().unwrap();
        assert!(nothing_there("a", dir.path()).message.contains("neither a draft nor a version"));
        // a missing folder stands for one that the user may not read: the owner of the machine may read all of them
        assert!(nothing_there("a", &dir.path().join("missing")).message.starts_with("cannot read"));
    }

    #[test]
    fn without_a_draft_the_latest_version_is_meant() {
        let (_dir, library) = library(&[("v1.0.0-rc.1_2024-05-01", "x")]);
        assert_eq!(resolve(&library, "a").unwrap(), "1.0.0-rc.1");
        assert_eq!(resolve(&library, "a@latest").unwrap(), "1.0.0-rc.1");
        assert!(resolve(&library, "a@draft").unwrap_err().message.contains("no draft"));
    }

    #[test]
    fn an_environment_is_what_was_released_there_last() {
        let (dir, library) = library(&[("v1.0.0_2024-05-01", "x"), ("v1.1.0_2024-06-01", "x")]);
        let line = |at: &str, version: &str| {
            format!(
                "{{\"at\":\"{at}\",\"by\":\"b\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"{version}\"}}\n"
            )
        };
        let file = dir.path().join("prompts/a/releases.jsonl");
        fs::write(&file, line("2024-06-02T00:00:00Z", "1.1.0") + &line("2024-05-02T00:00:00Z", "1.0.0")).unwrap();
        assert_eq!(resolve(&library, "a@production").unwrap(), "1.1.0");
        fs::write(&file, line("2024-06-02T00:00:00Z", "3.0.0")).unwrap();
        assert!(resolve(&library, "a@production").unwrap_err().message.contains("no folder"));
    }

    #[test]
    fn two_folders_of_one_version_are_an_error_that_names_both() {
        let (_dir, library) =
            library(&[("v1.0.0_2024-05-01", "x"), ("v1.0.0_2024-06-01", "y"), ("v1.1.0_2024-06-01", "z")]);
        let error = library.read("a", &Which::Version(Version::new(1, 0, 0))).unwrap_err().to_string();
        assert!(error.contains("v1.0.0_2024-05-01 and v1.0.0_2024-06-01"), "{error}");
        assert_eq!(library.read("a", &Which::Version(Version::new(1, 1, 0))).unwrap().text, "z");
    }

    #[test]
    fn a_snapshot_is_the_exact_text_with_config_and_variables() {
        let (dir, library) = library(&[("draft", "\u{feff}a\r\n\n ")]);
        fs::write(dir.path().join("prompts/a/draft/config.json"), "{\"model\": \"offline\"}").unwrap();
        fs::write(dir.path().join("prompts/a/prompt.toml"), "[variables.x]\nprivacy = \"secret\"\n").unwrap();
        let snapshot = library.read("a", &Which::Draft).unwrap();
        assert_eq!(snapshot.text, "\u{feff}a\r\n\n ");
        assert_eq!(snapshot.config.model(), Some("offline"));
        assert_eq!(snapshot.variables.0.len(), 1);
        fs::write(dir.path().join("prompts/a/prompt.toml"), "[variables.x]\nprivacy = \"sekret\"\n").unwrap();
        assert_eq!(library.read("a", &Which::Draft).unwrap_err().place.unwrap().line, Some(2));
    }

    #[test]
    fn a_damaged_version_does_not_stop_the_others() {
        let (dir, library) = library(&[("v1.0.0_2024-05-01", "x"), ("v1.1.0_2024-06-01", "z")]);
        fs::write(dir.path().join("prompts/a/v1.1.0_2024-06-01/config.json"), "{").unwrap();
        assert!(library.read("a", &Which::Version(Version::new(1, 1, 0))).is_err());
        assert_eq!(library.read("a", &Which::Version(Version::new(1, 0, 0))).unwrap().text, "x");
    }
}
