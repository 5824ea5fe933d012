//! The box with what the prompt costs: what the user assumes, to be written, and what follows from it, to be read.

use crate::model::bill::number;
use crate::model::costing::{Fill, bar};
use crate::prompt::{Assumptions, SectionId, worth_saying, wrap};
use crate::tui::counting::Count;
use crate::tui::input::Input;
use crate::tui::keymap::Action;
use crate::tui::model::Model;
use crate::tui::theme::Role;
use crate::tui::update::{costing, why_no_exact_count};

/// The box while it is open.
#[derive(Debug)]
pub struct CostBox {
    /// What is written in the fields, in the order of [`CostField::ALL`].
    pub lines: [Input; 3],
    /// The focused field.
    pub field: CostField,
    /// What is wrong with what is written.
    pub problem: Option<String>,
    /// Rows scrolled down in what follows.
    pub scrolled: usize,
}

/// What the user assumes, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostField {
    /// Calls a month.
    Calls,
    /// Tokens of a usual reply.
    Reply,
    /// The most tokens of the prompt.
    Budget,
}

impl CostField {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Calls, Self::Reply, Self::Budget];

    /// What stands before the line.
    pub fn label(self) -> &'static str {
        match self {
            Self::Calls => "calls a month",
            Self::Reply => "tokens of a reply",
            Self::Budget => "budget, in tokens",
        }
    }

    /// What stands in the line while it is empty.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Calls => "as 1200000 or 1.2m; without it no cost of a month",
            Self::Reply => "of a usual one; without it the cost of the prompt alone",
            Self::Budget => "the most the filled prompt may have",
        }
    }
}

impl CostBox {
    /// With these assumptions in its fields.
    pub fn new(assumptions: Assumptions) -> Self {
        let line = |value: Option<u64>| Input::with(&value.map(|value| value.to_string()).unwrap_or_default());
        let Assumptions { budget, calls_per_month, reply_tokens } = assumptions;
        Self {
            lines: [line(calls_per_month), line(reply_tokens), line(budget)],
            field: CostField::Calls,
            problem: None,
            scrolled: 0,
        }
    }

    /// The line of the focused field.
    pub fn line_mut(&mut self) -> &mut Input {
        &mut self.lines[self.field as usize]
    }

    /// The field before or after the focused one, around the ends.
    pub fn step(&mut self, by: isize) {
        let next = (self.field as usize).cast_signed() + by;
        self.field = CostField::ALL[next.rem_euclid(3).unsigned_abs()];
    }

    /// What is written, as far as it is a number; and the first field that is none.
    pub fn assumptions(&self) -> (Assumptions, Option<CostField>) {
        let read = |field: CostField| read(&self.lines[field as usize].text());
        let wrong = CostField::ALL.into_iter().find(|field| read(*field).is_err());
        let value = |field| read(field).unwrap_or_default();
        let assumptions = Assumptions {
            calls_per_month: value(CostField::Calls),
            reply_tokens: value(CostField::Reply),
            budget: value(CostField::Budget),
        };
        (assumptions, wrong)
    }
}

/// A whole number as people write one: `1200000`, `1,200,000`, `1_200_000`, `1.2m`, `100k`; nothing for nothing.
fn read(text: &str) -> Result<Option<u64>, ()> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '_' | '\'')).collect();
    let plain = plain.to_ascii_lowercase();
    let (digits, times) = match plain.strip_suffix('m') {
        Some(digits) => (digits, 1e6),
        None => plain.strip_suffix('k').map_or((plain.as_str(), 1.0), |digits| (digits, 1e3)),
    };
    if plain.is_empty() {
        return Ok(None);
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Err(());
    }
    let number = digits.parse::<f64>().map_err(|_| ())? * times;
    let whole = (number.fract() == 0.0 && number <= 1e15).then_some(number as u64);
    whole.map(Some).ok_or(())
}

