//! What an application needs of a version, in a folder of its own: the text, the config, the variables with their types,
//! and sums that `sha256sum -c` accepts. Nothing else, and nothing of the library is changed.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::library::{Library, Snapshot, write_folder};
use crate::prompt::template;

/// The files of an export. A folder that holds others is not written into.
const FILES: [&str; 4] = ["system_prompt.txt", "config.json", "variables.json", "SHA256SUMS"];

/// Writes this state of a prompt to `folder`, which is made when it is not there. An earlier export there is replaced;
/// the sums are written last, so that whoever checks them never takes a half of each. Gives the files.
///
/// # Errors
/// When the folder holds anything else, or cannot be written.
pub fn export(library: &Library, snapshot: &Snapshot, folder: &Path) -> Result<Vec<PathBuf>> {
    let other = std::fs::read_dir(folder)
        .ok()
        .into_iter()
        .flatten()
        .flatten()
        .find(|entry| !FILES.iter().any(|file| entry.file_name() == *file));
    if let Some(other) = other {
        return Err(Error::input(format!(
            "holds `{}`, which is not of an export",
            other.file_name().to_string_lossy()
        ))
        .at(folder)
        .hint("name an empty folder, or one that is not there yet"));
    }
    let config = library.bytes_if_there(&snapshot.folder.join("config.json"))?.unwrap_or_else(|| b"{}\n".to_vec());
    let variables = serde_json::to_string_pretty(&variables(library, snapshot)?)
        .map_err(|error| Error::input(format!("the variables cannot be written: {error}")))?;
    let files = [
        (FILES[0], snapshot.text.clone().into_bytes()),
        (FILES[1], config),
        (FILES[2], (variables + "\n").into_bytes()),
    ];
    write_folder(folder, &files)
}

/// What the application fills in: every variable of the system prompt and of the template of the user's message.
fn variables(library: &Library, snapshot: &Snapshot) -> Result<Value> {
    let types = library.value_types(&snapshot.prompt)?;
    let system = template::names(&snapshot.text);
    let user = snapshot.config.user_template().map(template::names).unwrap_or_default();
    let only_user = user.iter().filter(|name| !system.contains(name));
    let variable = |name: &&str| {
        let declared = snapshot.variables.get(name).cloned().unwrap_or_default();
        let places = [("system", &system), ("user", &user)].into_iter().filter(|(_, names)| names.contains(name));
        let mut entry = Map::new();
        entry.insert("name".into(), (*name).into());
        entry.insert("type".into(), types.get(*name).copied().unwrap_or("string").into());
        entry.insert("in".into(), places.map(|(place, _)| place).collect::<Vec<_>>().into());
        entry.insert("required".into(), (declared.required && declared.default.is_none()).into());
        for (key, value) in [("default", declared.default), ("description", declared.description)] {
            entry.extend(value.map(|value| (key.to_owned(), Value::from(value))));
        }
        entry.insert("privacy".into(), declared.privacy.word().into());
        entry.insert("freshness".into(), declared.freshness.word().into());
        entry.extend(declared.max_tokens.map(|most| ("max_tokens".to_owned(), most.into())));
        entry.insert("untrusted".into(), declared.untrusted.into());
        Value::Object(entry)
    };
    let variables: Vec<Value> = system.iter().chain(only_user).map(variable).collect();
    Ok(json!({ "prompt": snapshot.prompt, "version": snapshot.which.to_string(), "variables": variables }))
}
