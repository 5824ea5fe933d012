//! The trash: what is deleted moves to `.trash/MOMENT/` inside the library, under the path that it had, and can be brought
//! back. A folder on the same disk, so that a prompt goes there and comes back whole, in one step.
//!
//! git does not see it: a `.gitignore` in it says so. Nothing is ever taken out of it but what is brought back.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::library::write::sync_folder;
use crate::library::{Library, check_name};

/// The folder of the trash inside the library.
const TRASH: &str = ".trash";
/// So many things may be deleted in one second.
const MOST_AT_ONCE: u32 = 1_000;

/// What can be deleted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// A prompt with all that belongs to it.
    Prompt(String),
    /// A value set.
    ValueSet {
        /// Whose.
        prompt: String,
        /// Its name.
        set: String,
    },
}

impl Thing {
    /// What a person calls it.
    pub fn words(&self) -> String {
        match self {
            Self::Prompt(name) => format!("the prompt {name}"),
            Self::ValueSet { prompt, set } => format!("the value set {set} of {prompt}"),
        }
    }

    /// Its path inside the library.
    pub fn path(&self) -> PathBuf {
        match self {
            Self::Prompt(name) => Path::new("prompts").join(name),
            Self::ValueSet { prompt, set } => {
                Path::new("prompts").join(prompt).join("values").join(format!("{set}.json"))
            }
        }
    }

    fn check(&self) -> Result<()> {
        match self {
            Self::Prompt(name) => check_name("prompt", name),
            Self::ValueSet { prompt, set } => {
                check_name("prompt", prompt)?;
                check_name("value set", set)
            }
        }
    }
}

/// Something in the trash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deleted {
    /// The folder in the trash, which is the moment: `2026-11-23T03-05-12Z`.
    pub moment: String,
    /// What it is.
    pub thing: Thing,
}

impl Deleted {
    /// The day on which it was deleted, as `2026-11-23`.
    pub fn day(&self) -> &str {
        self.moment.split('T').next().unwrap_or_default()
    }

    /// Its path inside the library.
    pub fn path(&self) -> PathBuf {
        Path::new(TRASH).join(&self.moment).join(self.thing.path())
    }
}

impl Library {
    /// Moves `thing` into the trash.
    ///
    /// # Errors
    /// When it is not there, or a folder cannot be written: then it stays where it is.
    pub fn delete(&self, thing: &Thing, now: Timestamp) -> Result<Deleted> {
        thing.check()?;
        let from = self.root.join(thing.path());
        if fs::symlink_metadata(&from).is_err() {
            return Err(Error::input(format!("{} is not there any more", thing.words())).at(from));
        }
        self.inside(&from)?;
        let deleted = Deleted { moment: self.trash_moment(now)?, thing: thing.clone() };
        self.move_to(&from, &self.root.join(deleted.path()))?;
        Ok(deleted)
    }

    /// Puts a copy of a draft's files into the trash, beside what was deleted. Gives its folder.
    pub(super) fn keep_draft(&self, name: &str, files: &[(&str, Vec<u8>)], now: Timestamp) -> Result<PathBuf> {
        let folder = self.root.join(TRASH).join(self.trash_moment(now)?).join("drafts").join(name);
        fs::create_dir_all(&folder).map_err(|error| Error::io("write", &folder, &error))?;
        for (file, bytes) in files {
            self.replace(&folder.join(file), bytes)?;
        }
        Ok(folder)
    }

