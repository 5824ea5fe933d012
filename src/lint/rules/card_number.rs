//! A payment card's number.

use crate::lint::view::View;
use crate::lint::{Group, Input, Page, Rule, Severity, mask, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "card-number",
    group: Group::Hygiene,
    severity: Severity::Error,
    summary: "a payment card's number",
    help: "take it out; to show a form, write 0000 0000 0000 0000",
    fixes: false,
    page: Page {
        what: "13 to 19 digits, with blanks or hyphens between them or not, that begin like a card's number and whose check \
               digit is right (the Luhn formula of ISO/IEC 7812).",
        why: "Card numbers must not be stored in the clear, and a version is never changed. Test numbers of payment \
              companies pass the check too; allow them with a reason.",
        before: "Such as 4539 1488 0343 6467.\n",
        after: "Such as 0000 0000 0000 0000.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for range in view.numbers.iter().filter(|range| is_card(&view.text[(*range).clone()])) {
        let shown = mask::digits(&view.text[range.clone()]);
        out.at(range.clone(), format!("what looks like a card's number stands in the text ({shown})"));
    }
}

/// Whether `said` is a card's number: its length, its first digit, and the Luhn check.
pub fn is_card(said: &str) -> bool {
    let digits: Vec<u8> = said.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
    let length = (13..=19).contains(&digits.len());
    let separated = said.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-'));
    let begins = matches!(digits.first(), Some(3..=6));
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| {
            let value = u32::from(digit) * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    length && separated && begins && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn a_number_with_a_right_check_digit_is_found_and_hidden() {
        let one = one_at(&RULE, RULE.page.before, "1:9");
        assert_eq!(one.message, "what looks like a card's number stands in the text (…67)");
        one_at(&RULE, "4539148803436467", "1:1");
        one_at(&RULE, "x 3714-496353-98431", "1:3");
    }

    #[test]
    fn numbers_with_a_wrong_check_digit_or_length_are_left_alone() {
        nothing(
            &RULE,
            "4539 1488 0343 6468, 0000 0000 0000 0000, 1234567890123, 45391488034364670000001, id4539148803436467",
        );
    }
}
