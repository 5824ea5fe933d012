//! Sending: one message to all columns, or one column asked once more. Everything that has to hold is looked at in every
//! column before a byte goes out of any.

use super::super::elsewhere::{self, Destination, Nowhere};
use super::super::{consent, draft as on_draft, keys, list};
use super::{STILL_COMING, columns, model_of_column, spinner_ms};
use crate::config::params;
use crate::history::{About, private};
use crate::model::playtest::{Audience, Obstacle, Playtest, Prepared};
use crate::model::{Request, Role, Turn, rules};
use crate::prompt::{Resolver, Values};
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Level, Model, ScreenId, Weight};
use crate::tui::msg::Timer;
use crate::tui::overlay::Pick;
use crate::tui::play::{Asked, Column, Exchange, Subject, letter, turns};
use crate::tui::writing::Writing;

/// Ctrl-R, from any screen: what is written is sent; with nothing written, the last message is sent again.
pub fn send(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.screen != ScreenId::Play {
        keys::show(model, ScreenId::Play);
    }
    if model.play.is_running() {
        return model.say(Weight::Note, STILL_COMING);
    }
    if !model.play.message.buffer.is_empty() {
        return send_message(model, effects);
    }
    if last_message(model).is_none() {
        model.play.in_message = true;
        model.level = Level::Edit;
        return model.say(Weight::Note, "write a message, Enter sends it");
    }
    ask(model, Asked::Again, effects);
}

/// Sends what is written.
pub fn send_message(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.play.is_running() {
        return model.say(Weight::Note, STILL_COMING);
    }
    if model.play.message.buffer.text().trim().is_empty() {
        return model.say(Weight::Note, "write a message, Enter sends it");
    }
    ask(model, Asked::Written, effects);
}

/// The focused column answers the message of its turn once more; an empty one takes the last message of any other.
pub fn regenerate(model: &mut Model, effects: &mut Vec<Effect>) {
    let column = model.play.column();
    if column.talk.running().next().is_some() {
        return model.say(Weight::Note, STILL_COMING);
    }
    if last_message(model).is_none() {
        return model.say(Weight::Note, "nothing was said yet: write a message, Enter sends it");
    }
    ask(model, Asked::Regenerate(column.turn().unwrap_or(0)), effects);
}

/// The user agreed to send to `host`.
pub fn agreed(model: &mut Model, host: String, effects: &mut Vec<Effect>) {
    consent::give(model, host, effects);
    ask(model, model.play.asked, effects);
}

/// The user sends although the cap is reached: this once.
pub fn overspend(model: &mut Model, effects: &mut Vec<Effect>) {
    model.play.overspend = true;
    ask(model, model.play.asked, effects);
}

/// The last message that was said: in the focused column, else in any.
fn last_message(model: &Model) -> Option<String> {
    let play = &model.play;
    let columns = std::iter::once(play.column()).chain(&play.columns);
    columns.filter_map(|column| column.talk.last()).map(|exchange| exchange.message.clone()).next()
}

/// What goes to one column.
struct Parcel {
    column: usize,
    /// How many exchanges of the column come before it.
    kept: usize,
    message: String,
    request: Request,
    prepared: Prepared,
    /// What the history keeps of it.
    about: About,
    to: Destination,
}

