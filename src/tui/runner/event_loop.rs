//! The loop: take in what happened, change the state, carry out what it asks for, draw. It never waits for a disk or a
//! network.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Place;
use super::cleaning;
use super::counter::Counter;
use super::disk::Disk;
use super::inbox::{Inbox, Next, Sending};
use super::outside::{Editing, Editors};
use super::recall::{self, Recalling};
use super::runs::{Past, Runs};
use super::search::Searching;
use super::signals;
use super::surface::Surface;
use crate::config::Settings;
use crate::history::file_in;
use crate::model::{Event, Remembered};
use crate::tui::effect::Effect;
use crate::tui::model::{Model, ScreenId, Weight};
use crate::tui::msg::{Msg, Timer};
use crate::tui::outside::Outside;
use crate::tui::overlay::Overlay;
use crate::tui::update::{columns, update};

/// At most so many frames a second while text streams in; a key is drawn at once.
const FRAME: Duration = Duration::from_millis(16);
/// What the user does not wait for is drawn with the next key, or when no key came for so long.
const REST: Duration = Duration::from_millis(30);
/// Who types goes on typing: so long is waited for the next change before a count is made.
const PAUSE: Duration = Duration::from_millis(30);
/// But no longer than this, so that a count trails the text by less than a tenth of a second.
const LATEST: Duration = Duration::from_millis(70);
/// How long messages that wait are taken in, after a frame has become due, before it is drawn.
const DRAIN: Duration = Duration::from_millis(12);
/// A text of at most so many bytes is counted and looked at before the first frame.
const USUAL: usize = 64 << 10;
/// How long the first frame waits for that at most.
const PREPARING: Duration = Duration::from_millis(10);

/// The loop with everything that it has work done by.
pub(super) struct Loop {
    pub(super) inbox: Inbox,
    pub(super) disk: Disk,
    timers: HashMap<Timer, Instant>,
    counter: Counter,
    remembered: Remembered,
    runs: Runs,
    recalling: Recalling,
    searching: Searching,
    editors: Editors,
    /// The user's state folder, in which old files are removed.
    state: Option<PathBuf>,
    sending: Sending,
    /// The process of the editor that has the terminal.
    editor: Option<u32>,
    /// What is to be counted once the typing pauses.
    uncounted: Option<Uncounted>,
    leaving: bool,
}

/// That something is to be counted. It waits here, because to wake the thread that counts would cost every key some of its time.
struct Uncounted {
    /// When a count was asked for first, since the last one was made.
    first: Instant,
    /// When it was asked for last.
    last: Instant,
}

impl Uncounted {
    /// When it is counted.
    fn at(&self) -> Instant {
        (self.last + PAUSE).min(self.first + LATEST)
    }
}

/// When frames were drawn last.
struct Drawn {
    /// Any frame.
    any: Instant,
    /// One that the user waited for.
    urgent: Instant,
}

/// When the next frame is to be drawn.
#[derive(Clone, Copy)]
struct Due {
    at: Instant,
    /// Whether the user waits for it.
    urgent: bool,
}

impl Due {
    /// When `msg` is to be seen.
    fn of(msg: &Msg, last: &Drawn) -> Self {
        let now = Instant::now();
        let at = match msg {
            Msg::Run { .. } => now.max(last.any + FRAME),
            // a second frame behind each key would be in the way of the next key
            Msg::Linted { .. }
            | Msg::Noted(_)
            | Msg::Counted(_)
            | Msg::Spent(_)
            | Msg::Timer(_)
            | Msg::Saved { .. }
            | Msg::Touched
            | Msg::Watching(_)
            | Msg::Looked { .. }
            | Msg::LookedBeside { .. } => now.max(last.any + FRAME).max(last.urgent + REST),
            _ => return Self { at: now, urgent: true },
        };
        Self { at, urgent: false }
    }

    /// The earlier of two, for which the user waits if it does for one of them.
    fn earlier(one: Option<Self>, other: Self) -> Self {
        match one {
            Some(one) => Self { at: one.at.min(other.at), urgent: one.urgent || other.urgent },
            None => other,
        }
    }
}

/// Whether a message may change what is on the screen: a piece of a reply in a column out of sight does not.
fn seen(model: &Model, msg: &Msg) -> bool {
    match msg {
        Msg::Run { event: Event::Text(_) | Event::Thinking(_) | Event::Refusal(_) | Event::Usage(_), run, .. } => {
            model.screen == ScreenId::Play && columns::sees(model, *run)
        }
        Msg::Run { event: Event::Wire(_), .. } => matches!(model.overlay, Some(Overlay::Wire(_))),
        _ => true,
    }
}

