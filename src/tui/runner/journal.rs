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

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::kept::{name_of, private_folder};
use crate::library::journal::{Edit, Found, MAGIC, Record, Story, decode};
use crate::tui::draft::{DraftText, Passed};

/// So much a journal grows beyond twice its shortest form before it is written anew.
const SLACK: u64 = 1 << 20;
/// So much text is looked at for the steps of one moment; a burst of more steps counts as fewer.
const MOST_WORK: usize = 64 << 20;
/// A journal of more bytes is not read: it is none of ours.
const MOST_BYTES: u64 = 1 << 30;
/// So many greenrooms can have a journal of the same draft.
const PLACES: u32 = 16;

/// The journals of the drafts that are open here.
#[derive(Debug)]
pub struct Journals {
    /// The user's state folder; without one nothing is written.
    state: Option<PathBuf>,
    library: PathBuf,
    open: HashMap<String, Journal>,
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
        Self { state, library, open: HashMap::new() }
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
        let own = read(&file);
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

/// The files of one prompt in the state folder.
#[derive(Debug)]
struct Places {
    state: PathBuf,
    name: String,
}

impl Places {
    fn journal(&self, number: u32) -> PathBuf {
        let name = if number == 0 { self.name.clone() } else { format!("{}.{number}", self.name) };
        self.state.join("journal").join(format!("{name}.journal"))
    }

    fn lock(&self, number: u32) -> PathBuf {
        self.state.join("locks").join(format!("{}.{number}.lock", self.name))
    }

