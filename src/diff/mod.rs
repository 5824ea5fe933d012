//! Two texts of a prompt → rows with word spans. The terminal, the workbench and every other surface draw the same rows.
//!
//! Pure: no terminal, network, file system or clock. Work is counted instead of timed, so the same two texts always give
//! the same rows, and no pair of texts takes long.
//!
//! The way of a comparison: both texts are cut into lines and sections (`sides`), each section is compared with
//! itself ([`similar`]'s Myers), lines that went elsewhere are found (`moves`), and so are paragraphs that were wrapped
//! anew (`flow`); the changed lines that are left are put beside each other (`pairs`), and in each such pair the changed
//! words are found (`cut`, `matching`) and marked (`words`) as a reader sees them (`meaning`). Two texts that grew
//! from a third are put together by `merge`.

mod bump;
mod common;
mod cut;
mod flow;
mod likeness;
mod matching;
mod meaning;
mod merge;
mod moves;
mod pairs;
mod sides;
mod story;
mod unified;
mod words;

use std::ops::Range;

use serde_json::{Map, Value};

use crate::prompt::SectionId;

pub use bump::{Bump, ConfigChange, NamesDiff};
pub use merge::{Choice, Conflict, Merge, merge};
pub use story::{Episode, Part, Place, Told, holding, story};
pub use unified::unified;

/// One of the two states that are compared.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    /// The exact text of `system_prompt.txt`.
    pub text: &'a str,
    /// What `config.json` says.
    pub config: &'a Map<String, Value>,
}

/// What differs between two states.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The unsorted text first, then the sections in canonical order; those that neither text has are left out.
    pub sections: Vec<SectionDiff>,
    /// How far a version that has the second text should be from one that has the first.
    pub bump: Bump,
    /// Variables that only one of the two uses.
    pub variables: NamesDiff,
    /// Keys of the config whose values differ.
    pub config: Vec<ConfigChange>,
    /// Whether there was so much to compare that some changed words are marked in one piece.
    pub coarse: bool,
    /// Where the lines of each text begin, and where the last one ends.
    starts: [Vec<usize>; 2],
    /// The marked words of each changed row: where the first text's begin, the second's, and their end in `spans`.
    marks: Vec<[u32; 3]>,
    spans: Vec<Range<usize>>,
}

/// The rows of one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionDiff {
    /// Which section; `None` for the unsorted text.
    pub id: Option<SectionId>,
    /// Its rows, its heading's among them, in rising line numbers on both sides.
    pub rows: Vec<Row>,
    /// How many groups of changed rows it has.
    pub changes: usize,
}

impl SectionDiff {
    /// How many lines were wrapped anew and say the same: of the text that has more of them.
    pub fn wrapped(&self) -> usize {
        self.rows.iter().filter(|row| row.kind == RowKind::Wrap).count()
    }

    /// How much differs, in words.
    pub fn in_words(&self) -> String {
        match (self.changes, self.wrapped()) {
            (0, 0) => "no change".to_owned(),
            (0, 1) => "the same words, 1 line wrapped anew".to_owned(),
            (0, lines) => format!("the same words, {lines} lines wrapped anew"),
            (1, _) => "1 change".to_owned(),
            (changes, _) => format!("{changes} changes"),
        }
    }
}

/// What a row says about its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// The same bytes on both sides.
    Equal,
    /// One line became the other: some of its words changed.
    Change,
    /// A line was replaced by one that has little in common with it; no words are marked.
    Replace,
    /// The line says the same: only its blanks changed.
    Blanks,
    /// Only the ending of the line changed, or it has one on one side alone.
    Ending,
    /// The line says the same: only the number of its item in a list changed.
    Renumber,
    /// A line of a paragraph that was wrapped anew; none of its words changed. One of the sides may have no line.
    Wrap,
    /// A line of a paragraph that was wrapped anew, where some words changed.
    WrapChange,
    /// A line of the first text that the second does not have.
    Delete,
    /// A line that only the second text has.
    Insert,
    /// A line of the first text that stands elsewhere in the second.
    MoveFrom,
    /// A line of the second text that stood elsewhere in the first.
    MoveTo,
}

/// One row: a line of the first text, of the second, or both side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// What it says.
    pub kind: RowKind,
    /// Line numbers, 1-based; of a moved line the other one is where it went or came from. 0 is none.
    lines: [u32; 2],
    /// An index into the comparison's marks.
    marks: u32,
}

/// A line of one of the texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its number in the whole text, 1-based.
    pub number: usize,
    /// Its bytes in the whole text, with its ending.
    pub range: Range<usize>,
    /// What changed in it, in bytes of the line, in order and apart from one another.
    pub emphasis: &'a [Range<usize>],
}

/// The first text or the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    /// What it was.
    From,
    /// What it is.
    To,
}

impl Row {
    fn new(kind: RowKind, from: u32, to: u32) -> Self {
        Self { kind, lines: [from, to], marks: u32::MAX }
    }

    /// Whether there is something to look at: any byte but those of line breaks in a paragraph that was wrapped anew.
    pub fn changed(&self) -> bool {
        !matches!(self.kind, RowKind::Equal | RowKind::Wrap)
    }

    /// Whether both sides have the same bytes.
    pub fn equal(&self) -> bool {
        self.kind == RowKind::Equal
    }

