//! Columns side by side: one message to all, each its own conversation, and what differs between two replies.

use crate::library::{PromptConfig, Snapshot, Which};
use crate::model::{Event, Finish};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::play::Subject;
use crate::tui::tests::{Workbench, prompt};

/// A draft, and v1.0.0 in a second column whose text has come.
fn two() -> Workbench {
    let mut bench = prompt("# Identity\nI am the draft.\n").model("offline").version("1.0.0").open();
    bench.press("2 a down");
    let effects = bench.press("enter");
    let asked = effects.iter().any(|effect| matches!(effect, Effect::ReadVersion { .. }));
    assert!(asked, "{effects:?}");
    bench.tell(read("I am v1."));
    bench.press("tab tab");
    bench
}

fn read(text: &str) -> Msg {
    let version: semver::Version = "1.0.0".parse().unwrap();
    let mut config = PromptConfig::default();
    config.0.insert("model".into(), "ollama:small".into());
    let snapshot = Snapshot {
        prompt: "greeter".into(),
        which: Which::Version(version.clone()),
        folder: "v1.0.0".into(),
        text: text.to_owned(),
        config,
        variables: crate::prompt::Declarations::default(),
        assumptions: crate::prompt::Assumptions::default(),
        lint: crate::library::LintTable::default(),
    };
    Msg::VersionRead { prompt: "greeter".into(), version, result: Ok(Box::new(snapshot)) }
}

fn all_sent(effects: &[Effect]) -> Vec<(u64, crate::model::Request)> {
    let sent = effects.iter().filter_map(|effect| match effect {
        Effect::Send { run, request } => Some((*run, request.clone())),
        _ => None,
    });
    sent.collect()
}

fn say(bench: &mut Workbench, message: &str) -> Vec<(u64, crate::model::Request)> {
    bench.press("alt-2");
    bench.press("i");
    bench.type_text(message);
    all_sent(&bench.press("enter"))
}

fn answer(bench: &mut Workbench, run: u64, reply: &str) -> Vec<Effect> {
    bench.reply(run, 5, Event::Text(reply.to_owned()));
    bench.reply(run, 9, Event::Done { finish: Finish::End, failure: None })
}

fn said(bench: &Workbench, column: usize) -> Vec<String> {
    let shown = bench.model.play.columns[column].talk.shown();
    shown.map(|exchange| format!("{}: {}", exchange.message, exchange.reply)).collect()
}

#[test]
fn one_message_goes_to_all_columns_each_with_its_own_text_and_model() {
    let mut bench = two();
    let sent = say(&mut bench, "Hello");
    let told: Vec<_> = sent.iter().map(|(_, sent)| (sent.system.as_str(), sent.model.to_string())).collect();
    assert_eq!(
        told,
        [("# Identity\nI am the draft.\n", "offline".to_owned()), ("I am v1.", "ollama:small".to_owned())]
    );
    answer(&mut bench, sent[1].0, "Two.");
    answer(&mut bench, sent[0].0, "One.");
    let sent = say(&mut bench, "More");
    let before: Vec<_> = sent.iter().map(|(_, sent)| sent.turns[1].text.as_str()).collect();
    assert_eq!(before, ["One.", "Two."], "each column sends its own conversation");
}

#[test]
fn nothing_is_sent_to_any_column_while_one_of_them_cannot_be_asked() {
    let mut bench = prompt("# Identity\nHi\n").model("offline").version("1.0.0").open();
    bench.press("2 a down enter");
    assert_eq!(say(&mut bench, "Hello"), []);
    assert!(bench.said().contains("column B") && bench.said().contains("being read"), "{}", bench.said());
    assert_eq!(bench.model.play.message.buffer.text(), "Hello");
    bench.tell(read("I am v1."));
    assert_eq!(all_sent(&bench.press("enter")).len(), 2);
}

#[test]
fn a_new_column_is_asked_the_last_message_alone() {
    let mut bench = prompt("# Identity\nHi\n").model("offline").open();
    bench.exchange("One?", "First.");
    bench.press("esc a enter");
    assert_eq!((bench.model.play.columns.len(), bench.model.play.focused), (2, 1));
    let sent = all_sent(&bench.press("r"));
    assert_eq!(sent.len(), 1);
    answer(&mut bench, sent[0].0, "Other.");
    assert_eq!((said(&bench, 0), said(&bench, 1)), (vec!["One?: First.".to_owned()], vec!["One?: Other.".to_owned()]));
}

