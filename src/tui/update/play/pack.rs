//! What goes to one column: the filled prompt and the conversation, or why it cannot go, or what has to be asked first.

use std::borrow::Cow;

use super::super::elsewhere::{self, Destination, Leaving, Nowhere};
use super::{columns, model_of_column};
use crate::config::params;
use crate::history::{About, Private, private};
use crate::library::PromptConfig;
use crate::model::{Audience, ModelName, Obstacle, Personal, Playtest, Prepared, Request, Role, Turn, rules};
use crate::prompt::{Privacy, Resolver, Values};
use crate::tui::consent::Wish;
use crate::tui::draft::Draft;
use crate::tui::model::Model;
use crate::tui::play::{Asked, Exchange, Filling, Subject, turns};

/// What goes to one column.
pub struct Parcel {
    /// The column, counted from 0.
    pub column: usize,
    /// How many exchanges of the column come before it.
    pub kept: usize,
    /// The message as it was written.
    pub message: String,
    /// Whether it is one that was sent once, with its template around it.
    pub as_sent: bool,
    /// The request.
    pub request: Request,
    /// What was filled for it.
    pub prepared: Prepared,
    /// The personal variables whose values are in it.
    pub seen: Vec<Personal>,
    /// The values in it, and what of them is private.
    pub filling: Filling,
    /// What the history keeps of it.
    pub about: About,
    /// Who gets it.
    pub to: Destination,
}

/// What became of a message for a column.
pub enum Packed {
    /// It can go.
    Ready(Box<Parcel>),
    /// The user is asked first.
    Asks(Box<Wish>),
}

/// Why nothing is sent to a column.
pub enum Lack {
    /// Nobody would get it.
    Nowhere(Nowhere),
    /// The text of the column is not there; in words.
    NotRead(String),
    /// The model, which is named, refuses a given beginning of its reply.
    Prefill(String),
    /// Something in it stops it.
    Obstacle(Obstacle),
}

/// What would be sent to a column next: what is written, or without a message the last one again, as Ctrl-R sends it. And
/// what has to be known of it, where it is asked first.
///
/// # Errors
/// Why nothing would be, as the rest of a sentence.
pub fn foreseen(model: &Model, at: usize) -> Result<(Request, Option<&'static str>), String> {
    let column = model.play.columns.get(at).ok_or("there is no such column")?;
    if model_of_column(model, at) == Some(ModelName::offline()) {
        return Err("the offline stand-in answers inside greenroom".to_owned());
    }
    let (written, said) = (model.play.message.buffer.text(), column.talk.shown().count());
    let (kept, message, asked) = match column.talk.last() {
        Some(last) if written.trim().is_empty() => (said - 1, last.message.clone(), Asked::Regenerate(said - 1)),
        _ => (said.min(model.play.editing.unwrap_or(usize::MAX)), written, Asked::Written),
    };
    foresee(model, at, (kept, &message), asked).map_err(|lack| match lack {
        Lack::Nowhere(Nowhere::Unchosen) => "no model is chosen".to_owned(),
        Lack::Nowhere(Nowhere::Unknown(said) | Nowhere::Keyless(said)) | Lack::NotRead(said) => said,
        Lack::Prefill(name) => format!("{name} begins its replies itself, and refuses a given beginning"),
        Lack::Obstacle(obstacle) => {
            let text = columns::text_of(model, &column.subject).unwrap_or_default();
            elsewhere::words(&obstacle, &text)
        }
    })
}

