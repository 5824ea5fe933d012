//! Paragraphs that were wrapped anew: the same words, or nearly, with other line breaks.
//!
//! Line by line every line of such a paragraph differs, and a reader sees nothing. So a paragraph is compared as one run
//! of words when a line break came or went between two words that are still neighbours.

use std::ops::Range;

use crate::diff::cut;
use crate::diff::likeness::WordSet;
use crate::diff::matching::Matching;
use crate::diff::meaning::tidy;
use crate::diff::moves::Moves;
use crate::diff::sides::{Block, Side, Sides};
use crate::diff::words::Edit;
use crate::diff::{Row, RowKind};

/// A longer paragraph is compared line by line.
const LINES: usize = 200;
/// Paragraphs of so many pairs of them at most are each held against each.
const PAIRS: usize = 1024;
/// Paragraphs less alike than this, of 256, are not one.
const ALIKE: u32 = 128;
/// Steps for all paragraphs of two texts, about 15 ns each.
const STEPS: usize = 3_000_000;
/// At least so much of the words, in percent of the shorter paragraph's, is the same.
const SAME: usize = 60;
/// The same for the items of a list that became one line, or came of one.
const NEARLY_ALL: usize = 75;

/// Looks for paragraphs that were wrapped anew, and keeps their marked words.
#[derive(Debug)]
pub(super) struct Flows {
    matching: Matching,
    /// The marked words of each row of such a paragraph, as a comparison keeps them.
    pub(super) marks: Vec<[u32; 3]>,
    pub(super) spans: Vec<Range<usize>>,
}

/// A paragraph that was wrapped anew: lines of both texts, 0-based, and its rows.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) lines: [Range<usize>; 2],
    pub(super) rows: Vec<Row>,
}

impl Flows {
    pub(super) fn new() -> Self {
        Self { matching: Matching::within(STEPS), marks: Vec::new(), spans: Vec::new() }
    }

    /// The paragraphs of a block of changed lines that were wrapped anew, in rising order on both sides.
    pub(super) fn find(&mut self, sides: &Sides<'_>, block: &Block, moves: &Moves) -> Vec<Flow> {
        let [from, to] = &block.lines;
        if from.is_empty() || to.is_empty() || from.len() + to.len() < 3 {
            return Vec::new();
        }
        let old = paragraphs(&sides.from, from, |line| moves.to[line].is_some());
        let new = paragraphs(&sides.to, to, |line| moves.from[line].is_some());
        let several = |paragraphs: &[Range<usize>]| paragraphs.iter().any(|lines| lines.len() > 1);
        if !several(&old) && !several(&new) && list_and_prose(&old, &new).is_none() {
            return Vec::new();
        }
        let mut flows = Vec::new();
        for (one, other) in alike(sides, &old, &new) {
            flows.extend(self.flow(sides, [old[one].clone(), new[other].clone()], SAME, wrapped));
        }
        if let ([], Some(lines)) = (&*flows, list_and_prose(&old, &new)) {
            flows.extend(self.flow(sides, lines, NEARLY_ALL, |_, _, _| true));
        }
        flows
    }

    /// A pair of paragraphs, when at least so many percent of its words are the same, and `is` says that it is one.
    fn flow(
        &mut self,
        sides: &Sides<'_>,
        lines: [Range<usize>; 2],
        percent: usize,
        is: impl Fn([&str; 2], [&[Range<usize>]; 2], &[(usize, usize)]) -> bool,
    ) -> Option<Flow> {
        let [from, to] = &lines;
        if from.len().max(to.len()) < 2 || from.len().max(to.len()) > LINES || same_ends(sides, &lines) {
            return None;
        }
        let (a, b) = (sides.from.stretch(from), sides.to.stretch(to));
        let (old, new) = (cut::words(a), cut::words(b));
        let equal = self.matching.of(&cut::texts(a, &old), &cut::texts(b, &new));
        let weight = |words: &[Range<usize>]| words.iter().map(Range::len).sum::<usize>();
        let same: usize = equal.iter().map(|&(word, _)| old[word].len()).sum();
        if same * 100 < weight(&old).min(weight(&new)) * percent || !is([a, b], [&old, &new], &equal) {
            return None;
        }
        let mut edits = Vec::new();
        let mut at = [0, 0];
        for (one, other) in equal.iter().copied().chain([(old.len(), new.len())]) {
            // what stands between two equal words, without the blanks and breaks around it
            let between = |words: &[Range<usize>], first: usize, end: usize| match &words[first..end] {
                [] => {
                    let place = first.checked_sub(1).map_or(0, |before| words[before].end);
                    place..place
                }
                [first, ..] => first.start..words[end - 1].end,
            };
            if at[0] < one || at[1] < other {
                edits.push(Edit(between(&old, at[0], one), between(&new, at[1], other)));
            }
            at = [one + 1, other + 1];
        }
        tidy(&mut edits, a, b);
        let (from_edits, to_edits): (Vec<_>, Vec<_>) = edits.into_iter().map(|Edit(from, to)| (from, to)).unzip();
        let rows = self.rows(sides, &lines, [&from_edits, &to_edits]);
        Some(Flow { lines, rows })
    }

