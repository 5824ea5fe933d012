//! A telephone number.

use crate::lint::view::{Kind, View};
use crate::lint::{Group, Input, Page, Rule, Severity, mask, rule::Out};

use super::card_number::is_card;

/// The rule.
pub const RULE: Rule = Rule {
    id: "phone-number",
    group: Group::Hygiene,
    severity: Severity::Note,
    summary: "a telephone number",
    help: "make it a variable, or name the page where the number stands; a public number may be allowed with a reason",
    fixes: false,
    page: Page {
        what: "A number in an international form (`+` and at least eight digits), or three groups as in 555-123-4567. \
               Toll-free numbers and code are left alone.",
        why: "It may be a person's. Numbers change, and a model that gives out an old one sends users to a stranger.",
        before: "In an emergency call +44 7700 900123.\n",
        after: "In an emergency call the number in {{emergency_contact}}.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for range in &view.numbers {
        let said = &view.text[range.clone()];
        let digits = said.bytes().filter(u8::is_ascii_digit).count();
        let line = &view.lines[view.line_at(range.start)];
        let shown = line.kind == Kind::Code || line.example;
        if (is_international(said, digits) || is_grouped(said)) && !is_card(said) && !shown && !is_toll_free(said) {
            out.at(range.clone(), format!("a telephone number stands in the text ({})", mask::digits(said)));
        }
    }
}

fn is_international(said: &str, digits: usize) -> bool {
    said.starts_with('+') && (8..=15).contains(&digits) && !said.contains('.')
}

/// Three groups of 3, 3 and 4 digits, as in North America.
fn is_grouped(said: &str) -> bool {
    let lengths: Vec<usize> =
        said.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).map(str::len).collect();
    matches!(lengths.as_slice(), [3, 3, 4] | [1, 3, 3, 4]) && said.contains(['-', '(', '.']) && !said.contains(',')
}

fn is_toll_free(said: &str) -> bool {
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    let national = digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&digits);
    national.len() == 10 && ["800", "888", "877", "866", "855"].iter().any(|free| national.starts_with(free))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn international_and_grouped_numbers_are_found_and_hidden() {
        let one = one_at(&RULE, RULE.page.before, "1:22");
        assert_eq!(one.message, "a telephone number stands in the text (…23)");
        one_at(&RULE, "Call (415) 555-2671 now", "1:6");
        one_at(&RULE, "Call 415-555-2671 now", "1:6");
    }

    #[test]
    fn dates_prices_toll_free_and_short_numbers_are_left_alone() {
        nothing(&RULE, "On 2024-03-15 call 911, 1-800-273-8255 or 112. 50,000 rows; 192.168.100.1000; 3.14159265; +5%");
        nothing(&RULE, "```\n+44 7700 900123\n```\n");
    }
}
