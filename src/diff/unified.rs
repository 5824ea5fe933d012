//! Two texts as a patch: what `patch` and `git apply` take.

use std::fmt::Write as _;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// Lines that stand unchanged around a change.
const CONTEXT: usize = 3;

/// The patch that makes `to` of `from`; empty when they are the same. Its lines end at line feeds, as those of the
/// tools that read it do, and the texts are compared as wholes, because a patch cannot say that a section moved.
pub fn unified(from: &str, to: &str, from_name: &str, to_name: &str) -> String {
    let mut patch = String::new();
    if from == to {
        return patch;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (from.split_inclusive('\n').collect(), to.split_inclusive('\n').collect());
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    // writing to a string cannot fail
    let _ = writeln!(patch, "--- {from_name}\n+++ {to_name}");
    for group in group_diff_ops(ops, CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let old_lines = first.old_range().start..last.old_range().end;
        let new_lines = first.new_range().start..last.new_range().end;
        let _ = writeln!(patch, "@@ -{} +{} @@", place(&old_lines), place(&new_lines));
        for op in group {
            if let DiffOp::Equal { .. } = op {
                lines(&mut patch, ' ', &old[op.old_range()]);
            } else {
                lines(&mut patch, '-', &old[op.old_range()]);
                lines(&mut patch, '+', &new[op.new_range()]);
            }
        }
    }
    patch
}

/// The first line, 1-based, and how many; of an empty range the line before it.
fn place(lines: &std::ops::Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        count => format!("{},{count}", lines.start + 1),
    }
}

fn lines(patch: &mut String, sign: char, lines: &[&str]) {
    for line in lines {
        patch.push(sign);
        patch.push_str(line);
        if !line.ends_with('\n') {
            patch.push_str("\n\\ No newline at end of file\n");
        }
    }
}
