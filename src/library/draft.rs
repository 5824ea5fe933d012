//! The draft: made, saved, and never saved over what someone else wrote in the meantime.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::library::read::highest;
use crate::library::write::failed;
use crate::library::{Library, PromptConfig, check_name};
use crate::prompt::SectionId;

/// What a file held at one moment; two are equal when the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp([u8; 32]);

impl Stamp {
    /// The stamp of these bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(Sha256::digest(bytes.as_ref()).into())
    }
}

/// What the file must hold for a save to go ahead: of a text its stamp, of a set or a config what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected<T = Stamp> {
    /// What was loaded, or saved last.
    This(T),
    /// No file at all: what is saved is new.
    Nothing,
    /// Whatever it is: the user has seen it and wants theirs.
    Anything,
}

/// How the save of a set or a config ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Stored<T> {
    /// The file says it now.
    Done,
    /// Someone else changed the file; it was not touched. This is what it says.
    Changed(T),
}

impl<T> Stored<T> {
    /// For who cannot ask: that somebody else changed `what` is an error.
    pub fn or_error(self, what: &str) -> Result<()> {
        match self {
            Self::Done => Ok(()),
            Self::Changed(_) => Err(Error::input(format!("somebody else has changed {what} in this moment"))
                .hint("nothing was written; look at it and run this again")),
        }
    }
}

impl<T: PartialEq> Stored<T> {
    /// What stands in the way when the file says `there` and `wanted` is to be stored: something else than was
    /// `expected`. Another form of the same is not in the way, and neither is a file that is gone.
    pub(super) fn in_the_way(there: Option<T>, wanted: &T, expected: &Expected<T>) -> Option<Self> {
        let there = there.filter(|there| there != wanted)?;
        match expected {
            Expected::Anything => None,
            Expected::This(read) if *read == there => None,
            Expected::This(_) | Expected::Nothing => Some(Self::Changed(there)),
        }
    }
}

/// How a save of the text ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Saved {
    /// The file holds the text now; this is its stamp.
    Done(Stamp),
    /// Someone else changed the file; it was not touched. These are its bytes.
    Changed(Vec<u8>),
}

impl Library {
    /// Saves the draft's text. Where there is no draft yet, one is made, with the config of the latest version.
    ///
    /// A file that is neither what was `expected` nor what would be written stays as it is, and the answer is
    /// [`Saved::Changed`]. A file that is gone is written: nobody's words are lost by it.
    pub fn save_draft_text(&self, name: &str, text: &str, expected: Expected) -> Result<Saved> {
        let prompt = self.prompt_folder(name)?;
        let file = prompt.join("draft/system_prompt.txt");
        if let Some(theirs) = self.bytes_if_there(&file)? {
            if theirs == text.as_bytes() {
                return Ok(Saved::Done(Stamp::of(text)));
            }
            let as_expected = match expected {
                Expected::Anything => true,
                Expected::Nothing => false,
                Expected::This(stamp) => Stamp::of(&theirs) == stamp,
            };
            if !as_expected {
                return Ok(Saved::Changed(theirs));
            }
        }
        self.begin_draft(&prompt)?;
        self.replace(&file, text.as_bytes())?;
        Ok(Saved::Done(Stamp::of(text)))
    }

    /// The stamp of the draft's text as it is on disk now; `None` when there is no such file.
    pub fn draft_stamp(&self, name: &str) -> Result<Option<Stamp>> {
        let file = self.prompt_folder(name)?.join("draft/system_prompt.txt");
        Ok(self.bytes_if_there(&file)?.map(Stamp::of))
    }

    /// The bytes of the draft's text as they are on disk now; `None` when there is no such file.
    pub fn draft_bytes(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let prompts = self.prompts();
        if fs::symlink_metadata(prompts.join(name)).is_err() {
            return Ok(None);
        }
        self.bytes_if_there(&self.prompt_folder(name)?.join("draft/system_prompt.txt"))
    }

    /// The folders in which something happens when the draft's text changes, from the outside in. Not all of them need
    /// be there.
    pub fn draft_folders(&self, name: &str) -> Vec<PathBuf> {
        let prompt = self.prompts().join(name);
        let draft = prompt.join("draft");
        // the file itself may be a link to one elsewhere in the library
        let real = fs::canonicalize(draft.join("system_prompt.txt")).ok();
        let real = real.and_then(|file| file.parent().map(Path::to_owned));
        let mut folders = vec![self.root().to_owned(), self.prompts(), prompt, draft];
        folders.extend(real);
        folders
    }

    /// The draft's config; empty when it has none.
    pub fn draft_config(&self, name: &str) -> Result<PromptConfig> {
        self.config_in(&self.prompt_folder(name)?.join("draft"))
    }

