//! The Diff screen: which sides are compared, and where the screen stands in what came out.

mod ask;
mod change;
mod page;
mod seek;

use std::sync::Arc;

use crate::error::Error;
use crate::tui::compare::Compared;
use crate::tui::diffing::{Chosen, DiffRow, Diffing};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::layout;
use crate::tui::model::{Model, ScreenId, Weight};
use crate::tui::msg::{Side, SideSource};
use crate::tui::overlay::Hand;
use crate::tui::rowlayout;

pub use ask::{ask_for_phrase, choose_file, choose_revision, named, search_versions, tell, told};
pub use change::{copy_side, take, why_no_take};
pub use page::hides;
pub use seek::{Way, ask_to_find, find, look_for};

/// Ctrl-D: the draft against the version it grew from.
pub fn of_draft(model: &mut Model) {
    if let Some(draft) = &model.draft {
        model.diffing.from = draft.base().cloned().map(Chosen::Version);
        model.diffing.to = Some(Chosen::Draft);
        model.diffing.of_state = None;
    }
    super::keys::show(model, ScreenId::Diff);
}

/// The screen was come to: the sides are chosen if they are not yet.
pub fn shown(model: &mut Model) {
    let Some(draft) = &model.draft else { return };
    if model.diffing.from.is_none() {
        model.diffing.from = draft.base().cloned().map(Chosen::Version);
    }
    if model.diffing.to.is_none() {
        model.diffing.to = Some(Chosen::Draft);
    }
}

/// Another version on one side.
pub fn choose(model: &mut Model, hand: Hand, chosen: Chosen) {
    let side = match hand {
        Hand::Left => &mut model.diffing.from,
        Hand::Right => &mut model.diffing.to,
    };
    *side = Some(chosen);
    model.diffing.of_state = None;
    model.diffing.put(None);
}

/// A side as the comparison needs it.
pub fn side(model: &Model, chosen: &Chosen) -> Option<Side> {
    let draft = model.draft.as_ref()?;
    Some(match chosen {
        Chosen::Draft => Side {
            label: "draft".into(),
            source: SideSource::Draft { text: draft.text(), config: draft.config.clone() },
        },
        Chosen::Named(name) => Side { label: name.to_string(), source: SideSource::Named(name.clone()) },
        Chosen::Version(version) => {
            let date = draft.entry.versions.iter().find(|entry| entry.version == *version).map(|entry| entry.date);
            let date = date.map(|date| format!("  {date}")).unwrap_or_default();
            Side { label: format!("v{version}{date}"), source: SideSource::Version(version.clone()) }
        }
    })
}

/// Asks for the comparison when what is shown is not what is chosen, and keeps the place inside it.
pub fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(draft) = &model.draft else { return };
    let (Some(from), Some(to)) = (model.diffing.from.clone(), model.diffing.to.clone()) else {
        model.diffing.problem = Some(
            "There is no version to compare the draft with yet: <version.freeze> freezes the first one.".to_owned(),
        );
        return;
    };
    let state = draft.state;
    if model.diffing.of_state != Some(state) {
        let prompt = draft.entry.name.clone();
        if let (Some(from), Some(to)) = (side(model, &from), side(model, &to)) {
            model.diffing.generation += 1;
            model.diffing.of_state = Some(state);
            model.diffing.waiting = true;
            effects.push(Effect::Compare { generation: model.diffing.generation, prompt, from, to });
            super::margins::watch(model, effects);
        }
    }
    model.diffing.top = model.diffing.top.min(model.diffing.row_count().saturating_sub(1));
    let areas = rowlayout::areas(model);
    model.diffing.lay_page(layout::text(areas.rows).width, &model.settings);
}

