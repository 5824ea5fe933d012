//! The known word that was probably meant.

/// The candidate that is nearest to `word`, if one is near enough to be meant: about one slip in three letters, or a
/// beginning that only one candidate has.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    let mut beginnings = Vec::new();
    for candidate in candidates {
        if word.len() >= 3 && candidate.starts_with(word) {
            beginnings.push(candidate);
        }
        let distance = strsim::damerau_levenshtein(word, candidate);
        let allowed = (candidate.chars().count().min(word.chars().count()) / 3).max(1);
        // a word of one letter is one slip away from every other one
        if distance <= allowed && distance < candidate.chars().count() && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    match (best, beginnings.as_slice()) {
        (Some((_, candidate)), _) => Some(candidate),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_the_word_that_was_meant() {
        let known = ["customer_support", "recipe_ideas"];
        assert_eq!(nearest("custmer_suport", known), Some("customer_support"));
        assert_eq!(nearest("recpie_ideas", known), Some("recipe_ideas"));
        assert_eq!(nearest("customer", known), Some("customer_support"));
    }

    #[test]
    fn a_stranger_finds_nothing() {
        assert_eq!(nearest("invoices", ["customer_support", "a"]), None);
        assert_eq!(nearest("b", ["a"]), None);
    }
}
