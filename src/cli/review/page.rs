//! A review as a page for a browser: what is open, what was decided and what is missing, over the comparison with the
//! version before. One file without scripts, for colleagues without a terminal.

use std::fmt::Write as _;

use crate::cli::diff::{comparison_page, escaped};
use crate::error::Result;
use crate::library::{Library, Reviewed, Snapshot, Which};
use crate::review::{Anchor, Decision, Place, Reading, Standing, Step, Thread};

/// What the page tells.
pub struct Evidence<'a> {
    /// The state that is reviewed.
    pub snapshot: &'a Snapshot,
    /// What was said.
    pub reviewed: &'a Reviewed,
    /// The digest that a decision covers.
    pub sha256: &'a str,
    /// What the decisions come to.
    pub standing: Standing<'a>,
    /// The steps of the way.
    pub steps: Vec<Step>,
}

/// The whole page.
///
/// # Errors
/// When the version before cannot be read.
pub fn draw(library: &Library, evidence: &Evidence<'_>) -> Result<String> {
    let Evidence { snapshot, .. } = evidence;
    let versions = library.entry(&snapshot.prompt)?.versions;
    let before = match &snapshot.which {
        Which::Draft => versions.last(),
        Which::Version(version) => versions.iter().rev().find(|entry| entry.version < *version),
    };
    let before = before.map_or_else(|| snapshot.which.clone(), |entry| Which::Version(entry.version.clone()));
    let from = library.read(&snapshot.prompt, &before)?;
    let mut told = String::new();
    decisions(evidence, &mut told);
    missing(evidence, &mut told);
    comments(evidence, &mut told);
    comparison_page(library, [from, (*snapshot).clone()], &told)
}

fn section(id: &str, title: &str, told: &mut String) {
    let _ = writeln!(told, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>");
}

fn decisions(evidence: &Evidence<'_>, told: &mut String) {
    section("decisions", "Decisions", told);
    let _ =
        writeln!(told, "<p>A decision about these bytes has the SHA-256 <code>{}</code>.</p>\n<ul>", evidence.sha256);
    let standing = &evidence.standing;
    let mut any = false;
    for (all, note) in [
        (&standing.approvals, ""),
        (&standing.against, ""),
        (&standing.own, " (an author: does not count)"),
        (&standing.void, " (void: something has changed since)"),
    ] {
        for decided in all {
            any = true;
            let word = if decided.decision == Decision::Approve { "approved" } else { "asked for changes" };
            let why = if decided.text.is_empty() { String::new() } else { format!(": {}", escaped(&decided.text)) };
            let day = decided.at.strftime("%Y-%m-%d");
            let _ = writeln!(told, "<li>{} {word} on {day}{note}{why}</li>", escaped(&decided.by));
        }
    }
    told.push_str(if any { "</ul>\n</section>\n" } else { "<li>Nobody has decided yet.</li></ul>\n</section>\n" });
}

fn missing(evidence: &Evidence<'_>, told: &mut String) {
    section("steps", "Steps", told);
    told.push_str("<ol>\n");
    for step in &evidence.steps {
        let mut what = if step.is_done() { vec!["done".to_owned()] } else { step.missing.clone() };
        what.extend(step.aside.iter().cloned());
        let who = if step.people.is_empty() { String::new() } else { format!(" ({})", step.people.join(", ")) };
        let _ = writeln!(told, "<li>{}{}: {}</li>", step.stage.title(), escaped(&who), escaped(&what.join("; ")));
    }
    told.push_str("</ol>\n</section>\n");
}

fn comments(evidence: &Evidence<'_>, told: &mut String) {
    let reading = Reading::of(&evidence.snapshot.text);
    let review = &evidence.reviewed.review;
    let mut threads: Vec<(&Thread, Place)> =
        review.threads.iter().map(|thread| (thread, reading.place(&thread.anchor))).collect();
    threads.sort_by_key(|(thread, place)| (thread.outcome.is_some(), place.line()));
    for (id, title, settled) in [("open", "Open questions", false), ("settled", "Settled", true)] {
        let mut these = threads.iter().filter(|(thread, _)| thread.outcome.is_some() == settled).peekable();
        if settled && these.peek().is_none() {
            continue;
        }
        section(id, title, told);
        if these.peek().is_none() {
            told.push_str("<p>None.</p>\n");
        }
        for (thread, place) in these {
            comment(thread, place, told);
        }
        told.push_str("</section>\n");
    }
}

fn comment(thread: &Thread, place: &Place, told: &mut String) {
    let place = match (&thread.anchor, place) {
        (Anchor::Whole, _) => "about the whole".to_owned(),
        (Anchor::Variable(name), _) => format!("about {{{{{name}}}}}"),
        (_, Place::Outdated { .. }) => "outdated: its words are gone".to_owned(),
        (_, Place::Lines { first, last }) if first < last => format!("lines {first} to {last}"),
        (_, place) => place.line().map_or_else(String::new, |line| format!("line {line}")),
    };
    let day = thread.at.strftime("%Y-%m-%d");
    let _ = writeln!(told, "<article>\n<h3>{}, {day}, {}</h3>", escaped(&thread.by), escaped(&place));
    if let Anchor::Lines(lines) = &thread.anchor {
        let tag = if thread.replacement.is_some() { "del" } else { "span" };
        let _ = writeln!(told, "<blockquote><{tag}>{}</{tag}></blockquote>", escaped(&lines.quote.join("\n")));
    }
    if let Some(replacement) = &thread.replacement {
        let _ = writeln!(told, "<blockquote><ins>{}</ins></blockquote>", escaped(replacement));
    }
    if !thread.text.is_empty() {
        let _ = writeln!(told, "<p>{}</p>", escaped(&thread.text));
    }
    for reply in &thread.replies {
        let _ = writeln!(told, "<p><strong>{}</strong>: {}</p>", escaped(&reply.by), escaped(&reply.text));
    }
    if let Some(outcome) = &thread.outcome {
        let word = if outcome.taken { "Taken" } else { "Settled" };
        let _ = writeln!(told, "<p class=\"note\">{word} by {}.</p>", escaped(&outcome.by));
    }
    told.push_str("</article>\n");
}
