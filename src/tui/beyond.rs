//! What differs beside the text of a comparison: a line each below its rows, and all of it, with what is the same, on a page.

use crate::config::Settings;
use crate::library::Changed;
use crate::lint::Finding;
use crate::model::{ModelName, Usage, cost, dollars};
use crate::prompt::{SectionId, wrap};
use crate::sanitize::one_line;
use crate::tui::compare::Compared;

/// A line of what stands below the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What it says.
    pub text: String,
    /// What stands behind an arrow: the new value.
    pub then: Option<String>,
    /// Whether something differs.
    pub changed: bool,
}

impl Detail {
    fn new(text: impl Into<String>, changed: bool) -> Self {
        Self { text: text.into(), then: None, changed }
    }
}

/// What stands below the rows: what differs beside the text. What changed comes first.
pub fn details(compared: &Compared) -> Vec<Detail> {
    let comparison = &compared.comparison;
    let mut lines = Vec::new();
    let [from, to] = compared.tokens;
    let change = i128::try_from(to).unwrap_or(0) - i128::try_from(from).unwrap_or(0);
    if change != 0 {
        let text = format!("~ tokens, estimated  {from}");
        lines.push(Detail { text, then: Some(format!("{to} ({change:+})")), changed: true });
    }
    for change in &comparison.config {
        let shown =
            |value: &Option<serde_json::Value>| value.as_ref().map_or("not set".to_owned(), ToString::to_string);
        let text = format!("~ {}  {}", change.key, shown(&change.from));
        lines.push(Detail { text, then: Some(shown(&change.to)), changed: true });
    }
    for name in &comparison.variables.added {
        lines.push(Detail::new(format!("+ {{{{{name}}}}} appears: the application has to supply it"), true));
    }
    for name in &comparison.variables.removed {
        lines
            .push(Detail::new(format!("- {{{{{name}}}}} is gone: the application no longer needs to supply it"), true));
    }
    if let Some(beside) = &compared.beside {
        let names = ["declared", "values", "case", "evals"];
        let tables = names.into_iter().zip(beside.tables());
        for (what, change) in tables.flat_map(|(what, (_, all))| all.iter().map(move |change| (what, change))) {
            lines.push(changed(what, change));
        }
        let findings = beside.gone.iter().map(|found| ('-', found));
        for (sign, found) in findings.chain(beside.appeared.iter().map(|found| ('+', found))) {
            let words = format!("{sign} lint {}: {} (line {})", found.severity.word(), found.message, found.line);
            lines.push(Detail::new(words, true));
        }
    }
    if comparison.coarse {
        lines.push(Detail::new("! so much changed that some words are marked in one piece", true));
    }
    let same = [
        (comparison.config.is_empty(), "config.json is the same"),
        (comparison.variables.is_empty(), "the same variables"),
        (change == 0, "as many tokens"),
        (
            compared.beside.as_ref().is_some_and(crate::library::Beside::is_empty),
            "the same declarations, value sets, evals and findings",
        ),
    ];
    lines.extend(same.into_iter().filter(|(is, _)| *is).map(|(_, words)| Detail::new(format!("= {words}"), false)));
    lines
}

/// A line about something that changed: whether it came, went or is another one now.
fn changed(what: &str, change: &Changed) -> Detail {
    let name = format!("{what}: {}", change.what);
    match (&change.from, &change.to) {
        (None, Some(to)) => Detail::new(format!("+ {name}  {to}"), true),
        (Some(from), None) => Detail::new(format!("- {name}  {from}"), true),
        (from, to) => {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            Detail { text: format!("~ {name}  {}", shown(from)), then: Some(shown(to)), changed: true }
        }
    }
}

/// Something on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A title, and how much differs below it.
    Head(&'static str, String),
    /// Something that both sides have, or neither.
    Same(String),
    /// What something was and what it is; `None` where it is not there.
    Changed(String, Option<String>, Option<String>),
    /// Words about what stands above.
    Words(String),
}

/// A row of the page, laid out for a width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageRow {
    /// A title, and how much differs below it.
    Head(&'static str, String),
    /// A line of facts.
    Line(Detail),
}

/// A longer value is not shown to its end.
const LONGEST: usize = 4_000;

