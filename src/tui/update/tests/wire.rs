//! The box with the exact request and the raw answer.

use std::sync::Arc;

use crate::model::{Envelope, Event, Finish, Header, Unsent, Wire};
use crate::prompt::{Declaration, Privacy};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::tests::{Workbench, prompt};
use crate::tui::wire::{Half, Showing, WireBox};

/// A request of a provider with a key.
pub fn envelope(body: &str) -> Arc<Envelope> {
    Arc::new(Envelope {
        url: "https://api.anthropic.com/v1/messages".into(),
        headers: vec![
            Header { name: "content-type".into(), value: "application/json".into(), secret: None },
            Header { name: "x-api-key".into(), value: String::new(), secret: Some("ANTHROPIC_API_KEY".into()) },
        ],
        body: body.into(),
        local: false,
        unsent: Vec::new(),
        open: None,
    })
}

fn shown(model: &Model) -> &WireBox {
    match &model.overlay {
        Some(Overlay::Wire(open)) => open,
        other => panic!("{other:?}"),
    }
}

fn text(bench: &Workbench, half: Half) -> String {
    shown(&bench.model).text(&bench.model, half).into_owned()
}

/// A turn with a request and an answer that were seen on the wire.
fn answered() -> Workbench {
    let mut bench = prompt("# Identity\nHi").model("ollama:m").open();
    let run = bench.send("Hello");
    bench.reply(run, 1, Event::Wire(Wire::Request(envelope("{\"model\":\"m\",\"stream\":true}"))));
    bench.reply(run, 2, Event::Wire(Wire::Head("HTTP/1.1 200 OK\ncontent-type: text/event-stream\n".into())));
    for piece in ["data: {\"a\":1}\n\n", "data: [DONE]\n\n"] {
        bench.reply(run, 3, Event::Wire(Wire::Body(piece.into())));
    }
    bench.reply(run, 4, Event::Done { finish: Finish::End, failure: None });
    bench.press("esc f6");
    bench
}

#[test]
fn the_box_shows_the_request_as_it_left_and_the_answer_as_it_came_without_the_key() {
    let mut bench = answered();
    let head = "POST https://api.anthropic.com/v1/messages\ncontent-type: application/json\nx-api-key: [key]\ncontent-length: 27\n\n";
    assert_eq!(text(&bench, Half::Request), format!("{head}{{\n  \"model\": \"m\",\n  \"stream\": true\n}}"));
    bench.press("r");
    assert_eq!(text(&bench, Half::Request), format!("{head}{{\"model\":\"m\",\"stream\":true}}"));
    let answer = "HTTP/1.1 200 OK\ncontent-type: text/event-stream\n\ndata: {\"a\":1}\n\ndata: [DONE]\n\n";
    assert_eq!(text(&bench, Half::Answer), answer);
    let effects = bench.press("tab y");
    assert!(effects.contains(&Effect::Copy(answer.into())), "{effects:?}");
}

#[test]
fn the_request_is_copied_as_a_command_that_names_the_variable_of_the_key() {
    let mut bench = answered();
    let effects = bench.press("c");
    let copied = effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(copied, Some(envelope("{\"model\":\"m\",\"stream\":true}").curl().as_str()));
    assert!(bench.said().ends_with("needs $ANTHROPIC_API_KEY"), "{}", bench.said());
}

#[test]
fn the_command_goes_to_a_file_that_is_asked_for_and_the_box_comes_back() {
    let mut bench = answered();
    bench.press("w");
    bench.press("ctrl-u");
    bench.type_text("~/x.sh");
    let effects = bench.press("enter");
    let saved = effects.iter().any(|effect| matches!(effect, Effect::SaveCurl { file, .. } if file == "~/x.sh"));
    assert!(saved && matches!(bench.model.overlay, Some(Overlay::Wire(_))), "{effects:?}");
    bench.press("w esc");
    assert!(matches!(bench.model.overlay, Some(Overlay::Wire(_))));
}

