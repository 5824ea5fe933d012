//! Settings: raw (what the files say) → resolved (what the program needs).
//!
//! The user's config and the library's `greenroom.toml` are read here, checked, and merged. A library is other people's
//! data: it may not hold a key, and nothing in it decides where a key of the user goes until the user trusts it.

mod cycle;
mod file;
mod keeping;
mod key;
mod providers;
mod report;
mod switches;
mod trust;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::gates::Gate;
use crate::library::{Library, PromptConfig};
use crate::model::{ModelName, Params, Timeouts};
use crate::source::nearest;

pub use crate::library::{Folders, folders};
pub use cycle::{Commit, EnvironmentRules, Hook, ReviewRules};
pub use keeping::{Keeping, Spend};
pub use key::KeySource;
pub use report::{Origin, Report, Setting, dotted};
pub use switches::{LimitName, Switches, SystemRole};
pub use trust::Trust;

/// Gives the value of an environment variable: the process's own, or a test's.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What the program needs to know from the user and from the library.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Who is named in comments, versions and releases.
    pub author: Option<String>,
    /// A theme's name.
    pub theme: Option<String>,
    /// What answers when neither the command nor the prompt names a model.
    pub default_model: Option<ModelName>,
    /// Whether moving marks stand still.
    pub reduced_motion: bool,
    /// Whether frames and marks are drawn in ASCII alone; `None` leaves it to the terminal.
    pub ascii: Option<bool>,
    /// Keys by action id, each as the user wrote it.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Who can be asked, by name: the built-in ones and those of the files.
    pub providers: BTreeMap<String, Provider>,
    /// Prices by model.
    pub prices: BTreeMap<String, Price>,
    /// How much may be spent before greenroom stops and asks.
    pub spend: Spend,
    /// What is kept of the runs, and how long.
    pub history: Keeping,
    /// What environments ask of a release, by name; one that is not here asks what is usual.
    pub environments: BTreeMap<String, EnvironmentRules>,
    /// What the user has run when something is deployed, by environment. Never from a library.
    pub hooks: BTreeMap<String, Hook>,
    /// How versions are reviewed.
    pub review: ReviewRules,
    /// Whether what is written is committed to git.
    pub commit: Commit,
    /// Providers without a key, with the sentence that says so: as it was when the settings were read, and as far as it
    /// can be known without running a command or opening a file.
    pub keyless: BTreeMap<String, Error>,
    /// What is odd in the files and does no harm, and what of a library does not count.
    pub warnings: Vec<Error>,
    /// Providers that a library names and that do not count, with the reason.
    withheld: BTreeMap<String, String>,
}

/// What a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Api {
    /// Anthropic Messages.
    Anthropic,
    /// `OpenAI` chat completions, which many servers speak.
    OpenAi,
    /// `OpenAI` responses.
    OpenAiResponses,
    /// Ollama's own.
    Ollama,
    /// No server: the built-in stand-in.
    Offline,
}

/// Someone who can be asked for a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// What stands before the colon of a model's name.
    pub name: String,
    /// What it speaks.
    pub api: Api,
    /// Where it is, without a slash at the end: with `/v1` for the two `OpenAI` forms, without it for the others.
    pub base_url: String,
    /// Where its key comes from.
    pub key: KeySource,
    /// Headers that are sent along; a key is never one of them.
    pub headers: Vec<(String, String)>,
    /// How long is waited.
    pub timeouts: Timeouts,
    /// How often a request is tried again.
    pub max_retries: u32,
    /// In what it differs from other servers of its protocol, as far as the files say so.
    pub switches: Switches,
}

/// Dollars a million tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Price {
    /// Tokens that are sent.
    pub input: Option<f64>,
    /// Tokens that come back.
    pub output: Option<f64>,
    /// Sent tokens that a cache knew.
    pub cache_read: Option<f64>,
    /// Sent tokens that a cache learned.
    pub cache_write: Option<f64>,
}

impl Provider {
    /// Whether it is on this machine, so that nothing leaves it.
    pub fn is_local(&self) -> bool {
        self.api == Api::Offline || providers::is_local(&self.base_url)
    }

    /// Whether what is sent to it can be read on the way: it is asked without encryption, and it is neither this machine
    /// nor in a network that is private by its address or name.
    pub fn is_in_the_open(&self) -> bool {
        self.api != Api::Offline && providers::is_in_the_open(&self.base_url)
    }

    /// [`Provider::is_in_the_open`], unless the user's settings allow it.
    pub fn must_ask_first(&self) -> bool {
        self.is_in_the_open() && self.switches.insecure != Some(true)
    }
}

/// Where settings are read from; the files need not exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The user's own; `None` when there is no home folder.
    pub user: Option<PathBuf>,
    /// The library's `greenroom.toml`; `None` without a library.
    pub library: Option<PathBuf>,
    /// Whether the library's file is one that may be read.
    safe: bool,
    /// Whether the user trusts it as it is.
    trusted: bool,
}

