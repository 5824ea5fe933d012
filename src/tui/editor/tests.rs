//! What keys and the mouse do to a buffer.

mod drawn;
mod properties;

use drawn::{draw, more};

use super::layout::Walk;
use super::*;

fn buffer(text: &str) -> Buffer {
    Buffer::new(text, "\n")
}

/// A buffer on a text in which `|` is the cursor and `^`, if there, the other end of the selection.
pub(super) fn at(marked: &str) -> Buffer {
    let place = |mark: char, other: char| marked.replace(other, "").chars().position(|c| c == mark);
    let mut buffer = buffer(&marked.replace(['|', '^'], ""));
    buffer.cursor = place('|', '^').expect("a cursor");
    buffer.anchor = place('^', '|');
    buffer
}

/// The reverse of [`at`].
fn marked(buffer: &Buffer) -> String {
    let mut chars: Vec<char> = buffer.text().chars().collect();
    let mut marks = vec![(buffer.cursor, '|')];
    marks.extend(buffer.anchor.filter(|&anchor| anchor != buffer.cursor).map(|anchor| (anchor, '^')));
    marks.sort_unstable();
    for (place, mark) in marks.into_iter().rev() {
        chars.insert(place, mark);
    }
    chars.into_iter().collect()
}

pub(super) fn after(text: &str, act: impl FnOnce(&mut Buffer)) -> String {
    let mut buffer = at(text);
    act(&mut buffer);
    marked(&buffer)
}

fn motions(text: &str, all: &[Motion]) -> String {
    after(text, |buffer| {
        for &motion in all {
            buffer.move_to(motion, Select::Move);
        }
    })
}

#[test]
fn a_family_an_accent_and_a_flag_are_each_one_step_and_one_deletion() {
    for one in ["👨\u{200d}👩\u{200d}👧", "e\u{301}", "🇩🇪", "\r\n", "각", "👍🏽"] {
        let text = format!("a|{one}b");
        assert_eq!(motions(&text, &[Motion::Right]), format!("a{one}|b"));
        assert_eq!(motions(&format!("a{one}|b"), &[Motion::Left]), text);
        assert_eq!(after(&format!("a{one}|b"), |b| _ = b.backspace()), "a|b");
        assert_eq!(after(&text, |b| _ = b.delete()), "a|b");
    }
}

#[test]
fn an_accent_typed_after_a_letter_takes_the_cursor_with_it() {
    assert_eq!(after("e|x", |b| _ = b.insert("\u{301}")), "e\u{301}|x");
    assert_eq!(after("\r|\nx", |b| _ = b.insert("a")), "\ra|\nx");
    assert_eq!(after("a|\nx", |b| _ = b.insert("\r")), "a\r\n|x");
}

#[test]
fn words_are_walked_and_deleted_whole() {
    assert_eq!(motions("|don't {{user_name}}, ok", &[Motion::WordRight]), "don't| {{user_name}}, ok");
    assert_eq!(motions("don't| {{user_name}}, ok", &[Motion::WordRight]), "don't {{user_name|}}, ok");
    assert_eq!(motions("a b|", &[Motion::WordLeft, Motion::WordLeft]), "|a b");
    assert_eq!(motions("a\r\n|b", &[Motion::WordLeft]), "a|\r\nb");
    assert_eq!(motions("a|\r\nb", &[Motion::WordRight]), "a\r\n|b");
    assert_eq!(after("be kind|", |b| _ = b.delete_word_back()), "be |");
    assert_eq!(after("|be kind", |b| _ = b.delete_word_forward()), "| kind");
    assert_eq!(after("be| kind\nx", |b| _ = b.delete_to_line_end()), "be|\nx");
}

#[test]
fn the_column_is_kept_over_shorter_rows() {
    assert_eq!(motions("abcd|ef\nx\nabcdef", &[Motion::Down, Motion::Down]), "abcdef\nx\nabcd|ef");
    assert_eq!(motions("你好|\nabcdef", &[Motion::Down]), "你好\nabcd|ef");
    assert_eq!(motions("abc|\n你好", &[Motion::Down]), "abc\n你|好");
    assert_eq!(motions("a|b", &[Motion::Up]), "|ab");
    assert_eq!(motions("a|b", &[Motion::Down]), "ab|");
}