    /// Makes a folder in the trash for this moment. Gives its name.
    fn trash_moment(&self, now: Timestamp) -> Result<String> {
        let trash = self.trash_folder()?;
        let seconds = now.strftime("%Y-%m-%dT%H-%M-%SZ").to_string();
        for number in 1..MOST_AT_ONCE {
            let moment = if number == 1 { seconds.clone() } else { format!("{seconds}-{number}") };
            match fs::create_dir(trash.join(&moment)) {
                Ok(()) => return Ok(moment),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::io("write", &trash.join(moment), &error)),
            }
        }
        Err(Error::input("too much was deleted in this second").at(trash).hint("try again"))
    }

    /// What is in the trash, the last first. What greenroom did not put there is left out.
    pub fn trash(&self) -> Vec<Deleted> {
        let trash = self.root.join(TRASH);
        if self.inside(&trash).is_err() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for moment in names(&trash) {
            let prompts = trash.join(&moment).join("prompts");
            for prompt in names(&prompts).into_iter().filter(|name| check_name("prompt", name).is_ok()) {
                let sets = names(&prompts.join(&prompt).join("values"));
                let sets: Vec<String> = sets.iter().filter_map(|file| super::values::set_name(file)).collect();
                let things = match sets.as_slice() {
                    // of a prompt whose set was deleted nothing but that set lies here
                    [set] if holds_only(&prompts.join(&prompt), "values") && holds_one(&prompts.join(&prompt)) => {
                        Thing::ValueSet { prompt, set: set.clone() }
                    }
                    _ => Thing::Prompt(prompt),
                };
                found.push(Deleted { moment: moment.clone(), thing: things });
            }
        }
        found.sort_by(|a, b| b.cmp(a));
        found
    }

    /// Brings something back to where it was.
    ///
    /// # Errors
    /// When it is not in the trash any more, when its place is taken, or when the prompt that a set belongs to is gone:
    /// then it stays in the trash.
    pub fn bring_back(&self, deleted: &Deleted) -> Result<()> {
        deleted.thing.check()?;
        let from = self.root.join(deleted.path());
        let to = self.root.join(deleted.thing.path());
        if fs::symlink_metadata(&from).is_err() {
            return Err(Error::input(format!("{} is not in the trash any more", deleted.thing.words())).at(from));
        }
        self.inside(&from)?;
        if fs::symlink_metadata(&to).is_ok() {
            return Err(Error::input("there is another one of this name")
                .at(to)
                .hint("rename that one first; what was deleted stays in the trash"));
        }
        match &deleted.thing {
            Thing::Prompt(_) => self.make_folder(&self.prompts())?,
            Thing::ValueSet { prompt, .. } => self.make_folder(&self.prompt_folder(prompt)?.join("values"))?,
        }
        self.move_to(&from, &to)?;
        // what is left of its moment is empty folders
        let mut left = from.parent();
        while let Some(folder) = left.filter(|folder| folder.file_name().is_some_and(|name| name != TRASH)) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
            left = folder.parent();
        }
        Ok(())
    }

    /// The folder of the trash, made where it is not there.
    fn trash_folder(&self) -> Result<PathBuf> {
        let trash = self.root.join(TRASH);
        self.make_folder(&trash)?;
        let ignore = trash.join(".gitignore");
        if fs::symlink_metadata(&ignore).is_err() {
            self.replace(&ignore, b"*\n")?;
        }
        Ok(trash)
    }

    fn move_to(&self, from: &Path, to: &Path) -> Result<()> {
        let failed = |error: std::io::Error| Error::io("move", from, &error);
        let folder = to.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(failed)?;
        self.inside(folder)?;
        fs::rename(from, to).map_err(failed)?;
        // the move is done; a folder that cannot be synchronised is no reason to say otherwise
        for folder in [from.parent(), Some(folder)].into_iter().flatten() {
            let _ = sync_folder(folder);
        }
        Ok(())
    }
}

/// The names of what is in a folder; none where it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

fn holds_only(folder: &Path, name: &str) -> bool {
    names(folder).iter().all(|one| one == name)
}

