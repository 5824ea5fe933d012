//! The draft begun anew from a frozen version: its text and its config, byte for byte. What was in the draft and in no
//! version is kept in the trash; other files of the draft's folder stay.

use std::path::PathBuf;

use jiff::Timestamp;
use semver::Version;

use crate::error::{Error, Result};
use crate::library::{Library, Which};

/// The files of a draft that a version has too.
const FILES: [&str; 2] = ["system_prompt.txt", "config.json"];

/// A draft that was begun anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// Where the files of the draft that was there before are; none when a version has the same.
    pub kept: Option<PathBuf>,
}

impl Library {
    /// Begins the draft of `name` anew, from `version`. `replace` allows it where the draft holds what no version has.
    ///
    /// # Errors
    /// When there is no such prompt or version, when the draft holds changes and `replace` is not said, or when a file
    /// cannot be written.
    pub fn begin_draft_from(&self, name: &str, version: &Version, replace: bool, now: Timestamp) -> Result<Begun> {
        let prompt = self.prompt_folder(name)?;
        // a version that cannot be read is not one to begin from
        let from = self.read(name, &Which::Version(version.clone()))?;
        let draft = prompt.join("draft");
        let there = self.files_of(&draft)?;
        let mut kept = None;
        if !there.is_empty() && !self.is_frozen(name, &there)? {
            if !replace {
                return Err(Error::input("the draft holds changes that no version has, and nothing was changed")
                    .at(draft)
                    .hint("freeze it with `greenroom cut`, or say --replace: a copy of it goes to the trash"));
            }
            kept = Some(self.keep_draft(name, &there, now)?);
        }
        self.make_folder(&draft)?;
        let mut files = Vec::new();
        for (file, bytes) in self.files_of(&from.folder)? {
            self.replace(&draft.join(file), &bytes)?;
            files.push(draft.join(file));
        }
        // a version without a config has none to give, and the draft's own would not be that version's
        let config = draft.join(FILES[1]);
        if !files.contains(&config) && self.bytes_if_there(&config)?.is_some() {
            self.replace(&config, b"{}\n")?;
            files.push(config);
        }
        Ok(Begun { files, kept })
    }

    /// Whether the draft of `name` holds what no version has, so that beginning it anew would take something away.
    ///
    /// # Errors
    /// When there is no such prompt, or a file of the draft cannot be read.
    pub fn draft_has_its_own(&self, name: &str) -> Result<bool> {
        let there = self.files_of(&self.prompt_folder(name)?.join("draft"))?;
        Ok(!there.is_empty() && !self.is_frozen(name, &there)?)
    }

    fn files_of(&self, folder: &std::path::Path) -> Result<Vec<(&'static str, Vec<u8>)>> {
        let mut found = Vec::new();
        for file in FILES {
            found.extend(self.bytes_if_there(&folder.join(file))?.map(|bytes| (file, bytes)));
        }
        Ok(found)
    }

    /// Whether some version has exactly these files.
    fn is_frozen(&self, name: &str, files: &[(&'static str, Vec<u8>)]) -> Result<bool> {
        let versions = self.versions_in(&self.prompt_folder(name)?).found;
        Ok(versions.iter().any(|entry| self.files_of(&entry.folder).is_ok_and(|frozen| frozen == files)))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::library::trial::library_with;

    #[test]
    fn a_draft_begins_from_any_version_and_what_no_version_has_is_kept() {
        let (dir, library) =
            library_with(&["prompts/a/draft", "prompts/a/v1.0.0_2024-01-15", "prompts/a/v1.1.0_2024-02-15"]);
        let path = |file: &str| dir.path().join("prompts/a").join(file);
        fs::write(path("v1.0.0_2024-01-15/system_prompt.txt"), "one\r\n").unwrap();
        fs::write(path("v1.1.0_2024-02-15/system_prompt.txt"), "two").unwrap();
        fs::write(path("v1.1.0_2024-02-15/config.json"), "{\"model\":\"offline\"}").unwrap();
        fs::write(path("draft/system_prompt.txt"), "two").unwrap();
        fs::write(path("draft/config.json"), "{\"model\":\"offline\"}").unwrap();
        fs::write(path("draft/review.jsonl"), "{}\n").unwrap();
        let now = Timestamp::UNIX_EPOCH;

        let begun = library.begin_draft_from("a", &Version::new(1, 0, 0), false, now).unwrap();
        assert_eq!((begun.kept, begun.files.len()), (None, 2));
        assert_eq!(fs::read(path("draft/system_prompt.txt")).unwrap(), b"one\r\n");
        assert_eq!(fs::read(path("draft/config.json")).unwrap(), b"{}\n");
        assert!(path("draft/review.jsonl").exists());

        fs::write(path("draft/system_prompt.txt"), "mine").unwrap();
        let error = library.begin_draft_from("a", &Version::new(1, 1, 0), false, now).unwrap_err();
        assert!(error.message.contains("no version has"), "{error}");
        let kept = library.begin_draft_from("a", &Version::new(1, 1, 0), true, now).unwrap().kept.unwrap();
        assert_eq!(fs::read(kept.join("system_prompt.txt")).unwrap(), b"mine");
        assert_eq!(fs::read(path("draft/config.json")).unwrap(), b"{\"model\":\"offline\"}");
        assert!(library.trash().is_empty(), "a copy is nothing that was deleted");
    }
}
