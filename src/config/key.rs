//! Where a key comes from, and fetching it. A key is never part of an error, and is held only as a secret.

mod command;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;

use crate::config::Environment;
use crate::error::{Error, Kind, Result};

/// The most bytes of a key; what is larger is another file.
const LONGEST: u64 = 64 * 1024;
/// How long a command may take for a key: long enough for a password store on the network, short enough for who waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a provider's key is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeySource {
    /// It needs none.
    None,
    /// In this environment variable.
    Env(String),
    /// The first line that this program prints.
    Command(Vec<String>),
    /// In this file, which only its owner may read.
    File(PathBuf),
}

impl KeySource {
    /// The key; `None` when none is needed. A command that is named is run for it, so this may take up to ten seconds.
    ///
    /// # Errors
    /// When there is none where it should be, or its file can be read by others. Exit 3: nobody can be asked.
    pub fn fetch(&self, provider: &str, environment: Environment<'_>) -> Result<Option<SecretString>> {
        let found = match self {
            Self::None => return Ok(None),
            Self::Env(name) => environment(name).unwrap_or_default(),
            Self::Command(words) => command::run(words, PATIENCE).map_err(|why| missing(provider, &why))?,
            Self::File(path) => from_file(provider, path)?,
        };
        let key = found.trim();
        if key.is_empty() {
            return Err(missing(provider, &format!("{} is empty or not set", self.place())));
        }
        // it becomes a header: anything else there would be a request of its own making
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(missing(
                provider,
                &format!("what is in {} is no key: it holds blanks or odd characters", self.place()),
            ));
        }
        Ok(Some(SecretString::from(key)))
    }

    /// That no key is there, in the words of [`KeySource::fetch`]; `None` when one is, as far as that can be known without
    /// running a command or opening a file.
    pub fn lacking(&self, provider: &str, environment: Environment<'_>) -> Option<Error> {
        let is_set = match self {
            Self::None | Self::Command(_) => true,
            Self::Env(name) => environment(name).is_some_and(|value| !value.trim().is_empty()),
            Self::File(path) => path.is_file(),
        };
        (!is_set).then(|| match self {
            Self::File(path) => missing(provider, &format!("there is no file {}", path.display())),
            _ => missing(provider, &format!("{} is empty or not set", self.place())),
        })
    }

    /// Whether a key is there, as far as that can be known without running a command or opening a file.
    pub fn is_set(&self, environment: Environment<'_>) -> bool {
        match self {
            Self::None | Self::Command(_) => true,
            Self::Env(name) => environment(name).is_some_and(|value| !value.trim().is_empty()),
            Self::File(path) => path.is_file(),
        }
    }

    /// The place in words, for a person; never the key.
    pub fn place(&self) -> String {
        match self {
            Self::None => "no key".to_owned(),
            Self::Env(name) => format!("${name}"),
            Self::Command(words) => format!("the output of `{}`", words.first().map_or("", String::as_str)),
            Self::File(path) => path.display().to_string(),
        }
    }
}

fn missing(provider: &str, why: &str) -> Error {
    Error::new(Kind::Model, format!("there is no key for {provider}: {why}"))
        .hint("set it, or try `--model offline`, which needs none")
}

fn from_file(provider: &str, path: &Path) -> Result<String> {
    let said = |error: std::io::Error| missing(provider, &format!("{} cannot be read: {error}", path.display()));
    let found = fs::metadata(path).map_err(said)?;
    if !found.is_file() {
        return Err(missing(provider, &format!("{} is no file", path.display())));
    }
    let file = fs::File::open(path).map_err(said)?;
    refuse_if_open_to_others(provider, path, &file.metadata().map_err(said)?)?;
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(said)?;
    Ok(text)
}

#[cfg(unix)]
fn refuse_if_open_to_others(provider: &str, path: &Path, found: &fs::Metadata) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    // six zeros at the end: nothing for the group, nothing for others
    let mode = found.permissions().mode() & 0o777;
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(Error::new(
        Kind::Model,
        format!("the key for {provider} is not used: others may read its file (mode {mode:o})"),
    )
    .at(path)
    .hint(format!("chmod 600 {}", path.display())))
}

#[cfg(not(unix))]
fn refuse_if_open_to_others(_provider: &str, _path: &Path, _found: &fs::Metadata) -> Result<()> {
    Ok(())
}
