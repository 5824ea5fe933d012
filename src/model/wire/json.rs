//! JSON as model servers write it: with emoji cut in two.
//!
//! Some servers split a character outside the basic plane into its two surrogates and send one in each piece of a
//! reply: `"\ud83d"`, then `"\udc69"`. A strict parser refuses both. Here a lone surrogate becomes a marked pair of
//! characters before the strict parser sees it, and [`Joiner`] puts the halves together again.

use serde_json::Value;

/// Says that the next character stands for something else. It is a noncharacter, which texts hardly ever hold; one that
/// does gets [`ITSELF`] after it, so that no mark is ever mistaken.
const MARK: char = '\u{fdd0}';
/// After a mark: the private-use character that stands for the surrogate U+D800; the others follow in order.
const HALVES: u32 = 0xe000;
/// After a mark: the mark is meant as it is.
const ITSELF: char = '\u{e800}';

/// The JSON values in `text`, one after the other, and what is wrong with the rest of it.
pub(super) fn values(text: &str) -> (Vec<Value>, Option<serde_json::Error>) {
    let marked = mark(text);
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(marked.as_deref().unwrap_or(text)).into_iter() {
        match value {
            Ok(value) => values.push(value),
            Err(error) => return (values, Some(error)),
        }
    }
    (values, None)
}

/// `text` with lone surrogate escapes marked; `None` when there are none, which is nearly always.
fn mark(text: &str) -> Option<String> {
    let suspicious = ["\\ud", "\\uD", "\\ufd", "\\uFD", "\\uFd", "\\ufD"];
    if !text.contains(MARK) && !suspicious.iter().any(|escape| text.contains(escape)) {
        return None;
    }
    let mut marked = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['\\', MARK]) {
        let (before, here) = rest.split_at(at);
        marked.push_str(before);
        let length = match unit(here) {
            None if here.starts_with(MARK) => {
                marked.extend([MARK, ITSELF]);
                rest = &here[MARK.len_utf8()..];
                continue;
            }
            Some(unit) if unit == MARK as u32 => {
                marked.extend([MARK, ITSELF]);
                rest = &here[6..];
                continue;
            }
            Some(0xd800..0xdc00) if matches!(here.get(6..).and_then(unit), Some(0xdc00..0xe000)) => 12,
            Some(half @ 0xd800..0xe000) => {
                marked.push(MARK);
                marked.extend(char::from_u32(HALVES + half - 0xd800));
                rest = &here[6..];
                continue;
            }
            Some(_) => 6,
            // The backslash and the character it escapes, so that `\\ud83d` is not taken for an escape.
            None => 1 + here[1..].chars().next().map_or(0, char::len_utf8),
        };
        let (kept, after) = here.split_at(length);
        marked.push_str(kept);
        rest = after;
    }
    marked.push_str(rest);
    Some(marked)
}

/// The code unit of a `\uXXXX` that `text` begins with.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Puts the pieces of one text together, halves of characters across pieces included.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    first_half: Option<u32>,
}

impl Joiner {
    /// The next piece as it can be shown; the half of a character at its end is kept back.
    pub fn push(&mut self, piece: &str) -> String {
        if self.first_half.is_none() && !piece.contains(MARK) {
            return piece.to_owned();
        }
        let mut text = String::with_capacity(piece.len() + 3);
        let mut chars = piece.chars().peekable();
        while let Some(c) = chars.next() {
            let mut unit = None;
            if c == MARK
                && let Some(meant) = chars.next_if(|&next| next == ITSELF || half(next).is_some())
            {
                unit = half(meant);
            }
            match (self.first_half.take(), unit) {
                (Some(first), Some(second @ 0xdc00..)) => {
                    text.extend(char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)));
                    continue;
                }
                (Some(_), _) => text.push(char::REPLACEMENT_CHARACTER),
                (None, _) => {}
            }
            match unit {
                Some(first @ ..0xdc00) => self.first_half = Some(first),
                Some(_) => text.push(char::REPLACEMENT_CHARACTER),
                None => text.push(c),
            }
        }
        text
    }

    /// What is left when no more comes: U+FFFD for half a character, else nothing.
    pub fn finish(&mut self) -> Option<String> {
        self.first_half.take().map(|_| char::REPLACEMENT_CHARACTER.to_string())
    }
}

