//! In what a server differs from others of its protocol: the switches of a provider's entry. Nothing here is needed for
//! the servers that greenroom knows; each switch wins over what is known of a model or learnt from a server.

use serde_json::{Value, json};

use crate::source::toml::{Reading, Table};

/// The keys of a provider's entry that are switches.
pub const KEYS: [&str; 8] =
    ["api_version", "max_tokens_name", "system_role", "stream_options", "sampling", "prefill", "num_ctx", "insecure"];

/// What the limit of a reply is called in `OpenAI`'s chat completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitName {
    /// As most servers know it.
    MaxTokens,
    /// As `OpenAI` itself wants it.
    MaxCompletionTokens,
}

/// From whom the system prompt comes in `OpenAI`'s chat completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemRole {
    /// As most servers know it.
    System,
    /// As `OpenAI`'s models that think want it.
    Developer,
}

/// The switches; one that is `None` leaves it to what is known of the server and the model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switches {
    /// `YYYY-MM-DD`: the version of Anthropic's protocol that is asked for.
    pub api_version: Option<String>,
    /// What the limit of a reply is called.
    pub limit: Option<LimitName>,
    /// From whom the system prompt comes.
    pub system_role: Option<SystemRole>,
    /// Whether a stream is asked to end with its token counts.
    pub stream_options: Option<bool>,
    /// Whether the models take `temperature` and `top_p`.
    pub sampling: Option<bool>,
    /// Whether the models go on with a reply that the request begins.
    pub prefill: Option<bool>,
    /// Tokens of context that Ollama is asked for; else as many as the prompt needs.
    pub num_ctx: Option<u64>,
    /// Whether it may be talked to over plain http although it is neither this machine nor in a private network.
    pub insecure: Option<bool>,
}

impl LimitName {
    /// The field of the request.
    pub fn id(self) -> &'static str {
        match self {
            Self::MaxTokens => "max_tokens",
            Self::MaxCompletionTokens => "max_completion_tokens",
        }
    }
}

impl SystemRole {
    /// The role of the message.
    pub fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Developer => "developer",
        }
    }
}

impl Switches {
    /// These, and where they say nothing those of `known`.
    #[must_use]
    pub fn over(self, known: Option<&Self>) -> Self {
        let Some(known) = known else { return self };
        Self {
            api_version: self.api_version.or_else(|| known.api_version.clone()),
            limit: self.limit.or(known.limit),
            system_role: self.system_role.or(known.system_role),
            stream_options: self.stream_options.or(known.stream_options),
            sampling: self.sampling.or(known.sampling),
            prefill: self.prefill.or(known.prefill),
            num_ctx: self.num_ctx.or(known.num_ctx),
            insecure: self.insecure.or(known.insecure),
        }
    }

    /// Those that are set, by their keys.
    pub(super) fn shown(&self) -> Vec<(&'static str, Value)> {
        let values = [
            self.api_version.as_ref().map(|version| json!(version)),
            self.limit.map(|name| json!(name.id())),
            self.system_role.map(|role| json!(role.id())),
            self.stream_options.map(|wanted| json!(wanted)),
            self.sampling.map(|taken| json!(taken)),
            self.prefill.map(|taken| json!(taken)),
            self.num_ctx.map(|tokens| json!(tokens)),
            self.insecure.map(|allowed| json!(allowed)),
        ];
        KEYS.into_iter().zip(values).filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// Reads the switches of one entry.
pub fn read(reading: &mut Reading<'_>, table: &Table<'_>) -> Switches {
    let mut flag = |key| reading.get(table, key, "true or false");
    let (stream_options, sampling) = (flag("stream_options"), flag("sampling"));
    let (prefill, insecure) = (flag("prefill"), flag("insecure"));
    let num_ctx: Option<u64> = reading.get(table, "num_ctx", "a whole number of tokens");
    if num_ctx == Some(0) {
        reading.error_at_key(
            table,
            "num_ctx",
            "`num_ctx` cannot be 0",
            "leave it out, and the prompt gets what it needs",
        );
    }
    Switches {
        api_version: version(reading, table),
        limit: word(
            reading,
            table,
            "max_tokens_name",
            [LimitName::MaxTokens, LimitName::MaxCompletionTokens],
            LimitName::id,
        ),
        system_role: word(reading, table, "system_role", [SystemRole::System, SystemRole::Developer], SystemRole::id),
        stream_options,
        sampling,
        prefill,
        num_ctx: num_ctx.filter(|tokens| *tokens > 0),
        insecure,
    }
}

fn version(reading: &mut Reading<'_>, table: &Table<'_>) -> Option<String> {
    let said: String = reading.get(table, "api_version", "a date, as \"2023-06-01\"")?;
    let sound = said.len() == 10
        && said
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if !sound {
        let message = format!("`{}` is no version of Anthropic's API", said.escape_default());
        reading.error_at_key(table, "api_version", &message, "it is \"2023-06-01\" or \"2026-10-21\"");
    }
    sound.then_some(said)
}

fn word<T: Copy>(
    reading: &mut Reading<'_>,
    table: &Table<'_>,
    key: &str,
    known: [T; 2],
    id: fn(T) -> &'static str,
) -> Option<T> {
    let wanted = format!("\"{}\" or \"{}\"", id(known[0]), id(known[1]));
    let said: String = reading.get(table, key, &wanted)?;
    let found = known.into_iter().find(|word| id(*word) == said);
    if found.is_none() {
        let message = format!("`{key}` cannot be `{}`", said.escape_default());
        reading.error_at_key(table, key, &message, &format!("it is {wanted}"));
    }
    found
}
