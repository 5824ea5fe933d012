//! How an answer ends, or does not.

use greenroom::config::Api;
use greenroom::model::FailureKind::{BadAnswer, Network};

use super::{Case, Ends, Fault, Step, TEXT, chunked, failed, fault, good_head, plain, raw, says, whole};

const GROUP: &str = "broken ends";

/// A stream without the event that is its end.
fn without_end(case: Case) -> Option<String> {
    let good = case.good();
    let end = match case.api {
        Api::Anthropic => "event: message_stop",
        Api::OpenAiResponses => "event: response.completed",
        Api::OpenAi => "data: [DONE]",
        Api::Ollama | Api::Offline => return None,
    };
    case.has_events().then(|| good[..good.rfind(end).expect("it is there")].to_owned())
}

/// What is left of a reply that says all of its text and not its end.
fn all_but_the_end(case: Case) -> Ends {
    let text = TEXT.concat();
    // the reason to stop is enough in this protocol
    if case.api == Api::OpenAi { says(&text) } else { Ends { text, ..case.broken_off(BadAnswer) } }
}

pub fn all() -> Vec<Fault> {
    vec![
        fault(GROUP, "it just ends", |case| Some((plain(&case.begun()), case.broken_off(BadAnswer)))),
        fault(GROUP, "it ends within an event", |case| {
            let more = if case.has_events() { "data: {\"type\":\"" } else { "{\"message\":{\"con" };
            case.streamed.then(|| (plain(&(case.begun() + more)), case.broken_off(BadAnswer)))
        }),
        fault(GROUP, "it ends within a character", |case| {
            let mut bytes =
                (case.begun() + if case.has_events() { "data: {\"x\":\"" } else { "{\"x\":\"" }).into_bytes();
            bytes.extend(&"é".as_bytes()[..1]);
            case.streamed.then(|| (vec![good_head(), Step::Send(bytes)], case.broken_off(BadAnswer)))
        }),
        fault(GROUP, "the last chunk never comes", |case| {
            let mut answer = chunked(&case.begun(), 4096);
            answer.pop();
            Some((answer, case.broken_off(Network)))
        }),
        fault(GROUP, "a chunk is shorter than it says", |case| {
            let mut answer = chunked(&case.begun(), 4096);
            answer.pop();
            answer.push(Step::Send(b"ffff\r\nshort".to_vec()));
            Some((answer, case.broken_off(Network)))
        }),
        fault(GROUP, "a chunk has no size", |case| {
            let mut answer = chunked(&case.begun(), 4096);
            answer.pop();
            answer.push(Step::Send(b"zz\r\n\r\n".to_vec()));
            Some((answer, case.broken_off(Network)))
        }),
        fault(GROUP, "less than its length says", |case| {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 99999\r\n\r\n";
            Some((raw(head.to_owned() + &case.begun()), case.broken_off(Network)))
        }),
        fault(GROUP, "more than its length says", |case| {
            let (begun, good) = (case.begun(), case.good());
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n",
                begun.len()
            );
            Some((raw(head + &good), case.broken_off(BadAnswer)))
        }),
        fault(GROUP, "the connection is reset in the middle", |case| {
            let mut answer = chunked(&case.begun(), 4096);
            answer.pop();
            answer.push(Step::Reset);
            Some((answer, case.broken_off(Network)))
        }),
        fault(GROUP, "the connection is reset at once", |_| Some((vec![Step::Reset], failed(Network)))),
        fault(GROUP, "the connection is closed at once", |_| Some((vec![], failed(Network)))),
        fault(GROUP, "everything but the last word", |case| {
            without_end(case).map(|body| (plain(&body), all_but_the_end(case)))
        }),
        fault(GROUP, "everything but the last word, and silence", |case| {
            let mut ends = all_but_the_end(case);
            ends.kind = ends.kind.map(|_| Network);
            let mut answer = plain(&without_end(case)?);
            answer.push(Step::Hold);
            Some((answer, ends))
        }),
        fault(GROUP, "the last word without a line feed", |case| Some((plain(case.good().trim_end()), whole()))),
        fault(GROUP, "the last word twice", |case| {
            let good = case.good();
            let last = good.trim_end().rfind('\n').map_or("", |at| &good[at..]).to_owned();
            case.streamed.then(|| (plain(&(good + last.trim_start() + "\n\n")), whole()))
        }),
        fault(GROUP, "more after the last word", |case| {
            case.streamed
                .then(|| (plain(&(case.good() + "data: {nonsense\n\nand more\n{\"error\":\"late\"}\n")), whole()))
        }),
        fault(GROUP, "an empty answer", |_| Some((plain(""), failed(BadAnswer)))),
        fault(GROUP, "only blanks", |_| Some((plain(" \r\n\t\n"), failed(BadAnswer)))),
        fault(GROUP, "a head that says the body is empty", |_| {
            Some((raw("HTTP/1.1 204 No Content\r\n\r\n"), failed(BadAnswer)))
        }),
    ]
}
