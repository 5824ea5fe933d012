//! The form that freezes the draft as a version: its fields, what the changes suggest, and what is still missing.

use std::sync::Arc;

use crate::diff::Bump;
use crate::library::Step;
use crate::tui::compare::Compared;
use crate::tui::words::Words;

/// The form that freezes a version.
#[derive(Debug)]
pub struct FreezeForm {
    /// The version there is; `None` for the first.
    pub last: Option<semver::Version>,
    /// What the changes suggest, once they are compared.
    pub suggested: Option<Bump>,
    /// The chosen step.
    pub step: Step,
    /// Whether the user chose the step, so that a proposal no longer changes it.
    pub stepped: bool,
    /// What changed.
    pub what: Words,
    /// Why.
    pub why: Words,
    /// The focused field.
    pub field: FreezeField,
    /// What is missing, when it was tried.
    pub problem: Option<String>,
    /// The comparison with the last version, for the changelog's preview.
    pub compared: Option<Arc<Compared>>,
    /// Rows of the changelog's preview that are above its first shown one.
    pub scrolled: usize,
}

impl FreezeForm {
    /// The words of the focused field, when it has some.
    pub fn words_mut(&mut self) -> Option<&mut Words> {
        match self.field {
            FreezeField::What => Some(&mut self.what),
            FreezeField::Why => Some(&mut self.why),
            FreezeField::Step | FreezeField::Accept => None,
        }
    }
}

/// The fields of the form, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreezeField {
    /// Major, minor or patch.
    Step,
    /// What changed.
    What,
    /// Why.
    Why,
    /// Freeze it.
    Accept,
}

impl FreezeForm {
    /// Without words yet; the step of a first version is 1.0.0.
    pub fn new(last: Option<semver::Version>) -> Self {
        let first = last.is_none();
        Self {
            last,
            suggested: None,
            step: if first { Step::Major } else { Step::Minor },
            stepped: false,
            what: Words::default(),
            why: Words::default(),
            field: FreezeField::What,
            problem: None,
            compared: None,
            scrolled: 0,
        }
    }

    /// What the comparison says.
    pub fn weigh(&mut self, compared: &Arc<Compared>) {
        self.suggested = Some(compared.comparison.bump);
        if !self.stepped {
            self.step = match compared.comparison.bump {
                Bump::Major => Step::Major,
                Bump::Minor => Step::Minor,
                Bump::Patch | Bump::None => Step::Patch,
            };
        }
        self.compared = Some(Arc::clone(compared));
    }

    /// Chooses the step so many places away, and stays with the three.
    pub fn step_by(&mut self, by: isize) {
        const STEPS: [Step; 3] = [Step::Major, Step::Minor, Step::Patch];
        let at = STEPS.iter().position(|step| *step == self.step).unwrap_or(0);
        self.step = STEPS[at.saturating_add_signed(by).min(2)].clone();
        self.stepped = true;
    }

    /// What keeps the version from being frozen, and the field that mends it.
    pub fn missing(&self) -> Option<(&'static str, FreezeField)> {
        if self.what.text().trim().is_empty() {
            return Some(("say what changed: whoever is on call reads it", FreezeField::What));
        }
        if self.why.text().trim().is_empty() {
            return Some(("say why: a version without a reason cannot be judged later", FreezeField::Why));
        }
        None
    }
}

impl FreezeField {
    /// The field below.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Step => Self::What,
            Self::What => Self::Why,
            Self::Why | Self::Accept => Self::Accept,
        }
    }

    /// The field above.
    #[must_use]
    pub fn previous(self) -> Self {
        match self {
            Self::Step | Self::What => Self::Step,
            Self::Why => Self::What,
            Self::Accept => Self::Why,
        }
    }
}
