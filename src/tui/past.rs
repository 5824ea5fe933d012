//! The history on the screen: a list of runs that is read a page at a time, and one of them opened beside the prompt as
//! it is now. What is asked of the file and what comes back are plain data; reading it is the runner's business.

mod rows;

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::Error;
use crate::history::{After, Brief, Filter, Rating, Run};
use crate::prompt::{Declarations, Values};
use crate::tui::changes::Changes;
use crate::tui::draft::DraftText;
use crate::tui::input::Input;

pub use rows::{PastRow, facts, rows};

/// So many rows of the list are read at once.
pub const PAGE: usize = 100;
/// When fewer rows than this are left below the chosen one, the next page is read.
pub const AHEAD: usize = 40;

/// The box with the history. It stays as it is when it is closed, so that it opens again where it was left.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent facts about the box; each is asked for by its name"
)]
pub struct Past {
    /// The words that are searched for.
    pub filter: Input,
    /// Whether letters go into the filter.
    pub typing: bool,
    /// Whether the runs of all prompts are listed, and not only those of the open one.
    pub everything: bool,
    /// The rows that were read, newest first.
    pub entries: Vec<Entry>,
    /// How many there are, read or not; `None` until that is known.
    pub total: Option<u64>,
    /// The chosen row.
    pub selected: usize,
    /// The number of the question that was asked last: only its answer counts.
    pub number: u64,
    /// Whether its answer is still to come.
    pub waiting: bool,
    /// Whether the first run of that answer is opened: Enter came before it.
    pub eager: bool,
    /// Why nothing could be read.
    pub problem: Option<String>,
    /// The run that is opened.
    pub open: Option<OpenRun>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The run.
    pub brief: Brief,
    /// When it was sent, where the user is: `2026-11-23 12:04`.
    pub when: String,
}

/// A run that is opened.
#[derive(Debug)]
pub struct OpenRun {
    /// Its number.
    pub id: i64,
    /// What was read; `None` while it is.
    pub whole: Option<Arc<Whole>>,
    /// Which side has the focus, or is shown where one fits.
    pub side: Side,
    /// Rows scrolled down, by side.
    pub scrolled: [usize; 2],
    /// Whether its message is sent again as soon as it is read.
    pub again: bool,
}

/// A side of an opened run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The messages and the reply.
    Talk,
    /// The prompt then and now.
    Prompt,
}

/// A run as it is shown: its texts are masked.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// The run.
    pub run: Run,
    /// When it was sent, where the user is.
    pub when: String,
    /// What became of its prompt since.
    pub against: Against,
}

/// What became of a prompt since a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Against {
    /// What is compared with what, in a sentence.
    pub note: String,
    /// What differs.
    pub changes: Changes,
}

/// The prompt as it is now, to be compared with what was sent then.
#[derive(Debug, Clone, PartialEq)]
pub struct Now {
    /// Its name.
    pub prompt: String,
    /// The draft.
    pub text: DraftText,
    /// Its values.
    pub values: Values,
    /// What is declared about them.
    pub declarations: Declarations,
}

/// What is asked of the history.
#[derive(Debug, Clone, PartialEq)]
pub enum Recall {
    /// Some rows of the list.
    List {
        /// The number of the question.
        number: u64,
        /// Which runs.
        filter: Filter,
        /// The last row that is known.
        after: Option<After>,
    },
    /// One run in whole.
    Read {
        /// Its number.
        id: i64,
        /// The prompt that is open.
        now: Option<Box<Now>>,
    },
    /// Say what the user thinks of a reply.
    Rate {
        /// The run.
        id: i64,
        /// What they think; `None` takes it back.
        rating: Option<Rating>,
    },
    /// Delete a run for good.
    Delete(i64),
    /// Write runs into a new file, one JSON object a line.
    Export {
        /// Which runs.
        filter: Filter,
        /// Only this one.
        only: Option<i64>,
        /// The file, as it was typed.
        file: String,
    },
}

/// What the history answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Recalled {
    /// Rows of the list.
    Listed {
        /// The number of the question.
        number: u64,
        /// Whether they come after rows that are known.
        goes_on: bool,
        /// The rows, and how many there are in all.
        result: Result<(Vec<Entry>, u64), Error>,
    },
    /// A run.
    Read {
        /// Its number.
        id: i64,
        /// What it is; `None` when it is gone.
        result: Result<Option<Arc<Whole>>, Error>,
    },
    /// A rating was written, or not.
    Rated {
        /// The run.
        id: i64,
        /// The rating.
        rating: Option<Rating>,
        /// Why not.
        result: Result<bool, Error>,
    },
    /// A run was deleted, or not.
    Deleted {
        /// The run.
        id: i64,
        /// Why not.
        result: Result<(), Error>,
    },
    /// Runs were written to a file, so many of them.
    Exported(Result<(PathBuf, usize), Error>),
}

impl Past {
    /// The chosen run.
    pub fn chosen(&self) -> Option<&Entry> {
        self.entries.get(self.selected)
    }

    /// The run that letters are for: the opened one, else the chosen one.
    pub fn run(&self) -> Option<i64> {
        self.open.as_ref().map(|open| open.id).or_else(|| self.chosen().map(|entry| entry.brief.id))
    }

    /// The rating of the run that letters are for.
    pub fn rating(&self) -> Option<Rating> {
        let whole = self.open.as_ref().and_then(|open| open.whole.as_ref());
        whole.map_or_else(|| self.chosen().and_then(|entry| entry.brief.rating), |whole| whole.run.rating)
    }

    /// The first shown row of the list, so that the chosen one is in sight.
    pub fn first_row(&self, height: u16) -> usize {
        (self.selected + 1).saturating_sub(usize::from(height.max(1)))
    }

    /// Whether rows are there that were not read yet.
    pub fn has_more(&self) -> bool {
        self.total.is_some_and(|total| total > self.entries.len() as u64)
    }
}

impl OpenRun {
    /// A run that is still to be read.
    pub fn new(id: i64) -> Self {
        Self { id, whole: None, side: Side::Talk, scrolled: [0; 2], again: false }
    }
}
