//! The mouse: click, drag, wheel, tabs, rows of lists.

use crossterm::event::{MouseButton, MouseEventKind};

use crate::tui::boxes;
use crate::tui::draft::PaneId;
use crate::tui::model::{Level, ScreenId};
use crate::tui::tabs;
use crate::tui::tests::{Workbench, prompt, workbench};

const DRAG: MouseEventKind = MouseEventKind::Drag(MouseButton::Left);

fn with_a_value() -> Workbench {
    prompt("# Identity\none two\n# Safety Rails\nno {{a}} {{b}}").set("s", &[("a", "1"), ("b", "2")]).open()
}

#[test]
fn a_click_gives_the_focus_and_places_the_cursor() {
    let mut bench = with_a_value();
    let (x, y) = bench.place(PaneId::Text(5));
    bench.click(x + 2, y);
    assert_eq!((bench.draft().focus, bench.model.level), (PaneId::Text(5), Level::Edit));
    assert_eq!(bench.draft().panes[5].cursor(), 2);
    bench.type_text("t");
    assert_eq!(bench.pane(5), "not {{a}} {{b}}");
}

#[test]
fn a_drag_selects_and_leaving_the_pane_keeps_inside_it() {
    let mut bench = with_a_value();
    let (x, y) = bench.place(PaneId::Text(1));
    bench.click(x, y);
    bench.mouse(DRAG, x + 3, y);
    assert_eq!(bench.draft().panes[1].selected_text().as_deref(), Some("one"));
    bench.mouse(DRAG, 0, 0);
    bench.mouse(DRAG, 119, 39);
    assert!(bench.draft().panes[1].selected_text().is_some());
    assert_eq!(bench.text(), with_a_value().text());
}

#[test]
fn the_wheel_scrolls_what_is_under_the_pointer_and_leaves_the_focus() {
    let mut bench = workbench(&format!("# Identity\none\n# Safety Rails\n{}", "line\n".repeat(100)));
    let (x, y) = bench.place(PaneId::Text(5));
    let before = bench.draft().panes[5].top();
    bench.mouse(MouseEventKind::ScrollDown, x, y);
    assert_ne!(bench.draft().panes[5].top(), before);
    assert_eq!(bench.draft().focus, PaneId::Text(1));
    let (x, y) = bench.place(PaneId::Preview);
    let before = bench.draft().preview;
    bench.press("shift-tab");
    bench.mouse(MouseEventKind::ScrollDown, x, y);
    assert_ne!(bench.draft().preview, before);
}

#[test]
fn the_wheel_scrolls_the_preview_also_while_a_text_has_the_focus() {
    let mut bench = workbench(&format!("# Identity\none\n# Safety Rails\n{}", "line\n".repeat(100)));
    let (x, y) = bench.place(PaneId::Preview);
    let before = bench.draft().preview;
    bench.mouse(MouseEventKind::ScrollDown, x, y);
    assert_ne!(bench.draft().preview, before);
}

#[test]
fn tabs_can_be_clicked() {
    let mut bench = with_a_value();
    for (screen, from, to) in tabs::places(&bench.model) {
        bench.click(from + (to - from) / 2, 0);
        assert_eq!(bench.model.screen, screen);
    }
}

#[test]
fn a_click_on_a_variable_selects_it_and_a_second_one_goes_in() {
    let mut bench = with_a_value();
    let (x, y) = bench.place(PaneId::Variables);
    bench.click(x, y + 1);
    assert_eq!((bench.draft().values.selected, bench.model.level), (1, Level::Nav));
    bench.click(x, y + 1);
    assert_eq!(bench.draft().values.editing.as_ref().unwrap().name, "b");
}

#[test]
fn a_click_on_the_value_that_is_written_goes_on_writing_it() {
    let mut bench = with_a_value();
    let (x, y) = bench.place(PaneId::Variables);
    bench.click(x, y);
    bench.click(x, y);
    bench.type_text("0");
    let value = crate::tui::draft::DraftView::of(&bench.model).unwrap().value.unwrap();
    bench.click(value.x, value.y + 1);
    bench.type_text("0");
    assert_eq!(bench.model.level, Level::Edit);
    assert_eq!(bench.draft().values.values.get("a").map(str::len), Some(3), "{:?}", bench.draft().values.values);
}

#[test]
fn a_click_on_a_row_of_a_list_chooses_it_and_one_beside_the_list_closes_it() {
    let mut bench = with_a_value();
    bench.press("ctrl-p");
    bench.type_text("screen 2");
    let (rows, _) = boxes::list_area(&bench.model);
    let rows = rows.unwrap();
    bench.click(rows.x + 3, rows.y);
    assert_eq!(bench.model.screen, ScreenId::Play);
    bench.press("ctrl-o");
    bench.click(0, 0);
    assert!(bench.model.overlay.is_none());
}

#[test]
fn a_click_beside_a_form_loses_nothing_that_was_written() {
    let mut bench = with_a_value();
    bench.press("f8");
    bench.type_text("words");
    bench.click(0, 0);
    assert!(bench.model.overlay.is_some());
}

#[test]
fn a_click_into_the_message_writes_and_one_into_the_conversation_does_not() {
    let mut bench = prompt("# Identity\n").model("offline").open();
    bench.press("2");
    let areas = crate::tui::layout::play(bench.model.size, bench.model.play.message_rows(bench.model.size), false);
    bench.click(areas.message.x + 3, areas.message.y + 1);
    assert_eq!(bench.model.level, Level::Edit);
    bench.click(areas.transcript.x + 3, areas.transcript.y + 1);
    assert_eq!((bench.model.level, bench.model.play.in_message), (Level::Nav, false));
}

#[test]
fn the_wheel_over_a_list_moves_its_selection() {
    let mut bench = with_a_value();
    bench.press("f1");
    bench.mouse(MouseEventKind::ScrollDown, 60, 20);
    assert!(matches!(&bench.model.overlay, Some(crate::tui::overlay::Overlay::Help(picker)) if picker.selected > 0));
}
