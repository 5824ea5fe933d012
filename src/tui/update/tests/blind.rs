//! A blind comparison: whatever happens and whatever is asked for, nothing on the screen names who answers.

use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::error::{Error, Kind};
use crate::library::{PromptConfig, Snapshot, Which};
use crate::model::{Context, Event, Failure, FailureKind, Finish, ToolCall, Unsent, Usage, Wire};
use crate::tui::keymap::TABLE;
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::tests::{Workbench, prompt};
use crate::tui::update::keys;
use crate::tui::view;

/// What would tell who answers: providers, hosts, models, versions.
const NAMES: [&str; 7] = ["alphalab", "betalab", "4711", "4712", "model-a9", "model-b7", VERSION];
const VERSION: &str = "3.1.4";

/// The draft with one model beside an old version with another, compared blind, and a message on its way to both.
fn asked() -> (Workbench, [u64; 2]) {
    let mut bench = prompt("# Identity\nI am the draft.\n").model("alphalab:model-a9").version("3.1.4").open();
    for (name, port) in [("alphalab", 4711), ("betalab", 4712)] {
        let mut provider = bench.model.settings.providers["ollama"].clone();
        provider.base_url = format!("http://127.0.0.1:{port}");
        bench.model.settings.providers.insert(name.into(), provider);
    }
    bench.press("2 a down enter");
    let version: semver::Version = "3.1.4".parse().unwrap();
    let mut config = PromptConfig::default();
    config.0.insert("model".into(), "betalab:model-b7".into());
    let snapshot = Snapshot {
        prompt: "greeter".into(),
        which: Which::Version(version.clone()),
        folder: "v3.1.4_2024-03-15".into(),
        text: "# Identity\nI am old.\n".into(),
        config,
        variables: crate::prompt::Declarations::default(),
        assumptions: crate::prompt::Assumptions::default(),
        lint: crate::library::LintTable::default(),
    };
    bench.tell(Msg::VersionRead { prompt: "greeter".into(), version, result: Ok(Box::new(snapshot)) });
    bench.press("tab tab b");
    bench.tell(Msg::Shuffled(3));
    assert!(bench.model.play.blind.is_some(), "{}", bench.said());
    bench.press("i");
    bench.type_text("Hello");
    bench.press("enter");
    let runs: Vec<u64> = bench.model.play.running().collect();
    (bench, runs.try_into().unwrap())
}

fn failure(kind: FailureKind) -> Failure {
    Failure {
        detail: Some("model-a9 at 127.0.0.1:4711 says: alphalab is busy".into()),
        hint: Some("ask alphalab".into()),
        ..Failure::new(kind, "alphalab (127.0.0.1:4711) refused model-a9")
    }
}

fn done(finish: Finish, failure: Option<Failure>) -> Event {
    Event::Done { finish, failure }
}

/// Everything that servers tell besides words.
fn talkative(bench: &mut Workbench, run: u64, name: &str) {
    let unsent = Unsent { parameter: "temperature", why: format!("{name} takes none") };
    bench.reply(run, 1, Event::Unsent(vec![unsent]));
    bench.reply(run, 1, Event::Context(Context { tokens: 4711, most: Some(4712), prompt: 4711 }));
    bench.reply(run, 2, Event::Wire(Wire::Request(super::wire::envelope(&format!("{{\"model\":\"{name}\"}}")))));
    bench.reply(run, 2, Event::Wire(Wire::Head(format!("HTTP/1.1 200 OK\nserver: {name}\n"))));
    bench.reply(run, 3, Event::Thinking(format!("I am {name}.")));
    bench.reply(run, 4, Event::Text("A reply.".into()));
    bench.reply(
        run,
        4,
        Event::Tool(ToolCall { id: String::new(), name: format!("{name}_search"), arguments: "{}".into() }),
    );
    bench.reply(run, 4, Event::Refused { category: name.to_owned(), explanation: format!("{name} will not") });
    bench.reply(run, 5, Event::Usage(Usage { input: Some(4711), output: Some(4712), ..Usage::default() }));
}

type Happens = fn(&mut Workbench, [u64; 2]);

