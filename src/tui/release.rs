//! The box in which something is deployed or rolled back, and the lines it shows: what is about to happen, which gates are
//! met, what changes for the application.

use semver::Version;

use crate::error::Error;
use crate::gates::Gate;
use crate::library::ReleaseKind;
use crate::release::{Done, Drilling, Plan};
use crate::tui::input::Input;
use crate::tui::instead::in_keys;
use crate::tui::keymap::Keymap;
use crate::tui::picker::PickRow;
use crate::tui::theme::Role;

/// What is asked of the thread that releases.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Find out what a release would mean.
    Plan(Wish),
    /// Make it: the user's own program for the environment runs first, which may take minutes.
    Make {
        /// What was wished.
        wish: Wish,
        /// What was shown.
        plan: Box<Plan>,
        /// Why.
        why: String,
        /// Whether a gate refuses it, and it is done all the same.
        forced: bool,
        /// The author of the user's config.
        by: Option<String>,
    },
    /// Read what was released of this prompt.
    Log(String),
    /// Try the way back in one environment.
    Drill {
        /// The number of the drill.
        number: u64,
        /// Of which prompt.
        prompt: String,
        /// Where.
        environment: String,
        /// The author of the user's config.
        by: Option<String>,
        /// Whether this is the demo.
        demo: bool,
    },
}

/// What that thread says.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// What a release would mean.
    Planned {
        /// The number of the question.
        number: u64,
        /// What it would mean.
        plan: Result<Box<Plan>, Error>,
    },
    /// A release was made, or why not.
    Made {
        /// What was wished.
        wish: Wish,
        /// What came of it.
        result: Result<Done, Error>,
    },
    /// What was released of this prompt, as rows of a list.
    Log {
        /// Of which prompt.
        prompt: String,
        /// The rows, the last release first.
        rows: Result<Vec<PickRow<String>>, Error>,
    },
    /// The way back was tried.
    Drilled {
        /// The number of the drill.
        number: u64,
        /// Where.
        environment: String,
        /// What came of it.
        result: Result<Drilling, Error>,
    },
}

/// What is asked of the runner: a look at a release before it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The number of the question, which only grows.
    pub number: u64,
    /// Whether it is deployed or returned to.
    pub kind: ReleaseKind,
    /// Of which prompt.
    pub prompt: String,
    /// Which version; for a rollback the one that ran before, when none is named.
    pub version: Option<Version>,
    /// Where.
    pub environment: String,
    /// Whether this is the demo, in which nothing is deployed for real.
    pub demo: bool,
}

/// A release that is being made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Releasing {
    /// What was wished.
    pub wish: Wish,
    /// Whether the workbench is left when it has ended.
    pub then_leave: bool,
}

impl Releasing {
    /// `the deployment to production` or `the rollback in production`.
    pub fn words(&self) -> String {
        match self.wish.kind {
            ReleaseKind::Deploy => format!("the deployment to {}", self.wish.environment),
            ReleaseKind::Rollback => format!("the rollback in {}", self.wish.environment),
        }
    }
}

/// The box while it is open.
#[derive(Debug)]
pub struct ReleaseForm {
    /// What was asked last.
    pub wish: Wish,
    /// Where it may go; the wish names one of them.
    pub places: Vec<String>,
    /// What came of the question; `None` until it is answered.
    pub plan: Option<Result<Box<Plan>, Error>>,
    /// Why, in the user's words.
    pub why: Input,
    /// Whether the second answer is chosen, which does it. Cancel is chosen at first.
    pub agreed: bool,
    /// Whether it is being done.
    pub busy: bool,
    /// What is missing, or why it was not done.
    pub problem: Option<String>,
}

impl ReleaseForm {
    /// What it is called.
    pub fn title(&self) -> String {
        match self.wish.kind {
            ReleaseKind::Deploy => format!("Deploy {}", self.wish.prompt),
            ReleaseKind::Rollback => format!("Roll back {}", self.wish.prompt),
        }
    }

    /// Whether a gate refuses it.
    pub fn is_refused(&self) -> bool {
        matches!(&self.plan, Some(Ok(plan)) if plan.refused().next().is_some())
    }

    /// The answers. What a gate refuses can be deployed all the same, by a word that says so; a version that is not what
    /// was frozen is not returned to.
    pub fn answers(&self) -> Vec<&'static str> {
        match (&self.plan, self.wish.kind) {
            _ if self.busy => vec!["Close"],
            (Some(Ok(_)), ReleaseKind::Deploy) if self.is_refused() => vec!["Cancel", "Deploy all the same"],
            (Some(Ok(_)), ReleaseKind::Deploy) => vec!["Cancel", "Deploy"],
            (Some(Ok(_)), ReleaseKind::Rollback) if !self.is_refused() => vec!["Cancel", "Roll back"],
            _ => vec!["Cancel"],
        }
    }

    /// Everything above the answers, and how it is drawn.
    pub fn lines(&self, keymap: &Keymap) -> Vec<(String, Role)> {
        let mut lines = Vec::new();
        let place = &self.wish.environment;
        match &self.plan {
            None => lines.push((format!("looking at what runs in {place} …"), Role::Dim)),
            Some(Err(error)) => lines.push((format!("! {error}"), Role::Error)),
            Some(Ok(plan)) => {
                let now = match &plan.from {
                    Some(from) if *from == plan.to => format!("{place} runs {from} already; nothing would change."),
                    Some(from) => format!("{place} runs {from} now, and {} from then on.", plan.to),
                    None => format!("Nothing runs in {place} yet; from then on {} does.", plan.to),
                };
                lines.push((now, Role::Title));
                for check in &plan.checks {
                    let (mark, role) = if check.met { ("ok ", Role::Ok) } else { ("! not met: ", Role::Error) };
                    let way = match check.gate {
                        Gate::Comments | Gate::Approval if !check.met => " (<screen.review> shows the review)",
                        _ => "",
                    };
                    lines.push((format!("{mark}{}: {}{way}", check.gate.id(), check.why), role));
                }
                lines.extend(plan.change.lines().into_iter().map(|line| (format!("- {line}"), Role::Overlay)));
                lines.extend(plan.remarks.iter().map(|remark| (format!("! {remark}"), Role::Warning)));
            }
        }
        if self.wish.kind == ReleaseKind::Rollback && self.is_refused() {
            lines.push(("<release.deploy> deploys any other version".into(), Role::Dim));
        }
        if self.busy {
            lines.push(("it is being done …".into(), Role::Dim));
        }
        // whole, because what to do about it stands at its end
        lines.extend(self.problem.iter().map(|problem| (format!("! {problem}"), Role::Error)));
        lines.into_iter().map(|(line, role)| (in_keys(&line, keymap), role)).collect()
    }
}
