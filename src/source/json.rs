//! JSON objects as people write them: the place of every value, and numbers as the text they were written as.

use std::collections::HashSet;
use std::fmt;
use std::path::Path;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::source::{error_at, without_mark};

/// One entry of an object: its key, its value exactly as it is written, and where that value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'a> {
    /// The key.
    pub key: String,
    /// The value's own text.
    pub raw: &'a str,
    /// Its byte offset in the text that was read.
    pub offset: usize,
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Vec<(String, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object: `{` … `}`")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Object).map(Members)
    }
}

/// The entries of the JSON object `text`, in their order. A key that stands twice is an error: which one counts would
/// depend on the program that reads it.
pub fn object<'a>(file: &Path, text: &'a str) -> Result<Vec<Member<'a>>> {
    let body = without_mark(text);
    let members: Members<'a> = serde_json::from_str(body).map_err(|error| syntax(file, body, &error))?;
    // the value is a slice of `text`, so the distance of the two is its offset
    let offset = |raw: &RawValue| raw.get().as_ptr() as usize - text.as_ptr() as usize;
    let mut seen = HashSet::with_capacity(members.0.len());
    if let Some((key, raw)) = members.0.iter().find(|(key, _)| !seen.insert(key)) {
        let message = format!("the key `{key}` stands twice");
        return Err(error_at(file, text, offset(raw), message).hint("keep one of them"));
    }
    Ok(members.0.into_iter().map(|(key, raw)| Member { key, raw: raw.get(), offset: offset(raw) }).collect())
}

/// What `serde_json` says about `text`, with the place in `file`.
pub fn syntax(file: &Path, text: &str, error: &serde_json::Error) -> Error {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or(&said);
    let said = if said.starts_with("EOF") { "it ends too early" } else { said };
    let line = error.line().max(1);
    let bytes = error.column().saturating_sub(1);
    let before = text.lines().nth(line - 1).unwrap_or("");
    let column = before.char_indices().take_while(|(at, _)| *at < bytes).count() + 1;
    Error::input(format!("is not the JSON that is expected: {said}")).at_line(file, line, Some(column))
}

/// An object of these entries, values as they are, two blanks deep, with a last line feed. Lines end as those of `before`,
/// the text that it replaces.
pub fn write_object<'a>(before: Option<&str>, members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let crlf = before.is_some_and(|before| before.contains("\r\n"));
    let text = object_of(members);
    if crlf { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text }
}

fn object_of<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut text = String::from("{");
    for (at, (key, raw)) in members.into_iter().enumerate() {
        text.push_str(if at == 0 { "\n  " } else { ",\n  " });
        text.push_str(&serde_json::Value::from(key).to_string());
        text.push_str(": ");
        text.push_str(&raw);
    }
    text.push_str(if text.len() == 1 { "}\n" } else { "\n}\n" });
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_the_text_it_was_written_as() {
        let members = object(Path::new("a.json"), "{ \"a\": 1.10, \"b\": 12345678901234567890123 }").unwrap();
        assert_eq!(members.iter().map(|member| member.raw).collect::<Vec<_>>(), ["1.10", "12345678901234567890123"]);
        assert_eq!(members[0].offset, 7);
    }

    #[test]
    fn a_mistake_has_its_line_and_column() {
        let error = object(Path::new("a.json"), "{\n  \"é\": 1\n  \"b\": 2\n}").unwrap_err();
        assert_eq!(error.place.unwrap().to_string(), "a.json:3:3");
        let error = object(Path::new("a.json"), "[1]").unwrap_err();
        assert!(error.message.contains("an object"), "{error}");
        let error = object(Path::new("a.json"), "{\"a\": 1").unwrap_err();
        assert!(error.message.contains("ends too early"), "{error}");
        assert!(object(Path::new("a.json"), "").unwrap_err().message.contains("ends too early"));
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let error = object(Path::new("a.json"), "{\"a\": 1,\n\"a\": 2}").unwrap_err();
        assert_eq!(error.to_string(), "a.json:2:6: the key `a` stands twice (keep one of them)");
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = write_object(None, [("a", "1.10".into()), ("q\"", "\"x\"".into())]);
        assert_eq!(text, "{\n  \"a\": 1.10,\n  \"q\\\"\": \"x\"\n}\n");
        assert_eq!(object(Path::new("a"), &text).unwrap()[1].key, "q\"");
        assert_eq!(write_object(None, []), "{}\n");
    }

    #[test]
    fn a_byte_order_mark_is_no_mistake() {
        assert_eq!(object(Path::new("a"), "\u{feff}{\"a\": 1}").unwrap()[0].offset, 9);
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_its_members_or_a_place_in_it(text in "[\\{\\}\\[\\]:,\"\\\\a1.éu\\n \u{feff}-]{0,40}") {
            match object(Path::new("a"), &text) {
                Ok(members) => for member in members {
                    proptest::prop_assert_eq!(&text[member.offset..member.offset + member.raw.len()], member.raw);
                },
                Err(error) => {
                    let line = error.place.and_then(|place| place.line).unwrap_or(0);
                    proptest::prop_assert!((1..=text.matches('\n').count() + 1).contains(&line));
                }
            }
        }
    }
}
