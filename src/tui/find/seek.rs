//! The search itself and the replacing of everything: pure, and asked now and then whether anybody still wants it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Found, Place, Sample, Search};
use crate::tui::editor::{Match, Needle, matches_in_line};

/// So many matches are shown in a list; all are counted and can be gone to.
const SHOWN: usize = 2_000;
/// So much of a line is shown before and after a match, in characters.
const AROUND: usize = 160;
/// So much of a match and of what takes its place is shown, in characters.
const WITHIN: usize = 400;

/// What one pane becomes when everything is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The text pane.
    pub pane: usize,
    /// The chars from the first match to the last.
    pub chars: Range<usize>,
    /// What stands there then.
    pub text: String,
    /// How many matches were replaced.
    pub count: usize,
}

/// Everything that `search` is after. `None` when it is not wanted any more; `wanted` is asked line by line.
pub fn seek(search: &Search, wanted: &dyn Fn() -> bool) -> Option<Result<Found, String>> {
    let (needle, with) = match prepared(search) {
        Ok(Some(prepared)) => prepared,
        Ok(None) => return Some(Ok(Found { revisions: revisions(search), ..Found::default() })),
        Err(problem) => return Some(Err(problem)),
    };
    let mut found = Found { revisions: revisions(search), ..Found::default() };
    for (pane, rope) in panes(search) {
        for line in 0..rope.len_lines() {
            if !wanted() {
                return None;
            }
            let (text, matches) = matches_in_line(rope, &needle, line);
            for one in matches {
                if found.samples.len() < SHOWN {
                    let new = with.as_ref().map(|with| with.of(&needle, &text, &one));
                    found.samples.push(sample(line, &text, &one, new));
                }
                found.places.push(Place { pane, chars: one.chars });
            }
        }
    }
    Some(Ok(found))
}

/// What the panes become when every match is replaced but those that begin at a `kept` place.
pub fn replace_all(search: &Search, kept: &BTreeSet<(usize, usize)>) -> Vec<Edit> {
    let Ok(Some((needle, Some(with)))) = prepared(search) else { return Vec::new() };
    let mut edits = Vec::new();
    for (pane, rope) in panes(search) {
        let mut edit: Option<Edit> = None;
        for line in 0..rope.len_lines() {
            let (text, matches) = matches_in_line(rope, &needle, line);
            for one in matches.iter().filter(|one| !kept.contains(&(pane, one.chars.start))) {
                let edit = edit.get_or_insert_with(|| {
                    let start = one.chars.start;
                    Edit { pane, chars: start..start, text: String::new(), count: 0 }
                });
                edit.text.extend(rope.slice(edit.chars.end..one.chars.start).chunks());
                edit.text.push_str(&with.of(&needle, &text, one));
                edit.chars.end = one.chars.end;
                edit.count += 1;
            }
        }
        edits.extend(edit);
    }
    edits
}

/// What takes the place of the one match that begins at char `start` of a pane's line (from 1), in whole.
pub fn replacement(search: &Search, pane: usize, line: usize, start: usize) -> Option<String> {
    let (needle, with) = prepared(search).ok()??;
    let (text, matches) = matches_in_line(&search.texts[pane].1, &needle, line.checked_sub(1)?);
    let one = matches.iter().find(|one| one.chars.start == start)?;
    Some(with?.of(&needle, &text, one))
}

/// What takes the place of a match.
enum With {
    /// This, as it is written.
    Text(String),
    /// This, with the groups of the pattern put in.
    Groups(String),
}

impl With {
    fn of(&self, needle: &Needle, line: &str, one: &Match) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Groups(text) => needle.expanded(line, &one.bytes, text),
        }
    }
}

fn prepared(search: &Search) -> Result<Option<(Needle, Option<With>)>, String> {
    let Some(needle) = search.query.needle()? else { return Ok(None) };
    let with = match &search.with {
        None => None,
        Some(with) if search.query.reading.pattern => {
            if let Some(name) = needle.unknown_group(with) {
                let digits = name.bytes().take_while(u8::is_ascii_digit).count();
                let instead = if digits > 0 && digits < name.len() {
                    format!("; ${{{}}}{} is a group and then letters", &name[..digits], &name[digits..])
                } else {
                    "; $$ is a dollar".to_owned()
                };
                return Err(format!("the pattern has no group ${name}{instead}"));
            }
            Some(With::Groups(unescaped(with, search.eol)))
        }
        Some(with) => Some(With::Text(with.clone())),
    };
    Ok(Some((needle, with)))
}

/// `\n`, `\t` and `\\` as people write them in what a pattern is replaced with.
fn unescaped(with: &str, eol: &str) -> String {
    let mut out = String::with_capacity(with.len());
    let mut chars = with.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push_str(eol),
            Some('t') => out.push('\t'),
            Some('\\') | None => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
        }
    }
    out
}

fn panes(search: &Search) -> impl Iterator<Item = (usize, &ropey::Rope)> {
    let texts = search.texts.iter().enumerate().map(|(pane, (_, rope))| (pane, rope));
    texts.filter(|(pane, _)| search.query.only.is_none_or(|only| only == *pane))
}

fn revisions(search: &Search) -> [u64; 6] {
    search.texts.each_ref().map(|(revision, _)| *revision)
}

fn sample(line: usize, text: &str, one: &Match, new: Option<String>) -> Sample {
    let before = &text[..one.bytes.start];
    let start = before.char_indices().rev().nth(AROUND - 1);
    let before = before[start.map_or(0, |(at, _)| at)..].to_owned();
    Sample {
        line: line + 1,
        before,
        old: cut(&text[one.bytes.clone()], WITHIN),
        new: new.map(|new| cut(&new, WITHIN)),
        after: cut(&text[one.bytes.end..], AROUND),
    }
}

