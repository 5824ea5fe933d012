//! Writing in the sections: bytes, headings, undo.

use crate::tui::draft::PaneId;
use crate::tui::editor::Buffer;
use crate::tui::effect::Effect;
use crate::tui::model::Level;
use crate::tui::msg::{Msg, Timer};
use crate::tui::tests::{Workbench, prompt, workbench};

#[test]
fn typing_changes_only_the_bytes_of_its_section() {
    let before = "\u{feff}lead\r\n# Identity & Role  \r\nOne\r\n\r\n## Safety\r\nTwo";
    let mut bench = workbench(before);
    bench.press("tab enter");
    bench.type_text("Hi ");
    assert_eq!(bench.text(), before.replace("One", "Hi One"));
    bench.press("esc tab tab tab tab enter ctrl-end");
    bench.type_text("\n3");
    assert_eq!(bench.text(), format!("{}\r\n3", before.replace("One", "Hi One")));
}

#[test]
fn opening_and_leaving_edit_changes_no_byte_of_any_style() {
    for text in [
        "",
        "no heading at all",
        "# Identity & Role\r\na\r\n# Output\nb\n\n\n",
        "<identity_and_role>\na\n</identity_and_role>\n\n<safety_rails>\nb\n</safety_rails>",
        "Identity & Role:\na\nSafety Rails\n============\nb",
        "# Safety\n# Identity\n# Safety\nagain",
        "\u{0}\u{1b}[31m\n# Tone\n\u{202e}",
    ] {
        let mut bench = workbench(text);
        bench.press("enter esc tab enter esc tab tab 2 3 1 ctrl-s");
        assert_eq!(bench.text(), text);
        assert!(!bench.draft().changed());
    }
}

#[test]
fn an_absent_section_gets_its_heading_with_its_first_text_and_loses_it_with_undo() {
    let before = "# Identity & Role\nYou are Ada.\n\n# Output Format\nShort.\n";
    let mut bench = workbench(before);
    bench.press("tab enter");
    bench.type_text("Kindly.");
    assert_eq!(bench.text(), before.replace("# Output", "# Behavioral Guidelines\n\nKindly.\n\n# Output"));
    bench.press("ctrl-z");
    assert_eq!(bench.text(), before);
    bench.press("ctrl-y");
    assert_eq!(bench.pane(2), "Kindly.");
}

#[test]
fn an_absent_section_of_an_xml_prompt_gets_its_tags() {
    let mut bench = workbench("<identity_and_role>\nAda\n</identity_and_role>\n");
    bench.press("tab tab tab tab enter");
    bench.type_text("Never.");
    let text = bench.text();
    assert!(text.contains("<safety_rails>\nNever.\n</safety_rails>"), "{text}");
}

#[test]
fn undo_takes_back_what_was_typed_between_two_pauses() {
    let mut bench = workbench("# Identity\n");
    bench.press("enter");
    bench.type_text("one");
    bench.pause();
    bench.type_text(" two");
    bench.press("ctrl-z");
    assert_eq!(bench.pane(1), "one");
    bench.press("ctrl-z");
    assert_eq!(bench.pane(1), "");
    bench.press("ctrl-z");
    assert_eq!(bench.said(), "nothing to undo");
    bench.press("ctrl-y ctrl-y");
    assert_eq!(bench.pane(1), "one two");
    bench.press("ctrl-y");
    assert_eq!(bench.said(), "nothing to redo");
}

#[test]
fn undo_takes_back_a_word_with_the_blanks_before_it() {
    let mut bench = workbench("# Identity\n");
    bench.press("enter");
    bench.type_text("one  two\nthree");
    let mut seen = Vec::new();
    while !bench.pane(1).is_empty() {
        bench.press("ctrl-z");
        seen.push(bench.pane(1));
    }
    assert_eq!(seen, ["one  two\n", "one  two", "one", ""]);
}

#[test]
fn deleting_and_moving_the_cursor_begin_a_new_undo_step() {
    let mut bench = workbench("# Identity\n");
    bench.press("enter");
    bench.type_text("abc");
    bench.press("backspace backspace ctrl-z");
    assert_eq!(bench.pane(1), "abc");
    bench.press("left");
    bench.type_text("X");
    bench.press("ctrl-z");
    assert_eq!(bench.pane(1), "abc");
}

