//! What one line is: a heading, a tag, a list item, part of an example.

use super::Kind;

/// Whether lines are an example: within `<example>`, or under a heading that says so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Example {
    None,
    Tagged,
    Titled,
}

impl Example {
    /// What holds after a line of this kind.
    pub(super) fn after(self, kind: Kind, line: &str) -> Self {
        let says = |text: &str| text.as_bytes().windows(7).any(|seven| seven.eq_ignore_ascii_case(b"example"));
        match kind {
            Kind::Heading if self != Self::Tagged => {
                if says(line) {
                    Self::Titled
                } else {
                    Self::None
                }
            }
            Kind::Tag | Kind::Text if line.starts_with('<') && line.len() < 80 && says(line) => {
                if line.contains("</") {
                    Self::None
                } else {
                    Self::Tagged
                }
            }
            _ => self,
        }
    }
}

/// What a line outside of code is, by its text without the blanks around it.
pub(super) fn kind_of(line: &str) -> Kind {
    let marks = line.bytes().take_while(|&byte| byte == b'#').count();
    if (1..=6).contains(&marks) && matches!(line.as_bytes().get(marks), Some(b' ' | b'\t')) {
        return Kind::Heading;
    }
    if line.starts_with('<') && line.ends_with('>') && !line[1..].contains('<') && tag_name(line).is_some() {
        return Kind::Tag;
    }
    Kind::Text
}

/// The name of the tag that `line` begins with, and whether it closes: `<name …>`, `</name>`.
pub fn tag_name(line: &str) -> Option<(&str, bool)> {
    let inner = line.strip_prefix('<')?;
    let (inner, closes) = inner.strip_prefix('/').map_or((inner, false), |inner| (inner, true));
    let length =
        inner.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b':')).count();
    let named = inner.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    (named && matches!(inner.as_bytes().get(length), Some(b'>' | b' ' | b'/'))).then_some((&inner[..length], closes))
}

/// Where the words of a line begin, whether it is a list item, and whether it is quoted.
pub(super) fn lead(text: &str, start: usize, end: usize) -> (usize, bool, bool) {
    let bytes = &text.as_bytes()[..end];
    let skip = |from: usize| from + bytes[from..].iter().take_while(|&&byte| matches!(byte, b' ' | b'\t')).count();
    let mut at = skip(start);
    let quote = bytes.get(at) == Some(&b'>');
    if quote {
        at = skip(at + 1);
    }
    let blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    match bytes.get(at) {
        Some(b'-' | b'*' | b'+') if blank(at + 1) => return (skip(at + 1), true, quote),
        Some(0xe2) if text[at..end].starts_with(['•', '‣', '–', '—']) => return (skip(at + 3), true, quote),
        _ => {}
    }
    let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if (1..=3).contains(&digits) && matches!(bytes.get(at + digits), Some(b'.' | b')')) && blank(at + digits + 1) {
        return (skip(at + digits + 1), true, quote);
    }
    (at, false, quote)
}
