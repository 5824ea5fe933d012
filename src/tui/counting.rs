//! What the open prompt costs in tokens: asked for after each change, counted on a thread of its own, and shown beside
//! what it counts. A count whose text has changed since stays on the screen, marked with `…`, until the next one comes.

use std::hash::Hash;
use std::sync::Arc;

use semver::Version;

use crate::model::bill::number;
use crate::model::tokens::ModelTokens;
use crate::model::{Audience, ModelName};
use crate::prompt::{Advice, Counts, Declarations, Values};
use crate::tui::canvas::stamp;
use crate::tui::draft::{DraftText, StateId};

/// What a count was made of; while it stays, nothing is counted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Which opened prompt.
    pub opening: u64,
    /// Which state of its text.
    pub state: StateId,
    /// Which text each pane had.
    pub panes: [u64; 6],
    /// Which values and declarations.
    pub values: u64,
    /// For whom it is counted.
    pub model: Option<ModelName>,
    /// Who would see the text, where the model's own server can count it; `None` where it cannot.
    pub server: Option<Audience>,
    /// The version it is compared with.
    pub base: Option<Version>,
    /// Whether advice is wanted too, which takes longer.
    pub advises: bool,
}

impl Basis {
    /// Whether a count of `asked` says everything that one of this would: one with advice does where none is wanted.
    fn is_covered_by(&self, asked: &Self) -> bool {
        let Self { opening, state, panes, values, model, server, base, advises } = self;
        (opening, state, panes, values) == (&asked.opening, &asked.state, &asked.panes, &asked.values)
            && (model, server, base) == (&asked.model, &asked.server, &asked.base)
            && (asked.advises || !advises)
    }
}

/// What is to be counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Counting {
    /// What it is made of.
    pub basis: Basis,
    /// The prompt's name.
    pub prompt: String,
    /// The text.
    pub text: DraftText,
    /// The values and what is declared about them.
    pub known: Arc<(Values, Declarations)>,
}

/// A count by the model's own server, of the text as it is sent there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact {
    /// The tokens.
    pub tokens: usize,
    /// Variables that were sent as their declared examples: with their values it is another text.
    pub replaced: Vec<String>,
}

impl Exact {
    /// Whether the text that was counted is the filled prompt itself.
    pub fn is_of_the_prompt(&self) -> bool {
        self.replaced.is_empty()
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// What it was made of.
    pub basis: Basis,
    /// The counts.
    pub counts: Counts,
    /// What counted.
    pub tokenizer: String,
    /// Who counted; `None` for an estimate by the length of the texts.
    pub counter: Option<ModelTokens>,
    /// What the model's own server has counted, when it was asked before. The counts have it as their total where it is
    /// of the prompt itself; for the rest they are estimates that are measured by it.
    pub exact: Option<Exact>,
    /// The tokens of the version it is compared with, where that could be read.
    pub base: Option<usize>,
    /// What would make the cacheable prefix longer; `None` when it was not asked for.
    pub advice: Option<Vec<Advice>>,
}

/// The counts of the open prompt.
#[derive(Debug, Default)]
pub struct Tallies {
    /// What was asked for last.
    pub asked: Option<Basis>,
    /// What was counted last.
    pub tally: Option<Arc<Tally>>,
    /// Which of the panes have their counted text still.
    panes: [bool; 6],
    /// Whether everything is as it was counted.
    whole: bool,
    /// Whether the values are.
    values: bool,
    /// The stamp of what the variables cost.
    variables: u64,
    /// How often a count came in.
    taken: u64,
    known: Option<(u64, Arc<(Values, Declarations)>)>,
}

/// A number of tokens as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Count {
    /// The tokens.
    pub tokens: usize,
    /// Whether the model sees exactly so many.
    pub exact: bool,
    /// Whether what was counted is what stands there now.
    pub current: bool,
}

impl Count {
    /// `58 tok `, `~58 tok ` for an estimate; of what has changed since, `58 tok…`. Always as wide, so that nothing
    /// moves when the next count comes.
    pub fn words(self) -> String {
        format!("{} tok{}", self.figure(), Self::mark(self.current))
    }

    /// What stands behind a figure: `…` when the text has changed since.
    pub fn mark(current: bool) -> char {
        if current { ' ' } else { '…' }
    }

    /// `58`, or `~58` for an estimate.
    pub fn figure(self) -> String {
        let about = if self.exact || self.tokens == 0 { "" } else { "~" };
        format!("{about}{}", number(self.tokens))
    }
}

impl Tallies {
    /// What is asked for from now on. `true` when it is not what was asked for last, so that a count has to be made.
    pub fn expect(&mut self, basis: Basis) -> bool {
        self.compare(&basis);
        if self.asked.as_ref().is_some_and(|asked| basis.is_covered_by(asked)) {
            return false;
        }
        self.asked = Some(basis);
        true
    }

    /// What of the last count is still as it was counted, where `basis` is how it stands now.
    fn compare(&mut self, basis: &Basis) {
        if let Some(tally) = &self.tally {
            let counted = &tally.basis;
            let same_values = counted.values == basis.values && counted.model == basis.model;
            self.values = same_values;
            self.panes = std::array::from_fn(|index| same_values && counted.panes[index] == basis.panes[index]);
            self.whole = same_values && counted.state == basis.state;
        }
    }

    /// The values and declarations of this revision, shared between the counts that need them.
    pub fn known(
        &mut self,
        revision: u64,
        make: impl FnOnce() -> (Values, Declarations),
    ) -> Arc<(Values, Declarations)> {
        match &self.known {
            Some((known, shared)) if *known == revision => Arc::clone(shared),
            _ => {
                let shared = Arc::new(make());
                self.known = Some((revision, Arc::clone(&shared)));
                shared
            }
        }
    }

    /// A count has come in.
    pub fn take(&mut self, tally: Arc<Tally>) {
        self.taken += 1;
        self.variables = stamp((&tally.counts.variables, tally.counts.exact));
        self.tally = Some(tally);
        if let Some(asked) = self.asked.take() {
            self.compare(&asked);
            self.asked = Some(asked);
        }
    }

    /// The whole filled prompt.
    pub fn total(&self) -> Option<Count> {
        let count = self.count(self.whole, |counts| Some(counts.total))?;
        let told = self.tally.as_ref().is_some_and(|tally| tally.exact.as_ref().is_some_and(Exact::is_of_the_prompt));
        Some(Count { exact: count.exact || told, ..count })
    }

    /// What is known may have changed although the text has not: the next count is made anew.
    pub fn again(&mut self) {
        self.asked = None;
    }

    /// A text pane with its heading: 0 is the unsorted text.
    pub fn pane(&self, index: usize) -> Option<Count> {
        let section = crate::tui::draft::section_of(index);
        self.count(self.panes[index], |counts| Some(counts.section(section)))
    }

    /// What a variable's value adds to the prompt, over all of its places; `None` for one that the text does not use.
    pub fn variable(&self, name: &str) -> Option<Count> {
        self.count(self.values, |counts| counts.variable(name))
    }

    fn count(&self, current: bool, of: impl FnOnce(&Counts) -> Option<usize>) -> Option<Count> {
        let counts = &self.tally.as_ref()?.counts;
        Some(Count { tokens: of(counts)?, exact: counts.exact, current })
    }

    /// Changes when a count comes in.
    pub fn revision(&self) -> u64 {
        self.taken
    }

    /// Changes when a count of a variable does.
    pub fn of_variables(&self) -> impl Hash {
        (self.variables, self.values)
    }
}
