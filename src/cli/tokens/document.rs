//! The JSON document of `tokens --json`.

use serde_json::{Map, Value, json};

use super::Report;
use crate::model::prices::Source;
use crate::model::{Cache, Costing, Rate};
use crate::prompt::{SectionId, worth_saying};

/// `sections` has all five, and `unsorted` where there is text before the first heading. `variables` has a number for
/// each: 0 for one without a value, of which a note on standard error says that its placeholder was counted.
pub(super) fn of(report: &Report<'_>) -> Value {
    let counts = &report.counts;
    let mut sections = Map::new();
    if counts.unsorted > 0 {
        sections.insert(crate::cli::show::UNSORTED.into(), json!(counts.unsorted));
    }
    sections.extend(SectionId::ALL.map(|id| (id.id().to_owned(), json!(counts.section(Some(id))))));
    let variables: Map<String, Value> =
        counts.variables.iter().map(|(name, tokens)| (name.clone(), json!(tokens.unwrap_or(0)))).collect();
    json!({
        "tokenizer": report.tokenizer,
        "exact": counts.exact,
        "total": counts.total,
        "sections": sections,
        "variables": variables,
        "cacheable_prefix": counts.prefix.tokens,
        "cost": cost(report),
    })
}

/// Null where a price is not known.
fn cost(report: &Report<'_>) -> Value {
    let Costing { model, rate, assumptions, bill, change, .. } = &report.costing;
    let Some(bill) = bill else { return Value::Null };
    let (source, as_of, minimum) = match rate {
        Rate::Known { source: Source::List { maker, as_of }, minimum, .. } => (maker.as_str(), Some(as_of), *minimum),
        Rate::Known { source: Source::Config, minimum, .. } => ("config", None, *minimum),
        Rate::Free | Rate::Unknown => ("this machine", None, None),
    };
    let (saved_call, hits, saved_month) = match bill.cache {
        Cache::Works { call, hits, month } => (Some(call), hits, month),
        Cache::NoPrice | Cache::TooShort { .. } => (None, None, None),
    };
    let change = change
        .as_ref()
        .map(|change| json!({"from": change.from, "tokens": change.tokens, "per_month": change.month.map(money)}));
    let advice: Vec<Value> = worth_saying(&report.advice)
        .map(|advice| json!({"do": advice.remedy.words(), "cacheable_prefix": advice.prefix}))
        .collect();
    json!({
        "model": model.as_ref().map(ToString::to_string),
        "currency": "USD",
        "prices": source,
        "as_of": as_of,
        "calls_per_month": assumptions.calls_per_month,
        "reply_tokens": assumptions.reply_tokens,
        "input": money(bill.input),
        "output": money(bill.output),
        "per_call": money(bill.call()),
        "per_month": bill.month.map(money),
        "cache": {
            "minimum": minimum,
            "saves_per_call": saved_call.map(money),
            "hit_rate": hits,
            "saves_per_month": saved_month.map(money),
        },
        "change": change,
        "advice": advice,
    })
}

/// Dollars without the dust of their reckoning.
fn money(dollars: f64) -> f64 {
    (dollars * 1e9).round() / 1e9
}
