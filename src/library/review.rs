//! `review.jsonl` of a draft or a version, and the bytes that a decision about it covers.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::library::{Expected, Ledger, Library, PromptConfig, Saved, Snapshot, Stamp, Which};
use crate::review::{Entry, Evidence, Person, Review, Said, Unreadable, new_id};

/// The name of the file.
pub(super) const REVIEW: &str = "review.jsonl";

/// What a file looks like from outside: while this stays, it is not read again. Lines are only added to a review, so that
/// one that has changed has another length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FileStamp(Option<(u64, Option<SystemTime>)>);

impl FileStamp {
    /// The stamp of a file; that of one that is not there is the default.
    pub fn of(file: &Path) -> Self {
        Self(fs::metadata(file).ok().map(|found| (found.len(), found.modified().ok())))
    }
}

/// A review as its file has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reviewed {
    /// What was said and decided.
    pub review: Review,
    /// Lines that could not be read, each with its place; the others count.
    pub problems: Vec<Error>,
    /// How many lines are of a kind that this greenroom does not know, by kind.
    pub newer: BTreeMap<String, usize>,
}

/// What was said, as it stands in the review now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Its name.
    pub id: String,
    /// The files that were written.
    pub files: Vec<PathBuf>,
}

/// The lines that went from the draft's review to that of a version.
#[derive(Debug, Default)]
struct Moved(HashSet<String>);

impl Moved {
    fn holds(&self, line: &str) -> bool {
        self.0.contains(line.trim())
    }
}

impl Library {
    /// Where the review of this state stands.
    pub fn review_file(&self, snapshot: &Snapshot) -> PathBuf {
        snapshot.folder.join(REVIEW)
    }

    /// Where the review of a state stands that was not read.
    ///
    /// # Errors
    /// When there is no such prompt or state.
    pub fn review_file_of(&self, name: &str, which: &Which) -> Result<PathBuf> {
        let prompt = self.prompt_folder(name)?;
        Ok(self.state_folder(name, &prompt, which)?.join(REVIEW))
    }

