//! The Draft screen: opening a prompt, its variables, its preview.

use crate::error::Error;
use crate::library::PromptEntry;
use crate::prompt::Privacy;
use crate::tui::draft::{Draft, DraftView, Editing, PaneId, PreviewSource, Row, RowState, section_of};
use crate::tui::editor::{Motion, Select};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Level, Model, Pending, Weight};
use crate::tui::msg::{Kept, Opened};
use crate::tui::writing::Writing;

/// The list of prompts was read.
pub fn listed(model: &mut Model, prompts: Vec<PromptEntry>) {
    if let Some(draft) = &mut model.draft
        && let Some(entry) = prompts.iter().find(|entry| entry.name == draft.entry.name)
    {
        draft.entry = entry.clone();
    }
    model.prompts = prompts;
}

/// A prompt was read: it becomes the open one.
pub fn opened(model: &mut Model, opened: Opened, effects: &mut Vec<Effect>) {
    if model.draft.as_ref().is_some_and(|draft| draft.changed() || draft.is_saving()) {
        // typed while the other prompt was read: saved first, then it is read again
        return open(model, &opened.entry.name, effects);
    }
    super::play::stop(model, effects);
    super::journal::write(model, effects);
    let before = model.draft.as_ref().map(|draft| draft.entry.name.clone());
    if let Some(before) = before.as_ref().filter(|before| **before != opened.entry.name) {
        effects.push(Effect::Close(before.clone()));
    }
    model.others.clear();
    let dropped = opened.left.dropped;
    let problems: Vec<String> = opened.problems.iter().map(ToString::to_string).collect();
    let name = opened.entry.name.clone();
    let (kept, agreed) = (opened.kept.clone(), opened.agreed.clone());
    model.openings += 1;
    model.linting.begin(opened.snapshot.lint.clone());
    model.margins.begin();
    model.draft = Some(Draft::open(opened));
    model.play = std::mem::take(&mut model.play).next(before.as_deref(), Some(&name));
    super::play::columns::reopened(model, effects);
    super::consent::was_given(model, agreed);
    model.diffing = model.diffing.anew();
    super::reviewing::forget(model);
    super::margins::watch(model, effects);
    effects.push(Effect::Look(name.clone()));
    model.kept = kept.clone().unwrap_or_default();
    let mut found = false;
    if let (Some(draft), Some(Kept { values, message })) = (&mut model.draft, kept) {
        found = values.is_some();
        if let Some((set, values)) = values {
            draft.values.take(set, values);
        }
        model.play.message = Writing::new(&message);
    }
    model.level = Level::Nav;
    model.finding = None;
    model.trouble = None;
    match problems.first() {
        Some(problem) if problems.len() == 1 => model.say(Weight::Warning, problem.clone()),
        Some(problem) => model.say(Weight::Warning, format!("{problem}; and {} more", problems.len() - 1)),
        None if found => {
            model.say(Weight::Note, format!("opened {name}, with the values as you left them; V chooses a set"));
        }
        None if dropped => {
            let why = "somebody else has changed the file since: what could be undone no longer fits it";
            model.say(Weight::Note, format!("opened {name}; {why}"));
        }
        None => model.say(Weight::Done, format!("opened {name}")),
    }
    super::journal::offer(model);
}

/// Opens a prompt, after what is open was saved.
pub fn open(model: &mut Model, name: &str, effects: &mut Vec<Effect>) {
    if model.draft.as_ref().is_some_and(|draft| draft.changed() || draft.is_saving()) {
        model.pending = Some(Pending::Open(name.to_owned()));
        super::save::save_quietly(model, effects);
    } else {
        effects.push(Effect::Open(name.to_owned()));
    }
}

/// A prompt was made: it is opened.
pub fn created(model: &mut Model, created: Result<String, Error>, effects: &mut Vec<Effect>) {
    match created {
        Ok(name) => {
            effects.push(Effect::List);
            open(model, &name, effects);
        }
        Err(error) => model.say(Weight::Failed, error.to_string()),
    }
}

fn selected(model: &Model) -> Option<Row> {
    let draft = model.draft.as_ref()?;
    draft.rows.get(draft.values.selected).cloned()
}

