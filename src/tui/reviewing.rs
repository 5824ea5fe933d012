//! The Review screen: what was said about a draft or version, beside its words, and what is missing on the way to
//! production.
//!
//! A board is made from the files, on a thread; the screen only walks through it.

use std::sync::Arc;

use regex::Regex;

use crate::prompt::wrap;
use crate::review::{Decided, Decision, Place, Reading, Review, Stage, Step, Thread};
use crate::tui::diffing::Chosen;
use crate::tui::theme::Role;
use crate::tui::threads::{LONGEST_NAME, name, words};

/// Columns before the text of a line: a mark, its number, a blank.
pub const GUTTER: u16 = 7;

/// The Review screen.
#[derive(Debug, Default)]
pub struct Reviewing {
    /// What is reviewed; `None` until the screen was come to.
    pub subject: Option<Chosen>,
    /// What came out.
    pub board: Option<Arc<Board>>,
    /// Why nothing came out.
    pub problem: Option<String>,
    /// The number of the look that was asked for last.
    pub generation: u64,
    /// Whether the board has to be made again.
    pub stale: bool,
    /// Only comments that are open are shown.
    pub only_open: bool,
    /// The rows that are shown.
    pub rows: Vec<BoardRow>,
    /// The selected one.
    pub selected: usize,
    /// The other end of the selected lines; `None` where one row is selected.
    pub other_end: Option<usize>,
    /// The first one in sight.
    pub top: usize,
    /// What is searched for in the text and in what was said.
    pub needle: Option<Regex>,
    /// The thread to go to as soon as it is there.
    pub wanted: Option<String>,
}

/// Everything that is known about the review of one state of a prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// The prompt's name.
    pub prompt: String,
    /// Which state of it.
    pub subject: Chosen,
    /// Its text as it is stored.
    pub text: String,
    /// The digest that a decision would cover.
    pub sha256: String,
    /// What was said.
    pub review: Review,
    /// Where each thread stands.
    pub places: Vec<Place>,
    /// The threads in the order of the lines they stand at; what is about the whole comes first.
    pub order: Vec<usize>,
    /// How many of them are open.
    pub open: usize,
    /// The steps of the way.
    pub steps: Vec<Step>,
    /// The decisions with what they come to.
    pub decisions: Vec<(Verdict, Decided)>,
    /// How many approvals are needed.
    pub required: usize,
    /// The one who sits here.
    pub me: String,
    /// Whether that is an author, whose approval does not count.
    pub mine: bool,
    /// What of the review cannot be read.
    pub problems: Vec<String>,
    starts: Vec<usize>,
}

/// What a decision comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    Counts,
    /// Authors do not approve their own work.
    Own,
    /// Something has changed since.
    Void,
}

/// A row of the middle pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardRow {
    /// A decision with its words, by its place in the board.
    Decision(usize),
    /// A line of the text, from 0.
    Line(usize),
    /// A comment with its answers, by its place in the review.
    Thread(usize),
}

/// What a board is made of.
#[derive(Debug)]
pub struct Material {
    /// The prompt's name.
    pub prompt: String,
    /// Which state of it.
    pub subject: Chosen,
    /// Its text as it is stored.
    pub text: String,
    /// The digest that a decision would cover.
    pub sha256: String,
    /// What was said.
    pub review: Review,
    /// The steps of the way.
    pub steps: Vec<Step>,
    /// How many approvals are needed, and whose do not count.
    pub asked: crate::library::Asked,
    /// The one who sits here.
    pub me: String,
    /// What of the review cannot be read.
    pub problems: Vec<String>,
}

impl Board {
    /// Whether who sits here has said already that these very bytes may be reviewed.
    pub fn is_handed_over(&self) -> bool {
        let here = |(stage, by, _, of): &(Stage, String, _, Option<String>)| {
            *stage == Stage::Draft && *by == self.me && of.as_ref() == Some(&self.sha256)
        };
        self.review.done.iter().any(here)
    }

