//! An e-mail address.

use crate::lint::view::{Kind, View};
use crate::lint::{Group, Input, Page, Rule, Severity, mask, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "email-address",
    group: Group::Hygiene,
    severity: Severity::Note,
    summary: "an e-mail address",
    help: "make it a variable, or name the page where the address stands; a public address may be allowed with a reason",
    fixes: false,
    page: Page {
        what: "An e-mail address in the instructions. Addresses of the reserved domains (`example.com` and the like) are \
               left alone in examples and code, but not in the instructions: a model gives them to users.",
        why: "It may be a person's, and a prompt is read by many. Addresses also change, and nobody looks for them here.",
        before: "Send complaints to jane.doe@northmail.net.\n",
        after: "Send complaints to the address under **Help > Contact**.\n",
    },
    phrases: &[],
    check,
};

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let bytes = view.text.as_bytes();
    for at in memchr::memchr_iter(b'@', bytes) {
        let name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-');
        let host = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        let before = bytes[at.saturating_sub(64)..at].iter().rev().take_while(name).count();
        let after = bytes[at + 1..].iter().take(253).take_while(host).count();
        let start = at - before;
        let found = view.text[start..=at + after].trim_start_matches('.').trim_end_matches(['.', '-']);
        let start = start + (before - found.find('@').unwrap_or(before));
        let Some((_, domain)) = found.split_once('@') else { continue };
        let last = domain.rsplit('.').next().unwrap_or_default();
        let is_address = !found.starts_with('@')
            && domain.contains('.')
            && last.len() >= 2
            && last.bytes().all(|byte| byte.is_ascii_alphabetic())
            // user:password@host is another rule's
            && !view.text[..start].ends_with(':');
        let line = &view.lines[view.line_at(start)];
        let shown =
            line.kind == Kind::Code || line.example || line.quote || view.text[line.start..start].ends_with('`');
        if is_address && !(reserved(domain) && shown) {
            out.at(
                start..start + found.len(),
                format!("an e-mail address stands in the text ({})", mask::address(found)),
            );
        }
    }
}

/// Domains that belong to nobody.
fn reserved(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    ["example.com", "example.org", "example.net"].iter().any(|known| domain.ends_with(known))
        || [".example", ".test", ".invalid"].iter().any(|known| domain.ends_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn an_address_is_found_and_half_hidden() {
        let one = one_at(&RULE, RULE.page.before, "1:20");
        assert_eq!(one.message, "an e-mail address stands in the text (j…@northmail.net)");
        one_at(&RULE, "Contact ana@example.com.", "1:9");
    }

    #[test]
    fn handles_packages_and_reserved_domains_in_examples_are_left_alone() {
        nothing(&RULE, "Mention @team, install left-pad@1.3.0, a@b, x @ y.com, @types/node");
        nothing(&RULE, "```\nFrom: ana@example.com\n```\n");
    }
}