fn foresee(
    model: &Model,
    at: usize,
    (kept, message): (usize, &str),
    asked: Asked,
) -> Result<(Request, Option<&'static str>), Lack> {
    let wish = match pack_as(model, at, (kept, message), asked)? {
        Packed::Ready(parcel) => return Ok((parcel.request, None)),
        Packed::Asks(wish) => wish,
    };
    let scene = Scene::of(model, at, asked)?;
    let mut turns = turns(model.play.columns[at].talk.shown().take(kept));
    let (audience, told) = if !wish.is_personal() {
        (Audience::Elsewhere, "it is asked before this leaves")
    } else if wish.has_examples() {
        (Audience::Elsewhere, "it is asked before this leaves; with declared examples for personal values it is this")
    } else {
        (Audience::ElsewhereWithRealValues, "it is asked before this leaves, with personal values in it")
    };
    let playtest = Playtest { audience, ..scene.playtest() };
    let prepared = playtest.turn(&turns, message).map_err(Lack::Obstacle)?;
    Ok((request(model, &scene, &prepared, &mut turns), Some(told)))
}

/// What a column runs, and for whom.
struct Scene<'m> {
    text: Cow<'m, str>,
    to: Destination,
    draft: &'m Draft,
    config: Cow<'m, PromptConfig>,
    asked: Asked,
    as_sent: bool,
    none: Values,
}

impl<'m> Scene<'m> {
    fn of(model: &'m Model, at: usize, asked: Asked) -> Result<Self, Lack> {
        let column = &model.play.columns[at];
        let text = columns::text_of(model, &column.subject).map_err(Lack::NotRead)?;
        let name = model_of_column(model, at);
        let to = if model.deck.replays() { Destination::on_tape(model, name) } else { Destination::with(model, name) };
        let to = to.map_err(Lack::Nowhere)?;
        let no_prompt = || Lack::NotRead("no prompt is open".to_owned());
        let draft = model.draft.as_ref().ok_or_else(no_prompt)?;
        let config = columns::settings_of(model, at).ok_or_else(no_prompt)?;
        let as_sent = as_sent(model, at, asked);
        Ok(Self { text, to, draft, config, asked, as_sent, none: Values::default() })
    }

    fn playtest(&self) -> Playtest<'_> {
        Playtest {
            system: &self.text,
            // what was sent once is in its template already
            user_template: self.config.user_template().filter(|_| !self.as_sent),
            given: &self.none,
            set: Some(&self.draft.values.values),
            declarations: &self.draft.values.declarations,
            audience: self.to.audience(),
        }
    }
}

/// Whether what is asked was sent once already: then it has its template around it.
fn as_sent(model: &Model, at: usize, asked: Asked) -> bool {
    let play = &model.play;
    let said = |turn: usize| play.columns.get(at).and_then(|column| column.talk.at(turn));
    let exchange = match asked {
        Asked::Like { .. } => return true,
        Asked::Written => play.editing.and_then(said),
        Asked::Again => last_said(model),
        Asked::Regenerate(turn) => said(turn).or_else(|| last_said(model)),
    };
    exchange.is_some_and(|exchange| exchange.as_sent)
}

/// What was said last: in the focused column, else in any.
pub fn last_said(model: &Model) -> Option<&Exchange> {
    let mut columns = std::iter::once(model.play.column()).chain(&model.play.columns);
    columns.find_map(|column| column.talk.last())
}

/// The request of what was filled, after the turns so far.
fn request(model: &Model, scene: &Scene<'_>, prepared: &Prepared, turns: &mut Vec<Turn>) -> Request {
    turns.push(Turn { role: Role::User, text: prepared.message.clone() });
    let prefill = beginning_of(model, scene.asked);
    if !prefill.is_empty() {
        turns.push(Turn { role: Role::Assistant, text: prefill.to_owned() });
    }
    let (model, system) = (scene.to.name.clone(), prepared.system.clone());
    Request { model, system, turns: std::mem::take(turns), params: params(&scene.config), stream: true }
}

/// `message` for the column `at`, after the first `kept` exchanges in it.
pub fn pack(model: &Model, at: usize, kept: usize, message: &str) -> Result<Packed, Lack> {
    pack_as(model, at, (kept, message), model.play.asked)
}

