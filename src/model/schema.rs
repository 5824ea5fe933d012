//! Whether the JSON of a reply keeps to a schema. Decides, and reads no file and no network: a reference that leads out
//! of the schema is a mistake of the schema.

use serde_json::Value;

/// So many breaches are told; a reply that is wrong throughout has hundreds.
const MOST: usize = 5;
/// A longer message is cut: it may hold the whole reply.
const LONGEST: usize = 200;

/// What became of checking a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It keeps to the schema.
    Fits,
    /// It does not: the first breaches, and how many more there are.
    Breaks(Vec<Breach>, usize),
    /// There is no JSON in it.
    NoJson,
    /// The schema is none; in words.
    NoSchema(String),
}

/// One way in which it does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Where, as a JSON pointer; empty for the whole.
    pub pointer: String,
    /// What is wrong there.
    pub message: String,
}

impl Verdict {
    /// In lines for a person.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Fits => vec!["schema: ok, the JSON keeps to it".to_owned()],
            Self::NoJson => vec!["schema: ! there is no JSON in the reply".to_owned()],
            Self::NoSchema(why) => vec![format!("schema: not checked, {why}")],
            Self::Breaks(breaches, more) => {
                let place =
                    |pointer: &str| if pointer.is_empty() { "the whole".to_owned() } else { pointer.to_owned() };
                let line = |breach: &Breach| format!("schema: ! at {}: {}", place(&breach.pointer), breach.message);
                let rest = (*more > 0).then(|| format!("schema: ! and {more} more"));
                breaches.iter().map(line).chain(rest).collect()
            }
        }
    }
}

/// Looks whether the JSON in `reply` keeps to `schema`.
pub fn check(schema: &Value, reply: &str) -> Verdict {
    let validator = match jsonschema::validator_for(schema) {
        Ok(validator) => validator,
        Err(error) => return Verdict::NoSchema(format!("it is no schema: {}", short(&error.to_string()))),
    };
    let Some(value) = json_of(reply) else { return Verdict::NoJson };
    let mut errors = validator.iter_errors(&value);
    let breaches: Vec<Breach> = errors
        .by_ref()
        .take(MOST)
        .map(|error| Breach { pointer: error.instance_path().to_string(), message: short(&error.to_string()) })
        .collect();
    let more = errors.count();
    if breaches.is_empty() { Verdict::Fits } else { Verdict::Breaks(breaches, more) }
}

/// The JSON of a reply: all of it, or the first fenced block that is JSON.
fn json_of(reply: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(reply.trim()) {
        return Some(value);
    }
    let blocks = reply.split("```").skip(1).step_by(2);
    blocks.into_iter().find_map(|block| {
        let (_, body) = block.split_once('\n')?;
        serde_json::from_str(body.trim()).ok()
    })
}

fn short(words: &str) -> String {
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        json!({
            "type": "object",
            "properties": {"ok": {"type": "boolean"}, "rows": {"type": "array", "items": {"type": "integer"}}},
            "required": ["ok"],
            "additionalProperties": false,
        })
    }

    #[test]
    fn json_is_found_alone_and_in_a_fence_and_checked_with_its_place() {
        assert_eq!(check(&schema(), " {\"ok\": true}\n"), Verdict::Fits);
        assert_eq!(check(&schema(), "Here:\n```json\n{\"ok\": true, \"rows\": [1]}\n```\nDone."), Verdict::Fits);
        assert_eq!(check(&schema(), "No."), Verdict::NoJson);
        let Verdict::Breaks(found, 0) = check(&schema(), "{\"rows\": [1, \"two\"]}") else { panic!() };
        let places: Vec<&str> = found.iter().map(|breach| breach.pointer.as_str()).collect();
        assert!(places.contains(&"/rows/1") && places.contains(&""), "{found:?}");
    }

    #[test]
    fn many_breaches_are_counted_and_a_schema_that_is_none_or_leads_away_is_said() {
        let all: Vec<&str> = vec!["x"; 20];
        let Verdict::Breaks(found, 15) = check(&json!({"items": {"type": "null"}}), &json!(all).to_string()) else {
            panic!()
        };
        assert_eq!(found.len(), MOST);
        for wrong in [json!({"type": 7}), json!({"$ref": "https://example.com/schema.json"})] {
            assert!(matches!(check(&wrong, "{}"), Verdict::NoSchema(_)), "{wrong}");
        }
    }
}
