//! The two texts as lines, the lines as numbers that are equal when the lines are, and the sections as runs of lines.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::prompt::SectionId;
use crate::prompt::heading::{Outline, outline};
use crate::prompt::lines::{lines, without_ending};

/// The places that are compared with themselves, in the order in which they are shown.
pub(super) const PLACES: [Option<SectionId>; 6] = [
    None,
    Some(SectionId::IdentityAndRole),
    Some(SectionId::BehavioralGuidelines),
    Some(SectionId::CapabilitiesAndLimitations),
    Some(SectionId::OutputFormat),
    Some(SectionId::SafetyRails),
];

/// Lines of both texts that are not the same, between lines that are; or a run of lines that are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) equal: bool,
    /// Line indices, 0-based, of the first text and of the second.
    pub(super) lines: [Range<usize>; 2],
}

/// One text.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub(super) text: &'a str,
    pub(super) outline: Outline,
    /// Where each line begins, and the text's end.
    starts: Vec<usize>,
    /// Each line's content without its ending, as a number.
    contents: Vec<u32>,
    /// The lines of each place.
    places: [Range<usize>; 6],
}

impl<'a> Side<'a> {
    fn new(text: &'a str) -> Self {
        let outline = outline(text);
        let mut starts: Vec<usize> = Vec::with_capacity(text.len() / 32 + 2);
        starts.extend(lines(text).map(|range| range.start));
        let count = starts.len();
        starts.push(text.len());
        let mut places = [const { 0..0 }; 6];
        let first = outline.headings.first().map_or(count, |heading| heading.line - 1);
        places[0] = 0..first;
        for (index, heading) in outline.headings.iter().enumerate() {
            let end = outline.headings.get(index + 1).map_or(count, |next| next.line - 1);
            places[heading.id.index() + 1] = heading.line - 1..end;
        }
        Self { text, outline, starts, contents: Vec::new(), places }
    }

    /// A line with its ending.
    pub(super) fn line(&self, index: usize) -> &'a str {
        &self.text[self.starts[index]..self.starts[index + 1]]
    }

    /// Where a line begins in the text.
    pub(super) fn start(&self, index: usize) -> usize {
        self.starts[index]
    }

    /// Some lines with their endings.
    pub(super) fn stretch(&self, lines: &Range<usize>) -> &'a str {
        &self.text[self.starts[lines.start]..self.starts[lines.end]]
    }

    /// How many lines it has.
    pub(super) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    fn content_text(&self, index: usize) -> &'a str {
        without_ending(self.line(index))
    }

    /// Whether a line has nothing but blanks.
    pub(super) fn is_blank(&self, index: usize) -> bool {
        self.line(index).bytes().all(|byte| byte.is_ascii_whitespace())
    }

    /// The number of a line's content; equal for equal content in both texts.
    pub(super) fn content(&self, index: usize) -> usize {
        self.contents[index] as usize
    }
}

/// Both texts.
#[derive(Debug)]
pub(super) struct Sides<'a> {
    pub(super) from: Side<'a>,
    pub(super) to: Side<'a>,
    /// How many different contents there are.
    pub(super) contents: usize,
}

/// Lines as numbers.
pub(super) struct Numbered {
    /// The numbers of both texts' lines, equal for equal lines.
    pub(super) numbers: [Vec<u32>; 2],
    /// How many different ones there are.
    pub(super) different: usize,
}

/// Gives the lines of two texts numbers: so many lines, each as `from` and `to` say it.
pub(super) fn numbered<'a>(
    counts: [usize; 2],
    from: impl Fn(usize) -> &'a str,
    to: impl Fn(usize) -> &'a str,
) -> Numbered {
    let mut known: HashMap<&str, u32, foldhash::fast::RandomState> = HashMap::default();
    known.reserve(counts[0].max(counts[1]));
    let mut number = |line| {
        let next = known.len() as u32;
        *known.entry(line).or_insert(next)
    };
    let old: Vec<u32> = (0..counts[0]).map(|line| number(from(line))).collect();
    // most lines of the second text follow each other as they do in the first, which is quicker seen than looked up
    let mut first = vec![0; old.len()];
    for (line, &number) in old.iter().enumerate().rev() {
        first[number as usize] = line;
    }
    let mut expected = 0;
    let new = (0..counts[1]).map(|line| {
        let text = to(line);
        if expected < old.len() && from(expected) == text {
            expected += 1;
            return old[expected - 1];
        }
        let number = number(text);
        expected = first.get(number as usize).map_or(expected + 1, |line| line + 1);
        number
    });
    let new = new.collect();
    Numbered { different: known.len(), numbers: [old, new] }
}

/// From how many bytes on a second thread is worth its start.
const WORTH_A_THREAD: usize = 2 * 1024 * 1024;

