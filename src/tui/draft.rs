//! The prompt that is open: its text in panes, what was typed and undone, its variables' values.
//!
//! Each pane holds the body of one section in a rope. The headings and what stands between the sections are the
//! skeleton; together they give the file's exact bytes. A copy of a rope costs nothing, so that undo keeps whole states.

mod history;
mod places;
mod preview;
mod values;
mod view;

use std::sync::Arc;

use ropey::Rope;
use semver::Version;

use crate::diff::Choice;
use crate::library::journal::Edit;
use crate::library::{Expected, PromptConfig, PromptEntry, Stamp};
use crate::prompt::{Assumptions, Document, SectionId};
use crate::tui::counting::Tallies;
use crate::tui::editor::Buffer;
use crate::tui::msg::{Opened, Reconciled, Unsaved};
use crate::tui::variables::Renamed;

pub use history::{EditKind, History, Passed};
pub use places::Places;
pub use preview::{PreviewAnchor, PreviewKind, PreviewLine, PreviewSource};
pub use values::{Editing, Row, RowState, ValuesPane, mask};
pub use view::{DraftView, used};

/// A pane of the Draft screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaneId {
    /// A text: 0 is the unsorted text, 1 to 5 are the sections.
    Text(usize),
    /// The variables.
    Variables,
    /// The filled prompt.
    Preview,
}

/// The section that the text pane `index` holds; `None` for the unsorted text.
pub fn section_of(index: usize) -> Option<SectionId> {
    index.checked_sub(1).map(|index| SectionId::ALL[index])
}

/// The text pane that holds `section`.
pub fn pane_of(section: Option<SectionId>) -> usize {
    section.map_or(0, |section| section.index() + 1)
}

/// What is being done about writing the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    /// Nothing.
    Resting,
    /// It is being written.
    UnderWay {
        /// Somebody asked for it, so that its end is told.
        asked: bool,
        /// Something was typed or asked for meanwhile: another save follows.
        again: bool,
    },
    /// Somebody else has changed the file and nobody has decided yet.
    Conflict,
}

/// A number for each state of the text; two states with the same number are the same text.
pub type StateId = u64;

/// The whole text of a draft at one moment, cheap to copy; put together where it is needed.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftText {
    skeleton: Arc<Document>,
    bodies: [Rope; 6],
}

impl DraftText {
    /// The text of a file. Takes time in proportion to it.
    pub fn new(text: &str) -> Self {
        let (skeleton, panes) = split(text);
        Self { skeleton, bodies: panes.map(|pane| pane.rope().clone()) }
    }

    /// About how long it is: the bytes of the panes, without headings.
    pub fn bytes(&self) -> usize {
        self.bodies.iter().map(ropey::Rope::len_bytes).sum()
    }

    /// The text of a remembered state.
    fn of(past: &history::Past) -> Self {
        let bodies = past.panes.each_ref().map(|pane| pane.rope().clone());
        Self { skeleton: Arc::clone(&past.skeleton), bodies }
    }

    /// The exact bytes of the file. Takes time in proportion to the text: not for the path of a key press.
    pub fn to_text(&self) -> String {
        self.to_document().to_text()
    }

    /// The sections with their bodies. Takes time in proportion to the text.
    pub fn to_document(&self) -> Document {
        let mut document = (*self.skeleton).clone();
        self.fill(&mut document);
        document
    }

    /// The pane of every placeholder of `name`, and the line in it.
    pub fn places_of(&self, name: &str) -> Vec<(usize, usize)> {
        let bodies = self.bodies.iter().enumerate();
        bodies.flat_map(|(pane, body)| places::lines_of(body, name).into_iter().map(move |line| (pane, line))).collect()
    }

    fn fill(&self, document: &mut Document) {
        for (index, body) in self.bodies.iter().enumerate() {
            document.set_body(section_of(index), &body.to_string());
        }
    }
}

