//! `play` beyond one message and one reply: several samples, another version beside it, files, parameters, events as
//! lines, bytes as they came; and every way in which it is ended from outside.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

#[path = "place/asking.rs"]
mod asking;
mod place;

use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Stdio};

use asking::{code, document, text};
use place::Place;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use servers::{FakeServer, Step, chunked_head, head, json as json_answer, openai_reply, stream};

const ADA: [&str; 4] = ["--values", "ada", "--model", "openai:m-1"];

fn ada<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&ADA[..], more].concat()
}

fn replies(all: &[&str]) -> FakeServer {
    FakeServer::start(all.iter().map(|reply| stream(&openai_reply(&[reply]))).collect())
}

/// A server that says a few words and then nothing more.
fn silent() -> FakeServer {
    let whole = openai_reply(&["the part ", "that came"]);
    let begun = whole.split("data: {\"choices\":[{\"index\":0,\"delta\":{},").next().unwrap().to_owned();
    FakeServer::always(vec![head("200 OK", "text/event-stream"), Step::Send(begun.into_bytes()), Step::Hold])
}

#[test]
fn samples_are_asked_one_by_one_and_the_distinct_ones_are_counted() {
    let server = replies(&["Yes.", "No.", " yes.\n", "YES."]);
    let place = Place::new().at(&server);
    let output = place.play(&ada(&["-m", "hi", "--n", "4", "--json"]));
    let document = document(&output);
    assert_eq!(code(&output), 0);
    assert_eq!(document["samples"].as_array().map(Vec::len), Some(4));
    assert_eq!(document["samples"][2]["reply"], " yes.\n");
    assert_eq!(document["distinct"], 2);
    assert_eq!(document["replies"][0], json!({"reply": "Yes.", "count": 3, "samples": [1, 3, 4]}));
    assert_eq!(server.received().len(), 4);

    let server = replies(&["Yes.", "No."]);
    let output = Place::new().at(&server).play(&ada(&["-m", "hi", "-n", "2"]));
    assert_eq!(text(&output.stdout), "Yes.\n\nNo.\n");
    let said = text(&output.stderr);
    assert!(said.contains("2 replies, 2 of them distinct, letter case and blanks apart: once (1), once (2)"), "{said}");
}

#[test]
fn a_sample_that_fails_ends_it_and_what_came_before_is_printed() {
    let server = FakeServer::start(vec![
        stream(&openai_reply(&["one"])),
        json_answer("400 Bad Request", r#"{"error":{"message":"no"}}"#),
    ]);
    let output = Place::new().at(&server).play(&ada(&["-m", "hi", "--n", "5", "--json"]));
    let document = document(&output);
    assert_eq!((code(&output), document["samples"].as_array().map(Vec::len)), (3, Some(2)));
    assert_eq!((&document["distinct"], &document["samples"][1]["finish"]), (&json!(1), &json!("error")));
    assert_eq!(server.received().len(), 2);
}

#[test]
fn words_files_and_standard_input_are_turns_in_their_order() {
    let server = replies(&["a", "b", "c"]);
    let place = Place::new().at(&server);
    place.write("library/second.txt", "from a file\r\n");
    let args = [&["play", "hello"][..], &ada(&["-m", "first", "-f", "second.txt", "-m", "-"])].concat();
    let mut child =
        place.command(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("from the pipe\n".as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), text(&output.stdout)), (0, "a\n\nb\n\nc\n"));
    let last = server.received().pop().unwrap().body;
    let said: Vec<_> =
        last["messages"].as_array().unwrap().iter().skip(1).map(|turn| turn["content"].clone()).collect();
    assert_eq!(said, ["first", "a", "from a file", "b", "from the pipe"]);

    let output = place.play(&ada(&["-f", "nowhere.txt"]));
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("nowhere.txt: cannot read the message"), "{output:?}");
    place.write("library/odd.txt", "");
    std::fs::write(place.path("library/odd.txt"), b"ok\xff").unwrap();
    let output = place.play(&ada(&["-f", "odd.txt"]));
    assert!(text(&output.stderr).contains("odd.txt: the message is not UTF-8 at byte 2"), "{output:?}");
    let output = place.play(&ada(&["-m", "-", "-f", "-"]));
    assert!(text(&output.stderr).contains("standard input can be only one message"), "{output:?}");
    assert_eq!(server.received().len(), 3);
}

