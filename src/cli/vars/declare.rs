//! `greenroom vars NAME declare VAR`: what a variable is, written into `prompt.toml`.

use serde_json::json;

use super::args::{Declare, Key};
use crate::cli::output::Output;
use crate::error::{Error, Result};
use crate::library::{Library, Seen};
use crate::prompt::Privacy;
use crate::vars::Property;

/// Runs it.
pub fn run(library: &Library, name: &str, args: &Declare, output: &Output) -> Result<u8> {
    let properties = properties(args);
    if let Some(twice) = args
        .unset
        .iter()
        .map(|key| unset(*key))
        .find(|out| properties.iter().filter(|property| property.key() == out.key()).count() > 1)
    {
        let key = twice.key();
        return Err(Error::input(format!("`{key}` is given and taken out in one command")).hint("do one of the two"));
    }
    let before = library.declarations(name)?;
    let declared = library.declare(name, &args.variable, &properties, &Seen::Anything)?;
    let declaration = declared.get(&args.variable).cloned().unwrap_or_default();
    if declaration.privacy == Privacy::Secret {
        warn_of_values(library, name, &args.variable)?;
    }
    let files = [library.about_file(name)?];
    let commit = format!("{name}: what is declared of {}", args.variable);
    if output.json {
        let secret = declaration.privacy == Privacy::Secret;
        output.document(&json!({
            "prompt": name,
            "variable": args.variable,
            "description": declaration.description,
            "example": declaration.example.filter(|_| !secret),
            "default": declaration.default.filter(|_| declaration.privacy != Privacy::Personal),
            "required": declaration.required,
            "privacy": declaration.privacy.word(),
            "freshness": declaration.freshness.word(),
            "max_tokens": declaration.max_tokens,
            "untrusted": declaration.untrusted,
        }))?;
        super::offer(library, &files, &commit, output);
        return Ok(0);
    }
    let what = match before.get(&args.variable) {
        None => "declared",
        Some(before) if *before == declaration && args.import_from.is_none() => "is declared so already:",
        Some(_) => "changed",
    };
    let words = format!("{}, {}", declaration.privacy.word(), declaration.freshness.word());
    Output::raw(&format!("{what} {} in prompts/{name}/prompt.toml: {words}\n", args.variable))?;
    super::offer(library, &files, &commit, output);
    Ok(0)
}

/// A secret whose value stands in sets is told, with the command that takes it out.
fn warn_of_values(library: &Library, name: &str, variable: &str) -> Result<()> {
    for set in library.value_sets(name)? {
        // a set that cannot be read is told by `list`
        if library.value_set(name, &set).is_ok_and(|set| set.values.get(variable).is_some()) {
            Output::warn(&format!(
                "`{variable}` has a value in the set {set}, which is a file: `greenroom vars {name} set {set} {variable} --unset` takes it out; change the secret too"
            ));
        }
    }
    Ok(())
}

fn properties(args: &Declare) -> Vec<Property> {
    let mut all = Vec::new();
    all.extend(args.description.clone().map(|text| Property::Description(Some(text))));
    all.extend(args.example.clone().map(|text| Property::Example(Some(text))));
    all.extend(args.default.clone().map(|text| Property::Default(Some(text))));
    all.extend(args.required.map(|yes| Property::Required(Some(yes))));
    all.extend(args.privacy.map(|privacy| Property::Privacy(Some(privacy.into()))));
    all.extend(args.freshness.map(|freshness| Property::Freshness(Some(freshness.into()))));
    all.extend(args.max_tokens.map(|tokens| Property::MaxTokens(Some(tokens))));
    all.extend(args.untrusted.map(|yes| Property::Untrusted(Some(yes))));
    all.extend(args.import_from.clone().map(|path| Property::ImportFrom(Some(path))));
    all.extend(args.unset.iter().map(|key| unset(*key)));
    all
}

fn unset(key: Key) -> Property {
    match key {
        Key::Description => Property::Description(None),
        Key::Example => Property::Example(None),
        Key::Default => Property::Default(None),
        Key::Required => Property::Required(None),
        Key::Privacy => Property::Privacy(None),
        Key::Freshness => Property::Freshness(None),
        Key::MaxTokens => Property::MaxTokens(None),
        Key::Untrusted => Property::Untrusted(None),
        Key::ImportFrom => Property::ImportFrom(None),
    }
}
