//! Jump mode: a letter on everything one can go to. Where the letters stand is asked by drawing and by the key alike.
//! Pure.

use ratatui::layout::{Position, Rect};

use crate::tui::draft::{DraftView, PaneId};
use crate::tui::layout;
use crate::tui::model::{Model, ScreenId};
use crate::tui::rowlayout;

/// The letters, those under the fingers first.
const LETTERS: &str = "asdfghjklqwertyuiopzxcvbnmASDFGHJKLQWERTYUIOPZXCVBNM";

/// Somewhere to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A pane of the Draft screen.
    Pane(PaneId),
    /// A row of the variables pane.
    Variable(usize),
    /// A column of the Play screen.
    Column(usize),
    /// The message.
    Message,
    /// A section of the comparison.
    Section(usize),
}

/// A letter, where it stands, and where it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// What is pressed.
    pub letter: char,
    /// Where it is drawn; inside the screen.
    pub at: Position,
    /// Where it goes.
    pub goal: Goal,
}

/// Everything in sight that one can go to, panes first.
pub fn targets(model: &Model) -> Vec<Target> {
    let places = match model.screen {
        ScreenId::Draft => of_draft(model),
        ScreenId::Play => {
            let areas = layout::play(model.size, model.play.message_rows(model.size), model.zoomed);
            let columns = crate::tui::update::columns::places(model).into_iter();
            let columns = columns.map(|(index, area)| (corner(area), Goal::Column(index)));
            columns.chain([(corner(areas.message), Goal::Message)]).collect()
        }
        ScreenId::Diff => of_diff(model),
        ScreenId::Review => Vec::new(),
    };
    let (width, height) = model.size;
    let places = places.into_iter().filter(|(at, _)| at.x < width && at.y < height);
    LETTERS.chars().zip(places).map(|(letter, (at, goal))| Target { letter, at, goal }).collect()
}

/// On the border of a pane, before its title.
fn corner(area: Rect) -> Position {
    Position { x: area.x + 1.min(area.width), y: area.y }
}

fn of_draft(model: &Model) -> Vec<(Position, Goal)> {
    let (Some(view), Some(draft)) = (DraftView::of(model), &model.draft) else { return Vec::new() };
    let mut places: Vec<_> = view.panes.iter().map(|(pane, area)| (corner(*area), Goal::Pane(*pane))).collect();
    if let Some(list) = view.list {
        let first = view.first_row(draft.values.selected);
        let rows = (list.top()..list.bottom()).zip(first..draft.rows.len());
        places.extend(rows.map(|(y, index)| (Position { x: list.x, y }, Goal::Variable(index))));
    }
    places
}

fn of_diff(model: &Model) -> Vec<(Position, Goal)> {
    let Some(compared) = &model.diffing.compared else { return Vec::new() };
    let areas = rowlayout::areas(model);
    let sections = compared.comparison.sections.len();
    if areas.listed {
        let inner = layout::inside(areas.sections);
        let rows = (inner.top()..inner.bottom()).zip(0..sections);
        return rows.map(|(y, index)| (Position { x: inner.x, y }, Goal::Section(index))).collect();
    }
    let bar = rowlayout::section_bar(&compared.comparison.sections, areas.sections);
    bar.into_iter()
        .enumerate()
        .map(|(index, (x, _))| (Position { x, y: areas.sections.y }, Goal::Section(index)))
        .collect()
}
