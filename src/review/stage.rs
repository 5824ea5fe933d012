//! The ten steps between PM and engineering, and what each still waits for.
//!
//! A step is done when nothing is missing for it: it follows from the files, not from a box that somebody ticked. Steps
//! that no file can show (requirements were agreed, the pipeline runs it, it is watched) are done when somebody says so,
//! in a line of the review.

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
    /// Steps that somebody has said to be done.
    pub said: Vec<Stage>,
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
    pub readers: usize,
    /// Cases of the eval suite; `None` when there is no suite.
    pub cases: Option<usize>,
    /// Whether the suite passed on exactly these bytes; `None` when it has not run on them.
    pub passed: Option<bool>,
    /// Approvals that count.
    pub approvals: usize,
    /// How many are needed.
    pub required: usize,
    /// People who want changes to these bytes.
    pub against: usize,
    /// Decisions that became void because bytes changed.
    pub void: usize,
    /// What is known of it as a version; `None` for a draft, which cannot be deployed.
    pub frozen: Option<FrozenFacts>,
    /// Incidents that are open, by file name.
    pub incidents: Vec<String>,
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
}

/// A step and what is missing for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub stage: Stage,
    /// What is missing, each a part of a sentence; nothing when it is done.
    pub missing: Vec<String>,
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
    Stage::ALL.into_iter().map(|stage| Step { stage, missing: missing(stage, facts) }).collect()
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
                facts.described || facts.said.contains(&stage),
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
            needs(facts.readers > 0, "nobody but its authors has looked at it".into());
        }
        Stage::Cases => needs(facts.cases.is_some_and(|cases| cases > 0), "no eval cases".into()),
        Stage::Pipeline => {
            needs(facts.said.contains(&stage), "nobody has said that the cases run on every change".into());
        }
        Stage::Results => match facts.passed {
            Some(true) => {}
            Some(false) => needs(false, "the eval suite does not pass".into()),
            None => needs(false, "the eval suite has not run on exactly this text".into()),
        },
        Stage::Approval => {
            let lacking = facts.required.saturating_sub(facts.approvals);
            needs(lacking == 0, counted(lacking, "approval is missing", "approvals are missing"));
            let void = counted(
                facts.void,
                "decision is void since something changed",
                "decisions are void since something changed",
            );
            needs(lacking == 0 || facts.void == 0, void);
        }
        Stage::Deploy => match &facts.frozen {
            None => needs(false, "a draft is not deployed: cut a version".into()),
            Some(version) => {
                needs(version.changelog, "the changelog does not say what, why and how to roll back".into());
                needs(version.way_back, "the way back is not verified".into());
                needs(!version.runs_in.is_empty(), "it runs nowhere".into());
            }
        },
        Stage::Issues => needs(
            facts.incidents.is_empty() || facts.said.contains(&stage),
            counted(facts.incidents.len(), "incident without a cause", "incidents without a cause"),
        ),
        Stage::Fixes => {
            needs(facts.incidents.is_empty(), counted(facts.incidents.len(), "open incident", "open incidents"));
        }
    }
    missing
}

fn counted(count: usize, one: &str, more: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Facts {
        Facts {
            said: vec![Stage::Pipeline],
            described: true,
            cases: Some(3),
            passed: Some(true),
            approvals: 1,
            required: 1,
            readers: 1,
            frozen: Some(FrozenFacts { changelog: true, way_back: true, runs_in: vec!["production".into()] }),
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
            (Stage::Review, Facts { readers: 0, ..ready() }),
            (Stage::Cases, Facts { cases: None, ..ready() }),
            (Stage::Pipeline, Facts { said: Vec::new(), ..ready() }),
            (Stage::Results, Facts { passed: None, ..ready() }),
            (Stage::Results, Facts { passed: Some(false), ..ready() }),
            (Stage::Approval, Facts { approvals: 0, void: 1, ..ready() }),
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
            missing_of(Stage::Approval, &Facts { approvals: 0, required: 1, void: 1, ..ready() }),
            ["1 approval is missing", "1 decision is void since something changed"]
        );
        assert_eq!(missing_of(Stage::Fixes, &Facts { incidents: vec!["a.md".into()], ..ready() }), ["1 open incident"]);
    }

    #[test]
    fn every_step_has_a_word_of_its_own() {
        for stage in Stage::ALL {
            assert_eq!(Stage::of(stage.id()), Some(stage));
        }
        assert_eq!(Stage::of("lunch"), None);
    }
}
