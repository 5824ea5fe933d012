//! What is told of one exchange, as lines that are not wrapped yet: what was said, the reply as it came, what became of it.

use std::borrow::Cow;

use super::exchange::{Exchange, Schema};
use super::transcript::{Line, LineKind};
use crate::model::schema::Verdict;
use crate::model::{FailureKind, Finish, ModelName};

/// A longer line of a reply is wrapped in pieces of so many bytes.
pub const LONGEST_PIECE: usize = 4096;

/// The frames of the spinner.
const SPINNER: [&str; 4] = ["|", "/", "-", "\\"];

/// What stands before the reply of an exchange, and what after it.
pub fn around(exchange: &Exchange, spin: usize, unfolded: bool) -> (Vec<Line<'_>>, Vec<Line<'_>>) {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (index, line) in exchange.message.split('\n').enumerate() {
        let mark = if index == 0 { "> " } else { "  " };
        lines.push((Cow::Owned(format!("{mark}{line}")), LineKind::User));
    }
    lines.push((Cow::Borrowed(""), LineKind::Gap));
    if !exchange.thinking.is_empty() {
        // the thinking is folded: it is not the reply
        let words = exchange.thinking.split_whitespace().count();
        lines.push((Cow::Owned(format!("(thinking: {words} words)")), LineKind::Thinking));
        if unfolded {
            let thought = exchange.thinking.trim_end().lines();
            lines.extend(thought.map(|line| (Cow::Owned(format!("  {line}")), LineKind::Thinking)));
            lines.push((Cow::Borrowed(""), LineKind::Gap));
        }
    }
    let before = std::mem::take(&mut lines);
    for call in &exchange.tools {
        let text = format!("calls the tool {}({}), which a playtest does not have", call.name, call.arguments);
        lines.extend(text.lines().map(|line| (Cow::Owned(line.to_owned()), LineKind::Thinking)));
    }
    if let Some(why) = exchange.refused.as_ref().filter(|why| !why.is_empty()) {
        lines.push((Cow::Owned(format!("refused, the provider says: {why}")), LineKind::Failure));
    }
    if let Schema::Told(verdict) = &exchange.schema {
        let kind = if *verdict == Verdict::Fits { LineKind::Facts } else { LineKind::Failure };
        lines.extend(verdict.lines().into_iter().map(|line| (Cow::Owned(line), kind)));
    }
    if let Some(failure) = &exchange.failure {
        lines.push((Cow::Owned(format!("error: {}", failure.message)), LineKind::Failure));
        // where no server was reached, the words are this machine's own
        let speaker = if failure.kind == FailureKind::Network { "in detail" } else { "the server says" };
        for detail in failure.detail.iter().flat_map(|detail| detail.lines()) {
            lines.push((Cow::Owned(format!("  {speaker}: {detail}")), LineKind::Failure));
        }
        if let Some(hint) = &failure.hint {
            lines.push((Cow::Owned(format!("  {hint}")), LineKind::Failure));
        }
    }
    lines.push((Cow::Owned(facts(exchange, spin)), LineKind::Facts));
    (before, lines)
}

/// The lines of a reply as it came.
pub fn said(reply: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut fenced = false;
    for line in reply.split('\n').filter(|_| !reply.is_empty()) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let fence = line.trim_start().starts_with("```");
        let kind = if fence || fenced {
            LineKind::Code
        } else if is_heading(line) {
            LineKind::Heading
        } else {
            LineKind::Reply
        };
        fenced ^= fence;
        lines.extend(pieces_of(line).map(|piece| (Cow::Borrowed(piece), kind)));
    }
    lines
}

/// A line in pieces of which each is wrapped by itself: a frame, whatever the length of a line, wraps what it shows. They
/// end after a blank, where there is one.
pub fn pieces_of(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest.take()?;
        if line.len() <= LONGEST_PIECE {
            return Some(line);
        }
        let end = line.floor_char_boundary(LONGEST_PIECE);
        let end = line[..end].rfind(' ').map_or(end, |blank| blank + 1);
        let (piece, after) = line.split_at(end);
        rest = Some(after);
        Some(piece)
    })
}

fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    (1..=6).contains(&level) && rest.starts_with(' ')
}

/// How it went, in one line.
pub fn facts(exchange: &Exchange, spin: usize) -> String {
    let mut parts = vec![name(&exchange.model)];
    if exchange.replayed {
        parts.push("replayed from a cassette".into());
    }
    let seconds = |ms: u64| format!("{:.2}s", ms as f64 / 1000.0);
    match exchange.finish {
        None if !exchange.answered() => parts.push(format!("{} waiting", SPINNER[spin % SPINNER.len()])),
        None => parts.push("streaming".into()),
        Some(finish) => parts.push(finish_words(finish).into()),
    }
    if let Some(first) = exchange.first_ms {
        parts.push(format!("first {}", seconds(first)));
    }
    if exchange.elapsed_ms > 0 {
        parts.push(seconds(exchange.elapsed_ms));
    }
    if let Some(input) = exchange.usage.input {
        parts.push(format!("{input} in"));
    }
    if let Some(output) = exchange.usage.output {
        parts.push(format!("{output} out"));
    }
    if exchange.begun > 0 {
        parts.push("its beginning was given".into());
    }
    if let Some(context) = exchange.context {
        parts.push(format!("context {}", context.tokens));
    }
    if let Some(speed) = exchange.speed() {
        parts.push(format!("{speed:.0} tok/s"));
    }
    format!("── {}", parts.join(" · "))
}

fn name(model: &ModelName) -> String {
    if model.provider == "offline" { "offline, no model".to_owned() } else { model.to_string() }
}

/// How a run ended, in words.
pub fn finish_words(finish: Finish) -> &'static str {
    match finish {
        Finish::End => "ok, done",
        Finish::Length => "! cut off: max_tokens or the context is full",
        Finish::Stop => "ok, stop string",
        Finish::Refusal => "! refused",
        Finish::Tool => "! wants a tool",
        Finish::Incomplete => "! incomplete: the stream broke off",
        Finish::Cancelled => "stopped by you",
        Finish::Error => "error",
    }
}
