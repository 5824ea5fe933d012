//! Values from other people's files: JSON, YAML, CSV, `.env` and logs of requests → records of named values.
//!
//! A value is the text it was written as: `1.10` stays `1.10`, `no` stays `no`. What is odd about a file and does no
//! harm is a remark; what makes it unreadable is an error with line and column. Nothing here knows which variables a
//! prompt has: `review` does.

mod csv;
mod env;
mod json;
mod yaml;

use std::path::Path;

use crate::error::{Error, Result};
use crate::prompt::template::is_name;
use crate::source::without_mark;

/// How values are written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One object, or a list of objects. Objects within objects give names with dots.
    Json,
    /// One JSON object a line, as a log of requests has them.
    Jsonl,
    /// A table of names, or a list of such tables.
    Yaml,
    /// A heading with names and a row for each record; or the two columns `name` and `value`.
    Csv,
    /// `NAME=value` lines.
    Env,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Json, Self::Jsonl, Self::Yaml, Self::Csv, Self::Env];

    /// The word that commands have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Yaml => "yaml",
            Self::Csv => "csv",
            Self::Env => "env",
        }
    }

    /// What a person calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Jsonl => "JSON lines",
            Self::Yaml => "YAML",
            Self::Csv => "CSV",
            Self::Env => ".env",
        }
    }

    /// The format that `text` most likely has; the ending of `file`, where it says one, decides.
    pub fn recognise(file: Option<&Path>, text: &str) -> Self {
        let name = file.and_then(Path::file_name).map(|name| name.to_string_lossy().to_ascii_lowercase());
        let ending = name.as_deref().and_then(|name| name.rsplit('.').next());
        match ending {
            Some("json") => return if lines_of_objects(text) { Self::Jsonl } else { Self::Json },
            Some("jsonl" | "ndjson") => return Self::Jsonl,
            Some("yaml" | "yml") => return Self::Yaml,
            Some("csv" | "tsv") => return Self::Csv,
            Some("env") => return Self::Env,
            _ if name.as_deref().is_some_and(|name| name.starts_with(".env")) => return Self::Env,
            _ => {}
        }
        let text = without_mark(text);
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let Some(first) = lines().next() else { return Self::Json };
        if lines_of_objects(text) {
            return Self::Jsonl;
        }
        if first.starts_with(['{', '[']) {
            return Self::Json;
        }
        let assigns = |line: &str| {
            let line = line.strip_prefix("export ").unwrap_or(line);
            line.split_once('=').is_some_and(|(name, _)| is_name(name.trim()))
        };
        if assigns(first) {
            return Self::Env;
        }
        let is_yaml =
            |line: &str| line == "---" || line.starts_with("- ") || line.ends_with(':') || line.contains(": ");
        let separated = csv::separator(first).is_some();
        if is_yaml(first) && !(separated && !first.contains(": ") && !first.ends_with(':')) {
            Self::Yaml
        } else {
            Self::Csv
        }
    }
}

/// Whether there are at least two lines and the first two of them are JSON objects of their own.
fn lines_of_objects(text: &str) -> bool {
    let mut lines = without_mark(text).lines().map(str::trim).filter(|line| !line.is_empty()).take(2);
    let is_object =
        |line: &str| line.starts_with('{') && serde_json::from_str::<&serde_json::value::RawValue>(line).is_ok();
    lines.next().is_some_and(is_object) && lines.next().is_some_and(is_object)
}

/// One named value of a record, and its 1-based place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, as the file has it; names within names are joined by dots.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Its line.
    pub line: usize,
}

/// One record of a file: what one value set is made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The line on which it begins.
    pub line: usize,
    /// Its values, in the order of the file.
    pub fields: Vec<Field>,
}

impl Record {
    /// The value of the last field of this name: later ones win, as in a shell.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|field| field.name == name).map(|field| field.value.as_str())
    }
}

/// Which field of a record a variable's value is taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The variable.
    pub variable: String,
    /// `/input/name`, `input.name`, `turns[0].text`, `$.input.name`; in CSV, YAML and `.env`, the field's name.
    pub path: String,
}

/// What was read of a file.
#[derive(Debug, Default)]
pub struct Records {
    /// The records, in the order of the file; never none.
    pub all: Vec<Record>,
    /// What is odd and does no harm.
    pub remarks: Vec<Error>,
}

/// Reads `text`. Where a variable is picked, its value stands in the record under the variable's name.
///
/// # Errors
/// When it is not of this format, or holds no record, with line and column.
pub fn read(file: &Path, text: &str, format: Format, picks: &[Pick]) -> Result<Records> {
    let mut records = match format {
        Format::Json => json::document(file, text, picks)?,
        Format::Jsonl => json::lines(file, text, picks)?,
        Format::Yaml => yaml::read(file, text)?,
        Format::Csv => csv::read(file, text)?,
        Format::Env => env::read(file, text)?,
    };
    if !matches!(format, Format::Json | Format::Jsonl) {
        for record in &mut records.all {
            pick_fields(record, picks);
        }
    }
    if records.all.is_empty() {
        return Err(Error::input(format!("holds no {} record", format.title())).at(file).hint("nothing was taken"));
    }
    Ok(records)
}

/// Gives the picked fields their variables' names.
fn pick_fields(record: &mut Record, picks: &[Pick]) {
    let picked: Vec<Field> = picks
        .iter()
        .filter_map(|pick| {
            let field = record.fields.iter().rev().find(|field| field.name == pick.path)?;
            Some(Field { name: pick.variable.clone(), ..field.clone() })
        })
        .collect();
    record.fields.extend(picked);
}

#[cfg(test)]
mod tests;
