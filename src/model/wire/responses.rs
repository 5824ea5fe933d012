//! OpenAI's Responses: what is sent, and what an answer in it means.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::complaint::{Complaint, complaint_in};
use super::openai::effort;
use super::progress::Progress;
use crate::model::event::{Finish, Usage};
use crate::model::request::Request;
use crate::model::rules::Rules;

/// The body of a request, of which only what the model takes is left. Nothing of it is to be stored by the server.
pub(super) fn body(request: &Request, rules: &Rules) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), json!(request.model.model));
    if !request.system.is_empty() {
        body.insert("instructions".into(), json!(request.system));
    }
    let turns = request.turns.iter().map(|turn| json!({"role": turn.role.id(), "content": turn.text}));
    body.insert("input".into(), turns.collect());
    if let Some(limit) = request.params.max_tokens {
        body.insert("max_output_tokens".into(), json!(limit));
    }
    if let Some(temperature) = request.params.temperature {
        body.insert("temperature".into(), json!(temperature));
    }
    if let Some(top_p) = request.params.top_p {
        body.insert("top_p".into(), json!(top_p));
    }
    if let Some(effort) = effort(request.params.thinking, rules) {
        body.insert("reasoning".into(), json!({"effort": effort}));
    } else if request.params.thinking == Some(true) {
        body.insert("reasoning".into(), json!({"summary": "auto"}));
    }
    body.insert("store".into(), json!(false));
    if request.stream {
        body.insert("stream".into(), json!(true));
    }
    Value::Object(body)
}

/// Reads an answer, value by value. A text may come in pieces, whole at its end, or only in the last event: it is taken
/// the first time it comes.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The parts of the answer that have come, by the number of the item, of the part in it, and what it is.
    seen: BTreeSet<(u64, u64, Part)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Text,
    Refusal,
    Thinking,
    Tool,
}

impl Reader {
    /// Takes in one piece of a stream, or a whole answer; gives the error that an answer may end with.
    pub fn read(&mut self, value: &Value, progress: &mut Progress) -> Option<Complaint> {
        let kind = value["type"].as_str().unwrap_or_default();
        let item = value["output_index"].as_u64().unwrap_or(0);
        let part = value["content_index"].as_u64().or(value["summary_index"].as_u64()).unwrap_or(0);
        let delta = value["delta"].as_str().unwrap_or_default();
        match kind.strip_prefix("response.").unwrap_or_default() {
            "created" | "in_progress" | "queued" => progress.begun = true,
            "output_text.delta" => self.piece(item, part, Part::Text, delta, progress),
            "refusal.delta" => self.piece(item, part, Part::Refusal, delta, progress),
            "reasoning_summary_text.delta" | "reasoning_text.delta" => {
                if part > 0 && !self.seen.contains(&(item, part, Part::Thinking)) {
                    progress.thinking("\n\n");
                }
                self.piece(item, part, Part::Thinking, delta, progress);
            }
            "output_text.done" => self.whole(item, part, Part::Text, &value["text"], progress),
            "refusal.done" => self.whole(item, part, Part::Refusal, &value["refusal"], progress),
            "reasoning_summary_text.done" | "reasoning_text.done" => {
                self.whole(item, part, Part::Thinking, &value["text"], progress);
            }
            "function_call_arguments.delta" => progress.tool_piece(item, "", "", delta),
            "output_item.added" => {
                progress.begun = true;
                let added = &value["item"];
                if added["type"] == "function_call" {
                    progress.tool_piece(item, call_id(added), added["name"].as_str().unwrap_or_default(), "");
                }
            }
            "output_item.done" => self.item(item, &value["item"], progress),
            "completed" | "incomplete" | "failed" | "cancelled" => return self.response(&value["response"], progress),
            _ if value["object"] == "response" || value["output"].is_array() => return self.response(value, progress),
            // kinds that do not exist yet, and those that only repeat
            _ => {}
        }
        None
    }

    fn piece(&mut self, item: u64, part: u64, what: Part, text: &str, progress: &mut Progress) {
        progress.begun = true;
        self.seen.insert((item, part, what));
        match what {
            Part::Text => progress.text(text),
            Part::Refusal => progress.refusal(text),
            Part::Thinking => progress.thinking(text),
            Part::Tool => {}
        }
    }

    /// A part that is whole, unless its pieces have come.
    fn whole(&mut self, item: u64, part: u64, what: Part, text: &Value, progress: &mut Progress) {
        if let Some(text) = text.as_str()
            && !self.seen.contains(&(item, part, what))
        {
            self.piece(item, part, what, text, progress);
        }
    }

    /// An item of the answer that is whole.
    fn item(&mut self, number: u64, item: &Value, progress: &mut Progress) {
        progress.begun = true;
        let parts = |name: &str| item[name].as_array().cloned().unwrap_or_default().into_iter().zip(0..);
        match item["type"].as_str().unwrap_or_default() {
            "message" => {
                for (part, index) in parts("content") {
                    match part["type"].as_str().unwrap_or_default() {
                        "refusal" => self.whole(number, index, Part::Refusal, &part["refusal"], progress),
                        _ => self.whole(number, index, Part::Text, &part["text"], progress),
                    }
                }
            }
            "reasoning" => {
                for (part, index) in parts("summary") {
                    self.whole(number, index, Part::Thinking, &part["text"], progress);
                }
            }
            "function_call" if self.seen.insert((number, 0, Part::Tool)) => {
                progress.drop_pieces(number);
                progress.tool(call_id(item), item["name"].as_str().unwrap_or_default(), &item["arguments"]);
            }
            _ => {}
        }
    }

    /// The answer as a whole: its end, with whatever of it has not come yet.
    fn response(&mut self, response: &Value, progress: &mut Progress) -> Option<Complaint> {
        progress.begun = true;
        for (item, number) in response["output"].as_array().into_iter().flatten().zip(0..) {
            self.item(number, item, progress);
        }
        let usage = &response["usage"];
        progress.usage(Usage {
            input: usage["input_tokens"].as_u64(),
            output: usage["output_tokens"].as_u64(),
            cache_read: usage["input_tokens_details"]["cached_tokens"].as_u64(),
            cache_write: None,
        });
        match response["status"].as_str().unwrap_or("completed") {
            "failed" => {
                let found = complaint_in("", &json!({"error": response["error"]}));
                return Some(found.unwrap_or_default());
            }
            "incomplete" => progress.stopped(response["incomplete_details"]["reason"].as_str().unwrap_or("length")),
            "cancelled" => {
                return Some(Complaint { message: "the server cancelled it".into(), ..Complaint::default() });
            }
            // an answer that goes on in the background is not one that can be waited for here
            "in_progress" | "queued" => return None,
            _ if progress.called => progress.finish = progress.finish.or(Some(Finish::Tool)),
            _ => progress.stopped("stop"),
        }
        progress.ended = true;
        None
    }
}

fn call_id(item: &Value) -> &str {
    item["call_id"].as_str().or(item["id"].as_str()).unwrap_or_default()
}