#[test]
fn another_version_is_asked_the_same_and_the_words_that_differ_are_told() {
    let server = replies(&["Hello there.", "Hello you."]);
    let place = Place::new().at(&server);
    place.write("library/prompts/hello/v1.0.0_2024-01-15/system_prompt.txt", "You serve {{user_name}}.\n");
    let output = place.play(&ada(&["-m", "hi", "--compare", "hello@1.0.0", "--json"]));
    let document = document(&output);
    assert_eq!(code(&output), 0, "{output:?}");
    assert_eq!(document["from"]["reference"], "hello@draft");
    assert_eq!((&document["to"]["reference"], &document["to"]["reply"]), (&json!("hello@1.0.0"), &json!("Hello you.")));
    assert_eq!(document["same"], false);
    let word = |side: &str| {
        let reply = document[side]["reply"].as_str().unwrap();
        let span = &document["words"][side][0];
        reply[span[0].as_u64().unwrap() as usize..span[1].as_u64().unwrap() as usize].to_owned()
    };
    assert_eq!((word("from").as_str(), word("to").as_str()), ("there", "you"));
    let prompts: Vec<_> = server.received().iter().map(|sent| sent.body["messages"][0]["content"].clone()).collect();
    assert_eq!(prompts, ["You help Ada Lovelace.\n", "You serve Ada Lovelace.\n"]);

    let server = replies(&["Hello there.\n", "Hello you.\n"]);
    let place = place.at(&server);
    let output = place.play(&ada(&["-m", "hi", "--compare", "hello@1.0.0"]));
    let expected =
        "--- hello@draft with openai:m-1\n+++ hello@1.0.0 with openai:m-1\n@@ -1 +1 @@\n-Hello there.\n+Hello you.\n";
    assert_eq!((code(&output), text(&output.stdout)), (0, expected));
}

