//! `greenroom vars NAME`: every variable with its value's state, its uses, its tokens, who may see it, how fresh it is.

use std::fmt::Write as _;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::{days_old, hidden, one_line};
use crate::cli::counter::Counter;
use crate::cli::output::Output;
use crate::cli::show::snapshot;
use crate::error::Result;
use crate::library::{Library, Snapshot};
use crate::prompt::{Freshness, Privacy, Resolver, TokenCounter, Values};
use crate::sanitize;
use crate::vars::check::is_too_old;
use crate::vars::survey::{State, Surveyed, Use, survey};

/// What is listed.
struct List {
    snapshot: Snapshot,
    set: Option<String>,
    days: Option<i64>,
    rows: Vec<Surveyed>,
    total: usize,
    counter: Counter,
}

/// Runs it.
pub fn run(library: &Library, reference: &str, set: Option<&str>, output: &Output) -> Result<u8> {
    let snapshot = snapshot(library, reference)?;
    let values = set.map(|set| library.value_set(&snapshot.prompt, set)).transpose()?;
    let given = Values::default();
    let resolver = Resolver {
        given: &given,
        set: values.as_ref().map(|set| &set.values),
        message: Some(""),
        conversation_history: Some(""),
        declarations: &snapshot.variables,
    };
    let user = snapshot.config.user_template().unwrap_or("{{message}}");
    let counter = super::counter(library, &snapshot, resolver.set)?;
    let (rows, total) = survey(&snapshot.text, Some(user), &resolver, &counter.tokens);
    let total = counter.told.unwrap_or(total);
    let days = set.and_then(|set| days_old(library, &snapshot.prompt, set));
    let list = List { set: set.map(str::to_owned), days, rows, total, counter, snapshot };
    if output.json {
        output.document(&list.document())?;
    } else {
        Output::raw(&list.table(output))?;
    }
    Ok(0)
}

impl List {
    fn document(&self) -> Value {
        json!({
            "prompt": self.snapshot.prompt,
            "version": self.snapshot.which.to_string(),
            "set": self.set,
            "days": self.days,
            "tokenizer": self.counter.label(),
            "exact": self.counter.is_exact(self.counter.tokens.exact()),
            "total": self.total,
            "variables": self.rows.iter().map(|row| self.row(row)).collect::<Vec<_>>(),
        })
    }

    fn row(&self, row: &Surveyed) -> Value {
        let privacy = row.privacy();
        let masked = matches!(privacy, Privacy::Personal | Privacy::Secret);
        let declared = row.declared.clone().unwrap_or_default();
        json!({
            "name": row.name,
            "state": row.state.word(),
            "value": row.value.as_deref().filter(|_| !masked),
            "masked": masked && row.value.is_some(),
            "uses": row.uses.iter().map(|it| json!({"section": it.place.id(), "line": it.line, "column": it.column})).collect::<Vec<_>>(),
            "tokens": row.tokens,
            "share": (row.share * 10_000.0).round() / 10_000.0,
            "declared": row.declared.is_some(),
            "privacy": privacy.word(),
            "freshness": declared.freshness.word(),
            "too_old": self.too_old(row),
            "required": declared.required,
            "untrusted": declared.untrusted,
            "max_tokens": declared.max_tokens,
            "default": declared.default.filter(|_| !masked),
            "example": declared.example.filter(|_| privacy != Privacy::Secret),
            "description": declared.description,
        })
    }

    fn too_old(&self, row: &Surveyed) -> bool {
        let freshness = row.declared.as_ref().map(|declared| declared.freshness).unwrap_or_default();
        row.state == State::Given && self.days.is_some_and(|days| is_too_old(freshness, days))
    }

