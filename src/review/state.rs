//! All lines of a review together.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::anchor::Anchor;
use super::entry::{Decision, Entry, Said};
use super::stage::Stage;

/// What was said and decided, the first first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// Comments and suggestions with their answers.
    pub threads: Vec<Thread>,
    /// Decisions.
    pub decisions: Vec<Decided>,
    /// Steps that were said to be done: which, by whom, when, on which digest.
    pub done: Vec<(Stage, String, Timestamp, Option<String>)>,
    /// Answers to comments that are not there, by the comment's name: their line may be on a branch that is not merged.
    pub strays: Vec<String>,
    /// Names of one person: the one that a line is signed with, and what git called whoever wrote it.
    pub names: BTreeSet<(String, String)>,
}

/// A comment or suggestion with its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Its name.
    pub id: String,
    /// When it was said.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// What it is about.
    pub anchor: Anchor,
    /// The words.
    pub text: String,
    /// What is to stand in place of the lines.
    pub replacement: Option<String>,
    /// The answers, the first first.
    pub replies: Vec<Reply>,
    /// How it ended; `None` while it is open.
    pub outcome: Option<Outcome>,
}

/// An answer to a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The words.
    pub text: String,
}

/// How a comment ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// When.
    pub at: Timestamp,
    /// Who settled it.
    pub by: String,
    /// Whether its suggestion was taken.
    pub taken: bool,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Which.
    pub decision: Decision,
    /// The digest of what was looked at.
    pub sha256: String,
    /// Why; may be empty.
    pub text: String,
}

/// What came of looking for a comment by the beginning of its name.
#[derive(Debug, PartialEq, Eq)]
pub enum Finding<'a> {
    /// This one.
    One(&'a Thread),
    /// None begins so.
    None,
    /// Several begin so.
    Several(Vec<&'a str>),
}

/// What the decisions come to for the bytes of now: of each person the last one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Approvals of these bytes.
    pub approvals: Vec<&'a Decided>,
    /// Requests for changes to these bytes.
    pub against: Vec<&'a Decided>,
    /// Decisions about other bytes: void.
    pub void: Vec<&'a Decided>,
    /// Approvals by authors, which do not count.
    pub own: Vec<&'a Decided>,
}

