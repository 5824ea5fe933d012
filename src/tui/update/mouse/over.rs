//! Clicks on what lies over a screen: the rows of a list, the fields of a form, the answers of a question.

use ratatui::layout::{Position, Rect};

use super::super::{form, list, past, search, wire};
use crate::prompt::{Freshness, Privacy};
use crate::tui::boxes;
use crate::tui::boxes::forms::{self, FREEZE_LABEL, LABEL};
use crate::tui::costs::CostField;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::overlay::{FreezeField, FreezeForm, Overlay};
use crate::tui::params::{ParamField, ParamsForm};
use crate::tui::variables::{Intake, IntakeField, PropertiesForm, PropertyField, VariableBox};
use crate::vars::import::Format;

/// A click while something lies over the screen.
pub fn click(model: &mut Model, at: Position, effects: &mut Vec<Effect>) {
    let Some(open) = &model.overlay else { return };
    if matches!(open, Overlay::Past) {
        return past::click(model, at, effects);
    }
    let area = boxes::area(model, open);
    if let Overlay::Search(form) = open {
        let list = boxes::search(form, area).list;
        if list.contains(at) {
            let row = boxes::first_match(form.selected, list.height) + usize::from(at.y - list.y);
            search::choose_row(model, row);
        }
        return;
    }
    if matches!(open, Overlay::Wire(_)) {
        return wire::point(model, at);
    }
    if matches!(open, Overlay::Help(..) | Overlay::Palette(_) | Overlay::Pick(..)) {
        return click_list(model, at, effects);
    }
    let accepts = match &mut model.overlay {
        Some(Overlay::Confirm(confirm)) => {
            let places = forms::answers(confirm.answers.iter().map(|(label, _)| *label), forms::answers_row(area));
            hit(&places, at).map(|answer| confirm.selected = answer).is_some()
        }
        Some(Overlay::Decide(decision)) => {
            let place = boxes::decision(decision, area).answers;
            let places = forms::answers(decision.answers.iter().map(|(label, _)| *label), place);
            hit(&places, at).map(|answer| decision.selected = answer).is_some()
        }
        Some(Overlay::Release(form)) => {
            let places = forms::answers(form.answers(), forms::answers_row(area));
            hit(&places, at).map(|answer| form.agreed = answer > 0).is_some()
        }
        Some(Overlay::Freeze(form)) => freeze(form, area, at),
        Some(Overlay::Params(form)) => params(form, area, at),
        Some(Overlay::Costs(open)) => {
            let row = usize::from(at.y.saturating_sub(boxes::inner(area).y));
            if let Some(field) = CostField::ALL.get(row).filter(|_| boxes::inner(area).contains(at)) {
                open.field = *field;
            }
            false
        }
        Some(Overlay::Variable(VariableBox::Properties(form))) => properties(form, area, at),
        Some(Overlay::Variable(VariableBox::Intake(intake))) if intake.taken.is_some() => {
            if let Some(picking) = &mut intake.picking {
                let inner = boxes::inner(area);
                return picking.click(at.y.saturating_sub(inner.y), inner.height);
            }
            let action = values(intake, area, at);
            return action.into_iter().for_each(|action| form::act(model, action, effects));
        }
        _ => false,
    };
    if accepts {
        form::act(model, Action::FormAccept, effects);
    }
}

/// Which of the places is under the pointer.
fn hit(places: &[Rect], at: Position) -> Option<usize> {
    places.iter().position(|place| place.contains(at))
}

fn click_list(model: &mut Model, at: Position, effects: &mut Vec<Effect>) {
    let (rows, whole) = boxes::list_area(model);
    let Some(rows) = rows else { return };
    if !whole.contains(at) {
        // a click beside a list closes it; a form stays, so that nothing written is lost
        model.close_box();
        return;
    }
    if !rows.contains(at) {
        return;
    }
    let clicked = boxes::first_row(model, rows.height) + usize::from(at.y - rows.y);
    let chosen = match &mut model.overlay {
        Some(Overlay::Palette(picker)) if clicked < picker.shown().len() => {
            picker.selected = clicked;
            true
        }
        Some(Overlay::Pick(_, picker)) if clicked < picker.shown().len() => {
            picker.selected = clicked;
            true
        }
        _ => false,
    };
    if chosen {
        list::choose(model, effects);
    }
}

