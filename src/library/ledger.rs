//! The files of a library that are only added to: releases, votes, reviews. A line is added in one write at the end, so
//! that several programs may add at once and git can merge what two people added; nothing here changes a line.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::library::Library;
use crate::library::write::{failed, sync_folder};
use crate::source::ledger;

pub use crate::source::ledger::{Ledger, Line};

/// What git is to do with a library's files: keep the lines of both where two people have added some, and change no byte
/// of any, because a digest that somebody approved must be that of every clone.
const ATTRIBUTES: [&str; 5] = [
    "prompts/** -text",
    "prompts/*/releases.jsonl merge=union",
    "prompts/*/judgements.jsonl merge=union",
    "prompts/*/maintenance.jsonl merge=union",
    "prompts/*/*/review.jsonl merge=union",
];

/// An entry as it is written: when and by whom first, then what it is about.
#[derive(Serialize)]
struct Signed<'a, T> {
    at: String,
    by: &'a str,
    #[serde(flatten)]
    entry: &'a T,
}

impl Library {
    /// What is in the ledger `file`; one that is not there holds nothing.
    ///
    /// # Errors
    /// When it cannot be read at all, or a link leads out of the library. Damaged lines are no error: they are in what is
    /// returned.
    pub fn ledger(&self, file: &Path) -> Result<Ledger> {
        Ok(self.bytes_if_there(file)?.map(|bytes| ledger::read(file, &bytes)).unwrap_or_default())
    }

    /// Adds `entry` to the ledger `file`, which is made when there is none, and sees to it that git merges such files by
    /// keeping both sides. `entry` is a JSON object without `at` and `by`. Gives the files that were written.
    ///
    /// # Errors
    /// When the file cannot be written, or a link leads out of the library; then no whole line was added.
    pub fn append(&self, file: &Path, entry: &impl Serialize, by: &str, at: Timestamp) -> Result<Vec<PathBuf>> {
        // thousandths keep what one person does in one second in its order, also after a merge
        let at = at.round(jiff::Unit::Millisecond).unwrap_or(at).to_string();
        let line = serde_json::to_string(&Signed { at, by, entry })
            .map_err(|error| Error::input(format!("an entry cannot be written as JSON: {error}")).at(file))?;
        self.add_line(file, &line)?;
        // what was added is true whatever becomes of this; the next line tries it again
        let attributes = self.tell_git().unwrap_or_default();
        Ok([Some(file.to_owned()), attributes].into_iter().flatten().collect())
    }

    /// Whether a line can be added to the ledger `file`, for who does something before it that cannot be taken back. Nothing
    /// is written.
    ///
    /// # Errors
    /// As [`Library::append`] would.
    pub fn may_append(&self, file: &Path) -> Result<()> {
        let target = self.ledger_target(file)?;
        let tried = if target.exists() {
            File::options().append(true).open(&target).map(drop)
        } else {
            tempfile::tempfile_in(target.parent().unwrap_or(self.root())).map(drop)
        };
        tried.map_err(|error| failed(file, &error))
    }

    /// Adds one line at the end of a file, in one write. A line before it that was never finished is ended first.
    fn add_line(&self, path: &Path, line: &str) -> Result<()> {
        let target = self.ledger_target(path)?;
        if fs::metadata(&target).is_ok_and(|found| !found.is_file()) {
            return Err(Error::input("is not a regular file").at(path));
        }
        let is_new = !target.exists();
        let add = || {
            let mut file = File::options().read(true).append(true).create(true).open(&target)?;
            // who looks at the end and then writes wants nobody in between; a file system without locks has none
            let alone = file.lock().is_ok();
            let before = file.metadata()?.len();
            let unfinished = before > 0 && {
                let mut last = [0];
                file.seek(SeekFrom::End(-1))?;
                file.read_exact(&mut last)?;
                last != *b"\n"
            };
            let bytes = format!("{}{line}\n", if unfinished { "\n" } else { "" });
            let written = file.write_all(bytes.as_bytes()).and_then(|()| file.sync_all());
            if written.is_err() && alone {
                // half a line is nobody's entry
                let _ = file.set_len(before);
            }
            written?;
            if is_new { target.parent().map_or(Ok(()), sync_folder) } else { Ok(()) }
        };
        add().map_err(|error| failed(path, &error))
    }

    /// Where git keeps this library, tells it what to do with its files ([`ATTRIBUTES`]). Gives the file where that had to
    /// be written.
    pub(super) fn tell_git(&self) -> Result<Option<PathBuf>> {
        if !self.root().ancestors().any(|folder| folder.join(".git").exists()) {
            return Ok(None);
        }
        let file = self.root().join(".gitattributes");
        let before = self.bytes_if_there(&file)?.unwrap_or_default();
        let before = String::from_utf8_lossy(&before);
        let missing: Vec<_> =
            ATTRIBUTES.into_iter().filter(|wanted| !before.lines().any(|line| line.trim() == *wanted)).collect();
        if missing.is_empty() {
            return Ok(None);
        }
        self.add_line(&file, &missing.join("\n"))?;
        Ok(Some(file))
    }
}

#[cfg(test)]
mod tests;