#[test]
fn up_and_down_go_by_wrapped_rows() {
    let go = |text: &str, all: &[Motion]| {
        after(text, |buffer| {
            buffer.set_viewport(9, 5); // eight columns of text
            for &motion in all {
                buffer.move_to(motion, Select::Move);
            }
        })
    };
    assert_eq!(go("be |brief and kind", &[Motion::Down]), "be brief and| kind");
    assert_eq!(go("be |brief and kind", &[Motion::LineEnd]), "be brief| and kind");
    assert_eq!(go("be brief| and kind", &[Motion::LineEnd]), "be brief and kind|");
    assert_eq!(go("be brief and| kind", &[Motion::LineStart]), "be brief |and kind");
    assert_eq!(go("be brief |and kind", &[Motion::LineStart]), "|be brief and kind");
}

#[test]
fn home_goes_to_the_text_and_then_to_the_margin() {
    assert_eq!(motions("  te|xt", &[Motion::LineStart]), "  |text");
    assert_eq!(motions("  |text", &[Motion::LineStart]), "|  text");
    assert_eq!(motions("|  text", &[Motion::LineStart]), "  |text");
}

#[test]
fn paragraphs_end_at_blank_lines() {
    assert_eq!(motions("|a\nb\n\nc\n \nd", &[Motion::ParagraphDown]), "a\nb\n|\nc\n \nd");
    assert_eq!(motions("a\nb\n|\nc\n \nd", &[Motion::ParagraphDown]), "a\nb\n\nc\n| \nd");
    assert_eq!(motions("a\n\nc\nd|", &[Motion::ParagraphUp]), "a\n|\nc\nd");
    assert_eq!(motions("a\n|\nc", &[Motion::ParagraphUp]), "|a\n\nc");
}

#[test]
fn selecting_extends_and_left_and_right_leave_at_the_ends() {
    let text = after("a|bc", |b| b.move_to(Motion::End, Select::Extend));
    assert_eq!(text, "a^bc|");
    assert_eq!(motions("a^bc|d", &[Motion::Left]), "a|bcd");
    assert_eq!(motions("a|bc^d", &[Motion::Right]), "abc|d");
    assert_eq!(after("a^bc|d", |b| _ = b.insert("x")), "ax|d");
    assert_eq!(after("a^bc|d", |b| assert_eq!(b.cut().expect("a cut").0, "bc")), "a|d");
    assert_eq!(at("a|b").cut(), None);
}

#[test]
fn enter_continues_a_list_and_ends_it_on_an_empty_item() {
    let enter = |text: &str| after(text, |b| _ = b.newline());
    assert_eq!(enter("- one|"), "- one\n- |");
    assert_eq!(enter("  * o|ne"), "  * o\n  * |ne");
    assert_eq!(enter("9. nine|"), "9. nine\n10. |");
    assert_eq!(enter("\t2) two|"), "\t2) two\n\t3) |");
    assert_eq!(enter("- one\n- |"), "- one\n|");
    assert_eq!(enter("a\n  - |  \nb"), "a\n|\nb");
    assert_eq!(enter("|- one"), "\n|- one");
    assert_eq!(enter("  text|"), "  text\n  |");
    assert_eq!(enter("---|"), "---\n|");
    assert_eq!(enter("- o^n|e"), "- o\n- |e");
}

#[test]
fn enter_continues_boxes_to_tick_and_quotes_and_ends_them() {
    let enter = |text: &str| after(text, |b| _ = b.newline());
    assert_eq!(enter("- [x] one|"), "- [x] one\n- [ ] |");
    assert_eq!(enter("1) [ ] one|"), "1) [ ] one\n2) [ ] |");
    assert_eq!(enter("- one\n- [ ] |"), "- one\n|");
    assert_eq!(enter("> said|"), "> said\n> |");
    assert_eq!(enter("> > said|"), "> > said\n> > |");
    assert_eq!(enter("> - one|"), "> - one\n> - |");
    assert_eq!(enter("> - |"), "> |");
    assert_eq!(enter("> |"), "|");
    // a fence that prompts are written with is no quote
    assert_eq!(enter(">>>|"), ">>>\n|");
    assert_eq!(enter("+ one|"), "+ one\n+ |");
}

