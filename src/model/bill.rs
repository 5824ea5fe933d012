//! What a prompt will cost, from its tokens, its model's prices and what the user assumes; and what a cache would save.

use super::prices::Rate;

/// How many minutes a cache keeps what nobody asks for again.
const KEPT_MINUTES: f64 = 5.0;
/// Minutes of a month of 30 days.
const MONTH_MINUTES: f64 = 30.0 * 24.0 * 60.0;

/// How much is sent and comes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Volume {
    /// Tokens of the filled prompt.
    pub prompt: usize,
    /// The first of them, which stay the same from call to call.
    pub prefix: usize,
    /// Tokens of a reply; `None` leaves replies out.
    pub reply: Option<u64>,
    /// Calls a month; `None` when nobody has said.
    pub calls: Option<u64>,
}

/// What that costs, in dollars. The user's messages are not in it: the prompt does not decide about them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bill {
    /// The prompt of one call.
    pub input: f64,
    /// The reply of one call; 0 when replies are left out.
    pub output: f64,
    /// A month of calls, without a cache.
    pub month: Option<f64>,
    /// What a cache changes about it.
    pub cache: Cache,
}

/// What a cache changes about a bill.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cache {
    /// It is not known to exist.
    NoPrice,
    /// The prefix is shorter than what it takes.
    TooShort {
        /// The fewest tokens it takes.
        minimum: u64,
    },
    /// It takes the prefix.
    Works {
        /// What a call saves when the cache knows the prefix.
        call: f64,
        /// The part of calls that find it there.
        hits: Option<f64>,
        /// What a month saves; below 0 where learning costs more than is ever read.
        month: Option<f64>,
    },
}

impl Bill {
    /// Reckons it; `None` where a price that is needed is not known.
    ///
    /// A cache keeps a prefix for five minutes after its last use. With calls that come at random, evenly over a month
    /// of 30 days, a call finds it there with the chance `1 - exp(-calls in five minutes)`; the others pay for learning.
    pub fn new(rate: &Rate, volume: Volume) -> Option<Self> {
        let (price, minimum) = match rate {
            Rate::Free => return Some(Self { input: 0.0, output: 0.0, month: Some(0.0), cache: Cache::NoPrice }),
            Rate::Unknown => return None,
            Rate::Known { price, minimum, .. } => (price, *minimum),
        };
        let dollars = |tokens: f64, price: f64| tokens * price / 1e6;
        let each = price.input?;
        let input = dollars(volume.prompt as f64, each);
        let output = match volume.reply {
            Some(reply) if reply > 0 => dollars(reply as f64, price.output?),
            _ => 0.0,
        };
        let prefix = volume.prefix as f64;
        let cache = match (price.cache_read, minimum) {
            (None, _) => Cache::NoPrice,
            (Some(_), Some(minimum)) if (volume.prefix as u64) < minimum => Cache::TooShort { minimum },
            (Some(_), _) if volume.prefix == 0 => Cache::TooShort { minimum: 1 },
            (Some(read), _) => {
                let call = dollars(prefix, each - read);
                let extra = dollars(prefix, price.cache_write.unwrap_or(each) - each);
                let hits = volume.calls.map(|calls| 1.0 - (-(calls as f64) * KEPT_MINUTES / MONTH_MINUTES).exp());
                let month = volume.calls.zip(hits);
                let month = month.map(|(calls, hits)| calls as f64 * (hits * call - (1.0 - hits) * extra));
                Cache::Works { call, hits, month }
            }
        };
        let month = volume.calls.map(|calls| calls as f64 * (input + output));
        Some(Self { input, output, month, cache })
    }

    /// One call: the prompt and the reply.
    pub fn call(&self) -> f64 {
        self.input + self.output
    }
}

