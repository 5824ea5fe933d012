//! `values/NAME.json`: one named set of values, a flat JSON object of strings, numbers or booleans.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::library::draft::not_overwritten;
use crate::library::{Expected, Library, Stored, ValueSet, check_name};
use crate::prompt::{Privacy, Values};
use crate::source::{self, error_at, json};

impl Library {
    /// The value set `set` of the prompt `name`.
    ///
    /// # Errors
    /// When there is none (the nearest name is the hint), or it is not a flat object, with line and column.
    pub fn value_set(&self, name: &str, set: &str) -> Result<ValueSet> {
        let file = self.set_file(name, set)?;
        let Some(text) = self.text_if_there(&file)? else {
            let sets = self.value_sets(name)?;
            let error = Error::input(format!("`{name}` has no value set `{set}`"));
            return Err(match source::nearest(set, sets.iter().map(String::as_str)) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None if sets.is_empty() => error.hint(format!("a set is a file values/{set}.json of the prompt")),
                None => error.hint(format!("it has {}", sets.join(", "))),
            });
        };
        ValueSet::parse(set, &file, &text)
    }

    /// The file of the value set `set` of the prompt `name`, whether it is there or not.
    ///
    /// # Errors
    /// When there is no such prompt, or the name can be none.
    pub fn set_file(&self, name: &str, set: &str) -> Result<PathBuf> {
        check_name("value set", set)?;
        Ok(self.prompt_folder(name)?.join("values").join(format!("{set}.json")))
    }

    /// The names of the value sets of the prompt `name`, sorted.
    pub fn value_sets(&self, name: &str) -> Result<Vec<String>> {
        let folder = self.prompt_folder(name)?.join("values");
        Ok(super::read::names_in(&folder).into_iter().filter_map(|file| set_name(&file)).collect())
    }

    /// What kind of value the sets of the prompt `name` give to each variable: `string`, `number` or `boolean`; where they
    /// do not agree, `string`. Sets that cannot be read say nothing.
    ///
    /// # Errors
    /// When there is no such prompt.
    pub fn value_types(&self, name: &str) -> Result<BTreeMap<String, &'static str>> {
        let folder = self.prompt_folder(name)?.join("values");
        let mut types: BTreeMap<String, &'static str> = BTreeMap::new();
        for set in self.value_sets(name)? {
            let file = folder.join(format!("{set}.json"));
            let Ok(Some(text)) = self.text_if_there(&file) else { continue };
            for member in json::object(&file, &text).unwrap_or_default() {
                let kind = match member.raw.as_bytes().first() {
                    Some(b't' | b'f') => "boolean",
                    Some(b'-' | b'0'..=b'9') => "number",
                    _ => "string",
                };
                types
                    .entry(member.key)
                    .and_modify(|known| *known = if *known == kind { kind } else { "string" })
                    .or_insert(kind);
            }
        }
        Ok(types)
    }

    /// Stores a value set of the prompt `name`, unless the file says something else than was `expected`. A value that has
    /// not changed keeps its form and its place; a new one is stored as text; one that is not in `set` any more is taken
    /// out.
    ///
    /// # Errors
    /// When a value of it is that of a secret variable: nothing is written then.
    pub fn save_value_set(&self, name: &str, set: &ValueSet, expected: &Expected<Values>) -> Result<Stored<Values>> {
        check_name("value set", &set.name)?;
        self.holds_no_secret(name, set)?;
        let folder = self.prompt_folder(name)?.join("values");
        self.make_folder(&folder)?;
        let file = folder.join(format!("{}.json", set.name));
        let before = self.text_if_there(&file)?;
        let there = before.as_deref().map(|text| read(&file, text).map_err(not_overwritten)).transpose()?;
        if let Some(changed) = Stored::in_the_way(there, &set.values, expected) {
            return Ok(changed);
        }
        self.replace(&file, set.written(&file, before.as_deref())?.as_bytes())?;
        Ok(Stored::Done)
    }

    /// Takes the values of secret variables out of every set of the prompt `name`; gives the sets that held one.
    ///
    /// # Errors
    /// When a set cannot be read or written; those before it, in the order of their names, are done then.
    pub fn take_secrets_out(&self, name: &str) -> Result<Vec<ValueSet>> {
        let declarations = self.declarations(name)?;
        let mut changed = Vec::new();
        for set in self.value_sets(name)? {
            let mut set = self.value_set(name, &set)?;
            let before = set.values.clone();
            set.values.0.retain(|variable, _| declarations.privacy(variable) != Privacy::Secret);
            if set.values != before {
                let stored = self.save_value_set(name, &set, &Expected::This(before))?;
                stored.or_error(&format!("the set {}", set.name))?;
                changed.push(set);
            }
        }
        Ok(changed)
    }
}

impl ValueSet {
    /// The set that the text of a `values/NAME.json` holds.
    ///
    /// # Errors
    /// When it is not a flat object, with line and column in `file`.
    pub fn parse(name: &str, file: &Path, text: &str) -> Result<Self> {
        Ok(Self { name: name.to_owned(), values: read(file, text)? })
    }

    /// The text of the file that holds this: what has not changed since `before` keeps the very form it had there.
    ///
    /// # Errors
    /// When `before` is not a flat object.
    pub fn written(&self, file: &Path, before: Option<&str>) -> Result<String> {
        write(file, before, &self.values)
    }
}

/// The set's name when `file` is the name of one.
pub(super) fn set_name(file: &str) -> Option<String> {
    let name = file.strip_suffix(".json")?;
    check_name("value set", name).ok().map(|()| name.to_owned())
}

