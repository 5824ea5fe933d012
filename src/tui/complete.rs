//! The box that offers variables while a placeholder is typed: what it offers, and where it stands.
//!
//! It opens with what is typed, never with a movement of the cursor, so that the arrows and Enter mean what they always
//! mean until somebody has written `{{`.

use std::collections::BTreeSet;
use std::ops::Range;

use ratatui::layout::{Position, Rect};

use crate::prompt::{Estimate, Privacy, TokenCounter, wrap};
use crate::tui::counting::Count;
use crate::tui::draft::{Draft, DraftView, PaneId, RowState};
use crate::tui::fuzzy;
use crate::tui::layout;
use crate::tui::model::{Level, Model, ScreenId};

/// So many rows are shown at once.
const ROWS: usize = 8;
/// So many names are offered; who has more of them goes on typing.
const MOST: usize = 200;
/// So much of a value is shown, in characters.
const PREVIEW: usize = 48;

/// What is known of completion at the moment.
#[derive(Debug, Default)]
pub struct Completing {
    /// Something was typed: whether a placeholder is open is looked up when the message has had its effect.
    pub due: bool,
    /// The placeholder that is being typed.
    pub now: Option<Completion>,
}

/// A placeholder while it is typed, and the names that could be meant.
#[derive(Debug, Clone)]
pub struct Completion {
    pane: usize,
    /// The chars of the name so far.
    pub typed: Range<usize>,
    at: (u64, usize),
    /// What is offered, best first.
    pub offers: Vec<Offer>,
    /// The chosen one.
    pub selected: usize,
    /// Esc has closed the box; it stays closed for this placeholder.
    closed: bool,
}

/// A variable that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// What it would be filled with.
    pub value: Worth,
    /// How many tokens its value costs each time it is used; `None` without one, and for a secret.
    pub tokens: Option<Count>,
    /// Who may see it.
    pub privacy: Privacy,
}

/// What is shown of the value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worth {
    /// The start of it.
    Text(String),
    /// It must not be shown.
    Hidden,
    /// It has none.
    Missing,
    /// Another set has one.
    OfSet(String),
    /// The playtest fills it.
    Playtest,
}

impl Completing {
    /// The box, when there is something in it to choose.
    pub fn shown(&self) -> Option<&Completion> {
        self.now.as_ref().filter(|now| !now.closed && !now.offers.is_empty())
    }

    /// Closes the box until another placeholder is typed; `false` when it is not open.
    pub fn close(&mut self) -> bool {
        let open = self.shown().is_some();
        if let Some(now) = &mut self.now {
            now.closed = true;
        }
        open
    }

    /// Another row.
    pub fn step(&mut self, by: isize) {
        if let Some(now) = &mut self.now {
            let count = now.offers.len().cast_signed().max(1);
            now.selected = (now.selected.cast_signed() + by).rem_euclid(count).unsigned_abs();
        }
    }
}

impl Completion {
    /// The chosen name.
    pub fn chosen(&self) -> Option<&str> {
        self.offers.get(self.selected).map(|offer| offer.name.as_str())
    }

    /// The first row that is shown in a box with room for so many.
    pub fn first_row(&self, height: u16) -> usize {
        (self.selected + 1).saturating_sub(usize::from(height.max(1)))
    }
}

/// After every message: the box opens, follows what is typed, or goes.
pub fn settle(model: &mut Model) {
    let due = std::mem::take(&mut model.completing.due);
    let before = model.completing.now.take();
    if model.overlay.is_some() || model.level != Level::Edit || model.screen != ScreenId::Draft {
        return;
    }
    let Some(draft) = &model.draft else { return };
    let PaneId::Text(pane) = draft.focus else { return };
    let at = (draft.panes[pane].revision(), draft.panes[pane].cursor());
    if before.as_ref().is_some_and(|before| before.pane == pane && before.at == at) {
        model.completing.now = before;
    } else if due && let Some((typed, name)) = draft.panes[pane].open_placeholder() {
        let same = before.filter(|before| before.pane == pane && before.typed.start == typed.start);
        let offers = offers(draft, pane, &name);
        model.completing.now =
            Some(Completion { pane, typed, at, offers, selected: 0, closed: same.is_some_and(|same| same.closed) });
    }
}

