//! `greenroom config`: where the settings are, what is in force and where it comes from, what is wrong with them.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::cli::args::{Common, Config, ConfigCommand};
use crate::cli::output::Output;
use crate::config::{Files, Origin, Provider, Report, Setting, Settings, dotted};
use crate::error::{Error, Place, Result};
use crate::library::Library;
use crate::model::prices::{Rate, Source, lists, rate};
use crate::sanitize::one_line;
use crate::tui;

/// Runs the command. `check` gives 1 when something is odd, 2 when a file is wrong.
pub fn run(args: &Config, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::find(common.library.as_deref())?;
    match args.what {
        ConfigCommand::Path => path(&Files::of_process(library.as_ref()).0, output),
        ConfigCommand::Show => show(&Report::of_process(library.as_ref()), output),
        ConfigCommand::Check => check(library.as_ref(), output),
    }
}

/// Standard output is the one path, so that an editor can be given it.
fn path(files: &Files, output: &Output) -> Result<u8> {
    let Some(user) = &files.user else {
        return Err(Error::input("there is no home folder, so there is no place for a config")
            .hint("set $XDG_CONFIG_HOME or $HOME"));
    };
    if output.json {
        let file = |path: &Path| json!({ "path": path.to_string_lossy(), "exists": path.is_file() });
        output.document(&json!({ "user": file(user), "library": files.library.as_deref().map(file) }))?;
        return Ok(0);
    }
    output.content(&format!("{}\n", user.display()))?;
    let state = |path: &Path| if path.is_file() { "" } else { " (not there yet)" };
    if !user.is_file() {
        output.note("it is not there yet: nothing is set");
    }
    if let Some(library) = &files.library {
        output.note(&format!("the library's settings: {}{}", library.display(), state(library)));
    }
    Ok(0)
}

fn show(report: &Report, output: &Output) -> Result<u8> {
    let mut shown = report.shown.clone();
    shown.extend(prices(&report.settings));
    if output.json {
        output.document(&json!({ "settings": shown.iter().map(document).collect::<Vec<_>>() }))?;
    } else {
        Output::raw(&table(&shown, output))?;
    }
    let odd = report.settings.warnings.len();
    if odd > 0 {
        output.note(&format!("{odd} more to know: `greenroom config check`"));
    }
    // what is in force is shown all the same, and the exit says that a file is wrong
    for error in &report.errors {
        Output::error(error);
    }
    Ok(report.errors.first().map_or(0, |error| error.kind.exit_code()))
}

/// The prices that are built in: whose lists there are, and what they say of the default model.
fn prices(settings: &Settings) -> Vec<Setting> {
    let built_in =
        |key: String, value: Value, note: String| Setting { key, value, origin: Origin::BuiltIn, note: Some(note) };
    let lists = lists().map(|(maker, models, as_of)| format!("{maker} {as_of} ({models} models)"));
    let lists = lists.collect::<Vec<_>>().join(", ");
    let mut all = vec![built_in(
        "prices".to_owned(),
        json!("list"),
        format!("{lists}; [prices.\"MODEL\"] wins, what is in neither is unknown"),
    )];
    let Some(model) = &settings.default_model else { return all };
    let remote = !settings.providers.get(&model.provider).is_some_and(Provider::is_local);
    if let Rate::Known { price, source: source @ Source::List { .. }, .. } = rate(settings, model, remote) {
        let name = model.to_string();
        for (field, value) in [
            ("input", price.input),
            ("output", price.output),
            ("cache_read", price.cache_read),
            ("cache_write", price.cache_write),
        ] {
            let value = value.map(|value| built_in(dotted(&["prices", &name, field]), json!(value), source.words()));
            all.extend(value);
        }
    }
    all
}

fn document(setting: &Setting) -> Value {
    let (from, place) = match &setting.origin {
        Origin::BuiltIn => ("built in", None),
        Origin::User(place) => ("user", Some(place)),
        Origin::Library(place) => ("library", Some(place)),
        Origin::Environment(_) => ("environment", None),
    };
    let variable = if let Origin::Environment(name) = setting.origin { Some(name) } else { None };
    json!({
        "key": setting.key,
        "value": setting.value,
        "from": from,
        "file": place.map(|place| place.file.to_string_lossy()),
        "line": place.and_then(|place| place.line),
        "variable": variable,
        "note": setting.note,
    })
}

