//! `releases.jsonl`: what was deployed and rolled back, what each environment runs because of it, and which drills were
//! made. Lines may stand in any order; the later `at` wins.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use semver::Version;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::library::doubt::Uncounted;
use crate::library::names::version_of;
use crate::library::{FileStamp, Ledger, Library, Line, check_name};
use crate::source::ledger;

/// How a version came to run somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReleaseKind {
    /// It was deployed.
    Deploy,
    /// It was returned to.
    Rollback,
}

impl ReleaseKind {
    /// The word of the file.
    pub fn id(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Rollback => "rollback",
        }
    }
}

/// One release as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The line it stands on.
    pub line: usize,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: String,
    /// Whether it was deployed or returned to.
    pub kind: ReleaseKind,
    /// Where.
    pub environment: String,
    /// What runs there since.
    pub version: Version,
    /// Why, in that person's words.
    pub why: String,
    /// The SHA-256 of the version's SHA256SUMS at that time; none where there was no such file.
    pub sha256: Option<String>,
    /// Whether a gate had refused it.
    pub forced: bool,
}

/// One try of the way back to a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drilled {
    /// When.
    pub at: Timestamp,
    /// Who tried it.
    pub by: String,
    /// Where it would be returned to.
    pub environment: String,
    /// The version that was tried; none where there was nothing to return to.
    pub version: Option<Version>,
    /// Whether it worked.
    pub ok: bool,
    /// Why not, in words; empty when it worked.
    pub problems: Vec<String>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// The SHA-256 over everything that was tried: the version, the declarations, the value sets.
    pub covers: String,
}

/// Everything in a `releases.jsonl`, by time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Releases {
    /// The file, whether it is there or not.
    pub file: PathBuf,
    /// Deploys and rollbacks.
    pub all: Vec<Release>,
    /// Drills.
    pub drills: Vec<Drilled>,
    /// Lines of a kind that is not known here, as a later greenroom may write them.
    pub unknown: usize,
    /// Lines that cannot be read.
    pub damaged: Vec<Error>,
    /// Lines that are not counted, for what is doubtful because of them.
    pub uncounted: Vec<Uncounted>,
}

/// What a prompt's log of releases and its versions look like from outside: while this stays, what runs where is what it
/// was, and nothing is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    log: FileStamp,
    versions: usize,
}

/// A release before it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewRelease {
    /// Whether it is deployed or returned to.
    pub kind: ReleaseKind,
    /// Where.
    pub environment: String,
    /// What.
    pub version: Version,
    /// Why.
    pub why: String,
    /// The SHA-256 of its SHA256SUMS.
    pub sha256: Option<String>,
    /// Whether a gate had refused it.
    pub forced: bool,
}

/// A drill before it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename = "drill")]
pub struct NewDrill {
    /// Where.
    pub environment: String,
    /// What was tried.
    pub version: Option<Version>,
    /// Whether it worked.
    pub ok: bool,
    /// Why not.
    pub problems: Vec<String>,
    /// How long it took.
    pub took_ms: u64,
    /// What it covers.
    pub covers: String,
}

#[derive(Deserialize)]
struct ReleaseLine {
    environment: String,
    version: String,
    #[serde(default)]
    why: Value,
    #[serde(default)]
    sha256: Value,
    #[serde(default)]
    forced: Value,
}

#[derive(Deserialize)]
struct DrillLine {
    environment: String,
    #[serde(default)]
    version: Option<String>,
    ok: bool,
    #[serde(default)]
    problems: Vec<String>,
    #[serde(default)]
    took_ms: u64,
    #[serde(default)]
    covers: String,
}

impl Releases {
    /// Reads the bytes of `file`.
    pub fn read(file: &Path, bytes: &[u8]) -> Self {
        let Ledger { lines, damaged } = ledger::read(file, bytes);
        let mut releases = Self { file: file.to_owned(), damaged, ..Self::default() };
        for line in &lines {
            let read = match line.kind.as_str() {
                "deploy" => release(file, line, ReleaseKind::Deploy).map(|release| releases.all.push(release)),
                "rollback" => release(file, line, ReleaseKind::Rollback).map(|release| releases.all.push(release)),
                "drill" => drilled(file, line).map(|drilled| releases.drills.push(drilled)),
                later => {
                    releases.unknown += 1;
                    let error = Error::input(format!("is of kind `{later}`, which a newer greenroom writes"));
                    let error = error.at_line(file, line.number, None);
                    releases.uncounted.push(Uncounted::new(error, line.text.as_bytes()));
                    Ok(())
                }
            };
            releases.damaged.extend(read.err());
        }
        let written: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        for error in &releases.damaged {
            let number = error.place.as_ref().and_then(|place| place.line).unwrap_or_default();
            let text = written.get(number.wrapping_sub(1)).copied().unwrap_or_default();
            releases.uncounted.push(Uncounted::new(error.clone(), text));
        }
        releases.damaged.sort_by_key(|error| error.place.as_ref().and_then(|place| place.line));
        releases
    }

