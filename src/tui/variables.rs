//! The boxes of the variables pane: what a variable is, values from elsewhere, another name. Their state; what they do
//! is in `update/variables.rs` and `update/intake.rs`.

mod asked;

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::KeyEvent;

use crate::error::Error;
use crate::library::Rename;
use crate::prompt::{Declaration, Freshness, Privacy};
use crate::tui::input::Input;
use crate::tui::picking::Picking;
use crate::vars::import::{Format, Pick, Record};
use crate::vars::review::{Masking, Review};

pub use asked::Asked;

/// A box over the variables.
#[derive(Debug)]
pub enum VariableBox {
    /// What a variable is.
    Properties(Box<PropertiesForm>),
    /// Values from a text or a file.
    Intake(Box<Intake>),
    /// Another name, everywhere.
    Renaming(Box<Renaming>),
}

impl VariableBox {
    /// A key that goes into the line that is written; `false` when it does not.
    pub fn typed(&mut self, key: KeyEvent) -> bool {
        match self {
            Self::Properties(form) => form.line_mut().is_some_and(|line| line.key(key)),
            Self::Intake(intake) => {
                if let Some(picking) = &mut intake.picking {
                    return picking.key(key);
                }
                if intake.content.is_some() || !intake.line.key(key) {
                    return false;
                }
                intake.problem = None;
                true
            }
            Self::Renaming(renaming) => {
                let taken = renaming.line.key(key);
                if taken {
                    renaming.plan = Plan::None;
                }
                taken
            }
        }
    }

    /// Pasted text goes into the line that is written; the box for values takes it as content, see `update/intake.rs`.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Properties(form) => {
                if let Some(line) = form.line_mut() {
                    line.paste(text);
                }
            }
            Self::Intake(intake) => match &mut intake.picking {
                Some(picking) => picking.paste(text),
                None => intake.line.paste(text),
            },
            Self::Renaming(renaming) => {
                renaming.line.paste(text);
                renaming.plan = Plan::None;
            }
        }
    }
}

/// The form that says what a variable is.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "two of them are the declaration's own, two are facts about the form"
)]
pub struct PropertiesForm {
    /// The variable.
    pub name: String,
    /// What was declared when the form opened; `None` when nothing was.
    pub before: Option<Declaration>,
    /// Whether its default must not be shown.
    pub hides_default: bool,
    /// What it is.
    pub description: Input,
    /// A made-up value.
    pub example: Input,
    /// The value when a set gives none.
    pub default: Input,
    /// Whether a missing value is an error.
    pub required: bool,
    /// Who may see its value.
    pub privacy: Privacy,
    /// How often its value changes.
    pub freshness: Freshness,
    /// The most tokens of its value; empty for any number.
    pub max_tokens: Input,
    /// Whether others write its value.
    pub untrusted: bool,
    /// The focused field.
    pub field: PropertyField,
    /// Why it could not be written.
    pub problem: Option<String>,
    /// It is being written.
    pub waiting: bool,
}

/// The fields, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PropertyField {
    /// Who may see it.
    Privacy,
    /// How often it changes.
    Freshness,
    /// Whether it must have a value.
    Required,
    /// Whether others write it.
    Untrusted,
    /// The most tokens.
    MaxTokens,
    /// What it is.
    Description,
    /// A made-up value.
    Example,
    /// The value when there is none.
    Default,
    /// Write it.
    Accept,
}

impl PropertyField {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::Privacy,
        Self::Freshness,
        Self::Required,
        Self::Untrusted,
        Self::MaxTokens,
        Self::Description,
        Self::Example,
        Self::Default,
        Self::Accept,
    ];

    /// The field so many further on; stays within them.
    #[must_use]
    pub fn step(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|field| *field == self).unwrap_or(0);
        Self::ALL[at.saturating_add_signed(by).min(Self::ALL.len() - 1)]
    }
}

impl PropertiesForm {
    /// With what is declared.
    pub fn new(name: &str, before: Option<Declaration>, hides_default: bool) -> Self {
        let now = before.clone().unwrap_or_default();
        let line = |text: &Option<String>| text.as_deref().map(Input::with).unwrap_or_default();
        Self {
            name: name.to_owned(),
            description: line(&now.description),
            example: line(&now.example),
            default: if hides_default { Input::default() } else { line(&now.default) },
            hides_default: hides_default && now.default.is_some(),
            required: now.required,
            privacy: now.privacy,
            freshness: now.freshness,
            max_tokens: now.max_tokens.map(|most| Input::with(&most.to_string())).unwrap_or_default(),
            untrusted: now.untrusted,
            before,
            field: PropertyField::Privacy,
            problem: None,
            waiting: false,
        }
    }

    /// The line of the focused field, when it has one.
    pub fn line_mut(&mut self) -> Option<&mut Input> {
        match self.field {
            PropertyField::Description => Some(&mut self.description),
            PropertyField::Example => Some(&mut self.example),
            PropertyField::Default => Some(&mut self.default),
            PropertyField::MaxTokens => Some(&mut self.max_tokens),
            _ => None,
        }
    }

