//! What is in force and where each setting comes from, for whoever asks. A secret is never part of it: of a key only its
//! place is told, of a header only its name.
//!
//! Nothing decides by this; [`Settings`] is what counts.

use std::path::Path;

use serde_json::{Value, json};

use super::file::{LIBRARY_KEYS, USER_KEYS};
use super::{Api, Environment, Files, KeySource, Provider, Settings, process_environment};
use crate::error::{Error, Place};
use crate::library::Library;
use crate::source::read_text;
use crate::source::toml::{Leaf, Reading};

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    BuiltIn,
    /// The user's own file.
    User(Place),
    /// The library's file.
    Library(Place),
    /// This variable of the environment.
    Environment(&'static str),
}

/// One setting as it is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its keys, as a TOML file writes them: `providers.openai.base_url`.
    pub key: String,
    /// What it is; null when it is not set.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
    /// What else is to be known, such as whether a variable is set.
    pub note: Option<String>,
}

/// All settings, and all that is wrong with their files.
#[derive(Debug, Default)]
pub struct Report {
    /// Where the files are.
    pub files: Files,
    /// What the program makes of them.
    pub settings: Settings,
    /// Everything in force, in an order for reading.
    pub shown: Vec<Setting>,
    /// What makes a file wrong.
    pub errors: Vec<Error>,
    user: Vec<Leaf>,
}

impl Report {
    /// That of this process for `library`.
    pub fn of_process(library: Option<&Library>) -> Self {
        let (files, led_out) = Files::of_process(library);
        let mut report = Self::load(files, &process_environment);
        report.errors.splice(0..0, led_out);
        report
    }

    /// What these files and this environment say.
    pub fn load(files: Files, environment: Environment<'_>) -> Self {
        let (settings, errors) =
            Settings::load_trusting(files.user.as_deref(), files.readable(), files.trusted, environment);
        let said = |path: Option<&Path>, known: &[&str]| {
            let mut leaves = leaves(path);
            // a key that does nothing is not in force
            leaves.retain(|leaf| {
                known.contains(&leaf.path[0].as_str())
                    && !settings.warnings.iter().any(|odd| odd.place.as_ref() == Some(&leaf.place))
            });
            leaves
        };
        let user = said(files.user.as_deref(), &USER_KEYS);
        let library = said(files.readable(), &LIBRARY_KEYS);
        let trusted = files.trusted;
        let shown = Sources { settings: &settings, user: &user, library: &library, trusted, environment }.all();
        Self { files, settings, shown, errors, user }
    }

    /// Where the user's file sets this, its keys with dots between them; `None` when it does not.
    pub fn place_of(&self, path: &str) -> Option<&Place> {
        self.user.iter().find(|leaf| leaf.path.join(".") == path).map(|leaf| &leaf.place)
    }
}

fn leaves(path: Option<&Path>) -> Vec<Leaf> {
    let Some(path) = path else { return Vec::new() };
    // what cannot be read or parsed is told by whoever loads the settings
    let Ok(text) = read_text(path) else { return Vec::new() };
    let mut reading = Reading::new(path, &text);
    let table = reading.parse();
    reading.leaves(&table)
}

struct Sources<'a> {
    settings: &'a Settings,
    user: &'a [Leaf],
    library: &'a [Leaf],
    trusted: bool,
    environment: Environment<'a>,
}

