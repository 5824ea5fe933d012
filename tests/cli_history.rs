//! `history` as a user and a script meet it: what `play` leaves behind, and how it is found, shown and deleted.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

#[expect(dead_code, reason = "the tests of servers use the rest of it")]
mod place;

use std::fs;
use std::process::Output;

use place::Place;
use serde_json::Value;

const DECLARED: &str = "[variables.user_name]\nprivacy = \"personal\"\nexample = \"Sam\"\n";

fn place() -> Place {
    Place::with_files(&[
        ("library/prompts/hello/draft/system_prompt.txt", "You help {{user_name}}.\n"),
        ("library/prompts/hello/prompt.toml", DECLARED),
    ])
}

fn run(place: &Place, args: &[&str]) -> Output {
    place.command(args).output().unwrap()
}

fn play(place: &Place, message: &str) {
    let said = ["play", "hello", "--model", "offline", "--set", "user_name=Ada Lovelace", "-m", message];
    let output = run(place, &said);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stderr), "");
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn json(place: &Place, args: &[&str]) -> Value {
    let output = run(place, args);
    assert!(output.status.success(), "{args:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_run_is_listed_shown_found_and_exported() {
    let place = place();
    play(&place, "Where is my refund?");
    play(&place, "Ada Lovelace asks again");
    let runs = json(&place, &["history", "--json"]);
    let runs = runs["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0]["message"], "[user_name] asks again", "the newest first, masked");
    let first = &runs[1];
    let fields = ["prompt", "version", "model", "finish"].map(|field| first[field].as_str().unwrap().to_owned());
    assert_eq!(fields, ["hello", "draft", "offline", "end"]);
    assert_eq!(first["system"], "You help [user_name].\n");
    assert_eq!(first["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(first["cost"], 0.0);
    let id = first["id"].to_string();
    assert_eq!(json(&place, &["history", "show", &id, "--json"]), *first);
    assert_eq!(json(&place, &["history", "search", "refu", "--json"])["runs"], Value::Array(vec![first.clone()]));
    assert_eq!(json(&place, &["history", "search", "nobody", "--json"])["runs"], serde_json::json!([]));
    assert_eq!(json(&place, &["history", "list", "--prompt", "other", "--json"])["runs"], serde_json::json!([]));
    let exported = run(&place, &["history", "export"]);
    let lines: Vec<Value> = text(&exported.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, [first.clone(), runs[0].clone()], "oldest first");
    let listed = run(&place, &["history"]);
    assert!(text(&listed.stdout).contains("hello@draft  offline  end  Where is my refund?"), "{listed:?}");
    let shown = run(&place, &["history", "show", &id]);
    assert!(text(&shown.stdout).contains("--- user ---\nWhere is my refund?\n"), "{shown:?}");
}

#[test]
fn nothing_is_deleted_without_yes_and_nothing_is_left_after_it() {
    let place = place();
    play(&place, "a quokka");
    let refused = run(&place, &["history", "delete", "1"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--yes"), "{refused:?}");
    assert_eq!(json(&place, &["history", "--json"])["runs"].as_array().unwrap().len(), 1);
    assert_eq!(run(&place, &["history", "delete", "1", "99", "--yes"]).status.code(), Some(2), "all or nothing");
    assert_eq!(json(&place, &["history", "delete", "1", "--yes", "--json"])["deleted"], serde_json::json!([1]));
    assert_eq!(json(&place, &["history", "--json"])["runs"], serde_json::json!([]));
    let mut waiting = vec![place.path("state/greenroom")];
    let mut looked = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        looked += 1;
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"quokka"), "{}", path.display());
    }
    assert!(looked > 0);
    assert_eq!(run(&place, &["history", "show", "1"]).status.code(), Some(2));
}

#[test]
fn without_a_run_there_is_nothing_to_show_and_nothing_is_made() {
    let place = place();
    let listed = run(&place, &["history"]);
    assert_eq!((listed.status.code(), text(&listed.stdout)), (Some(0), ""));
    assert_eq!(json(&place, &["history", "--json"])["runs"], serde_json::json!([]));
    assert_eq!(text(&run(&place, &["history", "export"]).stdout), "");
    assert_eq!(run(&place, &["history", "show", "1"]).status.code(), Some(2));
    assert_eq!(run(&place, &["history", "delete", "1", "--yes"]).status.code(), Some(2));
    assert!(!place.path("state/greenroom/history").exists());
}

#[test]
fn who_wants_no_history_has_none_and_who_wants_real_values_sees_them_when_asked() {
    let place = place();
    place.write("config/greenroom/config.toml", "[history]\nkeep = false\n");
    play(&place, "not kept");
    assert_eq!(json(&place, &["history", "--json"])["runs"], serde_json::json!([]));
    place.write("config/greenroom/config.toml", "[history]\nreal_values = true\n");
    play(&place, "kept");
    assert_eq!(json(&place, &["history", "--json"])["runs"][0]["system"], "You help [user_name].\n");
    let real = json(&place, &["history", "show", "1", "--real-values", "--json"]);
    assert_eq!(real["system"], "You help Ada Lovelace.\n");
}

#[test]
fn a_history_that_cannot_be_written_stops_no_run() {
    let place = place();
    // a file where its folder would be
    place.write("state/greenroom/history", "");
    let output = run(&place, &["play", "hello", "--model", "offline", "--set", "user_name=x", "-m", "hi", "--json"]);
    assert!(output.status.success());
    assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok());
    assert!(text(&output.stderr).contains("this run is not in the history"), "{output:?}");
}

#[test]
fn a_damaged_history_is_put_aside_and_said() {
    let place = place();
    play(&place, "first");
    place.write("state/greenroom/history/runs.db", &"no database ".repeat(500));
    let listed = run(&place, &["history"]);
    assert_eq!(listed.status.code(), Some(2));
    assert!(text(&listed.stderr).contains("damaged"), "{listed:?}");
    let said = ["play", "hello", "--model", "offline", "--set", "user_name=x", "-m", "hi"];
    let output = run(&place, &said);
    assert!(output.status.success() && text(&output.stderr).contains("runs.damaged-1"), "{output:?}");
    assert_eq!(json(&place, &["history", "--json"])["runs"].as_array().unwrap().len(), 1);
}
