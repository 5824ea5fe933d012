//! A key is in one header and nowhere else: a whole run, with servers that repeat what they were sent, and then every
//! file, screen, line and document of it searched for the keys.
#![cfg(unix)]

#[expect(dead_code, reason = "the tests of the workbench use the rest of it")]
mod pty;
#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use pty::Home;
use servers::{FakeServer, anthropic_reply, json as json_answer, ollama_reply, openai_reply, responses_reply, stream};

/// One for each place that a key comes from.
const KEYS: [&str; 3] = ["sk-env-a1b2c3d4e5f6", "sk-cmd-a1b2c3d4e5f6", "sk-file-a1b2c3d4e5f6"];
const CTRL_Q: &[u8] = b"\x11";
const ENTER: &[u8] = b"\r";

/// Where in these bytes a key stands, with what is around it.
fn found_in(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let around = |at: usize| text[text.floor_char_boundary(at.saturating_sub(60))..].chars().take(120).collect();
    KEYS.iter().filter_map(|key| text.find(key)).map(around).collect()
}

fn every_file(folder: &Path, found: &mut Vec<String>) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            count += every_file(&path, found);
        } else if kind.is_file() {
            count += 1;
            let bytes = fs::read(&path).expect("a file");
            found.extend(found_in(&bytes).into_iter().map(|around| format!("{}: {around}", path.display())));
            found.extend(found_in(path.as_os_str().as_encoded_bytes()));
        }
    }
    count
}

#[test]
fn a_key_is_in_no_file_screen_line_or_document_of_a_whole_run() {
    // the key's own file is kept where nothing is searched
    let secrets = tempfile::tempdir().expect("a folder");
    let file = secrets.path().join("key");
    fs::write(&file, KEYS[2]).expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a mode");
    let script = secrets.path().join("print");
    fs::write(&script, format!("echo {}\n", KEYS[1])).expect("a file");

    let home = Home::with_samples();
    let config = home.path().join(".config/greenroom");
    fs::create_dir_all(&config).expect("a folder");
    let set_up = |api: &str, url: &str, source: &str| {
        let settings = format!("[providers.lab]\napi = \"{api}\"\nbase_url = \"{url}\"\n{source}\nmax_retries = 0\n");
        fs::write(config.join("config.toml"), settings).expect("a file");
    };
    let run = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", home.path()).env("A_KEY", KEYS[0]).current_dir(home.library());
        let output = command.args(args).stdin(Stdio::null()).output().expect("the program starts");
        (args.join(" "), [output.stdout, output.stderr].concat())
    };
    let mut told: Vec<(String, Vec<u8>)> = Vec::new();
    let sources = [
        "api_key_env = \"A_KEY\"".to_owned(),
        format!("api_key_command = [\"sh\", \"{}\"]", script.display()),
        format!("api_key_file = \"{}\"", file.display()),
    ];
    for (api, path, reply) in [
        ("openai", "/v1", openai_reply as fn(&[&str]) -> String),
        ("anthropic", "", anthropic_reply),
        ("openai-responses", "/v1", responses_reply),
        ("ollama", "", ollama_reply),
    ] {
        for (key, source) in KEYS.iter().zip(&sources) {
            let (first, second) = key.split_at(9);
            let answers = [
                stream(&reply(&["you sent ", first, second, ", or so"])),
                json_answer(
                    "401 Unauthorized",
                    &format!("{{\"error\":{{\"message\":\"wrong: {key}\",\"code\":\"{key}\"}}}}"),
                ),
                stream(&format!("data: {{\"x\":\"{key}\"}}\n\ndata: {key}: what?\n\n")),
                stream(&format!("<html>{key}</html>")),
                stream(&format!("data: {{\"error\":{{\"message\":\"{key}\"}}}}\n\n")),
            ];
            for (answer, more) in
                answers.into_iter().zip([&["--json"][..], &["-v"], &["--json"], &[], &["--no-stream"]])
            {
                let server = FakeServer::always(answer);
                set_up(api, &(server.url() + path), source);
                let play =
                    ["play", "customer_support@latest", "--values", "new_free_user", "-m", "hi", "--model", "lab:m-1"];
                told.push(run(&[&play[..], more].concat()));
                let sent = server.received();
                assert!(!sent.is_empty() && sent.iter().all(|request| request.head.contains(key)), "the key goes out");
                assert!(sent.iter().all(|request| found_in(request.body.to_string().as_bytes()).is_empty()));
            }
            let list = format!("{{\"data\":[{{\"id\":\"m-1\"}},{{\"id\":\"{key}\"}}]}}");
            let server = FakeServer::always(json_answer("200 OK", &list));
            set_up(api, &(server.url() + path), source);
            for command in
                [&["models"][..], &["models", "--json"], &["doctor"], &["config", "show"], &["config", "check"]]
            {
                told.push(run(command));
            }
        }
    }

    // the workbench: a reply and an error that repeat the key, with the journal and all that is kept
    let error = json_answer("401 Unauthorized", &format!("{{\"error\":{{\"message\":\"wrong: {}\"}}}}", KEYS[0]));
    let server = FakeServer::start(vec![stream(&openai_reply(&["you sent ", KEYS[0]])), error]);
    set_up("openai", &(server.url() + "/v1"), &sources[0]);
    home.write("customer_support/draft/config.json", "{\"model\": \"lab:m-1\"}\n");
    let mut session = home.open_with((120, 40), &[], &[("A_KEY", KEYS[0])]);
    session.sees(" NAV ");
    session.type_text("2i");
    session.sees(" EDIT ");
    session.type_text("Hello");
    session.send(ENTER);
    session.sees("you sent [key]");
    session.sees("ok, done");
    session.type_text("Again");
    session.send(ENTER);
    session.sees("does not accept the key");
    session.send(CTRL_Q);
    session.ended();
    told.push(("the workbench".to_owned(), session.raw.clone()));

    let mut found = Vec::new();
    let files = every_file(home.path(), &mut found);
    assert!(files > 20 && told.len() > 100, "{files} files and {} outputs are not a whole run", told.len());
    for (what, bytes) in &told {
        found.extend(found_in(bytes).into_iter().map(|around| format!("{what}: {around}")));
    }
    assert!(found.is_empty(), "{found:#?}");
}
