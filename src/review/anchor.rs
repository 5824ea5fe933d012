//! What a comment is about, and where that stands in the text of now.
//!
//! A comment on lines keeps their words and the lines around them. It is found again by the words: a line number alone
//! would point at something else after the first edit. Words that stand nowhere any more make the comment *outdated*; it
//! is never put beside a line that only looks like it.

use std::collections::HashMap;

use crate::prompt::{Document, SectionId, template};

/// Lines that are kept before and after the ones a comment is about.
const AROUND: usize = 2;
/// Equal lines that are looked at, the nearest ones: a text may have a line a million times.
const LOOKED_AT: usize = 64;

/// What a comment is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// The whole prompt.
    Whole,
    /// A section; `None` is the text before the first heading.
    Section(Option<SectionId>),
    /// A variable, by name.
    Variable(String),
    /// Some lines.
    Lines(Lines),
}

/// Lines of a text as they were when something was said about them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    /// The number of the first one in the file, from 1.
    pub line: usize,
    /// Their texts without line endings; never empty.
    pub quote: Vec<String>,
    /// The lines before them, at most two.
    pub before: Vec<String>,
    /// The lines after them, at most two.
    pub after: Vec<String>,
}

/// Where a comment stands in the text of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Beside no line: it is about the whole.
    Whole,
    /// At a heading or at the first use of a variable: its line, from 1.
    At(usize),
    /// At these lines, from 1, the last one included.
    Lines {
        /// The first one.
        first: usize,
        /// The last one.
        last: usize,
    },
    /// What it was about stands nowhere any more: the section, the variable or the words are gone.
    Outdated {
        /// The line where it would be, from 1.
        near: usize,
    },
}

impl Place {
    /// The line it is shown at, from 1; `None` for the whole.
    pub fn line(&self) -> Option<usize> {
        match *self {
            Self::Whole => None,
            Self::At(line) | Self::Lines { first: line, .. } | Self::Outdated { near: line } => Some(line),
        }
    }

    /// Whether what it was about is gone.
    pub fn is_outdated(&self) -> bool {
        matches!(self, Self::Outdated { .. })
    }
}

/// A text in which comments are looked for: its lines are sorted once, so that thousands of comments cost little.
#[derive(Debug)]
pub struct Reading<'a> {
    text: &'a str,
    lines: Vec<&'a str>,
    at: HashMap<&'a str, Vec<usize>>,
    /// Line and section of each heading, from 1, in the order of the lines.
    headings: Vec<(usize, SectionId)>,
    unsorted: bool,
}

impl<'a> Reading<'a> {
    /// Reads a text.
    pub fn of(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let mut at: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, line) in lines.iter().enumerate() {
            at.entry(line).or_default().push(index);
        }
        let document = Document::parse(text);
        let heading = |id| Some((document.heading_line(Some(id))?, id));
        let mut headings: Vec<_> = SectionId::ALL.into_iter().filter_map(heading).collect();
        headings.sort_unstable();
        let unsorted = !document.body(None).trim().is_empty();
        Self { text, lines, at, headings, unsorted }
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// An anchor on lines `first` to `last`, from 1, the last one included; `None` where the text has no such lines.
    pub fn anchor(&self, first: usize, last: usize) -> Option<Anchor> {
        if first == 0 || last < first || last > self.lines.len() {
            return None;
        }
        let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        Some(Anchor::Lines(Lines {
            line: first,
            quote: owned(&self.lines[first - 1..last]),
            before: owned(&self.lines[(first - 1).saturating_sub(AROUND)..first - 1]),
            after: owned(&self.lines[last..(last + AROUND).min(self.lines.len())]),
        }))
    }

    /// The section that a line, from 1, stands in; `None` before the first heading.
    pub fn section_of(&self, line: usize) -> Option<SectionId> {
        self.headings.iter().rev().find(|(heading, _)| *heading <= line).map(|(_, id)| *id)
    }

    /// Where the anchor stands.
    pub fn place(&self, anchor: &Anchor) -> Place {
        match anchor {
            Anchor::Whole => Place::Whole,
            Anchor::Section(id) => self.section(*id),
            Anchor::Variable(name) => self.variable(name),
            Anchor::Lines(lines) => self.find(lines),
        }
    }

    fn section(&self, id: Option<SectionId>) -> Place {
        match id {
            Some(id) => {
                let heading = self.headings.iter().find(|(_, known)| *known == id);
                heading.map_or(Place::Outdated { near: 1 }, |(line, _)| Place::At(*line))
            }
            None if self.unsorted => Place::At(1),
            None => Place::Outdated { near: 1 },
        }
    }

    fn variable(&self, name: &str) -> Place {
        let first = template::placeholders(self.text).find(|(_, found)| *found == name);
        first.map_or(Place::Outdated { near: 1 }, |(range, _)| {
            Place::At(self.text[..range.start].bytes().filter(|byte| *byte == b'\n').count() + 1)
        })
    }

