//! BM25 over a handful of lines.
//!
//! Forty lines of our own rather than a crate: the one at hand hashes words to 32 bits (so that two words can be one)
//! and hangs on a hash crate that is no longer maintained, and the order of our sums is fixed, which makes the ranking
//! the same on every machine.

use std::collections::HashMap;

/// One thing looked for, and how much a hit counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    /// The stem.
    pub stem: String,
    /// 1 for a word of the message, less for a related one.
    pub weight: f64,
}

/// How well each of `lines` (as stems) answers `query`: Okapi BM25, k1 = 1.2, b = 0.75, with the inverse document
/// frequency that is never negative. 0 is no hit.
pub(super) fn scores(query: &[Term], lines: &[Vec<String>]) -> Vec<f64> {
    const K1: f64 = 1.2;
    const B: f64 = 0.75;
    let count = lines.len() as f64;
    let average = lines.iter().map(Vec::len).sum::<usize>() as f64 / count.max(1.0);
    let mut scores = vec![0.0; lines.len()];
    let places = index(lines);
    for term in query {
        let Some(hits) = places.get(term.stem.as_str()) else { continue };
        let having = hits.len() as f64;
        let rarity = ((count - having + 0.5) / (having + 0.5)).ln_1p();
        for &(line, times) in hits {
            let length = 1.0 - B + B * lines[line].len() as f64 / average.max(1.0);
            let times = f64::from(times);
            scores[line] += term.weight * rarity * times * (K1 + 1.0) / (times + K1 * length);
        }
    }
    scores
}

/// Where each word stands, in rising order, and how often: a pasted page asks for thousands of words, and looking for
/// each in every line would take minutes.
fn index(lines: &[Vec<String>]) -> HashMap<&str, Vec<(usize, u32)>> {
    let mut places: HashMap<&str, Vec<(usize, u32)>> = HashMap::new();
    for (line, words) in lines.iter().enumerate() {
        for word in words {
            let hits = places.entry(word).or_default();
            match hits.last_mut() {
                Some((last, times)) if *last == line => *times += 1,
                _ => hits.push((line, 1)),
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(words: &[&str]) -> Vec<Term> {
        words.iter().map(|word| Term { stem: (*word).to_owned(), weight: 1.0 }).collect()
    }

    fn lines(lines: &[&str]) -> Vec<Vec<String>> {
        lines.iter().map(|line| line.split(' ').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_rare_word_counts_more_than_a_frequent_one() {
        let scores = scores(&query(&["board", "export"]), &lines(&["board a", "board b", "board c", "export d"]));
        assert!(scores[3] > scores[0]);
    }

    #[test]
    fn a_short_line_counts_more_than_a_long_one_with_the_same_hit() {
        let scores = scores(&query(&["export"]), &lines(&["export", "export a b c d e f", "x"]));
        assert!(scores[0] > scores[1] && scores[1] > 0.0);
        assert!(scores[2].abs() < f64::EPSILON);
    }

    #[test]
    fn the_score_is_the_one_of_the_formula() {
        // One hit in one of two lines of equal length: idf = ln(1 + 1.5/1.5) = ln 2, tf = 2.2 / 2.2 = 1.
        let scores = scores(&query(&["a"]), &lines(&["a", "b"]));
        assert!((scores[0] - std::f64::consts::LN_2).abs() < 1e-12, "{scores:?}");
    }

    #[test]
    fn nothing_to_look_in_is_no_score() {
        assert!(scores(&query(&["a"]), &[]).is_empty());
    }
}
