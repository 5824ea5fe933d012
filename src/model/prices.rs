//! What a token of a model costs: the config's word, else the list price of its maker, else it is not known.
//!
//! The list is data (`prices.toml`) with a date for each maker, which is shown wherever a price of it is used.

use std::sync::LazyLock;

use serde::Deserialize;

use super::request::ModelName;
use crate::config::{Price, Settings};

/// What the tokens of a model cost.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    /// Nothing: it runs on this machine.
    Free,
    /// So much.
    Known {
        /// Dollars a million tokens.
        price: Price,
        /// Who says so.
        source: Source,
        /// The fewest tokens that a cache takes, where that is known.
        minimum: Option<u64>,
    },
    /// Nobody knows. It is never taken for nothing.
    Unknown,
}

/// Who says what a model costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// `[prices]` of the user's config or of `greenroom.toml`.
    Config,
    /// The built-in list.
    List {
        /// The maker's name.
        maker: String,
        /// The day on which the price was looked up, `YYYY-MM-DD`.
        as_of: String,
    },
}

impl Source {
    /// `your config`, or `list price of Anthropic, as of 2026-10-16`.
    pub fn words(&self) -> String {
        match self {
            Self::Config => "prices of your config".to_owned(),
            Self::List { maker, as_of } => format!("list price of {maker}, as of {as_of}"),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Table {
    maker: Vec<Maker>,
}

#[derive(Debug, Deserialize)]
struct Maker {
    name: String,
    as_of: String,
    models: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    names: Vec<String>,
    input: f64,
    output: f64,
    cache_read: Option<f64>,
    cache_write: Option<f64>,
    minimum: Option<u64>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("prices.toml")).unwrap_or_default());

/// Whose prices are built in, with the number of their models and the day they were looked up.
pub fn lists() -> impl Iterator<Item = (&'static str, usize, &'static str)> {
    TABLE.maker.iter().map(|maker| (maker.name.as_str(), maker.models.len(), maker.as_of.as_str()))
}

/// What the tokens of `name` cost; `remote` says whether it runs elsewhere.
pub fn rate(settings: &Settings, name: &ModelName, remote: bool) -> Rate {
    if !remote {
        return Rate::Free;
    }
    let listed = TABLE.maker.iter().find_map(|maker| {
        let entry = maker.models.iter().find(|entry| entry.names.iter().any(|known| is_same(&name.model, known)))?;
        Some((maker, entry))
    });
    let minimum = listed.and_then(|(_, entry)| entry.minimum);
    if let Some(price) = settings.prices.get(&name.to_string()).or_else(|| settings.prices.get(&name.model)) {
        return Rate::Known { price: *price, source: Source::Config, minimum };
    }
    let Some((maker, entry)) = listed else { return Rate::Unknown };
    let Entry { input, output, cache_read, cache_write, .. } = entry;
    let price =
        Price { input: Some(*input), output: Some(*output), cache_read: *cache_read, cache_write: *cache_write };
    let source = Source::List { maker: maker.name.clone(), as_of: maker.as_of.clone() };
    Rate::Known { price, source, minimum }
}

/// Whether `name` is the listed model: the same, or with a date or `latest` behind it.
pub(super) fn is_same(name: &str, listed: &str) -> bool {
    let Some(rest) = name.strip_prefix(listed) else { return false };
    let Some(rest) = rest.strip_prefix(['-', '@']) else { return rest.is_empty() };
    let digits = rest.replace('-', "");
    rest == "latest" || digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn rate_of(model: &str) -> Rate {
        rate(&Settings::default(), &ModelName::parse(model).unwrap(), true)
    }

    #[test]
    fn a_listed_model_has_its_price_and_the_date_of_it_with_or_without_a_date_in_its_name() {
        for name in ["claude-haiku-4-5", "claude-haiku-4-5-20251001", "claude-haiku-4-5@20251001"] {
            let Rate::Known { price, source, minimum } = rate_of(&format!("anthropic:{name}")) else {
                panic!("{name} has no price")
            };
            assert_eq!((price.input, price.cache_read, minimum), (Some(1.0), Some(0.1), Some(4096)));
            assert!(source.words().starts_with("list price of Anthropic, as of 20"), "{}", source.words());
        }
        let mini = rate_of("openai:gpt-4o-mini-2024-07-18");
        assert!(matches!(mini, Rate::Known { price, .. } if price.input == Some(0.15)), "{mini:?}");
    }

    #[test]
    fn a_model_that_is_not_listed_is_never_taken_for_another_one() {
        for name in
            ["openai:gpt-4o-audio-preview", "openai:gpt-4", "x:claude-opus-4-5-turbo", "x:m", "anthropic:claude"]
        {
            assert_eq!(rate_of(name), Rate::Unknown, "{name}");
        }
    }

    #[test]
    fn the_config_wins_and_what_runs_here_is_free() {
        let own = Price { input: Some(9.0), ..Price::default() };
        let mut settings = Settings::default();
        settings.prices.insert("openai:gpt-4o".into(), own);
        let name = ModelName::parse("openai:gpt-4o").unwrap();
        let Rate::Known { price, source, minimum } = rate(&settings, &name, true) else { panic!() };
        assert_eq!((price, source, minimum), (own, Source::Config, Some(1024)));
        assert_eq!(rate(&settings, &name, false), Rate::Free);
    }

    #[test]
    fn the_list_can_be_read_says_its_dates_and_names_each_model_once() {
        let table: Table = toml::from_str(include_str!("prices.toml")).unwrap();
        let mut seen = BTreeMap::new();
        for maker in &table.maker {
            assert!(maker.as_of.parse::<jiff::civil::Date>().is_ok(), "{}", maker.as_of);
            for entry in &maker.models {
                assert!(entry.input > 0.0 && entry.output >= entry.input, "{entry:?}");
                assert!(entry.cache_read.is_none_or(|read| read < entry.input), "{entry:?}");
                for name in &entry.names {
                    assert!(seen.insert(name, &maker.name).is_none(), "{name} is there twice");
                }
            }
        }
        assert!(seen.len() >= 25, "{}", seen.len());
    }
}