    /// What was said about this state of a prompt, as far as it can be read.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn reviewed(&self, snapshot: &Snapshot) -> Result<Reviewed> {
        let prompt = self.prompt_folder(&snapshot.prompt)?;
        self.review_in(&prompt, &snapshot.which, &self.review_file(snapshot))
    }

    /// The same of a state that was not read.
    ///
    /// # Errors
    /// When there is no such prompt or state, or the file cannot be read at all.
    pub fn reviewed_of(&self, name: &str, which: &Which) -> Result<Reviewed> {
        self.review_in(&self.prompt_folder(name)?, which, &self.review_file_of(name, which)?)
    }

    fn review_in(&self, prompt: &Path, which: &Which, file: &Path) -> Result<Reviewed> {
        let mut ledger = self.ledger(file)?;
        if *which == Which::Draft && !ledger.lines.is_empty() {
            let moved = self.said_of_versions(prompt)?;
            ledger.lines.retain(|line| !moved.holds(&line.text));
        }
        let (found, entries) = understood(file, ledger);
        Ok(Reviewed { review: Review::of(entries), ..found })
    }

    /// The review of the draft in this folder of a prompt, as it goes with the version that is cut of it: without the lines
    /// that are in the review of a version already. `None` where there is none.
    pub(super) fn said_of_draft(&self, prompt: &Path) -> Result<Option<Vec<u8>>> {
        let Some(said) = self.bytes_if_there(&prompt.join("draft").join(REVIEW))? else { return Ok(None) };
        let moved = self.said_of_versions(prompt)?;
        let lines = said.split_inclusive(|byte| *byte == b'\n');
        let stays = |line: &&[u8]| std::str::from_utf8(line).map_or(true, |line| !moved.holds(line));
        Ok(Some(lines.filter(stays).flatten().copied().collect()))
    }

    /// What stands in the reviews of this prompt's versions. A cut moves the draft's review to its version; where somebody
    /// else has added to it meanwhile, git brings all of it back when the two are merged, and then it is there twice.
    fn said_of_versions(&self, prompt: &Path) -> Result<Moved> {
        let mut moved = Moved::default();
        for version in self.versions_in(prompt).found {
            if let Some(said) = self.bytes_if_there(&version.folder.join(REVIEW))? {
                moved.0.extend(String::from_utf8_lossy(&said).lines().map(|line| line.trim().to_owned()));
            }
        }
        Ok(moved)
    }

    /// Adds what a person says to the review of this state. What belongs to a comment names it by `id`; everything else gets
    /// a name of its own.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn say(
        &self,
        snapshot: &Snapshot,
        said: &Said,
        id: Option<&str>,
        by: &Person,
        at: Timestamp,
    ) -> Result<Entered> {
        let id = match id {
            Some(id) => id.to_owned(),
            None => new_id(at, &by.name, &serde_json::to_string(&said.keys("")).unwrap_or_default()),
        };
        let files = self.append(&self.review_file(snapshot), &said.signed(&id, by), &by.name, at)?;
        Ok(Entered { id, files })
    }

    /// Puts `text` in place of the draft's text that `snapshot` was read from.
    ///
    /// # Errors
    /// When somebody has written the draft since, or it cannot be written.
    pub fn replace_draft(&self, snapshot: &Snapshot, text: &str) -> Result<()> {
        match self.save_draft_text(&snapshot.prompt, text, Expected::This(Stamp::of(&snapshot.text)))? {
            Saved::Done(_) => Ok(()),
            Saved::Changed(_) => Err(Error::input("somebody has written the draft in this moment")
                .at(snapshot.folder.join("system_prompt.txt"))
                .hint("look at it, and try again")),
        }
    }

    /// Where a file of the draft stands, whether it is there or not.
    ///
    /// # Errors
    /// When there is no such prompt.
    pub fn draft_file(&self, name: &str, file: &str) -> Result<PathBuf> {
        Ok(self.prompt_folder(name)?.join("draft").join(file))
    }

    /// The files that a decision about the draft covers, whether they are there or not: those of [`Library::evidence`].
    ///
    /// # Errors
    /// When there is no such prompt.
    pub fn files_of_draft(&self, name: &str) -> Result<Vec<PathBuf>> {
        let prompt = self.prompt_folder(name)?;
        let files = ["draft/system_prompt.txt", "draft/config.json", "prompt.toml", "evals/cases.yaml"];
        Ok(files.map(|file| prompt.join(file)).to_vec())
    }

    /// The digest of the bytes that a decision about this state covers: its text, its configuration, what `prompt.toml`
    /// declares, and the eval suite. A draft without a `config.json` has the digest of the version that is cut of it.
    ///
    /// # Errors
    /// When one of the files cannot be read.
    pub fn evidence(&self, snapshot: &Snapshot) -> Result<String> {
        let prompt = self.prompt_folder(&snapshot.prompt)?;
        let config_file = snapshot.folder.join("config.json");
        let config = match self.bytes_if_there(&config_file)? {
            Some(bytes) => bytes,
            None => PromptConfig::default().write(&config_file, None)?.into_bytes(),
        };
        let declarations = self.declarations_as_json(&prompt.join("prompt.toml"))?;
        let suite = self.bytes_if_there(&prompt.join("evals").join("cases.yaml"))?;
        let evidence = Evidence {
            prompt: snapshot.text.as_bytes(),
            config: Some(&config),
            declarations: declarations.as_deref(),
            suite: suite.as_deref(),
        };
        Ok(evidence.sha256())
    }

    /// The `variables` table of `prompt.toml` with all its keys, also those that greenroom does not know; comments and
    /// blanks do not count.
    fn declarations_as_json(&self, file: &Path) -> Result<Option<String>> {
        match self.text_if_there(file)? {
            Some(text) => declarations_of(file, &text),
            None => Ok(None),
        }
    }
}

/// What the lines of the ledger in `file` say, and what of it is no line of a review; nothing is put together yet.
pub(super) fn understood(file: &Path, ledger: Ledger) -> (Reviewed, Vec<Entry>) {
    let mut found = Reviewed { problems: ledger.damaged, ..Reviewed::default() };
    let mut entries = Vec::with_capacity(ledger.lines.len());
    for line in &ledger.lines {
        match Entry::read(line.at, &line.by, &line.text) {
            Ok(entry) => entries.push(entry),
            Err(Unreadable::Newer(kind)) => *found.newer.entry(kind).or_default() += 1,
            Err(Unreadable::Wrong(what)) => {
                found.problems.push(Error::input(what).at_line(file, line.number, None));
            }
            Err(Unreadable::Damaged(error)) => {
                let error = Error::input(format!("is not a line of a review: {error}"));
                found.problems.push(error.at_line(file, line.number, None));
            }
        }
    }
    found.problems.sort_by_key(|problem| problem.place.as_ref().and_then(|place| place.line));
    (found, entries)
}