impl Review {
    /// Puts entries together. They may stand in any order, and more than once; of two at one moment the later in the
    /// file is the later.
    pub fn of(entries: Vec<Entry>) -> Self {
        let mut entries = entries;
        entries.sort_by_key(|entry| entry.at);
        let mut review = Self::default();
        let mut known: HashMap<String, usize> = HashMap::new();
        // answers can have an earlier moment than what they answer: clocks differ
        let (comments, rest): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| matches!(entry.said, Said::Comment { .. }));
        for Entry { at, by, git, id, said } in comments {
            review.knows(&by, git);
            if let Said::Comment { anchor, text, replacement } = said
                && !known.contains_key(&id)
            {
                known.insert(id.clone(), review.threads.len());
                review.threads.push(Thread {
                    id,
                    at,
                    by,
                    anchor,
                    text,
                    replacement,
                    replies: Vec::new(),
                    outcome: None,
                });
            }
        }
        for entry in rest {
            review.add(entry, &known);
        }
        review
    }

    fn add(&mut self, entry: Entry, known: &HashMap<String, usize>) {
        let Entry { at, by, git, id, said } = entry;
        self.knows(&by, git);
        match said {
            Said::Comment { .. } => {}
            Said::Decide { decision, sha256, text } => {
                let decided = Decided { at, by, decision, sha256, text };
                if self.decisions.last() != Some(&decided) {
                    self.decisions.push(decided);
                }
            }
            Said::Done { stage, sha256, .. } => self.done.push((stage, by, at, sha256)),
            Said::Reply(text) => {
                let reply = Reply { at, by, text };
                if let Some(thread) = self.answered(id, known)
                    && !thread.replies.contains(&reply)
                {
                    thread.replies.push(reply);
                }
            }
            Said::Resolve { taken } => {
                if let Some(thread) = self.answered(id, known) {
                    thread.outcome = Some(Outcome { at, by, taken });
                }
            }
            Said::Reopen => {
                if let Some(thread) = self.answered(id, known) {
                    thread.outcome = None;
                }
            }
        }
    }

    fn answered(&mut self, id: String, known: &HashMap<String, usize>) -> Option<&mut Thread> {
        if let Some(&index) = known.get(&id) {
            return Some(&mut self.threads[index]);
        }
        if !self.strays.contains(&id) {
            self.strays.push(id);
        }
        None
    }

    /// The comments that nobody has settled.
    pub fn open(&self) -> impl Iterator<Item = &Thread> {
        self.threads.iter().filter(|thread| thread.outcome.is_none())
    }

    /// The comment whose name is `name`, or the only one whose name begins so.
    pub fn thread(&self, name: &str) -> Finding<'_> {
        if let Some(thread) = self.threads.iter().find(|thread| thread.id == name) {
            return Finding::One(thread);
        }
        let begin: Vec<&Thread> = self.threads.iter().filter(|thread| thread.id.starts_with(name)).collect();
        match begin[..] {
            _ if name.is_empty() => Finding::None,
            [] => Finding::None,
            [one] => Finding::One(one),
            _ => Finding::Several(begin.iter().map(|thread| thread.id.as_str()).collect()),
        }
    }

    /// What the decisions come to for what has this digest. Approvals of `authors` do not count; where authors may
    /// approve, `authors` is empty.
    pub fn standing(&self, sha256: &str, authors: &BTreeSet<String>) -> Standing<'_> {
        let mut last: Vec<&Decided> = Vec::new();
        for decided in &self.decisions {
            last.retain(|known| known.by != decided.by);
            last.push(decided);
        }
        let mut standing = Standing::default();
        for decided in last {
            match decided.decision {
                _ if decided.sha256 != sha256 => standing.void.push(decided),
                Decision::RequestChanges => standing.against.push(decided),
                Decision::Approve if authors.contains(&decided.by) => standing.own.push(decided),
                Decision::Approve => standing.approvals.push(decided),
            }
        }
        standing
    }

    /// Who has said that the draft is written: the authors, as far as the review knows them.
    pub fn authors(&self) -> BTreeSet<String> {
        let drafted = self.done.iter().filter(|(stage, ..)| *stage == Stage::Draft);
        drafted.map(|(_, by, ..)| by.clone()).collect()
    }

    fn knows(&mut self, by: &str, git: Option<String>) {
        if let Some(git) = git {
            self.names.insert((by.to_owned(), git));
        }
    }

    /// Who has said that this step is done, the last one first to be believed.
    pub fn done(&self, stage: Stage) -> Option<(&str, Timestamp)> {
        let marks = self.done.iter().rev().find(|(done, ..)| *done == stage);
        marks.map(|(_, by, at, _)| (by.as_str(), *at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(second: i64, by: &str, id: &str, said: Said) -> Entry {
        Entry { at: Timestamp::from_second(second).unwrap(), by: by.into(), git: None, id: id.into(), said }
    }

    fn comment(second: i64, id: &str) -> Entry {
        entry(second, "Ben", id, Said::Comment { anchor: Anchor::Whole, text: "?".into(), replacement: None })
    }

    fn decide(second: i64, by: &str, decision: Decision, sha256: &str) -> Entry {
        entry(second, by, "d", Said::Decide { decision, sha256: sha256.into(), text: String::new() })
    }

    #[test]
    fn lines_in_any_order_and_twice_make_the_same_review() {
        let lines = [
            comment(1, "c1"),
            comment(2, "c2"),
            entry(3, "Ana", "c1", Said::Reply("because".into())),
            entry(4, "Ana", "c1", Said::Resolve { taken: false }),
            decide(5, "Ben", Decision::Approve, "x"),
        ];
        let review = Review::of(lines.to_vec());
        assert_eq!(review.threads.len(), 2);
        assert_eq!(review.threads[0].replies.len(), 1);
        assert_eq!(review.open().map(|thread| thread.id.as_str()).collect::<Vec<_>>(), ["c2"]);
        let turned: Vec<_> = lines.iter().rev().chain(&lines).cloned().collect();
        assert_eq!(Review::of(turned), review);
    }

    #[test]
    fn a_comment_that_is_settled_can_be_opened_again() {
        let mut lines = vec![comment(1, "c1"), entry(2, "Ana", "c1", Said::Resolve { taken: true })];
        assert!(Review::of(lines.clone()).threads[0].outcome.as_ref().unwrap().taken);
        lines.push(entry(3, "Ben", "c1", Said::Reopen));
        assert_eq!(Review::of(lines).open().count(), 1);
    }

    #[test]
    fn an_answer_with_an_earlier_clock_still_belongs_to_its_comment() {
        let review = Review::of(vec![entry(1, "Ana", "c1", Said::Reply("yes".into())), comment(9, "c1")]);
        assert_eq!(review.threads[0].replies.len(), 1);
        assert!(review.strays.is_empty());
    }

    #[test]
    fn an_answer_to_nothing_is_told_once() {
        let stray = entry(1, "Ana", "c9", Said::Reply("yes".into()));
        let review = Review::of(vec![stray.clone(), stray]);
        assert_eq!(review.strays, ["c9"]);
        assert!(review.threads.is_empty());
    }

    #[test]
    fn a_comment_is_found_by_the_beginning_of_its_name() {
        let review = Review::of(vec![comment(1, "abc"), comment(2, "abd"), comment(3, "ab")]);
        assert!(matches!(review.thread("abc"), Finding::One(thread) if thread.id == "abc"));
        assert!(matches!(review.thread("ab"), Finding::One(thread) if thread.id == "ab"));
        assert!(matches!(review.thread("a"), Finding::Several(names) if names.len() == 3));
        assert_eq!(review.thread("x"), Finding::None);
        assert_eq!(review.thread(""), Finding::None);
    }

    #[test]
    fn the_last_decision_of_each_person_counts_and_only_for_its_bytes() {
        let review = Review::of(vec![
            decide(1, "Ben", Decision::RequestChanges, "new"),
            decide(2, "Ben", Decision::Approve, "new"),
            decide(3, "Cleo", Decision::Approve, "old"),
            decide(4, "Ana", Decision::Approve, "new"),
            decide(5, "Dan", Decision::RequestChanges, "new"),
        ]);
        let authors = BTreeSet::from(["Ana".to_owned()]);
        let standing = review.standing("new", &authors);
        let names = |decided: &[&Decided]| decided.iter().map(|decided| decided.by.clone()).collect::<Vec<_>>();
        assert_eq!(names(&standing.approvals), ["Ben"]);
        assert_eq!(names(&standing.against), ["Dan"]);
        assert_eq!(names(&standing.void), ["Cleo"]);
        assert_eq!(names(&standing.own), ["Ana"]);
        assert_eq!(names(&review.standing("new", &BTreeSet::new()).approvals), ["Ben", "Ana"]);
        assert_eq!(review.standing("other", &authors).void.len(), 4);
    }

    #[test]
    fn a_decision_taken_back_does_not_count() {
        let review =
            Review::of(vec![decide(1, "Ben", Decision::Approve, "x"), decide(2, "Ben", Decision::RequestChanges, "x")]);
        assert!(review.standing("x", &BTreeSet::new()).approvals.is_empty());
    }
}
