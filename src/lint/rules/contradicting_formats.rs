//! A form of the output that is asked for and forbidden.

use crate::lint::traits::holds_always;
use crate::lint::view::View;
use crate::lint::words::{MAKING, NEGATION, word};
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "contradicting-formats",
    group: Group::Meaning,
    severity: Severity::Warning,
    summary: "a form is asked for here and forbidden there",
    help: "keep one of the two, or say where each holds",
    fixes: false,
    page: Page {
        what: "One sentence asks for Markdown, bullets, tables, headings, emoji, HTML or JSON, and another forbids the same.",
        why: "Whatever shows the answer was built for one of the two, and the other one arrives some of the time.",
        before: "Use Markdown.\n\nDo not use Markdown.\n",
        after: "Use Markdown, without headings.\n",
    },
    phrases: &[
        "markdown",
        "bullets",
        "bullet points",
        "bulleted lists",
        "tables",
        "headings",
        "headers",
        "emoji",
        "emojis",
        "html",
        "json",
    ],
    check,
};

/// Phrases that mean the same.
const MEANING: [usize; 11] = [0, 1, 1, 1, 2, 3, 3, 4, 4, 5, 6];

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let mut asked: [Option<usize>; 7] = [None; 7];
    let mut forbidden: [Option<usize>; 7] = [None; 7];
    for hit in view.hits(&RULE) {
        let sentence = &view.sentences[hit.sentence];
        let words = &view.words[sentence.words.clone()];
        if !sentence.prose || view.words[hit.words.start].literal || !holds_always(words) {
            continue;
        }
        let before = &view.words[hit.words.start.saturating_sub(3).max(sentence.words.start)..hit.words.start];
        let near = &before[before.len().saturating_sub(2)..];
        let said = if before.iter().any(|word| word.is(NEGATION)) {
            &mut forbidden
        } else if near.iter().any(|word| word.is(MAKING)) && !before.iter().any(|known| known.hash == word("only")) {
            &mut asked
        } else {
            continue;
        };
        said[MEANING[hit.phrase]].get_or_insert(hit.words.start);
    }
    for (asked, forbidden) in asked.into_iter().zip(forbidden) {
        if let (Some(asked), Some(forbidden)) = (asked, forbidden) {
            let (first, second) = (asked.min(forbidden), asked.max(forbidden));
            let line = view.line_at(view.words[first].start) + 1;
            let what = view.spelled(&view.words[second]);
            let (here, there) = if second == asked { ("asked for", "forbidden") } else { ("forbidden", "asked for") };
            out.at(view.range(&(second..second + 1)), format!("{what} is {here} here and {there} on line {line}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_form_on_both_sides_is_found() {
        let one = one_at(&RULE, RULE.page.before, "3:12");
        assert_eq!(one.message, "Markdown is forbidden here and asked for on line 1");
        one_at(&RULE, "- Never use emojis.\n- Include emoji.\n", "2:11");
    }

    #[test]
    fn other_forms_and_conditions_are_left_alone() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "Use bullets for steps. Do not use bullets when one sentence is enough.");
    }
}
