//! What became of a line or a section through all versions, as the box shows it.

use std::ops::Range;

use crate::diff::{Part, Place, Told, holding, story};
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
        /// So many bytes at the end of the text are not of the line, but said about it.
        note: usize,
    },
    /// Nothing.
    Empty,
}

/// The most lines of one version.
const MOST: usize = 40;

/// Everything that is known of the line with these words, or of the section. `draft` is the draft as it is typed.
pub fn lines(mut chronicle: Chronicle, draft: &str, words: Option<&str>, section: Option<SectionId>) -> Vec<StoryLine> {
    with_draft(&mut chronicle, draft);
    let texts: Vec<&str> = chronicle.chapters.iter().map(|chapter| &*chapter.text).collect();
    let part = words.map_or(Part::Section(section), |words| Part::Line(words, Place::Anywhere));
    let mut all = Vec::new();
    for episode in story(&texts, part) {
        let chapter = &chronicle.chapters[episode.state];
        if !all.is_empty() {
            all.push(StoryLine::Empty);
        }
        all.push(heading(chapter));
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

/// The lines of every version and of the draft that hold a phrase, the newest first. `draft` is the draft as it is typed.
pub fn holding_phrase(mut chronicle: Chronicle, draft: &str, phrase: &str) -> Vec<StoryLine> {
    with_draft(&mut chronicle, draft);
    let mut all = Vec::new();
    let mut states = 0;
    for chapter in chronicle.chapters.iter().rev() {
        let numbers = holding(&chapter.text, phrase);
        if numbers.is_empty() {
            continue;
        }
        states += 1;
        all.extend([StoryLine::Empty, heading(chapter)]);
        let text: Vec<&str> = chapter.text.split('\n').collect();
        all.extend(numbers.iter().take(MOST).map(|number| {
            let line = text.get(number - 1).copied().unwrap_or_default().trim_end_matches('\r');
            StoryLine::Line {
                lead: format!("{number:>5} "),
                was: false,
                text: line.to_owned(),
                marks: places(line, phrase),
                note: 0,
            }
        }));
        if numbers.len() > MOST {
            all.push(StoryLine::Words(format!("… {} lines more", numbers.len() - MOST)));
        }
    }
    let count = chronicle.chapters.len();
    let told = match states {
        0 => "No version and no draft holds it.".to_owned(),
        _ => format!("{states} of {count} versions and draft hold it."),
    };
    all.insert(0, StoryLine::Words(told));
    all.extend(chronicle.problems.into_iter().map(|problem| StoryLine::Words(format!("! {problem}"))));
    all
}

/// Where a phrase stands in a line. Where lower case has another length, nothing is marked rather than the wrong letters.
fn places(line: &str, phrase: &str) -> Vec<Range<usize>> {
    let (small, phrase) = (line.to_lowercase(), phrase.to_lowercase());
    let found = small.match_indices(&phrase).map(|(at, found)| at..at + found.len());
    if small.len() == line.len() {
        found.filter(|range| line.get(range.clone()).is_some()).collect()
    } else {
        Vec::new()
    }
}

/// The draft as it is typed, in the place of what stands on disk.
fn with_draft(chronicle: &mut Chronicle, draft: &str) {
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
}

fn heading(chapter: &Chapter) -> StoryLine {
    let date = chapter.date.map_or_else(String::new, |date| format!("  {date}"));
    let by = chapter.by.as_ref().map_or_else(String::new, |by| format!("  {by}"));
    StoryLine::Version(format!("{}{date}{by}", chapter.which))
}

fn line(told: &Told) -> StoryLine {
    let note = told.note.as_ref().map_or_else(String::new, |note| format!("  ({note})"));
    StoryLine::Line {
        lead: format!("{}{:>4} ", told.sign, told.number),
        was: told.which == crate::diff::Which::From,
        text: format!("{}{note}", told.text),
        marks: told.emphasis.clone(),
        note: note.len(),
    }
}
