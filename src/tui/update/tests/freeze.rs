//! The form that freezes a version.

use std::sync::Arc;

use crossterm::event::MouseEventKind;

use crate::error::Error;
use crate::library::{Cut, PromptConfig, Step, VersionEntry};
use crate::tui::compare::Compared;
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::overlay::{FreezeField, FreezeForm, Overlay};
use crate::tui::tests::{TODAY, Workbench, prompt, to_save, version, workbench};

const TEXT: &str = "# Identity\nabc";

fn form(bench: &Workbench) -> &FreezeForm {
    match &bench.model.overlay {
        Some(Overlay::Freeze(form)) => form,
        other => panic!("the form is not open but {other:?}"),
    }
}

fn frozen(effects: &[Effect]) -> Option<Cut> {
    effects.iter().find_map(|effect| match effect {
        Effect::Freeze { cut, .. } => Some(cut.clone()),
        _ => None,
    })
}

/// Writes what and why, and goes to the button.
fn fill_in(bench: &mut Workbench) {
    bench.press("F8");
    bench.type_text("Shorter answers");
    bench.press("tab");
    bench.type_text("Customers asked");
    bench.press("tab");
}

fn with_a_version() -> Workbench {
    prompt(TEXT).version("1.2.3").open()
}

#[test]
fn nothing_is_frozen_without_what_and_why() {
    let mut bench = with_a_version();
    assert_eq!(frozen(&bench.press("F8 tab tab enter")), None);
    assert_eq!(form(&bench).field, FreezeField::What);
    assert!(form(&bench).problem.is_some());
    bench.type_text("Shorter");
    assert!(form(&bench).problem.is_none(), "writing clears the complaint");
    assert_eq!(frozen(&bench.press("tab tab enter")), None);
    assert_eq!(form(&bench).field, FreezeField::Why);
    bench.type_text("  ");
    assert_eq!(frozen(&bench.press("tab enter")), None, "blanks are no reason");
}

#[test]
fn the_step_is_proposed_by_what_changed() {
    let mut bench = with_a_version();
    let effects = bench.press("F8");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Weigh { .. })));
    let side = |text: &str| (String::new(), text.to_owned(), PromptConfig::default());
    let weigh = |from: &str, to: &str| Msg::Weighed(Ok(Arc::new(Compared::new(side(from), side(to)))));
    bench.tell(weigh("# Identity\n{{a}}", TEXT));
    assert_eq!(form(&bench).step, Step::Major);
    bench.tell(weigh("# Identity\nab c", TEXT));
    assert_eq!(form(&bench).step, Step::Patch);
    bench.press("shift-tab shift-tab left");
    assert_eq!(form(&bench).step, Step::Minor);
    bench.tell(weigh("# Identity\n{{a}}", TEXT));
    assert_eq!(form(&bench).step, Step::Minor, "what the user chose stays");
}

#[test]
fn the_first_version_is_1_0_0_unless_another_step_is_chosen() {
    let mut bench = workbench(TEXT);
    let effects = bench.press("F8");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Weigh { .. })));
    assert_eq!((form(&bench).step.clone(), form(&bench).last.clone()), (Step::Major, None));
}

#[test]
fn a_saved_draft_is_frozen_at_once_with_todays_date() {
    let mut bench = with_a_version();
    fill_in(&mut bench);
    let cut = frozen(&bench.press("enter")).unwrap();
    let wanted = Cut { step: Step::Minor, what: "Shorter answers".into(), why: "Customers asked".into(), date: TODAY };
    assert_eq!(cut, wanted);
    assert!(bench.model.overlay.is_none());
    let entry = VersionEntry { version: version("1.3.0"), date: TODAY, folder: "v1.3.0".into() };
    let effects = bench.tell(Msg::Frozen(Ok(entry)));
    assert!(effects.contains(&Effect::List));
    assert!(bench.said().contains("1.3.0"), "{}", bench.said());
    assert_eq!(bench.draft().base(), Some(&version("1.3.0")));
}

#[test]
fn a_changed_draft_is_frozen_only_after_it_was_saved() {
    let mut bench = with_a_version();
    bench.press("enter");
    bench.type_text("X");
    fill_in(&mut bench);
    let effects = bench.press("enter");
    assert_eq!(frozen(&effects), None);
    assert_eq!(to_save(&effects).as_deref(), Some("# Identity\nXabc"));
    assert!(frozen(&bench.saved(&effects)).is_some());
}

#[test]
fn a_prompt_that_has_no_draft_file_yet_gets_one_before_it_is_frozen() {
    let mut bench = prompt(TEXT).without_a_file().version("1.0.0").open();
    fill_in(&mut bench);
    let effects = bench.press("enter");
    assert_eq!((frozen(&effects), to_save(&effects).as_deref()), (None, Some(TEXT)));
    assert!(frozen(&bench.saved(&effects)).is_some());
}

#[test]
fn the_form_comes_back_with_its_words_when_freezing_fails() {
    let mut bench = with_a_version();
    fill_in(&mut bench);
    bench.press("enter");
    bench.tell(Msg::Frozen(Err(Error::input("version 1.3.0 exists already"))));
    assert_eq!(form(&bench).what.text(), "Shorter answers");
    assert!(form(&bench).problem.as_deref().is_some_and(|problem| problem.contains("exists already")));
}