#[test]
fn enter_in_a_numbered_list_counts_on_behind_the_new_item() {
    let enter = |text: &str| after(text, |b| _ = b.newline());
    assert_eq!(enter("1. a|\n2. b\n3. c\n"), "1. a\n2. |\n3. b\n4. c\n");
    assert_eq!(enter("8) a\n9) b|b\n10) c"), "8) a\n9) b\n10) |b\n11) c");
    // what belongs to an item is no item, and neither is what comes behind the list
    assert_eq!(
        enter("1. a|\n   more\n   1. in it\n\n2. b\n- x\n3. y"),
        "1. a\n2. |\n   more\n   1. in it\n\n3. b\n- x\n3. y"
    );
    assert_eq!(enter("> 1. a|\n> 2. b\n2. c"), "> 1. a\n> 2. |\n> 3. b\n2. c");
    assert_eq!(enter("1. a|\r\n2. b\r\n"), "1. a\n2. |\r\n3. b\r\n");
    // an item that is ended was one too many
    assert_eq!(enter("1. a\n2. |\n3. b\n4. c"), "1. a\n|\n2. b\n3. c");
    // a list that did not count is left as it is
    for text in ["1. a|\n1. b\n1. c", "1. a|\n3. b", "01. a|\n02. b", "1. a|\n2) b", "1. a|\n\ntext\n2. b"] {
        let (left, right) = text.split_once('|').unwrap();
        assert_eq!(enter(text), format!("{left}\n2. |{right}"));
    }
    // a selection over several items takes them away, and what is left is as it was
    assert_eq!(enter("1. a^a\n2. b|b\n3. c"), "1. a\n2. |b\n3. c");
}

#[test]
fn an_item_that_moves_takes_the_number_of_its_new_place() {
    let up = |text: &str| after(text, |b| _ = b.move_lines_up());
    let down = |text: &str| after(text, |b| _ = b.move_lines_down());
    assert_eq!(up("1. a\n2. b\n3. c|"), "1. a\n2. c|\n3. b");
    assert_eq!(down("9. a|\n10. b\n11. c"), "9. b\n10. a|\n11. c");
    assert_eq!(up("9. a\n|10. b"), "|9. b\n10. a");
    assert_eq!(down("1. a^a\n2. b|\n3. c\n4. d"), "1. c\n2. a^a\n3. b|\n4. d");
    assert_eq!(up("text\n1. a|\n2. b"), "1. a|\ntext\n2. b");
    assert_eq!(up("1. a\n1. b|"), "1. b|\n1. a");
    assert_eq!(up("```\n1. a\n2. b|\n```"), "```\n2. b|\n1. a\n```");
}

#[test]
fn enter_in_fenced_code_only_indents() {
    let enter = |text: &str| after(text, |b| _ = b.newline());
    assert_eq!(enter("```\n  - one|\n```"), "```\n  - one\n  |\n```");
    assert_eq!(enter("~~~\n1. |\n~~~"), "~~~\n1. \n|\n~~~");
    assert_eq!(enter("```\nx\n```\n- one|"), "```\nx\n```\n- one\n- |");
}

#[test]
fn enter_types_the_files_own_line_ending_and_paste_turns_all_others_into_it() {
    let mut buffer = Buffer::new("a\r\nb", "\r\n");
    buffer.move_to(Motion::End, Select::Move);
    buffer.newline();
    buffer.paste("x\ny\rz\r\nw\r");
    assert_eq!(buffer.text(), "a\r\nb\r\nx\r\ny\r\nz\r\nw\r\n");
    let mut buffer = Buffer::new("", "\n");
    buffer.paste("x\r\ny\rz\n");
    assert_eq!(buffer.text(), "x\ny\nz\n");
}

