//! The loop: take in what happened, change the state, carry out what it asks for, draw. And the threads that do what
//! takes time: one for the disk, one for comparisons, a runtime for models, each started when it is first needed.
//!
//! The loop itself never waits for a disk or a network.

pub(super) mod counter;
pub(super) mod disk;
mod inbox;
mod input;
mod journal;
pub(super) mod kept;
mod outside;
mod runs;
pub(super) mod search;
mod signals;
mod surface;
pub(super) mod theme;
mod variables;
mod watch;

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::config::{Settings, folders, process_environment};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::model::{Offline, Remembered};
use inbox::{Inbox, Next, Sending};
use kept::Keeper;
use surface::Surface;

use crate::tui::effect::Effect;
use crate::tui::keymap::Keymap;
use crate::tui::model::{Model, Start, Theming, Weight};
use crate::tui::msg::{Msg, Timer};
use crate::tui::outside::Outside;
use crate::tui::terminal::{self, Screen};
use crate::tui::theme::{Depth, Signs};
use crate::tui::update::update;
use crate::tui::{Look, Occasion};

/// At most so many frames a second while text streams in; a key is drawn at once.
const FRAME: Duration = Duration::from_millis(16);
/// How long messages that wait are taken in before a frame is drawn.
const DRAIN: Duration = Duration::from_millis(12);

/// Opens the workbench on `library`, on the prompt `name` if one is given. Gives the exit code: 0, or what the signal that
/// ended it stands for.
///
/// # Errors
/// When there is no terminal, or the prompt does not exist.
pub fn run(library: &Library, name: Option<&str>, occasion: Occasion, look: Look) -> Result<u8> {
    // a demo leaves nothing behind
    let state = if occasion == Occasion::Work { crate::config::state_folder() } else { None };
    let editors = outside::Editors::of_process(state.clone());
    let keeper = Keeper::new(library.root(), state);
    let (mut model, first) = begin(library, &keeper, name, occasion, look)?;
    terminal::install_panic_hook();
    let screen = Screen::take()?;
    if let Ok(size) = crossterm::terminal::size() {
        model.size = size;
    }
    let question = theme::question(model.settings.theme.as_deref(), model.depth);
    if question.is_some() {
        model.theming = Theming::Background;
    }
    let failed = |error: io::Error| Error::input(format!("cannot listen to the keyboard: {error}"));
    let input = rustix::io::dup(rustix::stdio::stdin()).map_err(|error| failed(error.into()))?;
    let (inbox, sending) = Inbox::new(input).map_err(failed)?;
    let ended_by = signals::start(sending.clone()).map_err(failed)?;
    let place = Place { library: library.clone(), keeper, offline: Offline::paced(), editors, question };
    work(&place, model, first, screen, (inbox, sending))?;
    Ok(match ended_by.load(Ordering::SeqCst) {
        0 => 0,
        signal => u8::try_from(128 + signal).unwrap_or(1),
    })
}

/// What the loop works with besides the state.
struct Place {
    library: Library,
    keeper: Keeper,
    offline: Offline,
    editors: outside::Editors,
    /// What the terminal is asked after the first frame.
    question: Option<&'static str>,
}

/// From the first messages to the end, whatever ends it: what was typed is on disk when it is over.
fn work(
    place: &Place,
    mut model: Model,
    first: Vec<Msg>,
    mut surface: impl Surface,
    (inbox, sending): (Inbox, Sending),
) -> Result<()> {
    let Place { library, keeper, offline, editors, question } = place;
    let mut effects: Vec<Effect> = first.into_iter().flat_map(|msg| update(&mut model, msg)).collect();
    let (width, height) = model.drawn_size();
    effects.extend(update(&mut model, Msg::Resize(width, height)));
    surface.draw(&model).map_err(|error| lost(&error))?;
    if let Some(question) = question {
        surface.ask(question).map_err(|error| lost(&error))?;
    }
    let mut looping = Loop {
        runs: runs::Runs::new(model.settings.clone(), *offline, sending.clone()),
        searching: search::Searching::new(sending.clone()),
        counter: counter::Counter::new(
            library.clone(),
            Remembered::in_state(keeper.state().map(Path::to_owned)),
            sending.clone(),
        ),
        disk: disk::Disk::new(library.clone(), keeper.clone(), sending.clone()),
        editors: editors.clone(),
        sending,
        editor: None,
        inbox,
        timers: HashMap::new(),
        leaving: false,
    };
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        looping.carry_out(effects, &mut model, &mut surface)?;
        looping.turn(&mut model, &mut surface)
    }));
    looping.end_editor();
    drop(surface);
    // what was asked of the disk is done before the process ends, and its outcome is looked at
    looping.disk.finish();
    while let Some(msg) = looping.inbox.left_over() {
        if matches!(msg, Msg::Saved { .. } | Msg::SaveFailed { .. } | Msg::SaveConflict { .. }) {
            update(&mut model, msg);
        }
    }
    let unsaved = disk::rescue(library, keeper, &model);
    match (outcome, unsaved) {
        (Err(_), unsaved) => {
            let stopped = Error::input("the workbench came upon a mistake of its own and had to stop");
            Err(unsaved.unwrap_or_else(|| stopped.hint("what was typed is saved")))
        }
        (Ok(_), Some(unsaved)) => Err(unsaved),
        (Ok(ended), None) => ended.map_err(|error| lost(&error)),
    }
}

