//! When a request is sent again, and after how long: only while nothing of a reply was shown, only for what waiting can
//! mend, and as the server asks for it.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// The longest pause that a server may ask for; beyond it the user decides.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_mins(2);
/// The longest pause when the server does not ask for one.
const LONGEST_GUESS: Duration = Duration::from_secs(8);
/// Where servers say when a limit that was reached is lifted: what is left of it, and when.
const LIMITS: [(&str, &str); 6] = [
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
    ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
];

/// What the head of an answer says about asking again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Advice {
    /// Whether to ask again at all, where the server says it.
    pub wanted: Option<bool>,
    /// How long to wait, where it says that.
    pub pause: Option<Duration>,
}

impl Advice {
    /// Reads it, at the moment `now`.
    pub fn of(headers: &HeaderMap, now: Timestamp) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let wanted = match text("x-should-retry") {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => None,
        };
        // a server's clock is compared with itself where it tells the time
        let now = text(DATE.as_str()).and_then(date).unwrap_or(now);
        let in_ms = text("retry-after-ms").and_then(|text| seconds(text).map(|number| number / 1000));
        let after = || {
            let text = text(RETRY_AFTER.as_str())?;
            seconds(text).or_else(|| Some(until(date(text)?, now)))
        };
        let limits = || {
            let reached = LIMITS.iter().filter(|(left, _)| text(left) == Some("0"));
            let lifted = reached.filter_map(|(_, at)| {
                let text = text(at)?;
                text.parse().ok().map(|at| until(at, now)).or_else(|| span(text))
            });
            lifted.max()
        };
        Self { wanted, pause: in_ms.or_else(after).or_else(limits) }
    }
}

/// How often a request may be sent again, and how often it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Retries {
    left: u32,
    next_guess: Duration,
}

impl Retries {
    /// So many, with a first pause of `first` where a server does not ask for one.
    pub fn new(most: u32, first: Duration) -> Self {
        Self { left: most, next_guess: first }
    }

    /// The pause before the request is sent again, after a failure that waiting may mend; `None` when it is not.
    pub fn pause(&mut self, advice: Advice) -> Option<Duration> {
        let guess = self.next_guess.min(LONGEST_GUESS);
        let pause = advice.pause.unwrap_or_else(|| a_little_less(guess));
        if self.left == 0 || advice.wanted == Some(false) || pause > LONGEST_PAUSE {
            return None;
        }
        self.left -= 1;
        self.next_guess = guess * 2;
        Some(pause)
    }
}

/// Up to a quarter less, by chance, so that requests that failed together do not come back together.
fn a_little_less(pause: Duration) -> Duration {
    let chance = RandomState::new().hash_one(0) % 256;
    pause.mul_f64(1.0 - chance as f64 / 1024.0)
}

fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.parse().ok()?).ok()
}

/// A date as HTTP writes it.
fn date(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text).ok().map(|at| at.timestamp())
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    at.duration_since(now).max(SignedDuration::ZERO).unsigned_abs()
}

/// A span as OpenAI writes it: `1s`, `6m0s`, `120ms`.
fn span(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let one = match &rest[..unit] {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        total += Duration::try_from_secs_f64(number * one).ok()?;
        rest = &rest[unit..];
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    const NOW: &str = "2026-11-20T10:00:00Z";

    fn advice(headers: &[(&'static str, &'static str)]) -> Advice {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        Advice::of(&headers.collect(), NOW.parse().unwrap())
    }

    fn pause(headers: &[(&'static str, &'static str)]) -> Option<f64> {
        advice(headers).pause.map(|pause| pause.as_secs_f64())
    }

    #[test]
    fn a_pause_is_read_in_every_form_the_most_exact_first() {
        assert_eq!(pause(&[("retry-after", "3")]), Some(3.0));
        assert_eq!(pause(&[("retry-after", " 0.25 ")]), Some(0.25));
        assert_eq!(pause(&[("retry-after-ms", "1500"), ("retry-after", "3")]), Some(1.5));
        assert_eq!(pause(&[("retry-after", "Fri, 20 Nov 2026 10:00:07 GMT")]), Some(7.0));
        assert_eq!(pause(&[("retry-after", "Fri, 20 Nov 2026 09:00:00 GMT")]), Some(0.0));
        let late = [("retry-after", "Fri, 20 Nov 2026 12:00:09 GMT"), ("date", "Fri, 20 Nov 2026 12:00:00 GMT")];
        assert_eq!(pause(&late), Some(9.0), "by the server's own clock");
        for nonsense in ["soon", "-1", "NaN", "inf", ""] {
            assert_eq!(pause(&[("retry-after", nonsense)]), None, "{nonsense}");
        }
    }

    #[test]
    fn a_limit_that_was_reached_says_when_it_is_lifted() {
        let reset = ("anthropic-ratelimit-tokens-reset", "2026-11-20T10:00:20Z");
        assert_eq!(pause(&[("anthropic-ratelimit-tokens-remaining", "0"), reset]), Some(20.0));
        assert_eq!(pause(&[("anthropic-ratelimit-tokens-remaining", "5"), reset]), None);
        let openai = |text| pause(&[("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", text)]);
        assert_eq!((openai("1s"), openai("6m0s"), openai("120ms")), (Some(1.0), Some(360.0), Some(0.12)));
        assert_eq!((openai("6x"), openai("s"), openai("5")), (None, None, None));
    }

    #[test]
    fn it_is_asked_again_so_often_and_not_after_long() {
        let mut retries = Retries::new(2, Duration::from_secs(1));
        let pauses: Vec<_> = (0..3).map(|_| retries.pause(Advice::default())).collect();
        let within = |pause: Option<Duration>, most: u64| {
            pause.is_some_and(|pause| pause <= Duration::from_secs(most) && pause >= Duration::from_secs(most) * 3 / 4)
        };
        assert!(within(pauses[0], 1) && within(pauses[1], 2) && pauses[2].is_none(), "{pauses:?}");
        let once = |advice| Retries::new(1, Duration::from_mins(9)).pause(advice);
        assert!(once(Advice::default()).is_some_and(|pause| pause <= LONGEST_GUESS));
        assert_eq!(once(advice(&[("retry-after", "121")])), None);
        assert_eq!(once(advice(&[("retry-after", "120")])), Some(LONGEST_PAUSE));
        assert_eq!(once(advice(&[("x-should-retry", "false"), ("retry-after", "1")])), None);
    }
}