impl Sources<'_> {
    fn all(&self) -> Vec<Setting> {
        let mut shown = Vec::new();
        let settings = self.settings;
        let model = settings.default_model.as_ref().map(ToString::to_string);
        for (key, value) in [
            ("author", json!(settings.author)),
            ("theme", json!(settings.theme.as_deref().unwrap_or("auto"))),
            ("default_model", json!(model)),
            ("reduced_motion", json!(settings.reduced_motion)),
            ("ascii", settings.ascii.map_or_else(|| json!("auto"), |ascii| json!(ascii))),
        ] {
            let origin = self.of_user(&[key]).unwrap_or(Origin::BuiltIn);
            shown.push(Setting { key: key.into(), value, origin, note: None });
        }
        for provider in settings.providers.values().filter(|provider| provider.api != Api::Offline) {
            self.provider(provider, &mut shown);
        }
        self.keeping(&mut shown);
        // the rest stands in the files as it counts; of two prices for one model the user's is taken whole
        let handled = ["author", "theme", "default_model", "reduced_motion", "ascii", "providers", "history", "spend"];
        let priced = |leaf: &&Leaf| {
            leaf.path[0] != "prices"
                || !self.user.iter().any(|own| own.path.iter().take(2).eq(leaf.path.iter().take(2)))
        };
        let rest = |leaf: &&Leaf| !handled.contains(&leaf.path[0].as_str());
        for leaf in self.user.iter().filter(rest) {
            shown.push(setting(leaf, Origin::User(leaf.place.clone())));
        }
        for leaf in self.library.iter().filter(rest).filter(priced) {
            shown.push(setting(leaf, Origin::Library(leaf.place.clone())));
        }
        shown
    }

    /// What is kept of runs and what they may cost: also where nobody said anything, because it holds all the same.
    fn keeping(&self, shown: &mut Vec<Setting>) {
        let (history, spend) = (self.settings.history, self.settings.spend);
        let no_limit = |number: u32| (number == 0).then_some("no limit");
        for (path, value, note) in [
            (["history", "keep"], json!(history.keep), (!history.keep).then_some("nothing is kept")),
            (["history", "days"], json!(history.days), no_limit(history.days)),
            (["history", "megabytes"], json!(history.megabytes), no_limit(history.megabytes)),
            (
                ["history", "real_values"],
                json!(history.real_values),
                history.real_values.then_some("personal values are kept as they are"),
            ),
            (["spend", "day"], json!(spend.day), Some("dollars; play stops and the workbench asks")),
            (["spend", "month"], json!(spend.month), Some("dollars; play stops and the workbench asks")),
        ] {
            let origin = self.of_user(&path).unwrap_or(Origin::BuiltIn);
            let note = note.filter(|_| !value.is_null()).map(str::to_owned);
            shown.push(Setting { key: dotted(&path), value, origin, note });
        }
    }

    fn provider(&self, provider: &Provider, shown: &mut Vec<Setting>) {
        let name = provider.name.as_str();
        let api = match provider.api {
            Api::Anthropic => "anthropic",
            Api::OpenAi => "openai",
            Api::OpenAiResponses => "openai-responses",
            Api::Ollama => "ollama",
            Api::Offline => "offline",
        };
        let limits = provider.timeouts;
        let mut add = |field: &str, value: Value, origin: Origin, note: Option<String>| {
            shown.push(Setting { key: dotted(&["providers", name, field]), value, origin, note });
        };
        add("api", json!(api), self.of_field(name, "api", &json!(api)), None);
        let variable = match name {
            "anthropic" => Some("ANTHROPIC_BASE_URL"),
            "openai" => Some("OPENAI_BASE_URL"),
            _ => None,
        };
        let variable = variable.filter(|variable| (self.environment)(variable).is_some_and(|said| !said.is_empty()));
        let url = json!(provider.base_url);
        let origin = variable.map_or_else(|| self.of_field(name, "base_url", &url), Origin::Environment);
        add("base_url", url, origin, None);
        let (field, value, note) = self.key(&provider.key);
        if let Some(field) = field {
            // a library says where a key is only when it is trusted
            let path = ["providers", name, field];
            let of_library = || place(self.library, &path).filter(|_| self.trusted).map(Origin::Library);
            let origin = self.of_user(&path).or_else(of_library).unwrap_or(Origin::BuiltIn);
            add(field, value, origin, Some(note));
        }
        for (header, _) in &provider.headers {
            let path = ["providers", name, "headers", header.as_str()];
            let of_library = || place(self.library, &path).map(Origin::Library);
            let origin = self.of_user(&path).or_else(of_library).unwrap_or(Origin::BuiltIn);
            let key = dotted(&path);
            shown.push(Setting { key, value: json!("(set)"), origin, note: Some("its text is not shown".into()) });
        }
        for (field, value) in [
            ("connect_timeout_s", json!(limits.connect.as_secs_f64())),
            ("first_byte_timeout_s", json!(limits.first_byte.as_secs_f64())),
            ("idle_timeout_s", json!(limits.idle.as_secs_f64())),
            ("max_retries", json!(provider.max_retries)),
        ]
        .into_iter()
        .chain(provider.switches.shown())
        {
            let origin = self.of_field(name, field, &value);
            if origin != Origin::BuiltIn {
                shown.push(Setting { key: dotted(&["providers", name, field]), value, origin, note: None });
            }
        }
    }

    /// The setting that names where a key is, what it names, and whether the key is there; never the key.
    fn key(&self, key: &KeySource) -> (Option<&'static str>, Value, String) {
        let is_set = if key.is_set(self.environment) { "is set" } else { "is not set" };
        match key {
            KeySource::None => (None, Value::Null, String::new()),
            KeySource::Env(name) => (Some("api_key_env"), json!(name), format!("${name} {is_set}")),
            KeySource::Command(words) => {
                // what stands behind the program may be a secret's name, or a secret
                let program = words.first().map_or("", String::as_str);
                (Some("api_key_command"), json!([program]), "its arguments are not shown".to_owned())
            }
            KeySource::File(path) => {
                let is_there = if path.is_file() { "the file is there" } else { "there is no such file" };
                (Some("api_key_file"), json!(path.to_string_lossy()), is_there.to_owned())
            }
        }
    }

    fn of_user(&self, path: &[&str]) -> Option<Origin> {
        place(self.user, path).map(Origin::User)
    }

    /// Where a field of a provider comes from. What a library says counts only as far as it is what is in force.
    fn of_field(&self, provider: &str, field: &str, in_force: &Value) -> Origin {
        let path = ["providers", provider, field];
        let same = |leaf: &&Leaf| match (leaf.value.as_str(), in_force.as_str()) {
            (Some(said), Some(used)) => base(said) == base(used),
            _ => leaf.value.as_f64() == in_force.as_f64(),
        };
        let of_library = || {
            let leaf = self.library.iter().find(|leaf| leaf.path == path).filter(same)?;
            Some(Origin::Library(leaf.place.clone()))
        };
        self.of_user(&path).or_else(of_library).unwrap_or(Origin::BuiltIn)
    }
}

fn place(leaves: &[Leaf], path: &[&str]) -> Option<Place> {
    leaves.iter().find(|leaf| leaf.path == path).map(|leaf| leaf.place.clone())
}

/// An address as two spellings of it have it in common.
fn base(url: &str) -> &str {
    let plain = url.trim().trim_end_matches('/');
    plain.strip_suffix("/v1").unwrap_or(plain)
}

fn setting(leaf: &Leaf, origin: Origin) -> Setting {
    let path: Vec<&str> = leaf.path.iter().map(String::as_str).collect();
    Setting { key: dotted(&path), value: leaf.value.clone(), origin, note: None }
}

/// Keys as TOML writes them one behind the other.
pub fn dotted(path: &[&str]) -> String {
    let bare = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    let part = |part: &&str| if bare(part) { (*part).to_owned() } else { json!(part).to_string() };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}
