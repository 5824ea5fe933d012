//! A variable's name, wherever it stands: one function for each kind of file, each giving the places to change and
//! nothing else. What is escaped, and what only looks like the name, is left alone.

mod json;
mod toml;
mod yaml;

use std::ops::Range;

pub(crate) use json::asked_in_config;
pub use json::{in_config, in_values};
pub use toml::in_declarations;
pub use yaml::in_cases;
pub(crate) use yaml::named_in_cases;

use crate::prompt::template;

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// `{{name}}`.
    Placeholder,
    /// A key of a value set, or of the `vars` of an eval case.
    Key,
    /// The table in `prompt.toml`.
    Declaration,
}

impl What {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Placeholder => "placeholder",
            Self::Key => "value",
            Self::Declaration => "declaration",
        }
    }
}

/// One place of a text, and what stands there afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Its bytes.
    pub range: Range<usize>,
    /// What takes their place.
    pub with: String,
    /// What it is.
    pub what: What,
}

/// A file that is written in a way that cannot be renamed by machine without guessing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tangled {
    /// The byte where it begins.
    pub offset: usize,
    /// Why.
    pub reason: String,
}

/// The placeholders of `old` in a prompt's text; blanks within the braces stay.
pub fn in_text(text: &str, old: &str, new: &str) -> Vec<Edit> {
    let within = |range: Range<usize>| {
        let start = range.start + text[range].find(old)?;
        Some(Edit { range: start..start + old.len(), with: new.to_owned(), what: What::Placeholder })
    };
    template::placeholders(text).filter(|(_, name)| *name == old).filter_map(|(range, _)| within(range)).collect()
}

/// `text` with these places changed. They must be in order and apart.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut after = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        after.push_str(&text[at..edit.range.start]);
        after.push_str(&edit.with);
        at = edit.range.end;
    }
    after + &text[at..]
}

/// The 1-based lines of `text` in which `name` stands as a word of its own.
pub fn mentions(text: &str, name: &str) -> Vec<usize> {
    let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let stands_alone = |line: &str| {
        line.match_indices(name).any(|(at, _)| {
            !line[..at].chars().next_back().is_some_and(of_name)
                && !line[at + name.len()..].chars().next().is_some_and(of_name)
        })
    };
    text.lines().enumerate().filter(|(_, line)| stands_alone(line)).map(|(index, _)| index + 1).collect()
}

#[cfg(test)]
mod tests;
