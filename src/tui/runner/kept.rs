//! What is kept of an open prompt between two starts, in the user's state folder and readable only by the user: values
//! that were written but not saved as a set, and a message that was not sent. And texts that could not be saved.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::aside::copy_aside;
use super::journal::Journals;
use crate::error::{Error, Result};
use crate::source::{json, read_text};
use crate::tui::consent::Sharing;
use crate::tui::msg::{Kept, Msg};

/// What the file holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Stored {
    library: String,
    prompt: String,
    set: Option<String>,
    values: Option<BTreeMap<String, String>>,
    message: String,
    /// What a newer greenroom keeps besides.
    #[serde(flatten)]
    others: serde_json::Map<String, serde_json::Value>,
}

/// What is written about the hosts of a prompt: what goes to each, or in older files their names.
#[derive(Deserialize)]
#[serde(untagged)]
enum Agreed {
    Names(Vec<String>),
    Hosts(BTreeMap<String, Sharing>),
}

/// An empty file: the page of the first start was seen.
const WELCOMED: &str = "welcomed";

/// Where it is kept for a library; nothing is kept without a state folder.
#[derive(Debug, Clone)]
pub struct Keeper {
    library: PathBuf,
    state: Option<PathBuf>,
    journals: Arc<Mutex<Journals>>,
    /// Whether the last note in a journal failed.
    failing: Arc<AtomicBool>,
}

impl Keeper {
    /// For the library at `library`; `state` is the user's state folder.
    pub fn new(library: &Path, state: Option<PathBuf>) -> Self {
        let journals = Arc::new(Mutex::new(Journals::new(library, state.clone())));
        Self { library: library.to_owned(), state, journals, failing: Arc::default() }
    }

    /// The journals of the drafts that are open. Whoever holds them does nothing else that takes time.
    pub fn journals(&self) -> MutexGuard<'_, Journals> {
        self.journals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The folder in which the program keeps what it remembers.
    pub fn state(&self) -> Option<&Path> {
        self.state.as_deref()
    }

    fn file(&self, prompt: &str) -> Option<PathBuf> {
        Some(self.state.as_ref()?.join("kept").join(format!("{}.json", name_of(&self.library, prompt))))
    }

    /// What was kept of `prompt`; nothing when there is none.
    ///
    /// # Errors
    /// When it cannot be read: with the line, and what becomes of it.
    pub fn load(&self, prompt: &str) -> Result<Option<Kept>> {
        let Some(file) = self.file(prompt).filter(|file| file.exists()) else { return Ok(None) };
        let stored = read(&file)?;
        let values = stored.values.map(|values| (stored.set, crate::prompt::Values(values)));
        Ok((stored.prompt == prompt).then_some(Kept { values, message: stored.message }))
    }

