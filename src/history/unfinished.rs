//! Runs that have begun and not ended, each as a file beside the history, masked like what is in it: what a process that
//! was killed leaves behind, so that the run is in the history all the same.
//!
//! The file is locked while its run goes on. The system lets go of the lock when a process ends, however it ends.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::run::{Run, Said};
use super::store::Store;
use crate::config::Keeping;
use crate::error::Result;
use crate::model::{Finish, Usage};

/// How the name of a run's file ends.
const ENDING: &str = ".json";

/// How many were begun here: several may begin in one millisecond.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Held while notes are taken in by this process: at its start, and before a list is read.
static TAKING: Mutex<()> = Mutex::new(());

/// A run that goes on. Dropping it says that the run has ended, and is in the history by now.
#[derive(Debug)]
pub struct Unfinished {
    path: PathBuf,
    _lock: File,
}

/// What is known of a run when it begins.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    at_ms: i64,
    library: String,
    prompt: String,
    version: String,
    sha256: String,
    model: String,
    params: Value,
    system: String,
    turns: Vec<Said>,
}

fn folder(history: &Path) -> PathBuf {
    history.with_file_name("unfinished")
}

impl Unfinished {
    /// Notes that `run` begins, beside the history in the file `history`.
    ///
    /// # Errors
    /// When nothing can be written there; the run goes on without.
    pub fn begin(history: &Path, mut run: Run) -> io::Result<Self> {
        let private = std::mem::take(&mut run.private);
        run.hide(&private);
        let begun = Begun {
            at_ms: run.at_ms,
            library: run.library,
            prompt: run.prompt,
            version: run.version,
            sha256: run.sha256,
            model: run.model,
            params: run.params,
            system: run.system,
            turns: run.turns,
        };
        let folder = folder(history);
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{}-{number}", std::process::id(), run.at_ms);
        let (new, path) = (folder.join(&name), folder.join(name + ENDING));
        let mut file = options.open(&new)?;
        let mut unfinished = Self { path: new, _lock: file.try_clone()? };
        file.lock()?;
        file.write_all(&serde_json::to_vec(&begun)?)?;
        // under its name only when it is whole and locked, so that nobody takes it for one that was left behind
        fs::rename(&unfinished.path, &path)?;
        unfinished.path = path;
        Ok(unfinished)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// The files of runs whose process is gone.
fn left(history: &Path) -> Vec<(PathBuf, File)> {
    let files = fs::read_dir(folder(history)).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = files.filter(|path| path.to_string_lossy().ends_with(ENDING));
    let free = |path: PathBuf| {
        let file = File::open(&path).ok()?;
        // whoever takes it first takes it alone
        file.try_lock().ok().map(|()| (path, file))
    };
    files.filter_map(free).collect()
}

/// Takes runs into the history that a killed process has left behind, before the history is read. What cannot be taken in
/// now is taken in later, and is no reason to show nothing.
pub fn take_in(history: &Path) {
    // a note that another thread is just taking in is locked, and would be taken for a run that goes on
    let _turn = TAKING.lock().unwrap_or_else(PoisonError::into_inner);
    if !left(history).is_empty() {
        let _ = Store::open(history).and_then(|mut store| collect(history, &mut store));
    }
}

/// Takes runs into the history that a killed process has left behind; gives how many.
///
/// # Errors
/// When they cannot be written; then they stay where they are.
pub fn collect(history: &Path, store: &mut Store) -> Result<usize> {
    let mut taken = 0;
    for (path, file) in left(history) {
        if let Ok(begun) = serde_json::from_reader::<_, Begun>(io::BufReader::new(&file)) {
            store.add(begun.into(), Keeping::default())?;
            taken += 1;
        } else if super::disk::put_aside(&path).is_ok() {
            // damaged, or of a newer greenroom: nobody asks for it again, and it is there for who looks for it
            continue;
        }
        let _ = fs::remove_file(&path);
    }
    Ok(taken)
}

impl From<Begun> for Run {
    fn from(begun: Begun) -> Self {
        let message = "greenroom was ended before the reply was whole";
        Self {
            id: 0,
            at_ms: begun.at_ms,
            library: begun.library,
            prompt: begun.prompt,
            version: begun.version,
            sha256: begun.sha256,
            model: begun.model,
            params: begun.params,
            system: begun.system,
            turns: begun.turns,
            reply: String::new(),
            left_out: 0,
            finish: Finish::Incomplete.id().to_owned(),
            failure: json!({"kind": "interrupted", "message": message, "status": null}),
            usage: Usage::default(),
            cost: None,
            first_ms: None,
            total_ms: 0,
            rating: None,
            private: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_cannot_be_read_is_put_aside_and_asked_about_once() {
        let state = tempfile::tempdir().unwrap();
        let history = state.path().join("history.sqlite");
        fs::create_dir(folder(&history)).unwrap();
        let note = folder(&history).join("1-2-3.json");
        fs::write(&note, "{\"of a newer greenroom\": 1}").unwrap();
        take_in(&history);
        assert!(!note.exists());
        assert_eq!(fs::read(note.with_extension("damaged-1")).unwrap(), b"{\"of a newer greenroom\": 1}");
        assert_eq!(left(&history).len(), 0);
    }
}
