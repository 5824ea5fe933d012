//! How one line of text is cut into glyphs and rows: what each character looks like, how wide it is, where it wraps.
//!
//! The panes of the workbench and the commands that print in columns draw through here, so that a column means the
//! same everywhere. It sees one line without its ending, never a rope, a cursor or a screen, and it changes no character
//! of the text.

mod glyphs;
mod rows;

pub use glyphs::{Glyph, Glyphs, Shown, glyphs, is_plain, width};
pub use rows::rows;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::glyphs::simple;
    use super::rows::{any_rows, plain_rows};
    use super::*;
    use crate::sanitize;
    use unicode_segmentation::UnicodeSegmentation;
    use unicode_width::UnicodeWidthStr;

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
