//! Runs of models: each a task that turns a stream of events into messages. Cancelling one drops it, and with it its
//! socket. The runtime and the HTTP client are made when the first message is sent, never before.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Instant;

use futures::StreamExt;
use tokio::runtime::Runtime;
use tokio::task::AbortHandle;

use super::counter::Lesson;
use super::inbox::Sending;
use super::tape::Deck;
use crate::config::Settings;
use crate::history::{About, News, Recording, Store, Writer, unfinished};
use crate::library::Library;
use crate::model::discover::{Source, discover_here};
use crate::model::{
    Event, Failure, FailureKind, Finish, ModelName, Models, Offline, Remembered, Request, cost, count_exactly,
};
use crate::tui::msg::Msg;
use crate::tui::tape::Insertion;

/// Where runs are kept when they are over.
pub struct Past {
    /// The file of the history.
    pub file: PathBuf,
    /// The library's folder.
    pub library: String,
}

/// The runs that are under way.
pub struct Runs {
    settings: Settings,
    offline: Offline,
    inbox: Sending,
    ready: Option<(Runtime, std::sync::Arc<Models>)>,
    running: HashMap<u64, AbortHandle>,
    counting: Option<AbortHandle>,
    library: Library,
    deck: Deck,
    past: Option<Past>,
    abouts: HashMap<u64, About>,
    /// Stands last: what the runs hand over when they are dropped is written before it goes.
    writer: Option<Writer>,
}

impl Runs {
    /// No runtime and no client yet.
    pub fn new((settings, library): (Settings, Library), offline: Offline, inbox: Sending, past: Option<Past>) -> Self {
        let past = past.filter(|_| settings.history.keep);
        Self {
            settings,
            offline,
            inbox,
            ready: None,
            running: HashMap::new(),
            counting: None,
            library,
            deck: Deck::default(),
            past,
            abouts: HashMap::new(),
            writer: None,
        }
    }

    fn ready(&mut self) -> Result<(&Runtime, std::sync::Arc<Models>), Failure> {
        if self.ready.is_none() {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            let runtime = runtime.map_err(|error| Failure {
                kind: FailureKind::Network,
                message: format!("the network cannot be used: {error}"),
                detail: None,
                status: None,
                hint: None,
            })?;
            // before anything leaves this machine the screen has asked, and said so when others could read it
            let models = std::sync::Arc::new(Models::new(&self.settings, self.offline).asking_first());
            self.ready = Some((runtime, models));
        }
        match &self.ready {
            Some((runtime, models)) => Ok((runtime, std::sync::Arc::clone(models))),
            None => unreachable!("it was made just above"),
        }
    }

    /// Looks what was spent so far, and how fast models were, on a thread of its own.
    pub fn look_at_spend(&self) {
        let Some(file) = self.past.as_ref().map(|past| past.file.clone()) else { return };
        let inbox = self.inbox.clone();
        std::thread::spawn(move || {
            unfinished::take_in(&file);
            let store = match Store::read(&file) {
                Ok(store) => store,
                // who looks at a sum, or trusts a cap, has to know that it is not known
                Err(error) => {
                    inbox.send(Msg::Told(error));
                    return;
                }
            };
            if let Some(store) = store {
                if let Ok(totals) = store.totals(jiff::Timestamp::now()) {
                    inbox.send(Msg::Spent(totals));
                }
                if let Ok(paces) = store.paces() {
                    inbox.send(Msg::Paces(paces));
                }
            }
        });
    }

    /// Puts a cassette in, or takes out what is in, on a thread of its own: the file may be on a slow disk.
    pub fn insert(&self, number: u64, insertion: Option<Insertion>) {
        let (deck, library, inbox) = (self.deck.clone(), self.library.clone(), self.inbox.clone());
        let (settings, offline) = (self.settings.clone(), self.offline);
        std::thread::spawn(move || {
            let result = match insertion {
                None => {
                    deck.eject();
                    Ok(None)
                }
                Some(insertion) => deck.insert(&library, &Models::new(&settings, offline), &insertion).map(Some),
            };
            inbox.send(Msg::Inserted { number, result });
        });
    }

    /// What the run that is started next is about.
    pub fn about(&mut self, run: u64, about: About) {
        self.abouts.insert(run, about);
    }

    /// Who keeps the run in the history; nobody for one that is about no prompt.
    fn recording(&mut self, run: u64, request: &Request, models: &Models) -> Option<Recording> {
        let mut about = self.abouts.remove(&run)?;
        let past = self.past.as_ref()?;
        about.library.clone_from(&past.library);
        let writer = self.writer.get_or_insert_with(|| {
            let inbox = self.inbox.clone();
            let tell = move |news| {
                inbox.send(match news {
                    News::Trouble(error) => Msg::Told(error),
                    News::Spent(totals) => Msg::Spent(totals),
                    News::Pace(pace) => Msg::Paces(vec![pace]),
                });
            };
            Writer::new(past.file.clone(), self.settings.history, tell)
        });
        let remote = models.is_remote(&request.model);
        let (settings, model) = (self.settings.clone(), request.model.clone());
        let price = Box::new(move |usage| cost(&settings, &model, usage, remote));
        Some(Recording::new(about, request, price, past.file.clone(), writer.sender()?))
    }

