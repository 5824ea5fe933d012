//! A run of the history sent again: the conversation as it was stands in a column of its own, which answers nothing, and
//! beside it the prompt as it is now answers the same messages.

use super::send::like;
use crate::history::{Run, Said};
use crate::model::{Finish, ModelName, Role, Usage};
use crate::prompt::Privacy;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, ScreenId, Weight};
use crate::tui::play::{Column, Comparing, Exchange, MOST_COLUMNS, Subject};

/// Sends the messages of `run` under what the focused column runs.
pub fn send(model: &mut Model, run: &Run, effects: &mut Vec<Effect>) {
    let open = model.draft.as_ref().map(|draft| draft.entry.name.clone());
    if open.as_ref() != Some(&run.prompt) {
        return model
            .say(Weight::Note, format!("this run is one of {}: open that prompt to send it again", run.prompt));
    }
    if model.play.is_running() {
        return model.say(Weight::Note, super::STILL_COMING);
    }
    if model.play.blind.is_some() {
        return model.say(Weight::Note, "nothing is sent again while columns are compared blind");
    }
    let Some(talk) = Talk::of(run) else {
        return model.say(Weight::Note, "this run has no message that could be sent again");
    };
    // a column that nobody has talked to gives its place
    let empty = model.play.column().talk.is_empty();
    if model.play.columns.len() + if empty { 1 } else { 2 } > MOST_COLUMNS {
        let key = model.keymap.shown(Action::CloseColumn);
        return model.say(Weight::Note, format!("two columns are needed for both replies; {key} closes one"));
    }
    let subject = match &model.play.column().subject {
        Subject::Kept { .. } => Subject::Draft,
        live => live.clone(),
    };
    let chosen = ModelName::parse(&run.model);
    let mut then = Column {
        subject: Subject::Kept { run: run.id, version: run.version.clone() },
        chosen: chosen.clone(),
        ..Column::default()
    };
    let mut now = Column { subject, chosen, ..Column::default() };
    for (at, exchange) in talk.exchanges(model, run).into_iter().enumerate() {
        if at + 1 < talk.turns() {
            let again = Exchange { run: model.play.next_run(), ..exchange.clone() };
            now.talk.say(at, again);
        }
        then.talk.say(at, exchange);
    }
    let at = if empty { model.play.focused } else { model.play.focused + 1 };
    if empty {
        model.play.columns.remove(at);
    }
    model.play.columns.insert(at, then);
    model.play.columns.insert(at + 1, now);
    super::columns::focus(model, at + 1);
    super::super::keys::show(model, ScreenId::Play);
    model.play.in_message = false;
    model.play.comparing = Some(Comparing::default());
    // both replies are read from their beginning
    super::scroll(model, at, Action::TopOf);
    like(model, (at, at + 1), effects);
}

/// The masks that stand in the conversation of `run` where something private was, each once: a model that is told them
/// is told something else than then.
pub fn masks(model: &Model, run: &Run) -> Vec<String> {
    let declared = model.draft.iter().flat_map(|draft| &draft.values.declarations.0);
    let private = declared.filter(|(_, declared)| declared.privacy >= Privacy::Personal).map(|(name, _)| name.as_str());
    let before = run.private.iter().map(|one| one.name.as_str());
    let mut masks: Vec<String> = private.chain(before).chain(["key"]).map(|name| format!("[{name}]")).collect();
    masks.retain(|mask| run.turns.iter().any(|said| said.content.contains(mask.as_str())));
    masks.sort();
    masks.dedup();
    masks
}

/// The messages of a run, pair by pair.
struct Talk<'a> {
    /// What was said before, with the replies.
    before: Vec<(&'a Said, &'a Said)>,
    /// The message that was answered.
    message: &'a str,
    /// What the reply was to begin with.
    begun: &'a str,
}

impl<'a> Talk<'a> {
    fn of(run: &'a Run) -> Option<Self> {
        let user = |said: &Said| said.role == Role::User.id();
        let last = run.turns.iter().rposition(user)?;
        let begun = run.turns.get(last + 1).map_or("", |said| said.content.as_str());
        let before = run.turns[..last].chunks(2).filter_map(|pair| match pair {
            [asked, answered] if user(asked) && !user(answered) => Some((asked, answered)),
            _ => None,
        });
        Some(Self { before: before.collect(), message: &run.turns[last].content, begun })
    }

    fn turns(&self) -> usize {
        self.before.len() + 1
    }

    /// The conversation as it went.
    fn exchanges(&self, model: &mut Model, run: &Run) -> Vec<Exchange> {
        let name = ModelName::parse(&run.model).unwrap_or_else(ModelName::offline);
        let mut said = |message: &str, reply: &str| Exchange {
            reply: reply.to_owned(),
            finish: Some(Finish::End),
            as_sent: true,
            ..Exchange::new(model.play.next_run(), name.clone(), message.to_owned(), message.to_owned())
        };
        let mut all: Vec<Exchange> =
            self.before.iter().map(|(asked, answered)| said(&asked.content, &answered.content)).collect();
        let whole = format!("{}{}", self.begun, run.reply);
        let ended = Finish::ALL.into_iter().find(|finish| finish.id() == run.finish);
        all.push(Exchange {
            begun: self.begun.len(),
            first_ms: run.first_ms,
            elapsed_ms: run.total_ms,
            usage: Usage { ..run.usage },
            finish: Some(ended.unwrap_or(Finish::End)),
            ..said(self.message, &whole)
        });
        all
    }
}
