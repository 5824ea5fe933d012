//! Requests over HTTP: clients that are built when they are first needed, headers, and what goes wrong on the way.
//!
//! A key is in one header, marked as sensitive, and nowhere else. Redirects are not followed: a request that holds a
//! prompt and a key goes to the host it was meant for, or nowhere.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    LOCATION, USER_AGENT,
};
use reqwest::{Client, Response, Url, redirect};
use secrecy::ExposeSecret;

use super::redact::Redactor;
use crate::model::endpoint::{Endpoint, Protocol, host_of, is_secret_header};
use crate::model::failure::{Failure, FailureKind};
use crate::model::rules::ANTHROPIC_VERSION;

/// What greenroom calls itself.
const NAME: &str = concat!("greenroom/", env!("CARGO_PKG_VERSION"));
/// The header that says which version of Anthropic's protocol is spoken.
const ASKED_VERSION: HeaderName = HeaderName::from_static("anthropic-version");
/// How much of a server's own words is kept.
const WORDS_KEPT: usize = 4 << 10;

/// The HTTP clients of a process, one for each way to connect. Cloning shares them.
///
/// They belong to the runtime they are first used on. Building one costs 10 to 50 ms (it reads the system's
/// certificates), which is why none is built before a request is made.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Clients(Arc<Mutex<Vec<(Way, Client)>>>);

/// What decides how a client is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Way {
    connect: Duration,
    /// A server on this machine is never asked through a proxy.
    local: bool,
    /// Without TLS no certificates are needed, so that a machine that has none can talk to itself.
    tls: bool,
}

/// Why there is no answer, and whether asking again may bring one.
#[derive(Debug)]
pub(in crate::model) struct Unsent {
    pub failure: Failure,
    pub transient: bool,
}

impl From<Failure> for Unsent {
    fn from(failure: Failure) -> Self {
        Self { failure, transient: false }
    }
}

impl From<Unsent> for Failure {
    fn from(unsent: Unsent) -> Self {
        unsent.failure
    }
}

impl Clients {
    fn client(&self, way: Way) -> reqwest::Result<Client> {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(|(known, _)| *known == way) {
            return Ok(client.clone());
        }
        let mut builder = Client::builder()
            .user_agent(NAME)
            .connect_timeout(way.connect)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        if way.local {
            builder = builder.no_proxy();
        }
        if !way.tls {
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build()?;
        clients.push((way, client.clone()));
        Ok(client)
    }

    /// Sends a request and waits for the head of the answer, whatever its status.
    pub async fn send(&self, endpoint: &Endpoint, url: Url, body: Option<Vec<u8>>) -> Result<Response, Unsent> {
        let way = Way { connect: endpoint.timeouts.connect, local: endpoint.local, tls: url.scheme() == "https" };
        let headers = headers(endpoint, body.is_some())?;
        let client = self.client(way).map_err(|error| broken(endpoint, error, "no connection could be prepared"))?;
        let request = match body {
            Some(body) => client.post(url).body(body),
            None => client.get(url),
        };
        let answer = request.headers(headers).send();
        // to connect is a part of it, so that what is said of the limit is true
        let limit = endpoint.timeouts.first_byte;
        match tokio::time::timeout(limit, answer).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_connect() => {
                // neither an unknown name nor a wrong certificate is mended by asking again
                let transient = !error.is_dns() && !is_about_trust(&error);
                Err(Unsent { failure: unreachable(endpoint, error), transient })
            }
            Ok(Err(error)) => {
                let failure = broken(endpoint, error, "the connection broke before an answer came");
                Err(Unsent { failure, transient: true })
            }
            Err(_) => Err(silent(endpoint).into()),
        }
    }
}

