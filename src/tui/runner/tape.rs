//! Puts a cassette in: opens its file, and finds out what of the open prompt was recorded on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::saving::place_of;
use crate::config::params;
use crate::error::{Error, Result};
use crate::library::{Library, PromptEntry, Which};
use crate::model::cassette::{Player, Recorder};
use crate::model::{Audience, Model, ModelName, Models, Playtest, Request, Role, Turn};
use crate::prompt::Values;
use crate::tui::tape::{Fit, Insertion, Tape, Use};

/// What answers runs: the models, listened to or not, or a cassette. Shared with the thread that opens files.
#[derive(Clone, Default)]
pub struct Deck(Arc<Mutex<Inside>>);

#[derive(Clone, Default)]
enum Inside {
    #[default]
    Nothing,
    Recorder(Recorder),
    Player(Player),
}

impl Deck {
    fn put(&self, inside: Inside) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = inside;
    }

    fn inside(&self) -> Inside {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes out what is in.
    pub fn eject(&self) {
        self.put(Inside::Nothing);
    }

    /// Who answers in place of models, when a cassette does.
    pub fn player(&self) -> Option<Arc<dyn Model>> {
        match self.inside() {
            Inside::Player(player) => Some(Arc::new(player)),
            _ => None,
        }
    }

    /// The model, whose replies are written down when that is wanted.
    pub fn listen(&self, model: Arc<dyn Model>) -> Arc<dyn Model> {
        match self.inside() {
            Inside::Recorder(recorder) => recorder.listen(model, |text| !crate::lint::secrets(text).is_empty()),
            _ => model,
        }
    }

    /// Why a reply was not written down.
    pub fn trouble(&self) -> Option<Error> {
        match self.inside() {
            Inside::Recorder(recorder) => recorder.trouble().map(|why| Error::input(format!("not recorded: {why}"))),
            _ => None,
        }
    }

    /// Puts a cassette in. What was in is taken out first, whatever comes of it.
    pub fn insert(&self, library: &Library, models: &Models, insertion: &Insertion) -> Result<Tape> {
        self.eject();
        let file = place_of(&insertion.file);
        let mut tape = Tape { what: insertion.what, file, messages: Vec::new(), damaged: Vec::new(), fit: None };
        match insertion.what {
            Use::Record => {
                if let Some(folder) = tape.file.parent().filter(|folder| folder.ends_with(FOLDER)) {
                    fs::create_dir_all(folder).map_err(|error| Error::io("make the folder", folder, &error))?;
                }
                self.put(Inside::Recorder(Recorder::open(&tape.file)?));
            }
            Use::Replay => {
                let player = Player::open(&tape.file, true)?;
                tape.messages = player.messages();
                tape.damaged = player.damaged().cloned().collect();
                tape.fit = insertion.prompt.as_ref().and_then(|prompt| fit(library, models, &player, prompt));
                self.put(Inside::Player(player));
            }
        }
        Ok(tape)
    }
}

/// Where the cassettes of a library stand.
const FOLDER: &str = "cassettes";

/// The cassettes of a library, by name.
pub fn found(library: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(library.join(FOLDER)) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    files
}

/// With what of a prompt the first recording was made: the versions are tried, newest first, and the draft, with each
/// value set.
fn fit(library: &Library, models: &Models, player: &Player, prompt: &str) -> Option<Fit> {
    let (model, message) = player.first()?;
    let entry = library.entry(prompt).ok()?;
    let sets: Vec<(Option<String>, Values)> = entry
        .value_sets
        .iter()
        .filter_map(|name| Some((Some(name.clone()), library.value_set(prompt, name).ok()?.values)))
        .chain([(None, Values::default())])
        .collect();
    let remote = models.is_remote(&model);
    whiches(&entry).find_map(|which| {
        let snapshot = library.read(prompt, &which).ok()?;
        let fits = |values: &Values, audience: Audience| {
            let none = Values::default();
            let playtest = Playtest {
                system: &snapshot.text,
                user_template: snapshot.config.user_template(),
                given: &none,
                set: Some(values),
                declarations: &snapshot.variables,
                audience,
            };
            let Ok(prepared) = playtest.turn(&[], &message) else { return false };
            player.has(&request(&model, prepared.system, prepared.message, params(&snapshot.config)))
        };
        let audiences: &[Audience] =
            if remote { &[Audience::Elsewhere, Audience::ElsewhereWithRealValues] } else { &[Audience::ThisMachine] };
        let set = sets.iter().find(|(_, values)| audiences.iter().any(|audience| fits(values, *audience)))?;
        let set = set.0.clone();
        let version = match which {
            Which::Draft => None,
            Which::Version(version) => Some((version, Arc::new(snapshot))),
        };
        Some(Fit { version, set, model: model.clone() })
    })
}

fn whiches(entry: &PromptEntry) -> impl Iterator<Item = Which> {
    let versions = entry.versions.iter().rev().map(|version| Which::Version(version.version.clone()));
    let draft = entry.draft.then_some(Which::Draft);
    draft.into_iter().chain(versions)
}

fn request(model: &ModelName, system: String, message: String, params: crate::model::Params) -> Request {
    let turns = vec![Turn { role: Role::User, text: message }];
    Request { model: model.clone(), system, turns, params, stream: true }
}
