//! The mouse: click, drag, wheel, tabs, rows of lists.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::tui::boxes;
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::model::{Level, ScreenId};
use crate::tui::msg::{Msg, Timer};
use crate::tui::overlay::Overlay;
use crate::tui::tabs;
use crate::tui::tests::{Workbench, prompt, workbench};
use crate::tui::variables::Asked;

const UP: MouseEventKind = MouseEventKind::Up(MouseButton::Left);
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
fn two_clicks_select_a_word_and_three_a_line_and_a_drag_goes_on_by_them() {
    let mut bench = with_a_value();
    let (x, y) = bench.place(PaneId::Text(1));
    let selected = |bench: &Workbench| bench.draft().panes[1].selected_text();
    for (clicks, wanted) in [(1, None), (2, Some("two")), (3, Some("one two"))] {
        bench.click(x + 5, y);
        bench.mouse(UP, x + 5, y);
        assert_eq!(selected(&bench).as_deref(), wanted, "after {clicks}");
    }
    bench.click(x + 5, y);
    assert_eq!(selected(&bench), None, "the fourth is a first one again");
    bench.click(x + 5, y);
    bench.mouse(DRAG, x + 1, y);
    assert_eq!(selected(&bench).as_deref(), Some("one two"));
}

#[test]
fn a_second_click_that_comes_late_or_elsewhere_is_a_first_one() {
    let mut bench = with_a_value();
    let (x, y) = bench.place(PaneId::Text(1));
    bench.click(x + 5, y);
    bench.tell(Msg::Timer(Timer::Clicks));
    bench.click(x + 5, y);
    assert_eq!(bench.draft().panes[1].selected_text(), None);
    bench.click(x + 1, y);
    assert_eq!(bench.draft().panes[1].selected_text(), None);
}

#[test]
fn a_double_click_into_another_pane_selects_the_word_that_was_clicked() {
    let line = "alpha beta gamma delta epsilon zeta eta theta\n".repeat(12);
    let mut bench = workbench(&format!("# Identity\n{line}# Capabilities\n{line}# Safety Rails\n{line}"));
    bench.model.size = (80, 24);
    bench.press("1");
    let (x, y) = bench.place(PaneId::Text(5));
    for _ in 0..2 {
        bench.click(x + 7, y);
        bench.mouse(UP, x + 7, y);
    }
    assert_eq!(bench.draft().panes[5].selected_text().as_deref(), Some("beta"));
}

#[test]
fn the_panes_stay_where_they_are_until_the_button_is_up() {
    let line = "alpha beta gamma delta\n".repeat(12);
    let mut bench = workbench(&format!("# Identity\n{line}# Capabilities\n{line}# Safety Rails\n{line}"));
    bench.model.size = (80, 24);
    bench.press("1");
    let (x, y) = bench.place(PaneId::Text(5));
    bench.click(x, y);
    bench.mouse(DRAG, x + 5, y);
    assert_eq!(bench.draft().panes[5].selected_text().as_deref(), Some("alpha"));
    bench.mouse(UP, x + 5, y);
    assert_ne!(bench.place(PaneId::Text(5)), (x, y), "now it has the room of the focus");
    assert_eq!(bench.draft().panes[5].selected_text().as_deref(), Some("alpha"));
}

#[test]
fn a_drag_beside_the_text_scrolls_it_for_as_long_as_the_button_is_down() {
    let mut bench = workbench(&format!("# Safety Rails\n{}", "line\n".repeat(200)));
    bench.press("tab tab tab tab");
    let (x, y) = bench.place(PaneId::Text(5));
    bench.click(x, y);
    let bottom = bench.model.size.1 - 1;
    let effects = bench.mouse(DRAG, x, bottom);
    let held = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::After(Timer::Held, _)));
    assert!(held(&effects), "{effects:?}");
    let first = bench.draft().panes[5].top();
    for _ in 0..300 {
        bench.tell(Msg::Timer(Timer::Held));
    }
    assert!(bench.draft().panes[5].top() > first);
    assert_eq!(bench.draft().panes[5].selection().map(|range| range.end), Some(999), "all of it, and it ends there");
    let effects = bench.tell(Msg::Timer(Timer::Held));
    assert!(!held(&effects), "there is no more below");
    bench.mouse(DRAG, x, 0);
    bench.mouse(UP, x, 0);
    let top = bench.draft().panes[5].top();
    bench.tell(Msg::Timer(Timer::Held));
    assert_eq!(bench.draft().panes[5].top(), top, "the button is up");
}

