//! The longest run of words that two short lines have in common, a row of the usual table at a time.
//!
//! The table of lengths rises by 0 or 1 from one column to the next, so that a row of it is the bits of a number, and the
//! next row follows from it by an addition (Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).

/// The shorter of the two has at most so many words.
pub(super) const WIDTH: usize = 64;

/// Pairs of equal words, rising on both sides, as many as there can be.
pub(super) fn longest<W: PartialEq>(old: &[W], new: &[W]) -> Vec<(usize, usize)> {
    if new.len() <= old.len() {
        rising(old, new)
    } else {
        rising(new, old).into_iter().map(|(new, old)| (old, new)).collect()
    }
}

/// The same, with at most [`WIDTH`] `columns`.
fn rising<W: PartialEq>(rows: &[W], columns: &[W]) -> Vec<(usize, usize)> {
    // a bit is 0 where the length is one more than in the column before
    let mut table = Vec::with_capacity(rows.len() + 1);
    let mut flat = u64::MAX;
    table.push(flat);
    for row in rows {
        let equal = columns.iter().enumerate().fold(0, |bits, (at, column)| bits | u64::from(row == column) << at);
        let met = flat & equal;
        flat = flat.wrapping_add(met) | (flat - met);
        table.push(flat);
    }
    let length = |row: usize, column: usize| {
        let before = if column == WIDTH { u64::MAX } else { (1 << column) - 1 };
        (!table[row] & before).count_ones()
    };
    let mut pairs = Vec::new();
    let (mut row, mut column) = (rows.len(), columns.len().min(WIDTH));
    while row > 0 && column > 0 {
        let here = length(row, column);
        if here == length(row - 1, column) {
            row -= 1;
        } else if here == length(row, column - 1) {
            column -= 1;
        } else {
            (row, column) = (row - 1, column - 1);
            pairs.push((row, column));
        }
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The length by the table that everyone knows.
    fn length(old: &[u8], new: &[u8]) -> usize {
        let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
        for (row, a) in old.iter().enumerate() {
            for (column, b) in new.iter().enumerate() {
                table[row + 1][column + 1] =
                    if a == b { table[row][column] + 1 } else { table[row][column + 1].max(table[row + 1][column]) };
            }
        }
        table[old.len()][new.len()]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

        #[test]
        fn the_pairs_are_equal_rise_and_are_as_many_as_there_can_be(
            old in prop::collection::vec(0..5_u8, 0..150),
            new in prop::collection::vec(0..5_u8, 0..=WIDTH),
        ) {
            for (a, b) in [(&old, &new), (&new, &old)] {
                let pairs = longest(a, b);
                prop_assert!(pairs.iter().all(|&(at, other)| a[at] == b[other]));
                prop_assert!(pairs.is_sorted_by(|one, next| one.0 < next.0 && one.1 < next.1));
                prop_assert_eq!(pairs.len(), length(a, b));
            }
        }
    }
}
