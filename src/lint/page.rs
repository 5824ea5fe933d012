//! The pages of the rules, in Markdown: for `greenroom lint --explain` and for the documentation.

use std::fmt::Write as _;

use super::rule::{Group, Rule};
use super::rules;

/// The page of one rule.
pub fn page(rule: &Rule) -> String {
    let Rule { id, summary, help, page, .. } = rule;
    let fix = if rule.fixes { " · has a fix" } else { "" };
    format!(
        "# {id}\n\n{}: {summary}.\n\n*{} by default{fix}*\n\n## What it finds\n\n{}\n\n## Why it matters\n\n{}\n\n\
         ## What to do\n\n{}.\n\n## Before\n\n{}\n\n## After\n\n{}\n\n## Set it in `prompt.toml`\n\n\
         ```toml\n[lint]\n{id} = \"off\"   # or \"note\", \"warning\", \"error\"\n\n[[lint.allow]]\nrule = \"{id}\"\n\
         text = \"a part of the line it is found in\"\nreason = \"why that is all right here\"\n```\n",
        rule.group.title(),
        rule.severity,
        page.what,
        page.why,
        capital(help),
        fenced(page.before),
        fenced(page.after),
    )
}

/// The table of all rules, by group, as the documentation has it.
pub fn index() -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let _ = writeln!(text, "### {}\n\n| rule | level | finds | fix |\n| --- | --- | --- | --- |", group.title());
        for rule in rules::of(group) {
            let fix = if rule.fixes { "yes" } else { "" };
            let _ =
                writeln!(text, "| [`{0}`](lint/{0}.md) | {1} | {2} | {fix} |", rule.id, rule.severity, rule.summary);
        }
        text.push('\n');
    }
    text
}

/// `text` as a code block; what nobody sees is written as its number, so that the page shows it.
fn fenced(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        match crate::sanitize::visible(c) {
            Some(_) if c != '\n' && c != '\r' => {
                let _ = write!(shown, "<U+{:04X}>", u32::from(c));
            }
            Some(_) if c == '\r' => shown.push_str("<CR>"),
            _ => shown.push(c),
        }
    }
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}text\n{}\n{fence}", shown.trim_end_matches('\n'))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
