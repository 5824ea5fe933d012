//! The tabs of row 0: where each screen's is.

use crate::tui::model::{Model, ScreenId};

/// The screens with the columns of their tabs: start and end.
pub fn places(model: &Model) -> Vec<(ScreenId, u16, u16)> {
    let mut x = start(model);
    let mut places = Vec::with_capacity(ScreenId::ALL.len());
    for screen in ScreenId::ALL {
        let width = u16::try_from(label(screen).len()).unwrap_or(0);
        places.push((screen, x, x + width));
        x += width;
    }
    places
}

/// What a tab says; brackets around the one that is shown are drawn over its blanks.
pub fn label(screen: ScreenId) -> String {
    format!(" {} {} ", screen.number(), screen.title())
}

/// The screen whose tab is at this column.
pub fn at(model: &Model, column: u16) -> Option<ScreenId> {
    places(model).into_iter().find(|(_, from, to)| (*from..*to).contains(&column)).map(|(screen, ..)| screen)
}

/// The first column of the tabs: after the prompt's name and its mark.
pub fn start(model: &Model) -> u16 {
    let name = model.draft.as_ref().map_or(9, |draft| draft.entry.name.len());
    u16::try_from(name.min(usize::from(model.size.0) / 3)).unwrap_or(0) + 5
}
