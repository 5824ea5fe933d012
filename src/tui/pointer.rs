//! What the mouse is doing: how often one place was clicked, and what a drag selects.

use ratatui::layout::Position;

use crate::tui::draft::PaneId;
use crate::tui::editor::Grain;

/// The mouse, between a press of its button and what follows.
#[derive(Debug, Default)]
pub struct Pointer {
    /// Where the last click was and how many there were in a row; forgotten after a moment.
    pub clicks: Option<(Position, u8)>,
    /// Whether that click went into a text.
    pub in_text: bool,
    /// What the button that is held down selects by; `None` while it is up.
    pub drag: Option<Grain>,
    /// Where the pointer is held above or below the text that it selects: the text goes on scrolling.
    pub held: Option<Position>,
    /// The pane that keeps the room of the focus while the button is down: panes must not move under the pointer.
    pub room: Option<PaneId>,
}

impl Pointer {
    /// One more click; how many there were at this place, from one to three and round again.
    pub fn count(&mut self, at: Position) -> u8 {
        let count = match self.clicks {
            Some((place, count)) if place == at => count % 3 + 1,
            _ => 1,
        };
        self.in_text &= count > 1;
        self.clicks = Some((at, count));
        count
    }

    /// The button is up, or a key says that it must be.
    pub fn release(&mut self) {
        (self.drag, self.held, self.room) = (None, None, None);
    }
}
