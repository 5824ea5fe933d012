//! What a command line gives to a fill: `--set NAME=VALUE`, and a message that may come from standard input.

use std::io::{self, Read};

use crate::error::{Error, Result};
use crate::library::Snapshot;
use crate::prompt::template::{self, is_name};
use crate::prompt::{Values, decode};
use crate::source::error_at;

/// The values of all `--set`; of two for one name the later wins.
pub fn values(set: &[String]) -> Result<Values> {
    let mut values = Values::default();
    for given in set {
        let Some((name, value)) = given.split_once('=').filter(|(name, _)| is_name(name)) else {
            return Err(Error::input(format!("`--set {given}` is not NAME=VALUE")).hint("as in --set user_name=Ada"));
        };
        values.0.insert(name.to_owned(), value.to_owned());
    }
    Ok(values)
}

/// That these variables have no value, at the first place that asks for the first of them: in `system`, the system
/// prompt that is filled, else in the user template, which stands in the config.
pub fn without_value(names: &[&str], snapshot: &Snapshot, system: Option<&str>) -> Error {
    let listed = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let message = format!("no value for {listed}");
    let first = |text| template::placeholders(text).find(|(_, name)| names.first() == Some(name));
    match system.and_then(|text| Some((text, first(text)?))) {
        Some((text, (range, _))) => error_at(&snapshot.folder.join("system_prompt.txt"), text, range.start, message),
        None => Error::input(message).at(snapshot.folder.join("config.json")),
    }
}

/// A message, which for `-` is standard input without its last line ending, as a shell would pass it.
pub fn message(given: &str) -> Result<String> {
    if given != "-" {
        return Ok(given.to_owned());
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Error::input(format!("standard input cannot be read: {error}")))?;
    let mut text = decode(bytes).map_err(|invalid| {
        Error::input(format!("standard input is not UTF-8 at byte {}", invalid.offset)).hint("send text as UTF-8")
    })?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_hold_anything_and_the_later_of_two_wins() {
        let set = ["a=1", "b==x y", "a=", "user.name=é"].map(str::to_owned);
        let values = values(&set).unwrap();
        assert_eq!((values.get("a"), values.get("b"), values.get("user.name")), (Some(""), Some("=x y"), Some("é")));
    }

    #[test]
    fn what_is_no_assignment_is_refused() {
        for wrong in ["a", "=1", "a b=1", "1=1"] {
            let error = values(&[wrong.to_owned()]).unwrap_err();
            assert!(error.message.contains(wrong), "{error}");
        }
    }
}