fn lost(error: &io::Error) -> Error {
    Error::input(format!("the terminal is gone: {error}"))
}

/// The first state, with the prompt that is shown first.
fn begin(
    library: &Library,
    keeper: &Keeper,
    name: Option<&str>,
    occasion: Occasion,
    look: Look,
) -> Result<(Model, Vec<Msg>)> {
    let demo = occasion != Occasion::Work;
    let (settings, mut problems) = Settings::of_process(Some(library));
    problems.extend(settings.warnings.iter().cloned());
    let (keymap, conflicts) = Keymap::with(&settings.keys);
    let prompts = library.list()?;
    let wanted = match name {
        Some(name) => Some(library.entry(name)?.name),
        None => prompts.iter().find(|entry| entry.is_sound()).or(prompts.first()).map(|entry| entry.name.clone()),
    };
    let depth = Depth::detect(process_environment);
    let (theme, themes, complaint) = theme::choose(settings.theme.as_deref(), depth);
    let signs = Signs::detect(look.ascii.then_some(true).or(settings.ascii), process_environment);
    let model = Model::new(Start {
        theme: theme.with_signs(signs),
        themes,
        depth,
        keymap,
        settings,
        library: shortened(library.root()),
        demo,
        today: jiff::Zoned::now().date(),
    });
    let mut first = vec![Msg::Listed(Ok(prompts))];
    if let Some(wanted) = wanted {
        first.push(Msg::Opened(disk::open(library, keeper, &wanted).map(Box::new)));
    }
    problems.extend(complaint);
    let told: Vec<String> =
        problems.iter().map(ToString::to_string).chain(conflicts.iter().map(ToString::to_string)).collect();
    if !told.is_empty() {
        first.push(Msg::Told(Error::input(told.join("; "))));
    } else if occasion == Occasion::Demo {
        first.push(Msg::Welcome);
    }
    if occasion == Occasion::Tutor {
        first.push(Msg::Tour);
    }
    let own = folders().is_some_and(|folders| library.root() == folders.data.join("library"));
    if own && !keeper.was_welcomed() {
        first.push(Msg::FirstStart);
    }
    Ok((model, first))
}

fn shortened(path: &Path) -> String {
    let text = path.display().to_string();
    match std::env::var("HOME") {
        Ok(home) if !home.is_empty() && text.starts_with(&home) => format!("~{}", &text[home.len()..]),
        _ => text,
    }
}

struct Loop {
    inbox: Inbox,
    timers: HashMap<Timer, Instant>,
    disk: disk::Disk,
    counter: counter::Counter,
    runs: runs::Runs,
    searching: search::Searching,
    editors: outside::Editors,
    sending: Sending,
    /// The process of the editor that has the terminal.
    editor: Option<u32>,
    leaving: bool,
}

impl Loop {
    fn turn(&mut self, model: &mut Model, surface: &mut impl Surface) -> io::Result<()> {
        let mut drawn = Instant::now();
        while !self.leaving {
            let Some(first) = self.next(None) else { continue };
            let mut urgent = is_urgent(&first);
            let begun = Instant::now();
            self.come_back(&first, model, surface)?;
            let effects = update(model, first);
            self.carry_out(effects, model, surface)?;
            // what waits is taken in before the next frame; a reply that streams in waits for its turn
            while !self.leaving && begun.elapsed() < DRAIN {
                let now = Instant::now();
                let until = if urgent { now } else { now.max(drawn + FRAME) };
                let Some(msg) = self.next(Some(until)) else { break };
                urgent |= is_urgent(&msg);
                self.come_back(&msg, model, surface)?;
                let effects = update(model, msg);
                self.carry_out(effects, model, surface)?;
            }
            if !self.leaving && self.editor.is_none() {
                surface.draw(model)?;
                drawn = Instant::now();
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
                Effect::Send { run, request } => {
                    let teach = self.counter.pupil();
                    self.runs.start(run, request, teach);
                }
                Effect::Cancel { run } => self.runs.cancel(run),
                Effect::Count(counting) => self.counter.count(counting),
                Effect::FindModels => self.runs.find_models(),
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
        self.editor = Some(started.as_ref().map_or(0, outside::Editing::process));
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
    fn end_editor(&mut self) {
        let process = self.editor.take().and_then(|number| rustix::process::Pid::from_raw(number.cast_signed()));
        if let Some(process) = process {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
        }
    }
}

/// Whether the user is waiting for this to be drawn.
fn is_urgent(msg: &Msg) -> bool {
    !matches!(msg, Msg::Run { .. } | Msg::Linted { .. } | Msg::Counted(_) | Msg::Timer(_))
}

#[cfg(test)]
mod tests;