#[test]
fn there_are_at_most_four_columns_and_always_one() {
    let mut bench = prompt("# Identity\nHi\n").model("offline").open();
    bench.press("2 a enter a enter a enter a");
    assert_eq!(bench.model.play.columns.len(), 4);
    assert!(bench.said().contains("4 columns"), "{}", bench.said());
    bench.press("X X X X");
    assert_eq!(bench.model.play.columns.len(), 1);
    assert!(bench.said().contains("only column"), "{}", bench.said());
}

#[test]
fn a_closed_column_stops_its_reply_and_the_others_go_on() {
    let mut bench = two();
    let sent = say(&mut bench, "Hello");
    bench.press("alt-1 alt-2 tab");
    bench.press("l");
    let effects = bench.press("X");
    assert!(effects.contains(&Effect::Cancel { run: sent[1].0 }), "{effects:?}");
    answer(&mut bench, sent[1].0, "late");
    answer(&mut bench, sent[0].0, "One.");
    assert_eq!(said(&bench, 0), ["Hello: One."]);
}

#[test]
fn one_reply_can_be_stopped_and_escape_stops_all() {
    let mut bench = two();
    let sent = say(&mut bench, "Hello");
    bench.press("alt-1 alt-2 tab");
    let effects = bench.press("S");
    assert_eq!(effects.iter().filter(|effect| matches!(effect, Effect::Cancel { .. })).count(), 1);
    assert_eq!(bench.model.play.running().count(), 1);
    answer(&mut bench, sent[0].0, "late");
    answer(&mut bench, sent[1].0, "late");
    bench.press("r");
    say(&mut bench, "More");
    let effects = bench.press("esc");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Cancel { .. })));
    assert!(!bench.model.play.is_running());
}

#[test]
fn a_column_can_be_given_another_model_and_another_version() {
    let mut bench = two();
    bench.press("tab l o home enter");
    assert_eq!(bench.model.play.columns[1].subject, Subject::Draft);
    bench.press("m enter");
    assert_eq!(bench.model.play.columns[1].chosen, Some(crate::model::ModelName::offline()));
    assert_eq!(bench.model.play.columns[0].chosen, None);
}

#[test]
fn what_is_asked_again_becomes_a_branch_and_the_first_reply_comes_back() {
    let mut bench = prompt("# Identity\nHi\n").model("offline").open();
    bench.exchange("One?", "First.");
    bench.exchange("Two?", "Second.");
    bench.press("esc tab [");
    let sent = all_sent(&bench.press("r"));
    assert_eq!(sent[0].1.turns.len(), 1, "what came after the turn is not sent");
    answer(&mut bench, sent[0].0, "Other.");
    assert_eq!(said(&bench, 0), ["One?: Other."]);
    bench.press("<");
    assert_eq!(said(&bench, 0), ["One?: First.", "Two?: Second."]);
    assert!(bench.said().contains("branch 1 of 2"), "{}", bench.said());
}

#[test]
fn the_words_by_which_two_replies_differ_are_marked_once_both_are_whole() {
    let mut bench = two();
    bench.press("=");
    let sent = say(&mut bench, "Hello");
    let asked = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::CompareReplies { .. }));
    assert!(!asked(&answer(&mut bench, sent[0].0, "Clear the cache, then retry.")));
    let effects = answer(&mut bench, sent[1].0, "Clear the cookies, then retry.");
    assert!(asked(&effects), "{effects:?}");
    let [left, right] = crate::diff::differing("Clear the cache, then retry.", "Clear the cookies, then retry.");
    bench.tell(Msg::RepliesCompared([(sent[0].0, left), (sent[1].0, right)]));
    let marked = |column: usize| {
        let column = &bench.model.play.columns[column];
        let (marks, reply) = (column.marks.as_ref().unwrap(), &column.talk.last().unwrap().reply);
        marks.words.iter().map(|words| &reply[words.clone()]).collect::<Vec<_>>().concat()
    };
    assert_eq!((marked(0).as_str(), marked(1).as_str()), ("cache", "cookies"));
    bench.press("esc =");
    assert!(bench.model.play.columns.iter().all(|column| column.marks.is_none()));
}

#[test]
fn a_column_out_of_sight_is_not_waited_for_by_the_screen() {
    let mut bench = two();
    let sent = say(&mut bench, "Hello");
    let sees = |bench: &Workbench, index: usize| crate::tui::update::columns::sees(&bench.model, sent[index].0);
    assert!(sees(&bench, 0) && sees(&bench, 1));
    bench.tell(Msg::Resize(79, 24));
    let focused = bench.model.play.focused;
    assert!(sees(&bench, focused) && !sees(&bench, 1 - focused));
}

