//! What a record would change in a value set: shown before anything is taken, and then taken as it was shown.

use crate::prompt::fill::{CONVERSATION_HISTORY, MESSAGE};
use crate::prompt::template::is_name;
use crate::prompt::{Declarations, Privacy, Values};
use crate::vars::import::Record;

/// Whether personal values are taken as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Masking {
    /// Their masks are taken.
    Masked,
    /// They themselves are.
    Real,
}

/// What happens to one name of a record, or of the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// The set had no value for it.
    New,
    /// The set had another value.
    Changed,
    /// The set has this value already.
    Same,
    /// The prompt neither uses nor declares it: taken only when asked for.
    Extra,
    /// It cannot be the name of a variable.
    Unnamed,
    /// Its variable is secret: never taken into a file of the library.
    Secret,
    /// The prompt asks for it, and neither the record nor the set has it.
    Missing,
}

impl Change {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Extra => "extra",
            Self::Unnamed => "no name",
            Self::Secret => "secret",
            Self::Missing => "missing",
        }
    }
}

/// One row of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The variable.
    pub name: String,
    /// What happens to it.
    pub change: Change,
    /// The value that would be taken; a mask where it is personal and masked.
    pub value: Option<String>,
    /// Who may see the value.
    pub privacy: Privacy,
    /// Whether the value is a mask.
    pub masked: bool,
    /// What the file calls it, when that is something else.
    pub called: Option<String>,
}

/// What a record would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// The rows: what is taken, then what is not, then what is missing.
    pub rows: Vec<Row>,
}

/// What a record is held against.
#[derive(Debug, Clone, Copy)]
pub struct Against<'a> {
    /// The names that the prompt uses.
    pub used: &'a [String],
    /// What `prompt.toml` declares.
    pub declarations: &'a Declarations,
    /// The set as it is; empty for a new one.
    pub set: &'a Values,
    /// Whether only some fields of large records were picked, so that the others are nobody's business.
    pub picked: bool,
}

impl Review {
    /// Reviews the record `at` of `records`; equal personal values of the records before it get equal masks.
    pub fn of(records: &[Record], at: usize, against: Against<'_>, masking: Masking) -> Self {
        let Some(record) = records.get(at) else { return Self::default() };
        let known =
            |name: &str| against.used.iter().any(|used| used == name) || against.declarations.get(name).is_some();
        let mut taken: Vec<Row> = Vec::new();
        let mut left = Vec::new();
        for (index, field) in record.fields.iter().enumerate() {
            if record.fields[index + 1..].iter().any(|later| later.name == field.name) {
                continue;
            }
            let (name, called) = variable_of(&field.name, &known);
            if record.fields.iter().any(|other| other.name == name && called.is_some()) {
                continue;
            }
            let privacy = against.declarations.privacy(&name);
            let is_known = known(&name);
            if !is_known && against.picked {
                continue;
            }
            let masked = privacy == Privacy::Personal && masking == Masking::Masked;
            let value = if masked { mask(records, at, &field.name, &name, &field.value) } else { field.value.clone() };
            let change = match against.set.get(&name) {
                _ if !is_name(&name) => Change::Unnamed,
                _ if privacy == Privacy::Secret => Change::Secret,
                _ if !is_known => Change::Extra,
                None => Change::New,
                Some(before) if before == value => Change::Same,
                Some(_) => Change::Changed,
            };
            let value = (change != Change::Secret).then_some(value);
            let row = Row { name, change, value, privacy, masked, called };
            if row.taken() { taken.push(row) } else { left.push(row) }
        }
        let missing = against.used.iter().filter(|name| {
            let from_playtest = [MESSAGE, CONVERSATION_HISTORY].contains(&name.as_str());
            let declared = against.declarations.get(name);
            let filled = declared.is_some_and(|declared| {
                // a secret is given when it is needed, never by a set
                declared.default.is_some() || !declared.required || declared.privacy == Privacy::Secret
            });
            let given = |row: &Row| row.name == **name;
            !from_playtest && !filled && against.set.get(name).is_none() && !taken.iter().chain(&left).any(given)
        });
        let missing: Vec<Row> = missing
            .map(|name| Row {
                name: name.clone(),
                change: Change::Missing,
                value: None,
                privacy: against.declarations.privacy(name),
                masked: false,
                called: None,
            })
            .collect();
        Self { rows: taken.into_iter().chain(left).chain(missing).collect() }
    }

    /// How many rows have this change.
    pub fn count(&self, change: Change) -> usize {
        self.rows.iter().filter(|row| row.change == change).count()
    }

    /// The values that are taken; the extra ones too where `extra` are wanted.
    pub fn values(&self, extra: bool) -> impl Iterator<Item = (&str, &str)> {
        let wanted = move |row: &&Row| row.taken() || extra && row.change == Change::Extra;
        self.rows.iter().filter(wanted).filter_map(|row| Some((row.name.as_str(), row.value.as_deref()?)))
    }

    /// `set` with the values that are taken.
    pub fn merged(&self, set: &Values, extra: bool) -> Values {
        let mut merged = set.clone();
        merged.0.extend(self.values(extra).map(|(name, value)| (name.to_owned(), value.to_owned())));
        merged
    }

    /// What changes, in a few words: `2 new, 1 changed, 1 missing`.
    pub fn summary(&self) -> String {
        let all = [
            Change::New,
            Change::Changed,
            Change::Same,
            Change::Missing,
            Change::Extra,
            Change::Secret,
            Change::Unnamed,
        ];
        let counts = all.into_iter().map(|change| (change, self.count(change))).filter(|(_, count)| *count > 0);
        let words: Vec<String> = counts.map(|(change, count)| format!("{count} {}", change.word())).collect();
        if words.is_empty() { "nothing in it".to_owned() } else { words.join(", ") }
    }
}

impl Row {
    /// Whether its value goes into the set.
    pub fn taken(&self) -> bool {
        matches!(self.change, Change::New | Change::Changed | Change::Same)
    }
}

/// The variable that a field stands for, and the field's own name when that is another: environments shout
/// (`USER_NAME`), prompts do not.
fn variable_of(field: &str, known: &dyn Fn(&str) -> bool) -> (String, Option<String>) {
    let lower = field.to_ascii_lowercase();
    if !known(field) && lower != field && known(&lower) {
        return (lower, Some(field.to_owned()));
    }
    (field.to_owned(), None)
}

/// What stands for a personal value: `user_name-2` for the second different value of this field in the file. An e-mail
/// address stays one, in a domain that belongs to nobody.
fn mask(records: &[Record], at: usize, field: &str, name: &str, value: &str) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for record in &records[..=at] {
        if let Some(value) = record.get(field)
            && !seen.contains(&value)
        {
            seen.push(value);
        }
    }
    let number = seen.iter().position(|seen| *seen == value).map_or(1, |at| at + 1);
    let masked = format!("{name}-{number}");
    match value {
        "" => String::new(),
        _ if is_address(value) => format!("{masked}@example.com"),
        _ => masked,
    }
}

/// Whether a value looks like an e-mail address.
pub fn is_address(value: &str) -> bool {
    let Some((before, domain)) = value.split_once('@') else { return false };
    let fits = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    fits(before) && fits(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
}

#[cfg(test)]
mod tests;
