//! A variable's name in the eval suite: the placeholders of its texts and the keys of its `vars`.

use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle};

use super::{Edit, Tangled, What};
use crate::prompt::template;

/// One step of the document, without its places and its ways of writing.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Open(bool),
    Close,
    Text(String),
    Other,
}

/// A text of the document: where it stands, how it is written, and whether it is a key of a `vars` table.
struct Text {
    step: usize,
    place: Range<usize>,
    style: ScalarStyle,
    is_variable: bool,
}

/// Where `old` stands in an eval suite: placeholders in any text, keys of any `vars`. Comments are left alone.
///
/// # Errors
/// When the text is no YAML, or a placeholder is written in a way (folded over lines, with escapes) in which it cannot
/// be changed without guessing.
pub fn in_cases(text: &str, old: &str, new: &str) -> Result<Vec<Edit>, Tangled> {
    let (steps, texts) = read(text)?;
    let mut edits = Vec::new();
    let mut wanted = steps.clone();
    for found in texts {
        let Step::Text(value) = &steps[found.step] else { continue };
        let raw = &text[found.place.clone()];
        if found.is_variable && value == old {
            edits.push(Edit { range: found.place, with: written(raw, found.style, new), what: What::Key });
            wanted[found.step] = Step::Text(new.to_owned());
            continue;
        }
        let inner = super::in_text(value, old, new);
        if inner.is_empty() {
            continue;
        }
        let here = super::in_text(raw, old, new);
        if here.len() != inner.len() {
            let reason = format!("`{{{{{old}}}}}` is written with escapes or over several lines");
            return Err(Tangled { offset: found.place.start, reason });
        }
        wanted[found.step] = Step::Text(super::apply(value, &inner));
        let start = found.place.start;
        edits.extend(
            here.into_iter().map(|edit| Edit { range: edit.range.start + start..edit.range.end + start, ..edit }),
        );
    }
    edits.sort_by_key(|edit| edit.range.start);
    // what cannot be read back as the same document with the other name is not written
    match read(&super::apply(text, &edits)) {
        Ok((after, _)) if after == wanted => Ok(edits),
        _ => Err(Tangled {
            offset: edits.first().map_or(0, |edit| edit.range.start),
            reason: "the name is written in a way that cannot be changed alone".into(),
        }),
    }
}

/// Every name that the suite gives a value or asks for, with the byte of its first place.
///
/// # Errors
/// When the text is no YAML.
pub(crate) fn named_in_cases(text: &str) -> Result<Vec<(String, usize)>, Tangled> {
    let (steps, texts) = read(text)?;
    let mut names = Vec::new();
    for found in texts {
        let Step::Text(value) = &steps[found.step] else { continue };
        if found.is_variable {
            names.push((value.clone(), found.place.start));
        }
        names.extend(template::names(value).into_iter().map(|name| (name.to_owned(), found.place.start)));
    }
    Ok(names)
}

/// The new key, in quotes where the old one had them or a bare word would be no text.
fn written(raw: &str, style: ScalarStyle, new: &str) -> String {
    let bare = !matches!(
        new.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    match style {
        ScalarStyle::SingleQuoted => format!("'{new}'"),
        ScalarStyle::DoubleQuoted => format!("\"{new}\""),
        _ if bare && !raw.is_empty() => new.to_owned(),
        _ => format!("\"{new}\""),
    }
}

/// The document in steps, and its texts.
fn read(text: &str) -> Result<(Vec<Step>, Vec<Text>), Tangled> {
    /// A list or table that is open.
    struct Level {
        is_map: bool,
        /// Keys and values so far: a key comes at an even number.
        count: usize,
        is_vars: bool,
        /// The last key was `vars`.
        vars_next: bool,
    }
    let mut levels: Vec<Level> = Vec::new();
    let (mut steps, mut texts) = (Vec::new(), Vec::new());
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|error| Tangled {
            offset: error.marker().byte_offset().unwrap_or(0).min(text.len()),
            reason: format!("is not valid YAML: {}", error.info()),
        })?;
        let is_key = levels.last().is_some_and(|level| level.is_map && level.count % 2 == 0);
        let step = match &event {
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                let is_map = matches!(event, Event::MappingStart(..));
                let is_vars = levels.last().is_some_and(|level| level.vars_next) && !is_key;
                if let Some(level) = levels.last_mut() {
                    level.count += 1;
                    level.vars_next = false;
                }
                levels.push(Level { is_map, count: 0, is_vars, vars_next: false });
                Step::Open(is_map)
            }
            Event::MappingEnd | Event::SequenceEnd => {
                levels.pop();
                Step::Close
            }
            Event::Scalar(value, style, ..) => {
                let is_variable = is_key && levels.last().is_some_and(|level| level.is_vars);
                if let Some(level) = levels.last_mut() {
                    level.count += 1;
                    level.vars_next = is_key && !is_variable && value == "vars";
                }
                if let Some(place) = span.byte_range() {
                    texts.push(Text { step: steps.len(), place, style: *style, is_variable });
                }
                Step::Text(value.to_string())
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                if let Some(level) = levels.last_mut() {
                    level.count += 1;
                    level.vars_next = false;
                }
                Step::Other
            }
            _ => Step::Other,
        };
        steps.push(step);
    }
    Ok((steps, texts))
}
