//! Files that are only ever added to: one JSON object a line, each with `at`, `by` and mostly a `kind`.
//!
//! Such a file is written by many programs and merged by git, so it is read as far as it makes sense: lines may stand in
//! any order and twice, one may be torn, two may have run together, and a later greenroom may have written kinds and keys
//! that are not known here. Nothing here decides what a line means, and nothing here writes.

use std::collections::HashSet;
use std::path::Path;

use foldhash::fast::RandomState;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::source::{json, line_column};

/// One entry of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line it stands on, from 1.
    pub number: usize,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; empty where the line does not say.
    pub by: String,
    /// What happened; empty where the file has one kind of entry only.
    pub kind: String,
    /// The JSON object exactly as it is written, with all its keys.
    pub text: String,
}

/// What could be read of a ledger, and what could not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// The entries by the time they happened, then by their place; one that stands twice is here once.
    pub lines: Vec<Line>,
    /// Each line that is no entry, with its file, line and column.
    pub damaged: Vec<Error>,
}

#[derive(Deserialize)]
struct Head {
    at: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    kind: String,
}

/// Reads the bytes of a ledger, which stand in `file`.
pub fn read(file: &Path, bytes: &[u8]) -> Ledger {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut ledger = Ledger::default();
    let mut seen: HashSet<&str, RandomState> = HashSet::default();
    let mut marked = false;
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let number = index + 1;
        let text = match std::str::from_utf8(line) {
            Ok(text) => text,
            Err(error) => {
                let before = String::from_utf8_lossy(&line[..error.valid_up_to()]);
                let column = line_column(&before, before.len()).1;
                ledger.damaged.push(Error::input("is not UTF-8").at_line(file, number, Some(column)));
                continue;
            }
        };
        if text.trim().is_empty() {
            continue;
        }
        if is_conflict_mark(text) {
            // one conflict has three marks or four: the first says it all
            if !marked {
                let error =
                    Error::input("holds the marks of a merge that is not resolved").at_line(file, number, Some(1));
                ledger.damaged.push(error.hint("keep the lines of both sides and delete the marks"));
            }
            marked = true;
            continue;
        }
        // two entries run together where a last line had no end and somebody added to it
        let mut entries = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        loop {
            let began = entries.byte_offset();
            match entries.next() {
                None => break,
                Some(Ok(raw)) => {
                    let written = raw.get().trim();
                    if !seen.insert(written) {
                        continue;
                    }
                    match entry(number, written) {
                        Ok(line) => ledger.lines.push(line),
                        Err(Unread::Json(error)) => {
                            let offset = began + text[began..].find(written).unwrap_or_default();
                            ledger.damaged.push(shifted(
                                json::syntax(file, written, &error),
                                file,
                                number,
                                text,
                                offset,
                            ));
                        }
                        Err(Unread::Time(said)) => {
                            let column = text.find("\"at\"").map(|offset| line_column(text, offset).1);
                            ledger.damaged.push(Error::input(said).at_line(file, number, column));
                        }
                    }
                }
                Some(Err(error)) => {
                    ledger.damaged.push(shifted(json::syntax(file, text, &error), file, number, text, 0));
                    break;
                }
            }
        }
    }
    ledger.lines.sort_by_key(|line| line.at);
    ledger
}

enum Unread {
    Json(serde_json::Error),
    Time(String),
}

fn entry(number: usize, text: &str) -> Result<Line, Unread> {
    let head: Head = serde_json::from_str(text).map_err(Unread::Json)?;
    let at = head
        .at
        .parse()
        .map_err(|_| Unread::Time(format!("`{}` is not a time: RFC 3339, as 2024-03-15T09:30:00Z", head.at)))?;
    Ok(Line { number, at, by: head.by, kind: head.kind, text: text.to_owned() })
}

/// An error in one entry as one in the file: it stands on line `number`, `offset` bytes into the line `text`.
fn shifted(error: Error, file: &Path, number: usize, text: &str, offset: usize) -> Error {
    let before = line_column(text, offset).1 - 1;
    let column = error.place.as_ref().and_then(|place| place.column).map(|column| column + before);
    error.at_line(file, number, column)
}

fn is_conflict_mark(text: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| text.starts_with(mark))
}

