//! Takes keys out of what a server says, because some servers repeat what they were sent.

/// What stands in place of a key.
const REDACTED: &str = "[key]";
/// Shorter secrets are not looked for: they would be found in ordinary words, and no provider has such keys.
const SHORTEST: usize = 6;

/// Takes a set of secrets out of texts and out of a text that comes in pieces.
#[derive(Clone, Default)]
pub(super) struct Redactor {
    secrets: Vec<String>,
    held: String,
}

impl Redactor {
    /// One for these secrets.
    pub fn new(secrets: &[&str]) -> Self {
        let mut secrets: Vec<String> =
            secrets.iter().filter(|secret| secret.len() >= SHORTEST).map(|secret| (*secret).to_owned()).collect();
        // `Bearer KEY` is a secret, and KEY alone is one too.
        let words: Vec<String> = secrets
            .iter()
            .flat_map(|secret| secret.split_whitespace())
            .filter(|word| word.len() >= SHORTEST && !word.eq_ignore_ascii_case("bearer"))
            .map(str::to_owned)
            .collect();
        secrets.extend(words);
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.dedup();
        Self { secrets, held: String::new() }
    }

    /// `text` without the secrets.
    pub fn clean(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            if text.contains(secret) {
                text = text.replace(secret, REDACTED);
            }
        }
        text
    }

    /// The next piece of a text without the secrets. What may be the beginning of one is held back.
    pub fn push(&mut self, piece: &str) -> String {
        if self.secrets.is_empty() {
            return piece.to_owned();
        }
        self.held.push_str(piece);
        let text = self.clean(&self.held);
        let start = self.secrets.iter().map(|secret| beginning_at_end(&text, secret)).max().unwrap_or(0);
        let (shown, held) = text.split_at(text.len() - start);
        let shown = shown.to_owned();
        held.clone_into(&mut self.held);
        shown
    }

    /// What was held back, when no more comes.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

/// How many bytes at the end of `text` are the beginning of `secret`.
fn beginning_at_end(text: &str, secret: &str) -> usize {
    let most = text.len().min(secret.len() - 1);
    (1..=most).rev().find(|&length| text.as_bytes().ends_with(&secret.as_bytes()[..length])).map_or(0, |length| {
        // A secret outside ASCII could be cut within a character; then there is nothing to hold.
        if text.is_char_boundary(text.len() - length) { length } else { 0 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_out_of_a_text() {
        let redactor = Redactor::new(&["sk-abcdef", "x"]);
        assert_eq!(redactor.clean("bad key sk-abcdef, extra"), "bad key [key], extra");
    }

    #[test]
    fn a_key_cut_anywhere_between_pieces_is_taken_out_too() {
        let text = "before sk-ab sk-abcdef sk- after sk-abcde";
        for size in 1..text.len() {
            let mut redactor = Redactor::new(&["sk-abcdef"]);
            let mut shown = String::new();
            for piece in text.as_bytes().chunks(size) {
                shown.push_str(&redactor.push(std::str::from_utf8(piece).unwrap()));
            }
            shown.push_str(&redactor.finish());
            assert_eq!(shown, "before sk-ab [key] sk- after sk-abcde", "pieces of {size}");
        }
    }

    #[test]
    fn without_keys_every_piece_passes_at_once() {
        assert_eq!(Redactor::new(&[]).push("sk-"), "sk-");
    }

    #[test]
    fn the_key_inside_a_bearer_header_is_taken_out_alone_too() {
        assert_eq!(Redactor::new(&["Bearer sk-abcdef"]).clean("sk-abcdef"), "[key]");
    }
}
