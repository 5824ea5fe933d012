//! A text in the user's own editor: what goes out, and what is made of what comes back. Pure; the runner starts the
//! editor.

use std::path::PathBuf;

use crate::tui::overlay::FreezeField;

/// What is edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A text pane.
    Section(usize),
    /// All of the prompt, with its headings.
    Prompt,
    /// The value of a variable.
    Value(String),
    /// A field of the form that freezes a version.
    Changelog(FreezeField),
    /// The message to the model.
    Message,
}

/// A text on its way to an editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Which opening of a prompt it belongs to.
    pub opening: u64,
    /// What it is.
    pub what: What,
    /// What its file is called, without the ending: the editor shows it.
    pub name: String,
    /// The text.
    pub text: String,
}

/// How an editor came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Came {
    /// With another text.
    Text(String),
    /// With the text as it was.
    Unchanged,
    /// At once, or before anything was saved: it may have a window of its own that is still open.
    StillOpen(PathBuf),
}

/// What is written into the file: a text ends with a line ending there, because editors add one.
pub fn to_file(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') {
        return text.to_owned();
    }
    format!("{text}{}", if text.contains("\r\n") { "\r\n" } else { "\n" })
}

/// What the text has become; `None` when it is what it was. Where all line endings were CR LF they stay so, and what
/// [`to_file`] added, or a byte order mark that the editor did, is taken away.
pub fn from_file(before: &str, file: &str) -> Option<String> {
    if file == to_file(before) {
        return None;
    }
    let mark = '\u{feff}';
    let file = if before.starts_with(mark) { file } else { file.strip_prefix(mark).unwrap_or(file) };
    let lone = |text: &str| text.replace("\r\n", "").contains('\n');
    let mut text = file.to_owned();
    if before.contains("\r\n") && !lone(before) && lone(file) {
        text = file.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    if !before.ends_with('\n') {
        let ended = text.strip_suffix("\r\n").or(text.strip_suffix('\n')).map(str::len);
        text.truncate(ended.unwrap_or(text.len()));
    }
    (text != before).then_some(text)
}

/// The words of a command as a shell reads them: blanks between them, quotes around them, a backslash before a sign. No
/// variables, no patterns.
///
/// # Errors
/// Which quote is not closed.
pub fn words(command: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '\\' => word.get_or_insert_default().extend(chars.next()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return Err("a ' is not closed".to_owned()),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('"') => break,
                        Some('\\') => match chars.next() {
                            Some(c @ ('"' | '\\' | '$' | '`')) => word.push(c),
                            Some(c) => word.extend(['\\', c]),
                            None => return Err("a \" is not closed".to_owned()),
                        },
                        Some(c) => word.push(c),
                        None => return Err("a \" is not closed".to_owned()),
                    }
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_command_is_read_as_a_shell_reads_it() {
        let read = |command: &str| words(command).unwrap();
        assert_eq!(read("code --wait"), ["code", "--wait"]);
        assert_eq!(read("  vim   -u NONE "), ["vim", "-u", "NONE"]);
        assert_eq!(read(r#""/opt/My Editor/ed" -c 'set tw=0' a\ b"#), ["/opt/My Editor/ed", "-c", "set tw=0", "a b"]);
        assert_eq!(read(r#"x "" 'it'"'"'s'"#), ["x", "", "it's"]);
        assert_eq!(words("vim 'x").unwrap_err(), "a ' is not closed");
    }

    #[test]
    fn what_an_editor_adds_at_the_end_is_no_change() {
        assert_eq!(from_file("a", "a\n"), None);
        assert_eq!(from_file("a\r\nb", "a\r\nb\r\n"), None);
        assert_eq!(from_file("a", "b\n"), Some("b".into()));
        assert_eq!(from_file("a\n", "b\n"), Some("b\n".into()));
        assert_eq!(from_file("", "b\n"), Some("b".into()));
        assert_eq!(from_file("a", ""), Some(String::new()));
        assert_eq!(from_file("a", "\u{feff}a\n"), None);
    }

    #[test]
    fn line_endings_stay_what_they_were_throughout() {
        assert_eq!(from_file("a\r\nb\r\n", "a\nb\nc\n"), Some("a\r\nb\r\nc\r\n".into()));
        assert_eq!(from_file("a\r\nb\r\n", "a\nb\n"), None);
        assert_eq!(from_file("a\nb\r\n", "a\nb\r\nc\n"), Some("a\nb\r\nc\n".into()));
    }

    proptest! {
        #[test]
        fn a_text_that_nobody_touched_is_unchanged(text in "[a\r\n\u{feff}]{0,12}") {
            prop_assert_eq!(from_file(&text, &to_file(&text)), None);
        }
    }
}
