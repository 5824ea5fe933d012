//! What `tokens` says to a person.

use std::fmt::Write as _;

use super::Report;
use crate::model::bill::number;
use crate::model::costing::{Fill, bar};
use crate::prompt::wrap::width;
use crate::prompt::{SectionId, worth_saying};

/// The widest name that is shown in whole.
const WIDEST: usize = 32;

pub(super) fn of(report: &Report<'_>) -> String {
    let Report { snapshot, counts, costing, .. } = report;
    let about = if counts.exact { "" } else { "~" };
    let mut text = String::new();
    let named = costing.model.as_ref().map_or("no model".to_owned(), ToString::to_string);
    let _ = writeln!(text, "{}@{} under {named}", snapshot.prompt, snapshot.which);
    let how = if counts.exact { "exact" } else { "an estimate" };
    let _ = writeln!(text, "{about}{} tokens, {how} by {}", number(counts.total), report.tokenizer);
    if let Some(budget) = costing.assumptions.budget {
        let budget_of = number(usize::try_from(budget).unwrap_or(usize::MAX));
        let (bar, percent) = bar(counts.total, budget, 20);
        let _ = writeln!(
            text,
            "[{bar}] {percent} % of the budget of {budget_of}, {}",
            Fill::of(counts.total, budget).word()
        );
    }
    let mut sections: Vec<(String, Option<usize>)> = Vec::new();
    if counts.unsorted > 0 {
        sections.push(("Unsorted".to_owned(), Some(counts.unsorted)));
    }
    let of_section = |id: SectionId| (id.title().to_owned(), Some(counts.section(Some(id))));
    sections.extend(SectionId::ALL.map(of_section).into_iter().filter(|(_, tokens)| *tokens > Some(0)));
    rows(&mut text, "section", &sections, counts.total, about);
    rows(&mut text, "variable", &counts.variables, counts.total, about);
    text.push('\n');
    let mut line = |name: &str, said: &str| {
        let _ = writeln!(text, "{name:<17} {said}");
    };
    let end = counts.prefix.ended_by.as_ref();
    let end =
        end.map_or("nothing in it changes from call to call".to_owned(), |name| format!("it ends at {{{{{name}}}}}"));
    line("cacheable prefix", &format!("{about}{} tokens; {end}", number(counts.prefix.tokens)));
    line("a call", &costing.call());
    line("a month", &costing.month());
    line("a cache", &costing.cache());
    if let Some(change) = &costing.change {
        line(&format!("against {}", change.from), &change.words());
    }
    line("prices", &costing.source());
    for advice in worth_saying(&report.advice) {
        line("advice", &format!("{}:", advice.remedy.words()));
        line("", &costing.gain(advice));
    }
    text
}

fn rows(text: &mut String, what: &str, rows: &[(String, Option<usize>)], total: usize, about: &str) {
    if rows.is_empty() {
        return;
    }
    let widest = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0).clamp(what.len(), WIDEST);
    let _ = writeln!(text, "\n{what:<widest$}   tokens  share");
    for (name, tokens) in rows {
        let pad = " ".repeat(widest.saturating_sub(width(name)));
        let Some(tokens) = tokens else {
            let _ = writeln!(text, "{name}{pad}  missing");
            continue;
        };
        let tokens_said = format!("{}{}", if *tokens == 0 { "" } else { about }, number(*tokens));
        let (bar, percent) = bar(*tokens, total.max(1) as u64, 20);
        let bar = bar.trim_end_matches('.');
        let _ = writeln!(text, "{}", format!("{name}{pad} {tokens_said:>8} {percent:>4} %  {bar}").trim_end());
    }
}
