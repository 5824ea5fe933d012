//! No path and no link leads out of the library, and none leads into a frozen version to write there.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};
use crate::library::names::{Folder, folder_of};
use crate::library::{Library, check_name};
use crate::source;

impl Library {
    /// The library in the folder `dir`.
    ///
    /// # Errors
    /// When there is no such folder, or neither `prompts/` nor `greenroom.toml` is in it.
    pub fn at(dir: &Path) -> Result<Self> {
        let library = Self::in_folder(dir)?;
        if !library.prompts().is_dir() && !library.root.join("greenroom.toml").is_file() {
            return Err(Error::input("this folder is no library: it has no prompts/ folder")
                .at(dir)
                .hint("`greenroom new NAME --library DIR` begins one there, `greenroom demo` shows the samples"));
        }
        Ok(library)
    }

    /// The folder `dir` as a library that may still be empty: the first prompt makes its `prompts/`.
    pub fn in_folder(dir: &Path) -> Result<Self> {
        let real = fs::canonicalize(dir).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                Error::input("there is no such folder").at(dir).hint("--library takes the folder that holds prompts/")
            }
            _ => Error::io("open the library", dir, &error),
        })?;
        if !real.is_dir() {
            return Err(Error::input("is a file, not a library's folder").at(dir));
        }
        let root = std::path::absolute(dir).map_err(|error| Error::io("open the library", dir, &error))?;
        let folder = FolderId::of(&real).map_err(|error| Error::io("open the library", dir, &error))?;
        Ok(Self { root, real, folder })
    }

    /// The folder of all prompts.
    pub(crate) fn prompts(&self) -> PathBuf {
        self.root.join("prompts")
    }

    /// The folder of the prompt `name`.
    ///
    /// # Errors
    /// When the name is none, there is no such prompt (the nearest name is the hint), or a link leads out.
    pub(crate) fn prompt_folder(&self, name: &str) -> Result<PathBuf> {
        check_name("prompt", name)?;
        let folder = self.prompts().join(name);
        if fs::symlink_metadata(&folder).is_err() {
            let names = self.names();
            let error = Error::input(format!("there is no prompt `{name}` in {}", self.root.display()));
            return Err(match source::nearest(name, names.iter().map(String::as_str)) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None if names.is_empty() => error.hint(format!("`greenroom new {name}` makes it")),
                None => error.hint("`greenroom list` shows what there is"),
            });
        }
        self.inside(&folder)?;
        if !folder.is_dir() {
            return Err(Error::input("is a file, not a prompt's folder").at(folder));
        }
        Ok(folder)
    }

    /// Refuses `path` when it, followed through every link, is not in the library. It must exist.
    pub(crate) fn inside(&self, path: &Path) -> Result<()> {
        if self.has_no_links(path) {
            return Ok(());
        }
        let real = fs::canonicalize(path).map_err(|error| {
            if error.kind() == ErrorKind::NotFound && fs::symlink_metadata(path).is_ok() {
                Error::input("is a link to nothing").at(path)
            } else {
                Error::io("read", path, &error)
            }
        })?;
        if real.starts_with(&self.real) {
            return Ok(());
        }
        Err(Error::input(format!("a link leads out of the library, to {}", real.display()))
            .at(path)
            .hint("greenroom reads and writes only inside the library: put a copy there"))
    }

    /// Whether `path` exists and nothing on its way from the library's folder is a link, so that it cannot lead out. The
    /// usual case, and told without following the folders above the library anew for each file.
    fn has_no_links(&self, path: &Path) -> bool {
        let Ok(within) = path.strip_prefix(&self.root) else { return false };
        // the library's own folder may be a link, which was followed when it was opened and may lead elsewhere by now
        if FolderId::of(&self.root).ok().as_ref() != Some(&self.folder) {
            return false;
        }
        let mut at = self.root.clone();
        within.components().all(|part| {
            at.push(part);
            matches!(part, Component::Normal(_)) && fs::symlink_metadata(&at).is_ok_and(|found| !found.is_symlink())
        })
    }

    /// The text of a file of the library.
    pub(crate) fn text(&self, file: &Path) -> Result<String> {
        self.inside(file)?;
        source::read_text(file)
    }

    /// The text of a file that may be absent.
    pub(crate) fn text_if_there(&self, file: &Path) -> Result<Option<String>> {
        if fs::symlink_metadata(file).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            return Ok(None);
        }
        self.text(file).map(Some)
    }

    /// The bytes of a file that may be absent, for what is read also where it is no text.
    pub(crate) fn bytes_if_there(&self, file: &Path) -> Result<Option<Vec<u8>>> {
        if fs::symlink_metadata(file).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            return Ok(None);
        }
        self.inside(file)?;
        source::read_bytes(file).map(Some)
    }

    /// Where a write to `path` really goes: through a link inside the library to its target, never out of the library
    /// and never into a frozen version. The folder of `path` must exist.
    pub(crate) fn target(&self, path: &Path) -> Result<PathBuf> {
        let real = self.followed(path)?;
        if self.in_version(&real).is_some() {
            return Err(Error::input("a link leads into a frozen version, which never changes")
                .at(path)
                .hint("put a copy in place of the link"));
        }
        Ok(real)
    }

    /// Where a line that is added to the ledger `path` really goes. As [`Library::target`], but what is said about a
    /// frozen version stands beside its frozen files.
    pub(super) fn ledger_target(&self, path: &Path) -> Result<PathBuf> {
        let real = self.followed(path)?;
        match self.in_version(&real) {
            Some(file) if file != Path::new("review.jsonl") => self.target(path),
            _ => Ok(real),
        }
    }

    /// `path` through every link; refused when that leads out of the library, or to a folder.
    fn followed(&self, path: &Path) -> Result<PathBuf> {
        let real = if fs::symlink_metadata(path).is_ok() {
            self.inside(path)?;
            fs::canonicalize(path).map_err(|error| Error::io("write", path, &error))?
        } else {
            let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
                return Err(Error::input("is no file's name").at(path));
            };
            self.inside(folder)?;
            fs::canonicalize(folder).map_err(|error| Error::io("write", folder, &error))?.join(name)
        };
        if real.is_dir() {
            return Err(Error::input("cannot write: there is a folder of this name").at(path));
        }
        Ok(real)
    }

    /// Where `real` is in a frozen version's folder; none outside of such folders.
    fn in_version(&self, real: &Path) -> Option<PathBuf> {
        let mut parts = real.strip_prefix(&self.real).ok()?.components();
        let in_prompts = parts.next()?.as_os_str() == "prompts" && parts.next().is_some();
        let folder = parts.next()?.as_os_str().to_string_lossy().into_owned();
        (in_prompts && matches!(folder_of(&folder), Folder::Version(..))).then(|| parts.as_path().to_owned())
    }
}

