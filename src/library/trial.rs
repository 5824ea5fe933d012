//! What the library's own tests begin with.

use std::fs;

use super::Library;

/// A library in a folder of its own with these folders in it.
pub fn library_with(folders: &[&str]) -> (tempfile::TempDir, Library) {
    let dir = tempfile::tempdir().unwrap();
    for folder in folders {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    let library = Library::at(dir.path()).unwrap();
    (dir, library)
}
