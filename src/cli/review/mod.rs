//! `greenroom review`: what was said about a draft or a version, what was decided, and one thing more said.
//!
//! Everything is one more line in `review.jsonl`; nothing is ever taken out of it.

pub mod args;
mod page;
mod report;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use serde_json::json;

use crate::cli::args::{Common, Review as Args};
use crate::cli::output::Output;
use crate::cli::show::snapshot;
use crate::cli::{commits, given};
use crate::config::Settings;
use crate::error::{Error, Kind, Result};
use crate::library::{Asked, Entered, Library, Reviewed, Snapshot, Which, write_page};
use crate::prompt::SectionId;
use crate::release;
use crate::review::{Anchor, Decision, Finding, Person, Place, Reading, Review, Said, Stage, Thread, replaced, steps};
use crate::source::nearest;
use args::ReviewAction;

/// What a call works on.
struct Desk<'a> {
    library: &'a Library,
    settings: &'a Settings,
    snapshot: Snapshot,
    reviewed: Reviewed,
    by: Person,
    output: &'a Output,
}

/// Runs the command: 1 when a decision is not the caller's to make.
pub fn run(args: &Args, common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(common.library.as_deref())?;
    let settings = Settings::for_command(Some(&library))?;
    let snapshot = snapshot(&library, &args.reference)?;
    let reviewed = library.reviewed(&snapshot)?;
    for problem in &reviewed.problems {
        Output::warn(&problem.to_string());
    }
    for (kind, count) in &reviewed.newer {
        output.note(&format!("{count} of kind `{kind}` need a newer greenroom and are left aside"));
    }
    let by = release::person(settings.author.as_deref(), &library);
    let desk = Desk { library: &library, settings: &settings, snapshot, reviewed, by, output };
    match &args.action {
        None if args.html.is_some() => desk.page(args.html.as_deref().unwrap_or(Path::new("-"))),
        None => {
            let authors = desk.authors();
            report::print(&desk.reviewed.review, &desk.snapshot, &desk.sha256()?, &authors, args.open, output)?;
            Ok(0)
        }
        Some(action) => desk.act(action),
    }
}

