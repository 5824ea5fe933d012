//! Connections as the program makes them: whom it trusts, through whom it goes, what it sends nobody, and whose libraries
//! may say where a key goes.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

#[expect(dead_code, reason = "the tests of `play` use the rest of it")]
#[path = "place/asking.rs"]
mod asking;
mod place;
#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;
#[path = "servers/tls.rs"]
mod tls;

use std::fs;

use asking::{KEY, code, document, text};
use place::Place;
use serde_json::json;
use servers::{FakeServer, openai_reply, stream};
use tls::{Proxy, Seen, TlsServer};

const ASK: [&str; 6] = ["-m", "hi", "--values", "ada", "--model", "openai:m-1"];

fn answer() -> String {
    let body = openai_reply(&["encrypted"]);
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn count(seen: &Seen) -> usize {
    seen.lock().unwrap().len()
}

/// A place whose provider `openai` is at this address.
fn at(url: &str) -> Place {
    Place::new().with("OPENAI_BASE_URL", url).with("OPENAI_API_KEY", KEY)
}

#[test]
fn a_certificate_counts_when_the_authority_is_one_of_the_systems_or_is_named() {
    let server = TlsServer::start("localhost", &answer());
    let url = format!("https://localhost:{}/v1", server.port);
    let place = at(&url);
    place.write("authority.pem", &server.authority);
    let place = place.with("SSL_CERT_FILE", "../authority.pem");
    let output = place.play(&ASK);
    assert_eq!((code(&output), text(&output.stdout)), (0, "encrypted\n"), "{output:?}");
    assert!(server.seen.lock().unwrap()[0].contains(KEY), "the key goes to the server");

    let output = at(&url).play(&ASK);
    let said = text(&output.stderr);
    assert_eq!((code(&output), text(&output.stdout)), (3, ""), "{said}");
    assert!(said.contains("is not trusted") && said.contains("SSL_CERT_FILE"), "{said}");
    assert_eq!((count(&server.seen), said.lines().count()), (1, 1), "nothing was sent, and not twice: {said}");
}

#[test]
fn the_proxy_of_the_environment_is_used_and_sees_neither_key_nor_prompt() {
    let server = TlsServer::start("models.example.test", &answer());
    let proxy = Proxy::to(server.port);
    let place = || {
        let place = at("https://models.example.test/v1");
        place.write("authority.pem", &server.authority);
        place.with("SSL_CERT_FILE", "../authority.pem").with("HTTPS_PROXY", proxy.url.clone())
    };
    let output = place().play(&ASK);
    assert_eq!((code(&output), text(&output.stdout)), (0, "encrypted\n"), "{output:?}");
    let seen = proxy.seen.lock().unwrap().concat();
    assert!(seen.starts_with("CONNECT models.example.test:443 HTTP/1.1\r\n"), "{seen}");
    assert!(!seen.contains(KEY) && !seen.contains("Ada"), "{seen}");

    let output = place().with("NO_PROXY", "example.test").play(&[&ASK[..], &["-q"]].concat());
    assert_eq!((code(&output), count(&proxy.seen)), (3, 1), "the host is looked for without the proxy: {output:?}");
}

#[test]
fn a_public_host_is_not_asked_without_encryption_unless_the_user_says_so() {
    let proxy = FakeServer::always(stream(&openai_reply(&["in the open"])));
    let place = at("http://models.example.com/v1").with("http_proxy", proxy.url());
    let output = place.play(&[&ASK[..], &["--json"]].concat());
    let document = document(&output);
    assert_eq!((code(&output), &document["error"]["kind"]), (3, &json!("in_the_open")));
    let output = place.play(&ASK);
    let said = text(&output.stderr);
    assert!(said.contains("without encryption") && said.contains("insecure = true in [providers.openai]"), "{said}");
    assert!(proxy.received().is_empty());

    // a library cannot say it for the user
    place.write("library/greenroom.toml", "[providers.openai]\ninsecure = true\n");
    assert_eq!(code(&place.play(&ASK)), 3);
    assert!(proxy.received().is_empty());

    place.write("config/greenroom/config.toml", "[providers.openai]\ninsecure = true\n");
    let output = place.play(&ASK);
    assert_eq!((code(&output), text(&output.stdout)), (0, "in the open\n"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn a_library_runs_nothing_and_gets_no_key_until_it_is_trusted_and_again_when_it_changes() {
    let server = FakeServer::always(stream(&openai_reply(&["with the key"])));
    let place = Place::new().with("OTHER_KEY", KEY);
    let library = |command: &str| {
        format!(
            "[providers.lab]\napi = \"openai\"\nbase_url = \"{0}/v1\"\napi_key_command = [\"sh\", \"-c\", \"{command}\"]\n\
             [providers.thief]\napi = \"openai\"\nbase_url = \"{0}/v1\"\napi_key_env = \"OTHER_KEY\"\n",
            server.url()
        )
    };
    let marks = place.path("ran").display().to_string();
    place.write("library/greenroom.toml", &library(&format!("touch {marks}; echo {KEY}")));
    let ask = |model: &str| place.play(&["-m", "hi", "--values", "ada", "--model", model]);
    for model in ["lab:m", "thief:m"] {
        let output = ask(model);
        assert_eq!(code(&output), 2, "{output:?}");
        assert!(text(&output.stderr).contains("greenroom trust"), "{output:?}");
    }
    assert!(!place.path("ran").exists() && server.received().is_empty(), "something was run or sent");

    let output = place.command(&["trust"]).output().unwrap();
    let said = text(&output.stdout);
    assert_eq!(code(&output), 0, "{output:?}");
    assert!(
        said.contains("lab: runs `sh -c touch") && said.contains("thief: sends the key in $OTHER_KEY to http://127"),
        "{said}"
    );
    assert_eq!(text(&ask("lab:m").stdout), "with the key\n");
    assert!(place.path("ran").exists());
    assert_eq!(server.received()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));

    // other settings do not matter, another command does
    let changed = library(&format!("touch {marks}; echo {KEY}")) + "[prices.\"lab:m\"]\ninput = 1\n";
    place.write("library/greenroom.toml", &changed);
    assert_eq!(code(&ask("lab:m")), 0);
    place.write("library/greenroom.toml", &library("echo another"));
    assert_eq!(code(&ask("lab:m")), 2);

    let shown = document(&place.command(&["trust", "--json"]).output().unwrap());
    assert_eq!((&shown["trusted"], shown["grants"].as_array().map(Vec::len)), (&json!(true), Some(2)));
    assert_eq!(code(&place.command(&["trust", "--revoke"]).output().unwrap()), 0);
    assert_eq!(code(&ask("lab:m")), 2);
    fs::remove_file(place.path("library/greenroom.toml")).unwrap();
    let output = place.run(&["trust"]);
    assert!(text(&output.stdout).contains("nothing to trust"), "{output:?}");
}
