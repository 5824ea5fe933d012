//! What a prompt costs under a model, and what that is beside its last version: what the `tokens` command and the
//! workbench show alike.

use std::fmt::Write as _;

use super::bill::{Bill, Cache, Volume, dollars, number};
use super::prices::{Rate, rate};
use super::request::ModelName;
use crate::config::Settings;
use crate::prompt::{Advice, Assumptions, Counts};

/// The cost of a prompt under a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Costing {
    /// Who would answer; `None` when no model is chosen.
    pub model: Option<ModelName>,
    /// What its tokens cost.
    pub rate: Rate,
    /// What the user assumes.
    pub assumptions: Assumptions,
    /// How much is sent and comes back.
    pub volume: Volume,
    /// The cost, where it is known.
    pub bill: Option<Bill>,
    /// The difference to the last version.
    pub change: Option<Change>,
}

/// How a prompt differs from its last version.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The version, as `1.2.0`.
    pub from: String,
    /// Tokens more, or fewer.
    pub tokens: i64,
    /// Dollars a month more, or fewer, without a cache.
    pub month: Option<f64>,
}

/// How near a prompt is to its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fill {
    /// Below nine tenths.
    Within,
    /// From nine tenths on.
    Near,
    /// Above it.
    Over,
}

impl Fill {
    /// Where `tokens` are on their way to `budget`.
    pub fn of(tokens: usize, budget: u64) -> Self {
        let tokens = tokens as u64;
        if tokens > budget {
            Self::Over
        } else if tokens.saturating_mul(10) >= budget.saturating_mul(9) {
            Self::Near
        } else {
            Self::Within
        }
    }

    /// Symbol and word, so that no colour is needed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Within => "ok",
            Self::Near => "! near the budget",
            Self::Over => "!! over the budget",
        }
    }
}

/// A share as a bar of so many signs, and in percent.
pub fn bar(part: usize, whole: u64, signs: usize) -> (String, u64) {
    let share = part as f64 / whole.max(1) as f64;
    let full = ((share * signs as f64).round() as usize).min(signs);
    ("#".repeat(full) + &".".repeat(signs - full), (share * 100.0).round() as u64)
}

impl Costing {
    /// The cost of what `counts` has counted. `remote` says whether the model runs elsewhere; `base` is the last version
    /// with its tokens.
    pub fn new(
        settings: &Settings,
        (model, remote): (Option<&ModelName>, bool),
        assumptions: Assumptions,
        counts: &Counts,
        base: Option<(String, usize)>,
    ) -> Self {
        let rate = model.map_or(Rate::Unknown, |model| rate(settings, model, remote));
        let volume = |prompt: usize| Volume {
            prompt,
            prefix: counts.prefix.tokens.min(prompt),
            reply: assumptions.reply_tokens,
            calls: assumptions.calls_per_month,
        };
        let bill = Bill::new(&rate, volume(counts.total));
        let change = base.map(|(from, tokens)| {
            let before = Bill::new(&rate, volume(tokens)).and_then(|bill| bill.month);
            let month = bill.and_then(|bill| bill.month).zip(before).map(|(now, before)| now - before);
            Change { from, tokens: counts.total.cast_signed() as i64 - tokens.cast_signed() as i64, month }
        });
        Self { model: model.cloned(), rate, assumptions, volume: volume(counts.total), bill, change }
    }

    /// Where the prices come from, in words.
    pub fn source(&self) -> String {
        match (&self.rate, &self.model) {
            (Rate::Free, _) => "this machine: costs nothing".to_owned(),
            (Rate::Known { source, .. }, _) => source.words(),
            (Rate::Unknown, None) => "no model is chosen".to_owned(),
            (Rate::Unknown, Some(model)) => format!("no price is known: set [prices.\"{model}\"] in your config"),
        }
    }

    /// The cost of a call: `$0.0049 a call`, or that it is not known.
    pub fn call(&self) -> String {
        match (&self.bill, self.assumptions.reply_tokens) {
            (None, _) => "unknown".to_owned(),
            (Some(bill), _) if self.rate == Rate::Free => dollars(bill.call()),
            (Some(bill), None) => format!("{}, without the reply", dollars(bill.call())),
            (Some(bill), Some(reply)) => {
                let (input, output) = (dollars(bill.input), dollars(bill.output));
                let reply = number(usize::try_from(reply).unwrap_or(usize::MAX));
                format!("{} = {input} prompt + {output} reply of {reply} tokens", dollars(bill.call()))
            }
        }
    }

    /// The cost of a month, or what has to be said for it.
    pub fn month(&self) -> String {
        match (&self.bill, self.assumptions.calls_per_month) {
            (None, _) => "unknown".to_owned(),
            (Some(_), None) => "say how many calls a month".to_owned(),
            (Some(bill), Some(calls)) => {
                let calls = number(usize::try_from(calls).unwrap_or(usize::MAX));
                format!("{} for {calls} calls", dollars(bill.month.unwrap_or_default()))
            }
        }
    }

