//! The workbench from its start to its end, whatever ends it: the loop, and the threads that do what takes time: one for
//! the disk, one for comparisons, a runtime for models, each started when it is first needed.

mod aside;
mod beginning;
mod cleaning;
mod commits;
pub(super) mod comparing;
pub(super) mod counter;
pub(super) mod disk;
mod event_loop;
mod inbox;
mod input;
mod journal;
pub(super) mod kept;
mod local;
pub(super) mod opening;
mod outside;
pub(super) mod recall;
mod releases;
mod reviews;
mod runs;
mod saving;
pub(super) mod search;
mod signals;
mod surface;
pub(super) mod tape;
pub(super) mod theme;
mod variables;
mod watch;

use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;

use crate::config::{Settings, folders, process_environment};
use crate::error::{Error, Result};
use crate::library::{Library, PromptEntry};
use crate::model::Offline;
use event_loop::Loop;
use inbox::{Inbox, Sending};
use kept::Keeper;
use surface::Surface;

use crate::tui::effect::Effect;
use crate::tui::keymap::Keymap;
use crate::tui::model::{Model, Start, Theming};
use crate::tui::msg::Msg;
use crate::tui::terminal::{self, Screen};
use crate::tui::theme::{Depth, Signs};
use crate::tui::update::update;
use crate::tui::{Look, Occasion};

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
    let Place { library, keeper, question, .. } = place;
    let mut effects: Vec<Effect> = first.into_iter().flat_map(|msg| update(&mut model, msg)).collect();
    let (width, height) = model.drawn_size();
    effects.extend(update(&mut model, Msg::Resize(width, height)));
    let mut looping = Loop::new(place, model.settings.clone(), inbox, sending);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        looping.run(effects, *question, &mut model, &mut surface)
    }));
    looping.end_editor();
    drop(surface);
    // what was asked of the disk is done before the process ends, and its outcome is looked at
    looping.disk.finish();
    let mut uncommitted = None;
    while let Some(msg) = looping.inbox.left_over() {
        match msg {
            Msg::Saved { .. } | Msg::SaveFailed { .. } | Msg::SaveConflict { .. } => drop(update(&mut model, msg)),
            Msg::Committed(Err(error)) => {
                uncommitted = Some(Error {
                    message: format!("everything is saved, but not committed: {}", error.message),
                    ..error
                });
            }
            _ => {}
        }
    }
    let unsaved = saving::rescue(library, keeper, &model);
    match (outcome, unsaved.or(uncommitted)) {
        (Err(_), unsaved) => {
            let stopped = Error::input("the workbench came upon a mistake of its own and had to stop");
            Err(unsaved.unwrap_or_else(|| stopped.hint("what was typed is saved")))
        }
        (Ok(_), Some(unsaved)) => Err(unsaved),
        (Ok(ended), None) => ended.map_err(|error| lost(&error)),
    }
}

/// Makes the thread that calls this wait for others where there are fewer processors than work: what is typed comes
/// before what is counted. Only Linux knows priorities of threads.
pub(super) fn step_back() {
    #[cfg(target_os = "linux")]
    // where it is refused nothing is lost but a little time
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 10);
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
    let wanted = wanted(library, name)?;
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
        today: local::today(),
    });
    let mut first = Vec::new();
    // the others are looked at when this one can be seen
    if let Some(wanted) = wanted {
        first.push(Msg::Opened(opening::open_entry(library, keeper, wanted).map(Box::new)));
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

/// The prompt that is opened first: the one that was named, else the first in which nothing is wrong at a glance. None in
/// a library without prompts. Only this one is looked at, so that a start takes no longer in a large library.
fn wanted(library: &Library, name: Option<&str>) -> Result<Option<PromptEntry>> {
    let names = library.folders()?;
    if let Some(name) = name {
        let known = names.iter().any(|known| known == name);
        return Ok(Some(if known { library.glance(name) } else { library.entry(name)? }));
    }
    let mut seen = names.iter().map(|name| library.glance(name));
    Ok(seen.find(PromptEntry::is_sound).or_else(|| names.first().map(|name| library.glance(name))))
}

fn shortened(path: &Path) -> String {
    let text = path.display().to_string();
    match std::env::var("HOME") {
        Ok(home) if !home.is_empty() && text.starts_with(&home) => format!("~{}", &text[home.len()..]),
        _ => text,
    }
}

#[cfg(test)]
mod tests;
