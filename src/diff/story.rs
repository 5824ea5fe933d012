//! What became of a prompt, of a section or of a line, from state to state.

use std::ops::Range;

use serde_json::Map;

use crate::diff::{Comparison, Row, RowKind, State, Which, compare};
use crate::prompt::SectionId;
use crate::prompt::lines::{lines, without_ending};

/// Which part of the text is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// All of it.
    Whole,
    /// One section; `None` for the unsorted text.
    Section(Option<SectionId>),
    /// The lines that hold this text in the newest state that has one, whatever the letter case.
    Line(&'a str, Place),
}

/// Where a line is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In all of the text.
    Anywhere,
    /// In one section; `None` is the unsorted text.
    Section(Option<SectionId>),
}

/// What one state changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// The index of the state that came by it.
    pub state: usize,
    /// The lines, in the order of the sections.
    pub lines: Vec<Told>,
}

/// A line that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its section; `None` for the unsorted text.
    pub section: Option<SectionId>,
    /// Which text it is of: the state's before, or its own.
    pub which: Which,
    /// What became of it.
    pub kind: RowKind,
    /// `-`, `+`, `~`, `<` or `>`.
    pub sign: char,
    /// Its number in its text, 1-based.
    pub number: usize,
    /// Its text without its ending.
    pub text: String,
    /// What changed in it, in bytes of the text.
    pub emphasis: Vec<Range<usize>>,
    /// Where it moved, or that hardly anything changed.
    pub note: Option<String>,
}

/// The states, the newest first, that changed the part. `texts` are in the order in which they were written.
pub fn story(texts: &[&str], part: Part<'_>) -> Vec<Episode> {
    let Part::Line(wanted, section) = part else {
        let told = |state: usize| {
            let before = state.checked_sub(1).map_or("", |before| texts[before]);
            episode(before, texts[state], state, |section, _| match part {
                Part::Section(id) => section == id,
                _ => true,
            })
        };
        return (0..texts.len()).rev().filter_map(told).collect();
    };
    let Some((newest, mut numbers)) = (0..texts.len())
        .rev()
        .map(|state| (state, within(texts[state], wanted, section)))
        .find(|(_, lines)| !lines.is_empty())
    else {
        return Vec::new();
    };
    let mut episodes = Vec::new();
    if let Some(next) = texts.get(newest + 1) {
        // it is gone since then
        episodes.extend(episode(texts[newest], next, newest + 1, |_, row| {
            row.number(Which::From).is_some_and(|number| numbers.contains(&number))
        }));
    }
    for state in (0..=newest).rev() {
        let before = state.checked_sub(1).map_or("", |before| texts[before]);
        if before == texts[state] {
            continue;
        }
        let comparison = compared(before, texts[state]);
        let mut older = Vec::new();
        episodes.extend(tell(&comparison, [before, texts[state]], state, |_, row| {
            let is = row.number(Which::To).is_some_and(|number| numbers.contains(&number))
                // where a moved line left, it is the same line
                || row.kind == RowKind::MoveFrom && row.moved().is_some_and(|number| numbers.contains(&number));
            if is && !matches!(row.kind, RowKind::Insert | RowKind::Replace) {
                older.extend(row.number(Which::From));
            }
            is
        }));
        numbers = older;
        if numbers.is_empty() {
            break;
        }
    }
    episodes
}

/// The lines of a text that hold a phrase, whatever the letter case: their numbers.
pub fn holding(text: &str, phrase: &str) -> Vec<usize> {
    let phrase = phrase.to_lowercase();
    if phrase.is_empty() {
        return Vec::new();
    }
    let all = lines(text).enumerate();
    all.filter(|(_, line)| text[line.clone()].to_lowercase().contains(&phrase)).map(|(at, _)| at + 1).collect()
}

/// The same within a section.
fn within(text: &str, phrase: &str, place: Place) -> Vec<usize> {
    let mut numbers = holding(text, phrase);
    if let (Place::Section(section), false) = (place, numbers.is_empty()) {
        let comparison = compared("", text);
        let here = comparison.sections.iter().find(|found| found.id == section);
        let lines: Vec<usize> =
            here.into_iter().flat_map(|found| &found.rows).filter_map(|row| row.number(Which::To)).collect();
        numbers.retain(|number| lines.contains(number));
    }
    numbers
}

