//! Declaring a variable in `prompt.toml`, and what a value set is as a file: its age, and that it holds no secret.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::about::{self, About};
use crate::error::{Error, Result};
use crate::library::{Library, ValueSet, check_name};
use crate::prompt::{Declaration, Declarations, Privacy};
use crate::vars::Property;
use crate::vars::declare::declare;

/// What the caller has seen of a declaration before it changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: whatever stands there is changed.
    Anything,
    /// This; `None` when the variable was not declared. Anything else on disk is somebody else's, and stays.
    This(Option<Declaration>),
}

impl Library {
    /// Declares `variable` in the prompt's `prompt.toml`, which is made when there is none, or changes what is declared.
    /// Every other byte of the file stays. Gives all declarations as they are then.
    ///
    /// # Errors
    /// When the name is none, the file is damaged, somebody else changed the declaration that was `seen`, or a secret
    /// would stand in it.
    pub fn declare(&self, prompt: &str, variable: &str, properties: &[Property], seen: &Seen) -> Result<Declarations> {
        let file = self.prompt_folder(prompt)?.join("prompt.toml");
        let before = self.text_if_there(&file)?;
        let text = before.as_deref().unwrap_or_default();
        let known = sound(&file, text)?;
        if let Seen::This(seen) = seen
            && known.variables.get(variable) != seen.as_ref()
        {
            return Err(Error::input(format!("somebody else has changed what is declared of `{variable}`"))
                .at(&file)
                .hint("nothing was changed: look at it again and decide anew"));
        }
        let after = declare(&file, text, variable, properties)?;
        let declared = sound(&file, &after)?.variables;
        let others =
            |all: &Declarations| all.0.iter().filter(|(name, _)| name != variable).cloned().collect::<Vec<_>>();
        if others(&declared) != others(&known.variables) {
            return Err(Error::input(format!("`{variable}` is declared in a form that cannot be changed alone"))
                .at(&file)
                .hint(format!("write [variables.{variable}] with its keys below it")));
        }
        if let Some(declaration) = declared.get(variable)
            && declaration.privacy == Privacy::Secret
            && declaration.default.is_some()
        {
            return Err(Error::input(format!("`{variable}` is secret, and a default would put it into a file"))
                .at(&file)
                .hint("take the default away; `fill --set` gives a secret when it is needed"));
        }
        if after != text || before.is_none() {
            self.unchanged(&file, before.as_deref())?;
            self.replace(&file, after.as_bytes())?;
        }
        Ok(declared)
    }

    /// What `prompt.toml` of the prompt declares.
    ///
    /// # Errors
    /// When the file is damaged: who may see a value stands there, so that nothing is guessed.
    pub fn declarations(&self, prompt: &str) -> Result<Declarations> {
        let file = self.prompt_folder(prompt)?.join("prompt.toml");
        let text = self.text_if_there(&file)?.unwrap_or_default();
        Ok(sound(&file, &text)?.variables)
    }

    /// Where the variables' values stand in a record of a request, as `import` remembered it, in the order of the file.
    pub fn import_fields(&self, prompt: &str) -> Result<Vec<(String, String)>> {
        let file = self.prompt_folder(prompt)?.join("prompt.toml");
        let text = self.text_if_there(&file)?.unwrap_or_default();
        Ok(sound(&file, &text)?.import_fields)
    }

    /// When the file of a value set was written last; `None` when there is none, or the system does not say.
    pub fn value_set_written(&self, prompt: &str, set: &str) -> Option<SystemTime> {
        check_name("value set", set).ok()?;
        let file = self.prompt_folder(prompt).ok()?.join("values").join(format!("{set}.json"));
        fs::metadata(file).ok()?.modified().ok()
    }

    /// Refuses a set that holds the value of a secret variable.
    pub(super) fn holds_no_secret(&self, prompt: &str, set: &ValueSet) -> Result<()> {
        let declarations = self.declarations(prompt)?;
        let mut secrets = set.values.0.keys().filter(|name| declarations.privacy(name) == Privacy::Secret);
        match secrets.next() {
            None => Ok(()),
            Some(name) => Err(Error::input(format!("`{name}` is secret, and a value set is a file of the library"))
                .hint("nothing was written: take its value away first; `fill --set` gives a secret when it is needed")),
        }
    }

