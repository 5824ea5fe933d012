//! The user's own editor: a file that only the user can read, the command, and what comes back. While it runs, the
//! terminal is the editor's and nothing is drawn.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::cleaning::mark;
use super::inbox::Sending;
use crate::error::{Error, Result};
use crate::prompt::decode;
use crate::tui::msg::Msg;
use crate::tui::outside::{Came, Outside, from_file, to_file, words};

/// An editor that comes back so soon, with nothing changed, may have a window of its own.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Editors that stay in the terminal until they are done: coming back soon means what it says.
const IN_THE_TERMINAL: &[&str] =
    &["vi", "vim", "nvim", "nano", "pico", "hx", "helix", "micro", "kak", "emacs", "joe", "mcedit", "ne", "ed", "ex"];

/// Who edits, and where the file goes.
#[derive(Debug, Clone)]
pub struct Editors {
    /// The command and its first arguments.
    command: Result<Vec<String>>,
    folder: Option<PathBuf>,
}

impl Editors {
    /// What the environment says: `VISUAL`, then `EDITOR`, then what is usually there. Files go into `state`.
    pub fn of_process(state: Option<PathBuf>) -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|command| !command.trim().is_empty());
        Self { command: command(variable, is_in_path), folder: state.map(|state| state.join("edit")) }
    }

    /// This command, with files in `folder`.
    #[cfg(test)]
    pub fn with(command: &[&str], folder: &Path) -> Self {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        Self { command: Ok(command), folder: Some(folder.to_owned()) }
    }

    /// Writes the file and starts the editor on it. The terminal must have been given away.
    pub fn start(&self, outside: &Outside) -> Result<Editing> {
        let words = self.command.clone()?;
        let (program, arguments) = words.split_first().ok_or_else(|| Error::input("the editor's command is empty"))?;
        let file = self.file(outside).map_err(|error| {
            Error::input(format!("the text cannot be given to an editor: its file cannot be written: {error}"))
        })?;
        let started = Command::new(program).args(arguments).arg(&file).spawn();
        match started {
            Ok(child) => Ok(Editing { child, program: program.clone(), file, begun: Instant::now() }),
            Err(error) => {
                let _ = fs::remove_file(&file);
                let words =
                    format!("the editor {program:?} cannot be started: {error}; VISUAL and EDITOR name another");
                Err(Error::input(words))
            }
        }
    }

    fn file(&self, outside: &Outside) -> io::Result<PathBuf> {
        let folder = match &self.folder {
            Some(folder) => {
                DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
                folder.clone()
            }
            None => std::env::temp_dir(),
        };
        let text = to_file(&outside.text);
        let prefix = format!("{}-{}-", outside.name, mark(text.as_bytes()));
        // readable by the user alone, as every file of `tempfile`
        let mut made = tempfile::Builder::new().prefix(&prefix).suffix(".md").tempfile_in(folder)?;
        made.write_all(text.as_bytes())?;
        let (_, file) = made.keep().map_err(|error| error.error)?;
        Ok(file)
    }
}

/// An editor that runs.
#[derive(Debug)]
pub struct Editing {
    child: Child,
    program: String,
    file: PathBuf,
    begun: Instant,
}

impl Editing {
    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end in a thread; then a message says how it came back.
    pub fn wait(mut self, outside: Outside, inbox: Sending) -> io::Result<()> {
        let wait = move || {
            let result = self.ended(&outside);
            inbox.send(Msg::CameBack(result));
        };
        std::thread::Builder::new().name("editor".into()).spawn(wait).map(drop)
    }

    fn ended(&mut self, outside: &Outside) -> Result<Came> {
        let status = self.child.wait();
        let soon = self.begun.elapsed() < AT_ONCE;
        let failed = match status {
            Ok(status) if status.success() => None,
            Ok(status) => Some(match status.code() {
                Some(code) => format!("{} ended with exit code {code}", self.program),
                None => format!("{} was ended by a signal", self.program),
            }),
            Err(error) => Some(format!("{} cannot be waited for: {error}", self.program)),
        };
        if let Some(failed) = failed {
            let as_it_was = fs::read(&self.file).is_ok_and(|bytes| bytes == to_file(&outside.text).as_bytes());
            if as_it_was || !self.file.exists() {
                forget(&self.file);
                return Err(Error::input(format!("{failed}: nothing was changed")));
            }
            let file = self.file.display();
            return Err(Error::input(format!("{failed}: nothing was changed; what was written there is in {file}")));
        }
        let came = read(&self.file, outside)?;
        let name = Path::new(&self.program).file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if came == Came::Unchanged && soon && !IN_THE_TERMINAL.contains(&name) {
            return Ok(Came::StillOpen(self.file.clone()));
        }
        forget(&self.file);
        Ok(came)
    }
}

/// What stands in the file now. The file stays.
pub fn read(file: &Path, outside: &Outside) -> Result<Came> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Error::input("the editor's file is gone: nothing was changed"));
        }
        Err(error) => {
            let file = file.display();
            return Err(Error::input(format!("{file} cannot be read: {error}; nothing was changed")));
        }
    };
    let text = decode(bytes).map_err(|wrong| {
        let file = file.display();
        Error::input(format!(
            "what came back is not UTF-8 at byte {}: nothing was changed; it is in {file}",
            wrong.offset
        ))
    })?;
    Ok(from_file(&outside.text, &text).map_or(Came::Unchanged, Came::Text))
}

