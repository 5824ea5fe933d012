//! What a run cost, in dollars, as far as it can be known. Never guessed: a model without a price has no cost.

use super::event::Usage;
use super::prices::{Rate, rate};
use super::request::ModelName;
use crate::config::{Price, Settings};

/// The cost of a run: nothing on this machine, `None` where a price or a count is not known.
pub fn cost(settings: &Settings, name: &ModelName, usage: Usage, remote: bool) -> Option<f64> {
    match rate(settings, name, remote) {
        Rate::Free => Some(0.0),
        Rate::Unknown => None,
        Rate::Known { price, .. } => priced(&price, usage),
    }
}

fn priced(price: &Price, usage: Usage) -> Option<f64> {
    let (input, output) = (price.input?, price.output?);
    let (read, written) = (usage.cache_read.unwrap_or(0), usage.cache_write.unwrap_or(0));
    // The count of the input holds the cached tokens, which have prices of their own.
    let fresh = usage.input?.saturating_sub(read).saturating_sub(written);
    let dollars = fresh as f64 * input
        + read as f64 * price.cache_read.unwrap_or(input)
        + written as f64 * price.cache_write.unwrap_or(input)
        + usage.output? as f64 * output;
    Some(dollars / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USAGE: Usage = Usage { input: Some(1000), output: Some(100), cache_read: Some(600), cache_write: Some(300) };

    fn settings(model: &str) -> Settings {
        let price = Price { input: Some(2.0), output: Some(10.0), cache_read: Some(0.2), cache_write: Some(2.5) };
        let mut settings = Settings::default();
        settings.prices.insert(model.to_owned(), price);
        settings
    }

    #[test]
    fn cached_tokens_have_their_own_prices() {
        // 100 × 2 + 600 × 0.2 + 300 × 2.5 + 100 × 10 = 2070 millionths
        let name = ModelName::parse("p:m").unwrap();
        for model in ["p:m", "m"] {
            let cost = cost(&settings(model), &name, USAGE, true).unwrap();
            assert!((cost - 0.00207).abs() < 1e-12, "{cost}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let name = ModelName::parse("p:m-2").unwrap();
        assert_eq!(cost(&settings("p:m"), &name, USAGE, true), None);
        assert_eq!(cost(&settings("p:m-2"), &name, Usage::default(), true), None);
        assert_eq!(cost(&settings("p:m"), &name, USAGE, false), Some(0.0));
    }
}
