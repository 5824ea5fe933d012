//! Where the journal of a prompt lies, and which of the greenrooms that have it open has which.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::library::journal::{Decoded, Story, Unsaved, decode};
use crate::tui::runner::aside::copy_aside;
use crate::tui::runner::kept::private_folder;

/// A journal of more bytes is not read: it is none of ours.
const MOST_BYTES: u64 = 1 << 30;
/// So many greenrooms can have a journal of the same draft.
pub(super) const PLACES: u32 = 16;

/// The files of one prompt in the state folder.
#[derive(Debug)]
pub(super) struct Places {
    /// The user's state folder.
    pub(super) state: PathBuf,
    /// The name of the prompt's journals.
    pub(super) name: String,
}

impl Places {
    /// The journal of this place.
    pub(super) fn journal(&self, number: u32) -> PathBuf {
        let name = if number == 0 { self.name.clone() } else { format!("{}.{number}", self.name) };
        self.state.join("journal").join(format!("{name}.journal"))
    }

    fn lock(&self, number: u32) -> PathBuf {
        self.state.join("locks").join(format!("{}.{number}.lock", self.name))
    }

    /// The first place that nobody has, with who has it now written in it. The file stays when the place is given back:
    /// what counts is the lock.
    pub(super) fn take(&self, now_ms: u64) -> io::Result<(u32, File)> {
        for number in 0..PLACES {
            if self.who(number).is_some() {
                continue;
            }
            let file = self.lock(number);
            private_folder(&file)?;
            let mut lock =
                OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(file)?;
            if lock.try_lock().is_ok() {
                lock.set_len(0)?;
                writeln!(lock, "{} {now_ms}", std::process::id())?;
                return Ok((number, lock));
            }
        }
        Err(io::Error::other("too many greenrooms have this draft open"))
    }

    /// Who has this place; `None` when nobody has. Only reads: others are told of every write.
    pub(super) fn who(&self, number: u32) -> Option<(u32, u64)> {
        let mut lock = File::open(self.lock(number)).ok()?;
        if !matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)) {
            return None;
        }
        let mut text = String::new();
        let _ = (&mut lock).take(64).read_to_string(&mut text);
        let mut words = text.split_whitespace();
        let process = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        Some((process, words.next().and_then(|word| word.parse().ok()).unwrap_or(0)))
    }

    /// A text that a greenroom which is gone has left in its own journal.
    pub(super) fn left_behind(&self, own: u32, shown: &str) -> Option<(PathBuf, Unsaved)> {
        (0..PLACES).filter(|number| *number != own).find_map(|number| {
            let file = self.journal(number);
            if !file.exists() || self.who(number).is_some() {
                return None;
            }
            let unsaved = read(&file)?.compared_with(shown).unsaved?;
            Some((file, unsaved))
        })
    }
}

/// The story of a journal; `None` when there is none that can be read.
pub(super) fn read(file: &Path) -> Option<Story> {
    Story::replay(&decoded(file)?.records)
}

/// The same of the journal that will be written to. What of it cannot be read is not overwritten: then a copy is kept, of
/// which the second gives the name.
pub(super) fn read_own(file: &Path) -> io::Result<(Option<Story>, Option<PathBuf>)> {
    let Some(decoded) = decoded(file) else { return Ok((None, None)) };
    let aside = if decoded.damaged { Some(copy_aside(file)?) } else { None };
    Ok((Story::replay(&decoded.records), aside))
}

fn decoded(file: &Path) -> Option<Decoded> {
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    Some(decode(&bytes))
}