#[test]
fn before_anything_was_sent_the_box_shows_what_would_be_and_asks_nobody() {
    let mut bench = prompt("# Identity\nHi {{x}}").model("anthropic:claude-haiku-4-5").set("a", &[("x", "you")]).open();
    bench.press("2 i");
    bench.type_text("What now?");
    let effects = bench.press("f6");
    let [Effect::Foresee { run, request }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((request.system.as_str(), request.turns[0].text.as_str()), ("# Identity\nHi you", "What now?"));
    assert_eq!(bench.model.play.running().count(), 0);
    let unsent = vec![Unsent { parameter: "temperature", why: "it takes none".into() }];
    let foreseen = Arc::new(Envelope { unsent, ..envelope("{}").as_ref().clone() });
    bench.tell(Msg::Foreseen { run: run + 1, result: Ok(foreseen.clone()) });
    assert!(matches!(shown(&bench.model).showing, Showing::Asked(_)), "the answer to another question is dropped");
    bench.tell(Msg::Foreseen { run: *run, result: Ok(foreseen) });
    assert!(text(&bench, Half::Request).ends_with("content-length: 2\n\n{}"));
    assert_eq!(text(&bench, Half::Answer), "Nothing was sent yet.");
    bench.press("esc");
    assert!(bench.model.overlay.is_none() && bench.model.play.message.buffer.text() == "What now?");
}

#[test]
fn what_stops_a_message_is_told_in_place_of_the_request() {
    let mut bench = prompt("# Identity\nHi {{x}}").model("anthropic:claude-haiku-4-5").open();
    assert!(bench.press("2 f6").is_empty());
    assert_eq!(text(&bench, Half::Request), "Nothing would be sent: x has no value; write one first.");
    let mut bench = prompt("# Identity\nHi").model("offline").open();
    bench.press("2 f6");
    assert!(text(&bench, Half::Request).contains("answers inside greenroom"));
}

#[test]
fn what_would_be_sent_next_is_a_key_away_from_what_was_sent() {
    let mut bench = answered();
    let effects = bench.press("p");
    let [Effect::Foresee { request, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(request.turns.len(), 1, "without a message the last one would go again");
    assert!(bench.press("p").is_empty());
    assert_eq!(shown(&bench.model).showing, Showing::Sent);
}

#[test]
fn personal_values_in_the_request_are_masked_until_they_are_asked_for() {
    let personal = Declaration { privacy: Privacy::Personal, ..Declaration::default() };
    let scene = prompt("# Identity\nFor {{user}}").model("ollama:m").set("a", &[("user", "Ada Lovelace")]);
    let mut bench = scene.declared("user", personal).open();
    let run = bench.send("Hello");
    let body = r##"{"system":"# Identity\nFor Ada Lovelace","max_tokens":4}"##;
    bench.reply(run, 1, Event::Wire(Wire::Request(envelope(body))));
    bench.press("esc esc f6 r");
    assert!(text(&bench, Half::Request).ends_with(r##"{"system":"# Identity\nFor [user]","max_tokens":4}"##));
    let effects = bench.press("c");
    assert!(format!("{effects:?}").contains("Ada Lovelace"), "a command with a mask would be another request");
    assert!(bench.said().contains("values that are hidden here"), "{}", bench.said());
    bench.press("v");
    assert!(text(&bench, Half::Request).ends_with(body));
}

#[test]
fn a_request_that_was_sent_again_takes_the_place_of_the_first_with_its_answer() {
    let mut bench = answered();
    let run = shown(&bench.model).run.unwrap();
    bench.reply(run, 5, Event::Wire(Wire::Request(envelope("{\"second\":1}"))));
    assert!(text(&bench, Half::Request).contains("\"second\": 1"));
    assert_eq!(text(&bench, Half::Answer), "No answer came.");
    bench.reply(run, 6, Event::Wire(Wire::Head("HTTP/1.1 500 x\n".into())));
    assert_eq!(text(&bench, Half::Answer), "HTTP/1.1 500 x\n\n");
}

#[test]
fn each_half_is_searched_and_scrolled_by_itself() {
    let mut bench = answered();
    let run = shown(&bench.model).run.unwrap();
    let lines = (0..300).map(|line| format!("data: line {line}")).collect::<Vec<_>>().join("\n");
    bench.reply(run, 5, Event::Wire(Wire::Body(lines)));
    bench.press("tab /");
    bench.type_text("LINE 20");
    bench.press("enter");
    assert!(bench.said().contains("is not in the answer"), "capitals count where some are written: {}", bench.said());
    bench.press("/ ctrl-u");
    bench.type_text("line 20");
    bench.press("enter");
    let found = |bench: &Workbench| shown(&bench.model).find.found.clone().map(|(_, number, count)| (number, count));
    assert_eq!(found(&bench), Some((1, 11)), "20 and 200 to 209");
    bench.press("n");
    assert_eq!(found(&bench), Some((2, 11)));
    bench.press("N N");
    assert_eq!(found(&bench), Some((11, 11)));
    assert!(shown(&bench.model).at[Half::Answer as usize] > 0);
    assert_eq!(shown(&bench.model).at[Half::Request as usize], 0);
    bench.press("g");
    assert_eq!(shown(&bench.model).at, [0, 0]);
    bench.press("G pageup pageup down up");
    assert!(shown(&bench.model).at[1] > 0 && shown(&bench.model).at[0] == 0);
}

#[test]
fn a_blind_comparison_does_not_show_it() {
    let mut bench = prompt("# Identity\nHi").model("offline").version("1.0.0").open();
    bench.press("2 a down enter m enter b");
    bench.tell(Msg::Shuffled(1));
    assert!(bench.model.play.blind.is_some(), "{}", bench.said());
    bench.press("f6");
    assert!(bench.model.overlay.is_none() && bench.said().contains("blind"), "{}", bench.said());
}

#[test]
fn of_many_large_requests_the_oldest_are_let_go() {
    let mut bench = prompt("# Identity\nHi").model("ollama:m").open();
    let large = format!("\"{}\"", "x".repeat(9 << 20));
    let mut runs = Vec::new();
    for _ in 0..5 {
        let run = bench.send("Hello");
        bench.reply(run, 1, Event::Wire(Wire::Request(envelope(&large))));
        bench.reply(run, 4, Event::Done { finish: Finish::End, failure: None });
        runs.push(run);
    }
    let kept = |run: &u64| bench.model.play.columns[0].talk.of_run(*run).unwrap().wire.request.is_some();
    let kept: Vec<bool> = runs.iter().map(kept).collect();
    assert_eq!(kept, [false, false, true, true, true]);
}

#[test]
fn a_request_stays_masked_when_another_value_set_was_chosen_since_it_left() {
    let personal = Declaration { privacy: Privacy::Personal, ..Declaration::default() };
    let mut bench = prompt("# Identity\nHi {{who}}")
        .model("ollama:m")
        .set("first", &[("who", "Ada Lovelace")])
        .declared("who", personal)
        .open();
    let run = bench.send("Hello");
    bench.reply(run, 1, Event::Wire(Wire::Request(envelope("{\"system\":\"Hi Ada Lovelace\"}"))));
    bench.reply(run, 4, Event::Done { finish: Finish::End, failure: None });
    bench.model.draft.as_mut().unwrap().values.values.0.insert("who".into(), "nobody".into());
    bench.press("esc f6");
    assert!(text(&bench, Half::Request).contains("\"Hi [who]\""), "{}", text(&bench, Half::Request));
    bench.press("v");
    assert!(text(&bench, Half::Request).contains("\"Hi Ada Lovelace\""), "{}", text(&bench, Half::Request));
}

#[test]
fn a_long_request_is_laid_out_on_another_thread_and_a_late_one_is_dropped() {
    let mut bench = prompt("# Identity\nHi").model("ollama:m").open();
    let run = bench.send("Hello");
    let body = format!("{{\"system\":\"{}\"}}", "many words ".repeat(9_000));
    bench.reply(run, 1, Event::Wire(Wire::Request(envelope(&body))));
    bench.reply(run, 4, Event::Done { finish: Finish::End, failure: None });
    let wanted = |effects: Vec<Effect>| {
        let layout = effects.into_iter().find_map(|effect| match effect {
            Effect::LayOut(layout) => Some(layout),
            _ => None,
        });
        layout.expect("it is asked for")
    };
    bench.press("esc");
    let first = wanted(bench.press("f6"));
    assert_eq!(text(&bench, Half::Request), "…");
    bench.press("c");
    assert!(bench.model.clipboard.is_empty() && bench.said().contains("still being laid out"), "{}", bench.said());
    let second = wanted(bench.press("r"));
    bench.tell(Msg::LaidOut { number: first.number, shown: ("late".into(), false) });
    assert_eq!(text(&bench, Half::Request), "…");
    bench.tell(Msg::LaidOut { number: second.number, shown: second.shown() });
    assert!(text(&bench, Half::Request).ends_with(&body));
}