/// The headers of a request, the key among them.
pub(super) fn headers(endpoint: &Endpoint, sends_json: bool) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static(NAME));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if sends_json {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if endpoint.protocol == Protocol::Anthropic {
        let version = endpoint.switches.api_version.as_deref().unwrap_or(ANTHROPIC_VERSION);
        headers.extend(HeaderValue::from_str(version).ok().map(|version| (ASKED_VERSION, version)));
    }
    if let Some(key) = &endpoint.key {
        let key = key.expose_secret().trim();
        let (name, value) = match endpoint.protocol {
            Protocol::Anthropic => (HeaderName::from_static("x-api-key"), HeaderValue::from_str(key)),
            Protocol::OpenAi | Protocol::Responses | Protocol::Ollama => {
                (AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {key}")))
            }
        };
        let mut value = value.map_err(|_| Failure {
            kind: FailureKind::RejectedKey,
            message: format!("the key for {} holds a character that cannot be sent", endpoint.provider),
            detail: None,
            status: None,
            hint: Some("copy the key again, without line breaks or quotes".into()),
        })?;
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    for (name, value) in &endpoint.headers {
        let (Ok(parsed), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) else {
            return Err(Failure {
                kind: FailureKind::BadRequest,
                message: format!("the header “{name}” of the provider {} cannot be sent", endpoint.provider),
                detail: None,
                status: None,
                hint: Some("correct `headers` in the provider's entry of the config".into()),
            });
        };
        value.set_sensitive(is_secret_header(name));
        headers.insert(parsed, value);
    }
    Ok(headers)
}

/// A failure without the secrets of an endpoint, and with words of a bearable length.
pub(super) fn redacted(failure: Failure, redactor: &Redactor) -> Failure {
    let shorten = |words: String| match words.char_indices().find(|(at, _)| *at >= WORDS_KEPT) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    };
    Failure {
        message: redactor.clean(&failure.message),
        detail: failure.detail.map(|words| shorten(redactor.clean(&words))),
        hint: failure.hint.map(|hint| redactor.clean(&hint)),
        ..failure
    }
}

/// The server did not answer in time.
pub(super) fn silent(endpoint: &Endpoint) -> Failure {
    let limit = endpoint.timeouts.first_byte.as_secs_f64();
    Failure {
        kind: FailureKind::Network,
        message: format!("{} did not answer within {limit} s", endpoint.named()),
        detail: None,
        status: None,
        hint: Some(
            "send again, or raise first_byte_timeout_s of the provider: a local server may be loading the model".into(),
        ),
    }
}

/// Whether a connection failed because the other side could not show who it is.
fn is_about_trust(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(found) = cause {
        if found.to_string().contains("certificate") {
            return true;
        }
        cause = found.source();
    }
    false
}

fn unreachable(endpoint: &Endpoint, error: reqwest::Error) -> Failure {
    let untrusted = is_about_trust(&error);
    let hint = if untrusted {
        "name the authority that signed it in SSL_CERT_FILE when it is your own; a proxy in between may be the reason"
    } else if endpoint.local {
        "start the server, or correct the provider's base_url; `greenroom models` shows what is running"
    } else {
        "check the network, the proxy and the provider's base_url; `--model offline` needs none of them"
    };
    let what = if error.is_timeout() {
        format!("no connection to {} within {} s", endpoint.named(), endpoint.timeouts.connect.as_secs_f64())
    } else if untrusted {
        format!("the certificate of {} is not trusted", endpoint.named())
    } else if error.is_dns() {
        format!("the host of {} is not known", endpoint.named())
    } else {
        format!("no connection to {}", endpoint.named())
    };
    Failure { hint: Some(hint.into()), ..broken(endpoint, error, &what) }
}

/// The connection failed; the operating system's words are kept.
pub(super) fn broken(endpoint: &Endpoint, error: reqwest::Error, what: &str) -> Failure {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let message =
        if what.contains(&endpoint.provider) { what.to_owned() } else { format!("{}: {what}", endpoint.named()) };
    Failure {
        kind: FailureKind::Network,
        message,
        detail: Some(cause.to_string()),
        status: None,
        hint: Some("send again; if it stays, look at the server or the network".into()),
    }
}

/// Why an answer of this status and these headers is not even looked at, if so.
pub(super) fn unusable(endpoint: &Endpoint, response: &Response) -> Option<Failure> {
    let status = response.status();
    let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if status.is_redirection() {
        let to = header(LOCATION).unwrap_or("nowhere");
        let to = response
            .url()
            .join(to)
            .map_or_else(|_| to.to_owned(), |url| format!("{}://{}", url.scheme(), host_of(&url)));
        return Some(Failure {
            kind: FailureKind::BadAnswer,
            message: format!("{} points to {to} instead of answering ({})", endpoint.named(), status.as_u16()),
            detail: None,
            status: Some(status.as_u16()),
            hint: Some("a key is not sent on to another address: set the provider's base_url to the right one".into()),
        });
    }
    let encoding = header(CONTENT_ENCODING).unwrap_or("identity");
    (!encoding.eq_ignore_ascii_case("identity")).then(|| Failure {
        kind: FailureKind::BadAnswer,
        message: format!("{} sent its answer compressed, which was not asked for", endpoint.named()),
        detail: Some(format!("content-encoding: {encoding}")),
        status: Some(status.as_u16()),
        hint: Some("a proxy in between may do it: set the provider's base_url to the server itself".into()),
    })
}
