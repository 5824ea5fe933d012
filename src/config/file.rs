//! One settings file as it is written: every key with its type checked, nothing decided yet.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::de::DeValue;

use crate::config::cycle::{self, Cycle};
use crate::config::{Api, Keeping, KeySource, Price, Spend, Switches, keeping, switches};
use crate::error::Error;
use crate::model::ModelName;
use crate::source::read_text;
use crate::source::toml::{Reading, Table};

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The user's own.
    User,
    /// A library's: other people's data.
    Library,
}

/// What one file says.
#[derive(Debug, Default)]
pub struct File {
    pub author: Option<String>,
    pub theme: Option<String>,
    pub default_model: Option<ModelName>,
    pub reduced_motion: bool,
    pub ascii: Option<bool>,
    pub keys: BTreeMap<String, Vec<String>>,
    pub providers: Vec<Entry>,
    pub prices: BTreeMap<String, Price>,
    pub spend: Spend,
    pub history: Keeping,
    pub cycle: Cycle,
    pub errors: Vec<Error>,
    pub warnings: Vec<Error>,
}

/// One `[providers.NAME]`.
#[derive(Debug)]
pub struct Entry {
    pub name: String,
    pub api: Option<Api>,
    pub base_url: Option<String>,
    pub key: Option<KeySource>,
    pub headers: Vec<(String, String)>,
    pub connect_timeout_s: Option<f64>,
    pub first_byte_timeout_s: Option<f64>,
    pub idle_timeout_s: Option<f64>,
    pub max_retries: Option<u32>,
    pub switches: Switches,
    /// An empty remark at the place of the entry, for what is found out later.
    pub place: Error,
}

/// The keys at the top of the user's own file.
pub const USER_KEYS: [&str; 11] = [
    "author",
    "theme",
    "default_model",
    "reduced_motion",
    "ascii",
    "keys",
    "providers",
    "prices",
    "spend",
    "history",
    "environments",
];
/// The keys at the top of a library's file.
pub const LIBRARY_KEYS: [&str; 5] = ["providers", "prices", "environments", "review", "git"];
const PROVIDER_KEYS: [&str; 10] = [
    "api",
    "base_url",
    "api_key_env",
    "api_key_command",
    "api_key_file",
    "headers",
    "connect_timeout_s",
    "first_byte_timeout_s",
    "idle_timeout_s",
    "max_retries",
];
const PRICE_KEYS: [&str; 4] = ["input", "output", "cache_read", "cache_write"];

/// Headers that carry a key.
const SECRET_HEADERS: [&str; 5] = ["authorization", "proxy-authorization", "x-api-key", "api-key", "cookie"];

const INSTEAD: &str = "name where the key is instead: api_key_env = \"NAME\", api_key_command = [\"pass\", \"show\", \"x\"] or api_key_file = \"PATH\"";

/// Reads a file; one that is not there says nothing.
pub fn read(path: Option<&Path>, origin: Origin) -> File {
    let Some(path) = path.filter(|path| path.symlink_metadata().is_ok()) else { return File::default() };
    match read_text(path) {
        Ok(text) => parse(path, &text, origin),
        Err(error) => File { errors: vec![error], ..File::default() },
    }
}

fn parse(path: &Path, text: &str, origin: Origin) -> File {
    let mut reading = Reading::new(path, text);
    let table = reading.parse();
    let mut file = File::default();
    match origin {
        Origin::User => {
            reading.expect_keys(&table, "at the top", &USER_KEYS);
            file.author = reading.get(&table, "author", "a text");
            file.theme = reading.get(&table, "theme", "a text");
            file.reduced_motion = reading.get(&table, "reduced_motion", "true or false").unwrap_or_default();
            file.ascii = reading.get(&table, "ascii", "true or false");
            file.default_model = model(&mut reading, &table);
            file.keys = keys(&mut reading, &table);
            file.spend = keeping::spend(&mut reading, &table);
            file.history = keeping::history(&mut reading, &table);
        }
        Origin::Library => reading.expect_keys(&table, "of a library", &LIBRARY_KEYS),
    }
    if table.contains_key("api_key") {
        reading.error_at_key(&table, "api_key", "a key itself does not belong into a file", INSTEAD);
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    for (name, entry) in reading.tables(&table, "providers") {
        file.providers.push(provider(&mut reading, name, entry, folder));
    }
    for (model, entry) in reading.tables(&table, "prices") {
        reading.expect_keys(entry, "of a price", &PRICE_KEYS);
        let mut dollars = |key| amount(&mut reading, entry, key);
        let price = Price {
            input: dollars("input"),
            output: dollars("output"),
            cache_read: dollars("cache_read"),
            cache_write: dollars("cache_write"),
        };
        file.prices.insert(model, price);
    }
    file.cycle = cycle::read(&mut reading, &table, origin);
    file.errors = reading.errors;
    file.warnings = reading.warnings;
    file
}

fn model(reading: &mut Reading<'_>, table: &Table<'_>) -> Option<ModelName> {
    let name: String = reading.get(table, "default_model", "a text")?;
    let model = ModelName::parse(&name);
    if model.is_none() {
        let message = format!("`{name}` is not a model");
        reading.error_at_key(table, "default_model", &message, "one is PROVIDER:MODEL, or offline");
    }
    model
}

/// `[keys]`: an action's id, and one key or several. An id has a dot in it, so `draft.save = "f9"` is a table in a table.
fn keys<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    if let Some(keys) = reading.table(table, "keys") {
        add_keys(reading, keys, "", &mut found);
    }
    found
}

