//! What has to hold before a version may run in an environment: the gates, and what is known about them → which are met.
//!
//! Facts come in, sentences go out; nothing here looks for a fact.

/// One condition that an environment may require.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gate {
    /// Every frozen byte is as it was when the version was cut.
    Verify,
    /// The linter finds no error.
    Lint,
    /// No comment of the review is open.
    Comments,
    /// As many people as the library asks for have approved exactly these bytes.
    Approval,
    /// The way back was tried lately.
    Drill,
    /// The eval suite passed on exactly these bytes.
    Eval,
}

impl Gate {
    /// All of them, in the order they are looked at.
    pub const ALL: [Self; 6] = [Self::Verify, Self::Lint, Self::Comments, Self::Approval, Self::Drill, Self::Eval];

    /// The word of `greenroom.toml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Lint => "lint",
            Self::Comments => "comments",
            Self::Approval => "approval",
            Self::Drill => "drill",
            Self::Eval => "eval",
        }
    }

    /// The gate of this word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|gate| gate.id() == id)
    }
}

/// Everything that gates are decided by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether SHA256SUMS vouches for the version, and what of it does not hold.
    pub seal: Seal,
    /// What the linter finds, or why it cannot say.
    pub lint: Lint,
    /// Comments of the review that are open.
    pub open_comments: usize,
    /// Who has approved.
    pub approvals: Approvals,
    /// How well the way back is known.
    pub drill: Drill,
    /// What the eval suite says.
    pub evals: Evals,
}

/// What SHA256SUMS says about a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Seal {
    /// Every byte is as it was frozen.
    Holds,
    /// There is no SHA256SUMS.
    #[default]
    Missing,
    /// What does not hold, first to last; never empty.
    Broken(Vec<String>),
}

/// What the linter says about a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Lint {
    /// It was not asked.
    #[default]
    Unknown,
    /// It cannot say, and why.
    Failed(String),
    /// It found so many errors; the first one in words.
    Errors(usize, Option<String>),
}

/// Who has approved a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approvals {
    /// Whose approvals cover exactly these bytes and count.
    pub by: Vec<String>,
    /// Who has asked for changes of exactly these bytes and has not approved since.
    pub against: Vec<String>,
    /// Who has approved other bytes than these: they were changed afterwards.
    pub void: Vec<String>,
    /// How many are needed.
    pub needed: usize,
}

/// What is known about the way back, once the version runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Drill {
    /// Nothing runs there, so that there is nothing to go back to.
    NothingRuns,
    /// It was never tried.
    #[default]
    Never,
    /// The last try failed, so many days ago; why, in words.
    Failed(i64, String),
    /// It worked, so many days ago, and something has changed since: what, in words.
    Outdated(i64, String),
    /// It worked, so many days ago, and nothing has changed since.
    Worked(i64),
}

/// What the eval suite says about a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Evals {
    /// There is no suite.
    NoSuite,
    /// It has not run on this version.
    #[default]
    NotRun,
    /// It ran, and then one of the bytes that it covers was changed.
    Outdated,
    /// What it says cannot be read, and why.
    Unreadable(String),
    /// So many of so many cases failed.
    Failed(usize, usize),
    /// All of so many cases passed.
    Passed(usize),
}

/// One gate, looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Which.
    pub gate: Gate,
    /// Whether it is met.
    pub met: bool,
    /// Why, in one sentence without a full stop.
    pub why: String,
}

/// Days after which a drill says little: models and applications change.
pub const DRILL_DAYS: i64 = 30;

/// Looks at each of `required`, in the order of [`Gate::ALL`]; one that stands twice is looked at once.
pub fn check(required: &[Gate], facts: &Facts) -> Vec<Check> {
    let wanted = Gate::ALL.into_iter().filter(|gate| required.contains(gate));
    wanted
        .map(|gate| {
            let (met, why) = match gate {
                Gate::Verify => seal(&facts.seal),
                Gate::Lint => lint(&facts.lint),
                Gate::Comments => comments(facts.open_comments),
                Gate::Approval => approval(&facts.approvals),
                Gate::Drill => drill(&facts.drill),
                Gate::Eval => evals(&facts.evals),
            };
            Check { gate, met, why }
        })
        .collect()
}

