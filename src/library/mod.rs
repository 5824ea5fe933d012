//! Prompts on disk: a folder with `prompts/` in it, normally in a git repository.
//!
//! Reads, lists, creates, saves and freezes as the file format says. Every write is atomic, keeps the file's mode and
//! follows no link out of the library; a file or key that is not known here is left as it is. Nothing here draws, and
//! nothing here talks to a model.
//!
//! | file | what it does |
//! | --- | --- |
//! | `names` | what names, versions' folders and references look like |
//! | `discover`, `folders` | which folder is the library, and where the user's own things are |
//! | `paths` | no path and no link leads out of it |
//! | `list`, `read` | what there is, what is damaged, one state of one prompt |
//! | `about`, `settings`, `values`, `releases` | `prompt.toml`, `config.json`, `values/*.json`, `releases.jsonl` |
//! | `variables`, `rename` | declaring a variable, renaming it in every file of a prompt |
//! | `ledger` | files that are only added to: read as far as they make sense, one line more in one write |
//! | `side`, `revision`, `beside` | what can be compared: states, git revisions, files; what differs beside the text |
//! | `chronicle` | all states of a prompt, with what, why and who |
//! | `write`, `draft` | atomic writes; the draft, and never over someone else's words |
//! | `costs` | budget and assumptions, written into `prompt.toml` |
//! | `begin` | the draft anew, from a version |
//! | `cut`, `changelog`, `seal` | freezing a version, its changelog, its SHA256SUMS |
//! | `journal` | what was typed and not yet saved, as records |
//! | `trash` | what was deleted, and how it comes back |
//! | `review` | `review.jsonl`: reading it, adding to it, the bytes that a decision covers |
//! | `incidents` | `incidents/*.md`: what went wrong, and whether it is mended |
//! | `progress` | how far a draft or version is on its way, as its files show it |
//! | `schema` | the schema that a prompt's replies keep to |
//! | `samples` | the library that is inside the program |

mod about;
mod begin;
mod beside;
mod changelog;
mod chronicle;
mod costs;
mod course;
mod cut;
mod discover;
mod doubt;
mod draft;
mod evals;
mod evidence;
mod folders;
mod incidents;
pub mod journal;
mod judgements;
mod ledger;
mod lint;
mod list;
mod names;
mod paths;
mod progress;
mod read;
mod releases;
mod rename;
mod review;
mod revision;
mod samples;
mod schema;
mod seal;
mod settings;
mod side;
mod trash;
#[cfg(test)]
mod trial;
mod tried;
mod values;
mod variables;
mod write;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use semver::Version;

use crate::prompt::{Assumptions, Declarations, Values};

pub use about::{About, read as read_about};
pub use begin::Begun;
pub use beside::{Beside, Changed};
pub use changelog::{Rollback, changelog};
pub use chronicle::{Chapter, Chronicle};
pub use course::{Course, Happened, Happening};
pub use cut::{Frozen, Proposal, next_early, next_version};
pub use discover::Surroundings;
pub use doubt::Uncounted;
pub use draft::{Expected, Saved, Stamp, Stored, outline};
pub use evals::EvalRun;
pub use evidence::Incident;
pub use folders::{Folders, folders};
pub use judgements::{Judgement, Vote};
pub use ledger::{Ledger, Line};
pub use lint::{Aged, LintTable};
pub use names::{check_name, date_of as date, version_of};
pub use progress::Asked;
pub use releases::{Drilled, NewDrill, NewRelease, Release, ReleaseKind, Releases, Shelf};
pub use rename::{Rename, RenamedFile, RenamedPlace};
pub use review::{Entered, FileStamp, Reviewed};
pub use samples::write_samples;
pub use settings::PromptConfig;
pub use side::{Side, SideName, file_side, on_equal_terms};
pub use trash::{Deleted, Thing};
pub use tried::{Outcome, Suite, Tried};
pub use variables::Seen;
pub use write::{write_copy, write_folder, write_page};

/// A library: the folder that holds `prompts/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    root: PathBuf,
    /// `root` without links, what every path is held against.
    real: PathBuf,
    /// Which folder that is, whatever its name leads to later.
    folder: paths::FolderId,
}

