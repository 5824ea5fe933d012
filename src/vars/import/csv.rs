//! CSV: a heading with names and a row for each record, or the two columns `name` and `value`.

use std::path::Path;

use super::{Field, Record, Records};
use crate::error::{Error, Result};
use crate::source::without_mark;

/// Headings of the column that holds names, where the file has one name a row.
const NAMES: [&str; 3] = ["name", "variable", "key"];

/// What separates the fields of this heading; `None` when it has only one.
pub fn separator(heading: &str) -> Option<u8> {
    let count = |separator: u8| heading.bytes().filter(|byte| *byte == separator).count();
    [b',', b';', b'\t'].into_iter().filter(|separator| count(*separator) > 0).max_by_key(|separator| count(*separator))
}

/// Reads a table; fields in quotes may hold separators and line breaks.
pub fn read(file: &Path, text: &str) -> Result<Records> {
    let body = without_mark(text);
    let heading = body.lines().next().unwrap_or_default();
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(separator(heading).unwrap_or(b',')).from_reader(body.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => names.iter().map(|name| name.trim().to_owned()).collect(),
        Err(error) => return Err(complaint(file, &error)),
    };
    if let Some(twice) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        return Err(Error::input(format!("two columns are called `{}`", twice.1))
            .at_line(file, 1, None)
            .hint("keep one of them"));
    }
    let column = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.to_ascii_lowercase().as_str()));
    let pairs = column(&NAMES).zip(column(&["value"])).filter(|_| names.len() == 2);
    let mut records = Records::default();
    let (mut counted, mut line) = (0, 1);
    for row in reader.records() {
        let row = row.map_err(|error| complaint(file, &error))?;
        // counted here: the reader is one line short where lines end in two characters
        let start = row.position().map_or(0, |place| usize::try_from(place.byte()).unwrap_or(0));
        let start = start + body[start..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += body[counted..start].matches('\n').count();
        counted = start;
        let field = |name: &str, value: &str| Field { name: name.to_owned(), value: value.to_owned(), line };
        if let Some((name, value)) = pairs {
            if records.all.is_empty() {
                records.all.push(Record { line, fields: Vec::new() });
            }
            records.all[0].fields.push(field(row[name].trim(), &row[value]));
        } else {
            let fields = names.iter().zip(&row).map(|(name, value)| field(name, value)).collect();
            records.all.push(Record { line, fields });
        }
    }
    Ok(records)
}

fn complaint(file: &Path, error: &::csv::Error) -> Error {
    let line = error.position().map(|place| usize::try_from(place.line()).unwrap_or(0));
    let said = match error.kind() {
        ::csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("a row has {len} fields, and the heading has {expected_len}")
        }
        _ => format!("is not the CSV that is expected: {error}"),
    };
    let error = Error::input(said).hint("a field with the separator or a line break in it stands in double quotes");
    match line {
        Some(line) => error.at_line(file, line.max(1), Some(1)),
        None => error.at(file),
    }
}
