//! Deleting and bringing back.

use crate::tui::effect::Effect;
use crate::tui::overlay::Overlay;
use crate::tui::tests::Workbench;

fn names(bench: &Workbench) -> Vec<&str> {
    bench.model.prompts.iter().map(|entry| entry.name.as_str()).collect()
}

fn open(bench: &Workbench) -> Option<&str> {
    bench.model.draft.as_ref().map(|draft| draft.entry.name.as_str())
}

/// The consequences that the open question names.
fn asked(bench: &Workbench) -> String {
    let Some(Overlay::Confirm(confirm)) = &bench.model.overlay else { panic!("nothing is asked: {}", bench.said()) };
    assert_eq!(confirm.answers[confirm.selected].0, "Cancel");
    format!("{}\n{}", confirm.question, confirm.consequence.join("\n"))
}

#[test]
fn a_prompt_goes_to_the_trash_after_a_question_and_comes_back_from_the_list() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("ctrl-o G k d");
    let said = asked(&bench);
    assert!(said.starts_with("Delete the prompt recipe_ideas?"), "{said}");
    assert!(
        said.contains("prompts/recipe_ideas moves into .trash in the library.\nWith it go 1 version and"),
        "{said}"
    );
    assert_eq!(bench.press("enter"), [], "Cancel does nothing");
    bench.press_and_settle("ctrl-o G k d right enter");
    assert_eq!(names(&bench), ["customer_support"]);
    assert_eq!(open(&bench), Some("customer_support"));
    assert!(bench.said().contains("^O lists it, Enter brings it back"), "{}", bench.said());
    bench.press_and_settle("ctrl-o G");
    assert!(bench.listed().last().unwrap().contains("deleted: recipe_ideas"), "{:?}", bench.listed());
    bench.press_and_settle("enter");
    assert_eq!(names(&bench), ["customer_support", "recipe_ideas"]);
    assert_eq!(bench.said(), "the prompt recipe_ideas is back");
    bench.press_and_settle("ctrl-o");
    assert!(!bench.listed().iter().any(|row| row.contains("deleted")), "{:?}", bench.listed());
}

#[test]
fn the_open_prompt_gives_its_place_to_the_next_one_and_the_last_leaves_an_empty_library() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("ctrl-o d right enter");
    assert_eq!(open(&bench), Some("recipe_ideas"));
    bench.press_and_settle("ctrl-o d right enter");
    assert_eq!(open(&bench), None);
    bench.press_and_settle("ctrl-o enter");
    assert_eq!(open(&bench), Some("recipe_ideas"), "{}", bench.said());
}

#[test]
fn what_is_not_saved_yet_is_not_deleted() {
    let mut bench = Workbench::on_samples();
    bench.press("enter");
    bench.type_text("x");
    bench.press("esc ctrl-o d");
    assert!(bench.said().contains("not saved yet: ^S saves them"), "{}", bench.said());
    assert!(matches!(bench.model.overlay, Some(Overlay::Pick(..))));
}

#[test]
fn a_frozen_version_is_never_deleted_alone() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("ctrl-o j d");
    assert_eq!(bench.said(), "a frozen version is never deleted alone");
}

#[test]
fn a_value_set_goes_to_the_trash_and_comes_back() {
    let mut bench = Workbench::on_samples();
    bench.press_and_settle("V d");
    assert!(asked(&bench).starts_with("Delete the value set angry_customer of customer_support?"));
    bench.press_and_settle("right enter");
    let values = |bench: &Workbench| {
        let values = &bench.draft().values;
        (values.sets.len(), values.set.clone(), values.values.get("user_name").is_some())
    };
    assert_eq!(values(&bench), (2, None, true), "the values stay until another set is chosen");
    bench.press_and_settle("V G enter");
    assert_eq!(values(&bench).0, 3);
    bench.press_and_settle("V g enter");
    assert_eq!(values(&bench).1.as_deref(), Some("angry_customer"));
}

#[test]
fn no_single_key_deletes() {
    let mut bench = Workbench::on_samples();
    for keys in ["ctrl-o", "V"] {
        let effects = bench.press(&format!("{keys} d d d d enter"));
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Delete(_))), "{effects:?}");
    }
}
