//! Characters that take no place on a screen.

use crate::lint::view::View;
use crate::lint::{Edit, Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "invisible-characters",
    group: Group::Hygiene,
    severity: Severity::Warning,
    summary: "characters that nobody sees",
    help: "remove them: they came with a paste, and the model reads them",
    fixes: true,
    page: Page {
        what: "Zero-width blanks and joiners outside of emoji and of scripts that need them, soft hyphens, fillers, byte \
               order marks within the text, separators of lines and paragraphs, hidden variation selectors.",
        why: "They cut words apart for the model, hide text from a search, and can carry a message past a reviewer.",
        before: "Never promise a re\u{200b}fund.\n",
        after: "Never promise a refund.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for (range, characters) in view.odd_runs(|start, c| !is_needed(view.text, start, c), is_invisible) {
        let (c, count) = (characters[0].1, characters.len());
        let (name, edit) = (name(c), edit(view.text, range.clone(), c));
        let what = if count == 1 {
            format!("{name} (U+{:04X})", u32::from(c))
        } else {
            format!("{count} invisible characters")
        };
        let stands = if count == 1 { "stands" } else { "stand" };
        out.at(range, format!("{what} {stands} here, and nobody sees it")).fix("remove it", vec![edit]);
    }
}

fn edit(text: &str, range: std::ops::Range<usize>, c: char) -> Edit {
    // a separator stands for a blank between two words
    let between = |text: &str| text.chars().next().is_some_and(char::is_alphanumeric);
    let blank = matches!(c, '\u{2028}' | '\u{2029}')
        && between(&text[range.end..])
        && text[..range.start].chars().next_back().is_some_and(char::is_alphanumeric);
    Edit { range, text: if blank { " ".into() } else { String::new() } }
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'..='\u{200d}'
        | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether the character does something good here: a mark at the beginning of the file, a joiner of emoji or of a script
/// that joins letters.
fn is_needed(text: &str, at: usize, c: char) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + c.len_utf8()..].chars().next();
    match c {
        '\u{feff}' => at == 0,
        '\u{200c}' | '\u{200d}' => {
            let joins = |c: Option<char>| {
                c.is_some_and(|c| !c.is_ascii() && !is_invisible(c) && !('\u{c0}'..'\u{590}').contains(&c))
            };
            joins(before) && joins(after)
        }
        '\u{e0100}'..='\u{e01ef}' => before.is_some_and(|before| ('\u{3400}'..='\u{9fff}').contains(&before)),
        _ => false,
    }
}

fn name(c: char) -> &'static str {
    match c {
        '\u{ad}' => "a soft hyphen",
        '\u{200b}' => "a zero-width blank",
        '\u{200c}' => "a zero-width non-joiner",
        '\u{200d}' => "a zero-width joiner",
        '\u{2028}' => "a line separator",
        '\u{2029}' => "a paragraph separator",
        '\u{2060}' => "a word joiner",
        '\u{feff}' => "a byte order mark",
        '\u{e0100}'..='\u{e01ef}' => "a hidden variation selector",
        _ => "an invisible character",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{fixed, nothing, one_at};

    #[test]
    fn invisible_characters_are_found_and_removed() {
        one_at(&RULE, RULE.page.before, "1:19");
        assert_eq!(fixed(&RULE, "a\u{200b}\u{200b}b c\u{ad}d e\u{2028}f \u{feff}"), "ab cd e f ");
    }

    #[test]
    fn emoji_scripts_that_join_and_a_mark_at_the_beginning_are_left_alone() {
        nothing(&RULE, "\u{feff}👨\u{200d}👩\u{200d}👧 می\u{200c}خواهم क\u{94d}\u{200d}ष");
    }
}
