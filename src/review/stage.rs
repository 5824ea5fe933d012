//! The ten steps between PM and engineering, and what each still waits for.
//!
//! A step is done when nothing is missing for it: it follows from the files, not from a box that somebody ticked. Steps
//! that no file can show (requirements were agreed, the pipeline runs it, it is watched) are done when somebody says so,
//! in a line of the review.

use std::collections::{BTreeMap, BTreeSet};

use crate::prompt::SectionId;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// What the prompt has to do is agreed.
    Requirements,
    /// The text is written.
    Draft,
    /// Somebody with technical eyes has read it.
    Review,
    /// There are cases to evaluate it by.
    Cases,
    /// The cases run where changes are checked.
    Pipeline,
    /// They ran on exactly these bytes.
    Results,
    /// It was approved.
    Approval,
    /// It runs, and is watched.
    Deploy,
    /// What went wrong is known.
    Issues,
    /// And mended.
    Fixes,
}

/// What is known about a draft or version, gathered from its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Who does which step, where the library says so.
    pub people: BTreeMap<Stage, Vec<String>>,
    /// Steps that somebody has said to be done, and who has said it last.
    pub said: BTreeMap<Stage, String>,
    /// Whether `prompt.toml` says what the prompt is for: a description and an owner.
    pub described: bool,
    /// Sections without a text.
    pub empty: Vec<SectionId>,
    /// Errors that the linter finds.
    pub lint_errors: usize,
    /// Variables whose privacy nobody has declared.
    pub undeclared: Vec<String>,
    /// Comments that are open.
    pub open: usize,
    /// People who are no authors and have decided on these bytes, or settled what they had to say.
    pub readers: Vec<String>,
    /// Cases of the eval suite; `None` when there is no suite.
    pub cases: Option<usize>,
    /// Whether the suite passed on exactly these bytes; `None` when it has not run on them.
    pub passed: Option<bool>,
    /// Whose approvals count.
    pub approvals: Vec<String>,
    /// How many are needed.
    pub required: usize,
    /// People who want changes to these bytes.
    pub against: usize,
    /// Decisions that became void because bytes changed.
    pub void: usize,
    /// What is known of it as a version; `None` for a draft, which cannot be deployed.
    pub frozen: Option<FrozenFacts>,
    /// What went wrong with the prompt, whichever version it was.
    pub incidents: Vec<Incident>,
}

/// Something that went wrong: a file of the prompt's incidents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incident {
    /// The file's name, without its ending.
    pub name: String,
    /// Whether it is open.
    pub open: bool,
    /// Whether what is known of it can be read.
    pub readable: bool,
    /// Why it happened, where that is known.
    pub cause: Option<String>,
    /// The version that mends it, where there is one.
    pub fixed_in: Option<String>,
}

/// What is known about a version besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrozenFacts {
    /// Whether the changelog says what, why and how to roll back.
    pub changelog: bool,
    /// Whether a rollback would work: its target verifies, or there is nothing before this version.
    pub way_back: bool,
    /// Environments that run it.
    pub runs_in: Vec<String>,
    /// Who has released it last, where it runs.
    pub released_by: Vec<String>,
}

/// A step and what is missing for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub stage: Stage,
    /// What is missing, each a part of a sentence; nothing when it is done.
    pub missing: Vec<String>,
    /// Who does it; nobody is named where anybody may.
    pub people: Vec<String>,
    /// What else is to be said of it, each a part of a sentence: it was done by somebody who is not named for it, or what
    /// was mended where.
    pub aside: Vec<String>,
}

impl Step {
    /// Whether nothing is missing.
    pub fn is_done(&self) -> bool {
        self.missing.is_empty()
    }
}

impl Stage {
    /// All ten, in their order.
    pub const ALL: [Self; 10] = [
        Self::Requirements,
        Self::Draft,
        Self::Review,
        Self::Cases,
        Self::Pipeline,
        Self::Results,
        Self::Approval,
        Self::Deploy,
        Self::Issues,
        Self::Fixes,
    ];

