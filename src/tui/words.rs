//! What a changelog says: one line that is written in the form, or several that came from an editor or were pasted.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::input::Input;

/// A line, or several.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// The line that is written; empty while there are several.
    line: Input,
    /// Several lines: they are shown by their first one and written elsewhere.
    lines: Option<String>,
}

impl Words {
    /// What is said, without blanks at its end.
    pub fn text(&self) -> String {
        self.lines.clone().unwrap_or_else(|| self.line.text())
    }

    /// Takes the place of what was said; more than one line stays as it is.
    pub fn set(&mut self, text: &str) {
        let text = text.trim_end();
        let several = text.contains('\n');
        self.line = if several { Input::default() } else { Input::with(text) };
        self.lines = several.then(|| text.replace("\r\n", "\n"));
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.lines.is_none() && self.line.is_empty()
    }

    /// The line that is written; `None` while there are several.
    pub fn line(&self) -> Option<&Input> {
        self.lines.is_none().then_some(&self.line)
    }

    /// The line that is written, to put its cursor somewhere; `None` while there are several.
    pub fn line_mut(&mut self) -> Option<&mut Input> {
        self.lines.is_none().then_some(&mut self.line)
    }

    /// The first of several lines, and how many follow; `None` where one line is written.
    pub fn first_line(&self) -> Option<(&str, usize)> {
        let lines = self.lines.as_deref()?;
        Some((lines.lines().next().unwrap_or_default(), lines.lines().count().saturating_sub(1)))
    }

    /// Takes a key; `false` when it is none for a line. Several lines are not changed by one, but Ctrl-U takes them away.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        if self.lines.is_none() {
            return self.line.key(key);
        }
        if key.modifiers == KeyModifiers::CONTROL && key.code == KeyCode::Char('u') {
            self.lines = None;
            return true;
        }
        Input::default().key(key)
    }

    /// Takes pasted text. Where nothing is said yet, its lines stay lines.
    pub fn paste(&mut self, text: &str) {
        if self.is_empty() {
            self.set(text);
        } else if self.lines.is_none() {
            self.line.paste(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(words: &mut Words, code: KeyCode, modifiers: KeyModifiers) -> bool {
        words.key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn several_lines_stay_lines_and_no_letter_changes_them() {
        let mut words = Words::default();
        words.set("Warmer tone\r\n\r\n- in Billing\r\n");
        assert_eq!(words.text(), "Warmer tone\n\n- in Billing");
        assert_eq!(words.first_line(), Some(("Warmer tone", 2)));
        assert!(press(&mut words, KeyCode::Char('x'), KeyModifiers::NONE));
        assert!(!press(&mut words, KeyCode::Tab, KeyModifiers::NONE));
        words.paste("more");
        assert_eq!(words.text(), "Warmer tone\n\n- in Billing");
        assert!(press(&mut words, KeyCode::Char('u'), KeyModifiers::CONTROL));
        assert!(words.is_empty());
    }

    #[test]
    fn one_line_is_written_as_a_line() {
        let mut words = Words::default();
        words.paste("Warmer\n");
        press(&mut words, KeyCode::Char('!'), KeyModifiers::NONE);
        assert_eq!((words.text().as_str(), words.first_line()), ("Warmer!", None));
        words.paste(" a\nb");
        assert_eq!(words.text(), "Warmer! a b");
    }
}