/// Everything that has to hold before a byte is sent; then it is sent.
fn ask(model: &mut Model, asked: Asked, effects: &mut Vec<Effect>) {
    model.play.asked = asked;
    if model.draft.is_none() {
        return model.say(Weight::Note, "no prompt is open; Ctrl-O opens one");
    }
    let last = last_message(model).unwrap_or_default();
    let count = model.play.columns.len();
    let to: Vec<(usize, usize, String)> = match asked {
        Asked::Written => {
            let message = model.play.message.buffer.text();
            let kept = |at: usize| length(&model.play.columns[at]).min(model.play.editing.unwrap_or(usize::MAX));
            (0..count).map(|at| (at, kept(at), message.clone())).collect()
        }
        Asked::Again => {
            let kept = |at: usize| length(&model.play.columns[at]).saturating_sub(1);
            (0..count).map(|at| (at, kept(at), last.clone())).collect()
        }
        Asked::Regenerate(turn) => {
            let said = model.play.column().talk.at(turn).map_or(last, |exchange| exchange.message.clone());
            vec![(model.play.focused, turn, said)]
        }
    };
    let mut parcels = Vec::with_capacity(to.len());
    for (column, kept, message) in to {
        match pack(model, column, kept, &message) {
            Ok(parcel) => parcels.push(parcel),
            Err(lack) => return lacking(model, column, lack, effects),
        }
    }
    let unagreed = parcels.iter().find_map(|parcel| Some((parcel.to.unagreed(model)?, parcel)));
    if let Some((host, Parcel { request, prepared, .. })) = unagreed {
        return consent::ask(model, &host, request, prepared);
    }
    let overspend = std::mem::take(&mut model.play.overspend);
    let costs = parcels.iter().any(|parcel| parcel.to.audience() != Audience::ThisMachine);
    let reached = model.settings.spend.reached(model.spent.today, model.spent.month);
    if let Some(reached) = reached.filter(|_| costs && !overspend) {
        return consent::ask_to_overspend(model, &reached);
    }
    go(model, asked, parcels, effects);
}

fn length(column: &Column) -> usize {
    column.talk.shown().count()
}

/// Why nothing is sent to a column.
enum Lack {
    Nowhere(Nowhere),
    NotRead(String),
    Prefill(String),
    Obstacle(Obstacle),
}

/// The request of a column: the filled prompt and the turns, with examples for personal values when it leaves this
/// machine.
fn pack(model: &Model, at: usize, kept: usize, message: &str) -> Result<Parcel, Lack> {
    let column = &model.play.columns[at];
    let text = columns::text_of(model, &column.subject).map_err(Lack::NotRead)?;
    let to = Destination::with(model, model_of_column(model, at)).map_err(Lack::Nowhere)?;
    let no_prompt = || Lack::NotRead("no prompt is open".to_owned());
    let draft = model.draft.as_ref().ok_or_else(no_prompt)?;
    let config = columns::config_of(model, &column.subject).ok_or_else(no_prompt)?;
    let none = Values::default();
    let playtest = Playtest {
        system: &text,
        user_template: config.user_template(),
        given: &none,
        set: Some(&draft.values.values),
        declarations: &draft.values.declarations,
        audience: to.audience(),
    };
    let mut turns = turns(column.talk.shown().take(kept));
    let prepared = playtest.turn(&turns, message).map_err(Lack::Obstacle)?;
    // earlier turns may be private too, where the prompt says so of messages
    let said = column.talk.shown().take(kept).map(|exchange| exchange.message.as_str()).chain([message]);
    let mut hidden = Vec::new();
    for message in said {
        let resolver = Resolver {
            given: &none,
            set: playtest.set,
            message: Some(message),
            conversation_history: None,
            declarations: playtest.declarations,
        };
        let new = private(&resolver, playtest.declarations).into_iter().filter(|one| !hidden.contains(one));
        let new: Vec<_> = new.collect();
        hidden.extend(new);
    }
    let version = match &column.subject {
        Subject::Draft => "draft".to_owned(),
        Subject::Version(version) => version.to_string(),
    };
    let about = About {
        prompt: draft.entry.name.clone(),
        version,
        text: text.to_string(),
        private: hidden,
        ..About::default()
    };
    turns.push(Turn { role: Role::User, text: prepared.message.clone() });
    let prefill = model.play.prefill.as_str();
    if !prefill.is_empty() {
        if rules(&model.settings, &to.name).is_some_and(|rules| !rules.prefill) {
            return Err(Lack::Prefill(to.name.to_string()));
        }
        turns.push(Turn { role: Role::Assistant, text: prefill.to_owned() });
    }
    let request = Request {
        model: to.name.clone(),
        system: prepared.system.clone(),
        turns,
        params: params(config),
        stream: true,
    };
    Ok(Parcel { column: at, kept, message: message.to_owned(), request, prepared, about, to })
}

