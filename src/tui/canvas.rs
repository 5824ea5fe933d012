//! The screen as it was drawn last, so that a key press draws and compares only the panes that it changed.
//!
//! A pane that says by a stamp what it depends on is left alone while the stamp stays; everything else is drawn anew and
//! compared cell by cell with what the terminal shows. Pure: the cells that differ are given out, never written.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Rect;

use crate::tui::draft::PaneId;

/// The cells of the screen: drawn now, and shown by the terminal.
#[derive(Debug)]
pub struct Canvas {
    /// What is drawn. Keeps what was drawn before.
    pub cells: Buffer,
    shown: Buffer,
    /// What the panes that were drawn last depended on.
    pub stamps: Stamps,
}

/// What was drawn, where, and what it depended on; and which areas were drawn anew.
#[derive(Debug)]
pub struct Stamps {
    panes: Vec<(Place, Rect, u64)>,
    frame: Option<u64>,
    drawn: Vec<Rect>,
    whole: bool,
    /// What the rows of each kind depended on, by their row of the screen.
    rows: [Vec<Option<u64>>; RowKind::COUNT],
    /// The lines of each kind of rows, by the row of the screen they begin at.
    lines: [Vec<Option<LineRows>>; RowKind::COUNT],
}

/// A pane of any screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A pane of the Draft screen.
    Pane(PaneId),
    /// A column of the Play screen.
    Column(usize),
}

impl From<PaneId> for Place {
    fn from(pane: PaneId) -> Self {
        Self::Pane(pane)
    }
}

/// A line of text as it was drawn last, on some rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRows {
    /// Names the line and all that it is drawn with, without a look at its text.
    pub source: u64,
    /// Names its text and all that it is drawn with.
    pub text: u64,
    /// How many rows of it were drawn.
    pub rows: u16,
}

/// The rows that are drawn one by one. Rows of one kind never stand beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// Tabs, message and hints.
    Chrome,
    /// The text of the pane that has the focus.
    Text,
    /// The upper edge of that pane, and what is written on the lower one.
    Edge,
    /// The whole of its lower edge.
    LowerEdge,
    /// The filled prompt.
    Preview,
    /// The upper and the lower edge of its pane.
    PreviewEdge,
    /// What the prompt costs.
    Cost,
    /// The lower edge of that pane.
    CostEdge,
    /// What the variables cost: the rows of their pane, and what stands below them.
    Variables,
    /// What that pane knows of a count.
    VariableCounts,
}

impl RowKind {
    const COUNT: usize = 10;
}

impl Default for Stamps {
    /// Nothing was drawn yet.
    fn default() -> Self {
        Self {
            panes: Vec::new(),
            frame: None,
            drawn: Vec::new(),
            whole: true,
            rows: Default::default(),
            lines: Default::default(),
        }
    }
}

/// The stamp of everything that something drawn depends on.
pub fn stamp(of: impl Hash) -> u64 {
    // one and the same in every frame, and quick: it is compared, never kept
    FixedState::default().hash_one(of)
}

impl Stamps {
    /// Begins a frame that depends on `frame` as a whole; `None` draws everything anew. `true` when nothing of the last
    /// frame can stay.
    pub fn begin(&mut self, frame: Option<u64>) -> bool {
        self.drawn.clear();
        self.whole = frame.is_none() || self.frame != frame;
        self.frame = frame;
        if self.whole {
            self.panes.clear();
            self.rows.iter_mut().for_each(Vec::clear);
            self.lines.iter_mut().for_each(Vec::clear);
        }
        self.whole
    }

    /// Whether `pane` has to be drawn into `area`: it stands elsewhere, depends on something else, or gives no stamp.
    pub fn must_draw(&mut self, pane: impl Into<Place>, area: Rect, stamp: Option<u64>) -> bool {
        let pane = pane.into();
        let known = self.panes.iter().position(|(known, ..)| *known == pane);
        if let (Some(index), Some(stamp)) = (known, stamp)
            && self.panes[index] == (pane, area, stamp)
        {
            return false;
        }
        if let Some(index) = known {
            self.panes.swap_remove(index);
        }
        if let Some(stamp) = stamp {
            self.panes.push((pane, area, stamp));
        }
        self.drawn.push(area);
        true
    }

