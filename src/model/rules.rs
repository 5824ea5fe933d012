//! What a model takes of a request, and what is left out of it because it would be refused.
//!
//! The facts are data (`rules.toml`); a provider's switches win over them. What is left out is never left out silently:
//! it comes with the reason, for whoever sends.

use std::sync::LazyLock;

use serde::Deserialize;

use super::prices::is_same;
use super::request::{ModelName, Params};
use crate::config::{Api, Settings, Switches};

/// The last version of Anthropic's protocol in which a temperature may be set; what is asked for when nothing is said.
pub(super) const ANTHROPIC_VERSION: &str = "2023-06-01";
/// The first version of it without sampling parameters.
const WITHOUT_SAMPLING: &str = "2026-10-21";
/// The fewest tokens that a budget for thinking may have.
const SMALLEST_BUDGET: u64 = 1024;

/// Whether `temperature` and `top_p` are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Sampling {
    /// They are.
    #[serde(rename = "yes")]
    Yes,
    /// They are not.
    #[serde(rename = "no")]
    No,
    /// They are as long as the model does not think.
    #[serde(rename = "without thinking")]
    WithoutThinking,
}

/// Whether a model thinks before it answers when nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thinking {
    /// It cannot.
    No,
    /// Only when it is asked to.
    Off,
    /// Unless it is told not to.
    On,
    /// That is not known.
    #[serde(skip)]
    Unknown,
}

/// How a model is asked to think.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ToThink {
    /// As much as it finds fit.
    Adaptive,
    /// With a number of tokens.
    Budget,
}

/// How a model is told not to think.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotToThink {
    /// Thinking is disabled.
    Disabled,
    /// It is confined to the time between tools, of which a playtest has none.
    BetweenTools,
    /// By an effort of `none`.
    None,
    /// By the smallest effort there is.
    Minimal,
}

/// What a model takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about a model that stands for itself")]
pub struct Rules {
    /// Whether this model, or one that is called like it, is in the table.
    pub listed: bool,
    /// Whether `temperature` and `top_p` are taken.
    pub sampling: Sampling,
    /// Whether the conversation may end in the beginning of the reply.
    pub prefill: bool,
    /// Whether stop strings are taken.
    pub stop: bool,
    /// Whether it thinks when nothing is said.
    pub thinking: Thinking,
    /// How it is asked to think, where that is known.
    pub to_think: Option<ToThink>,
    /// How it is told not to, where that is known.
    pub not_to_think: Option<NotToThink>,
    /// Whether `OpenAI`'s own servers want the system prompt from the role `developer`.
    pub developer: bool,
    /// Why sampling is not taken, when it is not because of the model.
    because: Option<String>,
    model: String,
    api: Api,
}

/// A parameter that is set and not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    /// Its key in `config.json`.
    pub parameter: &'static str,
    /// Why, as the rest of a sentence: `claude-opus-5-5 takes none`.
    pub why: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    as_of: String,
    model: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    names: Vec<String>,
    sampling: Sampling,
    prefill: bool,
    #[serde(default = "yes")]
    stop: bool,
    thinking: Thinking,
    to_think: Option<ToThink>,
    not_to_think: Option<NotToThink>,
    #[serde(default)]
    developer: bool,
}

fn yes() -> bool {
    true
}

static TABLE: LazyLock<Table> = LazyLock::new(|| toml::from_str(include_str!("rules.toml")).unwrap_or_default());

/// The day on which the table was written down, `YYYY-MM-DD`.
pub fn as_of() -> &'static str {
    &TABLE.as_of
}

/// What the model of this name takes; `None` when nobody is set up who answers for it.
pub fn rules(settings: &Settings, name: &ModelName) -> Option<Rules> {
    let provider = settings.providers.get(&name.provider)?;
    Some(Rules::of(provider.api, &provider.switches, &name.model))
}

