//! Ranks rows by how well they match what was typed.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The rows that match `wanted`, best first; rows that match alike keep their order. A row that holds exactly what was
/// typed comes before one that only has its letters: who types `1.2` means 1.2.0, and not `v1.1.0  2024-02-01`.
pub fn rank<'a, T>(wanted: &str, rows: &'a [T], text: impl Fn(&T) -> String) -> Vec<&'a T> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(wanted, CaseMatching::Ignore, Normalization::Smart);
    let mut scratch = Vec::new();
    let exactly = wanted.trim().to_lowercase();
    let mut found: Vec<((bool, u32), &T)> = rows
        .iter()
        .filter_map(|row| {
            let haystack = text(row);
            let score = pattern.score(Utf32Str::new(&haystack, &mut scratch), &mut matcher)?;
            Some(((haystack.to_lowercase().contains(&exactly), score), row))
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
        let versions = ["v1.1.0  2024-02-01", "v1.2.0  2024-03-15", "v1.0.0  2024-01-15"];
        assert_eq!(rank("1.2", &versions, |row| (*row).to_owned()).first(), Some(&&"v1.2.0  2024-03-15"));
        assert_eq!(rank("set", &rows, |row| (*row).to_owned()).first(), Some(&&"Choose a value set"));
    }
}
