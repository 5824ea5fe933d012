//! The library that is inside the program: what the first start and `demo` copy.

use std::fs;
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use crate::error::{Error, Result};
use crate::library::write::{failed, new_folder};

static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sample-prompts");

/// Copies the samples into `dir`, which is made if need be.
///
/// # Errors
/// When `dir` is a file, or holds something already: nothing is overwritten.
pub fn write_samples(dir: &Path) -> Result<()> {
    let said = |error: std::io::Error| failed(dir, &error);
    if fs::symlink_metadata(dir).is_ok() {
        if fs::read_dir(dir).map_err(said)?.next().is_some() {
            return Err(Error::input("this folder is not empty, and a fresh copy overwrites nothing").at(dir).hint(
                format!("name another folder, or open what is there with `greenroom --library {}`", dir.display()),
            ));
        }
        return fill(dir);
    }
    let whole = std::path::absolute(dir).map_err(said)?;
    let parent = whole.parent().unwrap_or(&whole);
    fs::create_dir_all(parent).map_err(said)?;
    // filled beside its place and then renamed, so that a start that is interrupted leaves no half of a library
    let building = new_folder(parent).map_err(said)?;
    fill(building.path())?;
    match fs::rename(building.path(), &whole) {
        Ok(()) => {
            let _ = building.keep();
            Ok(())
        }
        // another start of the program was faster
        Err(_) if whole.join("prompts").is_dir() => Ok(()),
        Err(error) => Err(said(error)),
    }
}

fn fill(dir: &Path) -> Result<()> {
    copy(&SAMPLES, dir)?;
    let prompts = dir.join("prompts");
    fs::create_dir_all(&prompts).map_err(|error| failed(&prompts, &error))
}

fn copy(from: &Dir<'_>, to: &Path) -> Result<()> {
    for entry in from.entries() {
        let path = to.join(entry.path());
        let hidden = entry.path().file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        match entry {
            // what the repository needs for itself
            _ if hidden => {}
            DirEntry::Dir(folder) => {
                fs::create_dir_all(&path).map_err(|error| failed(&path, &error))?;
                copy(folder, to)?;
            }
            DirEntry::File(file) => fs::write(&path, file.contents()).map_err(|error| failed(&path, &error))?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_copied_into_an_empty_folder_only() {
        let dir = tempfile::tempdir().unwrap();
        write_samples(&dir.path().join("new/one")).unwrap();
        assert!(dir.path().join("new/one/prompts").is_dir());
        let error = write_samples(&dir.path().join("new")).unwrap_err();
        assert!(error.message.contains("not empty"));
        fs::write(dir.path().join("file"), "").unwrap();
        assert!(write_samples(&dir.path().join("file")).is_err());
    }

    #[test]
    fn every_sample_is_sound() {
        let dir = tempfile::tempdir().unwrap();
        write_samples(dir.path()).unwrap();
        let library = crate::library::Library::at(dir.path()).unwrap();
        for entry in library.list().unwrap() {
            assert!(entry.is_sound(), "{:?}", entry.damaged);
        }
        for verdict in library.verify(None).unwrap() {
            assert_eq!(verdict.problems, [], "{} {:?}", verdict.prompt, verdict.version);
        }
    }
}
