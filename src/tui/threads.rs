//! A thread of a review in words, as the Review screen and the box over Draft and Diff show it; and that box.

use std::borrow::Cow;

use crate::diff::Which as Half;
use crate::prompt::{SectionId, wrap};
use crate::review::{Anchor, Place, Thread};
use crate::sanitize::one_line;
use crate::tui::theme::Role;

/// The box with what was said about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadBox {
    /// Margin which text.
    pub beside: Margin,
    /// The names of the threads that stand there.
    pub threads: Vec<String>,
    /// The one that is shown.
    pub at: usize,
    /// Rows of it that are scrolled away.
    pub top: usize,
}

/// A text that has a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Margin {
    /// The draft.
    Draft,
    /// A side of the comparison.
    Side(Half),
}

/// What a thread says in so many columns, at most `most` rows of the screen: who, when and how it stands, the words that
/// are gone, what is suggested, the words, the answers. What is beyond the last row is not even wrapped.
pub fn words(thread: &Thread, place: &Place, width: usize, most: usize) -> Vec<(Role, String)> {
    let mut words: Vec<(Role, String)> = Vec::new();
    let mut say = |role: Role, lead: &str, text: &str| {
        for line in text.split('\n') {
            if words.len() >= most {
                return;
            }
            let line = line.trim_end_matches('\r');
            // no character takes more than a few bytes
            let end = line.floor_char_boundary(width.saturating_mul(most).saturating_mul(8).max(64));
            let line = format!("{lead}{}", &line[..end]);
            words.extend(wrap::rows(&line, width).into_iter().map(|range| (role, line[range].to_owned())));
        }
    };
    let role = if thread.outcome.is_some() { Role::Dim } else { Role::Text };
    let head = if thread.outcome.is_some() { Role::Dim } else { Role::Accent };
    say(head, "", &heading(thread, place));
    let taken = thread.outcome.as_ref().is_some_and(|outcome| outcome.taken);
    if place.is_outdated()
        && !taken
        && let Anchor::Lines(lines) = &thread.anchor
    {
        lines.quote.iter().for_each(|line| say(Role::Dim, "> ", line));
    }
    match thread.replacement.as_deref() {
        Some("") => say(Role::Insert, "+ ", "(takes the lines out)"),
        Some(replacement) => say(Role::Insert, "+ ", replacement),
        None => {}
    }
    if !thread.text.is_empty() {
        say(role, "", &thread.text);
    }
    for reply in &thread.replies {
        let mut lines = reply.text.splitn(2, '\n');
        say(role, &format!("{}: ", one_line(&reply.by)), lines.next().unwrap_or_default());
        lines.next().into_iter().for_each(|rest| say(role, "  ", rest));
    }
    words.truncate(most);
    words
}

/// Who, when, how it stands, and what it is about.
fn heading(thread: &Thread, place: &Place) -> String {
    let about = match (&thread.anchor, place) {
        _ if thread.outcome.as_ref().is_some_and(|outcome| outcome.taken) => String::new(),
        (_, Place::Outdated { .. }) => "outdated: its words are gone".to_owned(),
        (Anchor::Whole, _) => "about the whole".to_owned(),
        (Anchor::Section(id), _) => format!("about {}", id.map_or("the unsorted text", SectionId::title)),
        (Anchor::Variable(name), _) => format!("about {{{{{}}}}}", one_line(name)),
        (_, Place::Lines { first, last }) if first < last => format!("lines {first} to {last}"),
        (..) => String::new(),
    };
    let state = match &thread.outcome {
        None => "open".to_owned(),
        Some(outcome) if outcome.taken => format!("taken by {}", name(&outcome.by, LONGEST_NAME)),
        Some(outcome) => format!("settled by {}", name(&outcome.by, LONGEST_NAME)),
    };
    let kind = if thread.replacement.is_some() { "suggests" } else { "" };
    let parts: [Cow<'_, str>; 5] = [
        name(&thread.by, LONGEST_NAME),
        Cow::from(kind),
        Cow::from(thread.at.strftime("%Y-%m-%d").to_string()),
        Cow::from(state),
        Cow::from(about),
    ];
    let parts: Vec<&str> = parts.iter().map(|part| &**part).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// So many columns of a name are shown in front of what somebody said.
pub const LONGEST_NAME: usize = 32;

/// A name of somebody, in at most so many columns: who has a longer one must not push what was said out of sight.
pub fn name(by: &str, most: usize) -> Cow<'_, str> {
    // no character takes more than a few bytes
    let shown = one_line(&by[..by.floor_char_boundary(64 * most)]);
    let rows = wrap::rows(&shown, most.saturating_sub(2).max(1));
    match rows.first() {
        Some(first) if wrap::width(&shown) > most => Cow::from(format!("{}..", &shown[first.clone()])),
        _ => shown,
    }
}

/// The first words of a thread, for a row.
pub fn gist(thread: &Thread) -> Cow<'_, str> {
    let said = if thread.text.is_empty() { thread.replacement.as_deref().unwrap_or_default() } else { &thread.text };
    // a row shows no more
    one_line(&said[..said.floor_char_boundary(400)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_at_its_columns_and_shows_no_byte_that_drives_a_terminal() {
        assert_eq!(name("Ben\u{1b}", 16), "Ben␛");
        assert_eq!(name(&"Ω".repeat(90), 16), format!("{}..", "Ω".repeat(14)));
        assert_eq!(name(&"龍".repeat(90), 16), format!("{}..", "龍".repeat(7)));
        assert!(name(&"\u{1b}".repeat(900_000), 16).chars().count() <= 16);
    }
}