    /// Finds the place of everything that was said.
    pub fn new(material: Material) -> Self {
        let Material { prompt, subject, text, sha256, review, steps, asked, me, problems } = material;
        let reading = Reading::of(&text);
        let places: Vec<Place> = review.threads.iter().map(|thread| reading.place(&thread.anchor)).collect();
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by_key(|index| places[*index].line());
        let standing = review.standing(&sha256, &asked.authors);
        let all = [
            (Verdict::Counts, &standing.approvals),
            (Verdict::Counts, &standing.against),
            (Verdict::Own, &standing.own),
            (Verdict::Void, &standing.void),
        ];
        let decisions = all
            .into_iter()
            .flat_map(|(verdict, decided)| decided.iter().map(move |decided| (verdict, (*decided).clone())))
            .collect();
        let starts = text.split_inclusive('\n').scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some(start)
        });
        let starts = starts.collect();
        let mine = asked.authors.contains(&me);
        Self {
            prompt,
            subject,
            sha256,
            order,
            open: review.open().count(),
            places,
            steps,
            decisions,
            required: asked.approvals,
            me,
            mine,
            problems,
            starts,
            review,
            text,
        }
    }

    /// How many lines the text has.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// A line of the text, from 0, without its ending.
    pub fn line(&self, index: usize) -> &str {
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// The rows: decisions and what is about the whole first, then the lines, each comment behind the last line it is about.
    pub fn rows(&self, only_open: bool) -> Vec<BoardRow> {
        let mut placed: Vec<(usize, usize)> = Vec::new();
        let mut rows = Vec::with_capacity(self.decisions.len() + self.lines() + self.places.len());
        rows.extend((0..self.decisions.len()).map(BoardRow::Decision));
        for (index, (thread, place)) in self.review.threads.iter().zip(&self.places).enumerate() {
            if only_open && thread.outcome.is_some() {
                continue;
            }
            match place {
                Place::Whole => rows.push(BoardRow::Thread(index)),
                Place::Lines { last, .. } => placed.push((*last, index)),
                Place::At(line) | Place::Outdated { near: line } => placed.push((*line, index)),
            }
        }
        placed.sort_unstable();
        let mut placed = placed.into_iter().peekable();
        for line in 0..self.lines() {
            rows.push(BoardRow::Line(line));
            while let Some((_, thread)) = placed.next_if(|(at, _)| *at <= line + 1) {
                rows.push(BoardRow::Thread(thread));
            }
        }
        rows.extend(placed.map(|(_, thread)| BoardRow::Thread(thread)));
        rows
    }

    /// What a row says in so many columns, at most `most` rows of the screen.
    pub fn words(&self, row: BoardRow, width: usize, most: usize) -> Vec<(Role, String)> {
        match row {
            BoardRow::Line(line) => {
                let text = self.line(line);
                let end = text.floor_char_boundary(width.saturating_mul(most).saturating_mul(4).max(1));
                let rows = wrap::rows(&text[..end], width.saturating_sub(usize::from(GUTTER)).max(1));
                rows.into_iter().take(most).map(|range| (Role::Text, text[range].to_owned())).collect()
            }
            BoardRow::Decision(index) => self.decision_words(index, width, most),
            BoardRow::Thread(index) => {
                let width = width.saturating_sub(usize::from(GUTTER) + 2).max(1);
                words(&self.review.threads[index], &self.places[index], width, most)
            }
        }
    }

    fn decision_words(&self, index: usize, width: usize, most: usize) -> Vec<(Role, String)> {
        let (verdict, decided) = &self.decisions[index];
        let width = width.saturating_sub(usize::from(GUTTER) + 2).max(1);
        let (role, state) = match (verdict, decided.decision) {
            (Verdict::Counts, Decision::Approve) => (Role::Ok, "approves exactly these bytes"),
            (Verdict::Counts, Decision::RequestChanges) => (Role::Error, "wants changes"),
            (Verdict::Own, _) => (Role::Dim, "approves as an author: does not count"),
            (Verdict::Void, Decision::Approve) => (Role::Warning, "approved other bytes: void, something has changed"),
            (Verdict::Void, Decision::RequestChanges) => {
                (Role::Warning, "wanted changes of other bytes: something has changed")
            }
        };
        let head = format!("{}, {}, {state}", name(&decided.by, LONGEST_NAME), decided.at.strftime("%Y-%m-%d"));
        let mut words: Vec<(Role, String)> =
            wrap::rows(&head, width).into_iter().map(|range| (role, head[range].to_owned())).collect();
        for line in decided.text.lines().take(most) {
            let line = &line[..line.floor_char_boundary(width.saturating_mul(most).saturating_mul(8).max(64))];
            words.extend(wrap::rows(line, width).into_iter().map(|range| (Role::Text, line[range].to_owned())));
        }
        words.truncate(most);
        words
    }

    /// Whether a row has the words that are searched for, in whole.
    pub fn holds(&self, row: BoardRow, needle: &Regex) -> bool {
        match row {
            BoardRow::Line(line) => needle.is_match(self.line(line)),
            BoardRow::Decision(index) => {
                let decided = &self.decisions[index].1;
                needle.is_match(&decided.by) || needle.is_match(&decided.text)
            }
            BoardRow::Thread(index) => {
                let thread = &self.review.threads[index];
                let said = [&thread.by, &thread.text].into_iter().chain(&thread.replacement);
                let answers = thread.replies.iter().flat_map(|reply| [&reply.by, &reply.text]);
                said.chain(answers).any(|text| needle.is_match(text))
            }
        }
    }

    /// The decisions in words, one a row.
    pub fn decided(&self) -> Vec<(Role, String)> {
        let words = |(verdict, decided): &(Verdict, Decided)| {
            let by = name(&decided.by, LONGEST_NAME);
            match (verdict, decided.decision) {
                (Verdict::Counts, Decision::Approve) => (Role::Ok, format!("approved by {by}")),
                (Verdict::Counts, Decision::RequestChanges) => (Role::Error, format!("{by} wants changes")),
                (Verdict::Own, _) => (Role::Dim, format!("{by} is an author: does not count")),
                (Verdict::Void, _) => (Role::Warning, format!("{by}: void, something changed")),
            }
        };
        self.decisions.iter().map(words).collect()
    }

    /// The thread of a row, if it is one.
    pub fn thread(&self, row: BoardRow) -> Option<&Thread> {
        match row {
            BoardRow::Thread(index) => self.review.threads.get(index),
            BoardRow::Line(_) | BoardRow::Decision(_) => None,
        }
    }
}

