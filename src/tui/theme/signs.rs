//! What frames, marks and bars are drawn with: the signs that the sources write, or one ASCII character for each.
//!
//! Only what greenroom itself draws is changed, told by its role: a text of the user's looks as it is, whatever the
//! terminal makes of it.

use super::Role;

/// The signs that a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Signs {
    /// Box drawing, arrows, dots.
    #[default]
    Unicode,
    /// Letters and what a typewriter has.
    Ascii,
}

/// Every sign that the screens are drawn with, and what stands for it. One column each, so that nothing moves.
const TABLE: &[(char, char)] = &[
    ('─', '-'),
    ('│', '|'),
    ('┌', '+'),
    ('┐', '+'),
    ('└', '+'),
    ('┘', '+'),
    ('├', '+'),
    ('┤', '+'),
    ('┬', '+'),
    ('┴', '+'),
    ('┼', '+'),
    ('═', '='),
    // no `#` beside a text: it would be read as a heading
    ('║', '|'),
    ('╔', '#'),
    ('╗', '#'),
    ('╚', '#'),
    ('╝', '#'),
    ('╭', '+'),
    ('╮', '+'),
    ('╰', '+'),
    ('╯', '+'),
    ('━', '='),
    ('┃', '|'),
    ('▸', '>'),
    ('▾', 'v'),
    ('▴', '^'),
    ('◂', '<'),
    ('►', '>'),
    ('▶', '>'),
    ('→', '>'),
    ('←', '<'),
    ('↑', '^'),
    ('↓', 'v'),
    ('↵', '<'),
    ('⏎', '<'),
    ('…', '.'),
    ('·', '-'),
    ('•', '*'),
    ('●', '*'),
    ('○', 'o'),
    ('◦', 'o'),
    ('◆', '*'),
    ('◇', 'o'),
    ('▪', 'x'),
    ('■', 'X'),
    ('□', 'o'),
    ('▲', '^'),
    ('▼', 'v'),
    ('✓', '+'),
    ('✔', '+'),
    ('✗', 'x'),
    ('✘', 'x'),
    ('×', 'x'),
    ('≈', '~'),
    ('≤', '<'),
    ('≥', '>'),
    ('±', '~'),
    ('−', '-'),
    ('–', '-'),
    ('—', '-'),
    ('█', '#'),
    ('▉', '#'),
    ('▊', '#'),
    ('▋', '='),
    ('▌', '='),
    ('▍', '='),
    ('▎', '-'),
    ('▏', '-'),
    ('░', '.'),
    ('▒', ':'),
    ('▓', '%'),
    ('▁', '_'),
    ('▂', '_'),
    ('▃', '.'),
    ('▄', '-'),
    ('▅', '-'),
    ('▆', '='),
    ('▇', '='),
    ('⠋', '|'),
    ('⠙', '/'),
    ('⠹', '-'),
    ('⠸', '\\'),
    ('⠼', '|'),
    ('⠴', '/'),
    ('⠦', '-'),
    ('⠧', '\\'),
    ('⠇', '|'),
    ('⠏', '/'),
];

/// The roles in which the texts of prompts, values and models are drawn: nothing of them is changed.
const CONTENT: &[Role] = &[
    Role::Text,
    Role::Heading,
    Role::VariableKnown,
    Role::VariableMissing,
    Role::Value,
    Role::UserMessage,
    Role::ModelReply,
    Role::Thinking,
    Role::Code,
];

impl Signs {
    /// What the settings (`ascii`) and the environment say. A terminal that cannot draw gets ASCII, so does the console
    /// of Linux, whose font has no arrows, and a locale that is named and is not UTF-8; a locale that nobody names
    /// decides nothing.
    pub fn detect(setting: Option<bool>, environment: impl Fn(&str) -> Option<String>) -> Self {
        let plain = setting.unwrap_or_else(|| {
            let term = environment("TERM").unwrap_or_default();
            let mut named = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(&environment);
            let locale = named.find(|locale| !locale.is_empty()).map(|locale| locale.to_lowercase());
            matches!(term.as_str(), "dumb" | "linux" | "vt100" | "vt220")
                || locale.is_some_and(|locale| !locale.contains("utf-8") && !locale.contains("utf8"))
        });
        if plain { Self::Ascii } else { Self::Unicode }
    }

    /// What is drawn for `text` of greenroom's own; `None` when it is drawn as it is.
    pub fn of(self, text: &str) -> Option<String> {
        if self == Self::Unicode || text.is_ascii() {
            return None;
        }
        let plain = |c: char| TABLE.iter().find(|(sign, _)| *sign == c).map_or(c, |(_, plain)| *plain);
        Some(text.chars().map(plain).collect())
    }

    /// The same for text in this role: what a role of content holds is the user's.
    pub fn in_role(self, text: &str, role: Role) -> Option<String> {
        if CONTENT.contains(&role) { None } else { self.of(text) }
    }

    /// The mark of a character that must not be drawn as it is; `None` leaves the one it has.
    pub fn hidden(self) -> Option<char> {
        (self == Self::Ascii).then_some('?')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_has_one_ascii_character_of_the_same_width() {
        for (sign, plain) in TABLE {
            assert!(plain.is_ascii_graphic(), "{sign}");
            assert_eq!(unicode_width::UnicodeWidthChar::width(*sign), Some(1), "{sign}");
        }
    }

    #[test]
    fn the_setting_wins_over_the_terminal_and_a_locale_that_is_not_utf_8_gets_ascii() {
        let with = |setting, pairs: &[(&str, &str)]| {
            Signs::detect(setting, |name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(with(None, &[("TERM", "xterm-256color")]), Signs::Unicode);
        assert_eq!(with(None, &[("LANG", "de_DE.UTF-8")]), Signs::Unicode);
        assert_eq!(with(None, &[("LANG", "C.utf8")]), Signs::Unicode);
        assert_eq!(with(None, &[("LANG", "de_DE.ISO-8859-1")]), Signs::Ascii);
        assert_eq!(with(None, &[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")]), Signs::Ascii);
        assert_eq!(with(None, &[("TERM", "linux"), ("LANG", "C.UTF-8")]), Signs::Ascii);
        assert_eq!(with(Some(false), &[("TERM", "linux")]), Signs::Unicode);
        assert_eq!(with(Some(true), &[("LANG", "C.UTF-8")]), Signs::Ascii);
    }

    #[test]
    fn a_text_of_the_users_is_not_changed() {
        assert_eq!(Signs::Ascii.in_role("a → b …", Role::Text), None);
        assert_eq!(Signs::Ascii.in_role("a → b …", Role::Border).as_deref(), Some("a > b ."));
        assert_eq!(Signs::Ascii.of("Zoë → 漢").as_deref(), Some("Zoë > 漢"));
        assert_eq!(Signs::Unicode.of("─"), None);
    }
}
