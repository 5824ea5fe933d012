//! A case at the end of an eval suite, a list of tests as promptfoo reads it: `description`, `vars`, `assert`. Every byte
//! that stands in the suite stays; a suite to which a case cannot be added without a guess is refused with its line.

use std::fmt::Write as _;
use std::path::Path;

use granit_parser::{Event, Parser};

use crate::error::Result;
use crate::source::error_at;

/// A case to be added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// What it is about.
    pub description: String,
    /// The variables with their values.
    pub vars: Vec<(String, String)>,
    /// Where it comes from, for whoever reads the file; may be empty.
    pub origin: String,
}

/// What the assertion says until somebody says what a good reply has: no reply has it, so that nobody takes the case for
/// a finished one.
pub const STUB: &str = "TODO: what a good reply must contain";

/// The suite `text` with `case` at its end. `file` is for what is said about it.
///
/// # Errors
/// When the suite is no YAML, no list, or written in a way that an added item would not be read as one more case.
pub fn appended(file: &Path, text: &str, case: &Case) -> Result<String> {
    let before = steps(text).map_err(|(offset, why)| {
        error_at(file, text, offset, format!("is not valid YAML, so that no case is added: {why}"))
    })?;
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let first = content(text);
    let indent = match (before.is_empty(), first) {
        (true, _) | (false, None) => "",
        (false, Some((offset, line))) => {
            let indent = &line[..line.len() - line.trim_start_matches(' ').len()];
            let item = &line[indent.len()..];
            if item != "-" && !item.starts_with("- ") {
                let why = "is no list of cases with a `-` before each, so that no case is added";
                return Err(error_at(file, text, offset, why).hint("write the cases as such a list"));
            }
            indent
        }
    };
    let item = written(case, indent, ending);
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { ending };
    let after = format!("{text}{gap}{item}");
    let wanted = joined(before, steps(&written(case, "", "\n")).unwrap_or_default());
    if steps(&after).ok() == Some(wanted) {
        return Ok(after);
    }
    let last = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
    let why = "ends in a way in which an added case would not be read as one, so that none is added";
    Err(error_at(file, text, last, why).hint("end it with the last case of a plain list"))
}

/// The first line that is neither empty, a comment nor a mark of the document.
fn content(text: &str) -> Option<(usize, &str)> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let plain = line.trim_end();
        let shown = plain.trim_start();
        if !shown.is_empty() && !shown.starts_with(['#', '%']) && plain != "---" {
            return Some((offset, plain));
        }
        offset += line.len();
    }
    None
}

/// The case as an item of a list.
fn written(case: &Case, indent: &str, ending: &str) -> String {
    let mut lines = vec![format!("- description: {}", quoted(&case.description))];
    if !case.origin.is_empty() {
        lines.push(format!("  # {}", case.origin.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    if !case.vars.is_empty() {
        lines.push("  vars:".to_owned());
        lines.extend(case.vars.iter().map(|(name, value)| format!("    {}: {}", quoted(name), quoted(value))));
    }
    lines.push("  assert:".to_owned());
    lines.push("    - type: contains".to_owned());
    lines.push(format!("      value: {}", quoted(STUB)));
    lines.iter().flat_map(|line| [indent, line, ending]).collect()
}

/// A text between quotes, in which everything that is not plain is escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A document as steps, without its places and its ways of writing; nothing of an empty one.
fn steps(text: &str) -> Result<Vec<String>, (usize, String)> {
    let mut steps = Vec::new();
    let mut documents = 0;
    for next in Parser::new_from_str(text) {
        let (event, _) =
            next.map_err(|error| (error.marker().byte_offset().unwrap_or(0).min(text.len()), error.info().clone()))?;
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    steps.push("another document".to_owned());
                }
            }
            Event::Scalar(value, ..) => steps.push(format!("text {value}")),
            Event::MappingStart(..) => steps.push("map".to_owned()),
            Event::SequenceStart(..) => steps.push("list".to_owned()),
            Event::MappingEnd | Event::SequenceEnd => steps.push("end".to_owned()),
            Event::Alias(number) => steps.push(format!("alias {number}")),
            _ => {}
        }
    }
    // a document without a word in it is an empty text
    Ok(if matches!(steps.as_slice(), [only] if only == "text " || only == "text ~") { Vec::new() } else { steps })
}

/// The steps of a list with those of another list's items behind its own.
fn joined(mut list: Vec<String>, more: Vec<String>) -> Vec<String> {
    if list.is_empty() {
        return more;
    }
    list.pop();
    list.extend(more.into_iter().skip(1));
    list
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn case(message: &str) -> Case {
        Case {
            description: "It fails".into(),
            vars: vec![("message".into(), message.into()), ("user_name".into(), "Ada".into())],
            origin: "a playtest of draft".into(),
        }
    }

    fn add(text: &str) -> Result<String> {
        appended(Path::new("cases.yaml"), text, &case("Where is it?"))
    }

    #[test]
    fn a_case_is_added_behind_the_others_and_every_byte_before_it_stays() {
        for text in [
            "",
            "# my cases\n",
            "---\n# first\n- description: one # why\n  vars: {message: hi}\n",
            "  - description: one\n    vars:\n      message: |\n        hi\n        there\n",
            "- vars: {a: 1}\r\n- {vars: {b: 2}}",
        ] {
            let after = add(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert!(after.starts_with(text), "{after}");
            let cases: Vec<serde_json::Value> = serde_saphyr::from_str(&after).unwrap();
            let last = cases.last().unwrap();
            assert_eq!(
                (&last["vars"]["message"], &last["assert"][0]["type"]),
                (&"Where is it?".into(), &"contains".into())
            );
            assert_eq!(add(&after).map(|twice| twice.starts_with(&after)), Ok(true));
        }
    }

    #[test]
    fn a_suite_that_cannot_be_added_to_safely_is_refused_with_its_line() {
        for (text, line) in [
            ("# x\ntests:\n  - vars: {a: 1}\n", 2),
            ("[{vars: {a: 1}}]\n", 1),
            ("- a: 1\n...\n", 2),
            ("- a: \"open\n", 1),
            ("just words\n", 1),
        ] {
            let error = add(text).unwrap_err();
            let place = error.place.clone().unwrap();
            assert_eq!(place.line, Some(line), "{text:?}: {error}");
            assert!(error.message.contains("case is added") || error.message.contains("none is added"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_message_is_read_back_as_it_was(message in any::<String>(), before in prop::collection::vec(any::<String>(), 0..3)) {
            let mut text = String::new();
            for one in &before {
                text = appended(Path::new("cases.yaml"), &text, &case(one)).unwrap();
            }
            let after = appended(Path::new("cases.yaml"), &text, &case(&message)).unwrap();
            let cases: Vec<serde_json::Value> = serde_saphyr::from_str(&after).unwrap();
            prop_assert_eq!(cases.len(), before.len() + 1);
            prop_assert_eq!(cases[before.len()]["vars"]["message"].as_str(), Some(message.as_str()));
        }
    }
}