/// What may happen to two messages that are under way.
const STAGES: [(&str, Happens); 9] = [
    ("nothing came", |_, _| {}),
    ("a server is slow", |bench, [one, _]| {
        let waiting = Event::Waiting { pause: Duration::from_secs(2), failure: failure(FailureKind::Overloaded) };
        bench.reply(one, 1, waiting);
        bench.tell(Msg::Timer(crate::tui::msg::Timer::Spinner));
    }),
    ("one has answered", |bench, [one, _]| {
        talkative(bench, one, "model-a9");
        bench.reply(one, 9, done(Finish::End, None));
    }),
    ("both have answered", |bench, runs| {
        for (run, name) in runs.into_iter().zip(["model-a9", "model-b7"]) {
            talkative(bench, run, name);
            bench.reply(run, 9, done(Finish::End, None));
        }
    }),
    ("one has failed", |bench, [one, _]| {
        bench.reply(one, 9, done(Finish::Error, Some(failure(FailureKind::BadRequest))));
    }),
    ("both have failed", |bench, [one, other]| {
        bench.reply(one, 9, done(Finish::Error, Some(failure(FailureKind::NoKey))));
        bench.reply(other, 9, done(Finish::Incomplete, Some(failure(FailureKind::Network))));
    }),
    ("both were stopped", |bench, [one, _]| {
        bench.reply(one, 2, Event::Text("A part".into()));
        bench.press("esc");
    }),
    ("a version cannot be read any more", |bench, runs| {
        for run in runs {
            bench.reply(run, 9, done(Finish::End, None));
        }
        let gone = Error::new(Kind::Input, "v3.1.4 cannot be read");
        let version = "3.1.4".parse().unwrap();
        bench.tell(Msg::VersionRead { prompt: "greeter".into(), version, result: Err(gone) });
    }),
    ("a column cannot be asked", |bench, runs| {
        for run in runs {
            bench.reply(run, 9, done(Finish::End, None));
        }
        bench.model.settings.keyless.insert("betalab".into(), Error::new(Kind::Model, "betalab has no key"));
        bench.type_text("More");
        bench.press("enter");
    }),
];

fn check(bench: &mut Workbench, when: &str, sizes: &[(u16, u16)]) {
    for size in sizes {
        bench.tell(Msg::Resize(size.0, size.1));
        if bench.model.play.blind.is_none() {
            return;
        }
        let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
        terminal.draw(|frame| view::draw(&bench.model, frame)).unwrap();
        let shown = terminal.backend().to_string();
        // what is chosen from a list of versions says nothing about who answers
        let lists = matches!(bench.model.overlay, Some(Overlay::Pick(..)));
        for name in NAMES.into_iter().filter(|name| !(lists && *name == VERSION)) {
            assert!(!shown.contains(name), "{name} is on the screen, {when}:\n{shown}");
        }
    }
}

#[test]
fn nothing_on_any_screen_names_a_model_a_version_or_a_server_while_columns_are_compared_blind() {
    for (index, (stage, happens)) in STAGES.into_iter().enumerate() {
        let begun = || {
            let (mut bench, runs) = asked();
            happens(&mut bench, runs);
            bench
        };
        check(&mut begun(), stage, &[(160, 45), (80, 24)]);
        // every action, and each of them at two of the stages
        for entry in TABLE.iter().enumerate().filter(|(at, _)| (at + index) % 4 == 0).map(|(_, entry)| entry) {
            let mut bench = begun();
            keys::act(&mut bench.model, entry.action, &mut Vec::new());
            check(&mut bench, &format!("{stage}, after {}", entry.id), &[(160, 45)]);
        }
    }
}

#[test]
fn what_was_hidden_of_a_failure_is_shown_when_the_blind_comparison_ends() {
    let (mut bench, [one, other]) = asked();
    bench.reply(one, 9, done(Finish::Error, Some(failure(FailureKind::BadRequest))));
    assert!(bench.said().contains("reply failed; why is shown when b ends"), "{}", bench.said());
    bench.reply(other, 9, done(Finish::End, None));
    bench.press("esc b enter");
    bench.tell(Msg::Resize(160, 45));
    let mut terminal = Terminal::new(TestBackend::new(160, 45)).unwrap();
    terminal.draw(|frame| view::draw(&bench.model, frame)).unwrap();
    let shown = terminal.backend().to_string();
    assert!(shown.contains("refused model-a9") && shown.contains("the server says"), "{shown}");
}
