//! The turns of one conversation, one after the other, each shown as it comes.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use futures::{FutureExt, StreamExt};
use serde_json::Value;
use tokio::time::Instant;

use super::interrupt::{Cause, Interrupt};
use super::voice::Voice;
use super::{Failure, Finish, ModelName, Obstacle, Output, Playtest, Request, Role, Turn, Usage};
use crate::error::{Error, Result};
use crate::history::unfinished::Unfinished;
use crate::model::schema::{Verdict, check};
use crate::model::{Event, Model, Reply, ToolCall, Unsent};
use crate::sanitize::one_line;

/// So many events at most are written at once, and so many bytes about: what came is out before more is read, and a
/// server without end leaves room for Ctrl-C.
const AT_ONCE: usize = 256;
const BYTES_AT_ONCE: usize = 64 << 10;

/// Finds who answers for a model.
pub(super) type Answering<'a> = dyn Fn(&ModelName) -> Result<Arc<dyn Model>, Failure> + 'a;

/// What is needed to hold a conversation.
pub(super) struct Conversation<'a> {
    /// Who answers for a model, or why nobody does.
    pub answering: &'a Answering<'a>,
    pub playtest: &'a Playtest<'a>,
    /// Why a turn is not sent, in the words of the command line.
    pub unsendable: &'a dyn Fn(&Obstacle) -> Error,
    /// The request of every turn, but for its prompt and its turns.
    pub request: Request,
    pub output: &'a Output,
    /// What the JSON of a reply is to keep to, or why that cannot be read; `None` where config.json names no schema.
    pub schema: Option<&'a Result<Value>>,
    /// How a reply is shown.
    pub voice: Voice,
    /// The cost of a run with these counts.
    pub cost: &'a dyn Fn(Usage) -> Option<f64>,
    /// Told what was sent and how many tokens the server has counted for it.
    pub learn: &'a dyn Fn(&Request, u64),
    /// Told what is about to be sent, and when; what it gives is dropped when the turn is kept.
    pub begin: &'a dyn Fn(&Request, jiff::Timestamp) -> Option<Unfinished>,
    /// Told what was sent, when, and what came of it, to keep it.
    pub keep: &'a dyn Fn(&Request, jiff::Timestamp, &Outcome),
    /// What was said on the way that need not be said again.
    pub told: &'a Told,
}

/// What is said once, of however many turns and conversations.
#[derive(Default)]
pub(super) struct Told {
    /// That parameters are not sent.
    unsent: Cell<bool>,
    /// For which variables examples are sent.
    examples: Cell<Vec<String>>,
}

/// What came of one turn.
#[derive(Debug)]
pub(super) struct Outcome {
    pub reply: String,
    pub finish: Finish,
    pub failure: Option<Failure>,
    pub usage: Usage,
    pub sent: Option<Value>,
    pub latency: Duration,
    pub first_token: Option<Duration>,
    pub cost: Option<f64>,
    pub unsent: Vec<Unsent>,
    pub tools: Vec<ToolCall>,
    pub refused: Option<String>,
    /// Whether its JSON keeps to the schema; `None` where none is named, and where the reply is not whole.
    pub schema: Option<Verdict>,
    /// Whether whoever read the output has gone.
    pub unread: bool,
}

impl Outcome {
    /// Nothing yet, which is a failure if it stays so.
    fn nothing() -> Self {
        Self {
            reply: String::new(),
            finish: Finish::Error,
            failure: None,
            usage: Usage::default(),
            sent: None,
            latency: Duration::ZERO,
            first_token: None,
            cost: None,
            unsent: Vec::new(),
            tools: Vec::new(),
            refused: None,
            schema: None,
            unread: false,
        }
    }

    /// Whether there is a reply that another turn can follow.
    pub fn is_whole(&self) -> bool {
        self.failure.is_none() && self.finish != Finish::Cancelled
    }
}

