//! Where a provider's models are found, with its key: what the config says, made ready for a connection.

use std::fmt;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::envelope::KEY_VARIABLE;
use super::failure::{Failure, FailureKind};
use crate::config::{Api, Environment, KeySource, Provider, Switches};

/// Which protocol a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Protocol {
    /// Anthropic's Messages.
    Anthropic,
    /// OpenAI's chat completions, which most servers speak.
    OpenAi,
    /// OpenAI's Responses.
    Responses,
    /// Ollama's own.
    Ollama,
}

/// One provider, ready to be asked.
#[derive(Clone)]
pub(super) struct Endpoint {
    /// The name that stands before the colon of a model.
    pub provider: String,
    /// The protocol.
    pub protocol: Protocol,
    /// The address that paths are put behind: with `/v1`, or with `/api` for Ollama.
    pub address: String,
    /// Whether it is this machine, which is never reached through a proxy.
    pub local: bool,
    /// The key, where one is sent.
    pub key: Option<SecretString>,
    /// The environment variable that the key comes from, or that stands for it in a command to paste.
    pub variable: String,
    /// Headers of the provider's entry in the config; they win over the built-in ones.
    pub headers: Vec<(String, String)>,
    /// The limits.
    pub timeouts: Timeouts,
    /// How often a request is sent again when the server could not answer and nothing had come.
    pub max_retries: u32,
    /// What it speaks, in the words of the config.
    pub api: Api,
    /// In what it differs from other servers of its protocol.
    pub switches: Switches,
}

impl Endpoint {
    /// A provider with its key, which may have to be fetched by running a command: not for a thread that draws.
    pub fn of(provider: &Provider, environment: Environment<'_>) -> Result<Self, Failure> {
        let endpoint = Self::unasked(provider)?;
        let key = provider
            .key
            .fetch(&provider.name, environment)
            .map_err(|error| Failure { hint: error.hint, ..Failure::new(FailureKind::NoKey, error.message) })?;
        Ok(Self { key, ..endpoint })
    }

    /// A provider to see what would be sent to it: something else stands where its key would, and nothing is fetched.
    pub fn unasked(provider: &Provider) -> Result<Self, Failure> {
        let base = provider.base_url.trim_end_matches('/');
        let (protocol, address) = match provider.api {
            Api::Anthropic => (Protocol::Anthropic, format!("{base}/v1")),
            Api::OpenAi => (Protocol::OpenAi, base.to_owned()),
            Api::OpenAiResponses => (Protocol::Responses, base.to_owned()),
            Api::Ollama => (Protocol::Ollama, format!("{base}/api")),
            Api::Offline => {
                return Err(Failure::new(FailureKind::BadRequest, "the offline stand-in is no server".to_owned()));
            }
        };
        let variable = match &provider.key {
            KeySource::Env(name) if is_variable(name) => name.clone(),
            _ => KEY_VARIABLE.to_owned(),
        };
        Ok(Self {
            provider: provider.name.clone(),
            protocol,
            address,
            local: provider.is_local(),
            key: (provider.key != KeySource::None).then(|| SecretString::from("a-key")),
            variable,
            headers: provider.headers.clone(),
            timeouts: provider.timeouts,
            max_retries: provider.max_retries,
            api: provider.api,
            switches: provider.switches.clone(),
        })
    }

