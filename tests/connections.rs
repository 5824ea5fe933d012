//! Every connection that the program makes, and that there is no other: no telemetry, no look for updates, nothing that
//! the user did not cause.
//!
//! Two observers see the main flows of the real program. A proxy, which the environment names for everything that leaves
//! this machine, gets what goes through the HTTP client. `strace` gets every call that opens a connection or sends to an
//! address, by whatever thread or child; where it cannot be used the test says so, and the proxy alone has watched.
#![cfg(target_os = "linux")]

#[expect(dead_code, reason = "the tests of the workbench use the rest of it")]
mod pty;
#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use pty::{Home, Session};
use servers::{Answer, FakeServer, Step, anthropic_reply, json, openai_reply, stream};

/// The ports of this machine where model servers are looked for, when models are listed.
const USUAL: [&str; 4] = ["127.0.0.1:11434", "127.0.0.1:8080", "127.0.0.1:8000", "127.0.0.1:1234"];

/// How often it connected to which address.
type Seen = BTreeMap<String, usize>;

/// A home with the samples, a proxy that gets what leaves this machine, and a server that may be asked.
struct Watched {
    home: Home,
    proxy: FakeServer,
    server: FakeServer,
    strace: Option<PathBuf>,
}

/// `strace`, when it is there and may watch.
fn strace() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let program = std::env::split_paths(&path).map(|folder| folder.join("strace")).find(|program| program.is_file())?;
    let may = Command::new(&program).args(["-qq", "-o", "/dev/null", "true"]).output();
    may.is_ok_and(|output| output.status.success()).then_some(program)
}

