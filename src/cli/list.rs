//! `greenroom list`: prompts, their versions, what runs where, what is damaged.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

use crate::cli::args::Common;
use crate::cli::output::Output;
use crate::error::Result;
use crate::git::Repository;
use crate::library::{Damage, Library, PromptEntry};
use crate::sanitize::one_line;

/// Runs the command. A damaged prompt is shown as one and is no failure.
pub fn run(common: &Common, output: &Output) -> Result<u8> {
    let library = Library::discover(common.library.as_deref())?;
    let prompts = library.list()?;
    let standing = Repository::of(library.root()).and_then(|repository| repository.standing());
    if output.json {
        let all: Vec<_> = prompts.iter().map(document).collect();
        let mut document = json!({ "library": library.root().to_string_lossy(), "prompts": all });
        if let Some(standing) = standing {
            document["git"] = json!({ "branch": standing.branch, "uncommitted": standing.uncommitted });
        }
        output.document(&document)?;
        return Ok(0);
    }
    let git = standing.map(|standing| format!(" ({standing})")).unwrap_or_default();
    output.note(&format!("library: {}{git}", library.root().display()));
    if prompts.is_empty() {
        output.note("it has no prompt yet: `greenroom new NAME` makes one");
    }
    Output::raw(&table(&prompts, output))?;
    Ok(0)
}

fn document(entry: &PromptEntry) -> Value {
    let environments: Map<String, Value> =
        entry.environments.iter().map(|(name, version)| (name.clone(), version.to_string().into())).collect();
    json!({
        "name": entry.name,
        "title": entry.title,
        "draft": entry.draft,
        "versions": entry.versions.iter().map(|version| version.version.to_string()).collect::<Vec<_>>(),
        "environments": environments,
        // no capability that plans reviews writes anything yet
        "due": [],
        "damaged": entry.damaged.iter().map(damage).collect::<Vec<_>>(),
    })
}

/// One damage as the JSON documents of `list` and `verify` show it.
pub fn damage(damage: &Damage) -> Value {
    json!({ "file": damage.file.to_string_lossy(), "line": damage.line, "reason": damage.reason })
}

/// One line a prompt, in columns; under a damaged one, a line for each reason.
fn table(prompts: &[PromptEntry], output: &Output) -> String {
    // whatever stands in a file's name or a title stays one line and is never sent to the terminal as it is
    let name = |entry: &PromptEntry| one_line(&entry.name).into_owned();
    let title = |entry: &PromptEntry| one_line(&entry.title).into_owned();
    let widest = |cell: &dyn Fn(&PromptEntry) -> String| {
        prompts.iter().map(|entry| cell(entry).width()).max().unwrap_or_default()
    };
    let (names, titles, states) = (widest(&name), widest(&title), widest(&states));
    let mut text = String::new();
    for entry in prompts {
        let mark = if entry.is_sound() { " " } else { "!" };
        let line = format!(
            "{mark} {}  {}  {}  {}",
            output.strong(&padded(&name(entry), names)),
            padded(&title(entry), titles),
            padded(&self::states(entry), states),
            environments(entry)
        );
        let _ = writeln!(text, "{}", line.trim_end());
        for damage in &entry.damaged {
            let _ = writeln!(text, "    {} {}", output.alarm("damaged:"), one_line(&damage.to_string()));
        }
    }
    text
}

/// `draft, 1.2.0 (2024-03-15) and 2 more`
fn states(entry: &PromptEntry) -> String {
    let draft = entry.draft.then(|| "draft".to_owned());
    let versions = entry.latest().map(|latest| match entry.versions.len() - 1 {
        0 => format!("{} ({})", latest.version, latest.date),
        others => format!("{} ({}) and {others} more", latest.version, latest.date),
    });
    let states: Vec<_> = draft.into_iter().chain(versions).collect();
    if states.is_empty() { "nothing".to_owned() } else { states.join(", ") }
}

fn environments(entry: &PromptEntry) -> String {
    let all: Vec<_> = entry
        .environments
        .iter()
        .map(|(name, version)| format!("{name} runs {version}{}", entry.doubt(name)))
        .collect();
    all.join(", ")
}

/// `text` with blanks up to `width` columns.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}
