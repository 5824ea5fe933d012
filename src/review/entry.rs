//! A line of `review.jsonl`.
//!
//! Every line has `at`, `by`, `kind` and `id`. The `id` of a comment or suggestion is its own; a reply and a resolve name
//! by it the comment they belong to; decisions and steps have one of their own. The other keys by kind:
//!
//! | kind | keys |
//! | --- | --- |
//! | `comment` | `text`, and what it is about: `section`, or `variable`, or `line`, `quote`, `before`, `after`; nothing for the whole |
//! | `suggest` | the same, and `replacement`: what is to stand in place of the quoted lines |
//! | `reply` | `text` |
//! | `resolve` | `taken` when the suggestion was taken; `reopened` when it is open again |
//! | `approve`, `request-changes` | `sha256` of what was looked at ([`super::Evidence`]), `text` |
//! | `stage` | `stage`, the step that is done, and its `sha256`; `text` |
//!
//! Any line may have `git`: what git calls whoever signs it with another name.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::anchor::{Anchor, Lines};
use super::evidence::hexadecimal;
use super::person::Person;
use super::stage::Stage;
use crate::prompt::SectionId;

/// Something that somebody has said or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What git calls them, where that is another name.
    pub git: Option<String>,
    /// Of a comment or suggestion its own name, of a reply or resolve that of its comment.
    pub id: String,
    /// What.
    pub said: Said,
}

/// What can be said or done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A comment, or a suggestion when there is a replacement.
    Comment {
        /// What it is about.
        anchor: Anchor,
        /// The words; may be empty for a suggestion.
        text: String,
        /// What is to stand in place of the lines, without a last line ending; empty takes them out.
        replacement: Option<String>,
    },
    /// An answer to a comment.
    Reply(String),
    /// A comment is settled.
    Resolve {
        /// By taking its suggestion.
        taken: bool,
    },
    /// A comment is open again.
    Reopen,
    /// A decision about the whole.
    Decide {
        /// Which.
        decision: Decision,
        /// The digest of what was looked at.
        sha256: String,
        /// Why; may be empty.
        text: String,
    },
    /// A step on the way is done.
    Done {
        /// Which.
        stage: Stage,
        /// The digest of what it was done on.
        sha256: Option<String>,
        /// A word about it; may be empty.
        text: String,
    },
}

/// What a reviewer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It may go out.
    Approve,
    /// It may not, as it is.
    RequestChanges,
}

/// Why a line says nothing.
#[derive(Debug)]
pub enum Unreadable {
    /// It is of a kind that a later greenroom writes.
    Newer(String),
    /// It is no JSON of the right shape.
    Damaged(serde_json::Error),
    /// One of its keys makes no sense.
    Wrong(String),
}

/// The keys of a line besides `at` and `by`, in the order in which they are written.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Keys {
    kind: String,
    #[serde(default)]
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    git: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    taken: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    reopened: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// The text before the first heading, where a section is named.
const UNSORTED: &str = "unsorted";

/// A name for what `by` says at `at`: ten hexadecimal letters, different for all that differs.
pub fn new_id(at: Timestamp, by: &str, said: &str) -> String {
    let mut id = hexadecimal(format!("{at}\n{by}\n{said}").as_bytes());
    id.truncate(10);
    id
}

impl Entry {
    /// Reads a line that `by` has written at `at`; `text` is all of it, a JSON object.
    ///
    /// # Errors
    /// When a key is missing or makes no sense, or when the line is of a kind that is not known.
    pub fn read(at: Timestamp, by: &str, text: &str) -> Result<Self, Unreadable> {
        let mut keys: Keys = serde_json::from_str(text).map_err(Unreadable::Damaged)?;
        let wrong = |what: String| Unreadable::Wrong(what);
        let text = keys.text.take().unwrap_or_default();
        let said = match keys.kind.as_str() {
            "comment" => Said::Comment { anchor: anchor(&mut keys).map_err(wrong)?, text, replacement: None },
            "suggest" => {
                let missing = || wrong("a `suggest` needs a `replacement`".to_owned());
                let replacement = Some(keys.replacement.take().ok_or_else(missing)?);
                Said::Comment { anchor: anchor(&mut keys).map_err(wrong)?, text, replacement }
            }
            "reply" => Said::Reply(text),
            "resolve" if keys.reopened => Said::Reopen,
            "resolve" => Said::Resolve { taken: keys.taken },
            "approve" | "request-changes" => {
                let decision = if keys.kind == "approve" { Decision::Approve } else { Decision::RequestChanges };
                let missing = || wrong(format!("`{}` needs the `sha256` of what was looked at", keys.kind));
                Said::Decide { decision, sha256: keys.sha256.take().ok_or_else(missing)?, text }
            }
            "stage" => {
                let named = keys.stage.as_deref().unwrap_or_default();
                let known = Stage::of(named);
                let stage = known.ok_or_else(|| wrong(format!("`{named}` is not a stage: {}", Stage::ids())))?;
                Said::Done { stage, sha256: keys.sha256.take(), text }
            }
            _ => return Err(Unreadable::Newer(keys.kind)),
        };
        if keys.id.is_empty() && said.is_of_a_thread() {
            return Err(wrong(format!("a `{}` needs an `id`", keys.kind)));
        }
        Ok(Self { at, by: by.to_owned(), git: keys.git, id: keys.id, said })
    }
}

