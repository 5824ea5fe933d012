//! Counts of the open prompt: asked for when what they are made of has changed, taken when they come in.

use std::sync::Arc;

use super::exactly;
use super::play::model_of;
use crate::error::Error;
use crate::model::Costing;
use crate::prompt::Assumptions;
use crate::tui::boxes;
use crate::tui::costs::CostBox;
use crate::tui::counting::{Basis, Counting, Tally};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::Overlay;

/// After every message: asks for a count when something has changed that it is made of. The text is taken when it is
/// counted, not before: whoever types on must not copy it with every key.
pub fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let name = model_of(model);
    let advises = matches!(model.overlay, Some(Overlay::Costs(_)));
    let server = name.as_ref().and_then(|name| exactly::audience(model, name));
    let Some(draft) = &mut model.draft else { return };
    let basis = Basis {
        opening: model.openings,
        state: draft.state,
        panes: draft.panes.each_ref().map(crate::tui::editor::Buffer::revision),
        values: draft.values.revision,
        model: name,
        server,
        base: draft.base().cloned(),
        advises,
    };
    if draft.counts.expect(basis) {
        effects.push(Effect::CountSoon);
    }
}

/// The typing rests: what was asked for last is counted.
pub fn due(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return };
    let Some(basis) = draft.counts.asked.clone() else { return };
    let values = &draft.values;
    let known = draft.counts.known(values.revision, || (values.values.clone(), values.declarations.clone()));
    let prompt = draft.entry.name.clone();
    effects.push(Effect::Count(Box::new(Counting { basis, prompt, text: draft.text(), known })));
}

/// A count has come in; one of another prompt is of no use any more.
pub fn counted(model: &mut Model, tally: Arc<Tally>) {
    if let Some(draft) = &mut model.draft
        && tally.basis.opening == model.openings
    {
        let by = |tally: &Option<Arc<Tally>>| tally.as_ref().and_then(|tally| tally.counter);
        if tally.counter != by(&draft.counts.tally) {
            // the linter says of a value what the pane says
            model.linting.changes += 1;
        }
        draft.counts.take(tally);
    }
}

/// Opens the box with what the prompt costs.
pub fn open(model: &mut Model) {
    let Some(draft) = &model.draft else { return model.say(Weight::Note, "no prompt is open") };
    model.overlay = Some(Overlay::Costs(Box::new(CostBox::new(draft.assumptions))));
}

/// What an action does in the box.
pub fn act(model: &mut Model, mut open: Box<CostBox>, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::DialogNext => open.step(1),
        Action::DialogPrevious => open.step(-1),
        Action::FormPageUp => return scroll(model, open, -10),
        Action::FormPageDown => return scroll(model, open, 10),
        Action::FormAccept => match open.assumptions() {
            (_, Some(wrong)) => {
                open.field = wrong;
                open.problem = Some(format!("{} is a whole number, as 1200000 or 1.2m", wrong.label()));
            }
            (assumptions, None) => {
                model.exactly.problem = None;
                return save(model, assumptions, effects);
            }
        },
        _ => {}
    }
    model.overlay = Some(Overlay::Costs(open));
}

/// Scrolls what the box says by rows.
pub fn scroll(model: &mut Model, mut open: Box<CostBox>, by: isize) {
    let most = boxes::costs_most(model, &open, boxes::costs_box(model));
    open.scrolled = open.scrolled.min(most).saturating_add_signed(by).min(most);
    model.overlay = Some(Overlay::Costs(open));
}

fn save(model: &mut Model, assumptions: Assumptions, effects: &mut Vec<Effect>) {
    let Some(draft) = &mut model.draft else { return };
    if draft.assumptions == assumptions {
        return;
    }
    let prompt = draft.entry.name.clone();
    effects.push(Effect::SaveAssumptions { prompt, assumptions });
}

/// The assumptions were written into `prompt.toml`, or why not.
pub fn saved(model: &mut Model, prompt: &str, result: Result<Assumptions, Error>) {
    match result {
        Ok(assumptions) => {
            if let Some(draft) = model.draft.as_mut().filter(|draft| draft.entry.name == prompt) {
                draft.assumptions = assumptions;
            }
            model.say(Weight::Done, "saved in prompt.toml");
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}

/// What the prompt costs as it was counted last, under these assumptions.
pub fn costing(model: &Model, assumptions: Assumptions) -> Option<Costing> {
    let draft = model.draft.as_ref()?;
    let tally = draft.counts.tally.as_ref()?;
    let name = tally.basis.model.as_ref();
    let remote = name.is_some_and(|name| {
        let provider = model.settings.providers.get(&name.provider);
        !provider.is_some_and(crate::config::Provider::is_local)
    });
    let base = tally.basis.base.as_ref().map(ToString::to_string).zip(tally.base);
    Some(Costing::new(&model.settings, (name, remote), assumptions, &tally.counts, base))
}