    /// Refuses to go on when `file` no longer holds what was read of it.
    pub(super) fn unchanged(&self, file: &Path, before: Option<&str>) -> Result<()> {
        if self.text_if_there(file)?.as_deref() == before {
            return Ok(());
        }
        Err(Error::input("somebody else has changed this file just now")
            .at(file)
            .hint("nothing was changed: try again"))
    }
}

/// What a `prompt.toml` says; a mistake in it is an error, because it would be written again.
fn sound(file: &Path, text: &str) -> Result<About> {
    let (about, errors) = about::read(file, text);
    match errors.into_iter().next() {
        None => Ok(about),
        Some(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::trial::library_with;
    use crate::prompt::Values;

    fn library() -> (tempfile::TempDir, Library) {
        library_with(&["prompts/a/draft"])
    }

    #[test]
    fn the_first_declaration_makes_the_file_and_a_later_one_keeps_its_comments() {
        let (dir, library) = library();
        let privacy = |privacy| [Property::Privacy(Some(privacy))];
        library.declare("a", "user", &privacy(Privacy::Personal), &Seen::This(None)).unwrap();
        let file = dir.path().join("prompts/a/prompt.toml");
        assert_eq!(fs::read_to_string(&file).unwrap(), "[variables.user]\nprivacy = \"personal\"\n");
        fs::write(&file, "# ours\n[variables.user]\nprivacy = \"personal\" # by law\nzeta = 1\n").unwrap();
        let declared = library.declare("a", "user", &privacy(Privacy::Internal), &Seen::Anything).unwrap();
        assert_eq!(declared.privacy("user"), Privacy::Internal);
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            "# ours\n[variables.user]\nprivacy = \"internal\" # by law\nzeta = 1\n"
        );
    }

    #[test]
    fn what_somebody_else_declared_meanwhile_is_not_overwritten() {
        let (dir, library) = library();
        let file = dir.path().join("prompts/a/prompt.toml");
        fs::write(&file, "[variables.user]\nprivacy = \"secret\"\n").unwrap();
        let seen = Seen::This(Some(Declaration::default()));
        let error = library.declare("a", "user", &[Property::Privacy(Some(Privacy::Public))], &seen).unwrap_err();
        assert!(error.message.contains("somebody else"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "[variables.user]\nprivacy = \"secret\"\n");
    }

    #[test]
    fn a_secret_stands_neither_in_a_default_nor_in_a_value_set() {
        let (_dir, library) = library();
        let secret = [Property::Privacy(Some(Privacy::Secret)), Property::Default(Some("k3y".into()))];
        let error = library.declare("a", "key", &secret, &Seen::Anything).unwrap_err();
        assert!(error.message.contains("secret") && !error.to_string().contains("k3y"), "{error}");
        library.declare("a", "key", &secret[..1], &Seen::Anything).unwrap();
        let values = Values([("key".to_owned(), "k3y".to_owned())].into());
        let error = library
            .save_value_set("a", &ValueSet { name: "s".into(), values }, &crate::library::Expected::Nothing)
            .unwrap_err();
        assert!(error.message.contains("`key` is secret") && !error.to_string().contains("k3y"), "{error}");
        assert!(library.value_sets("a").unwrap().is_empty());
    }

    #[test]
    fn a_damaged_file_is_not_written_again() {
        let (dir, library) = library();
        let file = dir.path().join("prompts/a/prompt.toml");
        for damaged in ["[variables.user\n", "[variables.user]\nprivacy = \"personnal\"\n", "variables = 3\n"] {
            fs::write(&file, damaged).unwrap();
            assert!(library.declare("a", "b", &[], &Seen::Anything).is_err(), "{damaged}");
            assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
        }
    }
}
