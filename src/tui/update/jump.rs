//! Jump mode: one letter, and the focus is there.

use crossterm::event::{KeyCode, KeyEvent};

use super::{diff, leave_edit};
use crate::tui::draft::PaneId;
use crate::tui::jump::{Goal, targets};
use crate::tui::model::{Level, Model, Weight};
use crate::tui::overlay::Overlay;

/// Puts the letters on the screen.
pub fn open(model: &mut Model) {
    if model.level == Level::Edit {
        leave_edit(model);
    }
    if targets(model).is_empty() {
        return model.say(Weight::Note, "there is nothing to jump to here");
    }
    model.overlay = Some(Overlay::Jump);
}

/// Takes the key after it, whatever it is; `false` when the letters are not on the screen.
pub fn typed(model: &mut Model, key: KeyEvent) -> bool {
    if !matches!(model.overlay, Some(Overlay::Jump)) {
        return false;
    }
    model.overlay = None;
    if let KeyCode::Char(letter) = key.code {
        match targets(model).into_iter().find(|target| target.letter == letter) {
            Some(target) => go(model, target.goal),
            None => model.say(Weight::Note, format!("there is no {letter} to jump to")),
        }
    }
    true
}

fn go(model: &mut Model, goal: Goal) {
    match (goal, &mut model.draft) {
        (Goal::Pane(pane), Some(draft)) => draft.focus = pane,
        (Goal::Variable(index), Some(draft)) => {
            draft.focus = PaneId::Variables;
            draft.values.selected = index;
        }
        (Goal::Column(index), _) => {
            model.play.in_message = false;
            super::play::columns::focus(model, index);
        }
        (Goal::Message, _) => model.play.in_message = true,
        (Goal::Section(index), _) => diff::go_to_section(model, index),
        (Goal::Pane(_) | Goal::Variable(_), None) => {}
    }
}
