//! Two sides of a prompt, compared: what the Diff screen and the form that freezes show.

use semver::Version;

use crate::diff::{self, Comparison, State};
use crate::library::{Beside, PromptConfig, Rollback, Side};
use crate::prompt::{Document, Estimate, SectionId, TokenCounter};

/// What a comparison gave, with the texts its rows point into.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What the left side is called.
    pub from_label: String,
    /// What the right side is called.
    pub to_label: String,
    /// The left text.
    pub from: String,
    /// The right text.
    pub to: String,
    /// The left configuration.
    pub from_config: PromptConfig,
    /// The right configuration.
    pub to_config: PromptConfig,
    /// The rows, section by section, and what else differs.
    pub comparison: Comparison,
    /// What differs beside text and config, where it was looked for.
    pub beside: Option<Beside>,
    /// What else is known of both sides, where it was looked for.
    pub told: Option<Told>,
    /// Estimated tokens of both texts as they are stored.
    pub tokens: [usize; 2],
}

/// What is known of both sides, also where it is the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Estimated tokens of each section that one of the sides has.
    pub sections: Vec<(Option<SectionId>, [usize; 2])>,
    /// Tokens of a usual reply, as the prompt assumes them.
    pub reply: [Option<u64>; 2],
    /// Cases of the eval suite where both have as many.
    pub cases: Option<usize>,
    /// What the last run of it came to where both came to the same.
    pub result: Option<String>,
}

impl Told {
    fn of(from: &Side, to: &Side) -> Self {
        let both = [from, to];
        let documents = both.map(|side| Document::parse(&side.snapshot.text));
        let count = |id| documents.each_ref().map(|document| Estimate.count(document.body(id)));
        let all = std::iter::once(None).chain(SectionId::ALL.into_iter().map(Some));
        let [cases, others] = both.map(|side| side.tried.count());
        let [result, other] = both.map(|side| side.tried.outcome.in_words());
        Self {
            sections: all.map(|id| (id, count(id))).filter(|(_, tokens)| *tokens != [0, 0]).collect(),
            reply: both.map(|side| side.snapshot.assumptions.reply_tokens),
            cases: cases.filter(|_| cases == others),
            result: result.filter(|result| other.as_ref() == Some(result)),
        }
    }
}

/// In a longer text no findings are looked for.
const USUAL: usize = 256 * 1024;

impl Compared {
    /// Compares; takes time in proportion to the texts.
    pub fn new(from: (String, String, PromptConfig), to: (String, String, PromptConfig)) -> Self {
        let ((from_label, from, from_config), (to_label, to, to_config)) = (from, to);
        let comparison =
            diff::compare(State { text: &from, config: &from_config.0 }, State { text: &to, config: &to_config.0 });
        let tokens = [&from, &to].map(|text| Estimate.count(text));
        Self { from_label, to_label, from, to, from_config, to_config, comparison, beside: None, told: None, tokens }
    }

    /// Compares two sides with everything that is known of them; labels are what the screen calls them.
    pub fn whole(labels: [String; 2], [from, to]: [Side; 2]) -> Self {
        let usual = from.snapshot.text.len().max(to.snapshot.text.len()) <= USUAL;
        let beside = if usual { Beside::between(&from, &to) } else { Beside::without_findings(&from, &to) };
        let told = Told::of(&from, &to);
        let [from_label, to_label] = labels;
        let (old, new) = (from.snapshot, to.snapshot);
        let compared = Self::new((from_label, old.text, old.config), (to_label, new.text, new.config));
        Self { beside: Some(beside), told: Some(told), ..compared }
    }

    /// What going back from the right side to the left one, which is version `to`, means for the application.
    pub fn rollback(&self, to: Version) -> Rollback {
        Rollback::new(to, (&self.from, &self.from_config), (&self.to, &self.to_config))
    }
}
