//! The schema that a prompt's `config.json` names for its replies.

use std::path::{Component, Path};

use serde_json::Value;

use super::{Library, PromptConfig};
use crate::error::{Error, Result};

impl Library {
    /// The schema of `config`, which is one of the prompt's: an object in it, or a file in the prompt's folder; `None` when
    /// it names none.
    ///
    /// # Errors
    /// When the file is not there, leads out of the prompt's folder, or is no JSON.
    pub fn schema(&self, prompt: &str, config: &PromptConfig) -> Result<Option<Value>> {
        let name = match config.0.get("schema") {
            None => return Ok(None),
            Some(Value::String(name)) => name,
            Some(inline) => return Ok(Some(inline.clone())),
        };
        let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !plain {
            return Err(Error::input(format!("the schema {name:?} is no file of the prompt's folder"))
                .hint("name it by its path inside the prompt's folder, as \"reply.schema.json\""));
        }
        let file = self.prompt_folder(prompt)?.join(name);
        let Some(text) = self.text_if_there(&file)? else {
            return Err(Error::input("there is no such schema").at(file).hint("config.json names it under `schema`"));
        };
        serde_json::from_str(&text).map(Some).map_err(|error| {
            Error::input(format!("the schema is no JSON: {error}")).at_line(&file, error.line(), Some(error.column()))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::library::trial::library_with;

    #[test]
    fn a_schema_is_an_object_or_a_file_of_the_prompts_folder_and_nothing_else() {
        let (dir, library) = library_with(&["prompts/a"]);
        let file = dir.path().join("prompts/a/reply.schema.json");
        std::fs::write(&file, "{\"type\": \"object\"}").unwrap();
        let schema = |value: Value| {
            let config = PromptConfig(json!({ "schema": value }).as_object().unwrap().clone());
            library.schema("a", &config)
        };
        assert_eq!(library.schema("a", &PromptConfig::default()), Ok(None));
        assert_eq!(schema(json!({"type": "array"})), Ok(Some(json!({"type": "array"}))));
        assert_eq!(schema(json!("reply.schema.json")), Ok(Some(json!({"type": "object"}))));
        for wrong in ["../b.json", "/etc/passwd", "nowhere.json"] {
            assert!(schema(json!(wrong)).is_err(), "{wrong}");
        }
        std::fs::write(&file, "{\n  nope").unwrap();
        assert_eq!(schema(json!("reply.schema.json")).unwrap_err().place.and_then(|place| place.line), Some(2));
    }
}
