//! What stops a message before it goes out, and what never leaves this machine.

use crate::history::Totals;
use crate::model::{Event, Finish};
use crate::prompt::{Declaration, Privacy};
use crate::tui::consent::{Agreement, Sharing};
use crate::tui::effect::Effect;
use crate::tui::model::{Level, ScreenId};
use crate::tui::msg::Msg;
use crate::tui::overlay::{Overlay, Pick};
use crate::tui::tests::{prompt, sent};

const REMOTE: &str = "anthropic:claude-haiku-4-5";

fn personal(example: Option<&str>) -> Declaration {
    Declaration { privacy: Privacy::Personal, example: example.map(str::to_owned), ..Declaration::default() }
}

#[test]
fn a_missing_variable_stops_sending_and_takes_the_user_to_it() {
    let mut bench = prompt("# Identity\n{{given}} {{lost}}").model("offline").set("a", &[("given", "x")]).open();
    bench.press("2 i");
    bench.type_text("Hello");
    assert_eq!(sent(&bench.press("enter")), None);
    assert_eq!((bench.model.screen, bench.model.level), (ScreenId::Draft, Level::Edit));
    assert_eq!(bench.draft().values.editing.as_ref().unwrap().name, "lost");
    assert!(bench.said().contains("lost"), "{}", bench.said());
    bench.type_text("found");
    let (_, request) = sent(&bench.press("ctrl-r")).expect("the message is still there");
    assert!(request.system.ends_with("x found"));
    assert_eq!(request.turns[0].text, "Hello");
}

#[test]
fn a_secret_is_never_sent_not_even_to_this_machine() {
    let secret = Declaration { privacy: Privacy::Secret, ..Declaration::default() };
    let mut bench =
        prompt("# Identity\n{{key}}").model("offline").set("a", &[("key", "k3y")]).declared("key", secret).open();
    bench.press("2 i");
    bench.type_text("Hello");
    assert_eq!(sent(&bench.press("enter")), None);
    assert!(bench.said().contains("key") && !bench.said().contains("k3y"), "{}", bench.said());
    assert_eq!(bench.model.play.message.buffer.text(), "Hello");
}

#[test]
fn personal_values_go_to_another_machine_as_their_examples_and_it_is_asked_once() {
    let mut bench = prompt("# Identity\n{{user}}")
        .model(REMOTE)
        .set("a", &[("user", "Ada Lovelace")])
        .declared("user", personal(Some("Robin Example")))
        .open();
    bench.press("2 i");
    bench.type_text("Hello");
    assert_eq!(sent(&bench.press("enter")), None, "first it is asked");
    let Some(Overlay::Confirm(confirm)) = &bench.model.overlay else { panic!("nothing is asked") };
    let asked = format!("{} {}", confirm.question, confirm.consequence.join(" "));
    for word in ["api.anthropic.com", REMOTE, "user"] {
        assert!(asked.contains(word), "{word} is not in {asked}");
    }
    assert!(!asked.contains("Ada"));
    assert_eq!(confirm.answers[confirm.selected].0, "Cancel");
    assert_eq!(sent(&bench.press("enter")), None, "Cancel sends nothing");
    assert_eq!(bench.model.play.message.buffer.text(), "Hello");
    bench.press("enter");
    let (run, request) = sent(&bench.press("right enter")).unwrap();
    assert!(request.system.contains("Robin Example") && !request.system.contains("Ada"));
    assert!(bench.said().contains("user"), "{}", bench.said());
    bench.reply(run, 5, Event::Done { finish: Finish::End, failure: None });
    bench.type_text("Again");
    assert!(sent(&bench.press("enter")).is_some(), "asked once for each prompt and host");
}

/// What the question before the first message says.
fn asked(model: &str, max_tokens: Option<u64>) -> String {
    let mut scene = prompt("# Identity\nYou help people with questions about their boards.\n").model(model);
    if let Some(most) = max_tokens {
        scene = scene.config("max_tokens", most.into());
    }
    let mut bench = scene.open();
    bench.press("i");
    let effects = bench.type_text("x");
    bench.counted(&effects);
    bench.press("esc 2 i");
    bench.type_text("Hello");
    bench.press("enter");
    let Some(Overlay::Confirm(confirm)) = &bench.model.overlay else { panic!("nothing is asked: {}", bench.said()) };
    confirm.consequence.join("\n")
}

#[test]
fn the_question_before_the_first_message_says_what_it_costs() {
    let known = asked(REMOTE, Some(500));
    assert!(known.contains("About $0.0000"), "{known}");
    assert!(known.contains("and at most $0.0025 for a reply of 500; list price of Anthropic"), "{known}");
    let unknown = asked("anthropic:nobody-knows", None);
    assert!(unknown.contains("no price is known"), "{unknown}");
    assert!(!unknown.contains('$') || unknown.contains("[prices"), "{unknown}");
}

fn agreement(host: &str, sharing: Sharing) -> Agreement {
    Agreement { prompt: "greeter".into(), host: host.into(), sharing }
}

#[test]
fn a_yes_to_a_host_is_remembered_also_for_the_next_start() {
    let scene = || prompt("# Identity\nHi").model(REMOTE);
    let mut bench = scene().open();
    bench.press("2 i");
    bench.type_text("Hello");
    bench.press("enter");
    let effects = bench.press("right enter");
    let (prompt_name, host) = ("greeter".to_owned(), "api.anthropic.com".to_owned());
    let agreed = Effect::Agreed { prompt: prompt_name, host, sharing: Some(Sharing::Examples) };
    assert!(effects.contains(&agreed), "{effects:?}");
    let mut opened = scene().into_opened("greeter");
    opened.agreed = vec![("api.anthropic.com".into(), Sharing::Examples)];
    let mut bench = scene().open();
    bench.tell(Msg::Opened(Ok(Box::new(opened))));
    bench.press("2 i");
    bench.type_text("Hello");
    assert!(sent(&bench.press("enter")).is_some());
}

