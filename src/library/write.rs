//! Atomic writes: whoever reads the file, even after a power cut, sees the old bytes or the new ones.

use std::fs::{self, File, Metadata, Permissions};
use std::io::{ErrorKind, Write};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

use crate::error::{Error, Result};
use crate::library::{Library, seal};

/// What a file is called while it is written. Hidden, so that no listing shows it, and told apart from a user's files.
pub(super) const PREFIX: &str = ".greenroom-";

impl Library {
    /// Puts `bytes` in place of what `path` holds, or makes it. Keeps the mode of an existing file and writes through a
    /// link inside the library to its target. When it fails, the old file is as it was and nothing is left behind.
    pub(super) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let target = self.target(path)?;
        let before = match fs::metadata(&target) {
            Ok(found) if found.permissions().readonly() => {
                return Err(Error::input("is read-only and was not changed")
                    .at(path)
                    .hint("allow writing first, if it is meant to change"));
            }
            Ok(found) if !found.is_file() => return Err(Error::input("is not a regular file").at(path)),
            Ok(found) => Some(found),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(failed(path, &error)),
        };
        let Some(folder) = target.parent() else { return Err(Error::input("is no file's name").at(path)) };
        write_in(folder, &target, bytes, before.as_ref()).map_err(|error| failed(path, &error))
    }

    /// Makes the folder `path` unless it is there. Its parent must exist.
    pub(super) fn make_folder(&self, path: &Path) -> Result<()> {
        if fs::symlink_metadata(path).is_ok() {
            self.inside(path)?;
            return if path.is_dir() {
                Ok(())
            } else {
                Err(Error::input("is a file where a folder is needed").at(path))
            };
        }
        let Some(parent) = path.parent() else { return Err(Error::input("is no folder's name").at(path)) };
        self.inside(parent)?;
        fs::create_dir(path).and_then(|()| sync_folder(parent)).map_err(|error| failed(path, &error))
    }
}

/// Writes `bytes` to a file that is not there yet, anywhere; what is there is never replaced. For copies that a user asks
/// for: everything else goes through a [`Library`].
///
/// # Errors
/// When there is such a file, or its folder cannot be written.
pub fn write_copy(file: &Path, bytes: &[u8]) -> Result<()> {
    if fs::symlink_metadata(file).is_ok() {
        return Err(Error::input("is there already and was not changed").at(file).hint("choose another name"));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        let mut temporary = new_file(folder)?;
        temporary.write_all(bytes)?;
        temporary.as_file().sync_all()?;
        temporary.persist_noclobber(file).map_err(|error| error.error)?;
        sync_folder(folder)
    };
    write().map_err(|error| failed(file, &error))
}

/// Writes files into `folder`, which may be anywhere and is made where it is not there, and last a SHA256SUMS of them.
/// Each file is replaced whole. Gives all of them.
///
/// # Errors
/// When one cannot be written; those before it are then there.
pub fn write_folder(folder: &Path, files: &[(&str, Vec<u8>)]) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let listed: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let sums = seal::sums(&listed);
    let mut written = Vec::new();
    for (name, bytes) in listed.into_iter().chain([(seal::SUMS, sums.as_bytes())]) {
        let file = folder.join(name);
        write_in(folder, &file, bytes, None).map_err(|error| failed(&file, &error))?;
        written.push(file);
    }
    Ok(written)
}

/// Writes a page that a user asked for, in place of an older one; nothing of a library is written so.
///
/// # Errors
/// When its folder cannot be written, or there is something that is no regular file.
pub fn write_page(file: &Path, bytes: &[u8]) -> Result<()> {
    let before = match fs::metadata(file) {
        Ok(found) if !found.is_file() => return Err(Error::input("is not a regular file").at(file)),
        found => found.ok(),
    };
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    write_in(folder, &target, bytes, before.as_ref()).map_err(|error| failed(file, &error))
}

/// The error of a write, with what to do about the usual reasons.
pub(super) fn failed(path: &Path, error: &std::io::Error) -> Error {
    let failed = Error::io("write", path, &without_path(error));
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            failed.hint("nothing was changed: make room on the disk and try again")
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            failed.hint("nothing was changed: this folder cannot be written by you")
        }
        ErrorKind::NotADirectory => failed.hint("nothing was changed: a file stands where a folder is needed"),
        _ => failed.hint("nothing was changed"),
    }
}

/// The bare reason where a temporary file's name was put around it: nobody knows that name.
fn without_path(error: &std::io::Error) -> std::io::Error {
    error.raw_os_error().map_or_else(|| error.kind().into(), std::io::Error::from_raw_os_error)
}

