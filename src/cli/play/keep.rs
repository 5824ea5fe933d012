//! Keeps every turn of a `play` in the history. A history that cannot be written is said, and stops nothing.

use std::cell::RefCell;

use jiff::Timestamp;

use super::conversation::Outcome;
use super::document::milliseconds;
use super::{Failure, Output, Playtest, Request, Role, Snapshot};
use crate::config::{Settings, state_folder};
use crate::error::Result;
use crate::history::unfinished::{self, Unfinished};
use crate::history::{About, Private, Run, Store, file_in, private};
use crate::library::{Library, Which};
use crate::model::FailureKind;
use crate::prompt::Resolver;

/// Where the turns of one `play` go.
pub(super) struct Keep<'a> {
    settings: &'a Settings,
    library: &'a Library,
    store: RefCell<State>,
}

enum State {
    NotOpened,
    Open(Box<Store>),
    /// It was said why.
    Given,
}

impl<'a> Keep<'a> {
    /// For one call; the file is opened with the first turn.
    pub fn new(settings: &'a Settings, library: &'a Library) -> Self {
        Self { settings, library, store: RefCell::new(State::NotOpened) }
    }

    /// Notes that a turn begins, so that it is in the history also when this process is killed. Where it cannot be noted
    /// nothing is lost but that.
    pub fn begin(&self, about: About, request: &Request, at: Timestamp) -> Option<Unfinished> {
        let folder = state_folder().filter(|_| self.settings.history.keep)?;
        Unfinished::begin(&file_in(&folder), Run::begin(about, request, at.as_millisecond())).ok()
    }

    /// Keeps one turn under a prompt, if the settings say so.
    pub fn keep(&self, about: About, request: &Request, at: Timestamp, outcome: &Outcome) {
        if !self.settings.history.keep {
            return;
        }
        let mut state = self.store.borrow_mut();
        if let Err(error) = self.write(&mut state, about, request, at, outcome) {
            *state = State::Given;
            let why = error.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
            let place = error.place.map(|place| format!("{place}: ")).unwrap_or_default();
            Output::warn(&format!("this run is not in the history: {place}{}{why}", error.message));
        }
    }

    fn write(
        &self,
        state: &mut State,
        about: About,
        request: &Request,
        at: Timestamp,
        outcome: &Outcome,
    ) -> Result<()> {
        let keeping = self.settings.history;
        if matches!(state, State::NotOpened) {
            let Some(folder) = state_folder() else {
                *state = State::Given;
                return Ok(());
            };
            let mut store = Store::open(&file_in(&folder))?;
            unfinished::collect(&file_in(&folder), &mut store)?;
            if let Some(aside) = store.put_aside.take() {
                let aside = aside.display();
                Output::warn(&format!("the history was damaged: it is now {aside}, and a new one was begun"));
            }
            store.forget_old(keeping, at.as_millisecond())?;
            *state = State::Open(Box::new(store));
        }
        let State::Open(store) = state else { return Ok(()) };
        let mut run = Run::begin(about, request, at.as_millisecond());
        run.says(&outcome.reply);
        run.end(outcome.finish, outcome.failure.as_ref());
        run.usage = outcome.usage;
        run.cost = outcome.cost;
        run.first_ms = outcome.first_token.map(milliseconds);
        run.total_ms = milliseconds(outcome.latency);
        store.add(run, keeping).map(|_| ())
    }

    /// What a turn is about, which is not kept as it is where it is private.
    pub fn about(&self, snapshot: &Snapshot, playtest: &Playtest<'_>, request: &Request) -> About {
        let version = match &snapshot.which {
            Which::Draft => "draft".to_owned(),
            Which::Version(version) => version.to_string(),
        };
        About {
            library: self.library.root().display().to_string(),
            prompt: snapshot.prompt.clone(),
            version,
            text: snapshot.text.clone(),
            private: private_of(playtest, request),
        }
    }
}

/// The values that must not be kept as they are. A message is one of them where the prompt declares it.
fn private_of(playtest: &Playtest<'_>, request: &Request) -> Vec<Private> {
    let said = request.turns.iter().filter(|turn| turn.role == Role::User);
    let mut all = Vec::new();
    for turn in said {
        let resolver = Resolver {
            given: playtest.given,
            set: playtest.set,
            message: Some(&turn.text),
            conversation_history: None,
            declarations: playtest.declarations,
        };
        for one in private(&resolver, playtest.declarations) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

/// That the user's cap on what is spent is reached. What cannot be read may be beyond it.
pub(super) fn beyond_cap(settings: &Settings) -> Option<Failure> {
    let caps = settings.spend;
    if caps.day.is_none() && caps.month.is_none() {
        return None;
    }
    let store = Store::read(&file_in(&state_folder()?));
    let totals = store.and_then(|store| store.map(|store| store.totals(Timestamp::now())).transpose());
    let message = match totals {
        Ok(totals) => {
            let totals = totals.unwrap_or_default();
            format!("not sent: {}", caps.reached(totals.today, totals.month)?)
        }
        Err(error) => format!("not sent: [spend] sets a cap, and what was spent cannot be read: {}", error.message),
    };
    let hint = Some("raise or remove it in your config, or try --model offline".to_owned());
    Some(Failure { hint, ..Failure::new(FailureKind::SpendCap, message) })
}
