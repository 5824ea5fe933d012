//! Draws a buffer: wrapped text, placeholders, matches, selection and the place of the cursor.
//!
//! It reads the buffer and writes cells; it changes neither the text nor the scroll position. What must not reach the
//! terminal is drawn as a mark in the style of [`Role::Hidden`].

use std::hash::{Hash, Hasher};
use std::num::NonZeroU16;
use std::ops::Range;

use ratatui::buffer::{Buffer as Cells, Cell, CellDiffOption, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::layout::{Block, RowId, Walk};
use super::scroll::Viewport;
use super::{Buffer, LineReader, Needle, reader};
use crate::prompt::template::placeholders;
use crate::prompt::wrap::{self, Shown};
use crate::tui::canvas::{LineRows, RowKind, Stamps, stamp};
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

/// What was found while drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drawn {
    /// Where the cursor is, if the pane has the focus and it is in sight.
    pub cursor: Option<Position>,
    /// Whether there are rows above the first one.
    pub above: bool,
    /// Whether there are rows below the last one.
    pub below: bool,
}

/// How a buffer is to be drawn.
#[derive(Clone, Copy)]
pub struct EditorView<'a> {
    buffer: &'a Buffer,
    theme: &'a Theme,
    focus: Focus,
    variables: &'a dyn Fn(&str) -> Role,
    needle: Option<&'a Needle>,
    margin: Option<&'a Margin<'a>>,
}

/// What stands beside a row: it is given the line that begins in the row, counted from 0.
pub type Margin<'a> = dyn Fn(Option<usize>) -> Beside + 'a;

/// What stands in the two columns between the text and the border's outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    /// On the border, two columns before the text, and how it looks.
    pub side: (char, Role),
    /// Right before the text; a blank where nothing stands.
    pub note: Option<(char, Role)>,
}

impl Hash for Beside {
    /// In one piece: it is asked for every row of every frame.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let packed = |(sign, role): (char, Role)| u64::from(u32::from(sign)) << 8 | u64::from(role as u8);
        let note = self.note.map_or(0, packed);
        state.write_u64(packed(self.side) << 32 | note);
    }
}

/// So far before the text is the border.
const MARGIN: u16 = 2;

