//! What differs beside the text, and what both sides cost: told by the columns, the document and the page alike.

use crate::config::Settings;
use crate::error::Result;
use crate::library::{Beside, Library, Side};
use crate::lint::Finding;
use crate::model::{ModelName, Models, Offline, Usage, cost};
use crate::prompt::{Estimate, TokenCounter};

/// How much work it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Findings are looked for in texts of a usual size.
    Usual,
    /// Everything is looked at, however long it takes.
    All,
}

/// In a longer text no findings are looked for: a comparison must not take longer than git's.
const USUAL: usize = 128 * 1024;

/// What differs beside the text.
#[derive(Debug)]
pub struct Beyond {
    /// Declarations, value sets, and findings.
    pub beside: Beside,
    /// Whether findings were looked for.
    pub linted: bool,
    /// Estimated tokens of both texts as they are stored.
    pub tokens: [usize; 2],
    /// Dollars for one call of each, the assumed reply included, where a price is known.
    pub cost: [Option<f64>; 2],
}

impl Beyond {
    /// Of two sides; `library` says what models cost.
    ///
    /// # Errors
    /// When the settings cannot be read.
    pub fn of(library: Option<&Library>, sides: [&Side; 2], effort: Effort) -> Result<Self> {
        let linted = effort == Effort::All || sides.iter().all(|side| side.snapshot.text.len() <= USUAL);
        let [from, to] = sides;
        let beside = if linted { Beside::between(from, to) } else { Beside::without_findings(from, to) };
        let tokens = sides.map(|side| Estimate.count(&side.snapshot.text));
        let mut costs = [None, None];
        if let Some(library) = library.filter(|_| sides.iter().any(|side| side.snapshot.config.model().is_some())) {
            let settings = Settings::for_command(Some(library))?;
            let models = Models::new(&settings, Offline::instant());
            for (index, side) in sides.into_iter().enumerate() {
                let Some(model) = side.snapshot.config.model().and_then(ModelName::parse) else { continue };
                let reply = side.snapshot.assumptions.reply_tokens.unwrap_or(0);
                let usage = Usage {
                    input: Some(tokens[index] as u64),
                    output: Some(reply),
                    cache_read: None,
                    cache_write: None,
                };
                costs[index] = cost(&settings, &model, usage, models.is_remote(&model));
            }
        }
        Ok(Self { beside, linted, tokens, cost: costs })
    }

    /// Findings with what became of them: `-` gone, `+` appeared.
    pub fn findings(&self) -> impl Iterator<Item = (char, &Finding)> {
        let gone = self.beside.gone.iter().map(|found| ('-', found));
        gone.chain(self.beside.appeared.iter().map(|found| ('+', found)))
    }

    /// What both cost, in words; `None` when neither costs anything that is known.
    pub fn cost_in_words(&self) -> Option<String> {
        let [from, to] = self.cost;
        let shown = |cost: Option<f64>| cost.map_or_else(|| "unknown".to_owned(), crate::model::dollars);
        self.cost.iter().flatten().any(|cost| *cost > 0.0).then(|| format!("{} -> {}", shown(from), shown(to)))
    }
}
