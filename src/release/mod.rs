//! Bringing a version to an environment and back: what has to hold, what changes for the application, the real
//! deployment, the line in `releases.jsonl`, and drills of the way back. Commands and screens do it through here.
//!
//! A release points at a version and copies nothing. Nothing here changes a frozen byte.

mod authors;
mod change;
mod drill;
mod export;
mod facts;
mod handover;
mod hook;

use jiff::Timestamp;
use semver::Version;
use serde_json::{Value, json};

use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::gates::{Check, Gate};
use crate::git;
use crate::library::{Library, NewRelease, Release, ReleaseKind, Releases, check_name};
use crate::review::Person;

pub use authors::{authors, committed_as};
pub use change::Change;
pub use drill::{Drilling, Fresh, Tried, freshness};
pub use export::export;
pub use handover::handed_over;
pub use hook::Stop;

/// Where and by whom something is released.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The library.
    pub library: &'a Library,
    /// What it and the user ask for.
    pub settings: &'a Settings,
    /// Who does it.
    pub by: &'a str,
    /// When.
    pub now: Timestamp,
}

/// A release that could be made: everything one wants to know before it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Which prompt.
    pub prompt: String,
    /// Whether it is deployed or returned to.
    pub kind: ReleaseKind,
    /// Where.
    pub environment: String,
    /// What runs there now.
    pub from: Option<Version>,
    /// What would run there.
    pub to: Version,
    /// The SHA-256 of its SHA256SUMS.
    pub sha256: Option<String>,
    /// The gates and whether they are met.
    pub checks: Vec<Check>,
    /// What changes for the application.
    pub change: Change,
    /// What else is to be said: lines of the log that cannot be read, a version that nothing vouches for.
    pub remarks: Vec<String>,
    /// The moment it is written with.
    at: Timestamp,
}

/// A release that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// When, as the log has it.
    pub at: Timestamp,
    /// The files that were written, for a commit.
    pub files: Vec<std::path::PathBuf>,
    /// Whether the user's hook did the real deployment.
    pub hooked: bool,
    /// What runs there now.
    pub version: Version,
}

/// Who is named in what is written: the author of the user's config, else the name that git has, else the login's.
pub fn author(configured: Option<&str>, library: &Library) -> String {
    let said = |name: &String| !name.trim().is_empty();
    let login = || ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(crate::config::process_environment);
    configured
        .map(str::to_owned)
        .filter(said)
        .or_else(|| git::user_name(library.root()))
        .or_else(login)
        .unwrap_or_else(|| "unknown".into())
}

/// Who says something in a review: that name, and what git calls them.
pub fn person(configured: Option<&str>, library: &Library) -> Person {
    Person { name: author(configured, library), git: git::user_name(library.root()) }
}

