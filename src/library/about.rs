//! `prompt.toml`: title, owner, description, and what each variable is.

use std::path::Path;

use crate::error::Error;
use crate::library::{LintTable, lint};
use crate::prompt::{Assumptions, Declaration, Declarations, Freshness, Privacy};
use crate::source::toml::{Reading, Table};

/// What a `prompt.toml` says.
#[derive(Debug, Default)]
pub struct About {
    /// What people call the prompt.
    pub title: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its variables, in the order of the file.
    pub variables: Declarations,
    /// What its cost is reckoned with.
    pub assumptions: Assumptions,
    /// Where a variable's value stands in a record of a request, by variable.
    pub import_fields: Vec<(String, String)>,
    /// Levels of the rules of lint, and what they let through.
    pub lint: LintTable,
}

/// Reads a `prompt.toml`. What is wrong with it is returned beside what could be read of it; keys that are not known
/// here belong to other capabilities and are left alone.
pub fn read(file: &Path, text: &str) -> (About, Vec<Error>) {
    let mut reading = Reading::new(file, text);
    let table = reading.parse();
    let about = About {
        title: reading.get(&table, "title", "a text"),
        owner: reading.get(&table, "owner", "a text"),
        description: reading.get(&table, "description", "a text"),
        assumptions: assumptions(&mut reading, &table),
        ..About::default()
    };
    let mut declared = Vec::new();
    let mut fields = Vec::new();
    for (name, entry) in reading.tables(&table, "variables") {
        declare(&mut reading, &name, entry, &mut declared, &mut fields);
    }
    let errors = std::mem::take(&mut reading.errors);
    let lint = lint::read(&mut reading, &table);
    let about = About { variables: Declarations(declared), import_fields: fields, lint, ..about };
    (about, errors)
}

/// `[budget]` and `[cost]`.
fn assumptions<'a>(reading: &mut Reading<'a>, table: &Table<'a>) -> Assumptions {
    let mut number = |name: &str, key: &str| {
        let table = reading.table(table, name)?;
        reading.get::<u64>(table, key, "a whole number")
    };
    Assumptions {
        budget: number("budget", "tokens"),
        calls_per_month: number("cost", "calls_per_month"),
        reply_tokens: number("cost", "reply_tokens"),
    }
}

/// Adds what is declared under `name`. A variable may have a dot in its name, and `[variables.user.name]` is then the
/// obvious way to write it, although to TOML it is a table within a table.
fn declare<'a>(
    reading: &mut Reading<'a>,
    name: &str,
    entry: &Table<'a>,
    declared: &mut Vec<(String, Declaration)>,
    fields: &mut Vec<(String, String)>,
) {
    let within = reading.tables_within(entry);
    let known: Vec<&str> = KEYS.into_iter().chain(within.iter().map(|(rest, _)| rest.as_str())).collect();
    reading.expect_keys(entry, &format!("of the variable `{name}`"), &known);
    if within.is_empty() || within.len() < entry.len() {
        declared.push((name.to_owned(), declaration(reading, entry)));
        let field = reading.get(entry, "import_from", "a text, as \"/input/name\"");
        fields.extend(field.map(|field| (name.to_owned(), field)));
    }
    for (rest, inner) in within {
        declare(reading, &format!("{name}.{rest}"), inner, declared, fields);
    }
}

/// What a declaration may say.
const KEYS: [&str; 9] =
    ["description", "example", "default", "required", "privacy", "freshness", "max_tokens", "untrusted", "import_from"];

fn declaration(reading: &mut Reading<'_>, entry: &Table<'_>) -> Declaration {
    let plain = Declaration::default();
    Declaration {
        description: reading.get(entry, "description", "a text"),
        example: text(reading, entry, "example"),
        default: text(reading, entry, "default"),
        required: reading.get(entry, "required", "true or false").unwrap_or(plain.required),
        // who may see a value must not become more people because of a slip of the pen
        privacy: reading
            .get(entry, "privacy", "\"public\", \"internal\", \"personal\" or \"secret\"")
            .unwrap_or(if entry.contains_key("privacy") { Privacy::Secret } else { Privacy::default() }),
        freshness: reading
            .get::<Freshness>(entry, "freshness", "\"static\", \"daily\", \"session\" or \"request\"")
            .unwrap_or_default(),
        max_tokens: reading.get(entry, "max_tokens", "a whole number"),
        untrusted: reading.get(entry, "untrusted", "true or false").unwrap_or(plain.untrusted),
    }
}

/// A value that stands for text: a number or a boolean counts as it is written.
fn text(reading: &mut Reading<'_>, entry: &Table<'_>, key: &str) -> Option<String> {
    reading.written(entry, key, "a text, a number, true or false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_keep_the_order_of_the_file_and_what_they_declare() {
        let text = "title = \"T\"\nowner = \"o\"\nextra = 1\n[variables.b]\nprivacy = \"personal\"\nfreshness = \"session\"\n\
                    max_tokens = 50\nuntrusted = true\nexample = 1.10\n[variables.a]\nrequired = false\ndefault = \"\"\n[budget]\ntokens = 2000\n\
                    [cost]\ncalls_per_month = 1_200_000\nreply_tokens = 180\n";
        let (about, errors) = read(Path::new("prompt.toml"), text);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(about.title.as_deref(), Some("T"));
        let Assumptions { budget, calls_per_month, reply_tokens } = about.assumptions;
        assert_eq!((budget, calls_per_month, reply_tokens), (Some(2000), Some(1_200_000), Some(180)));
        let (name, b) = &about.variables.0[0];
        assert_eq!(name, "b");
        assert_eq!(
            (b.privacy, b.freshness, b.max_tokens, b.untrusted),
            (Privacy::Personal, Freshness::Session, Some(50), true)
        );
        assert_eq!(b.example.as_deref(), Some("1.10"));
        let a = about.variables.get("a").unwrap();
        assert_eq!((a.required, a.default.as_deref()), (false, Some("")));
    }

    #[test]
    fn a_name_with_a_dot_may_be_written_bare_or_quoted() {
        let text = "[variables.user.name]\nprivacy = \"personal\"\n[variables.\"user.plan\"]\n[variables.user]\nexample = \"x\"\n";
        let (about, errors) = read(Path::new("prompt.toml"), text);
        assert_eq!(errors, []);
        let names: Vec<_> = about.variables.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["user.plan", "user", "user.name"]);
        assert_eq!(about.variables.privacy("user.name"), Privacy::Personal);
    }

    #[test]
    fn a_wrong_word_has_its_line_and_hides_rather_than_shows() {
        let (about, errors) = read(Path::new("prompt.toml"), "[variables.a]\nprivacy = \"personnal\"\n");
        assert_eq!(
            errors[0].to_string(),
            "prompt.toml:2:11: `privacy` must be \"public\", \"internal\", \"personal\" or \"secret\""
        );
        assert_eq!(about.variables.privacy("a"), Privacy::Secret);
    }
}