impl Loop {
    /// Nothing is under way yet.
    pub(super) fn new(place: &Place, settings: Settings, inbox: Inbox, sending: Sending) -> Self {
        let Place { library, keeper, offline, editors, .. } = place;
        let remembered = Remembered::in_state(keeper.state().map(Path::to_owned));
        Self {
            runs: Runs::new(
                (settings, library.clone()),
                *offline,
                sending.clone(),
                past(library.root(), keeper.state()),
            ),
            recalling: Recalling::new(
                recall::Place { file: keeper.state().map(file_in), library: library.clone() },
                sending.clone(),
            ),
            searching: Searching::new(sending.clone()),
            counter: Counter::new(library.clone(), remembered.clone(), sending.clone()),
            remembered,
            disk: Disk::new(library.clone(), keeper.clone(), sending.clone()),
            editors: editors.clone(),
            state: keeper.state().map(Path::to_owned),
            sending,
            editor: None,
            uncounted: None,
            inbox,
            timers: HashMap::new(),
            leaving: false,
        }
    }

    /// The first frame, and everything after it until the user leaves.
    pub(super) fn run(
        &mut self,
        effects: Vec<Effect>,
        question: Option<&str>,
        model: &mut Model,
        surface: &mut impl Surface,
    ) -> io::Result<()> {
        let effects = self.prepare(effects, model);
        surface.draw(model)?;
        if let Some(question) = question {
            surface.ask(question)?;
        }
        self.runs.look_at_spend();
        self.carry_out(effects, model, surface)?;
        self.disk.ask(Effect::List);
        self.disk.ask(Effect::AskGit);
        cleaning::begin(self.state.as_deref());
        self.turn(model, surface)
    }

    /// Has a text of usual size counted and looked at before the first frame, so that this is complete: that takes less
    /// time than a second frame would. Gives back what else was asked for.
    fn prepare(&mut self, mut effects: Vec<Effect>, model: &mut Model) -> Vec<Effect> {
        let mut rest = Vec::new();
        // first of all what another thread does, so that it is done while this one counts
        effects.sort_by_key(|effect| !matches!(effect, Effect::After(Timer::Lint, 0)));
        let mut todo = VecDeque::from(effects);
        let mut looked_at = true;
        while let Some(effect) = todo.pop_front() {
            match effect {
                Effect::After(Timer::Lint, 0) => {
                    update(model, Msg::Timer(Timer::Lint)).into_iter().rev().for_each(|effect| todo.push_front(effect));
                }
                Effect::Lint { moment, asked } if asked.text.bytes() <= USUAL => {
                    looked_at = false;
                    self.disk.ask(Effect::Lint { moment, asked });
                }
                Effect::CountSoon => todo.extend(update(model, Msg::Timer(Timer::Count))),
                Effect::Count(counting) if counting.text.bytes() <= USUAL => match self.counter.estimate(counting) {
                    Ok(tally) => todo.extend(update(model, Msg::Counted(tally))),
                    Err(counting) => rest.push(Effect::Count(counting)),
                },
                other => rest.push(other),
            }
        }
        let until = Instant::now() + PREPARING;
        while !looked_at && let Next::Msg(msg) = self.inbox.next(Some(until)) {
            looked_at = matches!(msg, Msg::Linted { .. });
            rest.extend(update(model, msg));
        }
        rest
    }

    fn turn(&mut self, model: &mut Model, surface: &mut impl Surface) -> io::Result<()> {
        let mut last = Drawn { any: Instant::now(), urgent: Instant::now() };
        let mut due: Option<Due> = None;
        while !self.leaving {
            // what waits is taken in before the frame is drawn, but not for ever
            let msg = match &due {
                Some(due) if due.at + DRAIN <= Instant::now() => None,
                _ => self.next(due.iter().map(|due| due.at).chain(self.uncounted.iter().map(Uncounted::at)).min()),
            };
            if let Some(msg) = msg {
                if seen(model, &msg) {
                    due = Some(Due::earlier(due, Due::of(&msg, &last)));
                }
                self.come_back(&msg, model, surface)?;
                let effects = update(model, msg);
                self.carry_out(effects, model, surface)?;
                continue;
            }
            if let Some(Due { urgent, .. }) = due.take_if(|due| due.at <= Instant::now())
                && self.editor.is_none()
            {
                surface.draw(model)?;
                last.any = Instant::now();
                if urgent {
                    last.urgent = last.any;
                }
            }
            if self.uncounted.take_if(|uncounted| uncounted.at() <= Instant::now()).is_some() {
                let effects = update(model, Msg::Timer(Timer::Count));
                self.carry_out(effects, model, surface)?;
            }
        }
        Ok(())
    }