impl Rules {
    /// What `model` takes of a server that speaks `api`.
    pub(super) fn of(api: Api, switches: &Switches, model: &str) -> Self {
        let mut rules = Self::listed(api, model);
        match api {
            Api::OpenAiResponses => {
                rules.prefill = false;
                rules.stop = false;
            }
            // a reply that was begun is answered by these servers, not continued
            Api::OpenAi => rules.prefill = false,
            Api::Anthropic | Api::Ollama | Api::Offline => {}
        }
        if let Some(taken) = switches.sampling {
            rules.sampling = if taken { Sampling::Yes } else { Sampling::No };
            rules.because = (!taken).then(|| "the provider's entry says `sampling = false`".to_owned());
        }
        if let Some(taken) = switches.prefill {
            rules.prefill = taken;
        }
        let version = switches.api_version.as_deref().unwrap_or(ANTHROPIC_VERSION);
        if api == Api::Anthropic && version >= WITHOUT_SAMPLING {
            rules.sampling = Sampling::No;
            rules.because = Some(format!("version {version} of the API has none"));
        }
        rules
    }

    fn listed(api: Api, model: &str) -> Self {
        let plain = plain(model);
        let row = match api {
            // what runs there are open weights, whatever they are called
            Api::Ollama | Api::Offline => None,
            _ => TABLE.model.iter().find(|row| row.names.iter().any(|name| fits(&plain, name))),
        };
        let unknown = Self {
            listed: false,
            sampling: Sampling::Yes,
            prefill: true,
            stop: true,
            thinking: Thinking::Unknown,
            to_think: None,
            not_to_think: None,
            developer: false,
            because: None,
            model: model.to_owned(),
            api,
        };
        row.map_or(unknown.clone(), |row| Self {
            listed: true,
            sampling: row.sampling,
            prefill: row.prefill,
            stop: row.stop,
            thinking: row.thinking,
            to_think: row.to_think,
            not_to_think: row.not_to_think,
            developer: row.developer,
            ..unknown
        })
    }

    /// What of these is sent, and what is not.
    pub fn sent(&self, params: &Params) -> (Params, Vec<Unsent>) {
        let (mut sent, mut unsent) = (params.clone(), Vec::new());
        if let Some(wanted) = params.thinking
            && let Some(why) = self.no_thinking(wanted, params.max_tokens)
        {
            sent.thinking = None;
            unsent.push(Unsent { parameter: "thinking", why });
        }
        let thinks = match (sent.thinking, self.thinking) {
            (Some(wanted), _) => wanted,
            (None, thinking) => thinking == Thinking::On,
        };
        let refused = match self.sampling {
            Sampling::No => Some(self.because.clone().unwrap_or_else(|| format!("{} takes none", self.model))),
            Sampling::WithoutThinking if thinks => Some(format!("{} takes none while it thinks", self.model)),
            Sampling::Yes | Sampling::WithoutThinking => None,
        };
        if let Some(why) = refused {
            for (parameter, value) in [("temperature", &mut sent.temperature), ("top_p", &mut sent.top_p)] {
                if value.take().is_some() {
                    unsent.push(Unsent { parameter, why: why.clone() });
                }
            }
        }
        if !self.stop && !sent.stop.is_empty() {
            sent.stop.clear();
            let why = match self.api {
                Api::OpenAiResponses => "the Responses API has no stop strings".to_owned(),
                _ => format!("{} takes none", self.model),
            };
            unsent.push(Unsent { parameter: "stop", why });
        }
        (sent, unsent)
    }

    /// From which to which number a parameter of this key in `config.json` may be; `None` where there are no such bounds.
    pub fn range(&self, key: &str) -> Option<(f64, f64)> {
        match (key, self.api) {
            ("temperature", Api::Anthropic) | ("top_p", _) => Some((0.0, 1.0)),
            ("temperature", _) => Some((0.0, 2.0)),
            _ => None,
        }
    }

