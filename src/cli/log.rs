//! `greenroom log`: who changed a prompt, a section or a line, when, and why; in which versions a phrase stands.

use std::cmp::Reverse;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::cli::args::{Common, Log};
use crate::cli::output::Output;
use crate::cli::show::{UNSORTED, section};
use crate::diff::{Episode, Part, Place, RowKind, Told, Which, holding, story};
use crate::error::{Error, Result};
use crate::library::{self, Chapter, Course, Happened, Happening, Library};
use crate::prompt::SectionId;
use crate::prompt::lines::{lines, without_ending};
use crate::review::Decision;
use crate::sanitize::one_line;

/// Runs the command.
pub fn run(args: &Log, common: &Common, output: &Output) -> Result<u8> {
    let part = match (&args.section, &args.line) {
        (_, Some(line)) if line.trim().is_empty() => {
            return Err(Error::input("--line wants some words of the line").hint("as in --line \"never promise\""));
        }
        (Some(id), Some(line)) => Part::Line(line, Place::Section(section(id)?)),
        (None, Some(line)) => Part::Line(line, Place::Anywhere),
        (Some(id), None) => Part::Section(section(id)?),
        (None, None) => Part::Whole,
    };
    let library = Library::discover(common.library.as_deref())?;
    let chronicle = library.chronicle(&args.name)?;
    chronicle.problems.iter().for_each(|problem| Output::warn(problem));
    let chapters = &chronicle.chapters;
    if let Some(phrase) = &args.search {
        return search(args, phrase, chapters, output);
    }
    // what became of a version is no part of the story of one section or line
    let course = match part {
        Part::Whole => Some(library.course(&args.name)?),
        _ => None,
    };
    course.iter().flat_map(|course| &course.problems).for_each(|problem| Output::warn(problem));
    let texts: Vec<&str> = chapters.iter().map(|chapter| &*chapter.text).collect();
    let mut episodes = story(&texts, part);
    if let Some(course) = &course {
        // a version with the text of the one before is a version too
        for (state, chapter) in chapters.iter().enumerate() {
            let tells = matches!(chapter.which, library::Which::Version(_)) || !course.of(&chapter.which).is_empty();
            if tells && !episodes.iter().any(|episode| episode.state == state) {
                episodes.push(Episode { state, lines: Vec::new() });
            }
        }
        episodes.sort_by_key(|episode| Reverse(episode.state));
    }
    if output.json {
        let entries: Vec<Value> = episodes.iter().map(|episode| entry(episode, chapters, course.as_ref())).collect();
        output.document(&json!({
            "prompt": args.name,
            "section": args.section,
            "line": args.line,
            "entries": entries,
        }))?;
        return Ok(0);
    }
    if episodes.is_empty() {
        let what = args.line.as_ref().map_or("this section", |_| "a line with these words");
        output.note(&format!("no version of `{}` has {what}", args.name));
    }
    let mut text = String::new();
    for episode in &episodes {
        told(episode, chapters, part, output, &mut text);
        for happened in course.iter().flat_map(|course| course.of(&chapters[episode.state].which)) {
            let why = if happened.why.trim().is_empty() { String::new() } else { format!(": {}", happened.why.trim()) };
            let (what, beside) = became(&happened.what);
            let line = format!("{what} by {}{beside}{why}", happened.by);
            let _ = writeln!(text, "  {}  {}", happened.at.strftime("%Y-%m-%d %H:%M"), one_line(&line));
        }
        text.push('\n');
    }
    Output::raw(&text)?;
    Ok(0)
}

/// The versions that hold a phrase, the newest first.
fn search(args: &Log, phrase: &str, chapters: &[Chapter], output: &Output) -> Result<u8> {
    let found = chapters.iter().rev().map(|chapter| (chapter, holding(&chapter.text, phrase)));
    let found: Vec<_> = found.filter(|(_, numbers)| !numbers.is_empty()).collect();
    let held = |chapter: &Chapter, numbers: &[usize]| -> Vec<(usize, String)> {
        let all = (1..).zip(lines(&chapter.text)).filter(|(number, _)| numbers.binary_search(number).is_ok());
        all.map(|(number, line)| (number, without_ending(&chapter.text[line]).to_owned())).collect()
    };
    if output.json {
        let matches: Vec<Value> = found
            .iter()
            .map(|(chapter, numbers)| {
                let lines: Vec<Value> =
                    held(chapter, numbers).iter().map(|(at, text)| json!({"line": at, "text": text})).collect();
                json!({"version": chapter.which.to_string(), "date": chapter.date.map(|date| date.to_string()),
                       "lines": lines})
            })
            .collect();
        output.document(&json!({"prompt": args.name, "search": phrase, "matches": matches}))?;
        return Ok(0);
    }
    let mut text = String::new();
    for (chapter, numbers) in &found {
        heading(chapter, output, &mut text);
        for (number, line) in held(chapter, numbers) {
            let _ = writeln!(text, "  {number:>4} {}", one_line(&line));
        }
    }
    Output::raw(&text)?;
    output.note(&match found.len() {
        0 => format!("no version of `{}` holds these words", args.name),
        count => format!("{count} of {} versions and draft hold these words", chapters.len()),
    });
    Ok(0)
}