    /// The word of files and commands.
    pub fn id(self) -> &'static str {
        match self {
            Self::Requirements => "requirements",
            Self::Draft => "draft",
            Self::Review => "technical_review",
            Self::Cases => "eval_cases",
            Self::Pipeline => "pipeline",
            Self::Results => "results",
            Self::Approval => "approval",
            Self::Deploy => "deploy",
            Self::Issues => "issues",
            Self::Fixes => "fixes",
        }
    }

    /// The words of screens.
    pub fn title(self) -> &'static str {
        match self {
            Self::Requirements => "Requirements",
            Self::Draft => "Draft",
            Self::Review => "Technical review",
            Self::Cases => "Eval cases",
            Self::Pipeline => "Pipeline",
            Self::Results => "Results",
            Self::Approval => "Approval",
            Self::Deploy => "Deploy and monitor",
            Self::Issues => "Issues",
            Self::Fixes => "Fixes",
        }
    }

    /// The step of this word.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.id() == id)
    }

    /// All words, for a message.
    pub fn ids() -> String {
        Self::ALL.map(Self::id).join(", ")
    }
}

/// All steps with what each is missing.
pub fn steps(facts: &Facts) -> Vec<Step> {
    let step = |stage| Step {
        stage,
        missing: missing(stage, facts),
        people: facts.people.get(&stage).cloned().unwrap_or_default(),
        aside: aside(stage, facts),
    };
    Stage::ALL.into_iter().map(step).collect()
}

/// Who has done a step, as far as that can be known, and how that is said.
fn doers(stage: Stage, facts: &Facts) -> (&'static str, Vec<&str>) {
    let released = facts.frozen.as_ref().map_or(&[][..], |frozen| &frozen.released_by);
    let (word, names): (_, &[String]) = match stage {
        Stage::Review => ("read by", &facts.readers),
        Stage::Approval => ("approved by", &facts.approvals),
        Stage::Deploy => ("released by", released),
        _ => ("done by", &[]),
    };
    // a word of somebody that it is done stands for it where the files show nothing
    let said = facts.said.get(&stage).filter(|_| names.is_empty());
    (word, names.iter().chain(said).map(String::as_str).collect())
}

/// Whoever does a step that is another's is not stopped: it counts, and it is said.
fn aside(stage: Stage, facts: &Facts) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(named) = facts.people.get(&stage).filter(|named| !named.is_empty()) {
        let (done, by) = doers(stage, facts);
        let others: BTreeSet<&str> = by.into_iter().filter(|by| !named.iter().any(|name| name == by)).collect();
        let who = if others.len() > 1 { "who are not named for it" } else { "who is not named for it" };
        if !others.is_empty() {
            told.push(format!("{done} {}, {who}", others.into_iter().collect::<Vec<_>>().join(", ")));
        }
    }
    if stage == Stage::Fixes {
        let fixed = facts.incidents.iter().filter_map(|one| Some((one, one.fixed_in.as_ref()?)));
        told.extend(fixed.map(|(one, version)| {
            format!("{} is fixed in {version}{}", one.name, if one.open { ", and still open" } else { "" })
        }));
    }
    told
}

