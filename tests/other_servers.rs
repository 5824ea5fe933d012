//! Servers that nobody here wrote, over loopback. The program of such a server is not part of the repository: where it is
//! not installed, the test says so and proves nothing; `docs/MODELS.md` tells how to install it.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// What the server answers to which message.
const FIXTURES: &str = r#"{"fixtures": [
    {"match": {"userMessage": "hello"}, "response": {"content": "Grüße 👩‍👧! And a second line.\nEnd."}},
    {"match": {"userMessage": "tool"}, "response": {"toolCalls": [{"name": "weather", "arguments": "{\"city\":\"Bonn\"}"}]}},
    {"match": {"userMessage": "busy"}, "response": {"error": {"message": "slow down", "type": "rate_limit_error"}, "status": 429}}
]}"#;

/// A mock server from the npm registry, as long as it is wanted.
struct Mock {
    child: Child,
    port: u16,
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the server's program is: named by a variable, or installed in the build folder.
fn program() -> Option<PathBuf> {
    let named = std::env::var_os("GREENROOM_LLMOCK").map(PathBuf::from);
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/other-servers/node_modules/.bin/llmock");
    named.into_iter().chain([usual]).find(|program| program.exists())
}

fn start(program: &Path, fixtures: &Path) -> Mock {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let mut child = Command::new(program)
        .args(["-p", &port.to_string(), "-f"])
        .arg(fixtures)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let output = child.stdout.take().expect("its output");
    let listens = BufReader::new(output).lines().map_while(Result::ok).any(|line| line.contains("listening"));
    assert!(listens, "the server ended before it listened");
    Mock { child, port }
}

#[test]
fn a_mock_server_of_others_is_understood_in_all_four_protocols() {
    let Some(program) = program() else {
        println!("skipped: llmock of @copilotkit/aimock is not installed; docs/MODELS.md says how");
        return;
    };
    let dir = tempfile::tempdir().expect("a folder");
    let write = |file: &str, text: &str| {
        let file = dir.path().join(file);
        std::fs::create_dir_all(file.parent().expect("its folder")).expect("its folder");
        std::fs::write(file, text).expect("a file");
    };
    write("fixtures/all.json", FIXTURES);
    write("library/prompts/hello/draft/system_prompt.txt", "You help.\n");
    let mock = start(&program, &dir.path().join("fixtures"));
    let url = format!("http://127.0.0.1:{}", mock.port);
    for (api, base_url, model) in [
        ("openai", format!("{url}/v1"), "gpt-4o"),
        ("openai-responses", format!("{url}/v1"), "gpt-4o"),
        ("anthropic", url.clone(), "claude-haiku-4-5"),
        ("ollama", url.clone(), "llama3"),
    ] {
        let config = format!("[providers.mock]\napi = \"{api}\"\nbase_url = \"{base_url}\"\nmax_retries = 0\n");
        write("config/greenroom/config.toml", &config);
        let play = |message: &str, more: &[&str]| -> Output {
            let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
            command.env_clear().env("HOME", dir.path()).env("XDG_CONFIG_HOME", dir.path().join("config"));
            command.current_dir(dir.path().join("library")).stdin(Stdio::null());
            command.args(["play", "hello", "-m", message, "--model", &format!("mock:{model}")]).args(more);
            command.output().expect("it runs")
        };
        for more in [&[][..], &["--no-stream"]] {
            let output = play("hello", more);
            let said = String::from_utf8_lossy(&output.stdout);
            assert_eq!(
                (output.status.code(), &*said),
                (Some(0), "Grüße 👩‍👧! And a second line.\nEnd.\n"),
                "{api} {output:?}"
            );
        }
        let output = play("tool", &["--json"]);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a document");
        assert_eq!((&document["finish"], &document["tools"][0]["name"]), (&"tool".into(), &"weather".into()), "{api}");
        assert_eq!(document["tools"][0]["arguments"], "{\"city\":\"Bonn\"}", "{api}");
        let output = play("busy", &["--json"]);
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a document");
        assert_eq!((output.status.code(), &document["error"]["kind"]), (Some(3), &"rate_limited".into()), "{api}");
    }
}