impl<'a> EditorView<'a> {
    /// A view without focus and matches, in which placeholders look like text.
    pub fn new(buffer: &'a Buffer, theme: &'a Theme) -> Self {
        Self { buffer, theme, focus: Focus::Elsewhere, variables: &|_| Role::Text, needle: None, margin: None }
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

    /// With signs on the border; a blank has to stand between it and the text.
    #[must_use]
    pub fn margin(self, margin: &'a Margin<'a>) -> Self {
        Self { margin: Some(margin), ..self }
    }

    /// Draws into `area` and says where the cursor is.
    pub fn draw(&self, area: Rect, cells: &mut Cells) -> Drawn {
        self.draw_rows(area, cells, None)
    }

    /// The same, but only those rows of which `stamps` do not know that they stand there. `with` names all that is drawn
    /// besides the text, the cursor and the selection: the looks of placeholders, and what is searched for.
    pub fn draw_changed(&self, area: Rect, cells: &mut Cells, stamps: &mut Stamps, with: u64) -> Drawn {
        self.draw_rows(area, cells, Some((stamps, stamp((with, area.width)))))
    }

    fn draw_rows(&self, area: Rect, cells: &mut Cells, mut known: Option<(&mut Stamps, u64)>) -> Drawn {
        let area = area.intersection(cells.area);
        if area.is_empty() {
            return Drawn::default();
        }
        let viewport = Viewport { width: area.width, height: area.height };
        let walk = Walk::from_row(&self.buffer.rope, self.buffer.top_for(viewport), viewport.text_width());
        let lines = self.buffer.rope.len_lines();
        let cursor_line = self.buffer.rope.char_to_line(self.buffer.cursor);
        let text = self.theme.style(Role::Text);
        let mut reader = LineReader::new(&self.buffer.rope);
        let mut drawn = Drawn { above: walk.id() > RowId::default(), ..Drawn::default() };
        let mut y = area.top();
        let mut next = Some((walk.block, walk.row));
        while let Some((block, first)) = next {
            let spans = self.spans(&block);
            let on_cursor_line = self.focus == Focus::Here && block.line == cursor_line;
            let ground = if on_cursor_line { text.patch(self.theme.style(Role::CursorLine)) } else { text };
            let cursor = if on_cursor_line { block.place_of(self.buffer.cursor) } else { None };
            let top = y;
            for row in first..block.rows.len() {
                let line = Rect { y, height: 1, ..area };
                let shown = self.row(&block, row, &spans);
                // beside the first row of a line, and of each window of a very long one
                let sign = self.sign((row == 0).then_some(block.line));
                let place = self.with_margin(line);
                let stands = |(stamps, _): &mut (&mut Stamps, u64)| {
                    !stamps.must_draw_row(RowKind::Text, place, stamp((shown.stamp(on_cursor_line), sign)))
                };
                if !known.as_mut().is_some_and(stands) {
                    self.draw_margin(place, sign, cells);
                    blank_row(line, cells, ground);
                    shown.draw(line, cells, self.theme);
                }
                if let Some((_, column)) = cursor.filter(|&(cursor_row, _)| cursor_row == row) {
                    let column = u16::try_from(column).unwrap_or(u16::MAX).min(area.width - 1);
                    drawn.cursor = Some(Position { x: area.x + column, y });
                }
                y += 1;
                if y == area.bottom() {
                    drawn.below = row + 1 < block.rows.len() || !block.is_last() || block.line + 1 < lines;
                    break;
                }
            }
            if let Some((stamps, with)) = &mut known {
                let whole = first == 0 && block.is_whole() && usize::from(y - top) == block.rows.len();
                let name = (whole && !on_cursor_line && self.buffer.selection().is_none())
                    .then(|| stamp((reader.line(block.line), *with, self.sign(Some(block.line)))));
                let rows = y - top;
                stamps.put_line(RowKind::Text, top, rows, name.map(|text| LineRows { source: text, text, rows }));
            }
            if y == area.bottom() {
                return drawn;
            }
            let mut line = block.line + 1;
            if let (true, Some((stamps, with))) = (block.is_last(), &known) {
                // lines that stand where they stood are not even wrapped
                while line < lines && line != cursor_line && self.buffer.selection().is_none() {
                    let Some(stood) = stamps.line_at(RowKind::Text, y).filter(|stood| y + stood.rows < area.bottom())
                    else {
                        break;
                    };
                    if stood.text != stamp((reader.line(line), *with, self.sign(Some(line)))) {
                        break;
                    }
                    y += stood.rows;
                    line += 1;
                }
            }
            next = if block.is_last() && line > block.line + 1 {
                (line < lines).then(|| (Block::new(&self.buffer.rope, line, 0, viewport.text_width()), 0))
            } else {
                block.below().map(|below| (below, 0))
            };
        }
        for y in y..area.bottom() {
            let line = Rect { y, height: 1, ..area };
            let (place, sign) = (self.with_margin(line), self.sign(None));
            let stands = |(stamps, _): &mut (&mut Stamps, u64)| {
                stamps.put_line(RowKind::Text, y, 1, None);
                !stamps.must_draw_row(RowKind::Text, place, stamp((0_u64, sign)))
            };
            if !known.as_mut().is_some_and(stands) {
                self.draw_margin(place, sign, cells);
                blank_row(line, cells, text);
            }
        }
        drawn
    }

    /// What stands beside a row, where there is a margin.
    fn sign(&self, line: Option<usize>) -> Option<Beside> {
        self.margin.map(|margin| margin(line))
    }

    /// The place of a row with its margin.
    fn with_margin(&self, line: Rect) -> Rect {
        let margin = if self.margin.is_some() { MARGIN.min(line.x) } else { 0 };
        Rect { x: line.x - margin, width: line.width + margin, ..line }
    }

    fn draw_margin(&self, place: Rect, sign: Option<Beside>, cells: &mut Cells) {
        let Some(Beside { side, note }) = sign else { return };
        let mut put = |x: u16, (symbol, role): (char, Role), more: Modifier| {
            let cell = &mut cells[(x, place.y)];
            cell.reset();
            let style = self.theme.style(Role::Text).patch(self.theme.style(role));
            cell.set_char(symbol).set_style(style.add_modifier(more));
        };
        put(place.x, side, Modifier::empty());
        match note {
            // no blank is left before the text: turned round it cannot be read as a part of it
            Some(note) => put(place.x + 1, note, Modifier::REVERSED),
            None => put(place.x + 1, (' ', Role::Text), Modifier::empty()),
        }
    }

    /// What is to be seen in a row of a block.
    fn row<'b>(&self, block: &'b Block<'_>, row: usize, spans: &[Span]) -> ShownRow<'b> {
        let Range { start, end } = block.rows[row].clone();
        let here = spans.iter().filter(|span| span.bytes.start < end && span.bytes.end > start);
        let here = here.map(|span| Span {
            bytes: span.bytes.start.saturating_sub(start)..span.bytes.end.min(end) - start,
            style: span.style,
        });
        // A selected line ending has no glyph; one cell after the text stands for it.
        let last = row + 1 == block.rows.len() && block.is_last();
        let ending = last && self.buffer.selection().is_some_and(|chars| chars.contains(&block.chars().end));
        ShownRow { text: &block.text[start..end], spans: here.collect(), ending }
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
        let text = reader::text(rope, chars);
        let in_block = |byte: usize| (offset + byte).saturating_sub(block.start_byte());
        placeholders(&text)
            .map(|(bytes, name)| Span {
                bytes: in_block(bytes.start)..in_block(bytes.end),
                style: self.theme.style((self.variables)(name)),
            })
            .collect()
    }
}

/// Draws one row of text into the first line of `area`, cut off at its right border. `style_at` gives the style of the
/// glyph at a byte of `text`; what must not reach the terminal is drawn as a mark in that style and the theme's [`Role::Hidden`].
/// Gives the columns used.
pub fn draw_row(text: &str, area: Rect, cells: &mut Cells, theme: &Theme, style_at: impl Fn(usize) -> Style) -> u16 {
    draw_glyphs(text, area, cells, theme, |byte| Some(style_at(byte)))
}

/// The same; where there is no style, the cell keeps the one it has.
fn draw_glyphs(
    text: &str,
    area: Rect,
    cells: &mut Cells,
    theme: &Theme,
    style_at: impl Fn(usize) -> Option<Style>,
) -> u16 {
    let out = cells_of_row(area, cells);
    if wrap::is_plain(text) {
        for (byte, (cell, symbol)) in out.iter_mut().zip(text.bytes()).enumerate() {
            cell.set_char(char::from(symbol));
            if let Some(style) = style_at(byte) {
                cell.set_style(style);
            }
        }
        return text.len().min(out.len()) as u16;
    }
    let mut column = 0;
    for glyph in wrap::glyphs(text) {
        let width = glyph.width(column);
        let end = (column + width).min(out.len());
        if column == out.len() || (column + width > out.len() && glyph.shown != Shown::Tab) {
            break;
        }
        if let Some(style) = style_at(glyph.start) {
            for cell in &mut out[column..end] {
                cell.set_style(style);
            }
        }
        // The cells under a wide glyph or a tab are blank.
        for cell in &mut out[(column + 1).min(end)..end] {
            cell.set_symbol(" ");
        }
        let cell = &mut out[column];
        match glyph.shown {
            Shown::Text(symbol) => {
                cell.set_symbol(symbol);
                // Half-width voicing marks are counted twice by `cell_width`; the cell after them would not be drawn.
                if symbol.len() > 1
                    && let Some(width) = NonZeroU16::new(width as u16)
                    && cell.cell_width() != width.get()
                {
                    cell.set_diff_option(CellDiffOption::ForcedWidth(width));
                }
            }
            Shown::Mark(mark) => {
                let mark = theme.signs().hidden().unwrap_or(mark);
                cell.set_char(mark).set_style(theme.style(Role::Hidden));
            }
            Shown::Tab => _ = cell.set_symbol(" "),
        }
        column = end;
    }
    column as u16
}

/// The first row of `area` without text, in one style.
fn blank_row(area: Rect, cells: &mut Cells, style: Style) {
    let mut blank = Cell::EMPTY;
    blank.set_style(style);
    cells_of_row(area, cells).fill(blank);
}

/// The cells of the first row of `area`, at once: looking each of them up would take longer than drawing it.
fn cells_of_row(area: Rect, cells: &mut Cells) -> &mut [Cell] {
    let first = cells.index_of(area.x, area.y);
    &mut cells.content[first..first + usize::from(area.width)]
}

/// Some bytes that are drawn in a style of their own.
#[derive(Hash)]
struct Span {
    bytes: Range<usize>,
    style: Style,
}

/// One row of text with all that is drawn in it.
struct ShownRow<'b> {
    text: &'b str,
    /// In bytes of the text; later ones are drawn over earlier ones.
    spans: Vec<Span>,
    /// Whether the line ending after it is selected.
    ending: bool,
}

impl ShownRow<'_> {
    fn stamp(&self, on_cursor_line: bool) -> u64 {
        stamp((self.text, &self.spans, self.ending, on_cursor_line))
    }

    fn draw(&self, line: Rect, cells: &mut Cells, theme: &Theme) {
        let style_at = |byte: usize| {
            let spans = self.spans.iter().filter(|span| span.bytes.contains(&byte));
            spans.map(|span| span.style).reduce(Style::patch)
        };
        let used = draw_glyphs(self.text, line, cells, theme, style_at);
        if self.ending && used < line.width {
            cells[(line.x + used, line.y)].set_style(theme.style(Role::Selection));
        }
    }
}