    /// What there is to say about a row whose words are hardly worth a look; nothing for others.
    pub fn remark(&self) -> Option<&'static str> {
        match self.kind {
            RowKind::Blanks => Some("only blanks changed"),
            RowKind::Ending => Some("line ending changed"),
            RowKind::Renumber => Some("renumbered"),
            RowKind::Wrap | RowKind::WrapChange => Some("wrapped anew"),
            _ => None,
        }
    }

    /// The number of its line in that text, 1-based; `None` when the row has no line there.
    pub fn number(&self, which: Which) -> Option<usize> {
        // a moved line knows its place in the other text too
        let absent = match which {
            Which::From => self.kind == RowKind::MoveTo,
            Which::To => self.kind == RowKind::MoveFrom,
        };
        let number = self.lines[which as usize] as usize;
        (!absent && number > 0).then_some(number)
    }

    /// What is said behind the line of that text: where it went or came from, or that hardly anything changed in it.
    pub fn note(&self, which: Which) -> Option<String> {
        match (self.moved(), which) {
            (Some(line), Which::From) => Some(format!("moved to line {line}")),
            (Some(line), Which::To) => Some(format!("moved from line {line}")),
            // once for both sides
            (None, Which::From) if self.number(Which::To).is_some() => None,
            (None, _) => self.remark().map(str::to_owned),
        }
    }

    /// For a moved line, the number of its line in the other text.
    pub fn moved(&self) -> Option<usize> {
        match self.kind {
            RowKind::MoveFrom => Some(self.lines[1] as usize),
            RowKind::MoveTo => Some(self.lines[0] as usize),
            _ => None,
        }
    }

    /// What stands in the gutter before the line of that text: `-`, `+`, `~`, `<` and `>` for moved lines, or a blank.
    pub fn sign(&self, which: Which) -> char {
        match (self.kind, which) {
            (RowKind::Change | RowKind::Blanks | RowKind::Ending | RowKind::Renumber | RowKind::WrapChange, _) => '~',
            (RowKind::Delete | RowKind::Replace, Which::From) => '-',
            (RowKind::Insert | RowKind::Replace, Which::To) => '+',
            (RowKind::MoveFrom, Which::From) => '<',
            (RowKind::MoveTo, Which::To) => '>',
            _ => ' ',
        }
    }
}

impl Comparison {
    /// The row's line in that text; `None` when it has none there.
    pub fn line(&self, row: &Row, which: Which) -> Option<Line<'_>> {
        let number = row.number(which)?;
        let starts = &self.starts[which as usize];
        let range = *starts.get(number - 1)?..*starts.get(number)?;
        let emphasis = self.marks.get(row.marks as usize).map_or(&[][..], |marks| {
            let side = which as usize;
            &self.spans[marks[side] as usize..marks[side + 1] as usize]
        });
        Some(Line { number, range, emphasis })
    }

    /// How many digits the highest line number has.
    pub fn digits(&self) -> usize {
        let lines = self.starts.iter().map(Vec::len).max().unwrap_or(0);
        lines.saturating_sub(1).max(1).ilog10() as usize + 1
    }

    /// Whether the two texts are the same, byte for byte.
    pub fn same_text(&self) -> bool {
        self.sections.iter().flat_map(|section| &section.rows).all(Row::equal)
    }

    /// Whether nothing differs at all.
    pub fn same(&self) -> bool {
        self.bump == Bump::None
    }
}

/// Compares two states: section by section, line by line, word by word.
pub fn compare(from: State<'_>, to: State<'_>) -> Comparison {
    let sides = sides::Sides::new(from.text, to.text);
    let blocks = sides.blocks();
    let mut moved = moves::find(&sides, &blocks);
    let mut flows = flow::Flows::new();
    let plans = blocks.each_ref().map(|blocks| pairs::plan(&sides, blocks, &moved, &mut flows));
    let mut alone = [Vec::new(), Vec::new()];
    for plan in &plans {
        let lines = plan.alone(&moved);
        alone.iter_mut().zip(lines).for_each(|(all, lines)| all.extend(lines));
    }
    moves::rest(&sides, alone, &mut moved);
    let mut sections: Vec<SectionDiff> = Vec::new();
    for (id, plan) in sides::PLACES.into_iter().zip(plans) {
        let rows = pairs::rows(&sides, plan, &moved);
        if !rows.is_empty() {
            sections.push(SectionDiff { id, changes: groups(&rows), rows });
        }
    }
    let marked = words::mark(&sides, &mut sections, flows);
    let (variables, config) = (bump::variables(from, to), bump::config(from, to));
    Comparison {
        bump: bump::suggest(&sides, &variables, &config),
        sections,
        variables,
        config,
        coarse: marked.coarse || sides.coarse(),
        starts: sides.into_starts(),
        marks: marked.marks,
        spans: marked.spans,
    }
}

/// What each of two texts has and the other does not, in bytes, in order and apart from one another: words of lines that
/// are alike, whole lines where they are not.
pub fn differing(from: &str, to: &str) -> [Vec<Range<usize>>; 2] {
    let config = Map::new();
    let comparison = compare(State { text: from, config: &config }, State { text: to, config: &config });
    let mut found = [Vec::new(), Vec::new()];
    let rows = comparison.sections.iter().flat_map(|section| &section.rows).filter(|row| row.changed());
    for row in rows {
        for (side, which) in [Which::From, Which::To].into_iter().enumerate() {
            let Some(line) = comparison.line(row, which) else { continue };
            let start = line.range.start;
            if matches!(
                row.kind,
                RowKind::Change | RowKind::Blanks | RowKind::Ending | RowKind::Renumber | RowKind::WrapChange
            ) {
                found[side].extend(line.emphasis.iter().map(|words| start + words.start..start + words.end));
            } else {
                found[side].push(line.range);
            }
        }
    }
    for marks in &mut found {
        // sections stand in an order of their own
        marks.sort_by_key(|mark| mark.start);
    }
    found
}

/// How many times a changed row follows one that is not, or nothing.
fn groups(rows: &[Row]) -> usize {
    rows.chunk_by(|a, b| a.changed() == b.changed()).filter(|run| run[0].changed()).count()
}

#[cfg(test)]
mod tests;
