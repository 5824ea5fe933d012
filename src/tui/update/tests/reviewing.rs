//! The Review screen: what is said goes to the file with what it is about, and a suggestion into the draft.

use crate::review::{Anchor, Decision, Said};
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::model::{ScreenId, Weight};
use crate::tui::msg::Msg;
use crate::tui::possible::why_not;
use crate::tui::reviewing::BoardRow;
use crate::tui::tests::Workbench;

/// The samples on the Review screen.
fn bench() -> Workbench {
    let mut bench = Workbench::on_samples();
    bench.model.settings.author = Some("Ben".into());
    bench.press_and_settle("6");
    assert!(bench.model.reviewing.board.is_some(), "{:?}", bench.model.reviewing.problem);
    bench
}

fn said(effects: &[Effect]) -> Option<Said> {
    effects.iter().find_map(|effect| match effect {
        Effect::Say { said, .. } => (**said).clone().said(),
        _ => None,
    })
}

#[test]
fn what_is_said_about_one_screen_is_not_said_on_another() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("6");
    bench.press("o");
    assert!(bench.said().contains("only open comments"), "{}", bench.said());
    bench.press_and_settle("3");
    assert_eq!(bench.model.status, None);
    bench.press("d n");
    bench.press_and_settle("1");
    assert_eq!(bench.model.status, None);
    bench.model.say(Weight::Done, "saved");
    bench.press("2");
    assert_eq!(bench.said(), "saved", "what was done is told on all screens");
}

#[test]
fn coming_to_the_screen_looks_at_the_review_and_a_late_answer_is_dropped() {
    let mut bench = Workbench::on_samples();
    let effects = bench.press("6");
    assert_eq!(bench.model.screen, ScreenId::Review);
    assert_eq!(effects.iter().filter(|effect| matches!(effect, Effect::Review { .. })).count(), 1);
    assert!(!bench.press("down").iter().any(|effect| matches!(effect, Effect::Review { .. })), "one look is enough");
    let late = bench.model.reviewing.generation - 1;
    bench.tell(Msg::Reviewed { generation: late, result: Err(crate::error::Error::input("late")) });
    assert_eq!(bench.model.reviewing.problem, None);
}

#[test]
fn words_are_found_in_the_text_and_in_what_was_said_without_leaving_the_review() {
    let mut bench = bench();
    bench.press("down down c");
    bench.type_text("Is the WOMBAT right?");
    bench.press_and_settle("enter");
    bench.press("g /");
    bench.type_text("wombat");
    bench.press("enter");
    assert_eq!((bench.model.screen, bench.model.reviewing.row()), (ScreenId::Review, Some(BoardRow::Thread(0))));
    bench.press("/ ctrl-u");
    bench.type_text("Safety Rails");
    bench.press("enter");
    let BoardRow::Line(line) = bench.model.reviewing.row().unwrap() else { panic!("no line") };
    assert!(bench.model.reviewing.board.as_ref().unwrap().line(line).contains("Safety Rails"));
    bench.press("/");
    bench.type_text("nowhere at all");
    bench.press("enter");
    assert!(bench.said().contains("neither the text nor what was said"), "{}", bench.said());
    assert_eq!(bench.model.reviewing.row(), Some(BoardRow::Line(line)));
    bench.press("/");
    bench.press("enter >");
    assert!(bench.said().contains("nothing is searched for"), "{}", bench.said());
}

#[test]
fn a_comment_is_about_the_selected_line_and_comes_back_beside_it() {
    let mut bench = bench();
    bench.press("down down c");
    bench.type_text("why so?");
    let effects = bench.press("enter");
    let Some(Said::Comment { anchor: Anchor::Lines(lines), text, replacement: None }) = said(&effects) else {
        panic!("{effects:?}")
    };
    assert_eq!((lines.line, text.as_str()), (3, "why so?"));
    bench.perform(effects);
    bench.press_and_settle("g");
    assert_eq!(bench.model.reviewing.rows[3], BoardRow::Thread(0));
    bench.press("n r");
    bench.type_text("because");
    bench.press_and_settle("enter");
    let board = bench.model.reviewing.board.clone().unwrap();
    assert_eq!(board.review.threads[0].replies[0].text, "because");
    bench.press_and_settle("x");
    assert_eq!(bench.model.reviewing.board.as_ref().unwrap().review.open().count(), 0);
    bench.press_and_settle("x");
    assert_eq!(bench.model.reviewing.board.as_ref().unwrap().review.open().count(), 1);
}