impl Desk<'_> {
    fn page(&self, file: &Path) -> Result<u8> {
        let sha256 = self.sha256()?;
        let authors = self.authors();
        let review = &self.reviewed.review;
        let rules = &self.settings.review;
        let asked = Asked { approvals: rules.required_approvals, authors, people: rules.people() };
        let facts = self.library.progress(&self.snapshot, review, &sha256, &asked)?;
        let evidence = page::Evidence {
            snapshot: &self.snapshot,
            reviewed: &self.reviewed,
            sha256: &sha256,
            standing: review.standing(&sha256, &asked.authors),
            required: rules.required_approvals,
            steps: steps(&facts),
        };
        let page = page::draw(self.library, &evidence)?;
        if file.as_os_str() == "-" {
            Output::raw(&page)?;
        } else {
            write_page(file, page.as_bytes())?;
            self.output.note(&format!("written to {}", file.display()));
        }
        Ok(0)
    }

    fn act(&self, action: &ReviewAction) -> Result<u8> {
        match action {
            ReviewAction::Comment(comment) => {
                let anchor = self.anchor(comment)?;
                let text = words(&comment.text, "a comment")?;
                self.say(&Said::Comment { anchor, text, replacement: None }, None)
            }
            ReviewAction::Suggest(suggest) => {
                let anchor = self.lines(&suggest.line)?;
                let replacement = Some(given::message(&suggest.replacement)?);
                let text = suggest.why.clone().unwrap_or_default();
                self.say(&Said::Comment { anchor, text, replacement }, None)
            }
            ReviewAction::Reply(reply) => {
                let thread = self.thread(&reply.id)?;
                self.say(&Said::Reply(words(&reply.text, "an answer")?), Some(&thread.id))
            }
            ReviewAction::Resolve(named) => {
                let thread = self.thread(&named.id)?;
                self.say(&Said::Resolve { taken: false }, Some(&thread.id))
            }
            ReviewAction::Reopen(named) => {
                let thread = self.thread(&named.id)?;
                self.say(&Said::Reopen, Some(&thread.id))
            }
            ReviewAction::Take(named) => self.take(self.thread(&named.id)?),
            ReviewAction::Approve(approve) => {
                if self.authors().contains(&self.by.name) {
                    let other = release::committed_as(self.library, &self.snapshot, &self.by);
                    let person = Person { git: other.or_else(|| self.by.git.clone()), ..self.by.clone() };
                    return Err(Error::new(
                        Kind::Finding,
                        format!("{} has written this, and authors do not approve their own work here", person.words()),
                    )
                    .hint("ask somebody else, or set `authors_may_approve = true` under [review] in greenroom.toml"));
                }
                self.decide(Decision::Approve, approve.text.clone().unwrap_or_default())
            }
            ReviewAction::RequestChanges(request) => {
                self.decide(Decision::RequestChanges, words(&request.text, "a request for changes")?)
            }
            ReviewAction::Done(done) => {
                let stage = stage(&done.stage)?;
                let text = done.text.clone().unwrap_or_default();
                self.say(&Said::Done { stage, sha256: Some(self.sha256()?), text }, None)
            }
        }
    }

    fn sha256(&self) -> Result<String> {
        self.library.evidence(&self.snapshot)
    }

    /// Whose approvals do not count.
    fn authors(&self) -> BTreeSet<String> {
        release::authors(self.library, &self.settings.review, &self.snapshot, &[&self.reviewed.review], &self.by)
    }

    fn decide(&self, decision: Decision, text: String) -> Result<u8> {
        self.say(&Said::Decide { decision, sha256: self.sha256()?, text }, None)
    }

    fn say(&self, said: &Said, of: Option<&str>) -> Result<u8> {
        let Entered { id, mut files } = self.library.say(&self.snapshot, said, of, &self.by, Timestamp::now())?;
        if self.output.json {
            let file = self.library.review_file(&self.snapshot);
            self.output.document(&json!({ "id": id, "by": self.by.name, "file": file.to_string_lossy() }))?;
        } else {
            self.output.content(&format!("{id}\n"))?;
        }
        let what = said.subject(&format!("{} {}", self.snapshot.prompt, self.snapshot.which));
        if said.is_a_step() && self.snapshot.which == Which::Draft {
            files.extend(release::handed_over(self.library, &self.snapshot.prompt));
        }
        commits::offer(self.library, self.settings, &files, &what, self.output);
        Ok(0)
    }

    fn anchor(&self, comment: &args::Comment) -> Result<Anchor> {
        let section = comment.section.as_deref().map(section).transpose()?;
        if let Some(line) = &comment.line {
            let anchor = self.lines(line)?;
            if let Some(wanted) = section {
                let reading = Reading::of(&self.snapshot.text);
                let stands = reading.place(&anchor).line().and_then(|line| reading.section_of(line));
                if stands != wanted {
                    let stands = stands.map_or("before the first heading", SectionId::title);
                    return Err(Error::input(format!("line {line} is not in that section but in {stands}"))
                        .hint("leave --section out: the line says it"));
                }
            }
            return Ok(anchor);
        }
        if let Some(name) = &comment.variable {
            let anchor = Anchor::Variable(name.clone());
            let declared = self.snapshot.variables.get(name).is_some();
            if !declared && Reading::of(&self.snapshot.text).place(&anchor).is_outdated() {
                return Err(Error::input(format!("`{name}` is neither used nor declared here"))
                    .hint(format!("`greenroom vars {}` lists the variables", self.snapshot.prompt)));
            }
            return Ok(anchor);
        }
        Ok(section.map_or(Anchor::Whole, Anchor::Section))
    }

    /// An anchor on the lines that `N` or `N-M` means.
    fn lines(&self, given: &str) -> Result<Anchor> {
        let (first, last) = given.split_once('-').unwrap_or((given, given));
        let number = |text: &str| text.trim().parse::<usize>().ok().filter(|line| *line > 0);
        let (Some(first), Some(last)) = (number(first), number(last)) else {
            return Err(Error::input(format!("`--line {given}` is no line")).hint("as in --line 42 or --line 42-45"));
        };
        let reading = Reading::of(&self.snapshot.text);
        let there = reading.len();
        reading.anchor(first, last).ok_or_else(|| {
            Error::input(format!("there are no lines {given}: the text has {there}"))
                .at(self.snapshot.folder.join("system_prompt.txt"))
        })
    }

    fn thread(&self, id: &str) -> Result<&Thread> {
        let review: &Review = &self.reviewed.review;
        match review.thread(id) {
            Finding::One(thread) => Ok(thread),
            Finding::Several(names) => {
                Err(Error::input(format!("several comments begin with `{id}`")).hint(names.join(", ")))
            }
            Finding::None => {
                let all: Vec<_> = review.threads.iter().map(|thread| thread.id.as_str()).collect();
                let hint = match (nearest(id, all.iter().copied()), all.is_empty()) {
                    (_, true) => "nothing was said yet".to_owned(),
                    (Some(near), _) => format!("is it `{near}`?"),
                    (None, _) => format!("`greenroom review {}` lists them", self.snapshot.prompt),
                };
                Err(Error::input(format!("there is no comment `{id}`")).hint(hint))
            }
        }
    }

    /// Puts the replacement in place of the lines, in the draft's file, and settles the suggestion.
    fn take(&self, thread: &Thread) -> Result<u8> {
        let Some(replacement) = &thread.replacement else {
            return Err(Error::input(format!("`{}` is a comment without a suggestion", thread.id))
                .hint("edit the draft, then `resolve` it"));
        };
        if self.snapshot.which != Which::Draft {
            return Err(Error::input("a version never changes").hint("take the suggestion into the draft"));
        }
        let Place::Lines { first, last } = Reading::of(&self.snapshot.text).place(&thread.anchor) else {
            return Err(Error::new(Kind::Finding, "the lines it is about have changed since, or are gone")
                .hint("edit the draft, then `resolve` it"));
        };
        let text = replaced(&self.snapshot.text, first, last, replacement);
        self.library.replace_draft(&self.snapshot, &text)?;
        let file = self.snapshot.folder.join("system_prompt.txt");
        let what = format!("{}: a suggestion by {} taken", self.snapshot.prompt, thread.by);
        commits::offer(self.library, self.settings, &[file], &what, self.output);
        self.say(&Said::Resolve { taken: true }, Some(&thread.id))
    }
}

fn section(id: &str) -> Result<Option<SectionId>> {
    if id == "unsorted" {
        return Ok(None);
    }
    let known = SectionId::ALL.into_iter().find(|section| section.id() == id);
    known.map(Some).ok_or_else(|| {
        let ids = SectionId::ALL.map(SectionId::id);
        let hint = nearest(id, ids).map_or_else(|| ids.join(", "), |near| format!("is it `{near}`?"));
        Error::input(format!("`{id}` is no section")).hint(hint)
    })
}

fn stage(id: &str) -> Result<Stage> {
    Stage::of(id).ok_or_else(|| {
        let hint = nearest(id, Stage::ALL.map(Stage::id));
        let hint = hint.map_or_else(Stage::ids, |near| format!("is it `{near}`?"));
        Error::input(format!("`{id}` is no stage")).hint(hint)
    })
}

/// What was typed behind `-m`, which must say something.
fn words(given: &str, what: &str) -> Result<String> {
    let text = given::message(given)?;
    if text.trim().is_empty() {
        return Err(Error::input(format!("{what} needs words")).hint("say it with -m \"…\""));
    }
    Ok(text)
}
