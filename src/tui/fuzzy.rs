//! Ranks rows by how well they match what was typed.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The rows that match `wanted`, best first; rows that match alike keep their order.
pub fn rank<'a, T>(wanted: &str, rows: &'a [T], text: impl Fn(&T) -> String) -> Vec<&'a T> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(wanted, CaseMatching::Ignore, Normalization::Smart);
    let mut scratch = Vec::new();
    let mut found: Vec<(u32, &T)> = rows
        .iter()
        .filter_map(|row| {
            let haystack = text(row);
            Some((pattern.score(Utf32Str::new(&haystack, &mut scratch), &mut matcher)?, row))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_match_better_come_first_and_others_not_at_all() {
        let rows = ["Save the draft", "Choose a value set", "Quit"];
        assert_eq!(rank("quit", &rows, |row| (*row).to_owned()), [&"Quit"]);
        assert_eq!(rank("set", &rows, |row| (*row).to_owned()).first(), Some(&&"Choose a value set"));
    }
}
