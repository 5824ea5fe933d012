//! Finding and replacing in the sections. Nothing is searched here: a search is asked for, and what it found is used as
//! long as the text stays what was searched.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use crate::tui::draft::{EditKind, PaneId};
use crate::tui::effect::Effect;
use crate::tui::find::{
    Edit, Field, Finding, Found, Letters, Place, Search, SearchForm, Task, Then, replacement, revisions,
};
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, ScreenId, Weight};
use crate::tui::overlay::Overlay;

/// Opens the box, with what is selected or was searched for last in it.
pub fn open(model: &mut Model, task: Task) {
    let Some(draft) = &model.draft else { return model.say(Weight::Note, "no prompt is open") };
    let pane = match draft.focus {
        PaneId::Text(index) => index,
        _ => draft.last_text,
    };
    let buffer = &draft.panes[pane];
    let selected = buffer.selected_text().filter(|text| !text.contains(['\n', '\r']));
    let from = buffer.selection().map_or(buffer.cursor(), |range| range.start);
    let last = model.finding.as_ref();
    let query = last.map(|finding| finding.query.clone()).unwrap_or_default();
    // a selection is what is meant word for word
    let reading = crate::tui::editor::Reading { pattern: query.reading.pattern && selected.is_none(), ..query.reading };
    let form = SearchForm {
        task,
        find: Input::chosen(&selected.unwrap_or(query.text)),
        with: Input::chosen(last.and_then(|finding| finding.with.as_deref()).unwrap_or_default()),
        field: Field::Find,
        letters: query.letters,
        reading,
        alone: query.only == Some(pane),
        pane,
        selected: 0,
        from: (pane, from),
        kept: std::collections::BTreeSet::new(),
    };
    model.finding = Some(Finding::new(form.query(), form.with()));
    model.screen = ScreenId::Draft;
    model.overlay = Some(Overlay::Search(Box::new(form)));
}

fn form(model: &mut Model) -> Option<&mut SearchForm> {
    match &mut model.overlay {
        Some(Overlay::Search(form)) => Some(form),
        _ => None,
    }
}

/// A key in the box; `false` when it writes nothing and is no letter of the list.
pub fn typed(model: &mut Model, key: KeyEvent, effects: &mut Vec<Effect>) -> bool {
    let Some(form) = form(model) else { return false };
    if let Some(line) = form.line() {
        let taken = line.key(key);
        asked_anew(model);
        return taken;
    }
    let action = match key.code {
        KeyCode::Char(_) if !(key.modifiers - crossterm::event::KeyModifiers::SHIFT).is_empty() => return false,
        KeyCode::Char('c') => Action::SearchLetters,
        KeyCode::Char('w') => Action::SearchWords,
        KeyCode::Char('x') => Action::SearchPattern,
        KeyCode::Char('i') => Action::SearchWhere,
        KeyCode::Char('k') => Action::SearchUp,
        KeyCode::Char('j') => Action::SearchDown,
        KeyCode::Char('s' | ' ') => Action::ReplaceSkip,
        KeyCode::Char('a') => Action::ReplaceEvery,
        KeyCode::Char('u') => Action::Undo,
        KeyCode::Char(_) => return true,
        _ => return false,
    };
    act(model, action, effects);
    true
}

/// Text is pasted into the box.
pub fn paste(model: &mut Model, text: &str) {
    if let Some(line) = form(model).and_then(SearchForm::line) {
        line.paste(text);
        asked_anew(model);
    }
}

/// What the fields ask for is another search than the one before.
fn asked_anew(model: &mut Model) {
    let Some(Overlay::Search(form)) = &mut model.overlay else { return };
    let (query, with) = (form.query(), form.with());
    if let Some(finding) = &model.finding
        && finding.query == query
        && finding.with == with
    {
        return;
    }
    form.kept.clear();
    model.finding = Some(Finding::new(query, with));
}

/// An action of the box.
pub fn act(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    use Action as A;
    let Some(form) = form(model) else { return };
    match action {
        A::DialogNext => form.step(1),
        A::DialogPrevious => form.step(-1),
        A::SearchLetters => {
            form.letters = match form.letters {
                Letters::Smart => Letters::Exact,
                Letters::Exact => Letters::Any,
                Letters::Any => Letters::Smart,
            };
        }
        A::SearchWords => form.reading.words = !form.reading.words,
        A::SearchPattern => form.reading.pattern = !form.reading.pattern,
        A::SearchWhere => form.alone = !form.alone,
        A::SearchUp => return choose(model, -1),
        A::SearchDown => return choose(model, 1),
        A::SearchPageUp => return choose(model, -10),
        A::SearchPageDown => return choose(model, 10),
        A::ReplaceSkip => return skip(model),
        A::ReplaceEvery => return replace_every(model, effects),
        A::Undo => {
            if model.draft.as_mut().is_some_and(|draft| !draft.undo()) {
                model.say(Weight::Note, "nothing to undo");
            }
            return;
        }
        A::FormAccept => return accept(model),
        A::FormClose => return close(model),
        _ => return,
    }
    asked_anew(model);
}

