//! The draft begun anew from a version, on disk.

use std::path::PathBuf;

use semver::Version;

use super::opening::beside;
use crate::error::{Error, Result};
use crate::library::{Library, Stamp};
use crate::tui::msg::Began;

/// Does it, and gives the files that were written. Where the draft holds what no version has nothing is done unless
/// somebody is `sure`.
pub fn begin(library: &Library, prompt: &str, version: &Version, sure: bool) -> Result<(Began, Vec<PathBuf>)> {
    if !sure && library.draft_has_its_own(prompt)? {
        return Ok((Began::Asks, Vec::new()));
    }
    let begun = library.begin_draft_from(prompt, version, true, jiff::Timestamp::now())?;
    let text = library.draft_bytes(prompt)?.and_then(|bytes| String::from_utf8(bytes).ok());
    // it was written from a version that could be read: what is not there now was taken away by somebody else
    let gone = || Error::input("the draft was written, and somebody else has changed it in this moment");
    let text = text.ok_or_else(gone)?;
    let beside = beside(library, prompt).ok_or_else(gone)??;
    let kept = begun.kept.map(|folder| {
        let inside = folder.strip_prefix(library.root()).unwrap_or(&folder);
        inside.display().to_string()
    });
    Ok((Began::Done { stamp: Stamp::of(&text), text: text.into(), beside, kept }, begun.files))
}