impl Files {
    /// Those of this process for `library`, and why the library's is not read when a link leads out of it.
    pub fn of_process(library: Option<&Library>) -> (Self, Option<Error>) {
        let user = folders().map(|folders| folders.config.join("config.toml"));
        let file = library.map(|library| (library, library.root().join("greenroom.toml")));
        let led_out = file.as_ref().filter(|(_, file)| file.symlink_metadata().is_ok());
        let led_out = led_out.and_then(|(library, file)| library.inside(file).err());
        let library = file.map(|(_, file)| file);
        let safe = led_out.is_none();
        let trusted = safe && library.as_deref().is_some_and(trust::is_trusted);
        (Self { user, library, safe, trusted }, led_out)
    }

    /// The library's file, if it may be read.
    fn readable(&self) -> Option<&Path> {
        self.library.as_deref().filter(|_| self.safe)
    }
}

impl Settings {
    /// The settings of this process for `library`, and everything that is wrong with their files. What is wrong leaves
    /// its default behind, so that the workbench opens all the same.
    pub fn of_process(library: Option<&Library>) -> (Self, Vec<Error>) {
        let (files, led_out) = Files::of_process(library);
        let (user, library) = (files.user.as_deref(), files.readable());
        let (settings, errors) = Self::load_trusting(user, library, files.trusted, &process_environment);
        (settings, led_out.into_iter().chain(errors).collect())
    }

    /// The settings of this process for a command, which does nothing on a file that is wrong.
    pub fn for_command(library: Option<&Library>) -> Result<Self> {
        let (settings, errors) = Self::of_process(library);
        errors.into_iter().next().map_or(Ok(settings), Err)
    }

    /// The settings that these files say, of a library that is not trusted; a file that is not there says nothing.
    pub fn load(user: Option<&Path>, library: Option<&Path>, environment: Environment<'_>) -> (Self, Vec<Error>) {
        Self::load_trusting(user, library, false, environment)
    }

    /// The same, of a library that is `trusted` to say where keys go and what is run for one, or not.
    pub fn load_trusting(
        user: Option<&Path>,
        library: Option<&Path>,
        trusted: bool,
        environment: Environment<'_>,
    ) -> (Self, Vec<Error>) {
        let user = file::read(user, file::Origin::User);
        let library = file::read(library, file::Origin::Library);
        let mut settings = Self {
            author: user.author,
            theme: user.theme,
            default_model: user.default_model,
            reduced_motion: user.reduced_motion,
            ascii: user.ascii,
            keys: user.keys,
            spend: user.spend,
            history: user.history,
            environments: library.cycle.environments,
            hooks: user.cycle.hooks,
            review: library.cycle.review,
            commit: library.cycle.commit,
            ..Self::default()
        };
        // who owns the files has the last word
        settings.prices = library.prices;
        settings.prices.extend(user.prices);
        settings.warnings = [user.warnings, library.warnings].concat();
        let mut errors = [user.errors, library.errors].concat();
        let merged = providers::merge(library.providers, user.providers, trusted, environment);
        let lacking = |provider: &Provider| provider.key.lacking(&provider.name, environment);
        settings.keyless =
            merged.providers.iter().filter_map(|(name, provider)| Some((name.clone(), lacking(provider)?))).collect();
        settings.providers = merged.providers;
        settings.withheld = merged.withheld;
        settings.warnings.extend(merged.warnings);
        errors.extend(merged.errors);
        (settings, errors)
    }

    /// What a release to this environment has to meet.
    pub fn required(&self, environment: &str) -> Vec<Gate> {
        self.environments.get(environment).cloned().unwrap_or_default().require
    }

    /// The provider of this name.
    ///
    /// # Errors
    /// When there is none; the error says why when a library names one that does not count.
    pub fn provider(&self, name: &str) -> Result<&Provider> {
        self.providers.get(name).ok_or_else(|| {
            let error = Error::input(format!("there is no provider `{name}`"));
            match (self.withheld.get(name), nearest(name, self.providers.keys().map(String::as_str))) {
                (Some(reason), _) => error.hint(reason.clone()),
                (None, Some(near)) => error.hint(format!("did you mean `{near}`?")),
                (None, None) => {
                    let known: Vec<_> = self.providers.keys().map(String::as_str).collect();
                    error.hint(format!("known are {}; others are set up under [providers.NAME]", known.join(", ")))
                }
            }
        })
    }
}

/// The sampling parameters that a prompt's config sets.
pub fn params(config: &PromptConfig) -> Params {
    Params {
        max_tokens: config.max_tokens(),
        temperature: config.temperature(),
        top_p: config.top_p(),
        stop: config.stop(),
        thinking: config.thinking(),
    }
}

/// The environment of this process; a variable that is empty counts as not set.
pub fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The folder in which the program keeps what it remembers: journals, history, logs.
pub fn state_folder() -> Option<PathBuf> {
    folders().map(|folders| folders.state)
}

#[cfg(test)]
mod tests;
