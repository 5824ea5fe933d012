//! `releases.jsonl`: what each environment runs. Lines may stand in any order; the later `at` wins.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use semver::Version;
use serde::Deserialize;

use crate::error::Error;
use crate::library::check_name;
use crate::library::names::version_of;
use crate::source::json;

#[derive(Deserialize)]
struct Record {
    at: String,
    kind: String,
    environment: String,
    version: String,
}

/// What runs where, by environment, and the lines that could not be read; the other lines count.
pub fn read(file: &Path, text: &str) -> (Vec<(String, Version)>, Vec<Error>) {
    let mut latest: BTreeMap<String, (Timestamp, Version)> = BTreeMap::new();
    let mut errors = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match record(file, line) {
            Ok(Some((environment, when, version))) => {
                if latest.get(&environment).is_none_or(|(known, _)| *known <= when) {
                    latest.insert(environment, (when, version));
                }
            }
            Ok(None) => {}
            Err(error) => {
                let column = error.place.as_ref().and_then(|place| place.column);
                errors.push(error.at_line(file, at + 1, column));
            }
        }
    }
    (latest.into_iter().map(|(environment, (_, version))| (environment, version)).collect(), errors)
}

/// One line; `None` for a kind that a later program writes.
fn record(file: &Path, line: &str) -> Result<Option<(String, Timestamp, Version)>, Error> {
    let record: Record = serde_json::from_str(line).map_err(|error| json::syntax(file, line, &error))?;
    if record.kind != "deploy" && record.kind != "rollback" {
        return Ok(None);
    }
    check_name("environment", &record.environment)?;
    let when: Timestamp = record
        .at
        .parse()
        .map_err(|_| Error::input(format!("`{}` is not a time: RFC 3339, as 2024-03-15T09:30:00Z", record.at)))?;
    let version = version_of(&record.version)
        .ok_or_else(|| Error::input(format!("`{}` is not a version: three numbers, as in 1.2.0", record.version)))?;
    Ok(Some((record.environment, when, version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_later_time_wins_wherever_its_line_stands() {
        let text = concat!(
            "{\"at\":\"2024-03-02T00:00:00Z\",\"by\":\"a\",\"kind\":\"rollback\",\"environment\":\"production\",\"version\":\"1.0.0\"}\n",
            "{\"at\":\"2024-03-02T00:30:00+02:00\",\"by\":\"a\",\"kind\":\"deploy\",\"environment\":\"production\",\"version\":\"1.1.0\"}\n",
            "{\"at\":\"2024-01-01T00:00:00Z\",\"by\":\"a\",\"kind\":\"deploy\",\"environment\":\"staging\",\"version\":\"1.1.0\"}\n",
            "{\"at\":\"2025-01-01T00:00:00Z\",\"by\":\"a\",\"kind\":\"freeze\",\"environment\":\"staging\",\"version\":\"9.0.0\"}\n",
        );
        let (running, errors) = read(Path::new("r"), text);
        assert!(errors.is_empty());
        assert_eq!(
            running,
            [("production".to_owned(), Version::new(1, 0, 0)), ("staging".to_owned(), Version::new(1, 1, 0))]
        );
    }

    #[test]
    fn a_damaged_line_has_its_number_and_the_others_count() {
        let text = "{\n\n{\"at\":\"2024-01-01T00:00:00Z\",\"kind\":\"deploy\",\"environment\":\"a\",\"version\":\"1.0.0\"}\n\
                    {\"at\":\"today\",\"kind\":\"deploy\",\"environment\":\"a\",\"version\":\"1.0.0\"}";
        let (running, errors) = read(Path::new("r"), text);
        assert_eq!(running.len(), 1);
        let lines: Vec<_> = errors.iter().map(|error| error.place.as_ref().unwrap().line.unwrap()).collect();
        assert_eq!(lines, [1, 4]);
    }
}
