//! A turn of a conversation that is kept in the library: as a case of the eval suite, as a value set, or as the start of an
//! incident.

use crate::library::Incident;
use crate::vars::Case;

/// As what a turn is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A case of the eval suite.
    Case,
    /// A value set.
    Set,
    /// The start of an incident.
    Incident,
}

impl Kind {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Case, Self::Set, Self::Incident];

    /// What the list says.
    pub fn label(self) -> &'static str {
        match self {
            Self::Case => "an eval case",
            Self::Set => "a value set",
            Self::Incident => "the start of an incident",
        }
    }

    /// Where it goes.
    pub fn place(self) -> &'static str {
        match self {
            Self::Case => "evals/cases.yaml",
            Self::Set => "values/NAME.json",
            Self::Incident => "incidents/",
        }
    }
}

/// A turn that is kept under a name, with or without personal values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// As what.
    pub kind: Kind,
    /// The case's description, the set's name, the incident's title.
    pub name: String,
    /// Whether personal values go into the file as they are.
    pub real: bool,
}

/// What is written into the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A case.
    Case(Case),
    /// An incident; who writes it knows the time.
    Incident(Incident),
}