fn entry(episode: &Episode, chapters: &[Chapter], course: Option<&Course>) -> Value {
    let chapter = &chapters[episode.state];
    let changes: Vec<Value> = episode
        .lines
        .iter()
        .map(|told| {
            let kind = match (told.kind, told.which) {
                (RowKind::MoveFrom, _) => "move_from",
                (RowKind::MoveTo, _) => "move_to",
                (_, Which::From) => "delete",
                (_, Which::To) => "insert",
            };
            let emphasis: Vec<[usize; 2]> = told.emphasis.iter().map(|span| [span.start, span.end]).collect();
            let section = told.section.map_or(UNSORTED, SectionId::id);
            json!({"section": section, "kind": kind, "line": told.number, "text": told.text, "emphasis": emphasis})
        })
        .collect();
    let mut entry = json!({
        "version": chapter.which.to_string(),
        "date": chapter.date.map(|date| date.to_string()),
        "by": chapter.by,
        "what": chapter.what,
        "why": chapter.why,
        "changes": changes,
    });
    if let Some(course) = course {
        entry["became"] = course.of(&chapter.which).iter().map(event).collect();
    }
    entry
}

/// `1.2.0  2024-03-15  Jo Doe`
fn heading(chapter: &Chapter, output: &Output, text: &mut String) {
    let mut head = chapter.which.to_string();
    if let Some(date) = chapter.date {
        let _ = write!(head, "  {date}");
    }
    if let Some(by) = &chapter.by {
        let _ = write!(head, "  {}", one_line(by));
    }
    let _ = writeln!(text, "{}", output.strong(&head));
}

/// The most lines of one version; who wants all of them asks `diff`.
const MOST: usize = 24;

fn told(episode: &Episode, chapters: &[Chapter], part: Part<'_>, output: &Output, text: &mut String) {
    let chapter = &chapters[episode.state];
    heading(chapter, output, text);
    for (word, said) in [("", &chapter.what), ("why: ", &chapter.why)] {
        let mut word = word;
        for line in said.iter().flat_map(|said| said.lines()).filter(|line| !line.trim().is_empty()) {
            let _ = writeln!(text, "  {word}{}", one_line(line));
            word = "";
        }
    }
    let first = episode.state == 0;
    let mut last = None;
    if episode.lines.is_empty() {
        text.push_str("  the text is that of the version before\n");
    }
    // of a first version, and of a whole prompt, the lines are a number
    if matches!(part, Part::Whole) || (first && episode.lines.len() > MOST) {
        for id in [None].into_iter().chain(SectionId::ALL.map(Some)) {
            let of = |signs: &[char]| {
                episode.lines.iter().filter(|told| told.section == id && signs.contains(&told.sign)).count()
            };
            let (changed, gone, came, moved) = (of(&['~']).div_ceil(2), of(&['-']), of(&['+']), of(&['>']));
            if changed + gone + came + moved + of(&['<']) > 0 {
                let title = id.map_or("Unsorted", SectionId::title);
                let _ = writeln!(text, "  {title}: ~{changed} -{gone} +{came} <>{moved}");
            }
        }
    } else {
        for told in episode.lines.iter().take(MOST) {
            if last != Some(told.section) && matches!(part, Part::Line(..)) {
                let _ = writeln!(text, "  in {}", told.section.map_or("Unsorted", SectionId::title));
            }
            last = Some(told.section);
            let _ = writeln!(text, "  {}", line(told, output));
        }
        if episode.lines.len() > MOST {
            let _ = writeln!(text, "  {} {} lines more", output.sign("…"), episode.lines.len() - MOST);
        }
    }
}

/// What became of a version, before and behind the name of who did it.
fn became(what: &Happening) -> (String, &'static str) {
    match what {
        Happening::Decided { decision, void } => {
            let word = if *decision == Decision::Approve { "approved" } else { "changes requested" };
            (word.to_owned(), if *void { ", void since something changed" } else { "" })
        }
        Happening::Deployed { environment, forced } => {
            (format!("deployed to {environment}"), if *forced { ", by force" } else { "" })
        }
        Happening::ReturnedTo { environment, from: Some(from) } => {
            (format!("{environment} rolled back to it from {from}"), "")
        }
        Happening::ReturnedTo { environment, from: None } => (format!("{environment} rolled back to it"), ""),
        Happening::RolledBack { environment, to } => (format!("rolled back in {environment} to {to}"), ""),
    }
}

/// The same for a script.
fn event(happened: &Happened) -> Value {
    let mut event = json!({ "at": happened.at.to_string(), "by": happened.by, "why": happened.why });
    let more = match &happened.what {
        Happening::Decided { decision: Decision::Approve, void } => json!({ "kind": "approve", "void": void }),
        Happening::Decided { decision: Decision::RequestChanges, void } => {
            json!({ "kind": "request-changes", "void": void })
        }
        Happening::Deployed { environment, forced } => {
            json!({ "kind": "deploy", "environment": environment, "forced": forced })
        }
        Happening::ReturnedTo { environment, from } => {
            json!({ "kind": "rollback", "environment": environment, "from": from })
        }
        Happening::RolledBack { environment, to } => {
            json!({ "kind": "rolled-back", "environment": environment, "to": to })
        }
    };
    if let (Some(event), Value::Object(more)) = (event.as_object_mut(), more) {
        event.extend(more);
    }
    event
}

/// A line with its changed words between signs, or coloured.
fn line(told: &Told, output: &Output) -> String {
    let (open, close) = match (told.which, output.color) {
        (Which::From, false) => ("[-", "-]"),
        (Which::To, false) => ("{+", "+}"),
        (Which::From, true) => ("\x1b[31;7m", "\x1b[0m"),
        (Which::To, true) => ("\x1b[32;7m", "\x1b[0m"),
    };
    let mut text = format!("{}{:>4} ", told.sign, told.number);
    let mut at = 0;
    for span in &told.emphasis {
        text.push_str(&one_line(&told.text[at..span.start]));
        text.extend([open, &one_line(&told.text[span.clone()]), close]);
        at = span.end;
    }
    text.push_str(&one_line(&told.text[at..]));
    if let Some(note) = &told.note {
        let _ = write!(text, "  ({note})");
    }
    text
}
