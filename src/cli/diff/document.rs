//! The JSON document of a comparison, written straight from the texts.

use std::ops::Range;

use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde_json::Value;

use crate::cli::diff::label;
use crate::cli::show::UNSORTED;
use crate::diff::{Comparison, ConfigChange, RowKind, SectionDiff, Which};
use crate::library::Snapshot;
use crate::prompt::{Estimate, SectionId, TokenCounter};

/// The whole document.
#[derive(serde::Serialize)]
pub struct Document<'a> {
    from: String,
    to: String,
    suggested_bump: &'static str,
    variables: Names<'a>,
    config: Vec<Setting<'a>>,
    tokens: Tokens,
    sections: Vec<Section<'a>>,
}

#[derive(serde::Serialize)]
struct Names<'a> {
    added: &'a [String],
    removed: &'a [String],
}

#[derive(serde::Serialize)]
struct Setting<'a> {
    key: &'a str,
    from: Option<&'a Value>,
    to: Option<&'a Value>,
}

/// Estimates: a vocabulary takes longer to load than two texts to compare.
#[derive(serde::Serialize)]
struct Tokens {
    from: usize,
    to: usize,
}

#[derive(serde::Serialize)]
struct Section<'a> {
    id: &'static str,
    hunks: Hunks<'a>,
}

impl<'a> Document<'a> {
    /// Of a comparison and the states it compares.
    pub fn new(comparison: &'a Comparison, states: [&'a Snapshot; 2]) -> Self {
        let texts = states.map(|state| state.text.as_str());
        let setting =
            |change: &'a ConfigChange| Setting { key: &change.key, from: change.from.as_ref(), to: change.to.as_ref() };
        let sections = comparison.sections.iter().map(|section| Section {
            id: section.id.map_or(UNSORTED, SectionId::id),
            hunks: Hunks { comparison, section, texts },
        });
        Self {
            from: label(states[0]),
            to: label(states[1]),
            suggested_bump: comparison.bump.id(),
            variables: Names { added: &comparison.variables.added, removed: &comparison.variables.removed },
            config: comparison.config.iter().map(setting).collect(),
            tokens: Tokens { from: Estimate.count(texts[0]), to: Estimate.count(texts[1]) },
            sections: sections.collect(),
        }
    }
}

/// The rows of a section: equal runs and changed runs by turns, so that every line of both texts is in one.
struct Hunks<'a> {
    comparison: &'a Comparison,
    section: &'a SectionDiff,
    texts: [&'a str; 2],
}

#[derive(serde::Serialize)]
struct Hunk<'a> {
    from_line: usize,
    to_line: usize,
    lines: Vec<Line<'a>>,
}

#[derive(serde::Serialize)]
struct Line<'a> {
    kind: &'static str,
    text: &'a str,
    emphasis: Spans<'a>,
    /// Of a moved line, its number in the other text.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<usize>,
    /// That hardly anything changed, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

struct Spans<'a>(&'a [Range<usize>]);

impl Serialize for Spans<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|span| [span.start, span.end]))
    }
}

impl Serialize for Hunks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = &self.section.rows;
        // where the next line of each text stands; 0 in a text that does not have the section
        let first = |which| rows.iter().find_map(|row| row.number(which)).unwrap_or(0);
        let mut next = [first(Which::From), first(Which::To)];
        let mut hunks = serializer.serialize_seq(None)?;
        for run in rows.chunk_by(|a, b| a.equal() == b.equal()) {
            let [from_line, to_line] = next;
            let mut lines = Vec::with_capacity(run.len());
            for row in run {
                for (side, which) in [Which::From, Which::To].into_iter().enumerate() {
                    let Some(line) = self.comparison.line(row, which) else { continue };
                    next[side] = line.number + 1;
                    let kind = match (row.kind, which) {
                        (RowKind::Equal, Which::From) => "equal",
                        // an equal line is listed once
                        (RowKind::Equal, Which::To) => continue,
                        (RowKind::MoveFrom, _) => "move_from",
                        (RowKind::MoveTo, _) => "move_to",
                        (_, Which::From) => "delete",
                        (_, Which::To) => "insert",
                    };
                    let (text, emphasis) = (&self.texts[side][line.range], Spans(line.emphasis));
                    lines.push(Line { kind, text, emphasis, moved: row.moved(), note: row.remark() });
                }
            }
            hunks.serialize_element(&Hunk { from_line, to_line, lines })?;
        }
        hunks.end()
    }
}
