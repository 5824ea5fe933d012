//! A line of text in a list's filter, a form or a question.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea};

use crate::prompt::wrap;

/// One line that can be written.
#[derive(Debug, Clone, Default)]
pub struct Input {
    area: TextArea<'static>,
}

impl Input {
    /// With a text in it, the cursor at its end.
    pub fn with(text: &str) -> Self {
        let mut area = TextArea::new(vec![one_line(text)]);
        area.move_cursor(CursorMove::End);
        Self { area }
    }

    /// With a text in it that the next letter takes the place of; an arrow keeps it.
    pub fn chosen(text: &str) -> Self {
        let mut input = Self::with(text);
        if !text.is_empty() {
            input.area.select_all();
        }
        input
    }

    /// What stands in it.
    pub fn text(&self) -> String {
        self.area.lines().first().cloned().unwrap_or_default()
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.area.lines().iter().all(String::is_empty)
    }

    /// Takes a key; `false` when it is not one that writes, deletes or moves in a line.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        if key.modifiers == KeyModifiers::CONTROL {
            match key.code {
                // as in every text of the workbench
                KeyCode::Char('a') => self.area.select_all(),
                KeyCode::Char('z') => drop(self.area.undo()),
                KeyCode::Char('y') => drop(self.area.redo()),
                // as in a shell's line
                KeyCode::Char('u') => drop(self.area.delete_line_by_head()),
                KeyCode::Char('w') => drop(self.area.delete_word()),
                KeyCode::Char('k') => drop(self.area.delete_line_by_end()),
                KeyCode::Char('e') => self.area.move_cursor(CursorMove::End),
                _ => return false,
            }
            return true;
        }
        let plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
        let takes = match key.code {
            KeyCode::Char(_) => plain,
            KeyCode::Backspace | KeyCode::Delete | KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End => {
                true
            }
            _ => false,
        };
        if takes {
            self.area.input(key);
        }
        takes
    }

    /// Takes pasted text; line breaks become blanks.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(one_line(text));
    }

    /// The selected part, in characters; what is typed next takes its place.
    pub fn selection(&self) -> Option<Range<usize>> {
        let ((_, start), (_, end)) = self.area.selection_range()?;
        (start < end).then_some(start..end)
    }

    /// The byte that a line of `width` columns is shown from, so that the cursor is in it, and the columns before it.
    pub fn shown_from(&self, width: u16) -> (usize, u16) {
        let text = self.text();
        let columns = |text: &str| u16::try_from(wrap::width(text)).unwrap_or(u16::MAX);
        let before: String = text.chars().take(self.cursor()).collect();
        let skip = (columns(&before) + 1).saturating_sub(width);
        let mut hidden = 0;
        let start = text.char_indices().map(|(at, _)| at).find(|at| {
            hidden = columns(&text[..*at]);
            hidden >= skip
        });
        (start.unwrap_or(text.len()), hidden)
    }

    /// Puts the cursor to the letter at `column` of a line that is shown in `width` columns.
    pub fn click(&mut self, column: u16, width: u16) {
        let text = self.text();
        let (start, _) = self.shown_from(width);
        let passed = text[start..].char_indices().map(|(at, c)| start + at + c.len_utf8());
        let passed = passed.take_while(|end| wrap::width(&text[start..*end]) <= usize::from(column)).count();
        let at = text[..start].chars().count() + passed;
        self.area.cancel_selection();
        self.area.move_cursor(CursorMove::Jump(0, u16::try_from(at).unwrap_or(u16::MAX)));
    }

    /// Characters before the cursor.
    pub fn cursor(&self) -> usize {
        self.area.cursor().1
    }
}

fn one_line(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctrl_a_selects_all_as_in_every_text_and_the_next_letter_takes_its_place() {
        let mut input = Input::with("angry customer");
        assert!(input.key(KeyEvent::new(KeyCode::Char('a'), KeyModifiers::CONTROL)));
        assert_eq!(input.selection(), Some(0..14));
        assert!(input.key(KeyEvent::from(KeyCode::Char('x'))));
        assert_eq!((input.text().as_str(), input.selection()), ("x", None));
    }

    #[test]
    fn what_is_typed_and_pasted_stands_on_one_line() {
        let mut input = Input::with("a");
        assert!(input.key(KeyEvent::from(KeyCode::Char('b'))));
        input.paste("c\nd");
        assert_eq!(input.text(), "abc d");
        assert!(!input.key(KeyEvent::from(KeyCode::Enter)));
        assert!(!input.key(KeyEvent::from(KeyCode::Tab)));
        assert_eq!(input.cursor(), 5);
    }
}
