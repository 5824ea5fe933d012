//! What messages carry of files: a prompt as it is opened, what stands on disk beside it, and what a journal had to say.
//! Nothing here reads or writes; the runner fills these and `update` takes them in.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::diff::Merge;
use crate::error::Error;
use crate::library::journal::Steps;
use crate::library::{LintTable, PromptConfig, PromptEntry, Release, Snapshot, Stamp, ValueSet};
use crate::prompt::{Assumptions, Declarations, Values};
use crate::tui::changes::Changes;
use crate::tui::consent::Sharing;
use crate::tui::draft::DraftText;

/// A prompt as the workbench opens it.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// What the list knows of it.
    pub entry: PromptEntry,
    /// Its draft, or the latest version where there is none.
    pub snapshot: Snapshot,
    /// Stamp of the draft's file; `None` when there is no draft yet.
    pub stamp: Option<Stamp>,
    /// Its value sets that could be read.
    pub sets: Vec<ValueSet>,
    /// The days on which the value sets' files were written last.
    pub written: BTreeMap<String, Date>,
    /// What was kept of it since the last start.
    pub kept: Option<Kept>,
    /// The hosts that messages of it may go to without a question.
    pub agreed: Vec<(String, Sharing)>,
    /// What the journal has to say.
    pub left: Left,
    /// What could not be read.
    pub problems: Vec<Error>,
}

/// What came of beginning the draft anew from a version.
#[derive(Debug, Clone, PartialEq)]
pub enum Began {
    /// Nothing yet: the draft holds what no version has, and somebody has to agree.
    Asks,
    /// It was written.
    Done {
        /// Its text.
        text: Arc<str>,
        /// Its stamp.
        stamp: Stamp,
        /// What stands beside it.
        beside: Box<Beside>,
        /// The folder with a copy of what it held, where no version has that.
        kept: Option<String>,
    },
}

/// What runs where, and which versions there are, when somebody else has changed it.
#[derive(Debug, Clone, PartialEq)]
pub struct OnShelf {
    /// The prompt as its folder's names and its log show it.
    pub entry: PromptEntry,
    /// What runs in each environment, with who released it and why.
    pub running: Vec<Release>,
    /// What is doubtful about it, one sentence each.
    pub doubts: Vec<String>,
}

/// What stands where the draft's file should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDisk {
    /// Nothing.
    Missing,
    /// A text.
    Text {
        /// The text.
        text: Arc<str>,
        /// Its stamp.
        stamp: Stamp,
    },
    /// Bytes that are no text.
    NoText {
        /// Their stamp.
        stamp: Stamp,
    },
}

/// What `prompt.toml` and `config.json` say: files that hold nothing unsaved.
#[derive(Debug, Clone, PartialEq)]
pub struct Beside {
    /// What is declared.
    pub declarations: Declarations,
    /// What is assumed about the cost.
    pub assumptions: Assumptions,
    /// What `[lint]` says.
    pub lint: LintTable,
    /// The configuration of the draft.
    pub config: PromptConfig,
}

/// Another greenroom that has the same draft open.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Other {
    /// The number of its process.
    pub process: u32,
    /// Since when, in words.
    pub since: String,
}

/// What differs between ours and theirs.
#[derive(Debug, Clone, PartialEq)]
pub struct Reconciled {
    /// Which moment of ours it is.
    pub moment: u64,
    /// Which text of theirs.
    pub stamp: Stamp,
    /// What taking theirs would change.
    pub changes: Arc<Changes>,
    /// Both put together.
    pub merge: Merge,
    /// What differs in each conflict of it.
    pub conflicts: Vec<Arc<Changes>>,
}

/// What the journal of a draft has to say when it is opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Left {
    /// The steps of earlier sessions around the text of the file.
    pub steps: Steps,
    /// A text that did not get into the file.
    pub unsaved: Option<Unsaved>,
    /// Whether there were steps that no longer fit the file.
    pub dropped: bool,
}

/// A text that did not get into its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsaved {
    /// When it was typed, in words.
    pub when: String,
    /// The text.
    pub text: String,
    /// What the file held then, where somebody else has changed it since.
    pub base: Option<String>,
    /// What restoring it changes.
    pub changes: Arc<Changes>,
}

/// What the workbench holds of a prompt's files besides its text, read again after they changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Refreshed {
    /// What `prompt.toml` declares.
    pub declarations: Declarations,
    /// The value sets.
    pub sets: Vec<ValueSet>,
    /// The configuration of the draft.
    pub config: PromptConfig,
}

/// What is kept of an open prompt between two starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Values that differ from their set, and the set they came from.
    pub values: Option<(Option<String>, Values)>,
    /// A message that was not sent.
    pub message: String,
}

/// A text and a configuration that can be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// What it is called.
    pub label: String,
    /// Where its text comes from.
    pub source: SideSource,
}

/// Where the text of a side comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum SideSource {
    /// The draft as it is typed.
    Draft {
        /// Its text.
        text: DraftText,
        /// Its configuration.
        config: PromptConfig,
    },
    /// A version on disk.
    Version(semver::Version),
    /// An environment, a git revision, another prompt, a file.
    Named(crate::library::SideName),
}
