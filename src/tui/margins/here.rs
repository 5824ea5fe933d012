//! Which text with a margin is looked at, at which line, and which thread is meant there.

use super::{Known, Moment, sign, word};
use crate::diff::Which as Half;
use crate::library::{SideName, version_of};
use crate::review::{Place, Thread};
use crate::tui::boxes;
use crate::tui::diffing::{Chosen, DiffRow};
use crate::tui::draft::PaneId;
use crate::tui::keymap::Action;
use crate::tui::model::{Model, ScreenId};
use crate::tui::overlay::Overlay;
use crate::tui::theme::Role;
use crate::tui::threads::{LONGEST_NAME, Margin, gist, name, words};

/// Rows of one thread that can be scrolled through.
const MOST_WORDS: usize = 2_000;

/// The text of the draft that is shown.
pub fn moment(model: &Model) -> Option<Moment> {
    model.draft.as_ref().map(|draft| (model.openings, draft.moment))
}

/// Whose review stands beside the draft: its own, or that of the version it will grow from while there is no draft yet.
pub fn subject(model: &Model) -> Option<Chosen> {
    let draft = model.draft.as_ref()?;
    if draft.stamp.is_some() { Some(Chosen::Draft) } else { draft.base().cloned().map(Chosen::Version) }
}

/// The state of the prompt on a side of the comparison; `None` for what has no review here.
pub fn side(model: &Model, half: Half) -> Option<Chosen> {
    let chosen = if half == Half::From { &model.diffing.from } else { &model.diffing.to };
    match chosen {
        Some(Chosen::Named(SideName::State(reference))) => {
            // a state of this prompt by another name, or one of another prompt
            let entry = &model.draft.as_ref().filter(|draft| draft.entry.name == reference.name)?.entry;
            let running = |environment: &str| entry.environments.iter().find(|(known, _)| known == environment);
            let frozen = |version: semver::Version| entry.versions.iter().any(|known| known.version == version);
            match reference.at.as_deref() {
                None => subject(model),
                Some("draft") => Some(Chosen::Draft),
                Some("latest") => entry.latest().map(|latest| Chosen::Version(latest.version.clone())),
                Some(at) => match (running(at), version_of(at)) {
                    (Some((_, version)), _) => Some(Chosen::Version(version.clone())),
                    (None, version) => version.filter(|version| frozen(version.clone())).map(Chosen::Version),
                },
            }
        }
        // what git or another file has is no state that somebody reviews here
        Some(Chosen::Named(_)) => None,
        other => other.clone(),
    }
}

/// The margin of a text.
pub fn known(model: &Model, beside: Margin) -> &Known {
    match beside {
        Margin::Draft => &model.margins.draft,
        Margin::Side(half) => model.margins.side(half),
    }
}

/// A thread that is meant, where it stands, and in whose review.
pub struct Meant<'a> {
    /// In whose review.
    pub which: Chosen,
    /// The thread.
    pub thread: &'a Thread,
    /// Where it stands in the text that it is shown beside.
    pub place: &'a Place,
}

/// The text with a margin that has the focus, and the line in it, from 1, where one stands.
pub fn here(model: &Model) -> Option<(Margin, usize)> {
    match model.screen {
        ScreenId::Draft => {
            let draft = model.draft.as_ref()?;
            let PaneId::Text(pane) = draft.focus else { return None };
            let line = draft.panes[pane].line_and_column().0 - 1;
            Some((Margin::Draft, model.margins.panes.line(pane, line)?))
        }
        ScreenId::Diff => {
            let line = |half| diff_line(model, half).map(|line| (Margin::Side(half), line));
            let noted = |(beside, line): &(Margin, usize)| known(model, *beside).mark(*line).is_some();
            // what is new is what is talked about, unless only the old has been
            let (to, from) = (line(Half::To), line(Half::From));
            to.filter(noted).or(from.filter(noted)).or(to).or(from)
        }
        ScreenId::Play | ScreenId::Review => None,
    }
}

/// The line, from 1, of a side of the comparison at the row that is meant.
pub fn diff_line(model: &Model, half: Half) -> Option<usize> {
    let compared = model.diffing.compared.as_ref()?;
    let DiffRow::Row(section, row) = model.diffing.row(model.diffing.here())? else { return None };
    let row = compared.comparison.sections.get(section)?.rows.get(row)?;
    compared.comparison.line(row, half).map(|line| line.number)
}

/// The thread of Draft or Diff that is meant: the one in the box, else the first one beside the line where one stands.
pub fn meant(model: &Model) -> Option<Meant<'_>> {
    let (beside, notes, index) = if let Some(Overlay::Thread(open)) = &model.overlay {
        let notes = known(model, open.beside).notes.as_deref()?;
        let id = open.threads.get(open.at)?;
        (open.beside, notes, notes.review.threads.iter().position(|thread| thread.id == *id)?)
    } else {
        let (beside, line) = here(model)?;
        let notes = known(model, beside).notes.as_deref()?;
        (beside, notes, notes.mark(line)?.thread)
    };
    let which = match beside {
        Margin::Draft => subject(model)?,
        Margin::Side(half) => side(model, half)?,
    };
    Some(Meant { which, thread: notes.review.threads.get(index)?, place: notes.places.get(index)? })
}

/// What the status row says of what stands beside the line where one is; `None` for nothing.
pub fn told(model: &Model) -> Option<String> {
    let mark = if model.screen == ScreenId::Draft {
        *model.margins.under_cursor(model.draft.as_ref()?)?
    } else {
        let (beside, line) = here(model)?;
        *known(model, beside).mark(line)?
    };
    let thread = meant(model)?.thread;
    let mark_sign = sign(mark.sign, model.theme.signs());
    let mut more = Vec::new();
    if mark.count > 1 {
        more.push(format!("1 of {}", mark.count));
    }
    match thread.replies.len() {
        0 => {}
        1 => more.push("1 answer".to_owned()),
        answers => more.push(format!("{answers} answers")),
    }
    more.push(format!("{} opens it", model.keymap.shown(Action::OpenThread)));
    let by = name(&thread.by, LONGEST_NAME);
    let how = word(mark.sign, thread);
    Some(format!("{mark_sign} {how} by {by} ({}): {}", more.join(", "), gist(thread)))
}

/// What the box shows, at the width it has; `None` when none is open.
pub fn box_words(model: &Model) -> Option<Vec<(Role, String)>> {
    let Some(overlay @ Overlay::Thread(_)) = &model.overlay else { return None };
    let width = boxes::inner(boxes::area(model, overlay)).width;
    let Meant { thread, place, .. } = meant(model)?;
    Some(words(thread, place, usize::from(width).max(1), MOST_WORDS))
}
