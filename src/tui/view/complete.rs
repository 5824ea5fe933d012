//! The box that offers variables while a placeholder is typed.

use ratatui::layout::Rect;

use super::paint::{Border, Painter, columns, row};
use crate::prompt::Privacy;
use crate::tui::boxes::forms::privacy_word;
use crate::tui::complete::{self, NAME, Offer, PRIVACY, TOKENS, Worth};
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::theme::Role;

/// Draws it, if it is open.
pub fn draw(model: &Model, painter: &mut Painter<'_>) {
    let (Some(completion), Some(area)) = (model.completing.shown(), complete::area(model)) else { return };
    painter.fill(area, Role::Overlay);
    let state = format!("{} of {}", completion.selected + 1, completion.offers.len());
    let foot = "Tab writes it  Esc closes";
    painter.border(area, &Border { title: "Variables", state: &state, foot, focused: true, ..Border::default() });
    let rows = layout::inside(area);
    let most = u16::try_from(NAME).unwrap_or(u16::MAX).min(rows.width / 2);
    let names = completion.offers.iter().map(|offer| columns(&offer.name)).max().unwrap_or(0).min(most);
    let first = completion.first_row(rows.height);
    for (index, offer) in completion.offers.iter().enumerate().skip(first).take(usize::from(rows.height)) {
        let place = row(rows, u16::try_from(index - first).unwrap_or(0));
        draw_offer(offer, place, names, index == completion.selected, painter);
    }
}

fn draw_offer(offer: &Offer, place: Rect, names: u16, selected: bool, painter: &mut Painter<'_>) {
    let look = |role: Role| if selected { Role::OverlaySelected } else { role };
    painter.fill(place, look(Role::Overlay));
    if selected {
        painter.text(place, "▸", Role::OverlaySelected);
    }
    let known = if offer.value == Worth::Missing { Role::VariableMissing } else { Role::VariableKnown };
    let name = Rect { x: place.x + 1, width: names, ..place };
    painter.cut(name, &offer.name, look(known));
    // from the right: privacy, tokens; the value takes what is left
    let (tokens, privacy) = (TOKENS as u16, PRIVACY as u16);
    let right = place.right().saturating_sub(privacy + 1);
    let cost = right.saturating_sub(tokens + 1);
    let role = if matches!(offer.privacy, Privacy::Personal | Privacy::Secret) { Role::Personal } else { Role::Dim };
    painter.text(Rect { x: right, width: privacy, ..place }, privacy_word(offer.privacy), look(role));
    if let Some(count) = offer.tokens {
        let figure = format!("{} tok", count.figure());
        painter.right(Rect { x: cost, width: tokens, ..place }, &figure, look(Role::Dim));
    }
    let x = name.right() + 1;
    let value = Rect { x, width: cost.saturating_sub(x + 1), ..place };
    let (text, role) = match &offer.value {
        Worth::Text(text) if !text.is_empty() => {
            painter.cut_content(value, text, look(Role::Value));
            return;
        }
        Worth::Text(_) => ("(empty)".to_owned(), Role::Dim),
        Worth::Hidden => ("hidden".to_owned(), Role::Personal),
        Worth::Missing => ("? missing".to_owned(), Role::Error),
        Worth::OfSet(set) => (format!("in the set {set}"), Role::Dim),
        Worth::Playtest => ("filled by the playtest".to_owned(), Role::Dim),
    };
    painter.cut_content(value, &text, look(role));
}
