//! What the linter says of the text that is typed: found on a thread of its own, shown in the margin, in a list and in the
//! message row. Nothing here looks at the text on the path of a key press.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::library::LintTable;
use crate::lint::{Finding, Input, Severity, lint};
use crate::model::tokens::ModelTokens;
use crate::prompt::document::Document;
use crate::prompt::{Declarations, Estimate, TokenCounter, Values};
use crate::tui::draft::{Draft, DraftText, PaneId, pane_of, section_of};

/// How long a change rests before the text is looked at.
pub const LINT_MS: u64 = 80;

/// Names a text with all that the linter is told about it: how often a prompt was opened, the moment of the draft, the
/// revision of its values, and how often `[lint]` was changed.
pub type Moment = (u64, u64, u64, u64);

/// What is known at the moment.
#[derive(Debug, Default)]
pub struct Linting {
    /// What was found, by pane and place.
    pub marks: Arc<Vec<Mark>>,
    /// Which text that was found in; `None` before the first time.
    pub of: Option<Moment>,
    /// What is being looked at.
    pub under_way: Option<Moment>,
    /// Whether the time is running after which the text is looked at.
    pub due: bool,
    /// Grows with every result that is drawn otherwise than the one before.
    pub revision: u64,
    /// What `[lint]` says of the prompt that is open.
    pub table: LintTable,
    /// How often that was changed.
    pub changes: u64,
    /// The finding whose reason is being asked for.
    pub allowing: Option<Mark>,
}

/// A finding, and where it stands in the panes.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The text pane.
    pub pane: usize,
    /// The line of the pane, from 0.
    pub line: usize,
    /// Its first character in the pane, and the one after its last.
    pub chars: (usize, usize),
    /// What was found.
    pub finding: Finding,
    /// The line it stands in, as it may be written into `prompt.toml` to allow it.
    pub said: String,
}

/// Everything the linter is told, taken along to its thread.
#[derive(Debug, Clone, PartialEq)]
pub struct ToLint {
    /// The text.
    pub text: DraftText,
    /// The declared variables.
    pub declarations: Declarations,
    /// The values at the moment.
    pub values: Values,
    /// How old those of them are that stand in the chosen set, in seconds.
    pub ages: BTreeMap<String, u64>,
    /// Who counts the values; `None` for an estimate, as long as no vocabulary is there.
    pub counter: Option<ModelTokens>,
    /// What the user's message is put into.
    pub user_template: Option<String>,
    /// The model that would answer.
    pub model: Option<String>,
    /// What `[lint]` says.
    pub table: LintTable,
}

impl ToLint {
    /// What the open prompt is looked at with.
    pub fn of(draft: &Draft, table: &LintTable, today: Date) -> Self {
        Self {
            text: draft.text(),
            declarations: draft.values.declarations.clone(),
            values: draft.values.values.clone(),
            ages: draft.values.ages(today),
            counter: draft.counts.tally.as_ref().and_then(|tally| tally.counter),
            user_template: draft.config.user_template().map(str::to_owned),
            model: draft.config.model().map(str::to_owned),
            table: table.clone(),
        }
    }

    /// What the rules find, with the places in the panes. Takes time in proportion to the text.
    pub fn marks(&self) -> Vec<Mark> {
        let document = self.text.to_document();
        let text = document.to_text();
        let plain = Input::of(&text);
        let found = lint(&Input {
            declarations: &self.declarations,
            unknown_keys: &self.table.unknown_keys,
            values: Some(&self.values),
            user_template: self.user_template.as_deref().unwrap_or(plain.user_template),
            model: self.model.as_deref(),
            ages: &self.ages,
            tokens: self.counter.as_ref().map_or(&Estimate, |counter| counter as &dyn TokenCounter),
            levels: &self.table.levels,
            ..plain
        });
        let mut marks = placed(&document, &text, found);
        marks.sort_by_key(|mark| (mark.pane, mark.chars.0, std::cmp::Reverse(mark.finding.severity)));
        marks
    }
}