/// The surrogate that a character after a mark stands for.
fn half(c: char) -> Option<u32> {
    (c as u32).checked_sub(HALVES).filter(|offset| *offset < 0x800).map(|offset| 0xd800 + offset)
}

/// A text that is whole in itself, with U+FFFD for halves of characters.
pub(super) fn whole(text: &str) -> String {
    let mut joiner = Joiner::default();
    let mut shown = joiner.push(text);
    shown.extend(joiner.finish());
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(pieces: &[&str]) -> String {
        let mut joiner = Joiner::default();
        let mut text = String::new();
        for piece in pieces {
            let (values, error) = values(piece);
            assert!(error.is_none(), "{piece}: {error:?}");
            text.push_str(&joiner.push(values[0].as_str().unwrap_or_default()));
        }
        text.extend(joiner.finish());
        text
    }

    #[test]
    fn halves_of_an_emoji_in_two_pieces_are_joined() {
        assert_eq!(joined(&[r#""a\ud83d""#, r#""\udc69b""#]), "a👩b");
        assert_eq!(joined(&[r#""\uD83D""#, r#""""#, r#""\uDC69""#]), "👩");
        assert_eq!(joined(&[r#""\ud83d\udc69\u200d\ud83d""#, r#""\udc69""#]), "👩\u{200d}👩");
    }

    #[test]
    fn a_half_that_finds_no_other_is_replaced() {
        assert_eq!(joined(&[r#""\ud83d""#, r#""x""#]), "\u{fffd}x");
        assert_eq!(joined(&[r#""\udc69\ud83d""#]), "\u{fffd}\u{fffd}");
        assert_eq!(joined(&[r#""\ud83d\ud83d\udc69""#]), "\u{fffd}👩");
    }

    #[test]
    fn an_escaped_backslash_before_a_u_is_no_escape() {
        assert_eq!(joined(&[r#""\\ud83d \ud83d""#, r#""\udc69""#]), "\\ud83d 👩");
    }

    #[test]
    fn a_text_that_holds_the_mark_itself_keeps_it() {
        assert_eq!(joined(&["\"\u{fdd0}\u{e000}\""]), "\u{fdd0}\u{e000}");
        assert_eq!(joined(&["\"\u{fdd0}\u{e03d}\\ud83d\""]), "\u{fdd0}\u{e03d}\u{fffd}");
        assert_eq!(joined(&[r#""\uFDD0\ud83d""#, r#""\udc69""#]), "\u{fdd0}👩");
    }

    #[test]
    fn several_values_in_a_row_are_all_read_and_a_broken_end_is_reported() {
        let (found, error) = values("{\"a\":1}\n{\"b\":2}\n{\"c\":");
        assert_eq!((found.len(), error.is_some()), (2, true));
    }

    use proptest::prelude::*;

    proptest! {
           #[test]
           fn any_text_in_any_pieces_is_that_text(
               units in prop::collection::vec(prop_oneof![
                   4 => 0xd7f0_u16..0xe010,
                   2 => 0_u16..0x80,
                   1 => 0xfdc0_u16..0xfde0,
                   1 => any::<u16>(),
               ], 0..40),
               cuts in prop::collection::vec(0_usize..41, 0..6),
               escaped in prop::collection::vec(any::<bool>(), 40),
           ) {
               let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(units.len())).collect();
               cuts.extend([0, units.len()]);
               cuts.sort_unstable();
               // Escapes of every unit, and here and there the character itself, as servers mix them.
               let json = |from: usize, to: usize| {
                   let mut text = String::from("\"");
                   for index in from..to {
                       match char::from_u32(u32::from(units[index])) {
                           Some(c) if !escaped[index] && !c.is_control() && !"\"\\".contains(c) => text.push(c),
                           _ => {
    let escape = format!("\\u{:04x}", units[index]); text.push_str(&escape); }
                       }
                   }
                   text + "\""
               };
               let pieces: Vec<String> = cuts.windows(2).map(|cut| json(cut[0], cut[1])).collect();
               let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
               prop_assert_eq!(joined(&pieces), String::from_utf16_lossy(&units));
           }
       }
}