#[test]
fn the_form_comes_back_with_its_words_when_the_save_before_it_fails() {
    let mut bench = with_a_version();
    bench.press("enter");
    bench.type_text("X");
    fill_in(&mut bench);
    bench.press("enter");
    bench.tell(Msg::SaveFailed { prompt: "greeter".into(), error: Error::input("the disk is full") });
    assert_eq!(form(&bench).why.text(), "Customers asked");
    assert!(form(&bench).problem.as_deref().is_some_and(|problem| problem.contains("disk is full")));
}

#[test]
fn a_version_that_is_done_takes_no_value_away_from_who_is_writing_it() {
    let mut bench = prompt("# Identity\n{{user}}").version("1.2.3").open();
    fill_in(&mut bench);
    bench.press("enter shift-tab shift-tab enter");
    bench.type_text("Ad");
    let entry = VersionEntry { version: version("1.3.0"), date: TODAY, folder: "v1.3.0".into() };
    bench.tell(Msg::Frozen(Ok(entry)));
    bench.type_text("a");
    assert_eq!(bench.draft().values.values.get("user"), Some("Ada"));
}

#[test]
fn the_words_are_still_there_after_a_conflict_came_between() {
    let mut bench = with_a_version();
    bench.press("enter");
    bench.type_text("X");
    fill_in(&mut bench);
    bench.press("enter");
    bench.tell(Msg::SaveConflict { prompt: "greeter".into(), theirs: b"# Identity\ntheirs".to_vec() });
    bench.press("right enter F8");
    assert_eq!(
        (form(&bench).what.text().as_str(), form(&bench).why.text().as_str()),
        ("Shorter answers", "Customers asked")
    );
}

#[test]
fn cancelling_the_form_freezes_nothing() {
    let mut bench = with_a_version();
    fill_in(&mut bench);
    assert_eq!(bench.press("esc"), []);
    assert!(bench.model.overlay.is_none());
}

#[test]
fn the_changelog_of_a_small_screen_scrolls_by_keys_and_wheel_and_stays_in_its_ends() {
    let mut bench = Workbench::on_samples();
    bench.tell(Msg::Resize(80, 24));
    bench.press_and_settle("f8");
    let most = crate::tui::boxes::changelog_most(&bench.model, form(&bench));
    assert!(most > 9, "the sample's changelog is long: {most}");
    bench.type_text("x");
    bench.press("pagedown");
    assert_eq!(form(&bench).scrolled, 7, "one of eight rows stays in sight");
    assert_eq!(form(&bench).what.text(), "x");
    bench.mouse(MouseEventKind::ScrollDown, 40, 18);
    assert_eq!(form(&bench).scrolled, 10.min(most));
    bench.press("pagedown pagedown pagedown");
    assert_eq!(form(&bench).scrolled, most);
    bench.mouse(MouseEventKind::ScrollUp, 40, 18);
    assert_eq!(form(&bench).scrolled, most - 3);
    bench.press("pageup pageup pageup pageup");
    assert_eq!(form(&bench).scrolled, 0);
}

#[test]
fn a_pre_release_is_frozen_when_it_is_chosen_and_the_changelog_has_its_number() {
    let mut bench = with_a_version();
    bench.press("F8 shift-tab right tab");
    bench.type_text("Shorter answers");
    bench.press("tab");
    bench.type_text("Customers asked");
    let text = crate::tui::boxes::changelog(&bench.model, form(&bench));
    assert!(text.contains(" 1.3.0-rc.1 "), "{text}");
    let cut = frozen(&bench.press("tab enter")).unwrap();
    assert_eq!(cut.step, Step::Exactly("1.3.0-rc.1".parse().unwrap()));
}

#[test]
fn the_form_says_whether_an_approval_covers_the_bytes_as_they_are_typed() {
    use crate::library::Which;
    use crate::review::{Decision, Said};
    let mut bench = Workbench::on_samples();
    bench.model.settings.author = Some("Ana".into());
    let draft = bench.library().read("customer_support", &Which::Draft).unwrap();
    let sha256 = bench.library().evidence(&draft).unwrap();
    bench.press_and_settle("F8");
    let words = |bench: &Workbench| form(bench).covering.as_ref().unwrap().in_words();
    assert_eq!(words(&bench), (false, "no approval covers these bytes".into()));
    let approve = Said::Decide { decision: Decision::Approve, sha256, text: String::new() };
    bench.library().say(&draft, &approve, None, &"Ben".into(), jiff::Timestamp::UNIX_EPOCH).unwrap();
    bench.press("esc");
    bench.press_and_settle("F8");
    assert_eq!(words(&bench), (true, "exactly these bytes are approved by Ben".into()));
    // a byte more, not even saved
    bench.press("esc enter");
    bench.type_text("x");
    bench.press("esc");
    bench.press_and_settle("F8");
    assert_eq!(words(&bench), (false, "no approval covers these bytes: Ben decided about others".into()));
}
