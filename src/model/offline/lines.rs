//! The instructions of a prompt, a line each, and which of them say when to hand over.

use crate::prompt::{Document, SectionId};

/// One part of a prompt: a section, or the text before the first heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// As it is shown.
    pub title: String,
    /// Whether it is Safety Rails, whose every line says when to stop.
    pub safety: bool,
    /// The line of the filled prompt that the body starts on, from 1.
    pub first_line: usize,
    /// Its text.
    pub body: String,
}

/// One line that instructs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    /// Which part it stands in, by its place among the parts.
    pub part: usize,
    /// The line of the filled prompt, from 1.
    pub line: usize,
    /// The line without the blanks around it.
    pub text: String,
    /// Whether it is a reason to stop or to hand over.
    pub trigger: bool,
}

/// The lines of `parts` that say something of their own: no headings, no lines that only introduce a list, no fences.
pub(super) fn instructions(parts: &[Part]) -> Vec<Instruction> {
    let mut found = Vec::new();
    for (part, Part { safety, first_line, body, .. }) in parts.iter().enumerate() {
        let mut escalating = false;
        for (offset, line) in body.lines().enumerate() {
            let text = line.trim();
            if introduces(text) {
                escalating = speaks_of_handing_over(text);
            } else if text.chars().any(char::is_alphanumeric) && !text.starts_with("```") {
                let trigger = *safety || escalating || speaks_of_handing_over(text);
                found.push(Instruction { part, line: first_line + offset, text: text.to_owned(), trigger });
            }
        }
    }
    found
}

/// Whether a line only announces what follows: a heading, or words that end in a colon.
fn introduces(line: &str) -> bool {
    line.starts_with('#') || line.trim_end_matches(['*', '_']).ends_with(':')
}

fn speaks_of_handing_over(line: &str) -> bool {
    let line = line.to_lowercase();
    ["escalat", "hand over", "hand off", "handoff", "hand it over", "transfer to", "emergency", "stop and"]
        .iter()
        .any(|words| line.contains(words))
}

/// The parts of a filled prompt that hold anything at all, or at least a heading.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let document = Document::parse(text);
    let parts = document.parts().iter().filter(|part| part.id.is_some() || !part.body.trim().is_empty());
    parts
        .map(|part| Part {
            title: part.id.map_or("the text before the first heading", SectionId::title).to_owned(),
            safety: part.id == Some(SectionId::SafetyRails),
            first_line: document.body_line(part.id).unwrap_or(1),
            body: part.body.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(safety: bool, body: &str) -> Part {
        Part { title: "Part".into(), safety, first_line: 10, body: body.into() }
    }

    #[test]
    fn headings_lead_ins_blanks_and_fences_are_no_instructions() {
        let found =
            instructions(&[part(false, "## Tone\n\nYou can:\n- Export boards\n```\n---\n**Never:**\nGuess.\n")]);
        let texts: Vec<_> = found.iter().map(|line| (line.line, line.text.as_str())).collect();
        assert_eq!(texts, [(13, "- Export boards"), (17, "Guess.")]);
    }

    #[test]
    fn lines_under_an_escalation_heading_are_triggers_in_any_section() {
        let found = instructions(&[part(false, "Escalate when:\n- Data is lost\nOtherwise:\n- Answer\n")]);
        assert_eq!(found.iter().map(|line| line.trigger).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn every_line_of_safety_rails_is_a_trigger() {
        assert!(instructions(&[part(true, "Never guess.")])[0].trigger);
    }
}