fn cut(text: &str, most: usize) -> String {
    text[..text.char_indices().nth(most).map_or(text.len(), |(at, _)| at)].to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ropey::Rope;

    use super::super::{Letters, Query};
    use super::*;
    use crate::tui::editor::Reading;

    fn search(texts: [&str; 2], text: &str, with: &str, reading: Reading) -> Search {
        let texts: [(u64, Rope); 6] =
            std::array::from_fn(|index| (index as u64, Rope::from_str(texts.get(index).unwrap_or(&""))));
        let query = Query { text: text.to_owned(), letters: Letters::Smart, reading, only: None };
        Search { number: 1, query, with: Some(with.to_owned()), texts, eol: "\r\n" }
    }

    fn found(search: &Search) -> Found {
        seek(search, &|| true).expect("it is wanted").expect("it can be read")
    }

    fn replaced(search: &Search, kept: &[(usize, usize)]) -> Vec<String> {
        let kept = kept.iter().copied().collect();
        let mut texts: Vec<Rope> = search.texts.iter().take(2).map(|(_, rope)| rope.clone()).collect();
        for edit in replace_all(search, &kept) {
            texts[edit.pane].remove(edit.chars.clone());
            texts[edit.pane].insert(edit.chars.start, &edit.text);
        }
        texts.iter().map(Rope::to_string).collect()
    }

    const PATTERN: Reading = Reading { pattern: true, words: false };

    #[test]
    fn matches_are_shown_with_their_line_and_what_they_become() {
        let search = search(["a refund\nno", "x\nRefund me"], "refund", "return", Reading::default());
        let found = found(&search);
        let places: Vec<_> = found.places.iter().map(|place| (place.pane, place.chars.clone())).collect();
        assert_eq!(places, [(0, 2..8), (1, 2..8)]);
        assert_eq!(found.sections(), 2);
        let wanted = Sample {
            line: 2,
            before: String::new(),
            old: "Refund".into(),
            new: Some("return".into()),
            after: " me".into(),
        };
        assert_eq!(found.samples[1], wanted);
        assert_eq!(replaced(&search, &[]), ["a return\nno", "x\nreturn me"]);
        assert_eq!(replaced(&search, &[(0, 2)]), ["a refund\nno", "x\nreturn me"]);
    }

    #[test]
    fn one_section_alone_is_searched() {
        let mut search = search(["a", "a"], "a", "b", Reading::default());
        search.query.only = Some(1);
        assert_eq!(found(&search).places.len(), 1);
        assert_eq!(replaced(&search, &[]), ["a", "b"]);
    }

    #[test]
    fn groups_line_feeds_and_dollars_are_put_in_only_for_a_pattern() {
        let mut search = search(["Ada Lovelace", ""], r"(\w+) (\w+)", r"$2,\n$1 $$", PATTERN);
        assert_eq!(replaced(&search, &[])[0], "Lovelace,\r\nAda $");
        search.query = Query { text: "Ada".into(), ..Query::default() };
        assert_eq!(replaced(&search, &[])[0], r"$2,\n$1 $$ Lovelace");
    }

    #[test]
    fn a_group_that_is_not_there_is_said() {
        let search = search(["x", ""], "(x)", "$1a", PATTERN);
        let problem = seek(&search, &|| true).unwrap().unwrap_err();
        assert_eq!(problem, "the pattern has no group $1a; ${1}a is a group and then letters");
    }

    #[test]
    fn capitals_count_when_there_is_one_that_is_no_part_of_a_sign() {
        assert_eq!(found(&search(["Ab ab", ""], "ab", "", Reading::default())).places.len(), 2);
        assert_eq!(found(&search(["Ab ab", ""], "Ab", "", Reading::default())).places.len(), 1);
        assert_eq!(found(&search(["Ab ab", ""], r"a\S", "", PATTERN)).places.len(), 2);
    }

    #[test]
    fn a_search_that_nobody_wants_any_more_ends() {
        assert_eq!(seek(&search(["x", ""], "x", "", Reading::default()), &|| false), None);
    }

    #[test]
    fn long_lines_are_cut_around_their_match() {
        let line = format!("{}needle{}", "x".repeat(1000), "y".repeat(1000));
        let found = found(&search([&line, ""], "needle", &"z".repeat(1000), Reading::default()));
        let sample = &found.samples[0];
        assert_eq!(sample.before.chars().count(), AROUND);
        assert_eq!(sample.after.chars().count(), AROUND);
        assert_eq!(sample.new.as_ref().map(|new| new.chars().count()), Some(WITHIN));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn replacing_everything_is_what_a_string_does_line_by_line(
            text in "[ab\u{301}é\r\n ]{0,40}", needle in "[ab ]{1,2}", with in "[ax$1]{0,3}",
        ) {
            let search = search([&text, ""], &needle, &with, Reading::default());
            // a letter with an accent of its own is another letter
            let alone = |from: usize| !text[from..].starts_with('\u{301}');
            let mut wanted = String::new();
            let mut at = 0;
            for (from, _) in text.match_indices(&needle).collect::<Vec<_>>() {
                if !alone(from + needle.len()) {
                    continue;
                }
                wanted.push_str(&text[at..from]);
                wanted.push_str(&with);
                at = from + needle.len();
            }
            wanted.push_str(&text[at..]);
            prop_assert_eq!(&replaced(&search, &[])[0], &wanted);
        }
    }
}
