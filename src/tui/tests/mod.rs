//! What the workbench's tests share: a workbench that is driven by keys, in memory or on a copy of the samples.
//!
//! Nothing here waits: what the disk would do is done in place, and a model's events are told by the test.

mod asked;
mod memory;
pub mod past;

use std::sync::{Arc, LazyLock};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::civil::Date;
use tempfile::TempDir;

use crate::config::Settings;
use crate::library::{Library, Stamp, write_samples};
use crate::model::{Event, Finish, Usage};
use crate::release::Stop;
use crate::tui::draft::Draft;
use crate::tui::effect::Effect;
use crate::tui::keymap::Keymap;
use crate::tui::layout;
use crate::tui::model::{Model, Start};
use crate::tui::msg::{Msg, OnDisk, Timer};
use crate::tui::overlay::Overlay;
use crate::tui::runner::search::{answer, replaced};
use crate::tui::runner::{comparing, counter::count_in_place, disk, kept::Keeper, recall};
use crate::tui::theme::{Depth, Theme};
use crate::tui::update::update;

pub use asked::{key, sent, tally_of, to_count, to_save, version};
pub use memory::{InMemory, changed, prompt, values_of, workbench};

/// The day of every test.
pub const TODAY: Date = jiff::civil::date(2024, 4, 2);

/// A workbench without a terminal.
pub struct Workbench {
    pub model: Model,
    library: Option<(TempDir, Library)>,
}

impl Workbench {
    /// On a library without prompts.
    pub fn empty() -> Self {
        // read once: some tests begin thousands of times
        static READ: LazyLock<(Settings, Keymap, Theme)> = LazyLock::new(|| {
            let key = |name: &str| (name == "ANTHROPIC_API_KEY").then(|| "a-key".to_owned());
            let (settings, errors) = Settings::load(None, None, &key);
            assert!(errors.is_empty(), "{errors:?}");
            (settings, Keymap::default(), Theme::built_in("dark").unwrap())
        });
        let (settings, keymap, theme) = READ.clone();
        let mut model = Model::new(Start {
            theme,
            themes: Theme::names().map(|name| (name.to_owned(), None)).collect(),
            depth: Depth::True,
            keymap,
            settings,
            library: "~/library".into(),
            demo: false,
            today: TODAY,
        });
        model.size = (120, 40);
        Self { model, library: None }
    }

    /// On a copy of the samples, with `customer_support` open.
    pub fn on_samples() -> Self {
        let mut bench = Self::on_library(|_| {});
        bench.open("customer_support");
        bench.model.status = None;
        bench
    }

    /// On a copy of the samples that `change` has changed, with no prompt open.
    pub fn on_library(change: impl FnOnce(&std::path::Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("library");
        write_samples(&root).unwrap();
        change(&root);
        let library = Library::at(&root).unwrap();
        let mut bench = Self::empty();
        bench.model.demo = true;
        bench.library = Some((folder, library));
        bench.perform(vec![Effect::List]);
        bench
    }

    /// Opens a prompt of the library.
    pub fn open(&mut self, name: &str) {
        self.perform(vec![Effect::Open(name.to_owned())]);
    }

    /// One message; what the workbench asks for.
    pub fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        let mut effects = update(&mut self.model, msg);
        // what is searched for is found at once
        while let Some(at) =
            effects.iter().position(|effect| matches!(effect, Effect::Search(_) | Effect::ReplaceAll { .. }))
        {
            let msg = match effects.remove(at) {
                Effect::Search(search) => answer(&search, &|| true),
                Effect::ReplaceAll { search, kept } => Some(replaced(&search, &kept)),
                _ => None,
            };
            effects.extend(msg.into_iter().flat_map(|msg| update(&mut self.model, msg)).collect::<Vec<_>>());
        }
        // what is to be counted soon is counted now
        while let Some(at) = effects.iter().position(|effect| *effect == Effect::CountSoon) {
            let asked = update(&mut self.model, Msg::Timer(Timer::Count));
            effects.splice(at..=at, asked);
        }
        effects
    }

    /// Keys with blanks between them, as the config writes them; what they ask for, all together.
    pub fn press(&mut self, keys: &str) -> Vec<Effect> {
        keys.split(' ').flat_map(|name| self.tell(Msg::Key(key(name)))).collect()
    }

    /// Writes letter by letter; line feeds are the Enter key.
    pub fn type_text(&mut self, text: &str) -> Vec<Effect> {
        let code = |c| if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
        text.chars().flat_map(|c| self.tell(Msg::Key(KeyEvent::from(code(c))))).collect()
    }

    /// Keys after which everything they ask of the disk is done, and what that asks for too.
    pub fn press_and_settle(&mut self, keys: &str) {
        let effects = self.press(keys);
        self.perform(effects);
    }

    /// Does what the disk would do, until nothing more is asked of it. Gives back what is not the disk's.
    pub fn perform(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let keeper = Keeper::new(self.library().root(), None);
        let mut others = Vec::new();
        let mut waiting = effects;
        while !waiting.is_empty() {
            for effect in std::mem::take(&mut waiting) {
                let (_, library) = self.library.as_ref().expect("a workbench on a library");
                let msg = match &effect {
                    Effect::CountSoon => Some(Msg::Timer(Timer::Count)),
                    Effect::Count(counting) => {
                        count_in_place(library, (**counting).clone()).map(|tally| Msg::Counted(Arc::new(tally)))
                    }
                    Effect::Recall(recall) => Some(Msg::Recalled(recall::recalled(&self.history(), recall.clone()))),
                    _ => disk::perform(library, &keeper, effect.clone(), &Stop::default()),
                };
                match msg {
                    Some(msg) => waiting.extend(update(&mut self.model, msg)),
                    None => others.push(effect),
                }
            }
        }
        others
    }

