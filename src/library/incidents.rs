//! `incidents/*.md` of a prompt: one file an incident, with what is known of it as TOML between two `+++` lines.
//!
//! Of these keys greenroom reads `title`, `status`, `cause` and `fixed_in`; a file may have others. An incident is open
//! until its `status` says something else than `open`; one whose front matter cannot be read is open, because nobody knows
//! better.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::library::Library;
use crate::review::Incident;
use crate::source::{line_column, without_mark};

impl Library {
    /// The incidents of a prompt, by their names.
    ///
    /// # Errors
    /// When there is no such prompt, or one of the files cannot be read at all.
    pub fn incidents(&self, name: &str) -> Result<Vec<Incident>> {
        let folder = self.prompt_folder(name)?;
        let mut found = Vec::new();
        for (name, file) in incident_files(&folder) {
            if let Some(bytes) = self.bytes_if_there(&file)? {
                found.push(incident(name, &file, &String::from_utf8_lossy(&bytes)).0);
            }
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// What is wrong with the incidents in this folder of a prompt.
    pub(super) fn damaged_incidents(&self, prompt: &Path) -> Vec<Error> {
        let wrong = |(name, file): (String, PathBuf)| match self.text_if_there(&file) {
            Ok(text) => incident(name, &file, &text?).1,
            Err(error) => Some(error),
        };
        incident_files(prompt).into_iter().filter_map(wrong).collect()
    }
}

/// The incidents in the folder of a prompt: their names, and their files.
fn incident_files(prompt: &Path) -> Vec<(String, PathBuf)> {
    let folder = prompt.join("incidents");
    let named = |file: String| {
        let name = file.strip_suffix(".md").filter(|name| !name.starts_with('.'))?;
        Some((name.to_owned(), folder.join(&file)))
    };
    super::read::names_in(&folder).into_iter().filter_map(named).collect()
}

/// What the front matter says, and why it says nothing.
fn incident(name: String, file: &Path, text: &str) -> (Incident, Option<Error>) {
    let table = match front_matter(file, text) {
        Ok(table) => table,
        Err(error) => return (Incident { name, open: true, readable: false, ..Incident::default() }, Some(error)),
    };
    let word = |key: &str| {
        let value = table.get(key).and_then(toml::Value::as_str).map(str::trim);
        value.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let open = word("status").is_none_or(|status| status.eq_ignore_ascii_case("open"));
    (Incident { name, open, readable: true, cause: word("cause"), fixed_in: word("fixed_in") }, None)
}

/// The TOML between the first line, which is `+++`, and the next such line.
fn front_matter(file: &Path, text: &str) -> Result<toml::Table> {
    let hint = "an incident begins with its facts as TOML between two lines `+++`; until then it counts as open";
    let wrong = |line: usize, what: String| Err(Error::input(what).at_line(file, line, None).hint(hint));
    let mut lines = without_mark(text).split_inclusive('\n');
    if lines.next().is_none_or(|line| line.trim_end() != "+++") {
        return wrong(1, "is not the line `+++`".to_owned());
    }
    let mut matter = String::new();
    let mut count = 1;
    for line in lines {
        count += 1;
        if line.trim_end() == "+++" {
            return matter.parse().or_else(|error: toml::de::Error| {
                let offset = error.span().map_or(0, |span| span.start);
                let line = line_column(&matter, offset).0 + 1;
                wrong(line, format!("is not TOML: {}", error.message().replace('\n', ", ")))
            });
        }
        matter.push_str(line);
    }
    wrong(count, "ends before the second line `+++`".to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::library::Incident as Begun;
    use crate::library::trial::library_with;

    #[test]
    fn an_incident_is_open_until_its_status_says_otherwise_and_one_that_cannot_be_read_is_open() {
        let of = |text: &str| incident("a".into(), Path::new("a.md"), text).0;
        assert!(of("+++\ntitle = \"x\"\n+++\n").open);
        assert!(of("+++\nstatus = \"Open\"\n+++\n").open);
        assert!(!of("+++\r\nstatus = \"closed\"\r\n+++\r\ntext").open);
        let known = of("+++\nstatus = \"open\"\ncause = \"a stale value\"\nfixed_in = \"1.2.1\"\n+++\n");
        assert_eq!((known.cause.as_deref(), known.fixed_in.as_deref()), (Some("a stale value"), Some("1.2.1")));
        for damaged in ["", "no front matter", "+++\nstatus = \n+++\n", "+++\nstatus = \"closed\"\n"] {
            assert!(of(damaged).open && !of(damaged).readable, "{damaged:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_incident_has_its_line() {
        for (text, wanted) in [
            ("", "a.md:1: is not the line `+++`"),
            ("+++\r\ntitle = \"x\"\r\n", "a.md:2: ends before the second line `+++`"),
            ("\u{feff}+++\ntitle = \"x\"\nstatus =\n+++\n", "a.md:3: is not TOML: "),
        ] {
            let error = incident("a".into(), Path::new("a.md"), text).1.unwrap().to_string();
            assert!(error.starts_with(wanted), "{error}");
        }
    }

    #[test]
    fn an_incident_that_was_begun_from_a_conversation_is_open_and_has_no_cause_yet() {
        let (dir, library) = library_with(&["prompts/faq"]);
        assert_eq!(library.incidents("faq").unwrap(), []);
        let begun = Begun {
            title: "a refund".into(),
            version: "1.0.0".into(),
            model: "p:m".into(),
            at: "2026-11-23T04:05:06Z".into(),
            said: Vec::new(),
        };
        library.begin_incident("faq", &begun).unwrap();
        fs::write(dir.path().join("prompts/faq/incidents/notes.txt"), "x").unwrap();
        let found = library.incidents("faq").unwrap();
        let [incident] = &found[..] else { panic!("{found:?}") };
        assert_eq!((incident.name.as_str(), incident.open, &incident.cause), ("2026-11-23_a_refund", true, &None));
    }
}
