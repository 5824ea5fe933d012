//! The state → the screen. One file a pane; nothing here changes the state or computes what `update` should have.

mod beyond;
mod chrome;
mod complete;
mod cost_pane;
mod costs;
mod decision;
mod diff;
mod draft;
mod drill;
mod keys;
mod overlay;
mod paint;
mod params;
mod past;
mod picking;
mod play;
mod preview;
mod release;
mod reviewing;
mod saying;
mod search;
mod story;
mod threads;
mod tour;
mod variable_boxes;
mod variables;
mod wire;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::canvas::{Canvas, Stamps, stamp};
use crate::tui::layout::{self, SMALLEST};
use crate::tui::model::{Model, ScreenId};
use crate::tui::theme::Role;
use paint::Painter;

/// Draws everything into a frame of ratatui's.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    let cursor = draw_whole(model, frame.buffer_mut(), &mut Stamps::default());
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
}

/// Draws what has changed since the last time; gives the place of the cursor.
pub fn draw_on(model: &Model, canvas: &mut Canvas) -> Option<Position> {
    // a box or a long message lies over the panes, and the other screens change as a whole
    let covered = model.overlay.is_some() || model.completing.shown().is_some() || keys_shown(model);
    let alone = !covered && !matches!(model.screen, ScreenId::Diff | ScreenId::Review) && !chrome::spills(model);
    let frame =
        alone.then(|| stamp((model.size, model.theme.name(), model.zoomed, model.openings, model.level, model.screen)));
    if canvas.stamps.begin(frame) {
        canvas.cells.reset();
    }
    draw_whole(model, &mut canvas.cells, &mut canvas.stamps)
}

fn draw_whole(model: &Model, cells: &mut Buffer, stamps: &mut Stamps) -> Option<Position> {
    let area = cells.area;
    let mut painter = Painter::new(cells, &model.theme);
    painter.begin(stamps);
    if model.size.0 < SMALLEST.0 || model.size.1 < SMALLEST.1 {
        let text = format!(
            "greenroom needs {}x{}; this is {}x{}. Nothing is lost.",
            SMALLEST.0,
            SMALLEST.1 + area.height.saturating_sub(model.size.1),
            area.width,
            area.height
        );
        painter.fill(area, Role::Text);
        painter.paragraph(area, &text, Role::Warning);
        stamps.drew(area);
        return None;
    }
    chrome::top(model, &mut painter, stamps);
    let body = match model.screen {
        ScreenId::Draft => draft::draw(model, &mut painter, stamps),
        ScreenId::Play => play::draw(model, &mut painter, stamps),
        ScreenId::Diff => diff::draw(model, &mut painter),
        ScreenId::Review => reviewing::draw(model, &mut painter),
    };
    if model.overlay.is_none() {
        chrome::bottom(model, body, &mut painter, stamps);
    }
    complete::draw(model, &mut painter);
    keys::followers(model, &mut painter);
    if let Some(tour) = model.tour {
        let strip = Rect { y: model.size.1, height: area.height.saturating_sub(model.size.1), ..area };
        tour::strip(model, tour, strip, &mut painter);
        stamps.drew(strip);
    }
    let Some(open) = &model.overlay else { return body };
    // an open overlay has the cursor, or nobody has
    let over = overlay::draw(model, open, &mut painter);
    // what was done in a box is said below it, and over it where one row is too little
    chrome::bottom(model, over, &mut painter, stamps);
    over
}

/// Whether the box of what may follow lies over the panes.
fn keys_shown(model: &Model) -> bool {
    model.unfinished.as_ref().is_some_and(|unfinished| unfinished.shown)
}

/// The areas of the frame, for the files of this folder.
fn areas(model: &Model) -> layout::FrameAreas {
    layout::frame(model.size)
}

#[cfg(test)]
mod tests;
