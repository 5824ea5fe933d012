//! The history as a list: some rows at a time, newest first, each with what is told of a run in one line.

use rusqlite::{InterruptHandle, Row, params_from_iter, types::Value as Stored};

use super::find::{Filter, conditions};
use super::mask::{Mask, Private};
use super::run::Rating;
use super::store::Store;
use crate::error::Result;

/// Characters of a message that a row has at most.
const SAID: usize = 240;

/// A run in one line. Its words are masked.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// Its number.
    pub id: i64,
    /// When it was sent: milliseconds since 1970, UTC.
    pub at_ms: i64,
    /// The prompt.
    pub prompt: String,
    /// `draft`, or a version as `1.2.0`.
    pub version: String,
    /// `PROVIDER:MODEL`, or `offline`.
    pub model: String,
    /// How it ended, in the words of `play --json`.
    pub finish: String,
    /// Dollars, where a price is known.
    pub cost: Option<f64>,
    /// Milliseconds to the end.
    pub total_ms: u64,
    /// What the user thinks of it.
    pub rating: Option<Rating>,
    /// The beginning of the message that was answered, on one line.
    pub said: String,
}

/// Some rows of the list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// The rows, newest first.
    pub rows: Vec<Brief>,
    /// How many runs the filter lets through, over all pages.
    pub total: u64,
}

/// The last row of the page before: its moment and its number.
pub type After = (i64, i64);

impl Store {
    /// The rows that come after the page before, at most `filter.most` of them, and how many there are in all.
    pub fn page(&self, filter: &Filter, after: Option<After>) -> Result<Page> {
        let read = || -> rusqlite::Result<Page> {
            let (wanted, mut values) = conditions(filter);
            let mut further = String::new();
            if let Some((at, id)) = after {
                values.extend([Stored::Integer(at), Stored::Integer(id)]);
                further = format!("WHERE (found.at, found.id) < (?{}, ?{})", values.len() - 1, values.len());
            }
            let most = filter.most.map_or(-1, |most| i64::try_from(most).unwrap_or(i64::MAX));
            // words are looked up once, for the rows and for their number, and what no words narrow is not held at all;
            // a long message is cut where it is read, unless a value in it has to be found first
            let held = if filter.words.trim().is_empty() { "NOT MATERIALIZED" } else { "MATERIALIZED" };
            let question = format!(
                "WITH found AS {held} (SELECT id, at FROM runs WHERE {wanted}),
                      shown AS MATERIALIZED (
                        SELECT id, at FROM found {further} ORDER BY at DESC, id DESC LIMIT {most})
                 SELECT runs.id, runs.at, prompt, version, model, finish, cost, total_ms, rating, private,
                        CASE private WHEN '[]' THEN substr(said, 1, {SAID}) ELSE said END,
                        (SELECT count(*) FROM found)
                 FROM shown JOIN runs ON runs.id = shown.id ORDER BY shown.at DESC, shown.id DESC"
            );
            let mut statement = self.connection.prepare(&question)?;
            let mut total = 0;
            let rows = statement.query_map(params_from_iter(&values), |row| {
                total = row.get::<_, i64>(11)?.unsigned_abs();
                brief(row)
            })?;
            let rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
            if rows.is_empty() && after.is_some() {
                let (wanted, values) = conditions(filter);
                let count = format!("SELECT count(*) FROM runs WHERE {wanted}");
                let counted = self.connection.query_row(&count, params_from_iter(&values), |row| row.get::<_, i64>(0));
                total = counted?.unsigned_abs();
            }
            Ok(Page { rows, total })
        };
        read().map_err(|error| self.failed("read", &error))
    }

    /// Somebody who can end what is being read, from any thread; it fails then.
    pub fn interrupter(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }
}

fn brief(row: &Row<'_>) -> rusqlite::Result<Brief> {
    let private: Vec<Private> = serde_json::from_str(&row.get::<_, String>(9)?).unwrap_or_default();
    let mut said: String = row.get(10)?;
    if !private.is_empty() {
        said = Mask::new(&private).over(&said);
    }
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Brief {
        id: row.get(0)?,
        at_ms: row.get(1)?,
        prompt: row.get(2)?,
        version: row.get(3)?,
        model: row.get(4)?,
        finish: row.get(5)?,
        cost: row.get(6)?,
        total_ms: row.get::<_, i64>(7)?.unsigned_abs(),
        rating: row.get::<_, Option<String>>(8)?.as_deref().and_then(Rating::of),
        said: words.chars().take(SAID).collect(),
    })
}
