//! Finding text over all sections, and replacing it.

use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::find::{Letters, SearchForm};
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
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
    assert_eq!(at(&bench), (1, 4));
    assert!(bench.said().contains("match 1 of 1"), "{}", bench.said());
}

fn form(bench: &Workbench) -> &SearchForm {
    match &bench.model.overlay {
        Some(Overlay::Search(form)) => form,
        other => panic!("no search is open but {other:?}"),
    }
}

fn count(bench: &Workbench) -> usize {
    bench.model.finding.as_ref().unwrap().found.as_ref().map_or(0, |found| found.places.len())
}

/// The box with these words in it, at the list of matches.
fn replacing(find: &str, with: &str) -> Workbench {
    let mut bench = workbench(TEXT);
    bench.press("R");
    bench.type_text(find);
    bench.press("tab");
    bench.type_text(with);
    bench.press("tab");
    bench
}

#[test]
fn matches_are_counted_while_one_types_and_the_one_chosen_is_gone_to() {
    let mut bench = workbench(TEXT);
    bench.press("/");
    bench.type_text("o");
    assert_eq!(count(&bench), 5);
    bench.type_text("ne");
    assert_eq!(count(&bench), 4);
    bench.press("down down enter");
    assert_eq!(at(&bench), (4, 0));
    assert!(bench.said().contains("match 3 of 4"), "{}", bench.said());
}

#[test]
fn one_match_is_replaced_the_next_is_left_and_each_is_its_own_undo_step() {
    let mut bench = replacing("one", "1");
    bench.press("enter s enter");
    assert_eq!(bench.text(), "# Identity\n1 two one\n# Output Format\n1\n# Safety Rails\nlast one");
    assert_eq!(form(&bench).kept.len(), 1);
    bench.press("u");
    assert_eq!(bench.text(), "# Identity\n1 two one\n# Output Format\nOne\n# Safety Rails\nlast one");
    bench.press("u");
    assert_eq!(bench.text(), TEXT);
}

#[test]
fn all_that_are_not_left_are_replaced_in_one_undo_step_over_all_sections() {
    let mut bench = replacing("one", "1");
    bench.press("s a");
    assert_eq!(bench.text(), "# Identity\none two 1\n# Output Format\n1\n# Safety Rails\nlast 1");
    assert!(bench.model.overlay.is_none());
    assert!(bench.said().contains("replaced 3 matches in 3 sections"), "{}", bench.said());
    bench.press("u");
    assert_eq!(bench.text(), TEXT);
    bench.press("u");
    assert_eq!(bench.said(), "nothing to undo");
}

#[test]
fn what_is_left_stays_left_when_one_before_it_in_the_text_is_replaced() {
    let mut bench = replacing("o", "oooo");
    bench.press("down down s up up up enter");
    let left: Vec<_> = form(&bench).kept.iter().copied().collect();
    // `one two one`: the third o has moved by three
    assert_eq!(left, [(1, 11)]);
    assert_eq!(bench.pane(1), "ooooone two one".replacen("ooooo", "oooo", 1));
}

#[test]
fn enter_never_replaces_before_the_list_is_reached() {
    let mut bench = workbench(TEXT);
    bench.press("R");
    bench.type_text("one");
    bench.press("enter enter");
    assert_eq!(bench.text(), TEXT);
    bench.press("enter");
    assert_eq!(bench.pane(1), " two one");
}

#[test]
fn one_section_alone_can_be_searched() {
    let mut bench = replacing("one", "1");
    bench.press("i");
    assert_eq!(count(&bench), 2);
    bench.press("a");
    assert_eq!(bench.text(), "# Identity\n1 two 1\n# Output Format\nOne\n# Safety Rails\nlast one");
}

#[test]
fn whole_words_capitals_and_patterns_are_a_letter_or_an_alt_key_each() {
    let mut bench = replacing("o", "");
    bench.press("w");
    assert_eq!(count(&bench), 0);
    bench.press("alt-w c");
    assert_eq!((form(&bench).letters, count(&bench)), (Letters::Exact, 4));
    bench.press("c");
    assert_eq!((form(&bench).letters, count(&bench)), (Letters::Any, 5));
    bench.press("x tab ctrl-a");
    bench.type_text("^o|last");
    assert_eq!(count(&bench), 3);
}