fn accept(model: &mut Model) {
    let Some(form) = form(model) else { return };
    match (form.task, form.field) {
        (Task::Replace, Field::Find) => form.field = Field::With,
        (Task::Replace, Field::With) => form.field = Field::List,
        (Task::Replace, Field::List) => replace_one(model),
        (Task::Find, _) => {
            let chosen = form.selected;
            close(model);
            if model.finding.as_ref().is_some_and(|finding| finding.query.text.is_empty()) {
                model.finding = None;
                return;
            }
            match fresh(model) {
                Some(found) if found.places.is_empty() => step(model, Then::Here),
                Some(found) => go_to(model, &found, chosen),
                None => then(model, Then::Here),
            }
        }
    }
}

/// Out of the box; headings that were replaced split the text anew.
pub fn close(model: &mut Model) {
    if !matches!(model.overlay, Some(Overlay::Search(_))) {
        return;
    }
    model.overlay = None;
    if model.draft.as_mut().is_some_and(crate::tui::draft::Draft::resplit) {
        model.say(Weight::Note, "the headings changed: the text is split into its sections anew");
    }
}

fn choose(model: &mut Model, by: isize) {
    let Some(found) = fresh(model) else { return };
    let Some(form) = form(model) else { return };
    let last = found.samples.len().saturating_sub(1);
    form.selected = form.selected.saturating_add_signed(by).min(last);
}

/// A row of the list was clicked.
pub fn choose_row(model: &mut Model, row: usize) {
    let Some(found) = fresh(model) else { return };
    if let Some(form) = form(model).filter(|_| row < found.samples.len()) {
        form.selected = row;
        form.field = Field::List;
    }
}

/// What was found, if the text is still what was searched.
fn fresh(model: &Model) -> Option<Arc<Found>> {
    model.finding.as_ref()?.fresh(model.draft.as_ref()?).cloned()
}

fn then(model: &mut Model, what: Then) {
    if let Some(finding) = &mut model.finding {
        finding.then = Some(what);
    }
}

/// After every message: asks for the search that is wanted and was not made yet.
pub fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let is_open = matches!(model.overlay, Some(Overlay::Search(_)));
    let (Some(draft), Some(finding)) = (&model.draft, &mut model.finding) else { return };
    let now = revisions(draft);
    if (!is_open && finding.then.is_none()) || finding.asked == Some(now) {
        return;
    }
    finding.asked = Some(now);
    model.searches += 1;
    effects.push(Effect::Search(Box::new(Search::new(model.searches, finding, draft))));
}

/// A search has ended.
pub fn found(model: &mut Model, number: u64, result: Result<Found, String>) {
    if number != model.searches {
        return;
    }
    let Some(finding) = &mut model.finding else { return };
    let then = finding.then.take();
    match result {
        Ok(found) => {
            finding.problem = None;
            finding.found = Some(Arc::new(found));
        }
        Err(problem) => {
            finding.found = None;
            if matches!(model.overlay, Some(Overlay::Search(_))) {
                finding.problem = Some(problem);
            } else {
                model.say(Weight::Warning, problem);
            }
            return;
        }
    }
    if let (Some(found), Some(form)) = (fresh(model), form(model)) {
        let (pane, at) = form.from;
        form.selected = found.at_or_after(pane, at).min(found.samples.len().saturating_sub(1));
    }
    match then {
        Some(Then::Replace) => replace_one(model),
        Some(Then::Here) => step(model, Then::Here),
        Some(Then::Next) => step(model, Then::Next),
        Some(Then::Previous) => step(model, Then::Previous),
        None => {}
    }
}

/// The next or previous match of what is searched for, over all sections of the prompt.
pub fn find(model: &mut Model, forward: bool) {
    let what = if forward { Then::Next } else { Then::Previous };
    match &mut model.finding {
        None => model.say(Weight::Note, "nothing is searched for yet: <find.open>"),
        Some(finding) => {
            finding.marked = true;
            if fresh(model).is_some() {
                step(model, what);
            } else {
                then(model, what);
            }
        }
    }
}

