//! A comparison as a page for a browser: one file without scripts and without anything from elsewhere.
//!
//! Everything that is not greenroom's own goes through [`escaped`]: no byte of a prompt becomes a tag, and what cannot be
//! seen is shown by a mark.

use std::fmt::Write as _;
use std::ops::Range;

use crate::cli::diff::beyond::Beyond;
use crate::cli::diff::columns::windows;
use crate::cli::diff::{setting, verdict};
use crate::diff::{Comparison, Row, RowKind, SectionDiff, Which};
use crate::library::{Changed, Side};
use crate::prompt::SectionId;
use crate::prompt::lines::without_ending;
use crate::sanitize::visible;

/// Colours for light and dark, and for paper. Changed words differ by more than colour: they are underlined or struck.
const STYLE: &str = include_str!("page.css");

/// The whole page; `told` is HTML that stands before the comparison.
pub fn draw(comparison: &Comparison, states: [&Side; 2], beyond: &Beyond, told: &str) -> String {
    let mut out = String::with_capacity(states.iter().map(|side| 3 * side.snapshot.text.len()).sum::<usize>() + 8192);
    let [from, to] = states.map(|state| escaped(&state.label));
    // writing to a string cannot fail
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{from} → {to}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1><span class=\"from\">{from}</span> → \
         <span class=\"to\">{to}</span></h1>\n"
    );
    summary(comparison, beyond, &mut out);
    out.push_str("</header>\n<main>\n");
    out.push_str(told);
    let page = Page { comparison, texts: states.map(|state| &*state.snapshot.text), labels: [&from, &to] };
    for section in &comparison.sections {
        page.section(section, &mut out);
    }
    beside(comparison, beyond, &mut out);
    out.push_str("</main>\n<footer><p>Made by greenroom.</p></footer>\n</body>\n</html>\n");
    out
}

/// What it comes to, and a way to each section.
fn summary(comparison: &Comparison, beyond: &Beyond, out: &mut String) {
    let [from, to] = beyond.tokens;
    let cost = beyond.cost_in_words().map_or_else(String::new, |cost| format!(" A call: {}.", escaped(&cost)));
    let _ = writeln!(out, "<p>{}. Tokens, estimated: {from} → {to}.{cost}</p>", escaped(&verdict(comparison)));
    if comparison.same() {
        out.push_str("<p><strong>Nothing differs in the text and the config.</strong></p>\n");
    }
    out.push_str("<nav aria-label=\"Sections\">\n<ul>\n");
    for section in &comparison.sections {
        let _ = writeln!(
            out,
            "<li><a href=\"#{}\">{}</a>: {}</li>",
            id(section),
            escaped(title(section)),
            section.in_words()
        );
    }
    out.push_str("<li><a href=\"#beside\">Beside the text</a></li>\n</ul>\n</nav>\n");
    out.push_str("<p class=\"legend\"><del>removed</del> <ins>added</ins> <span class=\"moved\">moved</span></p>\n");
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
        for shown in windows(rows) {
            self.folded(&rows[at..shown.start], out);
            self.table(&rows[shown.clone()], "What changed", out);
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
            let _ = write!(out, "<tr class=\"{}\">", class(row.kind));
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
        RowKind::Equal | RowKind::Wrap => "equal",
        RowKind::MoveFrom | RowKind::MoveTo => "moved",
        RowKind::Delete | RowKind::Insert | RowKind::Replace => "whole",
        _ => "changed",
    }
}

/// Config, variables, value sets, findings: a table each where something differs.
fn beside(comparison: &Comparison, beyond: &Beyond, out: &mut String) {
    out.push_str("<section aria-labelledby=\"beside\">\n<h2 id=\"beside\">Beside the text</h2>\n");
    let before = out.len();
    let config: Vec<Changed> = comparison
        .config
        .iter()
        .map(|change| {
            let value = |value: &Option<serde_json::Value>| value.as_ref().map(|value| setting(Some(value)));
            Changed { what: change.key.clone(), from: value(&change.from), to: value(&change.to) }
        })
        .collect();
    let used = |name: &String, there: bool| Changed {
        what: format!("{{{{{name}}}}}"),
        from: (!there).then(|| "used".to_owned()),
        to: there.then(|| "used".to_owned()),
    };
    let names = &comparison.variables;
    let variables: Vec<Changed> = names
        .removed
        .iter()
        .map(|name| used(name, false))
        .chain(names.added.iter().map(|name| used(name, true)))
        .collect();
    changes("config.json", &config, out);
    changes("Variables in the text", &variables, out);
    let [(_, declared), (_, sets)] = beyond.tables();
    changes("Declared variables", declared, out);
    changes("Value sets", sets, out);
    if beyond.findings().next().is_some() {
        out.push_str(
            "<table>\n<caption>Lint</caption>\n<thead><tr><th scope=\"col\"></th><th scope=\"col\">Rule</th>\
             <th scope=\"col\">Line</th><th scope=\"col\">Finding</th></tr></thead>\n<tbody>\n",
        );
        for (sign, found) in beyond.findings() {
            let word = if sign == '-' { "gone" } else { "appeared" };
            let _ = writeln!(
                out,
                "<tr><td>{word}</td><th scope=\"row\">{}: {}</th><td>{}</td><td>{}</td></tr>",
                found.severity.word(),
                found.rule.id,
                found.line,
                escaped(&found.message)
            );
        }
        out.push_str("</tbody>\n</table>\n");
    }
    if out.len() == before {
        out.push_str("<p>Nothing differs: config, variables, value sets and lint findings are the same.</p>\n");
    }
    out.push_str("</section>\n");
}

fn changes(caption: &str, changes: &[Changed], out: &mut String) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "<table>\n<caption>{caption}</caption>\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Was</th>\
         <th scope=\"col\">Is</th></tr></thead>\n<tbody>"
    );
    for change in changes {
        let shown = |value: &Option<String>, tag: &str| {
            value.as_deref().map_or_else(|| "–".to_owned(), |value| format!("<{tag}>{}</{tag}>", escaped(value)))
        };
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
            escaped(&change.what),
            shown(&change.from, "del"),
            shown(&change.to, "ins")
        );
    }
    out.push_str("</tbody>\n</table>\n");
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
