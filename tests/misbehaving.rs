//! Every fault of `faults` in every protocol, streamed and not: a legal reply, however odd its form, comes out byte for
//! byte; a broken one ends in its limit, keeps the part that came, says what happened, and a command exits with 3.

mod faults;
#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use faults::{APIS, Case, Ends, Fault, LIMIT};
use futures::StreamExt;
use greenroom::config::{Api, KeySource, Provider, Settings, Switches};
use greenroom::error::Error;
use greenroom::model::{Event, Failure, Finish, ModelName, Models, Offline, Params, Request, Role, Timeouts, Turn};
use servers::FakeServer;

/// A key that stands nowhere else.
pub const KEY: &str = "sk-test-0123456789abcdef";

/// How many run at once: most of them wait.
const AT_ONCE: usize = 12;

fn base_url(api: Api, server: &FakeServer) -> String {
    server.url() + if matches!(api, Api::OpenAi | Api::OpenAiResponses) { "/v1" } else { "" }
}

fn models(api: Api, server: &FakeServer) -> Models {
    let provider = Provider {
        name: "fake".into(),
        api,
        base_url: base_url(api, server),
        key: KeySource::Env("FAKE_KEY".into()),
        headers: Vec::new(),
        timeouts: Timeouts { connect: LIMIT, first_byte: LIMIT, idle: LIMIT, pause: Duration::from_millis(1) },
        max_retries: 0,
        switches: Switches::default(),
    };
    let mut settings = Settings::default();
    settings.providers.insert(provider.name.clone(), provider);
    Models::in_environment(&settings, Offline::instant(), |_| Some(KEY.to_owned()))
}

/// What came of one run: how it ended, and why it failed.
async fn outcome(case: Case, server: &FakeServer) -> (Ends, Option<Failure>) {
    let request = Request {
        model: ModelName::parse("fake:m-1").expect("a name"),
        system: "Be brief.".into(),
        turns: vec![Turn { role: Role::User, text: "Hi".into() }],
        params: Params::default(),
        stream: case.streamed,
    };
    let mut reply = models(case.api, server).get(&request.model).expect("the provider is set up").run(request);
    let mut text = String::new();
    let mut done = None;
    while let Some(event) = reply.next().await {
        assert!(done.is_none(), "{event:?} came after the end");
        assert!(!format!("{event:?}").contains(KEY), "the key is shown: {event:?}");
        match event {
            Event::Text(piece) => text += &piece,
            Event::Done { finish, failure } => done = Some((finish, failure)),
            _ => {}
        }
    }
    let (finish, failure) = done.expect("every run has an end");
    (Ends { finish, text, kind: failure.as_ref().map(|failure| failure.kind) }, failure)
}

fn short(ends: &Ends) -> String {
    let text: String = ends.text.chars().take(80).collect();
    format!("{:?} {:?} {} bytes {text:?}", ends.finish, ends.kind, ends.text.len())
}

/// What is wrong with the outcome of a fault in a case, if anything is.
async fn tried(fault: &Fault, case: Case) -> Option<String> {
    let (answer, expected) = (fault.of)(case)?;
    let server = FakeServer::always(answer);
    let (found, failure) = outcome(case, &server).await;
    let place = format!("{} / {} / {:?} streamed {}", fault.group, fault.name, case.api, case.streamed);
    if found != expected {
        let (found, expected) = (short(&found), short(&expected));
        return Some(format!("{place}:\n  found    {found}\n  expected {expected}\n  {failure:?}"));
    }
    let failure = failure?;
    let told = !failure.message.is_empty() && failure.hint.as_ref().is_some_and(|hint| !hint.is_empty());
    let exit = Error::from(failure.clone()).kind.exit_code();
    (!told || exit != 3).then(|| format!("{place}: exit {exit}, {failure:?}"))
}

fn cases() -> Vec<Case> {
    APIS.into_iter().flat_map(|api| [true, false].map(|streamed| Case { api, streamed })).collect()
}

#[test]
fn there_are_enough_faults_of_every_group_and_each_has_a_name_of_its_own() {
    let all = faults::all();
    let names: BTreeSet<_> = all.iter().map(|fault| fault.name).collect();
    let groups: BTreeSet<_> = all.iter().map(|fault| fault.group).collect();
    assert!(names.len() == all.len() && all.len() >= 60 && groups.len() == 5, "{} {groups:?}", all.len());
    let tried: usize =
        all.iter().map(|fault| cases().into_iter().filter(|case| (fault.of)(*case).is_some()).count()).sum();
    assert!(tried >= 600, "{tried}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_in_every_protocol_ends_as_it_should() {
    let all = faults::all();
    let runs = all.iter().flat_map(|fault| cases().into_iter().map(move |case| tried(fault, case)));
    let wrong: Vec<_> =
        futures::stream::iter(runs).buffer_unordered(AT_ONCE).filter_map(|wrong| async { wrong }).collect().await;
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_command_prints_what_came_and_exits_with_3_when_it_broke() {
    let home = tempfile::tempdir().expect("a folder");
    let prompt = home.path().join("library/prompts/hello/draft");
    std::fs::create_dir_all(&prompt).expect("a folder");
    std::fs::write(prompt.join("system_prompt.txt"), "You help.\n").expect("a file");
    let config = home.path().join("config/greenroom");
    std::fs::create_dir_all(&config).expect("a folder");
    let mut wrong = Vec::new();
    for (fault, case) in faults::all().iter().zip(cases().into_iter().cycle()) {
        let Some((answer, expected)) = (fault.of)(case) else { continue };
        // the part of megabytes is tried above
        if expected.text.len() > 100_000 {
            continue;
        }
        let server = FakeServer::always(answer);
        let api = match case.api {
            Api::Anthropic => "anthropic",
            Api::OpenAiResponses => "openai-responses",
            Api::Ollama => "ollama",
            Api::OpenAi | Api::Offline => "openai",
        };
        let limit = LIMIT.as_secs_f64() * 2.0;
        let settings = format!(
            "[providers.fake]\napi = \"{api}\"\nbase_url = \"{}\"\napi_key_env = \"FAKE_KEY\"\nmax_retries = 0\n\
             connect_timeout_s = {limit}\nfirst_byte_timeout_s = {limit}\nidle_timeout_s = {limit}\n",
            base_url(case.api, &server)
        );
        std::fs::write(config.join("config.toml"), settings).expect("a file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", home.path()).env("XDG_CONFIG_HOME", home.path().join("config"));
        command.env("FAKE_KEY", KEY).current_dir(home.path().join("library")).stdin(Stdio::null());
        command.args(["play", "hello", "--model", "fake:m-1", "-m", "hi"]);
        if !case.streamed {
            command.arg("--no-stream");
        }
        let output = command.output().expect("it runs");
        let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let end = if expected.text.is_empty() || expected.text.ends_with('\n') { "" } else { "\n" };
        let failed = matches!(expected.finish, Finish::Error | Finish::Incomplete);
        let sound = output.status.code() == Some(if failed { 3 } else { 0 })
            && said == format!("{}{end}", expected.text)
            && told.starts_with("error: ") == failed
            && told.lines().count() == usize::from(failed)
            && !told.contains(KEY);
        if !sound {
            wrong.push(format!("{} ({api}): {:?}\n  {said:?}\n  {told}", fault.name, output.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
