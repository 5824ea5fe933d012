//! How one line of text is cut into glyphs and rows: what each character looks like, how wide it is, where it wraps.
//!
//! The panes of the workbench and the commands that print in columns draw through here, so that a column means the
//! same everywhere. It sees one line without its ending, never a rope, a cursor or a screen, and it changes no character
//! of the text.

use std::iter::FusedIterator;
use std::ops::Range;

use unicode_segmentation::{Graphemes, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

use crate::sanitize;

/// Columns between two tab stops, counted from the start of the row.
const TAB: usize = 4;

/// Bytes of one grapheme that are drawn. The longest real emoji need 35; a cluster of thousands of accents would
/// otherwise send all of them to the terminal with every frame.
const LONGEST: usize = 48;

/// What stands for a grapheme that has no width of its own, such as an accent without its letter.
const NO_WIDTH: char = '\u{b7}';

/// These must not begin a row: closing punctuation and the marks that lengthen or repeat a letter.
const CLOSING: &str = "、。，．・：；？！）］｝〉》」』】〕〗〙〛’”ー々";

/// These must not end a row.
const OPENING: &str = "（［｛〈《「『【〔〖〘〚‘“";

/// What is drawn for a glyph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown<'a> {
    /// The text itself: one grapheme, safe to draw.
    Text(&'a str),
    /// A mark of one column in the place of a character that must not reach the terminal or would not be seen.
    Mark(char),
    /// Blanks up to the next tab stop.
    Tab,
}

/// The smallest piece of a line that is drawn as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph<'a> {
    /// First byte in the line.
    pub start: usize,
    /// Bytes it covers.
    pub len: usize,
    /// What is drawn.
    pub shown: Shown<'a>,
    /// Columns of a text; marks have one, and those of a tab depend on where it stands.
    columns: u8,
}

impl Glyph<'_> {
    /// Columns it takes when it begins at `column` of its row.
    pub fn width(&self, column: usize) -> usize {
        if self.shown == Shown::Tab { TAB - column % TAB } else { usize::from(self.columns) }
    }

    /// First byte after it.
    pub fn end(&self) -> usize {
        self.start + self.len
    }

    /// Whether a row may end after it.
    fn is_blank(&self) -> bool {
        match self.shown {
            Shown::Text(" ") | Shown::Tab => true,
            Shown::Text(text) if text.len() > 2 => {
                text.chars().all(|c| c.is_whitespace() && !matches!(c, '\u{2007}' | '\u{202f}'))
            }
            Shown::Text(_) | Shown::Mark(_) => false,
        }
    }

    fn is_wide(&self) -> bool {
        self.columns > 1
    }

    fn is_one_of(&self, set: &str) -> bool {
        matches!(self.shown, Shown::Text(text) if set.contains(text))
    }
}

/// The glyphs of a line, in order; together they cover every byte of it.
pub fn glyphs(line: &str) -> Glyphs<'_> {
    Glyphs { line, at: 0, run: "".graphemes(true), cluster: "" }
}

/// The columns that a line takes on one row.
pub fn width(line: &str) -> usize {
    if is_plain(line) {
        return line.len();
    }
    glyphs(line).fold(0, |column, glyph| column + glyph.width(column))
}

/// Whether a text is printable ASCII throughout, so that a column is a byte.
pub fn is_plain(text: &str) -> bool {
    // by stretches, without a branch for each byte, because every line that is drawn comes through here
    let plain = |stretch: &[u8]| stretch.iter().fold(true, |plain, byte| plain & (byte.wrapping_sub(b' ') < 95));
    text.as_bytes().chunks(64).all(plain)
}

/// See [`glyphs`].
#[derive(Debug, Clone)]
pub struct Glyphs<'a> {
    line: &'a str,
    at: usize,
    /// The graphemes of a stretch that had to be segmented.
    run: Graphemes<'a>,
    /// What is left of a grapheme that holds characters to be marked.
    cluster: &'a str,
}

impl<'a> Iterator for Glyphs<'a> {
    type Item = Glyph<'a>;

    fn next(&mut self) -> Option<Glyph<'a>> {
        if self.cluster.is_empty() {
            self.cluster = self.run.next().unwrap_or_default();
        }
        if self.cluster.is_empty() {
            let rest = &self.line[self.at..];
            let mut chars = rest.chars();
            let first = chars.next()?;
            if simple(first).is_some() && chars.next().is_none_or(|second| simple(second).is_some()) {
                return Some(self.take(first, &rest[..first.len_utf8()]));
            }
            self.run = rest[..certain_boundary(rest)].graphemes(true);
            self.cluster = self.run.next()?;
        }
        let first = self.cluster.chars().next()?;
        let hidden = |c: char| sanitize::visible(c).is_some();
        let len =
            if hidden(first) { first.len_utf8() } else { self.cluster.find(hidden).unwrap_or(self.cluster.len()) };
        let (piece, rest) = self.cluster.split_at(len);
        self.cluster = rest;
        Some(self.take(first, piece))
    }
}

