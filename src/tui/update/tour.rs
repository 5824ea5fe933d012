//! The tour follows what is done; and the page of the first start goes with the first key.

use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::Overlay;
use crate::tui::tour::Tour;

/// Begins with the first step.
pub fn begin(model: &mut Model) {
    let (width, height) = model.size;
    model.tour = Some(Tour::default().from_here(model));
    model.resize(width, height);
}

/// After every message: a step that was done leads to the next.
pub fn follow(model: &mut Model) {
    model.tour = model.tour.map(|tour| tour.follow(model));
}

/// Another prompt was opened: its numbers begin anew.
pub fn opened(model: &mut Model) {
    model.tour = model.tour.map(|tour| tour.from_here(model));
}

/// The next step, or the one before.
pub fn step(model: &mut Model, action: Action) {
    let Some(tour) = model.tour else {
        return model.say(Weight::Note, "the tour is `greenroom tutor`");
    };
    model.tour = Some(if action == Action::TourBack { tour.back(model) } else { tour.next(model) });
}

/// The page of the first start, unless something more important is open.
pub fn welcome(model: &mut Model) {
    if model.overlay.is_none() {
        model.overlay = Some(Overlay::Welcome);
    }
}

/// Any key or click closes the page, and it does not come back; `false` when it is not open.
pub fn dismissed(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let open = matches!(model.overlay, Some(Overlay::Welcome));
    if open {
        model.overlay = None;
        effects.push(Effect::Welcomed);
    }
    open
}
