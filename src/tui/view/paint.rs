//! The few strokes that all panes are drawn with. Text goes through the glyphs of [`wrap`], so that no control byte and no
//! wrong width gets through, whoever wrote it.

use std::borrow::Cow;

use ratatui::buffer::{Buffer as Cells, Cell, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::prompt::wrap;
use crate::tui::canvas::Stamps;
use crate::tui::editor::draw_row;
use crate::tui::theme::{Role, Theme};

/// Draws into the cells of one frame.
pub struct Painter<'a> {
    /// The cells.
    pub cells: &'a mut Cells,
    /// The colours.
    pub theme: &'a Theme,
}

/// What a pane's border shows.
#[derive(Debug, Default)]
pub struct Border<'t> {
    /// At the top left.
    pub title: &'t str,
    /// At the top right.
    pub state: &'t str,
    /// After the title, where there is room beside the state: how many tokens.
    pub count: &'t str,
    /// The role of the state; dim when nothing is said.
    pub state_role: Option<Role>,
    /// At the bottom right.
    pub foot: &'t str,
    /// At the bottom left, where there is room beside the foot.
    pub sum: &'t str,
    /// Whether the pane has the focus: a double border, seen without colour.
    pub focused: bool,
}

/// The style of a role, over ordinary text, that leaves the background that was filled in where the role has none.
fn over_ground(theme: &Theme, role: Role) -> Style {
    let own = theme.style(role);
    Style { bg: own.bg.filter(|_| role != Role::Text), ..theme.style(Role::Text).patch(own) }
}

impl<'a> Painter<'a> {
    /// Draws into `cells` with the styles of `theme`.
    pub fn new(cells: &'a mut Cells, theme: &'a Theme) -> Self {
        Self { cells, theme }
    }

    /// The style of a role, over ordinary text. Where the role has no background of its own, the one that was filled in
    /// stays.
    pub fn style(&self, role: Role) -> Style {
        over_ground(self.theme, role)
    }

    /// Everything in `area` in the style of `role`, without text.
    pub fn fill(&mut self, area: Rect, role: Role) {
        let style = self.theme.style(Role::Text).patch(self.theme.style(role));
        let area = area.intersection(self.cells.area);
        if area.x > self.cells.area.x {
            // a wide character of which only one half is left would cover the first column
            for y in area.top()..area.bottom() {
                let before = &mut self.cells[(area.x - 1, y)];
                if before.symbol().len() > 1 && before.cell_width() > 1 {
                    before.set_symbol(" ");
                }
            }
        }
        let mut blank = Cell::EMPTY;
        blank.set_style(style);
        let width = usize::from(self.cells.area.width);
        for y in area.top()..area.bottom() {
            let start = usize::from(y - self.cells.area.y) * width + usize::from(area.x - self.cells.area.x);
            self.cells.content[start..start + usize::from(area.width)].fill(blank.clone());
        }
    }

    /// The whole screen in the style of ordinary text, when nothing of the last frame stays: the cells are blank still.
    pub fn begin(&mut self, stamps: &Stamps) {
        if !stamps.is_whole() {
            return;
        }
        // without a background a blank looks the same in any style, and there are many blanks
        if let Some(bg) = self.theme.style(Role::Text).bg {
            for cell in &mut self.cells.content {
                cell.bg = bg;
            }
        }
    }

    /// Text on the first row of `area`, cut off at its right end. Gives the columns used. In a role of greenroom's own,
    /// signs that the terminal cannot show are drawn as what stands for them.
    pub fn text(&mut self, area: Rect, text: &str, role: Role) -> u16 {
        let plain = self.theme.signs().in_role(text, role);
        self.content(area, plain.as_deref().unwrap_or(text), role)
    }

    /// The same for text of the user's, which looks as it is in any role.
    pub fn content(&mut self, area: Rect, text: &str, role: Role) -> u16 {
        let style = self.style(role);
        self.styled(area, text, |_| style)
    }

