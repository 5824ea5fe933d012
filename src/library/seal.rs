//! SHA256SUMS: what vouches for a frozen version. `sha256sum -c` accepts what is written here.

use std::fmt::Write as _;
use std::fs;
use std::path::{Component, Path, PathBuf};

use semver::Version;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::library::read::names_in;
use crate::library::{Library, Releases, Verdict, VersionEntry};
use crate::source;

/// The name of the file.
pub(super) const SUMS: &str = "SHA256SUMS";

/// What a version's SHA256SUMS vouches for.
const SEALED: [&str; 3] = ["system_prompt.txt", "config.json", "changelog.md"];

/// What is written beside the frozen files, about them.
const BESIDE: [&str; 2] = ["eval_results.json", super::review::REVIEW];

/// The text of a SHA256SUMS of these files.
pub(super) fn sums(files: &[(&str, &[u8])]) -> String {
    let mut text = String::new();
    for (name, bytes) in files {
        let _ = writeln!(text, "{}  {name}", digest(bytes));
    }
    text
}

/// The digest of these bytes, in small hexadecimal letters.
fn digest(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

impl Library {
    /// Checks the SHA256SUMS of every version of the prompt `name`, or of all prompts, in the order of the list.
    pub fn verify(&self, name: Option<&str>) -> Result<Vec<Verdict>> {
        let names = match name {
            Some(name) => {
                self.prompt_folder(name)?;
                vec![name.to_owned()]
            }
            None => self.names(),
        };
        let mut verdicts = Vec::new();
        for prompt in names {
            // what cannot be looked at is not as it was frozen, as far as anyone can tell
            let unknown = |error: Error| Verdict {
                prompt: prompt.clone(),
                version: None,
                sealed: false,
                problems: vec![self.damage(error, &self.prompts().join(&prompt))],
                remarks: Vec::new(),
            };
            match self.prompt_folder(&prompt) {
                Ok(folder) => {
                    let versions = self.versions_in(&folder);
                    // read once: it may have as many lines as there are versions
                    let releases = self.releases(&prompt).unwrap_or_default();
                    verdicts.extend(versions.damaged.into_iter().map(unknown));
                    verdicts.extend(versions.found.iter().map(|entry| self.verdict(&prompt, entry, &releases)));
                }
                Err(error) => verdicts.push(unknown(error)),
            }
        }
        Ok(verdicts)
    }

    /// The SHA-256 of a version's SHA256SUMS, in small hexadecimal letters; `None` when it has none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn sums_digest(&self, entry: &VersionEntry) -> Result<Option<String>> {
        Ok(self.bytes_if_there(&entry.folder.join(SUMS))?.map(|bytes| digest(&bytes)))
    }

    /// The files of a version that are there.
    pub fn files_of_version(&self, entry: &VersionEntry) -> Vec<PathBuf> {
        let known = SEALED.iter().chain(&[SUMS]).chain(&BESIDE).map(|file| entry.folder.join(file));
        known.filter(|file| fs::symlink_metadata(file).is_ok()).collect()
    }

    /// The SHA-256 over everything that a return to `version` depends on: its files, the declarations, every value set.
    ///
    /// # Errors
    /// When there is no such prompt or version, or one of the files cannot be read.
    pub fn covers(&self, prompt: &str, version: &Version) -> Result<String> {
        let folder = self.prompt_folder(prompt)?;
        let entry = self.version_entry(prompt, version)?;
        let sets = self.value_sets(prompt)?.into_iter().map(|set| folder.join("values").join(format!("{set}.json")));
        let files = SEALED.iter().copied().chain([SUMS]).map(|file| entry.folder.join(file));
        let mut text = String::new();
        for file in files.chain([folder.join("prompt.toml")]).chain(sets) {
            let sum = self.bytes_if_there(&file)?.map(|bytes| digest(&bytes)).unwrap_or_default();
            let _ = writeln!(text, "{sum}  {}", file.strip_prefix(&folder).unwrap_or(&file).display());
        }
        Ok(digest(text.as_bytes()))
    }

    /// Checks the SHA256SUMS of one version.
    pub fn verify_version(&self, prompt: &str, entry: &VersionEntry) -> Verdict {
        self.verdict(prompt, entry, &self.releases(prompt).unwrap_or_default())
    }

    fn verdict(&self, prompt: &str, entry: &VersionEntry, releases: &Releases) -> Verdict {
        let file = entry.folder.join(SUMS);
        let (sealed, problems) = match self.text_if_there(&file) {
            Ok(Some(text)) => (true, self.check(entry, &file, &text)),
            Ok(None) => (false, Vec::new()),
            Err(error) => (true, vec![error]),
        };
        let problems = problems.into_iter().map(|error| self.damage(error, &file)).collect();
        let remarks = self.odd(entry, releases).into_iter().map(|error| self.damage(error, &file)).collect();
        Verdict { prompt: prompt.to_owned(), version: Some(entry.version.clone()), sealed, problems, remarks }
    }

    /// What SHA256SUMS cannot tell: files that came later, a file that is missing, other sums than when it was released.
    fn odd(&self, entry: &VersionEntry, releases: &Releases) -> Vec<Error> {
        let mut odd = Vec::new();
        let known = SEALED.iter().chain(&BESIDE).chain(&[SUMS]);
        let known: Vec<&str> = known.copied().collect();
        for name in names_in(&entry.folder).into_iter().filter(|name| !known.contains(&name.as_str())) {
            odd.push(Error::input("is no file of a version: nothing vouches for it").at(entry.folder.join(name)));
        }
        let Ok(Some(sums)) = self.sums_digest(entry) else { return odd };
        for name in &SEALED[1..] {
            let path = entry.folder.join(name);
            let listed = self.text_if_there(&entry.folder.join(SUMS)).ok().flatten();
            let listed = listed.is_some_and(|text| text.lines().filter_map(sum_of).any(|(_, file)| file == *name));
            if !listed && fs::symlink_metadata(&path).is_err() {
                odd.push(Error::input("is missing, and SHA256SUMS does not list it").at(path));
            }
        }
        if let Some(release) = releases.sums_of(&entry.version)
            && release.sha256.as_deref() != Some(sums.as_str())
        {
            odd.push(
                Error::input(format!(
                    "is another one than when it came to {} on {}: somebody has written it anew",
                    release.environment,
                    release.at.strftime("%Y-%m-%d")
                ))
                .at(entry.folder.join(SUMS)),
            );
        }
        odd
    }

    /// What of a SHA256SUMS does not hold.
    fn check(&self, entry: &VersionEntry, file: &Path, text: &str) -> Vec<Error> {
        let mut problems = Vec::new();
        let mut listed = Vec::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            let problem = |message: String| Error::input(message).at_line(file, at + 1, None);
            let Some((expected, name)) = sum_of(line) else {
                problems.push(problem(
                    "is not a line of a SHA256SUMS: 64 hexadecimal digits, two blanks, a file".to_owned(),
                ));
                continue;
            };
            listed.push(name);
            let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
            if !plain {
                problems.push(problem(format!("`{name}` leads out of the version's folder")));
                continue;
            }
            let path = entry.folder.join(name);
            if fs::symlink_metadata(&path).is_err() {
                problems.push(Error::input("is missing, and SHA256SUMS lists it").at(path));
                continue;
            }
            match self.inside(&path).and_then(|()| source::read_bytes(&path)) {
                Ok(bytes) if digest(&bytes).eq_ignore_ascii_case(expected) => {}
                Ok(_) => problems.push(
                    Error::input("has changed since the version was cut: its SHA-256 is not the one in SHA256SUMS")
                        .at(path),
                ),
                Err(error) => problems.push(error),
            }
        }
        for name in SEALED.into_iter().filter(|name| !listed.contains(name)) {
            let path = entry.folder.join(name);
            if fs::symlink_metadata(&path).is_ok() {
                problems.push(Error::input("is not listed in SHA256SUMS, so nothing vouches for it").at(path));
            }
        }
        problems
    }
}

