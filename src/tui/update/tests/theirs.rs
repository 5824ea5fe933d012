//! Somebody else changes the file of the open draft.

use crate::diff::Choice;
use crate::library::{Expected, Stamp};
use crate::tui::decision::Verdict;
use crate::tui::draft::{PaneId, Saving};
use crate::tui::effect::Effect;
use crate::tui::model::Level;
use crate::tui::msg::{Msg, OnDisk, Other, Timer};
use crate::tui::overlay::Overlay;
use crate::tui::tests::{Workbench, changed, to_save, workbench};

const TEXT: &str = "# Identity\nI am Wren.\n\n# Safety Rails\nNever guess.\n";

fn answers(bench: &Workbench) -> Vec<Verdict> {
    match &bench.model.overlay {
        Some(Overlay::Decide(open)) => open.answers.iter().map(|(_, verdict)| *verdict).collect(),
        _ => Vec::new(),
    }
}

fn title(bench: &Workbench) -> &str {
    match &bench.model.overlay {
        Some(Overlay::Decide(open)) => &open.title,
        _ => "",
    }
}

fn missing(bench: &mut Workbench) -> Vec<Effect> {
    bench.tell(Msg::Looked { prompt: "greeter".into(), found: Some(OnDisk::Missing), others: Vec::new() })
}

/// Everything about the open prompt that somebody else may have changed is looked at.
fn looks() -> [Effect; 3] {
    let prompt = || "greeter".to_owned();
    [Effect::Look(prompt()), Effect::LookBeside(prompt()), Effect::LookReleases { prompt: prompt(), known: None }]
}

#[test]
fn something_near_the_file_and_a_window_that_comes_back_have_it_looked_at() {
    let mut bench = workbench(TEXT);
    for msg in [Msg::Touched, Msg::FocusGained, Msg::Resumed] {
        assert_eq!(bench.tell(msg), looks());
    }
    assert_eq!(Workbench::empty().tell(Msg::Touched), []);
}

#[test]
fn where_nothing_tells_of_changes_keys_have_the_file_looked_at_now_and_then() {
    let mut bench = workbench(TEXT);
    let looks =
        |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::After(Timer::Look, _))).count();
    assert_eq!(looks(&bench.press("down up")), 0);
    bench.tell(Msg::Watching(false));
    assert_eq!(looks(&bench.press("down up down")), 1, "once for all keys of that time");
    assert_eq!(bench.tell(Msg::Timer(Timer::Look)), self::looks());
    assert_eq!(looks(&bench.press("up")), 1);
}

#[test]
fn a_file_that_is_as_we_left_it_changes_nothing() {
    let mut bench = workbench(TEXT);
    assert_eq!(bench.on_disk(TEXT), []);
    assert_eq!((bench.said(), bench.draft().changed()), ("", false));
}

#[test]
fn without_unsaved_changes_their_text_is_taken_with_a_word_and_can_be_undone() {
    let mut bench = workbench(TEXT);
    let theirs = TEXT.replace("Never guess.", "Ask first.");
    bench.on_disk(&theirs);
    assert_eq!(bench.text(), theirs);
    assert!(bench.said().contains("somebody else has changed the file"), "{}", bench.said());
    assert!(!bench.draft().changed() && bench.model.overlay.is_none());
    assert_eq!(bench.pause(), [], "it is what stands on disk");
    bench.press("u");
    assert_eq!(bench.text(), TEXT);
    let effects = bench.pause();
    assert!(effects.iter().any(
        |effect| matches!(effect, Effect::Save { expected: Expected::This(stamp), .. } if *stamp == Stamp::of(&theirs))
    ));
}

#[test]
fn their_text_moves_no_cursor_under_the_hands_of_who_types() {
    let mut bench = workbench(TEXT);
    bench.press("enter end");
    let theirs = TEXT.replace("I am", "Hello, I am").replace("Never guess.", "Ask first.");
    bench.on_disk(&theirs);
    assert_eq!((bench.model.level, bench.draft().focus), (Level::Edit, PaneId::Text(1)));
    bench.type_text("!");
    assert_eq!(bench.pane(1), "Hello, I am Wren.!");
}

#[test]
fn with_unsaved_changes_nothing_is_written_and_the_question_opens() {
    let mut bench = changed(TEXT);
    bench.on_disk(&TEXT.replace("Never guess.", "Ask first."));
    assert_eq!(answers(&bench), [Verdict::Later, Verdict::TakeTheirs, Verdict::KeepMine, Verdict::Merge]);
    bench.press("esc");
    assert_eq!(bench.draft().saving, Saving::Conflict);
    assert_eq!(bench.pause(), []);
    assert!(bench.model.trouble.as_deref().is_some_and(|trouble| trouble.contains("decides")));
}

#[test]
fn the_question_does_not_open_by_itself_while_somebody_types() {
    let mut bench = changed(TEXT);
    bench.press("enter");
    bench.on_disk("# Identity\ntheirs\n");
    assert!(bench.model.overlay.is_none());
    assert!(bench.model.trouble.is_some());
    let save = bench.press("ctrl-s");
    assert!(to_save(&save).is_some(), "what stands on disk is looked at again");
    let effects = bench.tell(Msg::SaveConflict { prompt: "greeter".into(), theirs: b"# Identity\ntheirs\n".to_vec() });
    bench.reconciled(&effects);
    assert!(!answers(&bench).is_empty(), "it was asked for");
}