#[test]
fn lines_are_indented_moved_and_deleted_with_their_selection() {
    assert_eq!(after("a|b", |b| _ = b.indent()), "  a|b");
    assert_eq!(after("a^b\n\nc|d\ne", |b| _ = b.indent()), "  a^b\n\n  c|d\ne");
    assert_eq!(after("  a^b\n\tc|d\n e", |b| _ = b.outdent()), "a^b\nc|d\n e");
    assert_eq!(after("^a\r\n|b", |b| _ = b.indent()), "  ^a\r\n|b");
    assert_eq!(after("ab|", |b| assert_eq!(b.outdent(), None)), "ab|");
    assert_eq!(after("one\ntw|o", |b| _ = b.move_lines_up()), "tw|o\none");
    assert_eq!(after("o|ne\r\ntwo", |b| _ = b.move_lines_down()), "two\r\no|ne");
    assert_eq!(after("a\n^b\nc\n|d", |b| _ = b.move_lines_up()), "^b\nc\n|a\nd");
    assert_eq!(after("|a", |b| assert_eq!((b.move_lines_up(), b.move_lines_down()), (None, None))), "|a");
    assert_eq!(after("a\nb|b\nc", |b| _ = b.delete_lines()), "a\n|c");
    assert_eq!(after("a\r\nb|b", |b| _ = b.delete_lines()), "a|");
    assert_eq!(after("a|", |b| _ = b.delete_lines()), "|");
}

#[test]
fn a_variable_is_found_and_the_one_being_typed_is_known() {
    let text = buffer("hi {{ name }}\n\\{{name}} {{name}}");
    assert_eq!(text.find_variable("name", 0), Some(3..13));
    assert_eq!(text.find_variable("name", 4), Some(24..32));
    assert_eq!(text.find_variable("name", 25), Some(3..13));
    assert_eq!(text.find_variable("nam", 0), None);
    assert_eq!(text.variables().count("name"), 2);
    assert_eq!(at("x {{us|").open_placeholder(), Some((4..6, "us".to_owned())));
    assert_eq!(at("x {{|").open_placeholder(), Some((4..4, String::new())));
    assert_eq!(at("x {{ us|er}}").open_placeholder(), Some((5..7, "us".to_owned())));
    assert_eq!(at("x \\{{us|").open_placeholder(), None);
    assert_eq!(at("x {us|").open_placeholder(), None);
    assert_eq!(at("{{us}}|").open_placeholder(), None);
}

#[test]
fn the_mouse_reaches_characters_words_and_lines() {
    let mut buffer = buffer("你好 there\nsecond line\n");
    buffer.click(3, 0, Select::Move);
    assert_eq!(marked(&buffer), "你|好 there\nsecond line\n");
    buffer.click(50, 0, Select::Extend);
    assert_eq!(marked(&buffer), "你^好 there|\nsecond line\n");
    buffer.click(8, 1, Select::Move);
    let word = buffer.select_word();
    assert_eq!(buffer.selected_text().as_deref(), Some("line"));
    buffer.drag(1, 1, &word);
    assert_eq!(marked(&buffer), "你好 there\n|second line^\n");
    buffer.drag(6, 0, &word);
    assert_eq!(marked(&buffer), "你好 |there\nsecond line^\n");
    buffer.drag(40, 1, &word);
    assert_eq!(marked(&buffer), "你好 there\nsecond ^line|\n");
    let line = buffer.select_line();
    assert_eq!(buffer.selected_text().as_deref(), Some("second line\n"));
    buffer.drag(0, 0, &line);
    assert_eq!(marked(&buffer), "|你好 there\nsecond line\n^");
    buffer.click(0, 20, Select::Move);
    assert_eq!(buffer.cursor(), buffer.rope().len_chars());
}

#[test]
fn undo_brings_text_cursor_and_revision_back() {
    let mut buffer = at("a^b|c {{x}}");
    let before = (marked(&buffer), buffer.revision());
    let snapshot = buffer.snapshot();
    buffer.insert("{{y}}");
    assert_ne!(buffer.revision(), before.1);
    assert_eq!(buffer.variables().iter().collect::<Vec<_>>(), [("x", 1), ("y", 1)]);
    buffer.restore(&snapshot);
    assert_eq!((marked(&buffer), buffer.revision()), before);
    assert_eq!(buffer.variables().iter().collect::<Vec<_>>(), [("x", 1)]);
}

