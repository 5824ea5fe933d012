//! Which variables a text uses and how often, kept up to date by looking at no more text than an edit can have changed.

use std::collections::BTreeMap;
use std::ops::Range;

use ropey::Rope;

use crate::prompt::template::placeholders;

/// The variables that a text uses, with the number of their placeholders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
            Part::Name if earlier == Part::Blank => {
                if let Some(place) = blanks {
                    return place;
                }
            }
            Part::Blank if earlier == Part::Name => blanks = Some(at + i),
            Part::Open | Part::Close | Part::Backslash => blanks = None,
            _ => {}
        }
        earlier = part;
    }
    rope.len_chars()
}
