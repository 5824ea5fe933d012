//! OpenAI's chat completions, as OpenAI and the servers that follow it speak them.

use serde_json::{Map, Value, json};

use super::complaint::{Complaint, complaint_in};
use super::progress::Progress;
use crate::model::event::{Finish, Usage};
use crate::model::request::Request;

/// What differs between servers of this protocol. It begins with what the host is known to take, and a refusal that
/// names the field changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Whether a stream is asked to end with its token counts.
    pub counts: bool,
    /// Whether the limit is called `max_completion_tokens`; elsewhere it is `max_tokens`.
    pub completion_limit: bool,
}

impl Dialect {
    /// The one to begin with.
    pub fn of(host: &str) -> Self {
        Self { counts: true, completion_limit: host == "api.openai.com" }
    }

    /// The one to try instead, when the server's words refuse a field of this one.
    pub fn after(self, status: u16, words: &str) -> Option<Self> {
        if status != 400 && status != 422 {
            return None;
        }
        let other = if self.counts && (words.contains("stream_options") || words.contains("include_usage")) {
            Self { counts: false, ..self }
        } else if !self.completion_limit && words.contains("max_completion_tokens") {
            Self { completion_limit: true, ..self }
        } else {
            return None;
        };
        Some(other)
    }
}

/// The body of a request: what was set.
pub(super) fn body(request: &Request, dialect: Dialect) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), json!(request.model.model));
    let system = (!request.system.is_empty()).then(|| json!({"role": "system", "content": request.system}));
    let turns = request.turns.iter().map(|turn| json!({"role": turn.role.id(), "content": turn.text}));
    body.insert("messages".into(), system.into_iter().chain(turns).collect());
    if let Some(limit) = request.params.max_tokens {
        let name = if dialect.completion_limit { "max_completion_tokens" } else { "max_tokens" };
        body.insert(name.into(), json!(limit));
    }
    if let Some(temperature) = request.params.temperature {
        body.insert("temperature".into(), json!(temperature));
    }
    if let Some(top_p) = request.params.top_p {
        body.insert("top_p".into(), json!(top_p));
    }
    if !request.params.stop.is_empty() {
        body.insert("stop".into(), json!(request.params.stop));
    }
    if request.stream {
        body.insert("stream".into(), json!(true));
        if dialect.counts {
            body.insert("stream_options".into(), json!({"include_usage": true}));
        }
    }
    Value::Object(body)
}

/// Takes in one piece of a stream, or a whole answer; gives the error that a choice may hold.
pub(super) fn read(value: &Value, progress: &mut Progress) -> Option<Complaint> {
    usage(&value["usage"], progress);
    for choice in value["choices"].as_array().into_iter().flatten() {
        // Only one reply is asked for; a second one would be mixed into the first.
        if choice["index"].as_u64().unwrap_or(0) != 0 {
            continue;
        }
        for said in [&choice["delta"], &choice["message"]] {
            if said.is_object() {
                progress.begun = true;
                part(said, progress);
            }
        }
        if let Some(text) = choice["text"].as_str() {
            progress.begun = true;
            progress.text(text);
        }
        if let Some(complaint) = complaint_in("", &json!({"error": choice["error"]})) {
            return Some(complaint);
        }
        match choice["finish_reason"].as_str().unwrap_or_default() {
            "error" => return Some(Complaint::default()),
            word => progress.stopped(word),
        }
    }
    None
}

fn part(said: &Value, progress: &mut Progress) {
    let thinking = [&said["reasoning_content"], &said["reasoning"]].into_iter().find_map(Value::as_str);
    progress.thinking(thinking.unwrap_or_default());
    match &said["content"] {
        Value::String(text) => progress.text(text),
        Value::Array(parts) => {
            for text in parts.iter().filter_map(|part| part["text"].as_str()) {
                progress.text(text);
            }
        }
        _ => {}
    }
    if let Some(refusal) = said["refusal"].as_str().filter(|refusal| !refusal.is_empty()) {
        progress.text(refusal);
        progress.finish = Some(Finish::Refusal);
    }
}

fn usage(usage: &Value, progress: &mut Progress) {
    let details = &usage["prompt_tokens_details"];
    progress.usage(Usage {
        input: usage["prompt_tokens"].as_u64(),
        output: usage["completion_tokens"].as_u64(),
        cache_read: details["cached_tokens"].as_u64(),
        cache_write: details["cache_write_tokens"].as_u64(),
    });
}
