//! What the evals of two sides of a comparison differ in: the cases of the suite, and what its last run came to. Nothing
//! here runs a case.

use serde_json::{Map, Value};

use crate::library::beside::HIDDEN;
use crate::library::evals::runs_of;
use crate::library::{Changed, EvalRun};

/// What is known of the evals of a side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tried {
    /// The cases.
    pub suite: Suite,
    /// What the last run of them came to.
    pub outcome: Outcome,
}

/// The suite of a prompt.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Suite {
    /// There is none.
    #[default]
    None,
    /// It is no list of cases.
    Unreadable,
    /// The cases, each with a name that no other has.
    Cases(Vec<(String, Value)>),
}

/// What the last run of the suite came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Outcome {
    /// It never ran.
    #[default]
    NotRun,
    /// What it says cannot be read.
    Unreadable,
    /// A run: of exactly these bytes, where there is one, else the last of other bytes.
    Run {
        /// What came out.
        run: EvalRun,
        /// Whether it ran on exactly the bytes that are compared.
        exact: bool,
    },
}

impl Tried {
    /// Of the texts of `cases.yaml` and `eval_results.json`; `sha256` is the digest of what a decision about the side
    /// would cover, which is only asked for when there is a run.
    pub fn of(suite: Option<&str>, results: Option<&str>, sha256: impl FnOnce() -> Option<String>) -> Self {
        let outcome = match results.map(runs_of) {
            None => Outcome::NotRun,
            Some(Err(_)) => Outcome::Unreadable,
            Some(Ok(runs)) if runs.is_empty() => Outcome::NotRun,
            Some(Ok(mut runs)) => {
                let sha256 = sha256();
                let exact = runs.iter().rposition(|run| Some(&run.sha256) == sha256.as_ref());
                let run = runs.swap_remove(exact.unwrap_or(runs.len() - 1));
                Outcome::Run { run, exact: exact.is_some() }
            }
        };
        Self { suite: suite.map_or(Suite::None, Suite::of), outcome }
    }

    /// How many cases there are; `None` where there is no suite that can be read.
    pub fn count(&self) -> Option<usize> {
        match &self.suite {
            Suite::Cases(cases) => Some(cases.len()),
            Suite::None | Suite::Unreadable => None,
        }
    }
}

impl Suite {
    fn of(text: &str) -> Self {
        let Ok(cases) = serde_saphyr::from_str::<Vec<Value>>(text) else { return Self::Unreadable };
        let mut seen = std::collections::HashMap::<String, usize>::new();
        let named = cases.into_iter().enumerate().map(|(index, case)| {
            let name = name_of(&case).unwrap_or_else(|| format!("case {}", index + 1));
            let times = seen.entry(name.clone()).or_default();
            *times += 1;
            (if *times == 1 { name } else { format!("{name} ({times})") }, case)
        });
        Self::Cases(named.collect())
    }

    /// In words; `None` where there is none.
    fn in_words(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Unreadable => Some("no list of cases".to_owned()),
            Self::Cases(cases) if cases.len() == 1 => Some("1 case".to_owned()),
            Self::Cases(cases) => Some(format!("{} cases", cases.len())),
        }
    }
}

/// What a case is called: its description, else how its message begins.
fn name_of(case: &Value) -> Option<String> {
    fn text(value: Option<&Value>) -> Option<&str> {
        value.and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }
    let name = text(case.get("description")).or_else(|| text(case.get("vars")?.get("message")))?;
    let line = name.lines().next().unwrap_or(name);
    Some(if line.chars().count() > LONGEST {
        line.chars().take(LONGEST - 1).chain(['…']).collect()
    } else {
        line.to_owned()
    })
}

/// The longest name of a case, in characters.
const LONGEST: usize = 60;

/// The cases in which two suites differ. `hidden` says of which variables no value is told.
pub fn cases(from: &Suite, to: &Suite, hidden: impl Fn(&str) -> bool) -> Vec<Changed> {
    let (Suite::Cases(old), Suite::Cases(new)) = (from, to) else {
        let (from, to) = (from.in_words(), to.in_words());
        let what = "evals/cases.yaml".to_owned();
        return if from == to { Vec::new() } else { vec![Changed { what, from, to }] };
    };
    let by_name = |cases: &'_ [(String, Value)]| -> std::collections::HashMap<String, usize> {
        cases.iter().enumerate().map(|(index, (name, _))| (name.clone(), index)).collect()
    };
    let (olds, news) = (by_name(old), by_name(new));
    let mut found = Vec::new();
    for (name, before) in old {
        match news.get(name).map(|index| &new[*index].1) {
            None => found.push(Changed { what: name.clone(), from: Some(gist(before)), to: None }),
            Some(after) if after == before => {}
            Some(after) => found.extend(parts(name, before, after, &hidden)),
        }
    }
    let added = new.iter().filter(|(name, _)| !olds.contains_key(name));
    found.extend(added.map(|(name, case)| Changed { what: name.clone(), from: None, to: Some(gist(case)) }));
    found
}

/// How much a case asks for, in words.
fn gist(case: &Value) -> String {
    match case.get("assert").and_then(Value::as_array).map_or(0, Vec::len) {
        0 => "asks for nothing".to_owned(),
        1 => "1 assertion".to_owned(),
        more => format!("{more} assertions"),
    }
}

