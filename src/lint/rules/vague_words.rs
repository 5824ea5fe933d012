//! Words that a model cannot act on.

use crate::lint::view::Hit;
use crate::lint::{Group, Input, Page, Rule, Severity, View, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "vague-words",
    group: Group::Meaning,
    severity: Severity::Note,
    summary: "words that a model cannot act on",
    help: "say what to do, how much, or in which case",
    fixes: false,
    page: Page {
        what: "`as appropriate`, `if necessary`, `etc.`, `try your best`, `high quality` and the like, in an instruction. \
               One finding a section names them.",
        why: "Everyone agrees with such a rule and nobody can check it: neither the model nor a test knows when it was \
              followed.",
        before: "# Tone\n\nRespond appropriately and use examples as needed.\n",
        after: "# Tone\n\nRespond in two sentences, and give an example when you use a term of the product.\n",
    },
    phrases: &[
        "etc",
        "and so on",
        "and so forth",
        "as appropriate",
        "if appropriate",
        "where appropriate",
        "when appropriate",
        "appropriately",
        "as needed",
        "if needed",
        "as necessary",
        "if necessary",
        "where necessary",
        "when necessary",
        "try your best",
        "do your best",
        "be helpful",
        "be smart",
        "be good",
        "common sense",
        "best judgment",
        "best judgement",
        "good judgment",
        "high quality",
        "world class",
        "best in class",
        "in a timely manner",
        "as much as possible",
        "as far as possible",
        "properly",
        "user friendly",
        "reasonable amount",
        "be nice",
        "be reasonable",
        "a good job",
        "great answers",
        "good answers",
        "perfect answers",
        "the best possible",
    ],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let said: Vec<_> = view
        .hits(&RULE)
        .iter()
        .filter(|hit| view.sentences[hit.sentence].prose && !view.words[hit.words.start].literal)
        // "(Word, Excel, etc.)" lists examples and asks for nothing
        .filter(|hit| RULE.phrases[hit.phrase] != "etc" || !in_parentheses(view, view.words[hit.words.start].start))
        .collect();
    for same in said.chunk_by(|a, b| view.sentences[a.sentence].section == view.sentences[b.sentence].section) {
        let mut phrases: Vec<&str> = Vec::new();
        for hit in same {
            let phrase = RULE.phrases[hit.phrase];
            if !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
        let listed: Vec<String> = phrases.iter().take(4).map(|phrase| format!("\"{phrase}\"")).collect();
        let line = |hit: &Hit| view.line_at(view.words[hit.words.start].start) + 1;
        let mut lines: Vec<usize> = same.iter().map(|hit| line(hit)).filter(|one| *one != line(same[0])).collect();
        lines.dedup();
        let shown: Vec<String> = lines.iter().take(4).map(ToString::to_string).collect();
        let more = match lines.len() {
            0 => String::new(),
            1..=4 => format!(" (also on line {})", shown.join(", ")),
            _ => format!(" (also on line {}, …)", shown.join(", ")),
        };
        out.at(view.range(&same[0].words), format!("a model cannot act on {}{more}", listed.join(", ")));
    }
}

fn in_parentheses(view: &View<'_>, at: usize) -> bool {
    let before = &view.text[view.lines[view.line_at(at)].start..at];
    before.matches('(').count() > before.matches(')').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn the_vague_words_of_a_section_are_one_finding() {
        let one = one_at(&RULE, RULE.page.before, "3:9");
        assert_eq!(one.message, "a model cannot act on \"appropriately\", \"as needed\"");
    }

    #[test]
    fn quoted_words_and_exact_rules_are_left_alone() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "Open documents of an office suite (texts, tables, etc.).");
        nothing(&RULE, "Never write \"as needed\" in a recipe.");
    }
}
