//! How a reply reaches standard output: as words while they come or at once, as events, as bytes, or not at all because a
//! document follows.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Output;
use super::document::{error, milliseconds, tool, unsent, usage};
use crate::error::Result;
use crate::model::Event;
use crate::model::envelope::Wire;

/// What standard output gets while a conversation is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// The words as they come.
    Stream,
    /// The reply when it is whole.
    Whole,
    /// Nothing: a document is printed at the end.
    Document,
    /// One JSON object a line for everything that happens.
    Lines,
    /// The bytes of the server's answer, without keys.
    Raw,
}

impl Voice {
    /// Whether a person reads it.
    pub fn is_for_a_person(self) -> bool {
        matches!(self, Self::Stream | Self::Whole)
    }

    /// Adds to `words` what is said of an event in the turn of this number; who has them writes them, with those of the
    /// events that came at the same time.
    pub fn says(self, event: &Event, turn: usize, words: &mut String) {
        match (self, event) {
            (Self::Stream, Event::Text(text) | Event::Refusal(text)) | (Self::Raw, Event::Wire(Wire::Body(text))) => {
                words.push_str(text);
            }
            (Self::Lines, event) => {
                if let Some(line) = line(event, turn + 1) {
                    let _ = writeln!(words, "{line}");
                }
            }
            _ => {}
        }
    }

    /// Writes what was said; `false` when whoever read has gone.
    pub fn writes(self, words: &str, output: &Output) -> Result<bool> {
        match self {
            _ if words.is_empty() => Ok(true),
            Self::Lines => output.lines(words),
            _ => output.flows(words),
        }
    }

    /// What stands between the replies of two turns.
    pub fn between_turns(self, output: &Output) -> Result<()> {
        if self.is_for_a_person() { output.content("\n") } else { Ok(()) }
    }

    /// Says what is left of a reply at its end, so that the next output begins on a line of its own; `false` when whoever
    /// read has gone.
    pub fn ends(self, reply: &str, output: &Output) -> Result<bool> {
        let end = if reply.is_empty() || reply.ends_with('\n') { "" } else { "\n" };
        match self {
            Self::Stream => output.flows(end),
            Self::Whole => Ok(output.flows(reply)? && output.flows(end)?),
            Self::Document | Self::Lines | Self::Raw => Ok(true),
        }
    }
}

/// An event as a JSON object; `turn` counts from 1. `None` for what says nothing that others do not say.
fn line(event: &Event, turn: usize) -> Option<Value> {
    let mut line = match event {
        Event::Unsent(all) => json!({"event": "unsent", "parameters": unsent(all)}),
        Event::Context(context) => json!({"event": "context", "tokens": context.tokens, "prompt": context.prompt}),
        Event::Sent(body) => json!({"event": "sent", "request": body}),
        Event::Waiting { pause, failure } => {
            json!({"event": "waiting", "pause_ms": milliseconds(*pause), "error": error(failure)})
        }
        // what it says is said by the others, and by the document
        Event::Wire(_) => return None,
        Event::Started => json!({"event": "started"}),
        Event::Text(text) => json!({"event": "text", "text": text}),
        Event::Thinking(text) => json!({"event": "thinking", "text": text}),
        Event::Refusal(text) => json!({"event": "refusal", "text": text}),
        Event::Tool(call) => json!({"event": "tool", "tool": tool(call)}),
        Event::Refused { category, explanation } => {
            json!({"event": "refused", "category": category, "explanation": explanation})
        }
        Event::Usage(counts) => json!({"event": "usage", "usage": usage(*counts)}),
        Event::Done { finish, failure } => {
            json!({"event": "done", "finish": finish.id(), "error": failure.as_ref().map(error)})
        }
    };
    line["turn"] = turn.into();
    Some(line)
}
