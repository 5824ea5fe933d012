//! `--compare`: the replies under two versions of a prompt, and the words by which they differ.

use std::fmt::Write as _;
use std::ops::Range;

use serde::Serialize;

use super::conversation::Outcome;
use super::document::Document;
use crate::cli::output::Output;
use crate::diff::{differing, unified};
use crate::prompt::wrap;
use crate::sanitize::one_line;

/// Columns narrower than this show nothing useful.
const NARROWEST: usize = 24;

/// One side: what was asked, and what came.
#[derive(Debug)]
pub(super) struct Side<'a> {
    /// As `customer_support@1.2.0`.
    pub reference: String,
    /// The same, with the model.
    pub label: String,
    pub outcomes: &'a [Outcome],
    pub document: Document<'a>,
}

/// The document of `--compare`.
#[derive(Debug, Serialize)]
pub(super) struct Compared<'a> {
    from: Told<'a>,
    to: Told<'a>,
    /// Whether the last replies are the same, byte for byte.
    same: bool,
    /// Bytes of the last replies that the other one does not have.
    words: Words,
}

#[derive(Debug, Serialize)]
struct Told<'a> {
    reference: String,
    #[serde(flatten)]
    document: Document<'a>,
}

#[derive(Debug, Serialize)]
struct Words {
    from: Vec<[usize; 2]>,
    to: Vec<[usize; 2]>,
}

impl<'a> Compared<'a> {
    /// Of two sides.
    pub fn of([from, to]: [Side<'a>; 2]) -> Self {
        let (left, right) = (last(from.outcomes), last(to.outcomes));
        let [mine, theirs] = differing(left, right)
            .map(|words| words.into_iter().map(|word| [word.start, word.end]).collect::<Vec<_>>());
        Self {
            same: left == right,
            words: Words { from: mine, to: theirs },
            from: Told { reference: from.reference, document: from.document },
            to: Told { reference: to.reference, document: to.document },
        }
    }
}

fn last(outcomes: &[Outcome]) -> &str {
    outcomes.last().map_or("", |outcome| outcome.reply.as_str())
}

/// Both replies for a person: in two columns on a terminal, as a patch in a pipe.
pub(super) fn show([from, to]: &[Side<'_>; 2], output: &Output) -> crate::error::Result<()> {
    let (left, right) = (last(from.outcomes), last(to.outcomes));
    let width = crossterm::terminal::size().map_or(100, |(columns, _)| usize::from(columns));
    let column = width.saturating_sub(3) / 2;
    if !output.terminal || column < NARROWEST {
        if left == right {
            output.note("the replies are the same");
        }
        return output.content(&unified(left, right, &from.label, &to.label));
    }
    let words = differing(left, right);
    let rows = [cells(left, &words[0], column, output, "31"), cells(right, &words[1], column, output, "32")];
    let mut page = String::new();
    let rule = output.sign("─");
    let bar = output.sign("│");
    let label = |side: &Side<'_>| cut(&one_line(&side.label), column);
    let _ = writeln!(page, "{} {bar} {}", output.strong(&label(from)), output.strong(&label(to)));
    let _ = writeln!(page, "{}", rule.repeat(column * 2 + 3));
    let blank = " ".repeat(column);
    for at in 0..rows[0].len().max(rows[1].len()) {
        let cell = |side: usize| rows[side].get(at).map_or(blank.as_str(), String::as_str);
        let _ = writeln!(page, "{} {bar} {}", cell(0), cell(1));
    }
    Output::raw(&page)?;
    if left == right {
        output.note("the replies are the same");
    }
    Ok(())
}

/// A label in exactly so many columns.
fn cut(text: &str, columns: usize) -> String {
    let end = wrap::rows(text, columns).first().map_or(0, |row| row.end);
    let shown = &text[..end];
    format!("{shown}{}", " ".repeat(columns.saturating_sub(wrap::width(shown))))
}

/// The rows of a reply, each exactly so wide, with what differs marked: by a colour, else by brackets, which fit because
/// the text is wrapped with them.
fn cells(text: &str, words: &[Range<usize>], column: usize, output: &Output, code: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let mut marked = String::new();
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut at = 0;
        for word in words.iter().filter(|word| word.start < start + line.len() && word.end > start) {
            let (from, to) = (word.start.max(start) - start, word.end.min(start + line.len()) - start);
            marked.push_str(&one_line(&line[at..from]));
            let begun = marked.len();
            let inner = one_line(&line[from..to]);
            if output.color {
                marked.push_str(&inner);
            } else {
                let _ = write!(marked, "[{inner}]");
            }
            spans.push(begun..marked.len());
            at = to;
        }
        marked.push_str(&one_line(&line[at..]));
        start += line.len() + 1;
        let ranges = wrap::rows(&marked, column);
        if ranges.is_empty() {
            rows.push(" ".repeat(column));
        }
        for range in ranges {
            let row = &marked[range.clone()];
            let mut cell = String::new();
            let mut from = range.start;
            for span in spans.iter().filter(|span| output.color && span.start < range.end && span.end > range.start) {
                let (begin, end) = (span.start.max(range.start), span.end.min(range.end));
                let _ = write!(cell, "{}\u{1b}[{code}m{}\u{1b}[0m", &marked[from..begin], &marked[begin..end]);
                from = end;
            }
            cell.push_str(&marked[from..range.end]);
            cell.push_str(&" ".repeat(column.saturating_sub(wrap::width(row))));
            rows.push(cell);
        }
    }
    rows
}
