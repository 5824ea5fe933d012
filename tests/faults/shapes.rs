//! The forms that events and documents take.

use greenroom::config::Api;
use greenroom::model::FailureKind::{BadAnswer, Overloaded};
use greenroom::model::Finish;

use super::{Ends, Fault, Step, TEXT, failed, fault, good_head, plain, says, whole};
use crate::servers::json as json_answer;

const GROUP: &str = "event shapes";

/// Another spelling of the same events.
fn spelled(name: &'static str, spell: fn(String) -> String) -> Fault {
    fault(GROUP, name, move |case| case.has_events().then(|| (plain(&spell(case.good())), whole())))
}

/// Something between the beginning and the end of a stream that means nothing.
fn between(name: &'static str, what: &'static str) -> Fault {
    fault(GROUP, name, move |case| {
        let (begun, good) = (case.begun(), case.good());
        case.has_events().then(|| (plain(&format!("{begun}{what}\n\n{}", &good[begun.len()..])), whole()))
    })
}

/// Something that ends a stream badly, with what had come of it.
fn ends_in(
    name: &'static str,
    events: impl Into<String>,
    lines: impl Into<String>,
    kind: greenroom::model::FailureKind,
) -> Fault {
    let (events, lines) = (events.into(), lines.into());
    fault(GROUP, name, move |case| {
        let what = if case.has_events() { &events } else { &lines };
        let ends = Ends { finish: Finish::Error, text: TEXT[0].to_owned(), kind: Some(kind) };
        case.streamed.then(|| (plain(&(case.begun() + what)), ends))
    })
}

pub fn all() -> Vec<Fault> {
    let long = || vec![b'x'; 1 << 20];
    let deep = "[".repeat(500) + &"]".repeat(500);
    vec![
        spelled("lines that end in CR LF", |body| body.replace('\n', "\r\n")),
        spelled("lines that end in CR", |body| body.replace('\n', "\r")),
        spelled("a byte order mark", |body| format!("\u{feff}{body}")),
        spelled("blank lines at first", |body| format!("\n\n\r\n{body}")),
        spelled("comments everywhere", |body| body.replace("\n\n", "\n: comment\n\n:\n\n")),
        spelled("no blank behind the colon", |body| body.replace("data: {", "data:{").replace("event: ", "event:")),
        spelled("fields that nobody knows", |body| body.replace("\n\n", "\nid: 1\nretry: 3\nunknown: x\nlonely\n\n")),
        spelled("events without a name", |body| {
            body.lines().filter(|line| !line.starts_with("event:")).map(|line| line.to_owned() + "\n").collect()
        }),
        spelled("events of a wrong name", |body| body.replace("event: ", "event: x-")),
        spelled("data in several lines", |body| body.replace("data: {", "data: {\ndata: ")),
        spelled("blank events between", |body| body.replace("\n\n", "\n\ndata:\n\nevent: nothing\n\n")),
        between("a ping", "event: ping\ndata: {\"type\":\"ping\"}"),
        between(
            "a kind of event that does not exist yet",
            "event: brand_new\ndata: {\"type\":\"brand_new\",\"x\":[1,{}]}",
        ),
        between("an event of numbers and lists", "data: 7\n\ndata: [[]]\n\ndata: \"x\"\n\ndata: null"),
        between("empty choices, and none", "data: {\"choices\":[],\"object\":\"\"}\n\ndata: {\"choices\":null}"),
        between("an empty error", "data: {\"error\":null}\n\ndata: {\"error\":{}}"),
        fault(GROUP, "a document where a stream was asked for", |case| {
            let body = case.document(&TEXT.concat()).to_string();
            case.streamed.then(|| (json_answer("200 OK", &body), whole()))
        }),
        fault(GROUP, "a stream where a document was asked for", |case| {
            (!case.streamed).then(|| (plain(&case.stream(&TEXT)), whole()))
        }),
        fault(GROUP, "the wrong content type", |case| Some((json_answer("200 OK", &case.good()), whole()))),
        fault(GROUP, "no content type", |case| {
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_owned();
            Some((vec![Step::Send((head + &case.good()).into_bytes())], whole()))
        }),
        fault(GROUP, "a document with blanks around everything", |case| {
            let pretty = format!("\n\n  {:#}\n\n", case.document(&TEXT.concat()));
            Some((plain(&pretty), whole()))
        }),
        fault(GROUP, "a list around the document", |case| {
            Some((plain(&format!("[{}]", case.document(&TEXT.concat()))), whole()))
        }),
        ends_in("an event that is no JSON", "data: {nonsense\n\n", "{nonsense}\n", BadAnswer),
        ends_in("an event nested too deep", format!("data: {deep}\n\n"), format!("{deep}\n"), BadAnswer),
        ends_in(
            "an error in the middle",
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n",
            "{\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n",
            Overloaded,
        ),
        ends_in(
            "an error in words",
            "event: error\ndata: all is lost\n\n",
            "{\"error\":\"all is lost\"}\n",
            greenroom::model::FailureKind::Server,
        ),
        fault(GROUP, "an event without end", move |case| {
            let begins = match case.api {
                Api::Anthropic | Api::OpenAi => "data: ",
                Api::Ollama => "{\"message\":{\"content\":\"\"}}\n{\"message\":{\"content\":\"",
                _ => return None,
            };
            let answer = vec![good_head(), Step::Send(begins.into()), Step::Endless(long())];
            case.streamed.then(|| (answer, failed(BadAnswer)))
        }),
        fault(GROUP, "a document without end", move |case| {
            let answer = vec![good_head(), Step::Send(b"{\"x\":\"".to_vec()), Step::Endless(long())];
            (!case.streamed && case.api == Api::OpenAiResponses).then(|| (answer, failed(BadAnswer)))
        }),
        fault(GROUP, "comments without end", move |case| {
            let comment = [b": ", &long()[..], b"\n"].concat();
            let answer = vec![good_head(), Step::Endless(comment)];
            (case.streamed && case.api == Api::OpenAi).then(|| (answer, failed(BadAnswer)))
        }),
        fault(GROUP, "a web page", |_| {
            Some((json_answer("200 OK", "<html>\n<body>Please log in: data</body>\n</html>"), failed(BadAnswer)))
        }),
        fault(GROUP, "another document", |_| Some((json_answer("200 OK", "{\"hello\":[1,2]}"), failed(BadAnswer)))),
        fault(GROUP, "a reply of no text", |case| Some((plain(&case.body(&[])), says("")))),
    ]
}
