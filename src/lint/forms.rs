//! The forms that keys, tokens and passwords have, and where a text has one.
//!
//! Written out by hand: an engine for patterns takes longer to build than a prompt takes to be linted, and a prompt is
//! linted once at the start of every program. A text is searched for the rare bytes that the forms have near their
//! beginning; nothing is looked at twice, and nothing goes back.

use std::ops::Range;

/// How one form goes on, piece by piece.
enum Piece {
    /// Exactly this.
    Text(&'static str),
    /// At least so many of these bytes, and as many as there are.
    Run(usize, fn(u8) -> bool),
    /// Exactly so many of these bytes.
    Exactly(usize, fn(u8) -> bool),
}

use Piece::{Exactly, Run, Text};

/// Beginnings, and what must stand behind each of them. The first form that fits at a place counts.
const FORMS: &[(&[&str], &[Piece])] = &[
    (&["sk-ant-"], &[Run(16, in_token)]),
    (&["sk-proj-", "sk-svcacct-", "sk-admin-"], &[Run(16, in_token)]),
    (&["sk-or-"], &[Run(16, in_token)]),
    (&["sk-"], &[Run(20, in_key)]),
    (&["AKIA", "ASIA"], &[Exactly(16, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())]),
    (&["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], &[Run(30, in_key)]),
    (&["github_pat_"], &[Run(22, |byte| in_key(byte) || byte == b'_')]),
    (&["glpat-"], &[Run(20, in_token)]),
    (&["xoxa-", "xoxb-", "xoxe-", "xoxp-", "xoxr-", "xoxs-"], &[Run(10, |byte| in_key(byte) || byte == b'-')]),
    (&["hooks.slack.com/services/T"], &[Run(20, |byte| in_key(byte) || byte == b'/')]),
    (&["AIza"], &[Exactly(35, in_token)]),
    (&["ya29."], &[Run(20, in_token)]),
    (&["sk_live_", "sk_test_", "rk_live_", "rk_test_"], &[Run(16, in_key)]),
    (&["SG."], &[Run(16, in_token), Text("."), Run(16, in_token)]),
    (&["hf_"], &[Run(30, in_key)]),
    (&["npm_"], &[Exactly(36, in_key)]),
    (&["pypi-"], &[Run(50, in_token)]),
    (&["dop_v1_"], &[Exactly(64, |byte| matches!(byte, b'a'..=b'f' | b'0'..=b'9'))]),
    (&["eyJ"], &[Run(10, in_token), Text(".eyJ"), Run(10, in_token), Text("."), Run(10, in_token)]),
];

/// Names of passwords, and of other things that are as secret.
const NAMES: [&str; 6] = ["password", "passwd", "secret", "api_key", "apikey", "access_token"];

const PRIVATE_KEY: &str = "-----BEGIN ";
const AFTER_SCHEME: &str = "://";

fn in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn in_token(byte: u8) -> bool {
    in_key(byte) || matches!(byte, b'_' | b'-')
}

fn in_password(byte: u8) -> bool {
    in_key(byte) || b"+/_.!@#%^&*-".contains(&byte)
}

/// Where something may begin, and what: by order of preference at one place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    start: usize,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// The form of this index, behind its beginning.
    Form {
        which: usize,
        behind: usize,
    },
    PrivateKey,
    AddressWithPassword,
    /// A name, and the sign of equality or the colon behind it.
    Password {
        sign: usize,
    },
}

/// The keys and passwords of `text`, in their order; none overlaps another.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let mut all = candidates(text);
    all.sort_unstable();
    let mut found: Vec<Range<usize>> = Vec::new();
    for one in all {
        if found.last().is_none_or(|last| last.end <= one.start)
            && let Some(end) = end(text, one)
        {
            found.push(one.start..end);
        }
    }
    found
}

fn candidates(text: &str) -> Vec<Candidate> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let rare = memchr::memchr3_iter(b'-', b'_', b'.', bytes).chain(memchr::memchr3_iter(b'J', b'K', b'I', bytes));
    for at in rare {
        begins(bytes, at, &mut found);
    }
    for at in memchr::memchr2_iter(b':', b'=', bytes) {
        if bytes[at..].starts_with(AFTER_SCHEME.as_bytes()) {
            found.push(Candidate { start: at, what: What::AddressWithPassword });
        }
        if let Some(start) = name_before(text, at) {
            found.push(Candidate { start, what: What::Password { sign: at } });
        }
    }
    found
}

