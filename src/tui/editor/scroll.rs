//! Which rows are on the screen: the size of the pane, and scrolling that keeps the cursor in it.

use super::Buffer;
use super::layout::{RowId, Walk};

/// The size of the area that a text is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Viewport {
    pub(super) width: u16,
    pub(super) height: u16,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { width: 80, height: 24 }
    }
}

impl Viewport {
    /// Columns that text is wrapped to. The last one is left to a cursor after the end of a full row.
    pub(super) fn text_width(self) -> usize {
        usize::from(self.width.saturating_sub(1)).max(1)
    }

    fn rows(self) -> usize {
        usize::from(self.height).max(1)
    }
}

impl Buffer {
    /// Tells the buffer the size of the area it is drawn in. When that changes, the text at the top stays there, unless
    /// the cursor would be out of sight or room below the text would be wasted.
    pub fn set_viewport(&mut self, width: u16, height: u16) {
        let viewport = Viewport { width, height };
        if viewport == self.viewport {
            return;
        }
        self.top = self.top_for(viewport);
        self.viewport = viewport;
    }

    /// The first row that is shown.
    pub fn top(&self) -> RowId {
        self.top
    }

    /// Scrolls by so many rows (down when positive) as far as there is text; the cursor stays where it is in the text,
    /// even out of sight.
    pub fn scroll(&mut self, rows: isize) {
        let mut walk = Walk::from_row(&self.rope, self.top, self.viewport.text_width());
        for _ in 0..rows.unsigned_abs() {
            let moved = if rows > 0 { walk.down() } else { walk.up() };
            if !moved {
                break;
            }
        }
        self.top = walk.id();
    }

    /// Whether there are rows above the first and below the last one shown.
    pub fn hidden_rows(&self) -> (bool, bool) {
        let mut walk = Walk::from_row(&self.rope, self.top, self.viewport.text_width());
        let above = walk.id() > RowId::default();
        let below = (0..self.viewport.rows()).all(|_| walk.down());
        (above, below)
    }

    /// Where the cursor is in the area the buffer is drawn in, as column and row; `None` when it is out of sight.
    pub fn cursor_cell(&self) -> Option<(u16, u16)> {
        let place = Walk::from_char(&self.rope, self.cursor, self.viewport.text_width());
        let column = place.block.column_of(place.row, place.block.byte_of(self.cursor));
        let mut walk = Walk::from_row(&self.rope, self.top, self.viewport.text_width());
        for row in 0..self.viewport.height {
            if walk.id() == place.id() {
                return Some((u16::try_from(column).ok()?, row));
            }
            if !walk.down() {
                break;
            }
        }
        None
    }

    /// Scrolls as little as needed to have the cursor in sight.
    pub(super) fn reveal(&mut self) {
        self.top = self.top_showing_cursor(self.top, self.viewport);
    }

    /// The first row to show in an area of another size than the buffer was told about.
    pub(super) fn top_for(&self, viewport: Viewport) -> RowId {
        if viewport == self.viewport {
            return self.top;
        }
        let old = Walk::from_row(&self.rope, self.top, self.viewport.text_width());
        let first = old.block.row_start(old.row);
        let mut walk = Walk::from_char(&self.rope, first, viewport.text_width());
        let mut top = walk.id();
        let below = (1..viewport.rows()).take_while(|_| walk.down()).count() + 1;
        if below < viewport.rows() {
            let mut back = Walk::from_row(&self.rope, top, viewport.text_width());
            for _ in below..viewport.rows() {
                if !back.up() {
                    break;
                }
            }
            top = back.id();
        }
        self.top_showing_cursor(top, viewport)
    }

    fn top_showing_cursor(&self, top: RowId, viewport: Viewport) -> RowId {
        let mut walk = Walk::from_char(&self.rope, self.cursor, viewport.text_width());
        if walk.id() <= top {
            return walk.id();
        }
        for _ in 1..viewport.rows() {
            // Rows above a wider or shorter line may be gone since `top` was chosen, so that it is passed, not met.
            if !walk.up() || walk.id() <= top {
                return walk.id();
            }
        }
        walk.id()
    }
}