    /// Among the places where all its words stand, the one with most of its surroundings; of these, the nearest.
    fn find(&self, lines: &Lines) -> Place {
        let wanted = lines.line.saturating_sub(1);
        let best = self
            .candidates(lines, wanted)
            .into_iter()
            .max_by_key(|&start| (self.surroundings(lines, start), std::cmp::Reverse(start.abs_diff(wanted))));
        match best {
            Some(start) => Place::Lines { first: start + 1, last: start + lines.quote.len() },
            None => Place::Outdated { near: self.near(lines, wanted) },
        }
    }

    /// Where all the lines of the quote stand one after the other, as indices of the first.
    fn candidates(&self, lines: &Lines, wanted: usize) -> Vec<usize> {
        // the rarest line has the fewest places
        let places = |(index, line): (usize, &String)| Some((index, self.at.get(line.as_str())?));
        let rows: Vec<_> = lines.quote.iter().enumerate().map(places).collect();
        let Some(rows) = rows.into_iter().collect::<Option<Vec<_>>>() else { return Vec::new() };
        let Some((offset, found)) = rows.into_iter().min_by_key(|(_, found)| found.len()) else { return Vec::new() };
        let middle = found.partition_point(|&at| at < wanted + offset);
        let nearest = &found[middle.saturating_sub(LOOKED_AT)..(middle + LOOKED_AT).min(found.len())];
        let fits = |&start: &usize| {
            let text = self.lines.get(start..start + lines.quote.len());
            text.is_some_and(|text| text.iter().zip(&lines.quote).all(|(line, quote)| line == quote))
        };
        nearest.iter().filter_map(|at| at.checked_sub(offset)).filter(fits).collect()
    }

    /// How many of the lines around it stand around this place too.
    fn surroundings(&self, lines: &Lines, start: usize) -> usize {
        let before = lines.before.iter().rev().zip(self.lines[..start].iter().rev());
        let after = lines.after.iter().zip(&self.lines[start + lines.quote.len()..]);
        before.chain(after).filter(|(known, line)| known == *line).count()
    }

    /// The line at which words that are gone are told of: behind what stood before them, else where they were.
    fn near(&self, lines: &Lines, wanted: usize) -> usize {
        let nearest = |line: &String| self.at.get(line.as_str())?.iter().min_by_key(|at| at.abs_diff(wanted)).copied();
        let told = |(_, line): &(usize, &String)| !line.trim().is_empty();
        let mut before = lines.before.iter().rev().enumerate().filter(told);
        let behind = before.find_map(|(far, line)| Some(nearest(line)? + far + 2));
        let mut after = lines.after.iter().enumerate().filter(told);
        let above = || after.find_map(|(far, line)| Some((nearest(line)? + 1).saturating_sub(far)));
        behind.or_else(above).unwrap_or(wanted + 1).clamp(1, self.lines.len().max(1))
    }
}

