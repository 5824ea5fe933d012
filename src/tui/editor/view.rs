//! Draws a buffer: wrapped text, placeholders, matches, selection and the place of the cursor.
//!
//! It reads the buffer and writes cells; it changes neither the text nor the scroll position. What must not reach the
//! terminal is drawn as a mark in the style of [`Role::Hidden`].

use std::num::NonZeroU16;
use std::ops::Range;

use ratatui::buffer::{Buffer as Cells, CellDiffOption, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::layout::{Block, Walk};
use super::scroll::Viewport;
use super::wrap::{self, Shown};
use super::{Buffer, Needle};
use crate::prompt::template::placeholders;
use crate::tui::theme::{Role, Theme};

/// How far beyond a block of a long line a placeholder that crosses its border is looked for, in characters.
const ACROSS: usize = 256;

/// Whether keys go to this pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// Its cursor is shown.
    Here,
    /// It shows no cursor.
    Elsewhere,
}

/// How a buffer is to be drawn.
#[derive(Clone, Copy)]
pub struct EditorView<'a> {
    buffer: &'a Buffer,
    theme: &'a Theme,
    focus: Focus,
    variables: &'a dyn Fn(&str) -> Role,
    needle: Option<&'a Needle>,
}

impl<'a> EditorView<'a> {
    /// A view without focus and matches, in which placeholders look like text.
    pub fn new(buffer: &'a Buffer, theme: &'a Theme) -> Self {
        Self { buffer, theme, focus: Focus::Elsewhere, variables: &|_| Role::Text, needle: None }
    }

    /// With or without a cursor.
    #[must_use]
    pub fn focus(self, focus: Focus) -> Self {
        Self { focus, ..self }
    }

    /// How the placeholder of a variable looks, by its name.
    #[must_use]
    pub fn variables(self, role: &'a dyn Fn(&str) -> Role) -> Self {
        Self { variables: role, ..self }
    }

    /// Text whose matches are marked.
    #[must_use]
    pub fn needle(self, needle: Option<&'a Needle>) -> Self {
        Self { needle, ..self }
    }

    /// Draws into `area` and says where the cursor is, if it has the focus and is in sight.
    pub fn draw(&self, area: Rect, cells: &mut Cells) -> Option<Position> {
        let area = area.intersection(cells.area);
        if area.is_empty() {
            return None;
        }
        cells.set_style(area, self.theme.style(Role::Text));
        let viewport = Viewport { width: area.width, height: area.height };
        let walk = Walk::from_row(&self.buffer.rope, self.buffer.top_for(viewport), viewport.text_width());
        let cursor_line = self.buffer.rope.char_to_line(self.buffer.cursor);
        let mut place = None;
        let mut y = area.top();
        let mut next = Some((walk.block, walk.row));
        while let Some((block, first)) = next {
            let spans = self.spans(&block);
            let on_cursor_line = self.focus == Focus::Here && block.line == cursor_line;
            let cursor = if on_cursor_line { block.place_of(self.buffer.cursor) } else { None };
            for row in first..block.rows.len() {
                let line = Rect { y, height: 1, ..area };
                if on_cursor_line {
                    cells.set_style(line, self.theme.style(Role::CursorLine));
                }
                self.draw_block_row(&block, row, &spans, line, cells);
                if let Some((_, column)) = cursor.filter(|&(cursor_row, _)| cursor_row == row) {
                    let column = u16::try_from(column).unwrap_or(u16::MAX).min(area.width - 1);
                    place = Some(Position { x: area.x + column, y });
                }
                y += 1;
                if y == area.bottom() {
                    return place;
                }
            }
            next = block.below().map(|below| (below, 0));
        }
        place
    }

    fn draw_block_row(&self, block: &Block<'_>, row: usize, spans: &[Span], line: Rect, cells: &mut Cells) {
        let hidden = self.theme.style(Role::Hidden);
        let used = draw_row(&block.text, block.rows[row].clone(), spans, hidden, line, cells);
        // A selected line ending has no glyph; one cell after the text stands for it.
        if row + 1 == block.rows.len() && block.is_last() && used < line.width {
            let ending = block.chars().end;
            if self.buffer.selection().is_some_and(|selection| selection.contains(&ending)) {
                cells[(line.x + used, line.y)].set_style(self.theme.style(Role::Selection));
            }
        }
    }

