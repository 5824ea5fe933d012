//! What goes to one column: the filled prompt and the conversation, or why it cannot go, or what has to be asked first.

use super::super::elsewhere::{self, Destination, Leaving, Nowhere};
use super::{columns, model_of_column};
use crate::config::params;
use crate::history::{About, Private, private};
use crate::model::{Obstacle, Personal, Playtest, Prepared, Request, Role, Turn, rules};
use crate::prompt::{Resolver, Values};
use crate::tui::consent::Wish;
use crate::tui::model::Model;
use crate::tui::play::{Asked, Exchange, Subject, turns};

/// What goes to one column.
pub struct Parcel {
    /// The column, counted from 0.
    pub column: usize,
    /// How many exchanges of the column come before it.
    pub kept: usize,
    /// The message as it was written.
    pub message: String,
    /// The request.
    pub request: Request,
    /// What was filled for it.
    pub prepared: Prepared,
    /// The personal variables whose values are in it.
    pub seen: Vec<Personal>,
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

/// `message` for the column `at`, after the first `kept` exchanges in it.
pub fn pack(model: &Model, at: usize, kept: usize, message: &str) -> Result<Packed, Lack> {
    let column = &model.play.columns[at];
    let text = columns::text_of(model, &column.subject).map_err(Lack::NotRead)?;
    let to = Destination::with(model, model_of_column(model, at)).map_err(Lack::Nowhere)?;
    let no_prompt = || Lack::NotRead("no prompt is open".to_owned());
    let draft = model.draft.as_ref().ok_or_else(no_prompt)?;
    let config = columns::config_of(model, &column.subject).ok_or_else(no_prompt)?;
    let params = params(config);
    let none = Values::default();
    let playtest = Playtest {
        system: &text,
        // what was sent once is in its template already
        user_template: config.user_template().filter(|_| !matches!(model.play.asked, Asked::Like { .. })),
        given: &none,
        set: Some(&draft.values.values),
        declarations: &draft.values.declarations,
        audience: to.audience(),
    };
    let earlier: Vec<&Exchange> = column.talk.shown().take(kept).collect();
    let mut turns = turns(earlier.iter().copied());
    let told: Vec<Personal> = earlier.iter().flat_map(|exchange| exchange.seen.clone()).collect();
    let prefill = beginning(model);
    if !prefill.is_empty() && rules(&model.settings, &to.name).is_some_and(|rules| !rules.prefill) {
        return Err(Lack::Prefill(to.name.to_string()));
    }
    let leaving = elsewhere::leaving(model, &to, playtest, (&turns, message), &told).map_err(Lack::Obstacle)?;
    let (prepared, seen) = match leaving {
        Leaving::Now { prepared, seen } => (prepared, seen),
        Leaving::Asks(wish) => {
            let is_draft = column.subject == Subject::Draft;
            return Ok(Packed::Asks(Box::new(Wish { is_draft, reply: params.max_tokens, ..*wish })));
        }
    };
    let version = match &column.subject {
        Subject::Draft => "draft".to_owned(),
        Subject::Version(version) => version.to_string(),
        Subject::Kept { version, .. } => version.clone(),
    };
    let said = earlier.iter().map(|exchange| exchange.message.as_str()).chain([message]);
    let about = About {
        prompt: draft.entry.name.clone(),
        version,
        text: text.to_string(),
        private: hidden(playtest, said, &told),
        ..About::default()
    };
    turns.push(Turn { role: Role::User, text: prepared.message.clone() });
    if !prefill.is_empty() {
        turns.push(Turn { role: Role::Assistant, text: prefill.to_owned() });
    }
    let request = Request { model: to.name.clone(), system: prepared.system.clone(), turns, params, stream: true };
    let message = message.to_owned();
    Ok(Packed::Ready(Box::new(Parcel { column: at, kept, message, request, prepared, seen, about, to })))
}

/// What the replies to what is asked now are to begin with.
pub fn beginning(model: &Model) -> &str {
    match model.play.asked {
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
