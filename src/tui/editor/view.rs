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
use super::{Buffer, Needle, uses};
use crate::prompt::template::placeholders;
use crate::tui::theme::{Role, Theme};

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
        let text = self.theme.style(Role::Text);
        cells.set_style(area, text);
        let viewport = Viewport { width: area.width, height: area.height };
        let cursor = Walk::from_char(&self.buffer.rope, self.buffer.cursor, viewport.text_width());
        let walk = Walk::from_row(&self.buffer.rope, self.buffer.top_for(viewport), viewport.text_width());
        let mut place = None;
        let mut y = area.top();
        let mut next = Some((walk.block, walk.row));
        while let Some((block, first)) = next {
            let spans = self.spans(&block);
            for row in first..block.rows.len() {
                let line = Rect { y, height: 1, ..area };
                let mut base = text;
                if self.focus == Focus::Here && block.line == cursor.block.line {
                    base = base.patch(self.theme.style(Role::CursorLine));
                    cells.set_style(line, base);
                }
                self.draw_block_row(&block, row, &spans, base, line, cells);
                if self.focus == Focus::Here && block.id(row) == cursor.id() {
                    let column = block.column_of(row, block.byte_of(self.buffer.cursor));
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

    fn draw_block_row(
        &self,
        block: &Block<'_>,
        row: usize,
        spans: &[Span],
        base: Style,
        line: Rect,
        cells: &mut Cells,
    ) {
        let Range { start, end } = block.rows[row].clone();
        let here: Vec<&Span> = spans.iter().filter(|span| span.bytes.start < end && span.bytes.end > start).collect();
        let hidden = self.theme.style(Role::Hidden);
        let style_at = |byte: usize| {
            here.iter()
                .filter(|span| span.bytes.contains(&(start + byte)))
                .fold(base, |style, span| style.patch(span.style))
        };
        let used = draw_row(&block.text[start..end], line, cells, hidden, style_at);
        // A selected line ending has no glyph; one cell after the text stands for it.
        let ending = block.chars().end;
        let selected = self.buffer.selection().is_some_and(|selection| selection.contains(&ending));
        if selected && row + 1 == block.rows.len() && block.is_last() && used < line.width {
            cells[(line.x + used, line.y)].set_style(self.theme.style(Role::Selection));
        }
    }

    /// What in a block does not look like text; later ones are drawn over earlier ones.
    fn spans(&self, block: &Block<'_>) -> Vec<Span> {
        let mut spans = self.placeholder_spans(block);
        let selection = self.buffer.selection();
        if let Some(needle) = self.needle {
            let current = selection.as_ref().map(|chars| self.buffer.rope.char_to_byte(chars.start));
            for bytes in needle.matches(&block.text) {
                let is_current = current == Some(block.start_byte() + bytes.start);
                let role = if is_current { Role::CurrentMatch } else { Role::Match };
                spans.push(Span { bytes, style: self.theme.style(role) });
            }
        }
        if let Some(chars) = selection {
            let bytes = block.byte_of(chars.start)..block.byte_of(chars.end);
            let is_match = self.needle.is_some() && spans.iter().any(|span| span.bytes == bytes);
            if !bytes.is_empty() && !is_match {
                spans.push(Span { bytes, style: self.theme.style(Role::Selection) });
            }
        }
        spans
    }

    fn placeholder_spans(&self, block: &Block<'_>) -> Vec<Span> {
        let rope = &self.buffer.rope;
        // A placeholder may cross the border of two blocks of a long line.
        let chars = if block.is_whole_line() { block.chars() } else { uses::reach(rope, &block.chars()) };
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

/// Bytes of a block that are drawn in a style of their own.
struct Span {
    bytes: Range<usize>,
    style: Style,
}

/// Draws one row of text into the first line of `area`, cut off at its right border. `style_at` gives the style of the
/// glyph at a byte of `text`; what must not reach the terminal is drawn as a mark in that style and `hidden`.
/// Gives the columns used.
pub fn draw_row(text: &str, area: Rect, cells: &mut Cells, hidden: Style, style_at: impl Fn(usize) -> Style) -> u16 {
    let mut column = 0;
    for glyph in wrap::glyphs(text) {
        let width = glyph.width(usize::from(column)) as u16;
        if column >= area.width || (column + width > area.width && glyph.shown != Shown::Tab) {
            break;
        }
        let (x, style) = (area.x + column, style_at(glyph.start));
        let end = (column + width).min(area.width);
        for x in x..area.x + end {
            cells[(x, area.y)].set_symbol(" ").set_style(style);
        }
        match glyph.shown {
            Shown::Text(symbol) => {
                let cell = cells[(x, area.y)].set_symbol(symbol);
                // Half-width voicing marks are counted twice by `cell_width`; the cell after them would not be drawn.
                if let Some(width) = NonZeroU16::new(width).filter(|width| cell.cell_width() != width.get()) {
                    cell.set_diff_option(CellDiffOption::ForcedWidth(width));
                }
            }
            Shown::Mark(mark) => _ = cells[(x, area.y)].set_char(mark).set_style(style.patch(hidden)),
            Shown::Tab => {}
        }
        column = end;
    }
    column
}
