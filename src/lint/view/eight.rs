//! Eight bytes of a text looked at together, without a branch: a branch that depends on the letters of a text is guessed
//! wrong by the processor once a word, and that costs more than everything else that is done with the word.
//!
//! An answer has the highest bit of each byte for which it is yes. The first byte of the text is the lowest one.

const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

const fn all(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The eight bytes at `at`; `None` when fewer are left.
pub(super) fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Which bytes are ASCII and between these two, both included.
fn between(eight: u64, low: u8, high: u8) -> u64 {
    let seven = eight & !HIGH;
    let from = seven + all(0x80 - low);
    let beyond = seven + all(0x7f - high);
    from & !beyond & !eight & HIGH
}

/// How many of these bytes, from the first one on, are letters and digits of ASCII and underscores.
pub(super) fn in_word(eight: u64) -> usize {
    let letters = between(eight | all(0x20), b'a', b'z');
    let other = between(eight, b'0', b'9') | between(eight, b'_', b'_');
    first(!(letters | other) & HIGH)
}

/// Which bytes are neither a tab, a line ending nor a character of ASCII that is written, or are digits.
pub(super) fn seldom(eight: u64) -> u64 {
    let blank = between(eight, b'\t', b'\n') | between(eight, b'\r', b'\r');
    let written = between(eight, b' ', b'/') | between(eight, b':', b'~');
    !(blank | written) & HIGH
}

/// The place of the first byte that an answer says yes to; 8 when there is none.
pub(super) fn first(answer: u64) -> usize {
    answer.trailing_zeros() as usize / 8
}

/// The first bytes, that many of them, and nothing behind them.
pub(super) fn only(eight: u64, count: usize) -> u64 {
    if count < 8 { eight & ((1 << (8 * count)) - 1) } else { eight }
}

/// Whether each of the first bytes, that many of them, has this bit.
pub(super) fn have(eight: u64, count: usize, bit: u8) -> bool {
    only(!eight & all(bit), count) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_told_as_it_is() {
        for byte in 0..=255_u8 {
            for at in 0..8 {
                let mut bytes = [b'x'; 8];
                bytes[at] = byte;
                let taken = eight(&bytes, 0).unwrap();
                let word = byte.is_ascii_alphanumeric() || byte == b'_';
                assert_eq!(in_word(taken), if word { 8 } else { at }, "{byte} at {at}");
                let plain = (0x20..0x7f).contains(&byte) && !byte.is_ascii_digit() || b"\t\n\r".contains(&byte);
                assert_eq!(first(seldom(taken)), if plain { 8 } else { at }, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn what_is_behind_the_first_bytes_does_not_count() {
        let taken = eight(b"abCDefgh", 0).unwrap();
        assert!(have(taken, 2, 0x20) && !have(taken, 3, 0x20) && have(taken, 0, 0x80));
        assert_eq!(only(taken, 2), u64::from_le_bytes(*b"ab\0\0\0\0\0\0"));
        assert_eq!(eight(b"abcdefgh", 1), None);
    }
}