/// The cursor of a line that is shown in `place` goes to the pointer.
fn into_line(line: &mut Input, place: Rect, at: Position) {
    line.click(at.x.saturating_sub(place.x), place.width);
}

/// The field under the pointer gets the focus; `true` when it was the button.
fn freeze(form: &mut FreezeForm, area: Rect, at: Position) -> bool {
    use FreezeField::{Accept, Early, Step, What, Why};
    const FIELDS: [FreezeField; 5] = [Step, Early, What, Why, Accept];
    let Some(field) = FIELDS.into_iter().find(|field| forms::freeze(*field, area).contains(at)) else { return false };
    form.field = field;
    let beside = forms::beside(forms::freeze(field, area), FREEZE_LABEL);
    if field == FreezeField::Step {
        let steps = forms::steps(form);
        let places = forms::choices(steps.iter().map(|(_, word)| word.as_str()), beside);
        if let Some(chosen) = hit(&places, at) {
            form.step = steps[chosen].0.clone();
            form.stepped = true;
        }
    }
    if field == FreezeField::Early {
        let words = forms::early(form);
        let chosen = hit(&forms::choices(words.iter().map(String::as_str), beside), at);
        form.early = chosen.map_or(form.early, |chosen| chosen == 1);
    }
    if let Some(line) = form.words_mut().and_then(|words| words.line_mut()) {
        into_line(line, beside, at);
    }
    field == FreezeField::Accept
}

/// The same in the form of the parameters.
fn params(form: &mut ParamsForm, area: Rect, at: Position) -> bool {
    let Some(field) = ParamField::ALL.into_iter().find(|field| forms::param(*field, area).contains(at)) else {
        return false;
    };
    form.field = field;
    let beside = forms::beside(forms::param(field, area), forms::PARAM_LABEL);
    if field == ParamField::Thinking
        && let Some(chosen) = hit(&forms::choices(forms::THINKING, beside), at)
    {
        form.thinking = [None, Some(true), Some(false)][chosen];
    }
    if let Some(line) = form.line_mut() {
        into_line(line, beside, at);
    }
    matches!(field, ParamField::Use | ParamField::Save)
}

/// The same where a variable is declared.
fn properties(form: &mut PropertiesForm, area: Rect, at: Position) -> bool {
    let Some(field) = PropertyField::ALL.into_iter().find(|field| forms::property(*field, area).contains(at)) else {
        return false;
    };
    form.field = field;
    let beside = forms::beside(forms::property(field, area), LABEL);
    if let Some(chosen) = hit(&forms::choices(forms::property_words(field), beside), at) {
        match field {
            PropertyField::Privacy => form.privacy = Privacy::ALL[chosen],
            PropertyField::Freshness => form.freshness = Freshness::ALL[chosen],
            PropertyField::Required => form.required = chosen == 0,
            _ => form.untrusted = chosen == 1,
        }
    }
    if let Some(line) = form.line_mut() {
        into_line(line, beside, at);
    }
    field == PropertyField::Accept
}

/// The same where values are taken: what the click asks for, besides the focus.
fn values(intake: &mut Intake, area: Rect, at: Position) -> Option<Action> {
    let log = intake.taken.as_ref().is_some_and(|taken| taken.format == Format::Jsonl);
    let shown = |field: &IntakeField| log || *field != IntakeField::Fields;
    let field = IntakeField::ALL.into_iter().filter(shown).find(|field| forms::intake(*field, area).contains(at))?;
    intake.field = field;
    let (words, now) = match field {
        IntakeField::Accept => return Some(Action::FormAccept),
        IntakeField::Fields => return Some(Action::FormRight),
        IntakeField::Record => return None,
        IntakeField::Personal => (forms::PERSONAL, intake.real),
        IntakeField::Extra => (forms::EXTRA, intake.extra),
    };
    let beside = forms::beside(forms::intake(field, area), LABEL);
    let chosen = hit(&forms::choices(words, beside), at)?;
    // there are two: the other one is beside the one that is chosen
    (chosen != usize::from(now)).then_some(Action::FormRight)
}