/// `text` with `replacement` in place of lines `first` to `last`, from 1. The replacement gets the line endings that stand
/// there, and the last line keeps its own, or none; an empty replacement takes the lines out with their endings.
pub fn replaced(text: &str, first: usize, last: usize, replacement: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let first = first.clamp(1, lines.len().max(1));
    let last = last.clamp(first, lines.len().max(first));
    let (before, old) =
        (lines[..(first - 1).min(lines.len())].concat(), &lines[(first - 1).min(lines.len())..last.min(lines.len())]);
    let after = lines[last.min(lines.len())..].concat();
    if replacement.is_empty() {
        return before + &after;
    }
    let ending = |line: &str| {
        if line.ends_with("\r\n") {
            "\r\n"
        } else if line.ends_with('\n') {
            "\n"
        } else {
            ""
        }
    };
    let eol = if text.contains("\r\n") && old.iter().all(|line| ending(line) != "\n") { "\r\n" } else { "\n" };
    let new = replacement.lines().collect::<Vec<_>>().join(eol);
    before + &new + old.last().map_or("", |line| ending(line)) + &after
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "# Role\nYou help {{user}}.\n\n# Output Format\n- short\n- plain\n- short\n";

    fn place(anchor: &Anchor, text: &str) -> Place {
        Reading::of(text).place(anchor)
    }

    #[test]
    fn a_comment_on_a_line_moves_with_it() {
        let anchor = Reading::of(TEXT).anchor(6, 6).unwrap();
        let later = TEXT.replace("# Output", "One more line.\n\n# Output");
        assert_eq!(place(&anchor, &later), Place::Lines { first: 8, last: 8 });
        let moved = "# Output Format\n- plain\n# Role\nYou help {{user}}.\n";
        assert_eq!(place(&anchor, moved), Place::Lines { first: 2, last: 2 });
    }

    #[test]
    fn of_equal_lines_the_one_with_the_same_neighbours_is_meant() {
        let anchor = Reading::of(TEXT).anchor(7, 7).unwrap();
        assert_eq!(place(&anchor, TEXT), Place::Lines { first: 7, last: 7 });
        let later = TEXT.replace("# Role\n", "# Role\n- short\n- short\n");
        assert_eq!(place(&anchor, &later), Place::Lines { first: 9, last: 9 });
    }

    #[test]
    fn words_that_are_gone_make_it_outdated_near_where_they_were() {
        let anchor = Reading::of(TEXT).anchor(6, 6).unwrap();
        let later = TEXT.replace("- plain", "- in plain words");
        assert_eq!(place(&anchor, &later), Place::Outdated { near: 6 });
        let anchor = Reading::of(TEXT).anchor(4, 4).unwrap();
        assert_eq!(place(&anchor, "x\n# Role\nYou help {{user}}.\n\n# Form\n"), Place::Outdated { near: 5 });
        assert_eq!(place(&anchor, ""), Place::Outdated { near: 1 });
        assert!(place(&anchor, "# Other\n").is_outdated());
    }

    #[test]
    fn a_range_needs_all_of_its_lines() {
        let anchor = Reading::of(TEXT).anchor(5, 6).unwrap();
        assert_eq!(place(&anchor, &format!("x\n{TEXT}")), Place::Lines { first: 6, last: 7 });
        assert!(place(&anchor, &TEXT.replace("- short\n- plain", "- plain\n- short")).is_outdated());
    }

    #[test]
    fn sections_and_variables_are_found_by_name() {
        let section = Anchor::Section(Some(SectionId::OutputFormat));
        assert_eq!(place(&section, TEXT), Place::At(4));
        assert!(place(&section, "# Role\n").is_outdated());
        assert_eq!(place(&Anchor::Variable("user".into()), TEXT), Place::At(2));
        assert!(place(&Anchor::Variable("name".into()), TEXT).is_outdated());
        assert_eq!(place(&Anchor::Section(None), "before\n# Role\n"), Place::At(1));
        assert!(place(&Anchor::Section(None), TEXT).is_outdated());
        assert_eq!(place(&Anchor::Whole, TEXT), Place::Whole);
    }

    #[test]
    fn a_line_stands_in_the_section_of_the_last_heading_above_it() {
        let reading = Reading::of("first\n# Output Format\nx\n# Role\ny\n");
        let sections: Vec<_> = (1..=5).map(|line| reading.section_of(line)).collect();
        let (output, role) = (Some(SectionId::OutputFormat), Some(SectionId::IdentityAndRole));
        assert_eq!(sections, [None, output, output, role, role]);
    }

    #[test]
    fn a_replacement_takes_the_place_of_its_lines_and_no_other_byte_changes() {
        assert_eq!(replaced("a\nb\nc\n", 2, 2, "x\ny"), "a\nx\ny\nc\n");
        assert_eq!(replaced("a\r\nb\r\nc", 2, 2, "x\ny"), "a\r\nx\r\ny\r\nc");
        assert_eq!(replaced("a\r\nb\r\nc", 3, 3, "x\n"), "a\r\nb\r\nx");
        assert_eq!(replaced("a\nb\nc\n", 1, 2, ""), "c\n");
        assert_eq!(replaced("", 1, 1, "x"), "x");
        assert_eq!(replaced("a", 7, 9, "x"), "x");
    }

    #[test]
    fn there_is_no_anchor_on_lines_that_are_not_there() {
        let reading = Reading::of(TEXT);
        assert!(reading.anchor(0, 1).is_none());
        assert!(reading.anchor(3, 2).is_none());
        assert!(reading.anchor(7, 8).is_none());
        assert!(Reading::of("").anchor(1, 1).is_none());
    }

    proptest! {
        #[test]
        fn an_unchanged_text_keeps_every_comment_at_its_lines(
            text in "([a-c#\\r]{0,3}\n){1,12}[a-c]{0,2}",
            first in 0_usize..14,
            len in 0_usize..3,
        ) {
            let reading = Reading::of(&text);
            if let Some(anchor) = reading.anchor(first, first + len) {
                prop_assert_eq!(reading.place(&anchor), Place::Lines { first, last: first + len });
            }
        }

        #[test]
        fn a_comment_is_beside_its_own_words_or_outdated(
            text in "([a-c]{0,2}\n){1,12}",
            later in "([a-c]{0,2}\n){0,12}",
            first in 1_usize..12,
        ) {
            let Some(anchor) = Reading::of(&text).anchor(first, first) else { return Ok(()) };
            let place = place(&anchor, &later);
            let words = |at: usize| later.lines().nth(at - 1).map(ToOwned::to_owned);
            match (place, anchor) {
                (Place::Lines { first, last }, Anchor::Lines(lines)) => {
                    prop_assert_eq!(first, last);
                    prop_assert_eq!(words(first), lines.quote.first().cloned());
                }
                (Place::Outdated { near }, Anchor::Lines(lines)) => {
                    prop_assert!(near >= 1);
                    prop_assert!(!later.lines().any(|line| line == lines.quote[0]));
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