impl Reviewing {
    /// The selected row.
    pub fn row(&self) -> Option<BoardRow> {
        self.rows.get(self.selected).copied()
    }

    /// Takes a new board; the selection stays at its line or comment.
    pub fn take(&mut self, board: Arc<Board>) {
        let was = self.row();
        self.rows = board.rows(self.only_open);
        self.selected = was
            .and_then(|was| self.rows.iter().position(|row| *row == was))
            .unwrap_or(self.selected)
            .min(self.rows.len().saturating_sub(1));
        self.board = Some(board);
        self.problem = None;
        self.other_end = None;
        if let Some(id) = self.wanted.take() {
            self.go_to(&id);
        }
    }

    /// Selects a thread by its name, now or as soon as it is there.
    pub fn go_to(&mut self, id: &str) {
        let wanted = |board: &Arc<Board>, row: &BoardRow| board.thread(*row).is_some_and(|thread| thread.id == id);
        let board = self.board.clone();
        let found = board.and_then(|board| self.rows.iter().position(|row| wanted(&board, row)));
        match found {
            Some(row) => (self.selected, self.other_end, self.wanted) = (row, None, None),
            None => self.wanted = Some(id.to_owned()),
        }
    }

    /// The line that the selected row is, or stands at, from 1; and the name of the thread if it is one.
    pub fn line(&self) -> Option<(usize, Option<&str>)> {
        let board = self.board.as_ref()?;
        Some(match self.row()? {
            BoardRow::Line(line) => (line + 1, None),
            BoardRow::Decision(_) => (1, None),
            BoardRow::Thread(index) => {
                let thread = board.review.threads.get(index)?;
                (board.places.get(index)?.line().unwrap_or(1), Some(&thread.id))
            }
        })
    }

    /// The selected lines, from 0, the last one included; `None` where a comment is selected.
    pub fn lines(&self) -> Option<(usize, usize)> {
        let BoardRow::Line(here) = self.row()? else { return None };
        let (from, to) = match self.other_end {
            Some(other) if other < self.selected => (other, self.selected),
            Some(other) => (self.selected, other),
            None => return Some((here, here)),
        };
        let lines = self.rows.get(from..=to)?.iter().filter_map(|row| match row {
            BoardRow::Line(line) => Some(*line),
            BoardRow::Thread(_) | BoardRow::Decision(_) => None,
        });
        Some((lines.clone().min()?, lines.max()?))
    }

    /// Whether a row is selected, alone or among others.
    pub fn is_selected(&self, row: usize) -> bool {
        let other = self.other_end.unwrap_or(self.selected);
        (self.selected.min(other)..=self.selected.max(other)).contains(&row)
    }

