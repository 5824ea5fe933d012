//! Record, then replay.

use std::sync::Arc;

use futures::StreamExt;

use super::*;
use crate::model::{Event, Model, ModelName, Offline, Params, Role, Turn};

fn request(system: &str, message: &str) -> Request {
    Request {
        model: ModelName::offline(),
        system: system.to_owned(),
        turns: vec![Turn { role: Role::User, text: message.to_owned() }],
        params: Params { temperature: Some(0.2), ..Params::default() },
        stream: true,
    }
}

async fn text(model: &dyn Model, request: Request) -> Result<String, crate::model::Failure> {
    let events: Vec<Event> = model.run(request).collect().await;
    let Some(Event::Done { failure, .. }) = events.last() else { panic!("it has no end: {events:?}") };
    if let Some(failure) = failure {
        return Err(failure.clone());
    }
    Ok(events
        .iter()
        .filter_map(|event| if let Event::Text(text) = event { Some(text.as_str()) } else { None })
        .collect())
}

#[tokio::test]
async fn what_was_recorded_is_answered_again_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    let recorder = Recorder::open(&file).unwrap();
    let model = recorder.listen(Arc::new(Offline::instant()), |_| false);
    let said = text(&*model, request("# Role\nYou help.\n", "Hello")).await.unwrap();
    assert_eq!(recorder.trouble(), None);
    let player = Player::open(&file, false).unwrap();
    assert_eq!(text(&player, request("# Role\nYou help.\n", "Hello")).await.unwrap(), said);
    let mut unstreamed = request("# Role\nYou help.\n", "Hello");
    unstreamed.stream = false;
    assert_eq!(text(&player, unstreamed).await.unwrap(), said);
    let mut other = request("# Role\nYou helped.\n", "Hello");
    other.params.temperature = Some(0.9);
    let failure = text(&player, other).await.unwrap_err();
    let wanted = "line 1, differs in the filled system prompt from line 2 on, `temperature`";
    assert!(failure.message.ends_with(wanted), "{}", failure.message);
    let failure = text(&player, request("# Role\nYou help.\n", "Hello!")).await.unwrap_err();
    assert!(failure.message.ends_with("differs in message 1 of the conversation, from its line 1 on"), "{failure:?}");
}

#[tokio::test]
async fn a_reply_with_a_key_in_it_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    let recorder = Recorder::open(&file).unwrap();
    let model = recorder.listen(Arc::new(Offline::instant()), |text| text.contains("K3Y"));
    text(&*model, request("# Role\nYou help.\n", "K3Y")).await.unwrap();
    assert!(recorder.trouble().is_some_and(|why| why.contains("key")));
    assert_eq!(std::fs::read_to_string(file).unwrap(), "");
}

#[test]
fn a_line_that_is_no_recording_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    std::fs::write(&file, "\n{\"hash\": 1}\n").unwrap();
    let error = Player::open(&file, false).unwrap_err();
    assert_eq!(error.place.unwrap().line, Some(2));
}

#[tokio::test]
async fn what_stands_beside_a_damaged_line_is_answered_and_what_stands_on_it_is_told_to_be_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    let model = Recorder::open(&file).unwrap().listen(Arc::new(Offline::instant()), |_| false);
    for message in ["one", "two", "three"] {
        text(&*model, request("# Role\nYou help.\n", message)).await.unwrap();
    }
    let bytes = fs::read(&file).unwrap();
    let whole = String::from_utf8(bytes.clone()).unwrap();
    let second = whole.lines().nth(1).unwrap();
    let begin = whole.find(second).unwrap();
    // a byte of it is lost, its end is lost with its request, its beginning is lost with its hash
    let byte = [&bytes[..begin + 200], b"\xff", &bytes[begin + 200..]].concat();
    let end = whole.replace(second, &second[..120]).into_bytes();
    let beginning = whole.replace(second, &second[120..]).into_bytes();
    for (damaged, knows) in [(byte, true), (end, true), (beginning, false)] {
        fs::write(&file, damaged).unwrap();
        let player = Player::open(&file, false).unwrap();
        let errors: Vec<&Error> = player.damaged().collect();
        assert_eq!(errors.iter().map(|error| error.place.as_ref().unwrap().line).collect::<Vec<_>>(), [Some(2)]);
        for message in ["one", "three"] {
            assert!(text(&player, request("# Role\nYou help.\n", message)).await.is_ok(), "{message}");
        }
        let said = text(&player, request("# Role\nYou help.\n", "two")).await.unwrap_err().message;
        let wanted =
            if knows { "the line of the cassette with this request is damaged" } else { "in what is damaged: line 2" };
        assert!(said.contains(wanted), "{said}");
        // the nearest is named by its line in the file
        let said = text(&player, request("# Role\nYou help.\n", "threes")).await.unwrap_err().message;
        assert!(said.contains("the nearest, line 3, "), "{said}");
    }
}

#[tokio::test]
async fn a_line_that_was_torn_by_a_crash_does_not_take_the_next_recording_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    fs::write(&file, "{\"hash\":\"x").unwrap();
    let model = Recorder::open(&file).unwrap().listen(Arc::new(Offline::instant()), |_| false);
    text(&*model, request("# Role\nYou help.\n", "Hello")).await.unwrap();
    let player = Player::open(&file, false).unwrap();
    let damaged: Vec<String> = player.damaged().map(ToString::to_string).collect();
    assert!(damaged.len() == 1 && damaged[0].contains("a.jsonl:1:"), "{damaged:?}");
    assert_eq!(player.messages(), ["Hello"]);
    let written = fs::read_to_string(&file).unwrap();
    fs::write(&file, written.lines().nth(1).unwrap()).unwrap();
    assert_eq!(Player::open(&file, false).unwrap().messages(), ["Hello"]);
}