/// A text that somebody else has put into the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Theirs {
    /// The text.
    pub text: Arc<str>,
    /// Its stamp.
    pub stamp: Stamp,
    /// What differs from ours, once it is known.
    pub reconciled: Option<Arc<Reconciled>>,
    /// Somebody asked to decide about it.
    pub asked: bool,
}

/// The open prompt.
#[derive(Debug)]
pub struct Draft {
    /// What the list knows of it.
    pub entry: PromptEntry,
    /// The headings and what stands between; the bodies in it are empty.
    pub skeleton: Arc<Document>,
    /// The unsorted text and the five sections.
    pub panes: [Buffer; 6],
    /// The pane that has the focus.
    pub focus: PaneId,
    /// The text pane that had the focus last.
    pub last_text: usize,
    /// The configuration of the draft.
    pub config: PromptConfig,
    /// The number of the state that is shown.
    pub state: StateId,
    /// The number of the state that stands on disk.
    pub saved: StateId,
    /// What stands on disk, as far as we know.
    pub stamp: Option<Stamp>,
    /// What is being done about writing it.
    pub saving: Saving,
    /// Past and undone states.
    pub history: History,
    /// The values.
    pub values: ValuesPane,
    /// The variables as the pane lists them; computed after every message, so that drawing need not.
    pub rows: Vec<Row>,
    /// What it costs in tokens.
    pub counts: Tallies,
    /// What is assumed about its cost.
    pub assumptions: Assumptions,
    /// Where the preview starts.
    pub preview: PreviewAnchor,
    /// The pane, cursor, text and size that the preview followed last: it stays where it was scrolled until one changes.
    pub followed: Option<(usize, usize, u64, (u16, u16))>,
    /// Whether the preview shows placeholders instead of values.
    pub raw: bool,
    /// Grows with every change of the text, undo and redo included.
    pub moment: u64,
    /// The moment that the journal knows of.
    pub journaled: u64,
    /// The text that was last read from the file or written to it: what a merge begins with.
    pub base: DraftText,
    /// The text that is being written.
    pub offered: Option<DraftText>,
    /// How often in a row it could not be written.
    pub failures: usize,
    /// The file is gone.
    pub gone: bool,
    /// What somebody else has put into the file, until somebody has decided about it.
    pub theirs: Option<Theirs>,
    /// What was chosen of the conflicts so far.
    pub chosen: Vec<Choice>,
    /// A text that was found when it was opened, until somebody has decided about it.
    pub found: Option<Unsaved>,
    /// Renames that were done, for undo and redo to take the files along.
    pub renames: Vec<Renamed>,
    /// Where each variable stands, as far as it was looked up.
    pub places: Places,
    next_state: StateId,
}

impl Draft {
    /// Opens what was read.
    pub fn open(opened: Opened) -> Self {
        let Opened { entry, snapshot, stamp, sets, written, left, .. } = opened;
        let (skeleton, panes) = split(&snapshot.text);
        let bodies = panes.each_ref().map(|pane| pane.rope().clone());
        let base = DraftText { skeleton: Arc::clone(&skeleton), bodies };
        let first = usize::from(panes[0].rope().len_bytes() == 0);
        Self {
            values: ValuesPane { written, ..ValuesPane::new(sets, snapshot.variables) },
            entry,
            skeleton,
            panes,
            focus: PaneId::Text(first),
            last_text: first,
            config: snapshot.config,
            state: 1,
            // a prompt that has no draft yet gets one with the first change, not before
            saved: 1,
            stamp,
            saving: Saving::Resting,
            history: History::with(left.steps),
            rows: Vec::new(),
            counts: Tallies::default(),
            assumptions: snapshot.assumptions,
            preview: PreviewAnchor::default(),
            followed: None,
            raw: false,
            moment: 0,
            journaled: 0,
            base,
            offered: None,
            failures: 0,
            gone: false,
            theirs: None,
            chosen: Vec::new(),
            found: left.unsaved,
            renames: Vec::new(),
            places: Places::default(),
            next_state: 2,
        }
    }