#[test]
fn groups_of_a_pattern_are_put_in_and_a_wrong_pattern_is_told_where_it_is_written() {
    let mut bench = replacing("", "");
    bench.press("x tab");
    bench.type_text(r"(\w+) (\w+");
    let problem = bench.model.finding.as_ref().unwrap().problem.clone();
    assert_eq!(problem.as_deref(), Some("unclosed group, at character 7"));
    bench.type_text(")");
    assert_eq!(bench.model.finding.as_ref().unwrap().problem, None);
    bench.press("tab");
    bench.type_text("$2 $1");
    bench.press("tab a");
    assert_eq!(bench.text(), "# Identity\ntwo one one\n# Output Format\nOne\n# Safety Rails\none last");
}

#[test]
fn a_replacement_that_writes_a_heading_splits_the_text_anew_and_undo_brings_it_back() {
    let mut bench = replacing("two one", "# Boundaries");
    bench.press("x tab");
    bench.press("ctrl-a");
    bench.type_text("one two one");
    bench.press("tab ctrl-a");
    bench.type_text(r"x\n# Capabilities\ny");
    bench.press("tab a");
    assert_eq!((bench.pane(1).as_str(), bench.pane(3).as_str()), ("x", "y"));
    bench.press("u");
    assert_eq!(bench.text(), TEXT);
}

#[test]
fn a_result_that_comes_late_changes_nothing() {
    let mut bench = replacing("one", "1");
    let late = bench.model.searches;
    bench.press("x");
    bench.tell(Msg::Replaced { search: late, of: [0; 6], edits: Vec::new() });
    bench.tell(Msg::Found { search: late, result: Err("late".into()) });
    assert_eq!(bench.text(), TEXT);
    assert_eq!(count(&bench), 4);
}

#[test]
fn a_selection_is_searched_word_for_word() {
    let mut bench = workbench("# Identity\na (b) c (b)");
    bench.press("i ctrl-right right shift-right shift-right shift-right ctrl-f");
    assert_eq!(form(&bench).find.text(), "(b)");
    assert_eq!(count(&bench), 2);
}

#[test]
fn escape_in_nav_takes_the_marks_away_and_n_brings_them_back() {
    let mut bench = find("one");
    let marked = |bench: &Workbench| bench.model.finding.as_ref().unwrap().marks(1).is_some();
    assert!(marked(&bench));
    bench.press("esc");
    assert!(!marked(&bench));
    bench.press("n");
    assert!(marked(&bench));
}

#[test]
fn after_an_edit_the_next_match_is_searched_for_anew() {
    let mut bench = find("one");
    bench.press("i home");
    bench.type_text("one ");
    let effects: Vec<Effect> = bench.press("esc");
    assert!(effects.is_empty() || !effects.iter().any(|effect| matches!(effect, Effect::Search(_))));
    bench.press("n");
    assert_eq!(at(&bench), (1, 4));
    assert!(bench.said().contains("match 2 of 5"), "{}", bench.said());
}

#[test]
fn a_click_on_a_match_chooses_it_and_the_wheel_moves_on() {
    let mut bench = replacing("one", "1");
    let overlay = bench.model.overlay.as_ref().unwrap();
    let area = crate::tui::boxes::area(&bench.model, overlay);
    let list = crate::tui::boxes::search(form(&bench), area).list;
    bench.click(list.x + 4, list.y + 2);
    assert_eq!(form(&bench).selected, 2);
    bench.mouse(crossterm::event::MouseEventKind::ScrollDown, list.x, list.y);
    assert_eq!(form(&bench).selected, 3);
    bench.press("enter");
    assert_eq!(bench.pane(5), "last 1");
}

#[test]
fn a_pattern_may_ask_for_a_kind_of_letter() {
    let mut bench = workbench("# Identity\nsay it in Ünicode Été\n");
    bench.press("/ alt-x");
    bench.type_text(r"\p{Lu}\p{Ll}+");
    bench.press("enter");
    assert_eq!(at(&bench), (1, 10), "{}", bench.said());
    bench.press("n");
    assert_eq!(at(&bench), (1, 18));
}
