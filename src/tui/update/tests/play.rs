//! The Play screen: what is sent and to whom, what comes back, and stopping it.

use std::time::Duration;

use crate::model::{Event, Failure, FailureKind, Finish, Role, Usage};
use crate::tui::draft::PaneId;
use crate::tui::effect::Effect;
use crate::tui::model::Level;
use crate::tui::msg::Timer;
use crate::tui::tests::{Workbench, prompt, sent};

fn offline(text: &str) -> Workbench {
    prompt(text).model("offline").open()
}

fn text(bench: &Workbench) -> &str {
    &bench.model.play.column().talk.last().unwrap().reply
}

#[test]
fn a_message_goes_under_the_filled_prompt_byte_for_byte() {
    let mut bench = prompt("# Identity\r\n{{user}} \\{{x}}\r\n")
        .model("offline")
        .set("a", &[("user", "Ada {{y}}")])
        .config("temperature", 0.5.into())
        .config("max_tokens", 7.into())
        .open();
    bench.press("2 i");
    bench.type_text("Hello");
    let (run, request) = sent(&bench.press("enter")).unwrap();
    assert_eq!((run, request.system.as_str()), (1, "# Identity\r\nAda {{y}} {{x}}\r\n"));
    assert_eq!(request.turns.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>(), ["Hello"]);
    assert_eq!(
        (request.params.temperature, request.params.max_tokens, request.params.top_p),
        (Some(0.5), Some(7), None)
    );
    assert!(request.stream);
    assert!(bench.model.play.message.buffer.is_empty());
}

#[test]
fn a_user_template_wraps_the_message() {
    let mut bench = prompt("# Identity\n").model("offline").config("user_template", "<q>{{message}}</q>".into()).open();
    bench.press("2 i");
    bench.type_text("Hello");
    let (_, request) = sent(&bench.press("enter")).unwrap();
    assert_eq!(request.turns[0].text, "<q>Hello</q>");
    assert_eq!(bench.model.play.column().talk.at(0).unwrap().message, "Hello");
}

#[test]
fn the_reply_grows_and_its_facts_are_kept() {
    let mut bench = offline("# Identity\n");
    let run = bench.send("Hello");
    bench.reply(run, 100, Event::Started);
    bench.reply(run, 400, Event::Text("one ".into()));
    bench.reply(run, 500, Event::Thinking("hm".into()));
    bench.reply(run, 600, Event::Text("two".into()));
    bench.reply(run, 700, Event::Usage(Usage { input: Some(9), ..Usage::default() }));
    bench.reply(run, 800, Event::Usage(Usage { output: Some(2), ..Usage::default() }));
    bench.reply(run, 900, Event::Done { finish: Finish::Length, failure: None });
    let exchange = bench.model.play.column().talk.at(0).unwrap();
    assert_eq!((exchange.reply.as_str(), exchange.thinking.as_str()), ("one two", "hm"));
    assert_eq!((exchange.first_ms, exchange.elapsed_ms), (Some(400), 900));
    assert_eq!((exchange.usage.input, exchange.usage.output), (Some(9), Some(2)));
    assert_eq!((exchange.finish, bench.model.play.running().next()), (Some(Finish::Length), None));
}

#[test]
fn escape_stops_the_run_keeps_what_came_and_drops_what_comes_late() {
    let mut bench = offline("# Identity\n");
    let run = bench.send("Hello");
    bench.reply(run, 400, Event::Text("one".into()));
    let effects = bench.press("esc");
    assert!(effects.contains(&Effect::Cancel { run }));
    bench.reply(run, 500, Event::Text(" two".into()));
    bench.reply(run, 600, Event::Done { finish: Finish::End, failure: None });
    assert_eq!(text(&bench), "one");
    assert_eq!(bench.model.play.column().talk.at(0).unwrap().finish, Some(Finish::Cancelled));
    assert_eq!(bench.model.level, Level::Edit, "one Esc, one step");
}

#[test]
fn ctrl_c_stops_the_run_too_and_without_one_says_how_to_quit() {
    let mut bench = offline("# Identity\n");
    let run = bench.send("Hello");
    assert!(bench.press("ctrl-c").contains(&Effect::Cancel { run }));
    assert_eq!(bench.press("ctrl-c").iter().filter(|effect| matches!(effect, Effect::Cancel { .. })).count(), 0);
    assert!(bench.said().contains("^Q"), "{}", bench.said());
}

#[test]
fn events_of_an_old_run_are_dropped() {
    let mut bench = offline("# Identity\n");
    let old = bench.send("Hello");
    bench.press("esc");
    bench.type_text("Next");
    let (new, _) = sent(&bench.press("enter")).unwrap();
    assert!(new > old);
    bench.reply(old, 1, Event::Text("late".into()));
    bench.reply(old, 1, Event::Done { finish: Finish::End, failure: None });
    assert_eq!(bench.model.play.running().next(), Some(new));
    assert!(bench.model.play.column().talk.shown().all(|exchange| exchange.reply.is_empty()));
}

