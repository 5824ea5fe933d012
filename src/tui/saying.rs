//! What somebody is about to say in a review: the box it is written in, and what it is about.
//!
//! What it is about is held from the moment the box opens, whatever comes from the disk meanwhile. Which words of the text
//! a comment keeps is worked out where it is written, not on the path of a key press.

use std::sync::Arc;

use crate::diff::Which as Half;
use crate::prompt::wrap;
use crate::review::{Anchor, Decision, Reading, Said};
use crate::tui::compare::Compared;
use crate::tui::diffing::Chosen;
use crate::tui::draft::{DraftText, section_of};
use crate::tui::reviewing::Board;
use crate::tui::writing::Writing;

/// The box.
#[derive(Debug)]
pub struct SayBox {
    /// What is said.
    pub saying: Saying,
    /// In whose review.
    pub which: Chosen,
    /// What it is about.
    pub about: About,
    /// The same in words, for the title.
    pub words: String,
    /// The words it is about.
    pub quote: Vec<String>,
    /// What is written.
    pub writing: Writing,
}

/// What can be written in the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// A comment.
    Comment,
    /// Other words for some lines.
    Suggestion,
    /// An answer to a comment.
    Reply,
    /// A word to an approval.
    Approval,
    /// What has to change.
    Changes,
}

/// What something is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// This, which was known before.
    Anchor(Anchor),
    /// Lines of a text, from 1, the last one included.
    Lines(Source, usize, usize),
    /// A thread, by its name.
    Thread(String),
    /// Everything that has this digest.
    Bytes(String),
}

/// A text whose lines something is about.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A pane of the draft: its lines are counted in the pane.
    Draft(DraftText, usize),
    /// A side of a comparison.
    Side(Arc<Compared>, Half),
    /// What is reviewed.
    Board(Arc<Board>),
}

/// What goes to the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Unsaid {
    /// This.
    Said(Said),
    /// A comment on lines whose words are still to be taken from the text.
    OnLines {
        /// The text.
        source: Source,
        /// The first line, from 1.
        first: usize,
        /// The last one.
        last: usize,
        /// The words.
        text: String,
        /// What is to stand there instead.
        replacement: Option<String>,
    },
}

impl Unsaid {
    /// What is written; `None` where the text has no such lines. Takes time in proportion to the text.
    pub fn said(self) -> Option<Said> {
        match self {
            Self::Said(said) => Some(said),
            Self::OnLines { source, first, last, text, replacement } => {
                Some(Said::Comment { anchor: source.anchor(first, last)?, text, replacement })
            }
        }
    }
}

impl Source {
    fn anchor(&self, first: usize, last: usize) -> Option<Anchor> {
        match self {
            Self::Draft(text, pane) => {
                let document = text.to_document();
                let above = document.body_line(section_of(*pane))? - 1;
                Reading::of(&document.to_text()).anchor(above + first, above + last)
            }
            Self::Side(compared, half) => {
                let text = if *half == Half::From { &compared.from } else { &compared.to };
                Reading::of(text).anchor(first, last)
            }
            Self::Board(board) => Reading::of(&board.text).anchor(first, last),
        }
    }
}

impl SayBox {
    /// What goes to the file when this is written; what belongs to a thread has its name beside it. `None` for nothing.
    pub fn unsaid(&self) -> Option<(Unsaid, Option<String>)> {
        let written = self.writing.buffer.text();
        let text = written.trim().to_owned();
        if text.is_empty() && matches!(self.saying, Saying::Comment | Saying::Reply | Saying::Changes) {
            return None;
        }
        let (text, replacement) = match self.saying {
            // the last line keeps the ending it has in the text
            Saying::Suggestion => (String::new(), Some(written.trim_end_matches(['\n', '\r']).to_owned())),
            _ => (text, None),
        };
        let said = |said| (Unsaid::Said(said), None);
        Some(match (&self.about, self.saying) {
            (About::Thread(id), _) => (Unsaid::Said(Said::Reply(text)), Some(id.clone())),
            (About::Bytes(sha256), saying) => {
                let decision = if saying == Saying::Approval { Decision::Approve } else { Decision::RequestChanges };
                said(Said::Decide { decision, sha256: sha256.clone(), text })
            }
            (About::Anchor(anchor), _) => said(Said::Comment { anchor: anchor.clone(), text, replacement }),
            (About::Lines(source, first, last), _) => {
                let (first, last) = (*first, *last);
                (Unsaid::OnLines { source: source.clone(), first, last, text, replacement }, None)
            }
        })
    }

    /// What to tell when it is written.
    pub fn done(&self) -> &'static str {
        match self.saying {
            Saying::Comment => "said",
            Saying::Suggestion => "suggested",
            Saying::Reply => "answered",
            Saying::Approval => "approved: exactly these bytes",
            Saying::Changes => "changes are requested",
        }
    }

    /// Whether it is about the same as another box of the same kind, so that words that were not said go on there.
    pub fn goes_on(&self, other: &Self) -> bool {
        let about = match (&self.about, &other.about) {
            (About::Lines(..), About::Lines(..)) => self.words == other.words && self.quote == other.quote,
            (one, other) => one == other,
        };
        about && self.saying == other.saying && self.which == other.which
    }

    /// The rows that the quote takes, so many columns wide, and what each says: no more than `most`.
    pub fn quoted(&self, width: usize, most: usize) -> Vec<String> {
        let mut rows = Vec::new();
        for line in &self.quote {
            let end = line.floor_char_boundary(width.saturating_mul(most).saturating_mul(8).max(64));
            let line = &line[..end];
            rows.extend(wrap::rows(line, width).into_iter().map(|range| line[range].to_owned()));
            if rows.len() > most {
                break;
            }
        }
        if rows.len() > most {
            rows.truncate(most.saturating_sub(1));
            rows.push("…".to_owned());
        }
        rows
    }
}