/// Dollars for a person: `$0.0049`, `$5,868`, `-$137`; small amounts keep two digits that say something.
pub fn dollars(amount: f64) -> String {
    let sign = if amount < 0.0 { "-" } else { "" };
    let amount = amount.abs();
    let digits = match amount {
        _ if amount == 0.0 => return "$0".to_owned(),
        _ if amount >= 100.0 => 0,
        _ if amount >= 1.0 => 2,
        _ if amount >= 0.01 => 4,
        // the first two digits that are not 0
        _ => (1.0 - amount.log10().floor()).clamp(2.0, 9.0) as usize,
    };
    let text = format!("{amount:.digits$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let rest = rest.map(|rest| format!(".{rest}")).unwrap_or_default();
    format!("{sign}${}{rest}", grouped(whole))
}

/// A number with commas between its thousands.
pub fn number(amount: usize) -> String {
    grouped(&amount.to_string())
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Price;
    use crate::model::prices::Source;

    fn rate(cache_read: Option<f64>, minimum: Option<u64>) -> Rate {
        let price = Price { input: Some(3.0), output: Some(15.0), cache_read, cache_write: Some(3.75) };
        Rate::Known { price, source: Source::Config, minimum }
    }

    const VOLUME: Volume = Volume { prompt: 2000, prefix: 1200, reply: Some(200), calls: Some(1_000_000) };

    #[test]
    fn a_call_is_the_prompt_and_the_reply_and_a_month_is_its_calls() {
        let bill = Bill::new(&rate(None, None), VOLUME).unwrap();
        assert!((bill.input - 0.006).abs() < 1e-12 && (bill.output - 0.003).abs() < 1e-12, "{bill:?}");
        assert!((bill.month.unwrap() - 9000.0).abs() < 1e-6);
        let alone = Bill::new(&rate(None, None), Volume { reply: None, calls: None, ..VOLUME }).unwrap();
        assert!((alone.call() - 0.006).abs() < 1e-12);
        assert_eq!(alone.month, None);
    }

    #[test]
    fn a_cache_that_is_always_warm_saves_the_difference_on_the_prefix() {
        let bill = Bill::new(&rate(Some(0.3), Some(1024)), VOLUME).unwrap();
        let Cache::Works { call, hits, month } = bill.cache else { panic!("{bill:?}") };
        // 1200 × (3 - 0.3) / 1e6
        assert!((call - 0.00324).abs() < 1e-12, "{call}");
        assert!(hits.unwrap() > 0.999_999);
        assert!((month.unwrap() - 3240.0).abs() < 0.1, "{month:?}");
    }

    #[test]
    fn a_cache_that_is_hardly_ever_warm_costs_more_than_it_saves() {
        let bill = Bill::new(&rate(Some(0.3), None), Volume { calls: Some(100), ..VOLUME }).unwrap();
        let Cache::Works { hits, month, .. } = bill.cache else { panic!("{bill:?}") };
        // 100 calls a month: 100 / 8640 in five minutes
        assert!((hits.unwrap() - 0.011_507).abs() < 1e-5, "{hits:?}");
        assert!(month.unwrap() < 0.0, "{month:?}");
    }

    #[test]
    fn a_short_prefix_is_not_cached_and_without_a_price_nothing_is_said() {
        let short = Bill::new(&rate(Some(0.3), Some(2048)), VOLUME).unwrap();
        assert_eq!(short.cache, Cache::TooShort { minimum: 2048 });
        assert_eq!(Bill::new(&rate(None, None), VOLUME).unwrap().cache, Cache::NoPrice);
    }

    #[test]
    fn what_is_not_known_is_no_bill_and_what_runs_here_costs_nothing() {
        assert_eq!(Bill::new(&Rate::Unknown, VOLUME), None);
        let half = Price { input: Some(1.0), ..Price::default() };
        let half = Rate::Known { price: half, source: Source::Config, minimum: None };
        assert_eq!(Bill::new(&half, VOLUME), None, "the price of the reply is missing");
        assert!(Bill::new(&half, Volume { reply: None, ..VOLUME }).is_some());
        assert_eq!(Bill::new(&Rate::Free, VOLUME).unwrap().month, Some(0.0));
    }

    #[test]
    fn amounts_are_written_as_people_read_them() {
        for (amount, text) in [
            (0.0, "$0"),
            (5868.4, "$5,868"),
            (-137.2, "-$137"),
            (12.5, "$12.50"),
            (0.0488, "$0.0488"),
            (0.0049, "$0.0049"),
            (0.000_000_72, "$0.00000072"),
            (1_234_567.0, "$1,234,567"),
        ] {
            assert_eq!(dollars(amount), text);
        }
        assert_eq!(number(1_630), "1,630");
    }
}