    /// What each environment runs, by its name.
    pub fn running(&self) -> BTreeMap<&str, &Release> {
        // they stand by their time: the last one is what counts
        self.all.iter().map(|release| (release.environment.as_str(), release)).collect()
    }

    /// What runs in `environment`.
    pub fn runs(&self, environment: &str) -> Option<&Release> {
        self.all.iter().rev().find(|release| release.environment == environment)
    }

    /// The version that ran in `environment` before the one that runs there. What was rolled back is not returned to:
    /// after 1.0, 1.1, 1.2 and a rollback to 1.1, one more leads to 1.0.
    pub fn before(&self, environment: &str) -> Option<&Version> {
        let mut course: Vec<&Version> = Vec::new();
        for release in self.all.iter().filter(|release| release.environment == environment) {
            match release.kind {
                ReleaseKind::Rollback => {
                    let _ = course.pop();
                    if let Some(at) = course.iter().rposition(|version| **version == release.version) {
                        course.truncate(at);
                    }
                }
                // the same version again changes nothing
                ReleaseKind::Deploy if course.last() == Some(&&release.version) => {
                    let _ = course.pop();
                }
                ReleaseKind::Deploy => {}
            }
            course.push(&release.version);
        }
        course.len().checked_sub(2).map(|at| course[at])
    }

    /// Why there is nothing to return to in `environment`, in words.
    pub fn why_no_way_back(&self, environment: &str) -> String {
        let now = self.runs(environment).map(|now| &now.version);
        let there = self.all.iter().filter(|release| release.environment == environment);
        match now {
            Some(now) if there.clone().any(|release| release.version != *now) => {
                format!("whatever else ran in {environment} was taken back")
            }
            Some(now) => format!("only {now} ever ran in {environment}"),
            None => format!("nothing runs in {environment}"),
        }
    }

    /// The SHA-256 that the SHA256SUMS of `version` had when it last came to run anywhere.
    pub fn sums_of(&self, version: &Version) -> Option<&Release> {
        self.all.iter().rev().find(|release| release.version == *version && release.sha256.is_some())
    }
}

impl Library {
    /// What the log of releases and the versions look like from outside.
    ///
    /// # Errors
    /// When there is no such prompt.
    pub fn shelf(&self, name: &str) -> Result<Shelf> {
        let folder = self.prompt_folder(name)?;
        let log = FileStamp::of(&folder.join("releases.jsonl"));
        Ok(Shelf { log, versions: self.versions_in(&folder).found.len() })
    }

    /// What was released of the prompt `name`, and where.
    ///
    /// # Errors
    /// When there is no such prompt, or its file cannot be read at all.
    pub fn releases(&self, name: &str) -> Result<Releases> {
        let file = self.prompt_folder(name)?.join("releases.jsonl");
        let bytes = self.bytes_if_there(&file)?.unwrap_or_default();
        Ok(Releases::read(&file, &bytes))
    }
}

fn release(file: &Path, line: &Line, kind: ReleaseKind) -> Result<Release> {
    let ReleaseLine { environment, version, why, sha256, forced } = line.parsed(file)?;
    let text = |value: Value| value.as_str().map(str::to_owned);
    Ok(Release {
        line: line.number,
        at: line.at,
        by: line.by.clone(),
        kind,
        environment: place(file, line, environment)?,
        version: number(file, line, &version)?,
        // what nothing depends on may be anything
        why: text(why).unwrap_or_default(),
        sha256: text(sha256),
        forced: forced.as_bool().unwrap_or_default(),
    })
}

fn drilled(file: &Path, line: &Line) -> Result<Drilled> {
    let DrillLine { environment, version, ok, problems, took_ms, covers } = line.parsed(file)?;
    let version = version.map(|version| number(file, line, &version)).transpose()?;
    let environment = place(file, line, environment)?;
    Ok(Drilled { at: line.at, by: line.by.clone(), environment, version, ok, problems, took_ms, covers })
}

fn place(file: &Path, line: &Line, environment: String) -> Result<String> {
    check_name("environment", &environment).map_err(|error| error.at_line(file, line.number, None))?;
    Ok(environment)
}

