//! A tag that opens and does not close, or closes what was never opened.

use std::collections::HashMap;

use crate::lint::view::{Kind, View, tag_name};
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "unbalanced-tag",
    group: Group::Hygiene,
    severity: Severity::Warning,
    summary: "a tag is not closed, or not opened",
    help: "write both: <name> and </name>",
    fixes: false,
    page: Page {
        what: "A tag that begins a line, or ends one, has no counterpart: `<context>` without `</context>`, or the other way \
               round. Tags that are only spoken of within a sentence are left alone.",
        why: "A fence around data that is open at one end is no fence: what follows belongs to it, your rules included.",
        before: "<context>\n{{documents}}\n\nAnswer from the context.\n",
        after: "<context>\n{{documents}}\n</context>\n\nAnswer from the context.\n",
    },
    phrases: &[],
    check,
};

/// Tags of HTML that have no end.
const VOID: [&str; 10] = ["br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "col"];

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    // by name: the tags that open on a line of their own and wait, and how many tags of each side there are
    let mut open: HashMap<&str, Vec<std::ops::Range<usize>>> = HashMap::new();
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
    let mut stray = Vec::new();
    for start in memchr::memchr_iter(b'<', view.text.as_bytes()) {
        let line = &view.lines[view.line_at(start)];
        if matches!(line.kind, Kind::Code | Kind::Fence) || start >= line.end {
            continue;
        }
        let rest = &view.text[start..line.end];
        let Some((name, closes)) = tag_name(rest) else { continue };
        let Some(length) = rest.find('>') else { continue };
        let (inner, range) = (&rest[..length], start..start + length + 1);
        let in_code = view.text[line.start..start].matches('`').count() % 2 == 1;
        if inner.ends_with('/') || VOID.contains(&name) || in_code {
            continue;
        }
        let count = counts.entry(name).or_default();
        let alone =
            view.text[line.content..start].trim().is_empty() || view.text[range.end..line.end].trim().is_empty();
        if closes {
            count.1 += 1;
            if open.get_mut(name).and_then(Vec::pop).is_none() && alone {
                stray.push((name, range));
            }
        } else {
            count.0 += 1;
            // `<name>` in an attribute-like form or a stand-in as <your name> is text
            let plain = inner.len() == name.len() + 1 || inner.contains('=');
            if plain && view.text[line.content..start].trim().is_empty() {
                open.entry(name).or_default().push(range);
            }
        }
    }
    for (name, range) in
        stray.into_iter().filter(|(name, _)| counts.get(name).is_some_and(|(opens, closes)| closes > opens))
    {
        out.at(range, format!("</{name}> closes what was never opened"));
    }
    // a map gives its names in any order, and of many findings only the first are listed
    let mut open: Vec<_> = open.into_iter().collect();
    open.sort_unstable_by_key(|(_, ranges)| ranges.first().map(|range| range.start));
    for (name, ranges) in open {
        let (opens, closes) = counts.get(name).copied().unwrap_or_default();
        for range in ranges.into_iter().rev().take(opens.saturating_sub(closes)) {
            // one word in angle brackets before a text is a stand-in unless the line is the tag alone
            let line = &view.lines[view.line_at(range.start)];
            if matches!(line.kind, Kind::Tag | Kind::Heading) || closes > 0 {
                out.at(range, format!("<{name}> is never closed"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_tag_without_its_counterpart_is_found() {
        one_at(&RULE, RULE.page.before, "1:1");
        one_at(&RULE, "text\n</context>\n", "2:1");
        one_at(&RULE, "<role>\nx\n", "1:1");
    }

    #[test]
    fn pairs_stand_ins_code_and_tags_that_are_spoken_of_are_left_alone() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "Put it in <answer> tags.\n<a href=\"x\">y</a><br>\n<your name>\nUse `<b>` here.\n");
        nothing(&RULE, "```\n<open>\n```\n<one><two>x</two></one>\n");
    }

    #[test]
    fn of_more_tags_than_are_listed_the_first_ones_are() {
        let lines: Vec<String> = (0..300).map(|n| format!("<tag{n}>")).collect();
        let said = crate::lint::trial::said(&RULE, &lines.join("\n"));
        assert!(said[0].starts_with("1:1 ") && said[199].starts_with("200:1 "), "{said:#?}");
    }
}
