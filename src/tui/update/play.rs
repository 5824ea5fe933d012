//! The Play screen: what comes back of what was sent, stopping it, and moving in it. What is sent is in `send`, what
//! becomes of the columns in `columns`.

pub mod again;
pub mod blind;
pub mod columns;
mod pack;
mod send;

use super::list;
use crate::model::{Event, Failure, FailureKind, Finish, ModelName};
use crate::prompt::{Resolver, Values};
use crate::tui::effect::Effect;
use crate::tui::input::Input;
use crate::tui::instead::in_keys;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Level, Model, ScreenId, Weight};
use crate::tui::msg::Timer;
use crate::tui::overlay::{Ask, Overlay, Pick};
use crate::tui::play::Column;
use crate::tui::play::transcript::{self, Drawing};

pub use pack::foreseen;
pub use send::{agreed, overspend, regenerate, send, send_message};

/// The model that answers in the focused column; in a blind comparison, that of the draft.
pub fn model_of(model: &Model) -> Option<ModelName> {
    if model.play.blind.is_some() {
        // counts and costs by a column's model would tell which one it is
        let draft = model.draft.as_ref().and_then(|draft| draft.config.model()).and_then(ModelName::parse);
        return draft.or_else(|| model.settings.default_model.clone());
    }
    model_of_column(model, model.play.focused)
}

/// The model that answers in a column: chosen there, else the one of its draft or version, else the user's; never another
/// one.
pub fn model_of_column(model: &Model, index: usize) -> Option<ModelName> {
    let column = model.play.columns.get(index)?;
    let configured = || columns::config_of(model, &column.subject)?.model().and_then(ModelName::parse);
    let default = || model.settings.default_model.clone();
    column.chosen.clone().or_else(configured).or_else(default).or_else(|| model.demo.then(ModelName::offline))
}

/// What is said to who sends while a reply comes in; goes with its end.
const STILL_COMING: &str = "a reply is still coming in; Esc stops it, then it can be sent";

/// An event of a run; one of a run that is no longer under way is dropped.
pub fn event(model: &mut Model, run: u64, at_ms: u64, mut event: Event) {
    let Some(at) = model.play.column_of(run) else { return };
    if let Event::Done { failure: Some(Failure { hint: Some(hint), .. }), .. } = &mut event {
        *hint = in_keys(hint, &model.keymap);
    }
    let column = &mut model.play.columns[at];
    let Some(exchange) = column.talk.of_run_mut(run).filter(|exchange| exchange.finish.is_none()) else { return };
    exchange.take(at_ms, event.clone());
    let said = (exchange.replayed && exchange.finish == Some(Finish::End)).then(|| exchange.sent.clone());
    column.touch();
    let blind = model.play.blind.is_some();
    match event {
        // what a server or a model is called would tell who it is
        Event::Unsent(_) if blind => {}
        Event::Waiting { pause, .. } if blind => {
            let seconds = pause.as_secs_f64();
            model.say(Weight::Warning, format!("a server could not answer; asking again in {seconds:.1} s, Esc stops"));
        }
        Event::Unsent(unsent) => {
            let each: Vec<_> = unsent.iter().map(|one| format!("{} ({})", one.parameter, one.why)).collect();
            model.say(Weight::Note, format!("set and not sent: {}", each.join(", ")));
        }
        Event::Waiting { pause, failure } => {
            let seconds = pause.as_secs_f64();
            model.say(Weight::Warning, format!("{}; asking again in {seconds:.1} s, Esc stops", failure.message));
        }
        Event::Done { failure, .. } => {
            if let Some(said) = said {
                super::tape::replied(model, &said);
            }
            model.play.remember();
            if model.status.as_ref().is_some_and(|status| status.text == STILL_COMING) {
                model.status = None;
            }
            if let Some(failure) = failure {
                if blind {
                    let side = if at == 0 { "left" } else { "right" };
                    let key = model.keymap.shown(Action::ToggleBlind);
                    let text = format!("the {side} reply failed; why is shown when {key} ends the comparison");
                    return model.say(Weight::Failed, text);
                }
                let text = match (&failure.hint, failure.kind) {
                    // the conversation in sight has the hint already
                    _ if model.screen == ScreenId::Play => failure.message,
                    (Some(hint), _) => format!("{} ({hint})", failure.message),
                    (None, FailureKind::NoKey) => {
                        format!("{} ({} chooses offline)", failure.message, model.keymap.shown(Action::ChooseModel))
                    }
                    (None, _) => failure.message,
                };
                model.say(Weight::Failed, text);
            }
        }
        _ => {}
    }
}