    /// Whether a row has to be drawn: another one of its kind stood there.
    pub fn must_draw_row(&mut self, kind: RowKind, place: Rect, stamp: u64) -> bool {
        let rows = &mut self.rows[kind as usize];
        let index = usize::from(place.y);
        if rows.len() <= index {
            rows.resize(index + 1, None);
        }
        let changed = rows[index].replace(stamp) != Some(stamp);
        if changed {
            self.drawn.push(place);
        }
        changed
    }

    /// What the rows of this kind stood on is drawn as a whole.
    pub fn forget_rows(&mut self, kind: RowKind) {
        self.rows[kind as usize].clear();
        self.lines[kind as usize].clear();
    }

    /// The line that was drawn last from row `y` on.
    pub fn line_at(&self, kind: RowKind, y: u16) -> Option<LineRows> {
        self.lines[kind as usize].get(usize::from(y)).copied().flatten()
    }

    /// A line stands on so many rows from `y` on, and no other one begins among them; `None` for one that has to be
    /// looked at in every frame.
    pub fn put_line(&mut self, kind: RowKind, y: u16, rows: u16, line: Option<LineRows>) {
        let lines = &mut self.lines[kind as usize];
        let (first, end) = (usize::from(y), usize::from(y + rows.max(1)));
        if lines.len() < end {
            lines.resize(end, None);
        }
        lines[first] = line;
        lines[first + 1..end].fill(None);
    }

    /// Whether nothing of the last frame stays.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Something without a pane was drawn here.
    pub fn drew(&mut self, area: Rect) {
        self.drawn.push(area);
    }
}

impl Canvas {
    /// A blank screen of this size, which the terminal does not show yet.
    pub fn new(width: u16, height: u16) -> Self {
        let area = Rect { x: 0, y: 0, width, height };
        Self { cells: Buffer::empty(area), shown: Buffer::empty(area), stamps: Stamps::default() }
    }

    /// Columns and rows.
    pub fn size(&self) -> (u16, u16) {
        (self.cells.area.width, self.cells.area.height)
    }

    /// The cells that differ from what the terminal shows, in the order in which they are to be written. They count as
    /// shown from now on.
    pub fn take_changes(&mut self) -> Vec<(u16, u16)> {
        // most keys change less than this
        let mut changes = Vec::with_capacity(128);
        let whole = [self.cells.area];
        let areas = if self.stamps.whole { &whole[..] } else { &self.stamps.drawn };
        let width = usize::from(self.cells.area.width);
        for area in areas {
            let area = area.intersection(self.cells.area);
            for y in area.top()..area.bottom() {
                let row = usize::from(y) * width;
                let (mut x, mut forced) = (area.left(), area.left());
                while x < area.right() {
                    let index = row + usize::from(x);
                    let new = &self.cells.content[index];
                    if x >= forced && same(new, &self.shown.content[index]) {
                        x += columns(new);
                        continue;
                    }
                    let covers = columns(new);
                    if covers > 1 && new.symbol().contains('\u{fe0f}') && x + 1 < area.right() {
                        // some terminals draw an emoji with a selector over one column only
                        changes.push((x + 1, y));
                    }
                    changes.push((x, y));
                    for covered in x..(x + covers).min(area.right()) {
                        let index = row + usize::from(covered);
                        // what a wide character covered has to be written when any half of it goes
                        forced = forced.max(covered + columns(&self.shown.content[index]));
                        self.shown.content[index] = self.cells.content[index].clone();
                    }
                    x += covers;
                }
            }
        }
        changes
    }
}

#[cfg(test)]
impl Canvas {
    /// The first cell that was drawn and not given out, where nobody said that it was drawn.
    pub fn forgotten(&self) -> Option<usize> {
        let cells = self.cells.content.iter().zip(&self.shown.content);
        let mut covered = 0;
        cells.enumerate().find_map(|(index, (cell, shown))| {
            let is_covered = index < covered;
            covered = covered.max(index + usize::from(columns(cell)));
            (!is_covered && !same(cell, shown)).then_some(index)
        })
    }
}

/// Columns that a cell takes: what `cell_width` says, without a call for most cells.
fn columns(cell: &Cell) -> u16 {
    match cell.symbol().as_bytes() {
        // ASCII, and the lines of boxes
        [_] | [0xe2, 0x94 | 0x95, _] => 1,
        _ => cell.cell_width().max(1),
    }
}

