//! The form of a column's parameters: what is written in it, and what the model takes of that. What is sent, and what not,
//! is said by the rules that make the request; there is no second list.

use serde_json::{Map, Value, json};

use crate::config::params;
use crate::library::PromptConfig;
use crate::model::{Rules, Unsent};
use crate::tui::input::Input;

/// The form while it is open.
#[derive(Debug)]
pub struct ParamsForm {
    /// The column it is about.
    pub column: usize,
    /// What the column's version or draft says itself.
    pub base: PromptConfig,
    /// What the model takes; `None` where nobody is set up who answers for it.
    pub rules: Option<Rules>,
    /// What is written, in the order of [`ParamField::LINES`].
    pub lines: [Input; 5],
    /// Whether the model is to think; `None` says nothing about it.
    pub thinking: Option<bool>,
    /// The focused field.
    pub field: ParamField,
    /// What is wrong with what is written.
    pub problem: Option<String>,
}

/// The fields and the buttons, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamField {
    /// How freely words are chosen.
    Temperature,
    /// The share of likely words that is chosen from.
    TopP,
    /// The most tokens of a reply.
    MaxTokens,
    /// Strings that end a reply.
    Stop,
    /// What a message is put into.
    Template,
    /// Whether the model thinks before it answers.
    Thinking,
    /// It counts for this column.
    Use,
    /// It goes into the draft's `config.json`.
    Save,
}

impl ParamField {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Temperature,
        Self::TopP,
        Self::MaxTokens,
        Self::Thinking,
        Self::Stop,
        Self::Template,
        Self::Use,
        Self::Save,
    ];
    /// Those with a line to write.
    pub const LINES: [Self; 5] = [Self::Temperature, Self::TopP, Self::MaxTokens, Self::Stop, Self::Template];

    /// Its key in `config.json`; none for a button.
    pub fn key(self) -> Option<&'static str> {
        Some(match self {
            Self::Temperature => "temperature",
            Self::TopP => "top_p",
            Self::MaxTokens => "max_tokens",
            Self::Stop => "stop",
            Self::Template => "user_template",
            Self::Thinking => "thinking",
            Self::Use | Self::Save => return None,
        })
    }

    /// What stands in the line while it is empty.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Stop => "not set; as END, \\n\\nUser: with a comma between, \\n is a line feed",
            Self::Template => "not set: a message is sent as it is; as {{user}} asks: {{message}}",
            _ => "not set",
        }
    }
}

impl ParamsForm {
    /// With what `now` says, which is `base` with the changes of the column.
    pub fn new(column: usize, base: PromptConfig, now: &PromptConfig, rules: Option<Rules>) -> Self {
        let number = |key: &str| Input::with(&now.0.get(key).map(Value::to_string).unwrap_or_default());
        let stops: Vec<String> = now.stop().iter().map(|stop| escaped(stop).replace(',', "\\,")).collect();
        let lines = [
            number("temperature"),
            number("top_p"),
            number("max_tokens"),
            Input::with(&stops.join(", ")),
            Input::with(&escaped(now.user_template().unwrap_or_default())),
        ];
        let thinking = now.thinking();
        Self { column, base, rules, lines, thinking, field: ParamField::Temperature, problem: None }
    }

    /// The line of a field, if it has one.
    pub fn line(&self, field: ParamField) -> Option<&Input> {
        ParamField::LINES.iter().position(|one| *one == field).map(|at| &self.lines[at])
    }

    /// The line of the focused field, to write in it.
    pub fn line_mut(&mut self) -> Option<&mut Input> {
        let at = ParamField::LINES.iter().position(|one| *one == self.field)?;
        Some(&mut self.lines[at])
    }

    /// The field after or before the focused one, around the ends.
    pub fn step(&mut self, by: isize) {
        let all = ParamField::ALL;
        let at = all.iter().position(|field| *field == self.field).unwrap_or(0).cast_signed();
        self.field = all[(at + by).rem_euclid(all.len().cast_signed()).unsigned_abs()];
    }

    /// The next wish about thinking, or the one before.
    pub fn choose(&mut self, by: isize) {
        const ALL: [Option<bool>; 3] = [None, Some(true), Some(false)];
        let at = ALL.iter().position(|one| *one == self.thinking).unwrap_or(0);
        self.thinking = ALL[at.saturating_add_signed(by).min(2)];
    }

    /// What is written, by key; null for what is not set.
    ///
    /// # Errors
    /// The first field that cannot be read, and why.
    pub fn written(&self) -> Result<Map<String, Value>, (ParamField, String)> {
        let mut all = Map::new();
        for field in ParamField::ALL {
            let Some(key) = field.key() else { continue };
            let text = self.line(field).map(Input::text).unwrap_or_default();
            let value = match field {
                ParamField::Thinking => json!(self.thinking),
                ParamField::Template if text.is_empty() => Value::Null,
                ParamField::Template => Value::String(unescaped(&text)),
                _ if text.trim().is_empty() => Value::Null,
                ParamField::Stop => Value::from(stops(&text)),
                _ => number(field, text.trim()).map_err(|why| (field, format!("{key} {why}")))?,
            };
            all.insert(key.to_owned(), value);
        }
        Ok(all)
    }

    /// The changes against what the version or draft says itself.
    ///
    /// # Errors
    /// As [`ParamsForm::written`].
    pub fn changes(&self) -> Result<PromptConfig, (ParamField, String)> {
        let mut written = self.written()?;
        written.retain(|key, value| !same(self.base.0.get(key.as_str()).unwrap_or(&Value::Null), value));
        Ok(PromptConfig(written))
    }

