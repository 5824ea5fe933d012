//! What is known of a reply so far, whichever protocol it comes in.

use std::mem;

use super::json::Joiner;
use super::redact::Redactor;
use crate::model::event::{Event, Finish, Usage};

/// A reply as it comes in.
pub(super) struct Progress {
    news: Vec<Event>,
    text: Pieces,
    thinking: Pieces,
    usage: Usage,
    /// Why the model stopped, once it said so.
    pub finish: Option<Finish>,
    /// Whether the protocol's own end has come: nothing more is expected.
    pub ended: bool,
    /// Whether anything of a reply has been recognised.
    pub begun: bool,
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
            thinking: Pieces::new(redactor),
            usage: Usage::default(),
            finish: None,
            ended: false,
            begun: false,
        }
    }

    /// The next piece of the reply.
    pub fn text(&mut self, piece: &str) {
        let shown = self.text.push(piece);
        if !shown.is_empty() {
            self.news.push(Event::Text(shown));
        }
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
        self.take()
    }
}
