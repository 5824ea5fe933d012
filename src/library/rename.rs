//! Renaming a variable in every file of a prompt: planned first, refused as a whole when anything stands in the way,
//! written file by file, and taken back when a file cannot be written. Frozen versions are never touched.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::about;
use super::read::has_draft;
use crate::error::{Error, Result};
use crate::library::{Library, Which};
use crate::prompt::template;
use crate::source::{error_at, json, line_column, nearest};
use crate::vars::declare::check_variable;
use crate::vars::rename::{self, Edit, Tangled, What};

/// A rename that can be carried out, and what it would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The prompt.
    pub prompt: String,
    /// The name there is.
    pub old: String,
    /// The name there will be.
    pub new: String,
    /// The files, in the order in which they are written.
    pub files: Vec<RenamedFile>,
    /// What the person should know besides.
    pub notes: Vec<String>,
}

/// One file of a rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenamedFile {
    /// Where it stands.
    pub file: PathBuf,
    /// Its path within the prompt's folder.
    pub shown: String,
    /// The places that change.
    pub places: Vec<RenamedPlace>,
    before: String,
    after: String,
}

/// One place of a rename; line and column are 1-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenamedPlace {
    /// Its line.
    pub line: usize,
    /// Its column, in characters.
    pub column: usize,
    /// What stands there.
    pub what: What,
}

impl Rename {
    /// How many places change.
    pub fn places(&self) -> usize {
        self.files.iter().map(|file| file.places.len()).sum()
    }
}

impl Library {
    /// Plans to call `old` `new` in every file of the prompt: its draft, the template of the user's message, the value
    /// sets, the declaration and the eval cases. Nothing is written.
    ///
    /// `text` is the draft's text where the caller has it, and changes it itself; else the file counts and is planned.
    ///
    /// # Errors
    /// When there is no such variable, `new` cannot be a name or stands somewhere already, or a file cannot be read.
    pub fn plan_rename(&self, prompt: &str, old: &str, new: &str, text: Option<&str>) -> Result<Rename> {
        check_variable(old)?;
        check_variable(new)?;
        if old == new {
            return Err(Error::input(format!("`{old}` is called so already")));
        }
        let folder = self.prompt_folder(prompt)?;
        let mut work = Work { folder: &folder, old, new, files: Vec::new(), known: BTreeMap::new() };
        let is_draft = has_draft(&folder);
        match text {
            Some(text) => work.in_memory(text),
            None if is_draft => {
                let file = folder.join("draft/system_prompt.txt");
                work.add(
                    &file,
                    self.text(&file)?,
                    |_, text| Ok(rename::in_text(text, old, new)),
                    |_, text| Ok(named(text)),
                )?;
            }
            None => {
                return Err(Error::input(format!("`{prompt}` has no draft, and frozen versions never change"))
                    .hint("the first change in the workbench begins one"));
            }
        }
        let config = folder.join("draft/config.json");
        if let Some(text) = self.text_if_there(&config)? {
            let asked = |file: &Path, text: &str| {
                Ok(rename::asked_in_config(file, text)?.into_iter().map(|name| (name, 0)).collect())
            };
            work.add(&config, text, |file, text| rename::in_config(file, text, old, new), asked)?;
        }
        for set in self.value_sets(prompt)? {
            let file = folder.join("values").join(format!("{set}.json"));
            let keys = |file: &Path, text: &str| {
                Ok(json::object(file, text)?.into_iter().map(|member| (member.key, member.offset)).collect())
            };
            work.add(&file, self.text(&file)?, |file, text| rename::in_values(file, text, old, new), keys)?;
        }
        let cases = folder.join("evals/cases.yaml");
        if let Some(text) = self.text_if_there(&cases)? {
            let tangled = |file: &Path, text: &str, tangled: Tangled| {
                error_at(file, text, tangled.offset, tangled.reason).hint(format!("rename `{old}` there by hand first"))
            };
            let edits =
                |file: &Path, text: &str| rename::in_cases(text, old, new).map_err(|it| tangled(file, text, it));
            let names = |file: &Path, text: &str| rename::named_in_cases(text).map_err(|it| tangled(file, text, it));
            work.add(&cases, text, edits, names)?;
        }
        let about = folder.join("prompt.toml");
        if let Some(text) = self.text_if_there(&about)? {
            work.declaration(&about, text)?;
        }
        work.refuse_conflicts()?;
        let notes = self.notes(prompt, &work);
        let files = work.files.into_iter().filter(|file| !file.places.is_empty()).collect();
        Ok(Rename { prompt: prompt.to_owned(), old: old.to_owned(), new: new.to_owned(), files, notes })
    }

