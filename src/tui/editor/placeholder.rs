//! The placeholders of variables in a buffer: where one is, which one is being typed, and writing it to its end.

use std::ops::Range;

use super::find::chars_of;
use super::{Buffer, Change, graphemes};
use crate::prompt::template::placeholders;

/// Longer names and blanks are not completed, so that looking for the braces takes no time in one endless word.
const LONGEST: usize = 128;

impl Buffer {
    /// The first placeholder of a variable at or after `from`, going on from the start.
    pub fn find_variable(&self, name: &str, from: usize) -> Option<Range<usize>> {
        let start = self.rope.char_to_line(from.min(self.rope.len_chars()));
        let count = self.rope.len_lines();
        (0..=count).find_map(|step| {
            let line = (start + step) % count;
            let first = self.rope.line_to_char(line);
            let text = self.slice(self.line_chars(line));
            placeholders(&text)
                .filter(|(_, found)| *found == name)
                .map(|(range, _)| chars_of(&text, first, range))
                .find(|range| step > 0 || range.start >= from)
        })
    }

    /// The name that is being typed after `{{` left of the cursor, with its chars; it may be empty. For a list of names
    /// to choose from.
    pub fn open_placeholder(&self) -> Option<(Range<usize>, String)> {
        let mut chars = self.rope.chars_at(self.cursor);
        let mut name: Vec<char> = Vec::new();
        let mut blanks = 0;
        loop {
            match chars.prev()? {
                c if blanks == 0 && continues_name(c) && name.len() < LONGEST => name.push(c),
                ' ' | '\t' if blanks < LONGEST => blanks += 1,
                '{' => break,
                _ => return None,
            }
        }
        if chars.prev() != Some('{') || chars.prev() == Some('\\') {
            return None;
        }
        if name.is_empty() && blanks > 0 && self.rope.get_char(self.cursor).is_some_and(|c| !c.is_whitespace()) {
            return None;
        }
        Some((self.cursor - name.len()..self.cursor, name.into_iter().rev().collect()))
    }

    /// The rest of the name right of the cursor and the place after the `}}` that follow it, when they do: the cursor
    /// stands within a placeholder that is already closed.
    pub fn closed_placeholder(&self) -> Option<(usize, usize)> {
        let (name, at) = self.name_and_blanks_after();
        let closed = self.rope.get_char(at) == Some('}') && self.rope.get_char(at + 1) == Some('}');
        closed.then_some((name, at + 2))
    }

    /// Writes `name` in the place of the name that is being typed, and what is missing of the braces after it; the cursor
    /// goes behind them. `None` when no placeholder is open.
    pub fn complete_placeholder(&mut self, name: &str) -> Option<Change> {
        let (typed, _) = self.open_placeholder()?;
        if let Some((rest, end)) = self.closed_placeholder() {
            let braces = end - rest;
            let change = self.replace(typed.start..rest, name);
            self.put_cursor(graphemes::ceil(&self.rope, self.cursor + braces));
            return change;
        }
        let (_, after) = self.name_and_blanks_after();
        let has_one = after == self.cursor && self.rope.get_char(after) == Some('}');
        let spaced = typed.start > 0 && self.rope.char(typed.start - 1) == ' ';
        let (blank, braces) = (if spaced && !has_one { " " } else { "" }, if has_one { "}" } else { "}}" });
        let change = self.replace(typed, &format!("{name}{blank}{braces}"));
        if has_one {
            self.put_cursor(graphemes::ceil(&self.rope, self.cursor + 1));
        }
        change
    }

    /// Where the name ends that goes on right of the cursor, and where the blanks after it end.
    fn name_and_blanks_after(&self) -> (usize, usize) {
        let chars = || self.rope.chars_at(self.cursor).take(LONGEST);
        let name = chars().take_while(|c| continues_name(*c)).count();
        let blanks = chars().skip(name).take_while(|c| matches!(c, ' ' | '\t')).count();
        (self.cursor + name, self.cursor + name + blanks)
    }
}

fn continues_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::editor::tests::{after, at};

    fn completed(text: &str) -> String {
        after(text, |buffer| _ = buffer.complete_placeholder("user"))
    }

    #[test]
    fn a_name_is_written_with_the_braces_that_are_missing() {
        assert_eq!(completed("a {{|"), "a {{user}}|");
        assert_eq!(completed("a {{us| b"), "a {{user}}| b");
        assert_eq!(completed("a {{us|}} b"), "a {{user}}| b");
        assert_eq!(completed("a {{us|} b"), "a {{user}}| b");
        assert_eq!(completed("a {{ us|"), "a {{ user }}|");
        assert_eq!(completed("a {{ us| }} b"), "a {{ user }}| b");
        // an accent on the last brace goes with it
        assert_eq!(completed("{{us|}}\u{301}"), "{{user}}\u{301}|");
        assert_eq!(completed("{{us|}\u{301}"), "{{user}}\u{301}|");
    }

    #[test]
    fn a_name_in_the_middle_of_a_placeholder_takes_the_place_of_all_of_it() {
        assert_eq!(completed("{{na|me}} and {{x}}"), "{{user}}| and {{x}}");
        assert_eq!(completed("{{|name and {{x}}"), "{{user}}|name and {{x}}");
    }

    #[test]
    fn nothing_is_written_where_no_placeholder_is_open() {
        for text in ["a|", "{{x}}|", "\\{{x|", "{x|", "{{x y|"] {
            assert_eq!(completed(text), text);
        }
    }

    #[test]
    fn an_endless_word_is_not_walked_through() {
        let mut buffer = at(&format!("{{{{{}|", "x".repeat(LONGEST + 1)));
        assert_eq!(buffer.open_placeholder(), None);
        assert_eq!(buffer.complete_placeholder("user"), None);
    }
}
