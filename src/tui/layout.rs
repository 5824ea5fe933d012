//! Where everything stands, for a size and a state. Drawing, clicks and the cursor's vertical movement all ask here, so
//! that they cannot disagree. Pure.

use ratatui::layout::Rect;

use crate::tui::draft::PaneId;

/// The smallest screen that is drawn.
pub const SMALLEST: (u16, u16) = (60, 16);

/// The rows that every screen has, and the room between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameAreas {
    /// Row 0: the prompt, the screens as tabs.
    pub top: Rect,
    /// Everything in the middle.
    pub body: Rect,
    /// One message.
    pub status: Rect,
    /// The hints.
    pub hints: Rect,
}

/// The rows of a screen of this size.
pub fn frame(size: (u16, u16)) -> FrameAreas {
    let (width, height) = size;
    let row = |y: u16| Rect { x: 0, y, width, height: 1.min(height.saturating_sub(y)) };
    FrameAreas {
        top: row(0),
        body: Rect { x: 0, y: 1, width, height: height.saturating_sub(3) },
        status: row(height.saturating_sub(2)),
        hints: row(height.saturating_sub(1)),
    }
}

/// The inside of a pane: without its border.
pub fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + 1.min(area.width),
        y: area.y + 1.min(area.height),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// The text of a pane: inside, with a column of air on both sides where there is room.
pub fn text(area: Rect) -> Rect {
    let inner = inside(area);
    if inner.width < 10 {
        return inner;
    }
    Rect { x: inner.x + 1, width: inner.width - 2, ..inner }
}

/// What decides the Draft screen's layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftShape {
    /// The whole terminal.
    pub size: (u16, u16),
    /// The pane that has the focus.
    pub focus: PaneId,
    /// Whether the focused pane fills the screen.
    pub zoomed: bool,
    /// The text panes that are shown, top to bottom, with the number of rows their text has (a lower bound).
    pub texts: Vec<(PaneId, usize)>,
    /// Rows the variables pane could use.
    pub variables: usize,
}

/// The places of everything on the Draft screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftAreas {
    /// The panes.
    pub panes: Vec<(PaneId, Rect)>,
    /// What the prompt costs, where there is room: for reading, so that it is no pane one can go to.
    pub cost: Option<Rect>,
}

/// Rows of what the prompt costs, its border included.
const COST_ROWS: u16 = 13;
/// Rows that the preview keeps above it.
const PREVIEW_ROWS: u16 = 20;

/// The panes of the Draft screen and their places.
pub fn draft(shape: &DraftShape) -> DraftAreas {
    let body = frame(shape.size).body;
    if shape.zoomed || shape.size.0 < 80 {
        return DraftAreas { panes: vec![(shape.focus, body)], cost: None };
    }
    let mut cost = None;
    let (left, side) = if shape.size.0 >= 160 {
        let left = body.width * 70 / 160;
        let middle = body.width * 44 / 160;
        (left, SideLayout::Columns(middle))
    } else {
        (body.width * 60 / 100, SideLayout::Stacked)
    };
    let mut areas = stack(Rect { width: left, ..body }, shape);
    let right = Rect { x: body.x + left, width: body.width - left, ..body };
    match side {
        SideLayout::Columns(middle) => {
            areas.push((PaneId::Variables, Rect { width: middle, ..right }));
            let column = Rect { x: right.x + middle, width: right.width - middle, ..right };
            let low = if column.height >= PREVIEW_ROWS + COST_ROWS { COST_ROWS } else { 0 };
            let preview = Rect { height: column.height - low, ..column };
            areas.push((PaneId::Preview, preview));
            cost = (low > 0).then_some(Rect { y: preview.bottom(), height: low, ..column });
        }
        SideLayout::Stacked => {
            let wanted = u16::try_from(shape.variables).unwrap_or(u16::MAX).saturating_add(2);
            let limit = match shape.focus {
                PaneId::Variables => right.height * 2 / 3,
                _ => right.height * 2 / 5,
            };
            let top = wanted.clamp(4, limit.max(4)).min(right.height);
            areas.push((PaneId::Variables, Rect { height: top, ..right }));
            areas.push((PaneId::Preview, Rect { y: right.y + top, height: right.height - top, ..right }));
        }
    }
    DraftAreas { panes: areas, cost }
}

enum SideLayout {
    Columns(u16),
    Stacked,
}