    /// The next message; waits for it at most until `until`. Due timers are messages too.
    fn next(&mut self, until: Option<Instant>) -> Option<Msg> {
        let due = self.timers.iter().min_by_key(|(_, at)| **at).map(|(timer, at)| (*timer, *at));
        let limit = match (due, until) {
            (Some((_, at)), Some(until)) => Some(at.min(until)),
            (due, until) => due.map(|(_, at)| at).or(until),
        };
        match self.inbox.next(limit) {
            Next::Msg(msg) => Some(msg),
            Next::Timeout => {
                let (timer, _) = due.filter(|(_, at)| *at <= Instant::now())?;
                self.timers.remove(&timer);
                Some(Msg::Timer(timer))
            }
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>, model: &mut Model, surface: &mut impl Surface) -> io::Result<()> {
        for effect in effects {
            match effect {
                Effect::After(timer, ms) => _ = self.timers.insert(timer, Instant::now() + Duration::from_millis(ms)),
                Effect::Copy(text) => surface.copy(&text)?,
                Effect::Mouse(on) => surface.mouse(on)?,
                Effect::Suspend if self.editor.is_some() => surface.stop()?,
                Effect::EditOutside(outside) => self.edit_outside(&outside, surface)?,
                Effect::Suspend => {
                    if let Some(size) = surface.suspend()? {
                        model.resize(size.0, size.1);
                    }
                    if !model.mouse {
                        surface.mouse(false)?;
                    }
                    model.say(Weight::Note, "back again");
                    surface.draw(model)?;
                }
                Effect::Quit => self.leaving = true,
                Effect::About { run, about } => self.runs.about(run, *about),
                Effect::Send { run, request } => {
                    let teach = self.counter.pupil();
                    self.runs.start(run, request, teach);
                }
                Effect::Cancel { run } => self.runs.cancel(run),
                Effect::Foresee { run, request } => self.runs.foresee(run, request),
                Effect::CountSoon => {
                    let now = Instant::now();
                    let first = self.uncounted.as_ref().map_or(now, |uncounted| uncounted.first);
                    self.uncounted = Some(Uncounted { first, last: now });
                }
                Effect::Count(counting) => self.counter.count(counting),
                Effect::CountExactly { run, model, system } => {
                    let tell = self.counter.listener();
                    self.runs.count_exactly(run, (model, system), self.remembered.clone(), tell);
                }
                Effect::CancelCount => self.runs.cancel_count(),
                Effect::FindModels => self.runs.find_models(),
                Effect::Insert { number, insertion } => self.runs.insert(number, insertion),
                Effect::LookAtSpend => self.runs.look_at_spend(),
                Effect::Recall(recall) => self.recalling.ask(recall),
                asked @ (Effect::Search(_) | Effect::ReplaceAll { .. }) => self.searching.ask(asked),
                other => self.disk.ask(other),
            }
        }
        Ok(())
    }
}

impl Loop {
    /// The terminal goes to the user's editor; a message says when it comes back.
    fn edit_outside(&mut self, outside: &Outside, surface: &mut impl Surface) -> io::Result<()> {
        surface.give_away();
        signals::elsewhere(true);
        self.inbox.listen(false);
        let started = self.editors.start(outside);
        // whatever goes wrong, the message takes the terminal back
        self.editor = Some(started.as_ref().map_or(0, Editing::process));
        match started {
            Ok(editing) => editing.wait(outside.clone(), self.sending.clone()),
            Err(error) => {
                self.sending.send(Msg::CameBack(Err(error)));
                Ok(())
            }
        }
    }

    /// When the editor has come back, the terminal is ours again.
    fn come_back(&mut self, msg: &Msg, model: &mut Model, surface: &mut impl Surface) -> io::Result<()> {
        if !matches!(msg, Msg::CameBack(_)) || self.editor.take().is_none() {
            return Ok(());
        }
        signals::elsewhere(false);
        self.inbox.listen(true);
        if let Some(size) = surface.take_back()? {
            model.size = size;
        }
        if !model.mouse {
            surface.mouse(false)?;
        }
        Ok(())
    }

    /// The workbench is left while an editor has the terminal: it is asked to end, and keeps its text in its own way.
    pub(super) fn end_editor(&mut self) {
        let process = self.editor.take().and_then(|number| rustix::process::Pid::from_raw(number.cast_signed()));
        if let Some(process) = process {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
        }
    }
}

/// Where runs are kept; nowhere without a state folder.
fn past(library: &Path, state: Option<&Path>) -> Option<Past> {
    Some(Past { file: file_in(state?), library: library.display().to_string() })
}