    /// The declaration as the form says it, or what is wrong with it.
    pub fn declaration(&self) -> Result<Declaration, String> {
        let before = self.before.clone().unwrap_or_default();
        let text = |line: &Input, before: Option<String>| {
            let (written, shown) = (line.text(), before.as_deref().map(|text| Input::with(text).text()));
            // a text of several lines that nobody touched stays as it is
            if shown.as_deref() == Some(&written) { before } else { (!written.is_empty()).then_some(written) }
        };
        let default = if self.hides_default && self.default.is_empty() {
            before.default
        } else {
            text(&self.default, before.default)
        };
        let written = self.max_tokens.text();
        let max_tokens = match written.trim() {
            "" => None,
            most => match most.parse::<u64>() {
                Ok(most) if most > 0 => Some(most),
                _ => return Err(format!("max tokens is a whole number above 0, not {most:?}")),
            },
        };
        if self.privacy == Privacy::Secret && default.is_some() {
            return Err("a secret has no default: it would stand in a file; take the default away".into());
        }
        Ok(Declaration {
            description: text(&self.description, before.description),
            example: text(&self.example, before.example),
            default,
            required: self.required,
            privacy: self.privacy,
            freshness: self.freshness,
            max_tokens,
            untrusted: self.untrusted,
        })
    }
}

/// What the box for values reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A text that was pasted.
    Text(String),
    /// A file that was named.
    File(PathBuf),
}

/// What was read of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// How it is written.
    pub format: Format,
    /// Its records; never none.
    pub records: Vec<Record>,
    /// What is odd about it.
    pub remarks: Vec<String>,
    /// Which fields of it are picked.
    pub picks: Vec<Pick>,
    /// Whether the user has just picked them, so that `prompt.toml` does not remember them yet.
    pub picked_here: bool,
}

impl Taken {
    /// Whether only some fields of a log were picked, so that the others are nobody's business.
    pub fn is_picked(&self) -> bool {
        !self.picks.is_empty() && self.format == Format::Jsonl
    }
}

/// Values from a text or a file, before they are taken.
#[derive(Debug, Default)]
pub struct Intake {
    /// What is typed: a path.
    pub line: Input,
    /// What is read; `None` until there is something.
    pub content: Option<Source>,
    /// What was read of it; `None` while it is being read.
    pub taken: Option<Arc<Taken>>,
    /// Which of its fields are whose, while that is chosen.
    pub picking: Option<Picking>,
    /// The chosen record.
    pub record: usize,
    /// Whether personal values are taken as they are.
    pub real: bool,
    /// Whether names that the prompt does not know are taken too.
    pub extra: bool,
    /// What would change.
    pub review: Review,
    /// The first shown row of it.
    pub scroll: usize,
    /// The focused field.
    pub field: IntakeField,
    /// Why it could not be read.
    pub problem: Option<String>,
}

impl Intake {
    /// How personal values are taken.
    pub fn masking(&self) -> Masking {
        if self.real { Masking::Real } else { Masking::Masked }
    }
}

/// The fields of the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IntakeField {
    /// Which field of a log is whose.
    Fields,
    /// Which record.
    Record,
    /// Personal values masked or real.
    Personal,
    /// Names that the prompt does not know.
    Extra,
    /// Take them.
    #[default]
    Accept,
}

impl IntakeField {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Fields, Self::Record, Self::Personal, Self::Extra, Self::Accept];

    /// The next field, around the end; the fields of a log only where there is one.
    #[must_use]
    pub fn step(self, by: isize, format: Format) -> Self {
        let all = if format == Format::Jsonl { &Self::ALL[..] } else { &Self::ALL[1..] };
        let at = all.iter().position(|field| *field == self).unwrap_or(0).cast_signed();
        all[(at + by).rem_euclid(all.len().cast_signed()).unsigned_abs()]
    }
}

/// Another name for a variable.
#[derive(Debug)]
pub struct Renaming {
    /// The name there is.
    pub old: String,
    /// The name there will be.
    pub line: Input,
    /// What it would change.
    pub plan: Plan,
    /// The first shown row of the places.
    pub scroll: usize,
}

/// How far a rename is.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// Nothing was asked for.
    None,
    /// The files are looked at, or written, for this name.
    Waiting(String),
    /// It can be done.
    Ready(Arc<Planned>),
    /// It cannot.
    Refused(Error),
}

/// What a rename would change: in the draft as it is typed, and in files.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The pane and the line in it of every placeholder.
    pub draft: Vec<(usize, usize)>,
    /// The files.
    pub files: Rename,
}

/// A rename that was done: undo of the text between these two states takes the files back too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The state of the text before.
    pub before: u64,
    /// The state after.
    pub after: u64,
    /// The name before.
    pub old: String,
    /// The name after.
    pub new: String,
}