    /// Keeps it, or forgets what was kept when there is nothing to keep.
    pub fn store(&self, prompt: &str, kept: &Kept) -> io::Result<()> {
        let Some(file) = self.file(prompt) else { return Ok(()) };
        let others = match file.exists().then(|| read(&file)) {
            None => serde_json::Map::new(),
            Some(Ok(stored)) => stored.others,
            Some(Err(_)) => copy_aside(&file).map(|_| serde_json::Map::new())?,
        };
        if kept.values.is_none() && kept.message.is_empty() {
            return match fs::remove_file(&file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let (set, values) = match &kept.values {
            Some((set, values)) => (set.clone(), Some(values.0.clone())),
            None => (None, None),
        };
        let library = self.library.display().to_string();
        let stored = Stored { library, prompt: prompt.to_owned(), set, values, message: kept.message.clone(), others };
        let folder = private_folder(&file)?;
        let mut written = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut written, &stored)?;
        written.as_file().sync_all()?;
        written.persist(&file)?;
        Ok(())
    }

    fn consent(&self, prompt: &str) -> Option<PathBuf> {
        Some(self.state.as_ref()?.join("agreed").join(format!("{}.json", name_of(&self.library, prompt))))
    }

    /// The hosts that messages of `prompt` may go to without a question, and what goes there; none when that cannot be
    /// read.
    pub fn agreed(&self, prompt: &str) -> BTreeMap<String, Sharing> {
        match self.consented(prompt) {
            Some(Agreed::Hosts(hosts)) => hosts,
            // before it was asked which values go, it was always the examples
            Some(Agreed::Names(names)) => names.into_iter().map(|host| (host, Sharing::Examples)).collect(),
            None => BTreeMap::new(),
        }
    }

    fn consented(&self, prompt: &str) -> Option<Agreed> {
        serde_json::from_slice(&fs::read(self.consent(prompt)?).ok()?).ok()
    }

    /// Messages of `prompt` may go to `host`; with `None` they may not any more.
    pub fn agree(&self, prompt: &str, host: &str, sharing: Option<Sharing>) -> io::Result<()> {
        let Some(file) = self.consent(prompt) else { return Ok(()) };
        if file.exists() && self.consented(prompt).is_none() {
            copy_aside(&file)?;
        }
        let mut hosts = self.agreed(prompt);
        let before = match sharing {
            Some(sharing) => hosts.insert(host.to_owned(), sharing),
            None => hosts.remove(host),
        };
        if before == sharing {
            return Ok(());
        }
        let mut written = tempfile::NamedTempFile::new_in(private_folder(&file)?)?;
        serde_json::to_writer(&mut written, &hosts)?;
        written.as_file().sync_all()?;
        written.persist(&file)?;
        Ok(())
    }

    /// The folder of the locks that tell which drafts are open; `None` without a state folder.
    pub fn locks(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|state| state.join("locks"))
    }

    /// Whether the page of the first start was seen, as far as that can be remembered.
    pub fn was_welcomed(&self) -> bool {
        self.state.as_ref().is_none_or(|state| state.join(WELCOMED).exists())
    }

    /// The page of the first start was seen.
    pub fn remember_welcome(&self) -> io::Result<()> {
        let Some(file) = self.state.as_ref().map(|state| state.join(WELCOMED)) else { return Ok(()) };
        private_folder(&file)?;
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&file).map(|_| ())
    }

    /// How a note in the journal ended, when that is news: the first time that it fails, and when it is well again.
    pub fn told(&self, noted: io::Result<()>) -> Option<Msg> {
        let fails = noted.is_err();
        if self.failing.swap(fails, Ordering::Relaxed) == fails {
            return None;
        }
        let failed = |error| Error::input(format!("the journal cannot be written: {error}"));
        Some(Msg::Journaled(noted.map_err(failed)))
    }

    /// A text that the journal of `prompt` still has goes into a file of its own; gives which.
    pub fn put_aside(&self, prompt: &str) -> Option<io::Result<PathBuf>> {
        self.journals().put_aside(prompt, |text| self.rescue(prompt, text))
    }

    /// Puts a text that could not be saved into a file of its own, which is never one that is there already.
    pub fn rescue(&self, prompt: &str, text: &str) -> io::Result<PathBuf> {
        let state = self.state.clone().unwrap_or_else(std::env::temp_dir);
        for number in 1..10_000 {
            let file = state.join("rescued").join(format!("{prompt}-{number}.txt"));
            private_folder(&file)?;
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file) {
                Ok(mut created) => {
                    created.write_all(text.as_bytes())?;
                    created.sync_all()?;
                    return Ok(file);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("too many rescued texts"))
    }
}

/// What a file of kept things says.
fn read(file: &Path) -> Result<Stored> {
    let text = read_text(file)?;
    serde_json::from_str(&text).map_err(|error| {
        json::syntax(file, &text, &error)
            .hint("values and message that were not saved are not restored; a copy of the file is kept")
    })
}

/// What the files of a prompt are called in the state folder: the same for the same library and prompt.
pub fn name_of(library: &Path, prompt: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(library.as_os_str().as_encoded_bytes());
    digest.update([0]);
    digest.update(prompt.as_bytes());
    let digest = digest.finalize();
    let number = digest.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    format!("{number:032x}")
}

