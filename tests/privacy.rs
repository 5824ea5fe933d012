//! What of somebody's values reaches a server, seen from the server: the real workbench in a terminal, and servers whose
//! names are not this machine's.
#![cfg(unix)]

#[expect(dead_code, reason = "the tests of the workbench use the rest of it")]
mod pty;
#[expect(dead_code, reason = "the tests of the adapters use the rest of it")]
mod servers;

use pty::{Home, Session};
use servers::{FakeServer, anthropic_reply, json, stream};

const LARGE: (u16, u16) = (160, 45);
const CTRL_N: &[u8] = b"\x0e";
const CTRL_Q: &[u8] = b"\x11";
const CTRL_R: &[u8] = b"\x12";
const ENTER: &[u8] = b"\r";
const RIGHT: &[u8] = b"\x1b[C";
const F9: &[u8] = b"\x1b[20~";

/// Replies that can be told apart, after a server that is too busy for the first.
fn server() -> FakeServer {
    let busy = "HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let reply = |number: usize| stream(&anthropic_reply(&[&format!("reply number {number}.")]));
    let count = |tokens: u64| json("200 OK", &format!("{{\"input_tokens\": {tokens}}}"));
    let first = [vec![servers::Step::Send(busy.into())]].into_iter().chain((1..=5).map(reply));
    FakeServer::start(first.chain([count(8), count(30)]).chain((6..=9).map(reply)).collect())
}

/// A draft about Ada for a model on one host, and a version of it for a model on another.
fn about_ada() -> Home {
    let home = Home::new();
    home.write("greeter/draft/system_prompt.txt", "# Identity\nYou help {{user}}.\n");
    home.write(
        "greeter/draft/config.json",
        "{\"model\": \"first:small\", \"user_template\": \"{{user}} says: {{message}}\"}",
    );
    home.write("greeter/v1.0.0_2024-01-15/system_prompt.txt", "# Identity\nFor {{user}}.\n");
    home.write("greeter/v1.0.0_2024-01-15/config.json", "{\"model\": \"second:big\"}");
    home.write("greeter/values/real.json", "{\"user\": \"Ada Lovelace\"}");
    home.write("greeter/prompt.toml", "[variables.user]\nprivacy = \"personal\"\nexample = \"Robin Example\"\n");
    let provider = |name: &str| {
        format!(
            "[providers.{name}]\napi = \"anthropic\"\nbase_url = \"http://{name}.example.test\"\napi_key_env = \"KEY\"\n"
        )
    };
    let config = home.path().join(".config/greenroom");
    std::fs::create_dir_all(&config).expect("a folder");
    std::fs::write(config.join("config.toml"), provider("first") + &provider("second")).expect("a file");
    home
}

fn open(home: &Home, proxy: &str) -> Session {
    let environment = [("http_proxy", proxy), ("KEY", "sk-secret-in-tests")];
    let mut session = home.open_with(LARGE, &["greeter"], &environment);
    session.sees(" NAV ");
    session
}

/// What each host has received so far, as text.
fn received(server: &FakeServer) -> Vec<(String, String)> {
    let of = |request: &servers::Received| {
        let host = request.header("host").unwrap_or_default().to_owned();
        (host, request.body.to_string())
    };
    server.received().iter().map(of).collect()
}

/// Waits for a reply and for the end of the runs of all `columns`: Escape stops a run that goes on.
fn replied(session: &mut Session, words: &str, columns: usize) {
    session.wait_until(words, |screen| {
        let text = screen.contents();
        text.contains(words) && !text.contains("under way") && text.matches("· ok, done").count() >= columns
    });
}

fn say(session: &mut Session, message: &str) {
    session.type_text("2");
    session.sees("[2 Play]");
    session.type_text("i");
    session.sees(" EDIT ");
    session.type_text(message);
    session.sees(message);
    session.send(ENTER);
}

/// Takes the answer so many steps to the right of Cancel.
fn answer(session: &mut Session, steps: usize) {
    for _ in 0..steps {
        session.send(RIGHT);
    }
    session.send(ENTER);
    session.loses("Please decide");
}