/// The byte of every beginning by which it is found: the first one that texts seldom have.
const fn is_rare(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.' | b'J' | b'K' | b'I')
}

/// Beginnings with the place of their rare byte.
const BEGINNINGS: [(usize, usize, &str); COUNT] = {
    let mut all = [(0, 0, ""); COUNT];
    let (mut count, mut form) = (0, 0);
    while form < FORMS.len() {
        let mut which = 0;
        while which < FORMS[form].0.len() {
            let text = FORMS[form].0[which];
            let mut rare = 0;
            while !is_rare(text.as_bytes()[rare]) {
                rare += 1;
            }
            all[count] = (rare, form, text);
            count += 1;
            which += 1;
        }
        form += 1;
    }
    all
};

const COUNT: usize = {
    let (mut count, mut form) = (0, 0);
    while form < FORMS.len() {
        count += FORMS[form].0.len();
        form += 1;
    }
    count
};

/// Forms whose rare byte stands at `at`.
fn begins(bytes: &[u8], at: usize, found: &mut Vec<Candidate>) {
    // a bullet, and the full stop of a sentence that goes on
    if matches!(bytes.get(at + 1), None | Some(b' ' | b'\n' | b'\r')) {
        return;
    }
    for (rare, which, text) in BEGINNINGS {
        if let Some(start) = at.checked_sub(rare)
            && bytes[start..].starts_with(text.as_bytes())
        {
            found.push(Candidate { start, what: What::Form { which, behind: start + text.len() } });
        }
    }
    if bytes[at..].starts_with(PRIVATE_KEY.as_bytes()) {
        found.push(Candidate { start: at, what: What::PrivateKey });
    }
}

/// The end of what begins there, when it is whole.
fn end(text: &str, one: Candidate) -> Option<usize> {
    match one.what {
        What::Form { which, behind } => FORMS[which].1.iter().try_fold(behind, |at, piece| piece.end(text, at)),
        What::PrivateKey => private_key(text, one.start + PRIVATE_KEY.len()),
        What::AddressWithPassword => {
            let name = part_of_address(text, one.start + AFTER_SCHEME.len(), 1)?;
            let password = text.as_bytes().get(name).filter(|&&byte| byte == b':').map(|_| name + 1)?;
            let host = part_of_address(text, password, 3)?;
            text.as_bytes().get(host).filter(|&&byte| byte == b'@').map(|_| host + 1)
        }
        What::Password { sign } => {
            let value = quote(text, blanks(text, sign + 1));
            Run(8, in_password).end(text, value)
        }
    }
}

impl Piece {
    /// The byte behind the piece at `at`, when it is there.
    fn end(&self, text: &str, at: usize) -> Option<usize> {
        let rest = &text.as_bytes()[at..];
        let length = match self {
            Text(wanted) => rest.starts_with(wanted.as_bytes()).then_some(wanted.len()),
            Run(least, of) => {
                let length = rest.iter().take_while(|&&byte| of(byte)).count();
                (length >= *least).then_some(length)
            }
            Exactly(count, of) => {
                (rest.len() >= *count && rest[..*count].iter().all(|&byte| of(byte))).then_some(*count)
            }
        };
        length.map(|length| at + length)
    }
}

/// The end of a private key's first line: words in capitals, the last two of them `PRIVATE KEY`, and five hyphens.
fn private_key(text: &str, at: usize) -> Option<usize> {
    const LAST: &str = "PRIVATE KEY";
    const HYPHENS: &str = "-----";
    let rest = &text[at..];
    let length = rest.bytes().take_while(|byte| byte.is_ascii_uppercase() || *byte == b' ').count();
    let before = rest[..length].strip_suffix(LAST)?;
    let words = before.is_empty() || before.ends_with(' ') && before.split_terminator(' ').all(|word| !word.is_empty());
    (words && rest[length..].starts_with(HYPHENS)).then_some(at + length + HYPHENS.len())
}

