//! The words that changed in a pair of lines, as byte ranges of each line.
//!
//! What both lines begin and end with is cut off first, so that the words between are few. What a reader takes for one
//! change is for `meaning` to say.

use std::ops::Range;

use crate::diff::cut;
use crate::diff::flow::Flows;
use crate::diff::likeness::strangers;
use crate::diff::matching::Matching;
use crate::diff::meaning::tidy;
use crate::diff::sides::Sides;
use crate::diff::{Row, RowKind, SectionDiff};
use crate::prompt::lines::without_ending;

/// The marked words of all changed rows.
#[derive(Debug, Default)]
pub(super) struct Marked {
    pub(super) marks: Vec<[u32; 3]>,
    pub(super) spans: Vec<Range<usize>>,
    pub(super) coarse: bool,
}

/// From how many bytes of changed lines on a second thread is worth its start.
const WORTH_A_THREAD: usize = 512 * 1024;

/// Marks the words of every [`RowKind::Change`]; those whose lines have little in common become
/// [`RowKind::Replace`].
pub(super) fn mark(sides: &Sides<'_>, sections: &mut [SectionDiff], flows: Flows) -> Marked {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    // a line that moved and changed is marked where it left; where it came to has the same marks
    let compared = |row: &Row| {
        let [from, to] = row.lines.map(|line| line as usize);
        row.kind == RowKind::Change
            || row.kind == RowKind::MoveFrom && sides.from.content(from - 1) != sides.to.content(to - 1)
    };
    let rows = || sections.iter().flat_map(|section| &section.rows).filter(|row| compared(row));
    pairs.extend(rows().map(|row| {
        let [from, to] = row.lines.map(|line| line as usize - 1);
        (sides.from.line(from), sides.to.line(to))
    }));
    // the halves are the same on every machine, because each has its own limit of work
    let (first, second) = pairs.split_at(pairs.len() / 2);
    let bytes: usize = pairs.iter().map(|(from, to)| from.len() + to.len()).sum();
    let halves = if bytes < WORTH_A_THREAD {
        [Pen::over(first), Pen::over(second)]
    } else {
        std::thread::scope(|scope| {
            let other = scope.spawn(|| Pen::over(second));
            let first = Pen::over(first);
            [first, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))]
        })
    };
    let mut marked = Marked::default();
    let mut kinds = Vec::with_capacity(pairs.len());
    for half in halves {
        let offset = marked.spans.len() as u32;
        marked.marks.extend(half.marks.iter().map(|marks| marks.map(|at| at + offset)));
        marked.spans.extend(half.spans);
        marked.coarse |= half.matching.coarse;
        kinds.extend(half.kinds);
    }
    let mut moved = Vec::new();
    let rows = sections.iter_mut().flat_map(|section| &mut section.rows).filter(|row| compared(row));
    for (index, (row, kind)) in rows.zip(kinds).enumerate() {
        if row.kind == RowKind::MoveFrom {
            moved.push((row.lines, index as u32));
        } else {
            row.kind = kind;
        }
        if kind != RowKind::Replace {
            row.marks = index as u32;
        }
    }
    if !moved.is_empty() {
        let rows = sections.iter_mut().flat_map(|section| &mut section.rows);
        for row in rows.filter(|row| row.kind == RowKind::MoveTo) {
            row.marks = moved.iter().find(|(lines, _)| *lines == row.lines).map_or(row.marks, |(_, marks)| *marks);
        }
    }
    let (first, start) = (marked.marks.len() as u32, marked.spans.len() as u32);
    marked.marks.extend(flows.marks.iter().map(|marks| marks.map(|at| at + start)));
    marked.spans.extend(flows.spans);
    let rows = sections.iter_mut().flat_map(|section| &mut section.rows);
    rows.filter(|row| matches!(row.kind, RowKind::Wrap | RowKind::WrapChange)).for_each(|row| row.marks += first);
    marked
}

