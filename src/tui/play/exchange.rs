//! A message, the reply to it, and how that went.

use std::sync::Arc;

use super::filling::Filling;
use super::markdown::{Block, LONGEST, render};
use crate::model::schema::Verdict;
use crate::model::{Context, Envelope, Event, Failure, Finish, ModelName, Personal, ToolCall, Usage, Wire};

/// A reply of so many bytes is rendered at once; a longer one on another thread.
const AT_ONCE: usize = 16 << 10;

/// A message and the reply to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The run that answers it.
    pub run: u64,
    /// Who answers.
    pub model: ModelName,
    /// What was said.
    pub message: String,
    /// What was sent of it: the message in the prompt's template.
    pub sent: String,
    /// Whether the message is one that was in its prompt's template already, and goes out as it is.
    pub as_sent: bool,
    /// What it was filled with; `None` where that is not known, as of a run that comes out of the history.
    pub filling: Option<Arc<Filling>>,
    /// The personal variables whose values were sent, as they were.
    pub seen: Vec<Personal>,
    /// Whether a cassette answers, and nobody is asked.
    pub replayed: bool,
    /// The reply so far.
    pub reply: String,
    /// How many bytes of the reply were its given beginning.
    pub begun: usize,
    /// The thinking so far, where it is shown.
    pub thinking: String,
    /// Milliseconds until the first text.
    pub first_ms: Option<u64>,
    /// Milliseconds so far.
    pub elapsed_ms: u64,
    /// Tokens, as the server counted them.
    pub usage: Usage,
    /// How it ended; `None` while it goes on.
    pub finish: Option<Finish>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Tools that the model wants to be called.
    pub tools: Vec<ToolCall>,
    /// Why the provider stopped the reply, in its words.
    pub refused: Option<String>,
    /// The context that the server was asked for, where it has to be asked.
    pub context: Option<Context>,
    /// Whether its JSON keeps to the schema that the configuration names.
    pub schema: Schema,
    /// The reply's Markdown as blocks, once it is whole; none where it is too long for that.
    pub rendered: Option<Vec<Block>>,
    /// What went over the wire, and what came back.
    pub wire: Seen,
}

/// How far a reply is checked against a schema.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Schema {
    /// It is not: it is not whole, or none is named.
    #[default]
    Unasked,
    /// It is being checked.
    Asked,
    /// It was.
    Told(Verdict),
}

/// A request as it left, and its answer as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The request that was sent last; `None` before it leaves, and where no wire is.
    pub request: Option<Arc<Envelope>>,
    /// The answer as it came so far, without keys: its status line, its headers, a blank line, its body. Empty while
    /// there is none.
    pub answer: String,
    /// Whether the body went on, and the rest was not kept.
    pub cut: bool,
    /// How often it was sent.
    pub attempts: u32,
}

impl Seen {
    /// What was seen next.
    pub fn take(&mut self, wire: Wire) {
        match wire {
            Wire::Request(envelope) => {
                *self = Self { request: Some(envelope), attempts: self.attempts + 1, ..Self::default() };
            }
            Wire::Head(head) => self.answer = head + "\n",
            Wire::Body(piece) => self.answer.push_str(&piece),
            Wire::Cut => self.cut = true,
        }
    }

    /// What is left when it is too long ago.
    pub fn forgotten() -> Self {
        Self { answer: "This is no longer kept: there are too many later ones.\n".to_owned(), ..Self::default() }
    }

    /// Bytes that are kept for it.
    pub fn bytes(&self) -> usize {
        self.request.as_ref().map_or(0, |request| request.body.len()) + self.answer.len()
    }
}

impl Exchange {
    /// Nothing has come yet.
    pub fn new(run: u64, model: ModelName, message: String, sent: String) -> Self {
        Self {
            run,
            model,
            message,
            sent,
            as_sent: false,
            filling: None,
            seen: Vec::new(),
            replayed: false,
            reply: String::new(),
            begun: 0,
            thinking: String::new(),
            first_ms: None,
            elapsed_ms: 0,
            usage: Usage::default(),
            finish: None,
            failure: None,
            tools: Vec::new(),
            refused: None,
            context: None,
            schema: Schema::default(),
            rendered: None,
            wire: Seen::default(),
        }
    }

    /// A reply that begins with these words, which were sent along.
    #[must_use]
    pub fn beginning_with(self, words: &str) -> Self {
        Self { reply: words.to_owned(), begun: words.len(), ..self }
    }

    /// Renders the reply once it is whole. `Some` where it is so long that this is done elsewhere: its run and the reply,
    /// which is shown as it came until then.
    pub fn settle(&mut self) -> Option<(u64, String)> {
        if self.rendered.is_some() || self.finish.is_none() {
            return None;
        }
        if self.reply.len() <= AT_ONCE {
            self.rendered = Some(render(&self.reply));
            return None;
        }
        self.rendered = Some(Vec::new());
        (self.reply.len() <= LONGEST).then(|| (self.run, self.reply.clone()))
    }

    /// Whether any of a reply has come.
    pub fn answered(&self) -> bool {
        self.reply.len() > self.begun
    }

    /// What has happened `at_ms` milliseconds after it was sent.
    pub fn take(&mut self, at_ms: u64, event: Event) {
        self.elapsed_ms = at_ms;
        match event {
            Event::Sent(_) | Event::Started | Event::Unsent(_) | Event::Waiting { .. } => {}
            Event::Wire(wire) => self.wire.take(wire),
            Event::Context(context) => self.context = Some(context),
            Event::Tool(call) => self.tools.push(call),
            Event::Refused { category, explanation } => {
                let words = [category, explanation].into_iter().filter(|words| !words.is_empty());
                self.refused = Some(words.collect::<Vec<_>>().join(": "));
            }
            // the words of a refusal are what the model says
            Event::Text(text) | Event::Refusal(text) => {
                self.first_ms.get_or_insert(at_ms);
                self.reply.push_str(&text);
            }
            Event::Thinking(text) => self.thinking.push_str(&text),
            Event::Usage(usage) => {
                let known = &mut self.usage;
                known.input = usage.input.or(known.input);
                known.output = usage.output.or(known.output);
                known.cache_read = usage.cache_read.or(known.cache_read);
                known.cache_write = usage.cache_write.or(known.cache_write);
            }
            Event::Done { finish, failure } => {
                self.finish = Some(finish);
                self.failure = failure;
            }
        }
    }

    /// Tokens of the reply a second, from the first text on; `None` when that is not known.
    pub fn speed(&self) -> Option<f64> {
        let tokens = self.usage.output?;
        let took = self.elapsed_ms.checked_sub(self.first_ms?)?;
        (took > 0 && tokens > 0).then(|| tokens as f64 * 1000.0 / took as f64)
    }
}