/// Which state of a prompt is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Which {
    /// The draft.
    Draft,
    /// One frozen version.
    Version(Version),
}

/// A reference as it was typed: `NAME`, `NAME@draft`, `NAME@1.2.0`, `NAME@v1.2.0`, `NAME@latest`, `NAME@production`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The prompt's name.
    pub name: String,
    /// What stands behind the `@`, if there is one.
    pub at: Option<String>,
}

/// One thing that is wrong with a prompt's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file or folder, relative to the library.
    pub file: PathBuf,
    /// The line, where one is known.
    pub line: Option<usize>,
    /// What is wrong, in words.
    pub reason: String,
}

/// A frozen version as its folder's name says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionEntry {
    /// The semantic version.
    pub version: Version,
    /// The day it was cut.
    pub date: Date,
    /// Its folder.
    pub folder: PathBuf,
}

/// A prompt as the list shows it: what there is, and what is damaged.
#[derive(Debug, Clone, PartialEq)]
pub struct PromptEntry {
    /// Its folder's name.
    pub name: String,
    /// `title` of `prompt.toml`, else the name in words.
    pub title: String,
    /// `owner` of `prompt.toml`.
    pub owner: Option<String>,
    /// `description` of `prompt.toml`.
    pub description: Option<String>,
    /// Whether there is a draft.
    pub draft: bool,
    /// Its versions, in rising semantic order; a version with two folders stands here once.
    pub versions: Vec<VersionEntry>,
    /// Its value sets' names, sorted.
    pub value_sets: Vec<String>,
    /// What each environment runs.
    pub environments: Vec<(String, Version)>,
    /// The environments of which it is not certain what they run, because a line of `releases.jsonl` cannot be read.
    pub doubtful: Vec<String>,
    /// The declared variables.
    pub variables: Declarations,
    /// What is wrong with its files.
    pub damaged: Vec<Damage>,
}

/// One state of a prompt, read from disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The prompt's name.
    pub prompt: String,
    /// Which state.
    pub which: Which,
    /// Its folder.
    pub folder: PathBuf,
    /// The exact text of `system_prompt.txt`.
    pub text: String,
    /// `config.json`, empty when there is none.
    pub config: PromptConfig,
    /// The declared variables (of `prompt.toml`).
    pub variables: Declarations,
    /// What is planned for it (of `prompt.toml`).
    pub assumptions: Assumptions,
    /// What `prompt.toml` says to the linter.
    pub lint: LintTable,
}

/// How far a new version is from the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The first number.
    Major,
    /// The second number.
    Minor,
    /// The third number.
    Patch,
    /// Exactly this.
    Exactly(Version),
}

/// What a freeze needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Which number the version gets.
    pub step: Step,
    /// What changed, in words.
    pub what: String,
    /// Why, in words.
    pub why: String,
    /// The day of the version.
    pub date: Date,
}

/// A named set of values, as `values/NAME.json` holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueSet {
    /// The file's name without its ending.
    pub name: String,
    /// The values.
    pub values: Values,
}

/// The outcome of checking one version's SHA256SUMS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The prompt's name.
    pub prompt: String,
    /// The version; none where the prompt, or a folder that looks like a version, cannot be read as one.
    pub version: Option<Version>,
    /// Whether there is a SHA256SUMS; without one nothing vouches for the files, and nothing contradicts them.
    pub sealed: bool,
    /// What does not hold; empty when all of it does.
    pub problems: Vec<Damage>,
    /// What is odd and contradicts nothing: files that were put there, sums that were written anew.
    pub remarks: Vec<Damage>,
}

impl Library {
    /// The folder that holds `prompts/`, as it was named, made absolute.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Damage {
    /// An error about a file of the library as damage: its place relative to `root`, its hint in the reason.
    fn of(root: &Path, error: crate::error::Error, otherwise: &Path) -> Self {
        let reason = match error.hint {
            Some(hint) => format!("{} ({hint})", error.message),
            None => error.message,
        };
        let (file, line) = match error.place {
            Some(place) => (place.file, place.line),
            None => (otherwise.to_owned(), None),
        };
        let file = file.strip_prefix(root).map(Path::to_owned).unwrap_or(file);
        Self { file, line, reason }
    }
}
