//! Who can be asked: the built-in providers, those of the library and those of the user, as one table.
//!
//! A library may add a server that needs no key. It must not decide where a key of the user goes, nor run a command:
//! both wait until the user trusts the library, and a warning says so.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;

use crate::config::file::Entry;
use crate::config::{Api, Environment, KeySource, Provider, Switches};
use crate::error::Error;
use crate::model::Timeouts;

/// All providers, and what was found out on the way.
#[derive(Debug, Default)]
pub struct Merged {
    pub providers: BTreeMap<String, Provider>,
    /// Those of a library that do not count, with the reason.
    pub withheld: BTreeMap<String, String>,
    pub warnings: Vec<Error>,
    pub errors: Vec<Error>,
}

/// How often a request is tried again when nothing is said.
const MAX_RETRIES: u32 = 2;

/// Built-in ones, then the library's, then the user's own; what the environment says about the host of a built-in one
/// wins over the files.
///
/// Of a library that is `trusted`, everything counts but for a name that the user's own file has.
pub fn merge(library: Vec<Entry>, user: Vec<Entry>, trusted: bool, environment: Environment<'_>) -> Merged {
    let mut merged = Merged { providers: built_in(), ..Merged::default() };
    let own: Vec<String> = user.iter().map(|entry| entry.name.clone()).collect();
    for entry in library {
        if trusted && !own.contains(&entry.name) {
            merged.add(entry);
        } else {
            merged.add_of_library(entry, &own);
        }
    }
    for entry in user {
        merged.add(entry);
    }
    for (name, variable) in [("anthropic", "ANTHROPIC_BASE_URL"), ("openai", "OPENAI_BASE_URL")] {
        let Some(said) = environment(variable).filter(|said| !said.is_empty()) else { continue };
        let Some(provider) = merged.providers.get_mut(name) else { continue };
        match host(&said, provider.api) {
            Ok(url) => provider.base_url = url,
            Err(why) => merged.errors.push(Error::input(format!("${variable} {why}")).hint("correct it or unset it")),
        }
    }
    merged
}

fn built_in() -> BTreeMap<String, Provider> {
    let provider = |name: &str, api, url: &str, key| Provider {
        name: name.to_owned(),
        api,
        base_url: url.to_owned(),
        key,
        headers: Vec::new(),
        timeouts: Timeouts::default(),
        max_retries: MAX_RETRIES,
        switches: Switches::default(),
    };
    let variable = |name: &str| KeySource::Env(name.to_owned());
    [
        provider("anthropic", Api::Anthropic, "https://api.anthropic.com", variable("ANTHROPIC_API_KEY")),
        provider("openai", Api::OpenAi, "https://api.openai.com/v1", variable("OPENAI_API_KEY")),
        provider("ollama", Api::Ollama, "http://localhost:11434", KeySource::None),
        provider("offline", Api::Offline, "", KeySource::None),
    ]
    .into_iter()
    .map(|provider| (provider.name.clone(), provider))
    .collect()
}

impl Merged {
    /// An entry of a library, without what waits for trust. `own` are the names that the user's own file has.
    fn add_of_library(&mut self, mut entry: Entry, own: &[String]) {
        let name = entry.name.clone();
        let known = self.providers.get(&name);
        let key_of_user = known.is_some_and(|known| known.key != KeySource::None) || own.contains(&name);
        let mut ignored = Vec::new();
        let mut server_ignored = false;
        if let Some(key) = entry.key.take() {
            let key_name = match key {
                KeySource::Command(_) => "api_key_command",
                KeySource::File(_) => "api_key_file",
                KeySource::Env(_) | KeySource::None => "api_key_env",
            };
            ignored.push(key_name);
            // the address would get the key that is named beside it
            server_ignored = true;
        }
        if entry.base_url.is_some() && (server_ignored || key_of_user) {
            entry.base_url = None;
            ignored.push("base_url");
            server_ignored = true;
        }
        if known.is_some()
            && key_of_user
            && (entry.api.take().is_some() | !std::mem::take(&mut entry.headers).is_empty())
        {
            ignored.push("api and headers");
        }
        if entry.switches.insecure.take().is_some() {
            ignored.push("insecure");
        }
        if !ignored.is_empty() {
            let message = format!(
                "the library's {} for the provider `{name}` {} not count",
                ignored.join(" and "),
                if ignored.len() == 1 { "does" } else { "do" }
            );
            let hint = "a library does not decide where a key of yours goes; set it up in your own config, or let it \
                        with `greenroom trust`";
            self.warnings.push(Error { message: message.clone(), hint: Some(hint.to_owned()), ..entry.place.clone() });
            if known.is_none() && server_ignored && !own.contains(&name) {
                self.withheld.insert(name, format!("{message}: {hint}"));
                return;
            }
        }
        if own.contains(&name) && !self.providers.contains_key(&name) {
            // the user's own entry says everything about it
            return;
        }
        self.add(entry);
    }