fn step(model: &mut Model, what: Then) {
    let (Some(found), Some(draft), Some(finding)) = (fresh(model), &model.draft, &model.finding) else { return };
    if found.places.is_empty() {
        let place = if finding.query.only.is_some() { "this section" } else { "this prompt" };
        let text = format!("{:?} is not in {place}", finding.query.text);
        return model.say(Weight::Warning, text);
    }
    let pane = match draft.focus {
        PaneId::Text(pane) => pane,
        _ => draft.last_text,
    };
    let (cursor, selection) = (draft.panes[pane].cursor(), draft.panes[pane].selection());
    let start = selection.as_ref().map_or(cursor, |range| range.start);
    let index = match what {
        Then::Previous => found.before(pane, start),
        // from the match that one is at, to the one after it
        Then::Next if selection.is_some() => found.at_or_after(pane, start + 1),
        _ => found.at_or_after(pane, start),
    };
    go_to(model, &found, index);
}

/// Selects a match and says which one of how many it is.
fn go_to(model: &mut Model, found: &Found, index: usize) {
    let (Some(draft), Some(place)) = (&mut model.draft, found.places.get(index)) else { return };
    draft.history.end_group();
    draft.focus = PaneId::Text(place.pane);
    draft.panes[place.pane].select(place.chars.clone());
    model.screen = ScreenId::Draft;
    model.say(
        Weight::Note,
        format!("match {} of {}; <find.next> and <find.previous> in NAV go on", index + 1, found.places.len()),
    );
}

/// Puts the replacement in the place of the chosen match, and goes on to the next.
fn replace_one(model: &mut Model) {
    let Some(found) = fresh(model) else { return then(model, Then::Replace) };
    let Some(form) = form(model) else { return };
    let chosen = form.selected;
    let (Some(Place { pane, chars }), Some(sample)) = (found.places.get(chosen), found.samples.get(chosen)) else {
        return model.say(Weight::Note, "there is nothing to replace");
    };
    let (pane, chars) = (*pane, chars.clone());
    let (Some(finding), Some(draft)) = (&model.finding, &model.draft) else { return };
    let search = Search::new(model.searches, finding, draft);
    let Some(new) = replacement(&search, pane, sample.line, chars.start) else { return };
    let length = new.chars().count();
    let Some(Overlay::Search(form)) = &mut model.overlay else { return };
    form.from = (pane, chars.start + length);
    let shifted = |(other, at): &(usize, usize)| {
        if *other == pane && *at >= chars.end { (pane, at - chars.len() + length) } else { (*other, *at) }
    };
    form.kept = form.kept.iter().map(shifted).collect();
    let Some(draft) = &mut model.draft else { return };
    draft.focus = PaneId::Text(pane);
    draft.remember(EditKind::Single);
    let before = draft.panes[pane].revision();
    draft.panes[pane].replace(chars, &new);
    if draft.panes[pane].revision() == before {
        draft.forget_if_unchanged();
    } else {
        draft.touched();
    }
    model.say(Weight::Done, "replaced one; undo brings it back");
}

/// Leaves the chosen match as it is, or not any more, and goes on to the next.
fn skip(model: &mut Model) {
    let Some(found) = fresh(model) else { return };
    let Some(form) = form(model).filter(|form| form.task == Task::Replace) else { return };
    let Some(place) = found.places.get(form.selected) else { return };
    let key = (place.pane, place.chars.start);
    if !form.kept.remove(&key) {
        form.kept.insert(key);
    }
    form.from = (place.pane, place.chars.end);
    form.selected = (form.selected + 1).min(found.samples.len().saturating_sub(1));
}

fn replace_every(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(form) = form(model).filter(|form| form.task == Task::Replace) else { return };
    let kept = form.kept.clone();
    let (Some(draft), Some(finding)) = (&model.draft, &model.finding) else { return };
    if finding.needle.is_none() || finding.problem.is_some() {
        return;
    }
    model.searches += 1;
    effects.push(Effect::ReplaceAll { search: Box::new(Search::new(model.searches, finding, draft)), kept });
    model.say(Weight::Note, "replacing…");
}

/// Everything was replaced, in a copy: it is taken as one undo step if the text is still what was copied.
pub fn replaced(model: &mut Model, number: u64, of: [u64; 6], edits: &[Edit]) {
    if number != model.searches {
        return;
    }
    let Some(draft) = &mut model.draft else { return };
    if revisions(draft) != of {
        return model.say(Weight::Warning, "the text changed meanwhile: nothing was replaced");
    }
    let count: usize = edits.iter().map(|edit| edit.count).sum();
    if count == 0 {
        return model.say(Weight::Note, "there is nothing to replace");
    }
    draft.remember(EditKind::Single);
    for edit in edits {
        let buffer = &mut draft.panes[edit.pane];
        let (line, column) = buffer.line_and_column();
        buffer.replace(edit.chars.clone(), &edit.text);
        buffer.go_to(line, column);
    }
    draft.touched();
    close(model);
    let (matches, sections) = (counted(count, "match", "matches"), counted(edits.len(), "section", "sections"));
    model.say(Weight::Done, format!("replaced {matches} in {sections}; undo brings all of it back"));
}

fn counted(count: usize, one: &str, more: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
}
