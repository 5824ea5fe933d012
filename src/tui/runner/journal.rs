//! The journals on disk: `$XDG_STATE_HOME/greenroom/journal/HASH.journal`, one for each open draft, readable only by the
//! user. HASH is the first 16 bytes, in hex, of the SHA-256 of the library's real path, a zero byte and the prompt's
//! name. A second greenroom on the same draft writes `HASH.1.journal`, a third one `HASH.2.journal`, and so on; who has
//! which is told by locks on `../locks/HASH.N.lock`, which the system lets go of when a process ends, however it ends.
//!
//! A journal is written within [`crate::tui::update::JOURNAL_MS`] after the first change that is not in it, and
//! synchronised; it is not written while nothing changes. Before the draft's file is written the journal says with what,
//! so that a save whose end nobody saw is known as ours. Bounded: when it has doubled, and grown by [`SLACK`], it is
//! written anew with as few records as tell the same. What the records mean is `library::journal`.
//!
//! It must never be the reason that a key waits: all of this happens on threads of the runner.

mod places;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use places::{PLACES, Places, read_own};

use super::kept::{name_of, private_folder};
use crate::library::journal::{Edit, Found, MAGIC, Record, Story};
use crate::tui::draft::{DraftText, Passed};

/// So much a journal grows beyond twice its shortest form before it is written anew.
const SLACK: u64 = 1 << 20;
/// So much text is looked at for the steps of one moment; a burst of more steps counts as fewer.
const MOST_WORK: usize = 64 << 20;

/// The journals of the drafts that are open here.
#[derive(Debug)]
pub struct Journals {
    /// The user's state folder; without one nothing is written.
    state: Option<PathBuf>,
    library: PathBuf,
    open: HashMap<String, Journal>,
    /// Copies of journals that could not be read, of which nobody knows yet.
    aside: Vec<PathBuf>,
}

/// One journal.
#[derive(Debug)]
struct Journal {
    places: Places,
    /// Which of the places is ours.
    number: u32,
    file: PathBuf,
    /// Held as long as the draft is open.
    _lock: File,
    story: Story,
    /// Where records are added; `None` when it has to be written anew first.
    out: Option<File>,
    size: u64,
    /// Its size when it was last written anew.
    shortest: u64,
    /// The last moment of the draft that is in it.
    moment: u64,
    /// A text that was found and nobody has decided about: the file is left as it is until then.
    waiting: Option<Waiting>,
    /// The journal of a greenroom that is gone, whose text is in this one: goes when this one is written.
    superseded: Option<PathBuf>,
}

/// A text that was found.
#[derive(Debug)]
struct Waiting {
    text: String,
    /// The journal of a greenroom that is gone, if it was not in our own.
    of: Option<PathBuf>,
}

impl Journals {
    /// For the library at `library`; `state` is the user's state folder.
    pub fn new(library: &Path, state: Option<PathBuf>) -> Self {
        let library = fs::canonicalize(library).unwrap_or_else(|_| library.to_owned());
        Self { state, library, open: HashMap::new(), aside: Vec::new() }
    }

    /// Opens the journal of `prompt`, whose text is `shown` now, and says what it holds besides.
    ///
    /// # Errors
    /// When there is no place for a journal. The draft can be edited all the same.
    pub fn open(&mut self, prompt: &str, shown: &str, now_ms: u64) -> io::Result<Found> {
        let Some(state) = self.state.clone() else { return Ok(Found::default()) };
        if let Some(journal) = self.open.get_mut(prompt) {
            // opened again: what was typed is in the file, or it would not have been
            if *journal.story.text() != *shown {
                journal.story = Story::new(shown, now_ms);
                journal.out = None;
            }
            return Ok(Found { unsaved: None, ..journal.story.compared_with(shown) });
        }
        let places = Places { state, name: name_of(&self.library, prompt) };
        let (number, lock) = places.take(now_ms)?;
        let file = places.journal(number);
        let (own, aside) = read_own(&file)?;
        self.aside.extend(aside);
        let mut found = own.as_ref().map(|story| story.compared_with(shown)).unwrap_or_default();
        let mut of = None;
        if found.unsaved.is_none()
            && let Some((path, unsaved)) = places.left_behind(number, shown)
        {
            found.unsaved = Some(unsaved);
            of = Some(path);
        }
        let waiting = found.unsaved.as_ref().map(|unsaved| Waiting { text: unsaved.text.clone(), of });
        let story = Story::with_steps(shown, found.steps.clone(), now_ms);
        let journal = Journal {
            places,
            number,
            file,
            _lock: lock,
            story,
            out: None,
            size: 0,
            shortest: 0,
            moment: 0,
            waiting,
            superseded: None,
        };
        self.open.insert(prompt.to_owned(), journal);
        Ok(found)
    }

