//! What was said about the texts of the Draft and the Diff screen, beside their lines.
//!
//! Where a comment stands is looked for on a thread of its own; here is only asked what stands at a line. A prompt about
//! which nobody has said anything costs nothing: no thread, no look at a text.

mod here;

use std::ops::Range;
use std::sync::Arc;

use crate::diff::Which as Half;
use crate::library::{FileStamp, Which};
use crate::prompt::Document;
use crate::review::{Mark, Notes, Review, Sign, Thread, replaced};
use crate::tui::compare::Compared;
use crate::tui::draft::{Draft, DraftText, PaneId, section_of};
use crate::tui::theme::{Role, Signs};

pub use here::{Meant, box_words, diff_line, here, known, meant, moment, side, subject, told};

/// How long a change of the draft rests before the comments are looked for again, in milliseconds.
pub const MARGIN_MS: u64 = 30;

/// Names a text of the draft: how often a prompt was opened, and the moment of the draft.
pub type Moment = (u64, u64);

/// The margins of both screens.
#[derive(Debug, Default)]
pub struct Margins {
    /// Beside the draft, as it was read last.
    pub draft: Known,
    /// Where the lines of the panes stand in the whole text that this is about.
    pub panes: Panes,
    /// Which text that is; `None` before the first look.
    pub of: Option<Moment>,
    /// What is being looked at.
    pub under_way: Option<Moment>,
    /// Whether the time is running after which the text is looked at.
    pub due: bool,
    /// Something may have been said: the file has to be looked at.
    pub touched: bool,
    /// Beside the two sides of the comparison, left and right.
    pub sides: [Known; 2],
    /// The number of the comparison that the sides were asked for.
    pub compared: u64,
    /// Grows with everything that is drawn differently.
    pub revision: u64,
    /// Of which opening and which versions the folders are watched.
    pub watched: Option<(u64, Vec<Which>)>,
    /// The suggestion that is taken as soon as it is known where its lines stand.
    pub taking: Option<String>,
}

/// What was read of a review.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// The file that it was read from, as it was then.
    pub stamp: FileStamp,
    /// What was said, by line; `None` before the first look, and where nothing can be read.
    pub notes: Option<Arc<Notes>>,
}

/// Where the body of each pane stands in the whole text: its first line, from 1, and how many lines it has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Panes([Option<(usize, usize)>; 6]);

/// What a thread is told, to find the comments beside a text.
#[derive(Debug, Clone, PartialEq)]
pub struct ToNote {
    /// The prompt's name.
    pub prompt: String,
    /// Whose review.
    pub which: Which,
    /// Beside which text.
    pub beside: Beside,
    /// What was read of the review before: while the file stays as it was, it is not read again.
    pub known: Option<(FileStamp, Arc<Review>)>,
}

/// A text with a margin.
#[derive(Debug, Clone, PartialEq)]
pub enum Beside {
    /// The draft as it is typed.
    Draft(Moment, DraftText),
    /// A side of the comparison with this number.
    Side(u64, Half, Arc<Compared>),
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Noted {
    /// Beside which text.
    pub beside: Place,
    /// What was said, and the file it was read from.
    pub known: Known,
    /// Where the panes stand in the text; of the draft only.
    pub panes: Panes,
}

/// A suggestion about lines of several sections, or about a heading: the text has to be taken apart anew.
#[derive(Debug, Clone, PartialEq)]
pub struct ToTake {
    /// Which text of the draft this is.
    pub of: Moment,
    /// The text.
    pub text: DraftText,
    /// The name of the suggestion.
    pub id: String,
    /// The first and the last of its lines, from 1.
    pub lines: (usize, usize),
    /// What is to stand there.
    pub replacement: String,
}

/// The text with the suggestion in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Across {
    /// Which text of the draft that was before.
    pub of: Moment,
    /// The name of the suggestion.
    pub id: String,
    /// The text of now.
    pub document: Document,
}

impl ToTake {
    /// Puts it in; takes time in proportion to the text.
    pub fn taken(self) -> Across {
        let Self { of, text, id, lines: (first, last), replacement } = self;
        Across { of, id, document: Document::parse(&replaced(&text.to_text(), first, last, &replacement)) }
    }
}

/// Names a text with a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The draft at this moment.
    Draft(Moment),
    /// A side of the comparison with this number.
    Side(u64, Half),
}

