//! Cassettes: put in and out, said on every screen, and asked in place of models.

use std::path::PathBuf;
use std::sync::Arc;

use semver::Version;

use crate::error::Error;
use crate::library::Snapshot;
use crate::model::Event;
use crate::model::Finish;
use crate::model::ModelName;
use crate::prompt::{Declaration, Privacy};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::play::Subject;
use crate::tui::tape::{Fit, Tape, Use};
use crate::tui::tests::{Workbench, prompt, sent, version};

fn tape(what: Use) -> Tape {
    let messages = vec!["first".to_owned(), "second".to_owned()];
    Tape { what, file: PathBuf::from("/l/cassettes/talk.jsonl"), messages, damaged: Vec::new(), fit: None }
}

fn inserted(bench: &mut Workbench, tape: Tape) -> Vec<Effect> {
    let number = bench.model.deck.number;
    bench.tell(Msg::Inserted { number, result: Ok(Some(tape)) })
}

/// A prompt with a model that has no key, which a cassette stands in for.
fn keyless() -> Workbench {
    let mut bench =
        prompt("# Identity\nHi {{who}}.\n").model("nobody:big").set("one", &[("who", "Ada")]).version("1.0.0").open();
    bench.press("2");
    bench
}

fn frozen() -> (Version, Arc<Snapshot>) {
    let opened = prompt("# Identity\nHello {{who}}.\n").into_opened("greeter");
    (version("1.0.0"), Arc::new(opened.snapshot))
}

#[test]
fn a_cassette_with_a_damaged_line_answers_and_names_the_line() {
    let mut bench = Workbench::on_samples();
    bench.press("2");
    let error = crate::error::Error::input("this line is no recording").at_line("/l/cassettes/talk.jsonl", 2, None);
    inserted(&mut bench, Tape { damaged: vec![error], ..tape(Use::Replay) });
    assert!(bench.model.deck.tape.is_some());
    let said = bench.said();
    let wanted = "One line of it cannot be read: /l/cassettes/talk.jsonl:2: this line is no recording";
    assert!(said.ends_with(wanted), "{said}");
}

#[test]
fn a_cassette_answers_for_a_model_without_a_key_and_the_history_hears_nothing() {
    let mut bench = keyless();
    bench.press("i");
    bench.type_text("Hello");
    assert!(sent(&bench.press("enter")).is_none());
    bench.press("esc");
    inserted(&mut bench, tape(Use::Replay));
    let effects = bench.press("ctrl-r");
    let (run, _) = sent(&effects).unwrap_or_else(|| panic!("not sent: {}", bench.said()));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::About { .. })), "{effects:?}");
    assert!(bench.model.overlay.is_none(), "nobody has to agree");
    assert!(bench.model.play.column().talk.of_run(run).unwrap().replayed);
}

#[test]
fn a_cassette_is_asked_with_the_real_value_where_no_example_is_declared_and_nobody_has_to_agree() {
    let personal = Declaration { privacy: Privacy::Personal, ..Declaration::default() };
    let mut bench = prompt("# Identity\nHi {{who}}.\n")
        .model("anthropic:claude-haiku-4-5")
        .set("one", &[("who", "Ada")])
        .declared("who", personal)
        .open();
    bench.press("2");
    inserted(&mut bench, tape(Use::Replay));
    bench.press("i");
    bench.type_text("Hello");
    let effects = bench.press("enter");
    let (_, request) = sent(&effects).unwrap_or_else(|| panic!("not sent: {:?}", bench.model.overlay));
    assert_eq!(request.system, "# Identity\nHi Ada.\n");
    assert!(!bench.said().contains("real values"), "nothing went out: {}", bench.said());
}

#[test]
fn nothing_is_sent_while_the_cassette_is_still_being_put_in() {
    let mut bench = prompt("# Identity\nHi.\n").model("offline").open();
    bench.press("2 C");
    bench.tell(Msg::Cassettes(vec!["/l/cassettes/talk.jsonl".into()]));
    let effects = bench.press("enter");
    assert!(matches!(effects.as_slice(), [Effect::Insert { insertion: Some(_), .. }, ..]), "{effects:?}");
    bench.press("i");
    bench.type_text("Hello");
    assert!(sent(&bench.press("enter")).is_none());
    assert!(bench.said().contains("still being put in"), "{}", bench.said());
    inserted(&mut bench, tape(Use::Record));
    assert!(sent(&bench.press("enter")).is_some(), "{}", bench.said());
}

#[test]
fn an_older_answer_about_a_cassette_is_dropped_and_a_file_that_is_none_is_told() {
    let mut bench = keyless();
    bench.model.deck.number = 2;
    bench.tell(Msg::Inserted { number: 1, result: Ok(Some(tape(Use::Replay))) });
    assert!(bench.model.deck.tape.is_none());
    inserted(&mut bench, tape(Use::Replay));
    bench.tell(Msg::Inserted { number: 2, result: Err(Error::input("this line is no recording")) });
    assert!(bench.model.deck.tape.is_none() && bench.said().contains("no recording"), "{}", bench.said());
}

#[test]
fn what_was_recorded_is_set_up_and_its_messages_are_offered_one_after_the_other() {
    let mut bench = keyless();
    let fit = Fit { version: Some(frozen()), set: Some("one".into()), model: ModelName::offline() };
    inserted(&mut bench, Tape { fit: Some(fit), ..tape(Use::Replay) });
    let column = bench.model.play.column();
    assert_eq!((&column.subject, &column.chosen), (&Subject::Version(version("1.0.0")), &Some(ModelName::offline())));
    assert_eq!(bench.model.play.message.buffer.text(), "first");
    let (run, _) = sent(&bench.press("ctrl-r")).unwrap_or_else(|| panic!("{}", bench.said()));
    bench.reply(run, 10, Event::Done { finish: Finish::End, failure: None });
    assert_eq!(bench.model.play.message.buffer.text(), "second");
}

#[test]
fn what_is_said_already_is_not_changed_by_a_cassette() {
    let mut bench = prompt("# Identity\nHi.\n").model("offline").open();
    bench.exchange("Hello", "Hi");
    bench.type_text("mine");
    let fit = Fit { version: Some(frozen()), set: None, model: ModelName::offline() };
    inserted(&mut bench, Tape { fit: Some(fit), ..tape(Use::Replay) });
    assert_eq!(bench.model.play.column().subject, Subject::Draft);
    assert_eq!(bench.model.play.message.buffer.text(), "mine");
}
