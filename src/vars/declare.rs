//! One variable's table in `prompt.toml`: its keys set or taken out, every other byte of the file as it was.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use crate::error::{Error, Result};
use crate::prompt::template::is_name;
use crate::prompt::{Declaration, Freshness, Privacy};
use crate::source::{error_at, without_mark};

/// One key of a declaration, and what becomes of it; `None` takes it out of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Property {
    /// What the variable is, in a sentence.
    Description(Option<String>),
    /// A made-up value that may be shown and sent anywhere.
    Example(Option<String>),
    /// The value when a set gives none.
    Default(Option<String>),
    /// Whether a missing value is an error.
    Required(Option<bool>),
    /// Who may see the value.
    Privacy(Option<Privacy>),
    /// How often the value changes.
    Freshness(Option<Freshness>),
    /// The most tokens the value may cost.
    MaxTokens(Option<u64>),
    /// Whether end users or third parties write the value.
    Untrusted(Option<bool>),
    /// Where the value stands in a record of a request, as `/input/name` or `input.name`: what `import` takes it from.
    ImportFrom(Option<String>),
}

impl Property {
    /// The key in the file.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Description(_) => "description",
            Self::Example(_) => "example",
            Self::Default(_) => "default",
            Self::Required(_) => "required",
            Self::Privacy(_) => "privacy",
            Self::Freshness(_) => "freshness",
            Self::MaxTokens(_) => "max_tokens",
            Self::Untrusted(_) => "untrusted",
            Self::ImportFrom(_) => "import_from",
        }
    }

    fn value(&self) -> Option<Value> {
        match self {
            Self::Description(text) | Self::Example(text) | Self::Default(text) | Self::ImportFrom(text) => {
                text.as_deref().map(Value::from)
            }
            Self::Required(yes) | Self::Untrusted(yes) => yes.map(Value::from),
            Self::Privacy(privacy) => privacy.map(|privacy| Value::from(privacy.word())),
            Self::Freshness(freshness) => freshness.map(|freshness| Value::from(freshness.word())),
            Self::MaxTokens(tokens) => tokens.map(|tokens| Value::from(i64::try_from(tokens).unwrap_or(i64::MAX))),
        }
    }

    /// What of `before` has to change so that it becomes `after`; nothing when the two are the same.
    pub fn between(before: &Declaration, after: &Declaration) -> Vec<Self> {
        let plain = Declaration::default();
        let mut all = Vec::new();
        let mut add = |differs: bool, property: Self| {
            if differs {
                all.push(property);
            }
        };
        add(before.description != after.description, Self::Description(after.description.clone()));
        add(before.example != after.example, Self::Example(after.example.clone()));
        add(before.default != after.default, Self::Default(after.default.clone()));
        // what is as if nothing were said is not said
        add(
            before.required != after.required,
            Self::Required((after.required != plain.required).then_some(after.required)),
        );
        add(before.privacy != after.privacy, Self::Privacy(Some(after.privacy)));
        add(before.freshness != after.freshness, Self::Freshness(Some(after.freshness)));
        add(before.max_tokens != after.max_tokens, Self::MaxTokens(after.max_tokens));
        add(before.untrusted != after.untrusted, Self::Untrusted(after.untrusted.then_some(true)));
        all
    }
}

/// Refuses a name that no variable can have.
pub fn check_variable(name: &str) -> Result<()> {
    if is_name(name) {
        return Ok(());
    }
    Err(Error::input(format!("`{name}` cannot be the name of a variable"))
        .hint("a name begins with a letter or _, and goes on with letters, digits, _ and ."))
}

/// The text of a `prompt.toml` in which the variable `name` has these properties. Without any, it is declared all the
/// same. Comments, order, unknown keys and line endings stay.
///
/// # Errors
/// When the name is none, or the text is no TOML, with its place.
pub fn declare(file: &Path, text: &str, name: &str, properties: &[Property]) -> Result<String> {
    check_variable(name)?;
    let mut now = text.to_owned();
    // one key after the other: each change is one stretch of the file
    now = change(file, &now, |document| find_or_make(document, name).map(|_| ()))?;
    for property in properties {
        now = match property.value() {
            Some(value) => {
                let value = if text.contains("\r\n") { on_one_line(value) } else { value };
                change(file, &now, |document| set(document, name, property.key(), value.clone()))?
            }
            None => take_out(file, &now, name, property.key())?,
        };
    }
    Ok(now)
}

/// A text with escapes in place of line feeds: between the line endings of other systems they would become those.
fn on_one_line(value: Value) -> Value {
    let Some(text) = value.as_str().filter(|text| text.contains('\n')) else { return value };
    // but for one character, a text of JSON is one of TOML
    let written = serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f");
    written.parse().unwrap_or(value)
}

/// What `toml_edit` makes of the text, put as the one stretch that differs into the bytes that were there: it writes
/// line endings of its own.
fn change(file: &Path, text: &str, edit: impl FnOnce(&mut DocumentMut) -> Option<()>) -> Result<String> {
    let body = without_mark(text);
    let mut before = body.replace("\r\n", "\n");
    let mut document: DocumentMut = before.parse().map_err(|error| broken(file, body, &error))?;
    if edit(&mut document).is_none() {
        return Err(Error::input("`variables` is no table of tables").at(file).hint("declare as [variables.NAME]"));
    }
    let after = document.to_string();
    if !before.is_empty() && !before.ends_with('\n') {
        before.push('\n');
    }
    Ok(text[..text.len() - body.len()].to_owned() + &graft(body, &before, &after))
}

