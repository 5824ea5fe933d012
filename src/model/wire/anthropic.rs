//! Anthropic's Messages: what is sent, and what an answer in it means.

use serde_json::{Map, Value, json};

use super::progress::Progress;
use crate::model::event::Usage;
use crate::model::request::Request;
use crate::model::rules::{NotToThink, Rules, ToThink, budget};

/// The protocol wants a limit. Models that think count it in, so that a smaller one can leave no room for any text.
const DEFAULT_MAX_TOKENS: u64 = 4096;

/// The body of a request, of which only what the model takes is left: what was set, and the limit.
pub(super) fn body(request: &Request, rules: &Rules) -> Value {
    let mut body = Map::new();
    let limit = request.params.max_tokens.unwrap_or(DEFAULT_MAX_TOKENS);
    body.insert("model".into(), json!(request.model.model));
    body.insert("max_tokens".into(), json!(limit));
    if !request.system.is_empty() {
        body.insert("system".into(), json!(request.system));
    }
    let turns = request.turns.iter().map(|turn| json!({"role": turn.role.id(), "content": turn.text}));
    body.insert("messages".into(), turns.collect());
    if let Some(temperature) = request.params.temperature {
        body.insert("temperature".into(), json!(temperature));
    }
    if let Some(top_p) = request.params.top_p {
        body.insert("top_p".into(), json!(top_p));
    }
    if !request.params.stop.is_empty() {
        body.insert("stop_sequences".into(), json!(request.params.stop));
    }
    if let Some(thinking) = thinking(request.params.thinking, rules, limit) {
        body.insert("thinking".into(), thinking);
    }
    if request.stream {
        body.insert("stream".into(), json!(true));
    }
    Value::Object(body)
}

/// What is said about thinking; nothing where the model does of itself what is wanted. Who asks for thinking wants to
/// see it, which some models leave out of the answer when they are not asked.
fn thinking(wanted: Option<bool>, rules: &Rules, limit: u64) -> Option<Value> {
    match (wanted?, rules.to_think, rules.not_to_think) {
        (true, Some(ToThink::Budget), _) => Some(json!({"type": "enabled", "budget_tokens": budget(limit)})),
        (true, ..) => Some(json!({"type": "adaptive", "display": "summarized"})),
        (false, _, Some(NotToThink::BetweenTools)) => Some(json!({"type": "between_tools"})),
        (false, _, Some(_)) => Some(json!({"type": "disabled"})),
        (false, _, None) => None,
    }
}

/// Reads an answer, value by value.
#[derive(Debug, Default)]
pub(super) struct Reader {
    fresh_input: Option<u64>,
    cache_read: Option<u64>,
    cache_write: Option<u64>,
}

impl Reader {
    /// Takes in one piece of a stream, or a whole answer. The kind is taken from the data, not from the event's name.
    pub fn read(&mut self, value: &Value, progress: &mut Progress) {
        match value["type"].as_str().unwrap_or_default() {
            "message_start" => {
                progress.begun = true;
                self.usage(&value["message"]["usage"], progress);
            }
            "content_block_start" | "content_block_delta" => {
                progress.begun = true;
                let number = value["index"].as_u64().unwrap_or(0);
                block(number, &value["content_block"], progress);
                block(number, &value["delta"], progress);
            }
            "content_block_stop" => progress.tool_end(value["index"].as_u64().unwrap_or(0)),
            "message_delta" => {
                progress.begun = true;
                self.usage(&value["usage"], progress);
                stopped(&value["delta"], progress);
            }
            "message_stop" => {
                progress.begun = true;
                progress.ended = true;
            }
            "message" => self.message(value, progress),
            "" if value["content"].is_array() => self.message(value, progress),
            // Pings, and kinds that do not exist yet.
            _ => {}
        }
    }

    fn message(&mut self, message: &Value, progress: &mut Progress) {
        progress.begun = true;
        for (content, number) in message["content"].as_array().into_iter().flatten().zip(0..) {
            block(number, content, progress);
            progress.tool_end(number);
        }
        self.usage(&message["usage"], progress);
        stopped(message, progress);
        progress.ended = true;
    }

    /// Counts are cumulative and may be repeated, with zeros for what was told before: the larger one holds.
    fn usage(&mut self, usage: &Value, progress: &mut Progress) {
        let later = |before: Option<u64>, name: &str| before.max(usage[name].as_u64());
        self.fresh_input = later(self.fresh_input, "input_tokens");
        self.cache_read = later(self.cache_read, "cache_read_input_tokens");
        self.cache_write = later(self.cache_write, "cache_creation_input_tokens");
        progress.usage(Usage {
            input: self.fresh_input.map(|fresh| fresh + self.cache_read.unwrap_or(0) + self.cache_write.unwrap_or(0)),
            output: usage["output_tokens"].as_u64(),
            cache_read: self.cache_read,
            cache_write: self.cache_write,
        });
    }
}

/// Why the model stopped, where this says it.
fn stopped(said: &Value, progress: &mut Progress) {
    progress.stopped(said["stop_reason"].as_str().unwrap_or_default());
    let details = &said["stop_details"];
    let words = |name: &str| details[name].as_str().unwrap_or_default();
    progress.refused(words("category"), words("explanation"));
}

/// A block of content, or a change to one.
fn block(number: u64, block: &Value, progress: &mut Progress) {
    let words = |name: &str| block[name].as_str().unwrap_or_default();
    match words("type") {
        "text" | "text_delta" => progress.text(words("text")),
        "thinking" | "thinking_delta" => progress.thinking(words("thinking")),
        "tool_use" | "server_tool_use" | "mcp_tool_use" => {
            // in a stream it begins with an empty object, which the pieces then fill
            let input = block["input"].as_object().filter(|input| !input.is_empty());
            let input = input.map(|input| Value::Object(input.clone()).to_string()).unwrap_or_default();
            progress.tool_piece(number, words("id"), words("name"), &input);
        }
        "input_json_delta" => progress.tool_piece(number, "", "", words("partial_json")),
        _ => {}
    }
}
