//! The exact count by the model's own server: asked for only by a key, after the user has agreed, and shown as exact.

use std::sync::Arc;

use crate::model::{Failure, FailureKind};
use crate::prompt::{Declaration, Privacy};
use crate::tui::counting::Exact;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::tests::{InMemory, Workbench, prompt, tally_of, to_count};
use crate::tui::update::keys;

const TEXT: &str = "# Identity\nI am {{name}}.\n\n# Safety Rails\nNever lie to {{user}}.\n";
const HAIKU: &str = "anthropic:claude-haiku-4-5";

fn personal(example: Option<&str>) -> Declaration {
    let example = example.map(str::to_owned);
    Declaration { privacy: Privacy::Personal, example, ..Declaration::default() }
}

fn rich() -> InMemory {
    let values = [("name", "Ada"), ("user", "Bo")];
    prompt(TEXT).model(HAIKU).set("first", &values).declared("user", personal(Some("Robin")))
}

/// What is sent to be counted, and the number of the question.
fn asked(effects: &[Effect]) -> Option<(u64, String)> {
    effects.iter().find_map(|effect| match effect {
        Effect::CountExactly { run, system, .. } => Some((*run, system.clone())),
        _ => None,
    })
}

/// The user has agreed, so that the question is on its way.
fn asking() -> (Workbench, u64) {
    let mut bench = rich().open();
    bench.press("f9 ctrl-r");
    let effects = bench.press("right enter");
    let (run, _) = asked(&effects).unwrap();
    (bench, run)
}

fn in_box(bench: &Workbench) -> String {
    let Some(Overlay::Costs(open)) = &bench.model.overlay else { panic!("no box: {:?}", bench.model.overlay) };
    crate::tui::costs::lines(&bench.model, open).into_iter().map(|(line, _)| line).collect::<Vec<_>>().join("\n")
}

fn problem(bench: &Workbench) -> &str {
    bench.model.exactly.problem.as_deref().unwrap_or("")
}

#[test]
fn nothing_leaves_before_the_user_has_agreed_and_personal_values_never_do() {
    let mut bench = rich().open();
    assert_eq!(asked(&bench.press("f9 5 ctrl-r")), None);
    let Some(Overlay::Confirm(confirm)) = &bench.model.overlay else { panic!("no question") };
    assert_eq!(confirm.question, "Send this to api.anthropic.com?");
    let told = confirm.consequence.join(" ");
    assert!(told.contains("Personal: user; its declared example can go instead."), "{confirm:?}");
    let (run, system) = asked(&bench.press("right enter")).unwrap();
    assert!(system.contains("I am Ada.") && system.contains("Robin") && !system.contains("Bo"), "{system}");
    assert_eq!(run, 1);
    let Some(Overlay::Costs(open)) = &bench.model.overlay else { panic!("the box is gone") };
    assert_eq!(open.lines[0].text(), "5", "what was written in the box is still there");
}

#[test]
fn whoever_does_not_agree_is_back_in_the_box_and_is_asked_again_the_next_time() {
    let mut bench = rich().open();
    for no in ["enter", "esc"] {
        assert_eq!(asked(&bench.press(&format!("f9 ctrl-r {no}"))), None);
        assert!(matches!(bench.model.overlay, Some(Overlay::Costs(_))));
        bench.press("ctrl-r");
        assert!(matches!(bench.model.overlay, Some(Overlay::Confirm(_))));
        bench.press("esc esc");
        assert!(bench.model.overlay.is_none());
    }
}

#[test]
fn it_is_asked_once_for_a_prompt_and_a_host_whether_a_message_or_a_count_came_first() {
    let (mut bench, run) = asking();
    bench.tell(Msg::CountedExactly { run, result: Ok(42) });
    assert!(asked(&bench.press("ctrl-r")).is_some());
    bench.press("esc esc 2 i h i");
    let effects = bench.press("enter");
    assert!(crate::tui::tests::sent(&effects).is_some(), "{effects:?}");
}

/// The count that comes next, by who knows what the server has said.
fn told(bench: &mut Workbench, effects: &[Effect], exact: Exact) {
    let counting = to_count(effects).expect("it is counted anew");
    assert_eq!(counting.basis.server, Some(crate::model::Audience::Elsewhere));
    let mut tally = tally_of(&counting);
    if exact.is_of_the_prompt() {
        tally.counts.total = exact.tokens;
    }
    tally.exact = Some(exact);
    bench.tell(Msg::Counted(Arc::new(tally)));
}

#[test]
fn a_count_by_the_server_is_shown_as_exact_and_a_change_makes_it_an_estimate_again() {
    let mut bench = prompt(TEXT).model(HAIKU).set("first", &[("name", "Ada"), ("user", "Bo")]).open();
    bench.press("f9 ctrl-r right enter");
    assert!(in_box(&bench).contains("asking api.anthropic.com for the exact count… Esc stops"), "{}", in_box(&bench));
    let effects = bench.tell(Msg::CountedExactly { run: 1, result: Ok(42) });
    assert_eq!(bench.said(), "the prompt has exactly 42 tokens, says api.anthropic.com");
    told(&mut bench, &effects, Exact { tokens: 42, replaced: Vec::new() });
    assert_eq!(bench.draft().counts.total().unwrap().words(), "42 tok ");
    assert!(bench.draft().counts.pane(1).unwrap().words().starts_with('~'), "its parts are estimates");
    let said = in_box(&bench);
    assert!(said.contains("42 tokens under") && said.contains("exact, counted by its server"), "{said}");
    bench.press("esc i x");
    assert_eq!(bench.draft().counts.total().unwrap().words(), "42 tok…");
    let effects = bench.press("y");
    bench.counted(&effects);
    assert!(bench.draft().counts.total().unwrap().words().starts_with('~'));
}

