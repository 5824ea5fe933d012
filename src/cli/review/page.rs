//! A review as a page for a browser: the verdict, what is open, what is missing and what was decided, over the comparison
//! with the version before. One file without scripts, for colleagues without a terminal.
//!
//! Comments have numbers here, in the order of the page: names of comments come from a file, and a link must not.

use std::fmt::Write as _;

use crate::cli::diff::{Around, Marks, comparison_page, escaped};
use crate::error::Result;
use crate::library::{Library, PromptConfig, Reviewed, Snapshot, Which};
use crate::lint::{Severity, lint};
use crate::prompt::{Estimate, SectionId};
use crate::review::{Anchor, Decided, Decision, Place, Reading, Standing, Step, Thread};

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
    /// How many approvals are needed.
    pub required: usize,
    /// The steps of the way.
    pub steps: Vec<Step>,
}

/// The whole page.
///
/// # Errors
/// When the version before, or what the evidence is made of, cannot be read.
pub fn draw(library: &Library, evidence: &Evidence<'_>) -> Result<String> {
    let Evidence { snapshot, .. } = evidence;
    let entry = library.glance(&snapshot.prompt);
    let before = entry.below(&snapshot.which);
    let to = library.side_of((*snapshot).clone())?;
    let from = if let Some(before) = before {
        library.side_of(library.read(&snapshot.prompt, &Which::Version(before.version.clone()))?)?
    } else {
        let mut nothing = to.clone();
        "nothing".clone_into(&mut nothing.label);
        nothing.snapshot.text.clear();
        nothing.snapshot.config = PromptConfig::default();
        nothing
    };
    let said = Said::of(evidence);
    let mut told = String::new();
    verdict(library, evidence, &mut told);
    said.draw("open", "Open questions", &said.open, &mut told);
    if !said.settled.is_empty() {
        said.draw("settled", "Settled", &said.settled, &mut told);
    }
    steps(evidence, &mut told);
    proof(library, evidence, &mut told)?;
    let mut parts = vec![("verdict", "Verdict".to_owned()), ("open", format!("Open questions: {}", said.open.len()))];
    if !said.settled.is_empty() {
        parts.push(("settled", format!("Settled: {}", said.settled.len())));
    }
    parts.extend([("steps", "Steps".to_owned()), ("evidence", "Evidence".to_owned())]);
    let name = match &snapshot.which {
        Which::Draft => "draft".to_owned(),
        Which::Version(version) => version.to_string(),
    };
    let title = match before {
        Some(before) => format!("Review of {} {name}, against {}", snapshot.prompt, before.version),
        None => format!("Review of {} {name}", snapshot.prompt),
    };
    let around = Around { title: Some(title), told, parts, marks: said.marks(), alone: before.is_none() };
    comparison_page(library, [&from, &to], &around)
}

