//! The five sections of a system prompt: their ids, titles, tags and aliases, as data.

use std::fmt;

/// One of the five parts of a system prompt, in their canonical order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SectionId {
    /// Who the assistant is and whom it helps.
    IdentityAndRole,
    /// How it speaks and behaves.
    BehavioralGuidelines,
    /// What it can do and what it cannot.
    CapabilitiesAndLimitations,
    /// The shape of an answer.
    OutputFormat,
    /// When to stop, refuse or hand over.
    SafetyRails,
}

impl SectionId {
    /// All five, in canonical order.
    pub const ALL: [Self; 5] = [
        Self::IdentityAndRole,
        Self::BehavioralGuidelines,
        Self::CapabilitiesAndLimitations,
        Self::OutputFormat,
        Self::SafetyRails,
    ];

    /// The id used in JSON, on the command line and as the canonical XML tag.
    pub fn id(self) -> &'static str {
        match self {
            Self::IdentityAndRole => "identity_and_role",
            Self::BehavioralGuidelines => "behavioral_guidelines",
            Self::CapabilitiesAndLimitations => "capabilities_and_limitations",
            Self::OutputFormat => "output_format",
            Self::SafetyRails => "safety_rails",
        }
    }

    /// The title that is shown and that a new heading gets.
    pub fn title(self) -> &'static str {
        match self {
            Self::IdentityAndRole => "Identity & Role",
            Self::BehavioralGuidelines => "Behavioral Guidelines",
            Self::CapabilitiesAndLimitations => "Capabilities & Limitations",
            Self::OutputFormat => "Output Format",
            Self::SafetyRails => "Safety Rails",
        }
    }

    /// One word, for narrow places.
    pub fn short(self) -> &'static str {
        match self {
            Self::IdentityAndRole => "Identity",
            Self::BehavioralGuidelines => "Behavior",
            Self::CapabilitiesAndLimitations => "Capabilities",
            Self::OutputFormat => "Output",
            Self::SafetyRails => "Safety",
        }
    }

    /// Position in canonical order, 0 to 4.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The section with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.id() == id)
    }
}

impl fmt::Display for SectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// How a prompt file marks its sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// `# Title`
    Markdown,
    /// `<tag>` … `</tag>`
    Xml,
    /// `Title:` alone on a line, or underlined by `===` or `---`
    Title,
    /// No headings at all.
    Plain,
}

impl Style {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Xml => "xml",
            Self::Title => "title",
            Self::Plain => "plain",
        }
    }
}
