//! The rows of a section: which deleted line stands beside which inserted one.
//!
//! Lines of a small block are paired so that the sum of their likeness is greatest; in a large one each line looks a few
//! lines ahead. Either way the work grows with the lines, not with their square.

use std::ops::Range;

use crate::diff::flow::{Flow, Flows};
use crate::diff::likeness::{WordSet, shared_end, shared_start, strangers};
use crate::diff::moves::Moves;
use crate::diff::sides::{Block, Side, Sides};
use crate::diff::{Row, RowKind};

/// Lines at least this alike are one line that changed, in parts of 256.
const ALIKE: u32 = 128;
/// Up to this many pairs of lines, each one is looked at.
const SMALL: usize = 1024;
/// How far a line of a large block looks ahead for its pair.
const AHEAD: usize = 8;

/// The blocks of a place with the pairs in them: what stands beside what.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    blocks: &'a [Block],
    /// For each block that is not equal, in order.
    parts: Vec<Vec<Part>>,
}

/// Lines of a block that stand beside each other.
#[derive(Debug)]
enum Part {
    /// A line and what it became.
    Pair(usize, usize),
    /// A paragraph that was wrapped anew.
    Flow(Flow),
}

impl Part {
    /// The lines of both texts.
    fn lines(&self) -> [Range<usize>; 2] {
        match self {
            Self::Pair(old, new) => [*old..old + 1, *new..new + 1],
            Self::Flow(flow) => flow.lines.clone(),
        }
    }
}

/// What stands beside what in a place.
pub(super) fn plan<'a>(sides: &Sides<'_>, blocks: &'a [Block], moves: &Moves, flows: &mut Flows) -> Plan<'a> {
    let part = |block: &Block| {
        let mut parts = Vec::new();
        let mut rest = block.lines.clone();
        let lines = |parts: &mut Vec<Part>, [from, to]: [Range<usize>; 2]| {
            let stayed: Vec<usize> = from.filter(|&line| moves.to[line].is_none()).collect();
            let new: Vec<usize> = to.filter(|&line| moves.from[line].is_none()).collect();
            parts.extend(pairs(sides, &stayed, &new).into_iter().map(|(old, new)| Part::Pair(old, new)));
        };
        for flow in flows.find(sides, block, moves) {
            let [from, to] = flow.lines.clone();
            lines(&mut parts, [rest[0].start..from.start, rest[1].start..to.start]);
            [rest[0].start, rest[1].start] = [from.end, to.end];
            parts.push(Part::Flow(flow));
        }
        lines(&mut parts, rest);
        parts
    };
    Plan { parts: blocks.iter().filter(|block| !block.equal).map(part).collect(), blocks }
}

impl Plan<'_> {
    /// The changed lines of both texts that stand beside nothing yet and did not move.
    pub(super) fn alone(&self, moves: &Moves) -> [Vec<usize>; 2] {
        let mut alone = [Vec::new(), Vec::new()];
        for (block, parts) in self.blocks.iter().filter(|block| !block.equal).zip(&self.parts) {
            for (side, moved) in [&moves.to, &moves.from].into_iter().enumerate() {
                let mut start = block.lines[side].start;
                for lines in parts.iter().map(|part| part.lines()[side].clone()) {
                    alone[side].extend((start..lines.start).filter(|&line| moved[line].is_none()));
                    start = lines.end;
                }
                alone[side].extend((start..block.lines[side].end).filter(|&line| moved[line].is_none()));
            }
        }
        alone
    }
}

/// The rows of a place. A changed pair is a [`RowKind::Change`]; whether it is a replacement is for the words to say.
pub(super) fn rows(sides: &Sides<'_>, plan: Plan<'_>, moves: &Moves) -> Vec<Row> {
    let blocks = plan.blocks;
    let mut parts = plan.parts.into_iter();
    let mut rows = Vec::with_capacity(blocks.iter().map(|block| block.lines[0].len().max(block.lines[1].len())).sum());
    for block in blocks {
        let [from, to] = &block.lines;
        if block.equal {
            rows.extend(from.clone().zip(to.clone()).map(|(from, to)| {
                let kind = if sides.same_ending(from, to) { RowKind::Equal } else { RowKind::Change };
                row(kind, from, to)
            }));
            continue;
        }
        let (mut from, mut to) = (from.clone(), to.clone());
        for part in parts.next().unwrap_or_default() {
            let [old, new] = part.lines();
            gap(sides, from.start..old.start, to.start..new.start, moves, &mut rows);
            match part {
                Part::Pair(old, new) => rows.push(row(RowKind::Change, old, new)),
                Part::Flow(flow) => rows.extend(flow.rows),
            }
            (from.start, to.start) = (old.end, new.end);
        }
        gap(sides, from, to, moves, &mut rows);
    }
    rows
}

fn row(kind: RowKind, from: usize, to: usize) -> Row {
    Row::new(kind, from as u32 + 1, to as u32 + 1)
}

