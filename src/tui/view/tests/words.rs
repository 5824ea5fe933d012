//! Messages, names and hints: what has too little room, and what is offered.

use super::{drawn, samples, shown};
use crate::tui::tests::{Workbench, prompt};

#[test]
fn a_message_that_does_not_fit_its_row_is_shown_to_its_end() {
    let mut bench = prompt("# Identity\nabc").open();
    bench.model.size = (80, 24);
    let what = "prompts/greeter/draft/system_prompt.txt: cannot write: no storage space";
    bench.model.trouble = Some(format!("not saved: {what} (nothing was changed: make room on the disk and try again)"));
    let screen = shown(&mut bench);
    assert!(screen.contains("make room on the disk and try again)"), "{screen}");
    bench.model.trouble = Some("word ".repeat(200));
    let screen = shown(&mut bench);
    assert!(screen.contains("word…") || screen.contains("…\n"), "what is left out is marked: {screen}");
}

#[test]
fn a_long_message_never_covers_the_row_that_is_written_in() {
    let mut bench = prompt("# Identity\nabc").model("offline").open();
    bench.model.size = (80, 24);
    bench.press("2 i");
    bench.type_text("seen while it is typed");
    bench.model.trouble = Some("word ".repeat(200));
    let screen = shown(&mut bench);
    assert!(screen.contains("seen while it is typed"), "{screen}");
}

#[test]
fn the_name_of_a_value_set_is_cut_and_not_left_out() {
    let mut bench = prompt("# Identity\n{{x}}").open();
    bench.model.size = (80, 24);
    if let Some(draft) = &mut bench.model.draft {
        draft.values.set = Some("a_set_with_a_really_long_name".into());
    }
    assert!(shown(&mut bench).contains("a_set_with_a"));
}

/// The row of hints as it is drawn.
fn hints(bench: &mut Workbench) -> String {
    let (cells, _) = drawn(bench);
    let last = cells.area.height - 1;
    (0..cells.area.width).map(|x| cells[(x, last)].symbol()).collect()
}

#[test]
fn where_nothing_can_be_compared_the_way_on_is_named() {
    let mut bench = samples();
    bench.press_and_settle("3");
    let generation = bench.model.diffing.generation;
    let result = Err(crate::error::Error::input("git knows no revision `x`"));
    bench.tell(crate::tui::msg::Msg::Compared { generation, result });
    let screen = shown(&mut bench);
    assert!(screen.contains("a chooses another left side, b another right side"), "{screen}");
}

#[test]
fn hints_offer_only_what_works_in_the_focused_pane() {
    let mut bench = samples();
    assert!(hints(&mut bench).contains("write"), "a section is written in");
    bench.press("shift-tab");
    let offered = hints(&mut bench);
    assert!(!offered.contains("write") && offered.contains("save"), "the preview is not: {offered}");

    let mut bench = Workbench::empty();
    let offered = hints(&mut bench);
    for action in ["write", "save", "send", "diff", "copy"] {
        assert!(!offered.contains(action), "there is no prompt for {action}: {offered}");
    }
    assert!(offered.contains("library"), "{offered}");

    let mut bench = samples();
    bench.press("2");
    assert!(hints(&mut bench).contains("NAV   Enter write"), "a message is written: {}", hints(&mut bench));

    let mut bench = samples();
    bench.press_and_settle("space D enter");
    let offered = hints(&mut bench);
    assert!(offered.contains("Enter accept") && !offered.contains("next field"), "there is one environment: {offered}");

    let mut bench = samples();
    bench.press_and_settle("3");
    assert!(hints(&mut bench).contains("n next change"));
    bench.press("d");
    let offered = hints(&mut bench);
    assert!(
        !["next change", "section", "inline", "comment", "take"].iter().any(|row| offered.contains(row)),
        "{offered}"
    );
    assert!(offered.contains("a left side") && offered.contains("d text/beside"), "{offered}");

    let mut bench = samples();
    bench.press("ctrl-o");
    assert!(hints(&mut bench).contains("/ filter"));
    bench.press("/");
    assert!(!hints(&mut bench).contains("filter"), "the letter goes into the filter");
}
