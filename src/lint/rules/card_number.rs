//! A payment card's number.

use std::ops::Range;

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
    for range in groups(view.text).into_iter().filter(|range| is_card(&view.text[range.clone()])) {
        let shown = mask::digits(&view.text[range.clone()]);
        out.at(range, format!("what looks like a card's number stands in the text ({shown})"));
    }
}

/// Runs of digits with blanks, hyphens, dots and parentheses between them that have at least seven digits.
pub fn groups(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let mut start = at;
        let (mut end, mut digits) = (at, 0);
        while at < bytes.len() {
            match bytes[at] {
                b'0'..=b'9' => {
                    digits += 1;
                    at += 1;
                    end = at;
                }
                b' ' | b'-' | b'.' | b'(' | b')' if at - end < 2 => at += 1,
                _ => break,
            }
        }
        while start > 0 && matches!(bytes[start - 1], b'+' | b'(') {
            start -= 1;
        }
        let glued = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let alone = !glued(start.checked_sub(1).and_then(|before| bytes.get(before))) && !glued(bytes.get(end));
        if digits >= 7 && alone && digits <= 24 {
            found.push(start..end);
        }
    }
    found
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