/// Makes the folder of `file`, readable only by the user.
pub fn private_folder(file: &Path) -> io::Result<&Path> {
    let folder = file.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::prompt::Values;

    fn keeper() -> (tempfile::TempDir, Keeper) {
        let state = tempfile::tempdir().unwrap();
        let keeper = Keeper::new(Path::new("/library"), Some(state.path().to_owned()));
        (state, keeper)
    }

    #[test]
    fn what_is_kept_comes_back_for_the_same_prompt_and_no_other() {
        let (_state, keeper) = keeper();
        let values = Values(BTreeMap::from([("a".into(), "1\n2".into())]));
        let kept = Kept { values: Some((Some("set".into()), values)), message: "not sent".into() };
        keeper.store("one", &kept).unwrap();
        assert_eq!(keeper.load("one").unwrap(), Some(kept));
        assert_eq!(keeper.load("two").unwrap(), None);
        let other = Keeper::new(Path::new("/elsewhere"), keeper.state.clone());
        assert_eq!(other.load("one").unwrap(), None);
    }

    #[test]
    fn what_is_kept_and_cannot_be_read_is_told_and_not_lost_and_what_is_newer_stays() {
        let (_state, keeper) = keeper();
        let kept = Kept { values: None, message: "not sent".into() };
        keeper.store("one", &kept).unwrap();
        let file = keeper.file("one").unwrap();
        let whole = fs::read_to_string(&file).unwrap();
        fs::write(&file, whole.replacen('{', "{\"later\":[1],", 1)).unwrap();
        keeper.store("one", &kept).unwrap();
        assert!(fs::read_to_string(&file).unwrap().contains("\"later\":[1]"));
        for end in 1..whole.len() {
            fs::write(&file, &whole[..end]).unwrap();
            let error = keeper.load("one").unwrap_err().to_string();
            assert!(error.contains(".json:1:") && error.contains("a copy of the file is kept"), "{end}: {error}");
        }
        keeper.store("one", &Kept { values: None, message: "mine".into() }).unwrap();
        let copy = PathBuf::from(format!("{}.damaged-1", file.display()));
        assert_eq!(fs::read_to_string(copy).unwrap(), whole[..whole.len() - 1]);
        assert_eq!(keeper.load("one").unwrap().unwrap().message, "mine");
    }

    #[test]
    fn only_the_user_can_read_it() {
        let (_state, keeper) = keeper();
        keeper.store("one", &Kept { values: None, message: "x".into() }).unwrap();
        let file = keeper.file("one").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(file.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn nothing_to_keep_leaves_no_file() {
        let (_state, keeper) = keeper();
        keeper.store("one", &Kept { values: None, message: "x".into() }).unwrap();
        keeper.store("one", &Kept::default()).unwrap();
        assert!(!keeper.file("one").unwrap().exists());
        keeper.store("one", &Kept::default()).unwrap();
    }

    #[test]
    fn a_yes_to_a_host_is_remembered_for_that_prompt_alone() {
        let (_state, keeper) = keeper();
        for (host, sharing) in [("api.anthropic.com", Sharing::RealValues), ("api.openai.com", Sharing::Examples)] {
            keeper.agree("one", host, Some(sharing)).unwrap();
            keeper.agree("one", host, Some(sharing)).unwrap();
        }
        let of = |prompt| keeper.agreed(prompt).into_iter().collect::<Vec<_>>();
        let openai = ("api.openai.com".to_owned(), Sharing::Examples);
        assert_eq!(of("one"), [("api.anthropic.com".to_owned(), Sharing::RealValues), openai.clone()]);
        assert_eq!(of("two"), []);
        keeper.agree("one", "api.anthropic.com", None).unwrap();
        assert_eq!(of("one"), std::slice::from_ref(&openai), "it was taken back");
        let file = keeper.consent("one").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&file, "[\"api.openai.com\"]").unwrap();
        assert_eq!(of("one"), [openai], "a yes of before it was asked which values go");
        fs::write(&file, "{\"api.openai.com\": 1}").unwrap();
        assert_eq!(of("one"), [], "what cannot be read is asked again");
    }

    #[test]
    fn a_rescued_text_never_takes_the_place_of_another() {
        let (_state, keeper) = keeper();
        let first = keeper.rescue("one", "first").unwrap();
        let second = keeper.rescue("one", "second").unwrap();
        assert_ne!(first, second);
        assert_eq!(fs::read_to_string(first).unwrap(), "first");
    }
}
