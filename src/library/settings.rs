//! `config.json`: the model and the sampling parameters of one state of a prompt.

use std::path::Path;

use serde_json::{Map, Value};

use crate::error::Result;
use crate::library::draft::not_overwritten;
use crate::source::{error_at, json};

/// A `config.json`, with its keys in the order of the file; unknown keys are kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PromptConfig(pub Map<String, Value>);

/// Whether a value is what its key wants.
type Fits = fn(&Value) -> bool;

/// The keys that greenroom knows, and what each must be.
const KNOWN: [(&str, &str, Fits); 8] = [
    ("model", "a text, as \"anthropic:claude-haiku-4-5\" or \"offline\"", Value::is_string),
    ("temperature", "a number", Value::is_number),
    ("max_tokens", "a whole number above 0", |value| value.as_u64().is_some_and(|tokens| tokens > 0)),
    ("top_p", "a number", Value::is_number),
    ("stop", "a list of texts", |value| value.as_array().is_some_and(|all| all.iter().all(Value::is_string))),
    ("thinking", "true or false", Value::is_boolean),
    ("schema", "an object, or a file of the prompt's folder, as \"reply.schema.json\"", |value| {
        value.is_object() || value.is_string()
    }),
    ("user_template", "a text, as \"{{message}}\"", Value::is_string),
];

impl PromptConfig {
    /// Reads the text of a `config.json`.
    ///
    /// # Errors
    /// When it is no JSON object, or a known key has a value of the wrong type, with line and column.
    pub fn parse(file: &Path, text: &str) -> Result<Self> {
        let mut keys = Map::new();
        for member in json::object(file, text)? {
            let value: Value = serde_json::from_str(member.raw)
                .map_err(|error| error_at(file, text, member.offset, format!("`{}`: {error}", member.key)))?;
            if let Some((key, wanted, fits)) = KNOWN.iter().find(|(key, ..)| *key == member.key)
                && !fits(&value)
            {
                return Err(error_at(file, text, member.offset, format!("`{key}` must be {wanted}"))
                    .hint("a parameter that is not set is left out"));
            }
            keys.insert(member.key, value);
        }
        Ok(Self(keys))
    }

    /// `PROVIDER:MODEL` or `offline`.
    pub fn model(&self) -> Option<&str> {
        self.0.get("model")?.as_str()
    }

    /// 0 to 2, by model.
    pub fn temperature(&self) -> Option<f64> {
        self.0.get("temperature")?.as_f64()
    }

    /// 0 to 1.
    pub fn top_p(&self) -> Option<f64> {
        self.0.get("top_p")?.as_f64()
    }

    /// The most tokens of a reply.
    pub fn max_tokens(&self) -> Option<u64> {
        self.0.get("max_tokens")?.as_u64()
    }

    /// Strings that end the reply.
    pub fn stop(&self) -> Vec<String> {
        let texts = |all: &Vec<Value>| all.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        self.0.get("stop").and_then(Value::as_array).map(texts).unwrap_or_default()
    }

    /// Whether the model is to think before it answers, and to show it.
    pub fn thinking(&self) -> Option<bool> {
        self.0.get("thinking")?.as_bool()
    }

    /// What the user's message is put into, when it is not sent as it is.
    pub fn user_template(&self) -> Option<&str> {
        self.0.get("user_template")?.as_str()
    }

    /// Names of keys whose values differ between the two, in the order of `self`, then of `other`.
    pub fn differing_keys(&self, other: &Self) -> Vec<String> {
        let ours = self.0.keys().filter(|key| self.0.get(*key) != other.0.get(*key));
        let theirs = other.0.keys().filter(|key| !self.0.contains_key(*key));
        ours.chain(theirs).cloned().collect()
    }

    /// The text of the file that holds this: what has not changed since `before` keeps the very form it had there.
    pub(crate) fn write(&self, file: &Path, before: Option<&str>) -> Result<String> {
        let members = match before {
            Some(text) => json::object(file, text).map_err(not_overwritten)?,
            None => Vec::new(),
        };
        let unchanged = members.len() == self.0.len()
            && members.iter().zip(&self.0).all(|(member, (key, value))| member.key == *key && same(member.raw, value));
        if let (Some(text), true) = (before, unchanged) {
            return Ok(text.to_owned());
        }
        Ok(json::write_object(
            before,
            self.0.iter().map(|(key, value)| {
                let kept = members.iter().find(|member| member.key == *key && same(member.raw, value));
                (key.as_str(), kept.map_or_else(|| value.to_string(), |member| member.raw.to_owned()))
            }),
        ))
    }
}

fn same(raw: &str, value: &Value) -> bool {
    serde_json::from_str::<Value>(raw).is_ok_and(|parsed| parsed == *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<PromptConfig> {
        PromptConfig::parse(Path::new("config.json"), text)
    }

    #[test]
    fn parameters_are_read_and_unknown_keys_are_kept() {
        let config = parse(
            "{\"x\": {\"y\": 1}, \"model\": \"offline\", \"temperature\": 0.3, \"stop\": [\"a\"], \"max_tokens\": 9}",
        )
        .unwrap();
        assert_eq!((config.model(), config.temperature(), config.max_tokens()), (Some("offline"), Some(0.3), Some(9)));
        assert_eq!(config.stop(), ["a"]);
        assert_eq!(config.top_p(), None);
        assert_eq!(config.0.keys().next().unwrap(), "x");
    }

    #[test]
    fn a_parameter_of_the_wrong_type_has_its_place() {
        let error = parse("{\n  \"temperature\": \"hot\"\n}").unwrap_err();
        assert!(error.to_string().starts_with("config.json:2:18: `temperature` must be a number"), "{error}");
        assert!(parse("{\"max_tokens\": 0}").is_err());
        assert!(parse("{\"stop\": \"a\"}").is_err());
        assert!(parse("[]").is_err());
    }

    #[test]
    fn writing_changes_only_what_changed() {
        let before = "{ \"big\": 12345678901234567890123,\n\t\"temperature\": 0.30, \"x\": {\"b\":1,  \"a\":2} }";
        let mut config = parse(before).unwrap();
        assert_eq!(config.write(Path::new("c"), Some(before)).unwrap(), before);
        config.0.insert("model".into(), "offline".into());
        assert_eq!(
            config.write(Path::new("c"), Some(before)).unwrap(),
            "{\n  \"big\": 12345678901234567890123,\n  \"temperature\": 0.30,\n  \"x\": {\"b\":1,  \"a\":2},\n  \"model\": \"offline\"\n}\n"
        );
    }

    #[test]
    fn a_damaged_file_is_not_overwritten() {
        assert!(
            PromptConfig::default()
                .write(Path::new("c"), Some("{"))
                .unwrap_err()
                .hint
                .unwrap()
                .contains("not overwritten")
        );
    }

    #[test]
    fn differing_keys_are_named_once() {
        let one = parse("{\"a\": 1, \"b\": 2}").unwrap();
        let two = parse("{\"b\": 3, \"c\": 4}").unwrap();
        assert_eq!(one.differing_keys(&two), ["a", "b", "c"]);
    }
}
