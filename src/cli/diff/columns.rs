//! A comparison in two columns, as the workbench shows it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use crate::cli::diff::beyond::Beyond;
use crate::cli::diff::{setting, verdict};
use crate::cli::output::Output;
use crate::diff::{Comparison, Row, SectionDiff, Which};
use crate::library::Side as State;
use crate::prompt::SectionId;
use crate::prompt::lines::without_ending;
use crate::prompt::wrap;
use crate::sanitize::one_line;

/// Equal rows that stay around a changed one.
const CONTEXT: usize = 3;
/// A column narrower than this shows nothing useful.
const NARROWEST: usize = 12;

/// The whole comparison, `width` columns wide.
pub fn draw(comparison: &Comparison, states: [&State; 2], beyond: &Beyond, width: usize, output: &Output) -> String {
    let numbers = comparison.digits();
    let gutter = 1 + numbers + 1;
    let column = (width.saturating_sub(3) / 2).max(gutter + NARROWEST);
    let texts = states.map(|state| &*state.snapshot.text);
    let page = Page { comparison, texts, numbers, column, text: column - gutter, output };
    let mut out = String::new();
    let names = states.map(|state| one_line(&state.label).into_owned());
    page.header(&mut out, &format!("{} -> {}", names[0], names[1]));
    let draw = |sections: &[SectionDiff], out: &mut String| {
        for section in sections {
            page.section(section, out);
        }
    };
    let (first, second) = halves(&comparison.sections);
    if second.iter().map(|section| section.rows.len()).sum::<usize>() < WORTH_A_THREAD {
        draw(&comparison.sections, &mut out);
    } else {
        std::thread::scope(|scope| {
            let second = scope.spawn(|| {
                let mut out = String::new();
                draw(second, &mut out);
                out
            });
            draw(first, &mut out);
            out.push_str(&second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        });
    }
    page.footer(beyond, &mut out);
    out
}

/// From how many rows on a second thread is worth its start.
const WORTH_A_THREAD: usize = 4_000;

/// The sections in two parts with about as many rows.
fn halves(sections: &[SectionDiff]) -> (&[SectionDiff], &[SectionDiff]) {
    let all: usize = sections.iter().map(|section| section.rows.len()).sum();
    let mut before = 0;
    let first = sections.iter().take_while(|section| {
        before += section.rows.len();
        2 * before <= all
    });
    sections.split_at(first.count())
}

struct Page<'a> {
    comparison: &'a Comparison,
    texts: [&'a str; 2],
    /// Columns of a line number.
    numbers: usize,
    /// Columns of a side, and of its text alone.
    column: usize,
    text: usize,
    output: &'a Output,
}

/// A line's text with the signs around its changes, and which bytes of that changed.
struct Shown<'a> {
    text: Cow<'a, str>,
    marked: Vec<Range<usize>>,
}

/// A line, and the rows it is wrapped to.
type Side<'a> = (Shown<'a>, Vec<Range<usize>>);