#[test]
fn a_text_from_elsewhere_keeps_the_cursors_line() {
    assert_eq!(after("a\nbc|\nd", |b| _ = b.set_text("x\ny\nlonger\n")), "x\ny|\nlonger\n");
    assert_eq!(after("a\nb\nc|", |b| _ = b.set_text("x")), "x|");
}

#[test]
fn pasting_a_megabyte_is_one_change() {
    let mut buffer = at("a|b");
    let long = "line of text with {{name}}\n".repeat(40_000);
    let change = buffer.paste(&long).expect("a change");
    assert_eq!(change, Change { range: 1..1, inserted: long.clone() });
    assert_eq!(buffer.text(), format!("a{long}b"));
    assert_eq!(buffer.variables().count("name"), 40_000);
}

#[test]
fn the_cursor_stays_in_sight_when_the_pane_shrinks() {
    let text = "words enough to be wrapped more than once in a narrow pane\n".repeat(30);
    let mut buffer = buffer(&text);
    buffer.set_viewport(60, 20);
    buffer.move_to(Motion::End, Select::Move);
    for (width, height) in [(30, 10), (10, 3), (2, 1), (1, 1), (0, 0), (80, 40), (60, 20)] {
        buffer.set_viewport(width, height);
        assert!(cursor_in_sight(&buffer), "{width}x{height}");
    }
    assert_eq!(buffer.top().line, 11, "the room is used again");
}

#[test]
fn the_wheel_scrolls_without_moving_the_cursor() {
    let mut buffer = buffer(&"x\n".repeat(100));
    buffer.set_viewport(20, 10);
    buffer.scroll(30);
    assert_eq!((buffer.top().line, buffer.cursor()), (30, 0));
    assert_eq!(draw(&buffer, 20, 10).1, None);
    assert_eq!(more(&buffer, 20, 10), (true, true));
    buffer.scroll(-100);
    assert_eq!(more(&buffer, 20, 10), (false, true));
    buffer.scroll(1000);
    assert_eq!(buffer.top().line, 100);
    buffer.insert("y");
    assert_eq!(buffer.top().line, 0);
}

#[test]
fn a_page_moves_text_and_cursor_alike() {
    let mut buffer = buffer(&"x\n".repeat(100));
    buffer.set_viewport(20, 10);
    buffer.click(0, 5, Select::Move);
    buffer.move_to(Motion::PageDown, Select::Move);
    assert_eq!((buffer.top().line, buffer.line_and_column().0), (9, 15));
    buffer.move_to(Motion::PageUp, Select::Move);
    assert_eq!((buffer.top().line, buffer.line_and_column().0), (0, 6));
}

fn cursor_in_sight(buffer: &Buffer) -> bool {
    let width = buffer.viewport.text_width();
    let cursor = Walk::from_char(&buffer.rope, buffer.cursor, width).id();
    let mut walk = Walk::from_row(&buffer.rope, buffer.top, width);
    (0..buffer.viewport.height.max(1)).any(|i| (i == 0 || walk.down()) && walk.id() == cursor)
}

#[test]
fn an_emoji_or_a_flag_that_is_typed_before_another_one_stays_in_one_piece() {
    for (typed, there) in [("👩\u{200d}👩\u{200d}👧", "🙂"), ("🇩🇪", "🇫🇷"), ("क्ष", "ष")] {
        let mut buffer = buffer(there);
        for c in typed.chars() {
            buffer.insert(&c.to_string());
        }
        assert_eq!(buffer.text(), format!("{typed}{there}"));
        assert!(marked(&buffer).starts_with(&format!("{typed}|")) || typed.ends_with('ष'), "{}", marked(&buffer));
    }
    // the cursor has gone on by itself: what comes after a move is written where it stands
    let moved = after("|🙂a", |buffer| {
        buffer.insert("👩\u{200d}");
        buffer.move_to(Motion::Right, Select::Move);
        buffer.insert("b");
    });
    assert_eq!(moved, "👩\u{200d}🙂ab|");
}