    /// The highest version: the one the draft grew from.
    pub fn base(&self) -> Option<&Version> {
        self.entry.versions.iter().map(|entry| &entry.version).next_back()
    }

    /// Whether it is being written.
    pub fn is_saving(&self) -> bool {
        matches!(self.saving, Saving::UnderWay { .. })
    }

    /// What has to stand on disk for a save to go ahead.
    pub fn expected(&self) -> Expected {
        self.stamp.map_or(Expected::Nothing, Expected::This)
    }

    /// Whether the text differs from what was last saved.
    pub fn changed(&self) -> bool {
        self.state != self.saved || self.gone
    }

    /// The text at this moment.
    pub fn text(&self) -> DraftText {
        DraftText {
            skeleton: Arc::clone(&self.skeleton),
            bodies: self.panes.each_ref().map(|pane| pane.rope().clone()),
        }
    }

    /// The text panes that are shown: the unsorted text only when there is some.
    pub fn shown(&self) -> impl Iterator<Item = usize> + '_ {
        let unsorted = self.panes[0].rope().len_bytes() > 0 || self.focus == PaneId::Text(0);
        usize::from(!unsorted)..6
    }

    /// All panes in the order Tab visits them.
    pub fn order(&self) -> Vec<PaneId> {
        self.shown().map(PaneId::Text).chain([PaneId::Variables, PaneId::Preview]).collect()
    }

    /// Before a change of the text: remembers the state, unless the change belongs to the same group as the last one.
    pub fn remember(&mut self, kind: EditKind) {
        let pane = match self.focus {
            PaneId::Text(index) => index,
            _ => 0,
        };
        if self.history.starts_group(pane, kind) {
            let past = self.past();
            self.history.push(past);
        }
    }

    /// A change that changed nothing leaves no undo step.
    pub fn forget_if_unchanged(&mut self) {
        self.history.forget(self.state);
    }

    /// After a change of the text. A section that had no heading gets one with its first text.
    pub fn touched(&mut self) {
        self.state = self.next_state;
        self.next_state += 1;
        self.moment += 1;
        let headless = |index: &usize| {
            self.panes[*index].rope().len_bytes() > 0 && self.skeleton.part(section_of(*index)).is_none()
        };
        if (1..6).any(|index| headless(&index)) {
            let mut document = (*self.skeleton).clone();
            self.text().fill(&mut document);
            self.skeleton = Arc::new(hollow(document));
        }
    }

    /// One step back; `false` when there is none.
    pub fn undo(&mut self) -> bool {
        let back = self.history.undo(self.past());
        self.go_back(back)
    }

    /// One step forward again; `false` when there is none.
    pub fn redo(&mut self) -> bool {
        let next = self.history.redo(self.past());
        self.go_back(next)
    }

    fn go_back(&mut self, to: Option<history::Back>) -> bool {
        match to {
            None => return false,
            Some(history::Back::State(past)) => {
                self.become_past(*past);
                self.moment += 1;
            }
            Some(history::Back::Text(text)) => {
                self.become_text(&text);
                self.touched();
            }
        }
        true
    }

    /// Takes `text` as the whole text, as one undoable step; the cursor goes to what differs.
    pub fn replace_text(&mut self, text: &str) {
        self.take_text(text, false);
    }

    /// Takes `text` as the whole text, as one undoable step. The cursor stays where it is while somebody types there.
    pub fn take_text(&mut self, text: &str, typing: bool) {
        let past = self.past();
        self.history.push(past);
        self.history.end_group();
        let (focus, cursors) = (self.focus, self.panes.each_ref().map(Buffer::cursor));
        let before = typing.then(|| self.panes.each_ref().map(|pane| pane.rope().clone()));
        self.become_text(text);
        for (index, before) in before.into_iter().flatten().enumerate() {
            let pane = &mut self.panes[index];
            let after = moved(cursors[index], &before, pane.rope());
            pane.select(after..after);
            pane.deselect();
        }
        if typing {
            self.focus = focus;
            self.keep_focus_shown();
        }
        self.touched();
    }

    /// Shows `text`; the cursor goes to what differs, and panes that do not differ stay as they are.
    fn become_text(&mut self, text: &str) {
        let document = Document::parse(text);
        let same_endings = document.eol == self.skeleton.eol;
        let mut changed = None;
        for (index, pane) in self.panes.iter_mut().enumerate() {
            let body = document.body(section_of(index));
            if *pane.rope() == body {
                continue;
            }
            let edit = Edit::between(pane.rope(), body);
            let (start, end) = (edit.at, edit.at + edit.removed.len());
            let chars = pane.rope().byte_to_char(start)..pane.rope().byte_to_char(end);
            if same_endings {
                pane.replace(chars, &edit.inserted);
            } else {
                *pane = Buffer::new(body, document.eol.as_str());
            }
            changed = changed.or(Some(index));
        }
        self.skeleton = Arc::new(hollow(document));
        if let (Some(index), PaneId::Text(_)) = (changed, self.focus) {
            self.focus = PaneId::Text(index);
        }
        self.keep_focus_shown();
    }

    /// Splits the text anew when what was typed changed the sections, for example a heading. The bytes stay the same.
    /// `true` when the panes changed.
    pub fn resplit(&mut self) -> bool {
        let text = self.text().to_text();
        let document = Document::parse(&text);
        let same = (0..6).all(|index| *self.panes[index].rope() == document.body(section_of(index)));
        if same {
            // headings of absent sections may have appeared
            self.skeleton = Arc::new(hollow(document));
            return false;
        }
        // empty lines around a text are the file's when it is read; while it is written in they stay where they were typed
        let ends = |text: &str| text.trim_matches(['\r', '\n']).to_owned();
        if (0..6).all(|index| ends(&self.panes[index].text()) == ends(document.body(section_of(index)))) {
            return false;
        }
        let (skeleton, panes) = split(&text);
        self.skeleton = skeleton;
        let before = std::mem::replace(&mut self.panes, panes);
        for (pane, before) in self.panes.iter_mut().zip(&before) {
            let (line, column) = before.line_and_column();
            pane.go_to(line, column);
        }
        self.keep_focus_shown();
        true
    }

    fn keep_focus_shown(&mut self) {
        if self.focus == PaneId::Text(0) && self.panes[0].rope().len_bytes() == 0 {
            self.focus = PaneId::Text(1);
        }
    }

    fn past(&self) -> history::Past {
        history::Past {
            state: self.state,
            skeleton: Arc::clone(&self.skeleton),
            panes: self.panes.each_ref().map(Buffer::snapshot),
            focus: self.focus,
        }
    }

    fn become_past(&mut self, past: history::Past) {
        self.skeleton = past.skeleton;
        for (pane, snapshot) in self.panes.iter_mut().zip(&past.panes) {
            pane.restore(snapshot);
        }
        self.state = past.state;
        if matches!(past.focus, PaneId::Text(_)) {
            self.focus = past.focus;
        }
    }
}

/// Where a cursor stands after a text has changed around it.
fn moved(cursor: usize, before: &Rope, after: &Rope) -> usize {
    let edit = Edit::between(before, &after.to_string());
    let start = before.byte_to_char(edit.at);
    let end = before.byte_to_char(edit.at + edit.removed.len());
    let inserted = edit.inserted.chars().count();
    if cursor <= start {
        cursor
    } else if cursor >= end {
        cursor - (end - start) + inserted
    } else {
        start + inserted
    }
}

fn split(text: &str) -> (Arc<Document>, [Buffer; 6]) {
    let document = Document::parse(text);
    let eol = document.eol.as_str();
    let panes = std::array::from_fn(|index| Buffer::new(document.body(section_of(index)), eol));
    (Arc::new(hollow(document)), panes)
}

/// The document without its bodies: those live in the panes.
fn hollow(mut document: Document) -> Document {
    for index in 0..6 {
        document.set_body(section_of(index), "");
    }
    document
}
