//! `greenroom show`: the text of a prompt as it is stored, its sections as JSON.

use serde_json::{Value, json};

use crate::cli::args::{Common, Show};
use crate::cli::output::Output;
use crate::error::{Error, Result};
use crate::library::{Library, Reference, Snapshot, Which};
use crate::prompt::{Document, SectionId, template};

/// Runs the command.
pub fn run(args: &Show, common: &Common, output: &Output) -> Result<u8> {
    let section = args.section.as_deref().map(section).transpose()?;
    let snapshot = snapshot(&Library::discover(common.library.as_deref())?, &args.reference)?;
    let document = Document::parse(&snapshot.text);
    if let Some(id) = section
        && document.part(id).is_none()
    {
        let title = id.map_or("unsorted text", SectionId::title);
        return Err(Error::input(format!("`{}` has no section {title}", args.reference))
            .at(snapshot.folder.join("system_prompt.txt"))
            .hint(format!("it has {}", titles(&document))));
    }
    if output.json {
        output.document(&sections(&snapshot, &document))?;
    } else {
        match section.and_then(|id| document.part(id)) {
            Some(part) => output.content(&part.stored())?,
            None => output.content(&snapshot.text)?,
        }
    }
    Ok(0)
}

/// The state that a reference names.
pub fn snapshot(library: &Library, reference: &str) -> Result<Snapshot> {
    let (name, which) = resolve(library, &Reference::parse(reference)?)?;
    library.read(&name, &which)
}

/// What a reference names. Where it is what an environment runs, and lines of the log cannot be read that may say
/// something else, that is told on standard error.
pub fn resolve(library: &Library, reference: &Reference) -> Result<(String, Which)> {
    for doubt in library.doubts(reference) {
        Output::warn(&doubt);
    }
    library.resolve(reference)
}

/// The section with this id, title or alias; `unsorted` is the text before the first heading.
pub fn section(text: &str) -> Result<Option<SectionId>> {
    if text == UNSORTED {
        return Ok(None);
    }
    let ids = SectionId::ALL.map(SectionId::id).join(", ");
    SectionId::from_id(text)
        .or_else(|| SectionId::from_name(text))
        .map(Some)
        .ok_or_else(|| Error::input(format!("`{text}` is no section")).hint(format!("{ids} and {UNSORTED} are")))
}

/// The id of the text that belongs to no section.
pub const UNSORTED: &str = "unsorted";

fn titles(document: &Document) -> String {
    let titles: Vec<&str> = document.parts().iter().filter_map(|part| part.id).map(SectionId::title).collect();
    if titles.is_empty() { "no headings, so all of it is unsorted".to_owned() } else { titles.join(", ") }
}

fn sections(snapshot: &Snapshot, document: &Document) -> Value {
    let unsorted = document.part(None).map(crate::prompt::Part::content);
    let sections = SectionId::ALL.map(|id| {
        let part = document.part(Some(id));
        json!({
            "id": id.id(),
            "title": id.title(),
            "heading": part.and_then(crate::prompt::Part::heading_text),
            "body": part.map_or_else(Default::default, crate::prompt::Part::content),
            "line": document.heading_line(Some(id)),
        })
    });
    json!({
        "prompt": snapshot.prompt,
        "version": snapshot.which.to_string(),
        "style": document.style.id(),
        "unsorted": unsorted.unwrap_or_default(),
        "sections": sections,
        "variables": template::names(&snapshot.text),
        "config": snapshot.config.0,
    })
}