impl<'a> Sides<'a> {
    pub(super) fn new(from: &'a str, to: &'a str) -> Self {
        let (mut from, mut to) = if from.len() + to.len() < WORTH_A_THREAD {
            (Side::new(from), Side::new(to))
        } else {
            std::thread::scope(|scope| {
                let other = scope.spawn(|| Side::new(to));
                let from = Side::new(from);
                // a panic there is a panic here
                (from, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })
        };
        let numbered =
            numbered([from.count(), to.count()], |line| from.content_text(line), |line| to.content_text(line));
        let contents = numbered.different;
        [from.contents, to.contents] = numbered.numbers;
        Self { from, to, contents }
    }

    /// The blocks of each place, in order. Lines are equal in them when their contents are: a file whose line endings
    /// changed is still the same text.
    pub(super) fn blocks(&self) -> [Vec<Block>; 6] {
        std::array::from_fn(|place| {
            let ranges = [self.from.places[place].clone(), self.to.places[place].clone()];
            let (from, to) = (&self.from.contents[ranges[0].clone()], &self.to.contents[ranges[1].clone()]);
            blocks(from, to, [ranges[0].start, ranges[1].start])
        })
    }

    /// Whether two lines of equal content have the same ending too.
    pub(super) fn same_ending(&self, from: usize, to: usize) -> bool {
        let (from, to) = (self.from.line(from).as_bytes(), self.to.line(to).as_bytes());
        from.len() == to.len() && from.last() == to.last()
    }

    /// Whether a section has so many lines that they were not compared in the exact way.
    pub(super) fn coarse(&self) -> bool {
        self.from.places.iter().zip(&self.to.places).any(|(from, to)| from.len() + to.len() > MANY)
    }

    pub(super) fn into_starts(self) -> [Vec<usize>; 2] {
        [self.from.starts, self.to.starts]
    }
}

/// With more lines than this, few of them different, the exact way can take seconds.
const MANY: usize = 200_000;
/// How far a line that has no equal looks ahead for one then.
const AHEAD: usize = 64;

/// The blocks of two runs of lines, each line as something that is equal for equal lines; `starts` are the indices of
/// their first lines.
pub(super) fn blocks<K: Hash + Eq>(from: &[K], to: &[K], starts: [usize; 2]) -> Vec<Block> {
    if from.len() + to.len() > MANY { stroll(from, to, starts) } else { myers(from, to, starts) }
}

fn myers<K: Hash + Eq>(from: &[K], to: &[K], starts: [usize; 2]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, from, to) {
        let equal = matches!(op, DiffOp::Equal { .. });
        push(&mut blocks, equal, starts, [op.old_range(), op.new_range()]);
    }
    blocks
}

/// Walks both texts at once; where they part, the nearest lines that are equal bring them together again.
fn stroll<K: PartialEq>(from: &[K], to: &[K], starts: [usize; 2]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut old, mut new) = (0, 0);
    while old < from.len() && new < to.len() {
        let meeting = (0..AHEAD).find_map(|step| {
            let meets = |old: usize, new: usize| from.get(old).is_some_and(|key| Some(key) == to.get(new));
            [(step, 0), (0, step), (step, step)].into_iter().find(|(a, b)| meets(old + a, new + b))
        });
        let (a, b) = meeting.unwrap_or((1, 1));
        push(&mut blocks, false, starts, [old..old + a, new..new + b]);
        (old, new) = (old + a, new + b);
        let equal = from[old..].iter().zip(&to[new..]).take_while(|(a, b)| a == b).count();
        push(&mut blocks, true, starts, [old..old + equal, new..new + equal]);
        (old, new) = (old + equal, new + equal);
    }
    push(&mut blocks, false, starts, [old..from.len(), new..to.len()]);
    blocks
}

/// Adds lines to the last block when they are of its kind; everything between two equal runs is one block.
fn push(blocks: &mut Vec<Block>, equal: bool, starts: [usize; 2], lines: [Range<usize>; 2]) {
    if lines.iter().all(Range::is_empty) {
        return;
    }
    let [from, to] = lines;
    let lines = [starts[0] + from.start..starts[0] + from.end, starts[1] + to.start..starts[1] + to.end];
    match blocks.last_mut() {
        Some(last) if last.equal == equal => {
            for (last, range) in last.lines.iter_mut().zip(lines) {
                last.end = last.end.max(range.end);
            }
        }
        _ => blocks.push(Block { equal, lines }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_finds_the_same_lines_again_after_an_insertion_and_a_deletion() {
        let equal = |from: &[u64], to: &[u64]| -> Vec<[Range<usize>; 2]> {
            stroll(from, to, [0, 0]).into_iter().filter(|block| block.equal).map(|block| block.lines).collect()
        };
        assert_eq!(equal(&[1, 2, 3], &[1, 9, 9, 2, 3]), [[0..1, 0..1], [1..3, 3..5]]);
        assert_eq!(equal(&[1, 8, 8, 2], &[1, 2]), [[0..1, 0..1], [3..4, 1..2]]);
        assert_eq!(equal(&[1, 2], &[3, 4]), Vec::<[Range<usize>; 2]>::new());
        let lines: Vec<u64> = stroll(&[1, 2], &[3, 4, 5], [0, 0])
            .iter()
            .flat_map(|block| block.lines[1].clone())
            .map(|l| l as u64)
            .collect();
        assert_eq!(lines, [0, 1, 2]);
    }
}
