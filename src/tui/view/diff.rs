//! The Diff screen: the sections with their changes, the rows side by side or inline, and what else differs.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::beyond;
use super::paint::{Border, Painter, columns, row as row_of};
use crate::diff::{Row, RowKind, SectionDiff, Which};
use crate::tui::compare::Compared;
use crate::tui::diffing::DiffRow;
use crate::tui::instead::in_keys;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::margins;
use crate::tui::model::Model;
use crate::tui::rowlayout::{self, Columns, GUTTER};
use crate::tui::theme::Role;

/// Draws it; there is no cursor.
pub fn draw(model: &Model, painter: &mut Painter<'_>) -> Option<Position> {
    let areas = rowlayout::areas(model);
    let Some(compared) = &model.diffing.compared else {
        let text = match (&model.diffing.problem, model.draft.is_some()) {
            (Some(problem), _) => in_keys(problem, &model.keymap),
            (None, false) => in_keys("No prompt is open: <library.open> opens the library.", &model.keymap),
            (None, true) => "comparing…".to_owned(),
        };
        painter.border(areas.rows, &Border { title: "Diff", focused: true, ..Border::default() });
        painter.paragraph(layout::text(areas.rows), &text, Role::Dim);
        return None;
    };
    sections(model, compared, areas.sections, areas.listed, painter);
    match model.diffing.page {
        Some(top) => beyond::page(model, top, areas.rows, painter),
        None => rows(model, compared, areas.rows, painter),
    }
    beyond::details(model, areas.details, painter);
    None
}

/// The section that the first shown row belongs to.
fn current_section(model: &Model) -> usize {
    let at = model.diffing.changes().get(model.diffing.change).copied();
    let visible = at.filter(|row| *row >= model.diffing.top).unwrap_or(model.diffing.top);
    match model.diffing.row(visible) {
        Some(DiffRow::Head(section) | DiffRow::Row(section, _) | DiffRow::Fold(section, ..)) => section,
        None => 0,
    }
}

fn name(section: &SectionDiff) -> &'static str {
    section.id.map_or("Unsorted", |id| id.short())
}

fn count(section: &SectionDiff) -> String {
    if section.changes == 0 { "=".to_owned() } else { format!("~{}", section.changes) }
}

fn sections(model: &Model, compared: &Compared, area: Rect, listed: bool, painter: &mut Painter<'_>) {
    let here = current_section(model);
    let all = &compared.comparison.sections;
    if !listed {
        for (index, (x, text)) in rowlayout::section_bar(all, area).into_iter().enumerate() {
            let (text, role) = match (index == here, all[index].changes) {
                (true, _) => (format!("[{text}]"), Role::TabActive),
                (false, 0) => (format!(" {text} "), Role::Dim),
                (false, _) => (format!(" {text} "), Role::Change),
            };
            painter.text(Rect { x, width: area.right().saturating_sub(x), ..area }, &text, role);
        }
        return;
    }
    painter.border(area, &Border { title: "Changes", ..Border::default() });
    let inner = layout::inside(area);
    let mut y = 0;
    for (index, section) in all.iter().enumerate() {
        let place = row_of(inner, y);
        let role = match (index == here, section.changes) {
            (true, _) => Role::OverlaySelected,
            (false, 0) => Role::Dim,
            (false, _) => Role::Change,
        };
        painter.fill(place, if index == here { role } else { Role::Text });
        painter.text(place, &format!("{} {}", if index == here { "▸" } else { " " }, name(section)), role);
        painter.right(Rect { width: place.width.saturating_sub(1), ..place }, &count(section), role);
        y += 1;
    }
    let keys = &model.keymap;
    let others = [
        ("config.json", compared.comparison.config.len()),
        ("variables", compared.comparison.variables.added.len() + compared.comparison.variables.removed.len()),
        ("declared", compared.beside.as_ref().map_or(0, |beside| beside.declared.len())),
        ("value sets", compared.beside.as_ref().map_or(0, |beside| beside.values.len())),
        ("evals", compared.beside.as_ref().map_or(0, |beside| beside.cases.len() + beside.results.len())),
        ("findings", compared.beside.as_ref().map_or(0, |beside| beside.gone.len() + beside.appeared.len())),
    ];
    y += 1;
    for (what, changes) in others {
        let place = row_of(inner, y);
        let count = if changes == 0 { "=".to_owned() } else { format!("~{changes}") };
        let role = if changes == 0 { Role::Dim } else { Role::Change };
        painter.text(place, &format!("  {what}"), role);
        painter.right(Rect { width: place.width.saturating_sub(1), ..place }, &count, role);
        y += 1;
    }
    y += 1;
    painter.text(row_of(inner, y), "versions", Role::Title);
    y += 1;
    if let Some(draft) = &model.draft {
        let sides = [(&model.diffing.from, "A"), (&model.diffing.to, "B")];
        let mark = |chosen: &crate::tui::diffing::Chosen| {
            let marks: String =
                sides.iter().filter(|(side, _)| side.as_ref() == Some(chosen)).map(|(_, mark)| *mark).collect();
            format!("{marks:<2}")
        };
        let dot = painter.sign(" ●");
        let mut line = |text: String| {
            painter.text(row_of(inner, y), &text, Role::Text);
            y += 1;
        };
        line(format!("{}draft{}", mark(&crate::tui::diffing::Chosen::Draft), if draft.changed() { &*dot } else { "" }));
        for entry in draft.entry.versions.iter().rev() {
            let chosen = crate::tui::diffing::Chosen::Version(entry.version.clone());
            line(format!("{}v{} {}", mark(&chosen), entry.version, entry.date));
        }
        line(format!("{} left  {} right", keys.shown(Action::ChooseFrom), keys.shown(Action::ChooseTo)));
    }
}