/// The names that could be meant by `typed`: those of the prompt first, then those that only a value set has.
fn offers(draft: &Draft, pane: usize, typed: &str) -> Vec<Offer> {
    let buffer = &draft.panes[pane];
    // a name that stands only where one is typing is no name yet
    let own = buffer.closed_placeholder().map(|(end, _)| {
        let rest = buffer.rope().slice(buffer.cursor()..end);
        format!("{typed}{rest}")
    });
    let is_own = |name: &str, state: RowState, uses: usize| {
        own.as_deref() == Some(name)
            && uses < 2
            && state == RowState::Missing
            && draft.values.declarations.get(name).is_none()
    };
    let rows = draft.rows.iter().filter(|row| !is_own(&row.name, row.state, row.uses));
    let mut names: Vec<(&str, Option<&str>)> = rows.map(|row| (row.name.as_str(), None)).collect();
    let known: BTreeSet<&str> = names.iter().map(|(name, _)| *name).collect();
    let mut seen = known.clone();
    for set in &draft.values.sets {
        let other = set.values.0.keys().map(String::as_str).filter(|name| seen.insert(name));
        names.extend(other.map(|name| (name, Some(set.name.as_str()))));
    }
    let fits: Vec<&(&str, Option<&str>)> = if typed.is_empty() {
        names.iter().collect()
    } else {
        fuzzy::rank(typed, &names, |(name, _)| (*name).to_owned())
    };
    fits.into_iter().take(MOST).map(|(name, set)| offer(draft, name, *set)).collect()
}

fn offer(draft: &Draft, name: &str, set: Option<&str>) -> Offer {
    let values = &draft.values;
    let privacy = values.declarations.privacy(name);
    // what the text does not use yet has a value all the same
    let value = values.value(name).filter(|_| values.state(name) != RowState::Playtest);
    let worth = match (value, set) {
        (_, Some(set)) => Worth::OfSet(set.to_owned()),
        (None, _) if values.state(name) == RowState::Playtest => Worth::Playtest,
        (None, _) => Worth::Missing,
        (Some(_), _) if values.hidden(name) => Worth::Hidden,
        (Some(value), _) => {
            let line = value.lines().next().unwrap_or_default();
            let cut = line.char_indices().nth(PREVIEW).map_or(line.len(), |(at, _)| at);
            let more = if cut < value.len() { "…" } else { "" };
            Worth::Text(format!("{}{more}", &line[..cut]))
        }
    };
    let tokens = value.filter(|_| privacy != Privacy::Secret).map(|value| cost(draft, name, value));
    Offer { name: name.to_owned(), value: worth, tokens, privacy }
}

/// What a value costs at each of its places: as it was counted for the text, or else estimated.
fn cost(draft: &Draft, name: &str, value: &str) -> Count {
    let estimate = Count { tokens: Estimate.count(value), exact: false, current: true };
    let uses = draft.rows.iter().find(|row| row.name == name).map_or(0, |row| row.uses);
    match draft.counts.variable(name) {
        Some(count) if count.current && uses > 0 => {
            // a word may be cut elsewhere at another place
            Count { tokens: count.tokens.div_ceil(uses), exact: count.exact && uses == 1, current: true }
        }
        _ => estimate,
    }
}

/// Where the box stands: beside the cursor's row, never over it. `None` when it is not open or there is no room.
pub fn area(model: &Model) -> Option<Rect> {
    let completion = model.completing.shown()?;
    let view = DraftView::of(model)?;
    let text = layout::text(view.area(PaneId::Text(completion.pane))?);
    let (column, row) = model.draft.as_ref()?.panes[completion.pane].cursor_cell()?;
    let cursor = Position { x: text.x + column, y: text.y + row };
    let body = layout::frame(model.size).body;
    let wanted = u16::try_from(completion.offers.len().min(ROWS)).unwrap_or(0) + 2;
    let (below, above) = (body.bottom().saturating_sub(cursor.y + 1), cursor.y.saturating_sub(body.y));
    let under = below >= wanted || below >= above;
    let height = wanted.min(if under { below } else { above });
    if height < 3 {
        return None;
    }
    let names = completion.offers.iter().map(|offer| wrap::width(&offer.name)).max().unwrap_or(0);
    // two borders and the mark, then name, value, tokens and privacy with a blank after each
    let width = u16::try_from(4 + names.min(NAME) + 1 + VALUE + 1 + TOKENS + 1 + PRIVACY + 1).unwrap_or(u16::MAX);
    let width = width.min(body.width);
    let typed = u16::try_from(completion.typed.len()).unwrap_or(0);
    let x = cursor.x.saturating_sub(typed + 3).min(body.right() - width).max(body.x);
    let y = if under { cursor.y + 1 } else { cursor.y - height };
    Some(Rect { x, y, width, height })
}

/// The most columns that a name takes in the box.
pub const NAME: usize = 28;
/// Columns of a value.
const VALUE: usize = 24;
/// Columns of a number of tokens.
pub const TOKENS: usize = 10;
/// Columns of the privacy: a mark and a word.
pub const PRIVACY: usize = 10;

/// The offer at a place of the screen.
pub fn at(model: &Model, place: Position) -> Option<usize> {
    let area = area(model)?;
    let rows = layout::inside(area);
    let completion = model.completing.shown()?;
    let index = completion.first_row(rows.height) + usize::from(place.y.checked_sub(rows.y)?);
    (rows.contains(place) && index < completion.offers.len()).then_some(index)
}