#[test]
fn events_of_another_prompts_run_are_dropped() {
    let mut bench = offline("# Identity\n");
    let old = bench.send("Hello");
    let opened = prompt("# Identity\nother").model("offline").into_opened("other");
    let effects = bench.tell(crate::tui::msg::Msg::Opened(Ok(Box::new(opened))));
    assert!(effects.contains(&Effect::Cancel { run: old }), "its socket is closed");
    bench.reply(old, 1, Event::Text("late".into()));
    assert!(bench.model.play.column().talk.is_empty());
    assert!(bench.send("Hello") > old);
}

#[test]
fn a_conversation_sends_its_turns_and_fills_the_history() {
    let mut bench = offline("# Identity\n[{{conversation_history}}]");
    bench.exchange("One?", "First.");
    bench.type_text("Two?");
    let (_, request) = sent(&bench.press("enter")).unwrap();
    let turns: Vec<_> = request.turns.iter().map(|turn| (turn.role, turn.text.as_str())).collect();
    assert_eq!(turns, [(Role::User, "One?"), (Role::Assistant, "First."), (Role::User, "Two?")]);
    assert!(request.system.ends_with("[User: One?\nAssistant: First.]"), "{}", request.system);
}

#[test]
fn an_exchange_without_a_reply_is_no_turn_of_the_conversation() {
    let mut bench = offline("# Identity\n");
    let run = bench.send("One?");
    let failure = Failure::new(FailureKind::Network, "nobody answers");
    bench.reply(run, 5, Event::Done { finish: Finish::Error, failure: Some(failure) });
    assert!(bench.said().contains("nobody answers"));
    bench.type_text("Two?");
    let (_, request) = sent(&bench.press("enter")).unwrap();
    assert_eq!(request.turns.len(), 1);
}

#[test]
fn sending_again_replaces_the_last_exchange() {
    let mut bench = offline("# Identity\n");
    bench.exchange("One?", "First.");
    bench.exchange("Two?", "Second.");
    let (run, request) = sent(&bench.press("ctrl-r")).unwrap();
    assert_eq!(request.turns.len(), 3);
    bench.reply(run, 5, Event::Text("Other.".into()));
    let replies: Vec<_> = bench.model.play.column().talk.shown().map(|exchange| exchange.reply.as_str()).collect();
    assert_eq!(replies, ["First.", "Other."]);
}

#[test]
fn while_a_reply_comes_in_a_second_message_waits_and_is_kept() {
    let mut bench = offline("# Identity\n");
    bench.send("One?");
    bench.type_text("Two?");
    assert_eq!(sent(&bench.press("enter")), None);
    assert_eq!(sent(&bench.press("ctrl-r")), None);
    assert!(bench.said().contains("Esc"), "{}", bench.said());
    assert_eq!(bench.model.play.message.buffer.text(), "Two?");
}

#[test]
fn a_blank_message_is_not_sent() {
    let mut bench = offline("# Identity\n");
    bench.press("2 i");
    bench.type_text("  ");
    assert_eq!(sent(&bench.press("enter")), None);
    assert_eq!(sent(&bench.press("alt-enter enter")), None);
    assert!(bench.model.play.column().talk.is_empty());
}

#[test]
fn a_new_conversation_stops_the_run_and_begins_empty() {
    let mut bench = offline("# Identity\n");
    bench.exchange("One?", "First.");
    let run = bench.send("Two?");
    let effects = bench.press("ctrl-n");
    assert!(effects.contains(&Effect::Cancel { run }));
    assert!(bench.model.play.column().talk.is_empty());
    bench.reply(run, 1, Event::Text("late".into()));
    assert!(bench.model.play.column().talk.is_empty());
}

#[test]
fn an_earlier_message_comes_back_into_the_text() {
    let mut bench = offline("# Identity\n");
    bench.exchange("One?", "First.");
    bench.exchange("Two?", "Second.");
    bench.press("alt-p");
    assert_eq!(bench.model.play.message.buffer.text(), "Two?");
    bench.press("alt-p");
    assert_eq!(bench.model.play.message.buffer.text(), "One?");
    bench.press("ctrl-z ctrl-z");
    assert_eq!(bench.model.play.message.buffer.text(), "");
}

#[test]
fn a_pause_before_the_next_try_is_told_with_its_reason() {
    let mut bench = offline("# Identity\n");
    let run = bench.send("Hello");
    let failure = Failure::new(FailureKind::Overloaded, "the server is overloaded");
    bench.reply(run, 5, Event::Waiting { pause: Duration::from_millis(1500), failure });
    assert!(bench.said().contains("overloaded") && bench.said().contains("1.5"), "{}", bench.said());
}

