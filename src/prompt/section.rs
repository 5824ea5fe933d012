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

    /// Every name a heading of this section may have, in any letter case: the title, then the aliases.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::IdentityAndRole => &[
                "Identity & Role",
                "Identity and Role",
                "Identity",
                "Role",
                "Persona",
                "Role & Identity",
                "Role and Identity",
            ],
            Self::BehavioralGuidelines => &[
                "Behavioral Guidelines",
                "Behavioural Guidelines",
                "Behavior Guidelines",
                "Behaviour Guidelines",
                "Behavior",
                "Behaviour",
                "Guidelines",
                "Communication Style",
                "Tone",
                "Style",
                "Tone & Style",
                "Tone and Style",
            ],
            Self::CapabilitiesAndLimitations => &[
                "Capabilities & Limitations",
                "Capabilities and Limitations",
                "Capabilities",
                "Limitations",
                "Scope",
                "Scope & Limitations",
                "Scope and Limitations",
            ],
            Self::OutputFormat => {
                &["Output Format", "Response Format", "Output Formatting", "Response Formatting", "Format", "Output"]
            }
            Self::SafetyRails => &[
                "Safety Rails",
                "Safety",
                "Guardrails",
                "Escalation",
                "Safety and Escalation",
                "Safety & Escalation",
                "Safety Rules",
                "Safety Guidelines",
            ],
        }
    }

    /// The section that has `name` as its title or an alias, in any letter case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.names().iter().any(|known| known.eq_ignore_ascii_case(name)))
    }

    /// The section that `<tag>` opens: a title or an alias in lower case, with `_` for blanks.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let is_tag = |name: &str| {
            name.len() == tag.len()
                && name
                    .bytes()
                    .zip(tag.bytes())
                    .all(|(n, t)| if n == b' ' { t == b'_' } else { n.to_ascii_lowercase() == t })
        };
        Self::ALL.into_iter().find(|section| section.names().iter().any(|name| !name.contains('&') && is_tag(name)))
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
