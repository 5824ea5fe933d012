//! Makes text from files, values and models safe to draw: no control or escape byte of it reaches the terminal.
//!
//! Every surface that prints content goes through here: the commands on a terminal and the panes of the workbench.

use std::borrow::Cow;

/// What a character that must not be drawn as it is looks like instead; `None` when it may be drawn.
///
/// C0 and DEL become control pictures (`␛`), C1 and invisible or direction-changing characters become `�`-like
/// marks of one column, so that a hidden instruction is seen and a terminal is never driven.
pub fn visible(c: char) -> Option<char> {
    match c {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some('\u{fffd}'),
        // bidirectional embeddings, overrides and isolates; marks
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' => Some('\u{2937}'),
        // line and paragraph separators
        '\u{2028}' | '\u{2029}' => Some('\u{2424}'),
        // zero width: space, word joiner, no-break space; soft hyphen. The joiner U+200D and variation selectors
        // stay: emoji need them.
        '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}' => Some('\u{00b7}'),
        // tag characters can hide a whole instruction
        '\u{e0000}'..='\u{e007f}' => Some('\u{2370}'),
        _ => None,
    }
}

/// `text` with everything that must not reach a terminal made visible; line feeds and tabs stay.
pub fn for_terminal(text: &str) -> Cow<'_, str> {
    clean(text, |c| c == '\n' || c == '\t')
}

/// `text` on one line: line feeds and tabs are made visible too.
pub fn one_line(text: &str) -> Cow<'_, str> {
    clean(text, |_| false)
}

fn clean(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let bad = |c: char| !keep(c) && visible(c).is_some();
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if keep(c) { c } else { visible(c).unwrap_or(c) }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_is_shown_and_not_sent() {
        assert_eq!(for_terminal("a\u{1b}[2Jb\n\tc"), "a␛[2Jb\n\tc");
        assert_eq!(one_line("a\nb\tc"), "a␊b␉c");
    }

    #[test]
    fn no_control_character_survives() {
        for code in 0..=0x10_ffff_u32 {
            let Some(c) = char::from_u32(code) else { continue };
            let shown = one_line(c.encode_utf8(&mut [0; 4])).into_owned();
            assert!(!shown.chars().any(char::is_control), "U+{code:04X} came through");
        }
    }

    #[test]
    fn an_emoji_family_stays_whole() {
        assert_eq!(for_terminal("👨‍👩‍👧"), "👨‍👩‍👧");
    }
}
