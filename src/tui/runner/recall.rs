//! The thread that reads the history for the screen, and changes it when the user says so. A newer question for the list
//! ends the one that is being answered: whoever types does not wait for what they typed before.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rusqlite::InterruptHandle;

use super::inbox::Sending;
use super::saving::place_of;
use crate::error::{Error, Result};
use crate::history::{Filter, Mask, Run, Store, fingerprint, private, unfinished};
use crate::library::{Library, Which};
use crate::prompt::{Resolver, Values};
use crate::tui::changes::Changes;
use crate::tui::msg::Msg;
use crate::tui::past::{Against, Entry, Now, Recall, Recalled, Whole};

/// Where the history is, and which library is open.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file; `None` where nothing is kept.
    pub file: Option<PathBuf>,
    /// The library, whose versions are compared with what was sent.
    pub library: Library,
}

/// The thread; it is started with the first question.
pub struct Recalling {
    place: Place,
    inbox: Sending,
    thread: Option<Sender<Recall>>,
    /// The number of the list that is wanted.
    latest: Arc<AtomicU64>,
    /// Ends what is being read for a list.
    reading: Reading,
}

type Reading = Arc<Mutex<Option<InterruptHandle>>>;

impl Recalling {
    /// No thread yet.
    pub fn new(place: Place, inbox: Sending) -> Self {
        Self { place, inbox, thread: None, latest: Arc::default(), reading: Reading::default() }
    }

    /// Asks one thing.
    pub fn ask(&mut self, recall: Recall) {
        if let Recall::List { number, .. } = &recall {
            self.latest.store(*number, Ordering::Relaxed);
            // the new question is not with the thread yet, so that only an older one can be ended
            if let Some(reading) = &*self.reading.lock().unwrap_or_else(PoisonError::into_inner) {
                reading.interrupt();
            }
        }
        let thread = self.thread.get_or_insert_with(|| {
            let (sender, asked) = channel::<Recall>();
            let (place, inbox) = (self.place.clone(), self.inbox.clone());
            let (latest, reading) = (Arc::clone(&self.latest), Arc::clone(&self.reading));
            let work = move || {
                for recall in asked {
                    let stale = |number: u64| latest.load(Ordering::Relaxed) != number;
                    if matches!(&recall, Recall::List { number, .. } if stale(*number)) {
                        continue;
                    }
                    let answer = answer(&place, recall, &reading);
                    if !matches!(&answer, Recalled::Listed { number, .. } if stale(*number)) {
                        inbox.send(Msg::Recalled(answer));
                    }
                }
            };
            // without threads the history stays closed, and everything else goes on
            let _ = std::thread::Builder::new().name("recall".into()).spawn(work);
            sender
        });
        let _ = thread.send(recall);
    }
}

/// Answers one question; what it says is masked.
#[cfg(test)]
pub fn recalled(place: &Place, recall: Recall) -> Recalled {
    answer(place, recall, &Reading::default())
}

fn answer(place: &Place, recall: Recall, reading: &Reading) -> Recalled {
    let file = place.file.as_deref();
    match recall {
        Recall::List { number, filter, after } => {
            let list = |store: &Store| {
                *reading.lock().unwrap_or_else(PoisonError::into_inner) = Some(store.interrupter());
                let page = store.page(&filter, after);
                *reading.lock().unwrap_or_else(PoisonError::into_inner) = None;
                page
            };
            if let (Some(file), None) = (file, after) {
                unfinished::take_in(file);
            }
            let result = read(file).and_then(|store| store.as_ref().map(list).transpose());
            let entries = result.map(|page| {
                let page = page.unwrap_or_default();
                let entry = |brief: crate::history::Brief| Entry { when: local(brief.at_ms), brief };
                (page.rows.into_iter().map(entry).collect(), page.total)
            });
            Recalled::Listed { number, goes_on: after.is_some(), result: entries }
        }
        Recall::Read { id, now } => {
            let found = read(file).and_then(|store| store.map_or(Ok(None), |store| store.get(id)));
            let whole = found.map(|run| run.map(|run| Arc::new(whole(&place.library, run, now.as_deref()))));
            Recalled::Read { id, result: whole }
        }
        Recall::Rate { id, rating } => {
            Recalled::Rated { id, rating, result: changed(file, id, |store| store.rate(id, rating)) }
        }
        Recall::Delete(id) => {
            Recalled::Deleted { id, result: changed(file, id, |store| store.delete(&[id])).map(drop) }
        }
        Recall::Export { filter, only, file: typed } => {
            let target = place_of(&typed);
            Recalled::Exported(export(file, &filter, only, &target).map(|count| (target, count)))
        }
    }
}

