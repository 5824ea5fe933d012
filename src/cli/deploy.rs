//! `greenroom deploy`: a version runs in an environment from now on, if its gates are met.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::args::{Common, Deploy};
use crate::cli::commits;
use crate::cli::output::Output;
use crate::cli::show::resolve;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::library::{Library, Reference, Which};
use crate::release::{Desk, Done, Plan, Stop, author};
use crate::sanitize::one_line;

/// Runs the command: 1 when a gate refuses.
pub fn run(args: &Deploy, common: &Common, output: &Output) -> Result<u8> {
    let reference = Reference::parse(&args.reference)?;
    let library = Library::discover(common.library.as_deref())?;
    let settings = Settings::for_command(Some(&library))?;
    let (name, which) = resolve(&library, &reference)?;
    let Which::Version(version) = which else {
        let hint = match library.glance(&name).latest() {
            Some(latest) => {
                format!("`{name}@{}` is its latest version; `greenroom cut {name}` freezes the draft", latest.version)
            }
            None => format!("`greenroom cut {name}` freezes it as a version"),
        };
        return Err(
            Error::input(format!("`{}` is a draft, and only a frozen version is deployed", args.reference)).hint(hint)
        );
    };
    let by = author(settings.author.as_deref(), &library);
    let desk = Desk { library: &library, settings: &settings, by: &by, now: jiff::Timestamp::now() };
    let plan = desk.deploy(&name, &version, &args.to)?;
    carry_out(&desk, &plan, args.why.as_deref().filter(|_| !args.dry_run), args.force, output)
}

/// Shows the plan, and does it when there are words about why.
pub fn carry_out(desk: &Desk<'_>, plan: &Plan, why: Option<&str>, forced: bool, output: &Output) -> Result<u8> {
    if !output.json {
        Output::raw(&report(plan, output))?;
    }
    for remark in &plan.remarks {
        Output::warn(remark);
    }
    let Some(why) = why else {
        let refused = plan.refused().count();
        if output.json {
            output.document(&document(plan, None, desk))?;
        } else if refused == 0 {
            output.note("nothing was done: say --why to do it");
        } else {
            output.note("nothing was done, and the gates above would refuse it");
        }
        return Ok(u8::from(refused > 0));
    };
    match desk.release(plan, why, forced, &Stop::default()) {
        Ok(done) => {
            let forced = plan.refused().next().is_some();
            if output.json {
                let mut document = document(plan, Some(&done), desk);
                document["why"] = why.trim().into();
                document["forced"] = forced.into();
                output.document(&document)?;
            } else {
                let hooked = if done.hooked { "on_deploy has run; " } else { "" };
                let forced = if forced { ", by force" } else { "" };
                output.content(&format!(
                    "{hooked}{} runs {} of {} now{forced}\n",
                    plan.environment, plan.to, plan.prompt
                ))?;
            }
            commits::offer(desk.library, desk.settings, &done.files, &plan.subject(why), output);
            Ok(0)
        }
        Err(error) => {
            if output.json {
                output.document(&document(plan, None, desk))?;
            }
            Err(error)
        }
    }
}

/// The plan for a script; `done` says whether it was carried out.
fn document(plan: &Plan, done: Option<&Done>, desk: &Desk<'_>) -> Value {
    json!({
        "prompt": plan.prompt,
        "kind": plan.kind,
        "environment": plan.environment,
        "version": plan.to,
        "from": plan.from,
        "sha256": plan.sha256,
        "done": done.is_some(),
        "at": done.map(|done| done.at.to_string()),
        "by": desk.by,
        "why": Value::Null,
        "forced": false,
        "hooked": done.is_some_and(|done| done.hooked),
        "gates": plan.checks.iter().map(|check| {
            json!({ "gate": check.gate.id(), "met": check.met, "why": check.why })
        }).collect::<Vec<_>>(),
        "change": plan.change.document(),
        "remarks": plan.remarks,
    })
}

/// What it is about, the gates, what changes.
fn report(plan: &Plan, output: &Output) -> String {
    let now = match &plan.from {
        Some(from) if *from == plan.to => "it runs there already".to_owned(),
        Some(from) => format!("{from} runs there"),
        None => "nothing runs there".to_owned(),
    };
    let arrow = output.sign("→");
    let mut text = format!("{} {} {arrow} {} ({now})\n", output.strong(&plan.prompt), plan.to, plan.environment);
    for check in &plan.checks {
        let word = if check.met { "met    ".to_owned() } else { output.alarm("not met") };
        let _ = writeln!(text, "  {word}  {:<8}  {}", check.gate.id(), one_line(&check.why));
    }
    for line in plan.change.lines() {
        let _ = writeln!(text, "  {}", one_line(&line));
    }
    text
}
