//! The adapters against a server that misbehaves in every way that servers are known to: a legal answer, however it is
//! cut and dressed, comes out byte for byte; a broken one ends as what it is, with the part that came.

mod servers;

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use greenroom::config::{Api, KeySource, LimitName, Provider, Settings, Switches, SystemRole};
use greenroom::model::discover::discover_at;
use greenroom::model::{
    Context, Event, Failure, FailureKind, Finish, ModelName, Models, Offline, Params, Request, Role, Timeouts,
    ToolCall, Turn, Unsent, Usage, Wire,
};
use serde_json::{Value, json};
use servers::{
    Answer, FakeServer, Step, anthropic_reply, anthropic_start, chunked_head, chunks, head, json as json_answer,
    ollama_reply, openai_reply, responses_reply, stream,
};

const KEY: &str = "sk-test-0123456789abcdef";
const BOTH: [Api; 2] = [Api::Anthropic, Api::OpenAi];
const ALL: [Api; 4] = [Api::Anthropic, Api::OpenAi, Api::OpenAiResponses, Api::Ollama];

/// Everything that came of one run.
#[derive(Debug, Default)]
struct Outcome {
    text: String,
    thinking: String,
    usage: Usage,
    finish: Option<Finish>,
    failure: Option<Failure>,
    sent: Vec<Value>,
    waits: Vec<Failure>,
    events: usize,
    unsent: Vec<Unsent>,
    refusal: String,
    refused: Option<(String, String)>,
    tools: Vec<ToolCall>,
    context: Option<Context>,
    wire: Vec<Wire>,
}

impl Outcome {
    fn kind(&self) -> Option<FailureKind> {
        self.failure.as_ref().map(|failure| failure.kind)
    }

    fn words(&self) -> &str {
        self.failure.as_ref().and_then(|failure| failure.detail.as_deref()).unwrap_or_default()
    }

    #[track_caller]
    fn is(&self, finish: Finish, kind: Option<FailureKind>, text: &str) {
        assert_eq!((self.finish, self.kind(), self.text.as_str()), (Some(finish), kind, text), "{self:#?}");
    }
}

fn provider(api: Api, server: &FakeServer) -> Provider {
    let path = if matches!(api, Api::OpenAi | Api::OpenAiResponses) { "/v1" } else { "" };
    Provider {
        name: "fake".into(),
        api,
        base_url: server.url() + path,
        key: KeySource::Env("FAKE_KEY".into()),
        headers: Vec::new(),
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(10),
            idle: Duration::from_secs(10),
            pause: Duration::from_millis(1),
        },
        max_retries: 0,
        switches: Switches::default(),
    }
}

fn models(provider: Provider) -> Models {
    let mut settings = Settings::default();
    settings.providers.insert(provider.name.clone(), provider);
    Models::in_environment(&settings, Offline::instant(), |name| (name == "FAKE_KEY").then(|| KEY.to_owned()))
}

/// Gives the limits that let a test of silence end soon.
fn impatient(mut provider: Provider) -> Provider {
    let short = Duration::from_millis(250);
    provider.timeouts = Timeouts { connect: short, first_byte: short, idle: short, pause: Duration::from_millis(1) };
    provider
}

fn request() -> Request {
    Request {
        model: ModelName::parse("fake:m-1").expect("a name"),
        system: "Be brief.\n".into(),
        turns: vec![Turn { role: Role::User, text: "Hi".into() }],
        params: Params::default(),
        stream: true,
    }
}

async fn run(provider: Provider, request: Request) -> Outcome {
    let models = models(provider);
    let mut reply = models.get(&request.model).expect("the provider is set up").run(request);
    let mut outcome = Outcome::default();
    while let Some(event) = reply.next().await {
        assert!(outcome.finish.is_none(), "{event:?} came after the end");
        outcome.events += 1;
        match event {
            Event::Unsent(unsent) => outcome.unsent = unsent,
            Event::Sent(body) => outcome.sent.push(body),
            Event::Waiting { failure, .. } => outcome.waits.push(failure),
            Event::Started => {}
            Event::Wire(wire) => outcome.wire.push(wire),
            Event::Text(text) => outcome.text += &text,
            Event::Refusal(text) => outcome.refusal += &text,
            Event::Tool(call) => outcome.tools.push(call),
            Event::Refused { category, explanation } => outcome.refused = Some((category, explanation)),
            Event::Context(context) => outcome.context = Some(context),
            Event::Thinking(text) => outcome.thinking += &text,
            Event::Usage(usage) => outcome.usage = usage,
            Event::Done { finish, failure } => (outcome.finish, outcome.failure) = (Some(finish), failure),
        }
    }
    let shown = format!("{outcome:?}");
    assert!(!shown.contains(KEY), "the key is shown: {shown}");
    outcome
}

async fn ask(api: Api, answer: Answer) -> Outcome {
    let server = FakeServer::always(answer);
    run(provider(api, &server), request()).await
}

/// Whether the server sees its client go away. Waits off the runtime, which closes the connection meanwhile.
async fn client_goes_away_from(server: impl AsRef<FakeServer> + Send + 'static) -> bool {
    tokio::task::spawn_blocking(move || server.as_ref().client_went_away()).await.expect("no panic")
}

fn reply(api: Api, pieces: &[&str]) -> String {
    match api {
        Api::Anthropic => anthropic_reply(pieces),
        Api::OpenAiResponses => responses_reply(pieces),
        Api::Ollama => ollama_reply(pieces),
        Api::OpenAi | Api::Offline => openai_reply(pieces),
    }
}

// --- what is sent -------------------------------------------------------------------------------------------------

