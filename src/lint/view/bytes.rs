//! What single bytes of a text give away: characters that nobody types, and runs of digits. One walk for both, which
//! passes over plain words eight bytes at a time.

use std::ops::Range;

use super::eight::{eight, first, seldom};

/// Control characters but tab and line endings, and everything that is not seen; and where each stands.
pub(super) type Odd = Vec<(usize, char)>;

/// The odd characters of `text`, and its groups of digits: see [`group`].
pub(super) fn odd_and_numbers(text: &str) -> (Odd, Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    let (mut odd, mut numbers) = (Vec::new(), Vec::new());
    // a group of digits may reach into the bytes behind it
    let mut free = 0;
    let mut look = |at: usize, byte: u8| match byte {
        b'0'..=b'9' if at >= free => {
            let (found, behind) = group(bytes, at);
            numbers.extend(found);
            free = behind;
        }
        0..=8 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f => odd.push((at, byte as char)),
        // the first bytes of the characters below; a letter of most scripts begins with another one
        0xc2 | 0xcc | 0xcd | 0xd8 | 0xe1 | 0xe2 | 0xe3 | 0xef | 0xf3 => {
            if let Some(c) = text[at..].chars().next()
                && is_odd(c)
            {
                odd.push((at, c));
            }
        }
        _ => {}
    };
    let mut at = 0;
    while let Some(taken) = eight(bytes, at) {
        let mut found = seldom(taken);
        while found != 0 {
            let here = at + first(found);
            look(here, bytes[here]);
            found &= found - 1;
        }
        at += 8;
    }
    for (at, &byte) in bytes.iter().enumerate().skip(at) {
        look(at, byte);
    }
    (odd, numbers)
}

/// The digits at `at`, with blanks, hyphens, dots and parentheses between them, when they are at least seven and no
/// letter touches them; and the byte from which the next group may begin.
fn group(bytes: &[u8], mut at: usize) -> (Option<Range<usize>>, usize) {
    let mut start = at;
    let (mut end, mut digits) = (at, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'0'..=b'9' => {
                digits += 1;
                at += 1;
                end = at;
            }
            b' ' | b'-' | b'.' | b'(' | b')' if at - end < 2 => at += 1,
            _ => break,
        }
    }
    while start > 0 && matches!(bytes[start - 1], b'+' | b'(') {
        start -= 1;
    }
    let glued = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let alone = !glued(start.checked_sub(1).and_then(|before| bytes.get(before))) && !glued(bytes.get(end));
    ((digits >= 7 && alone && digits <= 24).then_some(start..end), at)
}

fn is_odd(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_at_the_edge_of_eight_bytes_is_seen_like_everything_else() {
        for before in 0..18 {
            let text = format!("{}\u{200b} 4539 1488 0343 6467\u{7f}", "x".repeat(before));
            let (odd, numbers) = odd_and_numbers(&text);
            assert_eq!(odd, [(before, '\u{200b}'), (text.len() - 1, '\u{7f}')]);
            assert_eq!((numbers.len(), numbers[0].clone()), (1, before + 4..before + 23));
        }
    }
}