    /// What has to be known about the limit of a reply.
    pub fn limit_words(&self) -> &'static str {
        match (self.api, self.thinking) {
            (Api::Anthropic, Thinking::On) => "4096 when not set; thinking counts in",
            (Api::Anthropic, _) => "4096 when not set: the protocol wants a limit",
            (_, Thinking::On) => "thinking counts in",
            _ => "",
        }
    }

    /// What the model does about thinking when nothing is said.
    pub fn thinking_words(&self) -> &'static str {
        match self.thinking {
            Thinking::No => "it cannot think",
            Thinking::Off => "it thinks only when it is asked to",
            Thinking::On if self.not_to_think.is_none() => "it always thinks",
            Thinking::On => "it thinks unless it is told not to",
            Thinking::Unknown => "",
        }
    }

    /// Why a wish about thinking cannot be sent, if so.
    fn no_thinking(&self, wanted: bool, limit: Option<u64>) -> Option<String> {
        let model = &self.model;
        if self.api == Api::Ollama {
            return None;
        }
        match (wanted, self.thinking) {
            (true, Thinking::No) => Some(format!("{model} does not think")),
            (true, Thinking::Off) if self.to_think == Some(ToThink::Budget) => limit
                .is_some_and(|limit| limit <= SMALLEST_BUDGET)
                .then(|| format!("{model} needs max_tokens above {SMALLEST_BUDGET} to think")),
            (false, Thinking::On) if self.not_to_think.is_none() => Some(format!("{model} always thinks")),
            (_, Thinking::Unknown) => Some(format!("it is not known how {model} is asked to")),
            _ => None,
        }
    }
}

/// The tokens of `limit` that thinking may use.
pub(super) fn budget(limit: u64) -> u64 {
    (limit / 2).max(SMALLEST_BUDGET)
}

/// A model's name as the table writes it: without the maker that gateways put before it.
fn plain(model: &str) -> String {
    let name = model.rsplit('/').next().unwrap_or(model);
    match name.find("claude") {
        Some(at) => name[at..].replace('.', "-"),
        None => name.to_owned(),
    }
}