fn section(id: &str, title: &str, told: &mut String) {
    let _ = writeln!(told, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>");
}

/// `1 comment`, `2 comments`.
fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// Names of people as HTML; each stands by itself, whichever way it is written.
fn names(decided: &[&Decided]) -> String {
    decided.iter().map(|decided| name(&decided.by)).collect::<Vec<_>>().join(", ")
}

fn name(by: &str) -> String {
    format!("<bdi>{}</bdi>", escaped(by))
}

/// What it comes to, in the one sentence that a reader came for, and the decisions behind it.
fn verdict(library: &Library, evidence: &Evidence<'_>, told: &mut String) {
    let Evidence { snapshot, reviewed, standing, required, .. } = evidence;
    section("verdict", "Verdict", told);
    let open = reviewed.review.open().count();
    let approvals = standing.approvals.len();
    let (class, sentence) = match (standing.against.is_empty(), approvals >= *required, open) {
        (false, ..) => ("no", format!("Changes are asked for by {}.", names(&standing.against))),
        (true, true, 0) if approvals == 0 => ("yes", "No approval is asked for, and no comment is open.".to_owned()),
        (true, true, 0) => ("yes", format!("Approved by {}.", names(&standing.approvals))),
        (true, true, open) => {
            let who = if approvals == 0 {
                String::new()
            } else {
                format!("Approved by {}, but ", names(&standing.approvals))
            };
            ("wait", format!("{who}{} open.", counted(open, "comment") + if open == 1 { " is" } else { " are" }))
        }
        (true, false, _) => ("wait", format!("Not approved: {approvals} of {}.", counted(*required, "approval"))),
    };
    let _ = writeln!(told, "<div class=\"verdict {class}\">\n<p><strong>{sentence}</strong></p>");
    let next = evidence.steps.iter().find(|step| !step.is_done());
    if let Some(step) = next {
        let who = if step.people.is_empty() { String::new() } else { format!(" ({})", step.people.join(", ")) };
        let missing = escaped(&step.missing.join("; "));
        let _ = writeln!(told, "<p>Next: {}{}: {missing}.</p>", step.stage.title(), escaped(&who));
    }
    if let Which::Version(version) = &snapshot.which {
        let runs = library.glance(&snapshot.prompt).environments;
        let runs: Vec<_> = runs.into_iter().filter(|(_, running)| running == version).map(|(name, _)| name).collect();
        let runs =
            if runs.is_empty() { "It runs nowhere.".to_owned() } else { format!("It runs in {}.", runs.join(", ")) };
        let _ = writeln!(told, "<p>{}</p>", escaped(&runs));
    }
    told.push_str("</div>\n<ul>\n");
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
            let _ = writeln!(told, "<li>{} {word} on {day}{note}{why}</li>", name(&decided.by));
        }
    }
    told.push_str(if any { "</ul>\n" } else { "<li>Nobody has decided yet.</li>\n</ul>\n" });
    told.push_str("</section>\n");
}

