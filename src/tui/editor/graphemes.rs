//! Where a cursor may stand in a rope: the boundaries of extended grapheme clusters.
//!
//! CR LF is one cluster by the same rule (UAX #29, GB3), so that a cursor never stands inside a line ending. Each place
//! is decided from a few characters around it, copied together: a `GraphemeCursor` that is led over the rope's chunks
//! splits clusters at their borders.

use ropey::Rope;
use unicode_segmentation::GraphemeCursor;
use unicode_width::UnicodeWidthChar;

/// The first boundary after `at` (a char index), or the end.
pub(super) fn next(rope: &Rope, at: usize) -> usize {
    (at + 1..rope.len_chars()).find(|&at| is_boundary(rope, at)).unwrap_or(rope.len_chars())
}

/// The last boundary before `at` (a char index), or the start.
pub(super) fn previous(rope: &Rope, at: usize) -> usize {
    (0..at).rev().find(|&at| is_boundary(rope, at)).unwrap_or(0)
}

/// `at` itself where it is a boundary, else the next one.
pub(super) fn ceil(rope: &Rope, at: usize) -> usize {
    let at = at.min(rope.len_chars());
    if is_boundary(rope, at) { at } else { next(rope, at) }
}

/// `at` itself where it is a boundary, else the one before it.
pub(super) fn floor(rope: &Rope, at: usize) -> usize {
    let at = at.min(rope.len_chars());
    if is_boundary(rope, at) { at } else { previous(rope, at) }
}

/// Whether a cursor may stand at `at` (a char index).
pub(super) fn is_boundary(rope: &Rope, at: usize) -> bool {
    let mut chars = rope.chars_at(at.min(rope.len_chars()));
    let Some(after) = chars.next() else { return at == rope.len_chars() };
    chars.prev();
    let Some(before) = chars.prev() else { return true };
    if before.is_ascii() && after.is_ascii() {
        return (before, after) != ('\r', '\n');
    }
    // Flags, joined emoji and Indic conjuncts depend on more than the character before.
    let mut context = vec![before];
    let mut last = before;
    while after.width() != Some(0)
        && joins(last)
        && let Some(c) = chars.prev()
    {
        context.push(c);
        last = c;
    }
    let mut text: String = context.iter().rev().collect();
    let place = text.len();
    text.push(after);
    GraphemeCursor::new(place, text.len(), true).is_boundary(&text, 0).unwrap_or(true)
}

/// Whether what comes before a character may matter to what comes after it: flags count in pairs, and accents, joiners
/// and skin tones are looked through.
fn joins(c: char) -> bool {
    c.width() == Some(0) || matches!(c, '\u{ff9e}' | '\u{ff9f}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    /// The boundaries of a text by the segmentation of the whole string, as char indexes.
    pub(in crate::tui::editor) fn boundaries(text: &str) -> Vec<usize> {
        let mut all: Vec<_> = text.grapheme_indices(true).map(|(at, _)| text[..at].chars().count()).collect();
        all.push(text.chars().count());
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn boundaries_of_any_characters_are_those_of_the_whole_text(text in proptest::collection::vec(prop_oneof![
            any::<char>(),
            proptest::char::range('\u{300}', '\u{36f}'),
            proptest::char::range('\u{900}', '\u{d7f}'),
            proptest::char::range('\u{1f1e6}', '\u{1f1ff}'),
            proptest::char::range('\u{1f3f0}', '\u{1f46f}'),
            proptest::sample::select(vec!['\u{200d}', '\u{fe0f}', '\u{94d}', '\u{915}', '\u{ff9e}', '\u{1100}', '\u{1161}']),
        ], 0..60)) {
            let text: String = text.into_iter().collect();
            let rope = Rope::from_str(&text);
            let found: Vec<_> = (0..=rope.len_chars()).filter(|&at| is_boundary(&rope, at)).collect();
            prop_assert_eq!(found, boundaries(&text));
        }

        #[test]
        fn boundaries_are_those_of_the_whole_text(parts in proptest::collection::vec(proptest::sample::select(vec![
            "a", "\r\n", "\n", "\r", "e\u{301}", "👨\u{200d}👩\u{200d}👧", "🇩🇪", "🇫", "क्षि", "\u{600}", "각", "👍🏽",
            // long enough that clusters fall on the borders of the rope's chunks
            "some longer filling so that there are several chunks in the rope ",
        ]), 0..200)) {
            let text = parts.concat();
            let rope = Rope::from_str(&text);
            let expected = boundaries(&text);
            let forward: Vec<_> = std::iter::successors(Some(0), |&at| (at < rope.len_chars()).then(|| next(&rope, at))).collect();
            prop_assert_eq!(&forward, &expected);
            let back: Vec<_> = std::iter::successors(Some(rope.len_chars()), |&at| (at > 0).then(|| previous(&rope, at))).collect();
            prop_assert_eq!(back.into_iter().rev().collect::<Vec<_>>(), expected.clone());
            for at in 0..=rope.len_chars() {
                prop_assert_eq!(is_boundary(&rope, at), expected.contains(&at), "at {}", at);
            }
        }
    }
}
