//! A key press: which action it is where we are, and what the action does. What it does to a text is in `text`.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{
    begin, committing, consent, copying, counting, diff, draft, drill, evidence, exactly, form, intake, jump,
    leave_edit, lint, list, outside, params, past, play, release, reviewing, save, saying, search, tape, text, tour,
    trash, variables, wire,
};
use crate::diff::Which;
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::find::Task;
use crate::tui::keymap::{Action, Chord, Context, Found, shown_keys};
use crate::tui::model::{Focus, Level, Model, ScreenId, Unfinished, Weight};
use crate::tui::msg::Timer;
use crate::tui::overlay::{Overlay, Pick};

/// One key.
pub fn press(model: &mut Model, key: KeyEvent, effects: &mut Vec<Effect>) {
    model.pointer.release();
    if tour::dismissed(model, effects) {
        return;
    }
    let mut pressed = model.unfinished.take().map(|unfinished| unfinished.pressed).unwrap_or_default();
    // what is written in a filter, a form or a text comes before the letters that are commands, not before a sequence
    // that was begun
    if pressed.is_empty() {
        if model.overlay.is_some() {
            if list::typed(model, key)
                || form::typed(model, key)
                || jump::typed(model, key)
                || search::typed(model, key, effects)
                || past::typed(model, key, effects)
                || wire::typed(model, key)
            {
                return;
            }
            if model.focus() == Focus::Said && is_text(key) {
                text::typed(model, key);
                return;
            }
        } else if model.level == Level::Edit && is_text(key) {
            text::typed(model, key);
            return;
        }
    } else if key.code == KeyCode::Esc {
        return;
    }
    let contexts = model.contexts();
    // over a box, only what makes sense there: the others would change what lies under it
    let writes = matches!(model.overlay, Some(Overlay::Freeze(_)));
    let over = |action: &Action| {
        let everywhere = action.entry().context == Context::Everywhere;
        let outside = *action == Action::EditOutside && writes;
        let stops =
            *action == Action::CopyOrStop && matches!(&model.overlay, Some(Overlay::Release(form)) if form.busy);
        let help = *action == Action::Help && !matches!(model.overlay, Some(Overlay::Help(..)));
        !everywhere
            || outside
            || stops
            || help
            || matches!(
                action,
                Action::Save | Action::Quit | Action::MouseToggle | Action::Back | Action::TourNext | Action::TourBack
            )
    };
    pressed.push(Chord::from_event(key));
    match model.keymap.find(&contexts, &pressed) {
        Found::Action(action) if model.overlay.is_none() || over(&action) => act(model, action, effects),
        Found::Beginning => {
            model.unfinished = Some(Unfinished { pressed, shown: false });
            effects.push(Effect::After(Timer::Followers, super::FOLLOWERS_MS));
        }
        Found::Nothing if pressed.len() > 1 => {
            let begun = shown_keys(&pressed[..1]);
            let all = shown_keys(&pressed);
            model.say(Weight::Note, format!("{all} does nothing here; {begun} and a moment shows what may follow"));
        }
        Found::Nothing if model.overlay.is_none() => unknown(model, key),
        Found::Action(_) | Found::Nothing => {}
    }
}

fn is_text(key: KeyEvent) -> bool {
    let chord = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
    // AltGr arrives as both and makes a character
    matches!(key.code, KeyCode::Char(_)) && (chord.is_empty() || chord == KeyModifiers::CONTROL | KeyModifiers::ALT)
}

fn unknown(model: &mut Model, key: KeyEvent) {
    if model.level == Level::Nav
        && matches!(key.code, KeyCode::Char(_))
        && (key.modifiers - KeyModifiers::SHIFT).is_empty()
    {
        let chord = Chord::from_event(key);
        let help = model.keymap.shown(Action::Help);
        // the way into a text is told where there is one
        let way = match model.focus() {
            Focus::Rows | Focus::Comments | Focus::Said | Focus::Draft(PaneId::Preview) => String::new(),
            _ => format!("{} goes into the text, ", model.keymap.shown(Action::Edit)),
        };
        model.say(Weight::Note, format!("{chord} does nothing here; {way}{help} shows the keys"));
    }
}

