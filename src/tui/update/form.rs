//! Lines that are asked for, the form that freezes a version, and questions that need a yes.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::{
    begin, committing, consent, counting, decision, diff, evidence, exactly, lint, list, outside, params, past, play,
    release, save, search, sets, tape, variables, wire,
};
use crate::error::Error;
use crate::library::{Cut, VersionEntry, check_name};
use crate::tui::boxes;
use crate::tui::compare::Compared;
use crate::tui::diffing::Chosen;
use crate::tui::effect::Effect;
use crate::tui::freezing::Covering;
use crate::tui::input::Input;
use crate::tui::keymap::{Action, Chord, Context, Keymap};
use crate::tui::model::{Model, Pending, Weight};
use crate::tui::overlay::{Answer, Ask, FreezeField, FreezeForm, Overlay};
use crate::tui::tape::Use;

/// A key that goes into a line of a form; `false` when it does not.
pub fn typed(model: &mut Model, key: KeyEvent) -> bool {
    match &mut model.overlay {
        Some(Overlay::Ask(_, input)) => input.key(key),
        Some(Overlay::Costs(open)) => {
            open.problem = None;
            open.line_mut().key(key)
        }
        // a changelog is a text like others: the key for the user's own editor is no key of the line
        Some(Overlay::Freeze(_)) if is_for_the_editor(&model.keymap, key) => false,
        Some(Overlay::Variable(open)) => open.typed(key),
        Some(Overlay::Release(form)) => release::typed(form, key),
        Some(Overlay::Params(form)) => {
            form.problem = None;
            form.line_mut().is_some_and(|line| line.key(key))
        }
        Some(Overlay::Freeze(form)) => {
            form.problem = None;
            let Some(words) = form.words_mut() else { return false };
            let taken = words.key(key);
            if taken && words.first_line().is_some() {
                let editor = model.keymap.shown(Action::EditOutside);
                form.problem =
                    Some(format!("several lines: {editor} goes on with them in your editor, ^U takes them away"));
            }
            taken
        }
        _ => false,
    }
}

fn is_for_the_editor(keymap: &Keymap, key: KeyEvent) -> bool {
    keymap.action(&[Context::Everywhere], &[Chord::from_event(key)]) == Some(Action::EditOutside)
}

/// What an action does in the open form.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    if matches!(model.overlay, Some(Overlay::Search(_))) {
        return search::act(model, action, effects);
    }
    if action == Action::FormClose {
        // a step back: first what runs is stopped, then the box is closed
        if matches!(model.overlay, Some(Overlay::Costs(_))) && exactly::stop(model, effects) {
            return;
        }
        match model.overlay.take() {
            Some(Overlay::Costs(_)) => model.exactly.problem = None,
            Some(Overlay::Ask(Ask::ExportRuns, _)) => model.overlay = Some(Overlay::Past),
            Some(Overlay::Decide(open)) => decision::decided(model, open.escape, effects),
            Some(Overlay::Ask(Ask::CurlTo, _)) => wire::back(model),
            Some(Overlay::Confirm(mut confirm)) => {
                // closing it is the first answer
                let (_, first) = confirm.answers.swap_remove(0);
                confirmed(model, first, effects);
            }
            _ => {}
        }
        return;
    }
    match model.overlay.take() {
        Some(Overlay::Decide(open)) => decision::act(model, open, action, effects),
        Some(Overlay::Variable(open)) => variables::act(model, open, action, effects),
        Some(Overlay::Release(form)) => release::act(model, form, action, effects),
        Some(Overlay::Params(form)) => params::act(model, form, action, effects),
        Some(Overlay::Ask(ask, input)) => {
            if action == Action::FormAccept {
                answer(model, ask, &input.text(), effects);
            } else {
                model.overlay = Some(Overlay::Ask(ask, input));
            }
        }
        Some(Overlay::Freeze(form)) => freeze_act(model, form, action, effects),
        Some(Overlay::Costs(open)) => counting::act(model, open, action, effects),
        Some(Overlay::Confirm(mut confirm)) => {
            let last = confirm.answers.len() - 1;
            match action {
                Action::FormAccept => {
                    let (_, chosen) = confirm.answers.swap_remove(confirm.selected);
                    return confirmed(model, chosen, effects);
                }
                Action::FormPageUp | Action::FormPageDown => {}
                Action::FormLeft | Action::DialogPrevious => confirm.selected = confirm.selected.saturating_sub(1),
                _ => confirm.selected = (confirm.selected + 1).min(last),
            }
            model.overlay = Some(Overlay::Confirm(confirm));
        }
        other => model.overlay = other,
    }
}

