//! What the state folder no longer needs goes, once after each start and in a thread of its own: files that an editor
//! was given and left as they were, and journals that hold nothing but old undo steps.
//!
//! It must never take what somebody typed and nobody saved: a file of an editor goes only when it holds exactly what it
//! was written with, a journal only when its text stood in the draft's file when it was last written, is whole, and
//! belongs to no greenroom that runs.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use crate::library::journal::{Story, decode};

/// A file that an editor left as it was goes after so long; the editor may still be open before.
const EDITED: Duration = Duration::from_hours(7 * 24);
/// Undo steps of a draft that nobody has opened for so long go.
const UNDO: Duration = Duration::from_hours(90 * 24);
/// So many bytes of journals stay; beyond that the oldest go.
const MOST_BYTES: u64 = 64 << 20;
/// A journal of more bytes is not read, and so stays.
const READABLE: u64 = 256 << 20;
/// Letters of the mark in the name of an editor's file.
const MARK: usize = 12;

/// What the name of an editor's file says of the bytes that it was written with.
pub fn mark(bytes: &[u8]) -> String {
    let bytes = Sha256::digest(bytes);
    let number = bytes.iter().take(MARK / 2).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:0MARK$x}")
}

/// Cleans the state folder in the background. What cannot be cleaned stays, and is tried again at the next start.
pub fn begin(state: Option<&Path>) {
    let Some(state) = state.map(Path::to_owned) else { return };
    let work = move || clean(&state, SystemTime::now());
    // without a thread the folder stays as it is
    let _ = std::thread::Builder::new().name("cleaning".into()).spawn(work);
}

/// A file with its age and its size.
#[derive(Debug)]
struct Old {
    file: PathBuf,
    age: Duration,
    size: u64,
}

fn clean(state: &Path, now: SystemTime) {
    for old in files(&state.join("edit"), now) {
        if old.age > EDITED && is_untouched(&old.file) {
            let _ = fs::remove_file(&old.file);
        }
    }
    let mut journals = files(&state.join("journal"), now);
    journals.sort_by_key(|old| std::cmp::Reverse(old.age));
    let mut total: u64 = journals.iter().map(|old| old.size).sum();
    for old in journals {
        if (old.age > UNDO || total > MOST_BYTES) && old.size <= READABLE && forget(&old.file, state) {
            total -= old.size;
        }
    }
}

fn files(folder: &Path, now: SystemTime) -> Vec<Old> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let old = |entry: fs::DirEntry| {
        // a link is not followed: what it leads to is none of ours
        let about = entry.metadata().ok().filter(fs::Metadata::is_file)?;
        let age = now.duration_since(about.modified().ok()?).unwrap_or_default();
        Some(Old { file: entry.path(), age, size: about.len() })
    };
    entries.flatten().filter_map(old).collect()
}

/// Whether a file of an editor holds what it was written with: its name, `NAME-MARK-LETTERS.md`, tells.
fn is_untouched(file: &Path) -> bool {
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let told = stem.rsplit('-').nth(1).filter(|mark| mark.len() == MARK);
    told.is_some_and(|told| fs::read(file).is_ok_and(|bytes| mark(&bytes) == told))
}

