//! Everything that servers are known to do wrong, or right in an odd way: what each looks like in each protocol, and
//! what has to come of it.

mod contents;
mod ends;
mod shapes;
mod status;
mod timing;

use std::time::Duration;

use greenroom::config::Api;
use greenroom::model::{FailureKind, Finish};
use serde_json::{Value, json};

use crate::servers::{
    Answer, Step, anthropic_reply, chunks, head, ollama_reply, openai_reply, responses_reply, stream,
};

/// The four protocols.
pub const APIS: [Api; 4] = [Api::Anthropic, Api::OpenAi, Api::OpenAiResponses, Api::Ollama];
/// What a good reply says. It looks like everything that a reader could trip over.
pub const TEXT: [&str; 3] = ["Grüße, 日本 👩‍👧! ", "{\"error\": \"no\"}\ndata: [DONE]\n\n", "\\ and \"end\"\t."];
/// The longest silence that a client of these tests bears.
pub const LIMIT: Duration = Duration::from_millis(800);

/// In which protocol, and whether a stream is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    pub api: Api,
    pub streamed: bool,
}

/// What has to come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    pub finish: Finish,
    pub text: String,
    pub kind: Option<FailureKind>,
}

/// One thing that a server does.
pub struct Fault {
    pub group: &'static str,
    pub name: &'static str,
    /// What it does in a case, and what comes of it; `None` where the protocol has no such thing.
    pub of: Box<dyn Fn(Case) -> Option<(Answer, Ends)> + Send + Sync>,
}

/// All of them.
pub fn all() -> Vec<Fault> {
    [timing::all(), ends::all(), shapes::all(), status::all(), contents::all()].into_iter().flatten().collect()
}

fn fault(
    group: &'static str,
    name: &'static str,
    of: impl Fn(Case) -> Option<(Answer, Ends)> + Send + Sync + 'static,
) -> Fault {
    Fault { group, name, of: Box::new(of) }
}

impl Case {
    /// The body of a reply of these pieces.
    pub fn body(self, pieces: &[&str]) -> String {
        if self.streamed { self.stream(pieces) } else { self.document(&pieces.concat()).to_string() }
    }

    /// The same as a stream, whatever is asked for.
    pub fn stream(self, pieces: &[&str]) -> String {
        match self.api {
            Api::Anthropic => anthropic_reply(pieces),
            Api::OpenAiResponses => responses_reply(pieces),
            Api::Ollama => ollama_reply(pieces),
            Api::OpenAi | Api::Offline => openai_reply(pieces),
        }
    }

    /// The same as one document.
    pub fn document(self, text: &str) -> Value {
        match self.api {
            Api::Anthropic => {
                json!({"type": "message", "role": "assistant", "content": [{"type": "text", "text": text}],
                "stop_reason": "end_turn", "usage": {"input_tokens": 5, "output_tokens": 7}})
            }
            Api::OpenAiResponses => json!({"object": "response", "status": "completed", "error": null,
                "output": [{"type": "message", "content": [{"type": "output_text", "text": text}]}]}),
            Api::Ollama => json!({"model": "m", "message": {"role": "assistant", "content": text}, "done": true,
                "done_reason": "stop", "prompt_eval_count": 11, "eval_count": 7}),
            Api::OpenAi | Api::Offline => {
                json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": text},
                "finish_reason": "stop"}], "usage": {"prompt_tokens": 11, "completion_tokens": 7}})
            }
        }
    }

    /// A reply that says [`TEXT`].
    pub fn good(self) -> String {
        self.body(&TEXT)
    }

    /// The beginning of that reply: with its first piece whole, or half a document.
    pub fn begun(self) -> String {
        let good = self.good();
        if !self.streamed {
            return good[..good.find("日本").expect("it is there")].to_owned();
        }
        let first = good.find("日本").expect("it is there");
        let event = if self.api == Api::Ollama { "\n" } else { "\n\n" };
        good[..first + good[first..].find(event).expect("it ends") + event.len()].to_owned()
    }

    /// Whether the protocol streams server-sent events.
    pub fn has_events(self) -> bool {
        self.streamed && self.api != Api::Ollama
    }

    /// What comes of a reply that breaks off after [`Case::begun`].
    pub fn broken_off(self, kind: FailureKind) -> Ends {
        if self.streamed {
            Ends { finish: Finish::Incomplete, text: TEXT[0].to_owned(), kind: Some(kind) }
        } else {
            failed(kind)
        }
    }
}

/// The whole of [`TEXT`] came.
fn whole() -> Ends {
    says(&TEXT.concat())
}

/// This came, and the end.
fn says(text: &str) -> Ends {
    Ends { finish: Finish::End, text: text.to_owned(), kind: None }
}

/// Nothing came but this failure.
fn failed(kind: FailureKind) -> Ends {
    Ends { finish: Finish::Error, text: String::new(), kind: Some(kind) }
}

/// An answer in one go whose end is the end of the connection.
fn plain(body: &str) -> Answer {
    stream(body)
}

/// An answer of these bytes.
fn raw(bytes: impl Into<Vec<u8>>) -> Answer {
    vec![Step::Send(bytes.into())]
}

/// The head of a good answer.
fn good_head() -> Step {
    head("200 OK", "text/event-stream")
}

/// A body in chunks of this size, with its end.
fn chunked(body: &str, size: usize) -> Answer {
    let mut answer = vec![crate::servers::chunked_head()];
    answer.extend(chunks(body.as_bytes(), size));
    answer
}
