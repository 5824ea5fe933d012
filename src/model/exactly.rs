//! Exact counts by the server of a model whose vocabulary nobody else has: asked for only when a user wants it, and
//! remembered by content, so that the same text is never sent twice for it.

use serde_json::{Value, json};

use super::endpoint::Protocol;
use super::failure::{Failure, FailureKind};
use super::models::Models;
use super::remembered::Remembered;
use super::request::ModelName;
use super::wire;
use crate::config::{Api, Settings};

/// Whether the server of `name` can count: those that speak Anthropic's Messages do.
pub fn can_count(settings: &Settings, name: &ModelName) -> bool {
    settings.providers.get(&name.provider).is_some_and(|provider| provider.api == Api::Anthropic)
}

/// The tokens of `system` as the server of `name` counts them: those of a request with it less those of the same
/// request without it. `system` is sent as it is: whoever asks has put examples in the place of what must stay here.
pub async fn count_exactly(
    models: &Models,
    remembered: &Remembered,
    name: &ModelName,
    system: &str,
) -> Result<u64, Failure> {
    if let Some(known) = remembered.exact(name, system) {
        return Ok(known);
    }
    // an empty prompt stands for the frame of a request
    let frame = match remembered.exact(name, "") {
        Some(known) => known,
        None => ask(models, name, "").await?,
    };
    let all = ask(models, name, system).await?;
    let tokens = all.saturating_sub(frame);
    // not to remember costs another question at most
    let _ = remembered.keep_exact(name, "", frame).and_then(|()| remembered.keep_exact(name, system, tokens));
    Ok(tokens)
}

async fn ask(models: &Models, name: &ModelName, system: &str) -> Result<u64, Failure> {
    let provider = models.provider(name).ok_or_else(|| models.unknown(&name.provider))?;
    let endpoint = models.endpoint(provider)?;
    if endpoint.protocol != Protocol::Anthropic {
        return Err(Failure::new(FailureKind::BadRequest, format!("{} does not count tokens", endpoint.named())));
    }
    let mut body = json!({"model": name.model, "messages": [{"role": "user", "content": "."}]});
    if !system.is_empty() {
        body["system"] = Value::from(system);
    }
    let answer = wire::post(models.clients(), &endpoint, "messages/count_tokens", &body).await?;
    answer["input_tokens"].as_u64().ok_or_else(|| {
        let message = format!("{} answered without a count", endpoint.named());
        Failure { hint: Some("check the provider's base_url".into()), ..Failure::new(FailureKind::BadAnswer, message) }
    })
}
