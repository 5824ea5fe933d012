//! State and message in, effects out. One file an area. No I/O, no clock, no await: what takes time is an effect.

mod begin;
mod beside;
mod committing;
mod consent;
mod copying;
mod counting;
mod decision;
pub mod diff;
mod draft;
mod drill;
mod elsewhere;
mod evidence;
mod exactly;
mod form;
mod intake;
mod journal;
mod jump;
mod keys;
pub mod lint;
mod list;
mod margins;
mod mouse;
mod outside;
mod params;
mod past;
mod picking;
mod play;
pub mod release;
pub mod reviewing;
mod save;
pub mod saying;
mod search;
mod sets;
mod settle;
mod shelf;
mod tape;
mod text;
mod theirs;
mod tour;
pub mod trash;
mod variables;
mod wire;

pub use begin::{chosen as begins_from, left as left_version};
pub use counting::costing;
pub use elsewhere::sharing;
pub use evidence::why_not as why_not_kept;
pub use exactly::why_not as why_no_exact_count;
pub use picking::words as picked_words;
pub use play::{columns, model_of, model_of_column};

use crossterm::event::MouseEventKind;

use crate::model::Event;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Level, Model, Noticing, Theming, Weight};
use crate::tui::msg::{Msg, Timer};
use crate::tui::overlay::{HelpRow, Overlay, Picker};
use crate::tui::theme::Theme;

/// Why `action` cannot be done while what it is about is hidden: names in a blind comparison, rows behind a page.
pub fn hides(model: &Model, action: Action) -> Option<&'static str> {
    play::blind::hides(model, action).or_else(|| diff::hides(model, action))
}

/// How long the draft rests before it is saved on its own.
pub const AUTOSAVE_MS: u64 = 800;
/// After so many changes it is saved although it does not rest.
pub const AUTOSAVE_CHANGES: u64 = 60;
/// How soon a change goes into the journal.
pub const JOURNAL_MS: u64 = 300;
/// How soon after a key the file is looked at, where nothing tells of changes.
const LOOK_MS: u64 = 1_500;
/// How long a passing message stays.
const STATUS_MS: u64 = 8_000;
/// After so long the box of what may follow the keys that were pressed opens.
pub const FOLLOWERS_MS: u64 = 300;
/// How long after a click a second one at the same place selects a word.
const CLICKS_MS: u64 = 450;
/// How fast a text scrolls while the pointer is held beside it.
const HELD_MS: u64 = 50;
/// How fast the spinner turns.
const SPINNER_MS: u64 = 120;