impl Conversation<'_> {
    /// Holds it until its end, the first turn that fails, or an interruption. Nothing is sent when the first message
    /// cannot be. `interrupt` listens from the first message on.
    pub async fn hold(&self, messages: &[String], interrupt: &mut Option<Interrupt>) -> Result<Vec<Outcome>> {
        let mut turns = Vec::new();
        let mut outcomes: Vec<Outcome> = Vec::new();
        for (number, message) in messages.iter().enumerate() {
            let prepared = self.playtest.turn(&turns, message).map_err(|obstacle| (self.unsendable)(&obstacle))?;
            let known = self.told.examples.take();
            let notice =
                (!prepared.replaced.is_empty() && known != prepared.replaced).then(|| examples(&prepared.replaced));
            self.told.examples.set(prepared.replaced);
            if messages.len() > 1 {
                self.output.note(&format!("> {}", prepared.message));
            }
            turns.push(Turn { role: Role::User, text: prepared.message });
            let request = Request { system: prepared.system, turns: turns.clone(), ..self.request.clone() };
            let outcome = self.turn(request, number, notice, interrupt).await?;
            let goes_on = outcome.is_whole() && number + 1 < messages.len();
            if goes_on {
                turns.push(Turn { role: Role::Assistant, text: outcome.reply.clone() });
            }
            outcomes.push(outcome);
            if !goes_on {
                break;
            }
        }
        Ok(outcomes)
    }

    /// The turn of this number; `notice` is what to say before anything goes out, and nothing goes out where there is no
    /// key.
    async fn turn(
        &self,
        request: Request,
        number: usize,
        notice: Option<String>,
        interrupt: &mut Option<Interrupt>,
    ) -> Result<Outcome> {
        let (began, at) = (Instant::now(), jiff::Timestamp::now());
        let (mut asked, mut unfinished) = (None, None);
        let mut outcome = Outcome::nothing();
        match (self.answering)(&request.model) {
            Err(failure) => outcome.failure = Some(failure),
            Ok(model) => {
                if let Some(notice) = notice {
                    Output::warn(&notice);
                }
                if number > 0 {
                    self.voice.between_turns(self.output)?;
                }
                asked = Some(request.clone());
                unfinished = (self.begin)(&request, at);
                let interrupt = match interrupt {
                    Some(interrupt) => interrupt,
                    none => none.insert(Interrupt::new()?),
                };
                let events = model.run(request);
                self.listen(events, number, began, interrupt, &mut outcome).await?;
            }
        }
        outcome.latency = began.elapsed();
        outcome.cost = (self.cost)(outcome.usage);
        outcome.unread = outcome.unread || !self.voice.ends(&outcome.reply, self.output)?;
        outcome.schema = self.schema.filter(|_| is_answer(&outcome)).map(|schema| match schema {
            Ok(schema) => check(schema, &outcome.reply),
            Err(error) => Verdict::NoSchema(error.to_string()),
        });
        self.remark(&outcome);
        if let Some(asked) = &asked {
            (self.keep)(asked, at, &outcome);
        }
        drop(unfinished);
        if let (Some(asked), Some(billed), None) = (asked, outcome.usage.input, &outcome.failure) {
            (self.learn)(&asked, billed);
        }
        Ok(outcome)
    }

    /// Shows a reply as it comes, until its end. What came together is written together: a server that holds nothing back
    /// costs one write for each time that it was read from, and not one for each word.
    async fn listen(
        &self,
        mut events: Reply,
        number: usize,
        began: Instant,
        interrupt: &mut Interrupt,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let (mut words, mut goes_on) = (String::new(), true);
        while goes_on {
            let mut next = tokio::select! {
                biased;
                cause = interrupt.came() => {
                    outcome.finish = Finish::Cancelled;
                    outcome.unread = cause == Cause::NobodyReads;
                    break;
                }
                event = events.next() => event,
            };
            goes_on = next.is_some();
            let mut left = AT_ONCE;
            while let Some(event) = next.take() {
                goes_on = !matches!(event, Event::Done { .. });
                self.voice.says(&event, number, &mut words);
                self.take(outcome, event, began);
                left -= 1;
                if goes_on && left > 0 && words.len() < BYTES_AT_ONCE {
                    next = at_hand(&mut events).await;
                }
            }
            if !self.voice.writes(&words, self.output)? {
                outcome.unread = true;
                outcome.finish = Finish::Cancelled;
                break;
            }
            words.clear();
        }
        Ok(())
    }

    fn take(&self, outcome: &mut Outcome, event: Event, began: Instant) {
        match event {
            Event::Sent(body) => outcome.sent = Some(body),
            Event::Unsent(unsent) => {
                // of several turns each leaves out the same
                if !self.told.unsent.replace(true) {
                    for one in &unsent {
                        self.output.note(&format!("`{}` is set and not sent: {}", one.parameter, one.why));
                    }
                }
                outcome.unsent = unsent;
            }
            Event::Waiting { pause, failure } => {
                self.output.note(&format!("{}; again in {:.1} s", failure.message, pause.as_secs_f64()));
            }
            Event::Context(context) => {
                if self.output.terminal {
                    self.output.note(&format!(
                        "context of {} tokens, about {} of them for the prompt",
                        context.tokens, context.prompt
                    ));
                }
            }
            // the words of a refusal are what the model says
            Event::Text(text) | Event::Refusal(text) => {
                outcome.first_token.get_or_insert_with(|| began.elapsed());
                outcome.reply.push_str(&text);
            }
            Event::Usage(usage) => {
                let known = &mut outcome.usage;
                known.input = usage.input.or(known.input);
                known.output = usage.output.or(known.output);
                known.cache_read = usage.cache_read.or(known.cache_read);
                known.cache_write = usage.cache_write.or(known.cache_write);
            }
            Event::Done { finish, failure } => {
                outcome.finish = finish;
                outcome.failure = failure;
            }
            Event::Tool(call) => outcome.tools.push(call),
            Event::Refused { category, explanation } => {
                let words = [category, explanation].into_iter().filter(|words| !words.is_empty());
                outcome.refused = Some(words.collect::<Vec<_>>().join(": "));
            }
            Event::Started | Event::Thinking(_) | Event::Wire(_) => {}
        }
    }

    /// What a person should know about how a reply ended, and on a terminal what it took.
    fn remark(&self, outcome: &Outcome) {
        match outcome.finish {
            Finish::Length if outcome.reply.trim().is_empty() => {
                self.output.note("the model used up max_tokens before it wrote any text: raise it in config.json");
            }
            Finish::Length => self.output.note("the reply was cut off at its limit (max_tokens, or the context)"),
            Finish::Refusal => match &outcome.refused {
                Some(why) => self.output.note(&format!("the model or its provider refused ({why})")),
                None => self.output.note("the model or its provider refused"),
            },
            Finish::Tool if outcome.tools.is_empty() => {
                self.output.note("the model asks for a tool, which a playtest does not have");
            }
            // who has gone is told nothing
            Finish::Cancelled if !outcome.unread => self.output.note("stopped"),
            _ => {}
        }
        for call in &outcome.tools {
            let call =
                format!("the model calls the tool {}({}), which a playtest does not have", call.name, call.arguments);
            self.output.note(&call);
        }
        if self.voice.is_for_a_person() {
            for line in outcome.schema.iter().flat_map(Verdict::lines) {
                self.output.note(&one_line(&line));
            }
        }
        if self.output.terminal && self.voice.is_for_a_person() && outcome.failure.is_none() {
            self.output.note(&self.output.sign(&figures(&self.request.model.to_string(), outcome)));
        }
    }
}

