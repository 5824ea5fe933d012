//! Prompts on disk: a folder with `prompts/` in it, normally in a git repository.
//!
//! Reads, lists, creates, saves and freezes as the file format says. Every write is atomic, keeps the file's mode and
//! follows no link out of the library; a file or key that is not known here is left as it is. Nothing here draws, and
//! nothing here talks to a model.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use semver::Version;

use crate::error::Result;
use crate::prompt::{Declarations, Values};

/// A library: the folder that holds `prompts/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Library {
    root: PathBuf,
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Its versions, in rising semantic order.
    pub versions: Vec<VersionEntry>,
    /// Its value sets' names, sorted.
    pub value_sets: Vec<String>,
    /// What each environment runs.
    pub environments: Vec<(String, Version)>,
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
}

/// A `config.json`, with its keys in the order of the file; unknown keys are kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PromptConfig(pub serde_json::Map<String, serde_json::Value>);

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

impl Library {
    /// The folder that holds `prompts/`.
    pub fn root(&self) -> &Path {
        &self.root
    }
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
    /// The version.
    pub version: Version,
    /// What does not hold; empty when all of it does.
    pub problems: Vec<Damage>,
}

/// Kept until the functions that return it stand here.
pub type LibraryResult<T> = Result<T>;
