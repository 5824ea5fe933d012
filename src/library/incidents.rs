//! `incidents/*.md` of a prompt: one file an incident, with what is known of it as TOML between two `+++` lines.
//!
//! Of these keys greenroom reads `title`, `status`, `cause` and `fixed_in`; a file may have others. An incident is open
//! until its `status` says something else than `open`; one whose front matter cannot be read is open, because nobody knows
//! better.

use crate::error::Result;
use crate::library::Library;
use crate::review::Incident;

impl Library {
    /// The incidents of a prompt, by their names.
    ///
    /// # Errors
    /// When there is no such prompt, or one of the files cannot be read at all.
    pub fn incidents(&self, name: &str) -> Result<Vec<Incident>> {
        let folder = self.prompt_folder(name)?.join("incidents");
        let mut found = Vec::new();
        for file in super::read::names_in(&folder) {
            let Some(name) = file.strip_suffix(".md").filter(|name| !name.starts_with('.')) else { continue };
            if let Some(bytes) = self.bytes_if_there(&folder.join(&file))? {
                found.push(incident(name, &String::from_utf8_lossy(&bytes)));
            }
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }
}

/// What the front matter says.
fn incident(name: &str, text: &str) -> Incident {
    let name = name.to_owned();
    let Some(table) = front_matter(text) else {
        return Incident { name, open: true, readable: false, ..Incident::default() };
    };
    let word = |key: &str| {
        let value = table.get(key).and_then(toml::Value::as_str).map(str::trim);
        value.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    let open = word("status").is_none_or(|status| status.eq_ignore_ascii_case("open"));
    Incident { name, open, readable: true, cause: word("cause"), fixed_in: word("fixed_in") }
}

/// The TOML between the first line, which is `+++`, and the next such line.
fn front_matter(text: &str) -> Option<toml::Table> {
    let mut lines = text.trim_start_matches('\u{feff}').split_inclusive('\n');
    lines.next().filter(|line| line.trim_end() == "+++")?;
    let mut matter = String::new();
    for line in lines {
        if line.trim_end() == "+++" {
            return matter.parse().ok();
        }
        matter.push_str(line);
    }
    None
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::library::Incident as Begun;
    use crate::library::trial::library_with;

    #[test]
    fn an_incident_is_open_until_its_status_says_otherwise_and_one_that_cannot_be_read_is_open() {
        let of = |text: &str| incident("a", text);
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