/// What `msg` makes of `model`, and what is to be done about it.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    // room for what a key asks for; more at once would be too much for the allocator's quick lists
    let mut effects = Vec::with_capacity(3);
    let (msg, written) = match msg {
        Msg::Wrote(written, then) => (*then, Some(written)),
        msg => (msg, None),
    };
    let is_key = matches!(msg, Msg::Key(_));
    let (said, screen) = (model.status.clone(), model.screen);
    let state = model.draft.as_ref().map(|draft| draft.state);
    let kept = (model.openings, kept_revision(model));
    let by_hand = matches!(msg, Msg::Key(_) | Msg::Mouse(_));
    if matches!(&msg, Msg::Mouse(mouse) if matches!(mouse.kind, MouseEventKind::Down(_))) {
        model.unfinished = None;
    }
    // what comes for the box below the help finds that box
    let help = if by_hand || matches!(msg, Msg::Paste(_)) { None } else { lift_help(model) };
    match msg {
        Msg::Key(key) => keys::press(model, key, &mut effects),
        Msg::Paste(text) => {
            model.unfinished = None;
            if !past::paste(model, &text, &mut effects) && !intake::paste(model, &text, &mut effects) {
                text::paste(model, &text);
            }
        }
        Msg::Mouse(mouse) => mouse::act(model, mouse, &mut effects),
        Msg::Resize(width, height) => model.resize(width, height),
        Msg::FocusGained | Msg::Resumed | Msg::Touched => {
            look(model, &mut effects);
            margins::touched(model, &mut effects);
            model.reviewing.stale = true;
        }
        Msg::Watching(watching) => model.noticing = if watching { Noticing::Told } else { Noticing::Looked },
        Msg::Looked { prompt, found, others } => {
            if model.draft.as_ref().is_some_and(|draft| draft.entry.name == prompt) {
                theirs::met(model, others);
            }
            if let Some(found) = found {
                theirs::looked(model, &prompt, found, &mut effects);
            }
        }
        Msg::LookedBeside { prompt, found } => {
            if is_open(model, &prompt) {
                beside::looked(model, found.map(|found| *found));
            }
        }
        Msg::LookedAtReleases { prompt, shelf, result } => {
            if is_open(model, &prompt) {
                shelf::looked(model, shelf, result.map(|found| *found), &mut effects);
            }
        }
        Msg::Reconciled { prompt, found } => theirs::reconciled(model, &prompt, found, &mut effects),
        Msg::Suspend => effects.push(Effect::Suspend),
        Msg::Terminate => save::leave_now(model, &mut effects),
        Msg::Timer(timer) => on_timer(model, timer, &mut effects),
        Msg::Release(told) => release::told(model, told, &mut effects),
        Msg::Git(standing) => model.git = standing,
        Msg::Uncommitted { prompt, folder, files } => {
            committing::ask_about_all(model, Some((&prompt, &folder, files)));
        }
        Msg::Committed(result) => committing::committed(model, result, &mut effects),
        Msg::Listed(listed) => match listed {
            Ok(prompts) => {
                draft::listed(model, prompts);
                // the sample is two keys away, also for who is fast
                effects.push(Effect::FindCassettes);
            }
            Err(error) => model.say(Weight::Failed, error.to_string()),
        },
        Msg::Opened(opened) => match opened {
            Ok(opened) => {
                draft::opened(model, *opened, &mut effects);
                past::forget(model, &mut effects);
                tour::opened(model);
            }
            Err(error) => model.say(Weight::Failed, error.to_string()),
        },
        Msg::Saved { prompt, state, stamp, file } => {
            model.reviewing.stale = true;
            save::saved(model, &prompt, (state, stamp), file, &mut effects);
        }
        Msg::SaveFailed { prompt, error } => save::failed(model, &prompt, &error, &mut effects),
        Msg::SaveConflict { prompt, theirs } => theirs::conflict(model, &prompt, theirs, &mut effects),
        Msg::SetConflict { prompt, mine, theirs } => sets::conflict(model, &prompt, mine, theirs),
        Msg::SecretsOut { prompt, result } => {
            if is_open(model, &prompt) {
                sets::secrets_are_out(model, result);
            }
        }
        Msg::SetSaved(saved) => sets::saved(model, saved),
        Msg::Counted(tally) => counting::counted(model, tally),
        Msg::CountedExactly { run, result } => exactly::counted(model, run, result),
        Msg::AssumptionsSaved { prompt, result } => counting::saved(model, &prompt, result),
        Msg::Declared { prompt, variable, result } => {
            if is_open(model, &prompt) {
                variables::declared(model, &variable, result);
            }
        }
        Msg::ValuesRead { source, result } => intake::was_read(model, &source, result),
        Msg::FieldsRemembered { prompt, result } => {
            if is_open(model, &prompt) {
                picking::remembered(model, result);
            }
        }
        Msg::RenamePlanned { old, new, result } => variables::planned(model, &old, &new, result),
        Msg::Renamed { prompt, old, new, result } => {
            if is_open(model, &prompt) {
                variables::renamed(model, (&old, &new), result);
            }
        }
        Msg::RenameFollowed { prompt, old, new, result } => {
            if is_open(model, &prompt) {
                variables::followed(model, (&old, &new), result);
            }
        }
        Msg::Trash(trash) => trash::listed(model, trash),
        Msg::Deleted(result) => trash::deleted(model, result, &mut effects),
        Msg::BroughtBack { deleted, result } => trash::brought_back(model, &deleted, result, &mut effects),
        Msg::Created(created) => draft::created(model, created, &mut effects),
        Msg::DraftBegun { prompt, version, result } => begin::begun(model, &prompt, version, result, &mut effects),
        Msg::Frozen(frozen) => form::frozen(model, frozen, &mut effects),
        Msg::StoryTold { asked, result } => diff::told(model, asked, result),
        Msg::Compared { generation, result } => {
            if diff::compared(model, generation, result) {
                margins::compared(model, &mut effects);
            }
        }
        Msg::Covered { prompt, covering } => form::covered(model, &prompt, covering),
        Msg::Weighed(result) => form::weighed(model, result),
        Msg::CameBack(result) => outside::came(model, result),
        Msg::Found { search, result } => search::found(model, search, result.map(|found| *found)),
        Msg::Replaced { search, of, edits } => search::replaced(model, search, of, &edits),
        Msg::Linted { moment, marks } => lint::linted(model, moment, marks),
        Msg::Allowed { prompt, table } => lint::allowed(model, &prompt, table),
        Msg::Run { run, event: Event::Wire(seen), .. } => wire::seen(model, run, seen),
        Msg::ReplyChecked { run, verdict } => play::columns::checked(model, run, verdict),
        Msg::ReplyRendered { run, blocks } => play::columns::rendered(model, run, blocks),
        Msg::LaidOut { number, shown } => wire::laid_out(model, number, shown),
        Msg::ConfigSaved { prompt, result } => {
            if is_open(model, &prompt) {
                params::saved(model, result);
            }
        }
        Msg::Foreseen { run, result } => wire::foreseen(model, run, result),
        Msg::CurlSaved { typed, result } => wire::saved(model, &typed, result),
        Msg::Run { run, at_ms, event } => play::event(model, run, at_ms, event),
        Msg::VersionRead { prompt, version, result } => {
            if is_open(model, &prompt) {
                play::columns::was_read(model, version, result);
            }
        }
        Msg::Shuffled(seed) => play::blind::shuffled(model, seed, &mut effects),
        Msg::Reviewed { generation, result } => reviewing::looked(model, generation, result),
        Msg::Said(result) => {
            reviewing::said(model, result);
            margins::touched(model, &mut effects);
        }
        Msg::TakenAcross(taken) => saying::taken(model, *taken, &mut effects),
        Msg::Noted(noted) => margins::noted(model, *noted, &mut effects),
        Msg::Judged(result) => play::blind::written(model, result),
        Msg::RepliesCompared(marks) => play::columns::compared(model, marks),
        Msg::Spent(totals) => model.spent = totals,
        Msg::Inserted { number, result } => tape::inserted(model, number, result),
        Msg::Cassettes(found) => {
            model.deck.found = found;
            list::refresh(model);
        }
        Msg::TurnKept(result) => evidence::written(model, result),
        Msg::Paces(paces) => {
            for pace in paces {
                model.paces.put(pace);
            }
            list::refresh(model);
        }
        Msg::Recalled(answer) => past::recalled(model, answer, &mut effects),
        Msg::Models(found) => play::found(model, found),
        Msg::Background(background) => {
            if let (Theming::Background, Ok(theme)) = (model.theming, Theme::pick(None, Some(background), model.depth))
            {
                model.theme = theme.with_signs(model.theme.signs());
            }
        }
        Msg::Tour => tour::begin(model),
        Msg::FirstStart => tour::welcome(model),
        Msg::Welcome => {
            let words = "the demo: a copy of the samples, nothing else is touched. <screen.play> playtests, <screen.diff> compares versions, <help.open> shows the keys";
            model.say(Weight::Note, words);
        }
        Msg::Copied { typed, result } => save::copied(model, &typed, result),
        Msg::Journaled(result) => journal::written(model, result),
        Msg::PutAside { prompt, file } => journal::put_aside(model, &prompt, file),
        Msg::Told(error) => model.say(Weight::Failed, error.to_string()),
        // nobody writes in the name of a message that was written already
        Msg::Wrote(..) => {}
    }
    if let Some(written) = written {
        committing::wrote(model, written, &mut effects);
    }
    if let Some(help) = help {
        model.overlay = Some(Overlay::Help(help, model.overlay.take().map(Box::new)));
    }
    if let (true, Some(before)) = (by_hand, state) {
        variables::follow(model, before, &mut effects);
    }
    let touched = model.draft.as_ref().map(|draft| draft.state) != state && state.is_some();
    // a prompt that was just opened is as it was kept
    let same = model.openings == kept.0;
    if same && (touched || kept.1 != kept_revision(model)) {
        effects.push(Effect::After(Timer::Autosave, AUTOSAVE_MS));
        if !model.due.contains(&Timer::Journal) {
            // from the first change on, whatever follows: typing without a pause must not put it off
            model.due.push(Timer::Journal);
            effects.push(Effect::After(Timer::Journal, model.journal_ms));
        }
        if model.draft.as_ref().is_some_and(|draft| draft.state.saturating_sub(draft.saved) >= AUTOSAVE_CHANGES) {
            // whoever types without a pause does not lose more than a line
            save::save_quietly(model, &mut effects);
        }
    }
    if touched {
        save::solved_by_undo(model);
    }
    if is_key && model.noticing == Noticing::Looked && !model.due.contains(&Timer::Look) && model.draft.is_some() {
        // where nothing tells of changes, whoever works here has the file looked at now and then
        model.due.push(Timer::Look);
        effects.push(Effect::After(Timer::Look, LOOK_MS));
    }
    if model.screen != screen && model.status == said {
        // what was to be known about one screen is wrong on another; what was done or has failed is told on all
        model.status.take_if(|status| status.weight == Weight::Note);
    }
    if model.status.is_some() && model.status != said {
        effects.push(Effect::After(Timer::Status, STATUS_MS));
    }
    tour::follow(model);
    lint::follow(model, &mut effects);
    margins::follow(model, &mut effects);
    settle::settle(model, &mut effects);
    counting::settle(model, &mut effects);
    effects
}

