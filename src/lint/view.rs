//! One look at a text, shared by all rules: its lines with their sections, its sentences and words, its placeholders, the
//! phrases that rules look for, and the characters that nobody types.

mod bytes;
mod eight;
mod line;
mod sentences;
mod spelled;

use std::ops::Range;

pub use line::tag_name;
use line::{Example, kind_of, lead};
use sentences::Reading;

use super::rule::Rule;
use super::rules;
use crate::prompt::heading::{BOM, Fence, Heading, heading, outline, tag};
use crate::prompt::lines::{lines, without_ending};
use crate::prompt::template::{Token, tokens};
use crate::prompt::{SectionId, Style};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing but blanks.
    Blank,
    /// A heading: of a section, or of anything else.
    Heading,
    /// A line that opens or closes a code fence.
    Fence,
    /// A line within a code fence.
    Code,
    /// A line that is one tag.
    Tag,
    /// Anything else.
    Text,
}

/// One line of a text.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last one, without its ending.
    pub end: usize,
    /// The section it stands in, its heading included.
    pub section: Option<SectionId>,
    /// What it is.
    pub kind: Kind,
    /// Where its words begin, behind a bullet or a quote mark.
    pub content: usize,
    /// Whether it begins with a bullet or a number.
    pub item: bool,
    /// Whether it is quoted with `>`.
    pub quote: bool,
    /// Whether it belongs to an example.
    pub example: bool,
}

/// One word.
#[derive(Debug, Clone)]
pub struct Word {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last one.
    pub end: usize,
    /// Its number: see [`super::words::word`].
    pub hash: u64,
    /// Its classes of [`super::words`], one bit each.
    classes: u16,
    /// The first phrase that begins with it: see [`super::words::phrase`].
    phrase: u16,
    /// Whether all of its letters are capital, and it has at least two.
    pub capitals: bool,
    /// Whether all of it is ASCII.
    pub ascii: bool,
    /// Whether it stands in quotation marks or in backticks, as words that are meant literally.
    pub literal: bool,
}

impl Word {
    /// Whether it is of one of these classes of [`super::words`].
    pub fn is(&self, classes: u16) -> bool {
        self.classes & classes != 0
    }
}

/// A run of words up to a full stop, the end of a list item or of a paragraph.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Its words, as indices into [`View::words`].
    pub words: Range<usize>,
    /// The classes of all of its words.
    classes: u16,
    /// The line of its first word, as an index into [`View::lines`].
    pub line: usize,
    /// Its section.
    pub section: Option<SectionId>,
    /// The list item or paragraph it stands in; equal for sentences of the same one.
    pub block: usize,
    /// Whether it instructs: no heading, no example, no quotation.
    pub prose: bool,
}

impl Sentence {
    /// Whether one of its words is of one of these classes of [`super::words`].
    pub fn has(&self, classes: u16) -> bool {
        self.classes & classes != 0
    }
}

/// A phrase of a rule, where it was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Which of the rule's phrases.
    pub phrase: usize,
    /// Its words, as indices into [`View::words`].
    pub words: Range<usize>,
    /// Its sentence, as an index into [`View::sentences`].
    pub sentence: usize,
}

/// A placeholder: with its braces, and its name alone.
pub type Placeholder = (Range<usize>, Range<usize>);

/// A text as rules see it.
#[derive(Debug)]
pub struct View<'a> {
    /// The text.
    pub text: &'a str,
    /// How it marks its sections.
    pub style: Style,
    /// The headings of its sections, in the order of the text.
    pub headings: Vec<Heading>,
    /// Further headings of sections that have one already; they are text. Lines, as indices into [`View::lines`].
    pub repeated: Vec<(usize, SectionId)>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// The words of its text and headings; code has none.
    pub words: Vec<Word>,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
    /// Its placeholders.
    pub placeholders: Vec<Placeholder>,
    /// Two opening braces that are neither a placeholder nor escaped: the first byte of each run.
    pub lone: Vec<usize>,
    /// Control characters, invisible ones, those that change the direction, and those of hidden text.
    pub odd: Vec<(usize, char)>,
    /// Runs of at least seven digits that no letter touches, with blanks, hyphens, dots and parentheses between them.
    pub numbers: Vec<Range<usize>>,
    /// The line of a fence that nothing closes.
    pub open_fence: Option<usize>,
    hits: Vec<Vec<Hit>>,
}

impl<'a> View<'a> {
    /// The view of `text`.
    pub fn of(text: &'a str) -> Self {
        let outline = outline(text);
        let (odd, numbers) = bytes::odd_and_numbers(text);
        let mut view = Self {
            text,
            style: outline.style,
            headings: outline.headings,
            repeated: Vec::new(),
            lines: Vec::new(),
            words: Vec::new(),
            sentences: Vec::new(),
            placeholders: Vec::new(),
            lone: Vec::new(),
            odd,
            numbers,
            open_fence: None,
            hits: Vec::new(),
        };
        view.read_lines();
        view.read_placeholders();
        let said = Reading::of(text, &view.lines, rules::ALL.len());
        (view.words, view.sentences, view.hits) = (said.words, said.sentences, said.hits);
        view
    }