#[test]
fn when_the_second_version_cannot_be_asked_what_the_first_said_is_not_lost() {
    let refused = json_answer("400 Bad Request", r#"{"error":{"message":"no"}}"#);
    let server = FakeServer::start(vec![stream(&openai_reply(&["the first"])), refused.clone()]);
    let place = Place::new().at(&server);
    place.write("library/prompts/hello/v1.0.0_2024-01-15/system_prompt.txt", "You serve.\n");
    let output = place.play(&ada(&["-m", "hi", "--compare", "hello@1.0.0", "--json"]));
    let document = document(&output);
    assert_eq!((code(&output), &document["from"]["reply"]), (3, &json!("the first")));
    assert_eq!(document["to"]["finish"], "error");
    let server = FakeServer::start(vec![refused]);
    let place = place.at(&server);
    let output = place.play(&ada(&["-m", "hi", "--compare", "hello@1.0.0"]));
    assert_eq!((code(&output), server.received().len()), (3, 1), "the second is not asked: {output:?}");
}

#[test]
fn a_parameter_of_the_command_line_is_sent_and_a_wrong_one_sends_nothing() {
    let server = replies(&["ok"]);
    let place = Place::new().at(&server);
    place.write("library/prompts/hello/draft/config.json", r#"{"temperature": 0.9, "top_p": 0.5, "stop": ["A"]}"#);
    let output =
        place.play(&ada(&["-m", "hi", "--param", "temperature=0.25", "--param", "top_p=", "--param", "stop=B"]));
    assert_eq!(code(&output), 0, "{output:?}");
    let body = server.received().pop().unwrap().body;
    assert_eq!((&body["temperature"], &body["top_p"], &body["stop"]), (&json!(0.25), &Value::Null, &json!(["B"])));
    for (param, wanted) in [
        ("temperature=hot", "temperature is a number from 0 to 2"),
        ("temprature=1", "did you mean temperature?"),
        ("seed=1", "there are max_tokens, temperature, top_p, stop, thinking"),
        ("thinking", "is not NAME=VALUE"),
    ] {
        let output = place.play(&ada(&["-m", "hi", "--param", param]));
        assert_eq!(code(&output), 2, "{param}");
        assert!(text(&output.stderr).contains(wanted), "{output:?}");
    }
    let output =
        place.play(&["-m", "hi", "--values", "ada", "--model", "anthropic:claude-opus-5", "--param", "temperature=1"]);
    assert_eq!(code(&output), 2, "{output:?}");
    assert!(text(&output.stderr).contains("`temperature` would not be sent: claude-opus-5 takes none"), "{output:?}");
    assert_eq!(server.received().len(), 1);
}

#[test]
fn the_json_of_a_reply_is_held_against_the_schema_that_the_configuration_names_and_only_then() {
    let config = |place: &Place, schema: &str| {
        place.write("library/prompts/hello/draft/config.json", &format!("{{\"schema\": {schema}}}"));
    };
    let server = FakeServer::always(stream(&openai_reply(&["{\"ok\": \"yes\"}"])));
    let place = Place::new().at(&server);
    let asked = |more: &[&str]| place.play(&ada(&[&["-m", "hi"], more].concat()));
    assert_eq!(document(&asked(&["--json"])).get("schema"), None, "none is named");
    config(&place, "\"reply.schema.json\"");
    let missing = document(&asked(&["--json"]));
    assert_eq!(missing["schema"]["ok"], Value::Null);
    assert!(missing["schema"]["why"].as_str().unwrap().contains("reply.schema.json"), "{missing}");
    config(&place, r#"{"properties": {"ok": {"type": "boolean"}}}"#);
    let found = document(&asked(&["--json"]));
    assert_eq!((&found["schema"]["ok"], &found["schema"]["findings"][0]["pointer"]), (&json!(false), &json!("/ok")));
    let told = asked(&[]);
    assert_eq!((code(&told), text(&told.stdout)), (0, "{\"ok\": \"yes\"}\n"));
    assert!(text(&told.stderr).starts_with("schema: ! at /ok: "), "{}", text(&told.stderr));
    config(&place, r#"{"type": "object"}"#);
    assert_eq!(document(&asked(&["--json"]))["schema"], json!({"ok": true, "findings": []}));
}

#[test]
fn events_come_as_lines_and_the_last_line_is_the_document() {
    let server = replies(&["Hel", "lo"]);
    let place = Place::new().at(&server);
    let output = place.play(&ada(&["-m", "hi", "-m", "more", "--json-lines"]));
    assert_eq!(code(&output), 0);
    let lines: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<String> =
        lines.iter().filter_map(|line| Some(format!("{} {}", line["event"].as_str()?, line["turn"]))).collect();
    let turn = |number: usize| ["sent", "started", "text", "usage", "done"].map(|event| format!("{event} {number}"));
    assert_eq!(events, [turn(1), turn(2)].concat());
    assert_eq!(lines[2], json!({"event": "text", "text": "Hel", "turn": 1}));
    let last = lines.last().unwrap();
    assert_eq!((&last["turns"][0]["reply"], &last["turns"][1]["reply"]), (&json!("Hel"), &json!("lo")));
    assert_eq!(lines.len(), events.len() + 1);
}

#[test]
fn bytes_come_as_the_server_sent_them() {
    let body = openai_reply(&["Grüße ", "there"]);
    let server = FakeServer::always(stream(&body));
    let place = Place::new().at(&server);
    let output = place.play(&ada(&["-m", "hi", "--raw"]));
    assert_eq!((code(&output), text(&output.stdout)), (0, body.as_str()));
    let refusal = r#"{"error":{"message":"wrong model"}}"#;
    let server = FakeServer::always(json_answer("404 Not Found", refusal));
    let output = place.at(&server).play(&ada(&["-m", "hi", "--raw"]));
    assert_eq!((code(&output), text(&output.stdout)), (3, refusal));
    let output = Place::new().play(&["-m", "hi", "--values", "ada", "--model", "offline", "--raw"]);
    assert_eq!(code(&output), 2, "{output:?}");
}

#[test]
fn an_answer_of_many_megabytes_comes_as_it_is() {
    let piece = "x".repeat(100_000);
    let body = openai_reply(&[piece.as_str(); 30]);
    let server = FakeServer::always(stream(&body));
    let output = Place::new().at(&server).play(&ada(&["-m", "hi", "--raw"]));
    assert_eq!((code(&output), output.stdout.len()), (0, body.len()));
}

fn start(place: &Place, more: &[&str]) -> Child {
    let args = [&["play", "hello"][..], &ada(&["-m", "hi"]), more].concat();
    place.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn every_signal_that_asks_to_go_keeps_what_came_and_leaves_the_run_in_the_history() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let server = silent();
        let place = Place::new().at(&server);
        let mut child = start(&place, &["--json-lines"]);
        let pid = Pid::from_raw(child.id().cast_signed()).unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("that came")), "it begins");
        kill_process(pid, signal).unwrap();
        let last: Value = serde_json::from_str(&lines.last().unwrap()).unwrap();
        assert_eq!((&last["reply"], &last["finish"]), (&json!("the part that came"), &json!("cancelled")));
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal:?}");
        assert!(server.client_went_away());
        let kept = document(&place.run(&["history", "--json"]));
        assert_eq!(kept["runs"][0]["reply"], "the part that came", "{kept}");
        assert_eq!(kept["runs"][0]["finish"], "cancelled");
    }
}