fn pack_as(model: &Model, at: usize, (kept, message): (usize, &str), asked: Asked) -> Result<Packed, Lack> {
    let column = &model.play.columns[at];
    let scene = Scene::of(model, at, asked)?;
    let playtest = scene.playtest();
    let to = &scene.to;
    let earlier: Vec<&Exchange> = column.talk.shown().take(kept).collect();
    let mut turns = turns(earlier.iter().copied());
    let told: Vec<Personal> = earlier.iter().flat_map(|exchange| exchange.seen.clone()).collect();
    let prefill = beginning_of(model, asked);
    if !prefill.is_empty() && rules(&model.settings, &to.name).is_some_and(|rules| !rules.prefill) {
        return Err(Lack::Prefill(to.name.to_string()));
    }
    let leaving = elsewhere::leaving(model, to, playtest, (&turns, message), &told).map_err(Lack::Obstacle)?;
    let (prepared, seen) = match leaving {
        Leaving::Now { prepared, seen } => (prepared, seen),
        Leaving::Asks(wish) => {
            let is_draft = column.subject == Subject::Draft;
            return Ok(Packed::Asks(Box::new(Wish { is_draft, reply: params(&scene.config).max_tokens, ..*wish })));
        }
    };
    let version = match &column.subject {
        Subject::Draft => "draft".to_owned(),
        Subject::Version(version) => version.to_string(),
        Subject::Kept { version, .. } => version.clone(),
    };
    let said = earlier.iter().map(|exchange| exchange.message.as_str()).chain([message]);
    let mut private = hidden(playtest, said, &told);
    for before in earlier.iter().filter_map(|exchange| exchange.filling.as_ref()).flat_map(|filling| &filling.private) {
        if !private.contains(before) {
            private.push(before.clone());
        }
    }
    let declared = playtest.declarations.0.iter().map(|(name, declared)| (name, declared.privacy));
    let declared = declared.filter(|(_, privacy)| *privacy >= Privacy::Personal);
    let filling = Filling {
        subject: column.subject.to_string(),
        values: prepared.values.clone(),
        stood_in: prepared.replaced.iter().cloned().collect(),
        private: private.clone(),
        declared: declared.map(|(name, privacy)| (name.clone(), privacy)).collect(),
    };
    let about = About {
        prompt: scene.draft.entry.name.clone(),
        version,
        text: scene.text.to_string(),
        private,
        ..About::default()
    };
    let request = request(model, &scene, &prepared, &mut turns);
    let (message, as_sent) = (message.to_owned(), scene.as_sent);
    let to = scene.to;
    Ok(Packed::Ready(Box::new(Parcel {
        column: at,
        kept,
        message,
        as_sent,
        request,
        prepared,
        seen,
        filling,
        about,
        to,
    })))
}

/// What the replies to what is asked now are to begin with.
pub fn beginning(model: &Model) -> &str {
    beginning_of(model, model.play.asked)
}

fn beginning_of(model: &Model, asked: Asked) -> &str {
    match asked {
        Asked::Like { from, .. } => {
            let said = model.play.columns.get(from).and_then(|column| column.talk.last());
            said.map_or("", |exchange| &exchange.reply[..exchange.begun])
        }
        _ => &model.play.prefill,
    }
}

/// What the history must not keep in the clear: values of now and of earlier turns, which may have had another set.
/// Messages may be private too, where the prompt says so of them.
fn hidden<'m>(playtest: Playtest<'_>, said: impl Iterator<Item = &'m str>, told: &[Personal]) -> Vec<Private> {
    let before = |one: &Personal| Private { name: one.name.clone(), value: one.value.clone(), secret: false };
    let mut hidden: Vec<Private> = told.iter().map(before).collect();
    for message in said {
        let resolver = Resolver {
            given: playtest.given,
            set: playtest.set,
            message: Some(message),
            conversation_history: None,
            declarations: playtest.declarations,
        };
        for new in private(&resolver, playtest.declarations) {
            if !hidden.contains(&new) {
                hidden.push(new);
            }
        }
    }
    hidden
}