/// Takes the help off the box that it lies over.
fn lift_help(model: &mut Model) -> Option<Picker<HelpRow>> {
    match model.overlay.take() {
        Some(Overlay::Help(help, Some(below))) => {
            model.overlay = Some(*below);
            Some(help)
        }
        other => {
            model.overlay = other;
            None
        }
    }
}

/// Looks at the draft's file and at those beside it: somebody else may have changed them.
fn look(model: &Model, effects: &mut Vec<Effect>) {
    let Some(prompt) = model.draft.as_ref().map(|draft| draft.entry.name.clone()) else { return };
    let known = model.draft.as_ref().and_then(|draft| draft.shelf);
    effects.extend([
        Effect::Look(prompt.clone()),
        Effect::LookBeside(prompt.clone()),
        Effect::LookReleases { prompt, known },
    ]);
}

/// Whether `prompt` is the one that is open: what comes late for another one is dropped.
fn is_open(model: &Model, prompt: &str) -> bool {
    model.draft.as_ref().is_some_and(|draft| draft.entry.name == prompt)
}

/// Changes when something was written that is kept for the next start.
fn kept_revision(model: &Model) -> (u64, Option<u64>) {
    (model.play.message.buffer.revision(), model.draft.as_ref().map(|draft| draft.values.revision))
}