/// A moment of waiting: the spinner turns and the clocks go on, also while nothing comes.
pub fn wait(model: &mut Model, effects: &mut Vec<Effect>) {
    let runs: Vec<u64> = model.play.running().collect();
    if runs.is_empty() {
        return;
    }
    let pause = spinner_ms(model);
    if !model.settings.reduced_motion {
        model.play.spin = model.play.spin.wrapping_add(1);
    }
    for column in &mut model.play.columns {
        for run in &runs {
            if let Some(exchange) = column.talk.of_run_mut(*run) {
                exchange.elapsed_ms += pause;
                column.touch();
            }
        }
    }
    effects.push(Effect::After(Timer::Spinner, pause));
}

/// How long the screen rests while a reply is waited for. Who wants little motion sees the seconds go by, and nothing
/// turn.
fn spinner_ms(model: &Model) -> u64 {
    if model.settings.reduced_motion { 1_000 } else { super::SPINNER_MS }
}

/// Stops what is under way in all columns; what came stays. `false` when nothing runs.
pub fn stop(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let all: Vec<usize> = (0..model.play.columns.len()).collect();
    stop_in(model, &all, effects)
}

/// Stops what is under way in the focused column.
pub fn stop_column(model: &mut Model, effects: &mut Vec<Effect>) {
    if !stop_in(model, &[model.play.focused], effects) {
        model.say(Weight::Note, "nothing is coming in in this column");
    }
}

fn stop_in(model: &mut Model, columns: &[usize], effects: &mut Vec<Effect>) -> bool {
    let (mut stopped, mut came) = (0, 0);
    for at in columns {
        let column = &mut model.play.columns[*at];
        for run in column.talk.running().collect::<Vec<_>>() {
            effects.push(Effect::Cancel { run });
            if let Some(exchange) = column.talk.of_run_mut(run) {
                exchange.finish = Some(Finish::Cancelled);
                came += usize::from(exchange.answered());
            }
            column.touch();
            stopped += 1;
        }
    }
    match stopped {
        0 => return false,
        1 if came == 0 => model.say(Weight::Note, "stopped before anything came"),
        1 => model.say(Weight::Note, "stopped; the part that came stays"),
        _ => model.say(Weight::Note, format!("stopped {stopped} replies; the parts that came stay")),
    }
    model.play.remember();
    true
}

/// Empty conversations; the old ones end with it, so that it is not done while a reply comes in.
pub fn start_over(model: &mut Model, effects: &mut Vec<Effect>) {
    stop(model, effects);
    // what was said then is in the history
    model.play.columns.retain(Column::answers);
    if model.play.columns.is_empty() {
        model.play.columns.push(Column::default());
    }
    columns::focus(model, model.play.focused);
    for column in &mut model.play.columns {
        column.talk = crate::tui::play::Talk::default();
        (column.scrolled, column.turn, column.marks) = (0, None, None);
        column.touch();
    }
    blind::began_anew(model);
    model.play.editing = None;
    model.play.remember();
    model.say(Weight::Done, "a new conversation");
}

/// The message of the focused column's turn into the text: sent from there, it begins a branch in every column.
pub fn edit_message(model: &mut Model) {
    let column = model.play.column();
    let Some((turn, said)) = column.turn().and_then(|turn| Some((turn, column.talk.at(turn)?.message.clone()))) else {
        return model.say(Weight::Note, "nothing was said yet");
    };
    write_over(model, &said);
    model.play.editing = Some(turn);
    model.play.in_message = true;
    model.level = Level::Edit;
    let send = model.keymap.shown(Action::SendMessage);
    let text = format!("turn {} is said differently: {send} runs again from there; what was said is kept", turn + 1);
    model.say(Weight::Note, text);
}

/// The message that is written is a new one again; its words stay. `false` when it was one already.
pub fn stop_editing(model: &mut Model) -> bool {
    let was = model.play.editing.take().is_some();
    if was {
        model.say(Weight::Note, "what is written goes to the end of the conversation again");
    }
    was
}

