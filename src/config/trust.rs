//! Which libraries may say where a key of the user goes and what is run for one.
//!
//! A library is trusted as it is: what its file says about providers is remembered by a hash, so that a change of it has
//! to be trusted anew. What is remembered is the user's own, in the state folder, and never in the library.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Environment, Files, KeySource, Settings, state_folder};
use crate::error::{Error, Result};
use crate::library::Library;
use crate::source::toml::Reading;
use crate::source::{json, read_text};

/// Where it is remembered, in the state folder.
const FILE: &str = "trusted.json";

/// What to do about a file that cannot be read.
const OVERWRITE: &str = "it was not overwritten: delete it, and trust your libraries anew";

/// A library's settings, and what trusting them would allow.
#[derive(Debug)]
pub struct Trust {
    /// The library's `greenroom.toml`.
    pub file: PathBuf,
    /// Whether it is trusted as it is.
    pub trusted: bool,
    /// What it would decide, one sentence for each provider; empty when there is nothing to trust.
    pub grants: Vec<String>,
    state: Option<PathBuf>,
    hash: String,
}

impl Trust {
    /// What there is to trust in `library`; `None` when it has no settings.
    ///
    /// # Errors
    /// When its file cannot be read or is wrong, or a link leads out of the library.
    pub fn of(library: &Library, environment: Environment<'_>) -> Result<Option<Self>> {
        let (files, led_out) = Files::of_process(Some(library));
        if let Some(error) = led_out {
            return Err(error);
        }
        let Some(file) = files.library.clone().filter(|file| file.is_file()) else { return Ok(None) };
        let load = |trusted| Settings::load_trusting(files.user.as_deref(), Some(&file), trusted, environment);
        let (with, errors) = load(true);
        if let Some(error) = errors.into_iter().find(|error| is_at(error, &file)) {
            return Err(error);
        }
        let (without, _) = load(false);
        let decided =
            with.providers.values().filter(|provider| without.providers.get(&provider.name) != Some(provider));
        let grants = decided.map(|provider| {
            let key = match &provider.key {
                KeySource::None => "sends no key".to_owned(),
                KeySource::Command(words) => format!("runs `{}` and sends the key that it prints", words.join(" ")),
                place => format!("sends the key in {}", place.place()),
            };
            let open = if provider.switches.insecure == Some(true) { ", also without encryption" } else { "" };
            format!("{}: {key} to {}{open}", provider.name, provider.base_url)
        });
        let grants = grants.collect();
        let state = state_folder();
        let hash = hash(&file, &read_text(&file)?);
        let trusted = remembered(state.as_deref()).get(&name(&file)) == Some(&hash);
        Ok(Some(Self { file, trusted, grants, state, hash }))
    }

    /// Trusts it as it is now, or no longer.
    ///
    /// # Errors
    /// When that cannot be remembered.
    pub fn set(&mut self, trusted: bool) -> Result<()> {
        let Some(state) = &self.state else {
            return Err(Error::input("there is no home folder to remember it in").hint("set HOME"));
        };
        let mut all = whole(&state.join(FILE))?;
        let libraries = all.entry("libraries").or_insert_with(|| json!({}));
        let Some(known) = libraries.as_object_mut() else {
            return Err(Error::input("`libraries` is no object").at(state.join(FILE)).hint(OVERWRITE));
        };
        if trusted {
            known.insert(name(&self.file), self.hash.clone().into());
        } else {
            known.remove(&name(&self.file));
        }
        write(state, &all).map_err(|error| Error::io("write", &state.join(FILE), &error))?;
        self.trusted = trusted;
        Ok(())
    }
}

/// Whether the user trusts this file as it is.
pub(super) fn is_trusted(file: &Path) -> bool {
    let state = state_folder();
    let known = remembered(state.as_deref());
    // most users trust none, and then nothing has to be read
    let Some(wanted) = known.get(&name(file)) else { return false };
    read_text(file).is_ok_and(|text| hash(file, &text) == *wanted)
}

fn is_at(error: &Error, file: &Path) -> bool {
    error.place.as_ref().is_some_and(|place| place.file == file)
}

/// A file by the path that leads to it without links, so that a library cannot pass for another one.
fn name(file: &Path) -> String {
    fs::canonicalize(file).unwrap_or_else(|_| file.to_owned()).to_string_lossy().into_owned()
}

/// A hash of what the file says about providers, whatever stands around it.
fn hash(file: &Path, text: &str) -> String {
    let mut reading = Reading::new(file, text);
    let table = reading.parse();
    let leaves = reading.leaves(&table).into_iter().filter(|leaf| leaf.path[0] == "providers");
    let mut said: Vec<String> = leaves.map(|leaf| json!([leaf.path, leaf.value]).to_string()).collect();
    said.sort();
    let digest = Sha256::digest(said.join("\n"));
    let half = |bytes: &[u8]| bytes.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let (high, low) = digest.split_at(16);
    format!("{:032x}{:032x}", half(high), half(low))
}

/// Which files are trusted, as far as that can be read: what cannot is not trusted.
fn remembered(state: Option<&Path>) -> BTreeMap<String, String> {
    let all = state.and_then(|state| whole(&state.join(FILE)).ok()).unwrap_or_default();
    let libraries = all.get("libraries").and_then(Value::as_object).cloned().unwrap_or_default();
    libraries.into_iter().filter_map(|(file, hash)| Some((file, hash.as_str()?.to_owned()))).collect()
}

/// All that the file says; nothing where there is none.
fn whole(file: &Path) -> Result<Map<String, Value>> {
    if !file.exists() {
        return Ok(Map::new());
    }
    let text = read_text(file)?;
    serde_json::from_str(&text).map_err(|error| json::syntax(file, &text, &error).hint(OVERWRITE))
}

fn write(state: &Path, all: &Map<String, Value>) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(state)?;
    let mut file = tempfile::NamedTempFile::new_in(state)?;
    io::Write::write_all(&mut file, format!("{:#}\n", Value::from(all.clone())).as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(state.join(FILE)).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_of_what_is_said_about_providers_and_of_all_of_it() {
        let of = |text: &str| hash(Path::new("greenroom.toml"), text);
        let text =
            "[providers.lab]\napi = \"openai\"\nbase_url = \"http://lab/v1\"\napi_key_command = [\"pass\", \"x\"]\n";
        assert_eq!(of(text), of(&format!("# why\n{text}\n[prices.x]\ninput = 1\n")));
        assert_eq!(
            of("[providers.lab]\napi='openai'\nbase_url='a'\n"),
            of("[providers.lab]\nbase_url='a'\napi='openai'\n")
        );
        for other in [
            text.replace("\"x\"", "\"y\""),
            text.replace("lab/", "lob/"),
            text.replace("[providers.lab]", "[providers.lob]"),
        ] {
            assert_ne!(of(text), of(&other), "{other}");
        }
    }

    #[test]
    fn what_is_remembered_can_be_taken_back_and_a_damaged_file_trusts_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("greenroom.toml");
        fs::write(&file, "[providers.lab]\n").unwrap();
        let state = dir.path().join("state");
        let hash = hash(&file, "[providers.lab]\n");
        let mut trust = Trust {
            file: file.clone(),
            trusted: false,
            grants: Vec::new(),
            state: Some(state.clone()),
            hash: hash.clone(),
        };
        trust.set(true).unwrap();
        assert_eq!(remembered(Some(&state)).get(&name(&file)), Some(&hash));
        trust.set(false).unwrap();
        assert!(remembered(Some(&state)).is_empty());
        fs::write(state.join(FILE), "{").unwrap();
        assert!(remembered(Some(&state)).is_empty());
    }
}