/// Says why nothing was sent, and leads to where that can be changed.
fn lacking(model: &mut Model, column: usize, lack: Lack, effects: &mut Vec<Effect>) {
    if model.play.blind.is_some() && !matches!(lack, Lack::Obstacle(_)) {
        return model.say(
            Weight::Warning,
            "not sent: a column cannot be asked; b ends the blind comparison and then it is told why",
        );
    }
    let place = if model.play.blind.is_some() {
        String::new()
    } else if model.play.columns.len() > 1 {
        format!(" (column {})", letter(column))
    } else {
        String::new()
    };
    match lack {
        Lack::Nowhere(Nowhere::Unchosen) => {
            columns::focus(model, column);
            list::open(model, Pick::Model, effects);
            model.say(Weight::Warning, format!("no model is set for this prompt{place}: choose one"));
        }
        Lack::NotRead(why) => model.say(Weight::Warning, format!("not sent{place}: {why}")),
        Lack::Prefill(name) => {
            let key = model.keymap.shown(Action::Prefill);
            let text = format!(
                "not sent{place}: {name} begins its replies itself, and refuses a given beginning; {key} in NAV takes it away"
            );
            model.say(Weight::Warning, text);
        }
        Lack::Nowhere(Nowhere::Unknown(said)) => model.say(Weight::Failed, said),
        Lack::Nowhere(Nowhere::Keyless(said)) => {
            let key = model.keymap.shown(Action::ChooseModel);
            let text = format!("not sent{place}: {said}; set it and start again, or try offline ({key} in NAV)");
            model.say(Weight::Failed, text);
        }
        Lack::Obstacle(Obstacle::Missing(variables)) => {
            let variable = variables.into_iter().next().unwrap_or_default();
            take_to(model, &variable);
            let text = format!("not sent{place}: {variable} has no value; write one, then send again");
            model.say(Weight::Warning, text);
        }
        Lack::Obstacle(obstacle) => {
            model.say(Weight::Failed, format!("not sent{place}: {}", elsewhere::words(&obstacle)));
        }
    }
}

/// Takes the user to a variable without a value.
fn take_to(model: &mut Model, variable: &str) {
    model.screen = ScreenId::Draft;
    let Some(draft) = &mut model.draft else { return };
    let rows = draft.values.rows(&crate::tui::draft::used(draft), 0);
    draft.values.selected = rows.iter().position(|row| row.name == variable).unwrap_or(0);
    draft.focus = PaneId::Variables;
    on_draft::edit_value(model);
}

fn go(model: &mut Model, asked: Asked, parcels: Vec<Parcel>, effects: &mut Vec<Effect>) {
    // what was said before the message went out is no longer of use
    model.status = None;
    if asked == Asked::Written
        && let Some(parcel) = parcels.first()
    {
        model.play.sent.push(parcel.message.clone());
        model.play.message = Writing::new("");
        (model.play.recalled, model.play.editing) = (None, None);
    }
    let prefill = model.play.prefill.clone();
    let mut replaced: Vec<String> = Vec::new();
    for Parcel { column, kept, message, request, prepared, about, .. } in parcels {
        let run = model.play.next_run();
        let column = &mut model.play.columns[column];
        let exchange = Exchange::new(run, request.model.clone(), message, prepared.message);
        column.talk.say(kept, exchange.beginning_with(&prefill));
        (column.scrolled, column.turn) = (0, None);
        column.touch();
        replaced.extend(prepared.replaced);
        effects.push(Effect::About { run, about: Box::new(about) });
        effects.push(Effect::Send { run, request });
    }
    model.play.remember();
    replaced.sort();
    replaced.dedup();
    if !replaced.is_empty() {
        let names = replaced.join(", ");
        model.say(Weight::Note, format!("sent with declared examples in place of the values of {names}"));
    }
    effects.push(Effect::After(Timer::Spinner, spinner_ms(model)));
}