/// Reads the text of a value set; numbers and booleans are kept as the text they were written as.
pub(super) fn read(file: &Path, text: &str) -> Result<Values> {
    let mut values = Values::default();
    for member in json::object(file, text)? {
        let value = value_of(member.raw).ok_or_else(|| {
            let what = match member.raw.as_bytes().first() {
                Some(b'{') => "an object",
                Some(b'[') => "a list",
                _ => "null",
            };
            error_at(file, text, member.offset, format!("the value of `{}` is {what}", member.key))
                .hint("a value is a text, a number, true or false")
        })?;
        values.0.insert(member.key, value);
    }
    Ok(values)
}

/// The value that stands for text; `None` for an object, a list or null.
fn value_of(raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok(),
        b'{' | b'[' | b'n' => None,
        _ => Some(raw.to_owned()),
    }
}

fn write(file: &Path, before: Option<&str>, values: &Values) -> Result<String> {
    let members = match before {
        Some(text) => json::object(file, text).map_err(not_overwritten)?,
        None => Vec::new(),
    };
    let text = |value: &str| serde_json::Value::from(value).to_string();
    let kept = members.iter().filter_map(|member| {
        let value = values.get(&member.key)?;
        // a number that became another number stays a number
        let number = !member.raw.starts_with('"') && serde_json::from_str::<serde_json::Number>(value).is_ok();
        let raw = match value_of(member.raw) {
            Some(old) if old == value => member.raw.to_owned(),
            _ if number => value.to_owned(),
            _ => text(value),
        };
        Some((member.key.as_str(), raw))
    });
    let known = |name: &str| members.iter().any(|member| member.key == name);
    let added = values.0.iter().filter(|(name, _)| !known(name)).map(|(name, value)| (name.as_str(), text(value)));
    Ok(json::write_object(before, kept.chain(added)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> &'static Path {
        Path::new("values/a.json")
    }

    #[test]
    fn values_are_the_text_they_were_written_as() {
        let values = read(file(), r#"{"price": 1.10, "on": true, "name": "Ana \u00e9", "big": 1E400}"#).unwrap();
        let shown: Vec<_> = values.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(shown, ["big=1E400", "name=Ana é", "on=true", "price=1.10"]);
    }

    #[test]
    fn anything_but_a_flat_object_is_refused_with_its_place() {
        let error = read(file(), "{\n  \"a\": [1]\n}").unwrap_err();
        assert_eq!(
            error.to_string(),
            "values/a.json:2:8: the value of `a` is a list (a value is a text, a number, true or false)"
        );
        assert!(read(file(), "{\"a\": null}").unwrap_err().message.ends_with("is null"));
        assert!(read(file(), "{\"a\": {}}").unwrap_err().message.ends_with("is an object"));
        assert!(read(file(), "3").is_err());
        assert!(read(file(), "{\"a\": \"\\ud800\"}").is_err(), "a lone surrogate is no text");
    }

    #[test]
    fn saving_keeps_form_and_place_of_what_did_not_change() {
        let before = "{\"z\": 1.10, \"n\": 5, \"gone\": 1, \"a\": \"x\"}";
        let mut values = read(file(), before).unwrap();
        values.0.remove("gone");
        values.0.insert("n".into(), "6".into());
        values.0.insert("new".into(), "7".into());
        assert_eq!(
            write(file(), Some(before), &values).unwrap(),
            "{\n  \"z\": 1.10,\n  \"n\": 6,\n  \"a\": \"x\",\n  \"new\": \"7\"\n}\n"
        );
    }

    #[test]
    fn a_set_is_stored_and_found_by_its_name() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("prompts/faq/draft")).unwrap();
        let library = Library::at(dir.path()).unwrap();
        let mut set = ValueSet { name: "angry_customer".into(), values: Values::default() };
        set.values.0.insert("name".into(), "Ana \"A\"\n".into());
        assert_eq!(library.save_value_set("faq", &set, &Expected::Nothing).unwrap(), Stored::Done);
        assert_eq!(library.value_set("faq", "angry_customer").unwrap(), set);
        assert_eq!(library.value_sets("faq").unwrap(), ["angry_customer"]);
        let error = library.value_set("faq", "angry_custmer").unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean `angry_customer`?"));
        assert!(library.value_set("faq", "../draft/config").is_err());
        set.name = "../up".into();
        assert!(library.save_value_set("faq", &set, &Expected::Nothing).is_err());
    }

    #[test]
    fn a_set_that_someone_else_changed_is_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("prompts/faq/values")).unwrap();
        let file = dir.path().join("prompts/faq/values/a.json");
        let library = Library::at(dir.path()).unwrap();
        let values = |text: &str| read(&file, text).unwrap();
        let set = ValueSet { name: "a".into(), values: values(r#"{"x": "mine"}"#) };
        let save = |expected| library.save_value_set("faq", &set, &expected).unwrap();
        std::fs::write(&file, r#"{"x": "theirs"}"#).unwrap();
        let theirs = Stored::Changed(values(r#"{"x": "theirs"}"#));
        assert_eq!(save(Expected::This(values(r#"{"x": "read"}"#))), theirs);
        assert_eq!(save(Expected::Nothing), theirs, "a set of this name has come up meanwhile");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), r#"{"x": "theirs"}"#);
        assert_eq!(save(Expected::This(values(r#"{"x": "theirs"}"#))), Stored::Done);
        std::fs::remove_file(&file).unwrap();
        assert_eq!(save(Expected::This(values("{}"))), Stored::Done, "a file that is gone is written");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{\n  \"x\": \"mine\"\n}\n");
    }
}