/// Does what `action` says, whether a key, the palette or a click asked for it.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    use Action as A;
    if let Some(why) = super::hides(model, action) {
        return model.say(Weight::Note, why);
    }
    match action {
        A::Help => list::open_help(model),
        A::Palette => list::open_palette(model),
        A::LibraryOpen => list::open(model, Pick::Library, effects),
        A::ChooseSet => list::open(model, Pick::Set, effects),
        A::ChooseModel => list::open(model, Pick::Model, effects),
        A::Theme => list::open(model, Pick::Theme, effects),
        A::ChooseFrom => list::open(model, Pick::From, effects),
        A::ChooseTo => list::open(model, Pick::To, effects),
        A::MoveToSection => list::open(model, Pick::Section, effects),
        A::Save => save::save(model, effects),
        A::SaveCopy => save::ask_for_copy(model),
        A::Quit => save::quit(model, effects),
        A::Freeze => form::open_freeze(model, effects),
        A::Deploy => release::choose_version(model),
        A::RollBack => release::roll_back(model, effects),
        A::Releases => release::ask_log(model, effects),
        A::Drill => drill::begin(model, effects),
        A::BeginDraft => begin::choose_version(model),
        A::DiffBegin => begin::from_left_side(model, effects),
        A::SearchVersions => diff::ask_for_phrase(model),
        A::Commit => committing::wanted(model, effects),
        A::Costs => counting::open(model),
        A::History => past::open(model, effects),
        A::Spend => {
            effects.push(Effect::LookAtSpend);
            model.overlay = Some(Overlay::Spend(0));
        }
        A::PastAgain | A::PastSide | A::PastGood | A::PastBad | A::PastEverything | A::PastExport => {
            past::act(model, action, effects);
        }
        A::CountExactly => exactly::count(model, effects),
        A::Send => play::send(model, effects),
        A::SendMessage => play::send_message(model, effects),
        A::KeepTurn => evidence::open(model, effects),
        A::Cassette => tape::open(model, effects),
        A::AddColumn => play::columns::ask_to_add(model, effects),
        A::CloseColumn => play::columns::close(model, effects),
        A::ColumnSubject => list::open(model, Pick::Subject, effects),
        A::CompareReplies => play::columns::toggle_comparing(model),
        A::Agreements => consent::open_agreements(model, effects),
        A::Regenerate => play::regenerate(model, effects),
        A::ToggleBlind => play::blind::toggle(model, effects),
        A::CastVote => play::blind::ask_to_vote(model, effects),
        A::EditMessage => play::edit_message(model),
        A::MarkdownToggle => play::toggle_raw(model),
        A::ThinkingToggle => play::toggle_thinking(model),
        A::Params => params::open(model),
        A::Exact => wire::open(model, effects),
        A::WireHalf
        | A::WireUp
        | A::WireDown
        | A::WirePageUp
        | A::WirePageDown
        | A::WireTop
        | A::WireBottom
        | A::WireFind
        | A::WireNext
        | A::WirePrevious
        | A::WireCurl
        | A::WireFile
        | A::WireCopy
        | A::WireSent
        | A::WireForm
        | A::WireReveal
        | A::WireClose => wire::act(model, action, effects),
        A::Prefill => play::ask_for_prefill(model),
        A::StopColumn => play::stop_column(model, effects),
        A::NextTurn => play::columns::step_turn(model, 1),
        A::PreviousTurn => play::columns::step_turn(model, -1),
        A::NextBranch => play::columns::switch(model, 1),
        A::PreviousBranch => play::columns::switch(model, -1),
        A::NewConversation => play::start_over(model, effects),
        A::MessageOlder => play::recall(model),
        A::NextPane => step_pane(model, 1),
        A::PreviousPane => step_pane(model, -1),
        A::ScreenDraft => show(model, ScreenId::Draft),
        A::ScreenPlay => show(model, ScreenId::Play),
        A::ScreenDiff => show(model, ScreenId::Diff),
        A::ScreenReview => show(model, ScreenId::Review),
        A::ReviewSubject => list::open(model, Pick::Reviewed, effects),
        A::ExtendUp | A::ExtendDown if model.focus() == Focus::Comments => reviewing::extend(model, action),
        A::SayIt => saying::written(model, effects),
        A::SayClose => saying::close(model),
        _ if action.is_of_review() => reviewing::act(model, action, effects),
        A::DraftDiff => diff::of_draft(model),
        A::Back => back(model, effects),
        A::CopyOrStop => copying::copy_or_stop(model, effects),
        A::EditOutside => outside::edit(model, effects),
        A::PromptOutside => outside::edit_prompt(model, effects),
        A::Find => search::open(model, Task::Find),
        A::Replace => search::open(model, Task::Replace),
        A::FindNext => search::find(model, true),
        A::FindPrevious => search::find(model, false),
        A::ListDelete if matches!(model.overlay, Some(Overlay::Past)) => past::act(model, action, effects),
        A::NewPrompt | A::ListNew => list::ask_prompt_name(model),
        A::ListDelete => trash::ask(model),
        A::Reload => effects.push(Effect::List),
        A::MouseToggle => {
            model.mouse = !model.mouse;
            effects.push(Effect::Mouse(model.mouse));
            let whose = if model.mouse {
                "the mouse is greenroom's"
            } else {
                "the mouse is the terminal's; <mouse.toggle> takes it back"
            };
            model.say(Weight::Note, whose);
        }
        A::Edit => enter_edit(model),
        A::ValueEdit => draft::edit_value(model),
        A::ValueDone => leave_edit(model),
        A::Clear => draft::clear_value(model),
        A::SaveSet => list::ask_set_name(model),
        A::Properties => variables::open_properties(model),
        A::ValueFull => variables::edit_in_full(model),
        A::ImportValues => intake::open(model),
        A::RenameVariable => variables::open_rename(model),
        A::Reveal => draft::reveal(model),
        A::RawToggle => draft::toggle_raw(model),
        A::Yank => copying::copy_pane(model, effects),
        A::Jump => jump::open(model),
        A::TourNext | A::TourBack => tour::step(model, action),
        A::Findings => lint::open(model),
        A::NextFinding | A::PreviousFinding => lint::step(model, action),
        A::FixFinding => lint::fix(model),
        A::AllowFinding => lint::allow(model),
        A::Zoom => model.zoomed = !model.zoomed,
        A::NextChange => diff::step_change(model, 1),
        A::PreviousChange => diff::step_change(model, -1),
        A::NextSection => diff::step_section(model, 1),
        A::PreviousSection => diff::step_section(model, -1),
        A::LayoutToggle => model.diffing.inline = !model.diffing.inline,
        A::DiffTake => diff::take(model),
        A::DiffFold => diff::toggle_fold(model),
        A::DiffPage => model.diffing.page = if model.diffing.page.is_some() { None } else { Some(0) },
        A::DiffStory => diff::tell(model, effects),
        A::DiffFind => diff::ask_to_find(model),
        A::DiffFindNext => diff::find(model, diff::Way::Down),
        A::DiffFindPrevious => diff::find(model, diff::Way::Up),
        A::DiffCopyLeft => diff::copy_side(model, Which::From, effects),
        A::DiffWrap => diff::toggle_wrap(model),
        A::DiffBlanks => model.diffing.blanks = !model.diffing.blanks,
        A::CompletionTake => text::complete(model),
        A::CompletionNext => model.completing.step(1),
        A::CompletionPrevious => model.completing.step(-1),
        A::Undo => text::undo(model),
        A::Redo => text::redo(model),
        A::Up | A::Down | A::Left | A::Right | A::PageUp | A::PageDown | A::TopOf | A::BottomOf => {
            navigate(model, action);
        }
        A::ListUp
        | A::ListDown
        | A::ListPageUp
        | A::ListPageDown
        | A::ListTop
        | A::ListBottom
        | A::ShowFilter
        | A::RowOpen
        | A::RowClose
        | A::ListDrill
        | A::ListBegin => list::act(model, action, effects),
        A::DialogNext
        | A::DialogPrevious
        | A::FormLeft
        | A::FormRight
        | A::FormPageUp
        | A::FormPageDown
        | A::FormAccept
        | A::FormClose => form::act(model, action, effects),
        A::SearchDown
        | A::SearchUp
        | A::SearchPageDown
        | A::SearchPageUp
        | A::SearchLetters
        | A::SearchWords
        | A::SearchPattern
        | A::SearchWhere
        | A::ReplaceSkip
        | A::ReplaceEvery => search::act(model, action, effects),
        _ => text::act(model, action, effects),
    }
}

