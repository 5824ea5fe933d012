//! `greenroom vars NAME import FILE --set SET`: values of other people's files, reviewed before they are taken.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::path::Path;

use serde_json::{Value, json};

use super::args::Import;
use super::{hidden, one_line, used};
use crate::cli::output::Output;
use crate::cli::show::snapshot;
use crate::error::{Error, Result};
use crate::library::{Expected, Library, Seen, ValueSet};
use crate::prompt::{Privacy, Values};
use crate::sanitize;
use crate::source;
use crate::vars::Property;
use crate::vars::declare::check_variable;
use crate::vars::import::{Format, Pick, Record, Records, read};
use crate::vars::review::{Against, Change, Masking, Review, Row, is_address};

/// Runs it.
pub fn run(library: &Library, name: &str, args: &Import, output: &Output) -> Result<u8> {
    let typed = picks(&args.fields)?;
    let snapshot = snapshot(library, name)?;
    let name = snapshot.prompt.as_str();
    let (file, text) = input(&args.file)?;
    let named = (args.file != Path::new("-")).then_some(file);
    let format = args.format.map_or_else(|| Format::recognise(named, &text), Into::into);
    // what is typed counts before what was remembered
    let mut all = typed.clone();
    for (variable, path) in library.import_fields(name)? {
        if typed.iter().all(|pick| pick.variable != variable) {
            all.push(Pick { variable, path });
        }
    }
    let mut records = read(file, &text, format, &all)?;
    let at = chosen(file, &records, args.row)?;
    for pick in &typed {
        if records.all[at].get(&pick.variable).is_none() {
            return Err(Error::input(format!("record {} has no field `{}`", at + 1, pick.path))
                .at_line(file, records.all[at].line, None)
                .hint("a field is /input/name or input.name; a list's first item is /turns/0"));
        }
    }
    records.all[at].fields.retain(|field| !args.without.contains(&field.name));

    let is_new = !library.value_sets(name)?.contains(&args.set);
    let mut set = if is_new {
        crate::library::check_name("value set", &args.set)?;
        ValueSet { name: args.set.clone(), values: Values::default() }
    } else {
        library.value_set(name, &args.set)?
    };
    let masking = if args.real_values { Masking::Real } else { Masking::Masked };
    let used = used(&snapshot);
    let against = Against {
        used: &used,
        declarations: &snapshot.variables,
        set: &set.values,
        picked: !all.is_empty() && format == Format::Jsonl,
    };
    let review = Review::of(&records.all, at, against, masking);
    refuse_secrets(&review)?;
    let merged = review.merged(&set.values, args.extra);
    let mut written = Vec::new();
    if !args.dry_run {
        for pick in &typed {
            let seen = Seen::Anything;
            library.declare(name, &pick.variable, &[Property::ImportFrom(Some(pick.path.clone()))], &seen)?;
            written = vec![library.about_file(name)?];
        }
        if merged != set.values || is_new {
            let before = std::mem::replace(&mut set.values, merged);
            let expected = if is_new { Expected::Nothing } else { Expected::This(before) };
            library.save_value_set(name, &set, &expected)?.or_error(&format!("the set {}", set.name))?;
            written.push(library.set_file(name, &set.name)?);
        }
    }
    let done = Done { name, args, format, records: &records, at, review: &review };
    for remark in records.remarks.iter().take(20) {
        Output::warn(&remark.to_string());
    }
    for row in review.rows.iter().filter(|row| row.privacy < Privacy::Personal && row.taken()) {
        if row.value.as_deref().is_some_and(is_address) {
            let variable = &row.name;
            Output::warn(&format!(
                "`{variable}` looks like an e-mail address and is not declared personal: `greenroom vars {name} declare {variable} --privacy personal`"
            ));
        }
    }
    if output.json {
        output.document(&done.document())?;
    } else {
        Output::raw(&done.table(output))?;
    }
    super::offer(library, &written, &format!("{name}: values of {}", set.name), output);
    Ok(0)
}

