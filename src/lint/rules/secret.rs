//! A key or a password in the text.

use std::sync::LazyLock;

use regex::Regex;

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

/// Known forms. Each begins with letters that stand there as they are, so that most texts are passed over at the speed of
/// a search for words; the engine never goes back.
static FORMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = [
        r"sk-ant-[A-Za-z0-9_-]{16,}",
        r"sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{16,}",
        r"sk-or-[A-Za-z0-9_-]{16,}",
        r"sk-[A-Za-z0-9]{20,}",
        r"(?:AKIA|ASIA)[0-9A-Z]{16}",
        r"gh[pousr]_[A-Za-z0-9]{30,}",
        r"github_pat_[A-Za-z0-9_]{22,}",
        r"glpat-[A-Za-z0-9_-]{20,}",
        r"xox[abeprs]-[A-Za-z0-9-]{10,}",
        r"hooks\.slack\.com/services/T[A-Za-z0-9/]{20,}",
        r"AIza[0-9A-Za-z_-]{35}",
        r"ya29\.[0-9A-Za-z_-]{20,}",
        r"(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{16,}",
        r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
        r"hf_[A-Za-z0-9]{30,}",
        r"npm_[A-Za-z0-9]{36}",
        r"pypi-[A-Za-z0-9_-]{50,}",
        r"dop_v1_[a-f0-9]{64}",
        r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
        r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
        r"://[^\s/:@<>{}]{1,64}:[^\s/:@<>{}]{3,64}@",
        r#"(?i:password|passwd|secret|api_key|apikey|access_token)["']?\s{0,3}[:=]\s{0,3}["']?[A-Za-z0-9+/_.!@#%^&*-]{8,}"#,
    ];
    Regex::new(&forms.join("|")).ok()
});

fn check(view: &View<'_>, _: &Input<'_>, out: &mut Out) {
    let Some(forms) = FORMS.as_ref() else { return };
    for found in forms.find_iter(view.text) {
        let said = found.as_str();
        let key = said.split(['=', ':']).next_back().unwrap_or(said).trim_matches([' ', '"', '\'', '\t']);
        if is_stand_in(said, key) {
            continue;
        }
        let masked = mask::head(if said.starts_with("-----") || said.contains("://") { "…" } else { key });
        let what = if said.starts_with("-----") {
            "a private key stands in the text".to_owned()
        } else if said.contains("://") {
            "an address with a password in it stands in the text".to_owned()
        } else {
            format!("what looks like a key or a password stands in the text ({masked})")
        };
        out.at(found.range(), what);
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
