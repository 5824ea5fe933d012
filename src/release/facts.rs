//! The facts that gates are decided by, looked up.

use semver::Version;

use crate::error::Result;
use crate::gates::{Approvals, Drill, Evals, Facts, Lint, Seal};
use crate::library::{Releases, Which};
use crate::lint::{Severity, lint};
use crate::prompt::Estimate;
use crate::release::Desk;
use crate::release::drill::{Fresh, freshness};
use crate::review::{Decided, Decision};

impl Desk<'_> {
    /// What is known about `version`, for a release to `environment`.
    pub(super) fn facts(
        &self,
        prompt: &str,
        version: &Version,
        environment: &str,
        releases: &Releases,
    ) -> Result<Facts> {
        let (open_comments, approvals) = self.reviewed(prompt, version)?;
        Ok(Facts {
            seal: self.seal(prompt, version, releases)?,
            lint: self.lint(prompt, version),
            open_comments,
            approvals,
            drill: self.drill_fact(prompt, environment, releases),
            evals: self.evals(prompt, version)?,
        })
    }

    /// What SHA256SUMS says, and whether it is the one that was there when this version was last released.
    pub(super) fn seal(&self, prompt: &str, version: &Version, releases: &Releases) -> Result<Seal> {
        let entry = self.library.version_entry(prompt, version)?;
        let verdict = self.library.verify_version(prompt, &entry);
        if !verdict.problems.is_empty() {
            return Ok(Seal::Broken(verdict.problems.iter().map(ToString::to_string).collect()));
        }
        let Some(sums) = self.library.sums_digest(&entry)? else { return Ok(Seal::Missing) };
        match releases.sums_of(version) {
            // whoever changes a frozen file can change its sums too; the log remembers them
            Some(release) if release.sha256.as_deref() != Some(sums.as_str()) => Ok(Seal::Broken(vec![format!(
                "SHA256SUMS of {version} is another one than when it came to {} on {}",
                release.environment,
                release.at.strftime("%Y-%m-%d")
            )])),
            _ => Ok(Seal::Holds),
        }
    }

    fn lint(&self, prompt: &str, version: &Version) -> Lint {
        let snapshot = match self.library.read(prompt, &Which::Version(version.clone())) {
            Ok(snapshot) => snapshot,
            Err(error) => return Lint::Failed(error.to_string()),
        };
        if let Some(error) = snapshot.lint.errors.first() {
            return Lint::Failed(error.to_string());
        }
        let findings = lint(&snapshot.lint_input(None, &Estimate));
        let mut errors = findings.iter().filter(|found| found.severity == Severity::Error);
        let first = errors.next();
        let count = errors.count() + usize::from(first.is_some());
        Lint::Errors(count, first.map(|found| format!("line {}: {}", found.line, found.message)))
    }

    /// What the eval suite says about exactly these bytes. Where there are no evals there is nothing to wait for.
    fn evals(&self, prompt: &str, version: &Version) -> Result<Evals> {
        if !self.library.has_evals(prompt)? {
            return Ok(Evals::NoSuite);
        }
        let Ok(snapshot) = self.library.read(prompt, &Which::Version(version.clone())) else {
            return Ok(Evals::NotRun);
        };
        let runs = match self.library.eval_runs(&snapshot) {
            Ok(runs) => runs,
            Err(error) => return Ok(Evals::Unreadable(error.to_string())),
        };
        let sha256 = self.library.evidence(&snapshot)?;
        Ok(match runs.iter().rev().find(|run| run.sha256 == sha256) {
            None if runs.is_empty() => Evals::NotRun,
            None => Evals::Outdated,
            Some(run) => {
                let all = run.passed + run.failed + run.errors;
                // a suite of which no case ran has shown nothing
                match all - run.passed {
                    _ if all == 0 => Evals::NotRun,
                    0 => Evals::Passed(all),
                    failed => Evals::Failed(failed, all),
                }
            }
        })
    }

    /// The review of this version: open comments, and whose decisions count. A decision about the draft counts for the
    /// version that was cut of exactly these bytes.
    fn reviewed(&self, prompt: &str, version: &Version) -> Result<(usize, Approvals)> {
        let rules = &self.settings.review;
        let needed = rules.required_approvals;
        let Ok(snapshot) = self.library.read(prompt, &Which::Version(version.clone())) else {
            // what cannot be read is what nobody can have approved; the gate `verify` says what is wrong with it
            return Ok((0, Approvals { needed, ..Approvals::default() }));
        };
        let sha256 = self.library.evidence(&snapshot)?;
        let mut review = self.library.reviewed(&snapshot)?.review;
        let open = review.open().count();
        let me = crate::review::Person { name: self.by.to_owned(), git: crate::git::user_name(self.library.root()) };
        let mut of_draft = crate::review::Review::default();
        let mut elsewhere = Vec::new();
        if let Ok(draft) = self.library.read(prompt, &Which::Draft) {
            of_draft = self.library.reviewed(&draft)?.review;
            let (same, other): (Vec<_>, Vec<_>) =
                std::mem::take(&mut of_draft.decisions).into_iter().partition(|decided| decided.sha256 == sha256);
            review.decisions.extend(same);
            review.decisions.sort_by_key(|decided| decided.at);
            elsewhere = other;
        }
        let authors = crate::release::authors(self.library, rules, &snapshot, &[&review, &of_draft], &me);
        let standing = review.standing(&sha256, &authors);
        let names = |decided: &[&Decided]| decided.iter().map(|decided| decided.by.clone()).collect::<Vec<_>>();
        let (by, against) = (names(&standing.approvals), names(&standing.against));
        let mut void: Vec<String> = (standing.void.into_iter().chain(&elsewhere))
            .filter(|decided| decided.decision == Decision::Approve && !by.contains(&decided.by))
            .map(|decided| decided.by.clone())
            .collect();
        void.sort();
        void.dedup();
        Ok((open, Approvals { by, against, void, needed }))
    }

    /// How well the way back to what runs now is known: that is where one would return to after the next release.
    fn drill_fact(&self, prompt: &str, environment: &str, releases: &Releases) -> Drill {
        let Some(now) = releases.runs(environment) else { return Drill::NothingRuns };
        let tried = releases
            .drills
            .iter()
            .rev()
            .find(|drilled| drilled.environment == environment && drilled.version.as_ref() == Some(&now.version));
        let Some(tried) = tried else { return Drill::Never };
        match freshness(self.library, prompt, tried, self.now) {
            Fresh::Failed { days, why } => Drill::Failed(days, why),
            Fresh::Outdated { days, what } => Drill::Outdated(days, what),
            Fresh::Worked { days } => Drill::Worked(days),
        }
    }
}
