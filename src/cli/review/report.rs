//! A review as it is printed: decisions first, then what is open where it stands, then what is settled.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::output::Output;
use crate::error::Result;
use crate::library::{Snapshot, Which};
use crate::prompt::SectionId;
use crate::review::{Anchor, Decided, Decision, Place, Reading, Reply, Review, Thread};
use crate::sanitize::one_line;

/// Prints it; `open` leaves out what is settled.
pub fn print(
    review: &Review,
    snapshot: &Snapshot,
    sha256: &str,
    authors: &BTreeSet<String>,
    open: bool,
    output: &Output,
) -> Result<()> {
    let reading = Reading::of(&snapshot.text);
    let mut threads: Vec<(&Thread, Place)> = review
        .threads
        .iter()
        .filter(|thread| !open || thread.outcome.is_none())
        .map(|thread| (thread, reading.place(&thread.anchor)))
        .collect();
    // as they stand in the text; what is about the whole comes first
    threads.sort_by_key(|(thread, place)| (thread.outcome.is_some(), place.line()));
    let standing = review.standing(sha256, authors);
    if output.json {
        let decided = |kind: &str, all: &[&Decided]| all.iter().map(|one| decision(one, kind)).collect::<Vec<_>>();
        let decisions = [
            decided("counts", &standing.approvals),
            decided("counts", &standing.against),
            decided("own", &standing.own),
            decided("void", &standing.void),
        ]
        .concat();
        return output.document(&Document {
            prompt: &snapshot.prompt,
            version: version(snapshot),
            sha256,
            open: review.open().count(),
            decisions,
            comments: threads.iter().map(|(thread, place)| Comment::of(thread, place, &reading)).collect(),
        });
    }
    let mut text = String::new();
    let open_count = review.open().count();
    let settled = review.threads.len() - open_count;
    let name = version(snapshot).map_or_else(|| "draft".to_owned(), |version| format!("v{version}"));
    let _ = writeln!(text, "{} {name}: {open_count} open, {settled} settled", snapshot.prompt);
    for (all, words) in [
        (&standing.approvals, "approved by"),
        (&standing.against, "changes requested by"),
        (&standing.own, "approved by its author, which does not count:"),
        (&standing.void, "void since something changed: the decision of"),
    ] {
        for decided in all {
            let why = if decided.text.is_empty() { String::new() } else { format!(": {}", one_line(&decided.text)) };
            let _ = writeln!(text, "  {words} {} ({}){why}", one_line(&decided.by), day(decided.at));
        }
    }
    for (thread, place) in &threads {
        thread_text(&mut text, thread, place, &reading, output);
    }
    Output::raw(&text)
}

fn version(snapshot: &Snapshot) -> Option<String> {
    match &snapshot.which {
        Which::Draft => None,
        Which::Version(version) => Some(version.to_string()),
    }
}