    /// What has to be known about a field: that it is not sent and why, or what it may be.
    pub fn note(&self, field: ParamField) -> Note {
        let (Some(rules), Some(key)) = (&self.rules, field.key()) else { return Note::Plain(String::new()) };
        let Ok(written) = self.written() else { return Note::Plain(range(rules, field)) };
        let is_set = !written[key].is_null();
        let unsent = |config: &PromptConfig| rules.sent(&params(config)).1.into_iter().find(|one| one.parameter == key);
        let mut config = changed(&self.base, &PromptConfig(written));
        if let Some(Unsent { why, .. }) = unsent(&config) {
            return Note::Unsent(why);
        }
        // what is not set is asked for once, to know whether it would be sent
        if !is_set {
            let probe = match field {
                ParamField::Stop => json!(["x"]),
                ParamField::Thinking | ParamField::Template | ParamField::MaxTokens => Value::Null,
                _ => json!(1.0),
            };
            config.0.insert(key.to_owned(), probe);
            if let Some(Unsent { why, .. }) = unsent(&config) {
                return Note::Plain(format!("not taken: {why}"));
            }
        }
        let number = config.0.get(key).and_then(Value::as_f64).filter(|_| is_set);
        match (rules.range(key), number) {
            (Some((least, most)), Some(number)) if number < least || number > most => {
                Note::Unsent(format!("outside {least} to {most}: the server will refuse it"))
            }
            _ => Note::Plain(range(rules, field)),
        }
    }
}

/// What stands beside a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Something to know.
    Plain(String),
    /// It is not sent, or will be refused, and why.
    Unsent(String),
}

fn range(rules: &Rules, field: ParamField) -> String {
    match field {
        ParamField::MaxTokens => rules.limit_words().to_owned(),
        ParamField::Thinking => rules.thinking_words().to_owned(),
        _ => field
            .key()
            .and_then(|key| rules.range(key))
            .map(|(least, most)| format!("{least} to {most}"))
            .unwrap_or_default(),
    }
}

/// A configuration with these changes: null takes a key away, and what stays keeps its place.
pub fn changed(base: &PromptConfig, changes: &PromptConfig) -> PromptConfig {
    let mut config = base.clone();
    for (key, value) in &changes.0 {
        if value.is_null() {
            config.0.shift_remove(key);
        } else {
            config.0.insert(key.clone(), value.clone());
        }
    }
    config
}

/// The changes in a few words, as `temperature 0.9, no top_p`.
pub fn words(changes: &PromptConfig) -> String {
    let one = |(key, value): (&String, &Value)| match value {
        Value::Null => format!("no {key}"),
        Value::String(_) => format!("another {key}"),
        value => format!("{key} {value}"),
    };
    changes.0.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn same(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|one| Some(one) == other.as_f64())
}

fn number(field: ParamField, text: &str) -> Result<Value, &'static str> {
    if field == ParamField::MaxTokens {
        let tokens = text.parse::<u64>().ok().filter(|tokens| *tokens > 0);
        return tokens.map(Value::from).ok_or("is a whole number above 0, or empty");
    }
    // read as JSON, so that 0.30 is written as it was
    let value: Option<Value> = serde_json::from_str(text).ok();
    value.filter(Value::is_number).ok_or("is a number such as 0.7, or empty")
}

/// The strings of a line, between commas.
fn stops(text: &str) -> Vec<String> {
    let (mut all, mut one, mut escape) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            ',' if escape => {
                one.pop();
                one.push(',');
            }
            ',' => all.push(std::mem::take(&mut one)),
            c => one.push(c),
        }
        escape = c == '\\' && !escape;
    }
    all.push(one);
    let trimmed = all.iter().map(|one| unescaped(one.trim()));
    trimmed.filter(|one| !one.is_empty()).collect()
}

/// A text on one line: line feeds, tabs and backslashes as they are written in JSON.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r")
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('\\') | None => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_strings_and_templates_are_written_on_a_line_and_come_back_as_they_were() {
        let config = |value: Value| PromptConfig(value.as_object().unwrap().clone());
        for (stop, template) in [
            (json!(["END"]), "{{message}}"),
            (json!(["a, b", "\n\nUser:", "back\\slash", "\\,"]), "Says:\n\t{{message}}\n\\n"),
        ] {
            let base = config(json!({"stop": stop, "user_template": template}));
            let form = ParamsForm::new(0, base.clone(), &base, None);
            assert_eq!(form.changes(), Ok(PromptConfig::default()), "{stop} {template:?}");
        }
    }

    #[test]
    fn changes_keep_what_is_not_known_in_its_place_and_take_away_what_is_emptied() {
        let base: Map<String, Value> =
            serde_json::from_str(r#"{"zeta": [1], "temperature": 0.30, "model": "offline", "top_p": 1}"#).unwrap();
        let base = PromptConfig(base);
        let mut form = ParamsForm::new(0, base.clone(), &base, None);
        form.lines[1] = Input::default();
        form.lines[2] = Input::with("512");
        let changes = form.changes().unwrap();
        assert_eq!(words(&changes), "no top_p, max_tokens 512");
        let text = serde_json::to_string(&changed(&base, &changes).0).unwrap();
        assert_eq!(text, r#"{"zeta":[1],"temperature":0.3,"model":"offline","max_tokens":512}"#);
        form.lines[0] = Input::with("warm");
        assert_eq!(
            form.changes().unwrap_err(),
            (ParamField::Temperature, "temperature is a number such as 0.7, or empty".into())
        );
    }
}
