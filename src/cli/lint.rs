//! `greenroom lint`: what is wrong with a prompt's text, for a person, a script or a review tool; and the rules' pages.

mod sarif;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::cli::args::{Common, Lint};
use crate::cli::output::Output;
use crate::cli::show::snapshot;
use crate::error::{Error, Result};
use crate::library::{Library, PromptConfig};
use crate::lint::{Finding, Group, Severity, lint, page, rules};
use crate::model::ModelName;
use crate::model::tokens::counter_for;
use crate::prompt::{Estimate, TokenCounter};
use crate::sanitize::one_line;
use crate::source::nearest;

/// What was found in one text.
#[derive(Debug)]
pub struct Linted {
    /// Its file.
    file: PathBuf,
    /// The settings that go with it.
    settings: PathBuf,
    /// What the rules found.
    findings: Vec<Finding>,
}

/// Runs the command: 1 when a finding is an error.
pub fn run(args: &Lint, common: &Common, output: &Output) -> Result<u8> {
    if let Some(id) = &args.explain {
        return explain(id, output);
    }
    if args.rules {
        return list_rules(output);
    }
    let library = Library::discover(common.library.as_deref())?;
    let all = args.refs.iter().map(|reference| linted(&library, reference, args)).collect::<Result<Vec<_>>>()?;
    if args.sarif {
        output.document(&sarif::document(&all, library.root()))?;
    } else if output.json {
        let several = all.len() > 1;
        let findings: Vec<_> =
            all.iter().flat_map(|one| one.findings.iter().map(move |found| entry(one, found, several))).collect();
        output.document(&json!({ "findings": findings }))?;
    } else {
        Output::raw(&report(&all, output))?;
        output.note(&summary(&all));
    }
    let wrong = all.iter().flat_map(|one| &one.findings).any(|found| found.severity == Severity::Error);
    Ok(u8::from(wrong))
}

fn linted(library: &Library, reference: &str, args: &Lint) -> Result<Linted> {
    let mut snapshot = snapshot(library, reference)?;
    if let Some(error) = snapshot.lint.errors.drain(..).next() {
        return Err(error);
    }
    let values = args.values.as_deref();
    let values = values.map(|set| library.aged_values(&snapshot.prompt, set, SystemTime::now())).transpose()?;
    // a vocabulary takes a moment to unpack, and only values are measured by it
    let exact = values.as_ref().map(|_| counter_for(&model_of(&snapshot.config)));
    let tokens: &dyn TokenCounter = exact.as_ref().map_or(&Estimate, |counter| counter);
    let findings = lint(&snapshot.lint_input(values.as_ref(), tokens));
    let settings = library.about_file(&snapshot.prompt)?;
    Ok(Linted { file: snapshot.folder.join("system_prompt.txt"), settings, findings })
}

fn model_of(config: &PromptConfig) -> ModelName {
    config.model().and_then(ModelName::parse).unwrap_or_else(ModelName::offline)
}

/// One finding as JSON has it; the file is said where there are several.
fn entry(linted: &Linted, found: &Finding, several: bool) -> Value {
    let in_text = found.settings.is_none();
    let mut entry = json!({
        "rule": found.rule.id,
        "severity": found.severity.word(),
        "section": in_text.then(|| found.section_id()),
        "line": in_text.then_some(found.line),
        "column": in_text.then_some(found.column),
        "message": found.message,
        "help": found.help,
    });
    if several {
        entry["file"] = Value::from(linted.file.to_string_lossy());
    }
    entry
}

/// A line a finding, as compilers write them, and below it what to do.
fn report(all: &[Linted], output: &Output) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let mut text = String::new();
    for one in all {
        for found in &one.findings {
            let (file, place) = match found.settings {
                Some(place) => (&one.settings, place),
                None => (&one.file, crate::lint::Point { line: found.line, column: found.column }),
            };
            let file = file.strip_prefix(&here).unwrap_or(file);
            let word = found.severity.word();
            let word = if found.severity == Severity::Error { output.alarm(word) } else { output.strong(word) };
            let message = found
                .message
                .split_once(": ")
                .filter(|_| found.settings.is_some())
                .map_or(&*found.message, |cut| cut.1);
            let (shown, id) = (one_line(message), found.rule.id);
            let _ = writeln!(text, "{}:{}:{}: {word}: {shown} [{id}]", path(file), place.line, place.column);
            let _ = writeln!(text, "    {}", one_line(&found.help));
        }
    }
    text
}

fn path(file: &Path) -> String {
    one_line(&file.to_string_lossy()).into_owned()
}

fn summary(all: &[Linted]) -> String {
    let count = |severity| all.iter().flat_map(|one| &one.findings).filter(|found| found.severity == severity).count();
    let say = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let words = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| (count(severity), severity.word()));
    let said: Vec<String> =
        words.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| say(count, word)).collect();
    if said.is_empty() {
        return "nothing to report".to_owned();
    }
    format!("{}; `greenroom lint --explain RULE` says more", said.join(", "))
}

fn explain(id: &str, output: &Output) -> Result<u8> {
    let Some(rule) = rules::find(id) else {
        let error = Error::input(format!("there is no lint rule `{id}`"));
        return Err(match nearest(id, rules::ALL.iter().map(|rule| rule.id)) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("`greenroom lint --rules` lists them"),
        });
    };
    if output.json {
        output.document(&json!({
            "rule": rule.id,
            "group": rule.group.title(),
            "severity": rule.severity.word(),
            "summary": rule.summary,
            "help": rule.help,
            "fixes": rule.fixes,
            "what": rule.page.what,
            "why": rule.page.why,
            "before": rule.page.before,
            "after": rule.page.after,
        }))?;
    } else {
        output.content(&page(rule))?;
    }
    Ok(0)
}

fn list_rules(output: &Output) -> Result<u8> {
    if output.json {
        let all = rules::ALL.iter().map(|rule| {
            json!({
                "rule": rule.id,
                "group": rule.group.title(),
                "severity": rule.severity.word(),
                "summary": rule.summary,
                "fixes": rule.fixes,
            })
        });
        output.document(&json!({ "rules": all.collect::<Vec<_>>() }))?;
        return Ok(0);
    }
    let wide = rules::ALL.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for group in Group::ALL {
        let _ = writeln!(text, "{}{}", if text.is_empty() { "" } else { "\n" }, output.strong(group.title()));
        for rule in rules::of(group) {
            let fix = if rule.fixes { " (fix)" } else { "" };
            let _ = writeln!(text, "  {:wide$}  {:7}  {}{fix}", rule.id, rule.severity.word(), rule.summary);
        }
    }
    Output::raw(&text)?;
    Ok(0)
}
