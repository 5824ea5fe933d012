//! JSON: one object, a list of objects, or an object a line.

use std::path::Path;

use serde_json::value::RawValue;

use super::{Field, Pick, Record, Records};
use crate::error::{Error, Result};
use crate::source::json::{object, syntax};
use crate::source::{error_at, line_column, without_mark};

/// So deep objects are taken apart; what lies deeper stays JSON text.
const DEEPEST: usize = 16;
/// So many remarks are told.
const MOST_REMARKS: usize = 50;

/// One JSON document.
pub fn document(file: &Path, text: &str, picks: &[Pick]) -> Result<Records> {
    let mut reading = Reading::new(file, text, picks);
    let body = without_mark(text);
    if !body.trim_start().starts_with('[') {
        reading.add(body)?;
        return Ok(reading.records);
    }
    let all: Vec<&RawValue> = serde_json::from_str(body).map_err(|error| syntax(file, body, &error))?;
    for raw in all {
        reading.add(raw.get())?;
    }
    Ok(reading.records)
}

/// One JSON object a line; empty lines are passed over.
pub fn lines(file: &Path, text: &str, picks: &[Pick]) -> Result<Records> {
    let mut reading = Reading::new(file, text, picks);
    for line in without_mark(text).lines().filter(|line| !line.trim().is_empty()) {
        reading.add(line)?;
    }
    Ok(reading.records)
}

struct Reading<'a> {
    file: &'a Path,
    text: &'a str,
    picks: &'a [Pick],
    records: Records,
    /// A byte of the text and its line: what comes later is counted from here.
    counted: (usize, usize),
}

impl<'a> Reading<'a> {
    fn new(file: &'a Path, text: &'a str, picks: &'a [Pick]) -> Self {
        Self { file, text, picks, records: Records::default(), counted: (0, 1) }
    }

    /// The offset of `piece`, a slice of the text, and its line.
    fn place(&mut self, piece: &str) -> (usize, usize) {
        let offset = piece.as_ptr() as usize - self.text.as_ptr() as usize;
        let (from, line) = self.counted;
        if offset >= from {
            self.counted = (offset, line + self.text[from..offset].matches('\n').count());
        }
        (offset, self.counted.1)
    }

    /// Adds the object `raw`, a slice of the text.
    fn add(&mut self, raw: &str) -> Result<()> {
        let (_, line) = self.place(raw.trim_start());
        self.records.all.push(Record { line, fields: Vec::new() });
        self.take(raw, "", 0).map_err(|error| shifted(error, self.file, self.text, raw))?;
        for pick in self.picks {
            let by_name = |record: &Record| record.get(&pick.path).map(str::to_owned);
            let found = value_at(raw, &steps(&pick.path)).map(text_of);
            // a key with a dot of its own is found by the name that its field has
            if let Some(found) = found.or_else(|| self.records.all.last().and_then(by_name)) {
                self.put(pick.variable.clone(), found, line);
            }
        }
        Ok(())
    }

    fn put(&mut self, name: String, value: String, line: usize) {
        if let Some(record) = self.records.all.last_mut() {
            record.fields.push(Field { name, value, line });
        }
    }

    /// Takes the members of the object `raw`; those of objects within it under names with dots.
    fn take(&mut self, raw: &str, above: &str, depth: usize) -> Result<()> {
        for member in object(self.file, raw)? {
            let name = if above.is_empty() { member.key } else { format!("{above}.{}", member.key) };
            let (offset, line) = self.place(member.raw);
            match member.raw.as_bytes().first() {
                Some(b'{') if depth < DEEPEST => {
                    self.take(member.raw, &name, depth + 1)
                        .map_err(|error| shifted(error, self.file, raw, member.raw))?;
                    continue;
                }
                Some(b'n') => {
                    self.remark(offset, format!("`{name}` is null and was left out"));
                    continue;
                }
                Some(b'[' | b'{') => self.remark(offset, format!("`{name}` is a list: its JSON text is the value")),
                _ => {}
            }
            self.put(name, text_of(member.raw), line);
        }
        Ok(())
    }

    fn remark(&mut self, offset: usize, message: String) {
        // of a long log the first few are enough
        if self.records.remarks.len() < MOST_REMARKS {
            let remark = error_at(self.file, self.text, offset, message);
            self.records.remarks.push(remark);
        }
    }
}

/// An error about a piece of the text, with its place in the whole.
fn shifted(error: Error, file: &Path, text: &str, piece: &str) -> Error {
    let Some(place) = &error.place else { return error };
    let offset = piece.as_ptr() as usize - text.as_ptr() as usize;
    let (line, column) = line_column(text, offset);
    let (own, own_column) = (place.line.unwrap_or(1), place.column.unwrap_or(1));
    let column = if own == 1 { column + own_column - 1 } else { own_column };
    error.at_line(file, line + own - 1, Some(column))
}

/// A text's content; anything else as it is written.
fn text_of(raw: &str) -> String {
    if raw.starts_with('"') { serde_json::from_str(raw).unwrap_or_default() } else { raw.to_owned() }
}

/// The keys and numbers of a path: `/a/b~1c/0`, `$.a.b[0]`, `a.b`.
fn steps(path: &str) -> Vec<String> {
    if let Some(pointer) = path.strip_prefix('/') {
        return pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    }
    let path = path.strip_prefix("$.").unwrap_or(path);
    path.split(['.', '[']).map(|step| step.strip_suffix(']').unwrap_or(step).to_owned()).collect()
}

/// The value at the end of a path; null counts as none.
fn value_at<'a>(raw: &'a str, steps: &[String]) -> Option<&'a str> {
    let Some((step, rest)) = steps.split_first() else { return (raw != "null").then_some(raw) };
    if raw.trim_start().starts_with('[') {
        let all: Vec<&'a RawValue> = serde_json::from_str(raw).ok()?;
        let index = step.parse::<usize>().ok()?;
        return value_at(all.get(index)?.get(), rest);
    }
    let member = object(Path::new(""), raw).ok()?.into_iter().find(|member| member.key == *step)?;
    value_at(member.raw, rest)
}
