//! Which models can be asked: the lists of the providers that are set up, and servers found on this machine.
//!
//! Asks each for its list of models and nothing else, all at once. A provider that has no key is not asked, and a key is
//! sent to its own provider only: a server that was merely found on a port gets none.

use std::time::Duration;

use futures::future::{join, join_all};
use reqwest::Url;
use serde_json::Value;

use super::endpoint::{Endpoint, Protocol, Timeouts};
use super::failure::{Failure, FailureKind};
use super::models::Models;
use super::wire;
use crate::config::{Api, Provider, Switches};

/// The ports that model servers of this machine use when nothing else is said.
const USUAL_PORTS: [(&str, u16); 4] = [("Ollama", 11434), ("llama.cpp", 8080), ("vLLM", 8000), ("LM Studio", 1234)];

/// A list of models is waited for no longer than this; a reply may take minutes, a list may not.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// A server on this machine answers at once or is not there.
const LONGEST_LOCAL_WAIT: Duration = Duration::from_secs(1);

/// Someone who was asked for a list of models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The provider's name, or `None` for a server that was found on a usual port and is not set up.
    pub provider: Option<String>,
    /// The program, as far as it can be told: `Ollama`, `llama.cpp`, `vLLM`, `LM Studio`.
    pub program: Option<&'static str>,
    /// The address that the provider's entry in the config has, or would have.
    pub base_url: String,
    /// The models it has, sorted; or why they are not known.
    pub models: Result<Vec<String>, Failure>,
}

/// Asks everyone. The providers come first, by name; of the usual ports only those that answer follow.
///
/// Keys are fetched first, as [`Models::get`] does it.
pub async fn discover(models: &Models) -> Vec<Source> {
    discover_at(models, &USUAL_PORTS).await
}

/// Asks only who is on this machine: the providers that are, and the usual ports. No request leaves the machine.
pub async fn discover_here(models: &Models) -> Vec<Source> {
    ask(models, &USUAL_PORTS, Provider::is_local).await
}

/// [`discover`] with other ports than the usual ones.
pub async fn discover_at(models: &Models, ports: &[(&'static str, u16)]) -> Vec<Source> {
    ask(models, ports, |_| true).await
}

async fn ask(models: &Models, ports: &[(&'static str, u16)], wanted: fn(&Provider) -> bool) -> Vec<Source> {
    let set_up = join_all(models.providers().iter().filter(|provider| wanted(provider)).map(|provider| async {
        let listed = match models.endpoint(provider) {
            Ok(endpoint) => list(models, hurried(&endpoint)).await,
            Err(failure) => Err(failure),
        };
        source(Some(provider.name.clone()), None, provider.base_url.clone(), listed)
    }));
    let taken = |port: u16| {
        let mut local = models.providers().iter().filter(|provider| provider.is_local());
        local.any(|provider| Url::parse(&provider.base_url).is_ok_and(|url| url.port_or_known_default() == Some(port)))
    };
    let found = join_all(ports.iter().filter(|(_, port)| !taken(*port)).map(|(program, port)| async move {
        let endpoint = at_port(program, *port);
        let base_url = endpoint.address.clone();
        let listed = list(models, hurried(&endpoint)).await.ok()?;
        Some(source(None, Some(program), base_url, Ok(listed)))
    }));
    let (mut sources, found) = join(set_up, found).await;
    sources.extend(found.into_iter().flatten());
    sources
}

/// A list as a server gave it: the names, and who it says they belong to.
struct Listed {
    names: Vec<String>,
    owner: String,
}

async fn list(models: &Models, endpoint: Endpoint) -> Result<Listed, Failure> {
    let path = match endpoint.protocol {
        // Without a limit Anthropic's list stops at twenty.
        Protocol::Anthropic => "models?limit=1000",
        Protocol::OpenAi | Protocol::Responses => "models",
        Protocol::Ollama => "tags",
    };
    let value = wire::get(models.clients(), &endpoint, path).await?;
    let entries = [&value["data"], &value["models"], &value].into_iter().find_map(Value::as_array);
    let Some(entries) = entries else {
        return Err(Failure {
            hint: Some("check the provider's api and base_url".into()),
            ..Failure::new(
                FailureKind::BadAnswer,
                format!("{} answered with something else than a list", endpoint.named()),
            )
        });
    };
    let name =
        |entry: &Value| ["id", "name", "model"].into_iter().find_map(|field| entry[field].as_str()).map(str::to_owned);
    let mut names: Vec<String> = entries.iter().filter_map(name).collect();
    names.sort();
    names.dedup();
    let owner = match endpoint.protocol {
        Protocol::Ollama => "library",
        _ => entries.iter().find_map(|entry| entry["owned_by"].as_str()).unwrap_or_default(),
    }
    .to_owned();
    Ok(Listed { names, owner })
}

fn source(
    provider: Option<String>,
    usual: Option<&'static str>,
    base_url: String,
    listed: Result<Listed, Failure>,
) -> Source {
    let told = listed.as_ref().ok().and_then(|listed| match listed.owner.as_str() {
        "llamacpp" => Some("llama.cpp"),
        "vllm" => Some("vLLM"),
        "library" => Some("Ollama"),
        "organization_owner" => Some("LM Studio"),
        _ => None,
    });
    Source { provider, program: told.or(usual), base_url, models: listed.map(|listed| listed.names) }
}

fn hurried(endpoint: &Endpoint) -> Endpoint {
    endpoint.hurried(if endpoint.local { LONGEST_LOCAL_WAIT } else { LONGEST_WAIT })
}

fn at_port(program: &str, port: u16) -> Endpoint {
    Endpoint {
        provider: program.to_owned(),
        protocol: Protocol::OpenAi,
        address: format!("http://127.0.0.1:{port}/v1"),
        local: true,
        key: None,
        variable: String::new(),
        headers: Vec::new(),
        timeouts: Timeouts::default(),
        max_retries: 0,
        api: Api::OpenAi,
        switches: Switches::default(),
    }
}