/// Takes a journal away, if nothing is lost by it.
fn forget(journal: &Path, state: &Path) -> bool {
    let Some(name) = journal.file_name().and_then(|name| name.to_str()?.strip_suffix(".journal")) else { return false };
    let place = if name.contains('.') { name.to_owned() } else { format!("{name}.0") };
    let lock = state.join("locks").join(format!("{place}.lock"));
    let held = match OpenOptions::new().read(true).write(true).open(lock) {
        Ok(lock) => match lock.try_lock() {
            Ok(()) => Some(lock),
            // somebody has the draft open
            Err(_) => return false,
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(_) => return false,
    };
    let is_gone = is_saved(journal) && fs::remove_file(journal).is_ok();
    drop(held);
    is_gone
}

/// Whether the text of a journal stood in the draft's file when the journal was last written.
fn is_saved(journal: &Path) -> bool {
    let mut bytes = Vec::new();
    let read = File::open(journal).and_then(|file| file.take(READABLE + 1).read_to_end(&mut bytes));
    if read.is_err() {
        return false;
    }
    let decoded = decode(&bytes);
    // what follows a torn record may be what was typed last
    decoded.valid == bytes.len() && Story::replay(&decoded.records).is_some_and(|story| story.is_saved())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::journal::{Edit, MAGIC, Record};

    const START: &str = "# Identity\nabc\n";
    const DAY: Duration = Duration::from_hours(24);

    /// A state folder in which `name` holds `bytes`, and what is left of it after so many days.
    fn stays(name: &str, bytes: &[u8], days: u32) -> bool {
        let state = tempfile::tempdir().unwrap();
        let file = state.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, bytes).unwrap();
        clean(state.path(), SystemTime::now() + days * DAY);
        file.exists()
    }

    fn journal(records: &[Record]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for record in records {
            record.encode(&mut bytes);
        }
        bytes
    }

    fn typed() -> Vec<Record> {
        let edit = Edit::between(&START.into(), "# Identity\nabcd\n");
        vec![Record::Text { at_ms: 1, text: START.into() }, Record::Now { at_ms: 2, edit }, Record::Step]
    }

    fn saved() -> Vec<Record> {
        let mut records = typed();
        records.extend([Record::Saving { edit: Edit::default() }, Record::Saved]);
        records
    }

    #[test]
    fn a_file_that_an_editor_left_as_it_was_goes_after_a_week() {
        let name = format!("edit/faq-identity-{}-aB3xYz.md", mark(b"You help.\n"));
        assert!(stays(&name, b"You help.\n", 6));
        assert!(!stays(&name, b"You help.\n", 8));
    }

    #[test]
    fn a_file_in_which_something_was_written_is_never_taken_away() {
        let name = format!("edit/faq-identity-{}-aB3xYz.md", mark(b"You help.\n"));
        assert!(stays(&name, b"You help everybody.\n", 4_000));
        assert!(stays("edit/faq-identity-aB3xYz.md", b"You help.\n", 4_000), "nothing is known of it");
    }

    #[test]
    fn a_journal_whose_text_was_saved_goes_after_a_quarter_of_a_year() {
        assert!(stays("journal/0f.journal", &journal(&saved()), 89));
        assert!(!stays("journal/0f.journal", &journal(&saved()), 91));
        assert!(!stays("journal/0f.1.journal", &journal(&saved()), 91));
    }

    #[test]
    fn a_journal_with_a_text_that_was_not_saved_stays_however_old_it_is() {
        assert!(stays("journal/0f.journal", &journal(&typed()), 4_000));
        let mut whole = saved();
        whole.push(Record::Now { at_ms: 3, edit: Edit::between(&"# Identity\nabcd\n".into(), "more") });
        assert!(stays("journal/0f.journal", &journal(&whole), 4_000));
        let mut torn = journal(&whole);
        torn.truncate(torn.len() - 1);
        assert!(stays("journal/0f.journal", &torn, 4_000));
        assert!(stays("journal/0f.journal", b"something else", 4_000));
    }

    #[test]
    fn a_journal_of_a_draft_that_is_open_stays() {
        let state = tempfile::tempdir().unwrap();
        let file = state.path().join("journal/0f.journal");
        for folder in ["journal", "locks"] {
            fs::create_dir_all(state.path().join(folder)).unwrap();
        }
        fs::write(&file, journal(&saved())).unwrap();
        let lock = File::create(state.path().join("locks/0f.0.lock")).unwrap();
        lock.try_lock().unwrap();
        clean(state.path(), SystemTime::now() + 91 * DAY);
        assert!(file.exists());
        drop(lock);
        clean(state.path(), SystemTime::now() + 91 * DAY);
        assert!(!file.exists());
    }

    #[test]
    fn beyond_a_bound_the_oldest_undo_steps_go_first() {
        let state = tempfile::tempdir().unwrap();
        fs::create_dir_all(state.path().join("journal")).unwrap();
        let large = "x".repeat(40 << 20);
        let records = [Record::Text { at_ms: 1, text: large }];
        for name in ["old", "new"] {
            fs::write(state.path().join(format!("journal/{name}.journal")), journal(&records)).unwrap();
        }
        let old = File::options().write(true).open(state.path().join("journal/old.journal")).unwrap();
        old.set_modified(SystemTime::now() - DAY).unwrap();
        clean(state.path(), SystemTime::now());
        assert!(!state.path().join("journal/old.journal").exists());
        assert!(state.path().join("journal/new.journal").exists());
    }
}
