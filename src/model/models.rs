//! The models that can be asked: those of the providers that are set up, and the offline stand-in.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::endpoint::Endpoint;
use super::envelope::{Envelope, MOST_RAW};
use super::event::Model;
use super::failure::{Failure, FailureKind};
use super::offline::Offline;
use super::request::{ModelName, Request};
use super::wire::{Asking, Clients, Server};
use crate::config::{KeySource, Provider, Settings, process_environment};

/// Finds who answers for a model's name. Making one makes no connection, reads no key and builds no client; keep it for
/// the life of a process, because it holds open connections, keys that were fetched and what was learnt about each
/// server. It is used on one tokio runtime.
pub struct Models {
    providers: Vec<Provider>,
    offline: Offline,
    environment: OwnEnvironment,
    /// Whether whoever uses this asks the user before anything goes over the network so that others can read it.
    asks_first: bool,
    /// How many bytes of an answer are told as they came.
    most_raw: usize,
    clients: Clients,
    servers: Mutex<HashMap<String, Arc<Server>>>,
}

/// Gives the value of an environment variable, for as long as the models live.
type OwnEnvironment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

impl Models {
    /// The models that the settings know, and how the stand-in answers.
    pub fn new(settings: &Settings, offline: Offline) -> Self {
        Self::in_environment(settings, offline, process_environment)
    }

    /// [`Models::new`] with the environment variables that `environment` gives.
    pub fn in_environment(
        settings: &Settings,
        offline: Offline,
        environment: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let offline_name = ModelName::offline().provider;
        Self {
            providers: settings.providers.values().filter(|provider| provider.name != offline_name).cloned().collect(),
            offline,
            environment: Box::new(environment),
            asks_first: false,
            most_raw: MOST_RAW,
            clients: Clients::default(),
            servers: Mutex::default(),
        }
    }

    /// The same for someone who puts [`Provider::must_ask_first`] to the user as a question, so that it need not be refused
    /// here.
    #[must_use]
    pub fn asking_first(self) -> Self {
        Self { asks_first: true, ..self }
    }

    /// The same for someone who wants every byte of an answer as it came, however many.
    #[must_use]
    pub fn telling_all(self) -> Self {
        Self { most_raw: usize::MAX, ..self }
    }

    /// Who answers for `name`: that provider or nobody, never another one.
    ///
    /// The first time a provider is asked for, its key is fetched, which may run a command and take as long as that:
    /// not for a thread that draws.
    pub fn get(&self, name: &ModelName) -> Result<Arc<dyn Model>, Failure> {
        if *name == ModelName::offline() {
            return Ok(Arc::new(self.offline));
        }
        let provider = self.provider(name).ok_or_else(|| self.unknown(&name.provider))?;
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = servers.get(&name.provider) {
            return Ok(server.clone());
        }
        let server = Arc::new(Server::new(self.endpoint(provider)?, self.clients.clone(), self.most_raw));
        servers.insert(name.provider.clone(), server.clone());
        Ok(server)
    }

    /// The request as it would leave now, made by the steps that send it, but without a key: none is fetched. A server of
    /// this machine that wants no key may be asked for the size of its context; otherwise nothing is sent.
    ///
    /// # Errors
    /// When it would not be sent, or nobody is set up who would get it.
    pub async fn foresee(&self, request: Request) -> Result<Envelope, Failure> {
        let name = &request.model;
        let provider = self.provider(name).ok_or_else(|| self.unknown(&name.provider))?;
        let known = self.servers.lock().unwrap_or_else(PoisonError::into_inner).get(&name.provider).cloned();
        let server = match known {
            Some(server) => server,
            None => Arc::new(Server::new(Endpoint::unasked(provider)?, self.clients.clone(), self.most_raw)),
        };
        let private = provider.is_local() && provider.key == KeySource::None;
        server.foresee(request, if private { Asking::Allowed } else { Asking::Not }).await
    }

    /// Whether a request to this model leaves the machine. A model that nobody answers for is treated as if it did.
    pub fn is_remote(&self, name: &ModelName) -> bool {
        *name != ModelName::offline() && !self.provider(name).is_some_and(Provider::is_local)
    }

