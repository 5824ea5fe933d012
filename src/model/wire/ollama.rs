//! Ollama's own protocol: what is sent, and what an answer in it means.

use serde_json::{Map, Value, json};

use super::progress::Progress;
use crate::model::event::{Finish, Usage};
use crate::model::request::Request;

/// The body of a request: what was set, and the size of the context, which Ollama would otherwise choose without
/// regard to the prompt. What does not fit is to be an error: without being told, Ollama cuts the conversation.
pub(super) fn body(request: &Request, num_ctx: u64) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), json!(request.model.model));
    let system = (!request.system.is_empty()).then(|| json!({"role": "system", "content": request.system}));
    let turns = request.turns.iter().map(|turn| json!({"role": turn.role.id(), "content": turn.text}));
    body.insert("messages".into(), system.into_iter().chain(turns).collect());
    body.insert("stream".into(), json!(request.stream));
    if let Some(thinking) = request.params.thinking {
        body.insert("think".into(), json!(thinking));
    }
    let params = &request.params;
    let stop = (!params.stop.is_empty()).then(|| json!(params.stop));
    let options: Map<String, Value> = [
        ("num_ctx", Some(json!(num_ctx))),
        ("num_predict", params.max_tokens.map(|limit| json!(limit))),
        ("temperature", params.temperature.map(|temperature| json!(temperature))),
        ("top_p", params.top_p.map(|top_p| json!(top_p))),
        ("stop", stop),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .collect();
    body.insert("options".into(), Value::Object(options));
    body.insert("truncate".into(), json!(false));
    body.insert("shift".into(), json!(false));
    Value::Object(body)
}

/// Takes in one line of a stream, or a whole answer: they have one shape.
pub(super) fn read(value: &Value, progress: &mut Progress) {
    let message = &value["message"];
    if message.is_object() {
        progress.begun = true;
        progress.thinking(message["thinking"].as_str().unwrap_or_default());
        progress.text(message["content"].as_str().unwrap_or_default());
        for call in message["tool_calls"].as_array().into_iter().flatten() {
            let function = &call["function"];
            let id = call["id"].as_str().unwrap_or_default();
            progress.tool(id, function["name"].as_str().unwrap_or_default(), &function["arguments"]);
        }
    }
    progress.usage(Usage {
        input: value["prompt_eval_count"].as_u64(),
        output: value["eval_count"].as_u64(),
        cache_read: None,
        cache_write: None,
    });
    if value["done"] == true {
        progress.begun = true;
        progress.ended = true;
        match value["done_reason"].as_str().unwrap_or("stop") {
            _ if progress.called => progress.finish = Some(Finish::Tool),
            word => progress.stopped(if word.is_empty() { "stop" } else { word }),
        }
    }
}
