//! Where each variable stands: looked up when the variables have the focus, not while text is typed.

use std::collections::BTreeMap;

use ropey::Rope;

use super::{Draft, PaneId};
use crate::prompt::template::placeholders;

/// So many places of one variable are remembered.
const MOST: usize = 200;

/// The places of every variable of the text, at one moment.
#[derive(Debug, Default)]
pub struct Places {
    moment: Option<u64>,
    by_name: BTreeMap<String, Vec<(usize, usize)>>,
}

impl Places {
    /// Pane and line in it, in the order of the text; `None` when they are those of another text.
    pub fn of(&self, name: &str, moment: u64) -> Option<&[(usize, usize)]> {
        (self.moment == Some(moment)).then(|| self.by_name.get(name).map_or(&[][..], Vec::as_slice))
    }
}

impl Draft {
    /// Looks the places up when somebody looks at the variables and the text has changed since.
    pub fn look_up_places(&mut self) {
        if self.focus != PaneId::Variables || self.places.moment == Some(self.moment) {
            return;
        }
        let mut by_name: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for (pane, buffer) in self.panes.iter().enumerate() {
            each(buffer.rope(), |name, line| {
                let places = match by_name.get_mut(name) {
                    Some(places) => places,
                    None => by_name.entry(name.to_owned()).or_default(),
                };
                if places.len() < MOST && places.last() != Some(&(pane, line)) {
                    places.push((pane, line));
                }
            });
        }
        self.places = Places { moment: Some(self.moment), by_name };
    }
}

/// The lines of the placeholders of `name`, one for each.
pub(super) fn lines_of(text: &Rope, name: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    each(text, |found, line| {
        if found == name {
            lines.push(line);
        }
    });
    lines
}

/// Every placeholder with its 1-based line. Only lines with two braces in a row are looked at.
fn each(text: &Rope, mut found: impl FnMut(&str, usize)) {
    let mut last = None;
    let mut look = |byte: usize| {
        let line = text.byte_to_line(byte);
        if last.replace(line) != Some(line) {
            for (_, name) in placeholders(&text.line(line).to_string()) {
                found(name, line + 1);
            }
        }
    };
    let mut start = 0;
    let mut open = false;
    for chunk in text.chunks() {
        if open && chunk.starts_with('{') {
            look(start);
        }
        for at in memchr::memmem::find_iter(chunk.as_bytes(), b"{{") {
            look(start + at);
        }
        start += chunk.len();
        open = chunk.ends_with('{');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_found_also_where_two_pieces_of_a_long_text_meet() {
        for pad in 0..4 {
            let text = format!("{}{}", "x".repeat(pad), "{{a}} é {{b}}\n\\{{a}} {{a}} {{a}}\n".repeat(400));
            let mut found = Vec::new();
            each(&Rope::from_str(&text), |name, line| found.push((name.to_owned(), line)));
            let expected: Vec<_> = (text.lines().enumerate())
                .flat_map(|(line, text)| placeholders(text).map(move |(_, name)| (name.to_owned(), line + 1)))
                .collect();
            assert_eq!(found, expected);
        }
    }
}
