//! Files of the state folder that cannot be read, kept under another name before something new is written in their place:
//! what is in them may be all that is left of somebody's words, or a newer greenroom's.
//!
//! Nothing here looks into a file, and nothing takes such a copy away: only a person does.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// So many copies of one file are kept.
const MOST: u32 = 100;

/// Copies `file` to a name beside it that is free, `FILE.damaged-1` and so on; gives the name. One that was copied before,
/// byte for byte, is not copied again.
///
/// # Errors
/// When it cannot be copied, or there are too many copies: then nothing may be written in its place.
pub fn copy_aside(file: &Path) -> io::Result<PathBuf> {
    let bytes = fs::read(file)?;
    for number in 1..=MOST {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        let copy = PathBuf::from(name);
        match fs::read(&copy) {
            Ok(there) if there == bytes => return Ok(copy),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // written beside its name first, so that a full disk leaves no half of a copy; readable by the user alone
                let mut written = tempfile::NamedTempFile::new_in(file.parent().unwrap_or(Path::new(".")))?;
                io::Write::write_all(&mut written, &bytes)?;
                written.as_file().sync_all()?;
                written.persist_noclobber(&copy).map_err(|error| error.error)?;
                return Ok(copy);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!("{} has {MOST} copies already: take them away", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_kept_once_and_a_second_damage_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        fs::write(&file, "{").unwrap();
        let first = copy_aside(&file).unwrap();
        assert_eq!(copy_aside(&file).unwrap(), first);
        fs::write(&file, "[").unwrap();
        let second = copy_aside(&file).unwrap();
        assert_eq!((fs::read(&first).unwrap(), fs::read(&second).unwrap()), (b"{".to_vec(), b"[".to_vec()));
        assert_eq!(fs::read(&file).unwrap(), b"[", "the file itself stays");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
