//! Short here, long there.

use crate::lint::traits::asked;
use crate::lint::view::{Sentence, View};
use crate::lint::words::{CONDITION, LONG, NUMBER, OUTPUT, SHORT, word};
use crate::lint::{Group, Input, Page, Rule, Severity, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "contradicting-lengths",
    group: Group::Meaning,
    severity: Severity::Warning,
    summary: "answers shall be short here and long there",
    help: "keep one of the two, or say which kind of question gets which length",
    fixes: false,
    page: Page {
        what: "One sentence asks for concise answers and another for comprehensive ones, or the least number of words is \
               above the most. Sentences with `if`, `when`, `but` and the like are taken to know what they want.",
        why: "The length of an answer is what users notice first, and what costs. With two rules it is chance.",
        before: "Be concise.\n\nGive comprehensive answers with all details.\n",
        after: "Be concise. When someone asks for a comparison, give a detailed one.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    if let (Some((one, short)), Some((two, long))) = (asked(view, SHORT), asked(view, LONG))
        && one != two
    {
        let (first, second) = if short.start < long.start { (short, long) } else { (long, short) };
        let line = view.line_at(first.start) + 1;
        let (here, there) = (&view.text[second.clone()], &view.text[first.clone()]);
        let message =
            format!("answers shall be {} here and {} on line {line}", here.to_lowercase(), there.to_lowercase());
        out.at(second, message);
    }
    limits(view, out);
}

/// The most and the least words of an answer, compared.
fn limits(view: &View<'_>, out: &mut Out) {
    const WORDS: [u64; 2] = [word("words"), word("word")];
    let mut most: Option<(u64, usize)> = None;
    let mut least: Option<(u64, usize)> = None;
    let limits = |one: &&Sentence| one.prose && one.has(NUMBER) && one.has(OUTPUT) && !one.has(CONDITION);
    for sentence in view.sentences.iter().filter(limits) {
        for at in sentence.words.clone().filter(|&at| WORDS.contains(&view.words[at].hash)) {
            let Some(number) = at.checked_sub(1).filter(|number| *number >= sentence.words.start) else { continue };
            let Ok(count) = view.spelled(&view.words[number]).parse::<u64>() else { continue };
            let before: Vec<u64> = view.words[number.saturating_sub(3).max(sentence.words.start)..number]
                .iter()
                .map(|word| word.hash)
                .collect();
            let says = |all: &[&str]| all.iter().any(|text| before.contains(&word(text)));
            let above = says(&["least", "minimum"])
                || (says(&["than"]) && says(&["more", "longer"]) && !says(&["no", "not", "never"]));
            let below = says(&["most", "maximum", "under", "within", "below", "to"]) || says(&["than"]);
            if above {
                least = least.or(Some((count, number)));
            } else if below {
                most = most.or(Some((count, number)));
            }
        }
    }
    if let (Some((most, high)), Some((least, low))) = (most, least)
        && least > most
    {
        let (first, second) = (high.min(low), high.max(low));
        let line = view.line_at(view.words[first].start) + 1;
        let range = view.range(&(second..second + 2));
        out.at(
            range,
            format!("at least {least} words and at most {most} cannot both be: the other limit is on line {line}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn two_lengths_are_found_at_the_second_one() {
        let one = one_at(&RULE, RULE.page.before, "3:6");
        assert_eq!(one.message, "answers shall be comprehensive here and concise on line 1");
        one_at(&RULE, "Provide thorough explanations.\n\n- Keep responses brief and friendly.\n", "3:18");
        one_at(&RULE, "Keep answers under 100 words.\nWrite answers of at least 200 words.\n", "2:27");
    }

    #[test]
    fn a_length_that_depends_and_one_that_is_negated_are_left_alone() {
        nothing(&RULE, RULE.page.after);
        nothing(&RULE, "Be concise. Avoid long answers. You have comprehensive knowledge of parcels.");
        nothing(&RULE, "Be concise but thorough.");
        nothing(&RULE, "Answers have at least 50 words and at most 100 words.");
    }
}
