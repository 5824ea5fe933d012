//! Two texts that grew from one: what only one of them changed is taken by itself, what both changed is asked about.
//!
//! Where all three have the same sections in the same order, each section is merged for itself, so that lines of one are
//! never taken for lines of another. No line that anybody wrote is lost without a choice: a conflict that is answered
//! with [`Choice::Both`] keeps all of them.

use std::ops::Range;

use similar::{MergeResolution, TextMerge};

use crate::prompt::heading::outline;
use crate::prompt::{Eol, SectionId};

/// A merge of two texts, with the places where somebody has to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    pieces: Vec<Piece>,
    eol: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Settled(String),
    Conflict(Conflict),
}

/// Lines that both have changed, each in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The section it is in; `None` for the unsorted text.
    pub section: Option<SectionId>,
    /// What stood there.
    pub base: String,
    /// What mine has.
    pub mine: String,
    /// What theirs has.
    pub theirs: String,
}

/// Which lines of a conflict stand in the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// Mine.
    Mine,
    /// Theirs.
    Theirs,
    /// Mine, then theirs.
    Both,
}

/// Merges what `mine` and `theirs` have made of `base`.
pub fn merge(base: &str, mine: &str, theirs: &str) -> Merge {
    let cuts = [base, mine, theirs].map(cut);
    let [of_base, of_mine, of_theirs] = &cuts;
    let ids = |parts: &[(Option<SectionId>, Range<usize>)]| parts.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    let mut pieces = Vec::new();
    if ids(of_base) == ids(of_mine) && ids(of_base) == ids(of_theirs) {
        for ((one, two), three) in of_base.iter().zip(of_mine).zip(of_theirs) {
            lines(&base[one.1.clone()], (&mine[two.1.clone()], &theirs[three.1.clone()]), |_| one.0, &mut pieces);
        }
    } else {
        let section = |at: usize| of_mine.iter().rev().find(|(_, range)| range.start <= at).and_then(|(id, _)| *id);
        lines(base, (mine, theirs), section, &mut pieces);
    }
    let eol = [mine, theirs].into_iter().find_map(|text| text.split_inclusive('\n').next().and_then(Eol::of));
    Merge { pieces, eol: eol.map_or("\n", Eol::as_str) }
}

impl Merge {
    /// Where somebody has to choose, in the order of the text.
    pub fn conflicts(&self) -> impl Iterator<Item = &Conflict> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Conflict(conflict) => Some(conflict),
            Piece::Settled(_) => None,
        })
    }

    /// The merged text. A conflict without a choice keeps both sides.
    pub fn text(&self, choices: &[Choice]) -> String {
        let mut text = String::new();
        let mut choices = choices.iter();
        for piece in &self.pieces {
            match piece {
                Piece::Settled(settled) => self.push(&mut text, settled),
                Piece::Conflict(conflict) => {
                    let choice = choices.next().copied().unwrap_or(Choice::Both);
                    if choice != Choice::Theirs {
                        self.push(&mut text, &conflict.mine);
                    }
                    if choice != Choice::Mine {
                        self.push(&mut text, &conflict.theirs);
                    }
                }
            }
        }
        text
    }

    /// Lines never run into each other: the last line of a text may have no ending.
    fn push(&self, text: &mut String, more: &str) {
        if !more.is_empty() && !text.is_empty() && !text.ends_with(['\n', '\r']) {
            text.push_str(self.eol);
        }
        text.push_str(more);
    }
}

