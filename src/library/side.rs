//! What can be compared: a state of a prompt, one that git knows, or a file, each read to the same form.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::library::revision::check_revision;
use crate::library::{Library, LintTable, PromptConfig, Reference, Snapshot, Tried, ValueSet, Which, check_name};
use crate::prompt::{Assumptions, Declarations, decode};

/// One side of a comparison as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SideName {
    /// `NAME`, `NAME@1.2.0`, `NAME@production`, …
    State(Reference),
    /// `NAME@git:REV`.
    Revision {
        /// The prompt.
        name: String,
        /// What git calls the revision.
        revision: String,
    },
    /// A file outside of any prompt.
    File(PathBuf),
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// What it is called: `customer_support@1.2.0`.
    pub label: String,
    /// Its text's file, relative to the library; of a file outside the path as it was typed.
    pub file: PathBuf,
    /// Its text, its settings, and what is declared of its variables.
    pub snapshot: Snapshot,
    /// Its value sets.
    pub sets: Vec<ValueSet>,
    /// What its evals are and came to.
    pub tried: Tried,
    /// Whether there is nothing but a text: what a file is compared with has settings that say nothing about it.
    pub text_alone: bool,
}

impl SideName {
    /// Reads a reference, or the path of a file that is there.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some((name, revision)) = text.split_once("@git:") {
            check_name("prompt", name)?;
            check_revision(revision)?;
            return Ok(Self::Revision { name: name.to_owned(), revision: revision.to_owned() });
        }
        match Reference::parse(text) {
            Ok(reference) => Ok(Self::State(reference)),
            Err(_) if fs::metadata(text).is_ok_and(|found| found.is_file()) => Ok(Self::File(text.into())),
            Err(error) if text.contains(['/', '.']) && !text.contains('@') => {
                Err(error.hint("there is no such file either"))
            }
            Err(error) => Err(error),
        }
    }

    /// The same for the prompt `name`: a version, an environment, `draft`, `git:REV`; or anything that stands by itself.
    ///
    /// # Errors
    /// When it is none of them.
    pub fn within(name: &str, text: &str) -> Result<Self> {
        if text.contains('@') {
            return Self::parse(text);
        }
        Self::parse(&format!("{name}@{text}")).or_else(|error| match Self::parse(text) {
            Ok(Self::File(file)) => Ok(Self::File(file)),
            _ => Err(error),
        })
    }
}

impl std::fmt::Display for SideName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::State(reference) => reference.fmt(f),
            Self::Revision { name, revision } => write!(f, "{name}@git:{revision}"),
            Self::File(file) => write!(f, "{}", file.display()),
        }
    }
}

impl Library {
    /// Reads one side of a comparison.
    ///
    /// # Errors
    /// As [`Library::resolve`] and [`Library::read`]; for a revision when git cannot give it.
    pub fn side(&self, name: &SideName) -> Result<Side> {
        match name {
            SideName::State(reference) => {
                let (name, which) = self.resolve(reference)?;
                self.side_of(self.read(&name, &which)?)
            }
            SideName::Revision { name, revision } => self.at_revision(name, revision),
            SideName::File(file) => file_side(file),
        }
    }

    /// A state that was read as one side of a comparison.
    ///
    /// # Errors
    /// When a value set cannot be read.
    pub fn side_of(&self, snapshot: Snapshot) -> Result<Side> {
        let names = self.value_sets(&snapshot.prompt)?;
        let sets = names.iter().map(|set| self.value_set(&snapshot.prompt, set)).collect::<Result<_>>()?;
        let folder = snapshot.folder.strip_prefix(self.root()).unwrap_or(&snapshot.folder);
        let label = format!("{}@{}", snapshot.prompt, snapshot.which);
        let tried = self.tried(&snapshot)?;
        Ok(Side { label, file: folder.join("system_prompt.txt"), snapshot, sets, tried, text_alone: false })
    }
}

impl Library {
    /// The evals of a state, as far as they can be read: what cannot is said to be so, and takes away no comparison.
    fn tried(&self, snapshot: &Snapshot) -> Result<Tried> {
        let suite = self.prompt_folder(&snapshot.prompt)?.join("evals/cases.yaml");
        // what cannot be read as a text is told like what is no list
        let text = |file: &Path| self.text_if_there(file).unwrap_or_else(|_| Some("{".to_owned()));
        let results = text(&snapshot.folder.join("eval_results.json"));
        Ok(Tried::of(text(&suite).as_deref(), results.as_deref(), || self.evidence(snapshot).ok()))
    }
}

/// A file as one side of a comparison; what git calls a missing file, `/dev/null`, is an empty text.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub fn file_side(file: &Path) -> Result<Side> {
    let bytes = fs::read(file).map_err(|error| Error::io("read", file, &error))?;
    let text =
        decode(bytes).map_err(|invalid| Error::input(format!("is not UTF-8 at byte {}", invalid.offset)).at(file))?;
    let snapshot = Snapshot {
        prompt: String::new(),
        which: Which::Draft,
        folder: file.parent().unwrap_or(Path::new("")).to_owned(),
        text,
        config: PromptConfig::default(),
        variables: Declarations::default(),
        assumptions: Assumptions::default(),
        lint: LintTable::default(),
    };
    let label = file.display().to_string();
    Ok(Side { label, file: file.to_owned(), snapshot, sets: Vec::new(), tried: Tried::default(), text_alone: true })
}

/// Gives a text that stands alone the settings of the other side, so that nothing but the text differs.
pub fn on_equal_terms(from: &mut Side, to: &mut Side) {
    let (alone, whole) = match (from.text_alone, to.text_alone) {
        (true, false) => (from, &*to),
        (false, true) => (to, &*from),
        _ => return,
    };
    alone.sets.clone_from(&whole.sets);
    alone.tried.clone_from(&whole.tried);
    let (text, folder) = (std::mem::take(&mut alone.snapshot.text), alone.snapshot.folder.clone());
    alone.snapshot = Snapshot { folder, text, ..whole.snapshot.clone() };
}
