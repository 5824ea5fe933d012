//! `play` and `models` as a script meets them, against a server on this machine: what they print, where, what goes out,
//! and how they exit. The key is looked for in everything that comes out.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

#[path = "place/asking.rs"]
mod asking;
mod place;

use std::fs;
use std::io::Read;
use std::process::Stdio;

use asking::{KEY, code, document, text};
use place::Place;
use serde_json::{Value, json};
use servers::{Answer, FakeServer, Step, anthropic_reply, head, json as json_answer, openai_reply, stream};

/// Values for the one variable, and a model.
const ADA: [&str; 4] = ["--values", "ada", "--model", "openai:m-1"];

fn ada<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&ADA[..], more].concat()
}

#[test]
fn the_reply_is_all_of_standard_output_and_ends_in_one_line_feed() {
    for (pieces, printed) in [(&["Hi ", "Ada\u{1b}[31m"][..], "Hi Ada\u{1b}[31m\n"), (&["done\n"], "done\n")] {
        let server = FakeServer::always(stream(&openai_reply(pieces)));
        let place = Place::new().at(&server);
        for more in [&["-m", "hi"][..], &["-m", "hi", "--no-stream"]] {
            let output = place.play(&ada(more));
            assert_eq!((code(&output), text(&output.stdout), text(&output.stderr)), (0, printed, ""), "{more:?}");
        }
        let sent = &server.received()[0];
        assert_eq!(sent.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
        assert_eq!(sent.body["messages"][0], json!({"role": "system", "content": "You help Ada Lovelace.\n"}));
        assert_eq!(server.received()[1].body.get("stream"), None);
    }
}

#[test]
fn the_document_has_the_shape_that_scripts_use() {
    let server = FakeServer::always(stream(&anthropic_reply(&["Hi ", "Ada"])));
    let place = Place::new().at(&server);
    place.write(
        "library/prompts/hello/draft/config.json",
        r#"{"model": "anthropic:m-2", "temperature": 0.5, "stop": ["END"], "user_template": "<q>{{message}}</q>"}"#,
    );
    let output = place.play(&["-m", "hi", "--set", "user_name=Grace", "--json"]);
    assert_eq!(code(&output), 0, "{output:?}");
    let mut document = document(&output);
    for time in ["latency_ms", "first_token_ms"] {
        assert!(document[time].is_u64(), "{time} in {document}");
        document[time] = json!(0);
    }
    let request = json!({
        "model": "m-2", "max_tokens": 4096, "system": "You help Grace.\n",
        "messages": [{"role": "user", "content": "<q>hi</q>"}], "temperature": 0.5, "stop_sequences": ["END"], "stream": true
    });
    assert_eq!(server.received()[0].body, request);
    assert_eq!(
        document,
        json!({
            "model": "anthropic:m-2", "reply": "Hi Ada", "finish": "end",
            "usage": {"input": 11, "output": 7, "cache_read": 4, "cache_write": 2},
            "latency_ms": 0, "first_token_ms": 0, "cost": 0.0, "request": request, "error": null
        })
    );
}

#[test]
fn several_messages_are_turns_of_one_conversation() {
    let server = FakeServer::start(vec![stream(&openai_reply(&["one"])), stream(&openai_reply(&["two"]))]);
    let place = Place::new().at(&server);
    let output = place.play(&ada(&["-m", "a", "-m", "b", "-q"]));
    assert_eq!((code(&output), text(&output.stdout), text(&output.stderr)), (0, "one\n\ntwo\n", ""));
    let turns = &server.received()[1].body["messages"];
    assert_eq!(
        turns.as_array().unwrap()[1..],
        [
            json!({"role": "user", "content": "a"}),
            json!({"role": "assistant", "content": "one"}),
            json!({"role": "user", "content": "b"})
        ]
    );
    let document = document(&place.play(&ada(&["-m", "a", "-m", "b", "--json"])));
    let replies: Vec<_> = document["turns"].as_array().unwrap().iter().map(|turn| turn["reply"].clone()).collect();
    assert_eq!(replies, ["two", "two"]);
}

#[test]
fn a_dash_reads_the_message_from_standard_input_once() {
    let place = Place::new();
    place.write("message", "zebra\nhelp\n");
    let input = || fs::File::open(place.path("message")).unwrap();
    let args = ["play", "hello", "--values", "ada", "--model", "offline", "--json", "-m", "-"];
    let output = place.command(&args).stdin(input()).output().unwrap();
    assert_eq!(document(&output)["request"]["messages"][0]["content"], "zebra\nhelp");
    let output = place.command(&[&args[..], &["-m", "-"]].concat()).stdin(input()).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("only one message"), "{output:?}");
}

