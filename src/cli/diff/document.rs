//! The JSON document of a comparison, written straight from the texts.

use std::ops::Range;

use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde_json::Value;

use crate::cli::diff::beyond::Beyond;
use crate::cli::show::UNSORTED;
use crate::diff::{Comparison, ConfigChange, RowKind, SectionDiff, Which};
use crate::library::{Changed, EvalRun, Outcome, Side};
use crate::lint::Finding;
use crate::prompt::SectionId;

/// The whole document.
#[derive(serde::Serialize)]
pub struct Document<'a> {
    from: &'a str,
    to: &'a str,
    suggested_bump: &'static str,
    variables: Names<'a>,
    config: Vec<Setting<'a>>,
    tokens: Both<usize>,
    /// Dollars for one call, where a price is known.
    cost: Both<Option<f64>>,
    /// What `prompt.toml` declares.
    declared: Vec<Other<'a>>,
    /// What differs in value sets; personal and secret values are masked.
    value_sets: Vec<Other<'a>>,
    /// Cases of the eval suite that came, went or changed.
    eval_cases: Vec<Other<'a>>,
    /// What the last run of the suite came to; null where it never ran, or what it says cannot be read.
    eval_results: Both<Option<Ran<'a>>>,
    /// Findings that went or appeared; null when a text is too long to look for them.
    lint: Option<Findings<'a>>,
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

/// The same of both sides. Of tokens, estimates: a vocabulary takes longer to load than two texts to compare.
#[derive(serde::Serialize)]
struct Both<N> {
    from: N,
    to: N,
}

#[derive(serde::Serialize)]
struct Other<'a> {
    name: &'a str,
    from: Option<&'a str>,
    to: Option<&'a str>,
}

/// A run of the eval suite.
#[derive(serde::Serialize)]
struct Ran<'a> {
    at: Option<&'a str>,
    passed: usize,
    failed: usize,
    errors: usize,
    /// Whether it ran on exactly the bytes that are compared.
    exact: bool,
}

impl<'a> Ran<'a> {
    fn of(side: &'a Side) -> Option<Self> {
        let Outcome::Run { run, exact } = &side.tried.outcome else { return None };
        let EvalRun { passed, failed, errors, .. } = *run;
        Some(Self { at: run.at.as_deref(), passed, failed, errors, exact: *exact })
    }
}

#[derive(serde::Serialize)]
struct Findings<'a> {
    gone: Vec<Found<'a>>,
    appeared: Vec<Found<'a>>,
}

/// A finding as `lint --json` has it.
#[derive(serde::Serialize)]
struct Found<'a> {
    rule: &'a str,
    severity: &'a str,
    section: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
    help: &'a str,
}

fn found(findings: &[Finding]) -> Vec<Found<'_>> {
    let all = findings.iter().map(|found| Found {
        rule: found.rule.id,
        severity: found.severity.word(),
        section: found.section_id(),
        line: found.line,
        column: found.column,
        message: &found.message,
        help: &found.help,
    });
    all.collect()
}

fn others(changes: &[Changed]) -> Vec<Other<'_>> {
    let all = changes.iter();
    all.map(|change| Other { name: &change.what, from: change.from.as_deref(), to: change.to.as_deref() }).collect()
}

#[derive(serde::Serialize)]
struct Section<'a> {
    id: &'static str,
    hunks: Hunks<'a>,
}

impl<'a> Document<'a> {
    /// Of a comparison and the states it compares.
    pub fn new(comparison: &'a Comparison, states: [&'a Side; 2], beyond: &'a Beyond) -> Self {
        let texts = states.map(|state| state.snapshot.text.as_str());
        let setting =
            |change: &'a ConfigChange| Setting { key: &change.key, from: change.from.as_ref(), to: change.to.as_ref() };
        let sections = comparison.sections.iter().map(|section| Section {
            id: section.id.map_or(UNSORTED, SectionId::id),
            hunks: Hunks { comparison, section, texts },
        });
        Self {
            from: &states[0].label,
            to: &states[1].label,
            suggested_bump: comparison.bump.id(),
            variables: Names { added: &comparison.variables.added, removed: &comparison.variables.removed },
            config: comparison.config.iter().map(setting).collect(),
            tokens: Both { from: beyond.tokens[0], to: beyond.tokens[1] },
            cost: Both { from: beyond.cost[0], to: beyond.cost[1] },
            declared: others(&beyond.beside.declared),
            value_sets: others(&beyond.beside.values),
            eval_cases: others(&beyond.beside.cases),
            eval_results: Both { from: Ran::of(states[0]), to: Ran::of(states[1]) },
            lint: beyond
                .linted
                .then(|| Findings { gone: found(&beyond.beside.gone), appeared: found(&beyond.beside.appeared) }),
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