/// The next event, if it has come already. Who reads the connection hands over one chunk and then waits its turn, so that
/// it is given one; nothing is waited for that is still on its way.
async fn at_hand(events: &mut Reply) -> Option<Event> {
    if let Some(event) = events.next().now_or_never() {
        return event;
    }
    tokio::task::yield_now().await;
    events.next().now_or_never().flatten()
}

/// Whether the model has said all that it wanted or was let: a reply that broke off is not held against a schema.
fn is_answer(outcome: &Outcome) -> bool {
    outcome.is_whole() && matches!(outcome.finish, Finish::End | Finish::Stop | Finish::Length)
}

/// `anthropic:x · first word 0.41 s · 1.9 s · 612 in, 74 out · $0.0021`
fn figures(model: &str, outcome: &Outcome) -> String {
    let mut parts = vec![model.to_owned()];
    parts.extend(outcome.first_token.map(|time| format!("first word {:.2} s", time.as_secs_f64())));
    parts.push(format!("{:.1} s", outcome.latency.as_secs_f64()));
    if let (Some(input), Some(output)) = (outcome.usage.input, outcome.usage.output) {
        parts.push(format!("{input} in, {output} out"));
    }
    parts.extend(outcome.cost.filter(|cost| *cost > 0.0).map(|cost| format!("${cost:.4}")));
    parts.join(" · ")
}

fn examples(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("{{{{{name}}}}}")).collect();
    format!(
        "made-up examples are sent for {}: personal values stay on this machine unless --real-values is given, secret \
         ones always",
        names.join(", ")
    )
}