    /// Where its history is, beside the library.
    pub fn history(&self) -> recall::Place {
        let library = self.library().clone();
        let state = library.root().parent().expect("a folder of the test's own").join("state");
        recall::Place { file: Some(crate::history::file_in(&state)), library }
    }

    pub fn library(&self) -> &Library {
        &self.library.as_ref().expect("a workbench on a library").1
    }

    pub fn draft(&self) -> &Draft {
        self.model.draft.as_ref().expect("a prompt is open")
    }

    /// The exact text of the file as it would be saved now.
    pub fn text(&self) -> String {
        self.draft().text().to_text()
    }

    /// The text of a pane: 0 is the unsorted text.
    pub fn pane(&self, index: usize) -> String {
        self.draft().panes[index].text()
    }

    /// What the status row says; empty when it says nothing of what happened.
    pub fn said(&self) -> &str {
        self.model.status.as_ref().map_or("", |status| status.text.as_str())
    }

    /// The rows of the open list, label and detail.
    pub fn listed(&self) -> Vec<String> {
        fn rows<T>(picker: &crate::tui::overlay::Picker<T>) -> Vec<String> {
            let row = |row: &&crate::tui::overlay::PickRow<T>| {
                let why = row.disabled.as_ref().map(|why| format!(" - {why}")).unwrap_or_default();
                format!("{} | {}{why}", row.label, row.detail)
            };
            picker.shown().iter().map(row).collect()
        }
        match &self.model.overlay {
            Some(Overlay::Help(picker, _)) => rows(picker),
            Some(Overlay::Palette(picker)) => rows(picker),
            Some(Overlay::Pick(_, picker)) => rows(picker),
            other => panic!("no list is open but {other:?}"),
        }
    }

    /// The left button goes down here.
    pub fn click(&mut self, column: u16, row: u16) -> Vec<Effect> {
        self.mouse(MouseEventKind::Down(MouseButton::Left), column, row)
    }

    pub fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) -> Vec<Effect> {
        self.tell(Msg::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }))
    }

    /// The draft is saved on its own, as after a pause.
    pub fn pause(&mut self) -> Vec<Effect> {
        self.tell(Msg::Timer(Timer::Autosave))
    }

    /// The save that `effects` ask for has been done.
    pub fn saved(&mut self, effects: &[Effect]) -> Vec<Effect> {
        let save = effects.iter().find_map(|effect| match effect {
            Effect::Save { prompt, text, state, .. } => Some((prompt.clone(), text.to_text(), *state)),
            _ => None,
        });
        let (prompt, text, state) = save.unwrap_or_else(|| panic!("no save in {effects:?}"));
        self.tell(Msg::Saved { prompt, state, stamp: Stamp::of(text), file: None })
    }

    /// What differs has been found out, where `effects` ask for it.
    pub fn reconciled(&mut self, effects: &[Effect]) -> Vec<Effect> {
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Reconcile { prompt, base, mine, moment, theirs, stamp } => {
                let found = comparing::reconcile(&base.to_text(), &mine.to_text(), theirs, (*moment, *stamp));
                Some(Msg::Reconciled { prompt: prompt.clone(), found: std::sync::Arc::new(found) })
            }
            _ => None,
        });
        asked.map(|msg| self.tell(msg)).unwrap_or_default()
    }

    /// The file of the open prompt holds this now, and it was noticed.
    pub fn on_disk(&mut self, text: &str) -> Vec<Effect> {
        let found = OnDisk::Text { text: text.into(), stamp: Stamp::of(text) };
        let effects = self.tell(Msg::Looked { prompt: "greeter".into(), found: Some(found), others: Vec::new() });
        let then = self.reconciled(&effects);
        [effects, then].concat()
    }

    /// The count that `effects` ask for is made, by an estimate.
    pub fn counted(&mut self, effects: &[Effect]) -> Vec<Effect> {
        let asked = to_count(effects).unwrap_or_else(|| panic!("no count in {effects:?}"));
        self.tell(Msg::Counted(Arc::new(tally_of(&asked))))
    }

    /// Sends a message and lets a model answer it with `reply`.
    pub fn exchange(&mut self, message: &str, reply: &str) {
        let run = self.send(message);
        self.reply(run, 400, Event::Text(reply.to_owned()));
        let usage = Usage { input: Some(900), output: Some(40), ..Usage::default() };
        self.reply(run, 1200, Event::Usage(usage));
        self.reply(run, 1200, Event::Done { finish: Finish::End, failure: None });
        self.model.status = None;
    }

    /// Writes a message on the Play screen and sends it; the run's number.
    pub fn send(&mut self, message: &str) -> u64 {
        self.press("alt-2 i");
        self.type_text(message);
        let effects = self.press("enter");
        sent(&effects).unwrap_or_else(|| panic!("not sent: {}", self.said())).0
    }

    /// An event of a run, so many milliseconds after it was sent.
    pub fn reply(&mut self, run: u64, at_ms: u64, event: Event) -> Vec<Effect> {
        self.tell(Msg::Run { run, at_ms, event })
    }

    /// Where a pane's text begins on the screen.
    pub fn place(&self, pane: crate::tui::draft::PaneId) -> (u16, u16) {
        let view = crate::tui::draft::DraftView::of(&self.model).unwrap();
        let area = layout::text(view.area(pane).expect("the pane is shown"));
        (area.x, area.y)
    }
}