    /// Writes what was planned: all of it, or nothing when a file has changed since or cannot be written.
    pub fn rename(&self, plan: &Rename) -> Result<()> {
        for file in &plan.files {
            self.unchanged(&file.file, Some(&file.before))?;
        }
        for (index, file) in plan.files.iter().enumerate() {
            let Err(error) = self.replace(&file.file, file.after.as_bytes()) else { continue };
            let left: Vec<&str> = plan.files[..index]
                .iter()
                .filter(|done| {
                    self.unchanged(&done.file, Some(&done.after)).is_err()
                        || self.replace(&done.file, done.before.as_bytes()).is_err()
                })
                .map(|done| done.shown.as_str())
                .collect();
            return Err(match left.as_slice() {
                [] => error.hint("nothing was renamed: the other files are as they were"),
                left => error.hint(format!(
                    "`{}` stands in {} already and could not be taken back",
                    plan.new,
                    left.join(", ")
                )),
            });
        }
        Ok(())
    }

    /// What a rename leaves as it is, for the person to know.
    fn notes(&self, prompt: &str, work: &Work<'_>) -> Vec<String> {
        let mut notes = Vec::new();
        let Ok(entry) = self.entry(prompt) else { return notes };
        let uses = |version: &&super::VersionEntry| {
            let state = self.read(prompt, &Which::Version(version.version.clone()));
            state.is_ok_and(|state| template::names(&state.text).contains(&work.old))
        };
        let frozen: Vec<String> =
            entry.versions.iter().filter(uses).map(|version| version.version.to_string()).collect();
        if !frozen.is_empty() {
            let old = work.old;
            notes.push(format!(
                "frozen versions keep `{old}`: {}; filling them needs a value under that name",
                frozen.join(", ")
            ));
        }
        for file in &work.files {
            let lines = rename::mentions(&file.after, work.old);
            if !lines.is_empty() {
                let lines: Vec<String> = lines.iter().take(5).map(ToString::to_string).collect();
                notes.push(format!("{} still has the word `{}`: line {}", file.shown, work.old, lines.join(", ")));
            }
        }
        for (name, filled) in [("message", "the message"), ("conversation_history", "the turns so far")] {
            if work.old == name || work.new == name {
                notes.push(format!("the playtest fills `{name}` with {filled}, and no other name"));
            }
        }
        notes
    }
}

/// The rename as far as it is planned.
struct Work<'a> {
    folder: &'a Path,
    old: &'a str,
    new: &'a str,
    files: Vec<RenamedFile>,
    /// Where each name stands first.
    known: BTreeMap<String, Vec<String>>,
}

type Named = Vec<(String, usize)>;

