//! Finding text over all sections.

use crate::tui::draft::PaneId;
use crate::tui::tests::{Workbench, workbench};

const TEXT: &str = "# Identity\none two one\n# Output Format\nOne\n# Safety Rails\nlast one";

/// The pane and the selected text of the match one is at.
fn at(bench: &Workbench) -> (usize, usize) {
    let PaneId::Text(pane) = bench.draft().focus else { panic!("no text has the focus") };
    (pane, bench.draft().panes[pane].selection().expect("the match is selected").start)
}

fn find(text: &str) -> Workbench {
    let mut bench = workbench(TEXT);
    bench.press("/");
    bench.type_text(text);
    bench.press("enter");
    bench
}

#[test]
fn matches_are_found_over_all_sections_and_around_the_end() {
    let mut bench = find("one");
    let mut seen = vec![at(&bench)];
    for _ in 0..4 {
        bench.press("n");
        seen.push(at(&bench));
    }
    assert_eq!(seen, [(1, 0), (1, 8), (4, 0), (5, 5), (1, 0)]);
}

#[test]
fn the_way_back_visits_the_same_matches() {
    let mut bench = find("one");
    let mut seen = Vec::new();
    for _ in 0..5 {
        bench.press("N");
        seen.push(at(&bench));
    }
    assert_eq!(seen, [(5, 5), (4, 0), (1, 8), (1, 0), (5, 5)]);
}

#[test]
fn a_capital_makes_letter_case_count() {
    let mut bench = find("One");
    assert_eq!(at(&bench), (4, 0));
    bench.press("n");
    assert_eq!(at(&bench), (4, 0));
}

#[test]
fn what_is_not_there_is_said_and_the_focus_stays() {
    let bench = find("nowhere");
    assert!(bench.said().contains("nowhere"), "{}", bench.said());
    assert_eq!(bench.draft().focus, PaneId::Text(1));
}

#[test]
fn the_next_match_without_a_search_says_how_to_begin_one() {
    let mut bench = workbench(TEXT);
    bench.press("n");
    assert!(bench.said().contains("Ctrl-F"), "{}", bench.said());
}

#[test]
fn a_search_offers_what_was_searched_for_last() {
    let mut bench = find("two");
    bench.press("ctrl-f enter");
    assert_eq!(at(&bench), (1, 4));
}

#[test]
fn a_new_search_takes_the_place_of_the_last_and_of_what_was_said_about_it() {
    let mut bench = find("nowhere");
    assert!(bench.said().contains("nowhere"), "{}", bench.said());
    bench.press("ctrl-f");
    bench.type_text("two");
    bench.press("enter");
    assert_eq!((at(&bench), bench.said()), ((1, 4), ""));
}
