//! The Diff screen.

use super::{look, look_at, samples, shown, unfinished};
use crate::tui::msg::Msg;

#[test]
fn diff_side_by_side() {
    look("diff", samples, |bench| {
        bench.press_and_settle("3");
        bench.press_and_settle("a down down enter");
        bench.press("n");
    });
}

#[test]
fn diff_inline_on_a_narrow_screen() {
    look_at("diff_inline", (70, 24), samples, |bench| {
        bench.press_and_settle("3");
    });
}

#[test]
fn diff_folded_searched_and_told_at_three_sizes() {
    for size in [(80, 24), (120, 40), (160, 45)] {
        look_at("diff_folded", size, samples, |bench| {
            bench.press_and_settle("3");
            bench.press("o n");
        });
        look_at("diff_found", size, samples, |bench| {
            bench.press_and_settle("3");
            bench.press("/");
            bench.type_text("CUSTOMER");
            bench.press("enter >");
        });
        look_at("diff_beside", size, samples, |bench| {
            bench.press_and_settle("3");
            bench.press("d");
        });
        look_at("diff_story", size, samples, |bench| {
            bench.press_and_settle("3");
            bench.press_and_settle("L");
        });
    }
}

#[test]
fn diff_with_blanks_shown_and_long_lines_cut() {
    look_at("diff_cut", (100, 30), samples, |bench| {
        bench.press_and_settle("3");
        bench.press("x w");
    });
}

#[test]
fn diff_of_the_same_and_of_nothing() {
    look_at("diff_same", (80, 24), samples, |bench| {
        bench.press_and_settle("3");
        bench.press_and_settle("a g enter");
    });
    look_at("diff_nothing", (80, 24), unfinished, |bench| {
        bench.press("3");
    });
}

#[test]
fn the_change_one_steps_to_is_in_sight_at_every_size() {
    for size in [(60, 16), (70, 24), (80, 24), (120, 40), (200, 60)] {
        let mut bench = samples();
        bench.tell(Msg::Resize(size.0, size.1));
        bench.press_and_settle("3");
        bench.press_and_settle("a G enter");
        let count = bench.model.diffing.changes().len();
        for change in 1..=count {
            let screen = shown(&mut bench);
            assert!(screen.contains(&format!("change {change}/{count}")), "{screen}");
            let marked = ["▸~", "▸+", "▸-", "▸<", "▸>"].into_iter().any(|mark| screen.contains(mark));
            assert!(marked, "change {change} at {size:?}:\n{screen}");
            bench.press("n");
        }
    }
}