fn missing(stage: Stage, facts: &Facts) -> Vec<String> {
    let mut missing = Vec::new();
    let mut needs = |met: bool, what: String| {
        if !met {
            missing.push(what);
        }
    };
    match stage {
        Stage::Requirements => {
            needs(
                facts.described || facts.said.contains_key(&stage),
                "prompt.toml says neither what it is for (description) nor whose it is (owner)".into(),
            );
        }
        Stage::Draft => {
            let empty: Vec<_> = facts.empty.iter().map(|id| id.title()).collect();
            needs(empty.is_empty(), format!("{} without a text", empty.join(", ")));
            needs(facts.lint_errors == 0, counted(facts.lint_errors, "error of the linter", "errors of the linter"));
            needs(
                facts.undeclared.is_empty(),
                format!("nobody has said how personal these are: {}", facts.undeclared.join(", ")),
            );
        }
        Stage::Review => {
            needs(facts.open == 0, counted(facts.open, "open comment", "open comments"));
            needs(facts.against == 0, counted(facts.against, "request for changes", "requests for changes"));
            needs(!facts.readers.is_empty(), "nobody but its authors has looked at it".into());
        }
        Stage::Cases => needs(facts.cases.is_some_and(|cases| cases > 0), "no eval cases".into()),
        Stage::Pipeline => {
            needs(facts.said.contains_key(&stage), "nobody has said that the cases run on every change".into());
        }
        Stage::Results => match facts.passed {
            Some(true) => {}
            Some(false) => needs(false, "the eval suite does not pass".into()),
            None => needs(false, "the eval suite has not run on exactly this text".into()),
        },
        Stage::Approval => {
            let lacking = facts.required.saturating_sub(facts.approvals.len());
            needs(lacking == 0, counted(lacking, "approval is missing", "approvals are missing"));
            let void = counted(
                facts.void,
                "decision is void since something changed",
                "decisions are void since something changed",
            );
            needs(lacking == 0 || facts.void == 0, void);
        }
        Stage::Deploy => match &facts.frozen {
            None => needs(false, "a draft is not deployed: freeze a version".into()),
            Some(version) => {
                needs(version.changelog, "the changelog does not say what, why and how to roll back".into());
                needs(version.way_back, "the way back is not verified".into());
                needs(!version.runs_in.is_empty(), "it runs nowhere".into());
            }
        },
        Stage::Issues => {
            let unclear = incidents(facts, |one| one.open && one.readable && one.cause.is_none());
            let met = unclear.is_empty() || facts.said.contains_key(&stage);
            needs(met, named(&unclear, "incident without a cause", "incidents without a cause"));
            let damaged = incidents(facts, |one| !one.readable);
            let (one, more) = ("incident that cannot be read", "incidents that cannot be read");
            needs(damaged.is_empty(), named(&damaged, one, more));
        }
        Stage::Fixes => {
            let open = incidents(facts, |one| one.open);
            needs(open.is_empty(), named(&open, "open incident", "open incidents"));
        }
    }
    missing
}

fn incidents(facts: &Facts, which: impl Fn(&Incident) -> bool) -> Vec<&str> {
    facts.incidents.iter().filter(|one| which(one)).map(|one| one.name.as_str()).collect()
}

/// How many there are, and their names, as far as one wants to read them.
fn named(names: &[&str], one: &str, more: &str) -> String {
    const MOST: usize = 3;
    let shown = names.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    let rest = if names.len() > MOST { ", …" } else { "" };
    format!("{}: {shown}{rest}", counted(names.len(), one, more))
}

