//! Saving: when, over what, and what happens when it cannot be done. Nothing that was typed is ever dropped.

use crossterm::event::{KeyCode, KeyEvent};

use crate::error::Error;
use crate::library::{Expected, Stamp};
use crate::tui::draft::Saving;
use crate::tui::effect::Effect;
use crate::tui::model::Level;
use crate::tui::msg::{Msg, Timer};
use crate::tui::overlay::Overlay;
use crate::tui::tests::{Workbench, changed, prompt, to_save, workbench};
use crate::tui::update::AUTOSAVE_CHANGES;

const TEXT: &str = "# Identity\nabc";

fn expected(effects: &[Effect]) -> Vec<Expected> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Save { expected, .. } => Some(*expected),
            _ => None,
        })
        .collect()
}

fn quits(effects: &[Effect]) -> bool {
    effects.contains(&Effect::Quit)
}

fn fail(bench: &mut Workbench) -> Vec<Effect> {
    bench.tell(Msg::SaveFailed { prompt: "greeter".into(), error: Error::input("the disk is full") })
}

fn conflict(bench: &mut Workbench, theirs: &[u8]) -> Vec<Effect> {
    let effects = bench.tell(Msg::SaveConflict { prompt: "greeter".into(), theirs: theirs.to_vec() });
    let then = bench.reconciled(&effects);
    [effects, then].concat()
}

#[test]
fn a_pause_saves_the_draft_over_what_was_read_and_nothing_else() {
    let mut bench = changed(TEXT);
    let effects = bench.pause();
    assert_eq!(to_save(&effects).as_deref(), Some("# Identity\nXabc"));
    assert_eq!(expected(&effects), [Expected::This(Stamp::of(TEXT))]);
    bench.saved(&effects);
    assert_eq!(bench.pause(), []);
    assert_eq!(bench.said(), "", "a save that nobody asked for is not told");
}

#[test]
fn the_first_save_of_a_prompt_without_a_draft_expects_no_file() {
    let mut bench = prompt(TEXT).without_a_file().open();
    let effects = bench.press("ctrl-s");
    assert_eq!(expected(&effects), [Expected::Nothing]);
    bench.saved(&effects);
    assert_eq!(bench.said(), "saved");
    assert_eq!(to_save(&bench.press("ctrl-s")), None);
    assert_eq!(bench.said(), "saved; nothing has changed since");
}

#[test]
fn the_next_save_expects_what_the_last_one_wrote() {
    let mut bench = changed(TEXT);
    let effects = bench.press("ctrl-s");
    bench.saved(&effects);
    bench.press("enter");
    bench.type_text("Y");
    assert_eq!(expected(&bench.pause()), [Expected::This(Stamp::of("# Identity\nXabc"))]);
}

#[test]
fn what_is_typed_while_a_save_is_under_way_is_saved_after_it() {
    let mut bench = changed(TEXT);
    let first = bench.press("ctrl-s");
    bench.press("enter");
    bench.type_text("Y");
    assert_eq!(to_save(&bench.press("ctrl-s")), None, "one save at a time");
    let then = bench.saved(&first);
    assert_eq!(to_save(&then).as_deref(), Some("# Identity\nXYabc"));
    bench.saved(&then);
    assert!(!bench.draft().changed());
    assert_eq!(bench.said(), "saved");
}

#[test]
fn a_save_that_fails_keeps_the_text_says_why_and_goes_on_saying_it() {
    let mut bench = changed(TEXT);
    bench.press("ctrl-s");
    fail(&mut bench);
    assert_eq!(bench.text(), "# Identity\nXabc");
    assert!(bench.draft().changed());
    assert!(bench.model.trouble.as_deref().is_some_and(|trouble| trouble.contains("the disk is full")));
    let effects = bench.pause();
    assert!(to_save(&effects).is_some(), "it is tried again");
    bench.saved(&effects);
    assert_eq!(bench.model.trouble, None);
}

#[test]
fn quitting_saves_first_and_leaves_when_it_is_done() {
    let mut bench = changed(TEXT);
    let effects = bench.press("q");
    assert!(!quits(&effects));
    assert!(to_save(&effects).is_some());
    assert!(quits(&bench.saved(&effects)));
}

#[test]
fn quitting_with_nothing_to_save_leaves_at_once() {
    assert!(quits(&workbench(TEXT).press("q")));
    assert!(quits(&Workbench::empty().press("ctrl-q")));
}

#[test]
fn what_is_typed_after_quit_was_asked_for_is_saved_before_leaving() {
    let mut bench = workbench(TEXT);
    bench.press("enter");
    bench.type_text("X");
    let effects = bench.press("ctrl-q");
    bench.type_text("Y");
    let then = bench.saved(&effects);
    assert!(!quits(&then), "Y is not on disk yet");
    assert_eq!(to_save(&then).as_deref(), Some("# Identity\nXYabc"));
    assert!(quits(&bench.saved(&then)));
}

