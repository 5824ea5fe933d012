//! Where a text has `{{placeholders}}`: one pass over its bytes, used for filling, colouring and checking alike.
//!
//! A placeholder is `{{`, a name, `}}`, with any blanks or tabs between; the innermost braces win. `\{{` stands for `{{`.
//! A placeholder never spans lines, so a line can be scanned by itself.

use std::collections::HashSet;
use std::ops::Range;

use memchr::memmem;

/// One piece of a text; the pieces follow one another without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// Text that stays as it is.
    Literal(Range<usize>),
    /// `\{{`, which stands for `{{`.
    Escape(Range<usize>),
    /// A placeholder.
    Placeholder {
        /// With its braces.
        range: Range<usize>,
        /// Its name.
        name: Range<usize>,
    },
}

/// The pieces of `text`.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0, waiting: None, search: memmem::find_iter(text.as_bytes(), b"{{") }
}

/// The names of the placeholders of `text`, each once, in the order of their first use.
pub fn names(text: &str) -> Vec<&str> {
    let mut seen = HashSet::new();
    placeholders(text).map(|(_, name)| name).filter(|name| seen.insert(*name)).collect()
}

/// Only the placeholders of `text`: where they are, and their names.
pub fn placeholders(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    tokens(text).filter_map(move |token| match token {
        Token::Placeholder { range, name } => Some((range, &text[name])),
        Token::Literal(_) | Token::Escape(_) => None,
    })
}

/// Whether `name` can be a variable's name: a letter or `_`, then letters, digits, `_` and `.`.
pub fn is_name(name: &str) -> bool {
    name.bytes().next().is_some_and(starts_name) && name.bytes().all(continues_name)
}

/// An iterator over the pieces of a text.
#[derive(Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    /// The first byte that has not been given out.
    at: usize,
    /// The piece after a literal that has just been given out.
    waiting: Option<Token>,
    search: memmem::FindIter<'a, 'static>,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if let Some(token) = self.waiting.take() {
            return Some(token);
        }
        let from = self.at;
        match self.find() {
            Some((range, token)) => {
                self.at = range.end;
                if range.start == from {
                    return Some(token);
                }
                self.waiting = Some(token);
                Some(Token::Literal(from..range.start))
            }
            None if from < self.text.len() => {
                self.at = self.text.len();
                Some(Token::Literal(from..self.at))
            }
            None => None,
        }
    }
}

impl Tokens<'_> {
    /// The next piece that is not literal.
    fn find(&mut self) -> Option<(Range<usize>, Token)> {
        let bytes = self.text.as_bytes();
        let mut from = self.at;
        loop {
            let open = self.search.next()?;
            if open < from {
                // a pair within a run of braces that has been looked at
                continue;
            }
            if open > from && bytes[open - 1] == b'\\' {
                let range = open - 1..open + 2;
                return Some((range.clone(), Token::Escape(range)));
            }
            // the innermost pair of a run of braces
            let run = bytes[open..].iter().take_while(|&&byte| byte == b'{').count();
            let start = open + run - 2;
            if let Some((end, name)) = placeholder(bytes, start) {
                return Some((start..end, Token::Placeholder { range: start..end, name }));
            }
            from = open + run;
        }
    }
}

/// The end and the name of the placeholder whose braces open at `start`.
fn placeholder(bytes: &[u8], start: usize) -> Option<(usize, Range<usize>)> {
    let skip =
        |from: usize, wanted: fn(u8) -> bool| from + bytes[from..].iter().take_while(|&&byte| wanted(byte)).count();
    let blank = |byte| matches!(byte, b' ' | b'\t');
    let name_start = skip(start + 2, blank);
    if !bytes.get(name_start).copied().is_some_and(starts_name) {
        return None;
    }
    let name_end = skip(name_start, continues_name);
    let close = skip(name_end, blank);
    (bytes.get(close..close + 2) == Some(b"}}")).then_some((close + 2, name_start..name_end))
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn continues_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The text with every placeholder as `<name>` and every escape as `{{`.
    fn marked(text: &str) -> String {
        tokens(text)
            .map(|token| match token {
                Token::Literal(range) => text[range].to_owned(),
                Token::Escape(_) => "{{".to_owned(),
                Token::Placeholder { name, .. } => format!("<{}>", &text[name]),
            })
            .collect()
    }

    #[test]
    fn placeholders_are_found_with_blanks_inside_and_innermost_braces() {
        for (text, expected) in [
            ("{{x}}", "<x>"),
            ("a {{ \t x.y_1 }} b", "a <x.y_1> b"),
            ("{{{x}}}", "{<x>}"),
            ("{{{{x}}}}", "{{<x>}}"),
            ("{{ {{x}} }}", "{{ <x> }}"),
            ("{{a{{b}}", "{{a<b>"),
            ("{{x}}{{y}}", "<x><y>"),
            ("{{x}", "{{x}"),
            ("{{x} }", "{{x} }"),
            ("{{", "{{"),
            ("{{}}", "{{}}"),
            ("{{1x}}", "{{1x}}"),
            ("{{.x}}", "{{.x}}"),
            ("{{x y}}", "{{x y}}"),
            ("{{x-y}}", "{{x-y}}"),
            ("{{x\n}}", "{{x\n}}"),
            ("{{\u{a0}x}}", "{{\u{a0}x}}"),
            ("{{é}}", "{{é}}"),
            ("Example: {{\"a\": 1}} {{_}}", "Example: {{\"a\": 1}} <_>"),
        ] {
            assert_eq!(marked(text), expected, "{text}");
        }
    }

    #[test]
    fn a_backslash_before_two_braces_makes_them_literal_and_is_text_elsewhere() {
        for (text, expected) in [
            (r"\{{x}}", "{{x}}"),
            (r"\{{{x}}}", "{{{x}}}"),
            (r"\{{{{x}}", "{{<x>"),
            (r"\\{{x}}", r"\{{x}}"),
            (r"\{x}", r"\{x}"),
            (r"a\b {{x}}\", r"a\b <x>\"),
            (r"{{x}}\{{y}}", "<x>{{y}}"),
            (r"{{\{{y}}", "{{{{y}}"),
            (r"{{x\}}", r"{{x\}}"),
        ] {
            assert_eq!(marked(text), expected, "{text}");
        }
    }

    #[test]
    fn names_are_listed_once_in_the_order_of_their_first_use() {
        assert_eq!(names(r"{{b}} {{a}} {{ b }} \{{c}} {{d}}"), ["b", "a", "d"]);
    }

    /// The same grammar as a table of every position: what the scanner is compared with.
    fn slow(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("\\{{") {
                out.push_str("{{");
                rest = after;
            } else if let Some((name, after)) = rest
                .strip_prefix("{{")
                .and_then(|inner| inner.split_once("}}"))
                .map(|(name, after)| (name.trim_matches([' ', '\t']), after))
                .filter(|(name, _)| is_name(name))
            {
                out.extend(["<", name, ">"]);
                rest = after;
            } else {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        out
    }

    proptest! {
        #[test]
        fn the_pieces_cover_the_text_and_agree_with_the_plain_reading(text in r"([{}\\ \t\nab.é1_]|\{\{|\}\}|\{\{x\}\}){0,30}") {
            let mut at = 0;
            for token in tokens(&text) {
                let (Token::Literal(range) | Token::Escape(range) | Token::Placeholder { range, .. }) = token;
                prop_assert_eq!(range.start, at);
                prop_assert!(!range.is_empty());
                at = range.end;
            }
            prop_assert_eq!(at, text.len());
            prop_assert_eq!(marked(&text), slow(&text));
        }
    }
}
