//! A comparison as a page for a browser: one file without scripts and without anything from elsewhere.
//!
//! Everything that is not greenroom's own goes through [`escaped`]: no byte of a prompt becomes a tag, and what cannot be
//! seen is shown by a mark. A page never asks for anything: no script, no picture, no font, and every link stays in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use crate::cli::diff::beyond::Beyond;
use crate::cli::diff::columns::windows;
use crate::cli::diff::tables::beside;
use crate::diff::{Comparison, Row, RowKind, SectionDiff, Which};
use crate::library::Side;
use crate::prompt::SectionId;
use crate::prompt::lines::without_ending;
use crate::sanitize::visible;

/// Nothing is fetched, sent or run, whatever a text says.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Colours for light and dark, and for paper. Changed words differ by more than colour: they are underlined or struck.
const STYLE: &str = include_str!("page.css");

/// What stands around a comparison, where it is not a page by itself.
#[derive(Debug, Default)]
pub struct Around {
    /// The title of the page and its first heading; of a comparison by itself what is compared.
    pub title: Option<String>,
    /// HTML before the comparison.
    pub told: String,
    /// The parts of `told` that one can go to: id and name.
    pub parts: Vec<(&'static str, String)>,
    /// What was said about lines of the second text.
    pub marks: Marks,
    /// Whether there is nothing that the second text could be compared with: it is shown alone.
    pub alone: bool,
}

/// What was said about lines: by the first line, its last line and the numbers of the comments.
#[derive(Debug, Default)]
pub struct Marks(BTreeMap<usize, Vec<(usize, usize)>>);

impl Marks {
    /// Comment `number` is about the lines `first` to `last`, from 1.
    pub fn add(&mut self, number: usize, first: usize, last: usize) {
        self.0.entry(first).or_default().push((last, number));
    }

    /// The lines that something was said about, each once.
    fn lines(&self) -> Vec<usize> {
        let ranges = self.0.iter().flat_map(|(first, said)| said.iter().map(move |(last, _)| *first..=*last));
        let mut lines: Vec<usize> = Vec::new();
        for range in ranges {
            // they come by their first lines
            let from = lines.last().map_or(*range.start(), |last| (last + 1).max(*range.start()));
            lines.extend(from..=*range.end());
        }
        lines
    }
}

/// The whole page.
pub fn draw(comparison: &Comparison, states: [&Side; 2], beyond: &Beyond, around: &Around) -> String {
    let mut out = String::with_capacity(states.iter().map(|side| 3 * side.snapshot.text.len()).sum::<usize>() + 8192);
    let [from, to] = states.map(|state| escaped(&state.label));
    let (title, heading) = match &around.title {
        Some(title) => (escaped(title), escaped(title)),
        None => {
            (format!("{from} → {to}"), format!("<span class=\"from\">{from}</span> → <span class=\"to\">{to}</span>"))
        }
    };
    // writing to a string cannot fail
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{heading}</h1>\n"
    );
    ways(comparison, around, &mut out);
    out.push_str(if around.alone { "</header>\n<main class=\"alone\">\n" } else { "</header>\n<main>\n" });
    out.push_str(&around.told);
    summary(comparison, beyond, around, [&from, &to], &mut out);
    let texts = states.map(|state| &*state.snapshot.text);
    let page = Page { comparison, texts, labels: [&from, &to], marks: &around.marks, marked: around.marks.lines() };
    for section in &comparison.sections {
        page.section(section, &mut out);
    }
    beside(comparison, beyond, &mut out);
    let version = env!("CARGO_PKG_VERSION");
    let _ = writeln!(out, "</main>\n<footer><p>Made by greenroom {version}.</p></footer>\n</body>\n</html>");
    out
}

/// A way to each part of the page.
fn ways(comparison: &Comparison, around: &Around, out: &mut String) {
    out.push_str("<nav aria-label=\"Parts of this page\">\n<ul>\n");
    for (id, name) in &around.parts {
        let _ = writeln!(out, "<li><a href=\"#{id}\">{}</a></li>", escaped(name));
    }
    for section in &comparison.sections {
        let (id, title) = (id(section), escaped(title(section)));
        let words = if around.alone { String::new() } else { format!(": {}", section.in_words()) };
        let _ = writeln!(out, "<li><a href=\"#{id}\">{title}</a>{words}</li>");
    }
    out.push_str("<li><a href=\"#beside\">Beside the text</a></li>\n</ul>\n</nav>\n");
}

/// What the comparison comes to.
fn summary(comparison: &Comparison, beyond: &Beyond, around: &Around, labels: [&str; 2], out: &mut String) {
    let [from, to] = beyond.tokens;
    let cost = beyond.cost_in_words().map_or_else(String::new, |cost| format!(" A call: {}.", escaped(&cost)));
    if around.alone {
        let _ =
            writeln!(out, "<h2>The text</h2>\n<p>There is no version before it. Tokens, estimated: {to}.{cost}</p>");
        return;
    }
    if around.title.is_some() {
        let [old, new] = labels;
        let _ = writeln!(out, "<h2>What changed: {old} → {new}</h2>");
    }
    let bump = comparison.bump.id();
    let _ = writeln!(out, "<p>Suggested step: {bump}. Tokens, estimated: {from} → {to}.{cost}</p>");
    if comparison.same() {
        out.push_str("<p><strong>Nothing differs in the text and the config.</strong></p>\n");
    } else {
        out.push_str(
            "<p class=\"legend\"><del>removed</del> <ins>added</ins> <span class=\"moved\">moved</span></p>\n",
        );
    }
}

fn title(section: &SectionDiff) -> &'static str {
    section.id.map_or("Unsorted", SectionId::title)
}

fn id(section: &SectionDiff) -> &'static str {
    section.id.map_or("unsorted", SectionId::id)
}