#[test]
fn a_message_that_is_said_differently_runs_again_from_there_in_every_column() {
    let mut bench = two();
    for message in ["One?", "Two?"] {
        for (run, _) in say(&mut bench, message) {
            answer(&mut bench, run, "Yes.");
        }
    }
    bench.press("esc tab [ e");
    assert_eq!(bench.model.play.message.buffer.text(), "One?");
    bench.type_text(" Really");
    let sent = all_sent(&bench.press("enter"));
    let turns: Vec<_> =
        sent.iter().map(|(_, sent)| sent.turns.iter().map(|turn| turn.text.as_str()).collect::<Vec<_>>()).collect();
    assert_eq!(turns, [["One? Really"], ["One? Really"]]);
    for (run, _) in sent {
        answer(&mut bench, run, "No.");
    }
    assert_eq!(said(&bench, 1), ["One? Really: No."]);
    bench.press("esc tab tab <");
    assert_eq!(said(&bench, 1), ["One?: Yes.", "Two?: Yes."], "the first way is kept");
    assert_eq!(said(&bench, 0), ["One? Really: No."], "each column has its own branches");
}

#[test]
fn escape_makes_a_message_that_was_to_be_said_differently_a_new_one() {
    let mut bench = prompt("# Identity\nHi\n").model("offline").open();
    bench.exchange("One?", "First.");
    bench.press("esc tab e esc esc");
    assert_eq!((bench.model.play.editing, bench.model.play.message.buffer.text().as_str()), (None, "One?"));
    bench.press("i");
    let sent = all_sent(&bench.press("enter"));
    assert_eq!(sent[0].1.turns.len(), 3);
}

#[test]
fn a_begun_reply_goes_along_and_stands_before_what_comes() {
    let mut bench = prompt("# Identity\nHi\n").model("ollama:small").open();
    bench.press("2 tab P");
    bench.type_text("Dear");
    bench.press("enter");
    let sent = say(&mut bench, "Hello");
    let last = sent[0].1.turns.last().unwrap();
    assert_eq!((last.role, last.text.as_str()), (crate::model::Role::Assistant, "Dear"));
    answer(&mut bench, sent[0].0, " customer");
    assert_eq!(said(&bench, 0), ["Hello: Dear customer"]);
}

#[test]
fn a_model_that_takes_no_begun_reply_is_not_asked_with_one() {
    let mut bench = prompt("# Identity\nHi\n").model("openai:gpt-5-mini").open();
    bench.model.settings.keyless.clear();
    bench.press("2 tab P");
    bench.type_text("Dear");
    bench.press("enter");
    assert_eq!(say(&mut bench, "Hello"), []);
    assert!(bench.said().contains("begins its replies itself"), "{}", bench.said());
}

#[test]
fn a_blind_comparison_hides_the_names_counts_votes_and_shows_who_was_who() {
    for seed in 0..4 {
        let mut bench = two();
        assert!(bench.press("b").contains(&Effect::Shuffle));
        bench.tell(Msg::Shuffled(seed));
        let sent = say(&mut bench, "Hello");
        assert_eq!(sent.len(), 2);
        for (run, request) in &sent {
            answer(&mut bench, *run, &format!("from {}", request.system));
        }
        bench.press("esc");
        for key in ["m", "o", "a", "X", "f9", "P", "p", "s", "f6", "f3", "$", "C"] {
            bench.press(key);
            assert!(bench.model.overlay.is_none() && bench.said().contains("blind"), "{key}: {}", bench.said());
        }
        // the first row is about the draft, whoever answers
        let shown = drawn(&bench).lines().skip(1).collect::<String>().replace("from I am v1.", "");
        for name in ["offline", "ollama", "small", "1.0.0", "v1"] {
            assert!(!shown.contains(name), "{name} in\n{shown}");
        }
        bench.press("+ enter");
        bench.type_text("clearer");
        let effects = bench.press("enter");
        let judged = effects.iter().find_map(|effect| match effect {
            Effect::Judge { judgement, .. } => Some(judgement.clone()),
            _ => None,
        });
        let judged = judged.unwrap();
        let on_the_left = &bench.model.play.columns[0].talk.last().unwrap().reply;
        assert_eq!(judged.left.contains("@draft"), on_the_left.contains("draft"), "{judged:?}");
        assert_eq!((judged.vote.id(), judged.note.as_str(), judged.message.as_str()), ("left", "clearer", "Hello"));
        bench.tell(Msg::Judged(Ok(())));
        bench.press("+");
        assert!(bench.model.overlay.is_none() && bench.said().contains("have been voted on"), "{}", bench.said());
        bench.press("b");
        let shown = drawn(&bench);
        assert!(shown.contains("greeter@1.0.0 ollama:small") && shown.contains("Too few votes"), "{shown}");
    }
}