/// Another screen. EDIT is left: letters are commands on a screen one comes to.
pub fn show(model: &mut Model, screen: ScreenId) {
    if model.level == Level::Edit {
        leave_edit(model);
    }
    model.screen = screen;
    model.overlay = None;
    match screen {
        ScreenId::Diff => diff::shown(model),
        ScreenId::Review => reviewing::shown(model),
        ScreenId::Draft | ScreenId::Play => {}
    }
}

fn enter_edit(model: &mut Model) {
    match model.focus() {
        Focus::Draft(PaneId::Text(_)) | Focus::Message => model.level = Level::Edit,
        Focus::Draft(PaneId::Variables) => draft::edit_value(model),
        Focus::Draft(PaneId::Preview) => {
            model.say(Weight::Note, "the preview shows what is sent; <pane.next> goes to a section that can be edited");
        }
        Focus::Transcript => {
            model.play.in_message = true;
            model.level = Level::Edit;
        }
        Focus::Rows | Focus::Comments | Focus::Said => {
            model.say(Weight::Note, "nothing is edited here; 1 goes to the draft");
        }
    }
}

fn step_pane(model: &mut Model, by: isize) {
    let editing = model.level == Level::Edit;
    if editing {
        leave_edit(model);
    }
    match model.screen {
        ScreenId::Draft => {
            if let Some(draft) = &mut model.draft {
                let order = draft.order();
                let at = order.iter().position(|pane| *pane == draft.focus).unwrap_or(0);
                let next = (at.cast_signed() + by).rem_euclid(order.len().cast_signed());
                draft.focus = order[next.unsigned_abs()];
                // from text to text one goes on writing
                if editing && matches!(draft.focus, PaneId::Text(_)) {
                    model.level = Level::Edit;
                }
            }
        }
        ScreenId::Play => {
            play::columns::step_pane(model, by);
        }
        ScreenId::Diff => diff::step_section(model, by),
        ScreenId::Review => reviewing::step(model, by > 0),
    }
}