impl Said {
    /// Whether it ends something: a decision, or a step on the way that is done.
    pub fn is_a_step(&self) -> bool {
        matches!(self, Self::Decide { .. } | Self::Done { .. })
    }

    /// What a commit of it says, `of` being a draft or version. Everything that is no step of its own is the same there.
    pub fn subject(&self, of: &str) -> String {
        match self {
            Self::Decide { decision: Decision::Approve, .. } => format!("{of} approved"),
            Self::Decide { decision: Decision::RequestChanges, .. } => format!("changes of {of} requested"),
            Self::Done { stage, .. } => format!("{of}: {} done", stage.id()),
            Self::Comment { .. } | Self::Reply(_) | Self::Resolve { .. } | Self::Reopen => format!("review of {of}"),
        }
    }

    /// Whether it is a comment or belongs to one.
    fn is_of_a_thread(&self) -> bool {
        matches!(self, Self::Comment { .. } | Self::Reply(_) | Self::Resolve { .. } | Self::Reopen)
    }

    /// What is written for it under the name `id`, when `person` says it.
    pub fn signed(&self, id: &str, person: &Person) -> Keys {
        Keys { git: person.other_name().map(str::to_owned), ..self.keys(id) }
    }

    /// What is written for it, under the name `id`.
    pub fn keys(&self, id: &str) -> Keys {
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let of = |kind: &str| Keys { kind: kind.to_owned(), id: id.to_owned(), ..Keys::default() };
        match self {
            Self::Comment { anchor, text, replacement: None } => {
                with_anchor(Keys { text: Some(text.clone()), ..of("comment") }, anchor)
            }
            Self::Comment { anchor, text, replacement } => {
                with_anchor(Keys { text: filled(text), replacement: replacement.clone(), ..of("suggest") }, anchor)
            }
            Self::Reply(text) => Keys { text: Some(text.clone()), ..of("reply") },
            Self::Resolve { taken } => Keys { taken: *taken, ..of("resolve") },
            Self::Reopen => Keys { reopened: true, ..of("resolve") },
            Self::Decide { decision, sha256, text } => {
                let kind = if *decision == Decision::Approve { "approve" } else { "request-changes" };
                Keys { sha256: Some(sha256.clone()), text: filled(text), ..of(kind) }
            }
            Self::Done { stage, sha256, text } => {
                Keys { stage: Some(stage.id().to_owned()), sha256: sha256.clone(), text: filled(text), ..of("stage") }
            }
        }
    }
}

fn anchor(keys: &mut Keys) -> Result<Anchor, String> {
    if let Some(quote) = keys.quote.take() {
        let line = keys.line.filter(|line| *line > 0).ok_or("`quote` needs the `line` it stood at, from 1")?;
        if quote.is_empty() {
            return Err("`quote` has no lines".to_owned());
        }
        let (before, after) = (keys.before.take().unwrap_or_default(), keys.after.take().unwrap_or_default());
        return Ok(Anchor::Lines(Lines { line, quote, before, after }));
    }
    if let Some(variable) = keys.variable.take() {
        return Ok(Anchor::Variable(variable));
    }
    match keys.section.as_deref() {
        None => Ok(Anchor::Whole),
        Some(UNSORTED) => Ok(Anchor::Section(None)),
        Some(id) => match SectionId::ALL.into_iter().find(|known| known.id() == id) {
            Some(known) => Ok(Anchor::Section(Some(known))),
            None => Err(format!("`{id}` is not a section")),
        },
    }
}