#[test]
fn examples_reach_a_server_by_every_way_in_which_something_goes_out() {
    let (home, server) = (about_ada(), server());
    let mut session = open(&home, &server.url());
    // the preview shows what will be sent
    session.sees("You help Robin Example.");
    say(&mut session, "Hello");
    session.sees("Send this to first.example.test?");
    session.sees("Personal: user; its declared example can go instead.");
    assert!(server.received().is_empty(), "nothing goes before the answer");
    answer(&mut session, 1);
    // the server was busy, so that it went twice
    replied(&mut session, "reply number 1.", 1);
    session.escape();
    session.type_text("r");
    replied(&mut session, "reply number 2.", 1);
    session.type_text("e");
    session.sees("turn 1 is said differently");
    session.type_text(" again");
    session.send(ENTER);
    replied(&mut session, "reply number 3.", 1);
    session.escape();
    session.send(CTRL_R);
    replied(&mut session, "reply number 4.", 1);
    session.type_text("<");
    replied(&mut session, "reply number 3.", 1);
    say(&mut session, "on this branch");
    replied(&mut session, "reply number 5.", 1);
    session.escape();
    session.send(F9);
    session.sees("What greeter costs");
    session.send(CTRL_R);
    session.sees("exactly 22 with the declared examples of user");
    let received = received(&server);
    assert_eq!(received.len(), 8, "a retry, five messages, and a count beside that of an empty prompt: {received:?}");
    for (host, body) in &received {
        assert_eq!(host, "first.example.test");
        assert!(!body.contains("Ada"), "{body}");
    }
    assert_eq!(received.iter().filter(|(_, body)| body.contains("Robin Example")).count(), 7, "{received:?}");
    session.escape();
    session.send(CTRL_Q);
    session.ended();

    // after a start nothing is asked again, and the same goes out
    let mut again = open(&home, &server.url());
    say(&mut again, "Hello");
    replied(&mut again, "reply number 6.", 1);
    let last = server.received().pop().expect("a request").body.to_string();
    assert!(last.contains("Robin Example says: Hello") && !last.contains("Ada"), "{last}");
}

#[test]
fn two_hosts_are_asked_about_at_once_and_what_was_agreed_to_can_be_taken_back() {
    let (home, server) = (about_ada(), server());
    let mut session = open(&home, &server.url());
    session.type_text("2a");
    session.sees("One more column");
    session.type_text("j");
    session.sees("▸ v1.0.0");
    session.send(ENTER);
    session.sees("second:big");
    say(&mut session, "Hello");
    session.sees("Send this to 2 hosts?");
    session.sees("second.example.test: second:big receives");
    answer(&mut session, 2);
    session.sees("with the real values of user");
    replied(&mut session, "reply number 2.", 2);
    let real = received(&server);
    assert_eq!(real.len(), 3, "{real:?}");
    assert!(real.iter().all(|(_, body)| body.contains("Ada Lovelace")), "{real:?}");
    session.escape();
    session.send(CTRL_N);
    session.loses("reply number 2.");

    // this time is over: it is asked again
    say(&mut session, "Again");
    session.sees("Send this to 2 hosts?");
    answer(&mut session, 3);
    replied(&mut session, "reply number 4.", 2);
    session.escape();
    session.type_text("w");
    session.sees("real values go");
    session.send(ENTER);
    session.sees("taken back: it is asked again before anything goes to first.example.test");
    session.send(CTRL_Q);
    session.ended();

    let mut next = open(&home, &server.url());
    say(&mut next, "Hello");
    next.sees("Send this to first.example.test?");
    assert_eq!(server.received().len(), 5, "nothing went without a question");
}

#[test]
fn a_secret_and_a_refusal_reach_nobody() {
    let home = about_ada();
    home.write("greeter/prompt.toml", "[variables.user]\nprivacy = \"secret\"\n");
    let server = FakeServer::always(json("200 OK", "{}"));
    let mut session = open(&home, &server.url());
    say(&mut session, "Hello");
    session.sees("secrets go nowhere, and user, used in line 2, has no example");
    session.send(CTRL_Q);
    session.ended();
    home.write("greeter/prompt.toml", "[variables.user]\nprivacy = \"personal\"\n");
    let mut session = open(&home, &server.url());
    say(&mut session, "Hello");
    session.sees("without an example in prompt.toml");
    session.sees("[  Add an example ]");
    session.send(b"\x1b");
    session.loses("Please decide");
    session.send(CTRL_Q);
    session.ended();
    assert!(server.received().is_empty(), "{:?}", received(&server));
    assert!(!String::from_utf8_lossy(&session.raw).contains("Ada Lovelace"), "a personal value was shown");
}
