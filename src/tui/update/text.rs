//! What happens to a text that is written: the sections, a value, the message.

use crossterm::event::{KeyCode, KeyEvent};

use super::{copying, draft as on_draft, search};
use crate::tui::draft::{EditKind, PaneId};
use crate::tui::editor::{Buffer, Change, Motion, Select};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{Focus, Level, Model, ScreenId, Weight};
use crate::tui::overlay::Overlay;
use crate::tui::writing::Writing;

/// A printable key.
pub fn typed(model: &mut Model, key: KeyEvent) {
    let KeyCode::Char(c) = key.code else { return };
    if c.is_whitespace() && model.buffer().is_some_and(ends_word) {
        end_group(model);
    }
    model.completing.due = true;
    edit(model, EditKind::Typing, |buffer| buffer.insert(c.encode_utf8(&mut [0; 4])));
}

/// Whether a blank that is typed now ends a word: an undo step is a word and the blanks before it.
fn ends_word(buffer: &Buffer) -> bool {
    let before = buffer.cursor().checked_sub(1).and_then(|at| buffer.rope().get_char(at));
    before.is_some_and(|before| !before.is_whitespace())
}

/// What is typed next is an undo step of its own.
pub fn end_group(model: &mut Model) {
    if let Some(writing) = small(model) {
        writing.end_group();
    } else if let Some(draft) = &mut model.draft {
        draft.history.end_group();
    }
}

/// Writes the variable that is chosen in the box.
pub fn complete(model: &mut Model) {
    let Some(name) = model.completing.shown().and_then(|shown| shown.chosen()).map(str::to_owned) else { return };
    edit(model, EditKind::Single, |buffer| buffer.complete_placeholder(&name));
}

/// Pasted text: one undo step, whatever its size.
pub fn paste(model: &mut Model, pasted: &str) {
    if matches!(model.overlay, Some(Overlay::Search(_))) {
        return search::paste(model, pasted);
    }
    if model.focus() == Focus::Said {
        return edit(model, EditKind::Single, |buffer| buffer.paste(pasted));
    }
    if let Some(overlay) = &mut model.overlay {
        overlay.paste(pasted);
        return;
    }
    if model.level == Level::Nav {
        model.say(Weight::Note, "pasted text goes into a text: Enter first, then paste");
        return;
    }
    edit(model, EditKind::Single, |buffer| buffer.paste(pasted));
}

/// Changes the text that has the focus; remembers it for undo first.
fn edit(model: &mut Model, kind: EditKind, change: impl FnOnce(&mut Buffer) -> Option<Change>) {
    match model.focus() {
        Focus::Draft(PaneId::Text(index)) => {
            let Some(draft) = &mut model.draft else { return };
            let before = draft.panes[index].revision();
            draft.remember(kind);
            change(&mut draft.panes[index]);
            if draft.panes[index].revision() == before {
                draft.forget_if_unchanged();
            } else {
                draft.touched();
            }
        }
        Focus::Draft(PaneId::Variables) => {
            let Some(editing) = model.draft.as_mut().and_then(|draft| draft.values.editing.as_mut()) else { return };
            editing.writing.edit(kind, change);
            on_draft::value_typed(model);
        }
        Focus::Message => {
            model.play.message.edit(kind, change);
            model.play.recalled = None;
        }
        Focus::Said => {
            if let Some(writing) = model.said_mut() {
                writing.edit(kind, change);
            }
        }
        _ => {}
    }
}

/// Actions of EDIT.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    use Action as A;
    let deleting = EditKind::Deleting;
    let single = EditKind::Single;
    match action {
        A::NewLine | A::MessageNewLine | A::ValueNewLine | A::SayNewLine => edit(model, single, Buffer::newline),
        A::DeleteBack => {
            model.completing.due = model.completing.now.is_some();
            edit(model, deleting, Buffer::backspace);
        }
        A::DeleteForward => edit(model, deleting, Buffer::delete),
        A::DeleteWordBack => edit(model, single, Buffer::delete_word_back),
        A::DeleteWordForward => edit(model, single, Buffer::delete_word_forward),
        A::DeleteLine => edit(model, single, Buffer::delete_lines),
        A::MoveLineUp => edit(model, single, Buffer::move_lines_up),
        A::MoveLineDown => edit(model, single, Buffer::move_lines_down),
        A::Indent => edit(model, single, Buffer::indent),
        A::Outdent => edit(model, single, Buffer::outdent),
        A::Paste => {
            let text = model.clipboard.clone();
            if text.is_empty() {
                model.say(Weight::Note, "nothing was cut or copied here yet; your terminal's own paste works too");
            }
            edit(model, single, |buffer| buffer.paste(&text));
        }
        A::Cut => match model.buffer().and_then(Buffer::selected_text) {
            Some(text) => {
                edit(model, single, |buffer| buffer.cut().map(|(_, change)| change));
                copying::copy(model, text, "selection that was cut", effects);
            }
            None => model.say(Weight::Note, "nothing is selected; Shift with the arrows selects"),
        },
        A::Copy => match model.buffer().and_then(Buffer::selected_text) {
            Some(text) => copying::copy(model, text, "selection", effects),
            None => model.say(Weight::Note, "nothing is selected; Shift with the arrows selects"),
        },
        A::SelectAll => with_buffer(model, Buffer::select_all),
        _ => {
            if let Some((motion, select)) = motion(action) {
                end_group(model);
                with_buffer(model, |buffer| buffer.move_to(motion, select));
            }
        }
    }
}

