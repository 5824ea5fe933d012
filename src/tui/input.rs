//! A line of text in a list's filter, a form or a question.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea};

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
        let plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
        let takes = match key.code {
            KeyCode::Char(_) => {
                plain
                    || key.modifiers.contains(KeyModifiers::CONTROL)
                        && matches!(key.code, KeyCode::Char('w' | 'u' | 'z' | 'y' | 'a' | 'e' | 'k'))
            }
            KeyCode::Backspace | KeyCode::Delete | KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End => {
                true
            }
            _ => false,
        };
        if takes && key.code == KeyCode::Char('u') && key.modifiers.contains(KeyModifiers::CONTROL) {
            // as in a shell: the line is taken away
            self.area.delete_line_by_head();
        } else if takes {
            self.area.input(key);
        }
        takes
    }

    /// Takes pasted text; line breaks become blanks.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(one_line(text));
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
