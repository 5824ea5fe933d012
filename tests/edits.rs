//! Edits as people make them in prompts, with the reading that a person expects of each: which lines belong together,
//! which words changed. The pairs and their readings are `tests/edits/*.txt`.
//!
//! `␠` in them is a blank at the end of a line, `→` a tab, `␍` a carriage return: what an editor would not show.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use greenroom::diff::{State, Which, compare};
use serde_json::Map;

/// One pair: what was done, both texts, what is expected to be seen.
#[derive(Debug)]
struct Edit {
    title: String,
    before: String,
    after: String,
    reading: String,
}

fn edits(text: &str) -> Vec<Edit> {
    let part = |case: &str, from: &str, to: Option<&str>| {
        let rest = case.split_once(from).map(|(_, rest)| rest).unwrap_or_default();
        to.and_then(|to| rest.split_once(to)).map_or(rest, |(part, _)| part).to_owned()
    };
    let cases = text.split("=== ").filter(|case| !case.trim().is_empty());
    cases
        .map(|case| Edit {
            title: case.lines().next().unwrap_or_default().to_owned(),
            before: part(case, "--- before\n", Some("--- after\n")),
            after: part(case, "--- after\n", Some("--- reading\n")),
            reading: part(case, "--- reading\n", None),
        })
        .collect()
}

/// The characters that stand for others in these files.
const SHOWN: [(char, char); 3] = [('␠', ' '), ('→', '\t'), ('␍', '\r')];

fn written(text: &str) -> String {
    text.chars().map(|c| SHOWN.iter().find(|(shown, _)| *shown == c).map_or(c, |(_, meant)| *meant)).collect()
}

/// What a reader sees: every row that is not equal, the changed words in brackets.
fn reading(before: &str, after: &str) -> String {
    let (from, to, config) = (written(before), written(after), Map::new());
    let comparison = compare(State { text: &from, config: &config }, State { text: &to, config: &config });
    let mut out = String::new();
    let mut equal = 0;
    for row in comparison.sections.iter().flat_map(|section| &section.rows) {
        if row.equal() {
            equal += 1;
            continue;
        }
        let note = match (row.moved(), row.remark()) {
            (Some(other), _) => format!("   (the other is line {other})"),
            (_, Some(remark)) => format!("   ({remark})"),
            _ => String::new(),
        };
        for (which, text) in [(Which::From, &from), (Which::To, &to)] {
            let Some(line) = comparison.line(row, which) else { continue };
            let mut shown = text[line.range].to_owned();
            for span in line.emphasis.iter().rev() {
                shown.insert(span.end, ']');
                shown.insert(span.start, '[');
            }
            let shown = shown.replace('\t', "→").replace('\r', "␍").replace('\n', "⏎");
            let side = if which == Which::From { "was" } else { "now" };
            let _ = writeln!(out, "{} {side} {} {}{note}", row.sign(which), line.number, shown.trim_end_matches('⏎'));
        }
    }
    let _ = writeln!(out, "equal: {equal}");
    out
}

#[test]
fn every_edit_is_shown_as_a_person_reads_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edits");
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, String::new());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let mut anew = String::new();
        for edit in edits(&text) {
            count += 1;
            let seen = reading(&edit.before, &edit.after);
            if seen != edit.reading {
                let _ = writeln!(wrong, "{}\nexpected:\n{}seen:\n{seen}", edit.title, edit.reading);
            }
            let Edit { title, before, after, .. } = edit;
            let _ = write!(anew, "=== {title}\n--- before\n{before}--- after\n{after}--- reading\n{seen}");
        }
        // with WRITE_EDITS=1 the readings are written anew: look at what git shows of it
        if std::env::var_os("WRITE_EDITS").is_some() {
            fs::write(&file, anew).unwrap();
        }
    }
    assert!(count >= 40, "{count} edits");
    assert!(wrong.is_empty() || std::env::var_os("WRITE_EDITS").is_some(), "{wrong}");
}