/// Whether the one change in two items of lists is that of their numbers.
fn only_the_number(from: &str, to: &str, Edit(old, new): &Edit) -> bool {
    old.start == new.start && cut::number(from).as_ref() == Some(old) && cut::number(to).as_ref() == Some(new)
}

/// Steps for all pairs of a half, about 15 ns each. Lines that all changed here and there, 50,000 of them, take far fewer.
const STEPS: usize = 6_000_000;
/// Lines of which more than 7 in 10 bytes changed are not one line any more.
pub(super) const CHANGED: (usize, usize) = (7, 10);

/// Marks pair after pair.
struct Pen {
    marks: Vec<[u32; 3]>,
    spans: Vec<Range<usize>>,
    /// What each pair is.
    kinds: Vec<RowKind>,
    matching: Matching,
}

/// A changed stretch: bytes of the first line, bytes of the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit(pub(super) Range<usize>, pub(super) Range<usize>);

impl Pen {
    fn over(pairs: &[(&str, &str)]) -> Self {
        let mut pen = Self {
            marks: Vec::with_capacity(pairs.len()),
            spans: Vec::new(),
            kinds: Vec::with_capacity(pairs.len()),
            matching: Matching::within(STEPS),
        };
        for (from, to) in pairs {
            pen.pair(from, to);
        }
        pen
    }

    fn pair(&mut self, from: &str, to: &str) {
        let (a, b) = (without_ending(from), without_ending(to));
        let blank = a.trim().is_empty() && b.trim().is_empty();
        let mut edits = Vec::new();
        let mut related = blank || !strangers(a, b);
        if related {
            edits = self.edits(a, b);
            tidy(&mut edits, a, b);
            let changed: usize = edits.iter().map(|Edit(from, to)| from.len() + to.len()).sum();
            related = blank || changed * CHANGED.1 <= (a.len() + b.len()) * CHANGED.0;
        }
        let is_blank = |text: &str| text.bytes().all(|byte| byte.is_ascii_whitespace());
        self.kinds.push(match &*edits {
            _ if !related => RowKind::Replace,
            [] => RowKind::Ending,
            [one] if only_the_number(a, b, one) => RowKind::Renumber,
            all if all.iter().all(|Edit(old, new)| is_blank(&a[old.clone()]) && is_blank(&b[new.clone()])) => {
                RowKind::Blanks
            }
            _ => RowKind::Change,
        });
        let start = self.spans.len() as u32;
        let mut middle = start;
        if related {
            let ended = from[a.len()..] != to[b.len()..];
            let side = |line: &str, content: &str, ranges: Vec<Range<usize>>| {
                let ending = (ended && content.len() < line.len()).then_some(content.len()..line.len());
                ranges.into_iter().filter(|range| !range.is_empty()).chain(ending).collect::<Vec<_>>()
            };
            let (old, new) = edits.into_iter().map(|Edit(from, to)| (from, to)).unzip();
            self.spans.extend(side(from, a, old));
            middle = self.spans.len() as u32;
            self.spans.extend(side(to, b, new));
        }
        self.marks.push([start, middle, self.spans.len() as u32]);
    }

    /// What changed between two contents, in order.
    fn edits(&mut self, a: &str, b: &str) -> Vec<Edit> {
        let mut edits = Vec::new();
        if a == b {
            return edits;
        }
        let [old, new] = cut::differing(a, b);
        let mut at = [old.start, new.start];
        for (from, to) in self.matching.of(&old.words(a), &new.words(b)) {
            let (from, to) = (old.words[from].clone(), new.words[to].clone());
            gap(&mut edits, (a, at[0]..from.start), (b, at[1]..to.start));
            at = [from.end, to.end];
        }
        gap(&mut edits, (a, at[0]..old.end), (b, at[1]..new.end));
        edits
    }
}

