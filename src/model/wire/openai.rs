//! OpenAI's chat completions, as OpenAI and the servers that follow it speak them.

use serde_json::{Map, Value, json};

use super::complaint::{Complaint, complaint_in};
use super::progress::Progress;
use crate::config::{LimitName, Switches, SystemRole};
use crate::model::event::Usage;
use crate::model::request::Request;
use crate::model::rules::{NotToThink, Rules};

/// What differs between servers of this protocol. It begins with what the host is known to take, and a refusal that
/// names the field changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Whether a stream is asked to end with its token counts.
    pub counts: bool,
    /// What the limit of a reply is called.
    pub limit: LimitName,
    /// From whom the system prompt of a model that thinks comes; of any other one it is `system`.
    pub system: SystemRole,
    /// Whether the config says from whom it comes, for every model.
    pub switched: bool,
}

impl Dialect {
    /// The one to begin with.
    pub fn of(host: &str, switches: &Switches) -> Self {
        let its_own = host == "api.openai.com";
        let (limit, system) = if its_own {
            (LimitName::MaxCompletionTokens, SystemRole::Developer)
        } else {
            (LimitName::MaxTokens, SystemRole::System)
        };
        Self {
            counts: switches.stream_options.unwrap_or(true),
            limit: switches.limit.unwrap_or(limit),
            system: switches.system_role.unwrap_or(system),
            switched: switches.system_role.is_some(),
        }
    }

    /// The one to try instead, when the server's words refuse a field of this one.
    pub fn after(self, status: u16, words: &str) -> Option<Self> {
        if status != 400 && status != 422 {
            return None;
        }
        let other = if self.counts && (words.contains("stream_options") || words.contains("include_usage")) {
            Self { counts: false, ..self }
        } else if self.limit == LimitName::MaxTokens && words.contains("max_completion_tokens") {
            Self { limit: LimitName::MaxCompletionTokens, ..self }
        } else if self.limit == LimitName::MaxCompletionTokens && words.contains("max_completion_tokens") {
            Self { limit: LimitName::MaxTokens, ..self }
        } else if self.system == SystemRole::Developer && words.contains("developer") {
            Self { system: SystemRole::System, ..self }
        } else {
            return None;
        };
        Some(other)
    }
}

/// The body of a request, of which only what the model takes is left: what was set.
pub(super) fn body(request: &Request, rules: &Rules, dialect: Dialect) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), json!(request.model.model));
    let asked = dialect.switched || rules.developer;
    let role = if asked { dialect.system.id() } else { SystemRole::System.id() };
    let system = (!request.system.is_empty()).then(|| json!({"role": role, "content": request.system}));
    let turns = request.turns.iter().map(|turn| json!({"role": turn.role.id(), "content": turn.text}));
    body.insert("messages".into(), system.into_iter().chain(turns).collect());
    if let Some(limit) = request.params.max_tokens {
        body.insert(dialect.limit.id().into(), json!(limit));
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
    if let Some(effort) = effort(request.params.thinking, rules) {
        body.insert("reasoning_effort".into(), json!(effort));
    }
    if request.stream {
        body.insert("stream".into(), json!(true));
        if dialect.counts {
            body.insert("stream_options".into(), json!({"include_usage": true}));
        }
    }
    Value::Object(body)
}

/// The effort that keeps a model from thinking, where that is wanted and there is one.
pub(super) fn effort(wanted: Option<bool>, rules: &Rules) -> Option<&'static str> {
    match (wanted?, rules.not_to_think?) {
        (false, NotToThink::None) => Some("none"),
        (false, NotToThink::Minimal) => Some("minimal"),
        _ => None,
    }
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
    progress.refusal(said["refusal"].as_str().unwrap_or_default());
    for (call, place) in said["tool_calls"].as_array().into_iter().flatten().zip(0..) {
        call_of(call, place, progress);
    }
    // as it was before there could be several
    if said["function_call"].is_object() {
        tool(0, "", &said["function_call"], progress);
    }
}

/// A call, or a piece of one. Some servers give it no number; then what it is called tells it from the one before.
fn call_of(call: &Value, place: u64, progress: &mut Progress) {
    let id = call["id"].as_str().unwrap_or_default();
    let number = call["index"].as_u64().unwrap_or_else(|| match progress.newest_call() {
        Some((newest, known)) if !id.is_empty() && known != id => newest + 1,
        Some((newest, _)) => newest.max(place),
        None => place,
    });
    tool(number, id, &call["function"], progress);
}

fn tool(number: u64, id: &str, function: &Value, progress: &mut Progress) {
    let name = function["name"].as_str().unwrap_or_default();
    match &function["arguments"] {
        Value::Object(whole) => progress.tool_piece(number, id, name, &Value::Object(whole.clone()).to_string()),
        piece => progress.tool_piece(number, id, name, piece.as_str().unwrap_or_default()),
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