impl Page<'_> {
    fn header(&self, out: &mut String, title: &str) {
        let (on, off) = self.style("\x1b[1m");
        let _ = writeln!(out, "{on}{title}{off}");
    }

    fn section(&self, section: &SectionDiff, out: &mut String) {
        let title = section.id.map_or("Unsorted", SectionId::title);
        let changes = if section.rows.iter().all(Row::equal) { "=".to_owned() } else { section.in_words() };
        let rule = self.output.sign("─").repeat((2 * self.column + 3).saturating_sub(title.len() + changes.len() + 6));
        self.header(out, &format!("{} {title}  {changes} {rule}", self.output.sign("──")));
        if section.changes == 0 {
            return;
        }
        let rows = &section.rows;
        let mut at = 0;
        for shown in windows(rows, Row::changed) {
            self.skipped(&rows[at..shown.start], out);
            for row in &rows[shown.clone()] {
                self.row(row, out);
            }
            at = shown.end;
        }
        self.skipped(&rows[at..], out);
    }

    fn skipped(&self, rows: &[Row], out: &mut String) {
        let count = rows.len();
        if count > 0 {
            let (on, off) = self.style("\x1b[2m");
            let lines = if count == 1 { "line" } else { "lines" };
            let wrapped = match rows.iter().filter(|row| !row.equal()).count() {
                0 => String::new(),
                wrapped => format!(", {wrapped} of them wrapped anew"),
            };
            let _ = writeln!(out, "{on}  {} {count} equal {lines}{wrapped}{off}", self.output.sign("…"));
        }
    }

    fn row(&self, row: &Row, out: &mut String) {
        let from = self.side(row, Which::From);
        // equal lines look alike
        let other = if row.equal() { None } else { self.side(row, Which::To) };
        let to = if row.equal() { from.as_ref() } else { other.as_ref() };
        let rows = |side: Option<&Side<'_>>| side.map_or(0, |(_, rows)| rows.len());
        for index in 0..rows(from.as_ref()).max(rows(to)) {
            let used = self.cell(row, Which::From, from.as_ref(), index, out);
            blanks(self.column.saturating_sub(used), out);
            out.push_str(&self.output.sign(" │ "));
            self.cell(row, Which::To, to, index, out);
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
        }
    }

    /// The line on one side, and the rows it is wrapped to.
    fn side(&self, row: &Row, which: Which) -> Option<Side<'_>> {
        let line = self.comparison.line(row, which)?;
        let text = &self.texts[which as usize][line.range];
        let mut shown = self.shown(text, line.emphasis, which);
        if let Some(note) = row.note(which) {
            shown.text.to_mut().extend(["  (", &note, ")"]);
        }
        let rows = wrap::rows(&shown.text, self.text);
        Some((shown, rows))
    }

    /// Changed words are marked by signs where colour cannot; a changed line ending is made visible.
    fn shown<'a>(&self, line: &'a str, emphasis: &[Range<usize>], which: Which) -> Shown<'a> {
        if emphasis.is_empty() {
            return Shown { text: Cow::Borrowed(without_ending(line)), marked: Vec::new() };
        }
        let (open, close) = match which {
            _ if self.output.color => ("", ""),
            Which::From => ("[-", "-]"),
            Which::To => ("{+", "+}"),
        };
        let mut text = String::with_capacity(line.len() + 4 * emphasis.len());
        let mut marked = Vec::with_capacity(emphasis.len());
        let mut at = 0;
        for span in emphasis {
            text.push_str(&line[at..span.start]);
            let start = text.len();
            text.extend([open, &one_line(&line[span.clone()]), close]);
            marked.push(start..text.len());
            at = span.end;
        }
        text.push_str(without_ending(&line[at..]));
        Shown { text: Cow::Owned(text), marked }
    }

    /// Draws one row of one side and gives the columns it takes.
    fn cell(&self, row: &Row, which: Which, side: Option<&Side<'_>>, index: usize, out: &mut String) -> usize {
        let Some((shown, range)) = side.and_then(|(shown, rows)| Some((shown, rows.get(index)?.clone()))) else {
            return 0;
        };
        let (line_style, word_style) = match (row.sign(which), which) {
            (' ', _) => ("", ""),
            ('<' | '>', _) => ("\x1b[35m", "\x1b[35m"),
            (_, Which::From) => ("\x1b[31m", "\x1b[31;7m"),
            (_, Which::To) => ("\x1b[32m", "\x1b[32;7m"),
        };
        let (on, off) = self.style(line_style);
        out.push_str(on);
        match row.number(which).filter(|_| index == 0) {
            Some(number) => {
                let _ = write!(out, "{}{number:>width$} ", row.sign(which), width = self.numbers);
            }
            None => blanks(1 + self.numbers + 1, out),
        }
        let mut column = 0;
        let mut at = range.start;
        let marked = shown.marked.iter().filter(|span| span.start < range.end && span.end > range.start);
        for span in marked {
            let (start, end) = (span.start.max(range.start), span.end.min(range.end));
            column = draw_text(&shown.text[at..start], column, self.text, out);
            let (word_on, word_off) = self.style(word_style);
            out.push_str(word_on);
            column = draw_text(&shown.text[start..end], column, self.text, out);
            out.extend([word_off, on]);
            at = end;
        }
        column = draw_text(&shown.text[at..range.end], column, self.text, out);
        out.push_str(off);
        1 + self.numbers + 1 + column
    }

    fn style(&self, style: &'static str) -> (&'static str, &'static str) {
        if self.output.color && !style.is_empty() { (style, "\x1b[0m") } else { ("", "") }
    }

    /// What changed beside the text, and what it comes to.
    fn footer(&self, beyond: &Beyond, out: &mut String) {
        let comparison = self.comparison;
        if !comparison.config.is_empty() {
            self.header(out, &format!("{} config.json", self.output.sign("──")));
        }
        for change in &comparison.config {
            let [from, to] = [&change.from, &change.to].map(|value| setting(value.as_ref()));
            let _ = writeln!(out, "~ {}  {from} -> {to}", one_line(&change.key));
        }
        let names = &comparison.variables;
        if !names.is_empty() {
            self.header(out, &format!("{} variables", self.output.sign("──")));
        }
        for (sign, names) in [('-', &names.removed), ('+', &names.added)] {
            for name in names {
                let _ = writeln!(out, "{sign} {{{{{name}}}}}");
            }
        }
        for (title, changes) in beyond.beside.tables() {
            if !changes.is_empty() {
                self.header(out, &format!("{} {title}", self.output.sign("──")));
            }
            for change in changes {
                let [from, to] = [&change.from, &change.to].map(|value| value.as_deref().unwrap_or("-"));
                let _ = writeln!(out, "~ {}  {} -> {}", one_line(&change.what), short(from), short(to));
            }
        }
        if beyond.findings().next().is_some() {
            self.header(out, &format!("{} lint", self.output.sign("──")));
        }
        for (sign, found) in beyond.findings() {
            let rule = format!("  [{} {}]", found.severity.word(), found.rule.id);
            let room = (2 * self.column + 3).saturating_sub(rule.len());
            let text = cut(&format!("{sign} line {}: {}", found.line, one_line(&found.message)), room);
            let _ = writeln!(out, "{text}{rule}");
        }
        let [from, to] = beyond.tokens;
        let cost = beyond.cost_in_words().map_or_else(String::new, |cost| format!("; a call: {cost}"));
        let _ = writeln!(out, "{}; tokens, estimated: {from} -> {to}{cost}", verdict(comparison));
        if comparison.coarse {
            let _ = writeln!(out, "there was so much to compare that some changes are marked in one piece");
        }
    }
}