#[test]
fn an_autosave_that_finds_another_text_opens_nothing_while_somebody_types() {
    let mut bench = workbench(TEXT);
    bench.press("enter");
    bench.type_text("X");
    bench.pause();
    let effects = bench.tell(Msg::SaveConflict { prompt: "greeter".into(), theirs: b"theirs".to_vec() });
    bench.reconciled(&effects);
    assert!(bench.model.overlay.is_none());
    bench.type_text("Y");
    assert!(bench.text().contains("XY"));
}

#[test]
fn changes_in_different_places_are_merged_as_one_step() {
    let mut bench = changed(TEXT);
    let theirs = TEXT.replace("Never guess.", "Ask first.");
    bench.on_disk(&theirs);
    let effects = bench.press("right right right enter");
    let merged = theirs.replace("I am", "XI am");
    assert_eq!(to_save(&effects).as_deref(), Some(&*merged));
    assert!(effects.iter().any(
        |effect| matches!(effect, Effect::Save { expected: Expected::This(stamp), .. } if *stamp == Stamp::of(&theirs))
    ));
    bench.saved(&effects);
    assert_eq!((bench.text(), bench.draft().changed(), &bench.model.trouble), (merged, false, &None));
    bench.press("u");
    assert_eq!(bench.text(), TEXT.replace("I am", "XI am"), "one step");
}

#[test]
fn conflicts_are_asked_about_one_by_one_with_their_section() {
    let theirs = TEXT.replace("I am Wren.", "I am Robin.").replace("Never guess.", "Ask first.");
    let mine = TEXT.replace("I am Wren.", "XI am Wren.").replace("Never guess.", "YNever guess.");
    for (keys, choice) in
        [("enter", Choice::Mine), ("right enter", Choice::Theirs), ("right right enter", Choice::Both)]
    {
        let mut bench = changed(TEXT);
        bench.press("tab tab tab tab enter");
        bench.type_text("Y");
        bench.press("esc");
        assert_eq!(bench.text(), mine);
        bench.on_disk(&theirs);
        bench.press("right right right enter");
        assert_eq!(title(&bench), "Merge: Identity & Role, 1 of 2");
        bench.press(keys);
        assert_eq!(title(&bench), "Merge: Safety Rails, 2 of 2");
        let effects = bench.press(keys);
        let wanted = crate::diff::merge(TEXT, &mine, &theirs).text(&[choice; 2]);
        assert_eq!(to_save(&effects).as_deref(), Some(&*wanted));
    }
}

#[test]
fn a_merge_that_is_left_in_the_middle_has_done_nothing() {
    let mut bench = changed(TEXT);
    bench.on_disk(&TEXT.replace("Wren", "Robin"));
    bench.press("right right right enter");
    assert!(title(&bench).starts_with("Merge"));
    bench.press("esc");
    assert_eq!(bench.text(), TEXT.replace("I am", "XI am"));
    assert!(bench.model.trouble.is_some());
    assert_eq!(bench.pause(), []);
}

#[test]
fn what_is_typed_while_the_texts_are_compared_is_compared_too() {
    let mut bench = changed(TEXT);
    let effects = bench.tell(Msg::Looked {
        prompt: "greeter".into(),
        found: Some(OnDisk::Text { text: "theirs".into(), stamp: Stamp::of("theirs") }),
        others: Vec::new(),
    });
    bench.press("enter");
    bench.type_text("Y");
    bench.press("esc");
    let again = bench.reconciled(&effects);
    assert!(bench.model.overlay.is_none(), "what it would show is old");
    bench.reconciled(&again);
    assert!(!answers(&bench).is_empty());
}

#[test]
fn a_file_that_is_gone_is_said_and_written_again_by_the_next_save() {
    let mut bench = workbench(TEXT);
    missing(&mut bench);
    assert!(bench.model.trouble.as_deref().is_some_and(|trouble| trouble.contains("is gone")));
    assert_eq!(bench.text(), TEXT);
    let effects = bench.press("ctrl-s");
    assert_eq!(to_save(&effects).as_deref(), Some(TEXT));
    bench.saved(&effects);
    assert_eq!((&bench.model.trouble, bench.draft().changed()), (&None, false));
}

#[test]
fn a_file_that_is_gone_is_not_lost_by_quitting_and_may_come_back() {
    let mut bench = workbench(TEXT);
    missing(&mut bench);
    assert_eq!(to_save(&bench.press("q")).as_deref(), Some(TEXT));
    let mut bench = workbench(TEXT);
    missing(&mut bench);
    bench.on_disk(TEXT);
    assert_eq!((&bench.model.trouble, bench.draft().changed()), (&None, false));
    let mut bench = changed(TEXT);
    missing(&mut bench);
    bench.on_disk("# Identity\ntheirs\n");
    assert!(!answers(&bench).is_empty(), "what is not saved is not dropped");
    let mut bench = workbench(TEXT);
    missing(&mut bench);
    bench.on_disk("# Identity\nanother branch\n");
    assert_eq!(bench.text(), "# Identity\nanother branch\n", "as after a checkout");
    assert!(bench.model.overlay.is_none() && bench.model.trouble.is_none());
}

#[test]
fn another_greenroom_on_the_draft_is_told_as_long_as_it_is_there() {
    let mut bench = workbench(TEXT);
    let others = vec![Other { process: 4242, since: "today at 14:02".into() }];
    bench.tell(Msg::Looked { prompt: "greeter".into(), found: None, others });
    assert_eq!(bench.model.others.len(), 1);
    bench.tell(Msg::Looked { prompt: "other".into(), found: None, others: Vec::new() });
    assert_eq!(bench.model.others.len(), 1, "that was about another prompt");
    bench.tell(Msg::Looked { prompt: "greeter".into(), found: None, others: Vec::new() });
    assert!(bench.model.others.is_empty());
}
