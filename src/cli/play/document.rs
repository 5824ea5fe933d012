//! The JSON documents of `play`.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use super::conversation::Outcome;
use super::{Failure, ModelName, Usage};
use crate::model::schema::Verdict;
use crate::model::{ToolCall, Unsent};

/// A conversation: one turn as its own document, several as a list. Texts are written from where they are: a reply may
/// have 64 MB.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Document<'a> {
    One(Box<Turn<'a>>),
    Several { turns: Vec<Turn<'a>> },
}

/// One turn.
#[derive(Debug, Serialize)]
pub(super) struct Turn<'a> {
    model: String,
    reply: &'a str,
    finish: &'static str,
    usage: Value,
    latency_ms: u64,
    first_token_ms: Option<u64>,
    cost: Option<f64>,
    request: Option<&'a Value>,
    error: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unsent: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Value>,
}

impl<'a> Document<'a> {
    /// What came of a conversation for which `asked` messages were given.
    pub fn of(model: &ModelName, outcomes: &'a [Outcome], asked: usize) -> Self {
        match outcomes {
            [outcome] if asked == 1 => Self::One(Box::new(Turn::of(model, outcome))),
            _ => Self::Several { turns: outcomes.iter().map(|outcome| Turn::of(model, outcome)).collect() },
        }
    }
}

impl<'a> Turn<'a> {
    fn of(model: &ModelName, outcome: &'a Outcome) -> Self {
        Self {
            model: model.to_string(),
            reply: &outcome.reply,
            finish: outcome.finish.id(),
            usage: usage(outcome.usage),
            latency_ms: milliseconds(outcome.latency),
            first_token_ms: outcome.first_token.map(milliseconds),
            cost: outcome.cost,
            request: outcome.sent.as_ref(),
            error: outcome.failure.as_ref().map(error),
            unsent: unsent(&outcome.unsent),
            tools: outcome.tools.iter().map(tool).collect(),
            schema: outcome.schema.as_ref().map(schema),
        }
    }
}

/// Tokens.
pub(super) fn usage(usage: Usage) -> Value {
    json!({
        "input": usage.input,
        "output": usage.output,
        "cache_read": usage.cache_read,
        "cache_write": usage.cache_write,
    })
}

/// Parameters that are set and not sent.
pub(super) fn unsent(all: &[Unsent]) -> Vec<Value> {
    all.iter().map(|unsent| json!({"parameter": unsent.parameter, "why": unsent.why})).collect()
}

/// A tool that the model wants to be called.
pub(super) fn tool(call: &ToolCall) -> Value {
    json!({"id": call.id, "name": call.name, "arguments": call.arguments})
}

/// Whether the reply keeps to the schema of config.json: `ok` is null where that could not be found out, and `why` says
/// why; `findings` are the first breaches, each with its JSON pointer, and `more` counts the others.
pub(super) fn schema(verdict: &Verdict) -> Value {
    let finding = |pointer: &str, message: &str| json!({"pointer": pointer, "message": message});
    match verdict {
        Verdict::Fits => json!({"ok": true, "findings": []}),
        Verdict::NoJson => json!({"ok": false, "findings": [finding("", "there is no JSON in the reply")]}),
        Verdict::NoSchema(why) => json!({"ok": null, "findings": [], "why": why}),
        Verdict::Breaks(breaches, more) => {
            let found: Vec<Value> = breaches.iter().map(|one| finding(&one.pointer, &one.message)).collect();
            json!({"ok": false, "findings": found, "more": more})
        }
    }
}

/// The server's own words and the way on stand beside the sentence, so that a script need not read standard error.
pub(super) fn error(failure: &Failure) -> Value {
    json!({
        "kind": failure.kind.id(),
        "message": failure.message,
        "status": failure.status,
        "detail": failure.detail,
        "hint": failure.hint,
    })
}

pub(super) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
