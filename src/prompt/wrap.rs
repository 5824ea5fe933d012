//! Long lines folded at words to a width in terminal columns, and how wide a grapheme is when it is drawn.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::sanitize;

/// Columns between two tab stops.
pub const TAB: usize = 4;

/// The columns that one grapheme takes when it is drawn at `column`. A tab reaches to the next stop; what must not be
/// drawn as it is counts as the mark that stands for it.
pub fn width_at(grapheme: &str, column: usize) -> usize {
    match grapheme.as_bytes() {
        [b'\t'] => TAB - column % TAB,
        [_] => 1,
        _ => sanitize::one_line(grapheme).width(),
    }
}

/// The columns that `line` takes on one row.
pub fn width(line: &str) -> usize {
    if is_plain(line) {
        return line.len();
    }
    line.graphemes(true).fold(0, |column, grapheme| column + width_at(grapheme, column))
}

/// The rows of `line` (given without its ending) at most `columns` wide, as byte ranges without gaps; at least one.
///
/// Rows break after blanks, and before and after wide characters. A word that is wider than a row is broken between
/// graphemes. Blanks at the end of a row may hang over its edge. A column is always taken, so a wide character in one
/// column is a row of its own.
pub fn wrap(line: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(1);
    if is_plain(line) {
        return fold_plain(line.as_bytes(), columns);
    }
    if line.is_ascii() {
        fold((0..line.len()).map(|at| (at, &line[at..=at])), line.len(), columns)
    } else {
        fold(line.grapheme_indices(true), line.len(), columns)
    }
}

/// Whether every byte is a character of one column.
pub fn is_plain(text: &str) -> bool {
    // by stretches, without a branch for each byte, because every line that is drawn comes through here
    let plain = |stretch: &[u8]| stretch.iter().fold(true, |plain, byte| plain & (byte.wrapping_sub(b' ') < 95));
    text.as_bytes().chunks(64).all(plain)
}

/// What [`fold`] does, for a line in which a byte is a column: from seam to seam instead of byte by byte.
fn fold_plain(line: &[u8], columns: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::with_capacity(line.len() / columns + 1);
    let mut start = 0;
    while line.len() - start > columns {
        let edge = start + columns;
        let end = match memchr::memrchr(b' ', &line[start..edge]) {
            // the blanks at the edge hang over it, unless the row has nothing else
            _ if line[edge] == b' ' && line[start..edge].iter().any(|&byte| byte != b' ') => {
                edge + line[edge..].iter().take_while(|&&byte| byte == b' ').count()
            }
            Some(blank) if line[edge] != b' ' => start + blank + 1,
            _ => edge,
        };
        rows.push(start..end);
        start = end;
    }
    if start < line.len() || rows.is_empty() {
        rows.push(start..line.len());
    }
    rows
}

fn fold<'a>(graphemes: impl Iterator<Item = (usize, &'a str)>, end: usize, columns: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut start = 0;
    let mut column = 0;
    // the last place in this row where it may break, and the column there
    let mut seam = (0, 0);
    let mut only_blanks = true;
    for (at, grapheme) in graphemes {
        let width = width_at(grapheme, column);
        let blank = matches!(grapheme, " " | "\t");
        if width > 1 && !blank {
            seam = (at, column);
        }
        let over = column + width > columns && at > start;
        if over && (!blank || only_blanks) {
            if seam.0 > start {
                rows.push(start..seam.0);
                start = seam.0;
                column -= seam.1;
            }
            // what is left of the row before this grapheme can be a whole row again, of a word without a seam
            if column + width > columns && at > start {
                rows.push(start..at);
                start = at;
                column = 0;
            }
            only_blanks = true;
        }
        column += if blank { width_at(grapheme, column) } else { width };
        only_blanks &= blank;
        if blank || width > 1 {
            seam = (at + grapheme.len(), column);
        } else if seam.0 < start {
            seam = (start, 0);
        }
    }
    rows.push(start..end);
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(line: &str, columns: usize) -> Vec<&str> {
        wrap(line, columns).into_iter().map(|range| &line[range]).collect()
    }

    #[test]
    fn a_line_breaks_after_blanks() {
        assert_eq!(rows("be warm and brief", 8), ["be warm ", "and ", "brief"]);
        assert_eq!(rows("be warm and brief", 9), ["be warm ", "and brief"]);
        assert_eq!(rows("short", 9), ["short"]);
        assert_eq!(rows("", 9), [""]);
    }

    #[test]
    fn blanks_hang_over_the_edge_unless_they_are_all_there_is() {
        assert_eq!(rows("four    more", 4), ["four    ", "more"]);
        assert_eq!(rows("      x", 4), ["    ", "  x"]);
    }

    #[test]
    fn a_word_wider_than_a_row_breaks_between_graphemes() {
        assert_eq!(rows("abcdefgh ij", 3), ["abc", "def", "gh ", "ij"]);
        assert_eq!(rows("a abcdefgh", 4), ["a ", "abcd", "efgh"]);
        assert_eq!(rows("e\u{301}e\u{301}e\u{301}", 2), ["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn wide_characters_break_anywhere_and_count_twice() {
        assert_eq!(rows("日本語です", 4), ["日本", "語で", "す"]);
        assert_eq!(rows("日本語", 5), ["日本", "語"]);
        assert_eq!(rows("日本", 1), ["日", "本"]);
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(rows(&format!("{family}{family}"), 2), [family, family]);
    }

    #[test]
    fn tabs_reach_the_next_stop_and_control_bytes_take_a_column() {
        assert_eq!(width("\ta"), 5);
        assert_eq!(width("ab\tc"), 5);
        assert_eq!(width("a\u{1b}[2J"), 5);
        assert_eq!(width("\u{200b}\u{202e}"), 2);
        assert_eq!(rows("a\tb\tc", 5), ["a\tb\t", "c"]);
    }

    proptest! {
        #[test]
        fn a_plain_line_is_folded_as_any_other(line in "[a ]{0,30}", columns in 1_usize..9) {
            let slowly = fold(line.grapheme_indices(true), line.len(), columns);
            prop_assert_eq!(fold_plain(line.as_bytes(), columns), slowly);
        }

        #[test]
        fn rows_cover_the_line_and_only_blanks_or_one_grapheme_stand_over_the_edge(
            line in "([a-c日é\u{301}👩\u{200d} \t\u{1b}]|abcdef){0,40}", columns in 1_usize..20
        ) {
            let mut at = 0;
            for row in wrap(&line, columns) {
                prop_assert_eq!(row.start, at);
                at = row.end;
                let text = &line[row];
                let shown = text.trim_end_matches([' ', '\t']);
                prop_assert!(width(shown) <= columns || shown.graphemes(true).count() == 1, "{:?} in {}", text, columns);
            }
            prop_assert_eq!(at, line.len());
        }
    }
}