/// A value on one line, with its beginning only where it is long.
fn short(value: &str) -> String {
    cut(&one_line(value), 60)
}

/// The beginning of a line that is too long for so many columns.
fn cut(line: &str, columns: usize) -> String {
    match line.char_indices().nth(columns) {
        Some(_) => line.chars().take(columns.saturating_sub(1)).chain(['…']).collect(),
        None => line.to_owned(),
    }
}

/// Adds that many blanks.
fn blanks(count: usize, out: &mut String) {
    const BLANKS: &str = "                                                                ";
    let mut left = count;
    while left > 0 {
        let some = left.min(BLANKS.len());
        out.push_str(&BLANKS[..some]);
        left -= some;
    }
}

/// Adds `text`, made safe for a terminal and with its tabs as blanks, from `column` on; gives the column after it. The
/// blank that hangs over the edge of a wrapped row is left out.
fn draw_text(text: &str, mut column: usize, edge: usize, out: &mut String) -> usize {
    if wrap::is_plain(text) {
        let shown = &text[..text.len().min(edge - column)];
        out.push_str(shown);
        return column + shown.len();
    }
    for glyph in wrap::glyphs(text) {
        let full = glyph.width(column);
        let width = full.min(edge - column);
        match glyph.shown {
            wrap::Shown::Text(text) if width == full => out.push_str(text),
            wrap::Shown::Mark(mark) if width == full => out.push(mark),
            _ => blanks(width, out),
        }
        column += width;
    }
    column
}

/// The runs of rows that are shown: those that `matter`, with some context. A single row is never left out: it takes no
/// less room than the words about it.
pub fn windows(rows: &[Row], matter: impl Fn(&Row) -> bool) -> Vec<Range<usize>> {
    let mut windows: Vec<Range<usize>> = Vec::new();
    for (index, _) in rows.iter().enumerate().filter(|(_, row)| matter(row)) {
        let (start, end) = (index.saturating_sub(CONTEXT), (index + 1 + CONTEXT).min(rows.len()));
        let end = if end + 1 == rows.len() { rows.len() } else { end };
        match windows.last_mut() {
            Some(last) if last.end + 1 >= start => last.end = end,
            _ => windows.push(if start == 1 { 0 } else { start }..end),
        }
    }
    windows
}
