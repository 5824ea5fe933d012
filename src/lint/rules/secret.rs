//! A key or a password in the text.

use std::ops::Range;

use crate::lint::forms;
use crate::lint::view::View;
use crate::lint::{Group, Input, Page, Rule, Severity, mask, rule::Out};

/// The rule.
pub const RULE: Rule = Rule {
    id: "secret",
    group: Group::Hygiene,
    severity: Severity::Error,
    summary: "a key, a token or a password",
    help: "take it out and make it invalid where it was issued: it is in the history of the file already",
    fixes: false,
    page: Page {
        what: "Keys and tokens of known forms (Anthropic, OpenAI, AWS, GitHub, GitLab, Google, Slack, Stripe and others), \
               private keys, JSON web tokens, addresses with a password in them, and `password = …` with a value.",
        why: "The text goes to a provider, into a version that is never changed, and to every user who asks for it cleverly. \
              The message shows only the beginning of what was found.",
        before: "Ask the archive with the password: Tr0ub4dor&3xyz\n",
        after: "Ask the archive with the tool `lookup`, which has its own password.\n",
    },
    phrases: &[],
    check,
};

/// Where keys, tokens and passwords stand in `text`, in bytes, in the order of the text; what only shows their form is
/// left out.
pub fn found(text: &str) -> Vec<Range<usize>> {
    forms::find(text)
        .into_iter()
        .filter(|found| !is_stand_in(&text[found.clone()], key(&text[found.clone()])))
        .collect()
}

/// What of it is the key, and not the name before it.
fn key(said: &str) -> &str {
    said.split(['=', ':']).next_back().unwrap_or(said).trim_matches([' ', '"', '\'', '\t'])
}

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    for found in found(view.text) {
        let said = &view.text[found.clone()];
        let masked = mask::head(if said.starts_with("-----") || said.contains("://") { "…" } else { key(said) });
        let what = if said.starts_with("-----") {
            "a private key stands in the text".to_owned()
        } else if said.contains("://") {
            "an address with a password in it stands in the text".to_owned()
        } else {
            format!("what looks like a key or a password stands in the text ({masked})")
        };
        out.at(found, what);
    }
}

/// Whether it only shows the form: one letter again and again, words in capitals such as `EXAMPLE`, or plain words.
fn is_stand_in(said: &str, key: &str) -> bool {
    let upper = said.to_ascii_uppercase();
    if ["EXAMPLE", "PLACEHOLDER", "YOUR_", "YOUR-", "REDACTED", "XXXX", "****", "...."]
        .iter()
        .any(|word| upper.contains(word))
    {
        return true;
    }
    if said.starts_with("-----") || said.contains("://") {
        return false;
    }
    let tail = key.rsplit(['-', '_']).next().filter(|tail| tail.len() >= 8).unwrap_or(key);
    let mut kinds: Vec<u8> = tail.bytes().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let assigned = said.len() != key.len();
    let plain = assigned && !key.bytes().any(|byte| byte.is_ascii_digit());
    kinds.len() < 6 || plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::trial::{nothing, one_at};

    #[test]
    fn known_forms_are_found_and_never_repeated() {
        let key = ["sk-ant-", "api03-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"].concat();
        let one = one_at(&RULE, &format!("Use {key} now."), "1:5");
        assert!(!one.message.contains("Zm9v") && !one.help.contains("Zm9v"), "{one:?}");
        for (before, after) in [
            ("AKIA", "Q3EGRZTYWUVX27AB"),
            ("ghp_", "a8Fk2LmPq9RsT4uVwXyZ0bCdEfGh1jKl3MnO"),
            ("-----BEGIN RSA ", "PRIVATE KEY-----"),
            ("postgres://admin:", "hunter2secret@db.internal/x"),
            ("password: ", "Tr0ub4dor&3xyz"),
        ] {
            let text = format!("a {before}{after} b");
            assert_eq!(crate::lint::trial::said(&RULE, &text).len(), 1, "{text}");
        }
    }

    #[test]
    fn forms_without_a_key_in_them_are_left_alone() {
        nothing(&RULE, "Never ask for a password: say so. Keys begin with sk-ant- or AKIA.");
        nothing(
            &RULE,
            "AKIAIOSFODNN7EXAMPLE sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx api_key = \"your_api_key_here\" password: somewhere",
        );
        nothing(&RULE, "https://example.com:8080/a@b risk-assessment-for-the-whole-organisation");
    }
}
