//! A variable's name in a value set and in the template of the user's message.

use std::ops::Range;
use std::path::Path;

use super::{Edit, What};
use crate::error::Result;
use crate::prompt::template;
use crate::source::json;

/// The key `old` of a value set. Its order and every other byte stay.
///
/// # Errors
/// When the text is no flat JSON object, with its place.
pub fn in_values(file: &Path, text: &str, old: &str, new: &str) -> Result<Vec<Edit>> {
    let mut from = text.find('{').map_or(0, |brace| brace + 1);
    let mut edits = Vec::new();
    for member in json::object(file, text)? {
        if member.key == old {
            let start = from + text[from..member.offset].find('"').unwrap_or(0);
            let end = string_end(text, start);
            edits.push(Edit { range: start + 1..end - 1, with: new.to_owned(), what: What::Key });
        }
        from = member.offset + member.raw.len();
    }
    Ok(edits)
}

/// The placeholders of `old` in the `user_template` of a `config.json`.
///
/// # Errors
/// When the text is no JSON object, with its place.
pub fn in_config(file: &Path, text: &str, old: &str, new: &str) -> Result<Vec<Edit>> {
    let mut edits = Vec::new();
    for member in json::object(file, text)? {
        if member.key != "user_template" || !member.raw.starts_with('"') {
            continue;
        }
        let (decoded, places) = decoded(member.raw);
        let raw = |at: usize| member.offset + places[at].start;
        for edit in super::in_text(&decoded, old, new) {
            let range = raw(edit.range.start)..member.offset + places[edit.range.end - 1].end;
            edits.push(Edit { range, ..edit });
        }
    }
    Ok(edits)
}

/// The names that the `user_template` of a `config.json` asks for.
pub(crate) fn asked_in_config(file: &Path, text: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for member in json::object(file, text)? {
        if member.key == "user_template" && member.raw.starts_with('"') {
            names.extend(template::names(&decoded(member.raw).0).into_iter().map(str::to_owned));
        }
    }
    Ok(names)
}

/// The byte after the string that begins at `start`.
fn string_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

/// The text of a JSON string (with its quotes), and for each byte of it the bytes it was written as.
fn decoded(raw: &str) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut places = Vec::new();
    let end = raw.len().saturating_sub(1);
    let mut at = 1;
    while at < end {
        let escape = match raw.as_bytes().get(at + 1) {
            _ if raw.as_bytes()[at] != b'\\' => None,
            Some(b'u') => {
                // two escapes make one character where the first is a high surrogate
                let pair = raw.get(at..at + 12).filter(|both| serde_json::from_str::<String>(&quoted(both)).is_ok());
                let is_high = raw.get(at + 2..at + 3).is_some_and(|digit| digit.eq_ignore_ascii_case("d"));
                Some(if is_high && pair.is_some() { 12 } else { 6 })
            }
            _ => Some(2),
        };
        let length = escape.unwrap_or_else(|| raw[at..].chars().next().map_or(1, char::len_utf8));
        let piece = raw.get(at..at + length).unwrap_or_default();
        let piece =
            if escape.is_some() { serde_json::from_str(&quoted(piece)).unwrap_or_default() } else { piece.to_owned() };
        places.extend(std::iter::repeat_n(at..at + length, piece.len()));
        text.push_str(&piece);
        at += length;
    }
    (text, places)
}

fn quoted(raw: &str) -> String {
    format!("\"{raw}\"")
}
