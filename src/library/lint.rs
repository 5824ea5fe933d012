//! What `prompt.toml` says to the linter: levels of rules, what is allowed for a reason, and which of its own keys nobody
//! knows.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::error::{Error, Result};
use crate::library::{Library, Snapshot};
use crate::lint::{Allow, Input, Level, Levels, UnknownKey, rules};
use crate::prompt::{TokenCounter, Values};
use crate::source::nearest;
use crate::source::toml::{Reading, Table};

/// `[lint]`, and what else of the file the linter reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LintTable {
    /// Levels and what is allowed.
    pub levels: Levels,
    /// Keys of declarations that do nothing.
    pub unknown_keys: Vec<UnknownKey>,
    /// What is wrong with `[lint]`. It keeps nobody from filling or sending the prompt; only the linter refuses.
    pub errors: Vec<Error>,
}

/// The values that a prompt is linted with, and how old each is, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aged {
    /// The values.
    pub values: Values,
    /// Their ages, by name; a value of unknown age is not in it.
    pub ages: BTreeMap<String, u64>,
}

impl Snapshot {
    /// What the linter is told about this state. `values` are the ones it would be filled with, if any.
    pub fn lint_input<'a>(&'a self, values: Option<&'a Aged>, tokens: &'a dyn TokenCounter) -> Input<'a> {
        let plain = Input::of(&self.text);
        Input {
            declarations: &self.variables,
            unknown_keys: &self.lint.unknown_keys,
            values: values.map(|aged| &aged.values),
            ages: values.map_or(plain.ages, |aged| &aged.ages),
            user_template: self.config.user_template().unwrap_or(plain.user_template),
            model: self.config.model(),
            tokens,
            levels: &self.lint.levels,
            ..plain
        }
    }
}

impl Library {
    /// The path of a prompt's `prompt.toml`, whether it is there or not.
    ///
    /// # Errors
    /// When there is no such prompt.
    pub fn about_file(&self, name: &str) -> Result<PathBuf> {
        Ok(self.prompt_folder(name)?.join("prompt.toml"))
    }

    /// A value set of the prompt `name` with the age of its values at `now`: a set is as old as its file.
    ///
    /// # Errors
    /// As [`Library::value_set`].
    pub fn aged_values(&self, name: &str, set: &str, now: SystemTime) -> Result<Aged> {
        let values = self.value_set(name, set)?.values;
        let changed = self.value_set_written(name, set);
        let age = changed.and_then(|changed| now.duration_since(changed).ok()).map(|age| age.as_secs());
        let ages = age.map(|age| values.0.keys().map(|name| (name.clone(), age)).collect()).unwrap_or_default();
        Ok(Aged { values, ages })
    }
}

impl Library {
    /// Adds an exception at the end of the prompt's `prompt.toml`, which is made when there is none; every byte that was
    /// there stays. Gives what the file says to the linter then.
    ///
    /// # Errors
    /// When the file is damaged, or holds `[lint]` in a form that nothing can be added to.
    pub fn allow(&self, name: &str, allow: &Allow) -> Result<LintTable> {
        let file = self.about_file(name)?;
        let before = self.text_if_there(&file)?;
        let old = before.as_deref().unwrap_or_default();
        let (known, errors) = super::about::read(&file, old);
        if let Some(error) = errors.into_iter().chain(known.lint.errors).next() {
            return Err(error);
        }
        let text = with_allow(old, allow);
        let (about, errors) = super::about::read(&file, &text);
        let added = about.lint.levels.allows.len() == known.lint.levels.allows.len() + 1;
        if !errors.is_empty() || !about.lint.errors.is_empty() || !added {
            return Err(Error::input("`lint` stands there in a form that nothing can be added to")
                .at(&file)
                .hint("write [lint] and [[lint.allow]] as tables of their own"));
        }
        self.unchanged(&file, before.as_deref())?;
        self.replace(&file, text.as_bytes())?;
        Ok(about.lint)
    }
}

/// `text` with one more `[[lint.allow]]` at its end.
fn with_allow(text: &str, allow: &Allow) -> String {
    let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = match text {
        "" => "",
        _ if text.ends_with('\n') => eol,
        _ => {
            if eol == "\n" {
                "\n\n"
            } else {
                "\r\n\r\n"
            }
        }
    };
    let value = |text: &str| toml_edit::Value::from(text).to_string();
    let lines = [
        "[[lint.allow]]".to_owned(),
        format!("rule = {}", value(&allow.rule)),
        format!("text = {}", value(&allow.text)),
        format!("reason = {}", value(&allow.reason)),
    ];
    let mut all = [text, gap].concat();
    for line in lines {
        all.push_str(&line);
        all.push_str(eol);
    }
    all
}

/// Reads `[lint]`, and takes over what `reading` found odd so far.
pub(super) fn read<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> LintTable {
    let unknown_keys = reading.warnings.drain(..).map(unknown).collect();
    let mut levels = Levels::default();
    if let Some(lint) = reading.table(table, "lint") {
        for rule in reading.keys(lint).iter().filter(|key| *key != "allow") {
            if rules::find(rule).is_none() {
                let message = format!("there is no lint rule `{rule}`");
                reading.error_at_key(lint, rule, &message, &near(rule));
            } else if let Some(level) = reading.get::<Level>(lint, rule, "\"error\", \"warning\", \"note\" or \"off\"")
            {
                levels.levels.insert(rule.clone(), level);
            }
        }
        for entry in reading.list(lint, "allow") {
            levels.allows.extend(allow(reading, entry));
        }
    }
    LintTable { levels, unknown_keys, errors: std::mem::take(&mut reading.errors) }
}