    /// Starts a run; its events come as messages. What the server counted is taught to who counts.
    pub fn start(&mut self, run: u64, request: Request, teach: impl Fn(Lesson) + Send + 'static) {
        self.running.retain(|_, task| !task.is_finished());
        let inbox = self.inbox.clone();
        let begun = Instant::now();
        let tell = move |event: Event| {
            let at_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            inbox.send(Msg::Run { run, at_ms, event })
        };
        let models = match self.ready() {
            Ok((_, models)) => models,
            Err(failure) => {
                tell(Event::Done { finish: Finish::Error, failure: Some(failure) });
                return;
            }
        };
        let mut recording = self.recording(run, &request, &models);
        let (deck, told) = (self.deck.clone(), self.inbox.clone());
        let Some((runtime, _)) = &self.ready else { return };
        let task = runtime.spawn(async move {
            // a key may come from a command or a file, so it is fetched here and not in the loop
            let replayed = deck.player();
            let learns = replayed.is_none();
            let live = || models.get(&request.model).map(|model| deck.listen(model));
            match replayed.map_or_else(live, Ok) {
                Err(failure) => _ = tell(Event::Done { finish: Finish::Error, failure: Some(failure) }),
                Ok(model) => {
                    let mut lesson = Lesson::of(&request);
                    let mut events = model.run(request);
                    while let Some(event) = events.next().await {
                        if let Some(recording) = &mut recording {
                            recording.take(&event);
                        }
                        match &event {
                            Event::Usage(usage) => lesson.billed = usage.input.unwrap_or(lesson.billed),
                            Event::Done { failure: None, .. } if learns && lesson.billed > 0 => teach(lesson.clone()),
                            _ => {}
                        }
                        if !tell(event) {
                            return;
                        }
                    }
                    if let Some(trouble) = deck.trouble() {
                        told.send(Msg::Told(trouble));
                    }
                }
            }
        });
        self.running.insert(run, task.abort_handle());
    }

    /// Makes the request that would be sent, and sends nothing.
    pub fn foresee(&mut self, run: u64, request: Request) {
        let inbox = self.inbox.clone();
        match self.ready() {
            Ok((runtime, models)) => {
                runtime.spawn(async move {
                    let result = models.foresee(request).await.map(std::sync::Arc::new);
                    inbox.send(Msg::Foreseen { run, result });
                });
            }
            Err(failure) => _ = inbox.send(Msg::Foreseen { run, result: Err(failure) }),
        }
    }

    /// Stops a run and closes its socket.
    pub fn cancel(&mut self, run: u64) {
        if let Some(task) = self.running.remove(&run) {
            task.abort();
        }
    }

    /// Asks the server of `model` how many tokens `system` has. Who counts here is told before the workbench is.
    pub fn count_exactly(
        &mut self,
        run: u64,
        (model, system): (ModelName, String),
        remembered: Remembered,
        tell: impl Fn(Lesson) + Send + 'static,
    ) {
        let inbox = self.inbox.clone();
        let (runtime, models) = match self.ready() {
            Ok(ready) => ready,
            Err(failure) => {
                inbox.send(Msg::CountedExactly { run, result: Err(failure) });
                return;
            }
        };
        let task = runtime.spawn(async move {
            let result = count_exactly(&models, &remembered, &model, &system).await;
            if let Ok(billed) = result {
                tell(Lesson { model, texts: vec![system], billed });
            }
            inbox.send(Msg::CountedExactly { run, result });
        });
        self.counting = Some(task.abort_handle());
    }

    /// Stops asking for an exact count and closes its socket.
    pub fn cancel_count(&mut self) {
        if let Some(task) = self.counting.take() {
            task.abort();
        }
    }

    /// Looks for models in the settings and on this machine.
    pub fn find_models(&mut self) {
        let inbox = self.inbox.clone();
        if let Ok((runtime, models)) = self.ready() {
            runtime.spawn(async move {
                let sources = discover_here(&models).await;
                let found = sources.into_iter().flat_map(names).collect();
                inbox.send(Msg::Models(found));
            });
        }
    }
}

/// The names under which a source's models can be asked; a server without an entry cannot be.
fn names(source: Source) -> Vec<String> {
    let Some(provider) = source.provider else { return Vec::new() };
    let models = source.models.unwrap_or_default();
    models.into_iter().map(|model| format!("{provider}:{model}")).collect()
}