fn answer(model: &mut Model, ask: Ask, written: &str, effects: &mut Vec<Effect>) {
    match ask {
        Ask::AllowReason => lint::allowed_because(model, written, effects),
        Ask::CopyTo => save::copy_to(model, written, effects),
        Ask::KeepTurn(kind) => evidence::named(model, kind, written, effects),
        Ask::RecordTo => tape::insert(model, Use::Record, written, effects),
        Ask::ReplayFrom => tape::insert(model, Use::Replay, written, effects),
        Ask::Revision(hand) => diff::choose_revision(model, hand, written),
        Ask::SideFile(hand) => diff::choose_file(model, hand, written),
        Ask::VersionsFind => diff::search_versions(model, written, effects),
        Ask::DiffFind => diff::look_for(model, written),
        Ask::ReviewFind => super::reviewing::look_for(model, written),
        Ask::ExportRuns => past::export(model, written, effects),
        Ask::CurlTo => wire::save(model, written, effects),
        Ask::VoteNote => play::blind::noted(model, written, effects),
        Ask::Prefill => play::set_prefill(model, written),
        Ask::Model => list::choose_model(model, written.trim()),
        Ask::SetName | Ask::PromptName => {
            let name = written.trim();
            let what = if ask == Ask::SetName { "value set" } else { "prompt" };
            if let Err(error) = check_name(what, name) {
                model.say(Weight::Warning, error.to_string());
                model.overlay = Some(Overlay::Ask(ask, Input::with(name)));
                return;
            }
            if ask == Ask::PromptName {
                effects.push(Effect::Create(name.to_owned()));
            } else {
                sets::save(model, name, effects);
            }
        }
    }
}

fn confirmed(model: &mut Model, answer: Answer, effects: &mut Vec<Effect>) {
    match answer {
        Answer::Cancel | Answer::Close => {}
        Answer::Overspend => play::overspend(model, effects),
        Answer::Send(consent) => play::agreed(model, consent, effects),
        Answer::Count(consent) => exactly::agreed(model, consent, effects),
        Answer::AddExample { variable } => consent::add_example(model, &variable),
        Answer::CountNothing => exactly::back(model),
        Answer::LeaveAside => effects.push(Effect::Quit),
        Answer::ReadOutside { file } => outside::read(model, file, effects),
        Answer::ForgetOutside { file } => outside::forget(model, file, effects),
        Answer::KeepTurn(kept) => evidence::keep(model, kept, effects),
        Answer::SendMasked => past::send_masked(model, effects),
        Answer::KeepRun => past::answered(model, None, effects),
        Answer::DeleteRun(id) => past::answered(model, Some(id), effects),
        Answer::BeginDraft(version) => begin::from(model, version, true, effects),
        Answer::StopAndLeave => release::stop_and_leave(model, effects),
        Answer::Commit => committing::agreed(model, effects),
        Answer::LeaveUncommitted => committing::left(model),
        Answer::Delete(thing) => effects.push(Effect::Delete(thing)),
        Answer::TakeTheirSet(set) => sets::take_theirs(model, set),
        Answer::WriteOverSet(set) => sets::write(model, set, effects),
        Answer::TakeSecretsOut => sets::take_secrets_out(model, effects),
        Answer::LeaveSecrets => sets::leave_secrets(model),
        Answer::KeepMySet(set) => sets::keep_mine(model, set, effects),
    }
}

/// Opens the form that freezes the draft; the comparison that proposes the step comes in when it is done.
pub fn open_freeze(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else {
        return model.say(Weight::Note, "no prompt is open");
    };
    let last = draft.base().cloned();
    if let Some(version) = &last {
        let from = super::diff::side(model, &Chosen::Version(version.clone()));
        let to = super::diff::side(model, &Chosen::Draft);
        if let (Some(from), Some(to)) = (from, to) {
            effects.push(Effect::Weigh { prompt: draft.entry.name.clone(), from, to });
        }
    }
    effects.push(Effect::Cover {
        prompt: draft.entry.name.clone(),
        draft: draft.text(),
        author: model.settings.author.clone(),
        rules: model.settings.review.clone(),
    });
    let mut form = FreezeForm::new(last);
    if let Some(before) = model.frozen_form.take() {
        // something came between: the words were written already
        form.what = before.what;
        form.why = before.why;
    }
    model.overlay = Some(Overlay::Freeze(Box::new(form)));
}

