//! The page of what differs beside the text, which stands in the place of the rows.

use crate::tui::keymap::Action;
use crate::tui::model::{Model, ScreenId};

/// Why `action`, which is about rows of the texts, cannot be done while the page stands in their place.
pub fn hides(model: &Model, action: Action) -> Option<&'static str> {
    use Action as A;
    let shown = model.screen == ScreenId::Diff && model.diffing.page.is_some() && model.overlay.is_none();
    let of_rows = action.is_of_rows()
        || matches!(action, A::DiffFindNext | A::DiffFindPrevious | A::Yank | A::Comment | A::Suggest | A::OpenThread);
    (shown && of_rows).then_some("that is about the lines of the texts: <diff.page> shows them")
}

/// Arrows: it scrolls by `height`, one line less than a screen, or by one.
pub fn turn(model: &mut Model, action: Action, height: usize) {
    let last = model.diffing.beyond.len().saturating_sub(height);
    let Some(top) = &mut model.diffing.page else { return };
    *top = match action {
        Action::Up => top.saturating_sub(1),
        Action::Down => (*top + 1).min(last),
        Action::PageUp => top.saturating_sub(height.saturating_sub(1)),
        Action::PageDown => (*top + height.saturating_sub(1)).min(last),
        Action::TopOf => 0,
        Action::BottomOf => last,
        _ => *top,
    };
}