/// A comparison is done; one that is no longer wanted is dropped. Gives whether it is shown.
pub fn compared(model: &mut Model, generation: u64, result: Result<Arc<Compared>, Error>) -> bool {
    if generation != model.diffing.generation {
        return false;
    }
    model.diffing.waiting = false;
    match result {
        Ok(compared) => {
            let labels = |compared: &Compared| (compared.from_label.clone(), compared.to_label.clone());
            let again = model.diffing.compared.as_deref().map(labels) == Some(labels(&compared));
            model.diffing.put(Some(compared));
            model.diffing.problem = None;
            if model.diffing.wanted.is_some() {
                go_to_wanted(model);
                return true;
            }
            if again {
                // the draft changed under the eyes of whoever reads: the place stays
                return true;
            }
            model.diffing.change = 0;
            // begin at the first change, not at the top of a long text
            let first = model.diffing.changes().first().copied();
            show(model, first.unwrap_or(0));
        }
        Err(error) => {
            model.diffing.put(None);
            let way = "<diff.from> chooses another left side, <diff.to> another right side";
            model.diffing.problem = Some(format!("{error}\n\n{way}"));
            return false;
        }
    }
    true
}

/// Goes to a row: what is asked about a line is about this one.
pub fn go_to(model: &mut Model, row: usize) {
    model.diffing.page = None;
    if let Some(change) = model.diffing.changes().iter().rposition(|change| *change <= row) {
        model.diffing.change = change;
    }
    show(model, row);
    model.diffing.found = Some(row);
}

/// Goes to the line of the right side that is wanted, as soon as what is compared is what is chosen.
pub fn go_to_wanted(model: &mut Model) {
    let state = model.draft.as_ref().map(|draft| draft.state);
    let Some(compared) = model.diffing.compared.clone().filter(|_| model.diffing.of_state == state) else { return };
    let Some(wanted) = model.diffing.wanted.take() else { return };
    let find = |diffing: &Diffing| {
        let is_it = |index: &usize| match diffing.row(*index) {
            Some(DiffRow::Row(section, row)) => {
                let row = &compared.comparison.sections[section].rows[row];
                compared.comparison.line(row, crate::diff::Which::To).is_some_and(|line| line.number == wanted)
            }
            _ => false,
        };
        (0..diffing.row_count()).find(is_it)
    };
    let mut found = find(&model.diffing);
    if found.is_none() && model.diffing.folded {
        // it is among the equal lines that are folded
        model.diffing.folded = false;
        model.diffing.arrange();
        found = find(&model.diffing);
    }
    if let Some(row) = found {
        go_to(model, row);
    }
}

/// The next or previous change: from the one that the screen stands at, or from what is in sight when that one is not.
pub fn step_change(model: &mut Model, by: isize) {
    let changes = model.diffing.changes().to_vec();
    if changes.is_empty() {
        return model.say(Weight::Note, "there is no change to go to");
    }
    let last = changes.len() - 1;
    let at = model.diffing.change.min(last);
    let shown = in_sight(model);
    let next = if shown.contains(&changes[at]) {
        at.checked_add_signed(by).filter(|next| *next <= last)
    } else if by > 0 {
        changes.iter().position(|change| *change >= shown.start)
    } else {
        changes.iter().rposition(|change| *change < shown.end)
    };
    if next.is_none() {
        model.say(Weight::Note, if by > 0 { "this is the last change" } else { "this is the first change" });
    }
    let next = next.unwrap_or(if by > 0 { last } else { 0 });
    model.diffing.change = next;
    // what is asked about a line is about the change from now on
    model.diffing.found = None;
    show(model, changes[next]);
}

/// The rows of which something is on the screen.
fn in_sight(model: &Model) -> std::ops::Range<usize> {
    let (top, count) = (model.diffing.top, model.diffing.row_count());
    let mut room = rows_height(model).unsigned_abs() + model.diffing.skip;
    let mut end = top;
    while end < count && room > 0 {
        room = room.saturating_sub(height(model, end));
        end += 1;
    }
    top..end
}

/// Scrolls to a row, with what stands above it in a third of the screen.
fn show(model: &mut Model, row: usize) {
    let room = rows_height(model).unsigned_abs() / 3;
    let (mut top, mut used) = (row, 0);
    while let Some(above) = top.checked_sub(1) {
        used += height(model, above);
        if used > room {
            break;
        }
        top = above;
    }
    model.diffing.top = top;
    model.diffing.skip = 0;
}

