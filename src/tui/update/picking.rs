//! Picking the fields of a log: asked for when nothing is remembered of it, and again when the user wants to.

use super::intake;
use crate::error::Error;
use crate::prompt::{Declarations, Privacy};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::picking::Picking;
use crate::tui::variables::{Asked, Intake, Taken};
use crate::vars::import::{Format, Pick};
use crate::vars::review::Change;

/// Whether the fields have to be picked before what was read is of use: a log of which nothing is remembered, and which
/// does not give every variable by its own name.
pub fn is_wanted(intake: &Intake, taken: &Taken) -> bool {
    let review = &intake.review;
    let enough = review.rows.iter().any(crate::vars::review::Row::taken) && review.count(Change::Missing) == 0;
    taken.format == Format::Jsonl && taken.picks.is_empty() && !enough
}

/// Begins to pick the fields of what was read.
pub fn begin(model: &mut Model) {
    let Some(draft) = &model.draft else { return };
    let declarations = &draft.values.declarations;
    // a secret is never taken into a set, and a message is written in the playtest
    let wanted = |name: &String| declarations.privacy(name) != Privacy::Secret && name != "message";
    let declared = declarations.0.iter().map(|(name, _)| name);
    let used = crate::tui::draft::used(draft);
    let mut names: Vec<String> = declared.filter(|name| used.contains_key(*name)).cloned().collect();
    names.extend(used.keys().filter(|name| declarations.get(name).is_none()).cloned());
    let variables = names.into_iter().filter(wanted).map(|name| (name.clone(), declarations.privacy(&name))).collect();
    if let Some(intake) = intake::open_box(model)
        && let Some(taken) = &intake.taken
    {
        intake.picking = Some(Picking::new(taken, variables));
    }
}

/// What an action does while fields are picked.
pub fn act(model: &mut Model, mut intake: Box<Intake>, action: Action, effects: &mut Vec<Effect>) {
    let Some(picking) = &mut intake.picking else { return intake::show(model, intake) };
    match action {
        Action::DialogNext => picking.step(1),
        Action::DialogPrevious => picking.step(-1),
        Action::FormLeft => picking.turn(-1),
        Action::FormRight => picking.turn(1),
        Action::FormAccept => return accept(model, intake, effects),
        _ => {}
    }
    intake::show(model, intake);
}

/// The log is read again with what is picked.
fn accept(model: &mut Model, mut intake: Box<Intake>, effects: &mut Vec<Effect>) {
    let picks = intake.picking.as_ref().map(Picking::picks).unwrap_or_default();
    if picks.is_empty() {
        if let Some(picking) = &mut intake.picking {
            picking.problem = Some("pick the field of at least one variable, or leave with Esc".to_owned());
        }
        return intake::show(model, intake);
    }
    let source = intake.content.clone();
    intake.picking = None;
    intake::show(model, intake);
    if let Some(source) = source {
        intake::read_with(model, source, Some(picks), effects);
    }
}

/// The fields that were picked are remembered in `prompt.toml`, when they are not what it says already.
pub fn remember(model: &Model, taken: &Taken, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    if taken.format == Format::Jsonl && taken.picked_here {
        let (prompt, picks) = (draft.entry.name.clone(), taken.picks.clone());
        effects.push(Effect::Variables(Asked::RememberFields { prompt, picks }));
    }
}

/// They are remembered, or why not.
pub fn remembered(model: &mut Model, result: Result<Declarations, Error>) {
    let Some(draft) = &mut model.draft else { return };
    match result {
        Ok(declarations) => draft.values.declare(declarations),
        Err(error) => {
            model.say(Weight::Failed, format!("the values are taken, but not where they stand in the log: {error}"));
        }
    }
}

/// What the review says about the fields: how many variables have one.
pub fn words(picks: &[Pick]) -> String {
    match picks.len() {
        0 => "by their own names".to_owned(),
        1 => "1 variable picked".to_owned(),
        count => format!("{count} variables picked"),
    }
}
