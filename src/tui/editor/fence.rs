//! Fenced code: whether a line stands between two fences, where `- ` is code and not a bullet.

use ropey::{Rope, RopeSlice};

/// So much of a line is looked at for a fence, in characters.
const LOOKED_AT: usize = 256;

/// A fence: what it is made of, how long it is, and whether words follow it, as they do only where code begins.
struct Fence {
    mark: char,
    len: usize,
    words: bool,
}

/// Whether `line` stands inside fenced code. The text above it is searched for the marks of a fence, which takes about
/// 40 µs for a megabyte; where there are none, nothing else is looked at.
pub(super) fn holds(rope: &Rope, line: usize) -> bool {
    let end = rope.line_to_byte(line);
    let mut open: Option<Fence> = None;
    let mut at = 0;
    while at < end {
        let (chunk, start, ..) = rope.chunk_at_byte(at);
        let bytes = chunk.as_bytes();
        let Some(found) = memchr::memchr2(b'`', b'~', &bytes[at - start..]) else {
            at = start + bytes.len();
            continue;
        };
        let place = at + found;
        let (before, after) = bytes.split_at(place - start);
        let begins = before.last().is_none_or(|byte| matches!(byte, b'\n' | b' ' | b'\t' | b'>'));
        let goes_on = after[1..].iter().take(2).all(|byte| *byte == after[0]);
        if place >= end {
            break;
        }
        if !begins || !goes_on {
            at = place + 1;
            continue;
        }
        let line = rope.byte_to_line(place);
        at = rope.line_to_byte(line + 1);
        let Some(fence) = Fence::of(rope.line(line)) else { continue };
        open = match open {
            None => Some(fence),
            Some(open) if fence.mark == open.mark && fence.len >= open.len && !fence.words => None,
            still => still,
        };
    }
    open.is_some()
}

impl Fence {
    /// The fence that a line is, indented or quoted as it may be.
    fn of(line: RopeSlice<'_>) -> Option<Self> {
        let text: String = line.chars().take(LOOKED_AT).collect();
        let text = text.trim_start_matches([' ', '\t', '>']);
        let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let words = text.trim_start_matches(mark);
        let len = text.len() - words.len();
        // code within a line is written with as many marks before it as after it
        let inline = mark == '`' && words.contains('`');
        (len >= 3 && !inline).then(|| Self { mark, len, words: !words.trim().is_empty() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(text: &str) -> Vec<bool> {
        let rope = Rope::from_str(text);
        (0..rope.len_lines()).map(|line| holds(&rope, line)).collect()
    }

    #[test]
    fn lines_between_two_fences_are_inside() {
        assert_eq!(inside("a\n```json\n- b\n```\nc"), [false, false, true, true, false]);
        assert_eq!(inside("> ~~~\n> a\n> ```\n> ~~~~\nb"), [false, true, true, true, false]);
    }

    #[test]
    fn code_within_a_line_and_a_shorter_or_worded_fence_are_none() {
        assert_eq!(inside("use ```x``` here\n```x```\nb"), [false, false, false]);
        assert_eq!(inside("````\n```\n```` x\n````\nb"), [false, true, true, true, false]);
    }

    #[test]
    fn a_fence_on_the_border_of_two_chunks_is_found() {
        for filling in 900..1100 {
            let text = format!("{}\n```\n- x", "y".repeat(filling));
            assert_eq!(inside(&text), [false, false, true], "{filling}");
        }
    }
}