impl Work<'_> {
    fn in_memory(&mut self, text: &str) {
        for (name, offset) in named(text) {
            let (line, _) = line_column(text, offset);
            self.known.entry(name).or_default().push(format!("the draft, line {line}"));
        }
    }

    fn add(
        &mut self,
        file: &Path,
        text: String,
        edits: impl FnOnce(&Path, &str) -> Result<Vec<Edit>>,
        names: impl FnOnce(&Path, &str) -> Result<Named>,
    ) -> Result<()> {
        let shown = file.strip_prefix(self.folder).unwrap_or(file).display().to_string();
        for (name, offset) in names(file, &text)? {
            let (line, _) = line_column(&text, offset);
            self.known.entry(name).or_default().push(format!("{shown}:{line}"));
        }
        let edits = edits(file, &text)?;
        self.plan(file, shown, text, &edits);
        Ok(())
    }

    fn plan(&mut self, file: &Path, shown: String, text: String, edits: &[Edit]) {
        let place = |edit: &Edit| {
            let (line, column) = line_column(&text, edit.range.start);
            RenamedPlace { line, column, what: edit.what }
        };
        let places = edits.iter().map(place).collect();
        let after = rename::apply(&text, edits);
        self.files.push(RenamedFile { file: file.to_owned(), shown, places, before: text, after });
    }

    /// The declaration, and nothing else that the file says, gets the other name.
    fn declaration(&mut self, file: &Path, text: String) -> Result<()> {
        let (before, errors) = about::read(file, &text);
        if let Some(error) = errors.into_iter().next() {
            return Err(error);
        }
        for (name, _) in &before.variables.0 {
            self.known.entry(name.clone()).or_default().push("prompt.toml".to_owned());
        }
        let edits = rename::in_declarations(&text, self.old, self.new);
        let mut wanted = before.variables;
        for (name, _) in &mut wanted.0 {
            if name == self.old {
                self.new.clone_into(name);
            }
        }
        let shown = "prompt.toml".to_owned();
        let agrees = |edits: &[Edit]| {
            let (after, errors) = about::read(file, &rename::apply(&text, edits));
            let sorted = |all: &crate::prompt::Declarations| {
                let mut all = all.0.clone();
                all.sort_by(|one, other| one.0.cmp(&other.0));
                all
            };
            errors.is_empty() && sorted(&after.variables) == sorted(&wanted)
        };
        // a name with a dot may need quotes where the old one had none
        let in_quotes: Vec<Edit> = edits
            .iter()
            .map(|edit| Edit {
                with: if edit.with == self.new { format!("\"{}\"", self.new) } else { edit.with.clone() },
                ..edit.clone()
            })
            .collect();
        let fitting = [edits, in_quotes].into_iter().find(|edits| agrees(edits));
        match fitting {
            Some(edits) => self.plan(file, shown, text, &edits),
            None if self.known.contains_key(self.new) => self.plan(file, shown, text, &[]),
            None => {
                return Err(Error::input(format!("`{}` is declared in a form that cannot be renamed alone", self.old))
                    .at(file)
                    .hint(format!("write it as [variables.{}] with its keys below it, then try again", self.old)));
            }
        }
        Ok(())
    }

    fn refuse_conflicts(&self) -> Result<()> {
        let (old, new) = (self.old, self.new);
        if let Some(places) = self.known.get(new) {
            return Err(Error::input(format!("`{new}` is there already: {}", few(places)))
                .hint("nothing was changed: two variables cannot become one; choose another name"));
        }
        if self.known.contains_key(old) {
            return Ok(());
        }
        let error = Error::input(format!("no file of this prompt has a variable `{old}`"));
        Err(match nearest(old, self.known.keys().map(String::as_str)) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("`greenroom vars NAME` lists them"),
        })
    }
}

/// The names that a text asks for, with the byte of each one's first place.
fn named(text: &str) -> Named {
    let mut seen = std::collections::HashSet::new();
    let all = template::placeholders(text).filter(|(_, name)| seen.insert(*name));
    all.map(|(range, name)| (name.to_owned(), range.start)).collect()
}

/// The first places, and how many more there are.
fn few(places: &[String]) -> String {
    let shown = places.iter().take(4).cloned().collect::<Vec<_>>().join(", ");
    match places.len() {
        0..=4 => shown,
        more => format!("{shown} and {} more", more - 4),
    }
}

#[cfg(test)]
mod tests;