#[test]
fn a_key_that_deletes_nothing_leaves_no_undo_step() {
    let mut bench = workbench("# Identity\nabc");
    bench.press("enter");
    bench.type_text("X");
    bench.press("ctrl-home backspace backspace ctrl-z");
    assert_eq!(bench.pane(1), "abc");
}

#[test]
fn undo_and_redo_work_across_a_save_and_know_what_stands_on_disk() {
    let mut bench = workbench("# Identity\nabc");
    bench.press("enter");
    bench.type_text("X");
    let effects = bench.press("ctrl-s");
    bench.saved(&effects);
    assert!(!bench.draft().changed());
    bench.press("ctrl-z");
    assert_eq!(bench.pane(1), "abc");
    assert!(bench.draft().changed(), "the file holds the X");
    bench.press("ctrl-y");
    assert!(!bench.draft().changed());
}

#[test]
fn undo_in_one_section_goes_back_to_the_section_that_was_changed() {
    let mut bench = workbench("# Identity\na\n# Safety\nb");
    bench.press("enter");
    bench.type_text("1");
    bench.press("esc shift-tab shift-tab shift-tab enter");
    assert_eq!(bench.draft().focus, PaneId::Text(5));
    bench.type_text("2");
    bench.press("esc u u");
    assert_eq!((bench.pane(1).as_str(), bench.pane(5).as_str()), ("a", "b"));
    assert_eq!(bench.draft().focus, PaneId::Text(1));
}

#[test]
fn a_heading_that_was_typed_splits_the_text_anew_when_edit_is_left() {
    let mut bench = workbench("# Identity\nOne");
    bench.press("enter ctrl-end");
    bench.type_text("\n# Safety Rails\nNo.");
    let typed = bench.text();
    bench.press("esc");
    assert_eq!(bench.text(), typed, "no byte changes");
    assert_eq!(bench.pane(5), "No.");
    assert!(bench.said().contains("split"), "{}", bench.said());
    bench.press("u u u u u u");
    assert_eq!(bench.text(), "# Identity\nOne");
}

#[test]
fn the_bytes_after_undo_are_those_before_a_split_too() {
    let mut bench = workbench("# Identity\r\nOne\r\n");
    bench.press("enter ctrl-end");
    bench.type_text("# Output\nX");
    bench.press("esc tab tab tab enter");
    bench.type_text("Y");
    bench.press("esc u u u u u u");
    assert_eq!(bench.text(), "# Identity\r\nOne\r\n");
}

#[test]
fn a_paste_of_a_megabyte_is_one_undo_step() {
    let mut bench = workbench("# Identity\nabc");
    bench.press("enter");
    bench.tell(Msg::Paste("words and words\r\n".repeat(62_000)));
    assert!(bench.pane(1).len() > 990_000);
    assert!(!bench.pane(1).contains('\r'), "a paste takes the line endings of the file");
    bench.press("ctrl-z");
    assert_eq!(bench.pane(1), "abc");
}

#[test]
fn a_paste_in_nav_says_what_to_do_and_changes_nothing() {
    let mut bench = workbench("# Identity\nabc");
    bench.tell(Msg::Paste("q\ndangerous".into()));
    assert_eq!(bench.pane(1), "abc");
    assert!(bench.said().contains("Enter"), "{}", bench.said());
    assert_eq!(bench.model.level, Level::Nav);
}

#[test]
fn resizing_to_one_cell_and_back_loses_nothing() {
    let mut bench = workbench("# Identity\nabc\n# Safety\nno");
    bench.press("enter right");
    bench.type_text("X");
    for size in [(1, 1), (0, 0), (59, 15), (60, 16), (300, 5), (120, 40)] {
        bench.tell(Msg::Resize(size.0, size.1));
        bench.type_text("y");
    }
    assert_eq!(bench.pane(1), "aXyyyyyybc");
    bench.press("ctrl-z");
    assert_eq!(bench.pane(1), "abc");
}

