//! The Play screen: columns of conversations with models, side by side. One message goes to all of them.
//!
//! A column is a version of the prompt, or its draft, with a model; its conversation is a tree, because a message may be
//! said differently afterwards and the first way is kept. Nothing here sends anything: that is `update`'s business.

mod blind;
mod column;
mod exchange;
mod filling;
mod markdown;
mod table;
mod talk;
mod told;
pub mod transcript;

use std::collections::BTreeMap;
use std::sync::Arc;

use semver::Version;

pub use blind::Blind;
pub use column::{Column, Marks, Subject, letter};
pub use exchange::{Exchange, Schema, Seen};
pub use filling::Filling;
pub use markdown::{Block, Emphasis, render};
pub use talk::{Talk, turns};

use crate::library::Snapshot;
use crate::tui::consent::{Agreement, Once};
use crate::tui::wire::WireBox;
use crate::tui::writing::Writing;

/// So many bytes of requests and raw answers are kept; the oldest go first.
const MOST_WIRE: usize = 32 << 20;
/// The most columns there are.
pub const MOST_COLUMNS: usize = 4;

/// The Play screen.
#[derive(Debug)]
pub struct Play {
    /// The message that is written.
    pub message: Writing,
    /// Whether the message has the focus; else the focused column has it.
    pub in_message: bool,
    /// The columns, left to right; at least one.
    pub columns: Vec<Column>,
    /// The column that arrows and letters are for.
    pub focused: usize,
    /// The columns of prompts that were open before, without their conversations.
    arranged: BTreeMap<String, Vec<Column>>,
    /// What `{{conversation_history}}` gives: the exchanges of the focused column that are over. Kept, because it is
    /// asked for with every key.
    history: String,
    /// The versions that columns run, as far as they were read; a problem is what the user is told.
    pub versions: BTreeMap<Version, Result<Arc<Snapshot>, String>>,
    /// The replies that are compared, if any are.
    pub comparing: Option<Comparing>,
    /// What is sent once the user has agreed to it.
    pub asked: Asked,
    /// The box with a request, while it is asked where to write it.
    pub aside: Option<Box<WireBox>>,
    /// The value set that a turn is being kept as, until it is written.
    pub keeping: Option<String>,
    /// Whether the next message goes out although the cap on what is spent is reached.
    pub overspend: bool,
    /// The turn whose message is said differently, counted from 0, while that is written.
    pub editing: Option<usize>,
    /// What replies begin with, for models that go on from there; empty when they begin by themselves.
    pub prefill: String,
    /// The blind comparison, while there is one: then nothing on the screen says who answers.
    pub blind: Option<Blind>,
    /// How replies are shown.
    pub reading: Reading,
    /// Models that were found.
    pub found: Vec<String>,
    /// Messages that were sent before, oldest first.
    pub sent: Vec<String>,
    /// How far back in them the message was taken from.
    pub recalled: Option<usize>,
    /// The hosts that were agreed to, of all prompts that were open.
    pub agreed: Vec<Agreement>,
    /// Real values that go with the next text alone.
    pub once: Vec<Once>,
    /// Frame of the spinner.
    pub spin: usize,
    next_run: u64,
}

/// How replies are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Whether their Markdown stands there as it came; else it is rendered once a reply is whole.
    pub raw: bool,
    /// Whether what a model thought is shown in whole; else how many words it is.
    pub unfolded: bool,
}

/// Where a message is said, and by whom it is answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Asked {
    /// What is written goes to all columns.
    #[default]
    Written,
    /// The last message goes to all columns once more.
    Again,
    /// The message of this turn goes to the focused column once more.
    Regenerate(usize),
    /// The last message of one column goes to another one as it was sent.
    Like {
        /// Where it was said.
        from: usize,
        /// Who is to answer it.
        to: usize,
    },
}

/// Two replies that are compared word by word, by their runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Comparing {
    /// The runs whose comparison was asked for last.
    pub runs: Option<(u64, u64)>,
}

impl Default for Play {
    fn default() -> Self {
        Self {
            message: Writing::new(""),
            in_message: true,
            columns: vec![Column::default()],
            focused: 0,
            arranged: BTreeMap::new(),
            history: String::new(),
            versions: BTreeMap::new(),
            comparing: None,
            asked: Asked::default(),
            aside: None,
            keeping: None,
            overspend: false,
            editing: None,
            blind: None,
            prefill: String::new(),
            reading: Reading::default(),
            found: Vec::new(),
            sent: Vec::new(),
            recalled: None,
            agreed: Vec::new(),
            once: Vec::new(),
            spin: 0,
            next_run: 1,
        }
    }
}