    /// An entry that counts, over what is known of its name.
    fn add(&mut self, entry: Entry) {
        let Entry { name, place, .. } = entry;
        let wrong = |message: String, hint: &str| Error { message, hint: Some(hint.to_owned()), ..place.clone() };
        if name == "offline" {
            self.errors
                .push(wrong("`offline` is built in and cannot be set up".to_owned(), "give the entry another name"));
            return;
        }
        if crate::library::check_name("provider", &name).is_err() {
            let hint = "a name has lower-case letters, digits, _ and -";
            self.errors.push(wrong(format!("`{name}` cannot be the name of a provider"), hint));
            return;
        }
        let known = self.providers.get(&name);
        let Some(api) = entry.api.or(known.map(|known| known.api)) else {
            let hint = "api = \"anthropic\", \"openai\", \"openai-responses\" or \"ollama\"";
            self.errors.push(wrong(format!("the provider `{name}` does not say what it speaks"), hint));
            return;
        };
        let url = match (&entry.base_url, known) {
            (Some(said), _) => match host(said, api) {
                Ok(url) => url,
                Err(why) => {
                    self.errors.push(wrong(
                        format!("the base_url of the provider `{name}` {why}"),
                        "as \"http://localhost:8080/v1\"",
                    ));
                    return;
                }
            },
            (None, Some(known)) => known.base_url.clone(),
            (None, None) if api == Api::Ollama => "http://localhost:11434".to_owned(),
            (None, None) => {
                let hint = "base_url = \"http://localhost:8080/v1\", for example";
                self.errors.push(wrong(format!("the provider `{name}` does not say where it is"), hint));
                return;
            }
        };
        let limits = known.map_or_else(Timeouts::default, |known| known.timeouts);
        let seconds = |said: Option<f64>, otherwise: Duration| said.map_or(otherwise, Duration::from_secs_f64);
        let mut headers = known.map(|known| known.headers.clone()).unwrap_or_default();
        headers.retain(|(header, _)| !entry.headers.iter().any(|(new, _)| new.eq_ignore_ascii_case(header)));
        headers.extend(entry.headers);
        let mut switches = entry.switches.over(known.map(|known| &known.switches));
        // a version that is set as a header is the version that is asked for
        let version = headers.iter().find(|(header, _)| header.eq_ignore_ascii_case("anthropic-version"));
        switches.api_version = switches.api_version.or_else(|| version.map(|(_, version)| version.clone()));
        let provider = Provider {
            api,
            base_url: url,
            key: entry.key.or_else(|| known.map(|known| known.key.clone())).unwrap_or(KeySource::None),
            headers,
            timeouts: Timeouts {
                connect: seconds(entry.connect_timeout_s, limits.connect),
                first_byte: seconds(entry.first_byte_timeout_s, limits.first_byte),
                idle: seconds(entry.idle_timeout_s, limits.idle),
                pause: limits.pause,
            },
            max_retries: entry.max_retries.or(known.map(|known| known.max_retries)).unwrap_or(MAX_RETRIES),
            switches,
            name: name.clone(),
        };
        self.withheld.remove(&name);
        self.providers.insert(name, provider);
    }
}

/// An address as it is used, without a slash at the end; or what is wrong with it, in words that never repeat it: it
/// may hold a password.
fn host(said: &str, api: Api) -> Result<String, String> {
    let url = Url::parse(said.trim()).map_err(|error| format!("is not an address: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err("is not an address that begins with http:// or https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user's name or password, which do not belong there".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has something behind ? or #, which do not belong there".to_owned());
    }
    let plain = url.as_str().trim_end_matches('/');
    // the two forms are mixed up easily, and with /v1 twice every request would be "not found"
    let without = matches!(api, Api::Anthropic | Api::Ollama);
    let plain = if without { plain.strip_suffix("/v1").unwrap_or(plain) } else { plain };
    Ok(plain.to_owned())
}

/// Whether an address is this machine.
pub fn is_local(base_url: &str) -> bool {
    let Ok(url) = Url::parse(base_url) else { return false };
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Ends of names that no public host has.
const PRIVATE_NAMES: [&str; 8] = ["localhost", "local", "internal", "lan", "home.arpa", "test", "example", "invalid"];

/// Whether what is sent there can be read on the way: without encryption, and neither to this machine nor to an address
/// or a name that only a private network has.
pub fn is_in_the_open(base_url: &str) -> bool {
    let Ok(url) = Url::parse(base_url) else { return false };
    let Some(host) = url.host_str() else { return false };
    url.scheme() == "http" && !is_local(base_url) && !is_private(host)
}

fn is_private(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => is_private_v4(address),
        Ok(IpAddr::V6(address)) => {
            let first = address.segments()[0];
            let mapped =
                address.to_ipv4_mapped().is_some_and(|address| address.is_loopback() || is_private_v4(address));
            // unique local, link local
            mapped || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80
        }
        Err(_) => {
            let name = bare.trim_end_matches('.').to_ascii_lowercase();
            let ends = |end: &&str| name.strip_suffix(*end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            // a name of one word is looked up in one's own network
            !name.contains('.') || PRIVATE_NAMES.iter().any(ends)
        }
    }
}

fn is_private_v4(address: std::net::Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    // 100.64.0.0/10 is what providers and private overlays use between their own machines
    address.is_private() || address.is_link_local() || (a == 100 && (64..128).contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_to_a_public_host_is_in_the_open() {
        for url in [
            "http://api.openai.com/v1",
            "http://8.8.8.8/v1",
            "http://172.32.0.1",
            "http://[2001:db8::1]/v1",
            "http://localtest.me",
            "http://notlocal",
            "http://100.128.0.1",
            "http://[::ffff:8.8.8.8]",
        ] {
            assert_eq!(is_in_the_open(url), url != "http://notlocal", "{url}");
        }
        for url in [
            "https://api.openai.com/v1",
            "http://localhost:1",
            "http://127.8.8.8",
            "http://[::1]:8",
            "http://10.0.0.9:8000/v1",
            "http://192.168.1.7",
            "http://172.31.0.1",
            "http://169.254.1.1",
            "http://[fd12::1]",
            "http://[fe80::1]",
            "http://gpu:8000/v1",
            "http://gpu.lan/v1",
            "http://llm.corp.internal",
            "http://box.local.",
            "http://100.100.1.1",
            "http://[::ffff:192.168.0.1]",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(!is_in_the_open(url), "{url}");
        }
    }
}
