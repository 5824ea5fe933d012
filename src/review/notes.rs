//! What was said about a text, by its lines: what a margin shows beside each of them.
//!
//! Everything is worked out once for a text. What stands at a line is then found by a search, whatever the number of
//! comments, so that a screen can ask for every line that it draws.

use std::collections::BinaryHeap;
use std::sync::Arc;

use super::anchor::{Place, Reading};
use super::state::{Review, Thread};

/// What was said about a text, with the lines it stands at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notes {
    /// What was said.
    pub review: Arc<Review>,
    /// Where each thread stands in the text.
    pub places: Vec<Place>,
    /// The lines beside which each thread is shown, from 1; `None` for one about the whole.
    spans: Vec<Option<(usize, usize)>>,
    marks: Vec<Mark>,
    /// Line and thread of everything that is open, in the order of the lines.
    stops: Vec<(usize, usize)>,
}

/// What stands beside a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The line, from 1.
    pub line: usize,
    /// The thread that is told of first: an open one before one that is settled, and of these the one that begins last.
    pub thread: usize,
    /// How that stands.
    pub sign: Sign,
    /// How many threads stand here, the settled ones too.
    pub count: usize,
}

/// How a thread beside a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// It is settled.
    Settled,
    /// It is open, and what it was about is gone.
    Outdated,
    /// It is open, and says something.
    Comment,
    /// It is open, and proposes other words.
    Suggestion,
}

impl Sign {
    /// How a thread stands whose words are still there, or gone.
    pub fn of(thread: &Thread, place: &Place) -> Self {
        match (&thread.outcome, &thread.replacement) {
            (Some(_), _) => Self::Settled,
            (None, _) if place.is_outdated() => Self::Outdated,
            (None, None) => Self::Comment,
            (None, Some(_)) => Self::Suggestion,
        }
    }
}

impl Notes {
    /// Finds the place of everything that was said in `text`. `shown` says at which line something about a line is
    /// shown, both from 1, where not every line of the text is on the screen; it must not fall where lines rise.
    pub fn of(review: Arc<Review>, text: &str, shown: impl Fn(usize) -> usize) -> Self {
        if review.threads.is_empty() {
            return Self { review, ..Self::default() };
        }
        let reading = Reading::of(text);
        let places: Vec<Place> = review.threads.iter().map(|thread| reading.place(&thread.anchor)).collect();
        let span = |place: &Place| match *place {
            Place::Whole => None,
            Place::At(line) | Place::Outdated { near: line } => Some((shown(line), shown(line))),
            Place::Lines { first, last } => Some((shown(first), shown(last))),
        };
        let spans: Vec<Option<(usize, usize)>> = places.iter().map(span).collect();
        let marks = marks(&review, &places, &spans);
        let open = |index: &usize| review.threads[*index].outcome.is_none();
        let stops = (0..spans.len()).filter(open).filter_map(|index| Some((spans[index]?.0, index)));
        let mut stops: Vec<(usize, usize)> = stops.collect();
        stops.sort_unstable();
        Self { review, places, spans, marks, stops }
    }

    /// What stands beside a line, from 1.
    pub fn mark(&self, line: usize) -> Option<&Mark> {
        let at = self.marks.binary_search_by_key(&line, |mark| mark.line).ok()?;
        self.marks.get(at)
    }

    /// All threads beside a line, from 1: the open ones first, each group in the order in which they were said.
    pub fn threads_at(&self, line: usize) -> Vec<usize> {
        let here = |span: &Option<(usize, usize)>| span.is_some_and(|(first, last)| (first..=last).contains(&line));
        let mut found: Vec<usize> = (0..self.spans.len()).filter(|index| here(&self.spans[*index])).collect();
        found.sort_by_key(|index| self.review.threads[*index].outcome.is_some());
        found
    }

    /// The first line beside which something open stands after `line`, from 1, else the first of the text; or the last one before it,
    /// else the last of the text.
    pub fn stop(&self, line: usize, forward: bool) -> Option<usize> {
        let stop = if forward {
            let after = self.stops.partition_point(|(stop, _)| *stop <= line);
            self.stops.get(after).or(self.stops.first())
        } else {
            let before = self.stops.partition_point(|(stop, _)| *stop < line);
            before.checked_sub(1).map_or(self.stops.last(), |at| self.stops.get(at))
        };
        stop.map(|(line, _)| *line)
    }

    /// How many threads that are open stand beside a line of the text.
    pub fn open(&self) -> usize {
        self.stops.len()
    }

    /// The first line beside which a thread is shown, from 1.
    pub fn line_of(&self, thread: usize) -> Option<usize> {
        self.spans.get(thread).copied().flatten().map(|(first, _)| first)
    }
}