impl ToNote {
    /// Puts what was said beside the lines of the text; takes time in proportion to it.
    pub fn note(self, stamp: FileStamp, review: Arc<Review>) -> Noted {
        match self.beside {
            Beside::Draft(moment, text) => {
                let (notes, panes) = if review.threads.is_empty() {
                    (Notes::of(review, "", |line| line), Panes::default())
                } else {
                    beside_panes(review, &text.to_document())
                };
                let known = Known { stamp, notes: Some(Arc::new(notes)) };
                Noted { beside: Place::Draft(moment), known, panes }
            }
            Beside::Side(number, half, compared) => {
                let text = if half == Half::From { &compared.from } else { &compared.to };
                let known = Known { stamp, notes: Some(Arc::new(Notes::of(review, text, |line| line))) };
                Noted { beside: Place::Side(number, half), known, panes: Panes::default() }
            }
        }
    }
}

/// The margins of the panes: what stands at a heading is shown beside the first line below it.
fn beside_panes(review: Arc<Review>, document: &Document) -> (Notes, Panes) {
    let text = document.to_text();
    let mut panes = Panes::default();
    // first line of the part, first and last line of its body
    let mut parts: Vec<(usize, usize, usize)> = Vec::new();
    for (pane, place) in panes.0.iter_mut().enumerate() {
        let id = section_of(pane);
        let (Some(start), Some(first)) = (document.heading_line(id), document.body_line(id)) else { continue };
        let count = document.body(id).matches('\n').count() + 1;
        // before the first heading there may be nothing that is shown
        if pane == 0 && document.body(id).is_empty() {
            continue;
        }
        *place = Some((first, count));
        parts.push((start, first, first + count - 1));
    }
    parts.sort_unstable();
    let shown = |line: usize| {
        let part = parts.partition_point(|(start, ..)| *start <= line).saturating_sub(1);
        parts.get(part).map_or(line, |(_, first, last)| line.clamp(*first, *last))
    };
    (Notes::of(review, &text, shown), panes)
}

impl Panes {
    /// The line of the whole text, from 1, that a line of a pane, from 0, is; `None` where the text had none.
    pub fn line(&self, pane: usize, line: usize) -> Option<usize> {
        let (first, count) = self.0.get(pane).copied().flatten()?;
        (line < count).then_some(first + line)
    }

    /// The pane of a line of the whole text, from 1, and its line there, from 0.
    pub fn place(&self, line: usize) -> Option<(usize, usize)> {
        let within = |(pane, place): (usize, &Option<(usize, usize)>)| {
            let (first, count) = (*place)?;
            (first..first + count).contains(&line).then(|| (pane, line - first))
        };
        self.0.iter().enumerate().find_map(within)
    }

    /// Lines `first` to `last` of the whole text as a pane and lines of it, from 0; `None` where they are not all of one
    /// body.
    pub fn lines(&self, first: usize, last: usize) -> Option<(usize, Range<usize>)> {
        let ((pane, first), (other, last)) = (self.place(first)?, self.place(last)?);
        (pane == other).then_some((pane, first..last + 1))
    }
}

impl Known {
    /// Whether nobody has said anything, as far as is known.
    pub fn is_empty(&self) -> bool {
        self.notes.as_ref().is_none_or(|notes| notes.review.threads.is_empty())
    }

    /// What was read, for the next look.
    pub fn before(&self) -> Option<(FileStamp, Arc<Review>)> {
        self.notes.as_ref().map(|notes| (self.stamp, Arc::clone(&notes.review)))
    }

    /// What stands beside a line of the whole text, from 1.
    pub fn mark(&self, line: usize) -> Option<&Mark> {
        self.notes.as_ref()?.mark(line)
    }
}

impl Margins {
    /// Another prompt is open: nothing is known of it.
    pub fn begin(&mut self) {
        let Self { revision, due, under_way, compared, .. } = *self;
        *self =
            Self { revision: revision + 1, due, under_way, compared: compared + 1, touched: true, ..Self::default() };
    }

    /// What stands beside a line of a pane, from 0.
    pub fn mark(&self, pane: usize, line: usize) -> Option<&Mark> {
        let notes = self.draft.notes.as_ref()?;
        notes.mark(self.panes.line(pane, line)?)
    }

    /// What stands beside the line of the cursor.
    pub fn under_cursor(&self, draft: &Draft) -> Option<&Mark> {
        self.draft.notes.as_ref().filter(|notes| !notes.review.threads.is_empty())?;
        let PaneId::Text(pane) = draft.focus else { return None };
        self.mark(pane, draft.panes[pane].line_and_column().0 - 1)
    }