#[test]
fn unsorted_lines_move_into_a_section_as_one_step() {
    let mut bench = workbench("You are Ada.\nNever swear.\nBe brief.\n");
    assert_eq!(bench.draft().focus, PaneId::Text(0));
    // the second line is selected, not in full
    bench.press("enter down right shift-right shift-right esc");
    assert!(bench.draft().panes[0].selection().is_none(), "Esc takes the selection away");
    bench.press("enter shift-right ctrl-p");
    bench.type_text("move the selected");
    bench.press("enter down down down down enter");
    assert_eq!(bench.pane(5), "Never swear.", "{:?}", bench.text());
    assert_eq!(bench.pane(0), "You are Ada.\nBe brief.");
    bench.press("esc u");
    assert_eq!(bench.text(), "You are Ada.\nNever swear.\nBe brief.\n");
}

#[test]
fn without_a_selection_all_unsorted_text_moves() {
    let mut bench = workbench("You are Ada.\n");
    bench.press("M enter");
    assert_eq!(bench.pane(0), "");
    assert_eq!(bench.pane(1).trim_end(), "You are Ada.");
    assert_eq!(bench.text().trim_start(), "# Identity & Role\n\nYou are Ada.\n");
}

#[test]
fn tab_goes_on_writing_in_the_next_section() {
    let mut bench = workbench("# Identity\na");
    bench.press("enter tab");
    assert_eq!((bench.model.level, bench.draft().focus), (Level::Edit, PaneId::Text(2)));
    bench.press("shift-tab shift-tab");
    assert_eq!((bench.model.level, bench.draft().focus), (Level::Nav, PaneId::Preview));
}

#[test]
fn a_change_asks_for_the_autosave_timer_and_a_movement_does_not() {
    let mut bench = workbench("# Identity\nabc");
    let autosave = Effect::After(Timer::Autosave, crate::tui::update::AUTOSAVE_MS);
    assert!(!bench.press("enter right").contains(&autosave));
    assert!(bench.type_text("x").contains(&autosave));
    assert!(bench.press("ctrl-z").contains(&autosave));
}

#[test]
fn a_draft_that_is_opened_is_not_changed_and_nothing_is_written() {
    let mut bench = prompt("# Identity\nabc").without_a_file().open();
    assert_eq!(bench.pause(), []);
    assert!(!bench.draft().changed());
}

#[test]
fn cut_copy_and_paste_go_through_both_clipboards() {
    let mut bench = workbench("# Identity\nabc");
    let effects = bench.press("enter shift-right ctrl-x");
    assert!(effects.contains(&Effect::Copy("a".into())));
    assert_eq!(bench.pane(1), "bc");
    bench.press("ctrl-end ctrl-v");
    assert_eq!(bench.pane(1), "bca");
    let effects = bench.press("shift-left ctrl-c");
    assert!(effects.contains(&Effect::Copy("a".into())));
    assert_eq!(bench.pane(1), "bca");
}

#[test]
fn leaving_a_text_that_ends_in_an_empty_line_moves_no_cursor_and_tells_of_no_heading() {
    let mut bench = workbench("# Identity\nabc\ndef\n\n# Safety Rails\nxyz\n");
    bench.press("enter ctrl-end enter tab tab tab tab right");
    let places = |bench: &Workbench| bench.draft().panes.iter().map(Buffer::line_and_column).collect::<Vec<_>>();
    let before = places(&bench);
    assert_eq!((before[1], before[5]), ((3, 1), (1, 2)));
    bench.press("alt-2 alt-1");
    assert_eq!(places(&bench), before);
    assert!(!bench.said().contains("heading"), "{}", bench.said());
    assert_eq!(bench.text(), "# Identity\nabc\ndef\n\n\n# Safety Rails\nxyz\n");
}

#[test]
fn a_typed_heading_leaves_the_cursors_of_the_other_sections() {
    let mut bench = workbench("# Identity\nabc\n\n# Safety Rails\nxyz\n");
    bench.press("enter tab tab tab tab right right shift-tab shift-tab shift-tab shift-tab ctrl-end enter");
    bench.type_text("# Tone\nWarm");
    bench.press("esc");
    assert_eq!((bench.pane(1).as_str(), bench.pane(2).as_str()), ("abc", "Warm"));
    assert_eq!(bench.draft().panes[5].line_and_column(), (1, 3));
    assert_eq!(bench.draft().panes[1].line_and_column(), (1, 4), "its line went into another section");
}
