//! What is wrong with a command line, as one sentence like every other error.
//!
//! Only mistakes come here; help and the version are printed by the parser itself.

use std::ffi::OsString;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::args::Cli;
use crate::error::Error;

/// The mistake that `error` tells of: what, and what to type instead. `words` are the command line without the program.
pub fn mistake(error: &clap::Error, words: impl IntoIterator<Item = OsString>) -> Error {
    let command = command(error).unwrap_or_else(|| command_in(words));
    let about = word(error, ContextKind::InvalidArg).unwrap_or_default();
    let help = format!("`{command} --help` shows how");
    let (message, hint) = match error.kind() {
        ErrorKind::MissingRequiredArgument => (format!("`{command}` needs {about}"), usage(error).unwrap_or(help)),
        ErrorKind::UnknownArgument if about.starts_with('-') => {
            let near = word(error, ContextKind::SuggestedArg).map(|near| format!("did you mean `{near}`?"));
            (format!("`{command}` has no option `{about}`"), near.unwrap_or(help))
        }
        ErrorKind::UnknownArgument => (format!("`{about}` is one word too many for `{command}`"), help),
        ErrorKind::ArgumentConflict => {
            let other = word(error, ContextKind::PriorArg).unwrap_or_else(|| "another option".to_owned());
            if other == about {
                (format!("`{about}` was given twice"), "once is enough".to_owned())
            } else {
                (format!("`{about}` and `{other}` exclude each other"), "choose one of them".to_owned())
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let given = word(error, ContextKind::InvalidValue).unwrap_or_default();
            let known = word(error, ContextKind::ValidValue).filter(|known| !known.is_empty());
            let hint = known.map_or(help, |known| format!("it takes one of {known}"));
            if given.is_empty() {
                (format!("`{about}` is there without its value"), hint)
            } else {
                (format!("`{given}` is no value for `{about}`"), hint)
            }
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooManyValues => {
            let wanted = word(error, ContextKind::MinValues).or_else(|| word(error, ContextKind::ExpectedNumValues));
            let given = word(error, ContextKind::ActualNumValues).unwrap_or_else(|| "too many".to_owned());
            let wanted = wanted.map(|wanted| format!("{wanted} of ")).unwrap_or_default();
            (format!("`{command}` needs {wanted}{about}, not {given}"), help)
        }
        ErrorKind::InvalidSubcommand => {
            let given = word(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            let near = word(error, ContextKind::SuggestedSubcommand).map(|near| format!("did you mean `{near}`?"));
            (format!("`{command}` has no command `{given}`"), near.unwrap_or(help))
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            (format!("`{command}` needs one of its commands"), help)
        }
        _ => {
            let first = error.to_string().lines().next().unwrap_or_default().to_owned();
            (first.strip_prefix("error: ").unwrap_or(&first).to_owned(), help)
        }
    };
    Error::input(message).hint(hint)
}

/// Words, which may begin with a dash as the items of a list do. What reads as an option is refused: where `--why --force`
/// was typed, the reason was forgotten.
pub fn words(given: &str) -> Result<String, String> {
    let letters =
        |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.contains(char::is_whitespace);
    let long = given.strip_prefix("--").is_some_and(letters);
    let short = given.strip_prefix('-').is_some_and(|name| name.len() == 1 && letters(name));
    if long || short {
        return Err("an option stands where words were expected".to_owned());
    }
    Ok(given.to_owned())
}

/// A part of the mistake, several of them as a list.
fn word(error: &clap::Error, kind: ContextKind) -> Option<String> {
    Some(match error.get(kind)? {
        ContextValue::String(word) => word.clone(),
        ContextValue::Strings(words) => words.join(", "),
        ContextValue::Number(number) => number.to_string(),
        _ => return None,
    })
}

/// `greenroom show <REF>`, where the parser knows it.
fn usage(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else { return None };
    let text = usage.to_string();
    let line = text.lines().next()?.trim();
    Some(line.strip_prefix("Usage: ").unwrap_or(line).to_owned())
}

/// `greenroom show`: the words of the usage before its first option or value; `None` where the parser gives no usage.
fn command(error: &clap::Error) -> Option<String> {
    let usage = usage(error)?;
    let words: Vec<&str> =
        usage.split(' ').take_while(|word| word.starts_with(|first: char| first.is_ascii_lowercase())).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// The command that the words of a command line name, as far as they go.
fn command_in(words: impl IntoIterator<Item = OsString>) -> String {
    let mut program = Cli::command();
    // what a command takes is only known after this
    program.build();
    let mut reached = &program;
    let mut named = vec![reached.get_name().to_owned()];
    for word in words {
        if let Some(command) = reached.find_subcommand(&word) {
            named.push(command.get_name().to_owned());
            reached = command;
        }
    }
    named.join(" ")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn said(arguments: &[&str]) -> String {
        let all = std::iter::once(&"greenroom").chain(arguments);
        mistake(&Cli::try_parse_from(all).unwrap_err(), arguments.iter().map(OsString::from)).to_string()
    }

    #[test]
    fn every_mistake_on_a_command_line_is_one_sentence_with_a_way_on() {
        for (arguments, wanted) in [
            (&["show"][..], "`greenroom show` needs <REF> (greenroom show <REF>)"),
            (&["play", "x"], "`greenroom play` needs --message <MESSAGE> (greenroom play --message <MESSAGE> <REF>)"),
            (&["list", "--jsn"], "`greenroom list` has no option `--jsn` (did you mean `--json`?)"),
            (
                &["list", "extra"],
                "`extra` is one word too many for `greenroom list` (`greenroom list --help` shows how)",
            ),
            (&["--color", "blue"], "`blue` is no value for `--color <WHEN>` (it takes one of auto, always, never)"),
            (
                &["diff", "x", "1.0.0", "2.0.0", "--unified", "--side-by-side"],
                "`--unified` and `--side-by-side` exclude each other (choose one of them)",
            ),
            (
                &["show", "x", "--section"],
                "`--section <ID>` is there without its value (`greenroom show --help` shows how)",
            ),
            (&["--library"], "`--library <DIR>` is there without its value (`greenroom --help` shows how)"),
            (&["config"], "`greenroom config` needs one of its commands (`greenroom config --help` shows how)"),
            (&["config", "chek"], "`greenroom config` has no command `chek` (did you mean `check`?)"),
            (&["diff"], "`greenroom diff` needs <REF>... (greenroom diff <REF>...)"),
        ] {
            assert_eq!(said(arguments), wanted);
        }
        assert_eq!(
            said(&["deploy", "x@1.0.0", "--why", "--force"]),
            "`--force` is no value for `--why <WHY>` (`greenroom deploy --help` shows how)"
        );
        for arguments in
            [&["diff", "x", "--width", "wide", "y"][..], &["--", "a", "b"], &["fill", "x", "--user", "--user"]]
        {
            let said = said(arguments);
            assert!(said.lines().count() == 1 && said.ends_with(')'), "{said}");
        }
    }
    #[test]
    fn words_may_begin_as_the_item_of_a_list_does_and_are_no_option() {
        for said in ["- Answer first.", "-", "---", "-5 degrees", "--", "— a dash", "-- as in a letter"] {
            assert_eq!(words(said).as_deref(), Ok(said));
        }
        for option in ["--force", "--to=staging", "-q"] {
            assert!(words(option).is_err(), "{option}");
        }
    }
}
