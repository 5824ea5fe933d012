//! What is shown of a request and of its answer is what goes over the wire, in every protocol: foreseen, sent, received,
//! and as a command that is pasted into a shell; and no key is in any of it.
#![cfg(unix)]

#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use greenroom::config::{Api, KeySource, Provider, Settings, Switches};
use greenroom::model::envelope::MOST_RAW;
use greenroom::model::{Envelope, Event, ModelName, Models, Offline, Params, Request, Role, Timeouts, Turn, Wire};
use servers::{
    FakeServer, Received, Step, anthropic_reply, head, json as json_answer, ollama_reply, openai_reply,
    responses_reply, stream,
};

const KEY: &str = "sk-test-0123/456789abcdef";
const OTHER: &str = "tok-9876543210";
const ALL: [Api; 4] = [Api::Anthropic, Api::OpenAi, Api::OpenAiResponses, Api::Ollama];

fn provider(api: Api, server: &FakeServer) -> Provider {
    let path = if matches!(api, Api::OpenAi | Api::OpenAiResponses) { "/v1" } else { "" };
    let second = Duration::from_secs(5);
    Provider {
        name: "fake".into(),
        api,
        base_url: server.url() + path,
        key: KeySource::Env("FAKE_KEY".into()),
        headers: vec![("X-Team".into(), "it's \"ours\" $HOME".into()), ("X-Auth-Token".into(), OTHER.into())],
        timeouts: Timeouts { connect: second, first_byte: second, idle: second, pause: Duration::from_millis(1) },
        max_retries: 0,
        switches: Switches { num_ctx: Some(8192), ..Switches::default() },
    }
}

fn models(provider: Provider) -> Models {
    let mut settings = Settings::default();
    settings.providers.insert(provider.name.clone(), provider);
    Models::in_environment(&settings, Offline::instant(), |name| (name == "FAKE_KEY").then(|| KEY.to_owned()))
}

fn request(system: &str) -> Request {
    Request {
        model: ModelName::parse("fake:m-1").expect("a name"),
        system: system.to_owned(),
        turns: vec![Turn {
            role: Role::User, text: "It's `$HOME`, \"$(id)\" \\n\n漢字 👩‍👩‍👧!\u{1}".into()
        }],
        params: Params { max_tokens: Some(64), ..Params::default() },
        stream: true,
    }
}

fn reply(api: Api) -> String {
    match api {
        Api::Anthropic => anthropic_reply(&["Hé", "llo"]),
        Api::OpenAi => openai_reply(&["Hé", "llo"]),
        Api::OpenAiResponses => responses_reply(&["Hé", "llo"]),
        Api::Ollama | Api::Offline => ollama_reply(&["Hé", "llo"]),
    }
}

/// What a run shows of the wire: the requests, the heads and the bodies of the answers, and whether something was cut.
#[derive(Debug, Default)]
struct Seen {
    requests: Vec<Arc<Envelope>>,
    heads: Vec<String>,
    body: String,
    cut: bool,
}

async fn run(models: &Models, request: Request) -> Seen {
    let mut events = models.get(&request.model).expect("it is set up").run(request);
    let mut seen = Seen::default();
    while let Some(event) = events.next().await {
        match event {
            Event::Wire(Wire::Request(envelope)) => seen.requests.push(envelope),
            Event::Wire(Wire::Head(head)) => seen.heads.push(head),
            Event::Wire(Wire::Body(piece)) => seen.body += &piece,
            Event::Wire(Wire::Cut) => seen.cut = true,
            _ => {}
        }
    }
    let shown = format!("{seen:?} {:?}", seen.requests.iter().map(|request| request.curl()).collect::<Vec<_>>());
    assert!(!shown.contains(KEY) && !shown.contains(OTHER), "a key is shown: {shown}");
    seen
}

/// The request line and the headers as they came, sorted, without what names the connection.
fn lines(received: &Received) -> Vec<String> {
    let mut lines: Vec<String> = received.head.trim_end().lines().map(str::to_owned).collect();
    lines.retain(|line| !line.starts_with("host:") && !line.starts_with("Host:"));
    lines.iter_mut().skip(1).for_each(|line| {
        if let Some((name, value)) = line.split_once(": ") {
            *line = format!("{}: {value}", name.to_ascii_lowercase());
        }
    });
    lines.sort();
    lines
}

/// What an envelope says the server gets.
fn told(envelope: &Envelope, server: &FakeServer) -> Vec<String> {
    let path = envelope.url.strip_prefix(&server.url()).expect("it goes there");
    let mut lines = vec![format!("POST {path} HTTP/1.1"), format!("content-length: {}", envelope.body.len())];
    for header in &envelope.headers {
        let secret = match header.secret.as_deref() {
            Some("FAKE_KEY") => KEY,
            Some("GREENROOM_X_AUTH_TOKEN") => OTHER,
            Some(other) => panic!("{other}"),
            None => "",
        };
        lines.push(format!("{}: {}{secret}", header.name, header.value));
    }
    lines.sort();
    lines
}

/// Pastes the command into `shell`.
fn paste(shell: &str, command: &str) -> Option<std::process::Output> {
    let mut program = Command::new(shell);
    program.env("FAKE_KEY", KEY).env("GREENROOM_X_AUTH_TOKEN", OTHER).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = program.stderr(Stdio::piped()).spawn().ok()?;
    std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), command.as_bytes()).expect("it reads");
    child.wait_with_output().ok()
}

