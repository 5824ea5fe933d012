//! A fact that will be wrong one day, and nobody will notice.

use crate::lint::view::{Kind, View};
use crate::lint::words::NUMBER;
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "dated-fact",
    group: Group::Meaning,
    severity: Severity::Note,
    summary: "a fact that grows old",
    help: "make it a variable with `freshness`, say until when it holds, or leave the time out",
    fixes: false,
    page: Page {
        what: "A year, or `currently`, `at the moment`, `as of`, `this year` and the like, in a statement of the prompt. \
               One finding a section.",
        why: "The prompt stays, the fact does not. A model that says in 2026 what was true in 2024 sounds sure of it.",
        before: "The price is currently 12 euros.\n",
        after: "The price is {{price}} euros.\n",
    },
    phrases: &[
        "currently",
        "as of",
        "at the moment",
        "at present",
        "nowadays",
        "these days",
        "this year",
        "last year",
        "next year",
        "this month",
        "recently",
        "until now",
        "knowledge cutoff",
        "cutoff date",
        "brand new",
    ],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let mut found: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
    for hit in view.hits(&RULE) {
        let sentence = &view.sentences[hit.sentence];
        let spoken =
            RULE.phrases[hit.phrase] == "currently" && about_the_user(view, hit.words.start, sentence.words.clone());
        let filled = view.text[view.range(&sentence.words)].contains("{{");
        if sentence.prose && !view.words[hit.words.start].literal && !spoken && !filled {
            found.push((hit.sentence, view.range(&hit.words)));
        }
    }
    for (number, sentence) in
        view.sentences.iter().enumerate().filter(|(_, sentence)| sentence.prose && sentence.has(NUMBER))
    {
        for word in &view.words[sentence.words.clone()] {
            if word.is(NUMBER) && word.end - word.start == 4 && !word.literal && is_year(view, word.start) {
                found.push((number, word.start..word.end));
            }
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    for same in found.chunk_by(|a, b| view.sentences[a.0].section == view.sentences[b.0].section) {
        let (_, range) = &same[0];
        let said = &view.text[range.clone()];
        let more =
            if same.len() > 1 { format!(" (and {} more in this section)", same.len() - 1) } else { String::new() };
        out.at(range.clone(), format!("\"{said}\" makes this a fact that grows old{more}"));
    }
}

/// Whether `currently` is said of what the user or the tool does at that moment, which a prompt may well say.
fn about_the_user(view: &View<'_>, at: usize, sentence: std::ops::Range<usize>) -> bool {
    let around = &view.words[at.saturating_sub(4).max(sentence.start)..(at + 5).min(sentence.end)];
    around.iter().any(|word| {
        let spelled = view.spelled(word).to_ascii_lowercase();
        matches!(
            spelled.as_str(),
            "user"
                | "users"
                | "user's"
                | "they"
                | "open"
                | "customer"
                | "you"
                | "selected"
                | "running"
                | "editing"
                | "working"
                | "viewing"
                | "active"
                | "being"
                | "loaded"
                | "if"
                | "whether"
                | "conversation"
        )
    })
}

/// Four digits that are a year of our time, not part of a date, a version, a range or a number.
fn is_year(view: &View<'_>, start: usize) -> bool {
    let bytes = view.text.as_bytes();
    let digits = &bytes[start..start + 4];
    let year = digits.iter().all(u8::is_ascii_digit)
        && (digits.starts_with(b"199") || digits.starts_with(b"20"))
        && digits[2] < b'5';
    if !year {
        return false;
    }
    let glued = |byte: Option<&u8>| {
        byte.is_some_and(|byte| matches!(byte, b'-' | b'/' | b':' | b'_' | b'$' | b'#' | b'@' | b'%' | b'+' | b'='))
    };
    let decimal = bytes.get(start + 4) == Some(&b'.') && bytes.get(start + 5).is_some_and(u8::is_ascii_digit);
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    let number = matches!(before, Some(b'.' | b',' | b'$')) || decimal;
    let unit = view.text[start + 4..].trim_start().bytes().take(2).collect::<Vec<_>>();
    let counted = [&b"to"[..], b"ch", b"wo", b"px", b"ms", b"MB", b"KB", b"li", b"by"].contains(&unit.as_slice());
    let line = &view.lines[view.line_at(start)];
    !glued(before) && !glued(bytes.get(start + 4)) && !number && !counted && line.kind == Kind::Text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn words_of_time_and_years_are_one_finding_a_section() {
        one_at(&RULE, RULE.page.before, "1:14");
        let one = one_at(&RULE, "The fair of 2025 is over. As of May 2025 the shop is closed.", "1:13");
        assert!(one.message.contains("2 more"), "{}", one.message);
    }

    #[test]
    fn dates_of_a_form_numbers_and_what_users_do_are_left_alone() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "Write dates as 2024-03-15. At most 2000 tokens, 2048 characters. Version 2.2020.1, $2025.");
        nothing(&RULE, "The file that the user currently has open.");
        nothing(&RULE, "The year is currently {{year}}.");
    }
}
