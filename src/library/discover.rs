//! Which folder is the library: named, found upwards, or the user's own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::library::{Library, folders, write_samples};

/// What the search for a library looks at; the process's own, or a test's.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `$GREENROOM_LIBRARY`; empty counts as not set.
    pub variable: Option<PathBuf>,
    /// The folder to look upwards from.
    pub here: PathBuf,
    /// Where the user's own library is, or will be.
    pub own: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Result<Self> {
        Ok(Self {
            variable: env::var_os("GREENROOM_LIBRARY").filter(|dir| !dir.is_empty()).map(PathBuf::from),
            here: env::current_dir().map_err(|error| {
                Error::input(format!("the current folder cannot be read: {error}")).hint("change to another one")
            })?,
            own: folders().map(|folders| folders.data.join("library")),
        })
    }
}

impl Library {
    /// The library that `--library` names, else the one that is found.
    pub fn discover(flag: Option<&Path>) -> Result<Self> {
        match flag {
            Some(dir) => Self::at(dir),
            None => Self::discover_from(&Surroundings::of_process()?),
        }
    }

    /// The library that is named or found, if there is one: the user's own counts when it is there, and is not made.
    ///
    /// # Errors
    /// When one is named and cannot be used.
    pub fn find(flag: Option<&Path>) -> Result<Option<Self>> {
        if flag.is_some() {
            return Self::discover(flag).map(Some);
        }
        let mut around = Surroundings::of_process()?;
        around.own = around.own.filter(|own| own.join("prompts").is_dir());
        match Self::discover_from(&around) {
            Err(error) if around.variable.is_some() => Err(error),
            found => Ok(found.ok()),
        }
    }

    /// Like [`Library::discover`], for making the first prompt: a folder that is named may still be empty.
    pub fn discover_to_begin(flag: Option<&Path>) -> Result<Self> {
        if let Some(dir) = flag {
            return Self::in_folder(dir);
        }
        let around = Surroundings::of_process()?;
        around.variable.as_deref().map_or_else(|| Self::discover_from(&around), Self::in_folder)
    }

    /// The library that these surroundings name, hold, or lead to. The user's own is filled with the samples when it is
    /// not there yet.
    pub fn discover_from(around: &Surroundings) -> Result<Self> {
        if let Some(dir) = &around.variable {
            return Self::at(dir).map_err(|error| Error {
                hint: Some(
                    "$GREENROOM_LIBRARY names it: set it to the folder that holds prompts/, or unset it".to_owned(),
                ),
                ..error
            });
        }
        let is_library = |dir: &&Path| dir.join("prompts").is_dir() || dir.join("greenroom.toml").is_file();
        if let Some(dir) = around.here.ancestors().find(is_library) {
            return Self::at(dir);
        }
        let Some(own) = &around.own else {
            return Err(Error::input("there is no library here and no home folder to make one in")
                .hint("name one with --library DIR or $GREENROOM_LIBRARY"));
        };
        let empty = fs::read_dir(own).map_or(true, |mut entries| entries.next().is_none());
        if empty {
            write_samples(own).map_err(|error| Error {
                hint: Some("name a library with --library DIR, or try `greenroom demo`".to_owned()),
                ..error
            })?;
        }
        Self::at(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in names {
            fs::create_dir_all(dir.path().join(name)).unwrap();
        }
        dir
    }

    #[test]
    fn the_variable_wins_over_the_folder_and_the_folder_over_the_users_own() {
        let dir = folder_with(&["one/prompts", "two/prompts/a/draft", "own"]);
        let mut around = Surroundings {
            variable: Some(dir.path().join("one")),
            here: dir.path().join("two/prompts/a/draft"),
            own: Some(dir.path().join("own")),
        };
        assert_eq!(Library::discover_from(&around).unwrap().root(), dir.path().join("one"));
        around.variable = None;
        assert_eq!(Library::discover_from(&around).unwrap().root(), dir.path().join("two"));
        around.here = dir.path().to_owned();
        assert_eq!(Library::discover_from(&around).unwrap().root(), dir.path().join("own"));
    }

    #[test]
    fn a_settings_file_marks_a_library_too() {
        let dir = folder_with(&["x/y"]);
        fs::write(dir.path().join("x/greenroom.toml"), "").unwrap();
        let around = Surroundings { here: dir.path().join("x/y"), ..Surroundings::default() };
        assert_eq!(Library::discover_from(&around).unwrap().root(), dir.path().join("x"));
    }

    #[test]
    fn the_first_start_makes_the_users_own_library_and_later_ones_leave_it_alone() {
        let dir = folder_with(&["here"]);
        let own = dir.path().join("data/greenroom/library");
        let around = Surroundings { here: dir.path().join("here"), own: Some(own.clone()), variable: None };
        Library::discover_from(&around).unwrap();
        assert!(own.join("prompts").is_dir());
        fs::remove_dir_all(own.join("prompts")).unwrap();
        fs::create_dir_all(own.join("prompts/mine")).unwrap();
        assert_eq!(Library::discover_from(&around).unwrap().names(), ["mine"]);
    }

    #[test]
    fn a_variable_that_names_nothing_is_said() {
        let around = Surroundings { variable: Some("/nonexistent/greenroom".into()), ..Surroundings::default() };
        assert!(Library::discover_from(&around).unwrap_err().to_string().contains("($GREENROOM_LIBRARY"));
    }
}