/// The same after a question: as long as nothing was saved, the question stays.
pub fn read_again(file: PathBuf, outside: &Outside) -> Msg {
    let came = match read(&file, outside) {
        Ok(Came::Unchanged) => Ok(Came::StillOpen(file)),
        Ok(came) => {
            forget(&file);
            Ok(came)
        }
        failed => failed,
    };
    Msg::CameBack(came)
}

/// The file is not needed any more.
pub fn forget(file: &Path) {
    // one that is gone is gone
    let _ = fs::remove_file(file);
}

fn command(variable: impl Fn(&str) -> Option<String>, there: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    for name in ["VISUAL", "EDITOR"] {
        let Some(command) = variable(name) else { continue };
        let words = words(&command).map_err(|problem| Error::input(format!("{name} cannot be read: {problem}")))?;
        if !words.is_empty() {
            return Ok(words);
        }
    }
    match ["nano", "vi"].into_iter().find(|name| there(name)) {
        Some(name) => Ok(vec![name.to_owned()]),
        None => Err(Error::input("no editor is named: set EDITOR, as in `export EDITOR=nano`")),
    }
}

fn is_in_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::tui::outside::What;

    fn outside(text: &str) -> Outside {
        Outside { opening: 1, what: What::Prompt, name: "one-identity".into(), text: text.into() }
    }

    /// What comes back from a shell script that is given the file as `$1`.
    fn edited(script: &str, text: &str) -> (tempfile::TempDir, Result<Came>) {
        let folder = tempfile::tempdir().unwrap();
        let editors = Editors::with(&["sh", "-c", script, "sh"], folder.path());
        let result = editors.start(&outside(text)).and_then(|mut editing| editing.ended(&outside(text)));
        (folder, result)
    }

    fn left(folder: &tempfile::TempDir) -> usize {
        fs::read_dir(folder.path()).unwrap().count()
    }

    #[test]
    fn the_editor_gets_a_file_that_only_the_user_can_read_and_it_is_gone_afterwards() {
        let script = r#"stat -c %a "$1" > mode; printf 'new\n' > "$1"; case "$1" in *.md) ;; *) exit 9;; esac"#;
        let folder = tempfile::tempdir().unwrap();
        let script = script.replace("> mode", &format!("> {}/mode", folder.path().display()));
        let editors = Editors::with(&["sh", "-c", &script, "sh"], folder.path());
        let mut editing = editors.start(&outside("old")).unwrap();
        assert_eq!(editing.ended(&outside("old")).unwrap(), Came::Text("new".into()));
        assert_eq!(fs::read_to_string(folder.path().join("mode")).unwrap().trim(), "600");
        assert_eq!(left(&folder), 1, "only what the script wrote");
    }

    #[test]
    fn a_bad_end_changes_nothing_and_keeps_what_was_written() {
        let (folder, result) = edited("exit 3", "old");
        assert_eq!(result.unwrap_err().to_string(), "sh ended with exit code 3: nothing was changed");
        assert_eq!(left(&folder), 0);
        let (folder, result) = edited("echo new > \"$1\"; exit 3", "old");
        assert!(result.unwrap_err().to_string().contains("what was written there is in"));
        assert_eq!(left(&folder), 1);
    }

    #[test]
    fn a_file_that_is_gone_and_one_that_is_no_text_change_nothing() {
        let (_, result) = edited("rm \"$1\"", "old");
        assert!(result.unwrap_err().to_string().contains("gone: nothing was changed"));
        let (folder, result) = edited(r#"printf 'ab\377c' > "$1""#, "old");
        let error = result.unwrap_err().to_string();
        assert!(error.contains("not UTF-8 at byte 2"), "{error}");
        assert_eq!(left(&folder), 1, "it is kept");
    }

    #[test]
    fn an_editor_that_comes_back_at_once_may_be_open_still_and_its_file_stays() {
        let (folder, result) = edited("true", "old");
        let Ok(Came::StillOpen(file)) = result else { panic!("{result:?}") };
        assert_eq!(left(&folder), 1);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let Msg::CameBack(Ok(Came::StillOpen(_))) = read_again(file.clone(), &outside("old")) else { panic!() };
        fs::write(&file, "new\n").unwrap();
        assert_eq!(read_again(file, &outside("old")), Msg::CameBack(Ok(Came::Text("new".into()))));
        assert_eq!(left(&folder), 0);
    }

    #[test]
    fn an_editor_that_is_not_there_is_named_and_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let editors = Editors::with(&["/no/such/editor"], folder.path());
        let error = editors.start(&outside("x")).unwrap_err().to_string();
        assert!(error.contains("/no/such/editor") && error.contains("EDITOR"), "{error}");
        assert_eq!(left(&folder), 0);
    }

    #[test]
    fn visual_comes_before_editor_and_what_is_usually_there_after_both() {
        let with = |visual: &'static str, editor: &'static str, there: &'static str| {
            let variable = move |name: &str| {
                Some(if name == "VISUAL" { visual } else { editor }.to_owned()).filter(|command| !command.is_empty())
            };
            command(variable, move |name| name == there)
        };
        assert_eq!(with("code --wait", "vim", "vi").unwrap(), ["code", "--wait"]);
        assert_eq!(with("", "vim -u NONE", "vi").unwrap(), ["vim", "-u", "NONE"]);
        assert_eq!(with("", "", "vi").unwrap(), ["vi"]);
        assert!(with("", "", "").unwrap_err().to_string().contains("set EDITOR"));
        assert!(with("vim '", "", "").unwrap_err().to_string().contains("VISUAL cannot be read"));
    }
}
