//! The rows of a section: which deleted line stands beside which inserted one.
//!
//! Lines of a small block are paired so that the sum of their likeness is greatest; in a large one each line looks a few
//! lines ahead. Either way the work grows with the lines, not with their square.

use std::ops::Range;

use crate::diff::likeness::{WordSet, shared_end, shared_start};
use crate::diff::moves::Moves;
use crate::diff::sides::{Block, Side, Sides};
use crate::diff::{Row, RowKind};

/// Lines at least this alike are one line that changed, in parts of 256.
const ALIKE: u32 = 128;
/// Up to this many pairs of lines, each one is looked at.
const SMALL: usize = 1024;
/// How far a line of a large block looks ahead for its pair.
const AHEAD: usize = 8;

/// The rows of a place. A changed pair is a [`RowKind::Change`]; whether it is a replacement is for the words to say.
pub(super) fn rows(sides: &Sides<'_>, blocks: &[Block], moves: &Moves) -> Vec<Row> {
    let mut rows = Vec::with_capacity(blocks.iter().map(|block| block.lines[0].len().max(block.lines[1].len())).sum());
    for block in blocks {
        let [from, to] = &block.lines;
        if block.equal {
            rows.extend(from.clone().zip(to.clone()).map(|(from, to)| row(RowKind::Equal, from, to)));
            continue;
        }
        let stayed: Vec<usize> = from.clone().filter(|&line| moves.to[line].is_none()).collect();
        let new: Vec<usize> = to.clone().filter(|&line| moves.from[line].is_none()).collect();
        let (mut from, mut to) = (from.clone(), to.clone());
        for (old, new) in pairs(sides, &stayed, &new) {
            gap(sides, from.start..old, to.start..new, moves, &mut rows);
            rows.push(row(RowKind::Change, old, new));
            (from.start, to.start) = (old + 1, new + 1);
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
        (&[old], &[new]) if sides.from.is_blank(old) == sides.to.is_blank(new) => vec![(old, new)],
        ([], _) | (_, []) | (&[_], &[_]) => Vec::new(),
        _ => {
            let likeness = Likeness::new(sides, from, to);
            let indices = if from.len() * to.len() <= SMALL { likeness.best() } else { likeness.ahead() };
            indices.into_iter().map(|(old, new)| (from[old], to[new])).collect()
        }
    }
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
        let (olds, news) = (self.texts[0].len(), self.texts[1].len());
        let mut sums = vec![vec![0_u32; news + 1]; olds + 1];
        for old in (0..olds).rev() {
            for new in (0..news).rev() {
                let pair = match self.of(old, new) {
                    alike if alike >= ALIKE => alike + sums[old + 1][new + 1],
                    _ => 0,
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
