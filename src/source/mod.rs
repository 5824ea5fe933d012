//! Files as people write them: UTF-8, JSON and TOML, where every mistake has a file, a line and a column; and files that
//! are only added to, read as far as they make sense.
//!
//! The library and the settings read through here, so that a broken file is described in the same words everywhere.
//! Nothing here writes, and nothing here knows what a file is for.

pub mod json;
pub mod ledger;
mod nearest;
pub mod toml;

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::error::{Error, Result};
pub use nearest::nearest;

/// The most a file of a library may hold. A prompt, a value set or a log is far smaller; what is larger is a mistake,
/// and reading it would take the memory of the whole program.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The bytes of a regular file. A pipe or a device in its place is refused before it can block the program.
pub fn read_bytes(file: &Path) -> Result<Vec<u8>> {
    let found = fs::metadata(file).map_err(|error| Error::io("read", file, &error))?;
    if !found.is_file() {
        let what = if found.is_dir() { "is a folder, not a file" } else { "is not a regular file" };
        return Err(Error::input(what).at(file));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len().min(LARGEST)).unwrap_or(0));
    let opened = fs::File::open(file).map_err(|error| Error::io("read", file, &error))?;
    opened.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| Error::io("read", file, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::input("is larger than 64 MiB").at(file).hint("greenroom reads smaller files only"));
    }
    Ok(bytes)
}

/// The text of a file, not trimmed and not changed.
///
/// # Errors
/// When it cannot be read, or is not UTF-8: the error says at which byte offset and on which line.
pub fn read_text(file: &Path) -> Result<String> {
    decode(file, read_bytes(file)?)
}

/// `bytes` as text; the error names the offset of the first byte that is not UTF-8.
pub fn decode(file: &Path, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let (before, after) = error.as_bytes().split_at(offset);
        let (line, column) = line_column(&String::from_utf8_lossy(before), offset);
        let byte = after.first().map_or_else(String::new, |byte| format!(" (0x{byte:02X})"));
        Error::input(format!("is not UTF-8: the byte at offset {offset}{byte} cannot stand there"))
            .at_line(file, line, Some(column))
            .hint("save the file as UTF-8")
    })
}

/// The 1-based line and column, in characters, of the byte `offset` of `text`.
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let start = before.rfind('\n').map_or(0, |feed| feed + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// An error at the byte `offset` of `text`, which stands in `file`.
pub fn error_at(file: &Path, text: &str, offset: usize, message: impl Into<String>) -> Error {
    let (line, column) = line_column(text, offset);
    Error::input(message).at_line(file, line, Some(column))
}

/// `text` without the byte order mark that some editors put before JSON and TOML.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_named_with_offset_line_and_column() {
        let error = decode(Path::new("a.txt"), b"ab\nc\xc3\xa9\xff".to_vec()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a.txt:2:3: is not UTF-8: the byte at offset 6 (0xFF) cannot stand there (save the file as UTF-8)"
        );
    }

    #[test]
    fn a_text_keeps_every_byte() {
        let text = "\u{feff}a\r\n\0 \n\n";
        assert_eq!(decode(Path::new("a"), text.as_bytes().to_vec()).unwrap(), text);
    }

    #[test]
    fn a_folder_in_place_of_a_file_is_said_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read_bytes(folder.path()).unwrap_err().message.contains("is a folder"));
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_column("é\nüb", 5), (2, 2));
        assert_eq!(line_column("é", 1), (1, 1));
        assert_eq!(line_column("", 9), (1, 1));
    }
}
