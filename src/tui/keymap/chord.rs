//! One key press as the table, the config and the hints write it: `ctrl-s`, `F1`, `?`.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with its modifiers. Shift is part of the character for printable keys, and a modifier for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key.
    pub code: KeyCode,
    /// Control, alt and (for keys without a character) shift.
    pub modifiers: KeyModifiers,
}

impl Chord {
    /// Reads `ctrl-s`, `alt-1`, `shift-tab`, `f1`, `?`, `space`; `None` when it is no key.
    pub fn parse(text: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            let lower = rest.to_lowercase();
            let prefixes =
                [("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT), ("shift-", KeyModifiers::SHIFT)];
            let Some((prefix, modifier)) = prefixes.into_iter().find(|(prefix, _)| lower.starts_with(prefix)) else {
                break;
            };
            if rest.len() == prefix.len() {
                break;
            }
            modifiers |= modifier;
            rest = &rest[prefix.len()..];
        }
        let code = match rest.to_lowercase().as_str() {
            "enter" => KeyCode::Enter,
            "esc" => KeyCode::Esc,
            "tab" if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            "tab" => KeyCode::Tab,
            "space" => KeyCode::Char(' '),
            "backspace" => KeyCode::Backspace,
            "delete" => KeyCode::Delete,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            named if named.len() > 1 && named.starts_with('f') => {
                KeyCode::F(named[1..].parse().ok().filter(|n| (1..=24).contains(n))?)
            }
            _ => {
                let mut chars = rest.chars();
                let (Some(c), None) = (chars.next(), chars.next()) else { return None };
                KeyCode::Char(c)
            }
        };
        Some(Self { code, modifiers }.normal())
    }

    /// What a terminal's event says, in the form the table uses.
    pub fn from_event(event: KeyEvent) -> Self {
        Self { code: event.code, modifiers: event.modifiers }.normal()
    }

    fn normal(self) -> Self {
        let keep = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let mut modifiers = self.modifiers & keep;
        let mut code = self.code;
        match &mut code {
            KeyCode::Char(c) => {
                if modifiers.contains(KeyModifiers::CONTROL) {
                    *c = c.to_ascii_lowercase();
                }
                modifiers.remove(KeyModifiers::SHIFT);
            }
            KeyCode::BackTab => modifiers.remove(KeyModifiers::SHIFT),
            _ => {}
        }
        Self { code, modifiers }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("Alt-")?;
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) {
            f.write_str("Shift-")?;
        }
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            f.write_str("^")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) if self.modifiers.contains(KeyModifiers::CONTROL) => {
                write!(f, "{}", c.to_ascii_uppercase())
            }
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "F{n}"),
            KeyCode::Enter => f.write_str("Enter"),
            KeyCode::Esc => f.write_str("Esc"),
            KeyCode::Tab => f.write_str("Tab"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::Backspace => f.write_str("Backspace"),
            KeyCode::Delete => f.write_str("Del"),
            KeyCode::Up => f.write_str("Up"),
            KeyCode::Down => f.write_str("Down"),
            KeyCode::Left => f.write_str("Left"),
            KeyCode::Right => f.write_str("Right"),
            KeyCode::Home => f.write_str("Home"),
            KeyCode::End => f.write_str("End"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            _ => f.write_str("?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chord_reads_as_it_is_written_in_the_config() {
        let shown = |text: &str| Chord::parse(text).map(|chord| chord.to_string());
        assert_eq!(shown("ctrl-s").as_deref(), Some("^S"));
        assert_eq!(shown("alt-1").as_deref(), Some("Alt-1"));
        assert_eq!(shown("shift-tab").as_deref(), Some("Shift-Tab"));
        assert_eq!(shown("F12").as_deref(), Some("F12"));
        assert_eq!(shown("G").as_deref(), Some("G"));
        assert_eq!(shown("-").as_deref(), Some("-"));
        assert_eq!(shown("ctrl-"), None);
        assert_eq!(shown("f99"), None);
        assert_eq!(shown("word"), None);
    }

    #[test]
    fn a_capital_letter_is_the_same_with_or_without_the_shift_flag() {
        let with = Chord::from_event(KeyEvent::new(KeyCode::Char('N'), KeyModifiers::SHIFT));
        assert_eq!(Some(with), Chord::parse("N"));
    }
}
