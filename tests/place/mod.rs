//! A library in a folder of its own, and a home with nothing of this machine's settings.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Where a command runs.
pub struct Place {
    dir: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Place {
    /// With these files in it.
    pub fn with_files(files: &[(&str, &str)]) -> Self {
        let place = Self { dir: tempfile::tempdir().expect("a folder"), environment: Vec::new() };
        for (file, text) in files {
            place.write(file, text);
        }
        place
    }

    /// Writes a file, in folders that are made where they are missing.
    pub fn write(&self, file: &str, text: &str) -> &Self {
        let file = self.path(file);
        fs::create_dir_all(file.parent().expect("its folder")).expect("its folder");
        // what greenroom froze is read-only
        let _ = fs::remove_file(&file);
        fs::write(file, text).expect("a file");
        self
    }

    /// Where a file is.
    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    /// Gives the commands a variable of the environment.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    /// greenroom in the library's folder, with these arguments and nothing on its standard input.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greenroom"));
        command.env_clear().env("HOME", self.path("home")).env("XDG_CONFIG_HOME", self.path("config"));
        command.env("XDG_STATE_HOME", self.path("state"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.path("library")).args(args).stdin(Stdio::null());
        command
    }
}
