//! Where a line wraps.

use std::ops::Range;

use super::{Glyph, glyphs, is_plain};

/// These must not begin a row: closing punctuation and the marks that lengthen or repeat a letter.
const CLOSING: &str = "、。，．・：；？！）］｝〉》」』】〕〗〙〛’”ー々";

/// These must not end a row.
const OPENING: &str = "（［｛〈《「『【〔〖〘〚‘“";
/// The rows of a line when it is wrapped at words to `width` columns, as byte ranges that cover the whole line.
///
/// There is always one row. A row is no wider than `width`, except that one blank may hang after its last word, and that
/// a glyph wider than `width` has a row of its own. Words break only when they are longer than a row; between wide
/// characters a row may end anywhere, but not before closing or after opening punctuation.
pub fn rows(line: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(1);
    if is_plain(line) { plain_rows(line, width) } else { any_rows(line, width) }
}

/// The same for lines of printable ASCII, where a column is a byte.
pub(super) fn plain_rows(line: &str, width: usize) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let mut rows = Vec::with_capacity(bytes.len() / width + 1);
    let mut start = 0;
    loop {
        let full = start + width;
        let end = if full >= bytes.len() {
            bytes.len()
        } else if bytes[full] == b' ' {
            full + 1
        } else {
            memchr::memrchr(b' ', &bytes[start..full]).map_or(full, |blank| start + blank + 1)
        };
        rows.push(start..end);
        if end == bytes.len() {
            return rows;
        }
        start = end;
    }
}

pub(super) fn any_rows(line: &str, width: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut start = 0;
    let mut column = 0;
    // the latest place where the row may end, with its column
    let mut ending: Option<(usize, usize)> = None;
    let mut before: Option<Glyph<'_>> = None;
    for glyph in glyphs(line) {
        if may_part(before.as_ref(), &glyph) {
            ending = Some((glyph.start, column));
        }
        let fits =
            |column: usize| if glyph.is_blank() { column <= width } else { column + glyph.width(column) <= width };
        while !fits(column) && glyph.start > start {
            // What is carried over holds no tab, so its width does not depend on where it stands.
            let (end, at) = ending.take().filter(|&(end, _)| end > start).unwrap_or((glyph.start, column));
            rows.push(start..end);
            start = end;
            column -= at;
        }
        let room = width.saturating_sub(column).max(1);
        column += if glyph.is_blank() { glyph.width(column).min(room) } else { glyph.width(column) };
        before = Some(glyph);
    }
    rows.push(start..line.len());
    rows
}

/// Whether a row may end between two glyphs.
fn may_part(before: Option<&Glyph<'_>>, after: &Glyph<'_>) -> bool {
    let Some(before) = before else { return false };
    if before.is_blank() {
        return true;
    }
    (before.is_wide() || after.is_wide())
        && !after.is_blank()
        && !after.is_one_of(CLOSING)
        && !before.is_one_of(OPENING)
}