/// The same of the text of a `prompt.toml`.
pub(super) fn declarations_of(file: &Path, text: &str) -> Result<Option<String>> {
    let table: toml::Table =
        toml::from_str(text).map_err(|error| Error::input(format!("is not TOML: {}", error.message())).at(file))?;
    let declared = table.get("variables").map(|variables| serde_json::to_value(variables).unwrap_or(Value::Null));
    Ok(declared.map(|declared| declared.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::trial::library_with;
    use crate::library::{Cut, Step};
    use crate::review::{Anchor, Decision};

    fn trial() -> (tempfile::TempDir, Library, Snapshot) {
        let (folder, library) = library_with(&["prompts"]);
        library.create("a", "# Role\nYou help {{user}}.\n").unwrap();
        let snapshot = library.read("a", &Which::Draft).unwrap();
        (folder, library, snapshot)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_770_000_000 + second).unwrap()
    }

    fn comment(text: &str) -> Said {
        Said::Comment { anchor: Anchor::Whole, text: text.into(), replacement: None }
    }

    fn digest(library: &Library) -> String {
        library.evidence(&library.read("a", &Which::Draft).unwrap()).unwrap()
    }

    #[test]
    fn what_is_said_is_read_again_and_answers_find_their_comment() {
        let (_folder, library, draft) = trial();
        assert_eq!(library.reviewed(&draft).unwrap(), Reviewed::default());
        let id = library.say(&draft, &comment("why?"), None, &"Ben".into(), at(0)).unwrap().id;
        let same = library.say(&draft, &comment("why?"), None, &"Ben".into(), at(1)).unwrap().id;
        assert_ne!(id, same);
        library.say(&draft, &Said::Reply("because".into()), Some(&id), &"Ana".into(), at(2)).unwrap();
        let review = library.reviewed(&draft).unwrap().review;
        assert_eq!(review.threads.len(), 2);
        assert_eq!(review.threads[0].replies[0].text, "because");
        assert_eq!((review.threads[0].by.as_str(), review.threads[0].id.as_str()), ("Ben", id.as_str()));
    }

    #[test]
    fn damaged_and_later_lines_are_told_and_the_others_count() {
        let (_folder, library, draft) = trial();
        library.say(&draft, &comment("one"), None, &"Ben".into(), at(0)).unwrap();
        let file = library.review_file(&draft);
        let mut text = fs::read_to_string(&file).unwrap();
        text += "{\"at\":\"2026-01-01T00:00:00Z\",\"by\":\"x\",\"kind\":\"applaud\",\"id\":\"1\"}\n";
        text += "{\"at\":\"2026-01-01T00:00:00Z\",\"by\":\"x\",\"kind\":\"approve\",\"id\":\"1\"}\n";
        text += "{\"at\":\"2026-01-01T00:00:00Z\",\"by\":\"x\",\"kind\":\"repl";
        fs::write(&file, &text).unwrap();
        let found = library.reviewed(&draft).unwrap();
        assert_eq!(found.review.threads.len(), 1);
        assert_eq!(found.newer, BTreeMap::from([("applaud".to_owned(), 1)]));
        let lines: Vec<_> = found.problems.iter().map(|problem| problem.place.as_ref().unwrap().line).collect();
        assert_eq!(lines, [Some(3), Some(4)]);
    }

    #[test]
    fn a_decision_covers_text_config_declarations_and_suite() {
        let (_folder, library, draft) = trial();
        let prompt = draft.folder.parent().unwrap().to_owned();
        let mut known = vec![digest(&library)];
        let mut changed = |file: &Path, text: &str| {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
            let digest = digest(&library);
            assert!(!known.contains(&digest), "{}", file.display());
            known.push(digest);
        };
        changed(&draft.folder.join("system_prompt.txt"), "# Role\nYou help {{user}}\n");
        changed(&draft.folder.join("config.json"), "{\"model\": \"offline\"}\n");
        changed(&prompt.join("prompt.toml"), "[variables.user]\nprivacy = \"personal\"\n");
        changed(&prompt.join("prompt.toml"), "[variables.user]\nprivacy = \"public\"\nlater = 1\n");
        changed(&prompt.join("evals/cases.yaml"), "[]\n");
        let before = digest(&library);
        let about = "title = \"A\"\n\n[variables.user]  # who\nprivacy = \"public\"\nlater = 1\n";
        fs::write(prompt.join("prompt.toml"), about).unwrap();
        assert_eq!(digest(&library), before, "a title and a comment are no part of what was approved");
    }

    #[test]
    fn an_approval_of_the_draft_goes_with_the_version_that_is_cut_of_it() {
        let (_folder, library, draft) = trial();
        let _ = fs::remove_file(draft.folder.join("config.json"));
        let sha256 = digest(&library);
        let approve = Said::Decide { decision: Decision::Approve, sha256, text: String::new() };
        library.say(&draft, &approve, None, &"Ben".into(), at(0)).unwrap();
        let date = jiff::civil::date(2026, 5, 1);
        library.cut("a", &Cut { step: Step::Major, what: "w".into(), why: "y".into(), date }).unwrap();
        let version = library.read("a", &Which::Version("1.0.0".parse().unwrap())).unwrap();
        let review = library.reviewed(&version).unwrap().review;
        let digest = library.evidence(&version).unwrap();
        assert_eq!(review.standing(&digest, &[].into()).approvals.len(), 1);
        assert_eq!(library.reviewed(&draft).unwrap(), Reviewed::default(), "the draft begins anew");
        assert!(library.verify(Some("a")).unwrap()[0].problems.is_empty());
    }
}