/// The rows of the screen that a row of the comparison takes.
fn height(model: &Model, index: usize) -> usize {
    let Some(compared) = &model.diffing.compared else { return 1 };
    let areas = rowlayout::areas(model);
    let columns = rowlayout::columns(areas.rows, model.diffing.inline || !layout::side_by_side_fits(model.size));
    match model.diffing.row(index) {
        Some(DiffRow::Row(section, row)) => rowlayout::height(compared, (section, row), &columns, model.diffing.cut),
        _ => 1,
    }
}

/// The next or previous section.
pub fn step_section(model: &mut Model, by: isize) {
    let heads = model.diffing.heads();
    if heads.is_empty() {
        return;
    }
    let here = heads.iter().rposition(|head| *head <= model.diffing.top).unwrap_or(0);
    let next = here.saturating_add_signed(by).min(heads.len() - 1);
    go_to_section(model, next);
}

/// The section with this index.
pub fn go_to_section(model: &mut Model, index: usize) {
    let heads = model.diffing.heads();
    let Some(head) = heads.get(index) else { return };
    model.diffing.top = *head;
    model.diffing.skip = 0;
    model.diffing.found = None;
    if let Some(change) = model.diffing.changes().iter().position(|change| change >= head) {
        model.diffing.change = change;
    }
}

/// Arrows: all columns scroll together.
pub fn navigate(model: &mut Model, action: Action) {
    let height = rows_height(model);
    if model.diffing.page.is_some() {
        return page::turn(model, action, height.unsigned_abs());
    }
    match action {
        Action::Up => scroll(model, -1),
        Action::Down => scroll(model, 1),
        Action::PageUp => scroll(model, 1 - height),
        Action::PageDown => scroll(model, height - 1),
        Action::TopOf => {
            model.diffing.top = 0;
            model.diffing.skip = 0;
        }
        Action::BottomOf => {
            model.diffing.top = model.diffing.row_count().saturating_sub(1);
            scroll(model, 1 - height);
        }
        Action::Left => step_section(model, -1),
        _ => step_section(model, 1),
    }
}

/// Only the changes with some rows around them, or everything; the change one stands at stays in sight.
pub fn toggle_fold(model: &mut Model) {
    model.diffing.folded = !model.diffing.folded;
    stay(model);
}

/// Long lines wrapped or cut.
pub fn toggle_wrap(model: &mut Model) {
    model.diffing.cut = !model.diffing.cut;
    model.diffing.skip = 0;
}

/// Lays the rows out anew around the change one stands at.
fn stay(model: &mut Model) {
    model.diffing.arrange();
    let row = model.diffing.changes().get(model.diffing.change).copied();
    show(model, row.unwrap_or(0));
}

fn rows_height(model: &Model) -> isize {
    let areas = rowlayout::areas(model);
    isize::try_from(layout::inside(areas.rows).height).unwrap_or(1).max(2)
}

/// Scrolls by rows of the screen.
pub fn scroll(model: &mut Model, by: isize) {
    if model.diffing.page.is_some() {
        let action = if by > 0 { Action::Down } else { Action::Up };
        let height = rows_height(model).unsigned_abs();
        return (0..by.unsigned_abs()).for_each(|_| page::turn(model, action, height));
    }
    let last = model.diffing.row_count().saturating_sub(1);
    for _ in 0..by.unsigned_abs() {
        let (top, skip) = (model.diffing.top, model.diffing.skip);
        let (top, skip) = if by > 0 {
            if skip + 1 < height(model, top) {
                (top, skip + 1)
            } else if top < last {
                (top + 1, 0)
            } else {
                break;
            }
        } else if skip > 0 {
            (top, skip - 1)
        } else if top > 0 {
            (top - 1, height(model, top - 1).saturating_sub(1))
        } else {
            break;
        };
        model.diffing.top = top;
        model.diffing.skip = skip;
    }
}