/// Adds what stands between two pairs of equal words, when it differs, without the blanks that both begin and end with.
fn gap(edits: &mut Vec<Edit>, (a, from): (&str, Range<usize>), (b, to): (&str, Range<usize>)) {
    let (old, new) = (&a.as_bytes()[from.clone()], &b.as_bytes()[to.clone()]);
    if old == new {
        return;
    }
    let shared = |(a, b): &(&u8, &u8)| a == b && a.is_ascii_whitespace();
    let start = old.iter().zip(new).take_while(shared).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(shared).count();
    edits.push(Edit(from.start + start..from.end - end, to.start + start..to.end - end));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both lines with their changed words in brackets; `None` when they are not one line any more.
    fn marked(from: &str, to: &str) -> Option<(String, String)> {
        let pen = Pen::over(&[(from, to)]);
        let [start, middle, end] = pen.marks[0].map(|at| at as usize);
        let show = |line: &str, spans: &[Range<usize>]| {
            let mut line = line.to_owned();
            for span in spans.iter().rev() {
                line.insert(span.end, ']');
                line.insert(span.start, '[');
            }
            line
        };
        (pen.kinds[0] != RowKind::Replace)
            .then(|| (show(from, &pen.spans[start..middle]), show(to, &pen.spans[middle..end])))
    }

    #[track_caller]
    fn assert_marked(from: &str, to: &str, old: &str, new: &str) {
        assert_eq!(marked(from, to), Some((old.to_owned(), new.to_owned())));
    }

    #[test]
    fn whole_words_are_marked() {
        assert_marked(
            "Acknowledge user frustration.\n",
            "Acknowledge their frustration.\n",
            "Acknowledge [user] frustration.\n",
            "Acknowledge [their] frustration.\n",
        );
        assert_marked(
            "It isn't 3.5 for {{user.name}}",
            "It isn't 3.6 for {{user.mail}}",
            "It isn't [3.5] for [{{user.name}}]",
            "It isn't [3.6] for [{{user.mail}}]",
        );
        assert_marked("a b c", "a b x c", "a b c", "a b [x ]c");
    }

    #[test]
    fn changed_words_with_only_blanks_or_a_crumb_between_them_are_one_change() {
        assert_marked(
            "Always be concise and direct, please, to users",
            "Always be warm but specific, please, to users",
            "Always be [concise and direct], please, to users",
            "Always be [warm but specific], please, to users",
        );
        assert_marked(
            "keep it long enough to be read",
            "keep it short and sweet to be read",
            "keep it [long enough] to be read",
            "keep it [short and sweet] to be read",
        );
        // "and" is a crumb between two longer changes
        assert_marked(
            "Write plain paragraphs and always a summary at the end.",
            "Write short bullets and never a summary at the end.",
            "Write [plain paragraphs and always] a summary at the end.",
            "Write [short bullets and never] a summary at the end.",
        );
    }

    #[test]
    fn line_endings_and_trailing_blanks_are_visible_changes() {
        assert_marked("same\r\n", "same\n", "same[\r\n]", "same[\n]");
        assert_marked("same\n", "same", "same[\n]", "same");
        assert_marked("same  \n", "same\n", "same[  ]\n", "same\n");
        assert_marked("  \n", "\n", "[  ]\n", "\n");
    }

    #[test]
    fn other_scripts_are_marked_at_their_characters() {
        assert_marked(
            "Répondez en français.",
            "Répondez en anglais.",
            "Répondez en [français].",
            "Répondez en [anglais].",
        );
        assert_marked("短く答えてください", "長く答えてください", "[短]く答えてください", "[長]く答えてください");
        assert_marked("ok e\u{301} then", "ok e\u{300} then", "ok [e\u{301}] then", "ok [e\u{300}] then");
    }

    #[test]
    fn lines_with_little_in_common_are_not_marked() {
        assert_eq!(marked("Never promise a refund.\n", "Answer in the language of the user.\n"), None);
    }

    #[test]
    fn too_many_words_are_marked_in_one_piece() {
        let words = |word: &str| format!("the same start {}", format!("{word} x ").repeat(20_000));
        let (from, to) = (words("old"), words("new"));
        let pen = Pen::over(&[(&from, &to)]);
        assert!(pen.matching.coarse);
    }
}
