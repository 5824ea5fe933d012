//! The box with what was said about a line of Draft or Diff.

use ratatui::layout::{Position, Rect};

use super::paint::{Border, Painter, row};
use crate::tui::boxes;
use crate::tui::keymap::{Action, Context};
use crate::tui::margins;
use crate::tui::model::Model;
use crate::tui::possible::why_not;
use crate::tui::theme::Role;
use crate::tui::threads::ThreadBox;

/// Draws it; there is no cursor.
pub fn draw(model: &Model, open: &ThreadBox, area: Rect, painter: &mut Painter<'_>) -> Option<Position> {
    let inner = boxes::inner(area);
    let words = margins::box_words(model).unwrap_or_default();
    let more = words.len().saturating_sub(open.top + usize::from(inner.height));
    let state = match (open.top > 0, more > 0) {
        (_, true) => format!("{more} rows more"),
        (true, false) => "↑ more".to_owned(),
        (false, false) => String::new(),
    };
    let keys = [
        (Action::Reply, "answer"),
        (Action::Resolve, "settle"),
        (Action::TakeSuggestion, "take"),
        (Action::Comment, "comment"),
        (Action::NextComment, "next"),
        (Action::CommentAcross, "review"),
    ];
    let keys = keys.into_iter().filter(|(action, _)| why_not(model, *action).is_none()).filter_map(|(action, word)| {
        let key = model.keymap.keys_in(Context::Margin, action).next()?;
        Some(format!("{key} {word}"))
    });
    let foot = keys.chain(["Esc closes".to_owned()]).collect::<Vec<_>>().join("  ");
    let title = if open.threads.len() == 1 {
        "Said about this line".to_owned()
    } else {
        format!("Said about this line: {} of {}", open.at + 1, open.threads.len())
    };
    painter.border(area, &Border { title: &title, state: &state, foot: &foot, focused: true, ..Border::default() });
    for (y, (role, line)) in (0..inner.height).zip(words.iter().skip(open.top)) {
        let role = if *role == Role::Text { Role::Overlay } else { *role };
        painter.content(row(inner, y), line, role);
    }
    None
}
