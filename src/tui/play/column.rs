//! One column of the Play screen: what answers in it, its conversation, where it is scrolled to.

use std::fmt;
use std::ops::Range;

use semver::Version;

use super::talk::Talk;
use crate::library::PromptConfig;
use crate::model::ModelName;

/// Whose text a column runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The draft, as it is at the moment of sending.
    #[default]
    Draft,
    /// A frozen version.
    Version(Version),
    /// Nothing: it shows a run of the history and answers no message.
    Kept {
        /// The run's number.
        run: i64,
        /// What ran then: `draft`, or a version.
        version: String,
    },
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft => f.write_str("draft"),
            Self::Version(version) => write!(f, "v{version}"),
            Self::Kept { run, version } if version == "draft" => write!(f, "run {run}, the draft then"),
            Self::Kept { run, version } => write!(f, "run {run}, v{version}"),
        }
    }
}

/// The words of a reply that another one does not have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Marks {
    /// The run whose reply it is.
    pub run: u64,
    /// Bytes of the reply, in order and apart from one another.
    pub words: Vec<Range<usize>>,
}

/// A version, or the draft, with a model.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Whose text it runs.
    pub subject: Subject,
    /// The model that was chosen here; else the one that the subject's configuration names.
    pub chosen: Option<ModelName>,
    /// Parameters that are other here than the subject's configuration says; null for one that is not set here.
    pub changes: PromptConfig,
    /// What was said.
    pub talk: Talk,
    /// Rows scrolled up from the end of the conversation; 0 follows it.
    pub scrolled: usize,
    /// The turn that letters are for, counted from 0; `None` is the last one.
    pub turn: Option<usize>,
    /// Words of a reply that the one it is compared with does not have.
    pub marks: Option<Marks>,
    /// Grows with every change of what is shown.
    pub revision: u64,
}

impl Column {
    /// Whether it answers messages.
    pub fn answers(&self) -> bool {
        !matches!(self.subject, Subject::Kept { .. })
    }

    /// The turn that letters are for; `None` when nothing was said yet.
    pub fn turn(&self) -> Option<usize> {
        let last = self.talk.shown().count().checked_sub(1)?;
        Some(self.turn.unwrap_or(last).min(last))
    }

    /// What is shown has changed.
    pub fn touch(&mut self) {
        self.revision += 1;
    }
}

/// What the column with this index is called: A to D.
pub fn letter(index: usize) -> char {
    ['A', 'B', 'C', 'D'].get(index).copied().unwrap_or('?')
}
