//! How much context a model of Ollama is asked for: as much as the prompt needs, as long as the model has it.
//!
//! Ollama takes a few thousand tokens when nothing is said and cuts what does not fit. So the size is always said, and
//! what cannot fit is refused here, before anything is sent.

use serde_json::Value;

use crate::model::event::Context;
use crate::model::failure::{Failure, FailureKind};
use crate::model::request::Request;
use crate::model::tokens::counter_for;
use crate::prompt::TokenCounter;

/// What Ollama takes at the least when nothing is said.
const LEAST: u64 = 4096;
/// Tokens kept for the reply where no limit is set.
const FOR_THE_REPLY: u64 = 2048;
/// Tokens that a message needs for its frame.
const FRAME: u64 = 8;

/// What `/api/show` says of a model's context.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// The most tokens the model was made for.
    pub most: Option<u64>,
    /// What its Modelfile sets.
    pub set: Option<u64>,
}

impl Shown {
    /// Reads the answer of `/api/show`.
    pub fn of(value: &Value) -> Self {
        let info = value["model_info"].as_object();
        let most = info.and_then(|info| info.iter().find(|(name, _)| name.ends_with(".context_length")));
        let parameters = value["parameters"].as_str().unwrap_or_default();
        let set = parameters.lines().find_map(|line| line.trim().strip_prefix("num_ctx")?.trim().parse().ok());
        Self { most: most.and_then(|(_, length)| length.as_u64()), set }
    }

    /// The context to ask for; `chosen` is the one that the provider's entry sets.
    ///
    /// # Errors
    /// When the prompt has more tokens than the context can have.
    pub fn context(self, request: &Request, chosen: Option<u64>) -> Result<Context, Failure> {
        let counter = counter_for(&request.model);
        let texts = request.turns.iter().map(|turn| turn.text.as_str()).chain([request.system.as_str()]);
        let prompt: u64 = texts.map(|text| counter.count(text) as u64 + FRAME).sum();
        let needed = prompt + prompt / 8 + request.params.max_tokens.unwrap_or(FOR_THE_REPLY);
        let most = self.most.unwrap_or(u64::MAX);
        // sizes in few steps: another size makes Ollama load the model anew
        let wanted = needed.max(self.set.unwrap_or(LEAST)).next_power_of_two();
        let wanted = if needed <= self.set.unwrap_or(LEAST) { self.set.unwrap_or(LEAST) } else { wanted };
        let tokens = chosen.unwrap_or(wanted).min(most);
        if prompt <= tokens {
            return Ok(Context { tokens, most: self.most, prompt });
        }
        let hint = if chosen.is_some_and(|chosen| chosen < most) {
            "raise num_ctx of the provider, or shorten the prompt, the values or the conversation"
        } else {
            "shorten the prompt, the values or the conversation, or choose a model with a larger context"
        };
        Err(Failure {
            hint: Some(hint.into()),
            ..Failure::new(
                FailureKind::ContextTooLong,
                format!("not sent: about {prompt} tokens do not fit into the {tokens} of {}", request.model),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{ModelName, Params, Role, Turn};

    fn request(words: usize, max_tokens: Option<u64>) -> Request {
        Request {
            model: ModelName::parse("ollama:m").unwrap(),
            system: "word ".repeat(words),
            turns: vec![Turn { role: Role::User, text: "Hi".into() }],
            params: Params { max_tokens, ..Params::default() },
            stream: true,
        }
    }

    #[test]
    fn the_context_is_read_from_what_the_server_shows() {
        let value = json!({"parameters": "stop \"x\"\nnum_ctx      8192\n", "model_info": {"general.architecture": "q", "q.context_length": 40960}});
        assert_eq!(Shown::of(&value), Shown { most: Some(40960), set: Some(8192) });
        assert_eq!(Shown::of(&json!({"choices": []})), Shown::default());
    }

    #[test]
    fn the_context_grows_in_steps_with_what_is_sent_and_ends_with_the_models() {
        let size = |shown: Shown, words, max, chosen| {
            shown.context(&request(words, max), chosen).map(|context| context.tokens).map_err(|failure| failure.kind)
        };
        let unknown = Shown::default();
        assert_eq!(size(unknown, 10, None, None), Ok(4096));
        assert_eq!(size(unknown, 10, Some(5000), None), Ok(8192));
        assert_eq!(size(unknown, 9000, None, None), Ok(16384));
        let known = Shown { most: Some(10_000), set: Some(6000) };
        assert_eq!(size(known, 10, None, None), Ok(6000), "what the Modelfile sets is kept while it is enough");
        assert_eq!(size(known, 9000, None, None), Ok(10_000));
        assert_eq!(size(known, 11_000, None, None), Err(FailureKind::ContextTooLong));
        assert_eq!(size(known, 3000, None, Some(2048)), Err(FailureKind::ContextTooLong));
        let failure = known.context(&request(3000, None), Some(2048)).unwrap_err();
        assert!(failure.message.contains("do not fit into the 2048 of ollama:m"), "{failure:?}");
        assert!(failure.hint.unwrap().contains("num_ctx"));
    }
}
