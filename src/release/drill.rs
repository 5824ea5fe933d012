//! Drills: is the way back there, now, before it is needed? Each version that one would return to is looked at as if one
//! did, and what came of it is added to the log.

use std::time::Instant;

use jiff::Timestamp;
use semver::Version;

use crate::error::{Error, Result};
use crate::gates::Seal;
use crate::library::{Drilled, Library, NewDrill, Releases, Which};
use crate::prompt::{Privacy, Resolver, Values};
use crate::release::Desk;

/// A drill that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Drilling {
    /// Each try; none where nothing runs.
    pub tried: Vec<Tried>,
    /// The files that were written, for a commit.
    pub files: Vec<std::path::PathBuf>,
    /// Why what came of it is not in the log, where it is not: the gate `drill` knows nothing of it.
    pub unrecorded: Option<Error>,
}

/// What came of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Where.
    pub environment: String,
    /// The version that was tried; none where there is nothing to return to.
    pub version: Option<Version>,
    /// When one would return to it: now, or after the next release.
    pub next: bool,
    /// What is wrong; empty when the way back is there.
    pub problems: Vec<String>,
    /// How many value sets were filled.
    pub sets: usize,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// What a drill is worth today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fresh {
    /// It failed.
    Failed {
        /// Days since.
        days: i64,
        /// What was wrong.
        why: String,
    },
    /// It worked, and something has changed since.
    Outdated {
        /// Days since.
        days: i64,
        /// What changed.
        what: String,
    },
    /// It worked, and nothing has changed since.
    Worked {
        /// Days since.
        days: i64,
    },
}

impl Fresh {
    /// Whether one may rely on it.
    pub fn is_fresh(&self) -> bool {
        matches!(self, Self::Worked { days } if *days <= crate::gates::DRILL_DAYS)
    }
}

/// What this drill is worth at `now`.
pub fn freshness(library: &Library, prompt: &str, drilled: &Drilled, now: Timestamp) -> Fresh {
    let days = now.duration_since(drilled.at).as_hours() / 24;
    if !drilled.ok {
        return Fresh::Failed { days, why: drilled.problems.first().cloned().unwrap_or_default() };
    }
    let now = drilled.version.as_ref().and_then(|version| library.covers(prompt, version).ok());
    if now.as_deref() == Some(drilled.covers.as_str()) {
        Fresh::Worked { days }
    } else {
        Fresh::Outdated { days, what: "the version, the declarations or a value set changed".into() }
    }
}

impl Desk<'_> {
    /// Tries the way back in every environment, or in one, and adds what came of it to the log. Where that cannot be
    /// written, what was tried is told all the same: whoever asks may be in an incident.
    ///
    /// # Errors
    /// When there is no such prompt, or its log cannot be read.
    pub fn drill(&self, prompt: &str, environment: Option<&str>) -> Result<Drilling> {
        let releases = self.library.releases(prompt)?;
        let mut tried = Vec::new();
        let mut files = Vec::new();
        let mut unrecorded = None;
        for (place, now) in releases.running() {
            if environment.is_some_and(|only| only != place) {
                continue;
            }
            // back from what runs, and back to it once something else does
            let both = [(releases.before(place), false), (Some(&now.version), true)];
            for (version, next) in both {
                tried.push(self.try_back(prompt, place, version, next, &releases));
            }
        }
        for one in &tried {
            let covers = one.version.as_ref().and_then(|version| self.library.covers(prompt, version).ok());
            let line = NewDrill {
                environment: one.environment.clone(),
                version: one.version.clone(),
                ok: one.problems.is_empty(),
                problems: one.problems.clone(),
                took_ms: one.took_ms,
                covers: covers.unwrap_or_default(),
            };
            match self.library.append(&releases.file, &line, self.by, self.now) {
                Ok(written) => files.extend(written),
                Err(error) => {
                    unrecorded = Some(error);
                    break;
                }
            }
        }
        files.sort();
        files.dedup();
        Ok(Drilling { tried, files, unrecorded })
    }

    fn try_back(
        &self,
        prompt: &str,
        environment: &str,
        version: Option<&Version>,
        next: bool,
        releases: &Releases,
    ) -> Tried {
        let began = Instant::now();
        let (problems, sets) = match version {
            Some(version) => self.problems(prompt, version, releases),
            None => (vec![format!("there is nothing to return to: {}", releases.why_no_way_back(environment))], 0),
        };
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Tried { environment: environment.to_owned(), version: version.cloned(), next, problems, sets, took_ms }
    }

    /// What stands in the way of a return to `version`, and how many value sets it was filled with.
    fn problems(&self, prompt: &str, version: &Version, releases: &Releases) -> (Vec<String>, usize) {
        let mut problems = Vec::new();
        match self.seal(prompt, version, releases) {
            Ok(Seal::Broken(broken)) => problems.extend(broken),
            Ok(Seal::Missing) => problems.push(format!("{version} has no SHA256SUMS: nothing vouches for its bytes")),
            Ok(Seal::Holds) => {}
            Err(error) => return (vec![error.to_string()], 0),
        }
        let snapshot = match self.library.read(prompt, &Which::Version(version.clone())) {
            Ok(snapshot) => snapshot,
            Err(error) => return ([problems, vec![error.to_string()]].concat(), 0),
        };
        let sets = match self.library.value_sets(prompt) {
            Ok(sets) => sets,
            Err(error) => return ([problems, vec![error.to_string()]].concat(), 0),
        };
        for set in &sets {
            match self.library.value_set(prompt, set) {
                Ok(values) => {
                    let resolver = Resolver {
                        given: &Values::default(),
                        set: Some(&values.values),
                        message: Some(""),
                        conversation_history: Some(""),
                        declarations: &snapshot.variables,
                    };
                    let filled = resolver.fill(&snapshot.text);
                    // a secret's value stands in no set: only the application knows it
                    let known = |name: &&str| snapshot.variables.privacy(name) != Privacy::Secret;
                    let missing: Vec<_> = filled.missing().filter(known).map(|name| format!("`{name}`")).collect();
                    if !missing.is_empty() {
                        problems.push(format!(
                            "the value set {set} lacks {}, which {version} asks for",
                            missing.join(", ")
                        ));
                    }
                }
                Err(error) => problems.push(error.to_string()),
            }
        }
        (problems, sets.len())
    }
}
