//! The thread that writes the history, so that nothing on a screen waits for a disk.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::pace::Pace;
use super::run::Run;
use super::spend::Totals;
use super::store::Store;
use super::unfinished::Unfinished;
use crate::config::Keeping;
use crate::error::{Error, Result};

/// How long the end of the program waits for what is still to be written.
const LAST_WAIT: Duration = Duration::from_secs(2);
/// So long after a run could not be kept it is tried again.
const AGAIN: Duration = Duration::from_secs(5);
/// Of more runs that could not be kept, the oldest are given up.
const MOST_WAITING: usize = 20;
/// After so many runs it is looked again whether there is too much.
const TIDY_EVERY: usize = 50;

/// What the writer has to tell.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// Something goes wrong; told once for each kind of trouble.
    Trouble(Error),
    /// A run was kept, and so much is spent now.
    Spent(Totals),
    /// A run was kept, and so fast is its model now.
    Pace(Pace),
}

/// A run that has ended, however it ended.
#[derive(Debug)]
pub struct Ended {
    /// The run.
    pub run: Run,
    /// The note that it goes on, which is dropped once it is kept: until then a kill loses nothing.
    pub note: Option<Unfinished>,
}

impl From<Run> for Ended {
    fn from(run: Run) -> Self {
        Self { run, note: None }
    }
}

/// Takes runs and keeps them in its own time. Dropping it writes what it has, and waits for that for two seconds at most.
#[derive(Debug)]
pub struct Writer {
    runs: Option<Sender<Ended>>,
    done: Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Begins. The file is made with the first run.
    pub fn new(file: PathBuf, keeping: Keeping, tell: impl Fn(News) + Send + 'static) -> Self {
        let (runs, incoming) = channel();
        let (finished, done) = channel();
        let work = move || {
            write(&file, keeping, &incoming, &tell);
            let _ = finished.send(());
        };
        let thread = std::thread::Builder::new().name("history".into()).spawn(work).ok();
        Self { runs: Some(runs), done, thread }
    }

    /// Somebody who hands over runs, from any thread.
    pub fn sender(&self) -> Option<Sender<Ended>> {
        self.runs.clone()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.runs.take());
        // a disk that hangs does not keep the program from ending
        if !matches!(self.done.recv_timeout(LAST_WAIT), Err(RecvTimeoutError::Timeout))
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

fn write(file: &std::path::Path, keeping: Keeping, incoming: &Receiver<Ended>, tell: &impl Fn(News)) {
    let mut store: Option<Store> = None;
    let mut told = String::new();
    let (mut kept, mut waiting) = (0_usize, VecDeque::<Ended>::new());
    loop {
        let next = if waiting.is_empty() { incoming.recv().map_err(Into::into) } else { incoming.recv_timeout(AGAIN) };
        let is_last = matches!(next, Err(RecvTimeoutError::Disconnected));
        waiting.extend(next);
        let Some(model) = waiting.back().map(|ended| ended.run.model.clone()) else { break };
        while let Some(Ended { run, .. }) = waiting.front() {
            match keep(&mut store, file, keeping, run.clone(), kept.is_multiple_of(TIDY_EVERY)) {
                Ok(None) => told.clear(),
                Ok(Some(remark)) => tell(News::Trouble(remark)),
                Err(error) => {
                    // whatever it was, the next try begins with the file as it is then
                    store = None;
                    if told != error.message {
                        told.clone_from(&error.message);
                        tell(News::Trouble(error));
                    }
                    break;
                }
            }
            kept += 1;
            waiting.pop_front();
        }
        waiting.drain(..waiting.len().saturating_sub(MOST_WAITING));
        if is_last {
            break;
        }
        if let Some(Ok(totals)) = store.as_ref().map(|store| store.totals(jiff::Timestamp::now())) {
            tell(News::Spent(totals));
        }
        if let Some(Ok(pace)) = store.as_ref().map(|store| store.pace(&model)) {
            tell(News::Pace(pace));
        }
    }
}

/// Keeps one run; gives what there is to say although it was kept.
fn keep(
    store: &mut Option<Store>,
    file: &std::path::Path,
    keeping: Keeping,
    run: Run,
    tidy: bool,
) -> Result<Option<Error>> {
    let store = if let Some(store) = store {
        store
    } else {
        let store = store.insert(Store::open(file)?);
        super::unfinished::collect(file, store)?;
        store
    };
    let now = run.at_ms;
    store.add(run, keeping)?;
    if tidy {
        store.forget_old(keeping, now)?;
    }
    Ok(store.put_aside.take().map(|aside| {
        Error::input(format!("the history was damaged: it is now {}, and a new one was begun", aside.display()))
    }))
}