#[test]
fn shift_and_a_click_extend_the_selection() {
    let mut bench = with_a_value();
    let (x, y) = bench.place(PaneId::Text(1));
    bench.click(x + 1, y);
    let kind = MouseEventKind::Down(MouseButton::Left);
    bench.tell(Msg::Mouse(MouseEvent { kind, column: x + 5, row: y, modifiers: KeyModifiers::SHIFT }));
    assert_eq!(bench.draft().panes[1].selected_text().as_deref(), Some("ne t"));
}

#[test]
fn the_wheel_over_the_message_scrolls_the_message() {
    let mut bench = prompt("# Identity\n").model("offline").open();
    bench.press("2 i");
    bench.tell(Msg::Paste("line\n".repeat(60)));
    let areas = crate::tui::layout::play(bench.model.size, bench.model.play.message_rows(bench.model.size), false);
    let before = bench.model.play.message.buffer.top();
    bench.mouse(MouseEventKind::ScrollUp, areas.message.x + 2, areas.message.y + 1);
    assert!(bench.model.play.message.buffer.top() < before);
    assert_eq!(bench.model.play.column().scrolled, 0);
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
    assert!(matches!(&bench.model.overlay, Some(crate::tui::overlay::Overlay::Help(picker, _)) if picker.selected > 0));
}

/// Where `text` stands on the screen.
fn find(bench: &Workbench, text: &str) -> (u16, u16) {
    let (width, height) = bench.model.size;
    let mut canvas = crate::tui::canvas::Canvas::new(width, height);
    crate::tui::view::draw_on(&bench.model, &mut canvas);
    let rows =
        (0..height).map(|y| (y, (0..width).map(|x| canvas.cells[(x, y)].symbol().to_owned()).collect::<Vec<_>>()));
    for (y, cells) in rows {
        let wanted: Vec<String> = text.chars().map(String::from).collect();
        if let Some(x) = cells.windows(wanted.len()).position(|window| *window == wanted[..]) {
            return (u16::try_from(x).unwrap(), y);
        }
    }
    panic!("{text:?} is not on the screen");
}

fn click_on(bench: &mut Workbench, text: &str) -> Vec<Effect> {
    let (x, y) = find(bench, text);
    bench.click(x, y)
}

#[test]
fn the_fields_of_a_declaration_take_clicks() {
    for size in [(80, 24), (160, 45)] {
        let mut bench = workbench("# Identity\n{{name}}");
        bench.tell(Msg::Resize(size.0, size.1));
        bench.press("shift-tab shift-tab p");
        click_on(&mut bench, "personal ");
        click_on(&mut bench, "static");
        click_on(&mut bench, "no, may be empty");
        click_on(&mut bench, "description");
        bench.type_text("Who writes");
        let place = find(&bench, "writes");
        bench.click(place.0, place.1);
        bench.type_text("now ");
        let effects = click_on(&mut bench, "Write it into");
        let Some(Effect::Variables(Asked::Declare { properties, .. })) =
            effects.into_iter().find(|it| matches!(it, Effect::Variables(Asked::Declare { .. })))
        else {
            panic!("nothing is declared: {:?}", bench.model.overlay);
        };
        let said = format!("{properties:?}");
        for word in ["Personal", "Static", "Who now writes", "false"] {
            assert!(said.contains(word), "{word}: {said}");
        }
    }
}

#[test]
fn the_fields_of_a_version_and_the_answers_of_a_question_take_clicks() {
    let mut bench = prompt("# Identity\nHi\n").version("1.0.0").open();
    bench.press("f8");
    click_on(&mut bench, "major 2.0.0");
    click_on(&mut bench, "why it changed");
    bench.type_text("Because");
    click_on(&mut bench, "Freeze this version");
    let Some(Overlay::Freeze(form)) = &bench.model.overlay else { panic!("{:?}", bench.model.overlay) };
    assert_eq!(form.step, crate::library::Step::Major);
    assert_eq!(form.why.text(), "Because");
    assert!(form.problem.as_deref().unwrap_or_default().contains("say what changed"));

    let mut bench = prompt("# Identity\nHi\n").model("anthropic:claude-haiku-4-5").open();
    bench.press("2 i");
    bench.type_text("Hello");
    bench.press("enter");
    let Some(Overlay::Confirm(_)) = &bench.model.overlay else { panic!("{:?}", bench.model.overlay) };
    click_on(&mut bench, "Send ]");
    assert!(bench.model.overlay.is_none());
    assert!(bench.model.play.is_running());
}
