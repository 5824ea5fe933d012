//! A long text that is read and not written: rows of it from any place, whatever its length. Nothing is wrapped but what
//! is shown, and a line of a megabyte costs no more than a short one.

use std::ops::Range;

use crate::prompt::wrap;
use crate::tui::editor::Needle;

/// A longer line is wrapped in pieces of so many bytes.
const PIECE: usize = 1024;
/// So many matches are told apart.
const MOST_MATCHES: usize = 10_000;

/// The rows from the one that holds the byte `at`, when they are `width` wide: at most so many.
pub fn rows(text: &str, at: usize, width: usize, most: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut next = Some(at.min(text.len()));
    while let Some(at) = next.filter(|_| found.len() < most) {
        let piece = piece(text, at);
        let rows = wrapped(text, &piece, width);
        let first = if found.is_empty() { row_of(&rows, at) } else { 0 };
        let room = most - found.len();
        found.extend(rows.into_iter().skip(first).take(room));
        next = after(text, &piece);
    }
    found
}

/// Where the row begins that is so many rows from the one with the byte `at`, not before the first one and not so far
/// that fewer than `height` rows are left below it.
pub fn moved(text: &str, at: usize, by: isize, width: usize, height: usize) -> usize {
    let end = back(text, text.len(), height.saturating_sub(1), width);
    let to = if by < 0 {
        back(text, at, by.unsigned_abs(), width)
    } else {
        let ahead = rows(text, at, width, by.unsigned_abs() + 1);
        ahead.last().map_or(0, |row| row.start)
    };
    to.min(end)
}

/// The place from which the row with the byte `found` is in sight, with some rows above it.
pub fn around(text: &str, found: usize, width: usize, height: usize) -> usize {
    let row = rows(text, found, width, 1).first().map_or(0, |row| row.start);
    let end = back(text, text.len(), height.saturating_sub(1), width);
    back(text, row, height / 3, width).min(end)
}

/// Every match, up to ten thousand; none is cut by the end of a line.
pub fn matches(text: &str, needle: &Needle) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let left = MOST_MATCHES - found.len();
        found.extend(needle.matches(line).take(left).map(|at| start + at.start..start + at.end));
        start += line.len() + 1;
    }
    found
}

/// The start of the row that is so many rows above the one with the byte `at`.
fn back(text: &str, at: usize, by: usize, width: usize) -> usize {
    let (mut at, mut by) = (at.min(text.len()), by);
    loop {
        let piece = piece(text, at);
        let rows = wrapped(text, &piece, width);
        let here = row_of(&rows, at);
        if by <= here || piece.start == 0 {
            return rows[here.saturating_sub(by)].start;
        }
        by -= here + 1;
        // the end of the piece before; of a line that is the place of its line feed
        at = piece.start - 1;
        at = text.floor_char_boundary(at);
        if by == 0 {
            let before = self::piece(text, at);
            return wrapped(text, &before, width).last().map_or(before.start, |row| row.start);
        }
        // on from the last row of it
        let before = self::piece(text, at);
        at = wrapped(text, &before, width).last().map_or(before.start, |row| row.start);
    }
}

/// The piece of a line that is wrapped by itself and holds the byte `at`.
fn piece(text: &str, at: usize) -> Range<usize> {
    let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |feed| feed + 1);
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |feed| at + feed);
    // at the end of a line its last piece is meant
    let within = if at == end && end > start { text.floor_char_boundary(end - 1) } else { at };
    let cut = |number: usize| text.floor_char_boundary((start + number * PIECE).min(end));
    let mut number = (within - start) / PIECE;
    if cut(number + 1) <= within && cut(number + 1) < end {
        number += 1;
    }
    cut(number)..cut(number + 1)
}

/// Where the text goes on after a piece.
fn after(text: &str, piece: &Range<usize>) -> Option<usize> {
    match text.as_bytes().get(piece.end) {
        Some(b'\n') => Some(piece.end + 1),
        Some(_) => Some(piece.end),
        None => None,
    }
}

/// The rows of a piece. What is read here is no prose: a row ends where it is full.
fn wrapped(text: &str, piece: &Range<usize>, width: usize) -> Vec<Range<usize>> {
    let (mut rows, mut start, mut column) = (Vec::new(), piece.start, 0);
    for glyph in wrap::glyphs(&text[piece.clone()]) {
        let at = piece.start + glyph.start;
        if column + glyph.width(column) > width && at > start {
            rows.push(start..at);
            (start, column) = (at, 0);
        }
        column += glyph.width(column);
    }
    rows.push(start..piece.end);
    rows
}

/// The row of a piece that holds the byte.
fn row_of(rows: &[Range<usize>], at: usize) -> usize {
    rows.partition_point(|row| row.start <= at).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tui::editor::Case;

    fn all(text: &str, width: usize) -> Vec<Range<usize>> {
        rows(text, 0, width, usize::MAX >> 8)
    }

    proptest! {
        #[test]
        fn the_rows_cover_the_text_and_every_one_is_reached_from_every_other(
            text in "([a-d ]{0,9}|\n|漢|é|👩‍👩‍👧|\t){0,60}", long in 0..3_usize, width in 1..12_usize, at in 0..200_usize,
            by in -30..30_isize,
        ) {
            let text = text + &"x漢".repeat(long * 700);
            let all = all(&text, width);
            let covered: String = all.iter().map(|row| &text[row.clone()]).collect();
            prop_assert_eq!(covered, text.replace('\n', ""));
            let here = at % all.len();
            let to = moved(&text, all[here].start, by, width, 1);
            let wanted = here.saturating_add_signed(by).min(all.len() - 1);
            prop_assert_eq!(to, all[wanted].start);
            prop_assert_eq!(&rows(&text, all[here].start, width, 5)[..], &all[here..(here + 5).min(all.len())]);
        }
    }

    #[test]
    fn the_last_row_stays_at_the_lower_edge() {
        let text = "1\n2\n3\n4\n5";
        assert_eq!(moved(text, 0, 100, 10, 2), 6);
        assert_eq!(moved(text, 6, -100, 10, 2), 0);
        assert_eq!(moved("1", 0, 5, 10, 3), 0);
        assert_eq!(moved("", 0, -5, 10, 3), 0);
    }

    #[test]
    fn a_match_is_brought_into_sight_with_what_stands_above_it() {
        let text = (0..100).map(|line| format!("line {line}")).collect::<Vec<_>>().join("\n");
        let needle = Needle::new("LINE 50", Case::Ignore).unwrap();
        let [found] = &matches(&text, &needle)[..] else { panic!() };
        let at = around(&text, found.start, 40, 9);
        assert!(text[at..].starts_with("line 47\n"), "{}", &text[at..at + 10]);
    }

    #[test]
    fn a_line_of_a_megabyte_is_read_from_its_middle() {
        let text = "a word ".repeat(150_000);
        let shown = rows(&text, 500_000, 80, 20);
        assert_eq!(shown.len(), 20);
        assert!(shown[0].contains(&500_000) && shown.iter().all(|row| row.len() <= 81), "{shown:?}");
    }
}
