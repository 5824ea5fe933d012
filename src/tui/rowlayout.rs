//! How a row of a comparison is laid out in columns: asked by drawing and scrolling alike.

use ratatui::layout::Rect;

use crate::diff::{Row, RowKind, SectionDiff, Which};
use crate::prompt::lines::without_ending;
use crate::prompt::{Eol, SectionId, wrap};
use crate::tui::compare::Compared;
use crate::tui::layout::{self, DiffAreas};
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
    let name = |section: &SectionDiff| section.id.map_or("Unsorted", SectionId::short);
    let count =
        |section: &SectionDiff| if section.changes == 0 { "=".to_owned() } else { format!("~{}", section.changes) };
    let rest: usize = sections.iter().map(|section| count(section).len() + 4).sum();
    let whole: usize = sections.iter().map(|section| name(section).len()).sum();
    // where they do not fit, names are cut to what all of them leave to each other
    let left = usize::from(area.width).saturating_sub(rest);
    let room = if whole <= left { whole } else { left.checked_div(sections.len()).unwrap_or(0).max(3) };
    let mut x = area.x + 1;
    let text = |section: &SectionDiff| {
        let short: String = name(section).chars().take(room).collect();
        format!("{short} {}", count(section))
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

/// The parts of the Diff screen. While what differs beside the text has the place of the rows, it is not told below them
/// again.
pub fn areas(model: &Model) -> DiffAreas {
    let areas = layout::diff(model.size, model.diffing.details.len().max(1), model.zoomed);
    if model.diffing.page.is_none() {
        return areas;
    }
    let rows = Rect { height: areas.rows.height + areas.details.height, ..areas.rows };
    DiffAreas { rows, details: Rect { y: rows.bottom(), height: 0, ..areas.details }, ..areas }
}
