//! `releases.jsonl`: what each environment runs. Lines may stand in any order; the later `at` wins.

use std::collections::BTreeMap;
use std::path::Path;

use semver::Version;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::library::names::version_of;
use crate::library::{Ledger, Line, check_name};
use crate::source::ledger;

#[derive(Deserialize)]
struct Record {
    environment: String,
    version: String,
}

/// What runs where, by environment, and the lines that could not be read; the other lines count.
pub fn read(file: &Path, bytes: &[u8]) -> (Vec<(String, Version)>, Vec<Error>) {
    let Ledger { lines, damaged: mut errors } = ledger::read(file, bytes);
    let mut latest: BTreeMap<String, Version> = BTreeMap::new();
    // the lines stand by their time
    for line in &lines {
        match record(file, line) {
            Ok(Some((environment, version))) => {
                latest.insert(environment, version);
            }
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    errors.sort_by_key(|error| error.place.as_ref().and_then(|place| place.line));
    (latest.into_iter().collect(), errors)
}

/// One line; `None` for a kind that a later program writes.
fn record(file: &Path, line: &Line) -> Result<Option<(String, Version)>> {
    if line.kind != "deploy" && line.kind != "rollback" {
        return Ok(None);
    }
    let record: Record = line.parsed(file)?;
    check_name("environment", &record.environment).map_err(|error| error.at_line(file, line.number, None))?;
    let version = version_of(&record.version).ok_or_else(|| {
        Error::input(format!("`{}` is not a version: three numbers, as in 1.2.0", record.version)).at_line(
            file,
            line.number,
            None,
        )
    })?;
    Ok(Some((record.environment, version)))
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
        let (running, errors) = read(Path::new("r"), text.as_bytes());
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
        let (running, errors) = read(Path::new("r"), text.as_bytes());
        assert_eq!(running.len(), 1);
        let lines: Vec<_> = errors.iter().map(|error| error.place.as_ref().unwrap().line.unwrap()).collect();
        assert_eq!(lines, [1, 4]);
    }
}
