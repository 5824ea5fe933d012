//! Lines of a rope one after the other, without a search for each of them.

use ropey::iter::Lines;
use ropey::{Rope, RopeSlice};

/// Reads lines of a rope in rising order; what lies between two of them costs nothing but a search.
pub struct LineReader<'a> {
    rope: &'a Rope,
    /// The line that `lines` gives next.
    next: usize,
    lines: Option<Lines<'a>>,
}

impl<'a> LineReader<'a> {
    /// Has read nothing yet.
    pub fn new(rope: &'a Rope) -> Self {
        Self { rope, next: 0, lines: None }
    }

    /// A line with its ending; empty behind the last one.
    pub fn line(&mut self, index: usize) -> RopeSlice<'a> {
        let lines = match &mut self.lines {
            Some(lines) if self.next == index => lines,
            lines => lines.insert(self.rope.lines_at(index.min(self.rope.len_lines()))),
        };
        self.next = index + 1;
        lines.next().unwrap_or_else(|| self.rope.slice(0..0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reads_the_lines_that_a_rope_has(text in "[a\n\r漢 ]{0,200}", order in proptest::collection::vec(0_usize..60, 0..40)) {
            let rope = Rope::from_str(&text);
            let mut reader = LineReader::new(&rope);
            for index in order {
                let wanted = rope.get_line(index).unwrap_or_else(|| rope.slice(0..0));
                prop_assert_eq!(reader.line(index), wanted, "line {}", index);
            }
        }
    }
}
