//! The turns of one `play`, one after the other, each streamed out as it comes.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use serde_json::Value;
use tokio::time::Instant;

use super::{Failure, Finish, ModelName, Obstacle, Output, Playtest, Request, Role, Turn, Usage};
use crate::cli::wait_for;
use crate::error::{Error, Result};
use crate::model::{Event, Model, ToolCall, Unsent};

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
    /// The cost of a run with these counts.
    pub cost: &'a dyn Fn(Usage) -> Option<f64>,
    /// Told what was sent and how many tokens the server has counted for it.
    pub learn: &'a dyn Fn(&Request, u64),
    /// Told what was sent, when, and what came of it, to keep it.
    pub keep: &'a dyn Fn(&Request, jiff::Timestamp, &Outcome),
    /// Whether it was said what is not sent.
    pub told_unsent: Cell<bool>,
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
        }
    }
}

impl Conversation<'_> {
    /// Holds it until its end, the first turn that fails, or Ctrl-C. Nothing is sent when the first message cannot be.
    pub fn run(&self, messages: &[String]) -> Result<Vec<Outcome>> {
        wait_for(self.turns(messages))?
    }

    async fn turns(&self, messages: &[String]) -> Result<Vec<Outcome>> {
        let mut turns = Vec::new();
        let mut outcomes: Vec<Outcome> = Vec::new();
        let mut told = Vec::new();
        for message in messages {
            let prepared = self.playtest.turn(&turns, message).map_err(|obstacle| (self.unsendable)(&obstacle))?;
            let notice =
                (!prepared.replaced.is_empty() && told != prepared.replaced).then(|| examples(&prepared.replaced));
            told = prepared.replaced;
            if messages.len() > 1 {
                self.output.note(&format!("> {}", prepared.message));
            }
            turns.push(Turn { role: Role::User, text: prepared.message });
            let request = Request { system: prepared.system, turns: turns.clone(), ..self.request.clone() };
            let outcome = self.turn(request, outcomes.is_empty(), notice).await?;
            let goes_on = outcome.failure.is_none() && outcome.finish != Finish::Cancelled;
            turns.push(Turn { role: Role::Assistant, text: outcome.reply.clone() });
            outcomes.push(outcome);
            if !goes_on {
                break;
            }
        }
        Ok(outcomes)
    }

    /// One turn; `notice` is what to say before anything goes out, and nothing goes out where there is no key.
    async fn turn(&self, request: Request, first: bool, notice: Option<String>) -> Result<Outcome> {
        let (began, at) = (Instant::now(), jiff::Timestamp::now());
        let mut asked = None;
        let mut outcome = Outcome::nothing();
        let streams = request.stream && !self.output.json;
        match (self.answering)(&request.model) {
            Err(failure) => outcome.failure = Some(failure),
            Ok(model) => {
                if let Some(notice) = notice {
                    Output::warn(&notice);
                }
                if !first && !self.output.json {
                    self.output.content("\n")?;
                }
                asked = Some(request.clone());
                let mut events = model.run(request);
                let interrupted = tokio::signal::ctrl_c();
                tokio::pin!(interrupted);
                loop {
                    let event = tokio::select! {
                        event = events.next() => event,
                        _ = &mut interrupted => {
                            outcome.finish = Finish::Cancelled;
                            None
                        }
                    };
                    let Some(event) = event else { break };
                    if let Event::Text(text) | Event::Refusal(text) = &event
                        && streams
                    {
                        self.output.content(text)?;
                    }
                    self.take(&mut outcome, event, began);
                }
            }
        }
        outcome.latency = began.elapsed();
        outcome.cost = (self.cost)(outcome.usage);
        if !self.output.json {
            let rest = if streams { "" } else { &outcome.reply };
            let end = if outcome.reply.is_empty() || outcome.reply.ends_with('\n') { "" } else { "\n" };
            self.output.content(&format!("{rest}{end}"))?;
        }
        self.remark(&outcome);
        if let Some(asked) = &asked {
            (self.keep)(asked, at, &outcome);
        }
        if let (Some(asked), Some(billed), None) = (asked, outcome.usage.input, &outcome.failure) {
            (self.learn)(&asked, billed);
        }
        Ok(outcome)
    }

    fn take(&self, outcome: &mut Outcome, event: Event, began: Instant) {
        match event {
            Event::Sent(body) => outcome.sent = Some(body),
            Event::Unsent(unsent) => {
                // of several turns each leaves out the same
                if !self.told_unsent.replace(true) {
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
            Event::Usage(usage) => outcome.usage = usage,
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
            Finish::Cancelled => self.output.note("stopped"),
            _ => {}
        }
        for call in &outcome.tools {
            let call =
                format!("the model calls the tool {}({}), which a playtest does not have", call.name, call.arguments);
            self.output.note(&call);
        }
        if self.output.terminal && !self.output.json && outcome.failure.is_none() {
            self.output.note(&self.output.sign(&figures(&self.request.model.to_string(), outcome)));
        }
    }
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
