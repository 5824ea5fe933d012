//! How far a version should be from the one before it, and which variables and settings differ.

use serde_json::Value;

use crate::diff::State;
use crate::diff::likeness::shared_start;
use crate::diff::sides::{PLACES, Side, Sides};
use crate::prompt::document::closing_tag;
use crate::prompt::{SectionId, template};

/// The step that a difference calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing differs.
    None,
    /// Only wording, or settings other than the model.
    Patch,
    /// A section says something else, or the model is another one.
    Minor,
    /// Whoever uses the prompt has to change something: its variables or the shape of its answers.
    Major,
}

impl Bump {
    /// The word used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// Names that only one of two states has, in the order of their first use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamesDiff {
    /// Only the second has them.
    pub added: Vec<String>,
    /// Only the first has them.
    pub removed: Vec<String>,
}

impl NamesDiff {
    /// Whether both have the same names.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }
}

/// One key of the config whose value differs.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigChange {
    /// The key.
    pub key: String,
    /// Its value in the first; `None` when it is not set there.
    pub from: Option<Value>,
    /// Its value in the second.
    pub to: Option<Value>,
}

/// The variables of the system prompt and of the template of the user's message.
pub(super) fn variables(from: State<'_>, to: State<'_>) -> NamesDiff {
    let names = |state: State<'_>| -> Vec<String> {
        let user = state.config.get("user_template").and_then(Value::as_str).unwrap_or_default();
        let mut names: Vec<String> = template::names(state.text).into_iter().map(str::to_owned).collect();
        for name in template::names(user) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    };
    let (from, to) = (names(from), names(to));
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        let others: std::collections::HashSet<&String> = others.iter().collect();
        these.iter().filter(|name| !others.contains(name)).cloned().collect()
    };
    NamesDiff { added: only(&to, &from), removed: only(&from, &to) }
}

/// The keys whose values differ: those of the first in its order, then those that only the second has.
pub(super) fn config(from: State<'_>, to: State<'_>) -> Vec<ConfigChange> {
    let added = to.config.keys().filter(|key| !from.config.contains_key(*key));
    (from.config.keys().chain(added))
        .map(|key| (key, from.config.get(key), to.config.get(key)))
        .filter(|(_, from, to)| from != to)
        .map(|(key, from, to)| ConfigChange { key: key.clone(), from: from.cloned(), to: to.cloned() })
        .collect()
}

/// The step that these differences call for.
pub(super) fn suggest(sides: &Sides<'_>, variables: &NamesDiff, config: &[ConfigChange]) -> Bump {
    if sides.from.text == sides.to.text && config.is_empty() {
        return Bump::None;
    }
    let says_otherwise = |id: Option<SectionId>| !same_words(said(&sides.from, id), said(&sides.to, id));
    if !variables.is_empty() || says_otherwise(Some(SectionId::OutputFormat)) {
        return Bump::Major;
    }
    let model = config.iter().any(|change| change.key == "model");
    if model || PLACES.into_iter().any(says_otherwise) { Bump::Minor } else { Bump::Patch }
}

/// What a section says: its text below its heading, before and after its closing tag.
fn said<'a>(side: &Side<'a>, id: Option<SectionId>) -> [&'a str; 2] {
    let headings = &side.outline.headings;
    let at = id.and_then(|id| headings.iter().position(|heading| heading.id == id));
    let (start, next) = match (id, at) {
        (None, _) => (0, 0),
        (Some(_), Some(at)) => (headings[at].end, at + 1),
        (Some(_), None) => return [""; 2],
    };
    let text = &side.text[start..headings.get(next).map_or(side.text.len(), |heading| heading.start)];
    let tag = at.and_then(|at| closing_tag(&side.text[headings[at].start..headings[at].end], text));
    tag.map_or([text, ""], |tag| [&text[..tag.start], &text[tag.end..]])
}

/// Whether two texts are the same but for punctuation, letter case and blanks.
fn same_words(a: [&str; 2], b: [&str; 2]) -> bool {
    if a == b {
        return true;
    }
    // what both begin with needs no looking at; a character is looked at whole
    let mut start = shared_start(a[0].as_bytes(), b[0].as_bytes());
    while !(a[0].is_char_boundary(start) && b[0].is_char_boundary(start)) {
        start -= 1;
    }
    let (old, new) = ([&a[0][start..], a[1]], [&b[0][start..], b[1]]);
    old.into_iter().flat_map(letters).eq(new.into_iter().flat_map(letters))
}

/// The characters that carry words, in lower case.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|&c| !is_slight(c)).flat_map(char::to_lowercase)
}

/// Blanks, control characters and punctuation.
fn is_slight(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric();
    }
    let punctuation = || {
        matches!(c,
            '\u{a1}' | '\u{a7}' | '\u{ab}' | '\u{ad}' | '\u{b6}' | '\u{b7}' | '\u{bb}' | '\u{bf}'
            // general punctuation with its invisible characters, supplemental punctuation
            | '\u{2000}'..='\u{206f}' | '\u{2e00}'..='\u{2e7f}'
            // punctuation of Chinese and Japanese, small, vertical and full-width forms
            | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '\u{30fb}'
            | '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe6f}' | '\u{feff}'
            | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}'
            // stops of Arabic, Hebrew, Devanagari and Armenian
            | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{66a}'..='\u{66d}' | '\u{6d4}' | '\u{5be}' | '\u{5c0}'
            | '\u{5c3}' | '\u{964}' | '\u{965}' | '\u{589}' | '\u{58a}' | '\u{55a}'..='\u{55f}'
        )
    };
    !c.is_alphanumeric() && (c.is_whitespace() || c.is_control() || punctuation())
}