fn fits(model: &str, listed: &str) -> bool {
    match listed.strip_suffix('*') {
        Some(beginning) => model.starts_with(beginning),
        None => is_same(model, listed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(api: Api, model: &str) -> Rules {
        Rules::of(api, &Switches::default(), model)
    }

    fn all() -> Params {
        Params { temperature: Some(0.3), top_p: Some(0.5), stop: vec!["END".into()], ..Params::default() }
    }

    fn unsent(rules: &Rules, params: &Params) -> Vec<String> {
        rules.sent(params).1.into_iter().map(|unsent| format!("{}: {}", unsent.parameter, unsent.why)).collect()
    }

    #[test]
    fn the_table_can_be_read_and_each_name_is_reached() {
        let table: Table = toml::from_str(include_str!("rules.toml")).unwrap();
        assert!(as_of().parse::<jiff::civil::Date>().is_ok());
        for row in &table.model {
            for name in &row.names {
                let first = table
                    .model
                    .iter()
                    .position(|row| row.names.iter().any(|known| fits(name.trim_end_matches('*'), known)));
                let own = table.model.iter().position(|other| std::ptr::eq(other, row));
                assert_eq!(first, own, "{name} is hidden by a row above it");
            }
        }
    }

    #[test]
    fn each_model_gets_what_it_takes() {
        for (model, sampling, prefill) in [
            ("claude-haiku-4-5-20251001", Sampling::WithoutThinking, true),
            ("claude-sonnet-4-6", Sampling::WithoutThinking, false),
            ("claude-opus-4-7", Sampling::No, false),
            ("claude-sonnet-5-5", Sampling::No, false),
        ] {
            let rules = of(Api::Anthropic, model);
            assert_eq!((rules.sampling, rules.prefill, rules.stop), (sampling, prefill, true), "{model}");
        }
        assert_eq!(unsent(&of(Api::Anthropic, "claude-haiku-4-5"), &all()), Vec::<String>::new());
        assert_eq!(
            unsent(&of(Api::Anthropic, "claude-opus-5-5"), &all()),
            ["temperature: claude-opus-5-5 takes none", "top_p: claude-opus-5-5 takes none"]
        );
        assert_eq!(unsent(&of(Api::OpenAi, "gpt-4o"), &all()), Vec::<String>::new());
        assert_eq!(unsent(&of(Api::OpenAi, "o3-mini"), &all()).len(), 3);
        assert_eq!(unsent(&of(Api::OpenAi, "gpt-5-mini"), &all()).len(), 2);
        let told = Params { thinking: Some(false), ..all() };
        assert_eq!(unsent(&of(Api::OpenAi, "gpt-5.4"), &told), Vec::<String>::new());
        assert_eq!(unsent(&of(Api::OpenAi, "gpt-5.4"), &all()).len(), 2);
        assert_eq!(
            unsent(&of(Api::OpenAiResponses, "gpt-4o"), &all()),
            ["stop: the Responses API has no stop strings"]
        );
    }

    #[test]
    fn a_claude_that_is_not_known_gets_the_careful_default_and_another_model_what_is_set() {
        for name in ["claude-quartz-9", "anthropic/claude-quartz-9", "us.anthropic.claude-quartz-9-v1:0"] {
            let rules = of(Api::Anthropic, name);
            assert_eq!((rules.sampling, rules.prefill, rules.thinking), (Sampling::No, false, Thinking::On), "{name}");
        }
        assert!(of(Api::OpenAi, "anthropic/claude-haiku-4.5").sampling == Sampling::WithoutThinking);
        let other = of(Api::Anthropic, "qwen3:8b");
        assert_eq!((other.sampling, other.prefill, other.listed), (Sampling::Yes, true, false));
        assert_eq!(unsent(&of(Api::Ollama, "gpt-5-oss"), &all()), Vec::<String>::new());
    }

    #[test]
    fn switches_and_the_version_of_the_api_win() {
        let switches = |sampling, version: Option<&str>| Switches {
            sampling,
            api_version: version.map(str::to_owned),
            prefill: Some(true),
            ..Switches::default()
        };
        let rules = Rules::of(Api::Anthropic, &switches(Some(true), None), "claude-opus-5-5");
        assert_eq!((rules.sampling, rules.prefill), (Sampling::Yes, true));
        let rules = Rules::of(Api::OpenAi, &switches(Some(false), None), "gpt-4o");
        assert_eq!(unsent(&rules, &all())[0], "temperature: the provider's entry says `sampling = false`");
        let rules = Rules::of(Api::Anthropic, &switches(Some(true), Some("2026-10-21")), "claude-haiku-4-5");
        assert_eq!(unsent(&rules, &all())[0], "temperature: version 2026-10-21 of the API has none");
    }

    #[test]
    fn a_wish_about_thinking_that_cannot_be_met_is_said() {
        let wish = |wanted, limit| Params { thinking: Some(wanted), max_tokens: limit, ..Params::default() };
        assert_eq!(
            unsent(&of(Api::Anthropic, "claude-opus-5-5"), &wish(false, None)),
            ["thinking: claude-opus-5-5 always thinks"]
        );
        assert_eq!(unsent(&of(Api::Anthropic, "claude-haiku-4-5"), &wish(true, Some(1000))).len(), 1);
        assert_eq!(unsent(&of(Api::Anthropic, "claude-haiku-4-5"), &wish(true, None)).len(), 0);
        assert_eq!(unsent(&of(Api::OpenAi, "gpt-4o"), &wish(true, None)).len(), 1);
        assert_eq!(unsent(&of(Api::Ollama, "qwen3"), &wish(true, None)).len(), 0);
        let both = Params { temperature: Some(0.1), ..wish(true, None) };
        assert_eq!(
            unsent(&of(Api::Anthropic, "claude-opus-4-6"), &both),
            ["temperature: claude-opus-4-6 takes none while it thinks"]
        );
    }
}