impl Play {
    /// A number for a run. It only grows, so that a late event of an older run is told apart.
    pub fn next_run(&mut self) -> u64 {
        self.next_run += 1;
        self.next_run - 1
    }

    /// Empty conversations for the prompt `to`, after that of `from`: their runs go on counting, so that late events of
    /// these are told apart. What was agreed to stays; so does which columns a prompt had, when it is opened again, and
    /// which model was chosen, for one that is new.
    #[must_use]
    pub fn next(self, from: Option<&str>, to: Option<&str>) -> Self {
        let Self { next_run, sent, columns, found, agreed, mut arranged, reading, .. } = self;
        let chosen = columns.first().and_then(|column| column.chosen.clone());
        if let Some(from) = from {
            let kept = columns.into_iter().filter(Column::answers).map(|column| Column {
                subject: column.subject,
                chosen: column.chosen,
                changes: column.changes,
                ..Column::default()
            });
            arranged.insert(from.to_owned(), kept.collect());
        }
        let columns = to.and_then(|to| arranged.get(to)).filter(|columns| !columns.is_empty()).cloned();
        let columns = columns.unwrap_or_else(|| vec![Column { chosen, ..Column::default() }]);
        Self { columns, arranged, reading, found, sent, agreed, next_run, ..Self::default() }
    }

    /// The turn from which on replies are held back in a blind comparison: the first one that not all columns have
    /// answered. How fast a reply comes would tell whose it is.
    pub fn held(&self) -> Option<usize> {
        self.blind.as_ref()?;
        let open = |column: &Column| column.talk.shown().position(|exchange| exchange.finish.is_none());
        self.columns.iter().filter_map(open).min()
    }

    /// The focused column.
    pub fn column(&self) -> &Column {
        &self.columns[self.focused.min(self.columns.len() - 1)]
    }

    /// The focused column, to change it.
    pub fn column_mut(&mut self) -> &mut Column {
        let at = self.focused.min(self.columns.len() - 1);
        &mut self.columns[at]
    }

    /// The runs that are under way, column by column.
    pub fn running(&self) -> impl Iterator<Item = u64> + '_ {
        self.columns.iter().flat_map(|column| column.talk.running())
    }

    /// Whether a reply is coming in.
    pub fn is_running(&self) -> bool {
        self.running().next().is_some()
    }

    /// The column that a run belongs to.
    pub fn column_of(&self, run: u64) -> Option<usize> {
        self.columns.iter().position(|column| column.talk.of_run(run).is_some())
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

    /// After an exchange has ended, some were dropped, or another column has the focus.
    pub fn remember(&mut self) {
        self.history = crate::model::playtest::history(&turns(self.column().talk.shown()));
    }

    /// Lets go of what went over the wire long ago, where that has become too much to keep.
    pub fn forget_wires(&mut self) {
        let mut all: Vec<(u64, usize)> = Vec::new();
        for column in &self.columns {
            all.extend(column.talk.all().map(|exchange| (exchange.run, exchange.wire.bytes())));
        }
        let mut kept: usize = all.iter().map(|(_, bytes)| bytes).sum();
        all.sort_unstable();
        for (run, bytes) in all {
            if kept <= MOST_WIRE {
                return;
            }
            kept -= bytes;
            for column in &mut self.columns {
                if let Some(exchange) = column.talk.of_run_mut(run).filter(|exchange| exchange.finish.is_some()) {
                    exchange.wire = Seen::forgotten();
                }
            }
        }
    }

    /// The columns that are in sight when so many fit: those around the focused one.
    pub fn in_sight(&self, fit: usize) -> std::ops::Range<usize> {
        let fit = fit.clamp(1, self.columns.len());
        let first = (self.focused + 1).saturating_sub(fit).min(self.columns.len() - fit);
        first..first + fit
    }

    /// The column whose reply the focused one's is compared with; `None` where there is one column only.
    pub fn other(&self) -> Option<usize> {
        (self.columns.len() > 1).then(|| if self.focused == 0 { 1 } else { self.focused - 1 })
    }
}

/// The host of an address, with its port.
pub fn host(base_url: &str) -> String {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_owned()
}