/// Everything that there is to say beside the text, also what is the same.
pub fn page(compared: &Compared, settings: &Settings) -> Vec<Fact> {
    let mut facts = Vec::new();
    size(compared, settings, &mut facts);
    config(compared, &mut facts);
    let names = &compared.comparison.variables;
    head("Variables in the text", names.added.len() + names.removed.len(), &mut facts);
    facts.extend(names.removed.iter().map(|name| Fact::Changed(format!("{{{{{name}}}}}"), Some("used".into()), None)));
    facts.extend(names.added.iter().map(|name| Fact::Changed(format!("{{{{{name}}}}}"), None, Some("used".into()))));
    if !names.is_empty() {
        facts.push(Fact::Words("the application has to supply what appears, and no longer what is gone".to_owned()));
    }
    let Some(beside) = &compared.beside else {
        facts.push(Fact::Same("declarations, value sets, evals and findings were not looked at".to_owned()));
        return facts;
    };
    for (title, (what, changes)) in
        ["Declared in prompt.toml", "Value sets", "Eval cases", "Eval results"].into_iter().zip(beside.tables())
    {
        head(title, changes.len(), &mut facts);
        for change in changes {
            facts.push(Fact::Changed(change.what.clone(), change.from.clone(), change.to.clone()));
        }
        if let (true, Some(told)) = (changes.is_empty(), &compared.told) {
            let same = match what {
                "eval cases" => told.cases.map(|count| format!("{count} cases")),
                "eval results" => told.result.clone(),
                _ => None,
            };
            facts.extend(same.map(Fact::Same));
        }
    }
    head("Findings", beside.gone.len() + beside.appeared.len(), &mut facts);
    for (gone, found) in
        beside.gone.iter().map(|found| (true, found)).chain(beside.appeared.iter().map(|found| (false, found)))
    {
        finding(gone, found, &mut facts);
    }
    facts
}

fn head(title: &'static str, changes: usize, facts: &mut Vec<Fact>) {
    let words = match changes {
        0 => "the same".to_owned(),
        1 => "1 differs".to_owned(),
        more => format!("{more} differ"),
    };
    facts.push(Fact::Head(title, words));
}

/// Tokens of the whole and of each section, and what a call costs.
fn size(compared: &Compared, settings: &Settings, facts: &mut Vec<Fact>) {
    let step = format!("suggested step: {}", compared.comparison.bump.id());
    facts.push(Fact::Head("Tokens and cost", step));
    let mut line = |what: String, [from, to]: [usize; 2]| {
        let change = i128::try_from(to).unwrap_or(0) - i128::try_from(from).unwrap_or(0);
        facts.push(match change {
            0 => Fact::Same(format!("{what}  {to}")),
            change => Fact::Changed(what, Some(from.to_string()), Some(format!("{to} ({change:+})"))),
        });
    };
    line("all, estimated".to_owned(), compared.tokens);
    for (section, tokens) in compared.told.iter().flat_map(|told| &told.sections) {
        line(section.map_or("Unsorted", SectionId::title).to_owned(), *tokens);
    }
    let reply = compared.told.as_ref().map_or([None, None], |told| told.reply);
    let configs = [&compared.from_config, &compared.to_config];
    let costs: [Option<f64>; 2] = std::array::from_fn(|side| {
        let name = ModelName::parse(configs[side].model()?)?;
        let remote = !settings.providers.get(&name.provider).is_some_and(crate::config::Provider::is_local);
        let input = Some(compared.tokens[side] as u64);
        let usage = Usage { input, output: Some(reply[side].unwrap_or(0)), cache_read: None, cache_write: None };
        cost(settings, &name, usage, remote)
    });
    if costs.iter().flatten().any(|cost| *cost > 0.0) {
        let [from, to] = costs.map(|cost| cost.map_or_else(|| "unknown".to_owned(), dollars));
        let what = if reply == [None, None] { "a call without its reply" } else { "a call with its usual reply" };
        facts.push(if from == to {
            Fact::Same(format!("{what}  {to}"))
        } else {
            Fact::Changed(what.to_owned(), Some(from), Some(to))
        });
    }
}

/// Every key of the configuration, also those that are the same.
fn config(compared: &Compared, facts: &mut Vec<Fact>) {
    head("config.json", compared.comparison.config.len(), facts);
    let shown = |value: &serde_json::Value| value.to_string();
    for change in &compared.comparison.config {
        facts.push(Fact::Changed(change.key.clone(), change.from.as_ref().map(shown), change.to.as_ref().map(shown)));
    }
    let differs = |key: &String| compared.comparison.config.iter().any(|change| change.key == *key);
    let same = compared.to_config.0.iter().filter(|(key, _)| !differs(key));
    facts.extend(same.map(|(key, value)| Fact::Same(format!("{key}  {}", shown(value)))));
}