/// `VAR=PATH`, each.
fn picks(fields: &[String]) -> Result<Vec<Pick>> {
    let pick = |given: &String| {
        let wrong =
            || Error::input(format!("`--field {given}` is not VAR=PATH")).hint("as in --field user_name=/input/name");
        let (variable, path) = given.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or_else(wrong)?;
        check_variable(variable)?;
        Ok(Pick { variable: variable.to_owned(), path: path.to_owned() })
    };
    fields.iter().map(pick).collect()
}

/// The file's name for errors, and its text.
fn input(file: &Path) -> Result<(&Path, String)> {
    if file != Path::new("-") {
        return Ok((file, source::read_text(file)?));
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Error::input(format!("standard input cannot be read: {error}")))?;
    let file = Path::new("standard input");
    Ok((file, source::decode(file, bytes)?))
}

/// The record that was asked for; the only one when nothing was.
fn chosen(file: &Path, records: &Records, row: Option<u64>) -> Result<usize> {
    let count = records.all.len();
    match row.map(|row| usize::try_from(row).unwrap_or(usize::MAX)) {
        None if count == 1 => Ok(0),
        None => Err(Error::input(format!("holds {count} records"))
            .at(file)
            .hint(format!("choose one with --row 1 to --row {count}"))),
        Some(row) if row <= count => Ok(row - 1),
        Some(row) => {
            Err(Error::input(format!("has no record {row}: it holds {count}")).at(file).hint("records count from 1"))
        }
    }
}

fn refuse_secrets(review: &Review) -> Result<()> {
    let secret: Vec<&str> = review
        .rows
        .iter()
        .filter(|row| row.change == Change::Secret)
        .map(|row| row.called.as_deref().unwrap_or(&row.name))
        .collect();
    let Some(first) = secret.first() else { return Ok(()) };
    let named = secret.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Err(Error::input(format!("{named} is secret, and a value set is a file of the library")).hint(format!(
        "nothing was taken: leave it out with --without {first}; `fill --set` gives a secret when it is needed"
    )))
}

/// What was taken, or would be.
struct Done<'a> {
    name: &'a str,
    args: &'a Import,
    format: Format,
    records: &'a Records,
    at: usize,
    review: &'a Review,
}

impl Done<'_> {
    fn document(&self) -> Value {
        let row = |row: &Row| {
            let shown = row.masked || row.privacy < Privacy::Personal;
            json!({
                "name": row.name,
                "change": row.change.word(),
                "taken": row.taken() || self.args.extra && row.change == Change::Extra,
                "value": row.value.as_deref().filter(|_| shown),
                "masked": row.masked,
                "privacy": row.privacy.word(),
                "called": row.called,
            })
        };
        json!({
            "prompt": self.name,
            "set": self.args.set,
            "format": self.format.word(),
            "record": self.at + 1,
            "records": self.records.all.len(),
            "dry_run": self.args.dry_run,
            "variables": self.review.rows.iter().map(row).collect::<Vec<_>>(),
            "remarks": self.records.remarks.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    fn table(&self, output: &Output) -> String {
        let Self { args, format, records, at, review, name } = self;
        let record: &Record = &records.all[*at];
        let mut text = String::new();
        let _ = writeln!(
            text,
            "{}: {}, record {} of {}, line {}",
            sanitize::one_line(&args.file.display().to_string()),
            format.title(),
            at + 1,
            records.all.len(),
            record.line
        );
        for row in &review.rows {
            let value = match row.value.as_deref() {
                None => String::new(),
                Some(value) if row.masked => format!("{} (masked)", one_line(value, 60)),
                Some(value) => hidden(row.privacy, value).unwrap_or_else(|| one_line(value, 60)),
            };
            let called =
                row.called.as_ref().map_or_else(String::new, |called| format!(" ({})", sanitize::one_line(called)));
            let left = if row.change == Change::Extra && !args.extra { "  left out; --extra takes it" } else { "" };
            let word = format!("{:<8}", row.change.word());
            let word = if row.change == Change::Missing { output.alarm(&word) } else { word };
            let _ = writeln!(text, "  {word} {}{called}  {value}{left}", sanitize::one_line(&row.name));
        }
        let done = if args.dry_run { "would go into" } else { "taken into" };
        let _ = writeln!(text, "{}: {done} prompts/{name}/values/{}.json", review.summary(), args.set);
        text
    }
}