fn write_in(folder: &Path, target: &Path, bytes: &[u8], before: Option<&Metadata>) -> std::io::Result<()> {
    let mut temporary = new_file(folder)?;
    temporary.write_all(bytes)?;
    if let Some(before) = before {
        keep_owner_and_mode(temporary.as_file(), before)?;
    }
    temporary.as_file().sync_all()?;
    // dropping the temporary file, here on an error too, takes it away
    temporary.persist(target).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// A temporary file with the mode that any new file would get.
fn new_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(Permissions::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// A temporary folder in `parent` with the mode that any new folder would get.
pub(super) fn new_folder(parent: &Path) -> std::io::Result<TempDir> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    builder.permissions(Permissions::from_mode(0o777));
    builder.tempdir_in(parent)
}

#[cfg(unix)]
fn keep_owner_and_mode(file: &File, before: &Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let now = file.metadata()?;
    if (now.uid(), now.gid()) != (before.uid(), before.gid()) {
        // only root may give a file away; for everyone else the file is theirs from now on
        let _ = fchown(file, Some(before.uid()), Some(before.gid()));
    }
    file.set_permissions(Permissions::from_mode(before.permissions().mode() & 0o7777))
}

#[cfg(not(unix))]
fn keep_owner_and_mode(file: &File, before: &Metadata) -> std::io::Result<()> {
    file.set_permissions(before.permissions())
}

/// Makes the names in a folder last through a power cut, where the file system can.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}

/// Folders cannot be synchronised here.
#[cfg(not(unix))]
pub(super) fn sync_folder(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{MetadataExt, symlink};

    use super::*;
    use crate::library::trial::library_with;

    fn library() -> (tempfile::TempDir, Library) {
        library_with(&["prompts/a/draft"])
    }

    fn leftovers(folder: &Path) -> usize {
        super::super::read::names_in(folder).iter().filter(|name| name.starts_with(PREFIX)).count()
    }

    #[test]
    fn an_existing_file_keeps_its_mode() {
        let (dir, library) = library();
        let file = dir.path().join("prompts/a/draft/x.txt");
        fs::write(&file, "old").unwrap();
        for mode in [0o600, 0o640, 0o755] {
            fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
            let inode = fs::metadata(&file).unwrap().ino();
            library.replace(&file, b"new").unwrap();
            let found = fs::metadata(&file).unwrap();
            assert_eq!(found.mode() & 0o7777, mode);
            assert_ne!(found.ino(), inode, "the file is replaced, not written into");
        }
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(leftovers(file.parent().unwrap()), 0);
    }

    #[test]
    fn a_new_file_gets_the_mode_that_any_new_file_gets() {
        let (dir, library) = library();
        let file = dir.path().join("prompts/a/draft/x.txt");
        library.replace(&file, b"new").unwrap();
        let other = dir.path().join("other");
        fs::write(&other, "").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().mode(), fs::metadata(&other).unwrap().mode());
    }

    #[test]
    fn a_link_stays_a_link_and_its_target_is_written() {
        let (dir, library) = library();
        let target = dir.path().join("prompts/shared.txt");
        fs::write(&target, "old").unwrap();
        let file = dir.path().join("prompts/a/draft/x.txt");
        symlink(&target, &file).unwrap();
        library.replace(&file, b"new").unwrap();
        assert!(fs::symlink_metadata(&file).unwrap().is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"new");
    }

    #[test]
    fn what_cannot_be_written_is_left_as_it_was() {
        let (dir, library) = library();
        let draft = dir.path().join("prompts/a/draft");
        let folder = draft.join("folder");
        fs::create_dir(&folder).unwrap();
        assert!(library.replace(&folder, b"x").unwrap_err().message.contains("folder of this name"));
        let file = draft.join("x.txt");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
        assert!(library.replace(&file, b"x").unwrap_err().message.contains("read-only"));
        assert_eq!(fs::read(&file).unwrap(), b"old");
        assert!(library.replace(&draft.join("x.txt/y"), b"x").is_err());
        assert!(library.make_folder(&file).unwrap_err().message.contains("where a folder is needed"));
        assert_eq!(leftovers(&draft), 0);
    }

    #[test]
    fn a_copy_never_takes_the_place_of_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("copy.txt");
        write_copy(&file, b"mine").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"mine");
        assert!(write_copy(&file, b"other").unwrap_err().message.contains("is there already"));
        assert_eq!(fs::read(&file).unwrap(), b"mine");
        assert!(write_copy(&dir.path().join("no/copy.txt"), b"x").is_err());
        assert_eq!(leftovers(dir.path()), 0);
    }
}