fn seal(seal: &Seal) -> (bool, String) {
    match seal {
        Seal::Holds => (true, "every byte is as it was frozen".into()),
        Seal::Missing => (false, "there is no SHA256SUMS, so nothing vouches for its bytes".into()),
        Seal::Broken(problems) => {
            let first = problems.first().map_or("", String::as_str);
            let more = match problems.len() {
                0 | 1 => String::new(),
                several => format!(", and {} more", several - 1),
            };
            (false, format!("{first}{more}"))
        }
    }
}

fn lint(lint: &Lint) -> (bool, String) {
    match lint {
        Lint::Unknown => (false, "the linter was not asked".into()),
        Lint::Failed(why) => (false, format!("the linter cannot read it: {why}")),
        Lint::Errors(0, _) => (true, "the linter finds no error".into()),
        Lint::Errors(count, first) => {
            let first = first.as_ref().map(|first| format!(": {first}")).unwrap_or_default();
            (false, format!("the linter finds {}{first}", counted(*count, "error")))
        }
    }
}

fn comments(open: usize) -> (bool, String) {
    match open {
        0 => (true, "no comment is open".into()),
        1 => (false, "1 comment of the review is open".into()),
        several => (false, format!("{several} comments of the review are open")),
    }
}

fn approval(approvals: &Approvals) -> (bool, String) {
    let Approvals { by, against, void, needed } = approvals;
    if !against.is_empty() {
        return (false, format!("{} asked for changes", listed(against)));
    }
    if by.len() >= *needed {
        let who = if by.is_empty() { "no approval is asked for".into() } else { format!("approved by {}", listed(by)) };
        return (true, who);
    }
    let have = match by.len() {
        0 => "nobody has approved these bytes".to_owned(),
        _ => format!("only {} approved these bytes", listed(by)),
    };
    let lacking = format!("{have}, and {} {} needed", needed, if *needed == 1 { "is" } else { "are" });
    match void.as_slice() {
        [] => (false, lacking),
        void => (false, format!("{lacking}; {} approved other bytes, which were changed since", listed(void))),
    }
}

fn drill(drill: &Drill) -> (bool, String) {
    match drill {
        Drill::NothingRuns => (true, "nothing runs there yet, so there is nothing to go back to".into()),
        Drill::Never => (false, "the way back was never tried: `greenroom rollback NAME --drill` does".into()),
        Drill::Failed(days, why) => (false, format!("the drill failed {}: {why}", ago(*days))),
        Drill::Outdated(days, what) => (false, format!("the drill {} is stale: {what} since", ago(*days))),
        Drill::Worked(days) if *days > DRILL_DAYS => {
            (false, format!("the drill {} is stale: one counts for {DRILL_DAYS} days", ago(*days)))
        }
        Drill::Worked(days) => (true, format!("the way back worked {}, and nothing has changed since", ago(*days))),
    }
}

fn evals(evals: &Evals) -> (bool, String) {
    match evals {
        Evals::NoSuite => (true, "no evals: there is no evals/cases.yaml".into()),
        Evals::NotRun => (false, "the eval suite has not run on these bytes".into()),
        Evals::Outdated => (
            false,
            "the eval suite ran on other bytes: the text, the config, a declaration or the suite changed since".into(),
        ),
        Evals::Unreadable(why) => (false, format!("the eval results cannot be read: {why}")),
        Evals::Failed(failed, all) => (false, format!("{failed} of {} failed", counted(*all, "eval case"))),
        Evals::Passed(all) => (true, format!("{} passed", counted(*all, "eval case"))),
    }
}