fn broken(file: &Path, text: &str, error: &toml_edit::TomlError) -> Error {
    let offset = error.span().map_or(0, |span| span.start);
    let said = error.message().replace('\n', ", ");
    error_at(file, text, offset, format!("is not valid TOML: {said}")).hint("nothing was changed: correct it first")
}

/// `original` with the stretch in which `after` differs from `before`, which is `original` with plain line feeds and
/// one at its end.
fn graft(original: &str, before: &str, after: &str) -> String {
    let most = before.len().min(after.len());
    let same = before.bytes().zip(after.bytes()).take_while(|(one, other)| one == other).count();
    let start = before.floor_char_boundary(same).min(after.floor_char_boundary(same));
    let behind = before.bytes().rev().zip(after.bytes().rev()).take_while(|(one, other)| one == other).count();
    let mut behind = behind.min(most - start);
    while !(before.is_char_boundary(before.len() - behind) && after.is_char_boundary(after.len() - behind)) {
        behind -= 1;
    }
    let (from, to) = (place_in(original, start), place_in(original, before.len() - behind));
    let ending = if original.contains("\r\n") { "\r\n" } else { "\n" };
    // the line feed at the end that was not there counts as there
    let missing = if start > 0 && from.is_none() { ending } else { "" };
    let (from, to) = (from.unwrap_or(original.len()), to.unwrap_or(original.len()));
    let new = after[start..after.len() - behind].replace('\n', ending);
    format!("{}{missing}{new}{}", &original[..from], &original[to..])
}

/// The byte of `original` at which the byte `offset` of the same text with plain line feeds stands; `None` behind its
/// end.
fn place_in(original: &str, offset: usize) -> Option<usize> {
    let mut plain = 0;
    let mut at = 0;
    for line in original.split_inclusive('\n') {
        let ending = usize::from(line.ends_with("\r\n"));
        let length = line.len() - ending;
        if offset < plain + length {
            return Some(at + offset - plain);
        }
        plain += length;
        at += line.len();
    }
    (offset == plain).then_some(at)
}

fn find_or_make<'d>(document: &'d mut DocumentMut, name: &str) -> Option<&'d mut dyn TableLike> {
    let mut above = Table::new();
    above.set_implicit(true);
    let variables = document.entry("variables").or_insert(Item::Table(above)).as_table_like_mut()?;
    let path = path_of(variables, name);
    let missing = path.is_empty();
    let mut table = variables;
    if missing {
        table.insert(name, Item::Table(Table::new()));
        return table.get_mut(name)?.as_table_like_mut();
    }
    for key in path {
        table = table.get_mut(&key)?.as_table_like_mut()?;
    }
    Some(table)
}

/// The keys that lead from `variables` to the table of `name`, which may be one quoted key or a table within a table;
/// none when there is no such table.
fn path_of(table: &dyn TableLike, name: &str) -> Vec<String> {
    if table.get(name).is_some_and(Item::is_table_like) {
        return vec![name.to_owned()];
    }
    for (dot, _) in name.match_indices('.') {
        let (first, rest) = (&name[..dot], &name[dot + 1..]);
        if let Some(inner) = table.get(first).and_then(Item::as_table_like) {
            let path = path_of(inner, rest);
            if !path.is_empty() {
                return std::iter::once(first.to_owned()).chain(path).collect();
            }
        }
    }
    Vec::new()
}

fn set(document: &mut DocumentMut, name: &str, key: &str, value: Value) -> Option<()> {
    let table = find_or_make(document, name)?;
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) if same(old, &value) => {}
        Some(old) => {
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        None => _ = table.insert(key, Item::Value(value)),
    }
    Some(())
}

/// Whether the file says this already, in whatever form.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::String(old), Value::String(new)) => old.value() == new.value(),
        (Value::Integer(old), Value::Integer(new)) => old.value() == new.value(),
        (Value::Boolean(old), Value::Boolean(new)) => old.value() == new.value(),
        // a number or a boolean stands for the text it is written as
        (Value::Integer(_) | Value::Float(_) | Value::Boolean(_), Value::String(new)) => {
            old.to_string().trim() == new.value()
        }
        _ => false,
    }
}

/// Takes a key out with its line, and leaves the comments above it.
fn take_out(file: &Path, text: &str, name: &str, key: &str) -> Result<String> {
    let body = without_mark(text);
    let document = toml_edit::Document::parse(body).map_err(|error| broken(file, body, &error))?;
    let Some(variables) = document.get("variables").and_then(Item::as_table_like) else { return Ok(text.to_owned()) };
    let mut table = variables;
    for part in path_of(variables, name) {
        match table.get(&part).and_then(Item::as_table_like) {
            Some(inner) => table = inner,
            None => return Ok(text.to_owned()),
        }
    }
    let Some((found, item)) = table.get_key_value(key) else { return Ok(text.to_owned()) };
    let mark = text.len() - body.len();
    if let (Some(start), Some(end)) = (found.span(), item.span()) {
        let line = body[..start.start].rfind('\n').map_or(0, |feed| feed + 1);
        let after = body[end.end..].find('\n').map_or(body.len(), |feed| end.end + feed + 1);
        let rest = body[end.end..after].trim();
        if body[line..start.start].trim().is_empty() && (rest.is_empty() || rest.starts_with('#')) {
            return Ok(format!("{}{}", &text[..mark + line], &text[mark + after..]));
        }
    }
    change(file, text, |document| {
        find_or_make(document, name)?.remove(key);
        Some(())
    })
}

#[cfg(test)]
mod tests;
