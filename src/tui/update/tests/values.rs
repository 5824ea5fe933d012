//! The variables: values that fill as they are typed, sets, privacy on the screen.

use crate::library::{Expected, ValueSet};
use crate::prompt::{Declaration, Privacy};
use crate::tui::draft::{PaneId, PreviewAnchor, PreviewSource};
use crate::tui::effect::Effect;
use crate::tui::model::Level;
use crate::tui::msg::Msg;
use crate::tui::overlay::{Ask, Overlay};
use crate::tui::tests::{Workbench, prompt, values_of, workbench};

const TEXT: &str = "# Identity\nYou help {{user}} of {{company}}.";

/// The line of the filled prompt below the heading.
fn filled(bench: &Workbench) -> String {
    let history = bench.model.play.history();
    let source = PreviewSource::new(bench.draft(), history);
    source.line(PreviewAnchor { part: 0, line: 1, row: 0 }).text
}

fn two_sets() -> Workbench {
    prompt(TEXT)
        .set("first", &[("user", "Ada"), ("company", "Lovelace Ltd")])
        .set("second", &[("user", "Bo"), ("company", "Bohr Inc")])
        .open()
}

fn to_the_variables(bench: &mut Workbench) {
    bench.press("shift-tab shift-tab");
    assert_eq!(bench.draft().focus, PaneId::Variables);
}

#[test]
fn a_value_fills_the_preview_with_every_key() {
    let mut bench = workbench(TEXT);
    to_the_variables(&mut bench);
    assert_eq!(filled(&bench), "You help {{user}} of {{company}}.");
    bench.press("enter");
    bench.type_text("A");
    assert_eq!(filled(&bench), "You help {{user}} of A.");
    bench.type_text("b");
    assert_eq!(filled(&bench), "You help {{user}} of Ab.");
    bench.press("enter");
    assert_eq!(bench.model.level, Level::Nav);
    assert!(bench.draft().values.editing.is_none());
}

#[test]
fn escape_keeps_the_value_and_undo_inside_it_takes_it_back() {
    let mut bench = two_sets();
    to_the_variables(&mut bench);
    bench.press("enter");
    bench.type_text("!");
    bench.press("esc");
    assert_eq!(filled(&bench), "You help Ada of Lovelace Ltd!.");
    assert!(bench.draft().values.changed);
    bench.press("enter");
    bench.type_text("?");
    bench.press("ctrl-z esc");
    assert_eq!(filled(&bench), "You help Ada of Lovelace Ltd!.");
}

#[test]
fn a_value_that_was_taken_away_comes_back_with_undo() {
    let mut bench = two_sets();
    to_the_variables(&mut bench);
    bench.press("d");
    assert_eq!(filled(&bench), "You help Ada of {{company}}.");
    assert!(bench.said().contains("company"), "{}", bench.said());
    bench.press("u");
    assert_eq!(filled(&bench), "You help Ada of Lovelace Ltd.");
    bench.press("d d");
    assert!(bench.said().contains("no value of its own"), "{}", bench.said());
}

#[test]
fn choosing_a_set_takes_its_values() {
    let mut bench = two_sets();
    bench.press("V down enter");
    assert_eq!(bench.draft().values.set.as_deref(), Some("second"));
    assert_eq!(filled(&bench), "You help Bo of Bohr Inc.");
}

#[test]
fn choosing_a_set_while_a_value_is_written_leaves_edit() {
    let mut bench = two_sets();
    to_the_variables(&mut bench);
    bench.press("enter ctrl-p");
    bench.type_text("Choose a value set");
    bench.press("enter down enter");
    assert_eq!(bench.draft().values.set.as_deref(), Some("second"));
    assert_eq!(bench.model.level, Level::Nav, "no value is written any more");
}

#[test]
fn a_prompt_without_sets_says_how_to_make_one() {
    let mut bench = workbench(TEXT);
    bench.press("V");
    assert!(bench.model.overlay.is_none());
    assert!(bench.said().contains('W'), "{}", bench.said());
}

