//! When bytes come, and when they do not.

use std::time::Duration;

use greenroom::model::FailureKind::Network;

use super::{Fault, LIMIT, Step, chunked, failed, fault, good_head, plain, raw, whole};

const GROUP: &str = "timing";

pub fn all() -> Vec<Fault> {
    let pause = || Step::Pause(LIMIT / 8);
    vec![
        fault(GROUP, "the head comes late", move |case| {
            let mut answer = plain(&case.good());
            answer.insert(0, pause());
            Some((answer, whole()))
        }),
        fault(GROUP, "the head comes in two halves", move |case| {
            let body = case.good();
            let answer = vec![Step::Send(b"HTTP/1.1 200 OK\r\ncontent-".to_vec()), pause()];
            let rest = Step::Send(format!("type: text/event-stream\r\nconnection: close\r\n\r\n{body}").into_bytes());
            Some(([answer, vec![rest]].concat(), whole()))
        }),
        fault(GROUP, "the body comes late", move |case| {
            Some((vec![good_head(), pause(), Step::Send(case.good().into_bytes())], whole()))
        }),
        fault(GROUP, "a pause in the middle", move |case| {
            let body = case.good().into_bytes();
            let (first, second) = body.split_at(body.len() / 2);
            Some((vec![good_head(), Step::Send(first.to_vec()), pause(), Step::Send(second.to_vec())], whole()))
        }),
        fault(GROUP, "longer than every limit, but steady", move |case| {
            let mut answer = vec![good_head()];
            let body = case.good().into_bytes();
            for piece in body.chunks(body.len().div_ceil(10)) {
                answer.extend([Step::Send(piece.to_vec()), pause()]);
            }
            Some((answer, whole()))
        }),
        fault(GROUP, "byte by byte", |case| Some((chunked(&case.good(), 1), whole()))),
        fault(GROUP, "an interim answer before the real one", |case| {
            let mut answer = raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
            answer.extend(plain(&case.good()));
            Some((answer, whole()))
        }),
        fault(GROUP, "signs of life before the reply", move |case| {
            let sign = if case.has_events() { ": still here\n\n" } else { " \n" };
            let mut answer = vec![good_head()];
            for _ in 0..5 {
                answer.extend([Step::Send(sign.into()), pause()]);
            }
            answer.push(Step::Send(case.good().into_bytes()));
            Some((answer, whole()))
        }),
        fault(GROUP, "the line stays open after the end", |case| {
            let mut answer = plain(&case.good());
            answer.push(Step::Hold);
            Some((answer, whole()))
        }),
        fault(GROUP, "no answer at all", |_| Some((vec![Step::Hold], failed(Network)))),
        fault(GROUP, "half a head and silence", |_| {
            Some((vec![Step::Send(b"HTTP/1.1 200 OK\r\ncont".to_vec()), Step::Hold], failed(Network)))
        }),
        fault(GROUP, "a head and silence", |_| Some((vec![good_head(), Step::Hold], failed(Network)))),
        fault(GROUP, "silence in the middle", |case| {
            let mut answer = plain(&case.begun());
            answer.push(Step::Hold);
            Some((answer, case.broken_off(Network)))
        }),
        fault(GROUP, "silence within an event", |case| {
            let mut answer = plain(&(case.begun() + if case.has_events() { "data: {\"ty" } else { "{\"mess" }));
            answer.push(Step::Pause(Duration::from_millis(1)));
            answer.push(Step::Hold);
            Some((answer, case.broken_off(Network)))
        }),
    ]
}