fn on_timer(model: &mut Model, timer: Timer, effects: &mut Vec<Effect>) {
    model.due.retain(|due| *due != timer);
    match timer {
        Timer::Autosave => {
            if let Some(draft) = &mut model.draft {
                // a pause ends the group that undo takes back in one step
                draft.history.end_group();
            }
            save::save_quietly(model, effects);
            save::keep(model, effects);
        }
        Timer::Journal => {
            journal::write(model, effects);
            save::keep(model, effects);
        }
        // nothing, when it was solved or somebody has to decide
        Timer::Retry => save::save_quietly(model, effects),
        Timer::Look => {
            look(model, effects);
            margins::touched(model, effects);
            model.reviewing.stale = true;
        }
        Timer::Lint => lint::due(model, effects),
        Timer::Count => counting::due(model, effects),
        Timer::Margin => margins::due(model, effects),
        Timer::Status => model.status = None,
        Timer::Clicks => model.pointer.clicks = None,
        Timer::Held => mouse::held(model, effects),
        Timer::Spinner => play::wait(model, effects),
        Timer::Followers => {
            if let Some(unfinished) = &mut model.unfinished {
                unfinished.shown = true;
            }
        }
    }
}

/// Comes out of EDIT; what was typed stays.
fn leave_edit(model: &mut Model) {
    model.level = Level::Nav;
    draft::end_value(model);
    if let Some(draft) = &mut model.draft {
        draft.history.end_group();
        if draft.resplit() {
            model.say(Weight::Note, "the headings changed: the text is split into its sections anew");
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
