//! Searches, on a thread of their own: a pattern over a megabyte must not keep a key waiting. A newer search ends the one
//! that is under way.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};

use super::inbox::Sending;
use crate::tui::effect::Effect;
use crate::tui::find::{Search, replace_all, seek};
use crate::tui::msg::Msg;

/// The thread that searches; it is started with the first search.
pub struct Searching {
    thread: Option<Sender<Effect>>,
    latest: Arc<AtomicU64>,
    inbox: Sending,
}

impl Searching {
    /// No thread yet.
    pub fn new(inbox: Sending) -> Self {
        Self { thread: None, latest: Arc::default(), inbox }
    }

    /// Asks for a search, or for everything to be replaced.
    pub fn ask(&mut self, effect: Effect) {
        if let Effect::Search(search) | Effect::ReplaceAll { search, .. } = &effect {
            self.latest.store(search.number, Ordering::Relaxed);
        }
        let thread = self.thread.get_or_insert_with(|| {
            let (sender, asked) = channel::<Effect>();
            let (latest, inbox) = (Arc::clone(&self.latest), self.inbox.clone());
            let work = move || {
                for effect in asked {
                    if let Some(msg) = perform(effect, &latest) {
                        inbox.send(msg);
                    }
                }
            };
            // without threads nothing is found, and everything else goes on
            let _ = std::thread::Builder::new().name("search".into()).spawn(work);
            sender
        });
        let _ = thread.send(effect);
    }
}

fn perform(effect: Effect, latest: &AtomicU64) -> Option<Msg> {
    match effect {
        Effect::Search(search) => {
            let wanted = || latest.load(Ordering::Relaxed) == search.number;
            answer(&search, &wanted)
        }
        Effect::ReplaceAll { search, kept } => Some(replaced(&search, &kept)),
        _ => None,
    }
}

/// What a search finds; `None` when it is not wanted any more.
pub fn answer(search: &Search, wanted: &dyn Fn() -> bool) -> Option<Msg> {
    seek(search, wanted).map(|result| Msg::Found { search: search.number, result: result.map(Box::new) })
}

/// What the texts become when everything is replaced.
pub fn replaced(search: &Search, kept: &BTreeSet<(usize, usize)>) -> Msg {
    let of = search.texts.each_ref().map(|(revision, _)| *revision);
    Msg::Replaced { search: search.number, of, edits: replace_all(search, kept) }
}