/// Lines between two pairs: put beside each other in order, because a reader expects what replaced what side by side.
fn gap(sides: &Sides<'_>, mut from: Range<usize>, mut to: Range<usize>, moves: &Moves, rows: &mut Vec<Row>) {
    loop {
        let (old, new) = (from.clone().next(), to.clone().next());
        if let Some(old) = old
            && let Some(target) = moves.to[old]
        {
            rows.push(row(RowKind::MoveFrom, old, target as usize));
            from.next();
        } else if let Some(new) = new
            && let Some(source) = moves.from[new]
        {
            rows.push(row(RowKind::MoveTo, source as usize, new));
            to.next();
        } else {
            match (old, new) {
                (None, None) => return,
                (Some(old), Some(new)) if sides.from.is_blank(old) == sides.to.is_blank(new) => {
                    rows.push(row(RowKind::Change, old, new));
                    from.next();
                    to.next();
                }
                // an empty line says nothing about a full one
                (Some(old), new) if new.is_none() || sides.from.is_blank(old) => {
                    rows.push(Row::new(RowKind::Delete, old as u32 + 1, 0));
                    from.next();
                }
                (_, new) => {
                    rows.extend(new.map(|new| Row::new(RowKind::Insert, 0, new as u32 + 1)));
                    to.next();
                }
            }
        }
    }
}

/// Pairs of like lines, rising on both sides.
fn pairs(sides: &Sides<'_>, from: &[usize], to: &[usize]) -> Vec<(usize, usize)> {
    match (from, to) {
        (&[old], &[new]) if sides.from.is_blank(old) == sides.to.is_blank(new) => {
            // what has nothing in common is put beside each other all the same, unless it went elsewhere
            let alone = strangers(sides.from.line(old), sides.to.line(new));
            if alone { Vec::new() } else { vec![(old, new)] }
        }
        ([], _) | (_, []) | (&[_], &[_]) => Vec::new(),
        _ => {
            let likeness = Likeness::new(sides, from, to);
            let indices = if from.len() * to.len() <= SMALL { likeness.best() } else { likeness.ahead() };
            indices.into_iter().map(|(old, new)| (from[old], to[new])).collect()
        }
    }
}

/// The pairing with the greatest sum, rising on both sides, by the usual table; things with a sum of 0 are no pair.
pub(super) fn best([olds, news]: [usize; 2], mut alike: impl FnMut(usize, usize) -> u32) -> Vec<(usize, usize)> {
    let mut sums = vec![vec![0_u32; news + 1]; olds + 1];
    for old in (0..olds).rev() {
        for new in (0..news).rev() {
            let pair = match alike(old, new) {
                0 => 0,
                alike => alike + sums[old + 1][new + 1],
            };
            sums[old][new] = pair.max(sums[old + 1][new]).max(sums[old][new + 1]);
        }
    }
    let mut pairs = Vec::new();
    let (mut old, mut new) = (0, 0);
    while old < olds && new < news {
        let here = sums[old][new];
        if here == sums[old + 1][new] {
            old += 1;
        } else if here == sums[old][new + 1] {
            new += 1;
        } else {
            pairs.push((old, new));
            (old, new) = (old + 1, new + 1);
        }
    }
    pairs
}

struct Likeness<'a> {
    texts: [Vec<&'a str>; 2],
    words: [Vec<Option<WordSet>>; 2],
}

impl<'a> Likeness<'a> {
    fn new(sides: &Sides<'a>, from: &[usize], to: &[usize]) -> Self {
        let texts = |side: &Side<'a>, lines: &[usize]| lines.iter().map(|&line| side.line(line)).collect::<Vec<_>>();
        let (old, new) = (texts(&sides.from, from), texts(&sides.to, to));
        Self { words: [vec![None; old.len()], vec![None; new.len()]], texts: [old, new] }
    }

    fn words(&mut self, side: usize, index: usize) -> WordSet {
        *self.words[side][index].get_or_insert_with(|| WordSet::of(self.texts[side][index].as_bytes()))
    }

    /// 0 to 256.
    fn of(&mut self, old: usize, new: usize) -> u32 {
        self.words(0, old).likeness(self.words(1, new))
    }

    /// The pairing with the greatest sum, by the usual table.
    fn best(mut self) -> Vec<(usize, usize)> {
        let counts = [self.texts[0].len(), self.texts[1].len()];
        best(counts, |old, new| match self.of(old, new) {
            alike if alike >= ALIKE => alike,
            _ => 0,
        })
    }

    /// The pairing that a reader would make who looks a few lines ahead.
    fn ahead(mut self) -> Vec<(usize, usize)> {
        let (olds, news) = (self.texts[0].len(), self.texts[1].len());
        let mut pairs = Vec::new();
        let (mut old, mut new) = (0, 0);
        while old < olds && new < news {
            if self.obvious(old, new) || self.of(old, new) >= ALIKE {
                pairs.push((old, new));
            } else if let Some((skipped, added)) = self.near(old, new) {
                (old, new) = (old + skipped, new + added);
                continue;
            }
            (old, new) = (old + 1, new + 1);
        }
        pairs
    }

    /// Whether the lines begin and end alike, which is cheaper to see than their words.
    fn obvious(&self, old: usize, new: usize) -> bool {
        let (a, b) = (self.texts[0][old].as_bytes(), self.texts[1][new].as_bytes());
        let start = shared_start(a, b);
        let end = shared_end(&a[start..], &b[start..]);
        2 * (start + end) >= a.len().max(b.len())
    }

    /// How many old or new lines to leave out to come to a pair.
    fn near(&mut self, old: usize, new: usize) -> Option<(usize, usize)> {
        (1..=AHEAD).find_map(|step| {
            if new + step < self.texts[1].len() && self.of(old, new + step) >= ALIKE {
                Some((0, step))
            } else if old + step < self.texts[0].len() && self.of(old + step, new) >= ALIKE {
                Some((step, 0))
            } else {
                None
            }
        })
    }
}