    /// The margin of a side of the comparison.
    pub fn side(&self, half: Half) -> &Known {
        &self.sides[usize::from(half == Half::To)]
    }
}

/// The sign of a mark, in what the terminal can show: it says the same without colour.
pub fn sign(sign: Sign, signs: Signs) -> char {
    match (sign, signs) {
        (Sign::Comment, Signs::Unicode) => '◆',
        (Sign::Comment, Signs::Ascii) => '*',
        (Sign::Suggestion, Signs::Unicode) => '±',
        (Sign::Suggestion, Signs::Ascii) => '~',
        (Sign::Outdated, _) => '?',
        (Sign::Settled, Signs::Unicode) => '·',
        (Sign::Settled, Signs::Ascii) => '-',
    }
}

/// How it looks.
pub fn role(sign: Sign) -> Role {
    match sign {
        Sign::Comment => Role::Accent,
        Sign::Suggestion => Role::Change,
        Sign::Outdated => Role::Warning,
        Sign::Settled => Role::Dim,
    }
}

/// How a thread stands, in a word.
pub fn word(sign: Sign, thread: &Thread) -> &'static str {
    match (sign, &thread.outcome) {
        (Sign::Comment, _) => "comment",
        (Sign::Suggestion, _) => "suggestion",
        (Sign::Outdated, _) => "outdated",
        (Sign::Settled, Some(outcome)) if outcome.taken => "taken",
        (Sign::Settled, _) => "settled",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::review::{Anchor, Entry, Reading, Said};

    fn review(anchors: Vec<Anchor>) -> Arc<Review> {
        let entry = |(index, anchor): (usize, Anchor)| Entry {
            at: jiff::Timestamp::from_second(1 + i64::try_from(index).unwrap()).unwrap(),
            git: None,
            by: "Ben".into(),
            id: format!("c{index}"),
            said: Said::Comment { anchor, text: "?".into(), replacement: None },
        };
        Arc::new(Review::of(anchors.into_iter().enumerate().map(entry).collect()))
    }

    fn marks(text: &str, anchors: Vec<Anchor>) -> Vec<(usize, usize)> {
        let (notes, panes) = beside_panes(review(anchors), &Document::parse(text));
        let all = (0..6).flat_map(|pane| (0..9).map(move |line| (pane, line)));
        all.filter(|(pane, line)| panes.line(*pane, *line).is_some_and(|line| notes.mark(line).is_some())).collect()
    }

    #[test]
    fn a_comment_stands_beside_its_line_in_its_pane_and_one_on_a_heading_beside_the_first_line_below_it() {
        let text = "Lost.\n\n# Role\n\nYou help.\nMore.\n\n# Tone\n\n# Safety\nno\n";
        let on = |line| Reading::of(text).anchor(line, line).unwrap();
        assert_eq!(marks(text, vec![on(1)]), [(0, 0)]);
        assert_eq!(marks(text, vec![on(6)]), [(1, 1)]);
        assert_eq!(marks(text, vec![on(3)]), [(1, 0)]);
        assert_eq!(marks(text, vec![on(7)]), [(1, 1)], "a blank line between two sections");
        assert_eq!(marks(text, vec![on(8)]), [(2, 0)], "an empty section");
        assert_eq!(marks(text, vec![Reading::of(text).anchor(5, 11).unwrap()]), [(1, 0), (1, 1), (2, 0), (5, 0)]);
        assert_eq!(marks("# Role\na\n", vec![Anchor::Section(None)]), [(1, 0)], "outdated, at the first line there is");
    }

    proptest! {
        #[test]
        fn every_line_of_every_pane_is_the_line_that_the_whole_text_has_there(
            text in "((# Role|# Tone|<output_format>|</output_format>|Safety Rails:|a|b c|)(\n|\r\n)){0,12}[ab]{0,2}",
        ) {
            let document = Document::parse(&text);
            let (_, panes) = beside_panes(review(vec![Anchor::Whole]), &document);
            let lines: Vec<&str> = text.split('\n').collect();
            for pane in 0..6 {
                for (index, line) in document.body(section_of(pane)).split('\n').enumerate() {
                    if document.body(section_of(pane)).is_empty() {
                        continue;
                    }
                    let whole = panes.line(pane, index).unwrap();
                    let stands = lines.get(whole - 1).unwrap_or(&"");
                    prop_assert_eq!(stands.trim_end_matches('\r').trim_start_matches('\u{feff}'), line.trim_end_matches('\r'), "{:?}", text);
                    prop_assert_eq!(panes.place(whole), Some((pane, index)));
                }
            }
        }
    }
}
