//! The Play screen.

use super::{look, look_at, samples};
use crate::model::{Event, Failure, FailureKind, Finish};
use crate::tui::effect::Effect;
use crate::tui::tests::Workbench;

#[test]
fn play_before_the_first_message() {
    look("play_empty", samples, |bench| {
        bench.press("2");
    });
}

#[test]
fn play_while_a_reply_comes_in() {
    look("play_streaming", samples, |bench| {
        let run = bench.send("My export stops at 50,000 rows.");
        bench.reply(run, 300, Event::Text("A single file holds 50,000 rows, so a larger ".into()));
    });
}

#[test]
fn play_with_a_reply() {
    look("play_done", samples, |bench| {
        bench.exchange(
            "My export stops at 50,000 rows.",
            "A single file holds 50,000 rows, so a larger board is exported in parts.\n\n\
             1. **Board menu > Filter**: choose a date range, for example January to March, and keep in mind that it wraps.\n\
             2. **Board menu > Export > CSV**\n\n## Then\n```\ncode {{x}}\n```\nIs the first one complete?",
        );
    });
}

#[test]
fn play_with_a_run_that_failed() {
    look("play_failed", samples, |bench| {
        let run = bench.send("Hello");
        let failure = Failure {
            detail: Some("rate_limit_error: slow down".into()),
            hint: Some("wait a minute, then Ctrl-R".into()),
            status: Some(429),
            ..Failure::new(FailureKind::RateLimited, "the server takes no more requests now (429)")
        };
        bench.reply(run, 800, Event::Done { finish: Finish::Error, failure: Some(failure) });
    });
}

#[test]
fn play_with_a_reply_that_broke_off() {
    look_at("play_incomplete", (80, 24), samples, |bench| {
        let run = bench.send("Hello");
        bench.reply(run, 300, Event::Thinking("let me see now".into()));
        bench.reply(run, 500, Event::Text("A single file".into()));
        let failure = Failure::new(FailureKind::BadAnswer, "the stream ended before its end");
        bench.reply(run, 900, Event::Done { finish: Finish::Incomplete, failure: Some(failure) });
    });
}

#[test]
fn play_scrolled_in_a_long_conversation() {
    look_at("play_scrolled", (80, 24), samples, |bench| {
        for turn in 1..=6 {
            bench.exchange(&format!("Question {turn}"), &format!("Answer {turn}, in a few words.\nAnd a second line."));
        }
        bench.press("esc tab pageup up");
    });
}

/// Three columns, the second of v1.1.0, with replies of their own.
fn side_by_side(bench: &mut Workbench) {
    bench.press_and_settle("2 a down enter");
    bench.press("m enter");
    bench.press_and_settle("a home enter");
    let runs: Vec<u64> = {
        bench.press("i");
        bench.type_text("My export stops at 50,000 rows.");
        let effects = bench.press("enter");
        let sent = effects.iter().filter_map(|effect| match effect {
            Effect::Send { run, .. } => Some(*run),
            _ => None,
        });
        sent.collect()
    };
    assert_eq!(runs.len(), 3, "{}", bench.said());
    let replies = [
        "Sorry. A file holds 50,000 rows.\n\n1. Filter by date\n2. Export again",
        "A file holds 50,000 rows.\n\n1. Filter by team\n2. Export again",
    ];
    for (run, reply) in runs.iter().zip(replies) {
        bench.reply(*run, 300, Event::Text(reply.into()));
        let effects = bench.reply(*run, 900, Event::Done { finish: Finish::End, failure: None });
        bench.perform(effects);
    }
    bench.reply(runs[2], 400, Event::Text("A single file ".into()));
    bench.model.status = None;
}

#[test]
fn play_with_columns() {
    for size in [(80, 24), (120, 40), (160, 45), (200, 50)] {
        look_at("play_columns", size, samples, |bench| {
            side_by_side(bench);
            bench.press("alt-1 alt-2 tab");
            let effects = bench.press("right =");
            bench.perform(effects);
        });
    }
}

#[test]
fn play_while_names_are_hidden() {
    for size in [(80, 24), (160, 45)] {
        look_at("play_blind", size, samples, |bench| {
            bench.press_and_settle("2 a down enter");
            bench.press("m enter b");
            bench.tell(crate::tui::msg::Msg::Shuffled(1));
            bench.press("i");
            bench.type_text("Hello");
            let effects = bench.press("enter");
            for effect in effects {
                if let Effect::Send { run, .. } = effect {
                    bench.reply(run, 300, Event::Text("A file holds 50,000 rows.".into()));
                    bench.reply(run, 900, Event::Done { finish: Finish::End, failure: None });
                }
            }
            bench.model.status = None;
            bench.press("esc");
        });
    }
}

/// A turn whose request and answer were seen on the wire, with the box open over it.
fn on_the_wire(bench: &mut Workbench) {
    use crate::model::{Unsent, Wire};
    let run = bench.send("My export stops at 50,000 rows.");
    let body = r##"{"model":"claude-haiku-4-5","max_tokens":1024,"system":"# Identity\nYou help Dana Okafor.","messages":[{"role":"user","content":"My export stops at 50,000 rows."}],"stream":true}"##;
    let mut envelope = crate::tui::update::tests::wire::envelope(body).as_ref().clone();
    envelope.unsent = vec![Unsent { parameter: "top_p", why: "claude-haiku-4-5 takes none".into() }];
    bench.reply(run, 1, Event::Wire(Wire::Request(std::sync::Arc::new(envelope))));
    let head = "HTTP/1.1 200 OK\ncontent-type: text/event-stream\nrequest-id: req_1\n";
    bench.reply(run, 2, Event::Wire(Wire::Head(head.into())));
    let pieces = (1..40).map(|piece| format!("event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\"word {piece} \"}}}}\n\n"));
    bench.reply(run, 300, Event::Wire(Wire::Body(pieces.collect())));
    bench.reply(run, 900, Event::Done { finish: Finish::End, failure: None });
    bench.press("esc f6");
}

#[test]
fn the_exact_request_and_the_raw_answer() {
    for size in [(80, 24), (120, 40), (160, 45), (200, 50)] {
        look_at("play_wire", size, samples, |bench| {
            on_the_wire(bench);
            bench.press("tab /");
            bench.type_text("word 7");
            bench.press("enter");
        });
    }
    look_at("play_wire_request", (80, 24), samples, on_the_wire);
}

#[test]
fn the_parameters_of_a_column() {
    for size in [(80, 24), (120, 40), (160, 45), (200, 50)] {
        look_at("play_params", size, samples, |bench| {
            bench.press("2");
            bench.model.play.columns[0].chosen = crate::model::ModelName::parse("anthropic:claude-opus-5-5");
            bench.press("p tab tab");
        });
    }
}
