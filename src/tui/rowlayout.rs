//! How a row of a comparison is laid out in columns: asked by drawing and scrolling alike.

use ratatui::layout::Rect;

use crate::diff::{Row, RowKind, SectionDiff, Which};
use crate::prompt::lines::without_ending;
use crate::prompt::{Eol, SectionId, wrap};
use crate::tui::compare::Compared;
use crate::tui::layout;
use crate::tui::model::Model;

/// Columns of the gutter: sign, line number, blanks.
pub const GUTTER: u16 = 8;

/// The columns of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// Both texts beside each other: the width of each one's text.
    Two(u16, u16),
    /// One below the other: the width of the text.
    One(u16),
}

/// The columns that fit into `area`, its border included.
pub fn columns(area: Rect, inline: bool) -> Columns {
    if inline {
        return Columns::One(layout::inside(area).width.saturating_sub(GUTTER).max(1));
    }
    let (left, right) = halves(area);
    let text = |half: Rect| layout::inside(half).width.saturating_sub(GUTTER).max(1);
    Columns::Two(text(left), text(right))
}

/// The two panes of the side-by-side form.
pub fn halves(area: Rect) -> (Rect, Rect) {
    let left = Rect { width: area.width / 2, ..area };
    (left, Rect { x: left.right(), width: area.width - left.width, ..area })
}

/// The text of a row's line on one side, without its ending.
pub fn line<'a>(compared: &'a Compared, row: &Row, which: Which) -> Option<&'a str> {
    whole_line(compared, row, which).map(without_ending)
}

/// What is said behind a row's line on one side: see [`Row::note`]; of a line ending that changed, what it was.
pub fn note(compared: &Compared, row: &Row, which: Which) -> Option<String> {
    let ending = |which: Which| whole_line(compared, row, which).map(Eol::of);
    let name = |ending: Option<Eol>| match ending {
        None => "none",
        Some(Eol::Lf) => "LF",
        Some(Eol::CrLf) => "CRLF",
        Some(Eol::Cr) => "CR",
    };
    if let (Which::To, Some(from), Some(to)) = (which, ending(Which::From), ending(Which::To))
        && from != to
        && matches!(row.kind, RowKind::Change | RowKind::Blanks | RowKind::Ending | RowKind::Renumber)
    {
        return Some(format!("line ending {} → {}", name(from), name(to)));
    }
    row.note(which)
}

fn whole_line<'a>(compared: &'a Compared, row: &Row, which: Which) -> Option<&'a str> {
    let text = match which {
        Which::From => &compared.from,
        Which::To => &compared.to,
    };
    Some(&text[compared.comparison.line(row, which)?.range])
}

/// The rows of the screen that a row of the comparison takes.
pub fn height(compared: &Compared, (section, row): (usize, usize), columns: &Columns, cut: bool) -> usize {
    let Some(row) = compared.comparison.sections.get(section).and_then(|section| section.rows.get(row)) else {
        return 1;
    };
    let rows = |which: Which, width: u16| line(compared, row, which).map_or(0, |line| rows_of(line, width, cut).len());
    match columns {
        Columns::Two(left, right) => rows(Which::From, *left).max(rows(Which::To, *right)).max(1),
        Columns::One(width) if row.changed() => (rows(Which::From, *width) + rows(Which::To, *width)).max(1),
        // of words that only stand on other lines now, the new lines are enough
        Columns::One(width) => rows(Which::To, *width).max(usize::from(row.equal())),
    }
}

/// The rows of the screen that a line takes, in bytes of it: one when long lines are cut.
pub fn rows_of(line: &str, width: u16, cut: bool) -> Vec<std::ops::Range<usize>> {
    let mut rows = wrap::rows(line, usize::from(width));
    if cut {
        rows.truncate(1);
    }
    rows
}

/// The bar of sections in one row of the screen: where each begins, and what it says.
pub fn section_bar(sections: &[SectionDiff], area: Rect) -> Vec<(u16, String)> {
    // names are cut to what all of them leave to each other
    let room = usize::from(area.width).checked_div(sections.len()).unwrap_or(0).saturating_sub(7);
    let mut x = area.x + 1;
    let text = |section: &SectionDiff| {
        let short: String = section.id.map_or("Unsorted", SectionId::short).chars().take(room.max(3)).collect();
        let count = if section.changes == 0 { "=".to_owned() } else { format!("~{}", section.changes) };
        format!("{short} {count}")
    };
    sections
        .iter()
        .map(|section| {
            let (at, text) = (x, text(section));
            // a blank or a bracket on both sides, and one between two sections
            x += u16::try_from(text.chars().count() + 3).unwrap_or(u16::MAX);
            (at, text)
        })
        .collect()
}

/// A line of what stands below the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What it says.
    pub text: String,
    /// What stands behind an arrow: the new value.
    pub then: Option<String>,
    /// Whether something differs.
    pub changed: bool,
}

impl Detail {
    fn new(text: impl Into<String>, changed: bool) -> Self {
        Self { text: text.into(), then: None, changed }
    }
}

/// What stands below the rows: what differs beside the text. What changed comes first.
pub fn details(compared: &Compared) -> Vec<Detail> {
    let comparison = &compared.comparison;
    let mut lines = Vec::new();
    let [from, to] = compared.tokens;
    let change = i128::try_from(to).unwrap_or(0) - i128::try_from(from).unwrap_or(0);
    if change != 0 {
        let text = format!("~ tokens, estimated  {from}");
        lines.push(Detail { text, then: Some(format!("{to} ({change:+})")), changed: true });
    }
    for change in &comparison.config {
        let shown =
            |value: &Option<serde_json::Value>| value.as_ref().map_or("not set".to_owned(), ToString::to_string);
        let text = format!("~ {}  {}", change.key, shown(&change.from));
        lines.push(Detail { text, then: Some(shown(&change.to)), changed: true });
    }
    for name in &comparison.variables.added {
        lines.push(Detail::new(format!("+ {{{{{name}}}}} appears: the application has to supply it"), true));
    }
    for name in &comparison.variables.removed {
        lines
            .push(Detail::new(format!("- {{{{{name}}}}} is gone: the application no longer needs to supply it"), true));
    }
    if let Some(beside) = &compared.beside {
        let tables = [("declared", &beside.declared), ("values", &beside.values)];
        for (what, change) in tables.into_iter().flat_map(|(what, all)| all.iter().map(move |change| (what, change))) {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            let text = format!("~ {what}: {}  {}", change.what, shown(&change.from));
            lines.push(Detail { text, then: Some(shown(&change.to)), changed: true });
        }
        let findings = beside.gone.iter().map(|found| ('-', found));
        for (sign, found) in findings.chain(beside.appeared.iter().map(|found| ('+', found))) {
            let words = format!("{sign} lint {}: {} (line {})", found.severity.word(), found.message, found.line);
            lines.push(Detail::new(words, true));
        }
    }
    if comparison.coarse {
        lines.push(Detail::new("! so much changed that some words are marked in one piece", true));
    }
    let same = [
        (comparison.config.is_empty(), "config.json is the same"),
        (comparison.variables.is_empty(), "the same variables"),
        (change == 0, "as many tokens"),
        (
            compared.beside.as_ref().is_some_and(crate::library::Beside::is_empty),
            "the same declarations, value sets and findings",
        ),
    ];
    lines.extend(same.into_iter().filter(|(is, _)| *is).map(|(_, words)| Detail::new(format!("= {words}"), false)));
    lines
}

/// How many rows the details want; none when they have a page of their own.
pub fn detail_rows(model: &Model) -> usize {
    model.diffing.details.len().max(1)
}