    /// The first place that nobody has, with who has it now written in it. The file stays when the place is given back:
    /// what counts is the lock.
    fn take(&self, now_ms: u64) -> io::Result<(u32, File)> {
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
    fn who(&self, number: u32) -> Option<(u32, u64)> {
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
    fn left_behind(&self, own: u32, shown: &str) -> Option<(PathBuf, crate::library::journal::Unsaved)> {
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
fn read(file: &Path) -> Option<Story> {
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    Story::replay(&decode(&bytes).records)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::tui::tests::{Workbench, workbench};

    const START: &str = "# Identity\nabc\n";

    /// A state folder and a workbench on a prompt whose journal lies in it.
    struct Place {
        state: tempfile::TempDir,
        journals: Journals,
        bench: Workbench,
    }

    impl Place {
        fn new() -> Self {
            let state = tempfile::tempdir().unwrap();
            let mut place = Self { journals: journals(&state), state, bench: workbench(START) };
            assert_eq!(place.journals.open("one", START, 1).unwrap(), Found::default());
            place.bench.press("enter");
            place
        }

        fn note(&mut self) {
            let draft = self.bench.model.draft.as_mut().unwrap();
            let (passed, moment) = (draft.history.take_passed(), draft.moment);
            self.journals.note("one", &passed, &draft.text(), (moment, 2)).unwrap();
        }

        fn save(&mut self) {
            let (text, moment) = (self.bench.text(), self.bench.draft().moment);
            self.journals.saving("one", &text, (moment, 3)).unwrap();
            self.journals.saved("one").unwrap();
        }

        /// What the next start finds, the file holding `text`.
        fn next_start(&mut self, text: &str) -> Found {
            self.journals = journals(&self.state);
            self.journals.open("one", text, 9).unwrap()
        }

        fn files(&self) -> Vec<PathBuf> {
            let Ok(found) = fs::read_dir(self.state.path().join("journal")) else { return Vec::new() };
            found.map(|entry| entry.unwrap().path()).collect()
        }
    }

    fn journals(state: &tempfile::TempDir) -> Journals {
        Journals::new(Path::new("/library"), Some(state.path().to_owned()))
    }

    fn text_of(found: &Found) -> Option<&str> {
        found.unsaved.as_ref().map(|unsaved| unsaved.text.as_str())
    }

    #[test]
    fn what_was_noted_and_not_saved_is_found_at_the_next_start() {
        let mut place = Place::new();
        assert_eq!(place.files(), Vec::<PathBuf>::new(), "nothing is written before anything is typed");
        place.bench.type_text("Hi");
        place.note();
        place.bench.type_text("you");
        place.note();
        let text = place.bench.text();
        assert_eq!(text_of(&place.next_start(START)), Some(&*text));
        assert_eq!(text_of(&place.next_start(START)), Some(&*text), "and again, until somebody decides");
        assert_eq!(place.next_start(&text).unsaved, None);
    }

    #[test]
    fn only_the_user_can_read_it() {
        let mut place = Place::new();
        place.bench.type_text("Hi");
        place.note();
        let file = &place.files()[0];
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        for folder in ["journal", "locks"] {
            let folder = fs::metadata(place.state.path().join(folder)).unwrap();
            assert_eq!(folder.permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn undo_goes_back_over_a_restart_and_a_save() {
        let mut place = Place::new();
        place.bench.type_text("Hi");
        place.note();
        place.save();
        place.bench.press("left");
        place.bench.type_text("!");
        place.note();
        place.save();
        let text = place.bench.text();
        let steps = place.next_start(&text).steps;
        assert_eq!(steps.past.len(), 2);
        // the journal goes on from there
        place.bench.type_text("?");
        place.note();
        place.save();
        let text = place.bench.text();
        assert_eq!(place.next_start(&text).steps.past.len(), 2, "the third belongs to the second");
    }

    #[test]
    fn a_save_before_its_note_is_known_as_ours_and_the_newer_text() {
        let mut place = Place::new();
        place.bench.type_text("Hi");
        place.save();
        let text = place.bench.text();
        assert_eq!(place.next_start(&text).unsaved, None);
        let mut place = Place::new();
        place.bench.type_text("Hi");
        let (text, moment) = (place.bench.text(), place.bench.draft().moment);
        place.journals.saving("one", &text, (moment, 3)).unwrap();
        assert_eq!(place.next_start(&text).unsaved, None, "it was written and nobody heard of it");
    }

    #[test]
    fn a_journal_with_a_torn_end_tells_what_is_whole() {
        let mut place = Place::new();
        place.bench.type_text("Hi");
        place.note();
        let whole = place.bench.text();
        place.bench.type_text("you");
        place.note();
        let file = place.files()[0].clone();
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() - 3]).unwrap();
        assert_eq!(text_of(&place.next_start(START)), Some(&*whole));
        fs::write(&file, b"something else entirely").unwrap();
        assert_eq!(place.next_start(START), Found::default());
    }

    #[test]
    fn a_text_that_was_put_aside_is_not_found_again() {
        let mut place = Place::new();
        place.bench.type_text("Hi");
        place.note();
        let text = place.bench.text();
        place.next_start(START);
        let put = place.journals.put_aside("one", |found| Ok(found.to_owned()));
        assert_eq!(put.unwrap().unwrap(), text);
        assert!(place.journals.put_aside("one", |_| Ok(())).is_none());
        assert_eq!(place.next_start(START), Found::default());
    }

    #[test]
    fn a_text_that_was_restored_is_in_the_journal_as_one_step() {
        let mut place = Place::new();
        place.bench.type_text("Hi");
        place.note();
        let text = place.bench.text();
        place.next_start(START);
        place.bench = workbench(START);
        place.journals.restored("one");
        place.bench.model.draft.as_mut().unwrap().replace_text(&text);
        place.note();
        place.save();
        let found = place.next_start(&text);
        assert_eq!((found.unsaved, found.steps.past.len()), (None, 1));
    }

    #[test]
    fn a_second_greenroom_has_a_journal_of_its_own_and_what_it_left_is_found() {
        let mut place = Place::new();
        let mut second = journals(&place.state);
        assert_eq!(second.open("one", START, 1).unwrap(), Found::default());
        place.bench.type_text("Hi");
        let draft = place.bench.model.draft.as_mut().unwrap();
        let text = draft.text();
        second.note("one", &draft.history.take_passed(), &text, (draft.moment, 2)).unwrap();
        let third = journals(&place.state).open("one", START, 1).unwrap();
        assert_eq!(third, Found::default(), "both are still there");
        drop(second);
        let found = place.next_start(START);
        assert_eq!(text_of(&found), Some(&*text.to_text()));
        place.journals.put_aside("one", |_| Ok(())).unwrap().unwrap();
        assert_eq!(place.next_start(START), Found::default());
    }

    #[test]
    fn a_journal_that_grows_is_written_anew() {
        let mut place = Place::new();
        for round in 0..40 {
            place.bench.tell(crate::tui::msg::Msg::Paste("x".repeat(100_000)));
            place.note();
            if round % 2 == 1 {
                place.bench.press("ctrl-z ctrl-z");
                place.note();
            }
        }
        let size = fs::metadata(&place.files()[0]).unwrap().len();
        assert!(size < 2_000_000, "{size} bytes");
        assert_eq!(place.files().len(), 1, "and leaves no litter");
    }

    #[test]
    fn a_journal_that_cannot_be_written_says_so_and_goes_on_when_it_can() {
        let mut place = Place::new();
        place.bench.type_text("Hi");
        let folder = place.state.path().join("journal");
        fs::write(&folder, "a file where the folder should be").unwrap();
        let draft = place.bench.model.draft.as_mut().unwrap();
        let (passed, text, moment) = (draft.history.take_passed(), draft.text(), draft.moment);
        assert!(place.journals.note("one", &passed, &text, (moment, 2)).is_err());
        fs::remove_file(&folder).unwrap();
        place.bench.type_text("you");
        place.note();
        let text = place.bench.text();
        assert_eq!(text_of(&place.next_start(START)), Some(&*text));
    }

    #[test]
    fn without_a_state_folder_nothing_is_written() {
        let mut journals = Journals::new(Path::new("/library"), None);
        assert_eq!(journals.open("one", START, 1).unwrap(), Found::default());
        journals.saving("one", "x", (1, 1)).unwrap();
    }
}
