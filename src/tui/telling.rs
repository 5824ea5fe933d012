//! What became of a line or a section through all versions, as the box shows it.

use std::ops::Range;

use crate::diff::{Part, Place, Told, story};
use crate::library::{Chapter, Chronicle, Which};
use crate::prompt::{SectionId, wrap};

/// The box.
#[derive(Debug, Default)]
pub struct StoryBox {
    /// What is told.
    pub title: String,
    /// Which question it is the answer to.
    pub asked: u64,
    /// The lines; `None` until they came.
    pub lines: Option<Vec<StoryLine>>,
    /// The first shown one.
    pub top: usize,
}

impl StoryBox {
    /// The rows of the screen that all lines take, so many columns wide.
    pub fn rows(&self, width: u16) -> u16 {
        let rows = self.lines.iter().flatten().map(|line| line.rows(width).len()).sum::<usize>();
        u16::try_from(rows).unwrap_or(u16::MAX)
    }
}

impl StoryLine {
    /// Columns before its text.
    pub fn indent(&self) -> u16 {
        match self {
            Self::Version(_) | Self::Empty => 0,
            Self::Words(_) => 2,
            Self::Line { lead, .. } => 2 + u16::try_from(lead.chars().count()).unwrap_or(0),
        }
    }

    /// Its text, without what stands before and behind it.
    pub fn text(&self) -> &str {
        match self {
            Self::Version(text) | Self::Words(text) | Self::Line { text, .. } => text,
            Self::Empty => "",
        }
    }

    /// The rows it takes, in bytes of its text.
    pub fn rows(&self, width: u16) -> Vec<Range<usize>> {
        wrap::rows(self.text(), usize::from(width.saturating_sub(self.indent()).max(1)))
    }
}

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoryLine {
    /// A version, its day, who wrote it.
    Version(String),
    /// What its changelog says.
    Words(String),
    /// A line of the text.
    Line {
        /// Sign, number.
        lead: String,
        /// Whether it is what the line was.
        was: bool,
        /// The text.
        text: String,
        /// The words that changed, in bytes of the text.
        marks: Vec<Range<usize>>,
        /// What is said behind it.
        note: String,
    },
    /// Nothing.
    Empty,
}

/// The most lines of one version.
const MOST: usize = 40;

/// Everything that is known of the line with these words, or of the section. `draft` is the draft as it is typed.
pub fn lines(mut chronicle: Chronicle, draft: &str, words: Option<&str>, section: Option<SectionId>) -> Vec<StoryLine> {
    match chronicle.chapters.iter_mut().find(|chapter| chapter.which == Which::Draft) {
        Some(chapter) => draft.clone_into(&mut chapter.text),
        None => chronicle.chapters.push(Chapter {
            which: Which::Draft,
            date: None,
            by: None,
            what: None,
            why: None,
            text: draft.to_owned(),
        }),
    }
    let texts: Vec<&str> = chronicle.chapters.iter().map(|chapter| &*chapter.text).collect();
    let part = words.map_or(Part::Section(section), |words| Part::Line(words, Place::Anywhere));
    let mut all = Vec::new();
    for episode in story(&texts, part) {
        let chapter = &chronicle.chapters[episode.state];
        if !all.is_empty() {
            all.push(StoryLine::Empty);
        }
        let date = chapter.date.map_or_else(String::new, |date| format!("  {date}"));
        let by = chapter.by.as_ref().map_or_else(String::new, |by| format!("  {by}"));
        all.push(StoryLine::Version(format!("{}{date}{by}", chapter.which)));
        for (word, said) in [("", &chapter.what), ("why: ", &chapter.why)] {
            let lines = said.iter().flat_map(|said| said.lines()).filter(|line| !line.trim().is_empty());
            all.extend(
                lines
                    .enumerate()
                    .map(|(at, line)| StoryLine::Words(format!("{}{line}", if at == 0 { word } else { "" }))),
            );
        }
        all.extend(episode.lines.iter().take(MOST).map(line));
        if episode.lines.len() > MOST {
            all.push(StoryLine::Words(format!("… {} lines more", episode.lines.len() - MOST)));
        }
    }
    if all.is_empty() {
        all.push(StoryLine::Words("No version and no draft has it.".to_owned()));
    }
    all.extend(chronicle.problems.into_iter().map(|problem| StoryLine::Words(format!("! {problem}"))));
    all
}

fn line(told: &Told) -> StoryLine {
    StoryLine::Line {
        lead: format!("{}{:>4} ", told.sign, told.number),
        was: told.which == crate::diff::Which::From,
        text: told.text.clone(),
        marks: told.emphasis.clone(),
        note: told.note.as_ref().map_or_else(String::new, |note| format!("  ({note})")),
    }
}
