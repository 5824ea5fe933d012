//! What the head of an answer says, and errors instead of replies.

use greenroom::model::FailureKind::{
    self, BadAnswer, BadRequest, ContextTooLong, Network, NoSuchModel, Overloaded, RateLimited, Refused, RejectedKey,
    Server,
};

use super::{Fault, Step, failed, fault, plain, raw, whole};
use crate::servers::{head, json as json_answer};

const GROUP: &str = "status and error bodies";

/// An error of this status and body, in every protocol.
fn error(name: &'static str, status: &'static str, body: &'static str, kind: FailureKind) -> Fault {
    fault(GROUP, name, move |_| Some((json_answer(status, body), failed(kind))))
}

/// A good reply behind another head.
fn good_behind(name: &'static str, head: impl Fn() -> String + Send + Sync + 'static) -> Fault {
    fault(GROUP, name, move |case| Some((raw(head() + &case.good()), whole())))
}

/// Something that is no answer in HTTP.
fn no_http(name: &'static str, bytes: &'static str) -> Fault {
    fault(GROUP, name, move |_| Some((raw(bytes), failed(Network))))
}

pub fn all() -> Vec<Fault> {
    let redirect = |status: &str| {
        raw(format!("HTTP/1.1 {status}\r\nlocation: http://127.0.0.1:9/elsewhere\r\ncontent-length: 0\r\n\r\n"))
    };
    vec![
        error("400 without words", "400 Bad Request", "", BadRequest),
        error(
            "400 for an argument",
            "400 Bad Request",
            r#"{"error":{"message":"bad","param":"top_p","code":"x"}}"#,
            BadRequest,
        ),
        error(
            "400 for the context",
            "400 Bad Request",
            r#"{"error":{"message":"m","code":"context_length_exceeded"}}"#,
            ContextTooLong,
        ),
        error(
            "400 for the contents",
            "400 Bad Request",
            r#"{"error":{"message":"m","code":"content_filter"}}"#,
            Refused,
        ),
        error(
            "401",
            "401 Unauthorized",
            r#"{"type":"error","error":{"type":"authentication_error","message":"no"}}"#,
            RejectedKey,
        ),
        error("402", "402 Payment Required", r#"{"error":{"message":"Insufficient credits","code":402}}"#, RateLimited),
        error("403 in one word", "403 Forbidden", r#"{"error":"forbidden"}"#, RejectedKey),
        error("404 as a page", "404 Not Found", "<html>404</html>", NoSuchModel),
        error("404 of a model", "404 Not Found", r#"{"error":{"message":"no","code":"model_not_found"}}"#, NoSuchModel),
        error("408", "408 Request Timeout", "{}", Server),
        error("409", "409 Conflict", r#"{"error":{"type":"conflict_error","message":"x"}}"#, Server),
        error("413", "413 Payload Too Large", "", ContextTooLong),
        error("418", "418 I'm a teapot", "short and stout", BadRequest),
        error(
            "422 as a list",
            "422 Unprocessable Entity",
            r#"{"detail":[{"loc":["body","model"],"msg":"required"}]}"#,
            BadRequest,
        ),
        error(
            "429",
            "429 Too Many Requests",
            r#"{"error":{"message":"slow","code":"rate_limit_exceeded"}}"#,
            RateLimited,
        ),
        error(
            "429 for money",
            "429 Too Many Requests",
            r#"{"error":{"type":"insufficient_quota","message":"x"}}"#,
            RateLimited,
        ),
        error("500 in words", "500 Internal Server Error", "Internal Server Error", Server),
        error("500 with null", "500 Internal Server Error", r#"{"error":{"message":null}}"#, Server),
        error("502 as a page", "502 Bad Gateway", "<html>\nnginx</html>", Server),
        error(
            "503 while it loads",
            "503 Service Unavailable",
            r#"{"error":{"code":503,"message":"Loading model"}}"#,
            Overloaded,
        ),
        error("504", "504 Gateway Timeout", "upstream", Server),
        error("529", "529 Overloaded", r#"{"error":{"type":"overloaded_error","message":"x"}}"#, Overloaded),
        error("an unknown status", "599 What", "?", Server),
        error(
            "an error with status 200",
            "200 OK",
            r#"{"error":{"type":"overloaded_error","message":"x"}}"#,
            Overloaded,
        ),
        error("an error of bytes that are no text", "500 X", "\u{fffd}\u{0}\u{1b}[31m", Server),
        fault(GROUP, "an error without end", |_| {
            Some((vec![head("500 Oh No", "text/plain"), Step::Endless(vec![b'w'; 4096])], failed(Server)))
        }),
        fault(GROUP, "an error that breaks off", |_| {
            let bytes = "HTTP/1.1 400 Bad Request\r\ncontent-length: 999\r\n\r\n{\"error\":{\"mess";
            Some((raw(bytes), failed(BadRequest)))
        }),
        fault(GROUP, "an error, and silence", |_| {
            let bytes = "HTTP/1.1 400 Bad Request\r\ncontent-length: 999\r\n\r\n{\"error\":";
            Some((vec![Step::Send(bytes.into()), Step::Hold], failed(BadRequest)))
        }),
        fault(GROUP, "a redirect", move |_| Some((redirect("307 Temporary Redirect"), failed(BadAnswer)))),
        fault(GROUP, "a redirect for ever", move |_| Some((redirect("308 Permanent Redirect"), failed(BadAnswer)))),
        fault(GROUP, "a compressed answer", |case| {
            let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n".to_owned();
            Some((raw(head + &case.good()), failed(BadAnswer)))
        }),
        no_http("no HTTP", "SSH-2.0-OpenSSH_9.2p1\r\n"),
        no_http("a status line that is none", "HTTP/1.1 abc OK\r\n\r\n"),
        no_http("a header that is none", "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"),
        fault(GROUP, "headers without end", |_| {
            let header = format!("x-filler: {}\r\n", "y".repeat(4096)).into_bytes();
            Some((vec![Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Endless(header)], failed(Network)))
        }),
        good_behind("eighty headers", || {
            let headers: Vec<String> = (0..80).map(|number| format!("x-{number}: y\r\n")).collect();
            format!("HTTP/1.1 200 OK\r\n{}connection: close\r\n\r\n", headers.concat())
        }),
        good_behind("a header of 60 KB", || {
            format!("HTTP/1.1 200 OK\r\nx-long: {}\r\nconnection: close\r\n\r\n", "y".repeat(60 << 10))
        }),
        good_behind("headers in odd letters", || {
            "HTTP/1.1 200 fine by me\r\nCONTENT-TYPE:Text/Event-Stream; charset=utf-8\r\nConnection: Close\r\n\r\n"
                .to_owned()
        }),
        good_behind("another version of HTTP", || "HTTP/1.0 200 OK\r\n\r\n".to_owned()),
        fault(GROUP, "201 for a reply", |case| {
            let mut answer = plain(&case.good());
            answer[0] = head("201 Created", "text/event-stream");
            Some((answer, whole()))
        }),
    ]
}