#[tokio::test]
async fn only_what_was_set_is_sent_and_what_the_protocol_requires() {
    let server = FakeServer::always(stream(&anthropic_reply(&["x"])));
    run(provider(Api::Anthropic, &server), request()).await;
    let sent = &server.received()[0];
    assert!(sent.head.starts_with("POST /v1/messages HTTP/1.1\r\n"), "{}", sent.head);
    assert_eq!(sent.header("x-api-key"), Some(KEY));
    assert_eq!(sent.header("anthropic-version"), Some("2023-06-01"));
    assert_eq!(sent.header("accept-encoding"), Some("identity"));
    assert_eq!(sent.header("authorization"), None);
    let messages = json!([{"role": "user", "content": "Hi"}]);
    assert_eq!(
        sent.body,
        json!({"model": "m-1", "max_tokens": 4096, "system": "Be brief.\n", "messages": messages, "stream": true})
    );

    let server = FakeServer::always(stream(&openai_reply(&["x"])));
    let plain = Request { stream: false, ..request() };
    let outcome = run(provider(Api::OpenAi, &server), plain).await;
    let sent = &server.received()[0];
    assert!(sent.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", sent.head);
    assert_eq!(sent.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let messages = json!([{"role": "system", "content": "Be brief.\n"}, {"role": "user", "content": "Hi"}]);
    assert_eq!(sent.body, json!({"model": "m-1", "messages": messages}));
    assert_eq!(outcome.sent.as_slice(), std::slice::from_ref(&sent.body));
}

#[tokio::test]
async fn parameters_turns_and_headers_go_out_under_each_protocols_names() {
    let asked = Request {
        system: String::new(),
        turns: vec![
            Turn { role: Role::User, text: "a".into() },
            Turn { role: Role::Assistant, text: "b".into() },
            Turn { role: Role::User, text: "c".into() },
        ],
        params: Params {
            max_tokens: Some(9),
            temperature: Some(0.3),
            top_p: Some(0.5),
            stop: vec!["END".into()],
            thinking: None,
        },
        ..request()
    };
    for (api, limit, stop) in [(Api::Anthropic, "max_tokens", "stop_sequences"), (Api::OpenAi, "max_tokens", "stop")] {
        let server = FakeServer::always(stream(&reply(api, &["x"])));
        let mut provider = provider(api, &server);
        provider.headers = vec![("X-Title".into(), "t".into())];
        let outcome = run(provider, asked.clone()).await;
        assert_eq!(outcome.unsent, []);
        let sent = &server.received()[0];
        assert_eq!(sent.header("x-title"), Some("t"));
        assert_eq!(sent.body["system"], Value::Null);
        let roles: Vec<_> = sent.body["messages"].as_array().unwrap().iter().map(|turn| turn["role"].clone()).collect();
        assert_eq!(roles, ["user", "assistant", "user"]);
        assert_eq!(sent.body[limit], 9);
        assert_eq!(sent.body["temperature"], 0.3);
        assert_eq!(sent.body["top_p"], 0.5);
        assert_eq!(sent.body[stop], json!(["END"]));
    }
}

#[tokio::test]
async fn a_field_that_a_server_refuses_is_left_out_the_second_time_and_stays_out() {
    let refusal = r#"{"object":"error","message":"Extra inputs are not permitted: stream_options","code":422}"#;
    let server =
        FakeServer::start(vec![json_answer("422 Unprocessable Entity", refusal), stream(&openai_reply(&["ok"]))]);
    let models = models(provider(Api::OpenAi, &server));
    for _ in 0..2 {
        let events: Vec<_> = models.get(&request().model).unwrap().run(request()).collect().await;
        assert!(matches!(events.last(), Some(Event::Done { finish: Finish::End, failure: None })), "{events:?}");
    }
    let with: Vec<_> = server.received().iter().map(|request| request.body.get("stream_options").is_some()).collect();
    assert_eq!(with, [true, false, false]);

    let refusal = r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","code":"unsupported_parameter"}}"#;
    let server = FakeServer::start(vec![json_answer("400 Bad Request", refusal), stream(&openai_reply(&["ok"]))]);
    let limited = Request { params: Params { max_tokens: Some(5), ..Params::default() }, ..request() };
    run(provider(Api::OpenAi, &server), limited).await.is(Finish::End, None, "ok");
    assert_eq!(server.received()[1].body["max_completion_tokens"], 5);
    assert_eq!(server.received()[1].body.get("max_tokens"), None);
}

#[tokio::test]
async fn what_a_model_does_not_take_is_not_sent_and_said() {
    let wishes = Params { temperature: Some(0.3), top_p: Some(0.5), thinking: Some(true), ..Params::default() };
    let asked = |model: &str| Request {
        model: ModelName { provider: "fake".into(), model: model.into() },
        params: wishes.clone(),
        ..request()
    };
    let parameters = |outcome: &Outcome| outcome.unsent.iter().map(|unsent| unsent.parameter).collect::<Vec<_>>();
    for (api, model, unsent, thinking) in [
        (
            Api::Anthropic,
            "claude-quartz-9",
            &["temperature", "top_p"][..],
            json!({"type": "adaptive", "display": "summarized"}),
        ),
        (
            Api::Anthropic,
            "claude-haiku-4-5",
            &["temperature", "top_p"],
            json!({"type": "enabled", "budget_tokens": 2048}),
        ),
        (Api::OpenAi, "o3", &["temperature", "top_p"], Value::Null),
        (Api::OpenAi, "gpt-4o", &["thinking"], Value::Null),
    ] {
        let server = FakeServer::always(stream(&reply(api, &["x"])));
        let outcome = run(provider(api, &server), asked(model)).await;
        assert_eq!(parameters(&outcome), unsent, "{model}");
        let sent = &server.received()[0].body;
        assert_eq!(sent.get("temperature").is_some(), !unsent.contains(&"temperature"), "{model}");
        assert_eq!(sent["thinking"], thinking, "{model}");
    }
    let server = FakeServer::always(stream(&reply(Api::Anthropic, &["x"])));
    let mut newer = provider(Api::Anthropic, &server);
    newer.switches.api_version = Some("2026-10-21".into());
    let outcome =
        run(newer, Request { params: Params { thinking: None, ..wishes.clone() }, ..asked("claude-haiku-4-5") }).await;
    assert_eq!(parameters(&outcome), ["temperature", "top_p"]);
    assert_eq!(server.received()[0].header("anthropic-version"), Some("2026-10-21"));
}

#[tokio::test]
async fn a_begun_reply_goes_only_to_a_model_that_goes_on_with_it() {
    let begun = |model: &str| {
        let mut request = Request { model: ModelName { provider: "fake".into(), model: model.into() }, ..request() };
        request.turns.push(Turn { role: Role::Assistant, text: "It is".into() });
        request
    };
    for (api, model, sent) in [
        (Api::Anthropic, "claude-haiku-4-5", true),
        (Api::Anthropic, "claude-opus-5-5", false),
        (Api::OpenAi, "gpt-4o", false),
    ] {
        let server = FakeServer::always(stream(&reply(api, &["x"])));
        let outcome = run(provider(api, &server), begun(model)).await;
        assert_eq!(
            (outcome.kind(), server.received().len()),
            if sent { (None, 1) } else { (Some(FailureKind::BadRequest), 0) }
        );
    }
}

#[tokio::test]
async fn the_switches_of_a_provider_decide_over_names_and_roles() {
    let server = FakeServer::always(stream(&openai_reply(&["x"])));
    let mut switched = provider(Api::OpenAi, &server);
    switched.switches = Switches {
        limit: Some(LimitName::MaxCompletionTokens),
        system_role: Some(SystemRole::Developer),
        stream_options: Some(false),
        sampling: Some(true),
        ..Switches::default()
    };
    let params = Params { max_tokens: Some(9), temperature: Some(1.0), ..Params::default() };
    run(switched, Request { model: ModelName { provider: "fake".into(), model: "o3".into() }, params, ..request() })
        .await;
    let sent = &server.received()[0].body;
    assert_eq!((&sent["max_completion_tokens"], &sent["messages"][0]["role"]), (&json!(9), &json!("developer")));
    assert_eq!((sent.get("stream_options"), &sent["temperature"]), (None, &json!(1.0)));
}

#[tokio::test]
async fn responses_go_out_under_their_own_names_and_are_not_stored() {
    let server = FakeServer::always(stream(&responses_reply(&["x"])));
    let params = Params { max_tokens: Some(9), temperature: Some(0.5), stop: vec!["END".into()], ..Params::default() };
    let outcome = run(provider(Api::OpenAiResponses, &server), Request { params, ..request() }).await;
    assert_eq!(outcome.unsent.iter().map(|unsent| unsent.parameter).collect::<Vec<_>>(), ["stop"]);
    let sent = &server.received()[0];
    assert!(sent.head.starts_with("POST /v1/responses HTTP/1.1\r\n"), "{}", sent.head);
    assert_eq!(
        sent.body,
        json!({"model": "m-1", "instructions": "Be brief.\n", "input": [{"role": "user", "content": "Hi"}],
            "max_output_tokens": 9, "temperature": 0.5, "store": false, "stream": true})
    );
}

#[tokio::test]
async fn ollama_is_asked_for_the_context_that_the_prompt_needs_and_never_cuts_it() {
    let server = FakeServer::always(stream(&ollama_reply(&["x"])));
    let params = Params { max_tokens: Some(9), stop: vec!["END".into()], thinking: Some(false), ..Params::default() };
    let outcome = run(provider(Api::Ollama, &server), Request { params, ..request() }).await;
    let context = outcome.context.expect("it is told");
    assert_eq!((context.tokens, context.most), (4096, Some(32768)));
    let sent = &server.received()[0];
    assert!(sent.head.starts_with("POST /api/chat HTTP/1.1\r\n"), "{}", sent.head);
    let messages = json!([{"role": "system", "content": "Be brief.\n"}, {"role": "user", "content": "Hi"}]);
    assert_eq!(
        sent.body,
        json!({"model": "m-1", "messages": messages, "stream": true, "think": false,
            "options": {"num_ctx": 4096, "num_predict": 9, "stop": ["END"]}, "truncate": false, "shift": false})
    );

    let long = Request { system: "many words ".repeat(20_000), ..request() };
    let outcome = run(provider(Api::Ollama, &server), long).await;
    outcome.is(Finish::Error, Some(FailureKind::ContextTooLong), "");
    assert_eq!(server.received().len(), 1, "nothing was sent");

    let unknown = json_answer("404 Not Found", r#"{"error":"model 'm-1' not found"}"#);
    let server = FakeServer::showing(vec![stream(&ollama_reply(&["x"]))], unknown);
    run(provider(Api::Ollama, &server), request()).await.is(Finish::Error, Some(FailureKind::NoSuchModel), "");
    assert!(server.received().is_empty());

    // whatever else is wrong with the question, the reply is what is wanted
    for show in
        [json_answer("404 Not Found", "404 page not found"), vec![Step::Hold], vec![], json_answer("200 OK", "[]")]
    {
        let server = FakeServer::showing(vec![stream(&ollama_reply(&["x"]))], show);
        run(impatient(provider(Api::Ollama, &server)), request()).await.is(Finish::End, None, "x");
    }
}

#[tokio::test]
async fn a_call_of_a_tool_is_an_event_of_its_own_in_every_protocol() {
    let weather = |id: &str| ToolCall { id: id.into(), name: "weather".into(), arguments: r#"{"city":"Bonn"}"#.into() };
    let openai = "data: {\"choices\":[{\"delta\":{\"content\":\"Hm. \",\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\"}}]}}]}\n\n\
        data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Bonn\\\"}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n";
    let unnumbered = "data: {\"choices\":[{\"delta\":{\"content\":\"Hm. \",\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Bonn\"}}}]},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let anthropic = anthropic_reply(&["Hm. "]).replace("end_turn", "tool_use").replace(
        "event: message_delta",
        "data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"weather\",\"input\":{}}}\n\n\
         data: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\"}}\n\n\
         data: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\\\"Bonn\\\"}\"}}\n\n\
         data: {\"type\":\"content_block_stop\",\"index\":1}\n\nevent: message_delta",
    );
    let item = r#"{"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\":\"Bonn\"}"}"#;
    let responses = responses_reply(&["Hm. "]).replace(
        "event: response.completed",
        &format!(
            "data: {{\"type\":\"response.function_call_arguments.delta\",\"output_index\":1,\"delta\":\"{{\"}}\n\ndata: {{\"type\":\"response.output_item.done\",\"output_index\":1,\"item\":{item}}}\n\nevent: response.completed"
        ),
    );
    let ollama = ollama_reply(&[]).replacen(
        "{\"model\"",
        "{\"message\":{\"content\":\"Hm. \",\"tool_calls\":[{\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Bonn\"}}}]},\"done\":false}\n{\"model\"",
        1,
    );
    let whole = r#"{"type":"message","content":[{"type":"text","text":"Hm. "},{"type":"tool_use","id":"c1","name":"weather","input":{"city":"Bonn"}}],"stop_reason":"tool_use"}"#;
    for (api, body, id) in [
        (Api::OpenAi, openai, "c1"),
        (Api::OpenAi, unnumbered, "c1"),
        (Api::Anthropic, &anthropic, "c1"),
        (Api::Anthropic, whole, "c1"),
        (Api::OpenAiResponses, &responses, "c1"),
        (Api::Ollama, &ollama, ""),
    ] {
        let outcome = ask(api, stream(body)).await;
        outcome.is(Finish::Tool, None, "Hm. ");
        assert_eq!(outcome.tools, [weather(id)], "{api:?} {body}");
    }
    // what had come of a call when the answer broke off is kept
    let cut = openai.split_inclusive("\n\n").next().unwrap();
    let outcome = ask(Api::OpenAi, stream(cut)).await;
    outcome.is(Finish::Incomplete, Some(FailureKind::BadAnswer), "Hm. ");
    assert_eq!(outcome.tools[0].arguments, "{\"city\":");
}

#[tokio::test]
async fn every_way_in_which_responses_say_the_same_is_read_once() {
    let whole = r#"{"object":"response","status":"completed","error":null,"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","content":[{"type":"output_text","text":"a"},{"type":"output_text","text":"b"}]}],"usage":{"input_tokens":3,"output_tokens":2}}"#;
    let only_the_end = format!("data: {{\"type\":\"response.completed\",\"response\":{whole}}}\n\n");
    let texts_at_their_end = format!(
        "data: {{\"type\":\"response.output_text.done\",\"output_index\":1,\"content_index\":0,\"text\":\"a\"}}\n\n\
         data: {{\"type\":\"response.reasoning_summary_text.delta\",\"output_index\":0,\"summary_index\":0,\"delta\":\"hm\"}}\n\n{only_the_end}data: [DONE]\n\n"
    );
    for body in [whole, &only_the_end, &texts_at_their_end] {
        let outcome = ask(Api::OpenAiResponses, stream(body)).await;
        outcome.is(Finish::End, None, "ab");
        assert_eq!((outcome.thinking.as_str(), outcome.usage.output), ("hm", Some(2)), "{body}");
    }
    let ended = |status: &str, more: &str| {
        responses_reply(&["a"])
            .replace("\"completed\",\"error\":null,\"incomplete_details\":null", &format!("\"{status}\",{more}"))
    };
    for (body, finish, kind) in [
        (ended("incomplete", "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}"), Finish::Length, None),
        (ended("incomplete", "\"incomplete_details\":{\"reason\":\"content_filter\"}"), Finish::Refusal, None),
        (
            ended("failed", "\"error\":{\"code\":\"server_error\",\"message\":\"boom\"}"),
            Finish::Error,
            Some(FailureKind::Server),
        ),
    ] {
        ask(Api::OpenAiResponses, stream(&body)).await.is(finish, kind, "a");
    }
    let refusal = "data: {\"type\":\"response.refusal.delta\",\"output_index\":0,\"delta\":\"I cannot.\"}\n\n"
        .to_owned()
        + &responses_reply(&[]);
    let outcome = ask(Api::OpenAiResponses, stream(&refusal)).await;
    outcome.is(Finish::Refusal, None, "");
    assert_eq!(outcome.refusal, "I cannot.");
}

#[tokio::test]
async fn ollamas_thinking_reasons_and_errors_are_its_own() {
    let thinking =
        "{\"message\":{\"content\":\"\",\"thinking\":\"hm\"},\"done\":false}\n".to_owned() + &ollama_reply(&["a"]);
    let outcome = ask(Api::Ollama, json_answer("200 OK", &thinking)).await;
    outcome.is(Finish::End, None, "a");
    assert_eq!(outcome.thinking, "hm");
    for (word, finish) in [("length", Finish::Length), ("load", Finish::End), ("", Finish::End)] {
        let body = ollama_reply(&["a"]).replace("\"stop\"", &format!("\"{word}\""));
        ask(Api::Ollama, stream(&body)).await.is(finish, None, "a");
    }
    let started = "{\"message\":{\"content\":\"part\"},\"done\":false}\n";
    let outcome = ask(Api::Ollama, stream(&format!("{started}{{\"error\":\"boom\"}}\n"))).await;
    outcome.is(Finish::Error, Some(FailureKind::Server), "part");
    ask(Api::Ollama, stream(started)).await.is(Finish::Incomplete, Some(FailureKind::BadAnswer), "part");
    let pretty = ollama_reply(&["a", "b"]).replace(",\"", ",\n  \"").replace('\n', "\r\n");
    ask(Api::Ollama, stream(&pretty)).await.is(Finish::End, None, "ab");
}

// --- legal answers, however they come -----------------------------------------------------------------------------

#[tokio::test]
async fn a_reply_cut_into_pieces_of_any_size_is_the_same_reply() {
    let text = ["Grüße, 日本 👩‍👧!", "\n\n- \"quoted\" \\ and\ttabs", "\u{2028}end"];
    for api in ALL {
        let body = reply(api, &text);
        for size in [1, 2, 3, 5, 7, 64, 4096] {
            let mut answer = vec![chunked_head()];
            answer.extend(chunks(body.as_bytes(), size));
            let outcome = ask(api, answer).await;
            outcome.is(Finish::End, None, &text.concat());
            assert_eq!((outcome.usage.input, outcome.usage.output), (Some(11), Some(7)), "{api:?} in pieces of {size}");
            assert_eq!(outcome.usage.cache_read, (api != Api::Ollama).then_some(4));
        }
    }
}

#[tokio::test]
async fn line_endings_marks_comments_and_pings_change_nothing() {
    for api in BOTH {
        let body = reply(api, &["a", "b"]);
        for body in [
            body.replace('\n', "\r\n"),
            body.replace('\n', "\r"),
            format!("\u{feff}{body}"),
            format!("\n\n{}", body.replace("\n\n", "\n\n: still here\n\n")),
            body.replace("\n\n", "\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\n"),
            body.replace("data: ", "data:"),
            body.replace("\n\n", "\nid: 1\nretry: 3\nunknown: x\n\n"),
            body.replace("\n\n", "\n\nevent: brand_new\ndata: {\"type\":\"brand_new\",\"x\":[1]}\n\n"),
        ] {
            ask(api, stream(&body)).await.is(Finish::End, None, "ab");
        }
    }
}

#[tokio::test]
async fn an_emoji_cut_into_surrogates_is_joined() {
    let pieces = [r#""Hi \ud83d""#, r#""\udc69\u200d\ud83d""#, r#""\udc67 bye \ud83d""#, r#""x""#];
    for api in ALL {
        let mut body = reply(api, &["0", "1", "2", "3"]);
        for (index, piece) in pieces.iter().enumerate() {
            body = body.replacen(&format!("\"{index}\""), piece, 1);
        }
        ask(api, stream(&body)).await.is(Finish::End, None, "Hi 👩\u{200d}👧 bye \u{fffd}x");
    }
}

#[tokio::test]
async fn json_where_a_stream_was_asked_for_is_read_and_the_other_way_round() {
    let whole = r#" {"choices":[{"index":0,"message":{"role":"assistant","content":"a\nb"},"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#;
    let outcome = ask(Api::OpenAi, json_answer("200 OK", whole)).await;
    outcome.is(Finish::Length, None, "a\nb");
    assert_eq!(outcome.usage.input, Some(3));
    // The content type lies, too.
    ask(Api::OpenAi, stream(whole)).await.is(Finish::Length, None, "a\nb");

    let whole = r#"{"type":"message","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"a"},{"type":"text","text":"b"}],"stop_reason":"stop_sequence","usage":{"input_tokens":3,"output_tokens":2}}"#;
    let outcome = ask(Api::Anthropic, json_answer("200 OK", whole)).await;
    outcome.is(Finish::Stop, None, "ab");
    assert_eq!((outcome.thinking.as_str(), outcome.usage.output), ("hm", Some(2)));

    for api in ALL {
        let server = FakeServer::always(json_answer("200 OK", &reply(api, &["x", "y"])));
        let plain = Request { stream: false, ..request() };
        run(provider(api, &server), plain).await.is(Finish::End, None, "xy");
    }
}

#[tokio::test]
async fn choices_may_be_empty_null_or_missing_and_counts_anywhere() {
    let usage = r#""usage":{"prompt_tokens":3,"completion_tokens":2}"#;
    for body in [
        format!("data: {{\"choices\":[],\"object\":\"\",\"prompt_filter_results\":[]}}\n\n{}", openai_reply(&["a"])),
        format!(
            "data: {{\"choices\":[{{\"delta\":{{\"content\":\"a\"}}}}]}}\n\ndata: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":\"stop\"}}],{usage}}}\n\n"
        ),
        format!(
            "data: {{\"choices\":[{{\"delta\":{{\"content\":\"a\"}},\"finish_reason\":\"\"}}],{usage}}}\n\ndata: {{\"choices\":null}}\n\ndata: {{{usage}}}\n\ndata: [DONE]\n\n"
        ),
        format!(
            "data: {{\"choices\":[{{\"delta\":{{\"role\":\"assistant\",\"content\":null}}}}],\"usage\":null}}\n\ndata: {{\"choices\":[{{\"delta\":{{\"content\":[{{\"type\":\"text\",\"text\":\"a\"}}]}},\"finish_reason\":\"stop\"}}]}}\n\ndata: {{\"choices\":[{{\"index\":0,\"delta\":{{}}}}],{usage}}}\n\ndata: [DONE]\n\ndata: ignored\n\n"
        ),
    ] {
        let outcome = ask(Api::OpenAi, stream(&body)).await;
        outcome.is(Finish::End, None, "a");
        assert!(outcome.usage.output.is_some(), "{body}");
    }
    let without = openai_reply(&["a"]).replace("\"usage\"", "\"used\"");
    assert_eq!(ask(Api::OpenAi, stream(&without)).await.usage, Usage::default());
}

#[tokio::test]
async fn thinking_is_kept_apart_from_the_reply() {
    for name in ["reasoning_content", "reasoning"] {
        let body = format!(
            "data: {{\"choices\":[{{\"delta\":{{\"{name}\":\"hm\",\"content\":null}}}}]}}\n\n{}",
            openai_reply(&["a"])
        );
        let outcome = ask(Api::OpenAi, stream(&body)).await;
        outcome.is(Finish::End, None, "a");
        assert_eq!(outcome.thinking, "hm");
    }
    let block = "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"s\"}}\n\n";
    let body = anthropic_reply(&["a"]).replacen(
        "event: content_block_delta",
        &format!("{block}event: content_block_delta"),
        1,
    );
    let outcome = ask(Api::Anthropic, stream(&body)).await;
    outcome.is(Finish::End, None, "a");
    assert_eq!(outcome.thinking, "hm");
}

#[tokio::test]
async fn every_reason_to_stop_has_its_word() {
    for (word, finish) in [
        ("stop", Finish::End),
        ("length", Finish::Length),
        ("tool_calls", Finish::Tool),
        ("content_filter", Finish::Refusal),
        ("something_new", Finish::End),
    ] {
        let body = openai_reply(&["a"]).replace("\"stop\"", &format!("\"{word}\""));
        ask(Api::OpenAi, stream(&body)).await.is(finish, None, "a");
    }
    for (word, finish) in [
        ("end_turn", Finish::End),
        ("max_tokens", Finish::Length),
        ("model_context_window_exceeded", Finish::Length),
        ("stop_sequence", Finish::Stop),
        ("tool_use", Finish::Tool),
        ("refusal", Finish::Refusal),
        ("something_new", Finish::End),
    ] {
        let body = anthropic_reply(&["a"]).replace("end_turn", word);
        ask(Api::Anthropic, stream(&body)).await.is(finish, None, "a");
    }
    let refusal = "data: {\"choices\":[{\"delta\":{\"refusal\":\"I cannot.\"}}]}\n\n".to_owned() + &openai_reply(&[]);
    let outcome = ask(Api::OpenAi, stream(&refusal)).await;
    outcome.is(Finish::Refusal, None, "");
    assert_eq!(outcome.refusal, "I cannot.");
    let details = r#""stop_reason":"refusal","stop_details":{"type":"refusal","category":"cyber","explanation":"No."}"#;
    let refusal = anthropic_reply(&["a"]).replace(r#""stop_reason":"end_turn""#, details);
    assert_eq!(ask(Api::Anthropic, stream(&refusal)).await.refused, Some(("cyber".into(), "No.".into())));
}

#[tokio::test]
async fn a_slow_reply_has_no_total_limit() {
    let mut answer = vec![head("200 OK", "text/event-stream")];
    for piece in reply(Api::OpenAi, &["slow ", "but ", "steady"]).as_bytes().chunks(25) {
        answer.extend([Step::Send(piece.to_vec()), Step::Pause(Duration::from_millis(60))]);
    }
    let server = FakeServer::always(answer);
    let mut provider = provider(Api::OpenAi, &server);
    let limit = Duration::from_millis(600);
    provider.timeouts = Timeouts { connect: limit, first_byte: limit, idle: limit, pause: limit };
    run(provider, request()).await.is(Finish::End, None, "slow but steady");
}

#[tokio::test]
async fn the_wait_for_the_first_byte_is_not_longer_for_the_time_that_connecting_may_take() {
    for answer in [vec![Step::Hold], vec![head("200 OK", "text/event-stream"), Step::Hold]] {
        let server = FakeServer::always(answer);
        let mut provider = impatient(provider(Api::OpenAi, &server));
        provider.timeouts.connect = Duration::from_mins(10);
        // far more than its limit, far less than that of the connection
        let ended = tokio::time::timeout(Duration::from_mins(1), run(provider, request())).await;
        ended.expect("it ends in its limit").is(Finish::Error, Some(FailureKind::Network), "");
    }
}

#[tokio::test]
async fn a_server_that_keeps_the_line_open_after_the_end_is_not_waited_for() {
    for api in ALL {
        let mut answer = stream(&reply(api, &["a"]));
        answer.push(Step::Hold);
        let server = FakeServer::always(answer);
        run(provider(api, &server), request()).await.is(Finish::End, None, "a");
        assert!(client_goes_away_from(server).await);
    }
    // Without `[DONE]` the reason to stop is enough, also when the line goes silent after it.
    let mut answer = stream(&openai_reply(&["a"]).replace("data: [DONE]\n\n", ""));
    answer.push(Step::Hold);
    let server = FakeServer::always(answer);
    run(impatient(provider(Api::OpenAi, &server)), request()).await.is(Finish::End, None, "a");
}

// --- errors ---------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn http_errors_are_sorted_and_the_servers_words_are_kept() {
    use FailureKind::{BadRequest, ContextTooLong, NoSuchModel, Overloaded, RateLimited, Refused, RejectedKey, Server};
    for (status, body, kind, words) in [
        (
            "401 Unauthorized",
            r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"},"request_id":"r"}"#,
            RejectedKey,
            "invalid x-api-key",
        ),
        ("403 Forbidden", r#"{"error":"no access"}"#, RejectedKey, "no access"),
        (
            "404 Not Found",
            r#"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#,
            NoSuchModel,
            "The model `x` does not exist",
        ),
        (
            "400 Bad Request",
            r#"{"error":{"message":"too long","code":"context_length_exceeded"}}"#,
            ContextTooLong,
            "too long",
        ),
        (
            "402 Payment Required",
            r#"{"error":{"message":"Insufficient credits","code":402}}"#,
            RateLimited,
            "Insufficient credits",
        ),
        ("429 Too Many Requests", r#"{"error":{"message":"slow down","code":"slow_down"}}"#, RateLimited, "slow down"),
        (
            "529 Overloaded",
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            Overloaded,
            "Overloaded",
        ),
        (
            "503 Service Unavailable",
            r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
            Overloaded,
            "Loading model",
        ),
        ("400 Bad Request", r#"{"error":{"message":"filtered","code":"content_filter"}}"#, Refused, "filtered"),
        (
            "422 Unprocessable Entity",
            r#"{"detail":[{"loc":["body","model"],"msg":"field required","type":"missing"}]}"#,
            BadRequest,
            "body.model: field required",
        ),
        ("400 Bad Request", r#"{"object":"error","message":"bad value"}"#, BadRequest, "bad value"),
        ("500 Internal Server Error", "Internal Server Error", Server, "Internal Server Error"),
        ("502 Bad Gateway", "<html>\nnginx</html>", Server, "<html>\nnginx</html>"),
    ] {
        for api in ALL {
            let outcome = ask(api, json_answer(status, body)).await;
            outcome.is(Finish::Error, Some(kind), "");
            assert_eq!(outcome.words(), words, "{status} {body}");
            let failure = outcome.failure.unwrap();
            assert_eq!(failure.status.map(|code| code.to_string()).as_deref(), status.get(..3));
            assert!(failure.hint.is_some() && failure.message.contains("fake (127.0.0.1:"), "{failure:?}");
        }
    }
}

#[tokio::test]
async fn an_error_inside_a_good_stream_keeps_what_came_before_it() {
    for (error, kind) in [
        (
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"boom\"}}\n\n",
            FailureKind::Overloaded,
        ),
        ("data: {\"error\":{\"message\":\"boom\",\"code\":502,\"metadata\":{}}}\n\n", FailureKind::Server),
        ("data: {\"error\":\"boom\"}\n\n", FailureKind::Server),
        ("error: {\"code\":500,\"message\":\"boom\",\"type\":\"server_error\"}\n\n", FailureKind::Server),
        (
            "event: error\ndata: {\"code\":400,\"message\":\"boom\",\"type\":\"invalid_request_error\"}\n\n",
            FailureKind::BadRequest,
        ),
        ("data: {\"error_type\":\"rate_limit\",\"error_message\":\"boom\"}\n\n", FailureKind::RateLimited),
        ("data: {\"object\":\"error\",\"message\":\"boom\",\"code\":404}\n\n", FailureKind::NoSuchModel),
        ("event: error\ndata: boom\n\n", FailureKind::Server),
        (
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"boom\"}}",
            FailureKind::Server,
        ),
    ] {
        for api in BOTH {
            let text = "data: {\"choices\":[{\"delta\":{\"content\":\"part\"}}],\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"part\"}}\n\n";
            let outcome = ask(api, stream(&format!("{text}{error}"))).await;
            outcome.is(Finish::Error, Some(kind), "part");
            assert_eq!(outcome.words(), "boom");
        }
    }
    let body = "data: {\"choices\":[{\"delta\":{\"content\":\"part\"},\"finish_reason\":\"error\",\"error\":{\"message\":\"boom\"}}]}\n\n";
    ask(Api::OpenAi, stream(body)).await.is(Finish::Error, Some(FailureKind::Server), "part");
    for api in BOTH {
        let outcome =
            ask(api, json_answer("200 OK", "{\"error\":{\"message\":\"boom\",\"type\":\"overloaded_error\"}}")).await;
        outcome.is(Finish::Error, Some(FailureKind::Overloaded), "");
    }
}

#[tokio::test]
async fn a_stream_that_ends_without_its_end_is_incomplete() {
    let anthropic = anthropic_start()
        + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"part\"}}\n\n";
    let openai = "data: {\"choices\":[{\"delta\":{\"content\":\"part\"}}]}\n\n".to_owned();
    for (api, body) in [(Api::Anthropic, anthropic), (Api::OpenAi, openai)] {
        ask(api, stream(&body)).await.is(Finish::Incomplete, Some(FailureKind::BadAnswer), "part");
        let cut = format!("{body}data: {{\"choices\":[{{\"del");
        ask(api, stream(&cut)).await.is(Finish::Incomplete, Some(FailureKind::BadAnswer), "part");

        // The connection breaks instead: the chunk that is the end never comes, or a reset does.
        let mut answer = vec![chunked_head()];
        answer.extend(chunks(body.as_bytes(), 4096));
        answer.pop();
        ask(api, answer.clone()).await.is(Finish::Incomplete, Some(FailureKind::Network), "part");
        answer.push(Step::Reset);
        ask(api, answer).await.is(Finish::Incomplete, Some(FailureKind::Network), "part");

        // Or it falls silent.
        let mut answer = stream(&body);
        answer.push(Step::Hold);
        let server = FakeServer::always(answer);
        let outcome = run(impatient(provider(api, &server)), request()).await;
        outcome.is(Finish::Incomplete, Some(FailureKind::Network), "part");
        assert!(outcome.failure.unwrap().message.contains("went silent for 0.25 s"));
    }
}

#[tokio::test]
async fn what_is_no_answer_is_a_bad_answer() {
    for api in BOTH {
        for (body, words) in [
            ("", ""),
            ("<html>login</html>", "<html>login</html>"),
            ("{\"choices\":[{\"message\":{\"cont", "{\"choices\":[{\"message\":{\"cont"),
            ("{\"hello\":1}", "{\"hello\":1}"),
            ("{\"choices\":[]}", "{\"choices\":[]}"),
            ("data: {nonsense\n\n", "{nonsense"),
            (": ping\n\n: ping\n\n", ": ping\n\n: ping"),
        ] {
            let outcome = ask(api, stream(body)).await;
            outcome.is(Finish::Error, Some(FailureKind::BadAnswer), "");
            assert_eq!(outcome.words(), words);
        }
        let answer = vec![Step::Send(
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n\x1f\x8b".to_vec(),
        )];
        ask(api, answer).await.is(Finish::Error, Some(FailureKind::BadAnswer), "");
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_or_says_nothing_is_a_network_failure() {
    for api in ALL {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let server = FakeServer::always(vec![Step::Hold]);
        let mut gone = provider(api, &server);
        gone.base_url = format!("http://{nobody}");
        let outcome = run(gone, request()).await;
        outcome.is(Finish::Error, Some(FailureKind::Network), "");
        assert!(outcome.words().contains("refused"), "{outcome:?}");

        let outcome = run(impatient(provider(api, &server)), request()).await;
        outcome.is(Finish::Error, Some(FailureKind::Network), "");
        assert!(outcome.failure.unwrap().message.contains("did not answer within 0.25 s"));

        let server = FakeServer::always(vec![head("200 OK", "text/event-stream"), Step::Hold]);
        let outcome = run(impatient(provider(api, &server)), request()).await;
        outcome.is(Finish::Error, Some(FailureKind::Network), "");

        ask(api, vec![Step::Reset]).await.is(Finish::Error, Some(FailureKind::Network), "");
        ask(api, vec![]).await.is(Finish::Error, Some(FailureKind::Network), "");
        ask(api, vec![Step::Send(b"NOT HTTP AT ALL\r\n\r\n".to_vec())]).await.is(
            Finish::Error,
            Some(FailureKind::Network),
            "",
        );
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_said_to_be_none() {
    let server = FakeServer::always(vec![]);
    let mut wrong = provider(Api::OpenAi, &server);
    wrong.base_url = "localhost:8080/v1".into();
    run(wrong, request()).await.is(Finish::Error, Some(FailureKind::BadRequest), "");
}

#[tokio::test]
async fn answers_without_end_are_cut_off_and_the_connection_is_closed() {
    let line = vec![b'x'; 1 << 20];
    let event = FakeServer::always(vec![
        head("200 OK", "text/event-stream"),
        Step::Send(b"data: ".to_vec()),
        Step::Endless(line.clone()),
    ]);
    let outcome = run(provider(Api::OpenAi, &event), request()).await;
    outcome.is(Finish::Error, Some(FailureKind::BadAnswer), "");
    assert!(client_goes_away_from(event).await);

    let comments = [b": ", &line[..], b"\n"].concat();
    let answer = FakeServer::always(vec![head("200 OK", "text/event-stream"), Step::Endless(comments)]);
    let outcome = run(provider(Api::Anthropic, &answer), request()).await;
    outcome.is(Finish::Error, Some(FailureKind::BadAnswer), "");
    assert!(outcome.failure.unwrap().message.contains("64 MB"));

    let words = FakeServer::always(vec![head("500 Oh No", "text/plain"), Step::Endless(vec![b'w'; 4096])]);
    let outcome = run(provider(Api::OpenAi, &words), request()).await;
    outcome.is(Finish::Error, Some(FailureKind::Server), "");
    assert!(outcome.words().len() < 5000, "{} bytes of the server's words", outcome.words().len());
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_goes_nowhere() {
    for api in ALL {
        let other = FakeServer::always(stream(&reply(api, &["stolen"])));
        let location = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: {}/v1?token={KEY}\r\ncontent-length: 0\r\n\r\n",
            other.url()
        );
        let outcome = ask(api, vec![Step::Send(location.into_bytes())]).await;
        outcome.is(Finish::Error, Some(FailureKind::BadAnswer), "");
        assert!(outcome.failure.unwrap().message.contains(&other.url()));
        assert!(other.received().is_empty());
    }
}

#[tokio::test]
async fn a_key_that_the_server_repeats_is_not_shown() {
    for api in ALL {
        let outcome =
            ask(api, json_answer("401 Unauthorized", &format!("{{\"error\":{{\"message\":\"bad key {KEY}\"}}}}")))
                .await;
        assert_eq!(outcome.words(), "bad key [key]");
        let (first, second) = KEY.split_at(9);
        ask(api, stream(&reply(api, &["you sent ", first, second, "."]))).await.is(
            Finish::End,
            None,
            "you sent [key].",
        );
        let outcome = ask(api, stream(&format!("{KEY}: what?"))).await;
        assert_eq!(outcome.words(), "[key]: what?");
    }
}

#[tokio::test]
async fn a_busy_server_is_asked_again_as_often_as_allowed() {
    let busy = vec![
        Step::Send(b"HTTP/1.1 429 Too Many Requests\r\nretry-after-ms: 0\r\nconnection: close\r\n\r\n{\"error\":{\"message\":\"busy\"}}".to_vec()),
    ];
    for api in ALL {
        let server = FakeServer::start(vec![busy.clone(), busy.clone(), stream(&reply(api, &["at last"]))]);
        let patient = Provider { max_retries: 2, ..provider(api, &server) };
        let outcome = run(patient, request()).await;
        outcome.is(Finish::End, None, "at last");
        assert_eq!(outcome.waits.iter().map(|wait| wait.kind).collect::<Vec<_>>(), [FailureKind::RateLimited; 2]);

        let server = FakeServer::always(busy.clone());
        let patient = Provider { max_retries: 2, ..provider(api, &server) };
        run(patient, request()).await.is(Finish::Error, Some(FailureKind::RateLimited), "");
        assert_eq!(server.received().len(), 3);

        let spent =
            json_answer("429 Too Many Requests", r#"{"error":{"type":"insufficient_quota","message":"no money"}}"#);
        let server = FakeServer::always(spent);
        let patient = Provider { max_retries: 2, ..provider(api, &server) };
        let outcome = run(patient, request()).await;
        assert!(outcome.failure.unwrap().message.contains("no credit"));
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn what_waiting_can_mend_is_tried_again_and_nothing_else() {
    let status = |line: &str| json_answer(line, r#"{"error":{"message":"no"}}"#);
    let with = |header: &str| {
        vec![Step::Send(format!("HTTP/1.1 400 Bad Request\r\n{header}\r\nconnection: close\r\n\r\n{{}}").into_bytes())]
    };
    for api in ALL {
        let good = || stream(&reply(api, &["at last"]));
        let error = "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n";
        for (first, again) in [
            (status("408 Request Timeout"), true),
            (status("409 Conflict"), true),
            (status("429 Too Many Requests"), true),
            (status("500 Internal Server Error"), true),
            (status("503 Service Unavailable"), true),
            (status("529 Overloaded"), true),
            (status("400 Bad Request"), false),
            (status("401 Unauthorized"), false),
            (status("402 Payment Required"), false),
            (status("404 Not Found"), false),
            (json_answer("429 Too Many Requests", r#"{"error":{"code":"insufficient_quota","message":"no"}}"#), false),
            (
                json_answer("429 Too Many Requests", r#"{"error":{"code":"credit_balance_exhausted","message":"no"}}"#),
                false,
            ),
            (with("x-should-retry: true"), true),
            (vec![], true),
            (stream(error), true),
        ] {
            let server = FakeServer::start(vec![first.clone(), good()]);
            let outcome = run(Provider { max_retries: 2, ..provider(api, &server) }, request()).await;
            assert_eq!(
                (outcome.text == "at last", outcome.waits.len()),
                (again, usize::from(again)),
                "{api:?} {first:?}"
            );
            assert_eq!(server.received().len(), if again { 2 } else { 1 }, "{api:?} {first:?}");
        }
        // what was seen is not begun anew
        let begun = &reply(api, &["part", "rest"]);
        let (shown, _) = begun.split_at(begun.find("rest").expect("it is there"));
        let shown = &shown[..=shown.rfind('\n').expect("it has lines")];
        for end in ["", "{\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n"] {
            let end = if api == Api::Ollama || end.is_empty() { end.to_owned() } else { format!("data: {end}\n") };
            let server = FakeServer::start(vec![stream(&format!("{shown}{end}")), good()]);
            let outcome = run(Provider { max_retries: 2, ..provider(api, &server) }, request()).await;
            assert_eq!((outcome.text.as_str(), outcome.waits.len()), ("part", 0), "{api:?} {end}");
            assert_eq!(server.received().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_server_that_is_down_is_asked_again_and_a_wait_that_is_too_long_is_the_users() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = FakeServer::always(vec![]);
    let down = Provider { base_url: format!("http://{nobody}/v1"), max_retries: 2, ..provider(Api::OpenAi, &server) };
    let outcome = run(down, request()).await;
    outcome.is(Finish::Error, Some(FailureKind::Network), "");
    assert_eq!(outcome.waits.len(), 2);

    let later = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 3600\r\nconnection: close\r\n\r\n{}";
    let server = FakeServer::always(vec![Step::Send(later.into())]);
    let outcome = run(Provider { max_retries: 2, ..provider(Api::Anthropic, &server) }, request()).await;
    assert_eq!((outcome.waits.len(), server.received().len()), (0, 1));
    assert!(outcome.failure.unwrap().hint.unwrap().contains("3600 s"));
}

#[tokio::test]
async fn a_wait_can_be_stopped() {
    let busy = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 100\r\nconnection: close\r\n\r\n{}";
    let server = FakeServer::always(vec![Step::Send(busy.into())]);
    let models = models(Provider { max_retries: 2, ..provider(Api::Anthropic, &server) });
    let mut reply = models.get(&request().model).unwrap().run(request());
    loop {
        if let Event::Waiting { pause, .. } = reply.next().await.expect("it waits") {
            assert_eq!(pause, Duration::from_secs(100));
            break;
        }
    }
    drop(reply);
    assert_eq!(server.received().len(), 1);
}

// --- lists of models ------------------------------------------------------------------------------------------------

#[tokio::test]
async fn the_lists_of_providers_and_of_servers_found_on_this_machine_are_sorted() {
    let list = r#"{"object":"list","data":[{"id":"b"},{"id":"a"},{"id":"b"}]}"#;
    let set_up = FakeServer::always(json_answer("200 OK", list));
    let list = r#"{"models":[{"name":"old shape"}],"data":[{"id":"qwen","owned_by":"llamacpp"}]}"#;
    let running = FakeServer::always(json_answer("200 OK", list));
    let empty = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let models = models(provider(Api::Anthropic, &set_up));
    let ports = [("vLLM", running.port()), ("LM Studio", empty), ("Ollama", set_up.port())];
    let sources = discover_at(&models, &ports).await;
    let found: Vec<_> =
        sources.iter().map(|found| (found.provider.as_deref(), found.program, found.models.clone())).collect();
    assert_eq!(
        found,
        [
            (Some("fake"), None, Ok(vec!["a".to_owned(), "b".to_owned()])),
            (None, Some("llama.cpp"), Ok(vec!["qwen".to_owned()])),
        ]
    );
    let asked = set_up.received();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].head.starts_with("GET /v1/models?limit=1000 HTTP/1.1"), "{}", asked[0].head);
    assert_eq!(asked[0].header("x-api-key"), Some(KEY));
    let asked = &running.received()[0];
    assert!(asked.header("authorization").or(asked.header("x-api-key")).is_none(), "a stranger got a key");
}

#[tokio::test]
async fn a_provider_without_a_key_is_not_asked_for_its_models() {
    let server = FakeServer::always(json_answer("200 OK", "{\"data\":[]}"));
    let without = Provider { key: KeySource::Env("NOT_SET".into()), ..provider(Api::OpenAi, &server) };
    let sources = discover_at(&models(without), &[]).await;
    assert_eq!(sources[0].models.as_ref().map_err(|failure| failure.kind), Err(FailureKind::NoKey));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn an_error_instead_of_a_list_is_told_without_the_key() {
    let server = FakeServer::always(json_answer("401 Unauthorized", &format!("{{\"error\":\"{KEY} is wrong\"}}")));
    let sources = discover_at(&models(provider(Api::OpenAi, &server)), &[]).await;
    let failure = sources[0].models.clone().unwrap_err();
    assert_eq!((failure.kind, failure.detail.as_deref()), (FailureKind::RejectedKey, Some("[key] is wrong")));

    let server = FakeServer::always(json_answer("200 OK", "{\"hello\":1}"));
    let sources = discover_at(&models(provider(Api::OpenAi, &server)), &[]).await;
    assert_eq!(sources[0].models.as_ref().map_err(|failure| failure.kind), Err(FailureKind::BadAnswer));
}

// --- stopping -------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn dropping_a_reply_closes_the_socket_before_and_after_the_first_word() {
    for api in ALL {
        let body = reply(api, &["a"]).into_bytes();
        let talking =
            vec![head("200 OK", "text/event-stream"), Step::Send(body[..body.len() / 2].to_vec()), Step::Hold];
        for (answer, talks) in [(vec![Step::Hold], false), (talking, true)] {
            let server = Arc::new(FakeServer::always(answer));
            let models = models(provider(api, &server));
            let mut reply = models.get(&request().model).unwrap().run(request());
            let waiting = server.clone();
            let mut came = tokio::task::spawn_blocking(move || waiting.request_came());
            loop {
                tokio::select! {
                    event = reply.next() => match event {
                        Some(Event::Started) if talks => break,
                        None | Some(Event::Done { .. }) => panic!("it ended: {event:?}"),
                        Some(_) => {}
                    },
                    came = &mut came, if !talks => {
                        assert!(came.unwrap());
                        break;
                    }
                }
            }
            drop(reply);
            assert!(client_goes_away_from(server).await, "the server still has its client");
        }
    }
}

#[tokio::test]
async fn a_stopped_run_is_gone_from_the_server_within_a_tenth_of_a_second() {
    for api in ALL {
        // a machine that is busy may be slow once
        let mut fastest = Duration::MAX;
        for _ in 0..5 {
            let body = reply(api, &["a"]).into_bytes();
            let talks =
                vec![head("200 OK", "text/event-stream"), Step::Send(body[..body.len() / 2].to_vec()), Step::Hold];
            let server = FakeServer::always(talks);
            let models = models(provider(api, &server));
            let mut reply = models.get(&request().model).unwrap().run(request());
            while !matches!(reply.next().await.expect("it goes on"), Event::Started) {}
            let stopped = std::time::Instant::now();
            drop(reply);
            assert!(client_goes_away_from(server).await);
            fastest = fastest.min(stopped.elapsed());
        }
        assert!(fastest < Duration::from_millis(100), "{api:?}: {fastest:?}");
    }
}
