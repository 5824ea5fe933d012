//! What became of each state of a prompt: who decided what about it, where it was released, and when something else came
//! to run there in its place.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use semver::Version;

use crate::error::Result;
use crate::library::review::REVIEW;
use crate::library::{Library, Release, ReleaseKind, Which};
use crate::review::Decision;

/// Something that happened to one state of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: String,
    /// What.
    pub what: Happening,
    /// Why, in that person's words; may be empty.
    pub why: String,
}

/// What can happen to a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// Somebody has decided about it.
    Decided {
        /// Which way.
        decision: Decision,
        /// Whether the bytes are others now than those that were decided about.
        void: bool,
    },
    /// It was deployed.
    Deployed {
        /// Where.
        environment: String,
        /// Whether a gate had refused it.
        forced: bool,
    },
    /// It was returned to.
    ReturnedTo {
        /// Where.
        environment: String,
        /// What had run there.
        from: Option<Version>,
    },
    /// It ran, and another version was returned to in its place.
    RolledBack {
        /// Where.
        environment: String,
        /// What runs there instead.
        to: Version,
    },
}

/// What became of all states.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// Of the draft, the first first.
    pub draft: Vec<Happened>,
    /// Of each version that something happened to, the first first.
    pub versions: BTreeMap<Version, Vec<Happened>>,
    /// What could not be read, in words; the rest counts.
    pub problems: Vec<String>,
}

impl Course {
    /// What became of this state.
    pub fn of(&self, which: &Which) -> &[Happened] {
        match which {
            Which::Draft => &self.draft,
            Which::Version(version) => self.versions.get(version).map_or(&[], Vec::as_slice),
        }
    }

    fn add(&mut self, version: &Version, happened: Happened) {
        self.versions.entry(version.clone()).or_default().push(happened);
    }

    fn released(&mut self, all: &[Release]) {
        let mut running: HashMap<&str, &Version> = HashMap::new();
        for release in all {
            let environment = release.environment.clone();
            let from = running.insert(&release.environment, &release.version);
            let happened = |what| Happened { at: release.at, by: release.by.clone(), what, why: release.why.clone() };
            let what = match release.kind {
                ReleaseKind::Deploy => Happening::Deployed { environment, forced: release.forced },
                ReleaseKind::Rollback => {
                    if let Some(from) = from.filter(|from| **from != release.version) {
                        let to = release.version.clone();
                        self.add(from, happened(Happening::RolledBack { environment: environment.clone(), to }));
                    }
                    Happening::ReturnedTo { environment, from: from.cloned() }
                }
            };
            self.add(&release.version, happened(what));
        }
    }
}

impl Library {
    /// What became of every state of the prompt `name`. What cannot be read is left out and said.
    ///
    /// # Errors
    /// When there is no such prompt, or its releases cannot be read at all.
    pub fn course(&self, name: &str) -> Result<Course> {
        let releases = self.releases(name)?;
        let mut course = Course::default();
        course.problems.extend(releases.damaged.iter().map(ToString::to_string));
        self.prompt_folder(name)?;
        let entry = self.glance(name);
        let states = entry.versions.iter().map(|entry| (Which::Version(entry.version.clone()), entry.folder.clone()));
        let draft = entry.draft.then(|| self.prompt_folder(name)).transpose()?;
        for (which, folder) in states.chain(draft.map(|folder| (Which::Draft, folder.join("draft")))) {
            // most states have no review, and then nothing of them has to be read
            if !folder.join(REVIEW).exists() {
                continue;
            }
            match self.decided(name, &which, &mut course.problems) {
                Ok(decided) => match &which {
                    Which::Draft => course.draft = decided,
                    Which::Version(version) => decided.into_iter().for_each(|one| course.add(version, one)),
                },
                Err(error) => course.problems.push(error.to_string()),
            }
        }
        course.released(&releases.all);
        for happened in course.versions.values_mut() {
            happened.sort_by_key(|happened| happened.at);
        }
        Ok(course)
    }

    fn decided(&self, name: &str, which: &Which, problems: &mut Vec<String>) -> Result<Vec<Happened>> {
        let reviewed = self.reviewed_of(name, which)?;
        problems.extend(reviewed.problems.iter().map(ToString::to_string));
        if reviewed.review.decisions.is_empty() {
            return Ok(Vec::new());
        }
        let snapshot = self.read(name, which)?;
        let sha256 = self.evidence(&snapshot)?;
        let happened = reviewed.review.decisions.into_iter().map(|decided| Happened {
            at: decided.at,
            by: decided.by,
            what: Happening::Decided { decision: decided.decision, void: decided.sha256 != sha256 },
            why: decided.text,
        });
        Ok(happened.collect())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::library::Releases;

    #[test]
    fn a_rollback_is_told_of_what_was_left_and_of_what_was_returned_to() {
        let log = "{\"at\":\"2024-01-01T00:00:00Z\",\"by\":\"a\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.0.0\"}\n\
                   {\"at\":\"2024-01-02T00:00:00Z\",\"by\":\"a\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.1.0\",\"forced\":true}\n\
                   {\"at\":\"2024-01-03T00:00:00Z\",\"by\":\"b\",\"kind\":\"rollback\",\"environment\":\"production\",\"version\":\"1.0.0\",\"why\":\"it burns\"}\n";
        let mut course = Course::default();
        course.released(&Releases::read(Path::new("r"), log.as_bytes()).all);
        let told = |version: &str| {
            let happened = course.of(&Which::Version(version.parse().unwrap()));
            happened.iter().map(|one| (one.by.as_str(), one.what.clone())).collect::<Vec<_>>()
        };
        let environment = || "production".to_owned();
        let [old, new] = ["1.0.0", "1.1.0"].map(|version| version.parse::<Version>().unwrap());
        assert_eq!(
            told("1.0.0"),
            [
                ("a", Happening::Deployed { environment: environment(), forced: false }),
                ("b", Happening::ReturnedTo { environment: environment(), from: Some(new) }),
            ]
        );
        assert_eq!(
            told("1.1.0"),
            [
                ("a", Happening::Deployed { environment: environment(), forced: true }),
                ("b", Happening::RolledBack { environment: environment(), to: old }),
            ]
        );
        assert!(course.of(&Which::Draft).is_empty());
    }
}
