//! Two texts as a patch: what `patch` and `git apply` take.

use std::fmt::Write as _;

use similar::{DiffOp, group_diff_ops};

use crate::diff::sides::{Block, blocks, numbered};

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
    // numbers are compared much quicker than lines that begin alike
    let [olds, news] = numbered([old.len(), new.len()], |line| old[line], |line| new[line]).numbers;
    let ops = blocks(&olds, &news, [0, 0]).into_iter().map(op).collect();
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

fn op(block: Block) -> DiffOp {
    let [old, new] = block.lines;
    if block.equal {
        DiffOp::Equal { old_index: old.start, new_index: new.start, len: old.len() }
    } else {
        DiffOp::Replace { old_index: old.start, old_len: old.len(), new_index: new.start, new_len: new.len() }
    }
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