/// Whether two cells look the same: what `==` says, without a call for characters of one byte, and but for the colour of
/// the text where there is none.
fn same(one: &Cell, other: &Cell) -> bool {
    let (text, shown) = (one.symbol().as_bytes(), other.symbol().as_bytes());
    text.first() == shown.first()
        && (one.fg == other.fg || text == b" " && one.modifier.is_empty())
        && one.bg == other.bg
        && one.modifier == other.modifier
        && (text.len() == 1 && shown.len() == 1 || text == shown)
        && one.underline_color == other.underline_color
        && one.diff_option == other.diff_option
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::layout::Position;
    use ratatui::style::Style;

    use super::*;

    /// A terminal that takes the cells one by one, as a real one does with wide characters.
    fn show(terminal: &mut Buffer, canvas: &mut Canvas) {
        for (x, y) in canvas.take_changes() {
            let cell = canvas.cells[(x, y)].clone();
            let before = terminal[(x, y)].cell_width();
            for covered in x + 1..(x + cell.cell_width().max(before).max(1)).min(terminal.area.right()) {
                terminal[(covered, y)].reset();
            }
            terminal[(x, y)] = cell;
        }
    }

    fn words() -> impl Strategy<Value = Vec<(u16, u16, String)>> {
        let word = prop_oneof!["[a-d]{1,6}", "[漢字語]{1,3}", Just("👩‍👩‍👧".to_owned()), Just("☎️".to_owned())];
        proptest::collection::vec((0_u16..20, 0_u16..4, word), 0..6)
    }

    fn draw(cells: &mut Buffer, words: &[(u16, u16, String)]) {
        cells.reset();
        for (x, y, word) in words {
            cells.set_string(*x, *y, word, Style::new());
        }
    }

    proptest! {
        #[test]
        fn the_terminal_shows_what_was_drawn_whatever_was_there(frames in proptest::collection::vec(words(), 1..5)) {
            let mut canvas = Canvas::new(24, 4);
            let mut terminal = Buffer::empty(canvas.cells.area);
            for (number, frame) in frames.iter().enumerate() {
                canvas.stamps.begin(Some(u64::try_from(number).unwrap()));
                draw(&mut canvas.cells, frame);
                show(&mut terminal, &mut canvas);
                for y in 0..4 {
                    let mut x = 0;
                    while x < 24 {
                        let at = Position { x, y };
                        prop_assert_eq!(terminal[at].symbol(), canvas.cells[at].symbol(), "at {},{}", x, y);
                        x += canvas.cells[at].cell_width().max(1);
                    }
                }
            }
        }
    }

    #[test]
    fn a_wide_character_over_half_of_another_is_followed_by_what_stood_behind() {
        let mut canvas = Canvas::new(24, 4);
        let mut terminal = Buffer::empty(canvas.cells.area);
        let frames = [vec![(14, 0, "語字漢".to_owned()), (19, 0, "語".to_owned())], vec![(17, 0, "字語".to_owned())]];
        for (number, frame) in frames.iter().enumerate() {
            canvas.stamps.begin(Some(u64::try_from(number).unwrap()));
            draw(&mut canvas.cells, frame);
            show(&mut terminal, &mut canvas);
        }
        assert_eq!((terminal[(17, 0)].symbol(), terminal[(19, 0)].symbol()), ("字", "語"));
    }

    #[test]
    fn a_pane_is_drawn_again_only_when_its_place_or_its_stamp_changes() {
        let mut stamps = Stamps::default();
        let area = Rect::new(0, 0, 5, 5);
        assert!(stamps.begin(Some(1)));
        assert!(stamps.must_draw(PaneId::Text(1), area, Some(7)));
        assert!(!stamps.begin(Some(1)));
        assert!(!stamps.must_draw(PaneId::Text(1), area, Some(7)));
        assert!(stamps.must_draw(PaneId::Text(1), area, Some(8)));
        assert!(stamps.must_draw(PaneId::Text(1), Rect::new(1, 0, 5, 5), Some(8)));
        assert!(stamps.must_draw(PaneId::Text(1), area, None));
        assert!(stamps.begin(Some(2)));
        assert!(stamps.must_draw(PaneId::Text(1), area, Some(8)));
    }

    #[test]
    fn only_what_was_drawn_is_compared() {
        let mut canvas = Canvas::new(10, 2);
        canvas.stamps.begin(Some(1));
        canvas.take_changes();
        canvas.stamps.begin(Some(1));
        canvas.cells.set_string(0, 0, "ab", Style::new());
        canvas.cells.set_string(0, 1, "cd", Style::new());
        canvas.stamps.drew(Rect::new(0, 1, 10, 1));
        assert_eq!(canvas.take_changes(), [(0, 1), (1, 1)]);
    }
}
