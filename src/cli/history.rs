//! `greenroom history`: the runs with models that were kept on this machine.

pub mod args;

use std::fmt::Write as _;

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use crate::cli::output::Output;
use crate::config::state_folder;
use crate::error::{Error, Result};
use crate::history::{Filter, Rating, Run, Store, file_in, unfinished};
use crate::sanitize;
use args::{Action, Delete, History, Opinion, Rate, Show, Which};

/// So many runs are listed when nothing else is said.
const USUAL: usize = 50;
/// Columns of a message in the list.
const MESSAGE: usize = 60;

/// Runs the command.
pub fn run(args: &History, output: &Output) -> Result<u8> {
    match &args.action {
        None => list(&args.which, "", output),
        Some(Action::List(own)) => list(&args.which.with(&own.which), "", output),
        Some(Action::Search(search)) => list(&args.which.with(&search.which), &search.words.join(" "), output),
        Some(Action::Export(own)) => export(&args.which.with(own), output),
        Some(Action::Show(show)) => self::show(show, args.which.real_values, output),
        Some(Action::Spend) => spend(output),
        Some(Action::Rate(rate)) => self::rate(rate, output),
        Some(Action::Delete(delete)) => self::delete(delete, output),
    }
}

impl Which {
    /// These options, and where they say nothing, the ones that stood before the action.
    fn with(&self, own: &Self) -> Self {
        Self {
            prompt: own.prompt.clone().or_else(|| self.prompt.clone()),
            model: own.model.clone().or_else(|| self.model.clone()),
            since: own.since.clone().or_else(|| self.since.clone()),
            limit: own.limit.or(self.limit),
            real_values: own.real_values || self.real_values,
        }
    }

    fn filter(&self, words: &str, usual: Option<usize>) -> Result<Filter> {
        Ok(Filter {
            prompt: self.prompt.clone(),
            library: None,
            model: self.model.clone(),
            since_ms: self.since.as_deref().map(beginning).transpose()?,
            words: words.to_owned(),
            most: self.limit.or(usual).filter(|most| *most > 0),
        })
    }
}

/// The first moment of a day where the user is.
fn beginning(day: &str) -> Result<i64> {
    let wrong = || Error::input(format!("`--since {day}` is no day")).hint("as in --since 2026-11-23");
    let date: Date = day.parse().map_err(|_| wrong())?;
    let begin = date.to_zoned(TimeZone::system()).map_err(|_| wrong())?;
    Ok(begin.timestamp().as_millisecond())
}

/// The history to read; `None` when nothing was ever kept.
fn opened() -> Result<Option<Store>> {
    let Some(file) = state_folder().map(|state| file_in(&state)) else { return Ok(None) };
    unfinished::take_in(&file);
    Store::read(&file)
}

/// The history to change.
fn to_change(id: i64) -> Result<Store> {
    match state_folder().map(|state| file_in(&state)).filter(|file| file.exists()) {
        Some(file) => Store::open(&file),
        None => Err(unknown(id)),
    }
}

fn unknown(id: i64) -> Error {
    Error::input(format!("there is no run {id}")).hint("`greenroom history` lists them with their numbers")
}

fn list(which: &Which, words: &str, output: &Output) -> Result<u8> {
    let filter = which.filter(words, Some(USUAL))?;
    let runs = opened()?.map(|store| store.find(&filter)).transpose()?.unwrap_or_default();
    if output.json {
        let runs: Vec<Value> = runs.into_iter().map(|run| document(run, which.real_values)).collect();
        output.document(&json!({ "runs": runs }))?;
        return Ok(0);
    }
    if runs.is_empty() {
        let narrowed = Filter { most: None, ..filter } != Filter::default();
        output.note(if narrowed { "no run is like that" } else { "no run was kept yet" });
    }
    let mut text = String::new();
    for run in runs {
        text.push_str(&row(&if which.real_values { run } else { run.masked() }));
    }
    Output::raw(&text)?;
    Ok(0)
}

/// `  12  2026-11-23 04:15  customer_support@draft  offline  end  $0.0021  + Where is my refund?`
fn row(run: &Run) -> String {
    let rating = match run.rating {
        Some(Rating::Good) => "+ ",
        Some(Rating::Bad) => "- ",
        None => "",
    };
    let cost = run.cost.filter(|cost| *cost > 0.0).map(|cost| format!("  ${cost:.4}")).unwrap_or_default();
    format!(
        "{:>5}  {}  {}@{}  {}  {}{cost}  {rating}{}\n",
        run.id,
        local(run.at_ms, "%Y-%m-%d %H:%M"),
        sanitize::one_line(&run.prompt),
        sanitize::one_line(&run.version),
        sanitize::one_line(&run.model),
        sanitize::one_line(&run.finish),
        shortened(run.message(), MESSAGE),
    )
}

fn shortened(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = sanitize::one_line(&line);
    if line.chars().count() <= most {
        return line.into_owned();
    }
    line.chars().take(most - 1).chain(['…']).collect()
}