fn finding(gone: bool, found: &Finding, facts: &mut Vec<Fact>) {
    let what = format!("{} {}, line {}", found.severity.word(), found.rule.id, found.line);
    let message = Some(found.message.clone());
    facts.push(if gone { Fact::Changed(what, message, None) } else { Fact::Changed(what, None, message) });
    if !gone && !found.help.is_empty() {
        facts.push(Fact::Words(found.help.clone()));
    }
}

/// Lays the page out in so many columns: what does not fit into a row is wrapped, the old and the new below each other.
pub fn lay(facts: &[Fact], width: u16) -> Vec<PageRow> {
    let mut laid = Laid { rows: Vec::new(), width: usize::from(width) };
    for fact in facts {
        laid.fact(fact);
    }
    laid.rows
}

struct Laid {
    rows: Vec<PageRow>,
    width: usize,
}

impl Laid {
    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Head(title, words) => {
                // titles with nothing below them stand one after the other
                if !matches!(self.rows.last(), None | Some(PageRow::Head(..))) {
                    self.rows.push(PageRow::Line(Detail::new("", false)));
                }
                self.rows.push(PageRow::Head(title, words.clone()));
            }
            Fact::Same(text) => self.wrapped("  = ", text, false),
            Fact::Words(text) => self.wrapped("      ", text, false),
            Fact::Changed(what, None, Some(to)) => self.wrapped("  + ", &format!("{what}  {to}"), true),
            Fact::Changed(what, Some(from), None) => self.wrapped("  - ", &format!("{what}  {from}"), true),
            Fact::Changed(what, from, to) => {
                let [from, to] = [from, to].map(|value| one_line(value.as_deref().unwrap_or("none")).into_owned());
                let what = one_line(what);
                if wrap::width(&what) + wrap::width(&from) + wrap::width(&to) + 9 <= self.width {
                    let text = format!("  ~ {what}  {from}");
                    self.rows.push(PageRow::Line(Detail { text, then: Some(to), changed: true }));
                } else {
                    self.wrapped("  ~ ", &what, true);
                    self.wrapped("      was  ", &from, true);
                    self.wrapped("      is   ", &to, true);
                }
            }
        }
    }

    /// A text behind its lead, wrapped; the rows after the first stand below its beginning.
    fn wrapped(&mut self, lead: &str, text: &str, changed: bool) {
        let text = one_line(text);
        let short = &text[..text.floor_char_boundary(LONGEST)];
        let text = if short.len() < text.len() { format!("{short} …") } else { short.to_owned() };
        let width = self.width.saturating_sub(lead.len()).max(8);
        for (index, range) in wrap::rows(&text, width).into_iter().enumerate() {
            let lead = if index == 0 { lead.to_owned() } else { " ".repeat(lead.len()) };
            self.rows.push(PageRow::Line(Detail::new(lead + &text[range], changed)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(facts: &[Fact], width: u16) -> Vec<String> {
        let shown = |row: PageRow| match row {
            PageRow::Head(title, words) => format!("{title}: {words}"),
            PageRow::Line(line) => line.text + &line.then.map(|then| format!(" → {then}")).unwrap_or_default(),
        };
        lay(facts, width).into_iter().map(shown).collect()
    }

    #[test]
    fn what_does_not_fit_beside_each_other_stands_below_each_other_to_its_end() {
        let facts = [
            Fact::Head("config.json", "1 differs".into()),
            Fact::Changed("stop".into(), Some("a".into()), Some("one two three four five".into())),
            Fact::Same("model  offline".into()),
        ];
        assert_eq!(laid(&facts, 60)[1], "  ~ stop  a → one two three four five");
        assert_eq!(
            laid(&facts, 24),
            [
                "config.json: 1 differs",
                "  ~ stop",
                "      was  a",
                "      is   one two three ",
                "           four five",
                "  = model  offline"
            ]
        );
    }

    #[test]
    fn a_value_of_any_length_and_with_any_bytes_takes_bounded_room() {
        let facts = [Fact::Changed("x\u{1b}".into(), None, Some("ä".repeat(100_000)))];
        let rows = laid(&facts, 80);
        assert!(rows.len() < 100 && !rows[0].contains('\u{1b}'), "{}", rows.len());
        assert!(rows.last().is_some_and(|row| row.ends_with('…')));
    }
}