#[test]
fn a_run_whose_program_was_killed_is_in_the_history_as_interrupted() {
    let server = silent();
    let place = Place::new().at(&server);
    let secret = "[variables.user_name]\nprivacy = \"personal\"\n";
    place.write("library/prompts/hello/prompt.toml", secret);
    let mut child = start(&place, &["--json-lines"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("that came")), "it begins");
    let while_it_runs = document(&place.run(&["history", "--json"]));
    assert_eq!(while_it_runs["runs"], json!([]), "it goes on");
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = document(&place.run(&["history", "--json"]));
    let run = &kept["runs"][0];
    assert_eq!((&run["message"], &run["finish"]), (&json!("hi"), &json!("incomplete")), "{kept}");
    assert_eq!(run["error"]["kind"], "interrupted");
    assert_eq!(run["system"], "You help [user_name].\n", "personal values are masked");
    let again = document(&place.run(&["history", "--json"]));
    assert_eq!(again["runs"].as_array().map(Vec::len), Some(1), "once");
    let left = std::fs::read_dir(place.path("state/greenroom/history/unfinished")).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn a_closed_pipe_ends_it_quietly_and_stops_the_server() {
    for more in [&[][..], &["--json-lines"], &["--raw"]] {
        let event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";
        let server =
            FakeServer::always(vec![head("200 OK", "text/event-stream"), Step::Endless(event.as_bytes().to_vec())]);
        let place = Place::new().at(&server);
        let mut child = start(&place, more);
        let mut output = child.stdout.take().unwrap();
        output.read_exact(&mut [0; 5]).unwrap();
        assert!(server.request_came(), "{more:?}");
        drop(output);
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{more:?}");
        assert!(server.client_went_away(), "{more:?}");
    }
}

#[test]
fn a_reader_that_goes_ends_a_run_of_which_nothing_comes() {
    for more in [&[][..], &["--json-lines"], &["--json"], &["--no-stream"]] {
        let server = silent();
        let place = Place::new().at(&server);
        let mut child = start(&place, more);
        assert!(server.request_came());
        drop(child.stdout.take());
        assert!(server.client_went_away(), "{more:?}");
        assert_eq!(child.wait().unwrap().code(), Some(0), "{more:?}");
        let kept = document(&place.run(&["history", "--json"]));
        assert_eq!(kept["runs"][0]["finish"], "cancelled", "{more:?}: {kept}");
    }
}

#[test]
fn pieces_that_came_together_are_written_together() {
    let pieces: Vec<String> = (0..200).map(|number| format!("word {number} ")).collect();
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    let reply = openai_reply(&pieces);
    // every event in a chunk of its own, and all of them sent at once
    let events = reply.split_inclusive("\n\n").flat_map(|event| [format!("{:x}\r\n{event}\r\n", event.len())]);
    let body = events.chain(["0\r\n\r\n".to_owned()]).collect::<String>();
    let server = FakeServer::always(vec![chunked_head(), Step::Send(body.into_bytes())]);
    let place = Place::new().at(&server);
    for (more, most) in [(&[][..], 10), (&["--json-lines"], 20)] {
        // every write into such a socket stays a piece of its own
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        let args = [&["play", "hello"][..], &ada(&["-m", "hi"]), more].concat();
        let mut program = place.command(&args);
        let mut child = program.stdout(OwnedFd::from(theirs)).stderr(Stdio::null()).spawn().unwrap();
        drop(program);
        let (mut written, mut writes, mut buffer) = (String::new(), 0, vec![0; 1 << 20]);
        while child.try_wait().unwrap().is_none() || writes == 0 {
            ours.set_read_timeout(Some(std::time::Duration::from_millis(100))).unwrap();
            while let Ok(length) = ours.recv(&mut buffer) {
                writes += 1;
                written += text(&buffer[..length]);
            }
        }
        assert!(pieces.iter().all(|piece| written.contains(piece)), "{more:?}: {written}");
        assert!(writes <= most, "{more:?}: {writes} writes for 200 pieces");
    }
}

/// 20 MB cost 125 MB when five copies were held at once. The system refuses what goes beyond the limit, so that the run
/// would not end as it does.
#[cfg(target_os = "linux")]
#[test]
fn a_reply_of_many_megabytes_is_held_once_whatever_is_made_of_it() {
    let piece = "word ".repeat(200_000);
    let server = FakeServer::always(stream(&openai_reply(&[piece.as_str(); 20])));
    let place = Place::new().at(&server);
    for more in ["--no-stream", "--json"] {
        let args = [&["play", "hello"][..], &ada(&["-m", "hi"]), &[more]].concat();
        let program = place.command(&args);
        let mut limited = std::process::Command::new("/bin/sh");
        limited.args(["-c", "ulimit -d 90000; exec \"$0\" \"$@\""]).arg(program.get_program()).args(program.get_args());
        limited.env_clear().current_dir(program.get_current_dir().unwrap());
        limited.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = limited.output().unwrap();
        assert_eq!(code(&output), 0, "{more}: {}", text(&output.stderr));
        assert!(output.stdout.len() > 20_000_000, "{more}: {} bytes", output.stdout.len());
    }
}
