//! A request that is refused without a word on what to do instead.

use crate::lint::view::{Sentence, View};
use crate::lint::words::{ALTERNATIVE, GRANTING, word};
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "bare-prohibition",
    group: Group::Meaning,
    severity: Severity::Note,
    summary: "a prohibition says not what to do instead",
    help: "say what to do instead: … ; instead, name the page, hand over, or say in one sentence that you cannot",
    fixes: false,
    page: Page {
        what: "`Do not discuss`, `never give`, `don't help with`: something that users ask for is forbidden, and neither \
               the sentence nor its neighbours say what happens then. One finding a section.",
        why: "The user still asks. A model that only knows what not to do falls silent, lectures, or finds a way round.",
        before: "# Scope\n\nDo not give legal advice.\n",
        after: "# Scope\n\nDo not give legal advice; name the customer's contact in the account team instead.\n",
    },
    phrases: &["do not", "don't", "never", "must not", "cannot", "can't", "avoid"],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    // what a whole block says, so that a neighbour's alternative counts
    let mut last = None;
    for hit in view.hits(&RULE) {
        let sentence = &view.sentences[hit.sentence];
        let next = view.words[hit.words.end..sentence.words.end].first();
        let granting = next.is_some_and(|word| word.is(GRANTING) && !word.literal);
        if !sentence.prose
            || !granting
            || last == Some(sentence.section)
            || answered(view, hit.sentence, hit.words.end + 1)
        {
            continue;
        }
        last = Some(sentence.section);
        let end = (hit.words.end + 4).min(sentence.words.end);
        let said = view.range(&(hit.words.start..end));
        let act: String = view.text[said.clone()].chars().take(50).collect();
        out.at(said, format!("\"{act}…\" forbids what users ask for, and nothing says what to do instead"));
    }
}

/// Whether the sentence, those around it in the same paragraph or item, or the heading of its list say what to do.
fn answered(view: &View<'_>, number: usize, from: usize) -> bool {
    const BEFORE: usize = 2;
    let sentence = &view.sentences[number];
    let alternative = |words: &[crate::lint::view::Word]| words.iter().any(|word| word.is(ALTERNATIVE));
    let own = &view.words[from.min(sentence.words.end)..sentence.words.end];
    let gap = view.range(&sentence.words);
    if alternative(own) || view.text[gap].contains([':', ';']) {
        return true;
    }
    let near = |other: &Sentence| other.block == sentence.block;
    let others = view.sentences[number.saturating_sub(BEFORE)..].iter().take(2 * BEFORE + 1);
    let mut neighbours = others.filter(|other| near(other) && other.words != sentence.words);
    if neighbours.any(|other| alternative(&view.words[other.words.clone()])) {
        return true;
    }
    // a list's own line: "You cannot, and this is what you do instead:"
    let mut before = view.sentences[..number].iter().rev().take(40);
    let head = before.find(|other| !view.lines[other.line].item && other.block != sentence.block);
    let item = view.lines[sentence.line].item;
    item && head.is_some_and(|head| view.words[head.words.clone()].iter().any(|known| known.hash == word("instead")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_refusal_without_a_way_on_is_found_once_a_section() {
        one_at(&RULE, RULE.page.before, "3:1");
        one_at(&RULE, "- Never discuss prices.\n- Never share internal names.\n", "1:3");
    }

    #[test]
    fn a_way_on_in_the_sentence_next_to_it_or_above_the_list_is_enough() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "Do not discuss prices. Point to the price list.");
        nothing(&RULE, "What you cannot do, and what you do instead:\n- Never discuss prices; the list is public.\n");
        nothing(&RULE, "Never guess at a menu.");
    }
}