/// The text panes one above the other: the focused one grows, the others keep at least two lines where there is room.
fn stack(column: Rect, shape: &DraftShape) -> Vec<(PaneId, Rect)> {
    let count = u16::try_from(shape.texts.len()).unwrap_or(1).max(1);
    let grown = shape.texts.iter().position(|(pane, _)| *pane == shape.focus);
    let available = column.height;
    // two lines and the border; one line when even that does not fit beside a usable focused pane
    let least = if available >= (count - 1) * 4 + 5 { 4 } else { 3.min(available / count) };
    let mut heights: Vec<u16> = vec![least; shape.texts.len()];
    let mut spare = available.saturating_sub(least * count);
    let wanted = |index: usize| u16::try_from(shape.texts[index].1).unwrap_or(u16::MAX).saturating_add(2).max(least);
    if let Some(grown) = grown {
        // half of what is spare goes to the focused pane before the others get any
        let first = wanted(grown).saturating_sub(least).min(spare.div_ceil(2).max(spare.saturating_sub(4 * count)));
        heights[grown] += first;
        spare -= first;
    }
    // then all grow evenly up to what they need
    while spare > 0 {
        let mut gave = false;
        for (index, height) in heights.iter_mut().enumerate() {
            if spare > 0 && *height < wanted(index) {
                *height += 1;
                spare -= 1;
                gave = true;
            }
        }
        if !gave {
            break;
        }
    }
    if let Some(index) = grown.or(heights.len().checked_sub(1)) {
        heights[index] += spare;
    }
    let mut y = column.y;
    let mut areas = Vec::with_capacity(heights.len() + 2);
    for ((pane, _), height) in shape.texts.iter().zip(heights) {
        let height = height.min(column.bottom().saturating_sub(y));
        areas.push((*pane, Rect { y, height, ..column }));
        y += height;
    }
    areas
}

/// The parts of the Play screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayAreas {
    /// The columns of the conversations, all together.
    pub transcript: Rect,
    /// The message that is written.
    pub message: Rect,
    /// Model, values, how the run went; only where there is room.
    pub side: Option<Rect>,
}

/// The parts of the Play screen for a message of so many rows.
pub fn play(size: (u16, u16), message_rows: usize, zoomed: bool) -> PlayAreas {
    let body = frame(size).body;
    let facts = (size.0 >= 120 && !zoomed).then(|| {
        let width = (body.width / 4).min(40);
        Rect { x: body.right() - width, width, ..body }
    });
    let main = Rect { width: body.width - facts.map_or(0, |facts| facts.width), ..body };
    let most = (main.height / 3).max(3).min(main.height);
    let height = u16::try_from(message_rows).unwrap_or(most).saturating_add(2).clamp(4.min(most), most);
    PlayAreas {
        transcript: Rect { height: main.height - height, ..main },
        message: Rect { y: main.bottom() - height, height, ..main },
        side: facts,
    }
}

/// How many columns of conversations fit side by side.
pub fn columns_that_fit(size: (u16, u16), zoomed: bool) -> usize {
    match size.0 {
        _ if zoomed => 1,
        0..80 => 1,
        80..160 => 2,
        160..200 => 3,
        _ => 4,
    }
}

/// `area` cut into so many columns side by side.
pub fn side_by_side(area: Rect, count: usize) -> Vec<Rect> {
    let count = u16::try_from(count).unwrap_or(1).max(1);
    let start = |index: u16| area.x + area.width / count * index + (area.width % count).min(index);
    (0..count).map(|index| Rect { x: start(index), width: start(index + 1) - start(index), ..area }).collect()
}

/// The parts of the Diff screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiffAreas {
    /// The sections with their numbers of changes: a list at the left from 120 columns on, else a bar.
    pub sections: Rect,
    /// Whether `sections` is a list with a border.
    pub listed: bool,
    /// The rows: two columns, or one in inline mode.
    pub rows: Rect,
    /// What changed in config and variables.
    pub details: Rect,
}

/// The parts of the Diff screen when its details have so many rows.
pub fn diff(size: (u16, u16), detail_rows: usize, zoomed: bool) -> DiffAreas {
    let body = frame(size).body;
    let listed = size.0 >= 120 && !zoomed;
    let sections = if listed {
        Rect { width: (body.width / 6).clamp(24, 30), ..body }
    } else {
        Rect { height: 1.min(body.height), ..body }
    };
    let rest = if listed {
        Rect { x: body.x + sections.width, width: body.width - sections.width, ..body }
    } else {
        Rect { y: body.y + sections.height, height: body.height - sections.height, ..body }
    };
    let wanted = u16::try_from(detail_rows).unwrap_or(u16::MAX).saturating_add(2);
    let details = if zoomed || rest.height < 12 { 0 } else { wanted.clamp(3, (rest.height / 4).max(3)) };
    DiffAreas {
        sections,
        listed,
        rows: Rect { height: rest.height - details, ..rest },
        details: Rect { y: rest.bottom() - details, height: details, ..rest },
    }
}

