//! Capital letters and exclamation marks instead of reasons.

use crate::lint::view::{Sentence, View};
use crate::lint::words::{CAPITALS, word};
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "shouting",
    group: Group::Meaning,
    severity: Severity::Note,
    summary: "the text shouts",
    help: "say it once in plain words, with the reason; a rule with its reason is followed better than a loud one",
    fixes: false,
    page: Page {
        what: "Four or more words in capitals one after the other, two exclamation marks, or many single words such as \
               NEVER, MUST and IMPORTANT. One finding a text.",
        why: "Where everything is loud, nothing is. Current models follow plain words, and overdo what is shouted at them.",
        before: "NEVER EVER GIVE A DISCOUNT!!\n",
        after: "Give no discounts: only billing may, and customers are told so.\n",
    },
    phrases: &[
        "must",
        "never",
        "always",
        "not",
        "only",
        "important",
        "critical",
        "warning",
        "strictly",
        "absolutely",
        "mandatory",
        "required",
        "forbidden",
        "all",
        "every",
        "do",
        "no",
        "stop",
        "extremely",
        "very",
    ],
    check,
};

/// Capital words in a row that are shouted, not names.
const RUN: usize = 4;
/// Single loud words that a text may have, and one more for so many words.
const LOUD: usize = 6;
const PER_WORDS: usize = 150;

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let mut first = None;
    let mut runs = 0;
    for sentence in view.sentences.iter().filter(|sentence| sentence.prose && sentence.has(CAPITALS)) {
        if is_title(view, sentence) {
            continue;
        }
        let (mut run, mut begin) = (0, 0);
        for at in sentence.words.clone() {
            let word = &view.words[at];
            let loud = word.capitals && !word.literal && word.ascii && !view.spelled(word).contains(['_', '0']);
            // `A` and `I` are capital in any case
            let either = word.end - word.start == 1 && run > 0;
            if loud && run == 0 {
                begin = at;
            }
            run = if loud {
                run + 1
            } else if either {
                run
            } else {
                0
            };
            if loud && run == RUN {
                runs += 1;
                first.get_or_insert(begin..at + 1);
            }
        }
    }
    let marks = double_marks(view);
    let loud: Vec<_> = (view.hits(&RULE).iter())
        .filter(|hit| view.sentences[hit.sentence].prose && view.words[hit.words.start].capitals)
        .collect();
    let crowd = loud.len() > LOUD + view.words.len() / PER_WORDS;
    let range = first.map(|words| view.range(&words)).or(marks).or_else(|| crowd.then(|| view.range(&loud[0].words)));
    let Some(range) = range else { return };
    let message = match (runs, loud.len()) {
        (0, n) if crowd => format!("{n} words are in capitals for emphasis"),
        (0, _) => "exclamation marks stand in a row".to_owned(),
        (n, _) if n > 1 => format!("this is shouted, and so are {} more places", n - 1),
        _ => "this is shouted".to_owned(),
    };
    out.at(range, message);
}

/// Whether a sentence is a line in capitals that only names what comes below it.
fn is_title(view: &View<'_>, sentence: &Sentence) -> bool {
    const ORDERS: [u64; 4] = [word("never"), word("must"), word("always"), word("do")];
    let words = &view.words[sentence.words.clone()];
    let line = &view.lines[sentence.line];
    let all = words.iter().all(|word| word.capitals || word.end - word.start == 1);
    let whole = words.len() <= 10 && words[0].start <= line.content + 2 && words[words.len() - 1].end + 2 >= line.end;
    all && whole && !view.text[..line.end].ends_with('!') && !words.iter().any(|known| ORDERS.contains(&known.hash))
}

fn double_marks(view: &View<'_>) -> Option<std::ops::Range<usize>> {
    memchr::memmem::find_iter(view.text.as_bytes(), b"!!").map(|at| at..at + 2).find(|range| {
        let line = &view.lines[view.line_at(range.start)];
        let before = view.text[..range.start].bytes().next_back();
        line.kind == crate::lint::view::Kind::Text
            && !line.example
            && view.text[line.start..range.start].matches('`').count().is_multiple_of(2)
            && before.is_some_and(|byte| byte.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_row_of_capitals_and_a_crowd_of_loud_words_are_one_finding_each() {
        one_at(&RULE, RULE.page.before, "1:1");
        one_at(&RULE, &"You MUST answer. NEVER guess. ".repeat(5), "1:5");
        one_at(&RULE, "Answer now!!", "1:11");
    }

    #[test]
    fn a_few_capitals_and_names_are_left_alone() {
        nothing(&RULE, "You CAN:\n- read JSON and HTML\n\nYou CANNOT:\n- write SQL\n");
        nothing(&RULE, "Never guess. You MUST say so.");
        nothing(&RULE, "HOW MANY FINDINGS TO RETURN:\n\nAll of them.\n");
        nothing(&RULE, "Check x !!= y and `a!!`.");
    }
}
