//! What a rule is: its name, how bad what it finds is, its page, and the function that looks.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::finding::{Edit, Finding, Fix};
use super::{Input, View};
use crate::prompt::SectionId;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably wrong.
    Warning,
    /// Wrong: `greenroom lint` exits with 1.
    Error,
}

impl Severity {
    /// The word used in files, in JSON and on screens.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// The five sections.
    Structure,
    /// Placeholders, declarations and values.
    Variables,
    /// What the words say.
    Meaning,
    /// Bytes that should not be there.
    Hygiene,
}

impl Group {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Structure, Self::Variables, Self::Meaning, Self::Hygiene];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Structure => "Structure",
            Self::Variables => "Variables",
            Self::Meaning => "Meaning",
            Self::Hygiene => "Hygiene",
        }
    }
}

/// What a rule's page says, beside its name and its level.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// What the rule finds.
    pub what: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// A text in which it finds something.
    pub before: &'static str,
    /// The same text, set right.
    pub after: &'static str,
}

/// One rule.
pub struct Rule {
    /// Its name in files, in JSON and on the command line, in kebab-case.
    pub id: &'static str,
    /// What it looks at.
    pub group: Group,
    /// How bad what it finds is, unless `prompt.toml` says otherwise.
    pub severity: Severity,
    /// What it finds, in a few words.
    pub summary: &'static str,
    /// What to do about a finding, unless the finding says more.
    pub help: &'static str,
    /// Whether some of its findings have a fix.
    pub fixes: bool,
    /// Its page.
    pub page: Page,
    /// Words and phrases it wants to be told of, in lower case.
    pub phrases: &'static [&'static str],
    /// Looks, and puts what it finds into the third argument.
    pub check: fn(&View<'_>, &Input<'_>, &mut Out),
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule({})", self.id)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

/// The findings of one rule that are listed one by one. A text with more of them has one cause, and a list that nobody
/// reads to its end costs memory.
const LISTED: usize = 200;

/// Where a rule puts what it finds.
#[derive(Debug)]
pub struct Out {
    rule: &'static Rule,
    severity: Severity,
    found: Vec<Finding>,
    more: usize,
}

impl Out {
    pub(super) fn new(rule: &'static Rule, severity: Severity) -> Self {
        Self { rule, severity, found: Vec::new(), more: 0 }
    }

    /// A finding at these bytes of the text.
    pub fn at(&mut self, range: Range<usize>, message: impl Into<String>) -> Found<'_> {
        self.more += usize::from(self.found.len() >= LISTED);
        self.found.truncate(LISTED);
        self.found.push(Finding {
            rule: self.rule,
            severity: self.severity,
            section: None,
            line: 0,
            column: 0,
            end: super::Point { line: 0, column: 0 },
            range,
            message: message.into(),
            help: self.rule.help.to_owned(),
            fix: None,
            settings: None,
        });
        let at = self.found.len() - 1;
        Found(&mut self.found[at])
    }

    pub(super) fn into_findings(mut self) -> Vec<Finding> {
        if self.more > 1
            && let Some(last) = self.found.last_mut()
        {
            last.message = format!("{} (and {} more)", last.message, self.more - 1);
        }
        self.found
    }
}

/// A finding that is being made.
#[derive(Debug)]
pub struct Found<'a>(&'a mut Finding);

impl Found<'_> {
    /// What to do about this one.
    pub fn help(self, help: impl Into<String>) -> Self {
        self.0.help = help.into();
        self
    }

    /// The section it is about, when that is not the one it stands in.
    pub fn about(self, section: SectionId) -> Self {
        self.0.section = Some(section);
        self
    }

    /// What would set it right, and the edits that do.
    pub fn fix(self, label: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.0.fix = Some(Fix { label: label.into(), edits });
        self
    }

    /// The place is one of `prompt.toml`, not of the text.
    pub fn in_settings(self, line: usize, column: usize) -> Self {
        self.0.settings = Some(super::Point { line, column });
        self
    }
}