    /// The line that a byte stands in, as an index into [`View::lines`].
    pub fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    /// Odd characters that `of` takes and that stand side by side, run by run. A run begins where `begins` says so.
    pub fn odd_runs(
        &self,
        begins: impl Fn(usize, char) -> bool,
        of: impl Fn(char) -> bool,
    ) -> impl Iterator<Item = (Range<usize>, &[(usize, char)])> {
        let mut at = 0;
        std::iter::from_fn(move || {
            at += self.odd.get(at..)?.iter().position(|&(start, c)| of(c) && begins(start, c))?;
            let (start, first) = self.odd[at];
            let from = at;
            let mut end = start + first.len_utf8();
            at += 1;
            while let Some(&(next, c)) = self.odd.get(at)
                && next == end
                && of(c)
            {
                end += c.len_utf8();
                at += 1;
            }
            Some((start..end, &self.odd[from..at]))
        })
    }

    /// Where the phrases of `rule` are, in the order of the text.
    pub fn hits(&self, rule: &Rule) -> &[Hit] {
        rules::ALL.iter().position(|known| known.id == rule.id).map_or(&[], |at| &self.hits[at])
    }

    /// The bytes of these words.
    pub fn range(&self, words: &Range<usize>) -> Range<usize> {
        match (self.words.get(words.start), self.words[..words.end].last()) {
            (Some(first), Some(last)) if !words.is_empty() => first.start..last.end,
            _ => 0..0,
        }
    }

    /// The text of one word.
    pub fn spelled(&self, word: &Word) -> &'a str {
        &self.text[word.start..word.end]
    }

    /// The lines of a section without its heading.
    pub fn body(&self, section: SectionId) -> impl Iterator<Item = &Line> {
        let heading = self.heading(section).map_or(0..0, |heading| heading.start..heading.end);
        self.lines.iter().filter(move |line| line.section == Some(section) && !heading.contains(&line.start))
    }

    /// The heading of a section.
    pub fn heading(&self, section: SectionId) -> Option<&Heading> {
        self.headings.iter().find(|heading| heading.id == section)
    }

    /// The bytes of a section's heading without its ending.
    pub fn heading_range(&self, section: SectionId) -> Range<usize> {
        let Some(heading) = self.heading(section) else { return 0..0 };
        let line = &self.lines[self.line_at(heading.start)];
        heading.start..line.end
    }

    fn read_lines(&mut self) {
        let mut next = self.headings.iter().peekable();
        let mut section = None;
        let mut heading_end = 0;
        let mut fence: Option<Fence> = None;
        let mut example = Example::None;
        let mut ranges = lines(self.text).peekable();
        while let Some(range) = ranges.next() {
            let line = without_ending(&self.text[range.clone()]);
            let (start, end) = (range.start, range.start + line.len());
            let skip = if start == 0 && line.starts_with(BOM) { BOM.len() } else { 0 };
            let line = &line[skip..];
            if let Some(heading) = next.next_if(|heading| heading.start <= start + skip) {
                (section, heading_end) = (Some(heading.id), heading.end);
            }
            let trimmed = line.trim_matches([' ', '\t']);
            let kind = match fence {
                Some(open) if open.closes(line) => {
                    (fence, self.open_fence) = (None, None);
                    Kind::Fence
                }
                Some(_) => Kind::Code,
                None if trimmed.is_empty() => Kind::Blank,
                None if start + skip < heading_end => Kind::Heading,
                None => {
                    fence = Fence::opens(line);
                    if fence.is_some() {
                        self.open_fence = Some(self.lines.len());
                        Kind::Fence
                    } else {
                        let following = ranges.peek().map(|next| &self.text[next.clone()]);
                        if let Some((id, form)) = heading(line, following)
                            && form.style() == self.style
                            && self.headings.iter().any(|first| first.id == id && first.start < start)
                        {
                            self.repeated.push((self.lines.len(), id));
                        }
                        kind_of(trimmed)
                    }
                }
            };
            example = example.after(kind, trimmed);
            let (content, item, quote) =
                if kind == Kind::Text { lead(self.text, start + skip, end) } else { (start + skip, false, false) };
            let example = example != Example::None;
            self.lines.push(Line { start, end, section, kind, content, item, quote, example });
        }
    }

    fn read_placeholders(&mut self) {
        for token in tokens(self.text) {
            match token {
                Token::Placeholder { range, name } => self.placeholders.push((range, name)),
                Token::Escape(_) => {}
                Token::Literal(range) => {
                    let literal = &self.text.as_bytes()[range.clone()];
                    let mut free = 0;
                    for found in memchr::memmem::find_iter(literal, b"{{") {
                        if found >= free {
                            self.lone.push(range.start + found);
                            free = found + literal[found..].iter().take_while(|&&byte| byte == b'{').count();
                        }
                    }
                }
            }
        }
    }
}

/// Whether `line` is the closing tag of a section.
pub fn closes_section(line: &str) -> bool {
    tag(line).is_some_and(|tag| tag.closes)
}