/// The sections of a text with their headings; the unsorted text first.
fn cut(text: &str) -> Vec<(Option<SectionId>, Range<usize>)> {
    let headings = outline(text).headings;
    let mut starts = vec![(None, 0)];
    starts.extend(headings.iter().map(|heading| (Some(heading.id), heading.start)));
    let ends = starts.iter().skip(1).map(|(_, start)| *start).chain([text.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|((id, start), end)| (id, start..end)).collect()
}

/// Merges lines; `section` says in which section a byte of mine is.
fn lines(
    base: &str,
    (mine, theirs): (&str, &str),
    section: impl Fn(usize) -> Option<SectionId>,
    pieces: &mut Vec<Piece>,
) {
    let merged = TextMerge::from_lines(base, mine, theirs);
    let mut at = 0;
    for region in merged.regions() {
        let of_mine: String = region.ours_range().filter_map(|line| merged.ours_line(line)).collect();
        let of_theirs = || region.theirs_range().filter_map(|line| merged.theirs_line(line)).collect::<String>();
        let start = at;
        at += of_mine.len();
        let settled = match region.resolution() {
            MergeResolution::Unchanged | MergeResolution::Ours | MergeResolution::Both => of_mine,
            MergeResolution::Theirs => of_theirs(),
            _ => {
                let base = region.base_range().filter_map(|line| merged.base_line(line)).collect();
                let conflict = Conflict { section: section(start), base, mine: of_mine, theirs: of_theirs() };
                pieces.push(Piece::Conflict(conflict));
                continue;
            }
        };
        match pieces.last_mut() {
            Some(Piece::Settled(before)) => before.push_str(&settled),
            _ => pieces.push(Piece::Settled(settled)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BASE: &str = "# Identity\nI am Wren.\n\n# Safety Rails\nNever guess.\nBe brief.\n";

    fn text() -> impl Strategy<Value = String> {
        let line = prop::sample::select(vec!["a", "b", "c", "", "# Identity", "# Safety Rails", "d"]);
        let ending = prop::sample::select(vec!["\n", "\r\n"]);
        (prop::collection::vec(line, 0..8), ending, any::<bool>()).prop_map(|(lines, ending, last)| {
            let text = lines.join(ending);
            if last { text + ending } else { text }
        })
    }

    fn all(merge: &Merge, choice: Choice) -> String {
        merge.text(&vec![choice; merge.conflicts().count()])
    }

    proptest! {
        #[test]
        fn who_changed_nothing_has_no_say(base in text(), other in text()) {
            let mine = merge(&base, &other, &base);
            prop_assert_eq!(mine.conflicts().count(), 0);
            prop_assert_eq!(mine.text(&[]), other.clone());
            let theirs = merge(&base, &base, &other);
            prop_assert_eq!(theirs.conflicts().count(), 0);
            prop_assert_eq!(theirs.text(&[]), other);
        }

        #[test]
        fn the_same_change_is_no_conflict(base in text(), other in text()) {
            let merged = merge(&base, &other, &other);
            prop_assert_eq!(merged.conflicts().count(), 0);
            prop_assert_eq!(merged.text(&[]), other);
        }

        #[test]
        fn a_line_that_anybody_added_is_in_the_result(base in text(), mine in text(), theirs in text()) {
            let both = all(&merge(&base, &mine, &theirs), Choice::Both);
            let has = |text: &str, line: &str| text.lines().any(|other| other == line);
            for line in mine.lines().chain(theirs.lines()).filter(|line| !has(&base, line)) {
                prop_assert!(has(&both, line), "{:?} is not in {:?}", line, both);
            }
        }

        #[test]
        fn choosing_one_side_everywhere_keeps_its_lines(base in text(), mine in text(), theirs in text()) {
            let merged = merge(&base, &mine, &theirs);
            let has = |text: &str, line: &str| text.lines().any(|other| other == line);
            let kept = all(&merged, Choice::Mine);
            for line in mine.lines().filter(|line| !has(&base, line)) {
                prop_assert!(has(&kept, line));
            }
        }
    }

    #[test]
    fn changes_in_different_sections_are_merged_by_themselves() {
        let mine = BASE.replace("Wren", "Robin");
        let theirs = BASE.replace("Be brief.", "Be brief.\nBe kind.");
        let merged = merge(BASE, &mine, &theirs);
        assert_eq!(merged.conflicts().count(), 0);
        assert_eq!(merged.text(&[]), mine.replace("Be brief.", "Be brief.\nBe kind."));
    }

    #[test]
    fn a_conflict_names_its_section_and_each_choice_does_what_it_says() {
        let mine = BASE.replace("Never guess.", "Never ever guess.");
        let theirs = BASE.replace("Never guess.", "Ask before you guess.");
        let merged = merge(BASE, &mine, &theirs);
        let conflicts: Vec<_> = merged.conflicts().collect();
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].section, Some(SectionId::SafetyRails));
        assert_eq!((&*conflicts[0].mine, &*conflicts[0].theirs), ("Never ever guess.\n", "Ask before you guess.\n"));
        assert_eq!(merged.text(&[Choice::Mine]), mine);
        assert_eq!(merged.text(&[Choice::Theirs]), theirs);
        let both = BASE.replace("Never guess.", "Never ever guess.\nAsk before you guess.");
        assert_eq!(merged.text(&[Choice::Both]), both);
    }

    #[test]
    fn a_conflict_in_a_text_whose_sections_differ_is_placed_by_mine() {
        let mine = format!("{}# Output Format\nList.\n", BASE.replace("Be brief.", "Be short."));
        let theirs = BASE.replace("Be brief.", "Be terse.");
        let merged = merge(BASE, &mine, &theirs);
        assert!(merged.conflicts().any(|conflict| conflict.section == Some(SectionId::SafetyRails)));
    }

    #[test]
    fn last_lines_without_an_ending_do_not_run_together() {
        let merged = merge("a", "a\r\nb", "c");
        assert_eq!(merged.text(&[Choice::Both]), "a\r\nb\r\nc");
    }
}