impl FusedIterator for Glyphs<'_> {}

impl<'a> Glyphs<'a> {
    /// The glyph for the next piece of the line, whose first character is `first`.
    fn take(&mut self, first: char, piece: &'a str) -> Glyph<'a> {
        let start = self.at;
        self.at += piece.len();
        let (shown, columns) = match (first, sanitize::visible(first)) {
            (' '..='~', _) if piece.len() == 1 => (Shown::Text(piece), 1),
            ('\t', _) => (Shown::Tab, 0),
            (_, Some(mark)) => (Shown::Mark(mark), 1),
            (..) => {
                let text = &piece[..piece.floor_char_boundary(LONGEST)];
                let columns = simple(first).filter(|_| text.len() == first.len_utf8());
                match columns.unwrap_or_else(|| text.width().min(255) as u8) {
                    0 => (Shown::Mark(NO_WIDTH), 1),
                    columns => (Shown::Text(text), columns),
                }
            }
        };
        Glyph { start, len: piece.len(), shown, columns }
    }
}

/// The columns of characters that begin and end a grapheme whenever another such character follows or precedes them:
/// most letters of most texts, which therefore need no segmentation.
fn simple(c: char) -> Option<u8> {
    match c {
        '\0'..='\u{7f}'
        | '\u{c0}'..='\u{24f}'
        | '\u{391}'..='\u{3a1}'
        | '\u{3a3}'..='\u{482}'
        | '\u{48a}'..='\u{52f}' => Some(1),
        '\u{3001}'..='\u{3002}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30a1}'..='\u{30fa}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{ff01}'..='\u{ff5e}' => Some(2),
        _ => None,
    }
}

/// Where in a text the first grapheme boundary is that needs no segmentation to be known.
fn certain_boundary(text: &str) -> usize {
    let mut after_simple = false;
    let boundary = text.char_indices().find(|&(_, c)| {
        let simple = simple(c).is_some();
        std::mem::replace(&mut after_simple, simple) && simple
    });
    boundary.map_or(text.len(), |(at, _)| at)
}

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
fn plain_rows(line: &str, width: usize) -> Vec<Range<usize>> {
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

fn any_rows(line: &str, width: usize) -> Vec<Range<usize>> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrapped(line: &str, width: usize) -> Vec<&str> {
        rows(line, width).into_iter().map(|row| &line[row]).collect()
    }

    fn looks(line: &str) -> String {
        let mut out = String::new();
        for glyph in glyphs(line) {
            match glyph.shown {
                Shown::Text(text) => out.push_str(text),
                Shown::Mark(mark) => out.extend(['<', mark, '>']),
                Shown::Tab => out.push_str("<tab>"),
            }
        }
        out
    }

    #[test]
    fn words_stay_whole_and_the_blank_after_them_hangs() {
        assert_eq!(wrapped("be brief and kind", 8), ["be brief ", "and kind"]);
        assert_eq!(wrapped("be  brief", 3), ["be  ", "bri", "ef"]);
        assert_eq!(wrapped("", 5), [""]);
        assert_eq!(wrapped("exactly", 7), ["exactly"]);
        assert_eq!(wrapped("ab ", 2), ["ab "]);
    }

    #[test]
    fn a_word_longer_than_the_row_is_cut() {
        assert_eq!(wrapped("a verylongword b", 6), ["a ", "verylo", "ngword ", "b"]);
    }

    #[test]
    fn wide_characters_wrap_anywhere_but_not_before_closing_punctuation() {
        assert_eq!(wrapped("你好世界", 4), ["你好", "世界"]);
        assert_eq!(wrapped("你好世。界", 6), ["你好", "世。界"]);
        assert_eq!(wrapped("你好", 1), ["你", "好"]);
    }

    #[test]
    fn a_tab_reaches_the_next_stop_and_never_leaves_the_row() {
        assert_eq!(wrapped("a\tb", 5), ["a\tb"]);
        assert_eq!(wrapped("abc\tdef", 3), ["abc\t", "def"]);
        assert_eq!(wrapped("ab\tcd ef", 6), ["ab\tcd ", "ef"]);
    }

    #[test]
    fn a_family_is_one_glyph_and_an_accent_stays_on_its_letter() {
        let family = "👨\u{200d}👩\u{200d}👧";
        let all: Vec<_> = glyphs(family).collect();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].width(0), 2);
        assert_eq!(wrapped("e\u{301}e\u{301}e\u{301}", 2), ["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn what_must_not_be_drawn_becomes_a_mark_of_one_column() {
        assert_eq!(looks("a\u{1b}[2J\u{200b}b\rc"), "a<␛>[2J<\u{b7}>b<␍>c");
        assert_eq!(looks("x\u{e0041}\u{e0042}y"), "x<⍰><⍰>y");
        assert_eq!(looks("\u{301}\u{200d}"), "<\u{b7}>");
    }

    #[test]
    fn a_tower_of_accents_is_cut_when_drawn() {
        let tower = format!("a{}b", "\u{301}".repeat(10_000));
        assert!(looks(&tower).len() < 100);
        assert_eq!(glyphs(&tower).map(|glyph| glyph.len).sum::<usize>(), tower.len());
    }

    #[test]
    fn simple_characters_are_as_wide_as_the_tables_say_and_never_join() {
        let all: Vec<char> = ('\0'..=char::MAX).filter(|&c| simple(c).is_some()).collect();
        for &c in &all {
            let mut pair = c.to_string();
            assert!(c.is_ascii_control() || simple(c) == Some(pair.width() as u8), "U+{:04X}", c as u32);
            assert!(c.is_ascii() || sanitize::visible(c).is_none(), "U+{:04X}", c as u32);
            // one of each stretch of the table before and after it
            for &other in
                &['a', '\u{e9}', '\u{3b1}', '\u{436}', '\u{4f0}', '。', 'あ', 'ア', '㐀', '你', '가', '각', '！']
            {
                pair.truncate(c.len_utf8());
                pair.push(other);
                assert_eq!(pair.graphemes(true).count(), 2, "{pair:?}");
                assert_eq!(format!("{other}{c}").graphemes(true).count(), 2, "{other:?} before {c:?}");
            }
        }
    }

    #[test]
    fn a_width_counts_wide_characters_twice_and_hidden_ones_once() {
        assert_eq!(width("\ta"), 5);
        assert_eq!(width("ab\tc"), 5);
        assert_eq!(width("a\u{1b}[2J"), 5);
        assert_eq!(width("\u{200b}\u{202e}"), 2);
        assert_eq!(width("日本 e\u{301}"), 6);
    }

    #[test]
    fn only_printable_ascii_is_plain() {
        for byte in 0..=u8::MAX {
            let text = format!("{}{}{}", "a".repeat(70), char::from(byte), "b".repeat(70));
            assert_eq!(is_plain(&text), (b' '..=b'~').contains(&byte), "{byte:#04x}");
        }
        assert!(is_plain(""));
    }

    fn line() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                4 => "[a-z ]{1,6}".prop_map(String::from),
                1 => proptest::sample::select(vec![
                    "\t", "\r", "\u{1b}", "é", "e\u{301}", "你", "好。", "（", "👨\u{200d}👩", "🇩🇪", "\u{200b}", "\u{301}",
                    "\u{e0041}", "\u{3000}", "\u{600}", "ｶﾞ", "  ", "{{name}}", "क्षि", "\u{2028}", "\u{feff}",
                ])
                .prop_map(String::from),
            ],
            0..20,
        )
        .prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn rows_cover_the_line_and_fit(line in line(), width in 1usize..12) {
            let rows = rows(&line, width);
            prop_assert_eq!(rows.iter().map(|row| &line[row.clone()]).collect::<String>(), line.clone());
            for (i, row) in rows.iter().enumerate() {
                prop_assert!(!row.is_empty() || rows.len() == 1, "row {} is empty", i);
                let mut glyphs: Vec<_> = glyphs(&line[row.clone()]).collect();
                if glyphs.last().is_some_and(Glyph::is_blank) && glyphs.len() > 1 {
                    glyphs.pop();
                }
                // a tab, or a wide blank, is cut off at the border
                let columns = glyphs.iter().fold(0, |column, glyph| {
                    let room = if glyph.is_blank() { width.saturating_sub(column) } else { width.max(2) };
                    column + glyph.width(column).min(room)
                });
                prop_assert!(columns <= width || glyphs.len() == 1, "{:?} takes {} of {}", &line[row.clone()], columns, width);
            }
        }

        #[test]
        fn plain_and_any_text_wrap_alike(line in "[a-c ]{0,60}", width in 1usize..12) {
            prop_assert_eq!(plain_rows(&line, width), any_rows(&line, width));
        }

        #[test]
        fn glyphs_cover_the_line_in_order(line in line()) {
            let mut at = 0;
            for glyph in glyphs(&line) {
                prop_assert_eq!(glyph.start, at);
                prop_assert!(glyph.len > 0);
                at = glyph.end();
            }
            prop_assert_eq!(at, line.len());
        }

        #[test]
        fn every_grapheme_starts_a_glyph(line in line()) {
            let starts: Vec<_> = glyphs(&line).map(|glyph| glyph.start).collect();
            for (at, _) in line.grapheme_indices(true) {
                prop_assert!(starts.contains(&at), "no glyph at {} of {:?}", at, line);
            }
        }
    }
}
