//! What a prompt's owner says about rules: how bad, and what is allowed for a reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::rule::{Rule, Severity};
use super::view::View;

/// What `[lint]` may say about a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// `greenroom lint` exits with 1.
    Error,
    /// Probably wrong.
    Warning,
    /// Worth knowing.
    Note,
    /// Not looked for.
    Off,
}

impl Level {
    /// The severity of what the rule finds; `None` when it is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Off => None,
        }
    }
}

/// One `[[lint.allow]]`: this text is all right under this rule, for this reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    /// The rule's id.
    pub rule: String,
    /// A part of the line that a finding begins in, or of what it says where it is about something that is missing.
    pub text: String,
    /// Why it is all right; never empty.
    pub reason: String,
}

/// What `[lint]` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    /// Levels by the rules' ids.
    pub levels: BTreeMap<String, Level>,
    /// What is allowed.
    pub allows: Vec<Allow>,
}

impl Levels {
    /// Every rule at its own level, nothing allowed.
    pub const NONE: Self = Self { levels: BTreeMap::new(), allows: Vec::new() };

    /// How bad the findings of `rule` are; `None` when it is off.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        self.levels.get(rule.id).map_or(Some(rule.severity), |level| level.severity())
    }

    /// What allows this finding, if anything does.
    pub(super) fn allowance(&self, finding: &Finding, view: &View<'_>) -> Option<&Allow> {
        let mut of_rule = self.allows.iter().filter(|allow| allow.rule == finding.rule.id).peekable();
        of_rule.peek()?;
        let line = if finding.range.is_empty() || finding.settings.is_some() {
            finding.message.as_str()
        } else {
            view.lines.get(finding.line - 1).map_or("", |line| &view.text[line.start..line.end])
        };
        of_rule.find(|allow| line.contains(allow.text.as_str()))
    }
}