    /// The lines of a paragraph beside each other in order, with the changed words of each.
    fn rows(&mut self, sides: &Sides<'_>, lines: &[Range<usize>; 2], edits: [&[Range<usize>]; 2]) -> Vec<Row> {
        let count = lines[0].len().max(lines[1].len());
        (0..count)
            .map(|index| {
                let number = |side: usize| lines[side].clone().nth(index).map_or(0, |line| line as u32 + 1);
                let start = self.spans.len() as u32;
                self.line(&sides.from, &lines[0], index, edits[0]);
                let middle = self.spans.len() as u32;
                self.line(&sides.to, &lines[1], index, edits[1]);
                let end = self.spans.len() as u32;
                let kind = if start == end { RowKind::Wrap } else { RowKind::WrapChange };
                let mut row = Row::new(kind, number(0), number(1));
                row.marks = self.marks.len() as u32;
                self.marks.push([start, middle, end]);
                row
            })
            .collect()
    }

    /// Adds the changed words of a line, without the blanks that the line begins and ends with.
    fn line(&mut self, side: &Side<'_>, lines: &Range<usize>, index: usize, edits: &[Range<usize>]) {
        let Some(line) = lines.clone().nth(index) else { return };
        let (text, start) = (side.line(line), side.start(line) - side.start(lines.start));
        let (first, last) = (text.len() - text.trim_start().len(), text.trim_end().len());
        for edit in edits {
            let span = edit.start.max(start + first)..edit.end.min(start + last);
            if !span.is_empty() {
                self.spans.push(span.start - start..span.end - start);
            }
        }
    }
}

/// Runs of lines that are one paragraph: a blank line, a line that moved and the beginning of a list's item end one.
fn paragraphs(side: &Side<'_>, lines: &Range<usize>, apart: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for line in lines.clone() {
        if apart(line) || side.is_blank(line) {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.end == line && !opens(side.line(line)) => last.end = line + 1,
            _ => found.push(line..line + 1),
        }
    }
    found
}

/// Whether a line begins something of its own: an item, a heading, a tag, a row of a table, a fence.
fn opens(line: &str) -> bool {
    let line = line.trim_start();
    match line.as_bytes() {
        [b'#' | b'<' | b'|' | b'`' | b'>', ..] | [b'-' | b'*' | b'+', b' ' | b'\t', ..] => true,
        [digit, ..] if digit.is_ascii_digit() => cut::number(line).is_some(),
        bytes => bytes.starts_with("•".as_bytes()),
    }
}

/// The lines of a list and of the single line beside it, without anything between the items.
fn list_and_prose(old: &[Range<usize>], new: &[Range<usize>]) -> Option<[Range<usize>; 2]> {
    let whole = |paragraphs: &[Range<usize>]| {
        let together = paragraphs.windows(2).all(|pair| pair[0].end == pair[1].start);
        Some(paragraphs.first()?.start..paragraphs.last()?.end).filter(|_| together)
    };
    let lines = [whole(old)?, whole(new)?];
    let counts = lines.each_ref().map(Range::len);
    (counts.contains(&1) && counts.iter().any(|count| *count > 2)).then_some(lines)
}

/// Paragraphs that are about the same, rising on both sides.
fn alike(sides: &Sides<'_>, old: &[Range<usize>], new: &[Range<usize>]) -> Vec<(usize, usize)> {
    let long = |paragraphs: &[Range<usize>]| paragraphs.iter().all(|lines| lines.len() > LINES);
    if long(old) || long(new) {
        return Vec::new();
    }
    if old.len() * new.len() > PAIRS {
        // many paragraphs that all changed: those at the same place, if there are as many
        return if old.len() == new.len() { (0..old.len()).map(|at| (at, at)).collect() } else { Vec::new() };
    }
    let set = |side: &Side<'_>, lines: &Range<usize>| WordSet::of(side.stretch(lines).as_bytes());
    let olds: Vec<WordSet> = old.iter().map(|lines| set(&sides.from, lines)).collect();
    let news: Vec<WordSet> = new.iter().map(|lines| set(&sides.to, lines)).collect();
    super::pairs::best([olds.len(), news.len()], |one, other| match olds[one].likeness(news[other]) {
        alike if alike >= ALIKE => alike,
        _ => 0,
    })
}

/// Whether there are as many lines on both sides, and each ends like the one at its place.
fn same_ends(sides: &Sides<'_>, lines: &[Range<usize>; 2]) -> bool {
    let end = |line: &str| line.trim_end().as_bytes().last_chunk::<4>().copied();
    lines[0].len() == lines[1].len()
        && lines[0].clone().zip(lines[1].clone()).all(|(from, to)| {
            let ends = [end(sides.from.line(from)), end(sides.to.line(to))];
            ends[0].is_some() && ends[0] == ends[1]
        })
}

/// Whether a line break came or went between two words that are neighbours on both sides.
fn wrapped([a, b]: [&str; 2], [old, new]: [&[Range<usize>]; 2], equal: &[(usize, usize)]) -> bool {
    let broken = |text: &str, words: &[Range<usize>], at: usize| {
        text.as_bytes()[words[at].end..words[at + 1].start].iter().any(|byte| matches!(byte, b'\n' | b'\r'))
    };
    equal.windows(2).any(|pair| {
        let [(one, other), next] = [pair[0], pair[1]];
        next == (one + 1, other + 1) && broken(a, old, one) != broken(b, new, other)
    })
}
