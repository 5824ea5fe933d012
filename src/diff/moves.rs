//! Lines that are gone from one place and stand at another: taken out of the deletions and insertions.

use std::collections::HashMap;

use crate::diff::cut;
use crate::diff::likeness::WordSet;
use crate::diff::sides::{Block, Side, Sides};

/// Where the moved lines of each text went or came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moves {
    /// For each line of the first text its line in the second, where it moved.
    pub(super) to: Vec<Option<u32>>,
    /// For each line of the second text its line in the first, where it moved.
    pub(super) from: Vec<Option<u32>>,
}

impl Moves {
    fn join(&mut self, from: usize, to: usize) {
        self.to[from] = Some(to as u32);
        self.from[to] = Some(from as u32);
    }
}

/// A line that says less than this many letters and digits can stand anywhere by chance; it moves only along with a
/// neighbour.
const SUBSTANTIAL: usize = 12;

const NONE: u32 = u32::MAX;

/// Pairs deleted and inserted lines of equal content, in order, and takes their small neighbours along.
pub(super) fn find(sides: &Sides<'_>, blocks: &[Vec<Block>; 6]) -> Moves {
    let mut moves = Moves { to: vec![None; sides.from.count()], from: vec![None; sides.to.count()] };
    let changed = || blocks.iter().flatten().filter(|block| !block.equal);
    if changed().all(|block| block.lines[0].is_empty()) || changed().all(|block| block.lines[1].is_empty()) {
        return moves;
    }
    // for each content the deleted lines that have it, as lists that begin with the first
    let mut first = vec![NONE; sides.contents];
    let mut next = vec![NONE; sides.from.count()];
    let mut deleted = vec![false; sides.from.count()];
    let mut inserted = vec![false; sides.to.count()];
    for block in changed() {
        deleted[block.lines[0].clone()].fill(true);
        inserted[block.lines[1].clone()].fill(true);
    }
    for line in (0..sides.from.count()).rev().filter(|&line| deleted[line]) {
        let content = sides.from.content(line);
        next[line] = std::mem::replace(&mut first[content], line as u32);
    }
    for line in 0..sides.to.count() {
        let content = sides.to.content(line);
        if !inserted[line] || first[content] == NONE || moves.from[line].is_some() || !substantial(&sides.to, line) {
            continue;
        }
        // one that has gone along with a neighbour is taken
        while first[content] != NONE && moves.to[first[content] as usize].is_some() {
            first[content] = next[first[content] as usize];
        }
        if first[content] == NONE {
            continue;
        }
        let source = first[content] as usize;
        first[content] = next[source];
        moves.join(source, line);
        let free = |moves: &Moves, from: usize, to: usize| {
            deleted.get(from) == Some(&true)
                && inserted.get(to) == Some(&true)
                && moves.to[from].is_none()
                && moves.from[to].is_none()
                && sides.from.content(from) == sides.to.content(to)
        };
        let mut after = 1;
        while free(&moves, source + after, line + after) {
            moves.join(source + after, line + after);
            after += 1;
        }
        let mut before = 1;
        while before <= source.min(line) && free(&moves, source - before, line - before) {
            moves.join(source - before, line - before);
            before += 1;
        }
    }
    moves
}

/// Among more lines than this that stand beside nothing, a reader follows none to another place.
const MANY: usize = 4_000;
/// Up to so many lines of each text that stand beside nothing are looked at for a line that moved and changed a little.
const FEW: usize = 48;
/// Lines at least this alike, of 256, are one line that moved.
const ALIKE: u32 = 200;

/// Pairs what is left: items that moved in a list and got another number, and lines that changed a little on their way.
pub(super) fn rest(sides: &Sides<'_>, [from, to]: [Vec<usize>; 2], moves: &mut Moves) {
    if from.is_empty() || to.is_empty() || from.len() + to.len() > MANY {
        return;
    }
    let mut known: HashMap<&str, Vec<usize>, foldhash::fast::RandomState> = HashMap::default();
    for &line in from.iter().rev().filter(|&&line| substantial(&sides.from, line)) {
        known.entry(said(sides.from.line(line))).or_default().push(line);
    }
    for &line in &to {
        if let Some(source) = known.get_mut(said(sides.to.line(line))).and_then(Vec::pop) {
            moves.join(source, line);
        }
    }
    let free = |moved: &[Option<u32>], side: &Side<'_>, lines: &[usize]| -> Vec<(usize, WordSet)> {
        let free = lines.iter().filter(|&&line| moved[line].is_none() && substantial(side, line));
        free.take(FEW + 1).map(|&line| (line, WordSet::of(side.line(line).as_bytes()))).collect()
    };
    let (old, new) = (free(&moves.to, &sides.from, &from), free(&moves.from, &sides.to, &to));
    if old.len() > FEW || new.len() > FEW {
        return;
    }
    for (line, words) in new {
        let sources = old.iter().filter(|(source, _)| moves.to[*source].is_none());
        let best = sources.map(|(source, other)| (words.likeness(*other), *source)).max_by_key(|(alike, _)| *alike);
        if let Some((_, source)) = best.filter(|(alike, _)| *alike >= ALIKE) {
            moves.join(source, line);
        }
    }
}

/// What a line says behind the number or the mark of its item.
fn said(line: &str) -> &str {
    let line = line.trim();
    match cut::number(line) {
        Some(number) => line[number.end + 1..].trim_start(),
        None => line.trim_start_matches(['-', '*', '+', '•']).trim_start(),
    }
}

fn substantial(side: &Side<'_>, line: usize) -> bool {
    side.line(line).chars().filter(|c| c.is_alphanumeric()).take(SUBSTANTIAL).count() == SUBSTANTIAL
}
