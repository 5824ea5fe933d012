//! The history over the screen.

use super::{look, look_at, samples};
use crate::config::Spend;
use crate::history::{Pace, Rating, Run, Spent, Totals};
use crate::tui::msg::Msg;
use crate::tui::past::Recalled;
use crate::tui::tape::{Tape, Use};
use crate::tui::tests::Workbench;
use crate::tui::tests::past::{listed, read, run};

fn runs() -> Vec<Run> {
    let one = |number: i64, message: &str, model: &str, finish: &str| Run {
        id: number,
        model: model.into(),
        finish: finish.into(),
        private: Vec::new(),
        ..run(number, message, "Sorry about that. A colleague will look at it today.\n\n- one\n- two")
    };
    vec![
        Run { rating: Some(Rating::Good), ..one(7, "My export stops at 50,000 rows.", "offline", "end") },
        Run {
            cost: Some(0.0123),
            version: "1.1.0".into(),
            ..one(
                6,
                "Why is the sky blue, and what does it have to do with my invoice of last month?",
                "anthropic:claude-sonnet-4-6",
                "length",
            )
        },
        Run { rating: Some(Rating::Bad), ..one(2, "漢字 and an\nother line", "ollama:llama3.2", "error") },
    ]
}

fn list(bench: &mut Workbench) {
    bench.press("f3");
    let number = bench.model.past.number;
    bench.tell(Msg::Recalled(listed(number, false, &runs())));
}

#[test]
fn the_history_as_a_list() {
    look("history", samples, |bench| {
        list(bench);
        bench.press("down");
    });
    look_at("history_search", (80, 24), samples, |bench| {
        list(bench);
        bench.press("/ s k y");
    });
}

#[test]
fn a_run_of_the_history() {
    look("history_run", samples, |bench| {
        list(bench);
        bench.press("enter");
        bench.tell(Msg::Recalled(read(runs().swap_remove(0))));
    });
    look_at("history_run_prompt", (80, 24), samples, |bench| {
        list(bench);
        bench.press("down enter");
        bench.tell(Msg::Recalled(read(runs().swap_remove(1))));
        bench.press("tab");
    });
}

#[test]
fn a_history_with_nothing_in_it_and_one_that_cannot_be_read() {
    look_at("history_empty", (80, 24), samples, |bench| {
        bench.model.demo = false;
        bench.press("f3");
        bench.tell(Msg::Recalled(listed(bench.model.past.number, false, &[])));
    });
    look_at("history_damaged", (80, 24), samples, |bench| {
        bench.press("f3");
        let error = crate::error::Error::input("the history cannot be read: the file is damaged").at("/s/runs.db");
        let number = bench.model.past.number;
        bench.tell(Msg::Recalled(Recalled::Listed { number, goes_on: false, result: Err(error) }));
    });
}

#[test]
fn a_run_that_was_sent_again() {
    look("history_again", samples, |bench| {
        list(bench);
        bench.press("enter");
        bench.tell(Msg::Recalled(read(runs().swap_remove(0))));
        bench.press("r");
    });
}

#[test]
fn what_was_spent_and_how_far_the_caps_are() {
    let one = |prompt: &str, model: &str, dollars: f64, runs: u64| Spent {
        prompt: prompt.into(),
        model: model.into(),
        dollars,
        runs,
    };
    let by = vec![
        one("customer_support", "anthropic:claude-sonnet-4-6", 1.9, 41),
        one("recipe_ideas", "openai:gpt-4o", 0.2, 1),
    ];
    let spent = Totals { today: 1.8, month: 2.1, by };
    look("spent", samples, |bench| {
        bench.model.settings.spend = Spend { day: Some(2.0), month: Some(2.0) };
        bench.press("$");
        bench.tell(Msg::Spent(spent.clone()));
    });
    look_at("spent_nothing", (80, 24), samples, |bench| {
        bench.model.demo = false;
        bench.press("$");
    });
}

#[test]
fn how_fast_models_were_lately() {
    let paces = || {
        let first_ms = vec![420.0, 380.0, 510.0, 1900.0, 400.0];
        let offline = Pace { model: "offline".into(), first_ms: vec![5.0, 5.0], speed: vec![900.0, 1000.0] };
        vec![Pace { model: "ollama:llama3.2".into(), first_ms, speed: vec![38.0, 41.0, 40.0, 12.0, 44.0] }, offline]
    };
    look_at("paces_play", (160, 45), samples, |bench| {
        bench.tell(Msg::Paces(paces()));
        bench.press("2");
    });
    look_at("paces_models", (80, 24), samples, |bench| {
        bench.tell(Msg::Paces(paces()));
        bench.press("2 m");
    });
}

#[test]
fn a_cassette_that_answers_is_seen_on_every_screen() {
    let put = |bench: &mut Workbench, what: Use| {
        let file = "/l/cassettes/offline.jsonl".into();
        let tape =
            Tape { what, file, messages: vec!["How do I export a board?".into()], damaged: Vec::new(), fit: None };
        bench.tell(Msg::Inserted { number: 0, result: Ok(Some(tape)) });
    };
    look("cassette_replay", samples, |bench| {
        bench.press("2");
        put(bench, Use::Replay);
        bench.exchange("Hello", "Recorded words.");
    });
    look_at("cassette_record", (80, 24), samples, |bench| put(bench, Use::Record));
    look_at("cassettes", (80, 24), samples, |bench| {
        put(bench, Use::Replay);
        bench.press("2 C");
    });
}

#[test]
fn a_turn_that_is_kept() {
    look_at("keep_turn", (80, 24), samples, |bench| {
        bench.exchange("Where is my export?", "On its way.");
        bench.press("esc s");
    });
    look_at("keep_turn_personal", (80, 24), samples, |bench| {
        bench.exchange("Where is my export?", "On its way.");
        bench.press("esc s enter enter");
    });
}

#[test]
fn a_message_of_two_rows_is_read_to_its_end_below_a_box_as_high_as_the_screen() {
    look_at("history_exported", (80, 24), samples, |bench| {
        list(bench);
        let file =
            std::path::PathBuf::from("/home/ada/a folder with a long name/and another one in it/runs of today.jsonl");
        bench.tell(Msg::Recalled(Recalled::Exported(Ok((file, 12)))));
    });
}