#[test]
fn the_stand_in_says_what_it_is_and_needs_nothing() {
    let output = Place::new().play(&["-m", "hi", "--values", "ada", "--model", "offline"]);
    assert_eq!(code(&output), 0);
    assert!(text(&output.stdout).starts_with("No language model answered."), "{output:?}");
    let output = Place::new().play(&["-m", "hi", "--values", "ada", "--model", "offline", "--json"]);
    assert_eq!(document(&output)["cost"], 0.0);
}

#[test]
fn no_other_model_answers_than_the_one_that_was_asked_for() {
    let place = Place::new();
    let output = place.play(&["-m", "hi", "--values", "ada"]);
    assert_eq!((code(&output), text(&output.stdout)), (2, ""));
    assert!(text(&output.stderr).contains("--model offline"), "{output:?}");

    let output = place.play(&ada(&["-m", "hi"]));
    assert_eq!((code(&output), text(&output.stdout)), (3, ""));
    let said = text(&output.stderr);
    assert!(said.contains("OPENAI_API_KEY") && said.contains("--model offline"), "{said}");

    let output = place.play(&ada(&["-m", "hi", "--json"]));
    assert_eq!(code(&output), 3);
    let document = document(&output);
    assert_eq!((&document["finish"], &document["error"]["kind"]), (&json!("error"), &json!("no_key")));
    assert_eq!(document["request"], Value::Null);

    for wrong in ["nonsense", "nobody:x"] {
        let output = place.play(&["-m", "hi", "--values", "ada", "--model", wrong]);
        assert_eq!((code(&output), text(&output.stdout)), (2, ""), "{wrong}");
    }
}