/// The parts in which a case differs: each of its variables, and each of its other keys.
fn parts(name: &str, before: &Value, after: &Value, hidden: &impl Fn(&str) -> bool) -> Vec<Changed> {
    let parts = |case: &Value| -> Map<String, Value> {
        let Some(keys) = case.as_object() else { return Map::from_iter([("all of it".to_owned(), case.clone())]) };
        let flat = keys.iter().flat_map(|(key, value)| match (key.as_str(), value.as_object()) {
            ("vars", Some(vars)) => {
                let shown = |(name, value): (&String, &Value)| (format!("vars {name}"), value.clone());
                vars.iter().map(shown).collect::<Vec<_>>()
            }
            _ => vec![(key.clone(), value.clone())],
        });
        flat.collect()
    };
    let (old, new) = (parts(before), parts(after));
    let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
    let differ = keys.filter(|key| old.get(*key) != new.get(*key));
    let shown = |key: &str, value: Option<&Value>| {
        let value = value?;
        let secret = key.strip_prefix("vars ").is_some_and(hidden);
        Some(if secret { HIDDEN.to_owned() } else { value.as_str().map_or_else(|| value.to_string(), str::to_owned) })
    };
    let change = |key: &String| Changed {
        what: format!("{name} {key}"),
        from: shown(key, old.get(key)),
        to: shown(key, new.get(key)),
    };
    differ.map(change).collect()
}

impl Outcome {
    /// In words: `41 of 44 passed`; `None` where it never ran.
    pub fn in_words(&self) -> Option<String> {
        match self {
            Self::NotRun => None,
            Self::Unreadable => Some("cannot be read".to_owned()),
            Self::Run { run, exact } => {
                let all = run.passed + run.failed + run.errors;
                let of = if *exact { "" } else { ", on other bytes than these" };
                let errors = if run.errors == 0 { String::new() } else { format!(", {} undecided", run.errors) };
                Some(format!("{} of {all} passed{errors}{of}", run.passed))
            }
        }
    }
}

/// What the last runs of two sides differ in; nothing where both came to the same.
pub fn results(from: &Outcome, to: &Outcome) -> Vec<Changed> {
    let (old, new) = (from.in_words(), to.in_words());
    let when = |outcome: &Outcome| match outcome {
        Outcome::Run { run, .. } => run.at.clone(),
        Outcome::NotRun | Outcome::Unreadable => None,
    };
    if old == new {
        return Vec::new();
    }
    let mut found = vec![Changed { what: "last run".to_owned(), from: old, to: new }];
    let (old, new) = (when(from), when(to));
    if old.is_some() || new.is_some() {
        found.push(Changed { what: "when".to_owned(), from: old, to: new });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "- description: Refund\n  vars: {message: I want it back, user_name: Ada}\n  assert:\n  - {type: contains, value: sorry}\n- vars: {message: Hello}\n- description: Gone\n";
    const NEW: &str = "- description: New\n  assert: [{type: a}, {type: b}]\n- description: Refund\n  vars: {message: I want it back now, user_name: Bo}\n  assert:\n  - {type: contains, value: sorry}\n- vars: {message: Hello}\n- vars: {message: Hello}\n";

    fn told(from: &str, to: &str) -> Vec<String> {
        let changes = cases(&Suite::of(from), &Suite::of(to), |name| name == "user_name");
        let shown = |change: Changed| format!("{}: {:?} {:?}", change.what, change.from, change.to);
        changes.into_iter().map(shown).collect()
    }

    #[test]
    fn cases_are_told_by_name_as_gone_changed_and_new_whatever_their_order() {
        assert_eq!(
            told(OLD, NEW),
            [
                "Refund vars message: Some(\"I want it back\") Some(\"I want it back now\")",
                "Refund vars user_name: Some(\"••••\") Some(\"••••\")",
                "Gone: Some(\"asks for nothing\") None",
                "New: None Some(\"2 assertions\")",
                "Hello (2): None Some(\"asks for nothing\")",
            ]
        );
        assert!(told(OLD, OLD).is_empty());
    }

    #[test]
    fn a_suite_that_comes_goes_or_cannot_be_read_is_one_line() {
        let suite = |text: Option<&str>| text.map_or(Suite::None, Suite::of);
        let one = |from: Option<&str>, to: Option<&str>| cases(&suite(from), &suite(to), |_| false);
        assert_eq!(one(None, Some(OLD))[0].to.as_deref(), Some("3 cases"));
        assert_eq!(one(Some(OLD), Some("tests: []"))[0].to.as_deref(), Some("no list of cases"));
        assert!(one(None, None).is_empty() && one(Some("{"), Some("x: 1")).is_empty());
    }

    #[test]
    fn the_run_of_exactly_these_bytes_is_told_before_a_later_one_of_others() {
        let results_file = r#"{"runs": [{"at": "2024-05-01T00:00:00Z", "sha256": "ab", "passed": 41, "failed": 3},
            {"at": "2024-05-02T00:00:00Z", "sha256": "cd", "passed": 1, "errors": 1}]}"#;
        let of = |sha256: &str| Tried::of(None, Some(results_file), || Some(sha256.to_owned())).outcome;
        assert_eq!(of("ab").in_words().as_deref(), Some("41 of 44 passed"));
        assert_eq!(of("ef").in_words().as_deref(), Some("1 of 2 passed, 1 undecided, on other bytes than these"));
        let changes = results(&of("ab"), &Outcome::NotRun);
        assert_eq!((changes.len(), changes[0].to.as_deref()), (2, None));
        assert!(results(&of("ab"), &of("ab")).is_empty());
        assert_eq!(Tried::of(None, Some("{"), || None).outcome, Outcome::Unreadable);
    }
}