#[test]
fn values_are_saved_as_a_set_under_a_name_that_can_be_one() {
    let mut bench = two_sets();
    to_the_variables(&mut bench);
    bench.press("W");
    bench.type_text(" Nope");
    let effects = bench.press("enter");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::SaveSet { .. })));
    assert!(matches!(bench.model.overlay, Some(Overlay::Ask(Ask::SetName, _))), "it is asked again");
    assert!(bench.said().contains("`Nope`"), "what is written takes the place of the old name: {}", bench.said());
    bench.press("ctrl-a");
    bench.type_text("third");
    let effects = bench.press("enter");
    let set = ValueSet { name: "third".into(), values: values_of(&[("user", "Ada"), ("company", "Lovelace Ltd")]) };
    assert!(effects.contains(&Effect::SaveSet {
        prompt: "greeter".into(),
        set: set.clone(),
        expected: Expected::Nothing
    }));
    bench.tell(Msg::SetSaved(Ok(set)));
    assert_eq!(bench.draft().values.set.as_deref(), Some("third"));
    assert!(!bench.draft().values.changed);
    assert_eq!(bench.draft().values.sets.len(), 3);
}

#[test]
fn personal_values_are_masked_until_they_are_asked_for_and_secrets_always() {
    let declared = |privacy| Declaration { privacy, ..Declaration::default() };
    let mut bench = prompt(TEXT)
        .set("first", &[("user", "Ada Lovelace"), ("company", "k3y")])
        .declared("user", declared(Privacy::Personal))
        .declared("company", declared(Privacy::Secret))
        .open();
    assert!(!filled(&bench).contains("Ada"), "{}", filled(&bench));
    bench.press("v");
    assert!(filled(&bench).contains("Ada Lovelace"), "{}", filled(&bench));
    assert!(!filled(&bench).contains("k3y"), "{}", filled(&bench));
    to_the_variables(&mut bench);
    bench.press("down");
    let effects = bench.press("y");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Copy(_))), "a secret is not copied");
}

#[test]
fn the_raw_preview_shows_the_placeholders() {
    let mut bench = two_sets();
    bench.press("r");
    assert_eq!(filled(&bench), "You help {{user}} of {{company}}.");
}

/// Somebody else writes the set `angry_customer` of the samples while its values are changed here.
fn changed_on_both_sides() -> (Workbench, std::path::PathBuf) {
    let mut bench = Workbench::on_samples();
    let name = bench.draft().values.sets[0].name.clone();
    bench.model.draft.as_mut().unwrap().values.choose(&name);
    let file = bench.library().root().join(format!("prompts/customer_support/values/{name}.json"));
    std::fs::write(&file, r#"{"company_name": "Theirs"}"#).unwrap();
    bench.model.draft.as_mut().unwrap().values.values = values_of(&[("company_name", "Mine")]);
    to_the_variables(&mut bench);
    bench.press_and_settle("W enter");
    (bench, file)
}

#[test]
fn a_set_that_somebody_else_changed_is_not_overwritten_until_that_is_decided() {
    let (mut bench, file) = changed_on_both_sides();
    let on_disk = || std::fs::read_to_string(&file).unwrap();
    let Some(Overlay::Confirm(confirm)) = &bench.model.overlay else { panic!("nothing is asked") };
    let asked = format!("{} {}", confirm.question, confirm.consequence.join(" "));
    assert!(asked.contains("company_name") && !asked.contains("Mine") && !asked.contains("Theirs"), "{asked}");
    bench.press_and_settle("enter");
    assert_eq!(on_disk(), r#"{"company_name": "Theirs"}"#, "deciding later writes nothing");
    bench.press_and_settle("W enter");
    bench.press_and_settle("right right enter");
    assert!(on_disk().contains("Mine"), "{}", on_disk());
    assert!(bench.said().contains("saved"), "{}", bench.said());
    assert!(!bench.draft().values.changed);
}

#[test]
fn a_set_that_somebody_else_changed_can_be_taken_as_it_is_now() {
    let (mut bench, file) = changed_on_both_sides();
    bench.press_and_settle("right enter");
    assert_eq!(bench.draft().values.values, values_of(&[("company_name", "Theirs")]));
    assert!(!bench.draft().values.changed);
    bench.model.draft.as_mut().unwrap().values.values = values_of(&[("company_name", "Later")]);
    bench.press_and_settle("W enter");
    assert!(std::fs::read_to_string(&file).unwrap().contains("Later"), "what was taken is what is expected now");
}
