//! TOML files as people write them: a key of the wrong type is said with its place and the others still count, and a
//! key that nobody knows is a warning that names the nearest known one.

use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Error, Place};
use crate::source::{error_at, nearest, without_mark};

/// One TOML file while it is read, and what was found wrong with it so far.
#[derive(Debug)]
pub struct Reading<'a> {
    file: &'a Path,
    text: &'a str,
    /// What makes the file wrong.
    pub errors: Vec<Error>,
    /// What is odd about it and does no harm.
    pub warnings: Vec<Error>,
}

/// One value of a file that is no table.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// The keys that lead to it, from the top.
    pub path: Vec<String>,
    /// What it is.
    pub value: serde_json::Value,
    /// Where its key stands.
    pub place: Place,
}

/// A table of the file.
pub type Table<'a> = DeTable<'a>;

impl<'a> Reading<'a> {
    /// Begins to read `text`, which stands in `file`.
    pub fn new(file: &'a Path, text: &'a str) -> Self {
        Self { file, text: without_mark(text), errors: Vec::new(), warnings: Vec::new() }
    }

    /// The file's tables; what is no TOML is an error, and what could be read of the rest is returned.
    pub fn parse(&mut self) -> Table<'a> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let offset = error.span().map_or(0, |span| span.start);
            let said = format!("is not valid TOML: {}", error.message().replace('\n', ", "));
            self.error(offset, &said);
        }
        table.into_inner()
    }

    /// An error at this offset.
    pub fn error(&mut self, offset: usize, message: &str) {
        self.errors.push(error_at(self.file, self.text, offset, message));
    }

    /// An error at the key `key` of `table`.
    pub fn error_at_key(&mut self, table: &Table<'_>, key: &str, message: &str, hint: &str) {
        let error = error_at(self.file, self.text, key_offset(table, key), message).hint(hint);
        self.errors.push(error);
    }

    /// A warning at the key `key` of `table`.
    pub fn warn_at_key(&mut self, table: &Table<'_>, key: &str, message: &str, hint: &str) {
        let warning = error_at(self.file, self.text, key_offset(table, key), message).hint(hint);
        self.warnings.push(warning);
    }

    /// A warning for every key of `table` that is none of `known`.
    pub fn expect_keys(&mut self, table: &Table<'_>, of: &str, known: &[&str]) {
        for (key, _) in in_file_order(table) {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let message = format!("the key `{name}` {of} is not known and does nothing");
            let warning = error_at(self.file, self.text, key.span().start, message);
            self.warnings.push(match nearest(name, known.iter().copied()) {
                Some(near) => warning.hint(format!("did you mean `{near}`?")),
                None => warning.hint(format!("known are {}", known.join(", "))),
            });
        }
    }

    /// The value of `key` as `T`; the wrong type is an error that says what is `wanted`.
    pub fn get<T: DeserializeOwned>(&mut self, table: &Table<'_>, key: &str, wanted: &str) -> Option<T> {
        let value = table.get(key)?;
        // through the value's own text: the parsed form borrows, and a `T` may be any type that serde knows
        let found = serde_of(value);
        if found.is_none() {
            self.error(value.span().start, &format!("`{key}` must be {wanted}"));
        }
        found
    }

    /// The value of `key` as text: a text's content, a number or a boolean exactly as it is written.
    pub fn written(&mut self, table: &Table<'_>, key: &str, wanted: &str) -> Option<String> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => {
                self.text.get(value.span()).map(str::to_owned)
            }
            _ => {
                self.error(value.span().start, &format!("`{key}` must be {wanted}"));
                None
            }
        }
    }

    /// The number `key`, whole or not.
    pub fn number(&mut self, table: &Table<'_>, key: &str) -> Option<f64> {
        match table.get(key)?.get_ref() {
            DeValue::Integer(_) => self.get::<i64>(table, key, "a number").map(|whole| whole as f64),
            _ => self.get(table, key, "a number"),
        }
    }

    /// A remark without words at the first key of `table`, for what is found out about it later.
    pub fn remark(&self, table: &Table<'_>) -> Error {
        let offset = in_file_order(table).first().map_or(0, |(key, _)| key.span().start);
        error_at(self.file, self.text, offset, String::new())
    }

    /// The table `key`; anything else there is an error.
    pub fn table<'t>(&mut self, table: &'t Table<'a>, key: &str) -> Option<&'t Table<'a>> {
        let value = table.get(key)?;
        if let DeValue::Table(inner) = value.get_ref() {
            return Some(inner);
        }
        self.error(value.span().start, &format!("`{key}` must be a table: [{key}]"));
        None
    }

    /// The tables within the table `key`, by name, in the order of the file.
    pub fn tables<'t>(&mut self, table: &'t Table<'a>, key: &str) -> Vec<(String, &'t Table<'a>)> {
        let Some(outer) = self.table(table, key) else { return Vec::new() };
        let mut found = Vec::new();
        for (name, value) in in_file_order(outer) {
            match value.get_ref() {
                DeValue::Table(inner) => found.push((name.get_ref().to_string(), inner)),
                _ => {
                    self.error(
                        value.span().start,
                        &format!("`{key}.{0}` must be a table: [{key}.{0}]", name.get_ref()),
                    );
                }
            }
        }
        found
    }
}

