//! The words that two runs of words have in common. The work is counted, and ends when there is too much of it.

use crate::diff::common;
use crate::diff::cut::Word;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Comparing two runs of words costs about their product, and never more than this many steps a word.
const STEPS_A_WORD: usize = 512;
/// Where one run fits a machine word, so many steps take as long as one.
const AT_ONCE: usize = 8;
/// Up to so many words the shortest list of changes is looked for.
const FEW: usize = 256;
/// Longer runs than this have nothing in common that is worth its time.
const WORDS: usize = 16_384;

/// Finds equal words as long as there are steps left.
#[derive(Debug)]
pub(super) struct Matching {
    steps: usize,
    /// Whether some words were not compared because it would have taken too long.
    pub(super) coarse: bool,
}

impl Matching {
    /// With so many steps in all, about 15 ns each.
    pub(super) fn within(steps: usize) -> Self {
        Self { steps, coarse: false }
    }

    /// Words that are the same on both sides, rising; none when finding them would take too long.
    pub(super) fn of(&mut self, old: &[Word<'_>], new: &[Word<'_>]) -> Vec<(usize, usize)> {
        match (old, new) {
            ([], _) | (_, []) => return Vec::new(),
            ([word], _) => return new.iter().position(|new| new == word).map(|at| (0, at)).into_iter().collect(),
            (_, [word]) => return old.iter().position(|old| old == word).map(|at| (at, 0)).into_iter().collect(),
            _ => {}
        }
        let words = old.len() + new.len();
        let narrow = old.len().min(new.len()) <= common::WIDTH;
        let all = old.len() * new.len();
        let steps = if narrow { all / AT_ONCE } else { all.min(words * STEPS_A_WORD) };
        if words > WORDS || steps > self.steps {
            self.coarse = true;
            return Vec::new();
        }
        self.steps -= steps;
        if narrow {
            return common::longest(old, new);
        }
        // the exact form is the faster one for the few words of a usual line; the other bounds its work
        let algorithm = if words <= FEW { Algorithm::RawMyers } else { Algorithm::Myers };
        let ops = capture_diff_slices(algorithm, old, new);
        let equal = ops.into_iter().filter(|op| matches!(op, DiffOp::Equal { .. }));
        equal.flat_map(|op| op.old_range().zip(op.new_range())).collect()
    }
}