    /// Saves the draft's config, unless the file says something else than was `expected`; what has not changed keeps its
    /// form and its place.
    pub fn save_draft_config(
        &self,
        name: &str,
        config: &PromptConfig,
        expected: &Expected<PromptConfig>,
    ) -> Result<Stored<PromptConfig>> {
        let prompt = self.prompt_folder(name)?;
        self.begin_draft(&prompt)?;
        let file = prompt.join("draft/config.json");
        let before = self.text_if_there(&file)?;
        let there =
            before.as_deref().map(|text| PromptConfig::parse(&file, text).map_err(not_overwritten)).transpose()?;
        if let Some(changed) = Stored::in_the_way(there, config, expected) {
            return Ok(changed);
        }
        let text = config.write(&file, before.as_deref())?;
        if before.as_deref() != Some(text.as_str()) {
            self.replace(&file, text.as_bytes())?;
        }
        Ok(Stored::Done)
    }

    /// Makes the prompt `name` with a draft of this text. The folder appears whole or not at all.
    ///
    /// # Errors
    /// When the name is none, or is taken.
    pub fn create(&self, name: &str, text: &str) -> Result<()> {
        check_name("prompt", name)?;
        let prompts = self.prompts();
        self.make_folder(&prompts)?;
        let folder = prompts.join(name);
        if fs::symlink_metadata(&folder).is_ok() {
            return Err(Error::input(format!("there is a prompt `{name}` already"))
                .at(folder)
                .hint("choose another name; nothing was changed"));
        }
        self.new_folder(&prompts, &folder, |building| {
            let draft = building.join("draft");
            fs::create_dir(&draft)?;
            super::cut::write_new(&draft.join("system_prompt.txt"), text.as_bytes())?;
            super::write::sync_folder(&draft)
        })
    }

    /// Makes the folder of the draft, with the latest version's config in it, unless it is there.
    fn begin_draft(&self, prompt: &Path) -> Result<()> {
        let draft = prompt.join("draft");
        if fs::symlink_metadata(&draft).is_ok() {
            return self.make_folder(&draft);
        }
        let versions = self.versions_in(prompt).found;
        let latest = highest(&versions).and_then(|latest| versions.into_iter().find(|entry| entry.version == latest));
        let config = match latest {
            Some(entry) => self.text_if_there(&entry.folder.join("config.json"))?,
            None => None,
        };
        self.make_folder(&draft)?;
        config.map_or(Ok(()), |text| self.replace(&draft.join("config.json"), text.as_bytes()))
    }

    /// Makes `folder` in `parent` by `build`, which fills a hidden folder that is then renamed: it appears whole or not
    /// at all.
    pub(super) fn new_folder(
        &self,
        parent: &Path,
        folder: &Path,
        build: impl FnOnce(&Path) -> std::io::Result<()>,
    ) -> Result<()> {
        self.inside(parent)?;
        let said = |error: std::io::Error| failed(folder, &error);
        let building = super::write::new_folder(parent).map_err(said)?;
        build(building.path()).map_err(said)?;
        super::write::sync_folder(building.path()).map_err(said)?;
        // dropping the temporary folder, here on an error too, takes it away with what is in it
        fs::rename(building.path(), folder).map_err(said)?;
        let _ = building.keep();
        super::write::sync_folder(parent).map_err(said)
    }
}

/// The error of a file that is damaged, when it was to be replaced.
pub(super) fn not_overwritten(error: Error) -> Error {
    error.hint("the file was not overwritten: correct it or move it away first")
}

