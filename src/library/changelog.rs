//! The text of a version's `changelog.md`: what changed, why, and how to go back.

use std::fmt::Write as _;

use jiff::civil::Date;
use semver::Version;
use serde_json::Value;

use crate::library::{Cut, Library, PromptConfig, VersionEntry};
use crate::prompt::{Document, SectionId, template};

/// What going back from a version to an earlier one changes for the application that fills the prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollback {
    /// The version to return to.
    pub to: Version,
    /// Variables that it uses and the newer one does not: the application must supply them again.
    pub needed_again: Vec<String>,
    /// Variables that it does not use any more: the application may stop supplying them.
    pub not_needed: Vec<String>,
    /// Config keys that differ: the key, its value in the newer version, its value in this one.
    pub config: Vec<(String, Option<Value>, Option<Value>)>,
    /// Whether the two describe the form of an answer differently: who reads answers by a program must look first.
    pub output_format: bool,
}

impl Rollback {
    /// What going back to the version `to`, with this text and config, from the newer one means.
    pub fn new(
        to: Version,
        (text, config): (&str, &PromptConfig),
        (newer_text, newer_config): (&str, &PromptConfig),
    ) -> Self {
        let only_in = |this: &str, that: &str| {
            let others = template::names(that);
            let mut only: Vec<_> = template::names(this).into_iter().filter(|name| !others.contains(name)).collect();
            only.sort_unstable();
            only.into_iter().map(str::to_owned).collect()
        };
        let answers = |text: &str| Document::parse(text).body(Some(SectionId::OutputFormat)).trim().to_owned();
        let value = |config: &PromptConfig, key: &str| config.0.get(key).cloned();
        Self {
            to,
            needed_again: only_in(text, newer_text),
            not_needed: only_in(newer_text, text),
            config: newer_config
                .differing_keys(config)
                .into_iter()
                .map(|key| (key.clone(), value(newer_config, &key), value(config, &key)))
                .collect(),
            output_format: answers(text) != answers(newer_text),
        }
    }

    /// Whether the application can go back without being changed or looked at: nothing that it does not supply today is
    /// asked of it, and answers keep their form.
    pub fn is_safe(&self) -> bool {
        self.needed_again.is_empty() && !self.output_format
    }
}

impl Library {
    /// What a version's changelog says has changed, in one line: the first paragraph under that heading, else the first
    /// that is no heading. `None` where there is no changelog that can be read.
    pub fn what_changed(&self, entry: &VersionEntry) -> Option<String> {
        let text = self.text_if_there(&entry.folder.join("changelog.md")).ok()??;
        let after = text.split_once("\n## What changed\n").map_or(text.as_str(), |(_, rest)| rest);
        let lines = after.lines().map(str::trim).skip_while(|line| line.is_empty() || line.starts_with('#'));
        let lines: Vec<_> = lines.take_while(|line| !line.is_empty() && !line.starts_with('#')).collect();
        (!lines.is_empty()).then(|| lines.join(" "))
    }
}

/// The text of the changelog of `version`. `rollback` is there from the second version on.
pub fn changelog(name: &str, version: &Version, cut: &Cut, rollback: Option<&Rollback>) -> String {
    let mut text = heading(name, version, cut.date);
    let _ = write!(text, "\n## What changed\n\n{}\n\n## Why\n\n{}\n", cut.what.trim(), cut.why.trim());
    if let Some(rollback) = rollback {
        text.push_str("\n## Rollback\n\n");
        text.push_str(&section(name, version, rollback));
    }
    text
}

fn heading(name: &str, version: &Version, date: Date) -> String {
    format!("# {name} {version} ({date})\n")
}

fn section(name: &str, version: &Version, rollback: &Rollback) -> String {
    let to = &rollback.to;
    let mut text = format!("To return to {to}:\n\n```sh\ngreenroom rollback {name} --to {to} --why \"…\"\n```\n\n");
    let mut first = Vec::new();
    if !rollback.needed_again.is_empty() {
        first.push(format!("make the application supply {}", list(&rollback.needed_again)));
    }
    if rollback.output_format {
        first.push(format!("check that it can read answers in the form that {to} asks for"));
    }
    let safe = if first.is_empty() {
        "The application needs no change for it.".to_owned()
    } else {
        format!("Not safe on its own. First {}.", first.join(", and "))
    };
    text.push_str(&safe);
    text.push_str("\n\n");

    if rollback.needed_again.is_empty() && rollback.not_needed.is_empty() {
        let _ = writeln!(text, "- Variables: the same in {version} and {to}.");
    }
    for variable in &rollback.needed_again {
        let _ = writeln!(
            text,
            "- Variable `{variable}`: {to} uses it and {version} does not, so it must be supplied again."
        );
    }
    for variable in &rollback.not_needed {
        let _ = writeln!(
            text,
            "- Variable `{variable}`: {to} does not use it, so it need no longer be supplied; supplying it does no harm."
        );
    }
    if rollback.output_format {
        let _ = writeln!(text, "- Output Format: another one in {to} than in {version}.");
    }
    if rollback.config.is_empty() {
        let _ = writeln!(text, "- Config: the same in {version} and {to}.");
    }
    for (key, now, then) in &rollback.config {
        let _ =
            writeln!(text, "- Config `{key}`: {} in {version}, {} in {to}.", shown(now.as_ref()), shown(then.as_ref()));
    }
    text
}