impl<'a> Reading<'a> {
    /// The tables of the list `key`, `[[…]]` in the file, in their order; anything else there is an error.
    pub fn list<'t>(&mut self, table: &'t Table<'a>, key: &str) -> Vec<&'t Table<'a>> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let DeValue::Array(entries) = value.get_ref() else {
            self.error(value.span().start, &format!("`{key}` must be a list of tables: [[{key}]]"));
            return Vec::new();
        };
        let mut found = Vec::new();
        for entry in entries {
            match entry.get_ref() {
                DeValue::Table(inner) => found.push(inner),
                _ => self.error(entry.span().start, &format!("`{key}` must be a list of tables: [[{key}]]")),
            }
        }
        found
    }

    /// The keys of `table`, in the order of the file.
    pub fn keys(&self, table: &Table<'a>) -> Vec<String> {
        in_file_order(table).into_iter().map(|(key, _)| key.get_ref().to_string()).collect()
    }

    /// The entries of `table` that are tables themselves, by name, in the order of the file.
    pub fn tables_within<'t>(&self, table: &'t Table<'a>) -> Vec<(String, &'t Table<'a>)> {
        let entries = in_file_order(table).into_iter();
        entries
            .filter_map(|(name, value)| match value.get_ref() {
                DeValue::Table(inner) => Some((name.get_ref().to_string(), inner)),
                _ => None,
            })
            .collect()
    }
}

impl Reading<'_> {
    /// Every value of `table` and of the tables in it, in the order of the file.
    pub fn leaves(&self, table: &Table<'_>) -> Vec<Leaf> {
        let mut found = Vec::new();
        self.collect_leaves(table, &mut Vec::new(), &mut found);
        found.sort_by_key(|leaf| (leaf.place.line, leaf.place.column));
        found
    }

    fn collect_leaves(&self, table: &Table<'_>, path: &mut Vec<String>, found: &mut Vec<Leaf>) {
        for (key, value) in table {
            path.push(key.get_ref().to_string());
            if let DeValue::Table(inner) = value.get_ref() {
                self.collect_leaves(inner, path, found);
            } else if let Some(place) = error_at(self.file, self.text, key.span().start, String::new()).place {
                found.push(Leaf { path: path.clone(), value: serde_of(value).unwrap_or_default(), place });
            }
            path.pop();
        }
    }
}

fn key_offset(table: &Table<'_>, key: &str) -> usize {
    table.get_key_value(key).map_or(0, |(key, _)| key.span().start)
}

/// The entries of `table` as they stand in the file; the parser sorts them by name.
fn in_file_order<'t, 'a>(
    table: &'t Table<'a>,
) -> Vec<(&'t Spanned<std::borrow::Cow<'a, str>>, &'t Spanned<DeValue<'a>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn serde_of<T: DeserializeOwned>(value: &Spanned<DeValue<'_>>) -> Option<T> {
    T::deserialize(toml::de::ValueDeserializer::from(value.clone())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading<'_> {
        Reading::new(Path::new("x.toml"), text)
    }

    #[test]
    fn a_key_of_the_wrong_type_is_said_and_the_others_still_count() {
        let mut file = reading("a = 1\nb = \"x\"\n");
        let table = file.parse();
        assert_eq!(file.get::<String>(&table, "a", "a text"), None);
        assert_eq!(file.get::<String>(&table, "b", "a text").as_deref(), Some("x"));
        assert_eq!(file.errors[0].to_string(), "x.toml:1:5: `a` must be a text");
    }

    #[test]
    fn an_unknown_key_names_the_nearest_known_one() {
        let mut file = reading("theme = 1\nathor = 2\n");
        let table = file.parse();
        file.expect_keys(&table, "at the top", &["author", "theme"]);
        assert_eq!(
            file.warnings[0].to_string(),
            "x.toml:2:1: the key `athor` at the top is not known and does nothing (did you mean `author`?)"
        );
    }

    #[test]
    fn what_is_no_toml_has_a_place() {
        let mut file = reading("a = 1\nb = \n");
        file.parse();
        assert_eq!(file.errors[0].place.as_ref().unwrap().line, Some(2));
    }

    #[test]
    fn tables_come_in_the_order_of_the_file() {
        let mut file = reading("[t.z]\n[t.a]\n[t]\nn = 1\n");
        let table = file.parse();
        let names: Vec<_> = file.tables(&table, "t").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["z", "a"]);
        assert_eq!(file.errors.len(), 1);
    }

    #[test]
    fn every_value_has_its_path_and_its_place() {
        let mut file = reading("a = 1\n[t.\"x.y\"]\nb = [\"c\"]\n");
        let table = file.parse();
        let leaves = file.leaves(&table);
        let told: Vec<_> =
            leaves.iter().map(|leaf| (leaf.path.join("/"), leaf.value.to_string(), leaf.place.line)).collect();
        assert_eq!(told, [("a".into(), "1".into(), Some(1)), ("t/x.y/b".into(), "[\"c\"]".into(), Some(3))]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[\\[\\]=.a1\"'#{},é\\n \u{feff}-]{0,40}") {
            let mut file = reading(&text);
            let table = file.parse();
            file.expect_keys(&table, "at the top", &["a"]);
            file.tables(&table, "a");
            file.leaves(&table);
            file.number(&table, "a");
            file.written(&table, "a", "a text");
            for error in file.errors.iter().chain(&file.warnings) {
                let line = error.place.as_ref().and_then(|place| place.line).unwrap_or(0);
                proptest::prop_assert!((1..=text.matches('\n').count() + 1).contains(&line));
            }
        }
    }
}