/// One step back: overlay, stream, EDIT. Never loses text, never quits.
fn back(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.close_box() || model.completing.close() {
        committing::ask_if_quiet(model);
        return;
    }
    if model.screen == ScreenId::Play && play::stop(model, effects) {
        return;
    }
    if model.level == Level::Edit {
        if let Some(buffer) = model.buffer_mut() {
            buffer.deselect();
        }
        return leave_edit(model);
    }
    if model.screen == ScreenId::Play && play::stop_editing(model) {
        return;
    }
    if model.screen == ScreenId::Diff && model.diffing.page.take().is_some() {
        return;
    }
    if model.zoomed {
        model.zoomed = false;
        return;
    }
    if play::stop(model, effects) || exactly::stop(model, effects) {
        return;
    }
    if let Some(finding) = model.finding.as_mut().filter(|finding| finding.marked) {
        finding.marked = false;
        return;
    }
    let key = model.keymap.shown(Action::Quit);
    model.say(Weight::Note, format!("nothing to go back from; {key} quits"));
}

/// Arrows, hjkl, pages and ends outside a text that is written.
fn navigate(model: &mut Model, action: Action) {
    match model.focus() {
        Focus::Draft(PaneId::Variables) => draft::navigate_values(model, action),
        Focus::Draft(PaneId::Preview) => draft::navigate_preview(model, action),
        Focus::Draft(PaneId::Text(_)) if matches!(action, Action::Left | Action::Right) => {
            draft::sideways(model, action);
        }
        Focus::Draft(PaneId::Text(_)) => text::navigate(model, action),
        Focus::Message | Focus::Transcript => play::navigate(model, action),
        Focus::Rows => diff::navigate(model, action),
        Focus::Comments => reviewing::navigate(model, action),
        Focus::Said => {}
    }
}