/// One `[[lint.allow]]`; what is wrong with it is an error, because an exception that does not hold as written is worse
/// than none.
fn allow<'a>(reading: &mut Reading<'a>, entry: &Table<'a>) -> Option<Allow> {
    const KEYS: [&str; 3] = ["rule", "text", "reason"];
    reading.expect_keys(entry, "of [[lint.allow]]", &KEYS);
    let unknown: Vec<Error> = reading.warnings.drain(..).collect();
    reading.errors.extend(unknown);
    let mut part = |key: &str, hint: &str| {
        let text: Option<String> = reading.get(entry, key, "a text");
        let said = text.filter(|text| !text.trim().is_empty());
        if said.is_none() {
            let mut error = reading.remark(entry);
            error.message = format!("[[lint.allow]] has no `{key}`");
            reading.errors.push(error.hint(hint));
        }
        said
    };
    let rule = part("rule", "name the rule that is meant")?;
    let text = part("text", "a part of the line that is all right; to allow all of a rule, set its level to \"off\"")?;
    let reason = part("reason", "say why that is all right: the next reader has to know")?;
    if rules::find(&rule).is_none() {
        reading.error_at_key(entry, "rule", &format!("there is no lint rule `{rule}`"), &near(&rule));
        return None;
    }
    Some(Allow { rule, text, reason })
}

fn near(rule: &str) -> String {
    match nearest(rule, rules::ALL.iter().map(|known| known.id)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`greenroom lint --rules` lists them".to_owned(),
    }
}

fn unknown(warning: Error) -> UnknownKey {
    let (line, column) = warning.place.map_or((1, None), |place| (place.line.unwrap_or(1), place.column));
    let help = warning.hint.unwrap_or_default();
    UnknownKey { line, column: column.unwrap_or(1), message: warning.message, help }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn table(text: &str) -> LintTable {
        super::super::about::read(Path::new("prompt.toml"), text).0.lint
    }

    fn refused(text: &str) -> String {
        let errors = table(text).errors;
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors[0].to_string()
    }

    #[test]
    fn levels_and_exceptions_are_read() {
        let lint = table(
            "[lint]\nshouting = \"off\"\nsaid-twice = \"error\"\n[[lint.allow]]\nrule = \"email-address\"\ntext = \"press@\"\n\
             reason = \"it is public\"\n",
        );
        assert_eq!(lint.errors, []);
        assert_eq!(lint.levels.levels["shouting"], Level::Off);
        assert_eq!(lint.levels.levels["said-twice"], Level::Error);
        assert_eq!((lint.levels.allows[0].text.as_str(), lint.levels.allows.len()), ("press@", 1));
    }

    #[test]
    fn every_mistake_has_its_place_and_names_what_was_probably_meant() {
        assert_eq!(
            refused("title = \"x\"\n[lint]\nshoutin = \"off\"\n"),
            "prompt.toml:3:1: there is no lint rule `shoutin` (did you mean `shouting`?)"
        );
        assert_eq!(
            refused("[lint]\nshouting = \"loud\"\n"),
            "prompt.toml:2:12: `shouting` must be \"error\", \"warning\", \"note\" or \"off\""
        );
        assert_eq!(
            refused("[[lint.allow]]\nrule = \"shouting\"\ntext = \"x\"\n"),
            "prompt.toml:2:1: [[lint.allow]] has no `reason` (say why that is all right: the next reader has to know)"
        );
        assert!(refused("[[lint.allow]]\nrule = \"shouting\"\ntext = \" \"\nreason = \"x\"\n").contains("no `text`"));
        assert!(
            refused("[[lint.allow]]\nrule = \"shoutin\"\ntext = \"a\"\nreason = \"x\"\n").contains(":2:1: there is no")
        );
        assert!(
            refused("[[lint.allow]]\nrule = \"shouting\"\ntxt = \"a\"\ntext = \"a\"\nreason = \"x\"\n")
                .contains("`text`?")
        );
        assert!(refused("[lint]\nallow = \"x\"\n").contains("list of tables"));
    }

    #[test]
    fn an_exception_is_added_at_the_end_and_every_byte_before_it_stays() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("prompts/a")).unwrap();
        let library = Library::at(dir.path()).unwrap();
        let file = dir.path().join("prompts/a/prompt.toml");
        let allow = Allow { rule: "shouting".into(), text: "say \"NOW\"".into(), reason: "a quotation".into() };
        assert_eq!(library.allow("a", &allow).unwrap().levels.allows, std::slice::from_ref(&allow));
        let before = "# mine\r\ntitle = \"x\"  # kept\r\n[lint]\r\nvague-words = \"off\"";
        std::fs::write(&file, before).unwrap();
        let table = library.allow("a", &allow).unwrap();
        assert_eq!((table.levels.allows.len(), table.levels.levels.len()), (1, 1));
        let after = std::fs::read_to_string(&file).unwrap();
        assert!(after.starts_with(before) && after.ends_with("reason = \"a quotation\"\r\n"), "{after:?}");
        std::fs::write(&file, "lint = { shouting = \"off\" }\n").unwrap();
        assert!(library.allow("a", &allow).unwrap_err().message.contains("form that nothing"));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "lint = { shouting = \"off\" }\n");
    }

    #[test]
    fn a_declaration_with_an_unknown_key_is_told_with_its_place() {
        let lint = table("[variables.a]\nprivcay = \"personal\"\n[variables.user.name]\nuntrusted = true\n");
        assert_eq!(lint.unknown_keys.len(), 1, "{lint:?}");
        let key = &lint.unknown_keys[0];
        assert_eq!((key.line, key.column, key.help.as_str()), (2, 1, "did you mean `privacy`?"));
        assert!(lint.errors.is_empty());
    }
}