    /// One line a variable in columns, its description below.
    fn table(&self, output: &Output) -> String {
        let mut text = format!("{}@{}", self.snapshot.prompt, self.snapshot.which);
        match &self.set {
            Some(set) => _ = write!(text, ", values of {set}{}", self.days.map_or_else(String::new, age)),
            None => text.push_str(", no value set (--values SET takes one)"),
        }
        let about = if self.counter.is_exact(self.counter.tokens.exact()) { "" } else { "~" };
        let _ = writeln!(text, ", {about}{} tokens by {}", self.total, self.counter.label());
        if self.rows.is_empty() {
            text.push_str("no variables: write {{name}} in a section\n");
            return text;
        }
        let head = ["", "variable", "value", "used", "tokens", "share", "privacy", "freshness"].map(str::to_owned);
        let rows: Vec<[String; 8]> = self.rows.iter().map(|row| self.cells(row)).collect();
        let widths: Vec<usize> =
            (0..8).map(|at| rows.iter().chain([&head]).map(|row| row[at].width()).max().unwrap_or(0)).collect();
        let line = |cells: &[String; 8]| {
            let padded = cells.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
                let blanks = " ".repeat(width - cell.width());
                // numbers end where the column does
                if matches!(at, 4 | 5) { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") }
            });
            padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        let _ = writeln!(text, "{}", output.strong(&line(&head)));
        for (row, cells) in self.rows.iter().zip(&rows) {
            let _ = writeln!(text, "{}", line(cells));
            let description = row.declared.as_ref().and_then(|declared| declared.description.as_deref());
            if let Some(description) = description {
                let _ = writeln!(text, "     {}", sanitize::one_line(description));
            }
        }
        text
    }

    fn cells(&self, row: &Surveyed) -> [String; 8] {
        let value = row.value.as_deref().unwrap_or_default();
        let shown = || hidden(row.privacy(), value).unwrap_or_else(|| one_line(value, 32));
        let (mark, value) = match row.state {
            State::Missing => ("?", "missing".to_owned()),
            State::Unused => ("-", "not used".to_owned()),
            State::Empty => (" ", "may be empty".to_owned()),
            State::Playtest => (" ", "filled by the playtest".to_owned()),
            State::Given => (" ", shown()),
            State::Default => (" ", format!("{} (default)", shown())),
        };
        let about = if self.counter.tokens.exact() || row.tokens == Some(0) { "" } else { "~" };
        let freshness = match &row.declared {
            None => "not declared".to_owned(),
            Some(declared) if self.too_old(row) => format!("{}, too old", freshness_word(declared.freshness)),
            Some(declared) => freshness_word(declared.freshness).to_owned(),
        };
        [
            mark.to_owned(),
            row.name.clone(),
            value,
            places(&row.uses),
            row.tokens.map_or_else(|| "-".to_owned(), |tokens| format!("{about}{tokens}")),
            row.tokens.map_or_else(|| "-".to_owned(), |_| format!("{:.1}%", row.share * 100.0)),
            privacy_word(row.privacy()).to_owned(),
            freshness,
        ]
    }
}

/// `Identity:3, Safety:40 +2`; a line that has it twice stands once.
fn places(uses: &[Use]) -> String {
    let mut all: Vec<String> = uses.iter().map(|it| format!("{}:{}", it.place.short(), it.line)).collect();
    all.dedup();
    let more = if all.len() > 3 { format!(" +{}", all.len() - 3) } else { String::new() };
    all.truncate(3);
    all.join(", ") + &more
}

fn age(days: i64) -> String {
    match days {
        0 => " (written today)".to_owned(),
        1 => " (1 day old)".to_owned(),
        days => format!(" ({days} days old)"),
    }
}

/// Symbol and word.
fn privacy_word(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Public => "○ public",
        Privacy::Internal => "◦ internal",
        Privacy::Personal => "▪ personal",
        Privacy::Secret => "■ secret",
    }
}

fn freshness_word(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Static => "static",
        Freshness::Daily => "daily",
        Freshness::Session => "per session",
        Freshness::Request => "per request",
    }
}