#[test]
fn two_columns_that_run_the_same_are_not_compared_blind() {
    let mut bench = prompt("# Identity\nHi\n").model("offline").open();
    bench.press("2 tab b");
    assert!(bench.said().contains("two columns"), "{}", bench.said());
    bench.press("a enter b");
    assert!(bench.said().contains("run the same"), "{}", bench.said());
}

/// The text of the screen.
fn drawn(bench: &Workbench) -> String {
    let (width, height) = bench.model.size;
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| crate::tui::view::draw(&bench.model, frame)).unwrap();
    let cells = terminal.backend().buffer().content.iter().map(ratatui::buffer::Cell::symbol).collect::<Vec<_>>();
    cells.chunks(usize::from(width)).map(|row| row.concat() + "\n").collect()
}

#[test]
fn the_history_is_told_of_each_column_what_it_runs() {
    let mut bench = two();
    bench.press("alt-2 i");
    bench.type_text("Hello");
    let effects = bench.press("enter");
    let told: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::About { about, .. } => Some((about.prompt.as_str(), about.version.as_str(), about.text.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(told, [("greeter", "draft", "# Identity\nI am the draft.\n"), ("greeter", "1.0.0", "I am v1.")]);
}

#[test]
fn the_list_for_one_more_column_begins_with_the_last_version_that_is_not_shown() {
    let scene = || prompt("# Identity\nHi").model("offline").version("1.0.0").version("1.1.0");
    let mut bench = scene().open();
    let chosen = |bench: &mut Workbench| {
        bench.press("2 a");
        match &bench.model.overlay {
            Some(crate::tui::overlay::Overlay::Pick(_, picker)) => picker.chosen().unwrap().value.clone(),
            other => panic!("{other:?}"),
        }
    };
    // where everything is shown, what the focused column runs
    for wanted in ["1.1.0", "1.0.0", "1.0.0"] {
        assert_eq!(chosen(&mut bench), wanted);
        bench.press("enter");
    }
}

#[test]
fn a_prompt_that_is_opened_again_has_the_columns_it_had() {
    let scene = || prompt("# Identity\nHi").model("offline").version("1.0.0").version("1.1.0");
    let mut bench = scene().open();
    bench.press("2 a enter m enter");
    assert_eq!(bench.model.play.columns.len(), 2);
    let mut other = scene().into_opened("other");
    other.entry.name = "other".into();
    bench.tell(Msg::Opened(Ok(Box::new(other))));
    assert_eq!(bench.model.play.columns.len(), 1);
    let effects = bench.tell(Msg::Opened(Ok(Box::new(scene().version("2.0.0").into_opened("greeter")))));
    let columns = &bench.model.play.columns;
    assert_eq!((columns.len(), &columns[1].subject), (2, &Subject::Version("1.1.0".parse().unwrap())));
    assert!(columns[1].chosen.is_some() && columns.iter().all(|column| column.talk.is_empty()));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::ReadVersion { .. })), "{effects:?}");
    // a version that is gone has no column
    let effects = bench.tell(Msg::Opened(Ok(Box::new(prompt("# Identity\nHi").into_opened("greeter")))));
    assert!(bench.model.play.columns.len() == 1 && !effects.is_empty());
}

#[test]
fn blind_replies_are_held_back_until_both_are_whole_so_that_no_pace_tells_who_it_is() {
    let mut bench = two();
    bench.press("b");
    bench.tell(Msg::Shuffled(1));
    assert!(bench.model.play.blind.is_some(), "{}", bench.said());
    let sent = say(&mut bench, "Hello");
    assert_eq!(bench.model.play.held(), Some(0));
    answer(&mut bench, sent[0].0, "swift as ever");
    let shown = |bench: &Workbench| {
        let with = crate::tui::play::transcript::Drawing {
            width: 60,
            spin: 0,
            blind: true,
            held: bench.model.play.held(),
            reading: bench.model.play.reading,
        };
        let rows =
            |column| crate::tui::play::transcript::rows_from_end(column, with).map(|row| row.text).collect::<Vec<_>>();
        bench.model.play.columns.iter().map(rows).collect::<Vec<_>>()
    };
    let before = shown(&bench);
    assert_eq!(before[0], before[1], "nothing tells them apart");
    assert!(!before.concat().concat().contains("swift"));
    bench.press("tab y");
    assert!(bench.model.clipboard.is_empty(), "{}", bench.said());
    answer(&mut bench, sent[1].0, "slow and steady");
    assert!(shown(&bench).concat().concat().contains("swift") && bench.model.play.held().is_none());
}
