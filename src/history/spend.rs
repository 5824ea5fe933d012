//! What was spent today and this month, as the user's clock has them.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::find::Spent;
use super::store::Store;
use crate::error::Result;

/// What was spent, in dollars; runs whose price is not known count nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// Since midnight.
    pub today: f64,
    /// Since the first of the month.
    pub month: f64,
    /// Of this month, by prompt and model, the most expensive first.
    pub by: Vec<Spent>,
}

impl Totals {
    /// The figures for a person, line by line, the same in a command and on a screen: what was spent today, this month,
    /// and on what. Names in them are as they were kept.
    pub fn lines(&self) -> Vec<String> {
        let amount = |dollars: f64| format!("{:>10}", format!("${dollars:.4}"));
        let mut lines = vec![format!("{}  today", amount(self.today)), format!("{}  this month", amount(self.month))];
        lines.extend(self.by.iter().map(|one| {
            let runs = if one.runs == 1 { "run" } else { "runs" };
            format!("{}    {} with {}, {} {runs}", amount(one.dollars), one.prompt, one.model, one.runs)
        }));
        lines
    }
}

impl Store {
    /// What was spent up to now.
    pub fn totals(&self, now: Timestamp) -> Result<Totals> {
        self.totals_at(&now.to_zoned(TimeZone::system()))
    }

    pub(super) fn totals_at(&self, now: &Zoned) -> Result<Totals> {
        // a day that begins at one o'clock begins there
        let begin = |day: jiff::civil::Date| {
            let midnight = day.to_zoned(now.time_zone().clone());
            midnight.map_or_else(|_| now.timestamp(), |midnight| midnight.timestamp()).as_millisecond()
        };
        let dollars = |spent: &[Spent]| spent.iter().map(|one| one.dollars).sum();
        let by = self.spent(begin(now.date().first_of_month()))?;
        Ok(Totals { today: dollars(&self.spent(begin(now.date()))?), month: dollars(&by), by })
    }
}
