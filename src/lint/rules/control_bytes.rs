//! Bytes that drive a terminal.

use crate::lint::view::View;
use crate::lint::{Edit, Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "control-bytes",
    group: Group::Hygiene,
    severity: Severity::Error,
    summary: "control characters",
    help: "remove them: they came with text that was copied from a terminal",
    fixes: true,
    page: Page {
        what: "Control characters other than tab and line endings: escape sequences, backspaces, NUL, and those of the \
               range U+0080–U+009F.",
        why: "An escape sequence rewrites the screen of whoever prints the file, and a backspace hides what stands before it. \
              The model reads them as noise.",
        before: "Be \u{1b}[31mkind\u{1b}[0m.\n",
        after: "Be kind.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let mut done = 0;
    for &(start, c) in view.odd.iter().filter(|(_, c)| c.is_control()) {
        if start < done {
            continue;
        }
        let end = sequence_end(view.text.as_bytes(), start, c);
        done = end;
        let what = if c == '\u{1b}' {
            "an escape sequence of a terminal".to_owned()
        } else {
            format!("the control character U+{:04X}", u32::from(c))
        };
        out.at(start..end, format!("{what} stands here")).fix("remove it", vec![Edit::remove(start..end)]);
    }
}

/// The byte after the escape sequence at `start`; after the character alone where there is none.
fn sequence_end(bytes: &[u8], start: usize, c: char) -> usize {
    let after = start + c.len_utf8();
    let parameters = match (c, bytes.get(after)) {
        ('\u{1b}', Some(b'[')) => after + 1,
        ('\u{9b}', _) => after,
        _ => return after,
    };
    let length = bytes[parameters..].iter().take(32).take_while(|byte| (0x20..0x40).contains(*byte)).count();
    match bytes.get(parameters + length) {
        Some(0x40..=0x7e) => parameters + length + 1,
        _ => after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{fixed, nothing, one_at};

    #[test]
    fn escape_sequences_and_other_control_characters_are_found_and_removed() {
        one_at(&RULE, "a\nb\u{8}c", "2:2");
        assert_eq!(fixed(&RULE, RULE.page.before), RULE.page.after);
        assert_eq!(fixed(&RULE, "a\0b\u{9b}2Jc\u{7f}\u{1b}"), "abc");
    }

    #[test]
    fn tabs_and_line_endings_are_left_alone() {
        nothing(&RULE, "a\tb\r\nc\rd\n");
    }
}