/// What follows from the assumptions that are written: each line with its role.
pub fn lines(model: &Model, open: &CostBox) -> Vec<(String, Role)> {
    let Some(draft) = &model.draft else { return vec![("no prompt is open".into(), Role::Dim)] };
    let (assumptions, _) = open.assumptions();
    let (Some(tally), Some(costing)) = (&draft.counts.tally, costing(model, assumptions)) else {
        return std::iter::once(("counting…".to_owned(), Role::Dim)).chain(exact_state(model)).collect();
    };
    let counts = &tally.counts;
    let count = |tokens: usize| Count { tokens, exact: counts.exact, current: true };
    let named = costing.model.as_ref().map_or(", no model is chosen".to_owned(), |name| format!(" under {name}"));
    let mut lines = Vec::new();
    let stale = draft.counts.total().is_some_and(|total| !total.current);
    let pending = if stale { "  counting…" } else { "" };
    let told = tally.exact.as_ref().filter(|exact| exact.is_of_the_prompt());
    let total = Count { exact: counts.exact || told.is_some(), ..count(counts.total) };
    lines.push((format!("{} tokens{named}{pending}", total.figure()), Role::Title));
    lines.push(match &tally.exact {
        Some(exact) if exact.is_of_the_prompt() => {
            ("exact, counted by its server; its parts are estimates".to_owned(), Role::Dim)
        }
        Some(exact) => {
            let (figure, examples) = (number(exact.tokens), exact.replaced.join(", "));
            let said = format!("exactly {figure} with the declared examples of {examples}, counted by its server;");
            (format!("{said} an estimate for their values, by {}", tally.tokenizer), Role::Text)
        }
        None if counts.exact => (format!("exact, by {}", tally.tokenizer), Role::Dim),
        None => (format!("an estimate, by {}{}", tally.tokenizer, way_to_exact(model)), Role::Dim),
    });
    lines.extend(exact_state(model));
    if let Some(budget) = assumptions.budget {
        let fill = Fill::of(counts.total, budget);
        let (signs, percent) = bar(counts.total, budget, 20);
        lines.push((format!("[{signs}] {percent} % of the budget, {}", fill.word()), fill_role(fill)));
    }
    if !counts.missing.is_empty() {
        let without = counts.missing.join(", ");
        lines.push((format!("? no value for {without}: counted as it stands"), Role::VariableMissing));
    }
    let mut fact = |name: &str, said: String| lines.push((format!("{name:<17} {said}"), Role::Text));
    let end = counts.prefix.ended_by.as_ref();
    let end = end.map_or("nothing changes from call to call".to_owned(), |name| format!("it ends at {{{{{name}}}}}"));
    fact("cacheable prefix", format!("{} tokens; {end}", count(counts.prefix.tokens).figure()));
    fact("a call", costing.call());
    fact("a month", costing.month());
    fact("a cache", costing.cache());
    if let Some(change) = &costing.change {
        fact(&format!("against {}", change.from), change.words());
    }
    fact("prices", costing.source());
    let key = model.keymap.shown(Action::Spend);
    fact("spent", format!("{}; {key}: on what", crate::tui::spending::line(model)));
    match &tally.advice {
        None => lines.push(("advice            trying what a longer prefix would need…".into(), Role::Dim)),
        Some(advice) if advice.is_empty() => {
            lines.push(("advice            no move makes the cacheable prefix longer".into(), Role::Dim));
        }
        Some(advice) => {
            for advice in worth_saying(advice) {
                lines.push((format!("advice            {}:", advice.remedy.words()), Role::Accent));
                lines.push((format!("                  {}", costing.gain(advice)), Role::Text));
            }
        }
    }
    let mut sections: Vec<(String, Option<usize>)> = Vec::new();
    if counts.unsorted > 0 {
        sections.push(("Unsorted".into(), Some(counts.unsorted)));
    }
    sections.extend(SectionId::ALL.map(|id| (id.title().to_owned(), Some(counts.section(Some(id))))));
    for (head, rows) in [("section", &sections), ("variable", &counts.variables)] {
        if rows.is_empty() {
            continue;
        }
        let widest = rows.iter().map(|(name, _)| wrap::width(name)).max().unwrap_or(0).clamp(8, 32);
        lines.push((String::new(), Role::Text));
        lines.push((format!("{head:<widest$}   tokens  share"), Role::Dim));
        for (name, tokens) in rows {
            let pad = " ".repeat(widest.saturating_sub(wrap::width(name)));
            let Some(tokens) = tokens else {
                lines.push((format!("{name}{pad}  missing"), Role::VariableMissing));
                continue;
            };
            let (signs, percent) = bar(*tokens, counts.total.max(1) as u64, 20);
            let figure = count(*tokens).figure();
            let signs = signs.trim_end_matches('.');
            lines.push((format!("{name}{pad} {figure:>8} {percent:>4} %  {signs}"), Role::Text));
        }
    }
    lines
}

/// Which key asks for the exact count; nothing where nobody can be asked.
fn way_to_exact(model: &Model) -> String {
    match why_no_exact_count(model) {
        Some(_) => String::new(),
        None => format!("; {} asks its server", model.keymap.shown(Action::CountExactly)),
    }
}

/// How far the exact count is that was asked for last.
fn exact_state(model: &Model) -> Option<(String, Role)> {
    if let Some(asking) = &model.exactly.running {
        let key = model.keymap.shown(Action::FormClose);
        return Some((format!("asking {} for the exact count… {key} stops", asking.whom), Role::Accent));
    }
    model.exactly.problem.as_ref().map(|problem| (format!("! {problem}"), Role::Error))
}

/// The role of a budget that is so full.
pub fn fill_role(fill: Fill) -> Role {
    match fill {
        Fill::Within => Role::Ok,
        Fill::Near => Role::Warning,
        Fill::Over => Role::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for (text, number) in [
            ("", Ok(None)),
            (" ", Ok(None)),
            ("1200000", Ok(Some(1_200_000))),
            ("1,200,000", Ok(Some(1_200_000))),
            ("1_200", Ok(Some(1200))),
            ("1.2m", Ok(Some(1_200_000))),
            ("100K", Ok(Some(100_000))),
            ("0", Ok(Some(0))),
            ("1.5", Err(())),
            ("-1", Err(())),
            ("1e3", Err(())),
            ("many", Err(())),
            (".", Err(())),
        ] {
            assert_eq!(read(text), number, "{text:?}");
        }
    }
}