    /// The copies of journals that could not be read whole, each told once.
    pub fn copied_aside(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.aside)
    }

    /// The other greenrooms that have `prompt` open: their processes, and since when, in milliseconds since 1970.
    pub fn others(&self, prompt: &str) -> Vec<(u32, u64)> {
        let Some(journal) = self.open.get(prompt) else { return Vec::new() };
        let others = (0..PLACES).filter(|number| *number != journal.number);
        others.filter_map(|number| journal.places.who(number)).collect()
    }

    /// Closes the journal of a prompt that is no longer open.
    pub fn close(&mut self, prompt: &str) {
        self.open.remove(prompt);
    }

    /// The text that was found is in the draft now: the journal goes on from there with the next note.
    pub fn restored(&mut self, prompt: &str) {
        if let Some(journal) = self.open.get_mut(prompt)
            && let Some(waiting) = journal.waiting.take()
        {
            journal.superseded = waiting.of;
        }
    }

    /// The text that was found and is not wanted in the draft; `put` puts it into a file of its own. Gives what `put`
    /// gave; `None` when nothing was found.
    pub fn put_aside<T>(&mut self, prompt: &str, put: impl FnOnce(&str) -> io::Result<T>) -> Option<io::Result<T>> {
        let library = self.library.clone();
        let journal = self.open.get_mut(prompt)?;
        let done = put(&journal.waiting.as_ref()?.text);
        if done.is_ok() {
            journal.superseded = journal.waiting.take().and_then(|waiting| waiting.of);
            // where this fails the text is found once more, which loses nothing
            let _ = journal.write_anew(&library, prompt);
        }
        Some(done)
    }

    /// What has happened to the draft up to `moment`, which only grows.
    pub fn note(
        &mut self,
        prompt: &str,
        passed: &[Passed],
        text: &DraftText,
        (moment, now_ms): (u64, u64),
    ) -> io::Result<()> {
        let library = self.library.clone();
        let Some(journal) = self.open.get_mut(prompt) else { return Ok(()) };
        let text = text.to_text();
        let most = (MOST_WORK / text.len().max(1)).max(4);
        let mut bytes = Vec::new();
        for one in &passed[passed.len().saturating_sub(most)..] {
            let (then, record) = match one {
                Passed::Step(text) => (text, Record::Step),
                Passed::Undone(text) => (text, Record::Undo),
                Passed::Redone(text) => (text, Record::Redo),
            };
            journal.become_text(&then.to_text(), now_ms, &mut bytes);
            journal.tell(&record, &mut bytes);
        }
        journal.become_text(&text, now_ms, &mut bytes);
        journal.moment = journal.moment.max(moment);
        journal.write(&bytes, &library, prompt)
    }

    /// `text` is about to be written to the file.
    pub fn saving(&mut self, prompt: &str, text: &str, (moment, now_ms): (u64, u64)) -> io::Result<()> {
        let library = self.library.clone();
        let Some(journal) = self.open.get_mut(prompt) else { return Ok(()) };
        let mut bytes = Vec::new();
        if moment > journal.moment {
            // the note about it is still on its way
            journal.become_text(text, now_ms, &mut bytes);
            journal.moment = moment;
        }
        let edit = Edit::between(journal.story.text(), text);
        journal.tell(&Record::Saving { edit }, &mut bytes);
        journal.write(&bytes, &library, prompt)
    }

    /// It was written.
    pub fn saved(&mut self, prompt: &str) -> io::Result<()> {
        let library = self.library.clone();
        let Some(journal) = self.open.get_mut(prompt) else { return Ok(()) };
        let mut bytes = Vec::new();
        journal.tell(&Record::Saved, &mut bytes);
        journal.write(&bytes, &library, prompt)
    }
}

impl Journal {
    fn become_text(&mut self, text: &str, at_ms: u64, bytes: &mut Vec<u8>) {
        let edit = Edit::between(self.story.text(), text);
        if !edit.is_empty() {
            self.tell(&Record::Now { at_ms, edit }, bytes);
        }
    }

    fn tell(&mut self, record: &Record, bytes: &mut Vec<u8>) {
        self.story.tell(record);
        record.encode(bytes);
    }

    /// Adds the bytes, or writes the whole story, which has them already.
    fn write(&mut self, bytes: &[u8], library: &Path, prompt: &str) -> io::Result<()> {
        if self.waiting.is_some() || bytes.is_empty() {
            return Ok(());
        }
        let full = self.size > self.shortest.saturating_mul(2).saturating_add(SLACK);
        let Some(out) = self.out.as_mut().filter(|_| !full) else { return self.write_anew(library, prompt) };
        let done = out.write_all(bytes).and_then(|()| out.sync_data());
        self.size += bytes.len() as u64;
        if done.is_err() {
            // half a record may stand there now
            self.out = None;
        }
        done
    }

    fn write_anew(&mut self, library: &Path, prompt: &str) -> io::Result<()> {
        let mut bytes = MAGIC.to_vec();
        let about = Record::About { library: library.display().to_string(), prompt: prompt.to_owned() };
        about.encode(&mut bytes);
        for record in self.story.records() {
            record.encode(&mut bytes);
        }
        let folder = private_folder(&self.file)?;
        let mut written = tempfile::Builder::new().prefix(".journal-").tempfile_in(folder)?;
        written.write_all(&bytes)?;
        written.as_file().sync_all()?;
        let out = written.persist(&self.file).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()?;
        self.out = Some(out);
        self.size = bytes.len() as u64;
        self.shortest = self.size;
        if let Some(superseded) = self.superseded.take() {
            let _ = fs::remove_file(superseded);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
