//! Where a provider's models are found: address, protocol, key, headers and time limits.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use super::failure::{Failure, FailureKind};

/// Which protocol a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Api {
    /// Anthropic's Messages.
    Anthropic,
    /// OpenAI's chat completions, which most servers speak.
    OpenAi,
}

/// One provider, ready to be asked.
#[derive(Clone)]
pub struct Endpoint {
    /// The name that stands before the colon of a model.
    pub provider: String,
    /// The protocol.
    pub api: Api,
    /// The address: with `/v1` for OpenAI's protocol, without it for Anthropic's.
    pub base_url: String,
    /// The key, where one is sent.
    pub key: Option<SecretString>,
    /// What to set up when a key is needed and there is none, as `ANTHROPIC_API_KEY`; `None` when none is needed.
    pub key_wanted: Option<String>,
    /// Headers of the provider's entry in the config; they win over the built-in ones.
    pub headers: Vec<(String, String)>,
    /// The limits.
    pub timeouts: Timeouts,
    /// How often a request is sent again when the server could not answer and nothing had come.
    pub max_retries: u32,
}

impl Endpoint {
    /// The address of one of the provider's paths, such as `models`.
    ///
    /// An Anthropic address that ends in `/v1` all the same is understood.
    pub(super) fn url(&self, path: &str) -> Option<Url> {
        let base = self.base_url.trim_end_matches('/');
        let url = match self.api {
            Api::Anthropic => format!("{}/v1/{path}", base.trim_end_matches("/v1")),
            Api::OpenAi => format!("{base}/{path}"),
        };
        Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    }

    /// The host and port it talks to, for a person; the whole address when there is no host in it.
    pub fn host(&self) -> String {
        self.url("").map_or_else(|| self.base_url.clone(), |url| host_of(&url))
    }

    /// Whether the host is this machine.
    pub fn is_local(&self) -> bool {
        self.url("").is_some_and(|url| is_local(&url))
    }

    /// The failure of asking it now, because it needs a key and has none.
    pub fn lacks_key(&self) -> Option<Failure> {
        let wanted = self.key_wanted.as_ref().filter(|_| self.key.is_none())?;
        Some(Failure {
            kind: FailureKind::NoKey,
            message: format!("there is no key for {}", self.provider),
            detail: None,
            status: None,
            hint: Some(format!("set {wanted}, or try `--model offline`, which needs none")),
        })
    }

    /// What must never be shown: the key, and the values of headers that carry one.
    pub(super) fn secrets(&self) -> Vec<&str> {
        let of_headers =
            self.headers.iter().filter(|(name, _)| is_secret_header(name)).map(|(_, value)| value.as_str());
        self.key.iter().map(|key| key.expose_secret().trim()).chain(of_headers).collect()
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("provider", &self.provider)
            .field("api", &self.api)
            .field("host", &self.host())
            .field("key", &self.key.is_some())
            .finish_non_exhaustive()
    }
}

pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

pub(super) fn is_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback() || address.is_unspecified())
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
    /// Until the first byte of the answer.
    pub first_byte: Duration,
    /// Between two pieces of it.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), first_byte: Duration::from_mins(2), idle: Duration::from_mins(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(api: Api, base_url: &str) -> Endpoint {
        Endpoint {
            provider: "p".into(),
            api,
            base_url: base_url.into(),
            key: None,
            key_wanted: None,
            headers: Vec::new(),
            timeouts: Timeouts::default(),
            max_retries: 0,
        }
    }

    #[test]
    fn addresses_are_put_together_with_and_without_a_slash_at_the_end() {
        let url = |api, base| endpoint(api, base).url("models").map(|url| url.to_string());
        assert_eq!(url(Api::OpenAi, "http://h:1/v1/").as_deref(), Some("http://h:1/v1/models"));
        assert_eq!(url(Api::Anthropic, "https://h").as_deref(), Some("https://h/v1/models"));
        assert_eq!(url(Api::Anthropic, "https://h/v1/").as_deref(), Some("https://h/v1/models"));
        assert_eq!(url(Api::OpenAi, "localhost:8080/v1"), None);
        assert_eq!(url(Api::OpenAi, "file:///etc/passwd"), None);
    }

    #[test]
    fn this_machine_is_known_by_all_its_names() {
        for base in [
            "http://localhost:1/v1",
            "http://127.0.0.1",
            "http://127.9.9.9",
            "http://[::1]:3",
            "http://a.localhost",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(endpoint(Api::OpenAi, base).is_local(), "{base}");
        }
        for base in ["https://api.openai.com/v1", "http://10.0.0.1", "http://localhost.example.com", "nonsense"] {
            assert!(!endpoint(Api::OpenAi, base).is_local(), "{base}");
        }
    }

    #[test]
    fn no_key_is_in_its_debug_form() {
        let mut endpoint = endpoint(Api::OpenAi, "http://user:hunter2@h/v1");
        endpoint.key = Some("sk-secret".to_owned().into());
        endpoint.headers = vec![("X-Api-Key".into(), "other-secret".into())];
        let shown = format!("{endpoint:?}");
        assert!(!shown.contains("secret") && !shown.contains("hunter2"), "{shown}");
        assert_eq!(endpoint.secrets(), ["sk-secret", "other-secret"]);
    }
}