#[test]
fn quitting_when_the_save_fails_asks_with_stay_chosen() {
    let mut bench = changed(TEXT);
    bench.press("q");
    assert!(!quits(&fail(&mut bench)));
    assert!(!quits(&bench.press("enter")), "the first answer stays");
    assert!(bench.model.overlay.is_none());
    bench.press("q");
    fail(&mut bench);
    assert!(quits(&bench.press("right enter")));
}

#[test]
fn quitting_after_an_answer_of_later_is_possible_without_the_text_being_dropped() {
    let mut bench = changed(TEXT);
    bench.press("ctrl-s");
    conflict(&mut bench, b"# Identity\ntheirs");
    bench.press("esc");
    bench.press("q");
    conflict(&mut bench, b"# Identity\ntheirs");
    assert!(matches!(bench.model.overlay, Some(Overlay::Decide(_))), "it is asked again");
    assert_eq!(bench.text(), "# Identity\nXabc");
}

#[test]
fn quitting_is_possible_when_the_file_was_replaced_by_one_that_is_no_text() {
    let mut bench = changed(TEXT);
    bench.press("q");
    assert!(!quits(&conflict(&mut bench, &[0xff, 0xfe])));
    let Some(Overlay::Confirm(confirm)) = &bench.model.overlay else { panic!("nothing is asked") };
    assert_eq!(confirm.answers[0].0, "Stay");
    assert!(quits(&bench.press("right enter")));
}

#[test]
fn a_file_that_somebody_else_changed_is_asked_about_and_not_written_until_then() {
    let mut bench = changed(TEXT);
    bench.press("ctrl-s");
    conflict(&mut bench, b"# Identity\ntheirs");
    let Some(Overlay::Decide(open)) = &bench.model.overlay else { panic!("nothing is asked") };
    let answers: Vec<_> = open.answers.iter().map(|(label, _)| *label).collect();
    assert_eq!((answers.as_slice(), open.selected), (&["Decide later", "Take theirs", "Keep mine", "Merge"][..], 0));
    bench.press("enter");
    assert_eq!(bench.pause(), [], "no save on its own until there is an answer");
    assert_eq!(bench.draft().saving, Saving::Conflict);
    assert_eq!(bench.text(), "# Identity\nXabc");
    assert!(bench.model.trouble.is_some());
    assert_eq!(expected(&bench.press("ctrl-s")), [Expected::This(Stamp::of(TEXT))]);
}

#[test]
fn taking_theirs_brings_their_text_in_and_undo_brings_ours_back() {
    let mut bench = changed(TEXT);
    bench.press("ctrl-s");
    conflict(&mut bench, b"# Identity\ntheirs\n# Safety\nno");
    bench.press("right enter");
    assert_eq!(bench.text(), "# Identity\ntheirs\n# Safety\nno");
    assert!(!bench.draft().changed());
    bench.press("u");
    assert_eq!(bench.text(), "# Identity\nXabc");
    assert!(bench.draft().changed());
    assert_eq!(expected(&bench.pause()), [Expected::This(Stamp::of("# Identity\ntheirs\n# Safety\nno"))]);
}

#[test]
fn keeping_mine_writes_ours_and_undo_brings_theirs_back() {
    let mut bench = changed(TEXT);
    bench.press("ctrl-s");
    conflict(&mut bench, b"# Identity\ntheirs");
    let effects = bench.press("right right enter");
    assert_eq!(
        expected(&effects),
        [Expected::This(Stamp::of("# Identity\ntheirs"))],
        "a still newer one is asked about"
    );
    assert_eq!(to_save(&effects).as_deref(), Some("# Identity\nXabc"));
    bench.saved(&effects);
    assert!(!bench.draft().changed());
    bench.press("u");
    assert_eq!(bench.text(), "# Identity\ntheirs");
    bench.press("u");
    assert_eq!(bench.text(), "# Identity\nXabc");
}

#[test]
fn being_ended_saves_what_was_typed_and_leaves() {
    let mut bench = changed(TEXT);
    let effects = bench.tell(Msg::Terminate);
    assert_eq!(to_save(&effects).as_deref(), Some("# Identity\nXabc"));
    assert!(matches!(effects.last(), Some(Effect::Quit)) || quits(&effects));
    assert!(quits(&workbench(TEXT).tell(Msg::Terminate)));
}

#[test]
fn opening_another_prompt_saves_this_one_first() {
    let mut bench = changed(TEXT);
    let other = prompt("# Identity\nother").into_opened("other");
    bench.tell(Msg::Listed(Ok(vec![bench.draft().entry.clone(), other.entry.clone()])));
    let effects = bench.press("ctrl-o down enter");
    assert!(!effects.contains(&Effect::Open("other".into())));
    assert!(bench.saved(&effects).contains(&Effect::Open("other".into())));
    bench.tell(Msg::Opened(Ok(Box::new(other))));
    assert_eq!(bench.text(), "# Identity\nother");
    assert_eq!(bench.model.level, Level::Nav);
}