    /// A sign of greenroom's own, as this terminal can show it.
    pub fn sign<'t>(&self, sign: &'t str) -> Cow<'t, str> {
        self.theme.signs().of(sign).map_or(Cow::Borrowed(sign), Cow::Owned)
    }

    /// Text whose style depends on the byte. Gives the columns used.
    pub fn styled(&mut self, area: Rect, text: &str, style: impl Fn(usize) -> Style) -> u16 {
        let area = area.intersection(self.cells.area);
        if area.is_empty() {
            return 0;
        }
        draw_row(text, area, self.cells, self.theme, style)
    }

    /// Text on the first row of `area`; what does not fit is cut with `…`. Gives the columns used.
    pub fn cut(&mut self, area: Rect, text: &str, role: Role) -> u16 {
        let used = self.text(area, text, role);
        self.mark_cut(area, text, used, role)
    }

    /// The same for text of the user's.
    pub fn cut_content(&mut self, area: Rect, text: &str, role: Role) -> u16 {
        let used = self.content(area, text, role);
        self.mark_cut(area, text, used, role)
    }

    fn mark_cut(&mut self, area: Rect, text: &str, used: u16, role: Role) -> u16 {
        if area.width > 1 && used + 1 >= area.width && columns(text) > area.width {
            let mark = self.sign("…");
            self.content(Rect { x: area.right() - 1, width: 1, ..area }, &mark, role);
        }
        used
    }

    /// One sign of greenroom's own in the first column of `area`, its colours turned round: beside a text it is not read
    /// as a part of it.
    pub fn turned(&mut self, area: Rect, sign: char, role: Role) {
        if self.cells.area.contains(area.as_position()) && area.width > 0 {
            let style = self.style(role).add_modifier(Modifier::REVERSED);
            self.cells[(area.x, area.y)].set_char(sign).set_style(style);
        }
    }

    /// Pieces of text one after the other on the first row of `area`. Gives the columns used.
    pub fn pieces(&mut self, area: Rect, pieces: &[(&str, Role)]) -> u16 {
        let mut used = 0;
        for (text, role) in pieces {
            let rest = Rect { x: area.x + used, width: area.width.saturating_sub(used), ..area };
            used += self.text(rest, text, *role);
        }
        used
    }

    /// Text at the right end of the first row of `area`.
    pub fn right(&mut self, area: Rect, text: &str, role: Role) {
        let width = columns(text).min(area.width);
        self.text(Rect { x: area.right() - width, width, ..area }, text, role);
    }

    /// Text wrapped at words; what does not fit is cut with `…`. Gives the rows used.
    pub fn paragraph(&mut self, area: Rect, text: &str, role: Role) -> u16 {
        let plain = self.theme.signs().in_role(text, role);
        self.paragraph_of_theirs(area, plain.as_deref().unwrap_or(text), role)
    }

    /// The same for text of the user's, which looks as it is in any role.
    pub fn paragraph_of_theirs(&mut self, area: Rect, text: &str, role: Role) -> u16 {
        let mut used = 0;
        for line in text.split('\n') {
            for row in wrap::rows(line, usize::from(area.width)) {
                if used == area.height {
                    let end = Rect { x: area.right().saturating_sub(1), width: 1.min(area.width), ..area };
                    let mark = self.sign("…");
                    self.content(Rect { y: area.bottom().saturating_sub(1), height: 1.min(used), ..end }, &mark, role);
                    return used;
                }
                self.content(Rect { y: area.y + used, height: 1, ..area }, &line[row], role);
                used += 1;
            }
        }
        used
    }

    /// One line wrapped at words, whose looks depend on the byte; what does not fit is left out.
    pub fn wrapped(&mut self, area: Rect, line: &str, role: impl Fn(usize) -> Role) {
        for (index, bytes) in wrap::rows(line, usize::from(area.width)).into_iter().enumerate() {
            let place = row(area, u16::try_from(index).unwrap_or(u16::MAX));
            let styles = |byte: usize| over_ground(self.theme, role(bytes.start + byte));
            if !place.is_empty() {
                draw_row(&line[bytes.clone()], place, self.cells, self.theme, styles);
            }
        }
    }

    /// A border with its texts.
    pub fn border(&mut self, area: Rect, border: &Border<'_>) {
        self.sides(area, border.focused);
        self.upper_edge(area, border);
        self.lower_edge(area, border);
    }

    /// The left and the right side of a border, without the corners.
    pub fn sides(&mut self, area: Rect, focused: bool) {
        let area = area.intersection(self.cells.area);
        if area.width < 2 || area.height < 2 {
            return;
        }
        let style = self.border_style(focused);
        let side = self.sign(if focused { "║" } else { "│" });
        for y in area.y + 1..area.bottom() - 1 {
            for x in [area.x, area.right() - 1] {
                self.cells[(x, y)].set_symbol(&side).set_style(style);
            }
        }
    }

    /// What the sides of a border are drawn with, and how.
    pub fn side(&self, focused: bool) -> (char, Role) {
        let side = self.sign(if focused { "║" } else { "│" });
        (side.chars().next().unwrap_or(' '), if focused { Role::BorderFocus } else { Role::Border })
    }

    /// The upper edge of a border, with the title and the state.
    pub fn upper_edge(&mut self, area: Rect, border: &Border<'_>) {
        let corners = if border.focused { ["╔", "╗"] } else { ["┌", "┐"] };
        let Some(edge) = self.edge(area, area.y, corners, border.focused) else { return };
        let title_role = if border.focused { Role::BorderFocus } else { Role::Title };
        let mut used = 0;
        if !border.title.is_empty() {
            used = self.text(edge, &format!(" {} ", border.title), title_role);
        }
        let wanted = if border.state.is_empty() { 0 } else { columns(border.state) + 2 };
        if !border.count.is_empty() && used + columns(border.count) + 1 + wanted <= edge.width {
            let rest = Rect { x: edge.x + used, width: edge.width - used, ..edge };
            used += self.text(rest, &format!(" {}", border.count), Role::Dim);
        }
        let room = edge.width.saturating_sub(used);
        let state = border.state_role.unwrap_or(Role::Dim);
        if !border.state.is_empty() && columns(border.state) + 2 <= room {
            self.right(edge, &format!(" {} ", border.state), state);
        } else if !border.state.is_empty() && room >= 8 {
            let place = Rect { x: edge.right() - room + 1, width: room - 1, ..edge };
            self.cut(place, &format!(" {}", border.state), state);
        }
    }

    /// The lower edge of a border, with what stands at its foot.
    pub fn lower_edge(&mut self, area: Rect, border: &Border<'_>) {
        let corners = if border.focused { ["╚", "╝"] } else { ["└", "┘"] };
        let Some(edge) = self.edge(area, area.bottom().saturating_sub(1), corners, border.focused) else { return };
        let sum = if border.sum.is_empty() { 0 } else { columns(border.sum) + 2 };
        if sum > 0 && sum <= edge.width {
            self.text(edge, &format!(" {} ", border.sum), Role::Dim);
        }
        let left = sum.min(edge.width);
        self.foot(Rect { x: edge.x + left, width: edge.width - left, ..edge }, border.foot);
    }

    /// The right end of the lower edge, in place of what stands on the first row of `end`.
    pub fn end_of_lower_edge(&mut self, end: Rect, border: &Border<'_>) {
        let line = if border.focused { "═" } else { "─" };
        let corner = if border.focused { "╝" } else { "┘" };
        let Some(edge) = self.line(end, [line, corner], border.focused) else { return };
        self.foot(edge, border.foot);
    }

    fn foot(&mut self, edge: Rect, foot: &str) {
        if !foot.is_empty() && columns(foot) + 2 <= edge.width {
            self.right(edge, &format!(" {foot} "), Role::Dim);
        }
    }

    /// A line from corner to corner. Gives the place for text on it; nothing when there is no room for a border.
    fn edge(&mut self, area: Rect, y: u16, corners: [&str; 2], focused: bool) -> Option<Rect> {
        if area.height < 2 {
            return None;
        }
        self.line(Rect { y, height: 1, ..area }, corners, focused)
    }

    /// The same on the first row of `area`, whatever stands at its ends.
    fn line(&mut self, area: Rect, ends: [&str; 2], focused: bool) -> Option<Rect> {
        let area = area.intersection(self.cells.area);
        if area.width < 2 || area.height < 1 {
            return None;
        }
        let style = self.border_style(focused);
        let mut line = Cell::EMPTY;
        line.set_symbol(&self.sign(if focused { "═" } else { "─" })).set_style(style);
        let [left, right] = ends.map(|end| self.sign(end));
        let (text, overlay) = (self.theme.style(Role::Text).bg, self.theme.style(Role::Overlay).bg);
        let first = self.cells.index_of(area.x, area.y);
        let cells = &mut self.cells.content[first..first + usize::from(area.width)];
        for cell in &mut *cells {
            // whatever else stood there, only the ground of a box stays
            let ground = if Some(cell.bg) == overlay { overlay } else { text };
            line.bg = style.bg.or(ground).unwrap_or_default();
            cell.clone_from(&line);
        }
        cells[0].set_symbol(&left);
        cells[cells.len() - 1].set_symbol(&right);
        Some(Rect { x: area.x + 2, width: area.width.saturating_sub(4), height: 1, ..area })
    }

    fn border_style(&self, focused: bool) -> Style {
        self.style(if focused { Role::BorderFocus } else { Role::Border })
    }
}

/// Columns a line takes.
pub fn columns(text: &str) -> u16 {
    u16::try_from(wrap::width(text)).unwrap_or(u16::MAX)
}

/// The row with this number inside `area`, or an empty one below it.
pub fn row(area: Rect, index: u16) -> Rect {
    if index < area.height { Rect { y: area.y + index, height: 1, ..area } } else { Rect { height: 0, ..area } }
}
