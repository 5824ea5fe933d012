//! A question about two texts is answered.

use super::{journal, theirs};
use crate::tui::decision::{Decision, Verdict};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;

/// What an action does in the open question.
pub fn act(model: &mut Model, mut open: Box<Decision>, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::FormAccept => {
            if let Some((_, verdict)) = open.answers.get(open.selected) {
                decided(model, *verdict, effects);
            }
            return;
        }
        Action::FormLeft => open.selected = open.selected.saturating_sub(1),
        Action::FormRight => open.selected = (open.selected + 1).min(open.answers.len().saturating_sub(1)),
        Action::DialogPrevious => scroll(model, &mut open, -1),
        Action::DialogNext => scroll(model, &mut open, 1),
        _ => {}
    }
    model.overlay = Some(Overlay::Decide(open));
}

/// Moves what is shown of the differences by rows.
pub fn scroll(model: &Model, open: &mut Decision, by: isize) {
    let height = model.size.1;
    let most = open.changes.rows.len().saturating_sub(usize::from(height.saturating_sub(2) / 3));
    open.scroll = open.scroll.saturating_add_signed(by).min(most);
}

/// Does what was decided.
pub fn decided(model: &mut Model, verdict: Verdict, effects: &mut Vec<Effect>) {
    match verdict {
        Verdict::Restore => journal::restore(model, effects),
        Verdict::KeepFile => journal::keep_file(model, effects),
        Verdict::Later => theirs::later(model),
        Verdict::TakeTheirs => theirs::take_theirs(model),
        Verdict::KeepMine => theirs::keep_mine(model, effects),
        Verdict::Merge => theirs::merge(model, effects),
        Verdict::Choose(choice) => theirs::choose(model, choice, effects),
        Verdict::LeaveAside => effects.push(Effect::Quit),
    }
}