fn steps(evidence: &Evidence<'_>, told: &mut String) {
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

/// What is known about exactly these bytes.
fn proof(library: &Library, evidence: &Evidence<'_>, told: &mut String) -> Result<()> {
    let Evidence { snapshot, reviewed, sha256, .. } = evidence;
    section("evidence", "Evidence", told);
    told.push_str("<table>\n<tbody>\n");
    let mut row = |what: &str, is: &str| {
        let _ = writeln!(told, "<tr><th scope=\"row\">{what}</th><td>{is}</td></tr>");
    };
    row("A decision covers", &format!("text, config, declarations and eval suite: <code>{sha256}</code>"));
    if let Which::Version(version) = &snapshot.which {
        let verified = library.verify_version(&snapshot.prompt, &library.version_entry(&snapshot.prompt, version)?);
        let problems: Vec<_> = verified.problems.iter().map(|problem| escaped(&problem.to_string())).collect();
        let holds = match (problems.is_empty(), verified.sealed) {
            (true, true) => "every byte is as it was frozen".to_owned(),
            (true, false) => "there is no SHA256SUMS: nothing vouches for the files".to_owned(),
            (false, _) => problems.join("<br>"),
        };
        row("Checksums", &holds);
    }
    let found = lint(&snapshot.lint_input(None, &Estimate));
    let of = |severity| found.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    row("Lint", &format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")));
    row("Eval suite", &escaped(&evals(library, snapshot, sha256)?));
    let unread = reviewed.problems.iter().map(|problem| escaped(&problem.to_string())).collect::<Vec<_>>();
    if !unread.is_empty() {
        row("Not readable in the review", &unread.join("<br>"));
    }
    if !reviewed.newer.is_empty() {
        let kinds: Vec<_> = reviewed.newer.iter().map(|(kind, count)| format!("{count} of kind {kind}")).collect();
        row("Of a newer greenroom", &escaped(&kinds.join(", ")));
    }
    told.push_str("</tbody>\n</table>\n</section>\n");
    Ok(())
}

/// What the eval suite has shown about these bytes.
fn evals(library: &Library, snapshot: &Snapshot, sha256: &str) -> Result<String> {
    if !library.has_evals(&snapshot.prompt)? {
        return Ok("there is none".to_owned());
    }
    let runs = match library.eval_runs(snapshot) {
        Ok(runs) => runs,
        Err(error) => return Ok(error.to_string()),
    };
    Ok(match runs.iter().rev().find(|run| run.sha256 == sha256) {
        Some(run) => {
            let all = run.passed + run.failed + run.errors;
            let when = run.at.as_deref().map_or_else(String::new, |at| format!(", {at}"));
            format!("{} of {all} passed on exactly these bytes{when}", run.passed)
        }
        None if runs.is_empty() => "has not run".to_owned(),
        None => "has not run on exactly these bytes, only on others".to_owned(),
    })
}

/// Everything that was said, in the order of the lines; with numbers, open ones first.
struct Said<'a> {
    open: Vec<(usize, &'a Thread, Place)>,
    settled: Vec<(usize, &'a Thread, Place)>,
    /// How many lines the text has; what is gone from an empty text stands at none.
    lines: usize,
}

impl<'a> Said<'a> {
    fn of(evidence: &Evidence<'a>) -> Self {
        let reading = Reading::of(&evidence.snapshot.text);
        let threads = &evidence.reviewed.review.threads;
        let mut placed: Vec<(&Thread, Place)> =
            threads.iter().map(|thread| (thread, reading.place(&thread.anchor))).collect();
        placed.sort_by_key(|(thread, place)| (thread.outcome.is_some(), place.line()));
        let numbered = (1..).zip(placed).map(|(number, (thread, place))| (number, thread, place));
        let (settled, open) = numbered.partition(|(_, thread, _)| thread.outcome.is_some());
        Self { open, settled, lines: reading.len() }
    }

    /// Where the comparison says that there is a comment.
    fn marks(&self) -> Marks {
        let mut marks = Marks::default();
        for (number, _, place) in self.open.iter().chain(&self.settled) {
            match place {
                Place::Lines { first, last } => marks.add(*number, *first, *last),
                Place::At(line) | Place::Outdated { near: line } => marks.add(*number, *line, *line),
                Place::Whole => {}
            }
        }
        marks
    }

    fn draw(&self, id: &str, title: &str, these: &[(usize, &Thread, Place)], told: &mut String) {
        section(id, title, told);
        if these.is_empty() {
            told.push_str("<p>None.</p>\n");
        }
        for (number, thread, place) in these {
            comment(*number, thread, place, place.line().filter(|line| *line <= self.lines), told);
        }
        told.push_str("</section>\n");
    }
}

fn comment(number: usize, thread: &Thread, place: &Place, line: Option<usize>, told: &mut String) {
    let title = |id: &Option<SectionId>| id.map_or("the text before the first heading", SectionId::title);
    let words = match (&thread.anchor, place) {
        (Anchor::Whole, _) => "about the whole".to_owned(),
        (_, Place::Outdated { near }) => format!("outdated: what it was about is gone, near line {near}"),
        (Anchor::Variable(name), _) => format!("about {{{{{name}}}}}"),
        (Anchor::Section(id), _) => format!("about {}", title(id)),
        (_, Place::Lines { first, last }) if first < last => format!("lines {first} to {last}"),
        (_, place) => place.line().map_or_else(String::new, |line| format!("line {line}")),
    };
    let words = match line {
        Some(line) => format!("<a href=\"#line-{line}\">{}</a>", escaped(&words)),
        None => escaped(&words),
    };
    let day = thread.at.strftime("%Y-%m-%d");
    let _ = writeln!(
        told,
        "<article id=\"c{number}\">\n<h3><span class=\"mark\">{number}</span>{}, {day}, {words}</h3>",
        name(&thread.by)
    );
    if let Anchor::Lines(lines) = &thread.anchor {
        let tag = if thread.replacement.is_some() { "del" } else { "span" };
        let _ = writeln!(told, "<blockquote><{tag}>{}</{tag}></blockquote>", escaped(&lines.quote.join("\n")));
    }
    match &thread.replacement {
        Some(none) if none.is_empty() => told.push_str("<p class=\"note\">to be taken out</p>\n"),
        Some(replacement) => {
            let _ = writeln!(told, "<blockquote><ins>{}</ins></blockquote>", escaped(replacement));
        }
        None => {}
    }
    if !thread.text.is_empty() {
        let _ = writeln!(told, "<p>{}</p>", escaped(&thread.text));
    }
    for reply in &thread.replies {
        let _ = writeln!(told, "<p><strong>{}</strong>: {}</p>", name(&reply.by), escaped(&reply.text));
    }
    if let Some(outcome) = &thread.outcome {
        let word = if outcome.taken { "Taken" } else { "Settled" };
        let _ = writeln!(told, "<p class=\"note\">{word} by {}.</p>", name(&outcome.by));
    }
    told.push_str("</article>\n");
}