/// The end of a user's name or a password in an address, when it has at least so many characters and not too many.
fn part_of_address(text: &str, at: usize, least: usize) -> Option<usize> {
    const MOST: usize = 64;
    let of = |c: &char| !c.is_whitespace() && !matches!(c, '/' | ':' | '@' | '<' | '>' | '{' | '}');
    let (mut count, mut length) = (0, 0);
    for c in text[at..].chars().take(MOST).take_while(of) {
        count += 1;
        length += c.len_utf8();
    }
    (count >= least).then_some(at + length)
}

/// The byte behind at most three blanks.
fn blanks(text: &str, at: usize) -> usize {
    at + text[at..].chars().take(3).take_while(|c| c.is_whitespace()).map(char::len_utf8).sum::<usize>()
}

/// The byte behind a quotation mark, when there is one.
fn quote(text: &str, at: usize) -> usize {
    at + usize::from(matches!(text.as_bytes().get(at), Some(b'"' | b'\'')))
}

/// Where the name of a password begins that ends before `sign`, with at most a quotation mark and three blanks between.
fn name_before(text: &str, sign: usize) -> Option<usize> {
    let mut before = &text[..sign];
    for _ in 0..3 {
        before = before.strip_suffix(char::is_whitespace).unwrap_or(before);
    }
    let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
    NAMES.iter().find_map(|name| {
        let mut left = before.chars();
        let is_it = name.bytes().rev().all(|wanted| left.next_back().is_some_and(|c| is_same(c, wanted)));
        is_it.then_some(left.as_str().len())
    })
}

/// Whether a character is this small letter in any form: Unicode has a long s and a sign for kelvin.
fn is_same(c: char, small: u8) -> bool {
    c.to_ascii_lowercase() == char::from(small) || matches!((c, small), ('ſ', b's') | ('\u{212a}', b'k'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    /// The same forms as one pattern.
    fn pattern() -> Regex {
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
        Regex::new(&forms.join("|")).unwrap()
    }

    /// A piece of a text that is nearly a key: beginnings, runs of the lengths that matter, and what stands between.
    fn piece() -> impl Strategy<Value = String> {
        let beginnings: Vec<&str> = FORMS.iter().flat_map(|(all, _)| all.iter().copied()).collect();
        let run = (
            prop::sample::select(vec!["a", "A", "0", "a8-", "Zm9_", "f0", "Q3", "é"]),
            prop::sample::select(vec![1_usize, 3, 7, 8, 10, 16, 20, 22, 30, 35, 36, 50, 64, 65]),
        );
        prop_oneof![
            4 => prop::sample::select(beginnings).prop_map(str::to_owned),
            4 => run.prop_map(|(of, length)| {
                let text = of.repeat(length);
                text[..text.floor_char_boundary(length)].to_owned()
            }),
            2 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_uppercase),
            2 => prop::sample::select(NAMES.to_vec()).prop_map(|name| name.replace('s', "ſ")),
            4 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned),
            8 => prop::sample::select(vec![
                ".", "-", "_", ":", "=", " ", "  ", "\n", "\u{a0}", "\"", "'", "/", "@", "://", "-----BEGIN ", "RSA ",
                "PRIVATE ", "PRIVATE KEY-----", "KEY", "{", ".eyJ", "user", "K",
            ]).prop_map(str::to_owned),
        ]
    }

    proptest! {
        #[test]
        fn a_pattern_finds_the_same(pieces in prop::collection::vec(piece(), 0..12)) {
            thread_local!(static PATTERN: Regex = pattern());
            let text = pieces.concat();
            let wanted: Vec<Range<usize>> = PATTERN.with(|pattern| pattern.find_iter(&text).map(|one| one.range()).collect());
            prop_assert_eq!(find(&text), wanted, "{}", text);
        }
    }

    #[test]
    fn every_beginning_has_a_byte_by_which_it_is_found() {
        for (rare, form, text) in BEGINNINGS {
            assert!(is_rare(text.as_bytes()[rare]) && FORMS[form].0.contains(&text));
        }
    }
}
