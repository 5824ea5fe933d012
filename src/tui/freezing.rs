//! The form that freezes the draft as a version: its fields, what the changes suggest, and what is still missing.

use std::sync::Arc;

use crate::diff::Bump;
use crate::library::{Step, next_early, next_version};
use crate::tui::compare::Compared;
use crate::tui::threads::{LONGEST_NAME, name};
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
    /// A pre-release of the version, not the version itself.
    pub early: bool,
    /// Which approvals cover the bytes that are frozen, once it is known.
    pub covering: Option<Covering>,
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
            FreezeField::Step | FreezeField::Early | FreezeField::Accept => None,
        }
    }
}

/// The fields of the form, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreezeField {
    /// Major, minor or patch.
    Step,
    /// The version itself, or a pre-release of it.
    Early,
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
            early: false,
            covering: None,
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

    /// The versions that can be frozen by the chosen step: itself, and a pre-release of it. An error says why there is none.
    pub fn versions(&self) -> crate::error::Result<[semver::Version; 2]> {
        Ok([next_version(self.last.as_ref(), &self.step)?, next_early(self.last.as_ref(), &self.step)?])
    }

    /// What is frozen.
    pub fn chosen(&self) -> Step {
        match self.versions() {
            Ok([_, early]) if self.early => Step::Exactly(early),
            _ => self.step.clone(),
        }
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
            Self::Step => Self::Early,
            Self::Early => Self::What,
            Self::What => Self::Why,
            Self::Why | Self::Accept => Self::Accept,
        }
    }

    /// The field above.
    #[must_use]
    pub fn previous(self) -> Self {
        match self {
            Self::Step | Self::Early => Self::Step,
            Self::What => Self::Early,
            Self::Why => Self::What,
            Self::Accept => Self::Why,
        }
    }
}

/// Which decisions cover exactly the bytes that would be frozen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covering {
    /// Who has approved them, and is no author.
    pub by: Vec<String>,
    /// Who wants changes of them.
    pub against: Vec<String>,
    /// Who has decided about other bytes: void.
    pub void: Vec<String>,
    /// How many approvals the library asks for.
    pub needed: usize,
}

impl Covering {
    /// In words, and whether nothing is missing.
    pub fn in_words(&self) -> (bool, String) {
        let names = |all: &[String]| {
            let shown = all.iter().take(3).map(|by| name(by, LONGEST_NAME).into_owned()).collect::<Vec<_>>().join(", ");
            if all.len() > 3 { format!("{shown} and {} more", all.len() - 3) } else { shown }
        };
        let missing = self.needed.saturating_sub(self.by.len());
        match (self.against.is_empty(), self.by.is_empty(), missing) {
            (false, ..) => (false, format!("changes of exactly these bytes are wanted by {}", names(&self.against))),
            (true, true, 0) => (true, "no approval is asked for".to_owned()),
            (true, false, 0) => (true, format!("exactly these bytes are approved by {}", names(&self.by))),
            (true, false, _) => (false, format!("approved by {}; {missing} more needed", names(&self.by))),
            (true, true, _) if self.void.is_empty() => (false, "no approval covers these bytes".to_owned()),
            (true, true, _) => {
                (false, format!("no approval covers these bytes: {} decided about others", names(&self.void)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(last: Option<&str>, step: Step) -> [String; 2] {
        let form = FreezeForm { step, ..FreezeForm::new(last.map(|last| last.parse().unwrap())) };
        form.versions().unwrap().map(|version| version.to_string())
    }

    #[test]
    fn a_pre_release_comes_before_its_release_and_after_the_last_one() {
        assert_eq!(versions(Some("1.2.0"), Step::Minor), ["1.3.0", "1.3.0-rc.1"]);
        assert_eq!(versions(Some("1.3.0-rc.1"), Step::Minor), ["1.3.0", "1.3.0-rc.2"]);
        assert_eq!(versions(Some("1.3.0-beta.9"), Step::Minor), ["1.3.0", "1.3.0-beta.10"]);
        assert_eq!(versions(Some("1.3.0-7"), Step::Patch), ["1.3.0", "1.3.0-8"]);
        assert_eq!(versions(Some("1.3.0-alpha"), Step::Patch), ["1.3.0", "1.3.0-alpha.1"]);
        assert_eq!(versions(Some("1.3.0-rc.1"), Step::Major), ["2.0.0", "2.0.0-rc.1"]);
        assert_eq!(versions(None, Step::Major), ["1.0.0", "1.0.0-rc.1"]);
    }

    #[test]
    fn every_pre_release_is_above_the_last_version_and_below_its_release() {
        for last in ["1.2.0", "1.3.0-rc.1", "0.9.9-alpha.beta", "2.0.0-0"] {
            for step in [Step::Major, Step::Minor, Step::Patch] {
                let form = FreezeForm { step, ..FreezeForm::new(Some(last.parse().unwrap())) };
                let [release, early] = form.versions().unwrap();
                assert!(early < release && early > last.parse().unwrap(), "{last}: {early}, {release}");
            }
        }
    }

    #[test]
    fn what_covers_the_bytes_is_said_in_a_sentence() {
        let of = |by: &[&str], against: &[&str], void: &[&str], needed| {
            let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
            Covering { by: names(by), against: names(against), void: names(void), needed }.in_words()
        };
        assert_eq!(of(&[], &[], &[], 1), (false, "no approval covers these bytes".into()));
        assert_eq!(
            of(&[], &[], &["Ben"], 1),
            (false, "no approval covers these bytes: Ben decided about others".into())
        );
        assert_eq!(of(&["Ben"], &[], &[], 2), (false, "approved by Ben; 1 more needed".into()));
        assert_eq!(of(&["Ben"], &[], &["Ana"], 1), (true, "exactly these bytes are approved by Ben".into()));
        assert_eq!(of(&["Ben"], &["Jo"], &[], 1), (false, "changes of exactly these bytes are wanted by Jo".into()));
        assert_eq!(of(&[], &[], &[], 0), (true, "no approval is asked for".into()));
    }
}