fn day(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Where it stands, in words.
fn place_words(anchor: &Anchor, place: &Place, reading: &Reading<'_>) -> String {
    let section = |line: usize| match reading.section_of(line) {
        Some(id) => id.title(),
        None => "before the first heading",
    };
    match (anchor, place) {
        (Anchor::Whole, _) => "the whole".to_owned(),
        (_, Place::Outdated { near }) => format!("outdated, was near line {near}"),
        (Anchor::Variable(name), _) => format!("variable {name}"),
        (Anchor::Section(id), _) => id.map_or("before the first heading", SectionId::title).to_owned(),
        (_, Place::Lines { first, last }) if first == last => format!("line {first}, {}", section(*first)),
        (_, Place::Lines { first, last }) => format!("lines {first}-{last}, {}", section(*first)),
        (_, place) => place.line().map(|line| format!("line {line}")).unwrap_or_default(),
    }
}

fn thread_text(text: &mut String, thread: &Thread, place: &Place, reading: &Reading<'_>, output: &Output) {
    let state = match &thread.outcome {
        None => String::new(),
        Some(outcome) if outcome.taken => format!("  (taken by {})", one_line(&outcome.by)),
        Some(outcome) => format!("  (settled by {})", one_line(&outcome.by)),
    };
    let head = format!("{}  {}", one_line(&thread.id), one_line(&place_words(&thread.anchor, place, reading)));
    let _ = writeln!(text, "\n{}{state}", output.strong(&head));
    if let Anchor::Lines(lines) = &thread.anchor {
        for line in &lines.quote {
            let _ = writeln!(text, "  {} {}", if thread.replacement.is_some() { "-" } else { ">" }, one_line(line));
        }
        for line in thread.replacement.iter().flat_map(|replacement| replacement.lines()) {
            let _ = writeln!(text, "  + {}", one_line(line));
        }
    }
    said(text, &thread.by, thread.at, &thread.text);
    for reply in &thread.replies {
        said(text, &reply.by, reply.at, &reply.text);
    }
}

fn said(text: &mut String, by: &str, at: jiff::Timestamp, words: &str) {
    if words.is_empty() {
        let _ = writeln!(text, "  {} ({})", one_line(by), day(at));
        return;
    }
    let mut lines = words.lines();
    let _ = writeln!(text, "  {} ({}): {}", one_line(by), day(at), one_line(lines.next().unwrap_or_default()));
    for line in lines {
        let _ = writeln!(text, "      {}", one_line(line));
    }
}

fn decision(decided: &Decided, counts: &str) -> Value {
    json!({
        "at": decided.at.to_string(),
        "by": decided.by,
        "kind": if decided.decision == Decision::Approve { "approve" } else { "request-changes" },
        "sha256": decided.sha256,
        "text": decided.text,
        "state": counts,
    })
}

/// The document of `review --json`.
#[derive(Serialize)]
struct Document<'a> {
    prompt: &'a str,
    version: Option<String>,
    sha256: &'a str,
    open: usize,
    decisions: Vec<Value>,
    comments: Vec<Comment<'a>>,
}

/// A comment as the document has it. There may be ten thousand of them, so that no tree of values is made first.
#[derive(Serialize)]
struct Comment<'a> {
    id: &'a str,
    at: String,
    by: &'a str,
    kind: &'static str,
    section: Option<&'static str>,
    variable: Option<&'a str>,
    line: Option<usize>,
    last_line: Option<usize>,
    outdated: bool,
    quote: Option<&'a [String]>,
    text: &'a str,
    replacement: Option<&'a str>,
    replies: Vec<Value>,
    resolved: Option<Value>,
}

impl<'a> Comment<'a> {
    fn of(thread: &'a Thread, place: &Place, reading: &Reading<'_>) -> Self {
        let line = place.line();
        let section = match &thread.anchor {
            Anchor::Section(id) => *id,
            _ => line.and_then(|line| reading.section_of(line)),
        };
        let reply = |reply: &Reply| json!({ "at": reply.at.to_string(), "by": reply.by, "text": reply.text });
        Self {
            id: &thread.id,
            at: thread.at.to_string(),
            by: &thread.by,
            kind: if thread.replacement.is_some() { "suggest" } else { "comment" },
            section: section.map(SectionId::id),
            variable: if let Anchor::Variable(name) = &thread.anchor { Some(name) } else { None },
            line,
            last_line: if let Place::Lines { last, .. } = place { Some(*last) } else { line },
            outdated: place.is_outdated(),
            quote: if let Anchor::Lines(lines) = &thread.anchor { Some(&lines.quote) } else { None },
            text: &thread.text,
            replacement: thread.replacement.as_deref(),
            replies: thread.replies.iter().map(reply).collect(),
            resolved: thread
                .outcome
                .as_ref()
                .map(|outcome| json!({ "at": outcome.at.to_string(), "by": outcome.by, "taken": outcome.taken })),
        }
    }
}