/// The text of a new prompt: the five headings, nothing under them.
pub fn outline() -> String {
    let headings: Vec<_> = SectionId::ALL.iter().map(|section| format!("# {}\n", section.title())).collect();
    headings.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::trial::library_with;
    use crate::library::{Reference, Which};

    fn library() -> (tempfile::TempDir, Library) {
        library_with(&["prompts"])
    }

    #[test]
    fn a_new_prompt_holds_exactly_the_text_it_was_given() {
        let (dir, library) = library();
        library.create("a", "x\r\n").unwrap();
        assert_eq!(fs::read(dir.path().join("prompts/a/draft/system_prompt.txt")).unwrap(), b"x\r\n");
        assert!(library.create("a", "y").unwrap_err().message.contains("already"));
        assert!(library.create("../b", "y").is_err());
        assert_eq!(library.names(), ["a"]);
        assert_eq!(super::super::read::names_in(&dir.path().join("prompts")), ["a"], "nothing hidden is left behind");
    }

    #[test]
    fn the_outline_has_the_five_headings_in_order() {
        assert_eq!(outline().lines().filter(|line| line.starts_with("# ")).count(), 5);
        assert!(outline().starts_with("# Identity & Role\n\n# Behavioral Guidelines\n"));
    }

    #[test]
    fn what_someone_else_wrote_is_not_overwritten() {
        let (dir, library) = library();
        library.create("a", "one").unwrap();
        let loaded = Stamp::of("one");
        let file = dir.path().join("prompts/a/draft/system_prompt.txt");
        fs::write(&file, b"theirs\xff").unwrap();
        assert_eq!(
            library.save_draft_text("a", "mine", Expected::This(loaded)).unwrap(),
            Saved::Changed(b"theirs\xff".to_vec())
        );
        assert_eq!(
            library.save_draft_text("a", "mine", Expected::Nothing).unwrap(),
            Saved::Changed(b"theirs\xff".to_vec())
        );
        assert_eq!(fs::read(&file).unwrap(), b"theirs\xff");
        assert_eq!(library.save_draft_text("a", "mine", Expected::Anything).unwrap(), Saved::Done(Stamp::of("mine")));
        assert_eq!(library.draft_stamp("a").unwrap(), Some(Stamp::of("mine")));
    }

    #[test]
    fn the_same_words_from_someone_else_are_no_conflict_and_a_lost_file_comes_back() {
        let (dir, library) = library();
        library.create("a", "two").unwrap();
        assert_eq!(
            library.save_draft_text("a", "two", Expected::This(Stamp::of("one"))).unwrap(),
            Saved::Done(Stamp::of("two"))
        );
        fs::remove_file(dir.path().join("prompts/a/draft/system_prompt.txt")).unwrap();
        assert_eq!(
            library.save_draft_text("a", "x", Expected::This(Stamp::of("two"))).unwrap(),
            Saved::Done(Stamp::of("x"))
        );
    }

    #[test]
    fn a_first_draft_grows_from_the_latest_version() {
        let (dir, library) = library();
        let version = dir.path().join("prompts/a/v1.0.0_2024-01-01");
        fs::create_dir_all(&version).unwrap();
        fs::write(version.join("system_prompt.txt"), "old").unwrap();
        fs::write(version.join("config.json"), "{\"temperature\": 0.30}").unwrap();
        let (name, which) = library.resolve(&Reference::parse("a").unwrap()).unwrap();
        assert_ne!(which, Which::Draft);
        let _ = library.save_draft_text(&name, "new", Expected::Nothing).unwrap();
        let snapshot = library.read("a", &Which::Draft).unwrap();
        assert_eq!((snapshot.text.as_str(), snapshot.config.temperature()), ("new", Some(0.3)));
        assert_eq!(fs::read(version.join("system_prompt.txt")).unwrap(), b"old");
    }

    #[test]
    fn saving_a_config_keeps_keys_that_are_not_known_in_their_place() {
        let (dir, library) = library();
        library.create("a", "x").unwrap();
        let file = dir.path().join("prompts/a/draft/config.json");
        fs::write(&file, "{\"zeta\": 1.0, \"model\": \"offline\", \"alpha\": [1,2]}").unwrap();
        let mut config = library.read("a", &Which::Draft).unwrap().config;
        config.0.insert("model".into(), "anthropic:x".into());
        let read = library.read("a", &Which::Draft).unwrap().config;
        let _ = library.save_draft_config("a", &config, &Expected::This(read)).unwrap();
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            "{\n  \"zeta\": 1.0,\n  \"model\": \"anthropic:x\",\n  \"alpha\": [1,2]\n}\n"
        );
    }

    #[test]
    fn a_config_that_someone_else_changed_is_not_overwritten() {
        let (dir, library) = library();
        library.create("a", "x").unwrap();
        let file = dir.path().join("prompts/a/draft/config.json");
        let config = |text: &str| PromptConfig::parse(&file, text).unwrap();
        let (read, mine) = (config(r#"{"temperature": 0.3}"#), config(r#"{"temperature": 0.5}"#));
        let save = |expected| library.save_draft_config("a", &mine, &expected).unwrap();
        fs::write(&file, r#"{ "temperature": 0.9 }"#).unwrap();
        let theirs = Stored::Changed(config(r#"{"temperature": 0.9}"#));
        assert_eq!(save(Expected::This(read.clone())), theirs);
        assert_eq!(save(Expected::Nothing), theirs);
        assert_eq!(fs::read_to_string(&file).unwrap(), r#"{ "temperature": 0.9 }"#);
        fs::write(&file, r#"{ "temperature" : 0.3 }"#).unwrap();
        assert_eq!(save(Expected::This(read)), Stored::Done, "another form of the same is no change");
        fs::write(&file, "{").unwrap();
        assert!(library.save_draft_config("a", &mine, &Expected::Anything).is_err(), "a damaged file is left alone");
    }
}
