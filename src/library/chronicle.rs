//! All states of a prompt in the order in which they were written: what each says of itself, and who wrote it.

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Date;

use crate::error::Result;
use crate::library::read::{has_draft, missing_text};
use crate::library::revision::git;
use crate::library::{Library, Which};

/// One state of a prompt with what is known about how it came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// Which state.
    pub which: Which,
    /// The day it was frozen; none for the draft.
    pub date: Option<Date>,
    /// Who wrote it, as its changelog or else git says.
    pub by: Option<String>,
    /// What changed, as its changelog says.
    pub what: Option<String>,
    /// Why, as its changelog says.
    pub why: Option<String>,
    /// The exact text.
    pub text: String,
}

/// All states that could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chronicle {
    /// In rising order, the draft last.
    pub chapters: Vec<Chapter>,
    /// What could not be read, in words; the others count.
    pub problems: Vec<String>,
}

impl Library {
    /// All states of the prompt `name`. One that cannot be read is left out and said.
    ///
    /// # Errors
    /// When there is no such prompt.
    pub fn chronicle(&self, name: &str) -> Result<Chronicle> {
        let folder = self.prompt_folder(name)?;
        let versions = self.versions_in(&folder);
        let mut chronicle = Chronicle::default();
        let mut authors = Authors::of(self.root(), &format!("prompts/{name}"));
        let states =
            versions.found.into_iter().map(|entry| (Which::Version(entry.version), Some(entry.date), entry.folder));
        let draft = has_draft(&folder).then(|| (Which::Draft, None, folder.join("draft")));
        for (which, date, folder) in states.chain(draft) {
            let file = folder.join("system_prompt.txt");
            let read = self.inside(&folder).and_then(|()| self.text_if_there(&file));
            match read.and_then(|text| text.ok_or_else(|| missing_text(&file))) {
                Ok(text) => {
                    let log = self.text_if_there(&folder.join("changelog.md")).ok().flatten().unwrap_or_default();
                    let said = |title: &str| below(&log, title);
                    let place = file.strip_prefix(self.root()).unwrap_or(&file).to_string_lossy().into_owned();
                    let by = author(&log).or_else(|| match which {
                        Which::Draft => authors.of_draft(self.root(), &place),
                        Which::Version(_) => authors.first.remove(&place),
                    });
                    chronicle.chapters.push(Chapter {
                        which,
                        date,
                        by,
                        what: said("what changed").or_else(|| said("what")),
                        why: said("why"),
                        text,
                    });
                }
                Err(error) => chronicle.problems.push(error.to_string()),
            }
        }
        Ok(chronicle)
    }
}

/// What stands below a heading of a changelog, up to the next one.
fn below(log: &str, title: &str) -> Option<String> {
    let heading = |line: &str| line.strip_prefix('#').map(|rest| rest.trim_start_matches('#').trim().to_lowercase());
    let mut lines = log.lines().skip_while(|line| heading(line).as_deref() != Some(title));
    lines.next()?;
    let text: Vec<&str> = lines.take_while(|line| heading(line).is_none()).collect();
    let text = text.join("\n");
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Who a changelog says wrote it: a line `By: NAME` or `Author: NAME`.
fn author(log: &str) -> Option<String> {
    let name = |line: &str| {
        let (word, name) = line.trim_start_matches(['-', '*', ' ']).split_once(':')?;
        let word = word.trim_matches('*').to_ascii_lowercase();
        Some(name.trim_matches(['*', ' ']).to_owned())
            .filter(|name| matches!(&*word, "by" | "author") && !name.is_empty())
    };
    log.lines().find_map(name)
}

/// Who git says wrote a file: of a version the first who added it, of the draft the last who changed it.
#[derive(Debug, Default)]
struct Authors {
    first: HashMap<String, String>,
    last: HashMap<String, String>,
}

impl Authors {
    /// Of the files in `folder`; nobody where git is not there or knows nothing of it.
    fn of(root: &Path, folder: &str) -> Self {
        let mut authors = Self::default();
        // no repository anywhere above is seen without starting git
        if !root.ancestors().any(|folder| folder.join(".git").exists()) {
            return authors;
        }
        let asked = git(root)
            .args(["log", "--no-renames", "--no-show-signature", "--relative", "--name-only", "-z"])
            .args(["--format=%x01%an", "--", &format!(":(glob)./{folder}/*/system_prompt.txt")])
            .output();
        let Some(log) = asked.ok().filter(|ran| ran.status.success()) else { return authors };
        let log = String::from_utf8_lossy(&log.stdout);
        // newest first: a mark, the author, then the files
        for commit in log.split('\u{1}').skip(1) {
            let mut parts = commit.split(['\0', '\n']).filter(|part| !part.is_empty());
            let Some(author) = parts.next() else { continue };
            for file in parts {
                authors.last.entry(file.to_owned()).or_insert_with(|| author.to_owned());
                authors.first.insert(file.to_owned(), author.to_owned());
            }
        }
        authors
    }

    /// Who changed the draft last; nobody that git knows where it was changed since.
    fn of_draft(&mut self, root: &Path, file: &str) -> Option<String> {
        let author = self.last.remove(file)?;
        let asked = git(root).args(["diff", "--quiet", "--no-ext-diff", "HEAD", "--", &format!("./{file}")]).status();
        asked.is_ok_and(|status| status.success()).then_some(author)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changelog_says_what_why_and_who() {
        let log = "# faq 1.1.0 (2024-04-02)\n\nAuthor: Jo Doe\n\n## What changed\n\nWarmer tone\nin two lines\n\n## Why\n\nSatisfaction fell\n\n## Rollback\n\nx\n";
        assert_eq!(below(log, "what changed").as_deref(), Some("Warmer tone\nin two lines"));
        assert_eq!(below(log, "why").as_deref(), Some("Satisfaction fell"));
        assert_eq!(author(log).as_deref(), Some("Jo Doe"));
        assert_eq!((below("", "why"), author("why: x")), (None, None));
    }
}
