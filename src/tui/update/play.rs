//! The Play screen: what is sent and to whom, what comes back, and stopping it.

use super::elsewhere::{self, Destination, Nowhere};
use super::{consent, draft as on_draft, keys, list};
use crate::config::params;
use crate::model::playtest::{Obstacle, Playtest, Prepared};
use crate::model::{Event, FailureKind, Finish, ModelName, Request, Role, Turn};
use crate::prompt::{Resolver, Values};
use crate::tui::draft::{Draft, PaneId};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Level, Model, ScreenId, Weight};
use crate::tui::msg::Timer;
use crate::tui::overlay::{Overlay, Pick};
use crate::tui::play::Exchange;

/// The model a message would go to: chosen here, else the draft's, else the user's; never another one.
pub fn model_of(model: &Model) -> Option<ModelName> {
    let configured = || model.draft.as_ref()?.config.model().and_then(ModelName::parse);
    let default = || model.settings.default_model.clone();
    model.play.chosen.clone().or_else(configured).or_else(default).or_else(|| model.demo.then(ModelName::offline))
}

/// What is said to who sends while a reply comes in; goes with its end.
const STILL_COMING: &str = "a reply is still coming in; Esc stops it, then it can be sent";

/// Ctrl-R, from any screen: what is written is sent; with nothing written, the last message is sent again.
pub fn send(model: &mut Model, effects: &mut Vec<Effect>) {
    let nothing_written = model.play.message.buffer.is_empty();
    if model.screen != ScreenId::Play {
        keys::show(model, ScreenId::Play);
    }
    if model.play.running.is_some() {
        return model.say(Weight::Note, STILL_COMING);
    }
    if nothing_written {
        let Some(last) = model.play.exchanges.last().map(|exchange| exchange.message.clone()) else {
            model.play.in_message = true;
            model.level = Level::Edit;
            return model.say(Weight::Note, "write a message, Enter sends it");
        };
        return check(model, &last, true, effects);
    }
    send_message(model, effects);
}

/// Sends what is written.
pub fn send_message(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.play.running.is_some() {
        return model.say(Weight::Note, STILL_COMING);
    }
    let message = model.play.message.buffer.text();
    if message.trim().is_empty() {
        return model.say(Weight::Note, "write a message, Enter sends it");
    }
    check(model, &message, false, effects);
}