#[test]
fn every_missing_variable_is_named_and_nothing_is_sent() {
    let server = FakeServer::always(stream(&openai_reply(&["x"])));
    let place = Place::new().at(&server);
    place.write("library/prompts/hello/draft/system_prompt.txt", "You\nhelp {{b}} {{a}} {{user_name}}");
    let output = place.play(&ada(&["-m", "hi"]));
    assert_eq!((code(&output), text(&output.stdout)), (2, ""));
    let said = text(&output.stderr);
    assert!(said.contains("prompts/hello/draft/system_prompt.txt:2:6: no value for `b`, `a`"), "{said}");
    assert!(server.received().is_empty());

    place.write("library/prompts/hello/draft/system_prompt.txt", "Hi");
    place.write("library/prompts/hello/draft/config.json", r#"{"user_template": "{{b}} {{message}}"}"#);
    let said = place.play(&["-m", "hi", "--model", "offline"]).stderr;
    assert!(text(&said).contains("draft/config.json: no value for `b`"), "{}", text(&said));
}

#[test]
fn an_error_is_one_line_with_the_servers_words_and_the_document_is_printed_all_the_same() {
    let body = format!("{{\"error\":{{\"message\":\"wrong key {KEY}\\nsorry\",\"code\":\"invalid_api_key\"}}}}");
    let server = FakeServer::always(json_answer("401 Unauthorized", &body));
    let place = Place::new().at(&server);
    let output = place.play(&ada(&["-m", "hi"]));
    assert_eq!((code(&output), text(&output.stdout)), (3, ""));
    let said = text(&output.stderr);
    assert!(said.contains("does not accept the key (401): wrong key [key] sorry"), "{said}");
    assert_eq!(said.lines().count(), 1);

    let output = place.play(&ada(&["-m", "hi", "-m", "again", "--json"]));
    assert_eq!(code(&output), 3);
    let turns = &document(&output)["turns"];
    assert_eq!(turns.as_array().map(Vec::len), Some(1), "after a failure nothing more is sent");
    let error = &turns[0]["error"];
    assert_eq!((&error["kind"], &error["status"]), (&json!("rejected_key"), &json!(401)));
    assert!(turns[0]["request"]["messages"].is_array());
}

#[test]
fn what_came_of_a_broken_reply_is_printed_and_the_exit_says_that_it_broke() {
    let part = openai_reply(&["part of it"]).split_inclusive("\n\n").next().unwrap().to_owned();
    let server = FakeServer::always(stream(&part));
    let place = Place::new().at(&server);
    let output = place.play(&ada(&["-m", "hi"]));
    assert_eq!((code(&output), text(&output.stdout)), (3, "part of it\n"));
    let output = place.play(&ada(&["-m", "hi", "--json"]));
    let document = document(&output);
    assert_eq!(
        (code(&output), &document["reply"], &document["finish"]),
        (3, &json!("part of it"), &json!("incomplete"))
    );
}

#[test]
fn a_refusal_is_no_failure() {
    let server = FakeServer::always(stream(&anthropic_reply(&[]).replace("end_turn", "refusal")));
    let place = Place::new().at(&server);
    let output = place.play(&["-m", "hi", "--values", "ada", "--model", "anthropic:m", "--json"]);
    assert_eq!((code(&output), &document(&output)["finish"]), (0, &json!("refusal")));
}

#[test]
fn personal_values_leave_the_machine_only_when_told_and_secret_ones_never() {
    // A proxy is how a host that is not this machine can be had without a network.
    let server = FakeServer::always(stream(&openai_reply(&["ok"])));
    let away = || {
        Place::new()
            .with("http_proxy", server.url())
            .with("OPENAI_API_KEY", KEY)
            .with("OPENAI_BASE_URL", "http://models.example.test/v1")
    };
    let declare = |privacy: &str, example: &str| {
        let place = away();
        place.write(
            "library/prompts/hello/prompt.toml",
            &format!("[variables.user_name]\nprivacy = \"{privacy}\"\n{example}\n"),
        );
        place
    };
    let seen = || server.received().last().map(|sent| sent.body["messages"][0]["content"].clone());

    let place = declare("personal", "example = \"Robin Example\"");
    let output = place.play(&ada(&["-m", "hi", "--json"]));
    assert_eq!((code(&output), seen()), (0, Some(json!("You help Robin Example.\n"))), "{output:?}");
    assert!(text(&output.stderr).contains("{{user_name}}"), "{output:?}");
    assert_eq!(document(&output)["cost"], Value::Null);
    assert!(server.received()[0].head.starts_with("POST http://models.example.test/v1/chat/completions"));

    let output = place.play(&ada(&["-m", "hi", "--real-values"]));
    assert_eq!((seen(), text(&output.stderr)), (Some(json!("You help Ada Lovelace.\n")), ""));

    let before = server.received().len();
    for (privacy, flag) in [("personal", "-q"), ("secret", "-q"), ("secret", "--real-values")] {
        let output = declare(privacy, "").play(&ada(&["-m", "hi", flag]));
        assert_eq!((code(&output), text(&output.stdout)), (2, ""), "{privacy} {flag}");
        let said = text(&output.stderr);
        assert!(said.contains("{{user_name}}") && !said.contains("Ada"), "{said}");
    }
    assert_eq!(server.received().len(), before, "something was sent");
}

#[test]
fn without_a_key_nothing_is_said_to_be_sent() {
    let place = Place::new();
    let declared = "[variables.user_name]\nprivacy = \"personal\"\nexample = \"Robin\"\n";
    place.write("library/prompts/hello/prompt.toml", declared);
    let output = place.play(&ada(&["-m", "hi"]));
    assert_eq!(code(&output), 3, "{output:?}");
    let said = text(&output.stderr);
    assert!(said.starts_with("error: there is no key for openai") && said.lines().count() == 1, "{said}");
}

#[test]
fn a_server_on_this_machine_is_not_asked_through_a_proxy() {
    let proxy = FakeServer::always(stream(&openai_reply(&["from the proxy"])));
    let server = FakeServer::always(stream(&openai_reply(&["from the server"])));
    let place = Place::new().at(&server).with("http_proxy", proxy.url()).with("ALL_PROXY", proxy.url());
    let output = place.play(&ada(&["-m", "hi"]));
    assert_eq!((code(&output), text(&output.stdout)), (0, "from the server\n"));
}

#[test]
fn a_price_of_the_users_config_gives_the_cost_of_a_remote_run() {
    let server = FakeServer::always(stream(&openai_reply(&["ok"])));
    let place = Place::new()
        .with("http_proxy", server.url())
        .with("OPENAI_API_KEY", KEY)
        .with("OPENAI_BASE_URL", "http://models.example.test/v1");
    place.write(
        "config/greenroom/config.toml",
        "[prices.\"openai:m-1\"]\ninput = 1.0\noutput = 2.0\ncache_read = 0.5\n",
    );
    let output = place.play(&ada(&["-m", "hi", "--json"]));
    // 11 tokens in, 4 of them cached, 7 out
    let cost = document(&output)["cost"].as_f64().unwrap();
    assert!((cost - 23e-6).abs() < 1e-12, "{cost}");
}

#[test]
fn a_cap_that_is_reached_stops_what_would_leave_this_machine_until_it_is_raised() {
    let server = FakeServer::always(stream(&openai_reply(&["ok"])));
    let place = Place::new()
        .with("http_proxy", server.url())
        .with("OPENAI_API_KEY", KEY)
        .with("OPENAI_BASE_URL", "http://models.example.test/v1");
    let prices = "[prices.\"openai:m-1\"]\ninput = 1000.0\noutput = 2000.0\n";
    place.write("config/greenroom/config.toml", &format!("{prices}[spend]\nday = 0.02\n"));
    // 11 tokens in, 7 out: two and a half cents
    assert!(place.play(&ada(&["-m", "hi"])).status.success());
    let stopped = place.play(&ada(&["-m", "hi", "--json"]));
    assert_eq!(stopped.status.code(), Some(3));
    assert_eq!(document(&stopped)["error"]["kind"], "spend_cap");
    assert!(text(&stopped.stderr).contains("`day` of [spend] is $0.02"), "{stopped:?}");
    assert_eq!(server.received().len(), 1);
    assert!(place.play(&["--set", "user_name=x", "--model", "offline", "-m", "hi"]).status.success());
    let spent: Value = serde_json::from_slice(&place.run(&["history", "spend", "--json"]).stdout).unwrap();
    assert!((spent["today"].as_f64().unwrap() - 0.025).abs() < 1e-9, "{spent}");
    assert_eq!(spent["by"][0]["model"], "openai:m-1");
    place.write("config/greenroom/config.toml", &format!("{prices}[spend]\nday = 5\n"));
    assert!(place.play(&ada(&["-m", "hi"])).status.success());
}

#[test]
fn the_cassette_of_the_samples_answers_and_says_that_no_model_did() {
    let place = Place::with_files(&[]);
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-prompts");
    fs::create_dir_all(place.path("library")).unwrap();
    let cassette = format!("{samples}/cassettes/offline.jsonl");
    let said = ["-m", "How do I export a board?", "-m", "Can I do that on the Free plan?"];
    let args =
        ["--library", samples, "play", "customer_support@1.2.0", "--values", "new_free_user", "--model", "offline"];
    let replayed = place.run(&[&args[..], &said, &["--replay", &cassette]].concat());
    assert!(replayed.status.success(), "{replayed:?}");
    assert!(text(&replayed.stdout).starts_with("No language model answered."));
    let tape = fs::read_to_string(&cassette).unwrap();
    assert!(tape.lines().all(|line| line.contains("\"recorded\":\"offline by greenroom ")));
}

#[test]
fn a_conversation_is_recorded_and_replayed_without_key_or_network() {
    let server = FakeServer::always(stream(&openai_reply(&["a ", "reply"])));
    let place = Place::new().at(&server);
    let said = ada(&["-m", "hi", "-m", "and now?", "--json"]);
    let recorded = place.play(&[&said[..], &["--record", "tape.jsonl"]].concat());
    assert!(recorded.status.success(), "{recorded:?}");
    let tape = fs::read_to_string(place.path("library/tape.jsonl")).unwrap();
    assert_eq!(tape.lines().count(), 2);
    assert!(!tape.contains(KEY));
    let asked = server.received().len();

    let offline = Place::new();
    offline.write("library/tape.jsonl", &tape);
    let replayed = offline.play(&[&said[..], &["--replay", "tape.jsonl"]].concat());
    assert!(replayed.status.success(), "{replayed:?}");
    for turn in 0..2 {
        for field in ["model", "reply", "finish", "usage"] {
            assert_eq!(document(&replayed)["turns"][turn][field], document(&recorded)["turns"][turn][field]);
        }
    }
    let other = offline.play(&ada(&["-m", "ho", "--json", "--replay", "tape.jsonl"]));
    assert_eq!(other.status.code(), Some(3));
    let error = &document(&other)["error"];
    assert_eq!(error["kind"], "not_on_cassette");
    assert!(error["message"].as_str().unwrap().contains("line 1, differs in message 1"), "{error}");
    assert_eq!(server.received().len(), asked, "a cassette asks nobody");
    assert!(!offline.path("state/greenroom/history").exists(), "nothing was run");
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_came_and_closes_the_connection() {
    let first = openai_reply(&["a beginning"]).split_inclusive("\n\n").next().unwrap().as_bytes().to_vec();
    let answer: Answer = vec![head("200 OK", "text/event-stream"), Step::Send(first), Step::Hold];
    let server = FakeServer::always(answer);
    let place = Place::new().at(&server);
    let mut child = place
        .command(&[&["play", "hello", "-m", "hi"][..], &ADA].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut printed = vec![0; "a beginning".len()];
    output.read_exact(&mut printed).unwrap();
    assert_eq!(text(&printed), "a beginning");
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!((child.wait().unwrap().code(), rest.as_str()), (Some(130), "\n"));
    assert!(server.client_went_away());
}

#[test]
fn models_lists_what_each_provider_has_and_asks_no_one_without_a_key() {
    let server = FakeServer::always(json_answer("200 OK", r#"{"data":[{"id":"m-2"},{"id":"m-1"}]}"#));
    let place = Place::new().with("OPENAI_BASE_URL", server.url() + "/v1").with("OPENAI_API_KEY", KEY);
    let output = place.run(&["models"]);
    assert_eq!(code(&output), 0);
    let said = text(&output.stdout);
    assert!(said.contains("  openai:m-1\n  openai:m-2\n"), "{said}");
    assert!(said.contains("$ANTHROPIC_API_KEY"), "{said}");

    let document = document(&place.run(&["models", "--json"]));
    let openai =
        document["providers"].as_array().unwrap().iter().find(|source| source["provider"] == "openai").unwrap();
    assert_eq!((&openai["models"], &openai["error"]), (&json!(["m-1", "m-2"]), &Value::Null));
    assert_eq!(openai["names"], json!(["openai:m-1", "openai:m-2"]));
    let first = &document["providers"][0];
    assert_eq!(
        (&first["provider"], &first["names"], &first["error"]),
        (&json!("offline"), &json!(["offline"]), &Value::Null)
    );

    let elsewhere = place.command(&["models"]).current_dir(place.path("")).output().unwrap();
    assert_eq!(code(&elsewhere), 0, "no library is needed: {elsewhere:?}");
    assert!(!place.path("home").exists(), "a question wrote files");
}