    pub(super) fn providers(&self) -> &[Provider] {
        &self.providers
    }

    /// A provider that can be asked.
    ///
    /// # Errors
    /// When it has no key, or what is sent to it could be read on the way and nobody has allowed that.
    pub(super) fn endpoint(&self, provider: &Provider) -> Result<Endpoint, Failure> {
        if provider.must_ask_first() && !self.asks_first {
            let key = if provider.key == KeySource::None { "" } else { ", and the key" };
            return Err(Failure {
                hint: Some(format!(
                    "use https://, or set insecure = true in [providers.{}] of your own config when it is meant",
                    provider.name
                )),
                ..Failure::new(
                    FailureKind::InTheOpen,
                    format!(
                        "not sent: {} is asked without encryption, so that others could read it{key}",
                        provider.name
                    ),
                )
            });
        }
        Endpoint::of(provider, &*self.environment)
    }

    pub(super) fn clients(&self) -> &Clients {
        &self.clients
    }

    pub(super) fn provider(&self, name: &ModelName) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.name == name.provider)
    }

    pub(super) fn unknown(&self, provider: &str) -> Failure {
        let known: Vec<_> = self.providers.iter().map(|known| known.name.as_str()).collect();
        Failure {
            hint: Some(format!(
                "known are {} and offline; add [providers.{provider}] to the config for another one",
                known.join(", ")
            )),
            ..Failure::new(FailureKind::NoSuchModel, format!("there is no provider “{provider}”"))
        }
    }
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.providers.iter().map(|provider| &provider.name).collect();
        f.debug_struct("Models").field("providers", &names).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models() -> Models {
        let (settings, errors) = Settings::load(None, None, &|_| None);
        assert!(errors.is_empty(), "{errors:?}");
        Models::in_environment(&settings, Offline::instant(), |_| None)
    }

    fn failure(name: &str) -> Failure {
        models().get(&ModelName::parse(name).unwrap()).err().unwrap()
    }

    #[test]
    fn without_a_key_nobody_answers_and_the_way_out_is_named() {
        let failure = failure("anthropic:claude-haiku-4-5");
        assert_eq!(failure.kind, FailureKind::NoKey);
        assert!(failure.message.contains("ANTHROPIC_API_KEY"), "{failure:?}");
        assert!(failure.hint.is_some_and(|hint| hint.contains("--model offline")));
    }

    #[test]
    fn a_public_host_without_encryption_is_asked_only_when_that_was_allowed() {
        let variables = |name: &str| match name {
            "OPENAI_BASE_URL" => Some("http://models.example.com/v1".to_owned()),
            "OPENAI_API_KEY" => Some("sk-secret".to_owned()),
            _ => None,
        };
        let (mut settings, _) = Settings::load(None, None, &variables);
        let models = |settings: &Settings| Models::in_environment(settings, Offline::instant(), variables);
        let name = ModelName::parse("openai:x").unwrap();
        let failure = models(&settings).get(&name).err().unwrap();
        assert_eq!(failure.kind, FailureKind::InTheOpen);
        assert!(failure.message.contains("and the key"), "{failure:?}");
        assert!(models(&settings).asking_first().get(&name).is_ok());
        settings.providers.get_mut("openai").unwrap().switches.insecure = Some(true);
        assert!(models(&settings).get(&name).is_ok());
    }

    #[test]
    fn a_provider_that_is_not_set_up_is_not_replaced_by_another() {
        let failure = failure("antropic:x");
        assert_eq!(failure.kind, FailureKind::NoSuchModel);
        assert!(failure.hint.is_some_and(|hint| hint.contains("anthropic, ollama, openai and offline")));
    }

    #[test]
    fn the_stand_in_is_always_there_and_stays_on_this_machine() {
        let models = models();
        let name = |name| ModelName::parse(name).unwrap();
        assert!(models.get(&ModelName::offline()).is_ok());
        assert!(!models.is_remote(&ModelName::offline()));
        assert!(!models.is_remote(&name("ollama:x")));
        assert!(models.is_remote(&name("anthropic:x")) && models.is_remote(&name("nobody:x")));
    }
}