fn number(file: &Path, line: &Line, version: &str) -> Result<Version> {
    version_of(version).ok_or_else(|| {
        Error::input(format!("`{version}` is not a version: three numbers, as in 1.2.0")).at_line(
            file,
            line.number,
            None,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Releases {
        Releases::read(Path::new("r"), text.as_bytes())
    }

    fn running(releases: &Releases) -> Vec<(String, String)> {
        releases.running().into_iter().map(|(place, now)| (place.to_owned(), now.version.to_string())).collect()
    }

    /// A course of releases to production, one a second.
    fn course(steps: &[&str]) -> Releases {
        let line = |(second, step): (usize, &&str)| {
            let (kind, version) = step.split_once(' ').unwrap();
            format!(
                "{{\"at\":\"2024-01-01T00:00:{second:02}Z\",\"by\":\"a\",\"kind\":\"{kind}\",\
                 \"environment\":\"production\",\"version\":\"{version}\"}}\n"
            )
        };
        read(&steps.iter().enumerate().map(line).collect::<String>())
    }

    #[test]
    fn the_later_time_wins_wherever_its_line_stands() {
        let releases = read(concat!(
            "{\"at\":\"2024-03-02T00:00:00Z\",\"by\":\"a\",\"kind\":\"rollback\",\"environment\":\"production\",\"version\":\"1.0.0\"}\n",
            "{\"at\":\"2024-03-02T00:30:00+02:00\",\"by\":\"a\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.1.0\"}\n",
            "{\"at\":\"2024-01-01T00:00:00Z\",\"by\":\"a\",\"kind\":\"deploy\",\"environment\":\"staging\",\"version\":\"1.1.0\"}\n",
            "{\"at\":\"2025-01-01T00:00:00Z\",\"by\":\"a\",\"kind\":\"freeze\",\"environment\":\"staging\",\"version\":\"9.0.0\"}\n",
        ));
        assert_eq!((releases.damaged.len(), releases.unknown), (0, 1));
        assert_eq!(
            running(&releases),
            [("production".to_owned(), "1.0.0".to_owned()), ("staging".to_owned(), "1.1.0".to_owned())]
        );
    }

    #[test]
    fn a_damaged_line_has_its_number_and_the_others_count() {
        let releases = read(
            "{\n\n{\"at\":\"2024-01-01T00:00:00Z\",\"kind\":\"deploy\",\"environment\":\"a\",\"version\":\"1.0.0\"}\n\
             {\"at\":\"2024-01-01T00:00:00Z\",\"kind\":\"deploy\",\"environment\":\"A B\",\"version\":\"1.0.0\"}\n\
             {\"at\":\"today\",\"kind\":\"deploy\",\"environment\":\"a\",\"version\":\"1.0.0\"}",
        );
        assert_eq!(releases.all.len(), 1);
        let lines: Vec<_> = releases.damaged.iter().map(|error| error.place.as_ref().unwrap().line.unwrap()).collect();
        assert_eq!(lines, [1, 4, 5]);
    }

    #[test]
    fn one_goes_back_to_what_ran_before_and_not_to_what_was_rolled_back() {
        for (steps, before) in [
            (&[][..], None),
            (&["deploy 1.0.0"], None),
            (&["deploy 1.0.0", "deploy 1.0.0"], None),
            (&["deploy 1.0.0", "deploy 1.1.0"], Some("1.0.0")),
            (&["deploy 1.0.0", "deploy 1.1.0", "deploy 1.2.0", "rollback 1.1.0"], Some("1.0.0")),
            (&["deploy 1.0.0", "deploy 1.1.0", "deploy 1.2.0", "rollback 1.0.0"], None),
            (&["deploy 1.0.0", "deploy 1.1.0", "rollback 1.0.0", "deploy 1.1.1"], Some("1.0.0")),
            (&["deploy 1.1.0", "deploy 1.2.0", "rollback 1.0.0"], Some("1.1.0")),
            (&["deploy 1.1.0", "rollback 1.0.0"], None),
        ] {
            let releases = course(steps);
            assert_eq!(releases.before("production").map(ToString::to_string).as_deref(), before, "{steps:?}");
        }
        let why = |steps: &[&str]| course(steps).why_no_way_back("production");
        assert_eq!(why(&["deploy 1.0.0"]), "only 1.0.0 ever ran in production");
        assert_eq!(
            why(&["deploy 1.0.0", "deploy 1.1.0", "rollback 1.0.0"]),
            "whatever else ran in production was taken back"
        );
    }

    #[test]
    fn keys_that_nothing_depends_on_may_hold_anything() {
        let releases = read(
            "{\"at\":\"2024-01-01T00:00:00Z\",\"kind\":\"deploy\",\"environment\":\"a\",\"version\":\"v1.0.0\",\
             \"why\":3,\"sha256\":null,\"forced\":\"yes\",\"ticket\":[1]}",
        );
        assert_eq!(releases.damaged, []);
        assert_eq!((releases.all[0].sha256.as_deref(), releases.all[0].forced), (None, false));
    }
}