#[test]
fn the_spinner_turns_only_while_something_runs() {
    let mut bench = offline("# Identity\n");
    let run = bench.send("Hello");
    let turns = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::After(Timer::Spinner, _)));
    let timer = crate::tui::msg::Msg::Timer(Timer::Spinner);
    assert!(turns(&bench.tell(timer.clone())));
    bench.reply(run, 5, Event::Done { finish: Finish::End, failure: None });
    assert!(!turns(&bench.tell(timer)));
}

#[test]
fn who_wants_little_motion_sees_the_seconds_and_nothing_that_turns() {
    let mut bench = offline("# Identity\n");
    bench.model.settings.reduced_motion = true;
    bench.send("Hello");
    for _ in 0..3 {
        bench.tell(crate::tui::msg::Msg::Timer(Timer::Spinner));
    }
    assert_eq!((bench.model.play.spin, bench.model.play.column().talk.at(0).unwrap().elapsed_ms), (0, 3000));
}

#[test]
fn the_clock_of_a_run_goes_on_while_the_server_says_nothing() {
    let mut bench = offline("# Identity\n");
    let run = bench.send("Hello");
    for _ in 0..10 {
        bench.tell(crate::tui::msg::Msg::Timer(Timer::Spinner));
    }
    assert_eq!(bench.model.play.column().talk.at(0).unwrap().elapsed_ms, 1200);
    bench.reply(run, 1234, Event::Text("Hi".into()));
    assert_eq!(bench.model.play.column().talk.at(0).unwrap().elapsed_ms, 1234, "an event knows the time better");
}

#[test]
fn what_was_said_before_a_message_goes_out_is_gone() {
    let mut bench = offline("# Identity\n");
    bench.press("ctrl-r");
    assert!(bench.said().contains("write a message"), "{}", bench.said());
    bench.send("Hello");
    assert_eq!(bench.said(), "");
}

#[test]
fn a_failure_in_sight_is_told_in_short_and_elsewhere_with_its_hint() {
    let failure = || Failure {
        hint: Some("check the key".into()),
        ..Failure::new(FailureKind::RejectedKey, "the key is not accepted")
    };
    for (keys, wanted) in [("alt-2", "the key is not accepted"), ("alt-1", "the key is not accepted (check the key)")] {
        let mut bench = offline("# Identity\n");
        let run = bench.send("Hello");
        bench.press(keys);
        bench.reply(run, 5, Event::Done { finish: Finish::Error, failure: Some(failure()) });
        assert_eq!(bench.said(), wanted);
    }
}

#[test]
fn a_long_conversation_scrolls_and_a_new_message_follows_it_again() {
    let mut bench = offline("# Identity\n");
    bench.exchange("One?", &"line\n".repeat(200));
    bench.press("esc tab up up");
    assert_eq!(bench.model.play.column().scrolled, 2);
    bench.press("g");
    let top = bench.model.play.column().scrolled;
    assert!(top > 100);
    bench.press("up pageup");
    assert_eq!(bench.model.play.column().scrolled, top, "it ends at the top");
    bench.press("G");
    assert_eq!(bench.model.play.column().scrolled, 0);
    bench.press("g");
    bench.send("Two?");
    assert_eq!(bench.model.play.column().scrolled, 0);
}

#[test]
fn a_message_is_written_on_while_its_text_has_several_lines() {
    let mut bench = offline("# Identity\n");
    bench.press("2 i");
    bench.type_text("One");
    bench.press("alt-enter");
    bench.type_text("two");
    let (_, request) = sent(&bench.press("enter")).unwrap();
    assert_eq!(request.turns[0].text, "One\ntwo");
}

#[test]
fn taking_the_user_to_a_variable_opens_its_pane() {
    let mut bench = prompt("# Identity\n{{lost}}").model("offline").open();
    bench.press("2 i");
    bench.type_text("Hello");
    bench.press("enter");
    assert_eq!(bench.draft().focus, PaneId::Variables);
}

#[test]
fn a_long_reply_is_rendered_on_another_thread_and_read_as_it_came_until_then() {
    let mut bench = prompt("# Identity\nHi").model("ollama:m").open();
    let run = bench.send("Hello");
    bench.reply(run, 1, Event::Text("A **bold** line.\n".repeat(2_000)));
    let effects = bench.reply(run, 4, Event::Done { finish: Finish::End, failure: None });
    let reply = effects.into_iter().find_map(|effect| match effect {
        Effect::RenderReply { run: of, reply } if of == run => Some(reply),
        _ => None,
    });
    let rendered = |bench: &Workbench| bench.model.play.column().talk.of_run(run).unwrap().rendered.clone().unwrap();
    assert!(rendered(&bench).is_empty());
    let blocks = crate::tui::play::render(&reply.expect("it is asked for"));
    assert!(bench.tell(crate::tui::msg::Msg::ReplyRendered { run, blocks: blocks.clone() }).is_empty());
    assert_eq!(rendered(&bench), blocks);
}