fn read(file: Option<&Path>) -> Result<Option<Store>> {
    file.map_or(Ok(None), Store::read)
}

/// Changes the history, which is there: a run of it is shown.
fn changed<T>(file: Option<&Path>, id: i64, change: impl FnOnce(&mut Store) -> Result<T>) -> Result<T> {
    let file = file.filter(|file| file.exists()).ok_or_else(|| Error::input(format!("there is no run {id}")))?;
    change(&mut Store::open(file)?)
}

/// A run as it is shown, beside the prompt as it is now.
fn whole(library: &Library, run: Run, now: Option<&Now>) -> Whole {
    let run = run.masked();
    let when = local(run.at_ms);
    let against = match now.filter(|now| now.prompt == run.prompt) {
        Some(now) => against(library, &run, now),
        None => Against {
            note: format!("{} is not open, so that nothing is compared.", run.prompt),
            changes: Changes::default(),
        },
    };
    Whole { run, when, against }
}

/// The prompt then and now: with its placeholders where the text of that time is still known by its checksum, else
/// filled.
fn against(library: &Library, run: &Run, now: &Now) -> Against {
    let text = now.text.to_text();
    let then = if fingerprint(&text) == run.sha256 { Some(text.clone()) } else { version_of(library, run) };
    if let Some(then) = then {
        if then == text {
            let changes = Changes::between(&run.system, &filled(&text, now));
            let other = if changes.rows.is_empty() { "." } else { "; with today's values it says this instead:" };
            return Against { note: format!("The draft is the text that was sent, byte for byte{other}"), changes };
        }
        let changes = Changes::between(&then, &text);
        let note = if changes.rows.is_empty() {
            "The draft says the same; only line ends or headings differ.".to_owned()
        } else {
            format!("What made v{} then into the draft now, with its placeholders:", run.version)
        };
        return Against { note, changes };
    }
    let changes = Changes::between(&run.system, &filled(&text, now));
    let note = if changes.rows.is_empty() {
        "The draft has changed since, but filled it says the same.".to_owned()
    } else {
        "What made the prompt as it was sent into the draft as it would be sent now, both filled:".to_owned()
    };
    Against { note, changes }
}

/// The text of the version that ran, if it is still the one.
fn version_of(library: &Library, run: &Run) -> Option<String> {
    let version = run.version.parse().ok()?;
    let text = library.read(&run.prompt, &Which::Version(version)).ok()?.text;
    (fingerprint(&text) == run.sha256).then_some(text)
}

/// The draft filled with today's values, masked as the history masks them.
fn filled(text: &str, now: &Now) -> String {
    let none = Values::default();
    let resolver = Resolver {
        given: &none,
        set: Some(&now.values),
        message: None,
        conversation_history: Some(""),
        declarations: &now.declarations,
    };
    Mask::new(&private(&resolver, &now.declarations)).over(&resolver.fill(text).text)
}

/// Writes runs into a new file that only the user can read; gives how many.
fn export(file: Option<&Path>, filter: &Filter, only: Option<i64>, target: &Path) -> Result<usize> {
    let failed = |error: &std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Error::input("is there already and was not changed").at(target).hint("choose another name")
        }
        _ => Error::io("write the runs", target, error),
    };
    let store = read(file)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::new(options.open(target).map_err(|error| failed(&error))?);
    let mut count = 0;
    let mut write = |run: Run| {
        count += 1;
        writeln!(out, "{}", run.masked().document()).map_err(|error| failed(&error))
    };
    match (&store, only) {
        (None, _) => {}
        (Some(store), Some(id)) => store.get(id)?.map_or(Ok(()), write)?,
        (Some(store), None) => store.export(filter, &mut write)?,
    }
    out.flush().map_err(|error| failed(&error))?;
    Ok(count)
}

/// A moment where the user is, to the minute.
fn local(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    super::local::at(at).strftime("%Y-%m-%d %H:%M").to_string()
}
