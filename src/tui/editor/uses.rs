//! Which variables a text uses and how often, kept up to date by looking at no more text than an edit can have changed.

use std::collections::BTreeMap;
use std::ops::Range;

use ropey::Rope;

use crate::prompt::template::placeholders;

/// The variables that a text uses, with the number of their placeholders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Uses(BTreeMap<String, usize>);

impl Uses {
    /// How many placeholders `name` has.
    pub fn count(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// The names and their counts, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(name, &count)| (name.as_str(), count))
    }

    /// Whether there is no placeholder at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts the placeholders of a text.
    pub(super) fn learn(&mut self, text: &str) {
        for (_, name) in placeholders(text) {
            if let Some(count) = self.0.get_mut(name) {
                *count += 1;
            } else {
                self.0.insert(name.to_owned(), 1);
            }
        }
    }

    /// Takes back what [`Uses::learn`] counted for the same text.
    pub(super) fn forget(&mut self, text: &str) {
        for (_, name) in placeholders(text) {
            match self.0.get_mut(name) {
                Some(count) if *count > 1 => *count -= 1,
                _ => _ = self.0.remove(name),
            }
        }
    }
}

/// The chars around `edit` that decide about every placeholder which touches it: no placeholder or escape crosses the
/// borders of what is returned, whatever stands within `edit`.
pub(super) fn reach(rope: &Rope, edit: &Range<usize>) -> Range<usize> {
    reach_back(rope, edit.start)..reach_on(rope, edit.end)
}

/// What a character means to a placeholder.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Open,
    Close,
    Backslash,
    Name,
    Blank,
    /// Never inside one, so that a scan may begin or end beside it.
    Other,
}

fn part(c: char) -> Part {
    match c {
        '{' => Part::Open,
        '}' => Part::Close,
        '\\' => Part::Backslash,
        '.' | '_' | '0'..='9' | 'a'..='z' | 'A'..='Z' => Part::Name,
        ' ' | '\t' => Part::Blank,
        _ => Part::Other,
    }
}

/// How many characters are looked at one by one before the rest is searched for braces only.
const NEAR: usize = 512;

/// A place at or before `at` that nothing crosses: after a character that is never inside a placeholder, before the
/// first of some opening braces, or in the blanks between two words, of which a placeholder holds only one.
fn reach_back(rope: &Rope, at: usize) -> usize {
    let mut chars = rope.chars_at(at);
    let mut place = at;
    let mut later = Part::Other;
    let mut word_after_blanks = false;
    while let Some(c) = chars.prev() {
        let part = part(c);
        match part {
            Part::Other => return place,
            Part::Close | Part::Name | Part::Blank if later == Part::Open => return place,
            Part::Name if later == Part::Blank && word_after_blanks => return place,
            // One endless word: it matters only if it is the name of a placeholder.
            Part::Name | Part::Blank if at - place >= NEAR => return open_before(rope, place),
            Part::Blank => word_after_blanks = later == Part::Name || (later == Part::Blank && word_after_blanks),
            _ => {}
        }
        later = part;
        place -= 1;
    }
    place
}

/// The same at or after `at`.
fn reach_on(rope: &Rope, at: usize) -> usize {
    let mut earlier = Part::Backslash;
    // where the blanks after a word began
    let mut blanks = None;
    for (i, c) in rope.chars_at(at).enumerate() {
        let part = part(c);
        match part {
            Part::Other => return at + i,
            Part::Open if matches!(earlier, Part::Close | Part::Name | Part::Blank) => return at + i,
            Part::Name if earlier == Part::Blank && blanks.is_some() => return blanks.unwrap_or(at + i),
            Part::Name | Part::Blank if i >= NEAR => return close_after(rope, at + i),
            Part::Blank if earlier == Part::Name => blanks = Some(at + i),
            Part::Open | Part::Close | Part::Backslash => blanks = None,
            _ => {}
        }
        earlier = part;
    }
    rope.len_chars()
}

/// `place`, or where the braces begin that may open a placeholder which crosses it. The character before `place` is
/// neither a brace nor a backslash.
fn open_before(rope: &Rope, place: usize) -> usize {
    let mut end = rope.char_to_byte(place);
    while end > 0 {
        let (chunk, start, ..) = rope.chunk_at_byte(end - 1);
        let before = &chunk.as_bytes()[..end - start];
        match memchr::memrchr3(b'{', b'}', b'\n', before).map(|at| (start + at, before[at])) {
            Some((at, b'{')) => {
                let last = rope.byte_to_char(at);
                let mut earlier = rope.chars_at(last).reversed().peekable();
                let others = std::iter::from_fn(|| earlier.next_if_eq(&'{')).count();
                return last - others - usize::from(earlier.next() == Some('\\'));
            }
            Some(_) => return place,
            None => end = start,
        }
    }
    place
}

/// `place`, or where the braces end that may close a placeholder which crosses it. The character at `place` is neither
/// a brace nor a backslash.
fn close_after(rope: &Rope, place: usize) -> usize {
    let from = rope.char_to_byte(place);
    let (chunks, mut start, ..) = rope.chunks_at_byte(from);
    for chunk in chunks {
        let skip = from.saturating_sub(start);
        match memchr::memchr3(b'{', b'}', b'\n', &chunk.as_bytes()[skip..]).map(|at| start + skip + at) {
            Some(at) if rope.byte(at) == b'}' => {
                let close = rope.byte_to_char(at);
                return close + rope.chars_at(close).take_while(|&c| c == '}').count();
            }
            Some(_) => return place,
            None => start += chunk.len(),
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tui::editor::Buffer;

    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                Just("x".repeat(NEAR + 90)),
                Just(" ".repeat(NEAR + 90)),
                Just("some words ".repeat(60)),
                Just("漢字".repeat(300)),
                "[{}\\\\ a.\n]{1,4}",
                Just("{{".to_owned()),
                Just("}}".to_owned()),
                Just("\\".to_owned()),
            ],
            0..12,
        )
        .prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn variables_are_right_after_edits_among_words_without_end(
            text in text(),
            edits in proptest::collection::vec((any::<proptest::sample::Index>(), 0usize..4, "[{}\\\\ x]{0,3}|\\{\\{|\\}\\}"), 1..8),
        ) {
            let mut buffer = Buffer::new(&text, "\n");
            for (at, len, typed) in edits {
                let at = at.index(buffer.rope().len_chars() + 1);
                buffer.replace(at..at + len, &typed);
                let mut all = Uses::default();
                all.learn(&buffer.text());
                prop_assert_eq!(buffer.variables(), &all);
            }
        }
    }

    #[test]
    fn an_edit_in_a_megabyte_looks_at_little_of_it() {
        for text in
            ["x".repeat(1_000_000), "two words ".repeat(100_000), "{{name}} ".repeat(100_000), "你".repeat(300_000)]
        {
            let rope = Rope::from_str(&text);
            let middle = rope.len_chars() / 2;
            assert!(reach(&rope, &(middle..middle)).len() < 2 * NEAR + 10);
        }
    }
}