fn rows(model: &Model, compared: &Compared, area: Rect, painter: &mut Painter<'_>) {
    let inline = model.diffing.inline || !layout::side_by_side_fits(model.size);
    let columns = rowlayout::columns(area, inline);
    let changes = model.diffing.changes();
    let foot = match changes.len() {
        0 => "no change in the text".to_owned(),
        count => format!("change {}/{count}", model.diffing.change + 1),
    };
    let (left, right) = if inline { (area, area) } else { rowlayout::halves(area) };
    if inline {
        let title = format!("{} → {}", compared.from_label, compared.to_label);
        painter.border(area, &Border { title: &title, foot: &foot, focused: true, ..Border::default() });
    } else {
        painter.border(left, &Border { title: &compared.from_label, ..Border::default() });
        painter.border(right, &Border { title: &compared.to_label, foot: &foot, focused: true, ..Border::default() });
    }
    let (left, right) = (layout::inside(left), layout::inside(right));
    let mut index = model.diffing.top;
    let mut skip = model.diffing.skip;
    let mut y = 0;
    let (current, here) = (changes.get(model.diffing.change).copied(), model.diffing.here());
    while y < left.height {
        let Some(place) = model.diffing.row(index) else { break };
        let marked = if model.diffing.found.is_some() { here == index } else { current == Some(index) };
        match place {
            DiffRow::Head(section) => {
                let section = &compared.comparison.sections[section];
                head(section, row_of(left, y), painter);
                if !inline {
                    head(section, row_of(right, y), painter);
                }
                y += 1;
            }
            DiffRow::Fold(section, first, count) => {
                let hidden = &compared.comparison.sections[section].rows[first..first + count];
                let wrapped = hidden.iter().filter(|row| !row.equal()).count();
                let more = if wrapped > 0 { format!(", {wrapped} of them wrapped anew") } else { String::new() };
                let text = format!("  … {count} equal lines{more}");
                painter.text(row_of(left, y), &text, Role::Dim);
                if !inline {
                    painter.text(row_of(right, y), &text, Role::Dim);
                }
                y += 1;
            }
            DiffRow::Row(section, row) => {
                let row = &compared.comparison.sections[section].rows[row];
                let drawn = Drawn { compared, row, marked, found: model.diffing.found == Some(index), model };
                y += match columns {
                    Columns::Two(..) => {
                        let below = |area: Rect| Rect { y: area.y + y, height: area.height - y, ..area };
                        let used = drawn.line(Which::From, skip, below(left), painter);
                        used.max(drawn.line(Which::To, skip, below(right), painter)).max(1)
                    }
                    Columns::One(width) => {
                        let below = |y: u16| Rect { y: left.y + y, height: left.height.saturating_sub(y), ..left };
                        // an equal line stands once, and so does one of a paragraph that was only wrapped anew
                        let both = row.changed();
                        let above = rowlayout::line(compared, row, Which::From)
                            .map_or(0, |line| rowlayout::rows_of(line, width, model.diffing.cut).len());
                        let above = if both { above } else { 0 };
                        let used = if both { drawn.line(Which::From, skip, below(y), painter) } else { 0 };
                        used + drawn.line(Which::To, skip.saturating_sub(above), below(y + used), painter)
                    }
                };
            }
        }
        skip = 0;
        index += 1;
    }
}

fn head(section: &SectionDiff, place: Rect, painter: &mut Painter<'_>) {
    let title = section.id.map_or("Unsorted text", |id| id.title());
    let changes = format!("{}  {}", if section.changes == 0 { "=" } else { "~" }, section.in_words());
    let lead = &*painter.sign("── ");
    let whole = format!("{lead}{title}  {changes} ");
    let text =
        if columns(&whole) > place.width { format!("{lead}{}  {} ", name(section), count(section)) } else { whole };
    painter.text(place, &"─".repeat(usize::from(place.width)), Role::Border);
    painter.text(place, &text, Role::Heading);
}

