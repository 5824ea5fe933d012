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

/// The values and declarations of the open prompt, as somebody changes them after a turn was sent.
fn change(bench: &mut Workbench, work: impl FnOnce(&mut crate::tui::draft::ValuesPane)) {
    work(&mut bench.model.draft.as_mut().unwrap().values);
}

#[test]
fn a_kept_turn_has_the_values_it_was_sent_with_and_not_those_of_today() {
    let mut bench = talked();
    change(&mut bench, |values| {
        values.values.0.insert("who".into(), "Grace Hopper".into());
        values.values.0.insert("company".into(), "Compilers".into());
    });
    bench.press("s enter enter");
    let Evidence::Case(case) = evidence(&bench.press("right enter")) else { panic!("no case") };
    let var = |name: &str| case.vars.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!((var("who"), var("company")), (Some("Ada Lovelace"), Some("Lanterns")));
}

#[test]
fn what_was_private_when_a_turn_was_sent_or_is_by_now_is_masked_in_what_is_kept_of_it() {
    let mut bench = talked();
    change(&mut bench, |values| {
        // another set, in which nobody is named, and what was personal is no longer declared so
        values.values.0.insert("who".into(), "somebody".into());
        values.values.0.insert("company".into(), "nobody".into());
        values.declarations.0.retain(|(name, _)| name != "who");
        values.declarations.0.push(("company".into(), personal(None)));
    });
    bench.press("s enter enter");
    let Some(Overlay::Confirm(asked)) = &bench.model.overlay else { panic!("{}", bench.said()) };
    assert_eq!(asked.question, "Personal values: company, who");
    let Evidence::Case(case) = evidence(&bench.press("enter")) else { panic!("no case") };
    let vars: Vec<_> = case.vars.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let history = "User: Hello, I am [who]\nAssistant: Hi [who]!";
    let wanted =
        [("company", "[company]"), ("conversation_history", history), ("message", "Where is it?"), ("who", "[who]")];
    assert_eq!(vars, wanted);
}

#[test]
fn a_kept_turn_names_the_version_that_was_asked_and_not_what_its_column_runs_by_now() {
    let mut bench = talked();
    bench.model.play.column_mut().subject = crate::tui::play::Subject::Version("9.9.9".parse().unwrap());
    bench.press("s G enter");
    bench.type_text("It knew my name");
    bench.press("enter");
    let Evidence::Incident(incident) = evidence(&bench.press("enter")) else { panic!("no incident") };
    assert_eq!(incident.version, "draft");
}

#[test]
fn a_turn_kept_under_the_name_of_the_set_that_is_open_asks_before_it_takes_its_place() {
    let mut bench = talked();
    bench.press("s down enter");
    bench.type_text("first");
    bench.press("enter");
    let effects = bench.press("enter");
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::SaveSet { .. })), "{effects:?}");
    let Some(Overlay::Confirm(asked)) = &bench.model.overlay else { panic!("{}", bench.said()) };
    assert!(asked.question.contains("There is a value set first already"), "{}", asked.question);
}

#[test]
fn the_values_that_are_open_stay_open_when_a_turn_is_kept_as_another_set() {
    let mut bench = talked();
    bench.press("s down enter");
    bench.type_text("where");
    bench.press("enter");
    let effects = bench.press("enter");
    let set = effects.into_iter().find_map(|effect| match effect {
        Effect::SaveSet { set, .. } => Some(set),
        _ => None,
    });
    bench.tell(crate::tui::msg::Msg::SetSaved(Ok(set.expect("it is written"))));
    let values = &bench.model.draft.as_ref().unwrap().values;
    assert_eq!((values.set.as_deref(), values.changed), (Some("first"), false));
    assert!(values.sets.iter().any(|set| set.name == "where"));
    assert!(bench.said().contains("kept as the value set where"), "{}", bench.said());
}