/// A config value as a person reads it.
fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "not set".to_owned(), |value| format!("`{value}`"))
}

fn list(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::Step;

    fn cut() -> Cut {
        Cut {
            step: Step::Minor,
            what: " Warmer tone \n".into(),
            why: "Satisfaction fell".into(),
            date: jiff::civil::date(2024, 4, 2),
        }
    }

    fn config(text: &str) -> PromptConfig {
        PromptConfig::parse(std::path::Path::new("config.json"), text).unwrap()
    }

    #[test]
    fn the_first_version_says_what_and_why() {
        assert_eq!(
            changelog("faq", &Version::new(1, 0, 0), &cut(), None),
            "# faq 1.0.0 (2024-04-02)\n\n## What changed\n\nWarmer tone\n\n## Why\n\nSatisfaction fell\n"
        );
    }

    #[test]
    fn a_rollback_that_asks_nothing_new_is_safe() {
        let rollback = Rollback::new(
            Version::new(1, 2, 0),
            ("{{a}}", &config("{\"temperature\": 0.3, \"model\": \"offline\"}")),
            ("{{a}} {{b}}", &config("{\"temperature\": 0.5, \"model\": \"offline\"}")),
        );
        assert!(rollback.is_safe());
        let text = changelog("faq", &Version::new(1, 3, 0), &cut(), Some(&rollback));
        let section = text.split("## Rollback\n\n").nth(1).unwrap();
        assert_eq!(
            section,
            "To return to 1.2.0:\n\n```sh\ngreenroom rollback faq --to 1.2.0 --why \"…\"\n```\n\n\
             The application needs no change for it.\n\n\
             - Variable `b`: 1.2.0 does not use it, so it need no longer be supplied; supplying it does no harm.\n\
             - Config `temperature`: `0.5` in 1.3.0, `0.3` in 1.2.0.\n"
        );
    }

    #[test]
    fn a_rollback_that_needs_a_variable_again_says_so_first() {
        let rollback = Rollback::new(
            Version::new(1, 2, 0),
            ("{{c}}{{b}}{{a}}{{b}}", &config("{}")),
            ("{{a}}", &config("{\"x\": 1}")),
        );
        assert!(!rollback.is_safe());
        let text = changelog("faq", &Version::new(1, 3, 0), &cut(), Some(&rollback));
        assert!(text.contains("Not safe on its own. First make the application supply `b` and `c`."), "{text}");
        assert!(text.contains("- Config `x`: `1` in 1.3.0, not set in 1.2.0."), "{text}");
    }

    #[test]
    fn a_rollback_between_equals_says_that_nothing_differs() {
        let same = ("{{a}}", &config("{}"));
        let rollback = Rollback::new(Version::new(1, 0, 0), same, same);
        let text = changelog("faq", &Version::new(1, 0, 1), &cut(), Some(&rollback));
        assert!(
            text.ends_with("- Variables: the same in 1.0.1 and 1.0.0.\n- Config: the same in 1.0.1 and 1.0.0.\n"),
            "{text}"
        );
    }

    #[test]
    fn another_form_of_answers_is_a_reason_to_look_first() {
        let none = config("{}");
        let rollback = Rollback::new(
            Version::new(1, 0, 0),
            ("# Output Format\n\nOne paragraph.\n", &none),
            ("# Output Format\n\nJSON.\n", &none),
        );
        assert!(!rollback.is_safe());
        let text = changelog("faq", &Version::new(2, 0, 0), &cut(), Some(&rollback));
        assert!(
            text.contains("Not safe on its own. First check that it can read answers in the form that 1.0.0 asks for.")
        );
        assert!(text.contains("- Output Format: another one in 1.0.0 than in 2.0.0."), "{text}");
    }
}
