//! The conversation with a model: what was said, what is coming in, how it went.

use crate::model::{Context, Failure, Finish, ModelName, Role, ToolCall, Turn, Usage};
use crate::tui::writing::Writing;

/// The Play screen.
#[derive(Debug)]
pub struct Play {
    /// The message that is written.
    pub message: Writing,
    /// Whether the message has the focus; else the conversation has it.
    pub in_message: bool,
    /// What was said, oldest first.
    pub exchanges: Vec<Exchange>,
    /// What `{{conversation_history}}` gives: the exchanges that are over. Kept, because it is asked for with every key.
    history: String,
    /// The run that is under way.
    pub running: Option<u64>,
    /// The model that was chosen here; else the draft's.
    pub chosen: Option<ModelName>,
    /// Models that were found.
    pub found: Vec<String>,
    /// Rows scrolled up from the end of the conversation; 0 follows it.
    pub scrolled: usize,
    /// Messages that were sent before, oldest first.
    pub sent: Vec<String>,
    /// How far back in them the message was taken from.
    pub recalled: Option<usize>,
    /// Prompts and hosts to which sending was agreed to.
    pub agreed: Vec<(String, String)>,
    /// Frame of the spinner.
    pub spin: usize,
    next_run: u64,
}

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
    /// The reply so far.
    pub reply: String,
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
}

impl Default for Play {
    fn default() -> Self {
        Self {
            message: Writing::new(""),
            in_message: true,
            exchanges: Vec::new(),
            history: String::new(),
            running: None,
            chosen: None,
            found: Vec::new(),
            scrolled: 0,
            sent: Vec::new(),
            recalled: None,
            agreed: Vec::new(),
            spin: 0,
            next_run: 1,
        }
    }
}

impl Play {
    /// Begins a run for `message`; its number only grows, so that a late event of an older one is told apart.
    pub fn begin(&mut self, message: String, sent: String, model: ModelName) -> u64 {
        let run = self.next_run;
        self.next_run += 1;
        self.running = Some(run);
        self.scrolled = 0;
        self.exchanges.push(Exchange {
            run,
            model,
            message,
            sent,
            reply: String::new(),
            thinking: String::new(),
            first_ms: None,
            elapsed_ms: 0,
            usage: Usage::default(),
            finish: None,
            failure: None,
            tools: Vec::new(),
            refused: None,
            context: None,
        });
        run
    }

    /// An empty conversation whose runs go on counting, so that late events of this one are told apart.
    /// Which model was chosen, and what was agreed to, stays.
    #[must_use]
    pub fn next(self) -> Self {
        let Self { next_run, sent, chosen, found, agreed, .. } = self;
        Self { chosen, found, sent, agreed, next_run, ..Self::default() }
    }

    /// Rows the message wants, at least two.
    pub fn message_rows(&self, size: (u16, u16)) -> usize {
        let rope = self.message.buffer.rope();
        let width = usize::from(size.0).saturating_sub(6).max(20);
        (rope.len_lines() + rope.len_chars() / width).max(2)
    }

    /// The turns so far as `{{conversation_history}}` gives them.
    pub fn history(&self) -> &str {
        &self.history
    }

    /// After an exchange has ended, or some were dropped.
    pub fn remember(&mut self) {
        self.history = crate::model::playtest::history(&turns(&self.exchanges));
    }

    /// The exchange of a run, newest first.
    pub fn exchange_mut(&mut self, run: u64) -> Option<&mut Exchange> {
        self.exchanges.iter_mut().rev().find(|exchange| exchange.run == run)
    }
}

impl Exchange {
    /// Tokens of the reply a second, from the first text on; `None` when that is not known.
    pub fn speed(&self) -> Option<f64> {
        let tokens = self.usage.output?;
        let took = self.elapsed_ms.checked_sub(self.first_ms?)?;
        (took > 0 && tokens > 0).then(|| tokens as f64 * 1000.0 / took as f64)
    }
}

/// The turns so far as they were sent, without exchanges that gave no reply.
pub fn turns(before: &[Exchange]) -> Vec<Turn> {
    let answered = before.iter().filter(|exchange| !exchange.reply.is_empty());
    answered
        .flat_map(|exchange| {
            [
                Turn { role: Role::User, text: exchange.sent.clone() },
                Turn { role: Role::Assistant, text: exchange.reply.clone() },
            ]
        })
        .collect()
}

/// The host of an address, with its port.
pub fn host(base_url: &str) -> String {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_owned()
}
