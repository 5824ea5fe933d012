//! `greenroom vars NAME set SET VAR`: one value of a set, typed, piped or from a file.

use serde_json::json;

use super::args::Set;
use crate::cli::given;
use crate::cli::output::Output;
use crate::error::{Error, Result};
use crate::library::{Expected, Library, ValueSet};
use crate::prompt::Values;
use crate::source::read_text;
use crate::vars::declare::check_variable;

/// Runs it.
pub fn run(library: &Library, name: &str, args: &Set, output: &Output) -> Result<u8> {
    check_variable(&args.variable)?;
    let value = match (&args.value, &args.from_file) {
        (Some(value), _) => Some(given::message(value)?),
        (None, Some(file)) => Some(read_text(file)?),
        (None, None) if args.unset => None,
        (None, None) => {
            return Err(Error::input(format!("no value for `{}`", args.variable))
                .hint("type it behind the name, or give --from-file PATH, or --unset to take the value away"));
        }
    };
    let is_new = !library.value_sets(name)?.contains(&args.set);
    let mut set = if is_new && value.is_some() {
        ValueSet { name: args.set.clone(), values: Values::default() }
    } else {
        library.value_set(name, &args.set)?
    };
    let before = set.values.clone();
    match value {
        Some(value) => _ = set.values.0.insert(args.variable.clone(), value),
        None => _ = set.values.0.remove(&args.variable),
    }
    let changed = set.values != before;
    if changed {
        let expected = if is_new { Expected::Nothing } else { Expected::This(before) };
        library.save_value_set(name, &set, &expected)?.or_error(&format!("the set {}", set.name))?;
    }
    if output.json {
        output.document(&json!({"prompt": name, "set": args.set, "variable": args.variable, "changed": changed}))?;
    } else {
        say(args, name, &set, changed)?;
    }
    if changed {
        super::offer(
            library,
            &[library.set_file(name, &args.set)?],
            &format!("{name}: values of {}", args.set),
            output,
        );
    }
    Ok(0)
}

fn say(args: &Set, name: &str, set: &ValueSet, changed: bool) -> Result<()> {
    let what = match (changed, set.values.get(&args.variable)) {
        (false, Some(_)) => "has this value already in",
        (false, None) => "has no value in",
        (true, None) => "has no value any more in",
        (true, Some(_)) => "has its value in",
    };
    Output::raw(&format!("{} {what} prompts/{name}/values/{}.json\n", args.variable, args.set))
}