/// `today`, `yesterday`, `12 days ago`; a moment that is still to come counts as today.
pub fn ago(days: i64) -> String {
    match days {
        ..=0 => "today".into(),
        1 => "yesterday".into(),
        days => format!("{days} days ago"),
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(gate: Gate, facts: &Facts) -> (bool, String) {
        let mut checks = check(&[gate], facts);
        let check = checks.remove(0);
        assert!(checks.is_empty());
        (check.met, check.why)
    }

    #[test]
    fn gates_are_looked_at_once_and_in_their_order() {
        let checks = check(&[Gate::Drill, Gate::Verify, Gate::Drill], &Facts::default());
        assert_eq!(checks.iter().map(|check| check.gate.id()).collect::<Vec<_>>(), ["verify", "drill"]);
        assert!(check(&[], &Facts::default()).is_empty());
    }

    #[test]
    fn without_a_fact_no_gate_that_asks_for_one_is_met() {
        let unknown = Facts { approvals: Approvals { needed: 1, ..Approvals::default() }, ..Facts::default() };
        let met: Vec<_> = check(&Gate::ALL, &unknown).into_iter().filter(|check| check.met).collect();
        assert_eq!(met.iter().map(|check| check.gate).collect::<Vec<_>>(), [Gate::Comments]);
    }

    #[test]
    fn an_approval_of_other_bytes_does_not_count_and_is_told() {
        let void = Approvals { void: vec!["Ben".into()], needed: 1, ..Approvals::default() };
        let (met, why) = said(Gate::Approval, &Facts { approvals: void, ..Facts::default() });
        assert!(!met);
        assert_eq!(
            why,
            "nobody has approved these bytes, and 1 is needed; Ben approved other bytes, which were changed since"
        );
        let one_no = Approvals { by: vec!["Ana".into()], against: vec!["Ben".into()], needed: 1, void: Vec::new() };
        assert_eq!(
            said(Gate::Approval, &Facts { approvals: one_no, ..Facts::default() }),
            (false, "Ben asked for changes".into())
        );
        let two = Approvals { by: vec!["Ana".into(), "Ben".into()], needed: 2, ..Approvals::default() };
        assert_eq!(
            said(Gate::Approval, &Facts { approvals: two, ..Facts::default() }),
            (true, "approved by Ana and Ben".into())
        );
    }

    #[test]
    fn evals_hold_where_there_is_no_suite_and_where_all_of_it_passed_on_these_bytes() {
        for (evals, met) in [
            (Evals::NoSuite, true),
            (Evals::NotRun, false),
            (Evals::Outdated, false),
            (Evals::Unreadable("a.json:1:1: no".into()), false),
            (Evals::Failed(1, 40), false),
            (Evals::Passed(40), true),
        ] {
            assert_eq!(said(Gate::Eval, &Facts { evals: evals.clone(), ..Facts::default() }).0, met, "{evals:?}");
        }
    }

    #[test]
    fn a_drill_counts_while_it_is_fresh() {
        for (drill, met) in [
            (Drill::NothingRuns, true),
            (Drill::Never, false),
            (Drill::Worked(DRILL_DAYS), true),
            (Drill::Worked(DRILL_DAYS + 1), false),
            (Drill::Outdated(0, "a value set has changed".into()), false),
            (Drill::Failed(1, "1.1.0 has no folder".into()), false),
        ] {
            assert_eq!(said(Gate::Drill, &Facts { drill: drill.clone(), ..Facts::default() }).0, met, "{drill:?}");
        }
    }

    #[test]
    fn the_words_fit_in_one_sentence() {
        let facts = Facts {
            seal: Seal::Broken(vec!["a has changed".into(), "b is missing".into()]),
            lint: Lint::Errors(2, Some("line 3: twice".into())),
            open_comments: 2,
            evals: Evals::Failed(1, 40),
            ..Facts::default()
        };
        let said: Vec<_> = check(&Gate::ALL, &facts).into_iter().map(|check| check.why).collect();
        assert_eq!(said[0], "a has changed, and 1 more");
        assert_eq!(said[1], "the linter finds 2 errors: line 3: twice");
        assert_eq!(said[2], "2 comments of the review are open");
        assert_eq!(said[5], "1 of 40 eval cases failed");
    }
}
