//! A turn of a playtest as evidence in the library: a case of the eval suite, or the start of an incident.

use std::path::PathBuf;

use crate::error::Result;
use crate::library::Library;
use crate::vars::{Case, appended};

/// The start of an incident: what was said, and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// What happened, in a line.
    pub title: String,
    /// `draft`, or a version.
    pub version: String,
    /// What answered.
    pub model: String,
    /// When the file is begun, RFC 3339; given by who writes it.
    pub at: String,
    /// The conversation: who spoke, and what was said.
    pub said: Vec<(String, String)>,
}

impl Library {
    /// Adds a case to the prompt's `evals/cases.yaml`, which is made when there is none. Gives the file.
    ///
    /// # Errors
    /// When there is no such prompt, or the suite cannot be added to without a guess: then it is as it was.
    pub fn add_case(&self, name: &str, case: &Case) -> Result<PathBuf> {
        let folder = self.prompt_folder(name)?.join("evals");
        self.make_folder(&folder)?;
        let file = folder.join("cases.yaml");
        let before = self.text_if_there(&file)?.unwrap_or_default();
        self.replace(&file, appended(&file, &before, case)?.as_bytes())?;
        Ok(file)
    }

    /// Begins an incident in the prompt's `incidents` folder, in a file of its own that is named by day and title. Gives
    /// the file.
    ///
    /// # Errors
    /// When there is no such prompt, or the file cannot be written.
    pub fn begin_incident(&self, name: &str, incident: &Incident) -> Result<PathBuf> {
        let folder = self.prompt_folder(name)?.join("incidents");
        self.make_folder(&folder)?;
        let day = incident.at.get(..10).unwrap_or_default();
        let stem = format!("{day}_{}", slug(&incident.title));
        let names = (1..).map(|number| if number == 1 { format!("{stem}.md") } else { format!("{stem}_{number}.md") });
        let mut files = names.map(|name| folder.join(name));
        // names do not run out
        let file = files.find(|file| !file.exists()).unwrap_or_else(|| folder.join("incident.md"));
        self.replace(&file, incident.text(name).as_bytes())?;
        Ok(file)
    }
}

impl Incident {
    /// The file: front matter between `+++` lines, what was said, and what is to be filled in.
    fn text(&self, prompt: &str) -> String {
        let mut matter = toml::Table::new();
        let version = self.version.clone();
        let facts =
            [("title", &self.title), ("prompt", &prompt.to_owned()), ("version", &version), ("model", &self.model)];
        matter.extend(facts.map(|(key, value)| (key.to_owned(), toml::Value::String(value.clone()))));
        matter.insert("status".into(), toml::Value::String("open".into()));
        let mut text = format!("+++\nat = {}\n{matter}+++\n\n## What was said\n", self.at);
        for (who, said) in &self.said {
            text.extend(["\n", who, ":\n\n"]);
            text.extend(said.lines().map(|line| if line.is_empty() { ">\n".into() } else { format!("> {line}\n") }));
        }
        text.push_str("\n## What should have come\n\n\n## Who was affected\n\n\n## What was done\n\n");
        text
    }
}

/// A name of a file out of a title: letters, digits and `_`.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.take(8).map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_");
    let short: String = slug.chars().take(48).collect();
    if short.is_empty() { "incident".to_owned() } else { short }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::library::trial::library_with;

    #[test]
    fn a_case_is_written_into_the_suite_and_a_suite_that_is_no_list_stays_as_it_is() {
        let (dir, library) = library_with(&["prompts/faq"]);
        let case = Case { description: "x".into(), vars: vec![("message".into(), "hi".into())], origin: String::new() };
        let file = library.add_case("faq", &case).unwrap();
        assert!(file.starts_with(dir.path()) && fs::read_to_string(&file).unwrap().contains("message"));
        fs::write(&file, "tests: []\n").unwrap();
        assert!(library.add_case("faq", &case).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "tests: []\n");
    }

    #[test]
    fn an_incident_has_front_matter_that_is_toml_and_a_name_of_its_own() {
        let (_dir, library) = library_with(&["prompts/faq"]);
        let incident = Incident {
            title: "It \"promised\" a refund!".into(),
            version: "1.2.0".into(),
            model: "p:m".into(),
            at: "2026-11-23T04:05:06Z".into(),
            said: vec![("user".into(), "+++\nRefund?".into()), ("assistant".into(), "Yes.\n\nSure.".into())],
        };
        let first = library.begin_incident("faq", &incident).unwrap();
        assert_eq!(first.file_name().unwrap(), "2026-11-23_it_promised_a_refund.md");
        assert_ne!(library.begin_incident("faq", &incident).unwrap(), first);
        let text = fs::read_to_string(&first).unwrap();
        let matter = text.split("+++\n").nth(1).unwrap();
        let table: toml::Table = matter.parse().unwrap();
        assert_eq!(
            (table["title"].as_str(), table["status"].as_str()),
            (Some("It \"promised\" a refund!"), Some("open"))
        );
        assert!(table["at"].is_datetime());
        assert!(text.contains("> +++\n> Refund?"), "a mark in what was said is no end of the front matter: {text}");
    }
}
