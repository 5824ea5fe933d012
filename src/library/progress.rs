//! How far a draft or version is on its way to production: the facts that its files show.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::library::{Library, PromptEntry, Snapshot, Which};
use crate::lint::{Severity, lint};
use crate::prompt::{Document, Estimate, SectionId, template};
use crate::review::{Facts, FrozenFacts, Review, Stage};

/// Names that the playtest fills, which nobody has to declare.
const GIVEN: [&str; 2] = ["message", "conversation_history"];

/// What a library asks of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// How many approvals are needed.
    pub approvals: usize,
    /// Whose approvals do not count.
    pub authors: BTreeSet<String>,
    /// Who does which step.
    pub people: BTreeMap<Stage, Vec<String>>,
}

impl Library {
    /// The facts about this state of a prompt, whose review is `review` and whose bytes have the digest `sha256`.
    ///
    /// # Errors
    /// When there is no such prompt any more.
    pub fn progress(&self, snapshot: &Snapshot, review: &Review, sha256: &str, asked: &Asked) -> Result<Facts> {
        self.prompt_folder(&snapshot.prompt)?;
        let entry = self.glance(&snapshot.prompt);
        let document = Document::parse(&snapshot.text);
        let findings = lint(&snapshot.lint_input(None, &Estimate));
        let undeclared = template::names(&snapshot.text)
            .into_iter()
            .filter(|name| !GIVEN.contains(name) && snapshot.variables.get(name).is_none());
        let standing = review.standing(sha256, &asked.authors);
        let deciders = standing.approvals.iter().chain(&standing.against).map(|decided| decided.by.as_str());
        let commenters = review.threads.iter().map(|thread| thread.by.as_str());
        let readers: BTreeSet<&str> = deciders.chain(commenters).filter(|by| !asked.authors.contains(*by)).collect();
        Ok(Facts {
            people: asked.people.clone(),
            // of two the later one is the one to ask
            said: review.done.iter().map(|(stage, by, ..)| (*stage, by.clone())).collect(),
            described: entry.description.is_some() && entry.owner.is_some(),
            empty: SectionId::ALL.into_iter().filter(|id| document.body(Some(*id)).trim().is_empty()).collect(),
            lint_errors: findings.iter().filter(|finding| finding.severity == Severity::Error).count(),
            undeclared: undeclared.map(str::to_owned).collect(),
            open: review.open().count(),
            readers: readers.into_iter().map(str::to_owned).collect(),
            cases: self.eval_cases(&snapshot.prompt)?,
            passed: None,
            approvals: standing.approvals.iter().map(|decided| decided.by.clone()).collect(),
            required: asked.approvals,
            against: standing.against.len(),
            void: standing.void.len(),
            frozen: match &snapshot.which {
                Which::Draft => None,
                Which::Version(version) => Some(FrozenFacts {
                    changelog: self.tells_the_way_back(&entry, snapshot)?,
                    way_back: self.way_back_holds(&entry, &snapshot.which),
                    runs_in: entry
                        .environments
                        .iter()
                        .filter(|(_, running)| running == version)
                        .map(|(environment, _)| environment.clone())
                        .collect(),
                    released_by: self.released_by(&entry, version)?,
                }),
            },
            incidents: self.incidents(&snapshot.prompt)?,
        })
    }

    /// Who has brought this version to where it runs.
    fn released_by(&self, entry: &PromptEntry, version: &semver::Version) -> Result<Vec<String>> {
        let releases = self.releases(&entry.name)?;
        let last = |environment: &str| releases.all.iter().rev().find(|release| release.environment == environment);
        let running = entry.environments.iter().filter(|(_, running)| running == version);
        Ok(running.filter_map(|(environment, _)| Some(last(environment)?.by.clone())).collect())
    }

    /// How many cases the eval suite has; `None` when there is no suite that can be read.
    fn eval_cases(&self, prompt: &str) -> Result<Option<usize>> {
        let file = self.prompt_folder(prompt)?.join("evals").join("cases.yaml");
        let Some(text) = self.text_if_there(&file)? else { return Ok(None) };
        Ok(serde_saphyr::from_str::<Vec<serde_json::Value>>(&text).ok().map(|cases| cases.len()))
    }

    /// Whether the changelog says what changed, why, and how to roll back.
    fn tells_the_way_back(&self, entry: &PromptEntry, snapshot: &Snapshot) -> Result<bool> {
        let text = self.text_if_there(&snapshot.folder.join("changelog.md"))?.unwrap_or_default().to_lowercase();
        let first = entry.versions.first().map(|entry| Which::Version(entry.version.clone()));
        let first = first.as_ref() == Some(&snapshot.which);
        Ok(first && !text.trim().is_empty()
            || ["what changed", "why", "rollback"].iter().all(|heading| text.contains(heading)))
    }

    /// Whether the version before this one is as it was frozen, or there is none.
    fn way_back_holds(&self, entry: &PromptEntry, which: &Which) -> bool {
        entry.below(which).is_none_or(|below| self.verify_version(&entry.name, below).problems.is_empty())
    }
}