/// The marks of all lines, in their order: one walk over the lines, with the threads that stand there in a heap.
fn marks(review: &Review, places: &[Place], spans: &[Option<(usize, usize)>]) -> Vec<Mark> {
    let mut starts: Vec<(usize, usize)> =
        spans.iter().enumerate().filter_map(|(index, span)| Some((span.as_ref()?.0, index))).collect();
    starts.sort_unstable();
    let mut ends: Vec<usize> = spans.iter().filter_map(|span| Some(span.as_ref()?.1)).collect();
    ends.sort_unstable();
    let mut marks = Vec::new();
    // the best one is on top; one that has ended is taken off when it gets there
    let mut here: BinaryHeap<(bool, usize, usize)> = BinaryHeap::new();
    let (mut begun, mut ended, mut line) = (0, 0, 0);
    loop {
        if begun == ended {
            // nothing stands here: on to where something begins
            let Some((next, _)) = starts.get(begun) else { return marks };
            line = *next;
        }
        while let Some((first, index)) = starts.get(begun).filter(|(first, _)| *first <= line) {
            here.push((review.threads[*index].outcome.is_none(), *first, *index));
            begun += 1;
        }
        while here.peek().is_some_and(|(.., index)| spans[*index].is_none_or(|(_, last)| last < line)) {
            here.pop();
        }
        if let Some((.., thread)) = here.peek().copied() {
            let sign = Sign::of(&review.threads[thread], &places[thread]);
            marks.push(Mark { line, thread, sign, count: begun - ended });
        }
        ended += ends[ended..].iter().take_while(|last| **last <= line).count();
        line += 1;
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::review::{Anchor, Entry, Said};

    const TEXT: &str = "a\nb\nc\nd\ne\nf\n";

    fn lines(first: usize, last: usize) -> Anchor {
        Reading::of(TEXT).anchor(first, last).unwrap()
    }

    fn notes(said: Vec<(Anchor, bool)>) -> Notes {
        let at = |index: usize| Timestamp::from_second(1 + i64::try_from(index).unwrap()).unwrap();
        let mut entries = Vec::new();
        for (index, (anchor, settled)) in said.into_iter().enumerate() {
            let said = Said::Comment { anchor, text: "?".into(), replacement: None };
            entries.push(Entry { at: at(index), by: "Ben".into(), git: None, id: format!("c{index}"), said });
            if settled {
                let said = Said::Resolve { taken: false };
                entries.push(Entry { at: at(index), git: None, by: "Ben".into(), id: format!("c{index}"), said });
            }
        }
        Notes::of(Arc::new(Review::of(entries)), TEXT, |line| line)
    }

    #[test]
    fn a_comment_on_lines_stands_beside_each_of_them_and_a_settled_one_below_the_open_ones() {
        let notes =
            notes(vec![(lines(2, 4), false), (lines(3, 3), true), (lines(4, 5), false), (Anchor::Whole, false)]);
        let told: Vec<_> = (1..=6).map(|line| notes.mark(line).map(|mark| (mark.thread, mark.count))).collect();
        assert_eq!(told, [None, Some((0, 1)), Some((0, 2)), Some((2, 2)), Some((2, 1)), None]);
        assert_eq!(notes.threads_at(3), [0, 1]);
        assert_eq!(notes.open(), 2);
    }

    #[test]
    fn the_next_open_comment_is_found_from_any_line_and_after_the_last_comes_the_first() {
        let notes = notes(vec![(lines(2, 2), false), (lines(3, 3), true), (lines(5, 6), false)]);
        let next: Vec<_> = (1..=6).map(|line| notes.stop(line, true).unwrap()).collect();
        assert_eq!(next, [2, 5, 5, 5, 2, 2]);
        let previous: Vec<_> = (1..=6).map(|line| notes.stop(line, false).unwrap()).collect();
        assert_eq!(previous, [5, 5, 2, 2, 2, 5]);
        assert_eq!(super::Notes::default().stop(3, true), None);
    }

    #[test]
    fn what_is_gone_says_so_where_it_would_be() {
        let gone = Anchor::Lines(crate::review::Lines { line: 3, quote: vec!["gone".into()], ..Default::default() });
        let notes = notes(vec![(gone, false)]);
        assert_eq!(notes.mark(3).map(|mark| mark.sign), Some(Sign::Outdated));
    }

    proptest! {
        #[test]
        fn a_mark_counts_the_threads_that_stand_at_its_line(
            said in prop::collection::vec((1..=6_usize, 0..4_usize, any::<bool>()), 0..12),
        ) {
            let spans: Vec<_> = said.iter().map(|(first, more, _)| (*first, (first + more).min(6))).collect();
            let notes = notes(said.iter().zip(&spans).map(|((.., settled), (first, last))| (lines(*first, *last), *settled)).collect());
            for line in 1..=6 {
                let here = notes.threads_at(line);
                prop_assert_eq!(notes.mark(line).map_or(0, |mark| mark.count), here.len());
                let by_hand = spans.iter().filter(|(first, last)| (*first..=*last).contains(&line)).count();
                prop_assert_eq!(here.len(), by_hand);
                if let Some(mark) = notes.mark(line) {
                    prop_assert!(here.contains(&mark.thread));
                    let open = here.iter().any(|index| notes.review.threads[*index].outcome.is_none());
                    prop_assert_eq!(mark.sign != Sign::Settled, open);
                }
            }
        }
    }
}