struct Page<'a> {
    comparison: &'a Comparison,
    texts: [&'a str; 2],
    labels: [&'a str; 2],
    marks: &'a Marks,
    /// The lines of the second text that something was said about, rising.
    marked: Vec<usize>,
}

impl Page<'_> {
    fn section(&self, section: &SectionDiff, out: &mut String) {
        let (id, title) = (id(section), escaped(title(section)));
        let _ = writeln!(
            out,
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title} <small>{}</small></h2>",
            section.in_words()
        );
        let rows = &section.rows;
        let mut at = 0;
        let said = |row: &Row| row.number(Which::To).is_some_and(|line| self.marked.binary_search(&line).is_ok());
        for shown in windows(rows, |row| row.changed() || said(row)) {
            self.folded(&rows[at..shown.start], out);
            self.table(&rows[shown.clone()], "Lines", out);
            at = shown.end;
        }
        self.folded(&rows[at..], out);
        out.push_str("</section>\n");
    }

    /// Equal lines, out of sight until somebody asks.
    fn folded(&self, rows: &[Row], out: &mut String) {
        if rows.is_empty() {
            return;
        }
        let wrapped = rows.iter().filter(|row| !row.equal()).count();
        let more = if wrapped > 0 { format!(", {wrapped} of them wrapped anew") } else { String::new() };
        let lines = if rows.len() == 1 { "line" } else { "lines" };
        let _ = writeln!(out, "<details>\n<summary>{} equal {lines}{more}</summary>", rows.len());
        self.table(rows, "Equal lines", out);
        out.push_str("</details>\n");
    }

    fn table(&self, rows: &[Row], caption: &str, out: &mut String) {
        let [from, to] = self.labels;
        let _ = writeln!(
            out,
            "<table class=\"diff\">\n<caption>{caption}</caption>\n<thead><tr><th scope=\"col\">Line</th>\
             <th scope=\"col\">{from}</th><th scope=\"col\">Line</th><th scope=\"col\">{to}</th></tr></thead>\n<tbody>"
        );
        for row in rows {
            let _ = write!(out, "<tr class=\"{}\"", class(row.kind));
            let marks = row.number(Which::To).and_then(|line| Some((line, self.marks.0.get(&line)?)));
            if let Some((line, _)) = marks {
                let _ = write!(out, " id=\"line-{line}\"");
            }
            out.push('>');
            self.cell(row, Which::From, out);
            self.cell(row, Which::To, out);
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n</table>\n");
    }

    fn cell(&self, row: &Row, which: Which, out: &mut String) {
        let Some(line) = self.comparison.line(row, which) else {
            out.push_str("<td class=\"none\"></td><td class=\"none\"></td>");
            return;
        };
        let text = &self.texts[which as usize][line.range.clone()];
        let sign = row.sign(which);
        let _ = write!(out, "<td class=\"number\">{}{}</td><td>", escape_sign(sign), line.number);
        if which == Which::To {
            for (_, number) in self.marks.0.get(&line.number).into_iter().flatten() {
                let _ =
                    write!(out, "<a class=\"mark\" href=\"#c{number}\" title=\"to comment {number}\">{number}</a> ");
            }
        }
        let tag = if which == Which::From { "del" } else { "ins" };
        let whole = matches!(sign, '-' | '+');
        if whole {
            let _ = write!(out, "<{tag}>");
        }
        words(text, line.emphasis, tag, out);
        if whole {
            let _ = write!(out, "</{tag}>");
        }
        if let Some(note) = row.note(which) {
            let _ = write!(out, " <span class=\"note\">({note})</span>");
        }
        out.push_str("</td>");
    }
}

/// A line's text with its changed words in tags.
fn words(text: &str, emphasis: &[Range<usize>], tag: &str, out: &mut String) {
    let end = without_ending(text).len();
    let mut at = 0;
    for span in emphasis {
        out.push_str(&escaped(&text[at.min(end)..span.start.min(end)]));
        // a line ending that changed is shown by its mark
        let _ = write!(out, "<{tag}>{}</{tag}>", marked(&text[span.clone()]));
        at = span.end;
    }
    out.push_str(&escaped(&text[at.min(end)..end]));
}

fn class(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Equal => "equal",
        RowKind::Wrap => "wrapped",
        RowKind::MoveFrom | RowKind::MoveTo => "moved",
        RowKind::Delete | RowKind::Insert | RowKind::Replace => "whole",
        _ => "changed",
    }
}

/// `text` as HTML: no tag, no control byte; line feeds and tabs stay.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c => out.push(visible(c).unwrap_or(c)),
        }
    }
    out
}

/// The same for what changed: blanks, tabs and line endings that stand alone are made visible.
fn marked(text: &str) -> String {
    if !text.trim().is_empty() {
        return escaped(without_ending(text));
    }
    let shown = text.chars().map(|c| match c {
        ' ' => '·',
        '\t' => '→',
        '\r' => '␍',
        '\n' => '⏎',
        c => visible(c).unwrap_or(c),
    });
    shown.collect()
}

/// The sign of a row as HTML; a blank one is none.
fn escape_sign(sign: char) -> String {
    match sign {
        ' ' => String::new(),
        sign => format!("<span class=\"sign\">{}</span> ", escaped(&sign.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_becomes_a_tag_or_drives_anything() {
        assert_eq!(
            escaped("<script a=\"b\">&'\u{1b}[2J\u{202e}\t\n"),
            "&lt;script a=&quot;b&quot;&gt;&amp;&#39;␛[2J⤷\t\n"
        );
        assert_eq!(marked(" \t\r\n"), "·→␍⏎");
        assert_eq!(marked("a <b>\n"), "a &lt;b&gt;");
    }
}
