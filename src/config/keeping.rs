//! `[history]` and `[spend]`: what is kept of runs with a model, and how much they may cost.

use super::file::amount;
use crate::source::toml::{Reading, Table};

const HISTORY_KEYS: [&str; 4] = ["keep", "days", "megabytes", "real_values"];
const SPEND_KEYS: [&str; 2] = ["day", "month"];

/// What is kept of the runs, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// Whether runs are kept at all.
    pub keep: bool,
    /// Days after which a run goes; 0 keeps it for ever.
    pub days: u32,
    /// Megabytes beyond which the oldest go; 0 sets no limit.
    pub megabytes: u32,
    /// Whether personal values are kept as they are.
    pub real_values: bool,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { keep: true, days: 180, megabytes: 256, real_values: false }
    }
}

/// Dollars that may be spent before greenroom stops.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spend {
    /// In a day, as the user's clock has it.
    pub day: Option<f64>,
    /// In a month.
    pub month: Option<f64>,
}

impl Spend {
    /// Each cap that is set: what it is for (`day` or `month`), how much it allows, and how much of it is spent.
    pub fn caps(&self, today: f64, month: f64) -> impl Iterator<Item = (&'static str, f64, f64)> {
        let caps = [("day", self.day, today), ("month", self.month, month)];
        caps.into_iter().filter_map(|(of, cap, spent)| Some((of, cap?, spent)))
    }

    /// Says which cap is reached when so much was spent, in dollars; `None` while there is room, or without a cap.
    pub fn reached(&self, today: f64, month: f64) -> Option<String> {
        let caps = [("today", "day", self.day, today), ("this month", "month", self.month, month)];
        caps.into_iter().find_map(|(when, key, cap, spent)| {
            let cap = cap.filter(|cap| spent >= *cap)?;
            Some(format!("${spent:.2} were spent {when}, and `{key}` of [spend] is ${cap:.2}"))
        })
    }
}

/// Reads `[history]`.
pub fn history<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> Keeping {
    let usual = Keeping::default();
    let Some(table) = reading.table(table, "history") else { return usual };
    reading.expect_keys(table, "of `history`", &HISTORY_KEYS);
    let whole = "a whole number from 0 on";
    Keeping {
        keep: reading.get(table, "keep", "true or false").unwrap_or(usual.keep),
        days: reading.get(table, "days", whole).unwrap_or(usual.days),
        megabytes: reading.get(table, "megabytes", whole).unwrap_or(usual.megabytes),
        real_values: reading.get(table, "real_values", "true or false").unwrap_or(usual.real_values),
    }
}

/// Reads `[spend]`.
pub fn spend<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> Spend {
    let Some(table) = reading.table(table, "spend") else { return Spend::default() };
    reading.expect_keys(table, "of `spend`", &SPEND_KEYS);
    Spend { day: amount(reading, table, "day"), month: amount(reading, table, "month") }
}