/// It is known which approvals cover what would be frozen; where that cannot be found out, nothing is said about it.
pub fn covered(model: &mut Model, prompt: &str, covering: Option<Covering>) {
    let here = model.draft.as_ref().is_some_and(|draft| draft.entry.name == prompt);
    if let Some(Overlay::Freeze(form)) = model.overlay.as_mut().filter(|_| here) {
        form.covering = covering;
    }
}

/// The comparison is done: the step is proposed, unless the user has chosen one meanwhile.
pub fn weighed(model: &mut Model, result: Result<Arc<Compared>, Error>) {
    let Some(Overlay::Freeze(form)) = &mut model.overlay else { return };
    match result {
        Ok(compared) => form.weigh(&compared),
        Err(error) => form.problem = Some(error.to_string()),
    }
}

fn freeze_act(model: &mut Model, mut form: Box<FreezeForm>, action: Action, effects: &mut Vec<Effect>) {
    match (action, form.field) {
        (Action::FormLeft, FreezeField::Step) => form.step_by(-1),
        (Action::FormRight, FreezeField::Step) => form.step_by(1),
        (Action::FormLeft, FreezeField::Early) => form.early = false,
        (Action::FormRight, FreezeField::Early) => form.early = true,
        (Action::FormAccept, FreezeField::Accept) => return accept_freeze(model, form, effects),
        (Action::FormPageUp | Action::FormPageDown, _) => {
            let page = boxes::changelog_page(model).cast_signed();
            let by = if action == Action::FormPageUp { -page } else { page };
            model.overlay = Some(Overlay::Freeze(form));
            return scroll_changelog(model, by);
        }
        (Action::DialogNext | Action::FormAccept, _) => form.field = form.field.next(),
        (Action::DialogPrevious, _) => form.field = form.field.previous(),
        _ => {}
    }
    model.overlay = Some(Overlay::Freeze(form));
}

/// Moves the preview of the changelog by so many rows, and stays in it.
pub fn scroll_changelog(model: &mut Model, by: isize) {
    let Some(Overlay::Freeze(form)) = &model.overlay else { return };
    let most = boxes::changelog_most(model, form);
    let scrolled = form.scrolled.min(most).saturating_add_signed(by).min(most);
    if let Some(Overlay::Freeze(form)) = &mut model.overlay {
        form.scrolled = scrolled;
    }
}

fn accept_freeze(model: &mut Model, mut form: Box<FreezeForm>, effects: &mut Vec<Effect>) {
    if let Some((problem, field)) = form.missing() {
        form.problem = Some(problem.to_owned());
        form.field = field;
        model.overlay = Some(Overlay::Freeze(form));
        return;
    }
    let Some(draft) = &model.draft else { return };
    let cut = Cut { step: form.chosen(), what: form.what.text(), why: form.why.text(), date: model.today };
    model.frozen_form = Some(form);
    if draft.changed() || draft.is_saving() || draft.stamp.is_none() {
        model.pending = Some(Pending::Freeze(cut));
        save::save_quietly_or_first(model, effects);
    } else {
        effects.push(Effect::Freeze { prompt: draft.entry.name.clone(), cut });
    }
}

/// The version is there, or why not: then the form comes back with what was written.
pub fn frozen(model: &mut Model, frozen: Result<VersionEntry, Error>, effects: &mut Vec<Effect>) {
    match frozen {
        Ok(entry) => {
            model.frozen_form = None;
            if let Some(draft) = &mut model.draft {
                draft.entry.versions.push(entry.clone());
                draft.entry.versions.sort_by(|a, b| a.version.cmp(&b.version));
            }
            model.diffing = model.diffing.anew();
            super::reviewing::forget(model);
            model.say(Weight::Done, format!("frozen as v{}, {}; the draft stays", entry.version, entry.date));
            effects.push(Effect::List);
        }
        Err(error) => not_frozen(model, error.to_string()),
    }
}

/// Why no version was made: the form comes back with what was written in it.
pub fn not_frozen(model: &mut Model, why: String) {
    match model.frozen_form.take() {
        Some(mut form) => {
            form.problem = Some(why);
            model.overlay = Some(Overlay::Freeze(form));
        }
        None => model.say(Weight::Failed, why),
    }
}