/// The digest and the file of one line; both the text and the binary mark are known.
fn sum_of(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let (digest, rest) = line.split_at_checked(64)?;
    let name = rest.strip_prefix("  ").or_else(|| rest.strip_prefix(" *"))?;
    (digest.bytes().all(|byte| byte.is_ascii_hexdigit()) && !name.is_empty()).then_some((digest, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(files: &[(&str, &str)]) -> (tempfile::TempDir, Library) {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("prompts/a/v1.0.0_2024-01-15");
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            fs::write(folder.join(name), text).unwrap();
        }
        let library = Library::at(dir.path()).unwrap();
        (dir, library)
    }

    fn problems(library: &Library) -> Vec<String> {
        library.verify(None).unwrap()[0].problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_digest_is_the_published_one_of_abc() {
        assert_eq!(sums(&[("x", b"abc")]), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  x\n");
    }

    #[test]
    fn a_changed_a_missing_and_an_unlisted_file_are_told_apart() {
        let text = sums(&[("system_prompt.txt", b"one"), ("config.json", b"{}")]);
        let (_dir, library) = version(&[("system_prompt.txt", "two"), ("changelog.md", "x"), (SUMS, &text)]);
        let found = problems(&library);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].contains("system_prompt.txt: has changed"));
        assert!(found[1].contains("config.json: is missing"));
        assert!(found[2].contains("changelog.md: is not listed"));
    }

    #[test]
    fn a_version_without_sums_is_not_sealed_and_not_wrong() {
        let (_dir, library) = version(&[("system_prompt.txt", "one")]);
        let verdict = &library.verify(None).unwrap()[0];
        assert!(!verdict.sealed);
        assert_eq!(verdict.problems, []);
    }

    #[test]
    fn a_version_that_cannot_be_looked_at_is_not_passed_over() {
        let (dir, library) = version(&[("system_prompt.txt", "one")]);
        fs::create_dir(dir.path().join("prompts/a/v1.1_2024-01-15")).unwrap();
        let verdicts = library.verify(None).unwrap();
        assert_eq!((verdicts.len(), &verdicts[0].version), (2, &None));
        assert!(verdicts[0].problems[0].reason.contains("`1.1` is not a version"));
    }

    #[test]
    fn what_was_put_beside_a_version_is_told_and_contradicts_nothing() {
        let text = sums(&[("system_prompt.txt", b"one")]);
        let (dir, library) =
            version(&[("system_prompt.txt", "one"), (SUMS, &text), ("notes.md", "x"), ("review.jsonl", "")]);
        let verdict = library.verify(None).unwrap().remove(0);
        assert_eq!(verdict.problems, []);
        let remarks: Vec<_> = verdict.remarks.iter().map(ToString::to_string).collect();
        assert_eq!(remarks.len(), 3, "{remarks:#?}");
        assert!(remarks[0].contains("notes.md: is no file of a version"));
        assert!(remarks[1].contains("config.json: is missing, and SHA256SUMS does not list it"));
        let log = "{\"at\":\"2024-03-02T00:00:00Z\",\"by\":\"a\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.0.0\",\"sha256\":\"00\"}\n";
        fs::write(dir.path().join("prompts/a/releases.jsonl"), log).unwrap();
        let remarks = library.verify(None).unwrap().remove(0).remarks;
        assert!(
            remarks[3].to_string().contains("SHA256SUMS: is another one than when it came to production on 2024-03-02")
        );
    }

    #[test]
    fn sums_cannot_ask_for_a_file_elsewhere() {
        let digest = digest(b"x");
        let text = format!("{digest}  ../../secret\n{digest}  /etc/passwd\nnonsense\n{digest} *system_prompt.txt\n");
        let (_dir, library) = version(&[("system_prompt.txt", "x"), (SUMS, &text)]);
        let found = problems(&library);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].contains("SHA256SUMS:1: `../../secret` leads out"));
        assert!(found[1].contains("SHA256SUMS:2: `/etc/passwd` leads out"));
        assert!(found[2].contains("SHA256SUMS:3: is not a line"));
    }
}