#[tokio::test]
async fn what_is_foreseen_is_what_is_sent_and_what_the_server_gets_byte_for_byte() {
    for api in ALL {
        let server = FakeServer::always(stream(&reply(api)));
        let models = models(provider(api, &server));
        let foreseen = models.foresee(request("Be \"brief\".\n")).await.expect("it can be sent");
        assert!(server.received().is_empty(), "nothing is sent to see it");
        let seen = run(&models, request("Be \"brief\".\n")).await;
        let [sent] = seen.requests.as_slice() else { panic!("{seen:?}") };
        assert_eq!(**sent, foreseen, "{api:?}");
        let received = &server.received()[0];
        assert_eq!(received.bytes, foreseen.body.as_bytes(), "{api:?}");
        assert_eq!(lines(received), told(&foreseen, &server), "{api:?}");
    }
}

#[tokio::test]
async fn the_raw_answer_is_what_came_with_its_status_and_its_headers() {
    for api in ALL {
        let body = reply(api);
        let server = FakeServer::always(stream(&body));
        let seen = run(&models(provider(api, &server)), request("x")).await;
        assert_eq!(seen.body, body, "{api:?}");
        assert_eq!(seen.heads, ["HTTP/1.1 200 OK\ncontent-type: text/event-stream\nconnection: close\n"], "{api:?}");
    }
    let server = FakeServer::always(json_answer("401 Unauthorized", "{\"error\":{\"message\":\"no\"}}"));
    let seen = run(&models(provider(Api::OpenAi, &server)), request("x")).await;
    assert!(seen.heads[0].starts_with("HTTP/1.1 401 Unauthorized\n"), "{seen:?}");
    assert_eq!(seen.body, "{\"error\":{\"message\":\"no\"}}");
}

#[tokio::test]
async fn a_key_that_the_server_repeats_is_not_in_the_raw_answer_however_it_is_cut() {
    let escaped = KEY.replace('/', "\\/");
    let words = format!("data: {{\"k\":\"{KEY}\",\"e\":\"{escaped}\",\"t\":\"{OTHER}\",\"é\":1}}\n\n");
    let body = words.clone() + &openai_reply(&["x"]);
    for size in [1, 2, 3, 7, 1000] {
        let pieces = body.as_bytes().chunks(size).map(|piece| Step::Send(piece.to_vec()));
        let answer = [head("200 OK", &format!("text/event-stream\r\nx-seen: {KEY}\r\nset-cookie: a={OTHER}"))];
        let server = FakeServer::always(answer.into_iter().chain(pieces).collect());
        let seen = run(&models(provider(Api::OpenAi, &server)), request("x")).await;
        let clean =
            "data: {\"k\":\"[key]\",\"e\":\"[key]\",\"t\":\"[key]\",\"é\":1}\n\n".to_owned() + &openai_reply(&["x"]);
        assert_eq!(seen.body, clean, "in pieces of {size}");
        assert!(seen.heads[0].contains("x-seen: [key]\nset-cookie: [cookie]\n"), "{}", seen.heads[0]);
    }
}

#[tokio::test]
async fn no_more_than_a_megabyte_of_an_answer_is_kept() {
    let comment = format!(": {}\n\n", "x".repeat(99_996));
    let server = FakeServer::always(stream(&(comment.repeat(15) + &openai_reply(&["x"]))));
    let seen = run(&models(provider(Api::OpenAi, &server)), request("x")).await;
    assert_eq!((seen.body.len(), seen.cut), (MOST_RAW, true));
}

#[tokio::test]
async fn a_pasted_curl_command_sends_the_same_request_in_every_protocol_and_shell() {
    if Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: there is no curl on this machine");
        return;
    }
    for api in ALL {
        for system in ["Be 'brief'.\n".to_owned(), "many words, it's said ".repeat(20_000)] {
            let server = FakeServer::always(stream(&reply(api)));
            let mut provider = provider(api, &server);
            provider.switches.num_ctx = Some(1 << 20);
            let envelope = models(provider).foresee(request(&system)).await.expect("it can be sent");
            for shell in ["sh", "bash", "dash", "zsh"] {
                let before = server.received().len();
                let Some(output) = paste(shell, &envelope.curl()) else { continue };
                assert_eq!(String::from_utf8_lossy(&output.stdout), reply(api), "{api:?} in {shell}: {output:?}");
                let received = &server.received()[before];
                assert!(received.bytes == envelope.body.as_bytes(), "{api:?} in {shell}");
                assert_eq!(lines(received), told(&envelope, &server), "{api:?} in {shell}");
            }
        }
    }
}

#[tokio::test]
async fn the_command_names_a_variable_of_its_own_where_the_key_comes_from_a_command_or_a_file() {
    let server = FakeServer::always(stream(&reply(Api::Anthropic)));
    for key in [
        KeySource::Command(vec!["false".into()]),
        KeySource::File("/nowhere".into()),
        KeySource::Env("NOT A; VARIABLE".into()),
    ] {
        let provider = Provider { key, headers: Vec::new(), ..provider(Api::Anthropic, &server) };
        let envelope = models(provider).foresee(request("x")).await.expect("no key is fetched for it");
        assert_eq!(envelope.variables(), ["GREENROOM_API_KEY"]);
        assert!(envelope.curl().contains("-H 'x-api-key: '\"$GREENROOM_API_KEY\""), "{}", envelope.curl());
    }
}