    /// What in a block does not look like text; later ones are drawn over earlier ones.
    fn spans(&self, block: &Block<'_>) -> Vec<Span> {
        let mut spans = self.placeholder_spans(block);
        let selection = self.buffer.selection();
        let mut selected = selection.map_or(0..0, |chars| block.byte_of(chars.start)..block.byte_of(chars.end));
        for bytes in self.needle.iter().flat_map(|needle| needle.matches(&block.text)) {
            let role = if bytes == selected { Role::CurrentMatch } else { Role::Match };
            if role == Role::CurrentMatch {
                selected = 0..0;
            }
            spans.push(Span { bytes, style: self.theme.style(role) });
        }
        if !selected.is_empty() {
            spans.push(Span { bytes: selected, style: self.theme.style(Role::Selection) });
        }
        spans
    }

    fn placeholder_spans(&self, block: &Block<'_>) -> Vec<Span> {
        let rope = &self.buffer.rope;
        let chars = block.with_neighbours(ACROSS);
        let offset = rope.char_to_byte(chars.start);
        let text = std::borrow::Cow::from(rope.slice(chars));
        let in_block = |byte: usize| (offset + byte).saturating_sub(block.start_byte());
        placeholders(&text)
            .map(|(bytes, name)| Span {
                bytes: in_block(bytes.start)..in_block(bytes.end),
                style: self.theme.style((self.variables)(name)),
            })
            .collect()
    }
}

/// Some bytes of a line that are drawn in a style of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Where in the line.
    pub bytes: Range<usize>,
    /// What is added to the style that the cells have.
    pub style: Style,
}

/// Draws one row of a line into the first line of `area`, cut off at its right border, and gives the columns used.
///
/// The cells keep their style where no span says otherwise; of spans that overlap, the later one is added last. What must
/// not reach the terminal is drawn as a mark with `hidden` added.
pub fn draw_row(line: &str, row: Range<usize>, spans: &[Span], hidden: Style, area: Rect, cells: &mut Cells) -> u16 {
    let text = &line[row.clone()];
    let first = cells.index_of(area.x, area.y);
    let out = &mut cells.content[first..first + usize::from(area.width)];
    let here = spans.iter().filter(|span| span.bytes.start < row.end && span.bytes.end > row.start);
    if wrap::is_plain(text) {
        for (cell, byte) in out.iter_mut().zip(text.bytes()) {
            cell.set_char(char::from(byte));
        }
        for span in here {
            let columns = span.bytes.start.max(row.start) - row.start..span.bytes.end.min(row.end) - row.start;
            for cell in out.iter_mut().take(columns.end).skip(columns.start) {
                cell.set_style(span.style);
            }
        }
        return text.len().min(out.len()) as u16;
    }
    let here: Vec<&Span> = here.collect();
    let mut column = 0;
    for glyph in wrap::glyphs(text) {
        let width = glyph.width(column);
        let end = (column + width).min(out.len());
        if column == out.len() || (column + width > out.len() && glyph.shown != Shown::Tab) {
            break;
        }
        for cell in &mut out[column..end] {
            cell.set_symbol(" ");
            for span in here.iter().filter(|span| span.bytes.contains(&(row.start + glyph.start))) {
                cell.set_style(span.style);
            }
        }
        match glyph.shown {
            Shown::Text(symbol) => {
                let cell = out[column].set_symbol(symbol);
                // Half-width voicing marks are counted twice by `cell_width`; the cell after them would not be drawn.
                if let Some(width) = NonZeroU16::new(width as u16).filter(|width| cell.cell_width() != width.get()) {
                    cell.set_diff_option(CellDiffOption::ForcedWidth(width));
                }
            }
            Shown::Mark(mark) => _ = out[column].set_char(mark).set_style(hidden),
            Shown::Tab => {}
        }
        column = end;
    }
    column as u16
}
