//! How one word is written: where it ends, its number, its letters.

use super::eight::{eight, have, in_word, only};
use crate::lint::words::{SEED, SMALL, lower, step};

/// Stands in words: a letter or digit of ASCII, an underscore.
pub(super) const IN_WORD: u8 = 1;
/// Ends a sentence, or begins what is meant literally.
pub(super) const MARK: u8 = 1 << 1;
/// Begins or continues a character that is not ASCII.
pub(super) const BEYOND: u8 = 1 << 2;

/// What a byte is to the reader of a line.
pub(super) const BYTES: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        table[at] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => IN_WORD,
            b'.' | b'!' | b'?' | b'"' | b'`' => MARK,
            0x80.. => BEYOND,
            _ => 0,
        };
        at += 1;
    }
    table
};

/// How a word is written.
pub(super) struct Spelled {
    /// The byte after it.
    pub(super) end: usize,
    /// Its number: see [`crate::lint::words::word`].
    pub(super) hash: u64,
    /// Whether it has at least two letters and all of them are capital.
    pub(super) capitals: bool,
    /// Whether all of it is ASCII.
    pub(super) ascii: bool,
}

impl Spelled {
    /// The word at `start` of a line that ends at `end`.
    pub(super) fn at(text: &str, start: usize, end: usize) -> Self {
        plain(text, start).unwrap_or_else(|| any(text, start, end))
    }
}

/// The word at `start` when it is ASCII and has no apostrophe, as nearly all are, and the text goes on behind it.
///
/// A line ends with a byte that is in no word, or with the text: no word reaches beyond its line.
fn plain(text: &str, start: usize) -> Option<Spelled> {
    let bytes = text.as_bytes();
    let (mut at, mut hash, mut small) = (start, SEED, true);
    loop {
        let taken = eight(bytes, at)?;
        let count = in_word(taken);
        // only capital letters and the underscore are without this bit
        small &= have(taken, count, SMALL);
        at += count;
        if count > 0 {
            hash = step(hash, only(taken | SMALL_EIGHT, count));
        }
        if count < 8 {
            break;
        }
    }
    if matches!(bytes.get(at), Some(b'\'' | 0x80..)) {
        return None;
    }
    Some(Spelled { end: at, hash, capitals: !small && is_capital(&bytes[start..at]), ascii: true })
}

const SMALL_EIGHT: u64 = u64::from_ne_bytes([SMALL; 8]);

/// Whether a word of ASCII has at least two letters, all of them capital.
fn is_capital(word: &[u8]) -> bool {
    word.iter().filter(|byte| byte.is_ascii_uppercase()).count() >= 2 && !word.iter().any(u8::is_ascii_lowercase)
}

/// The word at `start`, whatever its letters are.
fn any(text: &str, start: usize, end: usize) -> Spelled {
    let bytes = text.as_bytes();
    let (mut at, mut hash) = (start, Hash::default());
    let (mut ascii, mut letters, mut small) = (true, 0_usize, false);
    while at < end {
        let byte = bytes[at];
        if BYTES[usize::from(byte)] & IN_WORD != 0 {
            letters += usize::from(byte.is_ascii_alphabetic());
            small |= byte.is_ascii_lowercase();
            hash.byte(byte);
            at += 1;
        } else if byte == b'\'' && bytes[at + 1..end].first().is_some_and(u8::is_ascii_alphabetic) {
            hash.byte(byte);
            at += 1;
        } else if byte >= 0x80 {
            let Some(c) = text[at..].chars().next() else { break };
            let apostrophe = c == '’' && bytes[at + 3..end].first().is_some_and(u8::is_ascii_alphabetic);
            if apostrophe {
                hash.byte(b'\'');
            } else if c.is_alphanumeric() {
                ascii = false;
                letters += 1;
                small |= !c.is_uppercase();
                bytes[at..at + c.len_utf8()].iter().for_each(|&byte| hash.byte(byte));
            } else {
                break;
            }
            at += c.len_utf8();
        } else {
            break;
        }
    }
    Spelled { end: at, hash: hash.whole(), capitals: letters >= 2 && !small, ascii }
}

/// The number of a word that comes byte by byte.
struct Hash {
    so_far: u64,
    eight: u64,
    taken: u32,
}

impl Default for Hash {
    fn default() -> Self {
        Self { so_far: SEED, eight: 0, taken: 0 }
    }
}

impl Hash {
    fn byte(&mut self, byte: u8) {
        self.eight |= u64::from(lower(byte)) << (8 * self.taken);
        self.taken += 1;
        if self.taken == 8 {
            *self = Self { so_far: step(self.so_far, self.eight), eight: 0, taken: 0 };
        }
    }

    fn whole(self) -> u64 {
        if self.taken == 0 { self.so_far } else { step(self.so_far, self.eight) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::words::word;

    #[test]
    fn both_ways_to_read_a_word_read_the_same() {
        for text in
            ["a", "Ab", "API", "promise", "approved", "Responsibilities", "user_name", "_X_", "A1", "2024", "__AB"]
        {
            let line = format!("{text}, and more");
            let (one, other) = (plain(&line, 0).unwrap(), any(&line, 0, line.len()));
            assert_eq!(
                (one.end, one.hash, one.capitals, one.ascii),
                (other.end, other.hash, other.capitals, other.ascii)
            );
            assert_eq!((one.end, one.hash), (text.len(), word(text)), "{text}");
        }
    }

    #[test]
    fn apostrophes_of_both_kinds_and_letters_of_every_script_are_in_a_word() {
        let read = |text: &str| Spelled::at(text, 0, text.len());
        assert_eq!(read("don’t do it now").hash, word("don't"));
        assert_eq!(read("don't do it now").hash, word("don't"));
        assert_eq!(read("users' own things").hash, word("users"));
        assert_eq!((read("ÄRGER mit dem").capitals, read("Ärger mit dem").capitals), (true, false));
        assert_eq!(read("ответственность").hash, word("ответственность"));
    }
}