fn compared(from: &str, to: &str) -> Comparison {
    let config = Map::new();
    compare(State { text: from, config: &config }, State { text: to, config: &config })
}

fn episode(from: &str, to: &str, state: usize, wanted: impl FnMut(Option<SectionId>, &Row) -> bool) -> Option<Episode> {
    if from == to {
        return None;
    }
    tell(&compared(from, to), [from, to], state, wanted)
}

/// The changed rows that are wanted; nothing when there is none. Lines that were only wrapped anew are not told.
fn tell(
    comparison: &Comparison,
    texts: [&str; 2],
    state: usize,
    mut wanted: impl FnMut(Option<SectionId>, &Row) -> bool,
) -> Option<Episode> {
    let mut told = Vec::new();
    for section in &comparison.sections {
        for row in &section.rows {
            // asked for every row: who follows a line has to see where it stood
            if !wanted(section.id, row) || !row.changed() {
                continue;
            }
            for (which, text) in [Which::From, Which::To].into_iter().zip(texts) {
                let Some(line) = comparison.line(row, which) else { continue };
                let content = without_ending(&text[line.range.clone()]);
                let inside =
                    line.emphasis.iter().map(|span| span.start.min(content.len())..span.end.min(content.len()));
                told.push(Told {
                    section: section.id,
                    which,
                    kind: row.kind,
                    sign: row.sign(which),
                    number: line.number,
                    text: content.to_owned(),
                    emphasis: inside.filter(|span| !span.is_empty()).collect(),
                    note: row.note(which),
                });
            }
        }
    }
    (!told.is_empty()).then_some(Episode { state, lines: told })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "# Tone\n- Be warm and kind.\n# Safety\n- Ask a person.\n";
    const TWO: &str = "# Tone\n- Be warm and brief.\n- Use plain words.\n# Safety\n- Ask a person.\n";
    const THREE: &str = "# Tone\n- Use plain words.\n# Safety\n- Ask a person.\n- Be warm and brief.\n";
    const FOUR: &str = "# Tone\n- Use plain words.\n# Safety\n- Ask a human.\n- Be warm and brief.\n";

    fn shown(texts: &[&str], part: Part<'_>) -> Vec<String> {
        let line = |told: &Told| format!("{}{} {}", told.sign, told.number, told.text);
        story(texts, part)
            .iter()
            .map(|episode| {
                let lines: Vec<String> = episode.lines.iter().map(line).collect();
                format!("{}: {}", episode.state, lines.join(" | "))
            })
            .collect()
    }

    #[test]
    fn a_line_is_followed_through_changes_and_moves_to_where_it_began() {
        assert_eq!(
            shown(&[ONE, TWO, TWO, THREE, FOUR], Part::Line("WARM and brief", Place::Anywhere)),
            [
                "3: <2 - Be warm and brief. | >5 - Be warm and brief.",
                "1: ~2 - Be warm and kind. | ~2 - Be warm and brief.",
                "0: +2 - Be warm and kind."
            ]
        );
    }

    #[test]
    fn a_line_that_is_gone_says_since_when() {
        assert_eq!(
            shown(&[ONE, TWO, "# Tone\n- Use plain words.\n"], Part::Line("ask a person", Place::Anywhere)),
            ["2: -5 - Ask a person.", "0: +4 - Ask a person."]
        );
        assert!(story(&[ONE], Part::Line("ask a person", Place::Section(None))).is_empty(), "it is in another section");
        assert!(story(&[ONE], Part::Line("nowhere", Place::Anywhere)).is_empty());
        assert!(story(&[ONE], Part::Line("", Place::Anywhere)).is_empty());
    }

    #[test]
    fn a_section_has_the_states_that_changed_it() {
        let safety = Part::Section(Some(SectionId::SafetyRails));
        assert_eq!(
            shown(&[ONE, TWO, THREE, FOUR], safety),
            [
                "3: ~4 - Ask a person. | ~4 - Ask a human.",
                "2: >5 - Be warm and brief.",
                "0: +3 # Safety | +4 - Ask a person."
            ]
        );
        assert_eq!(story(&[ONE, TWO, TWO], Part::Whole).len(), 2);
    }
}