impl Desk<'_> {
    /// What deploying `version` of `prompt` to `environment` means, and whether its gates are met.
    ///
    /// # Errors
    /// When there is no such prompt or version, or the environment's name is none.
    pub fn deploy(&self, prompt: &str, version: &Version, environment: &str) -> Result<Plan> {
        check_name("environment", environment)?;
        let releases = self.library.releases(prompt)?;
        let entry = self.library.version_entry(prompt, version)?;
        let facts = self.facts(prompt, version, environment, &releases)?;
        let checks = crate::gates::check(&self.settings.required(environment), &facts);
        let from = releases.runs(environment).map(|now| now.version.clone());
        Ok(Plan {
            prompt: prompt.to_owned(),
            kind: ReleaseKind::Deploy,
            environment: environment.to_owned(),
            change: self.change(prompt, from.as_ref(), version),
            sha256: self.library.sums_digest(&entry)?,
            from,
            to: version.clone(),
            checks,
            remarks: remarks(&releases, environment),
            at: self.moment(&releases, environment),
        })
    }

    /// What going back in `environment` means: to `version`, or to what ran there before.
    ///
    /// # Errors
    /// When nothing runs there, nothing ran there before, or there is no such version.
    pub fn rollback(&self, prompt: &str, version: Option<&Version>, environment: &str) -> Result<Plan> {
        check_name("environment", environment)?;
        let releases = self.library.releases(prompt)?;
        let now = releases.runs(environment);
        let doubts = releases.doubts(environment);
        // in an incident one goes where one says, also when the log has lost what runs there
        let lost = now.is_none() && version.is_some() && !doubts.is_empty();
        if now.is_none() && !lost {
            let others: Vec<_> = releases.running().into_keys().collect();
            let error = Error::input(format!("nothing of `{prompt}` runs in {environment}, so there is no way back"));
            return Err(if let Some(doubt) = doubts.first() {
                error.hint(format!("name the version to go to with --to: {doubt}"))
            } else if others.is_empty() {
                error.hint(format!("`greenroom deploy {prompt}@VERSION --to {environment} --why …` deploys one"))
            } else {
                error.hint(format!("it runs in {}", others.join(", ")))
            });
        }
        let now = now.map(|now| &now.version);
        let Some(to) = version.or_else(|| releases.before(environment)).cloned() else {
            let error = format!("there is no way back of `{prompt}`: {}", releases.why_no_way_back(environment));
            return Err(Error::input(error).at(&releases.file).hint("name the version to go to with --to"));
        };
        if now == Some(&to) && doubts.is_empty() {
            return Err(Error::input(format!("{environment} runs {to} of `{prompt}` already"))
                .hint("name another version with --to"));
        }
        let entry = self.library.version_entry(prompt, &to)?;
        let seal = self.seal(prompt, &to, &releases)?;
        let mut remarks = remarks(&releases, environment);
        // in an incident one goes back to what is there; only bytes that are known to be others are refused
        let (met, why) = match &seal {
            crate::gates::Seal::Missing => {
                remarks.push(format!("{to} has no SHA256SUMS: nothing vouches for its bytes"));
                (true, "nothing contradicts it".to_owned())
            }
            seal => {
                let facts = crate::gates::Facts { seal: seal.clone(), ..crate::gates::Facts::default() };
                let check = crate::gates::check(&[Gate::Verify], &facts).remove(0);
                (check.met, check.why)
            }
        };
        Ok(Plan {
            prompt: prompt.to_owned(),
            kind: ReleaseKind::Rollback,
            environment: environment.to_owned(),
            change: self.change(prompt, now, &to),
            sha256: self.library.sums_digest(&entry)?,
            from: now.cloned(),
            to,
            checks: vec![Check { gate: Gate::Verify, met, why }],
            remarks,
            at: self.moment(&releases, environment),
        })
    }

    /// Does what the plan says: the user's hook first, then the line in the log. A gate that is not met refuses, unless
    /// it is `forced`. `stop` ends the hook from another thread.
    ///
    /// # Errors
    /// When a gate refuses (it names each), when there are no words about why, when the hook fails, or when the log cannot
    /// be written. The log is then as it was.
    pub fn release(&self, plan: &Plan, why: &str, forced: bool, stop: &Stop) -> Result<Done> {
        if why.trim().is_empty() {
            return Err(Error::input("a release needs words about why").hint("say it with --why \"…\""));
        }
        let refused: Vec<&Check> = plan.checks.iter().filter(|check| !check.met).collect();
        if !refused.is_empty() && !forced {
            return Err(plan.refusal(&refused));
        }
        let line = NewRelease {
            kind: plan.kind,
            environment: plan.environment.clone(),
            version: plan.to.clone(),
            why: why.trim().to_owned(),
            sha256: plan.sha256.clone(),
            // what no gate refused was not forced
            forced: !refused.is_empty(),
        };
        let hook = self.settings.hooks.get(&plan.environment);
        let file = self.library.releases(&plan.prompt)?.file;
        if let Some(hook) = hook {
            // what it does cannot be taken back, and must not go unwritten
            self.library.may_append(&file)?;
            hook::run(hook, self.library.root(), &self.document(plan, &line), stop)?;
        }
        let files = self.library.append(&file, &line, self.by, plan.at).map_err(|error| match hook {
            Some(_) => {
                let message = format!("on_deploy has run, and the log does not say so: {}", error.message);
                Error { message, ..error }.hint("make the log writable and do this once more: on_deploy runs again")
            }
            None => error,
        })?;
        Ok(Done { at: plan.at, files, hooked: hook.is_some(), version: plan.to.clone() })
    }

    /// The release as the hook gets it.
    fn document(&self, plan: &Plan, line: &NewRelease) -> Value {
        let entry = self.library.version_entry(&plan.prompt, &plan.to).ok();
        json!({
            "prompt": plan.prompt,
            "kind": line.kind,
            "environment": line.environment,
            "version": line.version,
            "from": plan.from,
            "why": line.why,
            "sha256": line.sha256,
            "forced": line.forced,
            "at": plan.at.to_string(),
            "by": self.by,
            "library": self.library.root().to_string_lossy(),
            "folder": entry.map(|entry| entry.folder.to_string_lossy().into_owned()),
        })
    }

    /// The moment of a new line: now, unless the log has a later one, as another machine's clock may have been ahead. The
    /// later line counts, so what is done now must be later.
    fn moment(&self, releases: &Releases, environment: &str) -> Timestamp {
        let step = jiff::SignedDuration::from_millis(1);
        let after = releases.runs(environment).and_then(|last| last.at.checked_add(step).ok());
        let now = self.now.round(jiff::Unit::Millisecond).unwrap_or(self.now);
        after.map_or(now, |after| after.max(now))
    }
}

impl Plan {
    /// What a commit of it says: what runs where, and `why`.
    pub fn subject(&self, why: &str) -> String {
        format!("{} {} {} in {}: {}", self.kind.id(), self.prompt, self.to, self.environment, why.trim())
    }

    /// The gates that are not met.
    pub fn refused(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.met)
    }

    fn refusal(&self, refused: &[&Check]) -> Error {
        let named: Vec<_> = refused.iter().map(|check| format!("{}: {}", check.gate.id(), check.why)).collect();
        let (what, hint) = match self.kind {
            ReleaseKind::Deploy => {
                ("deployed to", "meet them, or say --force with a reason, which is recorded".to_owned())
            }
            ReleaseKind::Rollback => {
                ("returned to in", format!("`greenroom rollback {} --to VERSION` takes another one", self.prompt))
            }
        };
        let message = format!("{} {} was not {what} {}: {}", self.prompt, self.to, self.environment, named.join("; "));
        Error::new(Kind::Finding, message).hint(hint)
    }
}

/// What is to be said about a log before one builds on it.
fn remarks(releases: &Releases, environment: &str) -> Vec<String> {
    let doubts = releases.doubts(environment);
    let told = |error: &Error| doubts.iter().any(|doubt| doubt.contains(&error.to_string()));
    let others = releases.damaged.iter().filter(|error| !told(error));
    let others: Vec<_> = others.map(|error| format!("not counted: {error}")).collect();
    [doubts, others].concat()
}

impl Release {
    /// One line for a person: `2024-03-15 09:30  deploy    1.2.0  Ana: warmer tone`.
    pub fn words(&self) -> String {
        let at = self.at.strftime("%Y-%m-%d %H:%M");
        let forced = if self.forced { " (forced)" } else { "" };
        format!("{at}  {:<8}  {}{forced}  {}: {}", self.kind.id(), self.version, self.by, self.why)
    }
}