impl Line {
    /// The entry as a `T`; keys that a `T` does not have are left aside.
    ///
    /// # Errors
    /// When a key is missing or holds something else; the error says where in `file`.
    pub fn parsed<T: DeserializeOwned>(&self, file: &Path) -> Result<T> {
        serde_json::from_str(&self.text)
            .map_err(|error| shifted(json::syntax(file, &self.text, &error), file, self.number, &self.text, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = concat!(
        "{\"at\":\"2024-03-02T00:00:00Z\",\"by\":\"Zoë\",\"kind\":\"deploy\",\"why\":\"größer\"}\n",
        "{\"at\":\"2024-03-01T00:00:00Z\",\"by\":\"Ana\",\"kind\":\"rollback\",\"later\":{\"x\":[1]}}\n",
        "{\"at\":\"2024-03-03T02:00:00+02:00\",\"by\":\"Ana\",\"kind\":\"a kind of next year\"}\n",
    );

    fn read_text(text: &str) -> Ledger {
        read(Path::new("log.jsonl"), text.as_bytes())
    }

    fn numbers(ledger: &Ledger) -> Vec<usize> {
        ledger.lines.iter().map(|line| line.number).collect()
    }

    fn damage(text: &str) -> Vec<String> {
        read_text(text).damaged.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn entries_stand_by_their_time_wherever_their_lines_stand() {
        let ledger = read_text(SAMPLE);
        assert_eq!((numbers(&ledger), ledger.damaged.len()), (vec![2, 1, 3], 0));
        assert_eq!(ledger.lines[0].by, "Ana");
        assert!(ledger.lines[0].text.contains("\"later\":{\"x\":[1]}"), "unknown keys are kept");
        assert_eq!(ledger.lines[2].kind, "a kind of next year");
    }

    #[test]
    fn of_two_entries_of_one_moment_the_lower_line_is_the_later() {
        let line = |by: &str| format!("{{\"at\":\"2024-03-02T00:00:00Z\",\"by\":\"{by}\"}}\n");
        let ledger = read_text(&(line("b") + &line("a")));
        assert_eq!(ledger.lines.last().unwrap().by, "a");
    }

    #[test]
    fn a_file_that_is_cut_off_at_any_byte_keeps_every_whole_line() {
        let bytes = SAMPLE.as_bytes();
        for end in 0..=bytes.len() {
            let ledger = read(Path::new("x"), &bytes[..end]);
            let whole = bytes[..end].split(|byte| *byte == b'\n').count() - 1;
            let torn = bytes[..end].split(|byte| *byte == b'\n').next_back().unwrap();
            // a last line may be complete without its end
            let complete = torn.ends_with(b"}") && serde_json::from_slice::<serde_json::Value>(torn).is_ok();
            assert_eq!(ledger.lines.len(), whole + usize::from(complete), "{end}");
            assert_eq!(ledger.damaged.len(), usize::from(!torn.is_empty() && !complete), "{end}");
            for error in &ledger.damaged {
                let place = error.place.as_ref().unwrap();
                assert_eq!(place.line, Some(whole + 1), "{end}");
                assert!(place.column.is_some(), "{end}");
            }
        }
    }

    #[test]
    fn lines_that_stand_twice_count_once() {
        let ledger = read_text(&(SAMPLE.to_owned() + SAMPLE));
        assert_eq!((ledger.lines.len(), ledger.damaged.len()), (3, 0));
    }

    #[test]
    fn two_entries_that_ran_together_are_two() {
        let ledger = read_text(&SAMPLE.replace('\n', ""));
        assert_eq!((numbers(&ledger), ledger.damaged.len()), (vec![1, 1, 1], 0));
        let torn = SAMPLE.replacen("größer\"}\n", "grö", 1);
        let ledger = read_text(&torn);
        assert_eq!(numbers(&ledger), [2]);
        assert_eq!(ledger.damaged[0].place.as_ref().unwrap().line, Some(1));
    }

    #[test]
    fn other_line_endings_blank_lines_and_a_byte_order_mark_are_no_damage() {
        let text = format!("\u{feff}\r\n{}\n \n", SAMPLE.replace('\n', "\r\n"));
        let ledger = read_text(&text);
        assert_eq!((ledger.lines.len(), ledger.damaged.len()), (3, 0), "{:?}", ledger.damaged);
    }

    #[test]
    fn each_damaged_line_has_its_place_and_the_others_count() {
        let text = format!(
            "{{\"by\":\"a\"}}\n[1]\n{{\"at\":\"today\",\"by\":\"a\"}}\n{SAMPLE}  nonsense\n{{\"at\":\"2024-01-01T00:00:00Z\",\"by\":3}}\n"
        );
        let found = damage(&text);
        assert_eq!(read_text(&text).lines.len(), 3);
        assert_eq!(found.len(), 5, "{found:#?}");
        assert!(found[0].starts_with("log.jsonl:1:"), "{found:#?}");
        assert!(found[1].starts_with("log.jsonl:2:"), "{found:#?}");
        assert!(found[2].starts_with("log.jsonl:3:2: `today` is not a time"), "{found:#?}");
        assert!(found[3].starts_with("log.jsonl:7:3:") || found[3].starts_with("log.jsonl:7:4:"), "{found:#?}");
        assert!(found[4].starts_with("log.jsonl:8:"), "{found:#?}");
    }

    #[test]
    fn the_marks_of_a_merge_are_named_as_such_and_both_sides_count() {
        let lines: Vec<_> = SAMPLE.lines().collect();
        let text = format!("{}\n<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n", lines[0], lines[1], lines[2]);
        assert_eq!(read_text(&text).lines.len(), 3);
        assert_eq!(
            damage(&text),
            [
                "log.jsonl:2:1: holds the marks of a merge that is not resolved (keep the lines of both sides and delete the marks)"
            ]
        );
    }

    #[test]
    fn bytes_that_are_no_text_cost_one_line() {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        let at = bytes.iter().position(|byte| *byte == 0xc3).unwrap();
        bytes[at + 1] = 0xff;
        let ledger = read(Path::new("x"), &bytes);
        assert_eq!(numbers(&ledger), [2, 3]);
        assert!(ledger.damaged[0].to_string().starts_with("x:1:"), "{}", ledger.damaged[0]);
    }

    #[test]
    fn an_entry_that_lacks_what_is_asked_of_it_says_where() {
        #[derive(Debug, Deserialize)]
        struct Whole {
            #[serde(rename = "why")]
            _why: String,
        }
        let ledger = read_text(SAMPLE);
        assert!(ledger.lines[1].parsed::<Whole>(Path::new("x")).is_ok());
        let error = ledger.lines[0].parsed::<Whole>(Path::new("x")).unwrap_err();
        assert!(error.to_string().starts_with("x:2:"), "{error}");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(proptest::sample::select(
            &b"{}\"at:by,\n\r2024-01-01T00:00:00Z\xff\xc3\xa9[] "[..]), 0..120)) {
            let ledger = read(Path::new("x"), &bytes);
            let lines = bytes.split(|byte| *byte == b'\n').count();
            for error in &ledger.damaged {
                let line = error.place.as_ref().and_then(|place| place.line).unwrap();
                proptest::prop_assert!((1..=lines).contains(&line));
            }
        }
    }
}
