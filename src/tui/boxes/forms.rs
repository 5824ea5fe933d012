//! Where the fields and the answers of forms stand, for drawing and clicks alike.

use ratatui::layout::Rect;

use super::inner;
use crate::library::{Step, next_version};
use crate::prompt::wrap;
use crate::prompt::{Freshness, Privacy};
use crate::tui::overlay::{FreezeField, FreezeForm};
use crate::tui::params::ParamField;
use crate::tui::variables::{IntakeField, PropertyField};

/// Columns that the names of the fields take where a variable is declared or values are taken.
pub const LABEL: u16 = 15;
/// Columns that the names of the fields take where a version is frozen.
pub const FREEZE_LABEL: u16 = 9;

/// How personal values are taken.
pub const PERSONAL: [&str; 2] = ["masked", "as they are"];
/// What becomes of names that the prompt does not know.
pub const EXTRA: [&str; 2] = ["left out", "taken too"];

/// Where each of `widths` stands in `place`, one after the other with `gap` columns between.
fn side_by_side(widths: impl IntoIterator<Item = usize>, place: Rect, gap: u16) -> Vec<Rect> {
    let mut x = place.x;
    let mut next = |width: usize| {
        let left = place.right().saturating_sub(x);
        let width = u16::try_from(width).unwrap_or(u16::MAX).min(left);
        let at = Rect { x, width, ..place };
        x = x.saturating_add(width).saturating_add(gap).min(place.right());
        at
    };
    widths.into_iter().map(&mut next).collect()
}

/// Where the answers of a question stand: each is `[▸ label ]`.
pub fn answers<'l>(labels: impl IntoIterator<Item = &'l str>, place: Rect) -> Vec<Rect> {
    side_by_side(labels.into_iter().map(|label| wrap::width(label) + 5), place, 2)
}

/// Where words to choose from stand: the chosen one is in brackets.
pub fn choices<'w>(words: impl IntoIterator<Item = &'w str>, place: Rect) -> Vec<Rect> {
    side_by_side(words.into_iter().map(|word| wrap::width(word) + 2), place, 1)
}

/// The row of the answers of a question that needs a yes, whose box is `area`.
pub fn answers_row(area: Rect) -> Rect {
    let inner = inner(area);
    Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner }
}

/// A row of the inside of a box; empty where there is none.
fn row(inner: Rect, index: u16) -> Rect {
    if index < inner.height { Rect { y: inner.y + index, height: 1, ..inner } } else { Rect { height: 0, ..inner } }
}

/// What stands beside the name of a field.
pub fn beside(place: Rect, label: u16) -> Rect {
    Rect { x: place.x + label.min(place.width), width: place.width.saturating_sub(label), ..place }
}

/// The row of a field where a variable is declared; `area` is the box.
pub fn property(field: PropertyField, area: Rect) -> Rect {
    let index = PropertyField::ALL.iter().position(|one| *one == field).unwrap_or(0);
    // the button stands apart
    row(inner(area), u16::try_from(index).unwrap_or(0) + u16::from(field == PropertyField::Accept))
}

/// Columns that the keys of the parameters take.
pub const PARAM_LABEL: u16 = 17;
/// What may be wished about thinking.
pub const THINKING: [&str; 3] = ["nothing said", "yes", "no"];

/// The row of a field in the form of the parameters; `area` is the box.
pub fn param(field: ParamField, area: Rect) -> Rect {
    let index = match field {
        ParamField::Temperature => 0,
        ParamField::TopP => 1,
        ParamField::MaxTokens => 2,
        ParamField::Thinking => 3,
        ParamField::Stop => 4,
        ParamField::Template => 6,
        ParamField::Use => 9,
        ParamField::Save => 10,
    };
    row(inner(area), index)
}

/// The words that a field has to choose from; none for a line.
pub fn property_words(field: PropertyField) -> Vec<&'static str> {
    match field {
        PropertyField::Privacy => Privacy::ALL.map(privacy_word).to_vec(),
        PropertyField::Freshness => Freshness::ALL.map(freshness_word).to_vec(),
        PropertyField::Required => vec!["yes", "no, may be empty"],
        PropertyField::Untrusted => vec!["us", "end users or third parties"],
        _ => Vec::new(),
    }
}

/// Symbol and word.
pub fn privacy_word(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Public => "○ public",
        Privacy::Internal => "◦ internal",
        Privacy::Personal => "▪ personal",
        Privacy::Secret => "■ secret",
    }
}

/// How often, in a word or two.
pub fn freshness_word(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Static => "static",
        Freshness::Daily => "daily",
        Freshness::Session => "per session",
        Freshness::Request => "per request",
    }
}

/// The row of a field of the box that takes values, whose last rows they are; `area` is the box.
pub fn intake(field: IntakeField, area: Rect) -> Rect {
    let inner = inner(area);
    let index = IntakeField::ALL.iter().position(|one| *one == field).unwrap_or(0);
    let above = IntakeField::ALL.len() - index;
    row(inner, inner.height.saturating_sub(u16::try_from(above).unwrap_or(0)))
}

/// The row of a field of the form that freezes; `area` is the box.
pub fn freeze(field: FreezeField, area: Rect) -> Rect {
    let index = match field {
        FreezeField::Step => 0,
        FreezeField::Early => 2,
        FreezeField::What => 3,
        FreezeField::Why => 5,
        FreezeField::Accept => 7,
    };
    row(inner(area), index)
}

/// The steps to choose from, with the version that each leads to.
pub fn steps(form: &FreezeForm) -> [(Step, String); 3] {
    [(Step::Major, "major"), (Step::Minor, "minor"), (Step::Patch, "patch")].map(|(step, word)| {
        let version = next_version(form.last.as_ref(), &step).map(|version| version.to_string()).unwrap_or_default();
        (step, format!("{word} {version}"))
    })
}

/// The version that the chosen step leads to, and its pre-release; nothing where there is none.
pub fn early(form: &FreezeForm) -> Vec<String> {
    let words =
        |[release, early]: [semver::Version; 2]| vec![format!("version {release}"), format!("pre-release {early}")];
    form.versions().map(words).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_has_no_place_beside_the_box() {
        let place = Rect { x: 3, y: 1, width: 20, height: 1 };
        let found = answers(["Cancel", "Send it anyway", "More"], place);
        assert!(found.iter().all(|at| at.right() <= place.right()), "{found:?}");
        assert_eq!(found[1], Rect { x: 16, width: 7, ..place });
    }
}