#[test]
fn without_encryption_it_is_asked_also_where_the_host_was_agreed_to() {
    let mut bench = prompt("# Identity\nHi").model(REMOTE).open();
    bench.model.play.agreed.push(agreement("models.example.com", Sharing::RealValues));
    bench.model.settings.providers.get_mut("anthropic").unwrap().base_url = "http://models.example.com".into();
    bench.press("2 i");
    bench.type_text("Hello");
    assert_eq!(sent(&bench.press("enter")), None, "first it is asked");
    let Some(Overlay::Confirm(confirm)) = &bench.model.overlay else { panic!("nothing is asked") };
    assert_eq!(confirm.question, "Send this unencrypted to http://models.example.com?");
    assert!(confirm.consequence[0].contains("not encrypted"), "{confirm:?}");
    assert!(sent(&bench.press("right enter")).is_some());

    let mut bench = prompt("# Identity\nHi").model(REMOTE).open();
    bench.model.play.agreed.push(agreement("models.example.com", Sharing::Examples));
    let provider = bench.model.settings.providers.get_mut("anthropic").unwrap();
    provider.base_url = "http://models.example.com".into();
    provider.switches.insecure = Some(true);
    bench.press("2 i");
    bench.type_text("Hello");
    assert!(sent(&bench.press("enter")).is_some(), "the settings allow it");
}

#[test]
fn personal_values_stay_as_they_are_for_this_machine() {
    let mut bench = prompt("# Identity\n{{user}}")
        .model("ollama:llama")
        .set("a", &[("user", "Ada")])
        .declared("user", personal(Some("Robin")))
        .open();
    bench.press("2 i");
    bench.type_text("Hello");
    let (_, request) = sent(&bench.press("enter")).expect("nothing is asked for this machine");
    assert!(request.system.contains("Ada"));
}

#[test]
fn without_a_model_one_is_asked_for_and_no_other_answers() {
    let mut bench = prompt("# Identity\n").open();
    bench.press("2 i");
    bench.type_text("Hello");
    let effects = bench.press("enter");
    assert_eq!(sent(&effects), None);
    assert!(effects.contains(&Effect::FindModels));
    assert!(matches!(bench.model.overlay, Some(Overlay::Pick(Pick::Model, _))));
    bench.press("enter");
    let (_, request) = sent(&bench.press("enter")).expect("offline was chosen");
    assert_eq!(request.model.to_string(), "offline");
}

#[test]
fn an_unknown_provider_is_an_error_and_the_message_stays() {
    let mut bench = prompt("# Identity\n").model("antropic:x").open();
    bench.press("2 i");
    bench.type_text("Hello");
    assert_eq!(sent(&bench.press("enter")), None);
    assert!(bench.said().contains("antropic"), "{}", bench.said());
    assert_eq!(bench.model.play.message.buffer.text(), "Hello");
}

#[test]
fn without_a_key_that_is_said_before_anything_is_asked() {
    let secret = Declaration { privacy: Privacy::Secret, ..Declaration::default() };
    let mut bench = prompt("# Identity\n{{key}} {{lost}}").model("openai:x").declared("key", secret).open();
    bench.press("2 i");
    bench.type_text("Hello");
    assert_eq!(sent(&bench.press("enter")), None);
    assert!(bench.model.overlay.is_none(), "nothing is asked");
    for word in ["no key for openai", "$OPENAI_API_KEY", "offline", "m in NAV"] {
        assert!(bench.said().contains(word), "{word} is not in {}", bench.said());
    }
    assert_eq!((bench.model.screen, bench.model.play.message.buffer.text().as_str()), (ScreenId::Play, "Hello"));
}

#[test]
fn a_cap_that_is_reached_asks_before_each_message_that_would_cost() {
    let mut bench = prompt("# Identity\nx").model(REMOTE).open();
    bench.model.settings.spend.day = Some(2.0);
    bench.tell(Msg::Spent(Totals { today: 2.03, month: 9.0, by: Vec::new() }));
    bench.press("2 i");
    bench.type_text("Hello");
    bench.press("enter");
    assert_eq!(sent(&bench.press("right enter")), None, "the host is agreed to, the money is not");
    let Some(Overlay::Confirm(confirm)) = &bench.model.overlay else { panic!("nothing is asked: {}", bench.said()) };
    assert!(confirm.consequence[0].contains("$2.03") && confirm.consequence[0].contains("$2.00"), "{confirm:?}");
    let (run, _) = sent(&bench.press("right enter")).expect("a yes sends");
    bench.reply(run, 5, Event::Done { finish: Finish::End, failure: None });
    bench.type_text("Again");
    assert_eq!(sent(&bench.press("enter")), None, "a yes counts once");
    assert!(matches!(bench.model.overlay, Some(Overlay::Confirm(_))));
}

#[test]
fn no_cap_stops_the_offline_model() {
    let mut bench = prompt("# Identity\nx").model("offline").open();
    bench.model.settings.spend.day = Some(0.0);
    bench.press("2 i");
    bench.type_text("Hello");
    assert!(sent(&bench.press("enter")).is_some());
}