fn add_keys<'a>(reading: &mut Reading<'a>, keys: &Table<'a>, before: &str, found: &mut BTreeMap<String, Vec<String>>) {
    for (name, value) in keys {
        let name = name.get_ref().as_ref();
        let wanted = "a key, as \"ctrl-s\", or a list of keys";
        let bound = match value.get_ref() {
            DeValue::Table(inner) => {
                add_keys(reading, inner, &format!("{before}{name}."), found);
                continue;
            }
            DeValue::String(_) => reading.get::<String>(keys, name, wanted).map(|key| vec![key]),
            _ => reading.get::<Vec<String>>(keys, name, wanted),
        };
        if let Some(bound) = bound {
            found.insert(format!("{before}{name}"), bound);
        }
    }
}

fn provider<'a>(reading: &mut Reading<'a>, name: String, table: &Table<'a>, folder: &Path) -> Entry {
    let place = reading.remark(table);
    if table.contains_key("api_key") {
        reading.error_at_key(table, "api_key", "a key itself does not belong into a file", INSTEAD);
    }
    let known: Vec<&str> = PROVIDER_KEYS.into_iter().chain(switches::KEYS).chain(["api_key"]).collect();
    reading.expect_keys(table, &format!("of the provider `{name}`"), &known);
    Entry {
        api: api(reading, table),
        base_url: reading.get(table, "base_url", "a text"),
        key: key(reading, table, folder),
        headers: headers(reading, table),
        connect_timeout_s: amount(reading, table, "connect_timeout_s"),
        first_byte_timeout_s: amount(reading, table, "first_byte_timeout_s"),
        idle_timeout_s: amount(reading, table, "idle_timeout_s"),
        max_retries: reading.get(table, "max_retries", "a whole number"),
        switches: switches::read(reading, table),
        name,
        place,
    }
}

fn api(reading: &mut Reading<'_>, table: &Table<'_>) -> Option<Api> {
    let wanted = "\"anthropic\", \"openai\", \"openai-responses\" or \"ollama\"";
    let word: String = reading.get(table, "api", wanted)?;
    let api = match word.as_str() {
        "anthropic" => Some(Api::Anthropic),
        "openai" => Some(Api::OpenAi),
        "openai-responses" => Some(Api::OpenAiResponses),
        "ollama" => Some(Api::Ollama),
        _ => None,
    };
    if api.is_none() {
        reading.error_at_key(
            table,
            "api",
            &format!("`{word}` is nothing that greenroom speaks"),
            &format!("it is {wanted}"),
        );
    }
    api
}

/// Where the key is; two places at once are an error, because one of them would be forgotten.
fn key(reading: &mut Reading<'_>, table: &Table<'_>, folder: &Path) -> Option<KeySource> {
    let variable = reading.get::<String>(table, "api_key_env", "the name of an environment variable");
    let command = reading.get::<Vec<String>>(table, "api_key_command", "a list: a program and its arguments");
    let file = reading.get::<String>(table, "api_key_file", "a path");
    if command.as_ref().is_some_and(Vec::is_empty) {
        let hint = "it is a program and its arguments: [\"pass\", \"show\", \"x\"]";
        reading.error_at_key(table, "api_key_command", "`api_key_command` is empty", hint);
        return None;
    }
    let sources = [
        variable.map(|name| ("api_key_env", KeySource::Env(name))),
        command.map(|words| ("api_key_command", KeySource::Command(words))),
        file.map(|path| ("api_key_file", KeySource::File(folder.join(expanded(&path))))),
    ];
    let mut sources = sources.into_iter().flatten();
    let first = sources.next();
    if let Some((second, _)) = sources.next() {
        reading.error_at_key(table, second, "the key is named in two places", "keep one of them");
    }
    first.map(|(_, source)| source)
}

/// A path that begins with `~/` is in the home folder.
fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), directories::BaseDirs::new()) {
        (Some(rest), Some(known)) => known.home_dir().join(rest),
        _ => PathBuf::from(path),
    }
}

fn headers<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> Vec<(String, String)> {
    let Some(entries) = reading.table(table, "headers") else { return Vec::new() };
    let mut found = Vec::new();
    for name in entries.keys().map(|name| name.get_ref().to_string()) {
        if SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            let message = format!("the header `{name}` carries a key, and a key does not belong into a file");
            reading.error_at_key(entries, &name, &message, INSTEAD);
            continue;
        }
        let sound = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        let value: Option<String> = reading.get(entries, &name, "a text");
        match value {
            Some(value) if sound && !value.contains(char::is_control) => found.push((name, value)),
            Some(_) => {
                let message = format!("`{}` is not a header", name.escape_default());
                reading.error_at_key(
                    entries,
                    &name,
                    &message,
                    "a header has a name of letters, digits and -, and one line of text",
                );
            }
            None => {}
        }
    }
    found
}

/// A number that is not below 0: seconds or dollars.
pub fn amount(reading: &mut Reading<'_>, table: &Table<'_>, key: &str) -> Option<f64> {
    let amount = reading.number(table, key)?;
    if amount.is_finite() && (0.0..=1e9).contains(&amount) {
        return Some(amount);
    }
    reading.error_at_key(table, key, &format!("`{key}` cannot be {amount}"), "it is a number from 0 on");
    None
}
