//! `--param NAME=VALUE`: a parameter for this run, checked by its type and by what the model takes.
//!
//! A parameter of config.json that the model would refuse is left out, and that is said. One that was typed for this run
//! is an error instead: whoever types it wants to see what it does.

use std::str::FromStr;

use crate::config::Api;
use crate::error::{Error, Result};
use crate::model::{Params, Rules};
use crate::source::nearest;

/// The parameters there are, with what each takes.
const KNOWN: [(&str, &str); 5] = [
    ("max_tokens", "a whole number from 1 on"),
    ("temperature", "a number from 0 to 2, for Anthropic to 1"),
    ("top_p", "a number from 0 to 1"),
    ("stop", "a text that ends the reply; several are given one by one"),
    ("thinking", "true or false"),
];

/// Puts what was typed in place of what the config says. `takes` is what the model takes and whose protocol it speaks,
/// where that is known.
pub(super) fn apply(typed: &[String], params: &mut Params, takes: Option<(&Rules, Api)>) -> Result<()> {
    let mut stops = Vec::new();
    for one in typed {
        let Some((name, value)) = one.split_once('=') else {
            return Err(
                Error::input(format!("`--param {one}` is not NAME=VALUE")).hint("as in --param temperature=0.2")
            );
        };
        let most = if matches!(takes, Some((_, Api::Anthropic))) { 1.0 } else { 2.0 };
        match name {
            "max_tokens" => params.max_tokens = read(one, name, value, |number: &u64| *number >= 1)?,
            "temperature" => params.temperature = read(one, name, value, |number| (0.0..=most).contains(number))?,
            "top_p" => params.top_p = read(one, name, value, |number| (0.0..=1.0).contains(number))?,
            "thinking" => params.thinking = read(one, name, value, |_: &bool| true)?,
            "stop" => stops.push(value.to_owned()),
            _ => return Err(unknown(name)),
        }
    }
    if !stops.is_empty() {
        // `stop=` takes away what the config sets, like every other parameter without a value
        params.stop = stops.into_iter().filter(|stop| !stop.is_empty()).collect();
    }
    let Some((rules, _)) = takes else { return Ok(()) };
    let (_, unsent) = rules.sent(params);
    let names: Vec<&str> = typed.iter().filter_map(|one| Some(one.split_once('=')?.0)).collect();
    match unsent.iter().find(|unsent| names.contains(&unsent.parameter)) {
        Some(unsent) => Err(Error::input(format!("`{}` would not be sent: {}", unsent.parameter, unsent.why))
            .hint("leave it out, or ask another model")),
        None => Ok(()),
    }
}

/// The value, or nothing where none is given, which takes away what the config sets.
fn read<T: FromStr>(typed: &str, name: &str, value: &str, holds: impl Fn(&T) -> bool) -> Result<Option<T>> {
    if value.is_empty() {
        return Ok(None);
    }
    let read = value.parse().ok().filter(holds);
    let takes = KNOWN.iter().find(|(known, _)| *known == name).map_or("", |(_, takes)| takes);
    read.map(Some).ok_or_else(|| Error::input(format!("`--param {typed}`: {name} is {takes}")))
}

fn unknown(name: &str) -> Error {
    let names = KNOWN.map(|(known, _)| known);
    let near = nearest(name, names).map(|near| format!("did you mean {near}? ")).unwrap_or_default();
    Error::input(format!("`{name}` is no parameter")).hint(format!("{near}there are {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::model::{ModelName, rules};

    fn applied(typed: &[&str], model: &str) -> Result<Params> {
        let settings = Settings::load(None, None, &|_| None).0;
        let model = ModelName::parse(model).unwrap();
        let rules = rules(&settings, &model).unwrap();
        let api = settings.providers[&model.provider].api;
        let mut params = Params { temperature: Some(0.7), stop: vec!["END".into()], ..Params::default() };
        let typed: Vec<String> = typed.iter().map(|one| (*one).to_owned()).collect();
        apply(&typed, &mut params, Some((&rules, api))).map(|()| params)
    }

    #[test]
    fn what_is_typed_stands_in_place_of_what_the_config_says() {
        let typed = ["max_tokens=20", "temperature=0.2", "top_p=1", "stop=a=b", "stop=\n", "thinking=false"];
        let params = applied(&typed, "ollama:small").unwrap();
        let expected = Params {
            max_tokens: Some(20),
            temperature: Some(0.2),
            top_p: Some(1.0),
            stop: vec!["a=b".into(), "\n".into()],
            thinking: Some(false),
        };
        assert_eq!(params, expected);
        let params = applied(&["temperature=", "stop="], "ollama:small").unwrap();
        assert_eq!((params.temperature, params.stop.len()), (None, 0), "without a value it is not set");
    }

    #[test]
    fn what_cannot_be_is_an_error_that_says_what_can() {
        for (typed, model, wanted) in [
            ("temperature", "ollama:x", "is not NAME=VALUE"),
            ("temperatur=1", "ollama:x", "did you mean temperature?"),
            ("seed=1", "ollama:x", "there are max_tokens, temperature, top_p, stop, thinking"),
            ("temperature=warm", "ollama:x", "temperature is a number from 0 to 2"),
            ("temperature=2.1", "ollama:x", "temperature is a number from 0 to 2"),
            ("temperature=1.5", "anthropic:claude-haiku-4-5", "for Anthropic to 1"),
            ("temperature=NaN", "ollama:x", "temperature is a number"),
            ("max_tokens=0", "ollama:x", "a whole number from 1 on"),
            ("max_tokens=-5", "ollama:x", "a whole number from 1 on"),
            ("thinking=yes", "ollama:x", "true or false"),
            ("temperature=0.1", "openai:o3", "would not be sent"),
        ] {
            let error = applied(&[typed], model).unwrap_err();
            let said = error.to_string();
            assert!(said.contains(wanted), "{typed}: {said}");
        }
    }
}
