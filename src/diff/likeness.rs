//! How much two lines have in common, found without comparing their words one by one.

use crate::diff::cut::is_word;
use crate::diff::words::CHANGED;

/// Whether two lines have so little in common that their words need no comparing.
pub(super) fn strangers(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let start = shared_start(a, b);
    let end = shared_end(&a[start..], &b[start..]);
    (a.len() + b.len() - 2 * (start + end)) * CHANGED.1 > (a.len() + b.len()) * CHANGED.0
        && WordSet::of(a).likeness(WordSet::of(b)) < STRANGE
}

/// Sets of words less alike than this, of 256, are of lines that are not one.
const STRANGE: u32 = 64;

/// The words of a line as a set of 256 bits: two lines are about as alike as their sets.
#[derive(Debug, Clone, Copy)]
pub(super) struct WordSet([u64; 4]);

impl WordSet {
    pub(super) fn of(line: &[u8]) -> Self {
        let mut set = Self([0; 4]);
        let mut hash = 0_u32;
        for &byte in line {
            if is_word(byte) {
                hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            } else if byte >= 0x80 {
                // scripts without blanks between words are looked at by pairs of bytes
                set.add((hash ^ u32::from(byte)).wrapping_mul(0x0100_0193) | 1);
                hash = u32::from(byte);
            } else if hash != 0 {
                set.add(hash);
                hash = 0;
            }
        }
        if hash != 0 {
            set.add(hash);
        }
        set
    }

    fn add(&mut self, hash: u32) {
        let bit = hash.wrapping_mul(0x9e37_79b1) >> 24;
        self.0[(bit >> 6) as usize] |= 1 << (bit & 63);
    }

    /// 0 to 256.
    pub(super) fn likeness(self, other: Self) -> u32 {
        let ones = |set: [u64; 4]| set.iter().map(|part| part.count_ones()).sum::<u32>();
        let both = ones(std::array::from_fn(|part| self.0[part] & other.0[part]));
        (2 * 256 * both).checked_div(ones(self.0) + ones(other.0)).unwrap_or(0)
    }
}

/// So many bytes are compared at once as long as they are equal.
const STRIDE: usize = 16;

/// How many bytes both begin with.
pub(super) fn shared_start(a: &[u8], b: &[u8]) -> usize {
    let whole = a.chunks_exact(STRIDE).zip(b.chunks_exact(STRIDE)).take_while(|(a, b)| a == b).count() * STRIDE;
    whole + a[whole..].iter().zip(&b[whole..]).take_while(|(a, b)| a == b).count()
}

/// How many bytes both end with.
pub(super) fn shared_end(a: &[u8], b: &[u8]) -> usize {
    let whole = a.rchunks_exact(STRIDE).zip(b.rchunks_exact(STRIDE)).take_while(|(a, b)| a == b).count() * STRIDE;
    let rest = |text: &'_ [u8]| text.len() - whole;
    whole + a[..rest(a)].iter().rev().zip(b[..rest(b)].iter().rev()).take_while(|(a, b)| a == b).count()
}
