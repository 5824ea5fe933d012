//! `[environments.NAME]`, `[review]` and `[git]`: what a library asks of a release and of a review, what is committed,
//! and, of the user alone, what is run when something is deployed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::file::{Origin, amount};
use crate::gates::Gate;
use crate::library::check_name;
use crate::review::Stage;
use crate::source::nearest;
use crate::source::toml::{Reading, Table};

const REVIEW_KEYS: [&str; 3] = ["required_approvals", "authors_may_approve", "stages"];

/// What an environment asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentRules {
    /// The gates.
    pub require: Vec<Gate>,
}

impl Default for EnvironmentRules {
    fn default() -> Self {
        Self { require: vec![Gate::Verify] }
    }
}

/// A program that does the real deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// How long it may take.
    pub limit: Duration,
}

/// How versions are reviewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRules {
    /// How many approvals a version needs.
    pub required_approvals: usize,
    /// Whether an author's approval of their own work counts.
    pub authors_may_approve: bool,
    /// Who does which step, by its word ([`Stage::id`]).
    pub stages: BTreeMap<String, Vec<String>>,
}

impl ReviewRules {
    /// Who does which step.
    pub fn people(&self) -> BTreeMap<Stage, Vec<String>> {
        self.stages.iter().filter_map(|(stage, names)| Some((Stage::of(stage)?, names.clone()))).collect()
    }
}

impl Default for ReviewRules {
    fn default() -> Self {
        Self { required_approvals: 1, authors_may_approve: false, stages: BTreeMap::new() }
    }
}

/// Whether greenroom commits to git what it has written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Commit {
    /// After a question; where nobody can be asked, it does not.
    #[default]
    Ask,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Commit {
    /// The word of the file.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// What one file says about all this.
#[derive(Debug, Default)]
pub struct Cycle {
    pub environments: BTreeMap<String, EnvironmentRules>,
    pub hooks: BTreeMap<String, Hook>,
    pub review: ReviewRules,
    pub commit: Commit,
}

/// The usual time that a hook may take, in seconds.
const HOOK_SECONDS: f64 = 120.0;

/// Reads the three tables.
pub fn read<'a>(reading: &mut Reading<'a>, table: &Table<'a>, origin: Origin) -> Cycle {
    let mut cycle = Cycle::default();
    for (name, entry) in reading.tables(table, "environments") {
        if let (Err(error), Some(all)) = (check_name("environment", &name), inner(table, "environments")) {
            reading.error_at_key(all, &name, &error.message, error.hint.as_deref().unwrap_or_default());
            continue;
        }
        let of = format!("of the environment `{name}`");
        match origin {
            Origin::Library => {
                for key in ["on_deploy", "on_deploy_timeout_s"].into_iter().filter(|key| entry.contains_key(*key)) {
                    let message =
                        format!("`{key}` of a library does not count: it would run on whoever deploys from it");
                    reading.error_at_key(
                        entry,
                        key,
                        &message,
                        "it belongs into your own config; `greenroom config path` says where that is",
                    );
                }
                reading.expect_keys(entry, &of, &["require", "on_deploy", "on_deploy_timeout_s"]);
                cycle.environments.insert(name, EnvironmentRules { require: gates(reading, entry) });
            }
            Origin::User => {
                reading.expect_keys(entry, &of, &["on_deploy", "on_deploy_timeout_s"]);
                if let Some(hook) = hook(reading, entry) {
                    cycle.hooks.insert(name, hook);
                }
            }
        }
    }
    if origin == Origin::Library {
        cycle.review = review(reading, table);
        cycle.commit = commit(reading, table);
    }
    cycle
}

fn inner<'t, 'a>(table: &'t Table<'a>, key: &str) -> Option<&'t Table<'a>> {
    match table.get(key)?.get_ref() {
        toml::de::DeValue::Table(inner) => Some(inner),
        _ => None,
    }
}

fn gates<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> Vec<Gate> {
    if !table.contains_key("require") {
        return EnvironmentRules::default().require;
    }
    let known = Gate::ALL.map(Gate::id);
    let Some(words) = reading.get::<Vec<String>>(table, "require", "a list of gates, as [\"verify\", \"approval\"]")
    else {
        // what was meant is not known, so everything is asked for: the file is wrong and says so anyway
        return Gate::ALL.to_vec();
    };
    let mut gates = Vec::new();
    for word in words {
        if let Some(gate) = Gate::from_id(&word) {
            gates.push(gate);
            continue;
        }
        let hint = match nearest(&word, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("gates are {}", known.join(", ")),
        };
        reading.error_at_key(table, "require", &format!("`{word}` is not a gate"), &hint);
    }
    gates
}

fn hook<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> Option<Hook> {
    let seconds = amount(reading, table, "on_deploy_timeout_s").unwrap_or(HOOK_SECONDS);
    let wanted = "a list: a program and its arguments";
    let words = reading.get::<Vec<String>>(table, "on_deploy", wanted)?;
    if words.first().is_none_or(String::is_empty) {
        let hint = "it is a program and its arguments: [\"make\", \"push-prompt\"]";
        reading.error_at_key(table, "on_deploy", "`on_deploy` is empty", hint);
        return None;
    }
    Some(Hook { words, limit: Duration::from_secs_f64(seconds) })
}

fn review<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> ReviewRules {
    let usual = ReviewRules::default();
    let Some(table) = reading.table(table, "review") else { return usual };
    reading.expect_keys(table, "of `review`", &REVIEW_KEYS);
    let mut stages = BTreeMap::new();
    if let Some(people) = reading.table(table, "stages") {
        let known = Stage::ALL.map(Stage::id);
        reading.expect_keys(people, "of `review.stages`", &known);
        for stage in reading.keys(people).into_iter().filter(|stage| known.contains(&stage.as_str())) {
            let one =
                matches!(people.get(stage.as_str()).map(toml::Spanned::get_ref), Some(toml::de::DeValue::String(_)));
            let wanted = "a name, or a list of names";
            let names = if one {
                reading.get::<String>(people, &stage, wanted).map(|name| vec![name])
            } else {
                reading.get::<Vec<String>>(people, &stage, wanted)
            };
            stages.extend(names.map(|names| (stage, names)));
        }
    }
    ReviewRules {
        required_approvals: reading
            .get(table, "required_approvals", "a whole number from 0 on")
            .unwrap_or(usual.required_approvals),
        authors_may_approve: reading
            .get(table, "authors_may_approve", "true or false")
            .unwrap_or(usual.authors_may_approve),
        stages,
    }
}

fn commit<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> Commit {
    let Some(table) = reading.table(table, "git") else { return Commit::default() };
    reading.expect_keys(table, "of `git`", &["commit"]);
    let wanted = "\"ask\", \"always\" or \"never\"";
    let Some(word) = reading.get::<String>(table, "commit", wanted) else { return Commit::default() };
    let known = [Commit::Ask, Commit::Always, Commit::Never].into_iter().find(|commit| commit.id() == word);
    if known.is_none() {
        let message = format!("`{word}` is nothing that `commit` can be");
        reading.error_at_key(table, "commit", &message, &format!("it is {wanted}"));
    }
    known.unwrap_or(Commit::Never)
}