fn with_buffer(model: &mut Model, change: impl FnOnce(&mut Buffer)) {
    if let Some(buffer) = model.buffer_mut() {
        change(buffer);
    }
}

fn motion(action: Action) -> Option<(Motion, Select)> {
    use Action as A;
    let (motion, select) = match action {
        A::CursorLeft => (Motion::Left, Select::Move),
        A::CursorRight => (Motion::Right, Select::Move),
        A::CursorUp => (Motion::Up, Select::Move),
        A::CursorDown => (Motion::Down, Select::Move),
        A::WordLeft => (Motion::WordLeft, Select::Move),
        A::WordRight => (Motion::WordRight, Select::Move),
        A::LineHome => (Motion::LineStart, Select::Move),
        A::LineEnd => (Motion::LineEnd, Select::Move),
        A::EditPageUp => (Motion::PageUp, Select::Move),
        A::EditPageDown => (Motion::PageDown, Select::Move),
        A::TextStart => (Motion::Start, Select::Move),
        A::TextEnd => (Motion::End, Select::Move),
        A::ParagraphUp => (Motion::ParagraphUp, Select::Move),
        A::ParagraphDown => (Motion::ParagraphDown, Select::Move),
        A::ExtendLeft => (Motion::Left, Select::Extend),
        A::ExtendRight => (Motion::Right, Select::Extend),
        A::ExtendUp => (Motion::Up, Select::Extend),
        A::ExtendDown => (Motion::Down, Select::Extend),
        A::ExtendHome => (Motion::LineStart, Select::Extend),
        A::ExtendEnd => (Motion::LineEnd, Select::Extend),
        A::ExtendWordLeft => (Motion::WordLeft, Select::Extend),
        A::ExtendWordRight => (Motion::WordRight, Select::Extend),
        _ => return None,
    };
    Some((motion, select))
}

/// NAV in a text: the cursor moves as in EDIT, so that Enter goes on where one looks.
pub fn navigate(model: &mut Model, action: Action) {
    let motion = match action {
        Action::Up => Motion::Up,
        Action::Down => Motion::Down,
        Action::PageUp => Motion::PageUp,
        Action::PageDown => Motion::PageDown,
        Action::TopOf => Motion::Start,
        _ => Motion::End,
    };
    with_buffer(model, |buffer| buffer.move_to(motion, Select::Move));
}

/// One step back, in the text that has the focus.
pub fn undo(model: &mut Model) {
    if let Some(writing) = small(model) {
        let done = writing.undo();
        return after_small(model, done, "undo");
    }
    let Some(draft) = &mut model.draft else { return };
    if draft.focus == PaneId::Variables && draft.values.give_back() {
        return;
    }
    if draft.undo() {
        let redo = model.keymap.shown(Action::Redo);
        stepped(model, format!("the last change of the draft is undone; {redo} makes it again"));
    } else {
        model.say(Weight::Note, "nothing to undo");
    }
}

/// What was said to be done is not any more, or again. Where the text is not in sight, it is told.
fn stepped(model: &mut Model, told: String) {
    if model.screen == ScreenId::Draft {
        model.status.take_if(|status| status.weight == Weight::Done);
    } else {
        model.say(Weight::Done, told);
    }
}

/// One step forward again.
pub fn redo(model: &mut Model) {
    if let Some(writing) = small(model) {
        let done = writing.redo();
        return after_small(model, done, "redo");
    }
    match model.draft.as_mut().map(crate::tui::draft::Draft::redo) {
        Some(true) => stepped(model, "the change of the draft is made again".to_owned()),
        Some(false) => model.say(Weight::Note, "nothing to redo"),
        None => {}
    }
}

/// The message or the value that is written, which have an undo of their own.
fn small(model: &mut Model) -> Option<&mut Writing> {
    match model.focus() {
        Focus::Message => Some(&mut model.play.message),
        Focus::Said => model.said_mut(),
        Focus::Draft(PaneId::Variables) => {
            model.draft.as_mut()?.values.editing.as_mut().map(|editing| &mut editing.writing)
        }
        _ => None,
    }
}

fn after_small(model: &mut Model, done: bool, word: &str) {
    if !done {
        model.say(Weight::Note, format!("nothing to {word} here"));
    }
    on_draft::value_typed(model);
}
