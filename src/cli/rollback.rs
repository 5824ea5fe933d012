//! `greenroom rollback`: back to what ran before, or a drill of it. It points at a version and copies nothing.

use std::fmt::Write as _;

use serde_json::json;

use crate::cli::args::{Common, Rollback};
use crate::cli::commits;
use crate::cli::deploy::carry_out;
use crate::cli::output::Output;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::library::{Library, Step};
use crate::release::{Desk, Drilling, Tried, author};
use crate::sanitize::one_line;

/// Runs the command: 1 when the version to return to is not as it was frozen, or a drill fails; 2 when one works and cannot
/// be recorded.
pub fn run(args: &Rollback, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(common.library.as_deref())?;
    let settings = Settings::for_command(Some(&library))?;
    let by = author(settings.author.as_deref(), &library);
    let desk = Desk { library: &library, settings: &settings, by: &by, now: jiff::Timestamp::now() };
    if args.drill {
        return drill(args, &desk, output);
    }
    let to = match args.to.as_deref().map(Step::exactly).transpose()? {
        Some(Step::Exactly(version)) => Some(version),
        _ => None,
    };
    let plan = desk.rollback(&args.name, to.as_ref(), args.environment.as_deref().unwrap_or("production"))?;
    carry_out(&desk, &plan, args.why.as_deref().filter(|_| !args.dry_run), false, output)
}

fn drill(args: &Rollback, desk: &Desk<'_>, output: &Output) -> Result<u8> {
    let Drilling { tried, files, unrecorded } = desk.drill(&args.name, args.environment.as_deref())?;
    if tried.is_empty() {
        let place = args.environment.as_deref().unwrap_or("any environment");
        return Err(Error::input(format!(
            "nothing of `{}` runs in {place}, so there is no way back to try",
            args.name
        ))
        .hint(format!("`greenroom deploy {}@VERSION --why …` deploys one", args.name)));
    }
    let works = tried.iter().all(|one| one.problems.is_empty());
    if output.json {
        let drills: Vec<_> = tried
            .iter()
            .map(|one| {
                json!({
                    "environment": one.environment,
                    "version": one.version,
                    "when": if one.next { "after the next release" } else { "now" },
                    "ok": one.problems.is_empty(),
                    "problems": one.problems,
                    "value_sets": one.sets,
                    "took_ms": one.took_ms,
                })
            })
            .collect();
        output.document(&json!({
            "prompt": args.name, "ok": works, "drills": drills, "recorded": unrecorded.is_none(),
        }))?;
    } else {
        Output::raw(&tried.iter().map(|one| line(one, output)).collect::<String>())?;
    }
    commits::offer(desk.library, desk.settings, &files, &format!("drill of {}", args.name), output);
    match unrecorded.map(|error| Error { message: format!("the drill was not recorded: {}", error.message), ..error }) {
        None => Ok(u8::from(!works)),
        Some(error) if works => Err(error),
        Some(error) => {
            Output::warn(&error.to_string());
            Ok(1)
        }
    }
}

/// `works   production  1.1.0  now                     3 value sets, 2 ms`
fn line(tried: &Tried, output: &Output) -> String {
    let word = if tried.problems.is_empty() { "works ".to_owned() } else { output.alarm("fails ") };
    let version = tried.version.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
    let when = if tried.next { "after the next release" } else { "now" };
    let sets = format!("{} value set{}", tried.sets, if tried.sets == 1 { "" } else { "s" });
    let mut text = format!(
        "{word}  {}: back to {version} {when} ({sets} filled, {} ms)\n",
        one_line(&tried.environment),
        tried.took_ms
    );
    for problem in &tried.problems {
        let _ = writeln!(text, "        {}", one_line(problem));
    }
    text
}
