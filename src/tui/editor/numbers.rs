//! The numbers of a list: which lines are its items, whether they count up by one, and how they go on doing so when an
//! item comes, goes or moves. A list that was numbered in another way is left as it is.

use std::ops::Range;

use super::start::{Number, number};
use super::{Buffer, Change};

/// So many lines of a list are looked at above and below; a longer one is left as it is.
const LONGEST: usize = 1000;

/// How much of a line is looked at for a number, in characters.
const LOOKED_AT: usize = 256;

/// A list whose numbers count up by one.
pub(super) struct Counted {
    /// What stands before each number: quote marks and indentation.
    lead: String,
    /// What stands behind each number.
    point: char,
    /// The line and the number of each item, from the first one on.
    items: Vec<(usize, u32)>,
}

/// What a line is to a list.
enum Part {
    Item(u32),
    /// It belongs to an item, or is blank.
    Within,
    Outside,
}

impl Counted {
    fn part(&self, line: &str) -> Part {
        match number(line) {
            Some(found) if self.is_item(line, &found) => Part::Item(found.value),
            _ if line.trim().is_empty() => Part::Within,
            _ if line.strip_prefix(&*self.lead).is_some_and(|rest| rest.starts_with([' ', '\t'])) => Part::Within,
            _ => Part::Outside,
        }
    }

    fn is_item(&self, line: &str, found: &Number) -> bool {
        line[..found.place.start] == *self.lead && found.point == self.point
    }

    /// Gives the items among these lines, which are in another order now, the numbers that they have in `lines`.
    pub(super) fn number(&self, lines: &Range<usize>, texts: &mut [String]) {
        let mut numbers = self.items.iter().filter(|(line, _)| lines.contains(line)).map(|(_, number)| *number);
        for text in texts {
            if let Some(found) = number(text).filter(|found| self.is_item(text, found))
                && let Some(next) = numbers.next()
            {
                text.replace_range(found.place, &next.to_string());
            }
        }
    }
}

impl Buffer {
    /// The list that `line` is an item of, when its numbers count up by one.
    pub(super) fn counted(&self, line: usize) -> Option<Counted> {
        let text = self.beginning(line);
        let Number { place, value, point } = number(&text)?;
        let mut list = Counted { lead: text[..place.start].to_owned(), point, items: vec![(line, value)] };
        let mut above = Vec::new();
        for other in (0..line).rev() {
            match list.part(&self.beginning(other)) {
                Part::Item(number) => above.push((other, number)),
                Part::Within => {}
                Part::Outside => break,
            }
            if line - other > LONGEST {
                return None;
            }
        }
        for other in line + 1..self.rope.len_lines() {
            match list.part(&self.beginning(other)) {
                Part::Item(number) => list.items.push((other, number)),
                Part::Within => {}
                Part::Outside => break,
            }
            if other - line > LONGEST {
                return None;
            }
        }
        list.items.splice(0..0, above.into_iter().rev());
        list.items.windows(2).all(|two| two[0].1.checked_add(1) == Some(two[1].1)).then_some(list)
    }

    /// The numbers of the items behind `line` in its list, with their places.
    pub(super) fn numbers_behind(&self, line: usize) -> Vec<(Range<usize>, u32)> {
        let Some(list) = self.counted(line) else { return Vec::new() };
        let behind = list.items.iter().filter(|(other, _)| *other > line);
        let place = |&(line, value): &(usize, u32)| {
            // all of it is ASCII
            let start = self.rope.line_to_char(line) + list.lead.len();
            (start..start + value.to_string().len(), value)
        };
        behind.map(place).collect()
    }

    /// Replaces `range` and gives each of the numbers behind it, whose places are known, the value that `next` says. The
    /// cursor stands behind `text`.
    pub(super) fn replace_and_number(
        &mut self,
        range: Range<usize>,
        text: &str,
        numbers: &[(Range<usize>, u32)],
        next: impl Fn(u32) -> u32,
    ) -> Option<Change> {
        let mut whole = text.to_owned();
        let mut end = range.end;
        for (place, value) in numbers {
            whole.push_str(&self.slice(end..place.start));
            whole.push_str(&next(*value).to_string());
            end = place.end;
        }
        self.replace_up_to(range.start..end, &whole, text.chars().count())
    }

    fn beginning(&self, line: usize) -> String {
        let chars = self.line_chars(line);
        self.slice(chars.start..chars.end.min(chars.start + LOOKED_AT))
    }
}
