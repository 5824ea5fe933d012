//! What is known of a reply so far, whichever protocol it comes in.

use std::mem;

use serde_json::Value;

use super::json::{Joiner, whole};
use super::redact::Redactor;
use crate::model::event::{Event, Finish, ToolCall, Usage};

/// A reply as it comes in.
#[expect(clippy::struct_excessive_bools, reason = "each is something that has happened or not")]
pub(super) struct Progress {
    news: Vec<Event>,
    text: Pieces,
    refusal: Pieces,
    thinking: Pieces,
    usage: Usage,
    /// Why the model stopped, once it said so.
    pub finish: Option<Finish>,
    /// Whether the protocol's own end has come: nothing more is expected.
    pub ended: bool,
    /// Whether anything of a reply has been recognised.
    pub begun: bool,
    /// Whether the model wants a tool to be called.
    pub called: bool,
    /// Whether anything of the reply has been handed over, so that the request cannot be made again unseen.
    pub shown: bool,
    /// Calls of tools that are not whole yet, by the number that the protocol gives them.
    calls: Vec<(u64, ToolCall)>,
}

struct Pieces {
    joiner: Joiner,
    redactor: Redactor,
}

impl Pieces {
    fn new(redactor: &Redactor) -> Self {
        Self { joiner: Joiner::default(), redactor: redactor.clone() }
    }

    fn push(&mut self, piece: &str) -> String {
        self.redactor.push(&self.joiner.push(piece))
    }

    fn finish(&mut self) -> String {
        let rest = self.joiner.finish().unwrap_or_default();
        self.redactor.push(&rest) + &self.redactor.finish()
    }
}

impl Progress {
    /// Nothing yet. `redactor` knows what must not be shown.
    pub fn new(redactor: &Redactor) -> Self {
        Self {
            news: Vec::new(),
            text: Pieces::new(redactor),
            refusal: Pieces::new(redactor),
            thinking: Pieces::new(redactor),
            usage: Usage::default(),
            finish: None,
            ended: false,
            begun: false,
            called: false,
            shown: false,
            calls: Vec::new(),
        }
    }

    /// The next piece of the reply.
    pub fn text(&mut self, piece: &str) {
        let shown = self.text.push(piece);
        if !shown.is_empty() {
            self.news.push(Event::Text(shown));
        }
    }

    /// The next piece of the words in which the model refuses.
    pub fn refusal(&mut self, piece: &str) {
        let shown = self.refusal.push(piece);
        if !shown.is_empty() {
            self.news.push(Event::Refusal(shown));
        }
        if !piece.is_empty() {
            self.finish = Some(Finish::Refusal);
        }
    }

    /// Why the provider stopped the reply, where it says so.
    pub fn refused(&mut self, category: &str, explanation: &str) {
        if !category.is_empty() || !explanation.is_empty() {
            let clean = |words: &str| self.text.redactor.clean(&whole(words));
            let (category, explanation) = (clean(category), clean(explanation));
            self.news.push(Event::Refused { category, explanation });
        }
    }

    /// A whole call of a tool.
    pub fn tool(&mut self, id: &str, name: &str, arguments: &Value) {
        let arguments = match arguments {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.call(&ToolCall { id: id.to_owned(), name: name.to_owned(), arguments });
    }

    /// A piece of the call that the protocol gives this number; what is empty says nothing.
    pub fn tool_piece(&mut self, number: u64, id: &str, name: &str, arguments: &str) {
        self.called = true;
        let at = self.calls.iter().position(|(known, _)| *known == number).unwrap_or_else(|| {
            self.calls.push((number, ToolCall::default()));
            self.calls.len() - 1
        });
        let call = &mut self.calls[at].1;
        if !id.is_empty() {
            id.clone_into(&mut call.id);
        }
        call.name.push_str(name);
        call.arguments.push_str(arguments);
    }

    /// The number of the newest call that is not whole yet, and what the server calls it.
    pub fn newest_call(&self) -> Option<(u64, &str)> {
        self.calls.last().map(|(number, call)| (*number, call.id.as_str()))
    }

    /// The call of this number is whole.
    pub fn tool_end(&mut self, number: u64) {
        if let Some(at) = self.calls.iter().position(|(known, _)| *known == number) {
            let (_, mut call) = self.calls.remove(at);
            if call.arguments.is_empty() {
                call.arguments.push_str("{}");
            }
            self.call(&call);
        }
    }

    /// The pieces of this call are not needed: it comes whole.
    pub fn drop_pieces(&mut self, number: u64) {
        self.calls.retain(|(known, _)| *known != number);
    }

    fn call(&mut self, call: &ToolCall) {
        self.called = true;
        let clean = |words: &str| self.text.redactor.clean(&whole(words));
        self.news.push(Event::Tool(ToolCall {
            id: clean(&call.id),
            name: clean(&call.name),
            arguments: clean(&call.arguments),
        }));
    }

    /// The next piece of the thinking.
    pub fn thinking(&mut self, piece: &str) {
        let shown = self.thinking.push(piece);
        if !shown.is_empty() {
            self.news.push(Event::Thinking(shown));
        }
    }

    /// A count; the fields it holds replace those of earlier ones.
    pub fn usage(&mut self, usage: Usage) {
        let merged = Usage {
            input: usage.input.or(self.usage.input),
            output: usage.output.or(self.usage.output),
            cache_read: usage.cache_read.or(self.usage.cache_read),
            cache_write: usage.cache_write.or(self.usage.cache_write),
        };
        if merged != self.usage {
            self.usage = merged;
            self.news.push(Event::Usage(merged));
        }
    }

    /// The server's word for why the model stopped. An empty word says nothing; an unknown one is an end.
    pub fn stopped(&mut self, word: &str) {
        let finish = match word {
            "" => return,
            "length" | "max_tokens" | "max_output_tokens" | "model_context_window_exceeded" | "model_length" => {
                Finish::Length
            }
            "stop_sequence" => Finish::Stop,
            "refusal" | "content_filter" | "safety" => Finish::Refusal,
            "tool_use" | "tool_calls" | "function_call" | "pause_turn" => Finish::Tool,
            _ => Finish::End,
        };
        // A refusal stays one, whatever word follows it.
        if self.finish != Some(Finish::Refusal) {
            self.finish = Some(finish);
        }
    }

    /// What has happened since the last time.
    pub fn take(&mut self) -> Vec<Event> {
        self.shown |= self.news.iter().any(|event| !matches!(event, Event::Usage(_)));
        mem::take(&mut self.news)
    }

    /// What was held back and can be shown now that no more comes.
    pub fn flush(&mut self) -> Vec<Event> {
        let thinking = self.thinking.finish();
        if !thinking.is_empty() {
            self.news.push(Event::Thinking(thinking));
        }
        let text = self.text.finish();
        if !text.is_empty() {
            self.news.push(Event::Text(text));
        }
        let refusal = self.refusal.finish();
        if !refusal.is_empty() {
            self.news.push(Event::Refusal(refusal));
        }
        for (_, call) in mem::take(&mut self.calls) {
            self.call(&call);
        }
        self.take()
    }
}