/// Puts a message where it can be sent, when nothing is written there and nobody writes.
pub fn offer(model: &mut Model, text: &str) {
    if model.play.message.buffer.is_empty() && model.play.editing.is_none() {
        write_over(model, text);
    }
}

/// Puts `text` in place of the message that is written, as one step that undo takes back.
fn write_over(model: &mut Model, text: &str) {
    let message = &mut model.play.message;
    let all = message.buffer.rope().len_chars();
    message.edit(crate::tui::draft::EditKind::Single, |buffer| buffer.replace(0..all, text));
    model.play.recalled = None;
}

/// Asks what replies are to begin with.
pub fn ask_for_prefill(model: &mut Model) {
    model.overlay = Some(Overlay::Ask(Ask::Prefill, Input::with(&model.play.prefill)));
}

/// What replies begin with from now on; nothing, when it is empty. Blanks at its end are refused by servers.
pub fn set_prefill(model: &mut Model, words: &str) {
    words.trim_end().clone_into(&mut model.play.prefill);
    let text = if model.play.prefill.is_empty() {
        "replies begin by themselves".to_owned()
    } else {
        format!("replies begin with {:?}", model.play.prefill)
    };
    model.say(Weight::Done, text);
}

/// An earlier message into the text.
pub fn recall(model: &mut Model) {
    let play = &mut model.play;
    let Some(last) = play.sent.len().checked_sub(1) else {
        return model.say(Weight::Note, "no message was sent yet");
    };
    let at = play.recalled.map_or(last, |at| at.checked_sub(1).unwrap_or(last));
    let text = play.sent[at].clone();
    write_over(model, &text);
    model.play.recalled = Some(at);
}

/// The whole prompt as the preview shows it: filled, with masks in place of what is hidden; a missing value leaves its
/// placeholder.
pub fn filled(model: &Model) -> Option<String> {
    let draft = model.draft.as_ref()?;
    let text = draft.text().to_text();
    let mut shown = draft.values.values.clone();
    for name in crate::tui::draft::used(draft).into_keys().filter(|name| draft.values.hidden(name)) {
        if let Some(example) = draft.values.stand_in(&name) {
            let example = example.to_owned();
            shown.0.insert(name, example);
        } else if let Some(value) = draft.values.value(&name).filter(|value| !value.is_empty()) {
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

/// Markdown as it came, or rendered.
pub fn toggle_raw(model: &mut Model) {
    let reading = &mut model.play.reading;
    reading.raw = !reading.raw;
    let raw = reading.raw;
    model.say(Weight::Note, if raw { "replies are shown as they came" } else { "the Markdown of replies is rendered" });
}

/// What a model thought, in whole or as a number of words.
pub fn toggle_thinking(model: &mut Model) {
    let reading = &mut model.play.reading;
    reading.unfolded = !reading.unfolded;
    let unfolded = reading.unfolded;
    model.say(Weight::Note, if unfolded { "what models think is shown" } else { "what models think is folded" });
}

/// Arrows in the focused column; left and right go to the column beside it.
pub fn navigate(model: &mut Model, action: Action) {
    match action {
        Action::Left => return columns::step(model, -1),
        Action::Right => return columns::step(model, 1),
        _ => {}
    }
    scroll(model, model.play.focused, action);
}

/// Scrolls a column.
pub fn scroll(model: &mut Model, at: usize, action: Action) {
    let Some(area) = columns::place(model, at) else { return };
    let height = usize::from(layout::inside(area).height);
    let page = height.max(2) - 1;
    let blind = model.play.blind.is_some();
    let with = Drawing {
        width: layout::text(area).width,
        spin: model.play.spin,
        blind,
        held: model.play.held(),
        reading: model.play.reading,
    };
    let Some(column) = model.play.columns.get_mut(at) else { return };
    let wanted = match action {
        Action::Up => column.scrolled + 1,
        Action::Down => column.scrolled.saturating_sub(1),
        Action::PageUp => column.scrolled + page,
        Action::PageDown => column.scrolled.saturating_sub(page),
        Action::TopOf => usize::MAX - height,
        Action::BottomOf => 0,
        _ => column.scrolled,
    };
    // the rows above those that are wanted need not be known
    let most = transcript::rows_up_to(column, with, wanted + height).saturating_sub(height);
    column.scrolled = wanted.min(most);
    column.touch();
}
