//! A turn kept in the library: as a case, a value set, an incident; what is personal goes there only when that is said.

use crate::prompt::{Declaration, Privacy};
use crate::tui::effect::Effect;
use crate::tui::evidence::Evidence;
use crate::tui::overlay::Overlay;
use crate::tui::tests::{Workbench, prompt};

fn personal(example: Option<&str>) -> Declaration {
    Declaration { privacy: Privacy::Personal, example: example.map(str::to_owned), ..Declaration::default() }
}

/// A conversation of two turns with somebody whose name is personal.
fn talked() -> Workbench {
    let mut bench = prompt("# Identity\nYou help {{who}} of {{company}}, {{pin}}.\n")
        .model("offline")
        .set("first", &[("who", "Ada Lovelace"), ("company", "Lanterns")])
        .declared("who", personal(Some("Mara")))
        .declared("pin", Declaration { privacy: Privacy::Secret, required: false, ..Declaration::default() })
        .open();
    bench.exchange("Hello, I am Ada", "Hi Ada!");
    bench.exchange("Where is it?", "Dear Ada Lovelace, \"here\".");
    bench.press("esc");
    bench
}

fn evidence(effects: &[Effect]) -> Evidence {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::KeepTurn { prompt, evidence } if prompt == "greeter" => Some((**evidence).clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("nothing is kept: {effects:?}"))
}

#[test]
fn a_turn_becomes_a_case_with_examples_for_what_is_personal() {
    let mut bench = talked();
    bench.press("s enter enter");
    assert!(matches!(bench.model.overlay, Some(Overlay::Confirm(_))), "{}", bench.said());
    let Evidence::Case(case) = evidence(&bench.press("enter")) else { panic!("no case") };
    assert_eq!(case.description, "Where is it?");
    let vars: Vec<_> = case.vars.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let history = "User: Hello, I am [who]\nAssistant: Hi [who]!";
    assert_eq!(
        vars,
        [("company", "Lanterns"), ("conversation_history", history), ("message", "Where is it?"), ("who", "Mara")]
    );
}

#[test]
fn real_values_are_kept_only_after_a_yes_to_them_and_escape_keeps_nothing() {
    let mut bench = talked();
    assert!(bench.press("s enter enter esc").iter().all(|effect| !matches!(effect, Effect::KeepTurn { .. })));
    bench.press("s enter enter");
    let Evidence::Case(case) = evidence(&bench.press("right enter")) else { panic!("no case") };
    assert!(case.vars.contains(&("who".into(), "Ada Lovelace".into())), "{case:?}");
}

#[test]
fn a_turn_becomes_a_value_set_with_its_message_and_without_secrets() {
    let mut bench = talked();
    bench.press("s down enter");
    bench.type_text("where");
    bench.press("enter");
    let effects = bench.press("enter");
    let set = effects.iter().find_map(|effect| match effect {
        Effect::SaveSet { set, .. } => Some(set.clone()),
        _ => None,
    });
    let set = set.unwrap_or_else(|| panic!("{effects:?}"));
    assert_eq!((set.name.as_str(), set.values.0["message"].as_str()), ("where", "Where is it?"));
    assert_eq!((set.values.0["who"].as_str(), set.values.0.contains_key("pin")), ("Mara", false));
}

#[test]
fn the_focused_turn_becomes_the_start_of_an_incident() {
    let mut bench = talked();
    bench.press("[ s G enter");
    bench.type_text("It knew my name");
    bench.press("enter");
    let Evidence::Incident(incident) = evidence(&bench.press("enter")) else { panic!("no incident") };
    assert_eq!((incident.title.as_str(), incident.version.as_str()), ("It knew my name", "draft"));
    let said: Vec<_> = incident.said.iter().map(|(who, said)| format!("{who}: {said}")).collect();
    assert_eq!(said, ["user: Hello, I am [who]", "assistant: Hi [who]!"]);
}

#[test]
fn a_turn_is_kept_in_the_files_of_the_library() {
    let mut bench = Workbench::on_samples();
    bench.exchange("Where is my export?", "On its way.");
    bench.press("esc");
    bench.press("s enter enter");
    bench.press_and_settle("enter");
    let file = bench.library().root().join("prompts/customer_support/evals/cases.yaml");
    let written = std::fs::read_to_string(&file).unwrap_or_else(|_| panic!("{}", bench.said()));
    assert!(written.contains("Where is my export?") && written.contains("type: contains"), "{written}");
    assert!(bench.said().contains("say there what a good reply has"), "{}", bench.said());
}

#[test]
fn nothing_is_kept_before_something_was_said() {
    let mut bench = prompt("# Identity\nHi.\n").model("offline").open();
    bench.press("2 esc s");
    assert!(bench.model.overlay.is_none() && bench.said().contains("nothing was said"), "{}", bench.said());
}
