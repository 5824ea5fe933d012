//! The JSON document of `play --json`.

use std::time::Duration;

use serde_json::{Value, json};

use super::conversation::Outcome;
use super::{Failure, ModelName};

/// One turn as its own document, several as a list.
pub(super) fn of(model: &ModelName, outcomes: &[Outcome], asked: usize) -> Value {
    let mut turns = outcomes.iter().map(|outcome| turn(model, outcome));
    if asked == 1 && outcomes.len() == 1 {
        turns.next().unwrap_or_default()
    } else {
        json!({"turns": turns.collect::<Vec<_>>()})
    }
}

fn turn(model: &ModelName, outcome: &Outcome) -> Value {
    let mut document = json!({
        "model": model.to_string(),
        "reply": outcome.reply,
        "finish": outcome.finish.id(),
        "usage": {
            "input": outcome.usage.input,
            "output": outcome.usage.output,
            "cache_read": outcome.usage.cache_read,
            "cache_write": outcome.usage.cache_write,
        },
        "latency_ms": milliseconds(outcome.latency),
        "first_token_ms": outcome.first_token.map(milliseconds),
        "cost": outcome.cost,
        "request": outcome.sent,
        "error": outcome.failure.as_ref().map(error),
    });
    if !outcome.unsent.is_empty() {
        let each = outcome.unsent.iter().map(|unsent| json!({"parameter": unsent.parameter, "why": unsent.why}));
        document["unsent"] = each.collect();
    }
    if !outcome.tools.is_empty() {
        let each = outcome.tools.iter();
        let each = each.map(|call| json!({"id": call.id, "name": call.name, "arguments": call.arguments}));
        document["tools"] = each.collect();
    }
    document
}

/// The server's own words and the way on stand beside the sentence, so that a script need not read standard error.
fn error(failure: &Failure) -> Value {
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