/// As a config file would say it, with where it comes from behind each line.
fn table(shown: &[Setting], output: &Output) -> String {
    let said = |setting: &Setting| match &setting.value {
        Value::Null => format!("{} is not set", setting.key),
        value => format!("{} = {value}", setting.key),
    };
    // one long line must not push the places of all the others off the screen
    let widest = shown.iter().map(|setting| said(setting).chars().count()).max().unwrap_or_default().min(58);
    let mut text = String::new();
    for setting in shown {
        let origin = match &setting.origin {
            Origin::BuiltIn => "built in".to_owned(),
            Origin::User(place) | Origin::Library(place) => place_of(place),
            Origin::Environment(name) => format!("${name}"),
        };
        let note = setting.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
        let line = one_line(&said(setting)).into_owned();
        let line = format!("{line:<widest$}");
        let line = if setting.origin == Origin::BuiltIn { line } else { output.strong(&line) };
        let _ = writeln!(text, "{line}  # {}", one_line(&format!("{origin}{note}")));
    }
    text
}

/// File and line, with the home folder as `~`.
fn place_of(place: &Place) -> String {
    let text = Place { column: None, ..place.clone() }.to_string();
    let home = std::env::var("HOME").unwrap_or_default();
    match text.strip_prefix(&home).filter(|rest| !home.is_empty() && rest.starts_with('/')) {
        Some(rest) => format!("~{rest}"),
        None => text,
    }
}

/// One thing that is wrong: what, and whether it makes its file a bad one.
struct Problem {
    error: Error,
    bad: bool,
}

fn check(library: Option<&Library>, output: &Output) -> Result<u8> {
    let report = Report::of_process(library);
    let problems = problems(&report);
    if output.json {
        let all: Vec<_> = problems.iter().map(problem).collect();
        let files = &report.files;
        let files: Vec<_> = [&files.user, &files.library].into_iter().flatten().filter(|file| file.exists()).collect();
        output.document(&json!({ "files": files, "problems": all }))?;
    } else {
        let mut text = String::new();
        for Problem { error, bad } in &problems {
            let word = if *bad { output.alarm("error:") } else { "warning:".to_owned() };
            let _ = writeln!(text, "{word} {}", one_line(&error.to_string()));
        }
        Output::raw(&text)?;
        let files = [&report.files.user, &report.files.library].into_iter().flatten();
        let read: Vec<_> = files.filter(|file| file.exists()).map(|file| file.display().to_string()).collect();
        match (read.is_empty(), problems.len()) {
            (true, 0) => output.note("ok: there is no settings file, and none is needed"),
            (false, 0) => output.note(&format!("ok: nothing is wrong with {}", read.join(" and "))),
            (_, 1) => output.note("1 problem"),
            (_, many) => output.note(&format!("{many} problems")),
        }
    }
    Ok(if problems.iter().any(|problem| problem.bad) { 2 } else { u8::from(!problems.is_empty()) })
}

/// Everything that is wrong, the bad files first.
fn problems(report: &Report) -> Vec<Problem> {
    let settings = &report.settings;
    let mut found: Vec<Problem> =
        report.errors.iter().map(|error| Problem { error: error.clone(), bad: true }).collect();
    let mut odd: Vec<Error> = settings.warnings.clone();
    let at = |path: &str, message: String| {
        let error = Error::input(message);
        match (report.place_of(path), &report.files.user) {
            (Some(place), _) => Error { place: Some(place.clone()), ..error },
            (None, Some(file)) => error.at(file),
            (None, None) => error,
        }
    };
    odd.extend(tui::keymap::Keymap::with(&settings.keys).1.into_iter().map(|wrong| {
        let message = wrong.to_string();
        at(&format!("keys.{}", wrong.id), message)
    }));
    if let Some(error) = tui::theme_problem(settings.theme.as_deref()) {
        odd.push(match (error.place, report.files.user.as_deref().and_then(Path::parent)) {
            // a theme of the user's own has its own file, beside the config
            (Some(place), Some(folder)) => {
                Error { place: Some(Place { file: folder.join(&place.file), ..place }), ..Error::input(error.message) }
            }
            _ => Error { hint: error.hint, ..at("theme", error.message) },
        });
    }
    if let Some(model) = &settings.default_model
        && let Err(error) = settings.provider(&model.provider)
    {
        odd.push(Error { hint: error.hint, ..at("default_model", error.message) });
    }
    odd.sort_by(|one, other| order(one).cmp(&order(other)));
    found.extend(odd.into_iter().map(|error| Problem { error, bad: false }));
    found
}

/// By file, then line.
fn order(error: &Error) -> Option<(&Path, Option<usize>)> {
    error.place.as_ref().map(|place| (place.file.as_path(), place.line))
}

fn problem(problem: &Problem) -> Value {
    let Problem { error, bad } = problem;
    let place = error.place.as_ref();
    json!({
        "severity": if *bad { "error" } else { "warning" },
        "file": place.map(|place| place.file.to_string_lossy()),
        "line": place.and_then(|place| place.line),
        "column": place.and_then(|place| place.column),
        "message": error.message,
        "help": error.hint,
    })
}
