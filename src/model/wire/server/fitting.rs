//! What a request is fitted to before it goes out: what its model takes, and the context that it has.

use std::sync::PoisonError;
use std::time::Duration;

use serde_json::json;

use super::{Server, Shown, post};
use crate::model::event::Context;
use crate::model::failure::{Failure, FailureKind};
use crate::model::request::{Request, Role};
use crate::model::rules::{Rules, Unsent};

/// What a model's context is, is waited for no longer than this: the reply is what is wanted.
const LONGEST_SHOW: Duration = Duration::from_secs(5);
impl Server {
    /// What was learnt about the context of a model.
    pub(super) fn known_context(&self, model: &str) -> Option<Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).get(model).copied()
    }

    /// The context to ask for, which only Ollama has to be asked for.
    pub(super) async fn context(&self, request: &Request) -> Result<Context, Failure> {
        let model = &request.model.model;
        let shown = if let Some(known) = self.known_context(model) {
            known
        } else {
            let hurried = self.endpoint.hurried(LONGEST_SHOW);
            let found = post(&self.clients, &hurried, "show", &json!({"model": model})).await;
            let shown = match found {
                Ok(value) => Shown::of(&value),
                // a server that does not know the model says so here as well as later; one that does not know the
                // question, or cannot answer it now, is asked for the reply all the same
                Err(failure)
                    if failure.kind == FailureKind::NoSuchModel
                        && failure.detail.as_ref().is_some_and(|words| words.contains(model.as_str())) =>
                {
                    return Err(failure);
                }
                Err(_) => Shown::default(),
            };
            if shown != Shown::default() {
                self.shown.lock().unwrap_or_else(PoisonError::into_inner).insert(model.clone(), shown);
            }
            shown
        };
        shown.context(request, self.endpoint.switches.num_ctx)
    }

    /// What of a request the model takes, and how; and what it does not take.
    pub(super) fn fitted(&self, mut request: Request) -> Result<(Request, Rules, Vec<Unsent>), Failure> {
        let rules = Rules::of(self.endpoint.api, &self.endpoint.switches, &request.model.model);
        if !rules.prefill && request.turns.last().is_some_and(|turn| turn.role == Role::Assistant) {
            return Err(Failure {
                hint: Some("let the conversation end with the user's message, or choose another model".into()),
                ..Failure::new(
                    FailureKind::BadRequest,
                    format!("{} does not go on with a reply that was begun for it", request.model),
                )
            });
        }
        let (params, unsent) = rules.sent(&request.params);
        request.params = params;
        Ok((request, rules, unsent))
    }
}
