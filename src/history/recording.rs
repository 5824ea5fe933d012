//! A run while it is under way: takes its events, and hands over the run when it ends, whatever ends it. A process that is
//! killed leaves a note of it.

use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::time::Instant;

use jiff::Timestamp;

use super::run::{About, Run};
use super::unfinished::Unfinished;
use super::writer::Ended;
use crate::model::{Event, Request, Usage};

/// What a run costs with these counts, in dollars.
pub type Cost = Box<dyn Fn(Usage) -> Option<f64> + Send>;

/// Takes the events of one run. Dropping it hands the run to the history: one that was not done is cancelled.
pub struct Recording {
    run: Option<Run>,
    sent: bool,
    begun: Instant,
    cost: Cost,
    history: Sender<Ended>,
    /// The file of the history, beside which it is noted that the run goes on.
    file: PathBuf,
    note: Option<Unfinished>,
}

impl std::fmt::Debug for Recording {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recording").field("sent", &self.sent).finish_non_exhaustive()
    }
}

impl Recording {
    /// Begins now. `file` is the history's, and `history` who writes it.
    pub fn new(about: About, request: &Request, cost: Cost, file: PathBuf, history: Sender<Ended>) -> Self {
        let run = Run::begin(about, request, Timestamp::now().as_millisecond());
        Self { run: Some(run), sent: false, begun: Instant::now(), cost, history, file, note: None }
    }

    /// One event of the run.
    pub fn take(&mut self, event: &Event) {
        let since = milliseconds(self.begun);
        let Some(run) = &mut self.run else { return };
        match event {
            Event::Sent(_) => {
                self.sent = true;
                // where it cannot be noted nothing is lost but that
                self.note = self.note.take().or_else(|| Unfinished::begin(&self.file, run.clone()).ok());
            }
            Event::Text(text) | Event::Refusal(text) => {
                run.first_ms.get_or_insert(since);
                run.says(text);
            }
            Event::Usage(usage) => {
                run.usage.input = usage.input.or(run.usage.input);
                run.usage.output = usage.output.or(run.usage.output);
                run.usage.cache_read = usage.cache_read.or(run.usage.cache_read);
                run.usage.cache_write = usage.cache_write.or(run.usage.cache_write);
            }
            Event::Done { finish, failure } => run.end(*finish, failure.as_ref()),
            _ => {}
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        // what never left is no run
        let Some(mut run) = self.run.take().filter(|_| self.sent) else { return };
        run.total_ms = milliseconds(self.begun);
        run.cost = (self.cost)(run.usage);
        // nobody there to keep it is a program that ends
        let _ = self.history.send(Ended { run, note: self.note.take() });
    }
}

fn milliseconds(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
}