fn role(kind: RowKind, which: Which) -> Role {
    match (kind, which) {
        (RowKind::Equal | RowKind::Wrap, _) => Role::Text,
        (RowKind::Change | RowKind::WrapChange | RowKind::Blanks | RowKind::Ending | RowKind::Renumber, _) => {
            Role::Change
        }
        (RowKind::Delete | RowKind::Replace, Which::From) => Role::Delete,
        (RowKind::Insert | RowKind::Replace, Which::To) => Role::Insert,
        (RowKind::MoveFrom | RowKind::MoveTo, _) => Role::Move,
        _ => Role::Dim,
    }
}

/// A row that is drawn.
struct Drawn<'a> {
    compared: &'a Compared,
    row: &'a Row,
    /// Whether the change the screen stands at begins with it.
    marked: bool,
    /// Whether what was searched for was found in it last.
    found: bool,
    model: &'a Model,
}

impl Drawn<'_> {
    /// One side of it; gives the rows of the screen it took.
    fn line(&self, which: Which, skip: usize, area: Rect, painter: &mut Painter<'_>) -> u16 {
        let Self { compared, row, .. } = *self;
        let (Some(text), Some(line)) = (rowlayout::line(compared, row, which), compared.comparison.line(row, which))
        else {
            return 0;
        };
        let diffing = &self.model.diffing;
        let role = role(row.kind, which);
        let emphasis = match which {
            Which::From => Role::DeleteEmphasis,
            Which::To => Role::InsertEmphasis,
        };
        let (plain, strong) =
            (painter.style(if role == Role::Change { Role::Text } else { role }), painter.style(emphasis));
        let matched = painter.style(if self.found { Role::CurrentMatch } else { Role::Match });
        let hits: Vec<_> =
            diffing.needle.iter().flat_map(|needle| needle.find_iter(text).map(|found| found.range())).collect();
        let width = area.width.saturating_sub(GUTTER);
        let note = rowlayout::note(compared, row, which);
        let mut used = 0;
        for (number, bytes) in rowlayout::rows_of(text, width, diffing.cut).into_iter().enumerate().skip(skip) {
            if used == area.height {
                break;
            }
            let place = row_of(area, used);
            if number == 0 {
                let mark = if self.marked { "▸" } else { " " };
                let gutter = format!("{mark}{}{:>4} ", row.sign(which), line.number);
                painter.text(place, &gutter, if row.changed() { role } else { Role::Dim });
                if let Some(mark) = self.model.margins.side(which).mark(line.number) {
                    let sign = margins::sign(mark.sign, self.model.theme.signs());
                    painter.turned(Rect { x: place.x + GUTTER - 2, width: 1, ..place }, sign, margins::role(mark.sign));
                }
            }
            let (start, end) = (bytes.start, bytes.end);
            let at = Rect { x: place.x + GUTTER - 1, width: place.width.saturating_sub(GUTTER - 1), ..place };
            let style = |byte: usize| -> Style {
                let is = |range: &std::ops::Range<usize>| range.contains(&(start + byte));
                if hits.iter().any(is) {
                    matched
                } else if line.emphasis.iter().any(is) {
                    strong
                } else {
                    plain
                }
            };
            // where nothing but blanks changed, they have to be seen
            let columns = if diffing.blanks || row.kind == RowKind::Blanks {
                let (shown, places) = with_blanks(&text[bytes]);
                painter.styled(at, &shown, |byte| style(places[byte]))
            } else {
                painter.styled(at, &text[bytes], style)
            };
            let rest = Rect { x: at.x + columns, width: at.width.saturating_sub(columns), ..at };
            if end < text.len() && diffing.cut {
                let edge = Rect { x: area.right().saturating_sub(1), width: 1.min(area.width), ..place };
                painter.text(edge, "…", Role::Dim);
            } else if let Some(note) = note.as_ref().filter(|_| end == text.len()) {
                let note = format!(" ({note})");
                if usize::from(rest.width) >= note.chars().count() {
                    painter.text(rest, &note, Role::Dim);
                } else if let (Some(other), 1..) = (row.moved(), number) {
                    // below the line's own number there is room for the other one
                    let arrow = if which == Which::From { "→" } else { "←" };
                    painter.text(place, &format!(" {arrow}{other:>4} "), Role::Move);
                }
            }
            used += 1;
        }
        used
    }
}

/// A text with its blanks visible, and for each byte of that the byte of the text it stands for.
fn with_blanks(text: &str) -> (String, Vec<usize>) {
    let (mut shown, mut places) = (String::with_capacity(2 * text.len()), Vec::with_capacity(2 * text.len()));
    for (at, c) in text.char_indices() {
        let before = shown.len();
        shown.push(match c {
            ' ' => '·',
            '\t' => '→',
            c => c,
        });
        places.extend(std::iter::repeat_n(at, shown.len() - before));
    }
    (shown, places)
}