/// Whether there is one file in its `values`.
fn holds_one(prompt: &Path) -> bool {
    names(&prompt.join("values")).len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library() -> (tempfile::TempDir, Library) {
        let dir = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("prompts/faq/draft/system_prompt.txt", "# Identity\nHi\n"),
            ("prompts/faq/values/one.json", "{\"a\": \"1\"}\n"),
            ("prompts/faq/values/two.json", "{}\n"),
            ("prompts/other/draft/system_prompt.txt", "x"),
        ] {
            let file = dir.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let library = Library::at(dir.path()).unwrap();
        (dir, library)
    }

    fn now() -> Timestamp {
        "2026-11-23T03:05:12Z".parse().unwrap()
    }

    fn set(name: &str) -> Thing {
        Thing::ValueSet { prompt: "faq".into(), set: name.into() }
    }

    fn listed(library: &Library) -> Vec<String> {
        library.list().unwrap().into_iter().map(|entry| entry.name).collect()
    }

    #[test]
    fn a_prompt_that_was_deleted_comes_back_whole() {
        let (dir, library) = library();
        let deleted = library.delete(&Thing::Prompt("faq".into()), now()).unwrap();
        assert_eq!(listed(&library), ["other"]);
        assert_eq!((deleted.moment.as_str(), deleted.day()), ("2026-11-23T03-05-12Z", "2026-11-23"));
        assert_eq!(library.trash(), std::slice::from_ref(&deleted));
        library.bring_back(&deleted).unwrap();
        assert_eq!(listed(&library), ["faq", "other"]);
        assert_eq!(fs::read(dir.path().join("prompts/faq/values/one.json")).unwrap(), b"{\"a\": \"1\"}\n");
        assert_eq!(library.trash(), []);
        assert_eq!(names(&dir.path().join(TRASH)), [".gitignore"]);
    }

    #[test]
    fn a_value_set_that_was_deleted_comes_back() {
        let (_dir, library) = library();
        let one = library.delete(&set("one"), now()).unwrap();
        assert_eq!(library.value_sets("faq").unwrap(), ["two"]);
        let two = library.delete(&set("two"), now()).unwrap();
        assert_eq!(two.moment, "2026-11-23T03-05-12Z-2");
        assert_eq!(library.trash(), [two, one.clone()]);
        library.bring_back(&one).unwrap();
        assert_eq!(library.value_sets("faq").unwrap(), ["one"]);
    }

    #[test]
    fn what_comes_back_never_takes_the_place_of_another() {
        let (dir, library) = library();
        let deleted = library.delete(&Thing::Prompt("faq".into()), now()).unwrap();
        library.create("faq", "new").unwrap();
        let error = library.bring_back(&deleted).unwrap_err();
        assert!(error.to_string().contains("there is another one of this name"), "{error}");
        assert_eq!(fs::read(dir.path().join("prompts/faq/draft/system_prompt.txt")).unwrap(), b"new");
        assert_eq!(library.trash(), [deleted]);
    }

    #[test]
    fn git_does_not_see_the_trash() {
        let (dir, library) = library();
        library.delete(&set("one"), now()).unwrap();
        assert_eq!(fs::read(dir.path().join(".trash/.gitignore")).unwrap(), b"*\n");
    }

    #[test]
    #[cfg(unix)]
    fn a_trash_that_leads_out_of_the_library_is_not_used() {
        let (dir, library) = library();
        let outside = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), dir.path().join(TRASH)).unwrap();
        let error = library.delete(&set("one"), now()).unwrap_err();
        assert!(error.to_string().contains("leads out of the library"), "{error}");
        assert_eq!(library.value_sets("faq").unwrap(), ["one", "two"]);
        assert_eq!(library.trash(), []);
    }

    #[test]
    fn a_name_that_is_none_is_refused() {
        let (_dir, library) = library();
        let error = library.delete(&Thing::Prompt("..".into()), now()).unwrap_err();
        assert!(error.to_string().contains("cannot be the name"), "{error}");
        assert!(library.delete(&set("gone"), now()).is_err());
        assert_eq!(library.trash(), [], "nothing is left of what did not happen");
    }
}