/// Everything that has to hold before a byte is sent.
fn check(model: &mut Model, message: &str, again: bool, effects: &mut Vec<Effect>) {
    if model.draft.is_none() {
        return model.say(Weight::Note, "no prompt is open; Ctrl-O opens one");
    }
    let to = match Destination::of(model) {
        Ok(to) => to,
        Err(Nowhere::NoModel) => {
            list::open(model, Pick::Model, effects);
            return model.say(Weight::Warning, "no model is set for this prompt: choose one");
        }
        Err(Nowhere::NoProvider(said)) => return model.say(Weight::Failed, said),
        Err(Nowhere::NoKey(said)) => {
            let key = model.keymap.shown(Action::ChooseModel);
            let text = format!("not sent: {said}; set it and start again, or try offline ({key} in NAV)");
            return model.say(Weight::Failed, text);
        }
    };
    let exchanges = if again { model.play.exchanges.len().saturating_sub(1) } else { model.play.exchanges.len() };
    let composed = {
        let Some(draft) = &model.draft else { return };
        compose(draft, &model.play.exchanges[..exchanges], message, &to)
    };
    match composed {
        Err(Obstacle::Missing(variables)) => {
            let variable = variables.into_iter().next().unwrap_or_default();
            take_to(model, &variable);
            model.say(Weight::Warning, format!("not sent: {variable} has no value; write one, then send again"));
        }
        Err(obstacle) => model.say(Weight::Failed, format!("not sent: {}", elsewhere::words(&obstacle))),
        Ok(composed) => {
            if let Some(host) = to.unagreed(model) {
                return consent::ask(model, host, &composed.request, &composed.prepared);
            }
            go(model, message, again, composed, effects);
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

/// A request, and what of it is not what the values say.
struct Composed {
    request: Request,
    prepared: Prepared,
}

/// The request: the filled prompt and the turns, with examples for personal values when it leaves this machine.
fn compose(draft: &Draft, before: &[Exchange], message: &str, to: &Destination) -> Result<Composed, Obstacle> {
    let text = draft.text().to_text();
    let none = Values::default();
    let playtest = Playtest {
        system: &text,
        user_template: draft.config.user_template(),
        given: &none,
        set: Some(&draft.values.values),
        declarations: &draft.values.declarations,
        audience: to.audience(),
    };
    let mut turns = crate::tui::play::turns(before);
    let prepared = playtest.turn(&turns, message)?;
    turns.push(Turn { role: Role::User, text: prepared.message.clone() });
    let request = Request {
        model: to.name.clone(),
        system: prepared.system.clone(),
        turns,
        params: params(&draft.config),
        stream: true,
    };
    Ok(Composed { request, prepared })
}

/// The user agreed to send to `host`.
pub fn agreed(model: &mut Model, host: String, effects: &mut Vec<Effect>) {
    consent::give(model, host, effects);
    if model.play.message.buffer.is_empty() { send(model, effects) } else { send_message(model, effects) }
}

fn go(model: &mut Model, message: &str, again: bool, composed: Composed, effects: &mut Vec<Effect>) {
    let play = &mut model.play;
    if again {
        play.exchanges.pop();
        play.remember();
    } else {
        play.sent.push(message.to_owned());
        play.message = crate::tui::writing::Writing::new("");
        play.recalled = None;
    }
    let run = play.begin(message.to_owned(), composed.prepared.message, composed.request.model.clone());
    // what was said before the message went out is no longer of use
    model.status = None;
    if !composed.prepared.replaced.is_empty() {
        let names = composed.prepared.replaced.join(", ");
        model.say(Weight::Note, format!("sent with declared examples in place of the values of {names}"));
    }
    effects.push(Effect::Send { run, request: composed.request });
    effects.push(Effect::After(Timer::Spinner, spinner_ms(model)));
}

/// An event of a run; one of a run that is no longer current is dropped.
pub fn event(model: &mut Model, run: u64, at_ms: u64, event: Event) {
    if model.play.running != Some(run) {
        return;
    }
    let Some(exchange) = model.play.exchange_mut(run) else { return };
    exchange.elapsed_ms = at_ms;
    match event {
        Event::Sent(_) | Event::Started => {}
        Event::Unsent(unsent) => {
            let each: Vec<_> = unsent.iter().map(|one| format!("{} ({})", one.parameter, one.why)).collect();
            model.say(Weight::Note, format!("set and not sent: {}", each.join(", ")));
        }
        Event::Waiting { pause, failure } => {
            let seconds = pause.as_secs_f64();
            model.say(Weight::Warning, format!("{}; asking again in {seconds:.1} s, Esc stops", failure.message));
        }
        Event::Context(context) => exchange.context = Some(context),
        Event::Tool(call) => exchange.tools.push(call),
        Event::Refused { category, explanation } => {
            let words = [category, explanation].into_iter().filter(|words| !words.is_empty());
            exchange.refused = Some(words.collect::<Vec<_>>().join(": "));
        }
        // the words of a refusal are what the model says
        Event::Text(text) | Event::Refusal(text) => {
            exchange.first_ms.get_or_insert(at_ms);
            exchange.reply.push_str(&text);
        }
        Event::Thinking(text) => exchange.thinking.push_str(&text),
        Event::Usage(usage) => {
            let known = &mut exchange.usage;
            known.input = usage.input.or(known.input);
            known.output = usage.output.or(known.output);
            known.cache_read = usage.cache_read.or(known.cache_read);
            known.cache_write = usage.cache_write.or(known.cache_write);
        }
        Event::Done { finish, failure } => {
            exchange.finish = Some(finish);
            exchange.failure.clone_from(&failure);
            model.play.running = None;
            model.play.remember();
            if model.status.as_ref().is_some_and(|status| status.text == STILL_COMING) {
                model.status = None;
            }
            if let Some(failure) = failure {
                let text = match (&failure.hint, failure.kind) {
                    // the conversation in sight has the hint already
                    _ if model.screen == ScreenId::Play => failure.message,
                    (Some(hint), _) => format!("{} ({hint})", failure.message),
                    (None, FailureKind::NoKey) => format!("{} (m chooses offline)", failure.message),
                    (None, _) => failure.message,
                };
                model.say(Weight::Failed, text);
            }
        }
    }
}

/// A moment of waiting: the spinner turns and the clock goes on, also while nothing comes.
pub fn wait(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(run) = model.play.running else { return };
    let pause = spinner_ms(model);
    if !model.settings.reduced_motion {
        model.play.spin = model.play.spin.wrapping_add(1);
    }
    if let Some(exchange) = model.play.exchange_mut(run) {
        exchange.elapsed_ms += pause;
    }
    effects.push(Effect::After(Timer::Spinner, pause));
}

/// How long the screen rests while a reply is waited for. Who wants little motion sees the seconds go by, and nothing
/// turn.
fn spinner_ms(model: &Model) -> u64 {
    if model.settings.reduced_motion { 1_000 } else { super::SPINNER_MS }
}

/// Stops the run that is under way; what came stays. `false` when nothing runs.
pub fn stop(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let Some(run) = model.play.running.take() else { return false };
    effects.push(Effect::Cancel { run });
    if let Some(exchange) = model.play.exchange_mut(run) {
        exchange.finish = Some(Finish::Cancelled);
    }
    model.play.remember();
    model.say(Weight::Note, "stopped; the part that came stays");
    true
}

/// An empty conversation; the old one ends with it, so that it is not done while a reply comes in.
pub fn start_over(model: &mut Model, effects: &mut Vec<Effect>) {
    stop(model, effects);
    model.play.exchanges.clear();
    model.play.remember();
    model.play.scrolled = 0;
    model.say(Weight::Done, "a new conversation");
}

/// An earlier message into the text.
pub fn recall(model: &mut Model) {
    let play = &mut model.play;
    let Some(last) = play.sent.len().checked_sub(1) else {
        return model.say(Weight::Note, "no message was sent yet");
    };
    let at = play.recalled.map_or(last, |at| at.checked_sub(1).unwrap_or(last));
    let text = play.sent[at].clone();
    let all = play.message.buffer.rope().len_chars();
    play.message.edit(crate::tui::draft::EditKind::Single, |buffer| buffer.replace(0..all, &text));
    play.recalled = Some(at);
}

/// The whole prompt as the preview shows it: filled, with masks in place of what is hidden; a missing value leaves its
/// placeholder.
pub fn filled(model: &Model) -> Option<String> {
    let draft = model.draft.as_ref()?;
    let text = draft.text().to_text();
    let mut shown = draft.values.values.clone();
    for name in crate::tui::draft::used(draft).into_keys().filter(|name| draft.values.hidden(name)) {
        if let Some(value) = draft.values.value(&name).filter(|value| !value.is_empty()) {
            let mask = crate::tui::draft::mask(&name, value, draft.values.declarations.privacy(&name));
            shown.0.insert(name, mask);
        }
    }
    let (none, mut history) = (Values::default(), model.play.history().to_owned());
    if draft.values.hidden("conversation_history") && !history.is_empty() {
        let privacy = draft.values.declarations.privacy("conversation_history");
        history = crate::tui::draft::mask("conversation_history", &history, privacy);
    }
    let resolver = Resolver {
        given: &none,
        set: Some(&shown),
        message: None,
        conversation_history: Some(&history),
        declarations: &draft.values.declarations,
    };
    Some(resolver.fill(&text).text)
}

/// Models were found on this machine and in the configuration.
pub fn found(model: &mut Model, found: Vec<String>) {
    model.play.found = found;
    if let Some(Overlay::Pick(Pick::Model, _)) = &model.overlay {
        list::refresh(model);
    }
}

/// Arrows in the conversation.
pub fn navigate(model: &mut Model, action: Action) {
    let areas = layout::play(model.size, model.play.message_rows(model.size), model.zoomed);
    let page = usize::from(layout::inside(areas.transcript).height.max(2)) - 1;
    let most = crate::tui::transcript::rows(model, layout::text(areas.transcript).width)
        .saturating_sub(usize::from(layout::inside(areas.transcript).height));
    let scrolled = &mut model.play.scrolled;
    *scrolled = match action {
        Action::Up => *scrolled + 1,
        Action::Down => scrolled.saturating_sub(1),
        Action::PageUp => *scrolled + page,
        Action::PageDown => scrolled.saturating_sub(page),
        Action::TopOf => most,
        Action::BottomOf => 0,
        _ => *scrolled,
    }
    .min(most);
}