#[test]
fn with_examples_in_place_of_personal_values_the_exact_count_is_said_to_be_of_them() {
    let (mut bench, run) = asking();
    let effects = bench.tell(Msg::CountedExactly { run, result: Ok(42) });
    assert!(bench.said().ends_with("says api.anthropic.com, with the declared examples of user"), "{}", bench.said());
    told(&mut bench, &effects, Exact { tokens: 42, replaced: vec!["user".into()] });
    assert!(bench.draft().counts.total().unwrap().words().starts_with('~'), "the values are other texts");
    assert!(in_box(&bench).contains("exactly 42 with the declared examples of user"), "{}", in_box(&bench));
}

#[test]
fn escape_stops_the_question_then_closes_the_box_and_a_late_answer_is_dropped() {
    let (mut bench, run) = asking();
    assert_eq!(bench.press("esc").first(), Some(&Effect::CancelCount));
    assert!(in_box(&bench).contains("! stopped: not counted"), "{}", in_box(&bench));
    bench.model.status = None;
    bench.tell(Msg::CountedExactly { run, result: Ok(42) });
    assert_eq!(bench.said(), "");
    bench.press("esc");
    assert!(bench.model.overlay.is_none());
    bench.press("f9");
    assert!(!in_box(&bench).contains("stopped"), "what was read is not told twice");
}

#[test]
fn escape_and_ctrl_c_stop_it_without_the_box_too() {
    for key in ["esc", "ctrl-c"] {
        let (mut bench, _) = asking();
        bench.press("enter");
        assert!(bench.model.overlay.is_none() && bench.model.exactly.running.is_some());
        assert!(bench.press(key).contains(&Effect::CancelCount), "{key}");
        assert_eq!(bench.model.exactly.running, None);
    }
}

#[test]
fn a_failure_is_told_in_the_box_by_its_kind_and_in_the_status_row_when_it_is_closed() {
    let failure = Failure { hint: Some("wait".into()), ..Failure::new(FailureKind::RateLimited, "too many requests") };
    let (mut bench, run) = asking();
    bench.tell(Msg::CountedExactly { run, result: Err(failure.clone()) });
    assert!(in_box(&bench).contains("! not counted, rate limited: too many requests (wait)"), "{}", in_box(&bench));
    assert!(asked(&bench.press("ctrl-r")).is_some(), "it can be asked again");
    bench.press("enter");
    bench.tell(Msg::CountedExactly { run: run + 1, result: Err(failure) });
    assert!(bench.said().contains("not counted exactly: too many requests; F9 tells more"), "{}", bench.said());
}

#[test]
fn secrets_and_what_has_no_value_are_not_sent_to_be_counted() {
    let secret = Declaration { privacy: Privacy::Secret, ..Declaration::default() };
    let prompt_of = |declaration| {
        let prompt = prompt(TEXT).model(HAIKU).set("first", &[("name", "Ada"), ("user", "Bo")]);
        prompt.declared("user", declaration).open()
    };
    let mut bench = prompt_of(secret);
    assert_eq!(asked(&bench.press("f9 ctrl-r")), None);
    assert!(problem(&bench).contains("secrets go nowhere, and user, used in line 5,"), "{}", problem(&bench));
    let mut bench = prompt(TEXT).model(HAIKU).open();
    bench.press("f9 ctrl-r");
    assert!(problem(&bench).contains("name, user has no value"), "{}", problem(&bench));
}

#[test]
fn who_cannot_be_asked_is_said_and_no_key_is_offered() {
    for (model, why) in [
        ("openai:gpt-4o", "is counted exactly on this machine"),
        ("offline", "is counted exactly on this machine"),
        ("ollama:llama3.2", "does not count tokens"),
        ("nobody:nothing", "does not count tokens"),
    ] {
        let mut bench = prompt(TEXT).model(model).open();
        let effects = bench.press("f9");
        bench.counted(&effects);
        assert!(!in_box(&bench).contains("exact count"), "{}", in_box(&bench));
        assert_eq!(asked(&bench.press("ctrl-r")), None);
        assert!(problem(&bench).contains(why), "{model}: {}", problem(&bench));
    }
}

#[test]
fn the_palette_asks_in_the_box() {
    let mut bench = rich().open();
    let mut effects = Vec::new();
    keys::act(&mut bench.model, Action::CountExactly, &mut effects);
    assert!(matches!(bench.model.overlay, Some(Overlay::Confirm(_))));
    bench.press("right enter");
    assert!(matches!(bench.model.overlay, Some(Overlay::Costs(_))));
    let mut nothing = Workbench::empty();
    nothing.press("ctrl-p");
    nothing.type_text("exactly");
    assert!(nothing.listed()[0].contains("no prompt is open"), "{:?}", nothing.listed());
}

#[test]
fn an_answer_for_a_prompt_that_is_no_longer_open_changes_nothing() {
    let (mut bench, run) = asking();
    bench.tell(Msg::Opened(Ok(Box::new(prompt("other").into_opened("other")))));
    assert_eq!(to_count(&bench.tell(Msg::CountedExactly { run, result: Ok(42) })), None);
}