    /// The next open comment after the selected row, or the one before it.
    pub fn open_comment(&self, forward: bool) -> Option<usize> {
        let board = self.board.as_ref()?;
        let open = |index: &usize| board.thread(self.rows[*index]).is_some_and(|thread| thread.outcome.is_none());
        if forward {
            (self.selected + 1..self.rows.len()).find(open)
        } else {
            (0..self.selected.min(self.rows.len())).rev().find(open)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::review::{Anchor, Entry, Said};

    use BoardRow::{Line, Thread};

    fn board(said: Vec<(&str, Anchor)>) -> Board {
        let entries = said.into_iter().enumerate().map(|(index, (id, anchor))| Entry {
            at: Timestamp::from_second(1 + i64::try_from(index).unwrap()).unwrap(),
            git: None,
            by: "Ben\u{1b}".into(),
            id: id.into(),
            said: Said::Comment { anchor, text: "why?".into(), replacement: None },
        });
        Board::new(Material {
            prompt: "a".into(),
            subject: Chosen::Draft,
            text: TEXT.into(),
            sha256: "ab".into(),
            review: Review::of(entries.collect()),
            steps: Vec::new(),
            asked: crate::library::Asked {
                approvals: 1,
                authors: ["Ana".to_owned()].into(),
                people: std::collections::BTreeMap::new(),
            },
            me: "Ana".into(),
            problems: Vec::new(),
        })
    }

    const TEXT: &str = "# Role\nYou help.\r\n\nlast";

    fn line(number: usize) -> Anchor {
        Reading::of(TEXT).anchor(number, number).unwrap()
    }

    #[test]
    fn a_comment_stands_behind_its_line_and_one_about_the_whole_comes_first() {
        let board = board(vec![("c1", line(4)), ("c2", Anchor::Whole), ("c3", line(2))]);
        let rows = board.rows(false);
        assert_eq!(rows, [Thread(1), Line(0), Line(1), Thread(2), Line(2), Line(3), Thread(0)]);
        assert_eq!(board.line(1), "You help.");
        assert!(board.mine);
    }

    #[test]
    fn what_was_decided_stands_above_the_text_with_its_words() {
        let mut board = board(Vec::new());
        let decided = Decided {
            at: Timestamp::from_second(1).unwrap(),
            by: "Ben\u{1b}".into(),
            decision: Decision::RequestChanges,
            sha256: "ab".into(),
            text: "see line 2\nand line 3".into(),
        };
        board.decisions = vec![(Verdict::Counts, decided)];
        let first = board.rows(false)[0];
        let words: Vec<_> = board.words(first, 90, 9).into_iter().map(|(_, words)| words).collect();
        assert_eq!(words, ["Ben␛, 1970-01-01, wants changes", "see line 2", "and line 3"]);
        assert_eq!(board.thread(first), None);
    }

    #[test]
    fn what_is_gone_is_shown_with_the_words_it_was_about() {
        let gone = Anchor::Lines(crate::review::Lines { line: 9, quote: vec!["old".into()], ..Default::default() });
        let board = board(vec![("c1", gone)]);
        let words: Vec<_> = board.words(BoardRow::Thread(0), 90, 9).into_iter().map(|(_, words)| words).collect();
        assert_eq!(words.len(), 3);
        assert!(words[0].contains("outdated") && !words[0].contains('\u{1b}'), "{words:?}");
        assert_eq!(&words[1..], ["> old", "why?"]);
    }

    #[test]
    fn a_line_of_any_length_takes_at_most_the_rows_there_are() {
        let mut board = board(Vec::new());
        board.text = "word ".repeat(200_000);
        board.starts = vec![0];
        assert_eq!(board.words(BoardRow::Line(0), 60, 10).len(), 10);
    }

    #[test]
    fn the_selection_stays_at_its_comment_when_the_review_grows() {
        let mut reviewing = Reviewing::default();
        reviewing.take(Arc::new(board(vec![("c1", line(4))])));
        reviewing.selected = 4;
        assert_eq!(reviewing.row(), Some(BoardRow::Thread(0)));
        reviewing.take(Arc::new(board(vec![("c1", line(4)), ("c2", line(1))])));
        assert_eq!(reviewing.row(), Some(BoardRow::Thread(0)));
        assert_eq!(reviewing.open_comment(false), Some(1));
        assert_eq!(reviewing.open_comment(true), None);
    }
}
