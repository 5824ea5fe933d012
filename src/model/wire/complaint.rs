//! What a server complains of, in any of the shapes that errors come in, sorted into the kinds of a failure.

use serde_json::Value;

use super::json::whole;
use crate::model::failure::{Failure, FailureKind};

/// An error as a server put it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The HTTP status, or the one that the error itself names.
    pub status: Option<u16>,
    /// Its type and code words, in lower case.
    pub codes: String,
    /// Its words.
    pub message: String,
}

/// The error in a value of an answer, if it is one. `named` is the name of the event it came in.
pub(super) fn complaint_in(named: &str, value: &Value) -> Option<Complaint> {
    let Value::Object(fields) = value else {
        return (named == "error").then(|| Complaint { message: words(value), ..Complaint::default() });
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let error =
        fields.get("error").filter(|error| !matches!(error, Value::Null | Value::Bool(false)) && !is_blank(error));
    if let Some(error) = error {
        return Some(from_error(error, value));
    }
    let is_error = named == "error"
        || text("type") == "error"
        || text("object") == "error"
        || fields.contains_key("error_message")
        || fields.contains_key("error_type")
        || (fields.contains_key("detail") && !fields.contains_key("choices") && !fields.contains_key("content"));
    is_error.then(|| from_error(value, value))
}

/// The error in the body of an answer whose status says that it is one.
pub(super) fn complaint_of(status: u16, body: &str) -> Complaint {
    // some gateways send an error as the first event of the stream that was asked for
    let event =
        body.lines().find_map(|line| line.strip_prefix("data:")).filter(|_| !body.trim_start().starts_with('{'));
    let (values, _) = super::json::values(event.unwrap_or(body));
    let value = match values.into_iter().next() {
        Some(Value::Array(items)) => items.into_iter().next().unwrap_or_default(),
        Some(value @ Value::Object(_)) => value,
        _ => Value::Null,
    };
    let mut complaint = match &value {
        Value::Object(_) => complaint_in("", &value).unwrap_or_else(|| from_error(&value, &value)),
        _ => Complaint { message: body.trim().to_owned(), ..Complaint::default() },
    };
    complaint.status = Some(status);
    complaint
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(str::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn from_error(error: &Value, around: &Value) -> Complaint {
    let mut codes = String::new();
    for value in [error, around, &error["details"], &error["metadata"]] {
        for name in ["type", "code", "error_type", "error_code", "param"] {
            if let Some(word) = value.get(name).and_then(Value::as_str) {
                codes.push_str(&word.to_lowercase());
                codes.push(' ');
            }
        }
    }
    let status = [&error["code"], &error["status"], &error["status_code"], &around["code"]]
        .into_iter()
        .find_map(|code| code.as_u64().or_else(|| code.as_str()?.parse().ok()))
        .and_then(|code| u16::try_from(code).ok())
        .filter(|code| (400..600).contains(code));
    Complaint { status, codes, message: words(error) }
}

/// The words of an error: its message, wherever it stands, else all of it.
fn words(error: &Value) -> String {
    let message = ["message", "error_message", "msg", "detail", "error"]
        .into_iter()
        .find_map(|name| error.get(name).filter(|value| !value.is_null()));
    match message.unwrap_or(error) {
        Value::String(text) => whole(text),
        // FastAPI lists what is wrong, each with its place.
        Value::Array(items) if !items.is_empty() => {
            let each = items.iter().map(|item| match (item["msg"].as_str(), item["loc"].as_array()) {
                (Some(text), Some(place)) => {
                    let place: Vec<_> = place.iter().map(|part| part.to_string().replace('"', "")).collect();
                    format!("{}: {}", place.join("."), whole(text))
                }
                (Some(text), None) => whole(text),
                _ => whole(&item.to_string()),
            });
            each.collect::<Vec<_>>().join("; ")
        }
        Value::Object(_) if message.is_some() => words(message.unwrap_or(error)),
        other => whole(&other.to_string()),
    }
}

impl Complaint {
    /// Whether the money is used up, which waiting does not mend.
    pub fn is_about_money(&self) -> bool {
        self.status == Some(402)
            || self.has(&[
                "insufficient_quota",
                "credit_balance",
                "spend_limit",
                "billing_error",
                "usage_limit_exceeded",
            ])
            || self.says(&["credit balance", "spend limit", "insufficient credit", "exceeded your current quota"])
    }

    /// Whether the same request may be answered a little later.
    pub fn is_transient(&self) -> bool {
        let busy = matches!(self.status, Some(408 | 409 | 429 | 500..))
            || self.has(&[
                "rate_limit",
                "slow_down",
                "overloaded",
                "unavailable",
                "api_error",
                "server_error",
                "timeout",
            ]);
        busy && !self.is_about_money()
    }

    /// Which kind of failure it is.
    pub fn kind(&self) -> FailureKind {
        let status = self.status.unwrap_or(0);
        let context = self.has(&["context_length", "exceed_context_size", "request_too_large"])
            || self.says(&[
                "prompt is too long",
                "context length",
                "context size",
                "maximum context",
                "context window",
            ]);
        if context || status == 413 {
            FailureKind::ContextTooLong
        } else if matches!(status, 402 | 429) || self.is_about_money() || self.has(&["rate_limit", "slow_down"]) {
            FailureKind::RateLimited
        } else if self.has(&["content_filter", "content_policy", "moderation", "responsible_ai"])
            || self.says(&["content management policy", "content policy"])
        {
            FailureKind::Refused
        } else if matches!(status, 401 | 403)
            || self.has(&["authentication_error", "permission_error", "invalid_api_key"])
        {
            FailureKind::RejectedKey
        } else if self.has(&["model_not_found", "not_found_error"])
            || self.says(&["invalid model name", "unknown model"])
            || status == 404
        {
            FailureKind::NoSuchModel
        } else if matches!(status, 503 | 529) || self.has(&["overloaded", "unavailable_error"]) {
            FailureKind::Overloaded
        } else if status >= 500
            || matches!(status, 408 | 409 | 425)
            || self.has(&["api_error", "server_error", "timeout_error"])
        {
            FailureKind::Server
        } else if status >= 400 || self.has(&["invalid_request"]) {
            FailureKind::BadRequest
        } else {
            FailureKind::Server
        }
    }

    /// The failure that a person reads; `server` names the provider and its host.
    pub fn into_failure(self, server: &str) -> Failure {
        let kind = self.kind();
        let money = self.is_about_money();
        let loading = self.says(&["loading model"]);
        let what = match kind {
            FailureKind::RejectedKey => "does not accept the key",
            FailureKind::NoSuchModel => "does not know this model",
            FailureKind::RateLimited if money => "has no credit left for this key",
            FailureKind::RateLimited => "gets too many requests from this key",
            FailureKind::Overloaded if loading => "is still loading the model",
            FailureKind::Overloaded => "is overloaded",
            FailureKind::ContextTooLong => "says the prompt and the conversation do not fit into the model's context",
            FailureKind::Refused => "refused the request by its content policy",
            FailureKind::BadRequest => "does not accept the request",
            _ => "failed",
        };
        let hint = match kind {
            FailureKind::RejectedKey => "check the key, and that it is one for this provider",
            FailureKind::NoSuchModel => "`greenroom models` lists the models; check the provider's base_url as well",
            FailureKind::RateLimited if money => "add credit at the provider, or choose another model",
            FailureKind::RateLimited | FailureKind::Overloaded => "wait a moment and send again",
            FailureKind::ContextTooLong => {
                "shorten the prompt, the values or the conversation, or choose a model with a larger context"
            }
            FailureKind::Refused => "change what is sent: the provider does not run it as it is",
            FailureKind::BadRequest if self.says(&["temperature", "top_p"]) => {
                "this model takes no such sampling parameter: remove it from config.json"
            }
            FailureKind::BadRequest => "the server's own words say what it does not accept",
            _ => "send again; if it stays, the provider's status page knows more",
        };
        let status = self.status.map(|status| format!(" ({status})")).unwrap_or_default();
        Failure {
            kind,
            message: format!("{server} {what}{status}"),
            detail: Some(self.message).filter(|words| !words.is_empty()),
            status: self.status,
            hint: Some(hint.to_owned()),
        }
    }

    fn has(&self, codes: &[&str]) -> bool {
        codes.iter().any(|code| self.codes.contains(code))
    }

    fn says(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|words| message.contains(words))
    }
}

#[cfg(test)]
mod tests {
    use FailureKind::{BadRequest, ContextTooLong, NoSuchModel, Overloaded, RateLimited, Refused, RejectedKey, Server};
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_of_every_server_are_sorted() {
        let cases: &[(u16, &str, FailureKind, &str)] = &[
            (
                401,
                r#"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#,
                RejectedKey,
                "invalid x-api-key",
            ),
            (403, r#"{"error":{"message":"no","type":"permission_error"}}"#, RejectedKey, "no"),
            (
                404,
                r#"{"type":"error","error":{"type":"not_found_error","message":"model: x"}}"#,
                NoSuchModel,
                "model: x",
            ),
            (404, "404 page not found", NoSuchModel, "404 page not found"),
            (400, r#"{"error":{"message":"m","code":"model_not_found"}}"#, NoSuchModel, "m"),
            (429, r#"{"error":{"message":"slow","type":"tokens","code":"rate_limit_exceeded"}}"#, RateLimited, "slow"),
            (402, r#"{"error":{"message":"Insufficient credits","code":402}}"#, RateLimited, "Insufficient credits"),
            (
                400,
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}"#,
                RateLimited,
                "Your credit balance is too low",
            ),
            (
                529,
                r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
                Overloaded,
                "Overloaded",
            ),
            (
                503,
                r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
                Overloaded,
                "Loading model",
            ),
            (
                400,
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"}}"#,
                ContextTooLong,
                "prompt is too long: 9 tokens > 8 maximum",
            ),
            (400, r#"{"error":{"message":"m","code":"context_length_exceeded"}}"#, ContextTooLong, "m"),
            (
                400,
                r#"{"error":{"code":400,"message":"request (9 tokens) exceeds the available context size (8 tokens), try increasing it","type":"exceed_context_size_error"}}"#,
                ContextTooLong,
                "request (9 tokens) exceeds the available context size (8 tokens), try increasing it",
            ),
            (413, "", ContextTooLong, ""),
            (400, r#"{"error":{"message":"m","code":"content_filter"}}"#, Refused, "m"),
            (
                422,
                r#"{"detail":[{"loc":["body","messages"],"msg":"field required","type":"value_error"}]}"#,
                BadRequest,
                "body.messages: field required",
            ),
            (400, r#"{"object":"error","message":"bad","code":400}"#, BadRequest, "bad"),
            (400, r#"{"error":"model is required"}"#, BadRequest, "model is required"),
            (500, "Internal Server Error", Server, "Internal Server Error"),
            (500, r#"{"error":{"message":null,"type":"api_error"}}"#, Server, r#"{"message":null,"type":"api_error"}"#),
            (502, "<html>bad gateway</html>", Server, "<html>bad gateway</html>"),
            (500, "data: {\"error\": {\"message\": \"boom\", \"code\": \"500\"}}\n\ndata: [DONE]\n\n", Server, "boom"),
            (
                400,
                r#"{"error":{"message":"Invalid model name passed in model=x"}}"#,
                NoSuchModel,
                "Invalid model name passed in model=x",
            ),
        ];
        for (status, body, kind, words) in cases {
            let complaint = complaint_of(*status, body);
            assert_eq!((complaint.kind(), complaint.message.as_str()), (*kind, *words), "{status} {body}");
        }
    }

    #[test]
    fn errors_inside_a_stream_are_found_in_every_shape() {
        for (named, value, kind) in [
            (
                "error",
                json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
                Overloaded,
            ),
            ("", json!({"error": {"message": "x", "code": 502, "metadata": {}}}), Server),
            ("", json!({"error": "out of memory"}), Server),
            ("error", json!({"code": 400, "message": "x", "type": "invalid_request_error"}), BadRequest),
            ("", json!({"error_type": "rate_limit", "error_message": "x"}), RateLimited),
            ("", json!({"object": "error", "message": "x", "code": 404}), NoSuchModel),
            ("", json!({"detail": "Not authenticated"}), Server),
            ("error", json!("plain words"), Server),
        ] {
            assert_eq!(complaint_in(named, &value).map(|found| found.kind()), Some(kind), "{value}");
        }
    }

    #[test]
    fn an_empty_error_field_is_no_error() {
        for value in
            [json!({"error": null, "choices": []}), json!({"error": {}}), json!({"error": ""}), json!({"choices": []})]
        {
            assert_eq!(complaint_in("", &value), None, "{value}");
        }
    }

    #[test]
    fn money_is_told_apart_from_haste() {
        let spent = complaint_of(
            429,
            r#"{"error":{"type":"insufficient_quota","code":"credit_balance_exhausted","message":"x"}}"#,
        );
        assert!(spent.is_about_money());
        let spent = complaint_of(
            429,
            r#"{"type":"error","error":{"type":"rate_limit_error","message":"x","details":{"error_code":"enforced_spend_limit_reached"}}}"#,
        );
        assert!(spent.is_about_money());
        assert!(!complaint_of(429, r#"{"error":{"code":"rate_limit_exceeded","message":"x"}}"#).is_about_money());
    }
}
