//! The state → the screen. One file a pane; nothing here changes the state or computes what `update` should have.

mod chrome;
mod diff;
mod draft;
mod overlay;
mod paint;
mod play;
mod preview;
mod variables;

use ratatui::Frame;

use crate::tui::layout::{self, SMALLEST};
use crate::tui::model::{Model, ScreenId};
use crate::tui::theme::Role;
use paint::Painter;

/// Draws everything.
pub fn draw(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let mut painter = Painter::new(frame.buffer_mut(), &model.theme);
    painter.begin();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        let text = format!(
            "greenroom needs {}x{}; this is {}x{}. Nothing is lost.",
            SMALLEST.0, SMALLEST.1, area.width, area.height
        );
        painter.paragraph(area, &text, Role::Warning);
        return;
    }
    chrome::top(model, &mut painter);
    let body = match model.screen {
        ScreenId::Draft => draft::draw(model, &mut painter),
        ScreenId::Play => play::draw(model, &mut painter),
        ScreenId::Diff => diff::draw(model, &mut painter),
    };
    chrome::bottom(model, body.filter(|_| model.overlay.is_none()), &mut painter);
    let over = model.overlay.as_ref().map(|open| overlay::draw(model, open, &mut painter));
    // an open overlay has the cursor, or nobody has
    if let Some(cursor) = over.unwrap_or(body) {
        frame.set_cursor_position(cursor);
    }
}

/// The areas of the frame, for the files of this folder.
fn areas(model: &Model) -> layout::FrameAreas {
    layout::frame(model.size)
}

#[cfg(test)]
mod tests;