    /// What a cache would do.
    pub fn cache(&self) -> String {
        let Some(bill) = &self.bill else { return "unknown".to_owned() };
        match bill.cache {
            _ if self.rate == Rate::Free => "nothing to save: costs nothing".to_owned(),
            Cache::NoPrice => "no price of a cache is known for this model".to_owned(),
            Cache::TooShort { minimum: 1 } => "saves nothing: the prompt begins with what changes".to_owned(),
            Cache::TooShort { minimum } => {
                format!("saves nothing: this model caches from {} tokens on", number(minimum as usize))
            }
            Cache::Works { call, month: None, .. } => {
                format!("saves {} on each call that finds it warm", dollars(call))
            }
            Cache::Works { month: Some(month), hits, .. } => {
                let hits = format!("{:.0} % of the calls find it warm", hits.unwrap_or_default() * 100.0);
                if month > 0.0 {
                    format!("saves {} a month; {hits}", dollars(month))
                } else {
                    format!("would cost {} a month more than it saves: {hits}", dollars(-month))
                }
            }
        }
    }

    /// What an advice gains: `a prefix of 1,204 tokens instead of 9, which saves $310 a month`.
    pub fn gain(&self, advice: &Advice) -> String {
        let before = self.volume.prefix;
        let mut words = format!("a cacheable prefix of {} tokens instead of {}", number(advice.prefix), number(before));
        let saves = |prefix: usize| match Bill::new(&self.rate, Volume { prefix, ..self.volume })?.cache {
            Cache::Works { call, month, .. } => Some((call, month)),
            Cache::NoPrice | Cache::TooShort { .. } => None,
        };
        match (saves(advice.prefix), saves(before)) {
            (Some((_, Some(month))), before) => {
                let more = month - before.and_then(|(_, month)| month).unwrap_or_default().max(0.0);
                if more > 0.0 {
                    let _ = write!(words, ", which saves {} a month", dollars(more));
                }
            }
            (Some((call, None)), before) => {
                let more = call - before.map(|(call, _)| call).unwrap_or_default();
                let _ = write!(words, ", which saves {} on each call that finds it warm", dollars(more));
            }
            (None, _) => {}
        }
        words
    }
}

impl Change {
    /// The same for narrow places: `+38 tok, +$137/mo`.
    pub fn short(&self) -> String {
        let tokens = usize::try_from(self.tokens.unsigned_abs()).unwrap_or(usize::MAX);
        let mut words = format!("{}{} tok", sign(self.tokens < 0), number(tokens));
        if let Some(month) = self.worth() {
            let _ = write!(words, ", {}{}/mo", sign(month < 0.0), dollars(month.abs()));
        }
        words
    }

    /// The money, unless it is too little to be said.
    fn worth(&self) -> Option<f64> {
        self.month.filter(|month| month.abs() >= 0.000_000_5)
    }

    /// `+38 tokens, +$137 a month`.
    pub fn words(&self) -> String {
        let tokens = usize::try_from(self.tokens.unsigned_abs()).unwrap_or(usize::MAX);
        let unit = if tokens == 1 { "token" } else { "tokens" };
        let mut words = if tokens == 0 {
            "no more and no fewer tokens".to_owned()
        } else {
            format!("{}{} {unit}", sign(self.tokens < 0), number(tokens))
        };
        if let Some(month) = self.worth() {
            let _ = write!(words, ", {}{} a month", sign(month < 0.0), dollars(month.abs()));
        }
        words
    }
}

fn sign(below: bool) -> char {
    if below { '-' } else { '+' }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costing(model: &str, calls: Option<u64>) -> Costing {
        let counts = Counts { total: 1630, ..Counts::default() };
        let assumptions = Assumptions { budget: None, calls_per_month: calls, reply_tokens: Some(180) };
        let model = ModelName::parse(model).unwrap();
        let remote = model != ModelName::offline();
        let base = Some(("1.2.0".to_owned(), 1592));
        Costing::new(&Settings::default(), (Some(&model), remote), assumptions, &counts, base)
    }

    #[test]
    fn the_change_against_the_last_version_is_tokens_and_money() {
        // 38 tokens × 1.2 million calls × $3 a million tokens
        let change = costing("anthropic:claude-sonnet-4-6", Some(1_200_000)).change.unwrap();
        assert_eq!(change.words(), "+38 tokens, +$137 a month");
        assert_eq!(change.short(), "+38 tok, +$137/mo");
        let fewer = Change { tokens: -1, month: Some(-2.5), ..change };
        assert_eq!(fewer.words(), "-1 token, -$2.50 a month");
    }

    #[test]
    fn what_is_not_known_says_so_and_is_never_nothing() {
        let unknown = costing("nobody:nothing", Some(10));
        assert_eq!((unknown.call(), unknown.month()), ("unknown".to_owned(), "unknown".to_owned()));
        assert!(unknown.source().contains("[prices.\"nobody:nothing\"]"), "{}", unknown.source());
        assert_eq!(unknown.change.unwrap().words(), "+38 tokens");
        assert_eq!(costing("anthropic:claude-sonnet-4-6", None).month(), "say how many calls a month");
    }

    #[test]
    fn a_model_on_this_machine_costs_nothing() {
        let free = costing("offline", Some(1_000_000));
        assert_eq!(
            (free.month().as_str(), free.source().as_str()),
            ("$0 for 1,000,000 calls", "this machine: costs nothing")
        );
    }

    #[test]
    fn a_budget_warns_from_nine_tenths_on() {
        for (tokens, fill) in [(1799, Fill::Within), (1800, Fill::Near), (2000, Fill::Near), (2001, Fill::Over)] {
            assert_eq!(Fill::of(tokens, 2000), fill, "{tokens}");
        }
    }
}
