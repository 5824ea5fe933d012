//! Releases, on a thread of their own: a program of the user's may take minutes, and nothing else waits for it.

use super::commits;
use super::disk::wrote;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::library::{Library, ReleaseKind, Releases};
use crate::release::{Desk, Done, Plan, Stop, author, freshness};
use crate::tui::committing::{When, Written};
use crate::tui::effect::Effect;
use crate::tui::msg::{Msg, OnShelf};
use crate::tui::overlay::PickRow;
use crate::tui::release::{Asked, Told};

/// So many releases are listed.
const MOST: usize = 500;

/// Carries out what is about releases; gives back what is not.
#[expect(clippy::result_large_err, reason = "an effect that is not about releases goes on as it is")]
pub fn perform(library: &Library, effect: Effect, stop: &Stop) -> std::result::Result<Msg, Effect> {
    Ok(match effect {
        Effect::Release(Asked::Plan(wish)) => {
            let plan = with_desk(library, None, wish.demo, |desk| match (wish.kind, &wish.version) {
                (ReleaseKind::Deploy, Some(version)) => desk.deploy(&wish.prompt, version, &wish.environment),
                (_, version) => desk.rollback(&wish.prompt, version.as_ref(), &wish.environment),
            });
            Msg::Release(Told::Planned { number: wish.number, plan: plan.map(Box::new) })
        }
        Effect::Release(Asked::Make { wish, plan, why, forced, by }) => {
            let result = with_desk(library, by, wish.demo, |desk| release(desk, &plan, (&why, forced), stop));
            let files = result.as_ref().map(|done| done.files.clone()).unwrap_or_default();
            let what = plan.subject(&why);
            wrote(
                result.is_ok(),
                Written { files, what, when: When::AtOnce },
                Msg::Release(Told::Made { wish, result }),
            )
        }
        Effect::Release(Asked::Log(prompt)) => {
            let rows = library.releases(&prompt).map(|releases| rows(library, &prompt, &releases));
            Msg::Release(Told::Log { prompt, rows })
        }
        Effect::Release(Asked::Drill { number, prompt, environment, by, demo }) => {
            let result = with_desk(library, by, demo, |desk| desk.drill(&prompt, Some(&environment)));
            let what = format!("drill of {prompt} in {environment}");
            let files = result.as_ref().map(|drilling| drilling.files.clone()).unwrap_or_default();
            let done = !files.is_empty();
            wrote(
                done,
                Written { files, what, when: When::AtOnce },
                Msg::Release(Told::Drilled { number, environment, result }),
            )
        }
        Effect::AskGit => Msg::Git(commits::standing(library)),
        Effect::Uncommitted(prompt) => {
            let (folder, files) = commits::uncommitted(library, &prompt);
            Msg::Uncommitted { prompt, folder, files }
        }
        Effect::Commit(written) => Msg::Committed(commits::commit(library, &written)),
        other => return Err(other),
    })
}

/// What runs where, and which versions there are.
///
/// # Errors
/// When the log cannot be read at all.
pub fn on_shelf(library: &Library, prompt: &str) -> Result<OnShelf> {
    let releases = library.releases(prompt)?;
    let entry = library.glance(prompt);
    Ok(OnShelf {
        running: releases.running().into_values().cloned().collect(),
        doubts: entry.doubtful.iter().flat_map(|place| releases.doubts(place)).collect(),
        entry,
    })
}

fn with_desk<T>(
    library: &Library,
    by: Option<String>,
    demo: bool,
    work: impl FnOnce(&Desk<'_>) -> Result<T>,
) -> Result<T> {
    // read anew: what an environment requires may have been changed since the start
    let mut settings = Settings::for_command(Some(library))?;
    if demo {
        settings.hooks.clear();
    }
    let by = by.filter(|by| !by.trim().is_empty()).unwrap_or_else(|| author(settings.author.as_deref(), library));
    work(&Desk { library, settings: &settings, by: &by, now: jiff::Timestamp::now() })
}

fn release(desk: &Desk<'_>, plan: &Plan, (why, forced): (&str, bool), stop: &Stop) -> Result<Done> {
    // what was shown may be out of date: the gates are looked at again, and what changed is told instead of done
    let now = match plan.kind {
        ReleaseKind::Deploy => desk.deploy(&plan.prompt, &plan.to, &plan.environment)?,
        ReleaseKind::Rollback => desk.rollback(&plan.prompt, Some(&plan.to), &plan.environment)?,
    };
    if (&now.from, &now.checks) != (&plan.from, &plan.checks) {
        return Err(Error::input(format!(
            "something has changed in {} since it was looked at, and nothing was done",
            plan.environment
        ))
        .hint("Esc, and look again"));
    }
    desk.release(&now, why, forced, stop)
}

/// What was released and tried, the last first, in words.
fn rows(library: &Library, prompt: &str, releases: &Releases) -> Vec<PickRow<String>> {
    let now = jiff::Timestamp::now();
    let row = |value: String, label: String, detail: String| PickRow { value, label, detail, disabled: None };
    let mut rows: Vec<_> = releases
        .all
        .iter()
        .map(|release| {
            let at = release.at.strftime("%Y-%m-%d %H:%M");
            let forced = if release.forced { ", by force" } else { "" };
            let label = format!("{at}  {:<8} {}  {}{forced}", release.kind.id(), release.version, release.environment);
            (release.at, row(release.version.to_string(), label, format!("{}: {}", release.by, release.why)))
        })
        .collect();
    // of each place and version only the last drill says something
    let mut seen = Vec::new();
    for drilled in releases.drills.iter().rev() {
        let of = (&drilled.environment, &drilled.version);
        if seen.contains(&of) {
            continue;
        }
        seen.push(of);
        let fresh = freshness(library, prompt, drilled, now);
        let word = if fresh.is_fresh() { "fresh" } else { "stale" };
        let state = if drilled.ok { format!("works, {word}") } else { "fails".to_owned() };
        let version = drilled.version.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
        let at = drilled.at.strftime("%Y-%m-%d %H:%M");
        let detail = drilled.problems.first().cloned().unwrap_or(format!("{state}, {} ms", drilled.took_ms));
        let label = format!("{at}  drill    {version}  {}", drilled.environment);
        rows.push((drilled.at, row(version, label, detail)));
    }
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let damaged = releases.damaged.iter().map(|error| row(String::new(), format!("! {error}"), String::new()));
    damaged.chain(rows.into_iter().map(|(_, row)| row)).take(MOST).collect()
}
