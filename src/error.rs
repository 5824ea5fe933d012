//! The one error type at the edge of the program: what happened, where, what to do about it, and the exit code.
//!
//! Nothing here prints. A secret never goes into an [`Error`]: whoever makes one from a server's answer redacts it first.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why the program could not do what was asked; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A check found something: exit 1.
    Finding,
    /// Bad usage, a bad file, or a file that cannot be read or written: exit 2.
    Input,
    /// The model or the network failed, or there is no key: exit 3.
    Model,
    /// Interrupted by the user: exit 130.
    Interrupted,
}

impl Kind {
    /// The process's exit code for this kind.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Finding => 1,
            Self::Input => 2,
            Self::Model => 3,
            Self::Interrupted => 130,
        }
    }
}

/// A place in a file; lines and columns are 1-based.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file or folder.
    pub file: PathBuf,
    /// The line in it, where one is known.
    pub line: Option<usize>,
    /// The column in that line, in characters, where one is known.
    pub column: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

/// What went wrong, in one sentence, with its place and a way on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Decides the exit code.
    pub kind: Kind,
    /// What happened, without a full stop, beginning in lower case.
    pub message: String,
    /// Where, when there is a file.
    pub place: Option<Place>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The result of everything that can fail at the edge.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this kind.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place: None, hint: None }
    }

    /// Bad usage or a bad file: exit 2.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    /// A file system error on `path` while doing `what` ("read", "write", …).
    pub fn io(what: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::input(format!("cannot {what}: {error}")).at(path)
    }

    /// With the file it is about.
    #[must_use]
    pub fn at(mut self, file: impl Into<PathBuf>) -> Self {
        self.place = Some(Place { file: file.into(), line: None, column: None });
        self
    }

    /// With the file and the place in it.
    #[must_use]
    pub fn at_line(mut self, file: impl Into<PathBuf>, line: usize, column: Option<usize>) -> Self {
        self.place = Some(Place { file: file.into(), line: Some(line), column });
        self
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
