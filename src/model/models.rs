//! The models that can be asked: the providers that are set up, and the offline stand-in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::endpoint::Endpoint;
use super::event::Model;
use super::failure::{Failure, FailureKind};
use super::offline::Offline;
use super::request::ModelName;
use super::wire::{Clients, Server};

/// Finds who answers for a model's name. Makes no connection and builds no client; keep one for the life of a process,
/// because it holds open connections and what was learnt about each server. It is used on one tokio runtime.
#[derive(Debug)]
pub struct Models {
    endpoints: Vec<Endpoint>,
    offline: Offline,
    clients: Clients,
    servers: Mutex<HashMap<String, Arc<Server>>>,
}

impl Models {
    /// The providers that are set up, and how the stand-in answers.
    pub fn new(endpoints: Vec<Endpoint>, offline: Offline) -> Self {
        Self { endpoints, offline, clients: Clients::default(), servers: Mutex::default() }
    }

    /// Who answers for `name`: that provider or nobody, never another one.
    pub fn get(&self, name: &ModelName) -> Result<Arc<dyn Model>, Failure> {
        if *name == ModelName::offline() {
            return Ok(Arc::new(self.offline));
        }
        let endpoint = self.endpoint(&name.provider).ok_or_else(|| self.unknown(&name.provider))?;
        if let Some(failure) = endpoint.lacks_key() {
            return Err(failure);
        }
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let server = servers
            .entry(name.provider.clone())
            .or_insert_with(|| Arc::new(Server::new(endpoint.clone(), self.clients.clone())));
        Ok(server.clone())
    }

    /// The provider of this name.
    pub fn endpoint(&self, provider: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.provider == provider)
    }

    /// All providers, in the order of the settings.
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// Whether a request to this model leaves the machine. A model that nobody answers for is treated as if it did.
    pub fn is_remote(&self, name: &ModelName) -> bool {
        *name != ModelName::offline() && !self.endpoint(&name.provider).is_some_and(Endpoint::is_local)
    }

    fn unknown(&self, provider: &str) -> Failure {
        let known: Vec<_> = self.endpoints.iter().map(|endpoint| endpoint.provider.as_str()).collect();
        Failure {
            kind: FailureKind::NoSuchModel,
            message: format!("no provider is called “{provider}”"),
            detail: None,
            status: None,
            hint: Some(format!(
                "known are {} and offline; add [providers.{provider}] to the config for another one",
                known.join(", ")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Api, Timeouts};

    fn models() -> Models {
        let endpoint = Endpoint {
            provider: "anthropic".into(),
            api: Api::Anthropic,
            base_url: "https://api.anthropic.com".into(),
            key: None,
            key_wanted: Some("ANTHROPIC_API_KEY".into()),
            headers: Vec::new(),
            timeouts: Timeouts::default(),
            max_retries: 2,
        };
        Models::new(vec![endpoint], Offline::instant())
    }

    fn failure(name: &str) -> Failure {
        models().get(&ModelName::parse(name).unwrap()).err().unwrap()
    }

    #[test]
    fn without_a_key_nobody_answers_and_the_way_out_is_named() {
        let failure = failure("anthropic:claude-haiku-4-5");
        assert_eq!(failure.kind, FailureKind::NoKey);
        let hint = failure.hint.unwrap();
        assert!(hint.contains("ANTHROPIC_API_KEY") && hint.contains("--model offline"), "{hint}");
    }

    #[test]
    fn a_provider_that_is_not_set_up_is_not_replaced_by_another() {
        let failure = failure("antropic:x");
        assert_eq!(failure.kind, FailureKind::NoSuchModel);
        assert!(failure.hint.is_some_and(|hint| hint.contains("anthropic and offline")));
    }

    #[test]
    fn the_stand_in_is_always_there_and_stays_on_this_machine() {
        let models = models();
        assert!(models.get(&ModelName::offline()).is_ok());
        assert!(!models.is_remote(&ModelName::offline()));
        assert!(models.is_remote(&ModelName::parse("anthropic:x").unwrap()));
    }
}
