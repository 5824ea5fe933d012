//! Runs of the real workbench against servers on this machine: what is kept of them when the program goes.
#![cfg(unix)]

#[expect(dead_code, reason = "the other tests of the workbench use the rest of it")]
mod pty;
#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

use std::fs;

use pty::{Home, Session};
use rustix::process::Signal;
use serde_json::{Value, json};
use servers::{FakeServer, Step, head, openai_reply};

const ENTER: &[u8] = b"\r";

/// A server that says a few words and then nothing more.
fn silent() -> FakeServer {
    let whole = openai_reply(&["the part ", "that came"]);
    let begun = whole.split("data: {\"choices\":[{\"index\":0,\"delta\":{},").next().expect("a beginning").to_owned();
    FakeServer::always(vec![head("200 OK", "text/event-stream"), Step::Send(begun.into_bytes()), Step::Hold])
}

/// The Play screen, whose model is this server.
fn playing(home: &Home, server: &FakeServer) -> Session {
    let config = home.path().join(".config/greenroom");
    fs::create_dir_all(&config).expect("a folder");
    let settings = format!("[providers.lab]\napi = \"openai\"\nbase_url = \"{}/v1\"\n", server.url());
    fs::write(config.join("config.toml"), settings).expect("a file");
    home.write("customer_support/draft/config.json", "{\"model\": \"lab:m-1\"}\n");
    let mut session = home.open((120, 40));
    session.sees(" NAV ");
    session.type_text("2i");
    session.sees(" EDIT ");
    session
}

fn kept(home: &Home) -> Value {
    let output = home.run(&["history", "--json"]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn a_run_of_a_workbench_that_was_killed_is_in_the_history_as_interrupted() {
    let home = Home::with_samples();
    let server = silent();
    let mut session = playing(&home, &server);
    session.type_text("Where is my board?");
    session.send(ENTER);
    session.sees("that came");
    assert_eq!(kept(&home)["runs"], json!([]), "it goes on");
    session.signal(Signal::KILL);
    session.ended();

    // the next start takes it in, and shows it
    let mut session = home.open((120, 40));
    session.sees(" NAV ");
    session.send(b"\x1bOR");
    session.sees("Where is my board?");
    session.quit();
    let kept = kept(&home);
    let run = &kept["runs"][0];
    assert_eq!((&run["message"], &run["finish"]), (&json!("Where is my board?"), &json!("incomplete")), "{kept}");
    assert_eq!(run["error"]["kind"], "interrupted");
    assert_eq!(kept["runs"].as_array().map(Vec::len), Some(1), "once");
    let notes = home.path().join(".local/state/greenroom/history/unfinished");
    assert_eq!(fs::read_dir(notes).expect("the folder of notes").count(), 0);
}

#[test]
fn a_run_that_ends_with_the_program_is_kept_with_what_came_and_leaves_no_note() {
    let home = Home::with_samples();
    let server = silent();
    let mut session = playing(&home, &server);
    session.type_text("Where is my board?");
    session.send(ENTER);
    session.sees("that came");
    session.signal(Signal::TERM);
    session.ended();
    let kept = kept(&home);
    let run = &kept["runs"][0];
    assert_eq!((&run["reply"], &run["finish"]), (&json!("the part that came"), &json!("cancelled")), "{kept}");
    assert_eq!(kept["runs"].as_array().map(Vec::len), Some(1), "once");
    let notes = home.path().join(".local/state/greenroom/history/unfinished");
    assert_eq!(fs::read_dir(notes).expect("the folder of notes").count(), 0);
}