/// A moment where the user is.
fn local(at_ms: i64, form: &str) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.to_zoned(TimeZone::system()).strftime(form).to_string()
}

fn document(run: Run, real: bool) -> Value {
    if real { run.document() } else { run.masked().document() }
}

fn export(which: &Which, output: &Output) -> Result<u8> {
    let filter = which.filter("", None)?;
    let store = opened()?;
    let mut documents = Vec::new();
    if let Some(store) = store {
        store.export(&filter, |run| {
            let document = document(run, which.real_values);
            if output.json {
                documents.push(document);
                return Ok(());
            }
            output.content(&format!("{document}\n"))
        })?;
    }
    if output.json {
        output.document(&json!({ "runs": documents }))?;
    }
    Ok(0)
}

fn show(show: &Show, real: bool, output: &Output) -> Result<u8> {
    let found = opened()?.map(|store| store.get(show.id)).transpose()?.flatten();
    let run = found.ok_or_else(|| unknown(show.id))?;
    let run = if show.real_values || real { run } else { run.masked() };
    if output.json {
        output.document(&run.document())?;
        return Ok(0);
    }
    output.content(&page(&run, output))?;
    Ok(0)
}

/// One run in whole, for a person.
fn page(run: &Run, output: &Output) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{name:<9}{value}");
        }
    };
    line("run", &run.id.to_string());
    line("at", &local(run.at_ms, "%Y-%m-%d %H:%M:%S %Z"));
    line("prompt", &format!("{}@{} in {}", run.prompt, run.version, run.library));
    line("sha256", &run.sha256);
    line("model", &run.model);
    if run.params.as_object().is_some_and(|params| !params.is_empty()) {
        line("params", &run.params.to_string());
    }
    line("ended", &run.finish);
    line("error", run.failure.get("message").and_then(Value::as_str).unwrap_or_default());
    if let (Some(input), Some(out)) = (run.usage.input, run.usage.output) {
        line("tokens", &format!("{input} in, {out} out"));
    }
    line("cost", &run.cost.map(|cost| format!("${cost:.6}")).unwrap_or_default());
    let first = run.first_ms.map(|ms| format!("{ms} ms to the first word, ")).unwrap_or_default();
    line("time", &format!("{first}{} ms in all", run.total_ms));
    line("rating", run.rating.map_or("", Rating::word));
    let rule = |title: &str| output.strong(&format!("\n--- {title} ---\n"));
    let _ = write!(text, "{}{}", rule("system"), ended(&run.system));
    for turn in &run.turns {
        let _ = write!(text, "{}{}", rule(&turn.role), ended(&turn.content));
    }
    let _ = write!(text, "{}{}", rule("reply"), ended(&run.reply));
    text
}

fn ended(text: &str) -> String {
    if text.ends_with('\n') || text.is_empty() { text.to_owned() } else { format!("{text}\n") }
}

fn spend(output: &Output) -> Result<u8> {
    let totals = opened()?.map(|store| store.totals(Timestamp::now())).transpose()?.unwrap_or_default();
    if output.json {
        let by = totals
            .by
            .iter()
            .map(|one| json!({ "prompt": one.prompt, "model": one.model, "dollars": one.dollars, "runs": one.runs }));
        let by: Vec<_> = by.collect();
        output.document(&json!({ "today": totals.today, "month": totals.month, "by": by }))?;
        return Ok(0);
    }
    let lines: Vec<_> = totals.lines().iter().map(|line| format!("{}\n", sanitize::one_line(line))).collect();
    Output::raw(&lines.concat())?;
    Ok(0)
}

fn rate(rate: &Rate, output: &Output) -> Result<u8> {
    let rating = match rate.rating {
        Opinion::Good => Some(Rating::Good),
        Opinion::Bad => Some(Rating::Bad),
        Opinion::None => None,
    };
    if !to_change(rate.id)?.rate(rate.id, rating)? {
        return Err(unknown(rate.id));
    }
    if output.json {
        output.document(&json!({ "id": rate.id, "rating": rating }))?;
    }
    Ok(0)
}

fn delete(delete: &Delete, output: &Output) -> Result<u8> {
    if !delete.yes {
        let them = if delete.ids.len() == 1 { "the run" } else { "the runs" };
        return Err(Error::input(format!("nothing is deleted: {them} could not be had back"))
            .hint("add --yes to delete for good"));
    }
    let first = delete.ids[0];
    let mut store = to_change(first)?;
    // all of them or none, so that a wrong number is noticed before something is gone
    for id in &delete.ids {
        if store.get(*id)?.is_none() {
            return Err(unknown(*id));
        }
    }
    let gone = store.delete(&delete.ids)?;
    if output.json {
        output.document(&json!({ "deleted": gone }))?;
    } else {
        let gone: Vec<_> = gone.iter().map(ToString::to_string).collect();
        output.note(&format!("deleted for good: {}", gone.join(", ")));
    }
    Ok(0)
}