/// Name and value of the selected variable, unless it is hidden.
pub fn selected_value(model: &Model) -> Result<(String, String), String> {
    let row = selected(model).ok_or("this prompt has no variables")?;
    let values = model.draft.as_ref().map(|draft| &draft.values).ok_or("no prompt is open")?;
    if values.hidden(&row.name) {
        return Err(format!("the value of {} is hidden; v shows personal values", row.name));
    }
    let value = values.value(&row.name).ok_or_else(|| format!("{} has no value", row.name))?;
    Ok((row.name.clone(), value.to_owned()))
}

/// Goes into the value of the selected variable.
pub fn edit_value(model: &mut Model) {
    let Some(row) = selected(model) else {
        return model.say(Weight::Note, "no variables yet: write {{name}} in a section");
    };
    let key = model.keymap.shown(Action::Reveal);
    let Some(draft) = &mut model.draft else { return };
    let given = draft.values.values.get(&row.name).map(str::to_owned);
    // whoever looks over the shoulder sees what is typed now, and the old value only when it is asked for
    let hidden = draft.values.hidden(&row.name);
    let text = draft.values.value(&row.name).filter(|_| !hidden).unwrap_or_default().to_owned();
    let blind = hidden && draft.values.value(&row.name).is_some_and(|value| !value.is_empty());
    draft.values.editing =
        Some(Editing { name: row.name.clone(), before: given, writing: Writing::new(&text), blind, full: None });
    draft.focus = PaneId::Variables;
    model.level = Level::Edit;
    if blind && row.privacy == Privacy::Personal {
        model.say(
            Weight::Note,
            format!("the old value stays hidden; what you type takes its place, {key} shows it first"),
        );
    } else if row.state == RowState::Playtest {
        model.say(Weight::Note, format!("{} is filled by the playtest unless it has a value here", row.name));
    }
}

/// The value that is written takes effect with every key.
pub fn value_typed(model: &mut Model) {
    let Some(draft) = &mut model.draft else { return };
    let Some(editing) = &draft.values.editing else { return };
    let (name, text) = (editing.name.clone(), editing.writing.buffer.text());
    // a hidden value that nothing was typed over stays
    let value = if editing.blind && text.is_empty() { editing.before.clone() } else { Some(text) };
    draft.values.give(&name, value);
}

/// Out of the value; what was typed stays.
pub fn end_value(model: &mut Model) {
    let Some(draft) = &mut model.draft else { return };
    if let Some(zoomed) = draft.values.editing.take().and_then(|editing| editing.full) {
        model.zoomed = zoomed;
    }
}

/// Takes the value of the selected variable away.
pub fn clear_value(model: &mut Model) {
    let Some(row) = selected(model) else { return };
    let Some(draft) = &mut model.draft else { return };
    if draft.values.values.get(&row.name).is_some() {
        let mut without = draft.values.values.clone();
        without.0.remove(&row.name);
        draft.values.take_all(without);
        model.say(Weight::Done, format!("{} has no value of its own any more; u brings it back", row.name));
    } else {
        model.say(Weight::Note, format!("{} has no value of its own", row.name));
    }
}

/// Shows personal values, or hides them.
pub fn reveal(model: &mut Model) {
    let Some(draft) = &mut model.draft else { return };
    draft.values.reveal = !draft.values.reveal;
    let shown = draft.values.reveal;
    model.say(Weight::Note, if shown { "personal values are shown" } else { "personal values are hidden" });
}

/// The preview raw or filled.
pub fn toggle_raw(model: &mut Model) {
    let Some(draft) = &mut model.draft else { return };
    draft.raw = !draft.raw;
    let raw = draft.raw;
    model.say(
        Weight::Note,
        if raw { "the preview shows the text as it is stored" } else { "the preview shows the filled text" },
    );
}

/// Arrows in the variables.
pub fn navigate_values(model: &mut Model, action: Action) {
    let Some(draft) = &mut model.draft else { return };
    let last = draft.rows.len().saturating_sub(1);
    let selected = &mut draft.values.selected;
    *selected = match action {
        Action::Up => selected.saturating_sub(1),
        Action::Down => (*selected + 1).min(last),
        Action::PageUp => selected.saturating_sub(10),
        Action::PageDown => (*selected + 10).min(last),
        Action::TopOf => 0,
        Action::BottomOf => last,
        _ => return sideways(model, action),
    };
}