/// The parts of the Review screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewAreas {
    /// The steps of the way: a pane at the left from 100 columns on, else the first row.
    pub steps: Rect,
    /// Whether `steps` is a pane with a border.
    pub listed: bool,
    /// The text with its comments.
    pub rows: Rect,
    /// Decisions and comments as a list, from 140 columns on.
    pub list: Option<Rect>,
}

/// The parts of the Review screen.
pub fn review(size: (u16, u16), zoomed: bool) -> ReviewAreas {
    let body = frame(size).body;
    if size.0 < 100 || zoomed {
        let bar = 1.min(body.height);
        let rows = Rect { y: body.y + bar, height: body.height - bar, ..body };
        return ReviewAreas { steps: Rect { height: bar, ..body }, listed: false, rows, list: None };
    }
    let steps = Rect { width: 36, ..body };
    let list_width = if size.0 >= 140 { 44 } else { 0 };
    let rows = Rect { x: body.x + steps.width, width: body.width - steps.width - list_width, ..body };
    let list = (list_width > 0).then(|| Rect { x: rows.right(), width: list_width, ..body });
    ReviewAreas { steps, listed: true, rows, list }
}

/// Whether the Diff screen has room for two columns.
pub fn side_by_side_fits(size: (u16, u16)) -> bool {
    size.0 >= 80
}

/// A box in the middle of the screen, at most so large.
pub fn centered(size: (u16, u16), width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(size.0), height.min(size.1));
    Rect { x: (size.0 - width) / 2, y: (size.1 - height) / 2, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(size: (u16, u16), focus: PaneId) -> DraftShape {
        let texts = (1..=5).map(|index| (PaneId::Text(index), 20)).collect();
        DraftShape { size, focus, zoomed: false, texts, variables: 8 }
    }

    #[test]
    fn the_focused_section_grows_and_the_others_keep_two_lines_at_80x24() {
        let areas = draft(&shape((80, 24), PaneId::Text(3))).panes;
        let height = |pane| areas.iter().find(|(id, _)| *id == pane).map(|(_, area)| area.height);
        assert_eq!(height(PaneId::Text(3)), Some(5));
        for other in [1, 2, 4, 5] {
            assert_eq!(height(PaneId::Text(other)), Some(4), "pane {other}");
        }
    }

    #[test]
    fn a_large_screen_shows_the_costs_below_the_preview_and_a_smaller_one_leaves_the_preview_its_room() {
        let of = |size| draft(&shape(size, PaneId::Text(1)));
        let preview = |areas: &DraftAreas| areas.panes.iter().find(|(id, _)| *id == PaneId::Preview).unwrap().1;
        let large = of((160, 45));
        assert_eq!(large.cost.map(|cost| (cost.y, cost.height)), Some((preview(&large).bottom(), 13)));
        assert!(preview(&large).height >= 20);
        for size in [(159, 45), (160, 34), (80, 24), (120, 40)] {
            assert_eq!(of(size).cost, None, "{size:?}");
        }
        assert_eq!(draft(&DraftShape { zoomed: true, ..shape((160, 45), PaneId::Text(1)) }).cost, None);
    }

    #[test]
    fn no_pane_leaves_the_body_and_none_overlaps_at_any_size() {
        for width in 0..220 {
            for height in 0..60 {
                let size = (width, height);
                for focus in [PaneId::Text(0), PaneId::Text(5), PaneId::Variables, PaneId::Preview] {
                    let mut wanted = shape(size, focus);
                    wanted.texts.insert(0, (PaneId::Text(0), 3));
                    let body = frame(size).body;
                    let DraftAreas { panes: areas, cost } = draft(&wanted);
                    if let Some(cost) = cost {
                        assert_eq!(cost.intersection(body), cost, "the costs leave the body at {size:?}");
                        assert!(areas.iter().all(|(_, area)| !area.intersects(cost)), "at {size:?}");
                    }
                    for (index, (pane, area)) in areas.iter().enumerate() {
                        assert_eq!(area.intersection(body), *area, "{pane:?} leaves the body at {size:?}");
                        for (other, place) in &areas[index + 1..] {
                            assert!(!area.intersects(*place), "{pane:?} and {other:?} overlap at {size:?}");
                        }
                    }
                }
                let areas = play(size, 3, false);
                assert!(!areas.transcript.intersects(areas.message));
                let columns = side_by_side(areas.transcript, columns_that_fit(size, false));
                assert_eq!(columns.iter().map(|column| column.width).sum::<u16>(), areas.transcript.width);
                let areas = diff(size, 4, false);
                assert!(!areas.rows.intersects(areas.details));
                assert!(!areas.rows.intersects(areas.sections));
            }
        }
    }
}
