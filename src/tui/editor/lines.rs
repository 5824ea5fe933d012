//! Edits of whole lines: new lines that continue a list, indenting, moving and deleting.

use std::ops::Range;

use super::start::Start;
use super::{Buffer, Change, fence, graphemes};

/// What one level of indentation is.
const INDENT: &str = "  ";

/// How much of a line is looked at for what it begins with, in characters.
const MARGIN: usize = 256;

impl Buffer {
    /// Types the buffer's line ending and what the new line begins with: the same indentation and quote marks, and in a
    /// list the next bullet or number. On an item without text it removes the bullet instead, which ends the list; so
    /// for a quote. In fenced code only the indentation goes on.
    pub fn newline(&mut self) -> Option<Change> {
        let place = self.selection_or_cursor();
        let index = self.rope.char_to_line(place.start);
        let line = self.line_chars(index);
        let before = self.slice(line.start..place.start.min(line.start + MARGIN));
        let start = Start::of(&before);
        if start.is_plain() || fence::holds(&self.rope, index) {
            let indent: String = before.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
            return self.insert(&format!("{}{indent}", self.eol));
        }
        // only where nothing of the list but this item is touched
        let numbers = if place.end <= line.end { self.numbers_behind(index) } else { Vec::new() };
        let empty = self.rope.slice(line.start + start.len..line.end).chars().all(char::is_whitespace);
        if place.is_empty() && empty {
            return self.replace_and_number(line, &before[..start.ended()], &numbers, |number| number - 1);
        }
        let text = format!("{}{}", self.eol, start.next);
        let place = self.place_to_type();
        self.replace_and_number(place, &text, &numbers, |number| number + 1)
    }

    /// Moves the selected lines one level to the right; blank lines stay empty.
    pub fn indent(&mut self) -> Option<Change> {
        let lines = self.touched_lines();
        let alone = lines.len() == 1;
        self.change_starts(lines, |line| if alone || !line.is_empty() { (0, INDENT) } else { (0, "") })
    }

    /// Moves the selected lines one level to the left, as far as they are indented.
    pub fn outdent(&mut self) -> Option<Change> {
        self.change_starts(self.touched_lines(), |line| {
            let tab = usize::from(line.starts_with('\t'));
            (tab.max(line.chars().take(INDENT.len()).take_while(|&c| c == ' ').count()), "")
        })
    }

    /// Swaps the selected lines with the one above.
    pub fn move_lines_up(&mut self) -> Option<Change> {
        let lines = self.touched_lines();
        let above = lines.start.checked_sub(1)?;
        self.reorder(above..lines.end, |lines| lines.rotate_left(1), |line| line - 1)
    }

    /// Swaps the selected lines with the one below.
    pub fn move_lines_down(&mut self) -> Option<Change> {
        let lines = self.touched_lines();
        if lines.end >= self.rope.len_lines() {
            return None;
        }
        self.reorder(lines.start..lines.end + 1, |lines| lines.rotate_right(1), |line| line + 1)
    }

    /// Deletes the selected lines, or the cursor's.
    pub fn delete_lines(&mut self) -> Option<Change> {
        let lines = self.touched_lines();
        let mut range = self.rope.line_to_char(lines.start)..self.rope.line_to_char(lines.end);
        if lines.end == self.rope.len_lines() && lines.start > 0 {
            // The last line has no ending of its own; the one before it goes instead.
            range.start = self.line_chars(lines.start - 1).end;
        }
        self.replace(range, "")
    }

    /// Takes characters off the start of each line and puts others there, keeping the selection on the same text.
    fn change_starts(&mut self, lines: Range<usize>, change: impl Fn(&str) -> (usize, &'static str)) -> Option<Change> {
        let region = self.rope.line_to_char(lines.start)..self.line_chars(lines.end - 1).end;
        let mut text = String::new();
        let (mut cursor, mut anchor) = (self.cursor, self.anchor);
        let mut changed = false;
        for line in lines.rev() {
            let chars = self.line_chars(line);
            let (take, put) = change(&self.slice(chars.clone()));
            changed |= take > 0 || !put.is_empty();
            for place in std::iter::once(&mut cursor).chain(&mut anchor) {
                if *place >= chars.start {
                    *place = (*place - take.min(*place - chars.start)) + put.len();
                }
            }
            let ending = chars.end..self.rope.line_to_char(line + 1).min(region.end);
            text = format!("{put}{}{}{text}", self.rope.slice(chars.start + take..chars.end), self.rope.slice(ending));
        }
        if !changed {
            return None;
        }
        self.rewrite(region, &text, |_| (cursor, anchor))
    }

    /// Puts the texts of some lines in another order; endings stay where they are, so that the last line of a text
    /// without a final line ending still has none, and the numbers of a list stay where they are, so that it still counts.
    fn reorder(
        &mut self,
        lines: Range<usize>,
        order: impl Fn(&mut [String]),
        moved: impl Fn(usize) -> usize,
    ) -> Option<Change> {
        let region = self.rope.line_to_char(lines.start)..self.rope.line_to_char(lines.end);
        let mut texts: Vec<String> = lines.clone().map(|line| self.slice(self.line_chars(line))).collect();
        order(&mut texts);
        let lengths: Vec<usize> = texts.iter().map(String::len).collect();
        if let Some(list) = lines.clone().find_map(|line| self.counted(line))
            && !fence::holds(&self.rope, lines.start)
        {
            list.number(&lines, &mut texts);
        }
        let grown: Vec<isize> =
            texts.iter().zip(lengths).map(|(text, before)| text.len().cast_signed() - before.cast_signed()).collect();
        let first = lines.start;
        let mut text = String::new();
        for (line, content) in lines.zip(&texts) {
            text.push_str(content);
            text.push_str(&self.slice(self.line_chars(line).end..self.rope.line_to_char(line + 1)));
        }
        let place = |at: usize| {
            let line = self.rope.char_to_line(at);
            let (column, line) = (at - self.rope.line_to_char(line), moved(line));
            // a number that is longer or shorter now stands before everything that a cursor is put behind
            let grown = line.checked_sub(first).and_then(|line| grown.get(line)).filter(|_| column > 0);
            (line, column.saturating_add_signed(grown.copied().unwrap_or(0)))
        };
        let (cursor, anchor) = (place(self.cursor), self.anchor.map(place));
        self.rewrite(region, &text, |buffer| {
            let at = |(line, column): (usize, usize)| {
                if line >= buffer.rope.len_lines() {
                    return buffer.rope.len_chars();
                }
                let line = buffer.line_chars(line);
                (line.start + column).min(line.end)
            };
            (at(cursor), anchor.map(at))
        })
    }

    /// Replaces a region and then puts the cursor and the other end of the selection where `places` says.
    fn rewrite(
        &mut self,
        region: Range<usize>,
        text: &str,
        places: impl FnOnce(&Self) -> (usize, Option<usize>),
    ) -> Option<Change> {
        let top = self.top;
        let change = self.replace(region, text);
        let (cursor, anchor) = places(self);
        self.top = top;
        self.anchor = anchor.map(|at| graphemes::floor(&self.rope, at));
        self.put_cursor(graphemes::floor(&self.rope, cursor));
        change
    }
}
