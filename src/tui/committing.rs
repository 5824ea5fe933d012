//! What greenroom has written into a library that git keeps, until it is committed or left as it is.
//!
//! Whoever writes such files tells it with [`Msg::Wrote`](crate::tui::msg::Msg::Wrote); whether it is asked about, done at
//! once or left is `[git] commit` of the library, and is decided in one place.

use std::path::{Path, PathBuf};

use crate::git::subject;

/// So many files stand in the line of a commit; of more it is said how many.
const NAMED: usize = 4;

/// Files that were written together, and what a commit of them says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The files, as paths that can be opened.
    pub files: Vec<PathBuf>,
    /// What was done, in words; its first line is the commit's.
    pub what: String,
    /// When it is asked about.
    pub when: When,
}

/// When it is asked whether something is committed, where the library wants to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// As soon as nobody writes: it is a step of its own.
    AtOnce,
    /// With the next step, or when the user says so: there are many of them, and a question after each would be in the way.
    Gathered,
    /// With a step that is about these very files, or when the user says so: a draft is saved every few seconds, and a
    /// release has nothing to do with the half of a sentence.
    Draft,
}

/// What is not committed yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committing {
    /// What the next question is about.
    pub asking: Vec<Written>,
    /// What comes along with it; what was done of one kind is one commit.
    pub gathered: Vec<Written>,
    /// Drafts that were saved.
    pub drafts: Vec<Written>,
    /// What was left for later: the action that commits takes it along.
    pub left: Vec<Written>,
}

impl Committing {
    /// Keeps something for the next question: more of the same goes into the same commit. `true` for the first of its kind.
    pub fn gather(&mut self, written: Written) -> bool {
        let kept = if written.when == When::Draft { &mut self.drafts } else { &mut self.gathered };
        let is_first = kept.is_empty();
        match kept.iter_mut().find(|known| known.what == written.what) {
            Some(known) => known.take(written.files),
            None => kept.push(written),
        }
        is_first
    }

    /// What a step commits: what stands in its own files cannot be a commit of its own any more, and is part of it.
    pub fn with_its_own(&mut self, mut step: Written) -> Written {
        let is_of_it = |known: &mut Written| known.files.iter().any(|file| step.files.contains(file));
        let of_it: Vec<_> =
            self.gathered.extract_if(.., is_of_it).chain(self.drafts.extract_if(.., is_of_it)).collect();
        step.take(of_it.into_iter().flat_map(|written| written.files));
        step
    }

    /// Asks about a step next, and about what was gathered.
    pub fn step(&mut self, step: Written) {
        let step = self.with_its_own(step);
        self.asking.append(&mut self.gathered);
        self.asking.push(step);
    }

    /// Asks about everything that is known.
    pub fn everything(&mut self) {
        let waiting = [&mut self.left, &mut self.gathered, &mut self.drafts].map(std::mem::take);
        self.asking.splice(0..0, waiting.into_iter().flatten());
    }

    /// What of a prompt in `folder` is not committed is `found`: it is asked about too, and what git has meanwhile is not.
    pub fn found(&mut self, prompt: &str, folder: &Path, mut found: Vec<PathBuf>) {
        self.asking.retain_mut(|written| {
            written.files.retain(|file| !file.starts_with(folder) || found.iter().any(|found| found.starts_with(file)));
            !written.files.is_empty()
        });
        // what is known may be a folder
        let known = |file: &PathBuf| self.asking.iter().any(|it| it.files.iter().any(|known| file.starts_with(known)));
        found.retain(|file| !known(file));
        if !found.is_empty() {
            self.asking.push(Written { what: about(prompt, folder, &found), files: found, when: When::AtOnce });
        }
    }
}

impl Written {
    /// The draft of a prompt: one of its files was saved.
    pub fn draft(prompt: &str, file: PathBuf) -> Self {
        Self { what: format!("{prompt}: the draft"), files: vec![file], when: When::Draft }
    }

    fn take(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        self.files.extend(files);
        self.files.sort();
        self.files.dedup();
    }

    /// The line of the commit.
    pub fn subject(&self) -> String {
        subject(&self.what)
    }
}

/// `1 file` or `5 files`.
pub fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

/// What a commit of these files of a prompt is about: their names inside the prompt's folder. Where the folder itself
/// stands is nobody else's business.
fn about(prompt: &str, folder: &Path, files: &[PathBuf]) -> String {
    let name = |file: &Path| file.file_name().map(PathBuf::from).unwrap_or_default();
    let inside =
        |file: &PathBuf| file.strip_prefix(folder).map_or_else(|_| name(file), Path::to_owned).display().to_string();
    let named: Vec<_> = files.iter().take(NAMED).map(inside).collect();
    let more = match files.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{prompt}: {}{more}", named.join(", "))
}
