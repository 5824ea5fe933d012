//! An opened run as rows: its messages and its reply, or its prompt then and now.

use crate::history::{Rating, Run};
use crate::prompt::wrap;
use crate::tui::changes::ChangeRow;
use crate::tui::past::{Side, Whole};
use crate::tui::play::transcript::{LineKind, finish_words};

/// So many bytes of a text are shown; the rest is told, and exported.
const MOST_BYTES: usize = 64 << 10;

/// A row of an opened run.
#[derive(Debug, Clone, PartialEq)]
pub enum PastRow<'a> {
    /// Somebody's words.
    Said(String, LineKind),
    /// What is told about them.
    Told(String),
    /// A line between two parts, with the name of the second.
    Rule(&'static str),
    /// What differs in the prompt.
    Change(&'a ChangeRow),
}

/// The rows of a side in so many columns.
pub fn rows(whole: &Whole, side: Side, width: usize) -> Vec<PastRow<'_>> {
    let mut rows = Vec::new();
    match side {
        Side::Talk => {
            for (index, turn) in whole.run.turns.iter().enumerate() {
                if index > 0 {
                    rows.push(PastRow::Told(String::new()));
                }
                if turn.role == "user" {
                    said(&turn.content, LineKind::User, width, &mut rows);
                } else {
                    said(&turn.content, LineKind::Reply, width, &mut rows);
                }
            }
            rows.push(PastRow::Rule("reply"));
            if let Some(message) = whole.run.failure.get("message").and_then(|message| message.as_str()) {
                said(&format!("error: {message}"), LineKind::Failure, width, &mut rows);
            }
            if whole.run.reply.is_empty() {
                rows.push(PastRow::Told("nothing came".to_owned()));
            }
            said(&whole.run.reply, LineKind::Reply, width, &mut rows);
        }
        Side::Prompt => {
            told(&whole.against.note, width, &mut rows);
            if !whole.against.changes.rows.is_empty() {
                rows.push(PastRow::Told(String::new()));
            }
            rows.extend(whole.against.changes.rows.iter().map(PastRow::Change));
            rows.push(PastRow::Rule("the prompt as it was sent"));
            said(&whole.run.system, LineKind::Reply, width, &mut rows);
        }
    }
    rows
}

fn told(text: &str, width: usize, rows: &mut Vec<PastRow<'_>>) {
    rows.extend(wrap::rows(text, width).into_iter().map(|at| PastRow::Told(text[at].to_owned())));
}

fn said(text: &str, kind: LineKind, width: usize, rows: &mut Vec<PastRow<'_>>) {
    let end = text.floor_char_boundary(MOST_BYTES);
    let (shown, rest) = text.split_at(end);
    let indent = if kind == LineKind::User { 2 } else { 0 };
    for (index, line) in shown.split('\n').enumerate().filter(|_| !shown.is_empty()) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        for (at, piece) in wrap::rows(line, width.saturating_sub(indent).max(1)).into_iter().enumerate() {
            let mark = match (kind, index, at) {
                (LineKind::User, 0, 0) => "> ",
                (LineKind::User, ..) => "  ",
                _ => "",
            };
            rows.push(PastRow::Said(format!("{mark}{}", &line[piece]), kind));
        }
    }
    if !rest.is_empty() {
        let count = rest.chars().count();
        told(&format!("and {count} characters more, which an export has"), width, rows);
    }
}

/// How a run went, in one line.
pub fn facts(run: &Run, when: &str) -> String {
    let version = if run.version == "draft" { "draft".to_owned() } else { format!("v{}", run.version) };
    let mut parts = vec![when.to_owned(), version, run.model.clone()];
    let ended = crate::model::Finish::ALL.into_iter().find(|known| known.id() == run.finish);
    parts.push(ended.map_or_else(|| run.finish.clone(), |finish| finish_words(finish).to_owned()));
    let seconds = |ms: u64| format!("{:.2}s", ms as f64 / 1000.0);
    parts.extend(run.first_ms.map(|ms| format!("first {}", seconds(ms))));
    parts.push(seconds(run.total_ms));
    if let (Some(input), Some(output)) = (run.usage.input, run.usage.output) {
        parts.push(format!("{input} in, {output} out"));
    }
    parts.extend(run.cost.filter(|cost| *cost > 0.0).map(|cost| format!("${cost:.4}")));
    parts.extend(run.params.as_object().into_iter().flatten().map(|(name, value)| format!("{name} {value}")));
    parts.extend(run.rating.map(|rating| match rating {
        Rating::Good => "+ rated good".to_owned(),
        Rating::Bad => "- rated bad".to_owned(),
    }));
    parts.join(" · ")
}
