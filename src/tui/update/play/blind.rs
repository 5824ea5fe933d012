//! A blind comparison: hiding the names, votes with a note, and what is shown at the end.

use super::super::list;
use super::{columns, model_of_column};
use crate::error::Error;
use crate::library::{Judgement, Vote};
use crate::model::Finish;
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, Weight};
use crate::tui::overlay::{Answer, Ask, Confirm, Overlay, Pick};
use crate::tui::play::{Blind, Column, Exchange, Subject};

/// Why an action would give the names away, or change what is compared; `None` when it does not.
pub fn hides(model: &Model, action: Action) -> Option<&'static str> {
    use Action as A;
    let tells = matches!(
        action,
        A::Exact
            | A::Params
            | A::StopColumn
            | A::ChooseModel
            | A::ColumnSubject
            | A::AddColumn
            | A::CloseColumn
            | A::KeepTurn
            | A::Costs
            | A::CountExactly
            | A::Prefill
            | A::History
            | A::Spend
            | A::Cassette
    );
    (model.play.blind.is_some() && tells).then_some("the comparison is blind; <play.blind> ends it and shows the names")
}

/// Begins a blind comparison, or ends it and shows who was who.
pub fn toggle(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.play.blind.is_some() {
        return reveal(model);
    }
    if model.play.columns.len() != 2 {
        let key = model.keymap.shown(Action::AddColumn);
        return model.say(Weight::Note, format!("a blind comparison is of two columns; {key} puts one beside another"));
    }
    if model.play.is_running() {
        return model.say(Weight::Note, super::STILL_COMING);
    }
    if !model.play.columns.iter().all(Column::answers) {
        let key = model.keymap.shown(Action::CloseColumn);
        return model.say(Weight::Note, format!("a column shows a run of the history; {key} closes it"));
    }
    match (rival(model, 0), rival(model, 1)) {
        (Some(one), Some(other)) if one != other => effects.push(Effect::Shuffle),
        (Some(_), Some(_)) => model.say(Weight::Note, "both columns run the same; give one another version or model"),
        _ => model.say(Weight::Warning, "a column has no model yet: choose one first"),
    }
}

/// What a column runs, as a reference with its model.
fn rival(model: &Model, at: usize) -> Option<String> {
    let prompt = &model.draft.as_ref()?.entry.name;
    let name = model_of_column(model, at)?;
    Some(match &model.play.columns[at].subject {
        Subject::Draft => format!("{prompt}@draft {name}"),
        Subject::Version(version) => format!("{prompt}@{version} {name}"),
        Subject::Kept { .. } => return None,
    })
}

/// A seed was drawn: the names are hidden and the sides shuffled.
pub fn shuffled(model: &mut Model, seed: u64, effects: &mut Vec<Effect>) {
    if model.play.columns.len() != 2 || model.play.is_running() || model.play.blind.is_some() {
        return;
    }
    let (Some(one), Some(other)) = (rival(model, 0), rival(model, 1)) else { return };
    super::start_over(model, effects);
    model.overlay = None;
    let blind = Blind::new(seed, [one, other]);
    if blind.swapped {
        model.play.columns.swap(0, 1);
    }
    model.play.blind = Some(blind);
    (model.play.comparing, model.play.aside) = (None, None);
    columns::focus(model, 0);
    let vote = model.keymap.shown(Action::CastVote);
    model.say(
        Weight::Note,
        format!("the names are hidden and the sides shuffled; {vote} votes once both have answered"),
    );
}

/// Another conversation: the sides are shuffled anew.
pub fn began_anew(model: &mut Model) {
    if model.play.blind.as_mut().is_some_and(Blind::shuffle) {
        model.play.columns.swap(0, 1);
    }
}

/// One of the two is gone, as a version that somebody took away: there is nothing to compare any more.
pub fn ended(model: &mut Model) {
    if model.play.columns.len() != 2 && model.play.blind.take().is_some() {
        model.say(Weight::Warning, "the blind comparison has ended: one of the two is gone");
    }
}

/// The two replies of the turn, when both are whole: their runs and the message.
fn replies(model: &Model, turn: usize) -> Option<((u64, u64), String)> {
    let [left, right] = model.play.columns.as_slice() else { return None };
    let broken = [Finish::Cancelled, Finish::Incomplete, Finish::Error];
    let is_whole = |exchange: &&Exchange| exchange.finish.is_some_and(|finish| !broken.contains(&finish));
    let whole = |column: &Column| column.talk.at(turn).filter(is_whole).cloned();
    let (left, right) = (whole(left)?, whole(right)?);
    Some(((left.run, right.run), left.message))
}

/// Asks which reply is better.
pub fn ask_to_vote(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(blind) = &model.play.blind else {
        let key = model.keymap.shown(Action::ToggleBlind);
        return model.say(Weight::Note, format!("votes are cast blind; {key} hides the names"));
    };
    let Some(turn) = model.play.column().turn() else { return model.say(Weight::Note, "nothing was said yet") };
    match replies(model, turn) {
        None => model.say(Weight::Note, "both replies have to be there as a whole; r asks a column once more"),
        Some((runs, _)) if blind.votes.contains_key(&runs) => {
            model.say(Weight::Note, "these two replies have been voted on; write the next message");
        }
        Some(_) => list::open(model, Pick::Vote, effects),
    }
}

/// A vote was chosen; the note is asked for.
pub fn chosen(model: &mut Model, value: &str) {
    let turn = model.play.column().turn();
    let vote = Vote::ALL.into_iter().find(|vote| vote.id() == value);
    if let (Some(blind), Some(turn), Some(vote)) = (&mut model.play.blind, turn, vote) {
        blind.voting = Some((turn, vote));
        model.overlay = Some(Overlay::Ask(Ask::VoteNote, Input::default()));
    }
}

/// The note was written: the vote counts and goes into the prompt's file.
pub fn noted(model: &mut Model, note: &str, effects: &mut Vec<Effect>) {
    let voting = model.play.blind.as_mut().and_then(|blind| blind.voting.take());
    let Some((turn, vote)) = voting else { return };
    let Some((runs, message)) = replies(model, turn) else { return };
    let (Some(blind), Some(draft)) = (&mut model.play.blind, &model.draft) else { return };
    if !blind.count(runs, vote) {
        return;
    }
    let [left, right] = blind.sides().map(str::to_owned);
    let judgement = Judgement { message, left, right, vote, note: note.trim().to_owned() };
    let (prompt, by) = (draft.entry.name.clone(), model.settings.author.clone());
    effects.push(Effect::Judge { prompt, judgement, by });
}

/// The vote was written, or not.
pub fn written(model: &mut Model, result: Result<(), Error>) {
    match result {
        Ok(()) => {
            let count = model.play.blind.as_ref().map_or(0, |blind| blind.votes.len());
            model.say(
                Weight::Done,
                format!("vote {count} is in judgements.jsonl; the next message, or b for who was who"),
            );
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}

/// Shows who was who, and what the votes say.
fn reveal(model: &mut Model) {
    let Some(blind) = model.play.blind.take() else { return };
    let [left, right] = blind.sides();
    model.overlay = Some(Overlay::Confirm(Confirm {
        question: format!("Left was {left}, right was {right}"),
        consequence: blind.result(),
        answers: vec![("Close", Answer::Close)],
        selected: 0,
    }));
    for column in &mut model.play.columns {
        column.touch();
    }
}