#[test]
fn what_is_typed_while_another_prompt_is_being_read_is_saved_before_it_opens() {
    let mut bench = workbench(TEXT);
    let other = prompt("# Identity\nother").into_opened("other");
    bench.tell(Msg::Listed(Ok(vec![bench.draft().entry.clone(), other.entry.clone()])));
    assert!(bench.press("ctrl-o down enter").contains(&Effect::Open("other".into())));
    bench.press("enter");
    bench.type_text("X");
    let effects = bench.tell(Msg::Opened(Ok(Box::new(other))));
    assert_eq!(to_save(&effects).as_deref(), Some("# Identity\nXabc"));
    assert!(bench.saved(&effects).contains(&Effect::Open("other".into())));
}

#[test]
fn a_save_of_a_prompt_that_is_no_longer_open_changes_nothing_here() {
    let mut bench = changed(TEXT);
    bench.tell(Msg::SaveFailed { prompt: "other".into(), error: Error::input("no") });
    bench.tell(Msg::SaveConflict { prompt: "other".into(), theirs: Vec::new() });
    assert!(bench.model.overlay.is_none());
    assert_eq!(bench.model.trouble, None);
}

#[test]
fn after_a_conflict_the_row_says_that_the_text_is_not_saved_and_not_what_was_said_before() {
    let mut bench = changed(TEXT);
    bench.press("ctrl-s");
    bench.model.say(crate::tui::model::Weight::Done, "opened greeter");
    conflict(&mut bench, b"# Identity\ntheirs");
    bench.press("esc");
    assert_eq!(bench.said(), "");
    assert!(bench.model.trouble.as_deref().is_some_and(|trouble| trouble.contains("decides")));
}

#[test]
fn who_types_without_a_pause_is_saved_all_the_same() {
    let mut bench = workbench("# Identity\nHi\n");
    bench.press("i");
    let mut saves = 0;
    for _ in 0..AUTOSAVE_CHANGES + 10 {
        let effects = bench.tell(Msg::Key(KeyEvent::from(KeyCode::Char('x'))));
        saves += effects.iter().filter(|effect| matches!(effect, Effect::Save { .. })).count();
    }
    assert_eq!(saves, 1, "one save begins, and the next one waits for its end");
}

#[test]
fn a_save_that_keeps_failing_is_tried_again_less_and_less_often() {
    let mut bench = changed(TEXT);
    let after = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::After(Timer::Retry, ms) => Some(*ms),
            _ => None,
        })
    };
    bench.press("ctrl-s");
    let mut waits = vec![after(&fail(&mut bench)).expect("it is tried again")];
    for _ in 0..4 {
        let effects = bench.tell(Msg::Timer(Timer::Retry));
        assert!(to_save(&effects).is_some());
        waits.push(after(&fail(&mut bench)).expect("it is tried again"));
    }
    assert_eq!(waits, [2_000, 5_000, 15_000, 60_000, 60_000]);
    let effects = bench.tell(Msg::Timer(Timer::Retry));
    bench.saved(&effects);
    assert_eq!(bench.tell(Msg::Timer(Timer::Retry)), [], "it is solved");
    bench.press("enter");
    bench.type_text("Y");
    bench.press("ctrl-s");
    assert_eq!(after(&fail(&mut bench)), Some(2_000));
}

#[test]
fn a_text_that_cannot_be_saved_can_be_copied_to_another_place() {
    let mut bench = changed(TEXT);
    bench.press("ctrl-s");
    fail(&mut bench);
    assert!(bench.model.trouble.as_deref().is_some_and(|trouble| trouble.contains("saves a copy in another place")));
    bench.press("alt-o");
    bench.type_text("/elsewhere/mine.txt");
    let effects = bench.press("enter");
    let [Effect::SaveCopy { text, file }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((text.to_text().as_str(), file.as_str()), ("# Identity\nXabc", "/elsewhere/mine.txt"));
    let refused = Error::input("is there already and was not changed");
    bench.tell(Msg::Copied { typed: file.clone(), result: Err(refused) });
    assert!(bench.said().contains("is there already"));
    let Some(Overlay::Ask(_, input)) = &bench.model.overlay else { panic!("it is not asked again") };
    assert_eq!(input.text(), "/elsewhere/mine.txt");
    bench.press("esc");
    bench.tell(Msg::Copied { typed: file.clone(), result: Ok("/elsewhere/mine.txt".into()) });
    assert!(bench.said().contains("a copy of the draft is in /elsewhere/mine.txt"));
    assert!(bench.draft().changed() && bench.model.trouble.is_some(), "the draft itself is not saved by that");
}

#[test]
fn a_text_that_could_not_be_written_and_was_undone_is_no_trouble_any_more() {
    let mut bench = changed(TEXT);
    bench.press("ctrl-s");
    fail(&mut bench);
    bench.press("u");
    assert_eq!((bench.draft().changed(), &bench.model.trouble), (false, &None));
}
