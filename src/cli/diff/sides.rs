//! Which two sides were asked for: by a person, or by git.

use std::path::{Path, PathBuf};

use crate::cli::args::Common;
use crate::cli::diff::{found, not_two};
use crate::cli::show::resolve;
use crate::error::{Error, Result};
use crate::library::{Library, Side, SideName, file_side, on_equal_terms};

/// Two sides, read.
#[derive(Debug)]
pub struct Sides {
    /// Where the states among them come from.
    pub library: Option<Library>,
    /// What it was and what it is.
    pub pair: [Side; 2],
    /// Whether git called, which shows what is printed to a person.
    pub by_git: bool,
}

/// Reads both sides; `None` when git only says that a file is not merged.
pub fn read(refs: &[String], common: &Common) -> Result<Option<Sides>> {
    let names = match refs {
        [name, from, to]
            if !name.contains('@') && SideName::parse(name).is_ok_and(|name| matches!(name, SideName::State(_))) =>
        {
            [SideName::within(name, from)?, SideName::within(name, to)?]
        }
        [from, to] if !to.contains('@') && is_version(to) => {
            return Err(Error::input(format!("`{to}` is a version, and one more is needed to compare it with"))
                .hint(format!("`greenroom diff {from} {to} draft` compares it with the draft")));
        }
        // a difftool names two files, which may be called like prompts
        [from, to] => [SideName::parse(from)?, SideName::parse(to)?],
        // path, old file, its hash and mode, new file, its hash and mode; for a renamed file its new name and how alike
        [path, from, _, _, to, _, _, rest @ ..] if rest.len() == 2 || rest.is_empty() => {
            return git(path, from, rest.first().unwrap_or(path), to).map(Some);
        }
        [_] if std::env::var_os("GIT_DIFF_PATH_TOTAL").is_some() => return Ok(None),
        _ => return Err(not_two()),
    };
    let library = if names.iter().all(|name| matches!(name, SideName::File(_))) { None } else { Some(found(common)?) };
    let side = |name: &SideName| match (name, &library) {
        (SideName::File(file), _) => file_side(file),
        (name, Some(library)) => {
            if let SideName::State(reference) = name {
                // where it is doubtful what an environment runs, that is told
                resolve(library, reference)?;
            }
            library.side(name)
        }
        (_, None) => Err(not_two()),
    };
    let [mut from, mut to] = [side(&names[0])?, side(&names[1])?];
    on_equal_terms(&mut from, &mut to);
    Ok(Some(Sides { library, pair: [from, to], by_git: false }))
}

/// The call of `git diff` with this command as its external diff: the files are copies with names that say nothing.
fn git(path: &str, from: &str, new_path: &str, to: &str) -> Result<Sides> {
    let side = |file: &str, path: &str, letter: char| -> Result<Side> {
        let mut side = file_side(Path::new(file))?;
        side.label = if file == "/dev/null" { "nothing".to_owned() } else { format!("{letter}/{path}") };
        side.file = PathBuf::from(path);
        Ok(side)
    };
    Ok(Sides { library: None, pair: [side(from, path, 'a')?, side(to, new_path, 'b')?], by_git: true })
}

/// Whether it looks like a version, and is no file.
fn is_version(text: &str) -> bool {
    let number = text.strip_prefix('v').unwrap_or(text);
    number.contains('.') && number.starts_with(|first: char| first.is_ascii_digit()) && !Path::new(text).exists()
}
