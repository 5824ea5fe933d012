//! The journal: when it is written, what it gets, and what becomes of what it had at the start.

use std::path::PathBuf;
use std::sync::Arc;

use ropey::Rope;

use crate::library::journal::{Edit, Steps};
use crate::tui::changes::Changes;
use crate::tui::draft::Passed;
use crate::tui::effect::Effect;
use crate::tui::msg::{Left, Msg, Timer, Unsaved};
use crate::tui::overlay::Overlay;
use crate::tui::tests::{Workbench, prompt, to_save, workbench};

const TEXT: &str = "# Identity\nabc";
const TYPED: &str = "# Identity\nIamabc";

/// The kinds of steps and the text that go into the journal.
fn journaled(effects: &[Effect]) -> Option<(String, String)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Journal { passed, text, .. } => {
            let kind = |one: &Passed| match one {
                Passed::Step(_) => 'S',
                Passed::Undone(_) => 'U',
                Passed::Redone(_) => 'R',
            };
            Some((passed.iter().map(kind).collect(), text.to_text()))
        }
        _ => None,
    })
}

fn timers(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::After(Timer::Journal, _))).count()
}

fn due(bench: &mut Workbench) -> Vec<Effect> {
    bench.tell(Msg::Timer(Timer::Journal))
}

/// A prompt that is opened with something left in its journal.
fn opened_with(left: Left) -> Workbench {
    let mut bench = Workbench::empty();
    let mut opened = prompt(TEXT).into_opened("greeter");
    opened.left = left;
    bench.tell(Msg::Opened(Ok(Box::new(opened))));
    bench
}

fn found() -> Left {
    let unsaved = Unsaved {
        when: "today at 14:02".into(),
        text: TYPED.into(),
        base: None,
        changes: Arc::new(Changes::between(TEXT, TYPED)),
    };
    Left { unsaved: Some(unsaved), ..Left::default() }
}

#[test]
fn typing_without_a_pause_does_not_put_the_journal_off() {
    let mut bench = workbench(TEXT);
    bench.press("enter");
    assert_eq!(timers(&bench.type_text("Iam")), 1, "the first change starts the time, the others do not start it over");
    assert_eq!(journaled(&due(&mut bench)), Some(("S".into(), TYPED.into())));
    assert_eq!(timers(&bench.type_text("x")), 1);
}

#[test]
fn nothing_is_written_while_nothing_is_typed() {
    let mut bench = workbench(TEXT);
    assert_eq!(timers(&bench.press("tab down enter right esc")), 0);
    assert_eq!(due(&mut bench), []);
    bench.press("enter");
    bench.type_text("x");
    due(&mut bench);
    assert_eq!(due(&mut bench), []);
}

#[test]
fn the_journal_hears_of_steps_undo_and_redo_in_their_order() {
    let mut bench = workbench(TEXT);
    bench.press("enter");
    bench.type_text("a");
    bench.press("enter ctrl-z ctrl-z ctrl-y");
    assert_eq!(journaled(&due(&mut bench)).unwrap().0, "SSUUR");
}

#[test]
fn a_save_is_noted_before_it_is_asked_for() {
    let mut bench = workbench(TEXT);
    bench.press("enter");
    bench.type_text("Iam");
    let effects = bench.press("ctrl-s");
    let place = |wanted: fn(&Effect) -> bool| effects.iter().position(wanted).unwrap();
    assert!(
        place(|effect| matches!(effect, Effect::Journal { .. }))
            < place(|effect| matches!(effect, Effect::Save { .. }))
    );
    assert_eq!(due(&mut bench), []);
}

#[test]
fn leaving_notes_the_steps_that_are_not_noted_yet() {
    for keys in ["q", "ctrl-q"] {
        let mut bench = workbench(TEXT);
        bench.press("enter");
        bench.type_text("Iam");
        bench.press("esc");
        assert_eq!(journaled(&bench.press(keys)), Some(("S".into(), TYPED.into())));
    }
    let mut bench = workbench(TEXT);
    bench.press("enter");
    bench.type_text("Iam");
    assert!(journaled(&bench.tell(Msg::Terminate)).is_some());
}

