//! One change between two whole texts: the bytes that went and the bytes that came, at one place.
//!
//! It holds both, so that it can be done and undone, and so that it never fits a text it was not made for.

use ropey::Rope;

/// What an edit weighs besides its bytes.
const OVERHEAD: usize = 32;

/// The bytes `removed` at `at` became `inserted`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edit {
    /// Where, in bytes of the text before the change.
    pub at: usize,
    /// What went.
    pub removed: String,
    /// What came.
    pub inserted: String,
}

impl Edit {
    /// What makes `before` into `after`: one piece, as short as it can be.
    pub fn between(before: &Rope, after: &str) -> Self {
        let mut start = 0;
        for chunk in before.chunks() {
            let rest = &after.as_bytes()[start..];
            let same = chunk.bytes().zip(rest).take_while(|(one, other)| one == *other).count();
            start += same;
            if same < chunk.len() {
                break;
            }
        }
        while !after.is_char_boundary(start) {
            start -= 1;
        }
        let most = before.len_bytes().min(after.len()) - start;
        let mut end = 0;
        for chunk in before.chunks_at_byte(before.len_bytes()).0.reversed() {
            let rest = &after.as_bytes()[..after.len() - end];
            let same = chunk.bytes().rev().zip(rest.iter().rev()).take_while(|(one, other)| one == *other).count();
            end += same;
            if same < chunk.len() || end >= most {
                break;
            }
        }
        end = end.min(most);
        while !after.is_char_boundary(after.len() - end) {
            end -= 1;
        }
        let removed = slice(before, start, before.len_bytes() - end);
        Self { at: start, removed, inserted: after[start..after.len() - end].to_owned() }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.removed == self.inserted
    }

    /// The way back.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { at: self.at, removed: self.inserted, inserted: self.removed }
    }

    /// Does it; `false`, and nothing is changed, when `text` is not the text it was made for.
    pub fn apply(&self, text: &mut Rope) -> bool {
        let Some(end) = self.at.checked_add(self.removed.len()) else { return false };
        if text.get_byte_slice(self.at..end).is_none_or(|found| found != self.removed.as_str()) {
            return false;
        }
        let at = text.byte_to_char(self.at);
        text.remove(at..text.byte_to_char(end));
        text.insert(at, &self.inserted);
        true
    }

    /// Both as one: this, then `next`. `between` is the text after this one and before the next.
    pub fn absorb(&mut self, next: &Self, between: &Rope) {
        if next.is_empty() {
            return;
        }
        if self.is_empty() {
            return self.clone_from(next);
        }
        let came = self.at..self.at + self.inserted.len();
        let goes = next.at..next.at + next.removed.len();
        // what lies between the two is taken as gone and come again
        let (start, end) = (came.start.min(goes.start), came.end.max(goes.end));
        let before = slice(between, start, came.start);
        let after = slice(between, came.end, end);
        let first = slice(between, start, goes.start);
        let last = slice(between, goes.end, end);
        self.removed = [&before, &*self.removed, &after].concat();
        self.inserted = [&first, &*next.inserted, &last].concat();
        self.at = start;
        if self.is_empty() {
            *self = Self::default();
        }
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.removed.len() + self.inserted.len() + OVERHEAD
    }
}

/// Bytes of a text; empty where the range is none.
fn slice(text: &Rope, start: usize, end: usize) -> String {
    if start >= end {
        return String::new();
    }
    text.get_byte_slice(start..end).map(|found| found.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts that have much in common, with characters of several bytes that share some.
    pub fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec(prop::sample::select(vec!["a", "b", "é", "è", "漢", "👩", "👨", "\r", "\n"]), 0..24)
            .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn an_edit_leads_from_one_text_to_the_other_and_back(before in text(), after in text()) {
            let mut rope = Rope::from_str(&before);
            let edit = Edit::between(&rope, &after);
            prop_assert!(edit.apply(&mut rope));
            prop_assert_eq!(rope.to_string(), after);
            prop_assert!(edit.reversed().apply(&mut rope));
            prop_assert_eq!(rope.to_string(), before);
        }

        #[test]
        fn two_edits_are_one(first in text(), second in text(), third in text()) {
            let mut rope = Rope::from_str(&first);
            let mut edit = Edit::between(&rope, &second);
            let between = Rope::from_str(&second);
            edit.absorb(&Edit::between(&between, &third), &between);
            prop_assert!(edit.apply(&mut rope));
            prop_assert_eq!(rope.to_string(), third);
        }
    }

    #[test]
    fn a_text_of_many_chunks_gives_a_short_edit() {
        let before = "words and more words\n".repeat(2_000);
        let mut after = before.clone();
        after.insert(20_000, 'é');
        let edit = Edit::between(&Rope::from_str(&before), &after);
        assert_eq!((edit.removed.as_str(), edit.inserted.as_str()), ("", "é"));
    }

    #[test]
    fn an_edit_of_another_text_changes_nothing() {
        let edit = Edit { at: 1, removed: "x".into(), inserted: "y".into() };
        for other in ["", "a", "ab", "é"] {
            let mut text = Rope::from_str(other);
            assert!(!edit.apply(&mut text));
            assert_eq!(text, other);
        }
        let far = Edit { at: usize::MAX, removed: "x".into(), inserted: String::new() };
        assert!(!far.apply(&mut Rope::from_str("abc")));
    }
}