    /// The address of one of the provider's paths, such as `models`.
    pub fn url(&self, path: &str) -> Result<Url, Failure> {
        let url = Url::parse(&format!("{}/{path}", self.address)).ok();
        url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host()).ok_or_else(|| Failure {
            hint: Some("base_url begins with http:// or https://".into()),
            ..Failure::new(
                FailureKind::BadRequest,
                format!("the address of the provider {} is not one of a web server", self.provider),
            )
        })
    }

    /// The host it talks to, with the port when it is not the usual one, for a person.
    pub fn host(&self) -> String {
        Url::parse(&self.address).map_or_else(|_| "no host".to_owned(), |url| host_of(&url))
    }

    /// The provider with its host, as messages name it.
    pub fn named(&self) -> String {
        format!("{} ({})", self.provider, self.host())
    }

    /// The same with no limit of time above `longest`, for a question that nothing depends on.
    pub fn hurried(&self, longest: Duration) -> Self {
        let Timeouts { connect, first_byte, idle, pause } = self.timeouts;
        let (connect, first_byte, idle) = (connect.min(longest), first_byte.min(longest), idle.min(longest));
        let timeouts = Timeouts { connect, first_byte, idle, pause };
        Self { timeouts, ..self.clone() }
    }

    /// What must never be shown: the key, and the values of headers that carry one.
    pub fn secrets(&self) -> Vec<&str> {
        let of_headers =
            self.headers.iter().filter(|(name, _)| is_secret_header(name)).map(|(_, value)| value.as_str());
        self.key.iter().map(|key| key.expose_secret().trim()).chain(of_headers).collect()
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("provider", &self.provider)
            .field("protocol", &self.protocol)
            .field("host", &self.host())
            .field("key", &self.key.is_some())
            .finish_non_exhaustive()
    }
}

pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether a shell takes this as the name of a variable.
fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a header of this name carries a key or a token.
pub(super) fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["auth", "key", "token", "secret", "cookie"].iter().any(|word| name.contains(word))
}

/// Time limits of a connection; there is no total limit, because a healthy reply may take minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the first byte of the answer, from the moment it is asked for: to connect is a part of it.
    pub first_byte: Duration,
    /// Between two pieces of it.
    pub idle: Duration,
    /// Before a request is sent again for the first time, where the server does not say how long; later ones are longer.
    pub pause: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_mins(2),
            idle: Duration::from_mins(1),
            pause: Duration::from_millis(500),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KeySource;

    fn provider(api: Api, base_url: &str) -> Provider {
        Provider {
            name: "p".into(),
            api,
            base_url: base_url.into(),
            key: KeySource::Env("KEY".into()),
            headers: vec![("X-Api-Key".into(), "other-secret".into())],
            timeouts: Timeouts::default(),
            max_retries: 0,
            switches: Switches::default(),
        }
    }

    fn endpoint(api: Api, base_url: &str) -> Result<Endpoint, Failure> {
        Endpoint::of(&provider(api, base_url), &|_| Some("sk-secret".into()))
    }

    #[test]
    fn each_api_has_its_address() {
        let url =
            |api, base| endpoint(api, base).and_then(|endpoint| endpoint.url("models")).map(|url| url.to_string());
        assert_eq!(url(Api::OpenAi, "http://h:1/v1/").as_deref(), Ok("http://h:1/v1/models"));
        assert_eq!(url(Api::Anthropic, "https://h").as_deref(), Ok("https://h/v1/models"));
        assert_eq!(url(Api::OpenAiResponses, "http://h:1/v1").as_deref(), Ok("http://h:1/v1/models"));
        assert_eq!(url(Api::Ollama, "http://localhost:11434").as_deref(), Ok("http://localhost:11434/api/models"));
        for (api, base) in [(Api::OpenAi, "localhost:8080/v1"), (Api::OpenAi, "file:///x"), (Api::Offline, "http://h")]
        {
            assert_eq!(url(api, base).unwrap_err().kind, FailureKind::BadRequest, "{base}");
        }
    }

    #[test]
    fn no_key_is_in_its_debug_form() {
        let endpoint = endpoint(Api::OpenAi, "http://user:hunter2@h/v1").unwrap();
        let shown = format!("{endpoint:?}");
        assert!(!shown.contains("secret") && !shown.contains("hunter2"), "{shown}");
        assert_eq!(endpoint.secrets(), ["sk-secret", "other-secret"]);
    }

    #[test]
    fn without_its_key_a_provider_is_no_endpoint_and_the_way_out_is_named() {
        let failure = Endpoint::of(&provider(Api::Anthropic, "https://h"), &|_| None).unwrap_err();
        assert_eq!(failure.kind, FailureKind::NoKey);
        assert!(failure.message.contains("$KEY"), "{failure:?}");
        assert!(failure.hint.is_some_and(|hint| hint.contains("--model offline")));
    }
}