/// Arrows in the preview.
pub fn navigate_preview(model: &mut Model, action: Action) {
    let Some(area) = DraftView::of(model).and_then(|view| view.area(PaneId::Preview)).map(layout::text) else { return };
    let page = isize::try_from(area.height).unwrap_or(1).max(2) - 1;
    match action {
        Action::Up => scroll_preview(model, -1),
        Action::Down => scroll_preview(model, 1),
        Action::PageUp => scroll_preview(model, -page),
        Action::PageDown => scroll_preview(model, page),
        Action::TopOf | Action::BottomOf => {
            let history = model.play.history();
            let Some(draft) = &mut model.draft else { return };
            let source = PreviewSource::new(draft, history);
            let at = match action {
                Action::TopOf => crate::tui::draft::PreviewAnchor::default(),
                _ => source.scrolled(source.last(), -page + 1, usize::from(area.width)),
            };
            draft.preview = at;
        }
        _ => sideways(model, action),
    }
}

/// Scrolls the preview by rows.
pub fn scroll_preview(model: &mut Model, by: isize) {
    let Some(area) = DraftView::of(model).and_then(|view| view.area(PaneId::Preview)).map(layout::text) else { return };
    let history = model.play.history();
    let Some(draft) = &mut model.draft else { return };
    let at = PreviewSource::new(draft, history).scrolled(draft.preview, by, usize::from(area.width));
    draft.preview = at;
}

/// Left and right between the columns of the screen.
pub fn sideways(model: &mut Model, action: Action) {
    let Some(draft) = &mut model.draft else { return };
    draft.focus = match (draft.focus, action) {
        (PaneId::Text(index), Action::Right) => {
            draft.last_text = index;
            PaneId::Variables
        }
        (PaneId::Variables, Action::Right) => PaneId::Preview,
        (PaneId::Preview, Action::Left) => PaneId::Variables,
        (PaneId::Variables, Action::Left) => {
            let shown = draft.shown().any(|index| index == draft.last_text);
            PaneId::Text(if shown { draft.last_text } else { 1 })
        }
        (focus, _) => focus,
    };
}

/// Moves the selected lines of the unsorted text, or all of it, to the end of a section, as one undo step.
pub fn move_to_section(model: &mut Model, index: usize) {
    let Some(draft) = &mut model.draft else { return };
    if draft.panes[0].is_empty() {
        return model.say(Weight::Note, "there is no unsorted text");
    }
    let unsorted = &draft.panes[0];
    let rope = unsorted.rope();
    let taken = match unsorted.selection() {
        Some(selected) => {
            let first = rope.char_to_line(selected.start);
            let last = rope.char_to_line(selected.end.saturating_sub(1).max(selected.start));
            rope.line_to_char(first)..rope.line_to_char((last + 1).min(rope.len_lines()))
        }
        None => 0..rope.len_chars(),
    };
    let moved = rope.slice(taken.clone()).to_string();
    let mut stays = rope.clone();
    stays.remove(taken);
    let mut document = draft.text().to_document();
    let section = section_of(index);
    let before = document.body(section).to_owned();
    let eol = if before.is_empty() || before.ends_with('\n') { "" } else { document.eol.as_str() };
    document.set_body(section, &format!("{before}{eol}{}", moved.trim_end_matches(['\r', '\n'])));
    document.set_body(None, &stays.to_string());
    let mut text = document.to_text();
    if stays.len_chars() == 0 {
        // the empty lines below the unsorted text went with it
        let mark = text.starts_with('\u{feff}').then_some('\u{feff}');
        let rest = text.trim_start_matches(['\u{feff}', '\r', '\n']).to_owned();
        text = mark.into_iter().collect::<String>() + &rest;
    }
    draft.replace_text(&text);
    draft.focus = PaneId::Text(index);
    draft.panes[index].move_to(Motion::End, Select::Move);
    if model.level == Level::Edit {
        super::leave_edit(model);
    }
    model.say(Weight::Done, "moved; undo brings it back");
}
