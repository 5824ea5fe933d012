//! How one line of text is cut into glyphs and rows: what each character looks like, how wide it is, where it wraps.
//!
//! The editor, the preview and the conversation draw through here, so that a column means the same everywhere. Pure:
//! it sees one line without its ending, never a rope, a cursor or a screen, and it changes no character of the text.

use std::iter::FusedIterator;
use std::ops::Range;

use unicode_segmentation::{Graphemes, UnicodeSegmentation};
use unicode_width::UnicodeWidthStr;

use crate::sanitize;

/// Columns between two tab stops, counted from the start of the row.
pub const TAB: usize = 4;

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
}

impl Glyph<'_> {
    /// Columns it takes when it begins at `column` of its row.
    pub fn width(&self, column: usize) -> usize {
        match self.shown {
            Shown::Text(text) if text.len() == 1 => 1,
            Shown::Text(text) => text.width(),
            Shown::Mark(_) => 1,
            Shown::Tab => TAB - column % TAB,
        }
    }

    /// First byte after it.
    pub fn end(&self) -> usize {
        self.start + self.len
    }

    fn is_blank(&self) -> bool {
        match self.shown {
            Shown::Text(text) => text.chars().all(char::is_whitespace) && text != "\u{a0}" && text != "\u{202f}",
            Shown::Tab => true,
            Shown::Mark(_) => false,
        }
    }
}

/// The glyphs of a line, in order; together they cover every byte of it.
pub fn glyphs(line: &str) -> Glyphs<'_> {
    Glyphs { line, at: 0, run: "".graphemes(true), cluster: "" }
}

/// See [`glyphs`].
#[derive(Debug, Clone)]
pub struct Glyphs<'a> {
    line: &'a str,
    at: usize,
    run: Graphemes<'a>,
    /// What is left of a cluster that holds characters to be marked.
    cluster: &'a str,
}

impl<'a> Iterator for Glyphs<'a> {
    type Item = Glyph<'a>;

    fn next(&mut self) -> Option<Glyph<'a>> {
        if self.cluster.is_empty() {
            if let Some(cluster) = self.run.next() {
                self.cluster = cluster;
            } else if let Some(glyph) = self.ascii() {
                return Some(glyph);
            } else {
                self.run = self.run_to_segment()?.graphemes(true);
                self.cluster = self.run.next()?;
            }
        }
        Some(self.piece())
    }
}

impl FusedIterator for Glyphs<'_> {}

impl<'a> Glyphs<'a> {
    /// Two ASCII characters in a row never belong to one grapheme, so that most text needs no segmentation.
    fn ascii(&mut self) -> Option<Glyph<'a>> {
        let bytes = self.line.as_bytes();
        let byte = *bytes.get(self.at)?;
        if !byte.is_ascii() || bytes.get(self.at + 1).is_some_and(|next| !next.is_ascii()) {
            return None;
        }
        let start = self.at;
        self.at += 1;
        Some(Glyph { start, len: 1, shown: shown_char(byte as char, &self.line[start..=start]) })
    }

    /// The text from here to the next place where a boundary is certain.
    fn run_to_segment(&self) -> Option<&'a str> {
        let rest = self.line.get(self.at..)?;
        let bytes = rest.as_bytes();
        let certain = |i: usize| bytes[i].is_ascii() && bytes.get(i + 1).is_none_or(u8::is_ascii);
        let end = (1..bytes.len()).find(|&i| certain(i)).map_or(bytes.len(), |i| i + 1);
        (end > 0).then(|| &rest[..end])
    }

    fn piece(&mut self) -> Glyph<'a> {
        let start = self.at;
        let mut chars = self.cluster.char_indices();
        let first = chars.next().map_or(NO_WIDTH, |(_, c)| c);
        let whole = if marked(first) { first.len_utf8() } else { cut_before_mark(self.cluster) };
        let (text, rest) = self.cluster.split_at(whole);
        self.cluster = rest;
        self.at += whole;
        let shown = if whole == first.len_utf8() { shown_char(first, text) } else { shown_cluster(text) };
        Glyph { start, len: whole, shown }
    }
}

fn marked(c: char) -> bool {
    sanitize::visible(c).is_some()
}

fn cut_before_mark(cluster: &str) -> usize {
    cluster.char_indices().find(|&(_, c)| marked(c)).map_or(cluster.len(), |(at, _)| at)
}

fn shown_char(c: char, text: &str) -> Shown<'_> {
    match c {
        ' '..='~' => Shown::Text(text),
        '\t' => Shown::Tab,
        _ => match sanitize::visible(c) {
            Some(mark) => Shown::Mark(mark),
            None => shown_cluster(text),
        },
    }
}

fn shown_cluster(text: &str) -> Shown<'_> {
    let text = &text[..text.floor_char_boundary(LONGEST)];
    if text.width() == 0 { Shown::Mark(NO_WIDTH) } else { Shown::Text(text) }
}

/// The rows of a line when it is wrapped at words to `width` columns, as byte ranges that cover the whole line.
///
/// There is always one row. A row is no wider than `width`, except that one blank may hang after its last word, and that
/// a glyph wider than `width` has a row of its own. Words break only when they are longer than a row; between wide
/// characters a row may end anywhere, but not before closing or after opening punctuation.
pub fn rows(line: &str, width: usize) -> Vec<Range<usize>> {
    let width = width.max(1);
    if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) { plain_rows(line, width) } else { any_rows(line, width) }
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
    let wide = |glyph: &Glyph<'_>| matches!(glyph.shown, Shown::Text(text) if text.len() > 2 && text.width() > 1);
    let one_of = |glyph: &Glyph<'_>, set: &str| matches!(glyph.shown, Shown::Text(text) if set.contains(text));
    !after.is_blank() && (wide(before) || wide(after)) && !one_of(after, CLOSING) && !one_of(before, OPENING)
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
