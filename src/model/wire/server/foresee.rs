//! What would be sent, without sending it: made by the same steps as what is sent.

use reqwest::Url;

use super::Server;
use crate::model::endpoint::Protocol;
use crate::model::envelope::Envelope;
use crate::model::failure::Failure;
use crate::model::request::Request;

/// Whether a server may be asked for what decides about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum Asking {
    /// It may: it is on this machine and wants no key.
    Allowed,
    /// Nothing leaves before the user sends.
    Not,
}

impl Server {
    /// The request as it would leave now.
    ///
    /// # Errors
    /// When it would not be sent.
    pub async fn foresee(&self, request: Request, asking: Asking) -> Result<Envelope, Failure> {
        let (request, rules, unsent) = self.fitted(request)?;
        let known = self.known_context(&request.model.model).is_some();
        let sized = self.endpoint.protocol == Protocol::Ollama;
        let context = match (sized, known || asking == Asking::Allowed) {
            (false, _) => 0,
            (true, true) => self.context(&request).await?.tokens,
            (true, false) => super::Shown::default().context(&request, self.endpoint.switches.num_ctx)?.tokens,
        };
        let url: Url = self.endpoint.url(self.path())?;
        let body = self.body(&request, &rules, context).to_string();
        let open = (sized && !known && asking == Asking::Not && self.endpoint.switches.num_ctx.is_none()).then(|| {
            "num_ctx may differ: before it sends, greenroom asks the server for the model's context".to_owned()
        });
        Ok(Envelope { open, ..super::envelope(&self.endpoint, &url, body, &unsent)? })
    }
}