impl Watched {
    fn new(answers: Vec<Answer>) -> Self {
        let strace = strace();
        if strace.is_none() {
            println!("in part: strace is not there or may not watch, so that only the proxy did");
        }
        let refuses = vec![Step::Send(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".to_vec())];
        Self {
            home: Home::with_samples(),
            proxy: FakeServer::always(refuses),
            server: FakeServer::start(answers),
            strace,
        }
    }

    /// A proxy for everything that leaves this machine; both built-in providers at the server, with a key.
    fn environment(&self) -> Vec<(&'static str, String)> {
        let proxies = ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"];
        let mut set: Vec<(&str, String)> = proxies.map(|name| (name, self.proxy.url())).to_vec();
        set.push(("OPENAI_BASE_URL", self.server.url() + "/v1"));
        set.push(("ANTHROPIC_BASE_URL", self.server.url()));
        set.extend([("OPENAI_API_KEY", "sk-test".into()), ("ANTHROPIC_API_KEY", "sk-test".into())]);
        set
    }

    fn trace(&self) -> PathBuf {
        self.home.path().join("trace")
    }

    /// The words that stand before the program.
    fn before(&self) -> Vec<String> {
        let Some(strace) = &self.strace else { return Vec::new() };
        let trace = self.trace();
        let words = ["-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-e", "signal=none", "-o"];
        let all = [strace.to_str()].into_iter().chain(words.map(Some)).chain([trace.to_str()]);
        all.map(|word| word.expect("a path of ASCII").to_owned()).collect()
    }

    /// A command; where it connected to, and what it said. `Err` says nothing of connections.
    fn run(&self, args: &[&str]) -> (Output, Seen) {
        let words: Vec<String> =
            self.before().into_iter().chain([env!("CARGO_BIN_EXE_greenroom").to_owned()]).collect();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["--library"]).arg(self.home.library()).args(args);
        command.env_clear().env("HOME", self.home.path()).envs(self.environment()).current_dir(self.home.path());
        let output = command.stdin(Stdio::null()).output().expect("the program starts");
        (output, self.seen())
    }

    /// The workbench on the samples.
    fn open(&self, args: &[&str]) -> Session {
        let (before, environment) = (self.before(), self.environment());
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let library = self.home.library().display().to_string();
        let args: Vec<&str> = ["--library", &library].into_iter().chain(args.iter().copied()).collect();
        let mut session = self.home.start_under((160, 45), &before, &args, &environment);
        session.sees(" NAV ");
        session
    }

    /// Where what was watched last has connected to; nothing has gone to the proxy.
    fn seen(&self) -> Seen {
        let asked: Vec<String> = self.proxy.received().into_iter().map(|request| request.head).collect();
        assert!(asked.is_empty(), "something left this machine: {asked:?}");
        let mut seen = Seen::new();
        if self.strace.is_some() {
            let trace = std::fs::read_to_string(self.trace()).expect("the trace");
            for address in trace.lines().filter_map(address) {
                *seen.entry(address).or_default() += 1;
            }
        }
        seen
    }

    /// What is expected: so many connections to the server, and these; nothing where nobody could see it.
    fn expects(&self, to_server: usize, others: &[&str]) -> Seen {
        if self.strace.is_none() {
            return Seen::new();
        }
        let server = self.server.url().trim_start_matches("http://").to_owned();
        let all = std::iter::repeat_n(server, to_server).chain(others.iter().map(|one| (*one).to_owned()));
        all.fold(Seen::new(), |mut seen, address| {
            *seen.entry(address).or_default() += 1;
            seen
        })
    }
}

/// The address of one call that was watched: `127.0.0.1:8080`, or the path of a socket; `None` for a call that names no
/// address, which a connection before it has named.
fn address(line: &str) -> Option<String> {
    let between = |text: &str, start: &str, end: &str| {
        let (_, rest) = text.split_once(start)?;
        Some(rest.split_once(end)?.0.to_owned())
    };
    let family = between(line, "sa_family=", ",")?;
    match family.as_str() {
        "AF_INET" => Some(format!("{}:{}", between(line, "inet_addr(\"", "\")")?, between(line, "htons(", ")")?)),
        "AF_INET6" => Some(format!("[{}]:{}", between(line, "AF_INET6, \"", "\"")?, between(line, "htons(", ")")?)),
        "AF_UNIX" => between(line, "sun_path=\"", "\""),
        other => Some(other.to_owned()),
    }
}

/// Ollama's usual address is a name, `localhost`, which the system's name service on this machine is asked for through a
/// socket that is a file.
fn without_name_service(mut seen: Seen) -> Seen {
    seen.retain(|address, _| !address.starts_with('/'));
    seen
}

#[test]
fn a_call_that_was_watched_is_understood() {
    for (line, expected) in [
        (
            r#"7 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")}, 16) = 0"#,
            "10.0.0.1:53",
        ),
        (
            r#"7 connect(3, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0"#,
            "[::1]:443",
        ),
        (
            r#"7 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT"#,
            "/var/run/nscd/socket",
        ),
    ] {
        assert_eq!(address(line).as_deref(), Some(expected));
    }
    assert_eq!(address(r#"7 sendto(5, "x", 1, MSG_NOSIGNAL, NULL, 0) = 1"#), None);
}

const PROMPT: &str = "customer_support";

#[test]
fn commands_connect_to_who_was_asked_and_to_nobody_else() {
    let count = |tokens: u64| json("200 OK", &format!("{{\"input_tokens\": {tokens}}}"));
    let said = || stream(&openai_reply(&["hello"]));
    let watched =
        Watched::new(vec![said(), said(), said(), said(), count(8), count(100), json("200 OK", "{\"data\":[]}")]);
    let nothing = watched.expects(0, &[]);
    let here = |args: &[&str]| {
        let (output, seen) = watched.run(args);
        assert_eq!(seen, nothing, "{args:?} connects: {output:?}");
        assert!(output.status.code().is_some_and(|code| code < 2), "{args:?}: {output:?}");
    };
    let versions = ["diff", PROMPT, "1.1.0", "1.2.0"];
    for args in [
        &["list"][..],
        &["list", "--json"],
        &["show", PROMPT],
        &["fill", PROMPT, "--values", "angry_customer"],
        &["lint", PROMPT],
        &["tokens", PROMPT, "--values", "angry_customer"],
        &["tokens", PROMPT, "--model", "anthropic:claude-haiku-4-5"],
        &["vars", PROMPT],
        &["vars", PROMPT, "check", "angry_customer"],
        &versions,
        &["play", PROMPT, "-m", "hi", "--values", "angry_customer", "--model", "offline"],
        &["new", "another"],
        &["cut", PROMPT, "--patch", "-m", "what", "--why", "why"],
        &["verify"],
        &["history"],
        &["history", "search", "hi"],
        &["config", "path"],
        &["config", "show"],
        &["config", "check"],
        &["trust"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
        &["--version"],
    ] {
        here(args);
    }
    let asks = |args: &[&str], expected: Seen| {
        let (output, seen) = watched.run(args);
        let seen = without_name_service(seen);
        assert_eq!(seen, expected, "{args:?}: {output:?}");
    };
    let tape = watched.home.path().join("tape.jsonl").display().to_string();
    let play = ["play", PROMPT, "-m", "hi", "--values", "angry_customer", "--model", "openai:m"];
    asks(&play, watched.expects(1, &[]));
    asks(&[&play[..], &["-m", "and"]].concat(), watched.expects(2, &[]));
    asks(&[&play[..], &["--record", &tape]].concat(), watched.expects(1, &[]));
    asks(&[&play[..], &["--replay", &tape]].concat(), watched.expects(0, &[]));
    // an exact count is one for the text, and one for what a request has beside it
    let exact = ["tokens", PROMPT, "--exact", "--values", "angry_customer", "--model", "anthropic:claude-haiku-4-5"];
    asks(&exact, watched.expects(2, &[]));
    asks(&exact, watched.expects(0, &[]));
    // who lists models asks the two providers that have a key, and who may listen on this machine
    asks(&["models"], watched.expects(2, &USUAL));
    // doctor asks this machine alone, where the server is
    asks(&["doctor"], watched.expects(2, &USUAL));
    assert_eq!(watched.server.received().len(), 10, "{:?}", watched.server.received());
}

#[test]
fn the_workbench_connects_to_who_was_asked_and_to_nobody_else() {
    let watched = Watched::new(vec![stream(&anthropic_reply(&["a reply over loopback"]))]);
    let draft = "customer_support/draft/config.json";
    let mut session = watched.open(&[PROMPT]);
    session.edits();
    session.type_text("Dear {{company_name}}! ");
    session.sees("Dear Lanternworks!");
    session.send(b"\x13");
    session.sees("saved");
    session.escape();
    session.send(b"\x1b[19~");
    session.sees("proposed: ");
    session.type_text("A greeting");
    session.send(b"\t");
    session.type_text("Missed");
    session.send(b"\t\r");
    session.sees("frozen as v");
    session.type_text("3");
    session.sees("[3 Diff]");
    session.type_text("2");
    session.sees("[2 Play]");
    session.type_text("i");
    session.sees(" EDIT ");
    session.type_text("hi");
    session.send(b"\r");
    session.sees("ok, done");
    session.escape();
    session.send(b"\x11");
    session.ended();
    assert_eq!(watched.seen(), watched.expects(0, &[]), "nobody was asked but the stand-in");

    watched.home.write(draft, "{\"model\": \"anthropic:claude-haiku-4-5\"}\n");
    let mut session = watched.open(&[PROMPT]);
    session.type_text("2i");
    session.sees(" EDIT ");
    session.type_text("hi");
    session.send(b"\r");
    session.sees("a reply over loopback");
    session.sees("ok, done");
    session.escape();
    session.send(b"\x11");
    session.ended();
    assert_eq!(watched.seen(), watched.expects(1, &[]), "one message is one connection");

    // the list of models looks for servers of this machine, once it is opened
    let mut session = watched.open(&[PROMPT]);
    session.type_text("2m");
    session.sees("another model");
    session.escape();
    session.send(b"\x11");
    session.ended();
    let seen = without_name_service(watched.seen());
    let expected = watched.expects(2, &USUAL);
    assert!(seen.iter().all(|(address, times)| expected.get(address).is_some_and(|most| times <= most)), "{seen:?}");
    assert!(watched.proxy.received().is_empty());
}

#[test]
fn everything_that_asks_nobody_works_without_any_network() {
    let may = Command::new("unshare").args(["-rn", "true"]).output();
    if !may.is_ok_and(|output| output.status.success()) {
        println!("skipped: unshare -rn may not be used here, so that no network can be taken away");
        return;
    }
    let home = Home::with_samples();
    let run = |args: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["-rn", env!("CARGO_BIN_EXE_greenroom"), "--library"]).arg(home.library()).args(args);
        command.env("HOME", home.path()).env_remove("XDG_CONFIG_HOME").env_remove("XDG_STATE_HOME");
        command.env("OPENAI_API_KEY", "sk-test").env_remove("OPENAI_BASE_URL");
        command.current_dir(home.path()).stdin(Stdio::null()).output().expect("the program starts")
    };
    for args in [
        &["list"][..],
        &["fill", PROMPT, "--values", "angry_customer"],
        &["tokens", PROMPT, "--values", "angry_customer", "--model", "anthropic:claude-haiku-4-5"],
        &["play", PROMPT, "-m", "hi", "--values", "angry_customer", "--model", "offline"],
        &["models"],
        &["doctor"],
        &["verify"],
    ] {
        let output = run(args);
        assert!(output.status.success(), "{args:?}: {output:?}");
    }
    let output = run(&["play", PROMPT, "-m", "hi", "--values", "angry_customer", "--model", "openai:m"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("api.openai.com") && said.contains("check the network"), "{said}");
}