fn with_anchor(keys: Keys, anchor: &Anchor) -> Keys {
    let filled = |lines: &Vec<String>| (!lines.is_empty()).then(|| lines.clone());
    match anchor {
        Anchor::Whole => keys,
        Anchor::Section(id) => Keys { section: Some(id.map_or(UNSORTED, SectionId::id).to_owned()), ..keys },
        Anchor::Variable(name) => Keys { variable: Some(name.clone()), ..keys },
        Anchor::Lines(lines) => Keys {
            line: Some(lines.line),
            quote: Some(lines.quote.clone()),
            before: filled(&lines.before),
            after: filled(&lines.after),
            ..keys
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn at() -> Timestamp {
        "2026-05-01T10:00:00.25Z".parse().unwrap()
    }

    fn read(text: &str) -> Result<Entry, Unreadable> {
        Entry::read(at(), "Ana", text)
    }

    #[test]
    fn a_line_has_the_keys_of_its_kind_alone() {
        let lines = Lines { line: 3, quote: vec!["b".into()], before: vec!["a".into()], after: Vec::new() };
        let said = Said::Comment { anchor: Anchor::Lines(lines), text: "why?\n\u{1b}".into(), replacement: None };
        assert_eq!(
            serde_json::to_string(&said.keys("c1")).unwrap(),
            r#"{"kind":"comment","id":"c1","line":3,"quote":["b"],"before":["a"],"text":"why?\n\u001b"}"#
        );
        let said = Said::Decide { decision: Decision::RequestChanges, sha256: "ab".into(), text: String::new() };
        assert_eq!(
            serde_json::to_string(&said.keys("d1")).unwrap(),
            r#"{"kind":"request-changes","id":"d1","sha256":"ab"}"#
        );
    }

    #[test]
    fn what_makes_no_sense_is_told_by_its_key() {
        assert!(matches!(read("{"), Err(Unreadable::Damaged(_))));
        assert!(matches!(read("[1]"), Err(Unreadable::Damaged(_))));
        assert!(matches!(read(r#"{"kind":"applaud"}"#), Err(Unreadable::Newer(kind)) if kind == "applaud"));
        for (keys, words) in [
            (r#""kind":"approve""#, "sha256"),
            (r#""kind":"suggest","text":"t""#, "replacement"),
            (r#""kind":"stage","stage":"lunch""#, "`lunch` is not a stage"),
            (r#""kind":"comment","text":"t","section":"weather""#, "`weather` is not a section"),
            (r#""kind":"comment","text":"t","quote":["a"]"#, "`line`"),
            (r#""kind":"comment","text":"t","quote":[],"line":1"#, "no lines"),
            (r#""kind":"reply","text":"t","id":"""#, "needs an `id`"),
        ] {
            match read(&format!("{{{keys}}}")) {
                Err(Unreadable::Wrong(told)) => assert!(told.contains(words), "{told}"),
                other => panic!("{keys}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_line_with_keys_of_a_later_greenroom_is_read_all_the_same() {
        let line = r#"{"kind":"reply","id":"x","text":"t","mood":{"a":[1]}}"#;
        assert_eq!(read(line).unwrap().said, Said::Reply("t".into()));
    }

    #[test]
    fn names_differ_with_the_moment_the_person_and_the_words() {
        let id = new_id(at(), "Ana", "text");
        assert_eq!(id.len(), 10);
        assert_eq!(id, new_id(at(), "Ana", "text"));
        for other in
            [new_id(at(), "Ben", "text"), new_id(at(), "Ana", "texts"), new_id(Timestamp::UNIX_EPOCH, "Ana", "text")]
        {
            assert_ne!(id, other);
        }
    }

    fn texts() -> impl Strategy<Value = Vec<String>> {
        vec(any::<String>(), 0..3)
    }

    fn anchors() -> impl Strategy<Value = Anchor> {
        prop_oneof![
            Just(Anchor::Whole),
            Just(Anchor::Section(None)),
            Just(Anchor::Section(Some(SectionId::SafetyRails))),
            any::<String>().prop_map(Anchor::Variable),
            (1_usize..9, vec(any::<String>(), 1..3), texts(), texts())
                .prop_map(|(line, quote, before, after)| Anchor::Lines(Lines { line, quote, before, after })),
        ]
    }

    fn said() -> impl Strategy<Value = Said> {
        prop_oneof![
            (anchors(), any::<String>(), any::<Option<String>>())
                .prop_map(|(anchor, text, replacement)| Said::Comment { anchor, text, replacement }),
            any::<String>().prop_map(Said::Reply),
            any::<bool>().prop_map(|taken| Said::Resolve { taken }),
            Just(Said::Reopen),
            any::<(bool, String, String)>().prop_map(|(yes, sha256, text)| Said::Decide {
                decision: if yes { Decision::Approve } else { Decision::RequestChanges },
                sha256,
                text
            }),
            (0..Stage::ALL.len(), any::<Option<String>>(), any::<String>())
                .prop_map(|(stage, sha256, text)| Said::Done { stage: Stage::ALL[stage], sha256, text }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was(id in ".{1,12}", said in said()) {
            let line = serde_json::to_string(&said.keys(&id)).unwrap();
            prop_assert!(!line.contains('\n'));
            prop_assert_eq!(read(&line).unwrap(), Entry { at: at(), by: "Ana".into(), git: None, id, said });
        }

        #[test]
        fn no_text_is_too_odd_to_be_read(line in any::<String>()) {
            let _ = read(&line);
        }
    }
}