#[test]
fn a_text_that_was_found_is_shown_and_enter_restores_it_as_one_step() {
    let mut bench = opened_with(found());
    let Some(Overlay::Decide(open)) = &bench.model.overlay else { panic!("nothing is asked") };
    assert!(open.notes[0].contains("today at 14:02"));
    assert_eq!(open.changes.summary(), "Identity & Role +1 −1");
    assert_eq!(bench.text(), TEXT, "nothing is done before somebody decides");
    let effects = bench.press("enter");
    assert_eq!(bench.text(), TYPED);
    let restored = effects.iter().position(|effect| *effect == Effect::Restored("greeter".into())).unwrap();
    let journal = effects.iter().position(|effect| matches!(effect, Effect::Journal { .. })).unwrap();
    assert!(restored < journal);
    assert!(bench.draft().changed());
    assert_eq!(to_save(&bench.pause()).as_deref(), Some(TYPED));
    bench.press("u");
    assert_eq!(bench.text(), TEXT);
}

#[test]
fn escape_keeps_the_file_and_says_where_the_other_text_is() {
    let mut bench = opened_with(found());
    assert_eq!(bench.press("esc"), [Effect::PutAside("greeter".into())]);
    assert_eq!(bench.text(), TEXT);
    assert!(!bench.draft().changed());
    bench.tell(Msg::PutAside { prompt: "greeter".into(), file: Ok(PathBuf::from("/state/rescued/greeter-1.txt")) });
    assert!(bench.said().contains("/state/rescued/greeter-1.txt"), "{}", bench.said());
    let mut bench = opened_with(found());
    assert_eq!(bench.press("right enter"), [Effect::PutAside("greeter".into())]);
}

#[test]
fn undo_and_redo_go_on_where_the_last_session_ended() {
    let steps = Steps {
        past: vec![Edit::between(&Rope::from_str("# Identity\nab"), TEXT)],
        undone: vec![Edit::between(&Rope::from_str(TEXT), TYPED)],
    };
    let mut bench = opened_with(Left { steps, ..Left::default() });
    bench.press("u");
    assert_eq!(bench.text(), "# Identity\nab");
    bench.press("u");
    assert_eq!(bench.said(), "nothing to undo");
    bench.press("enter ctrl-y");
    assert_eq!(bench.text(), TEXT);
    bench.press("ctrl-y");
    assert_eq!(bench.text(), TYPED);
    assert_eq!(bench.draft().panes[1].cursor(), 3, "the cursor goes to what changed");
    bench.press("ctrl-z ctrl-z");
    assert_eq!(bench.text(), "# Identity\nab");
    assert_eq!(to_save(&bench.pause()).as_deref(), Some("# Identity\nab"));
}

#[test]
fn steps_of_another_text_lead_nowhere() {
    let steps = Steps { past: vec![Edit { at: 3, removed: "x".into(), inserted: "y".into() }], undone: Vec::new() };
    let mut bench = opened_with(Left { steps, ..Left::default() });
    bench.press("u");
    assert_eq!((bench.text().as_str(), bench.said()), (TEXT, "nothing to undo"));
}

#[test]
fn a_history_that_no_longer_fits_is_told() {
    let bench = opened_with(Left { dropped: true, ..Left::default() });
    assert!(bench.said().contains("no longer fits"), "{}", bench.said());
}

#[test]
fn a_journal_that_cannot_be_written_is_said_until_it_can() {
    let mut bench = workbench(TEXT);
    bench.tell(Msg::Journaled(Err(crate::error::Error::input("the journal cannot be written: full"))));
    assert!(bench.model.unjournaled.as_deref().is_some_and(|why| why.contains("only what is saved is safe")));
    bench.tell(Msg::Journaled(Ok(())));
    assert_eq!(bench.model.unjournaled, None);
}

#[test]
fn a_found_text_whose_file_somebody_else_has_changed_is_restored_and_then_both_are_put_together() {
    let mut left = found();
    left.unsaved.as_mut().unwrap().base = Some("# Identity\nbc".into());
    let mut bench = opened_with(left);
    let Some(Overlay::Decide(open)) = &bench.model.overlay else { panic!("nothing is asked") };
    assert!(open.notes[1].contains("Somebody else has changed the file"));
    let effects = bench.press("enter");
    assert_eq!(bench.text(), TYPED);
    bench.reconciled(&effects);
    let Some(Overlay::Decide(open)) = &bench.model.overlay else { panic!("nothing is asked") };
    assert_eq!(open.answers.len(), 4);
    assert_eq!(bench.pause(), [], "nothing is written before that is answered");
    bench.press("right enter");
    assert_eq!(bench.text(), TEXT);
    assert!(!bench.draft().changed());
    bench.press("u");
    assert_eq!(bench.text(), TYPED);
}
