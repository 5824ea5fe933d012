//! The people of the story: each with a home of their own, a name, and a library that they share or have a clone of.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// The prompt that it is about, one of the samples.
pub const PROMPT: &str = "customer_support";
/// What production asks for in this company.
pub const SETTINGS: &str = "[environments.production]\nrequire = [\"verify\", \"lint\", \"comments\", \"approval\"]\n\n[git]\ncommit = \"never\"\n";

/// Somebody who works on the library.
pub struct Person {
    pub name: &'static str,
    pub home: PathBuf,
    pub library: PathBuf,
}

impl Person {
    /// With a home below `office`.
    pub fn new(name: &'static str, office: &Path, library: PathBuf) -> Self {
        let home = office.join("homes").join(name);
        fs::create_dir_all(home.join(".config/greenroom")).unwrap();
        fs::write(home.join(".config/greenroom/config.toml"), format!("author = \"{name}\"\n")).unwrap();
        Self { name, home, library }
    }

    /// What comes of greenroom with these arguments.
    pub fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", &self.home).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.current_dir(&self.library).args(args).stdin(Stdio::null()).output().unwrap()
    }

    /// What greenroom prints, which has to work.
    pub fn does(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{} {args:?}: {}", self.name, said(&output));
        text(&output.stdout)
    }

    /// What greenroom says when it refuses with this exit code.
    pub fn is_refused(&self, args: &[&str], code: i32) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(code), "{} {args:?}: {}", self.name, said(&output));
        text(&output.stderr)
    }

    /// The document of a command.
    pub fn reads(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.does(&[args, &["--json"]].concat())).unwrap()
    }

    /// `review` of the draft or a version with these words behind it; gives the name of what was said.
    pub fn reviews(&self, reference: &str, action: &[&str]) -> String {
        self.does(&[&["review", reference], action].concat()).trim().to_owned()
    }

    /// A file of the prompt.
    pub fn file(&self, file: &str) -> PathBuf {
        self.library.join("prompts").join(PROMPT).join(file)
    }

    /// The lines of one of the prompt's ledgers.
    pub fn ledger(&self, file: &str) -> Vec<Value> {
        let text = fs::read_to_string(self.file(file)).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Puts `new` in the place of `old`, which stands once in the draft.
    pub fn edits(&self, old: &str, new: &str) {
        let file = self.file("draft/system_prompt.txt");
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{old}");
        fs::write(file, text.replace(old, new)).unwrap();
    }

    /// The line of the draft on which these words stand.
    pub fn line_of(&self, words: &str) -> String {
        let text = fs::read_to_string(self.file("draft/system_prompt.txt")).unwrap();
        let at = text.lines().position(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}"));
        (at + 1).to_string()
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn said(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}
