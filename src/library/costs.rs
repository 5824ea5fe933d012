//! `[budget]` and `[cost]` of `prompt.toml`, written with every comment and every other key of the file kept.

use toml_edit::{DocumentMut, Item, Table, Value};

use crate::error::{Error, Result};
use crate::library::Library;
use crate::prompt::Assumptions;
use crate::source::without_mark;

impl Library {
    /// Writes what is assumed about the prompt `name`; what is not assumed is taken out.
    ///
    /// # Errors
    /// When `prompt.toml` is no TOML: it is not overwritten.
    pub fn save_assumptions(&self, name: &str, assumptions: &Assumptions) -> Result<()> {
        let file = self.prompt_folder(name)?.join("prompt.toml");
        let before = self.text_if_there(&file)?.unwrap_or_default();
        let text = written(&before, assumptions).map_err(|reason| {
            Error::input(format!("is not TOML: {reason}"))
                .at(&file)
                .hint("the file was not overwritten: correct it first")
        })?;
        if text == before { Ok(()) } else { self.replace(&file, text.as_bytes()) }
    }
}

fn written(before: &str, assumptions: &Assumptions) -> std::result::Result<String, String> {
    let plain = without_mark(before);
    let mark = &before[..before.len() - plain.len()];
    let mut document: DocumentMut = plain.parse().map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    for (table, key, value) in [
        ("budget", "tokens", assumptions.budget),
        ("cost", "calls_per_month", assumptions.calls_per_month),
        ("cost", "reply_tokens", assumptions.reply_tokens),
    ] {
        put(&mut document, table, key, value)?;
    }
    // the parser ends every line with a line feed
    let text = document.to_string();
    let text = if plain.contains("\r\n") { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text };
    Ok(format!("{mark}{text}"))
}

fn put(document: &mut DocumentMut, table: &str, key: &str, value: Option<u64>) -> std::result::Result<(), String> {
    let number = value.map(|value| i64::try_from(value).unwrap_or(i64::MAX));
    let Some(number) = number else {
        if let Some(known) = document.get_mut(table).and_then(Item::as_table_like_mut) {
            known.remove(key);
            if known.is_empty() {
                document.remove(table);
            }
        }
        return Ok(());
    };
    let first = document.is_empty();
    let item = document.entry(table).or_insert_with(|| {
        let mut new = Table::new();
        new.decor_mut().set_prefix(if first { "" } else { "\n" });
        Item::Table(new)
    });
    let Some(known) = item.as_table_like_mut() else { return Err(format!("`{table}` is no table")) };
    match known.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if old.as_integer() == Some(number) => {}
        Some(old) => {
            let decor = old.decor().clone();
            *old = Value::from(number);
            *old.decor_mut() = decor;
        }
        None => _ = known.insert(key, toml_edit::value(number)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Assumptions = Assumptions { budget: Some(2000), calls_per_month: Some(500), reply_tokens: Some(180) };

    #[test]
    fn comments_and_other_keys_keep_their_place_and_only_the_numbers_change() {
        let before = "\u{feff}# about\ntitle = \"T\" # the title\n\n[cost]   # what we assume\ncalls_per_month = 1_000 # from the dashboard\nother = 1\n\n[variables.a]\nexample = \"x\"\n";
        let after = written(before, &Assumptions { budget: None, reply_tokens: None, ..ALL }).unwrap();
        assert_eq!(after, before.replace("1_000", "500"));
        let same = Assumptions { calls_per_month: Some(1000), ..Assumptions::default() };
        assert_eq!(written(before, &same).unwrap(), before, "a number that is the same keeps its form");
    }

    #[test]
    fn tables_appear_when_they_are_needed_and_go_when_they_are_empty() {
        let after = written("title = \"T\"\n", &ALL).unwrap();
        assert_eq!(
            after,
            "title = \"T\"\n\n[budget]\ntokens = 2000\n\n[cost]\ncalls_per_month = 500\nreply_tokens = 180\n"
        );
        assert_eq!(written(&after, &Assumptions::default()).unwrap(), "title = \"T\"\n");
        assert_eq!(
            written("", &Assumptions { budget: Some(1), ..Assumptions::default() }).unwrap(),
            "[budget]\ntokens = 1\n"
        );
    }

    #[test]
    fn a_file_that_is_no_toml_is_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let prompt = dir.path().join("prompts/a");
        std::fs::create_dir_all(prompt.join("draft")).unwrap();
        std::fs::write(prompt.join("draft/system_prompt.txt"), "x").unwrap();
        std::fs::write(prompt.join("prompt.toml"), "title = \n").unwrap();
        let library = Library::at(dir.path()).unwrap();
        let error = library.save_assumptions("a", &ALL).unwrap_err();
        assert!(error.hint.is_some_and(|hint| hint.contains("not overwritten")));
        assert_eq!(std::fs::read_to_string(prompt.join("prompt.toml")).unwrap(), "title = \n");
        std::fs::remove_file(prompt.join("prompt.toml")).unwrap();
        library.save_assumptions("a", &ALL).unwrap();
        assert_eq!(library.read("a", &crate::library::Which::Draft).unwrap().assumptions, ALL);
    }
}