#[test]
fn nothing_is_said_without_words_and_escape_says_nothing() {
    let mut bench = bench();
    assert_eq!(said(&bench.press("c enter")), None);
    assert_eq!(said(&bench.press("X enter")), None);
    bench.press("c");
    bench.type_text("half a");
    assert_eq!(said(&bench.press("esc")), None);
}

#[test]
fn a_suggestion_is_taken_as_one_step_and_undo_takes_it_out() {
    let mut bench = bench();
    bench.press("down down s ctrl-a");
    bench.type_text("You are Wren.");
    bench.press_and_settle("enter");
    let before = bench.text();
    bench.press("n");
    let effects = bench.press("T");
    assert!(bench.text().contains("\nYou are Wren.\n"), "{}", bench.text());
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Save { .. })));
    assert_eq!(said(&effects), Some(Said::Resolve { taken: true }));
    bench.perform(effects);
    assert!(bench.said().starts_with("taken into the draft; Ctrl-Z takes it out again"), "{}", bench.said());
    bench.press_and_settle("ctrl-z");
    assert_eq!((bench.text(), bench.model.screen), (before.clone(), ScreenId::Review), "undone where it was done");
    bench.press_and_settle("ctrl-y");
    assert_ne!(bench.text(), before);
    bench.press_and_settle("1 ctrl-z");
    assert_eq!(bench.text(), before);
}

#[test]
fn an_approval_carries_the_digest_that_is_shown_and_an_author_cannot_give_one() {
    let mut bench = bench();
    let sha256 = bench.model.reviewing.board.as_ref().unwrap().sha256.clone();
    let effects = bench.press("A enter");
    let Some(Said::Decide { decision: Decision::Approve, sha256: covered, .. }) = said(&effects) else {
        panic!("{effects:?}")
    };
    assert_eq!(covered, sha256);
    bench.press_and_settle("W");
    assert!(bench.model.reviewing.board.as_ref().unwrap().mine);
    bench.press("A");
    assert!(bench.said().contains("authors do not approve"), "{}", bench.said());
    assert!(bench.model.overlay.is_none());
}

#[test]
fn the_same_bytes_are_handed_over_once() {
    let mut bench = bench();
    assert!(offered(&bench, Action::HandOver));
    bench.press_and_settle("W");
    assert!(!offered(&bench, Action::HandOver));
    assert!(!bench.press("W").iter().any(|effect| matches!(effect, Effect::Say { .. })));
    assert!(bench.said().starts_with("you have handed over these bytes"), "{}", bench.said());
    // other bytes are another matter
    bench.press_and_settle("1 enter");
    bench.type_text("More. ");
    bench.press_and_settle("esc ctrl-s 6");
    assert!(offered(&bench, Action::HandOver), "{}", bench.said());
}

/// Whether the hints name an action.
fn offered(bench: &Workbench, action: Action) -> bool {
    let hints = bench.model.keymap.hints(&bench.model.contexts(), |action| why_not(&bench.model, action).is_none());
    hints.iter().any(|(_, label)| *label == action.entry().short)
}

#[test]
fn words_that_could_not_be_written_are_in_the_box_when_it_opens_again() {
    let mut bench = bench();
    bench.press("down down c");
    bench.type_text("why so?");
    bench.press("enter");
    bench.tell(Msg::Said(Err(crate::error::Error::input("the disk is full"))));
    assert!(bench.said().starts_with("the disk is full; the words are kept"), "{}", bench.said());
    bench.press("c");
    let effects = bench.press("enter");
    let Some(Said::Comment { text, .. }) = said(&effects) else { panic!("{effects:?}") };
    assert_eq!(text, "why so?");
    bench.perform(effects);
    bench.press("c");
    assert!(!bench.press("enter").iter().any(|effect| matches!(effect, Effect::Say { .. })), "they were said");
}
