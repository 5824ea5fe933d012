//! Text that goes to the clipboards: what is selected, else what the focused pane shows.

use super::{diff, draft, exactly, play, release, reviewing};
use crate::diff::Which;
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Focus, Model, Weight};

/// Copies what is selected; where nothing is, stops what runs.
pub fn copy_or_stop(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(text) = model.buffer().and_then(crate::tui::editor::Buffer::selected_text) {
        return copy(model, text, "selection", effects);
    }
    if !play::stop(model, effects) && !exactly::stop(model, effects) && !release::stop(model, effects) {
        let key = model.keymap.shown(Action::Quit);
        model.say(Weight::Note, format!("nothing is selected and nothing runs; {key} quits"));
    }
}

/// Puts text on both clipboards and says so.
pub fn copy(model: &mut Model, text: String, what: &str, effects: &mut Vec<Effect>) {
    let count = text.chars().count();
    model.clipboard.clone_from(&text);
    effects.push(Effect::Copy(text));
    model.say(Weight::Done, format!("copied the {what}, {count} characters (OSC 52; not every terminal takes it)"));
}

/// Copies what is selected, else what the focused pane shows.
pub fn copy_pane(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(text) = model.buffer().and_then(crate::tui::editor::Buffer::selected_text) {
        return copy(model, text, "selection", effects);
    }
    match model.focus() {
        Focus::Draft(PaneId::Text(index)) => {
            if let Some(draft) = &model.draft {
                let text = draft.panes[index].text();
                copy(model, text, "section", effects);
            }
        }
        Focus::Draft(PaneId::Variables) => match draft::selected_value(model) {
            Ok((name, value)) => copy(model, value, &format!("value of {name}"), effects),
            Err(why) => model.say(Weight::Warning, why),
        },
        Focus::Draft(PaneId::Preview) => {
            let filled = play::filled(model);
            if let Some(filled) = filled {
                copy(model, filled, "filled prompt", effects);
            }
        }
        Focus::Message => {
            let text = model.play.message.buffer.text();
            copy(model, text, "message", effects);
        }
        Focus::Transcript if model.play.held().is_some() => {
            model.say(Weight::Note, "the replies are shown, and can be copied, when both are whole");
        }
        Focus::Transcript => match model.play.column().talk.last() {
            Some(exchange) => {
                let reply = exchange.reply.clone();
                copy(model, reply, "last reply", effects);
            }
            None => model.say(Weight::Note, "there is no reply to copy yet"),
        },
        Focus::Comments => {
            if let Some(words) = reviewing::words(model) {
                copy(model, words, "row", effects);
            }
        }
        Focus::Said => {}
        Focus::Rows => {
            diff::copy_side(model, Which::To, effects);
        }
    }
}