/// Findings of a whole text with their places in the panes. What stands in a heading is shown at the start of its pane.
fn placed(document: &Document, text: &str, found: Vec<Finding>) -> Vec<Mark> {
    // the findings come in the order of the text, so that each pane is walked through once
    let mut walks = [(0, 0, 0); 6];
    found
        .into_iter()
        .map(|finding| {
            let pane = pane_of(finding.section);
            let body = document.body_range(section_of(pane)).unwrap_or(0..0);
            let within = |at: usize| at.clamp(body.start, body.end);
            let (start, end) = (within(finding.range.start), within(finding.range.end));
            let walk = &mut walks[pane];
            if walk.0 < body.start || walk.0 > start {
                *walk = (body.start, 0, 0);
            }
            let (from, chars, lines) = *walk;
            let between = &text[from..start];
            let at = chars + between.chars().count();
            let line = lines + between.matches('\n').count();
            *walk = (start, at, line);
            let whole = &text[text[..finding.range.start].rfind('\n').map_or(0, |feed| feed + 1)..];
            let said = whole.split(['\n', '\r']).next().unwrap_or_default().trim();
            let said = if finding.range.is_empty() { finding.message.clone() } else { said.chars().take(80).collect() };
            Mark { pane, line, chars: (at, at + text[start..end].chars().count()), finding, said }
        })
        .collect()
}

impl Mark {
    /// All of it that is drawn beside the text.
    pub fn drawn(&self) -> (usize, usize, Severity) {
        (self.pane, self.line, self.finding.severity)
    }
}

impl Linting {
    /// Another prompt is open: nothing is known of it.
    pub fn begin(&mut self, table: LintTable) {
        let (revision, changes) = (self.revision + 1, self.changes + 1);
        *self = Self { table, revision, changes, due: self.due, under_way: self.under_way, ..Self::default() };
    }

    /// The worst of what stands in a line of a pane.
    pub fn worst(&self, pane: usize, line: usize) -> Option<Severity> {
        self.in_line(pane, line).map(|mark| mark.finding.severity).max()
    }

    /// What stands in a line of a pane, in order.
    pub fn in_line(&self, pane: usize, line: usize) -> impl Iterator<Item = &Mark> {
        let first = self.marks.partition_point(|mark| (mark.pane, mark.line) < (pane, line));
        self.marks[first..].iter().take_while(move |mark| (mark.pane, mark.line) == (pane, line))
    }

    /// The finding under the cursor of the focused text: the one that the cursor is in, else the first of its line.
    pub fn under_cursor(&self, draft: &Draft) -> Option<&Mark> {
        let PaneId::Text(pane) = draft.focus else { return None };
        let buffer = &draft.panes[pane];
        let (line, cursor) = (buffer.line_and_column().0 - 1, buffer.cursor());
        let inside = self.in_line(pane, line).find(|mark| (mark.chars.0..=mark.chars.1).contains(&cursor));
        inside.or_else(|| self.in_line(pane, line).next())
    }

    /// How many findings there are of each severity, the worst first, in words: "1 error, 2 notes".
    pub fn summary(&self) -> String {
        let count = |severity| self.marks.iter().filter(|mark| mark.finding.severity == severity).count();
        let said =
            [Severity::Error, Severity::Warning, Severity::Note].map(|severity| (count(severity), severity.word()));
        let said = said.into_iter().filter(|(count, _)| *count > 0);
        said.map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The sign of a severity: it says the same without colour.
pub fn sign(severity: Severity) -> char {
    match severity {
        Severity::Error => 'x',
        Severity::Warning => '!',
        Severity::Note => 'i',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(text: &str) -> Vec<(usize, usize, (usize, usize), &'static str)> {
        let opened = crate::tui::tests::prompt(text).into_opened("a");
        let marks = ToLint::of(&Draft::open(opened), &LintTable::default(), crate::tui::tests::TODAY).marks();
        marks.into_iter().map(|mark| (mark.pane, mark.line, mark.chars, mark.finding.rule.id)).collect()
    }

    #[test]
    fn a_finding_has_its_place_in_its_pane() {
        let text = "Lost é line now!!\n# Identity\r\n\r\nYou are é.\nAlways \u{200b}ask now!! and\n\n# Tone\n\nx\n";
        let found = marks(text);
        assert!(found.contains(&(0, 0, (0, 17), "unsorted-text")), "{found:?}");
        assert!(found.contains(&(1, 1, (18, 19), "invisible-characters")), "{found:?}");
    }

    #[test]
    fn a_missing_section_is_marked_in_its_empty_pane() {
        let found = marks("# Role\na\n# Tone\nb\n# Scope\nc\n# Format\nd for example\n");
        assert!(found.contains(&(5, 0, (0, 0), "section-missing")), "{found:?}");
    }

    #[test]
    fn findings_in_a_heading_are_at_the_start_of_the_pane() {
        let found = marks("# Role\na b\n# Safety Rails\n\n# Tone\nc\n");
        assert!(found.contains(&(5, 0, (0, 0), "section-empty")), "{found:?}");
    }
}