/// Which folder it is: by its number where folders have one, else by its path without links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FolderId(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

impl FolderId {
    #[cfg(unix)]
    fn of(folder: &Path) -> std::io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(folder).map(|found| Self((found.dev(), found.ino())))
    }

    #[cfg(not(unix))]
    fn of(folder: &Path) -> std::io::Result<Self> {
        fs::canonicalize(folder).map(Self)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn library() -> (tempfile::TempDir, Library) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("library/prompts/a/draft")).unwrap();
        fs::create_dir_all(dir.path().join("library/prompts/a/v1.0.0_2024-01-15")).unwrap();
        fs::create_dir_all(dir.path().join("outside/draft")).unwrap();
        fs::write(dir.path().join("outside/secret.txt"), "secret").unwrap();
        let library = Library::at(&dir.path().join("library")).unwrap();
        (dir, library)
    }

    #[test]
    fn a_link_out_of_the_library_is_neither_read_nor_written() {
        let (dir, library) = library();
        let file = library.prompts().join("a/draft/system_prompt.txt");
        symlink(dir.path().join("outside/secret.txt"), &file).unwrap();
        assert!(library.text(&file).unwrap_err().to_string().contains("system_prompt.txt: a link leads out"));
        assert!(library.target(&file).unwrap_err().message.contains("leads out"));
        symlink(dir.path().join("outside"), library.prompts().join("b")).unwrap();
        assert!(library.prompt_folder("b").unwrap_err().message.contains("leads out"));
        assert!(library.target(&library.prompts().join("b/draft/new.txt")).unwrap_err().message.contains("leads out"));
    }

    #[test]
    fn a_library_whose_own_folder_leads_elsewhere_now_is_not_read() {
        let (dir, _) = library();
        let (old, new) = (dir.path().join("library"), dir.path().join("another"));
        fs::create_dir_all(new.join("prompts/a/draft")).unwrap();
        fs::write(new.join("prompts/a/draft/x.txt"), "x").unwrap();
        let current = dir.path().join("current");
        symlink(&old, &current).unwrap();
        let library = Library::at(&current).unwrap();
        let file = current.join("prompts/a/draft/x.txt");
        fs::write(old.join("prompts/a/draft/x.txt"), "old").unwrap();
        assert_eq!(library.text(&file).unwrap(), "old");
        fs::remove_file(&current).unwrap();
        symlink(&new, &current).unwrap();
        assert!(library.text(&file).unwrap_err().message.contains("leads out"));
    }

    #[test]
    fn dots_and_links_to_folders_are_looked_at_as_what_they_lead_to() {
        let (dir, library) = library();
        fs::write(library.prompts().join("a/draft/x.txt"), "x").unwrap();
        assert_eq!(library.text(&library.prompts().join("a/../a/draft/x.txt")).unwrap(), "x");
        let out = library.prompts().join("../../outside/secret.txt");
        assert!(library.text(&out).unwrap_err().message.contains("leads out"));
        symlink("a", library.prompts().join("same")).unwrap();
        assert_eq!(library.text(&library.prompts().join("same/draft/x.txt")).unwrap(), "x");
        symlink(dir.path().join("outside"), library.prompts().join("a/evals")).unwrap();
        let through = library.prompts().join("a/evals/../secret.txt");
        assert!(library.text(&through).is_err());
        assert!(library.text(&library.prompts().join("a/evals/secret.txt")).unwrap_err().message.contains("leads out"));
    }

    #[test]
    fn a_link_inside_the_library_is_followed() {
        let (_dir, library) = library();
        let file = library.prompts().join("a/draft/system_prompt.txt");
        fs::write(library.prompts().join("common.txt"), "x").unwrap();
        symlink("../../common.txt", &file).unwrap();
        assert_eq!(library.text(&file).unwrap(), "x");
        assert!(library.target(&file).unwrap().ends_with("prompts/common.txt"));
    }

    #[test]
    fn a_link_into_a_frozen_version_is_not_written() {
        let (_dir, library) = library();
        let frozen = library.prompts().join("a/v1.0.0_2024-01-15/system_prompt.txt");
        fs::write(&frozen, "x").unwrap();
        let file = library.prompts().join("a/draft/system_prompt.txt");
        symlink(&frozen, &file).unwrap();
        assert!(library.target(&file).unwrap_err().message.contains("frozen version"));
    }

    #[test]
    fn a_link_to_nothing_is_said_to_be_one() {
        let (_dir, library) = library();
        let file = library.prompts().join("a/draft/system_prompt.txt");
        symlink("nowhere", &file).unwrap();
        assert!(library.text_if_there(&file).unwrap_err().message.contains("link to nothing"));
        assert!(library.target(&file).is_err());
    }

    #[test]
    fn an_unknown_prompt_names_the_nearest_one() {
        let (_dir, library) = library();
        fs::create_dir(library.prompts().join("customer_support")).unwrap();
        let error = library.prompt_folder("custmer_support").unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean `customer_support`?"));
    }

    #[test]
    fn a_folder_without_prompts_is_no_library() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Library::at(dir.path()).unwrap_err().message.contains("no library"));
        assert!(Library::at(&dir.path().join("missing")).unwrap_err().message.contains("no such folder"));
        fs::write(dir.path().join("greenroom.toml"), "").unwrap();
        assert!(Library::at(dir.path()).is_ok());
    }
}