fn counted(count: usize, one: &str, more: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Facts {
        Facts {
            said: [(Stage::Pipeline, "Ana".to_owned())].into(),
            described: true,
            cases: Some(3),
            passed: Some(true),
            approvals: vec!["Ben".into()],
            required: 1,
            readers: vec!["Ben".into()],
            frozen: Some(FrozenFacts {
                changelog: true,
                way_back: true,
                runs_in: vec!["production".into()],
                released_by: vec!["Ana".into()],
            }),
            ..Facts::default()
        }
    }

    fn missing_of(stage: Stage, facts: &Facts) -> Vec<String> {
        steps(facts).into_iter().find(|step| step.stage == stage).unwrap().missing
    }

    #[test]
    fn every_step_is_done_when_nothing_is_missing() {
        assert!(steps(&ready()).iter().all(Step::is_done), "{:?}", steps(&ready()));
    }

    #[test]
    fn each_fact_is_missed_in_its_step_alone() {
        let cases: [(Stage, Facts); 13] = [
            (Stage::Requirements, Facts { described: false, ..ready() }),
            (Stage::Draft, Facts { empty: vec![SectionId::SafetyRails], ..ready() }),
            (Stage::Draft, Facts { lint_errors: 2, ..ready() }),
            (Stage::Draft, Facts { undeclared: vec!["user".into()], ..ready() }),
            (Stage::Review, Facts { open: 1, ..ready() }),
            (Stage::Review, Facts { readers: Vec::new(), ..ready() }),
            (Stage::Cases, Facts { cases: None, ..ready() }),
            (Stage::Pipeline, Facts { said: BTreeMap::new(), ..ready() }),
            (Stage::Results, Facts { passed: None, ..ready() }),
            (Stage::Results, Facts { passed: Some(false), ..ready() }),
            (Stage::Approval, Facts { approvals: Vec::new(), void: 1, ..ready() }),
            (Stage::Deploy, Facts { frozen: None, ..ready() }),
            (Stage::Deploy, Facts { frozen: Some(FrozenFacts::default()), ..ready() }),
        ];
        for (stage, facts) in cases {
            let undone: Vec<_> =
                steps(&facts).into_iter().filter(|step| !step.is_done()).map(|step| step.stage).collect();
            assert_eq!(undone, [stage]);
        }
    }

    #[test]
    fn what_is_missing_is_told_in_words_with_its_number() {
        assert_eq!(missing_of(Stage::Review, &Facts { open: 2, ..ready() }), ["2 open comments"]);
        assert_eq!(
            missing_of(Stage::Approval, &Facts { approvals: Vec::new(), required: 1, void: 1, ..ready() }),
            ["1 approval is missing", "1 decision is void since something changed"]
        );
    }

    #[test]
    fn an_incident_is_missed_by_its_name_until_its_cause_is_known_and_it_is_mended() {
        let incident = |name: &str| Incident { name: name.into(), open: true, readable: true, ..Incident::default() };
        let with = |incidents: Vec<Incident>| Facts { incidents, ..ready() };
        let new = with(vec![incident("refund")]);
        assert_eq!(missing_of(Stage::Issues, &new), ["1 incident without a cause: refund"]);
        assert_eq!(missing_of(Stage::Fixes, &new), ["1 open incident: refund"]);
        let known = Incident { cause: Some("stale".into()), fixed_in: Some("1.2.1".into()), ..incident("refund") };
        let step = |facts: &Facts, stage| steps(facts).into_iter().find(|step| step.stage == stage).unwrap();
        assert!(step(&with(vec![known.clone()]), Stage::Issues).is_done());
        let fixes = step(&with(vec![known.clone()]), Stage::Fixes);
        assert_eq!(
            (fixes.is_done(), &fixes.aside[..]),
            (false, &["refund is fixed in 1.2.1, and still open".to_owned()][..])
        );
        let closed = with(vec![Incident { open: false, ..known }]);
        assert_eq!(step(&closed, Stage::Fixes).aside, ["refund is fixed in 1.2.1"]);
        assert!(step(&closed, Stage::Fixes).is_done());
        let damaged = with(vec![Incident { readable: false, ..incident("x") }]);
        assert_eq!(missing_of(Stage::Issues, &damaged), ["1 incident that cannot be read: x"]);
        let many = with((1..=5).map(|number| incident(&format!("i{number}"))).collect());
        assert_eq!(missing_of(Stage::Fixes, &many), ["5 open incidents: i1, i2, i3, …"]);
    }

    #[test]
    fn a_step_that_somebody_else_has_done_counts_and_it_is_said() {
        let people = |stage, names: &[&str]| -> BTreeMap<Stage, Vec<String>> {
            [(stage, names.iter().map(|name| (*name).to_owned()).collect())].into()
        };
        let aside = |stage, names: &[&str]| {
            let facts = Facts { people: people(stage, names), ..ready() };
            let step = steps(&facts).into_iter().find(|step| step.stage == stage).unwrap();
            assert!(step.is_done());
            (step.people.len(), step.aside)
        };
        assert_eq!(aside(Stage::Approval, &["Ben", "Cleo"]), (2, Vec::new()));
        assert_eq!(aside(Stage::Approval, &["Cleo"]), (1, vec!["approved by Ben, who is not named for it".to_owned()]));
        assert_eq!(aside(Stage::Pipeline, &["Cleo"]).1, ["done by Ana, who is not named for it"]);
        assert_eq!(aside(Stage::Review, &["Ana"]).1, ["read by Ben, who is not named for it"]);
        assert_eq!(aside(Stage::Deploy, &["Cleo"]).1, ["released by Ana, who is not named for it"]);
        assert_eq!(aside(Stage::Approval, &[]), (0, Vec::new()), "where nobody is named, anybody may");
    }

    #[test]
    fn every_step_has_a_word_of_its_own() {
        for stage in Stage::ALL {
            assert_eq!(Stage::of(stage.id()), Some(stage));
        }
        assert_eq!(Stage::of("lunch"), None);
    }
}
