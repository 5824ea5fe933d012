//! The prompt that is open: its text in panes, what was typed and undone, its variables' values.
//!
//! Each pane holds the body of one section in a rope. The headings and what stands between the sections are the
//! skeleton; together they give the file's exact bytes. A copy of a rope costs nothing, so that undo keeps whole states.

mod change;
mod history;
mod places;
mod preview;
mod text;
mod values;
mod view;

use std::sync::Arc;

use semver::Version;

use crate::diff::Choice;
use crate::library::{Expected, PromptConfig, PromptEntry, Shelf, Stamp};
use crate::prompt::{Assumptions, Document, Privacy, SectionId};
use crate::tui::counting::Tallies;
use crate::tui::editor::Buffer;
use crate::tui::msg::{Opened, Reconciled, Unsaved};
use crate::tui::variables::Renamed;

pub use history::{EditKind, History, Passed};
pub use places::Places;
pub use preview::{PreviewAnchor, PreviewKind, PreviewLine, PreviewSource};
pub use text::DraftText;
use text::split;
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
    /// What these were made of.
    rows_of: Option<(u64, u64)>,
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
    /// What is wrong with `prompt.toml` or `config.json` since somebody else has changed it.
    pub beside: Option<String>,
    /// The log of releases and the versions from outside, as they were looked at last.
    pub shelf: Option<Shelf>,
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
            rows_of: None,
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
            beside: None,
            shelf: None,
            next_state: 2,
        }
    }

    /// The highest version: the one the draft grew from.
    pub fn base(&self) -> Option<&Version> {
        self.entry.versions.iter().map(|entry| &entry.version).next_back()
    }

    /// Whether an example goes to who answers, in place of the value of a variable.
    pub fn examples_go(&self) -> bool {
        let given = |row: &&Row| row.privacy == Privacy::Personal && row.state == RowState::Given;
        let example = |row: &Row| self.values.declarations.get(&row.name).is_some_and(|one| one.example.is_some());
        self.values.examples_go && self.rows.iter().filter(given).any(example)
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

    /// The pane of a line of the whole text, from 1, and its line there, from 0.
    pub fn place_of_line(&self, line: usize) -> Option<(usize, usize)> {
        PreviewSource::new(self, "").pane_line(line.saturating_sub(1))
    }

    /// All panes in the order Tab visits them.
    pub fn order(&self) -> Vec<PaneId> {
        self.shown().map(PaneId::Text).chain([PaneId::Variables, PaneId::Preview]).collect()
    }
}
